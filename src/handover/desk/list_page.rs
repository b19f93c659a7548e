//! What the two lists of transfers show: the platform's table, the agency's inbox.

use askama::Template;

use super::{
    filter::{Cursor, Filter, Sort},
    list::ListRow,
};
use crate::{
    directory::{
        agencies::{asked, search::Found as Agency},
        people::{Actor, Side},
        reference::{asked as asked_by, regions},
    },
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
            list_head::{Active, Column, Columns, Counts, ListHead, Saved, StateTab, state_tabs},
            selection::{self, PICK, Picked, Picking},
            view::{ActiveFilter, Chip, Link, MadeUp, Pager, SortHead},
        },
        keyset::Page,
        paths, time,
    },
};

/// The columns of the platform's table beside the number.
pub const COLUMNS: [Column; 9] = [
    Column::usual("lead", "transfer-col-lead"),
    Column::usual("agency", "agency"),
    Column::usual("state", "state"),
    Column::usual("sent", "transfer-col-sent"),
    Column::usual("due", "transfer-col-due"),
    Column::more("received", "transfer-col-received"),
    Column::more("accepted", "transfer-col-accepted"),
    Column::more("filed", "transfer-col-filed"),
    Column::more("region", "region"),
];

/// What a card of the inbox may say beside the number. Its own agency and lead numbers it knows nothing of.
const OF_CARD: [Column; 8] = [
    Column::usual("title", "title"),
    Column::usual("state", "state"),
    Column::usual("sent", "transfer-col-sent"),
    Column::usual("due", "transfer-col-due"),
    Column::more("reason", "transfer-col-reason"),
    Column::more("received", "transfer-col-received"),
    Column::more("accepted", "transfer-col-accepted"),
    Column::more("filed", "transfer-col-filed"),
];

/// A row ready to be shown.
pub struct Row {
    /// By which the row is ticked.
    pub pick: String,
    pub href: String,
    pub number: String,
    /// The number with its agency: it is that one's own, and others have the same.
    pub called: String,
    pub title: String,
    pub lead_number: String,
    pub lead_href: String,
    pub agency: String,
    pub state: Chip,
    /// Why it stands there, where a reason was given; else empty.
    pub reason: String,
    pub sent: String,
    /// For machines, as `due_iso`.
    pub sent_iso: String,
    pub received: String,
    pub accepted: String,
    pub filed: String,
    /// Where the agency is.
    pub region: String,
    pub due: Option<String>,
    /// Empty where nothing is due.
    pub due_iso: String,
    pub left: Chip,
    pub made_up: MadeUp,
}

