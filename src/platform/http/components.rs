//! The page that shows every shared component with sample data: for those who build pages, and for looking at.

use askama::Template;

use crate::platform::{
    error::FieldError,
    http::{
        form_view::FormView,
        layout::Chrome,
        link::Query,
        view::{
            ActiveFilter, Chip, Choice, Event, Fact, Link, Pager, SortHead, Step,
            StepState::{self, Current, Done, Todo},
            Tile, Tone, groups_of_four,
        },
    },
};

const SAMPLE_HASH: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const WAY: [&str; 8] = ["draft", "review", "approved", "sent", "received", "accepted", "filed", "outcome"];

/// All components on one page.
#[derive(Template)]
#[template(path = "admin/components.html")]
pub struct ComponentsPage {
    pub c: Chrome,
    trail: Vec<Link>,
    steps: Vec<Step>,
    tabs: Vec<Link>,
    tiles: Vec<Tile>,
    facts: Vec<Fact>,
    state: Chip,
    chips: Vec<Chip>,
    groups: Vec<&'static str>,
    whole: &'static str,
    events: Vec<Event>,
    active: Vec<ActiveFilter>,
    filter: FormView,
    form: FormView,
    choices: Vec<Choice>,
    heads: Vec<SortHead>,
    rows: Vec<Row>,
    pager: Pager,
}

struct Row {
    number: &'static str,
    title: &'static str,
    chip: Chip,
    agency: &'static str,
    value: &'static str,
    due: &'static str,
}

impl ComponentsPage {
    /// The page in the language of its frame.
    pub fn new(c: Chrome) -> Self {
        let list = Query::new("/admin/components?state=sent&sort=-value");
        Self {
            trail: vec![Link::new(c.t("nav-leads"), "/leads")],
            steps: steps(&c),
            tabs: tabs(&c),
            tiles: tiles(&c),
            facts: facts(&c),
            state: Chip::new(c.t("step-name-sent"), Tone::Info),
            chips: chips(&c),
            groups: groups_of_four(SAMPLE_HASH),
            whole: SAMPLE_HASH,
            events: events(&c),
            active: vec![ActiveFilter {
                name: c.t("state"),
                value: c.t("step-name-sent"),
                remove_href: list.without("state").href(),
            }],
            filter: FormView::new("").typed([("state", "sent")]),
            form: form(),
            choices: choices(&c),
            heads: heads(&c, &list),
            rows: rows(&c),
            pager: Pager { previous: Some("?before=a".into()), next: Some("?after=b".into()), shown: 4 },
            c,
        }
    }
}

fn steps(c: &Chrome) -> Vec<Step> {
    let state = |i: usize| -> StepState {
        match i {
            0..=3 => Done,
            4 => Current,
            _ => Todo,
        }
    };
    let dates = ["2016-04-28", "2016-05-01", "2016-05-03", "2016-05-04", "", "", "", ""];
    let step = |(i, name): (usize, &&str)| Step::new(c.t(format!("step-name-{name}")), dates[i], state(i));
    WAY.iter().enumerate().map(step).collect()
}

fn tabs(c: &Chrome) -> Vec<Link> {
    vec![
        Link::new(c.t("components-facts"), "#").current(true),
        Link::new(c.t("nav-dossiers"), "#").count(2),
        Link::new(c.t("nav-transfers"), "#").count(3),
        Link::new(c.t("nav-outcomes"), "#"),
    ]
}

