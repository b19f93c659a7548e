//! What the list shows.

use std::collections::HashMap;

use askama::Template;
use chrono::NaiveDate;

use super::{
    super::{
        model::{Lead, State},
        pages::state_chip,
        region,
    },
    handed::{self, Handed},
    model::{By, Sort, Whose},
};
use crate::{
    directory::reference::{asked as asked_by, charges},
    platform::{
        db::Id,
        http::{
            form_view::FormView,
            layout::Chrome,
            link::Query,
            list_head::{Active, Column, Counts, ListHead, StateTab, state_tabs},
            selection::{self, Picking},
            view::{ActiveFilter, Chip, Choice, Pager, SortHead},
        },
        i18n::{self, Lang},
        money, paths,
        time::{self, Tz},
    },
};

/// The columns beside the number.
pub const COLUMNS: [Column; 11] = [
    Column::usual("title", "title"),
    Column::usual("state", "state"),
    Column::usual("region", "region"),
    Column::usual("charge", "lead-list-charge"),
    Column::usual("value", "lead-field-estimated-value"),
    Column::usual("owner", "lead-list-owner"),
    Column::usual("updated", "changed"),
    Column::more("brands", "lead-field-brands"),
    Column::more("occurred", "lead-list-occurred"),
    Column::more("source", "lead-field-source"),
    Column::more("created", "created"),
];

/// One row.
pub struct Row {
    /// By which the row is ticked.
    pub pick: String,
    pub href: String,
    pub number: String,
    pub title: String,
    pub state: Chip,
    /// How far the agencies are that have it, and how many are there; empty: it was handed to none.
    pub handed: Vec<String>,
    pub synthetic: bool,
    pub region: String,
    /// The first charge; how many more there are.
    pub charge: String,
    pub more_charges: usize,
    pub brands: String,
    pub occurred: String,
    pub source: String,
    pub created: String,
    pub value: String,
    pub who: String,
    pub updated: String,
    pub updated_at: String,
}

/// What belongs to the leads of one page, a query each.
#[derive(Default)]
pub struct Beside {
    pub charges: HashMap<Id, Vec<String>>,
    pub brands: HashMap<Id, Vec<String>>,
    pub names: HashMap<Id, String>,
    /// What became of those that were handed over.
    pub handed: HashMap<Id, Handed>,
}

impl Row {
    pub fn new(lead: &Lead, beside: &Beside, lang: Lang, zone: Tz) -> Self {
        let at = lead.facts_date();
        let codes = beside.charges.get(&lead.id).map_or(&[][..], Vec::as_slice);
        let brands = beside.brands.get(&lead.id).map_or(&[][..], Vec::as_slice);
        let worker = lead.assignee_id.unwrap_or(lead.owner_id);
        Self {
            pick: selection::word(lead.id),
            href: paths::lead(lead.id),
            number: lead.number.clone(),
            title: lead.title.clone(),
            state: state_chip(lang, lead.state),
            handed: beside.handed.get(&lead.id).map_or_else(Vec::new, |handed| handed::words(handed, lang)),
            synthetic: lead.synthetic,
            region: region::path(&lead.region_code, at, lang),
            charge: codes.first().map_or_else(String::new, |c| charges().name(c, at, lang).to_owned()),
            more_charges: codes.len().saturating_sub(1),
            brands: brands.join(&lang.comma()),
            occurred: time::span((lead.occurred_from, lead.occurred_to), lang, time::table_day),
            source: i18n::t(lang, &format!("lead-source-{}", lead.source_kind)),
            created: time::table_day(time::day_of(lead.created_at, zone)),
            value: lead.value.map_or_else(String::new, |v| money::short(v.fen, v.qualifier, lang)),
            who: beside.names.get(&worker).cloned().unwrap_or_default(),
            updated: time::table_day(time::day_of(lead.updated_at, zone)),
            updated_at: lead.updated_at.to_string(),
        }
    }
}

/// `/leads`
#[derive(Template)]
#[template(path = "casework/lead/list.html")]
pub struct ListPage {
    /// Whether every part of the address was read; else the list is not shown.
    pub is_understood: bool,
    pub c: Chrome,
    pub tabs: Vec<StateTab>,
    pub head: ListHead,
    pub filter: FormView,
    pub active: Vec<ActiveFilter>,
    pub clear: String,
    pub owners: Vec<Choice>,
    pub yes_no: Vec<Choice>,
    /// Parameters that have no field of their own: the state (a tab), the order, columns.
    pub kept: Vec<(String, String)>,
    pub more_open: bool,
    pub heads: Heads,
    /// That a search has more hits than can be sorted so; empty where it has not.
    pub cut: String,
    pub rows: Vec<Row>,
    pub pager: Pager,
    pub picking: Picking,
    pub csv: String,
    pub xlsx: String,
    pub may_create: bool,
    pub is_filtered: bool,
}

