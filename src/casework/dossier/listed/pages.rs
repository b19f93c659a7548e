//! What the list of dossiers shows.

use std::collections::HashMap;

use askama::Template;

use super::{
    super::{
        model::{Dossier, State},
        pages::agency_name,
    },
    model::{By, Filter, Sort},
};
use crate::platform::{
    db::{Id, Instant},
    file_size,
    http::{
        form_view::FormView,
        layout::Chrome,
        link::Query,
        list_head::{Active, Column, Counts, ListHead, StateTab, state_tabs},
        selection::{self, Picking},
        view::{ActiveFilter, Chip, Pager, SortHead},
    },
    i18n::{self, Lang},
    paths,
    time::{self, Tz},
};

/// The columns beside the dossier's own name.
pub const COLUMNS: [Column; 9] = [
    Column::usual("lead", "dossier-fact-lead"),
    Column::usual("agency", "dossier-fact-addressee"),
    Column::usual("version", "dossier-fact-version"),
    Column::usual("state", "state"),
    Column::usual("made", "dossier-col-made"),
    Column::more("frozen", "dossier-col-frozen"),
    Column::more("approved", "dossier-fact-approved"),
    Column::more("sealed", "dossier-fact-sealed"),
    Column::more("size", "dossier-col-size"),
];

/// The fields of the filter.
pub const FIELDS: [&str; 4] = ["q", "agency", "from", "to"];

/// One dossier.
pub struct Row {
    /// By which the row is ticked.
    pub pick: String,
    pub href: String,
    pub folder: String,
    pub lead_href: String,
    pub number: String,
    pub title: String,
    pub agency: String,
    pub version: i32,
    pub state: Chip,
    pub made: String,
    pub frozen: String,
    pub approved: String,
    pub sealed: String,
    pub size: String,
    pub synthetic: bool,
}

impl Row {
    /// `called`: numbers and titles of leads.
    pub fn new(one: &Dossier, called: &HashMap<Id, (String, String)>, lang: Lang, zone: Tz) -> Self {
        let (number, title) = called.get(&one.lead_id).cloned().unwrap_or_default();
        let day =
            |at: Option<Instant>| at.map_or_else(String::new, |at| time::table_day(time::day_of(at, zone)));
        Self {
            pick: selection::word(one.id),
            href: paths::dossier(one.id),
            folder: one.folder.clone(),
            lead_href: paths::lead(one.lead_id),
            number,
            title,
            agency: agency_name(one, lang),
            version: one.version,
            state: Chip::new(i18n::t(lang, &state_key(one.state())), one.state().tone()),
            made: day(Some(one.created_at)),
            frozen: day(one.frozen_at),
            approved: day(one.approved_at),
            sealed: day(one.sealed_at),
            size: one.packed.map_or_else(String::new, |(_, size)| file_size::short(size.unsigned_abs())),
            synthetic: one.synthetic,
        }
    }
}

fn state_key(state: State) -> String {
    format!("dossier-state-{}", state.as_str())
}

/// `/dossiers`
#[derive(Template)]
#[template(path = "casework/dossier/all.html")]
pub struct ListPage {
    pub c: Chrome,
    pub head: ListHead,
    pub tabs: Vec<StateTab>,
    pub filter: FormView,
    pub active: Vec<ActiveFilter>,
    pub clear: String,
    /// Parameters that have no field of their own.
    pub kept: Vec<(String, String)>,
    pub heads: Heads,
    pub rows: Vec<Row>,
    pub pager: Pager,
    pub picking: Picking,
    pub csv: String,
    pub xlsx: String,
    /// Whether the filter was understood; if not, it says what was not, and nothing is shown as an answer.
    pub is_understood: bool,
}

/// Heads of the columns that sort.
pub struct Heads {
    pub folder: SortHead,
    pub made: SortHead,
    pub sealed: SortHead,
}

impl Heads {
    pub fn new(list: &Query, sort: Sort, lang: Lang) -> Self {
        let head = |by: By| sort.head(list, by, lang);
        Self { folder: head(By::Folder), made: head(By::Made), sealed: head(By::Sealed) }
    }
}

/// A link a state, with how many there are.
pub fn tabs(c: &Chrome, query: &Query, counts: Option<&Counts>) -> Vec<StateTab> {
    let states = State::ALL.iter().map(|state| (state.as_str(), c.t(state_key(*state))));
    state_tabs(query, "state", c.t("list-all"), states, (counts, ""))
}

/// The filters in force, each with the address without it. `agency`: what the one is called that is asked for.
pub fn active(c: &Chrome, query: &Query, filter: &Filter, agency: &str) -> Vec<ActiveFilter> {
    let mut active = Active::of(query);
    if let Some(state) = filter.state {
        active.add("state", c.t("state"), c.t(state_key(state)));
    }
    if let Some((waits, _)) = filter.waits {
        active.add("waits", c.t("transfer-filter-waits"), c.t(waits.key()));
    }
    if !filter.q.is_empty() {
        active.add("q", c.t("action-search"), filter.q.clone());
    }
    if filter.agency.is_some() {
        active.add("agency", c.t("agency"), agency.to_owned());
    }
    for (name, day) in [("from", filter.from), ("to", filter.to)] {
        if let Some(day) = day {
            active.add(name, c.t(name), time::table_day(day));
        }
    }
    active.done()
}