fn tiles(c: &Chrome) -> Vec<Tile> {
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

fn facts(c: &Chrome) -> Vec<Fact> {
    vec![
        Fact::new(c.t("nav-charges"), "销售假冒注册商标的商品罪"),
        Fact::new(c.t("region"), "广东省 广州市 白云区"),
        Fact::new(c.t("agency"), "广州市公安局经济犯罪侦查支队（合成）").link("#"),
        Fact::new(c.t("created"), "2016-04-28 16:20"),
    ]
}

fn chips(c: &Chrome) -> Vec<Chip> {
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

fn events(c: &Chrome) -> Vec<Event> {
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

fn form() -> FormView {
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

fn choices(c: &Chrome) -> Vec<Choice> {
    vec![
        Choice::new("a", c.t("step-name-draft")),
        Choice::new("b", c.t("step-name-review")).hint(c.t("components-hint")),
        Choice::new("sent", c.t("step-name-sent")),
    ]
}

fn heads(c: &Chrome, list: &Query) -> Vec<SortHead> {
    vec![
        SortHead::new(c.t("number"), "number", list),
        SortHead::new(c.t("title"), "title", list),
        SortHead::new(c.t("state"), "state", list),
        SortHead::new(c.t("agency"), "agency", list),
        SortHead::new(c.t("amount"), "value", list).figures(),
        SortHead::new(c.t("due"), "due", list).figures(),
    ]
}

fn rows(c: &Chrome) -> Vec<Row> {
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

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;
    use crate::platform::{
        http::layout::{ErrorPage, Flash, NavGroup, NavItem, Who},
        i18n::Lang,
    };

    fn chrome(language: Lang) -> Chrome {
        let c = Chrome { language, ..Chrome::default() };
        let item = |key: &str, current, count| NavItem { href: "#".into(), label: c.t(key), current, count };
        let group = |key: &str, items| NavGroup {
            label: if key.is_empty() { String::new() } else { c.t(key) },
            items,
        };
        Chrome {
            title: c.t("nav-components"),
            path: "/admin/components".into(),
            nav_groups: vec![
                group("", vec![item("nav-home", false, Some(7))]),
                group(
                    "nav-group-platform",
                    vec![
                        item("nav-leads", true, None),
                        item("nav-dossiers", false, None),
                        item("nav-approvals", false, Some(3)),
                    ],
                ),
                group(
                    "nav-group-handover",
                    vec![item("nav-transfers", false, Some(12)), item("nav-cases", false, None)],
                ),
                group(
                    "nav-group-results",
                    vec![
                        item("nav-outcomes", false, None),
                        item("nav-operations", false, None),
                        item("nav-reports", false, None),
                    ],
                ),
                group(
                    "nav-group-directory",
                    vec![item("nav-agencies", false, None), item("nav-audit", false, None)],
                ),
            ],
            who: Some(Who { name: "林可（合成）".into(), role_label: c.t("role"), agency: None }),
            demo: true,
            flash: Some(Flash { kind: "ok", text: c.t("components-notice") }),
            search: Some("/leads".into()),
            css: "look.css",
            js: "look.js",
            icon: "look.svg",
            ..c
        }
    }

    /// Set `LOOK_PREVIEW` to a folder to get the pages as files for a browser.
    fn preview(name: &str, html: &str) {
        if let Some(folder) = std::env::var_os("LOOK_PREVIEW") {
            fs::write(Path::new(&folder).join(name), html).unwrap();
        }
    }

    #[test]
    fn every_component_renders_in_both_languages_without_missing_texts_or_inline_code() {
        for language in Lang::ALL {
            let html = ComponentsPage::new(chrome(language)).render().unwrap();
            preview(&format!("components-{language}.html"), &html);
            for gone in [
                " style=",
                "<style",
                "onclick=",
                "<script>",
                ">components-",
                ">nav-",
                ">step-",
                ">action-",
                ">error-",
            ] {
                assert!(!html.contains(gone), "{language}: {gone}");
            }
            assert!(html.contains("aria-describedby=\"f-to-error\"") && html.contains("href=\"#f-to\""));
        }
    }

    #[test]
    fn an_error_page_shows_its_reference_and_a_way_back() {
        let c = chrome(Lang::Zh);
        let page = ErrorPage {
            status: 500,
            heading: c.t("error-page-500"),
            text: c.t("error-page-500-text"),
            reference: Some("7K3Q".into()),
            back: vec![Link::new(c.t("action-home"), "/")],
            c,
        };
        let html = page.render().unwrap();
        preview("error.html", &html);
        assert!(html.contains("7K3Q") && html.contains("href=\"/\""));
    }
}
