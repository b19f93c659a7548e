//! Sample data for the page of components: everything here is made up.

use super::{Drawing, Row};
use crate::platform::{
    chart::{self, Brief, Datum, Drawn},
    error::FieldError,
    http::{
        form_view::FormView,
        layout::Chrome,
        link::Query,
        view::{
            Chip, Choice, Event, Fact, Link, SortHead, Step,
            StepState::{self, Current, Done, Partly, Stopped, Todo},
            Tile, Tone,
        },
    },
    money::grouped,
};

pub(super) const SAMPLE_HASH: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const WAY: [&str; 8] = ["draft", "review", "approved", "sent", "received", "accepted", "filed", "outcome"];

pub(super) fn steps(c: &Chrome) -> Vec<Step> {
    let state = |i: usize| -> StepState {
        match i {
            0..=2 => Done,
            3 => Partly,
            4 => Current,
            _ => Todo,
        }
    };
    let dates = ["2016-04-28", "2016-05-01", "2016-05-03", "2016-05-04", "", "", "", ""];
    let step = |(i, name): (usize, &&str)| Step::new(c.t(format!("step-name-{name}")), dates[i], state(i));
    WAY.iter().enumerate().map(step).collect()
}

/// A way that ended before its end.
pub(super) fn stopped(c: &Chrome) -> Vec<Step> {
    let mut all = steps(c);
    all.truncate(5);
    if let Some(last) = all.last_mut() {
        *last = Step::new(c.t("transfer-state-not-accepted"), "2016-05-09", Stopped);
    }
    all
}

pub(super) fn tabs(c: &Chrome) -> Vec<Link> {
    vec![
        Link::new(c.t("components-facts"), "#").current(true),
        Link::new(c.t("nav-dossiers"), "#").count(2),
        Link::new(c.t("nav-transfers"), "#").count(3),
        Link::new(c.t("nav-outcomes"), "#"),
    ]
}

pub(super) fn tiles(c: &Chrome) -> Vec<Tile> {
    let tile = |label: &str, value: &str, prior: &str, change: &str| Tile {
        label: c.t(label),
        value: value.into(),
        prior: if prior.is_empty() { String::new() } else { format!("{} {prior}", c.t("prior-year")) },
        change: change.into(),
        href: Some("#".into()),
    };
    vec![
        tile("nav-leads", "1,184", "1,003", "+18.0%"),
        tile("step-name-accepted", "469", "377", "+24.4%"),
        tile("nav-cases", "206", "212", "−2.8%"),
        tile("amount", "14.37 亿", "", ""),
    ]
}

pub(super) fn facts(c: &Chrome) -> Vec<Fact> {
    vec![
        Fact::new(c.t("nav-charges"), "销售假冒注册商标的商品罪"),
        Fact::new(c.t("region"), "广东省 广州市 白云区"),
        Fact::new(c.t("agency"), "广州市公安局经济犯罪侦查支队（合成）").link("#"),
        Fact::new(c.t("created"), "2016-04-28 16:20"),
    ]
}

pub(super) fn chips(c: &Chrome) -> Vec<Chip> {
    vec![
        Chip::new(c.t("step-name-draft"), Tone::Neutral),
        Chip::new(c.t("step-name-review"), Tone::Info),
        Chip::new(c.t("step-name-filed"), Tone::Good),
        Chip::new(c.t("step-name-sent"), Tone::Info),
        Chip::new(c.t("due"), Tone::Warn),
        Chip::new(c.t("overdue"), Tone::Bad),
        Chip::new(c.t("nav-trash"), Tone::Muted),
    ]
}

pub(super) fn events(c: &Chrome) -> Vec<Event> {
    let event = |time: &str, title: &str, body: &str, tone: Tone| Event {
        time: time.into(),
        datetime: time.replace(' ', "T"),
        actor: c.t("person"),
        title: c.t(title),
        body: if body.is_empty() { String::new() } else { c.t(body) },
        tone,
        link: None,
    };
    let mut events = vec![
        event("2016-05-04 09:12", "step-name-received", "", Tone::Good),
        event("2016-05-04 08:30", "step-name-sent", "components-notice", Tone::Info),
        event("2016-05-03 17:05", "overdue", "components-hint", Tone::Bad),
        event("2016-05-02 10:41", "step-name-review", "components-hint", Tone::Warn),
        event("2016-04-28 16:20", "created", "", Tone::Neutral),
    ];
    events[1].link = Some(Link::new("YS-2016-0001", "#"));
    events
}