/// Heads of the columns, those that sort with their links.
pub struct Heads {
    pub number: SortHead,
    pub value: SortHead,
    pub updated: SortHead,
}

impl Heads {
    pub fn new(c: &Chrome, list: &Query, sort: Sort) -> Self {
        // The list without `sort` is that by number, newest first: the heads should say so.
        let list =
            if list.get("sort").is_empty() { list.with("sort", &sort_word(sort)) } else { list.clone() };
        let head = |label: &str, by: By| SortHead::new(c.t(label), by.key(), &list);
        Self {
            number: head("number", By::Created),
            value: head("lead-field-estimated-value", By::Value).figures(),
            updated: head("changed", By::Updated),
        }
    }
}

/// The parameter `sort`.
pub fn sort_word(sort: Sort) -> String {
    format!("{}{}", if sort.descending { "-" } else { "" }, sort.by.key())
}

/// What the list is sorted by, in words.
pub fn sorted_by(c: &Chrome, sort: Sort) -> String {
    let label = match sort.by {
        By::Created => "number",
        By::Value => "lead-field-estimated-value",
        By::Updated => "changed",
    };
    c.tv(if sort.descending { "list-falling" } else { "list-rising" }, "by", c.t(label))
}

/// A tab a state, with how many there are; "all" first, which leaves out what is in the trash.
pub fn tabs(c: &Chrome, list: &Query, counts: Option<&Counts>) -> Vec<StateTab> {
    let states = State::ALL.iter().map(|state| (state.as_str(), c.t(format!("lead-state-{state}"))));
    state_tabs(list, "state", c.t("lead-list-all"), states, (counts, State::Trashed.as_str()))
}

/// The choice that narrows nothing.
pub fn any(lang: Lang) -> Choice {
    Choice::new("", i18n::t(lang, "any"))
}

/// The filters in force, each with the address without it.
pub fn active_filters(
    c: &Chrome,
    list: &Query,
    asked: &super::model::Asked,
    names: &ChipNames,
) -> Vec<ActiveFilter> {
    let lang = c.language;
    let filter = &asked.filter;
    let today = names.today;
    let mut active = Active::of(list);
    let mut chip = |label: &str, parameter: &str, value: String| {
        if !value.is_empty() {
            active.add(parameter, c.t(label), value);
        }
    };
    chip("action-search", "q", filter.q.clone());
    chip("state", "state", filter.state.map_or_else(String::new, |s| c.t(format!("lead-state-{s}"))));
    let charge = if filter.charge.is_empty() { "" } else { charges().name(&filter.charge, today, lang) };
    chip("lead-list-charge", "charge", charge.to_owned());
    let on = filter.from.unwrap_or(today);
    chip("region", "region", asked_by::region_word(&filter.region, on, lang));
    chip("lead-field-brand", "brand", filter.brand.clone());
    let owner = match filter.whose {
        Some(Whose::Mine(_)) => c.t("lead-list-mine"),
        Some(Whose::Of(_)) => names.owner.clone(),
        None => String::new(),
    };
    chip("lead-list-owner", "owner", owner);
    chip("agency", "agency", names.agency.clone());
    let returned = if filter.returned { c.t("yes") } else { String::new() };
    chip("lead-list-returned", "returned", returned);
    let synthetic = filter.synthetic.map_or_else(String::new, |s| c.t(if s { "yes" } else { "no" }));
    chip("lead-list-synthetic", "synthetic", synthetic);
    chip("from", "from", filter.from.map_or_else(String::new, time::table_day));
    chip("to", "to", filter.to.map_or_else(String::new, time::table_day));
    let least = filter
        .at_least
        .map_or_else(String::new, |fen| money::short(money::Fen(fen), money::Qualifier::Exact, lang));
    chip("lead-list-min", "min", least);
    active.done()
}

/// Names that chips need and the filter does not hold.
pub struct ChipNames {
    pub owner: String,
    pub agency: String,
    pub today: NaiveDate,
}
