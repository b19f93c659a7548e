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
    model::{By, Sort, Whose},
    store::COUNTED,
};
use crate::{
    directory::reference::{charges, regions},
    platform::{
        db::Id,
        http::{
            form_view::FormView,
            layout::Chrome,
            link::Query,
            view::{ActiveFilter, Chip, Choice, Link, Pager, SortHead},
        },
        i18n::{self, Lang},
        money, paths,
        time::{self, Tz},
    },
};

/// One row.
pub struct Row {
    pub href: String,
    pub number: String,
    pub title: String,
    pub state: Chip,
    pub synthetic: bool,
    pub region: String,
    /// The first charge; how many more there are.
    pub charge: String,
    pub more_charges: usize,
    pub brands: String,
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
}

impl Row {
    pub fn new(lead: &Lead, beside: &Beside, lang: Lang, zone: Tz) -> Self {
        let at = lead.facts_date();
        let codes = beside.charges.get(&lead.id).map_or(&[][..], Vec::as_slice);
        let brands = beside.brands.get(&lead.id).map_or(&[][..], Vec::as_slice);
        let worker = lead.assignee_id.unwrap_or(lead.owner_id);
        Self {
            href: paths::lead(lead.id),
            number: lead.number.clone(),
            title: lead.title.clone(),
            state: state_chip(lang, lead.state),
            synthetic: lead.synthetic,
            region: region::path(&lead.region_code, at, lang),
            charge: codes.first().map_or_else(String::new, |c| charges().name(c, at, lang).to_owned()),
            more_charges: codes.len().saturating_sub(1),
            brands: brands.join(lang.pick("、", ", ")),
            value: lead.value.map_or_else(String::new, |v| money::short(v.fen, v.qualifier, lang)),
            who: beside.names.get(&worker).cloned().unwrap_or_default(),
            updated: time::day_of(lead.updated_at, zone).to_string(),
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
    pub tabs: Vec<Link>,
    pub filter: FormView,
    pub active: Vec<ActiveFilter>,
    pub clear: String,
    pub charges: Vec<Choice>,
    pub owners: Vec<Choice>,
    pub yes_no: Vec<Choice>,
    pub provinces: Vec<String>,
    /// Parameters that have no field of their own: the state (a tab), the order, an agency.
    pub kept: Vec<(String, String)>,
    pub more_open: bool,
    pub heads: Heads,
    pub rows: Vec<Row>,
    pub pager: Pager,
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

/// A tab a state, with how many there are; "all" first.
pub fn state_tabs(c: &Chrome, list: &Query, counts: &[(State, usize)], now: Option<State>) -> Vec<Link> {
    let bare = list.first_page().without("state");
    let mut tabs = vec![Link::new(c.t("lead-list-all"), bare.href()).current(now.is_none())];
    let most = usize::try_from(COUNTED).unwrap_or(usize::MAX);
    for state in State::ALL {
        let mut label = c.t(format!("lead-state-{state}"));
        if let Some((_, n)) = counts.iter().find(|(counted, n)| counted == state && *n > 0) {
            let many = if *n > most { format!("{}+", money::grouped(most as u64)) } else { n.to_string() };
            label = format!("{label} {many}");
        }
        tabs.push(Link::new(label, bare.with("state", state.as_str()).href()).current(now == Some(*state)));
    }
    tabs
}

/// The choice that narrows nothing.
pub fn any(lang: Lang) -> Choice {
    Choice::new("", i18n::t(lang, "any"))
}

/// Choices of the filter for charges: those on offer today and those that were before.
pub fn charge_choices(lang: Lang, today: NaiveDate) -> Vec<Choice> {
    let offered = charges().offered(today).map(|c| Choice::new(&c.code, c.name(lang)));
    std::iter::once(any(lang)).chain(offered).collect()
}

pub fn province_names(lang: Lang, today: NaiveDate) -> Vec<String> {
    regions().children(None, today).into_iter().map(|region| region.name(lang).to_owned()).collect()
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
    let mut active = Vec::new();
    let mut chip = |label: &str, parameter: &str, value: String| {
        if !value.is_empty() {
            active.push(ActiveFilter {
                name: c.t(label),
                value,
                remove_href: list.first_page().without(parameter).href(),
            });
        }
    };
    chip("action-search", "q", filter.q.clone());
    chip("state", "state", filter.state.map_or_else(String::new, |s| c.t(format!("lead-state-{s}"))));
    let charge = if filter.charge.is_empty() { "" } else { charges().name(&filter.charge, today, lang) };
    chip("lead-list-charge", "charge", charge.to_owned());
    chip("region", "region", region::path(&filter.region, filter.from.unwrap_or(today), lang));
    chip("lead-field-brand", "brand", filter.brand.clone());
    let owner = match filter.whose {
        Some(Whose::Mine(_)) => c.t("lead-list-mine"),
        Some(Whose::Of(_)) => names.owner.clone(),
        None => String::new(),
    };
    chip("lead-list-owner", "owner", owner);
    chip("agency", "agency", names.agency.clone());
    let synthetic = filter.synthetic.map_or_else(String::new, |s| c.t(if s { "yes" } else { "no" }));
    chip("lead-list-synthetic", "synthetic", synthetic);
    chip("from", "from", filter.from.map_or_else(String::new, |d| d.to_string()));
    chip("to", "to", filter.to.map_or_else(String::new, |d| d.to_string()));
    let least = filter
        .at_least
        .map_or_else(String::new, |fen| money::short(money::Fen(fen), money::Qualifier::Exact, lang));
    chip("lead-list-min", "min", least);
    active
}

/// Names that chips need and the filter does not hold.
pub struct ChipNames {
    pub owner: String,
    pub agency: String,
    pub today: NaiveDate,
}