pub(super) fn form() -> FormView {
    FormView::new("")
        .typed([
            ("summary", "“XS”牌手表\n疑似假冒"),
            ("from", "2016-03-01"),
            ("to", "2016-02-01"),
            ("role", "b"),
        ])
        .typed([("brands", "a"), ("brands", "b")])
        .with_errors([
            FieldError::new("title", "error-required"),
            FieldError::new("to", "error-date-order"),
            FieldError::new("state", "error-choose"),
        ])
}

pub(super) fn choices(c: &Chrome) -> Vec<Choice> {
    vec![
        Choice::new("a", c.t("step-name-draft")),
        Choice::new("b", c.t("step-name-review")).hint(c.t("components-hint")),
        Choice::new("sent", c.t("step-name-sent")),
    ]
}

pub(super) fn heads(c: &Chrome, list: &Query) -> Vec<SortHead> {
    vec![
        SortHead::new(c.t("number"), "number", list),
        SortHead::new(c.t("title"), "title", list),
        SortHead::new(c.t("state"), "state", list),
        SortHead::new(c.t("agency"), "agency", list),
        SortHead::new(c.t("amount"), "value", list).figures(),
        SortHead::new(c.t("due"), "due", list).figures(),
    ]
}

pub(super) fn rows(c: &Chrome) -> Vec<Row> {
    let row = |number, title, state: &str, tone, agency, value, due| Row {
        number,
        title,
        chip: Chip::new(c.t(state), tone),
        agency,
        value,
        due,
    };
    vec![
        row(
            "XS-2016-000042",
            "某店铺销售假冒名牌手表案线索",
            "step-name-sent",
            Tone::Info,
            "广州经侦（合成）",
            "1,284,500.00",
            "2016-05-11",
        ),
        row(
            "XS-2016-000041",
            "涉嫌生产、销售伪劣化妆品，跨三省仓储，关联账号 14 个",
            "step-name-review",
            Tone::Info,
            "杭州市场监管（合成）",
            "至少 320,000.00",
            "2016-05-14",
        ),
        row(
            "XS-2016-000038",
            "假冒润滑油灌装窝点",
            "step-name-filed",
            Tone::Good,
            "佛山公安（合成）",
            "4,700,000.00",
            "2016-05-02",
        ),
        row(
            "XS-2016-000035",
            "进口奶粉标签造假",
            "overdue",
            Tone::Bad,
            "宁波海关（合成）",
            "88,000.00",
            "2016-04-30",
        ),
    ]
}

/// Charts as the annual report draws them, in both widths.
pub(super) fn charts(c: &Chrome) -> Vec<Drawing> {
    let brief = |key: &str, prior: Option<&str>| Brief {
        title: c.t(key),
        description: c.t("components-chart"),
        now: "2016".into(),
        prior: prior.map(str::to_owned),
        unpublished: c.t("report-not-published"),
        tick: chart::plain,
        width: chart::WIDTH,
    };
    let datum = |label: String, now: i64, prior: i64| Datum {
        label,
        value: Some(now),
        shown: grouped(now.unsigned_abs()),
        prior: Some(prior),
        prior_shown: grouped(prior.unsigned_abs()),
    };
    let months: Vec<Datum> = (1..=12)
        .map(|month: i64| datum(month.to_string(), 60 + month * 7 % 40, 50 + month * 5 % 30))
        .collect();
    let ranked: Vec<Datum> = [("广东省", 412, 377), ("浙江省", 268, 204), ("福建省", 97, 118)]
        .into_iter()
        .map(|(name, now, prior)| datum(name.into(), now, prior))
        .collect();
    let way: Vec<Datum> = WAY[3..]
        .iter()
        .zip([1184, 921, 469, 206, 118])
        .map(|(name, n)| datum(c.t(format!("step-name-{name}")), n, 0))
        .collect();
    let drawing = |id: &str, key: &str, drawn: Drawn| Drawing {
        title: c.t(key),
        wide: drawn.wide.svg(&format!("sample-{id}-wide")),
        narrow: drawn.narrow.svg(&format!("sample-{id}-narrow")),
    };
    vec![
        drawing(
            "months",
            "components-chart-months",
            chart::both(&brief("components-chart-months", Some("2015")), |b| chart::months(b, &months)),
        ),
        drawing(
            "rows",
            "components-chart-rows",
            chart::both(&brief("components-chart-rows", Some("2015")), |b| chart::rows(b, &ranked)),
        ),
        drawing(
            "funnel",
            "components-chart-funnel",
            chart::both(&brief("components-chart-funnel", None), |b| {
                chart::funnel(b, &way, |share| c.tv("chart-kept", "share", share))
            }),
        ),
    ]
}
