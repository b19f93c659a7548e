//! What the two lists of transfers show: the platform's table, the agency's inbox.

use askama::Template;

use super::{
    filter::{Cursor, Filter, Sort},
    list::ListRow,
};
use crate::{
    directory::people::Actor,
    handover::{
        deadline::{self, remaining},
        transfer::model::State,
    },
    platform::{
        db::{Id, Instant},
        http::{
            form_view::FormView,
            layout::Chrome,
            link::Query,
            view::{ActiveFilter, Chip, Choice, Link, MadeUp, Pager, SortHead},
        },
        keyset::Page,
        paths,
    },
};

/// A row ready to be shown.
pub struct Row {
    pub href: String,
    pub number: String,
    pub title: String,
    pub lead_number: String,
    pub lead_href: String,
    pub agency: String,
    pub state: Chip,
    /// Why it stands there, where a reason was given; else empty.
    pub reason: String,
    pub sent: String,
    pub due: Option<String>,
    pub left: Chip,
    pub made_up: MadeUp,
}

/// See the top of the file; the inbox has no lead numbers and no agencies.
pub struct ListView {
    pub rows: Vec<Row>,
    pub form: FormView,
    pub states: Vec<Choice>,
    pub agencies: Vec<Choice>,
    pub active: Vec<ActiveFilter>,
    pub pager: Pager,
    /// By the time of sending, by what is due next.
    pub sorts: Vec<Link>,
    pub sent: SortHead,
    pub csv: String,
    pub xlsx: String,
    /// What the annual report says of the list, where it is that of a figure; else empty.
    pub figure: String,
    pub filtered: bool,
    /// Whether the filter was understood; if not, it says what was not, and nothing is shown as an answer.
    pub is_understood: bool,
}

#[derive(Template)]
#[template(path = "handover/transfers.html")]
pub struct TransfersPage {
    pub c: Chrome,
    pub v: ListView,
}

#[derive(Template)]
#[template(path = "handover/inbox.html")]
pub struct InboxPage {
    pub c: Chrome,
    pub v: ListView,
}

/// When and where a page is read.
#[derive(Clone, Copy)]
pub struct Reading {
    pub now: Instant,
    pub zone: chrono_tz::Tz,
}

fn row(c: &Chrome, found: &ListRow, at: Reading) -> Row {
    let t = &found.transfer;
    let state = t.state();
    Row {
        href: paths::transfer(t.id),
        number: t.number.clone(),
        title: found.title.clone(),
        lead_number: found.lead_number.clone(),
        lead_href: paths::lead(t.lead_id),
        agency: c.language.pick(&found.agency_zh, &found.agency_en).to_owned(),
        state: Chip::new(c.t(state.key()), state.tone()),
        reason: found.reason_in(c.language),
        sent: deadline::shown(t.sent_at, at.zone),
        due: t.next_due_at.map(|due| deadline::shown(due, at.zone)),
        left: t.next_due_at.map_or_else(Chip::default, |due| remaining(c, due, at.now)),
        made_up: MadeUp::of(t.synthetic, &found.public_source),
    }
}

/// The choice of a filter that narrows nothing.
pub fn any(c: &Chrome) -> impl Iterator<Item = Choice> {
    std::iter::once(Choice::new("", c.t("any")))
}

fn active(c: &Chrome, filter: &Filter, query: &Query, agencies: &[Choice]) -> Vec<ActiveFilter> {
    let mut active = Vec::new();
    let mut add = |name: &str, label: String, value: String| {
        let remove_href = query.first_page().without(name).href();
        active.push(ActiveFilter { name: label, value, remove_href });
    };
    if let Some(state) = filter.state {
        add("state", c.t("state"), c.t(state.key()));
    }
    if let Some(id) = filter.agency {
        let name = agencies.iter().find(|a| a.value == id.to_string()).map(|a| a.label.clone());
        add("agency", c.t("agency"), name.unwrap_or_default());
    }
    if !filter.region.is_empty() {
        add("region", c.t("region"), filter.region.clone());
    }
    if filter.overdue {
        add("overdue", c.t("due"), c.t("overdue"));
    }
    if let Some(waits) = filter.waits {
        add("waits", c.t("transfer-filter-waits"), c.t(waits.key()));
    }
    if let Some(counted) = &filter.counted {
        add(
            "counted",
            c.t("transfer-filter-counted"),
            format!("{} {}", c.t(format!("transfer-state-{}", counted.stage)), counted.year),
        );
        if counted.merged {
            add("merged", c.t("transfer-filter-merged"), c.t("yes"));
        }
        for part in &counted.parts {
            let name = part.parameter("lead_region");
            add(
                name,
                c.t(format!("transfer-part-{}", name.replace('_', "-"))),
                part.shown(counted.year, c.language),
            );
        }
    }
    if let Some(from) = filter.from {
        add("from", c.t("from"), from.to_string());
    }
    if let Some(to) = filter.to {
        add("to", c.t("to"), to.to_string());
    }
    if !filter.q.is_empty() {
        add("q", c.t("action-search"), filter.q.clone());
    }
    active
}

/// Makes the list; `found` may hold one row more than `limit`, which shows that there is a next page.
pub fn view(
    c: &Chrome,
    me: &Actor,
    filter: &Filter,
    found: Vec<ListRow>,
    limit: usize,
    agencies: Vec<(Id, String, String)>,
    at: Reading,
) -> ListView {
    let query = Query::new(&c.path);
    let agencies: Vec<Choice> =
        any(c).chain(agencies.iter().map(|(id, zh, en)| Choice::new(id, c.language.pick(zh, en)))).collect();
    let page = Page::of(found, limit, &filter.edge);
    let export = |format: &str| {
        let all = query.first_page().with("format", format).href();
        all.replacen(paths::TRANSFERS, "/transfers/export", 1)
    };
    let active = active(c, filter, &query, &agencies);
    let by_due = filter.sort == Sort::Due;
    let sorts = [("sent", Sort::Newest, !by_due), ("due", Sort::Due, by_due)].map(|(key, sort, current)| {
        let href = query.first_page().with("sort", sort.word()).href();
        Link::new(c.t(format!("transfer-sort-{key}")), href).current(current)
    });
    let sorted = query.with("sort", filter.sort.word());
    ListView {
        form: FormView::filter("transfer-filter-", query.pairs(), &filter.faults),
        is_understood: filter.faults.is_empty(),
        states: any(c).chain(State::ALL.iter().map(|s| Choice::new(s, c.t(s.key())))).collect(),
        sent: SortHead::new(c.t("transfer-col-sent"), "sent", &sorted),
        filtered: !active.is_empty() || me.agency.is_none() && !filter.edge.is_start(),
        agencies,
        active,
        pager: page.pager(&query, |row| Cursor::text(&row.transfer, filter.sort)),
        sorts: sorts.into(),
        csv: export("csv"),
        xlsx: export("xlsx"),
        figure: String::new(),
        rows: page.rows.iter().map(|f| row(c, f, at)).collect(),
    }
}