/// See the top of the file; the inbox has no lead numbers and no agencies.
pub struct ListView {
    pub rows: Vec<Row>,
    pub picking: Picking,
    pub head: ListHead,
    pub tabs: Vec<StateTab>,
    pub form: FormView,
    pub active: Vec<ActiveFilter>,
    pub clear: String,
    /// Parameters that have no field of their own.
    pub kept: Vec<(String, String)>,
    pub pager: Pager,
    /// By the time of sending, both ways, and by what is due next.
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

fn row(c: &Chrome, found: &ListRow, reader: Side, at: Reading) -> Row {
    let t = &found.transfer;
    let (state, due) = (t.state(), t.due_for(reader));
    let shown = |instant: Option<Instant>| instant.map_or_else(String::new, |i| deadline::shown(i, at.zone));
    Row {
        pick: selection::word(t.id),
        href: paths::transfer(t.id),
        number: t.number.clone(),
        called: format!("{} · {}", t.number, c.language.pick(&found.agency_zh, &found.agency_en)),
        title: found.title.clone(),
        lead_number: found.lead_number.clone(),
        lead_href: paths::lead(t.lead_id),
        agency: c.language.pick(&found.agency_zh, &found.agency_en).to_owned(),
        state: Chip::new(c.t(state.key()), state.tone()),
        reason: found.reason_in(c.language),
        sent: deadline::shown(t.sent_at, at.zone),
        sent_iso: t.sent_at.to_string(),
        received: shown(t.received_at),
        accepted: shown(t.accepted_at),
        filed: shown(t.filed_at),
        region: regions().path(&found.region_code, time::day_of(at.now, at.zone), c.language),
        due: due.map(|due| deadline::shown(due, at.zone)),
        due_iso: due.map(|due| due.to_string()).unwrap_or_default(),
        left: due.map_or_else(Chip::default, |due| remaining(c, due, at.now)),
        made_up: MadeUp::of(t.synthetic, &found.public_source),
    }
}

/// The fields of the filter.
const FIELDS: [&str; 6] = ["q", "agency", "region", "from", "to", "overdue"];

/// The filters in force, each with the address without it. `agency`: the one that is asked for.
pub fn active(
    c: &Chrome,
    filter: &Filter,
    query: &Query,
    agency: Option<&Agency>,
    at: Reading,
) -> Vec<ActiveFilter> {
    let mut active = Active::of(query);
    if let Some(state) = filter.state {
        active.add("state", c.t("state"), c.t(state.key()));
    }
    if filter.agency.is_some() {
        active.add("agency", c.t("agency"), asked::word(agency, c.language));
    }
    if !filter.region.is_empty() {
        let today = time::day_of(at.now, at.zone);
        active.add("region", c.t("region"), asked_by::region_word(&filter.region, today, c.language));
    }
    if filter.overdue {
        active.add("overdue", c.t("due"), c.t("overdue"));
    }
    if let Some(waits) = filter.waits {
        active.add("waits", c.t("transfer-filter-waits"), c.t(waits.key()));
    }
    if let Some(counted) = &filter.counted {
        active.add(
            "counted",
            c.t("transfer-filter-counted"),
            format!("{} {}", c.t(format!("transfer-state-{}", counted.stage)), counted.year),
        );
        if counted.merged {
            active.add("merged", c.t("transfer-filter-merged"), c.t("yes"));
        }
        for part in &counted.parts {
            let name = part.parameter("lead_region");
            active.add(
                name,
                c.t(format!("transfer-part-{}", name.replace('_', "-"))),
                part.shown(counted.year, c.language),
            );
        }
    }
    if let Some(from) = filter.from {
        active.add("from", c.t("from"), time::table_day(from));
    }
    if let Some(to) = filter.to {
        active.add("to", c.t("to"), time::table_day(to));
    }
    if !filter.q.is_empty() {
        active.add("q", c.t("action-search"), filter.q.clone());
    }
    active.done()
}

/// What was read for a list; `rows` may hold one more than a page has, which shows that there is a next one.
#[derive(Default)]
pub struct Found {
    pub rows: Vec<ListRow>,
    pub counts: Option<Counts>,
    /// The one that is asked for.
    pub agency: Option<Agency>,
    pub saved: Saved,
}

/// What the list is sorted by, in words.
pub fn sorted_by(c: &Chrome, sort: Sort) -> String {
    match sort {
        Sort::Due => c.t("transfer-sort-due"),
        Sort::Newest => c.tv("list-falling", "by", c.t("transfer-col-sent")),
        Sort::Oldest => c.tv("list-rising", "by", c.t("transfer-col-sent")),
    }
}

/// Makes the list of at most `limit` rows.
pub fn view(c: &Chrome, me: &Actor, filter: &Filter, found: Found, limit: usize, at: Reading) -> ListView {
    let query = Query::new(&c.path).without("ok");
    let picked = Picked::of_list(&query);
    let query = picked.on(&query);
    let page = Page::of(found.rows, limit, &filter.edge);
    let pager = page.pager(&query, |row| Cursor::text(&row.transfer, filter.sort, me.side));
    let shown: Vec<Id> = page.rows.iter().map(|row| row.transfer.id).collect();
    let export = |format: &str| {
        let all = query.first_page().without(PICK).with("format", format).href();
        all.replacen(paths::TRANSFERS, "/transfers/export", 1)
    };
    let active = active(c, filter, &query, found.agency.as_ref(), at);
    let states = State::ALL.iter().map(|state| (state.as_str(), c.t(state.key())));
    let columns: &[Column] = if me.agency.is_some() { &OF_CARD } else { &COLUMNS };
    let orders = [("sent", Sort::Newest), ("oldest", Sort::Oldest), ("due", Sort::Due)];
    let sorts = orders.map(|(key, sort)| {
        let href = query.first_page().with("sort", sort.word()).href();
        Link::new(c.t(format!("transfer-sort-{key}")), href).current(filter.sort == sort)
    });
    let sorted = query.with("sort", filter.sort.word());
    let form = FormView::filter("transfer-filter-", query.pairs(), &filter.faults);
    let form = asked::in_words(form, found.agency.as_ref(), c.language);
    let today = time::day_of(at.now, at.zone);
    ListView {
        form: asked_by::in_words(form, &filter.region, "", today, c.language),
        is_understood: filter.faults.is_empty(),
        tabs: state_tabs(&query, "state", c.t("list-all"), states, (found.counts.as_ref(), "")),
        head: ListHead { saved: found.saved, columns: Columns::read(&query, columns) },
        clear: picked.on(&query.bare()).href(),
        kept: query.kept(&FIELDS),
        sent: SortHead::new(c.t("transfer-col-sent"), "sent", &sorted),
        filtered: !active.is_empty() || me.agency.is_none() && !filter.edge.is_start(),
        active,
        picking: Picking::new(&query, &picked, &shown, &pager),
        pager,
        sorts: sorts.into(),
        csv: export("csv"),
        xlsx: export("xlsx"),
        figure: String::new(),
        rows: page.rows.iter().map(|f| row(c, f, me.side, at)).collect(),
    }
}
