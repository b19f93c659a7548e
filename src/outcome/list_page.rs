//! What the two lists show: by entry, and by identity.

use std::collections::HashMap;

use askama::Template;
use chrono::NaiveDate;

use super::{
    identities::IdentityRow,
    list::{Filter, ListRow, Waits},
    model::{self, Kind, State, unit_name},
    sort::{By, Sort},
    store::OutcomeRow,
};
use crate::{
    directory::{
        people::Actor,
        reference::{agency_types, charges, regions},
    },
    platform::{
        db::Id,
        http::{
            form_view::FormView,
            layout::Chrome,
            link::Query,
            view::{ActiveFilter, Chip, Choice, Link, Pager, SortHead},
        },
        i18n::{self, Lang},
        keyset::Page,
        money::{self, Fen},
        paths, time,
    },
};

/// A row ready to be shown.
pub struct Row {
    pub href: String,
    pub date: String,
    pub date_iso: String,
    pub kind: String,
    /// How many persons or sites, or how much.
    pub what: String,
    pub region: String,
    pub case: String,
    pub case_href: Option<String>,
    pub agency: String,
    pub state: Chip,
    pub counter: bool,
    pub synthetic: bool,
}

/// How much an entry says, in words: persons, sites, goods, an amount.
pub fn amount_of(row: &OutcomeRow, lang: Lang) -> String {
    let mut parts = Vec::new();
    if row.persons > 0 {
        let key = match row.kind() {
            Kind::SiteRaided => "outcome-sites",
            // A company is fined too.
            Kind::Penalty => "outcome-parties",
            _ => "outcome-persons",
        };
        parts.push(i18n::t_count(lang, key, u64::from(row.persons.unsigned_abs())));
    }
    if let (Some(quantity), Some(unit)) = (row.quantity, &row.unit) {
        parts.push(model::quantity(quantity, unit, lang));
    }
    if let Some(amount) = row.amount() {
        parts.push(money::short(amount.fen, amount.qualifier, lang));
    }
    parts.join(lang.pick("，", ", "))
}

/// The region's name at the day of the event.
pub fn region_name(code: &str, on: NaiveDate, lang: Lang) -> String {
    regions().path(code, on, lang)
}

fn row(c: &Chrome, found: &ListRow) -> Row {
    let (o, lang) = (&found.row, c.language);
    let state = found.state();
    Row {
        href: paths::outcome(o.id),
        date: time::format_date(o.happened_on, lang),
        date_iso: o.happened_on.to_string(),
        kind: c.t(o.kind().key()),
        what: amount_of(o, lang),
        region: region_name(&o.region_code, o.happened_on, lang),
        case: if found.case_number.is_empty() { found.case_title.clone() } else { found.case_number.clone() },
        case_href: o.case_id.map(paths::case),
        agency: lang.pick(&found.agency_zh, &found.agency_en).to_owned(),
        state: Chip::new(c.t(state.key()), found.tone()),
        counter: o.corrects_id.is_some(),
        synthetic: o.synthetic,
    }
}

/// The list by entry.
#[derive(Template)]
#[template(path = "outcome/list.html")]
pub struct ListPage {
    pub c: Chrome,
    pub rows: Vec<Row>,
    pub platform: bool,
    pub form: FormView,
    pub kinds: Vec<Choice>,
    pub states: Vec<Choice>,
    pub agencies: Vec<Choice>,
    pub yes_no: Vec<Choice>,
    pub active: Vec<ActiveFilter>,
    pub pager: Pager,
    pub views: Vec<Link>,
    pub heads: Heads,
    /// Parameters that have no field of their own.
    pub kept: Vec<(String, String)>,
    pub provinces: Vec<String>,
    pub csv: String,
    pub xlsx: String,
    /// What the annual report says of the list, where it is that of a figure; else empty.
    pub figure: String,
    pub filtered: bool,
    /// Whether the filter was understood; if not, it says what was not, and nothing is shown as an answer.
    pub is_understood: bool,
}

/// What the filter's values are called.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Identity, Chinese and English name of the agencies to choose from.
    pub agencies: Vec<(Id, String, String)>,
    /// Number of the case that is asked for, its title before it has one; `None`: none, or none for this reader.
    pub case: Option<String>,
}

impl Names {
    fn agencies(&self, lang: Lang) -> Vec<Choice> {
        self.agencies.iter().map(|(id, zh, en)| Choice::new(id, lang.pick(zh, en))).collect()
    }
}

/// Heads of the columns that sort.
pub struct Heads {
    pub date: SortHead,
    pub amount: SortHead,
}

impl Heads {
    fn new(c: &Chrome, list: &Query, sort: Sort) -> Self {
        let list = if list.get("sort").is_empty() { list.with("sort", &sort.word()) } else { list.clone() };
        let head = |label: &str, by: By| SortHead::new(c.t(label), by.key(), &list);
        Self { date: head("outcome-col-date", By::Date), amount: head("outcome-content", By::Amount) }
    }
}

/// What a search goes on with beside its own fields: the order, and what only links narrow by.
fn kept(query: &Query) -> Vec<(String, String)> {
    let names = [
        "sort",
        "month",
        "agency_type",
        "charge",
        "case",
        "operation",
        "waits",
        "counted",
        "merged",
        "basis",
        "unit",
        "log_size",
    ];
    let given = names.iter().filter(|name| !query.get(name).is_empty());
    given.map(|name| ((*name).to_owned(), query.get(name).to_owned())).collect()
}

/// The filter as typed; a region by its name, which people know.
fn filter_form(filter: &Filter, query: &Query, lang: Lang, today: NaiveDate) -> FormView {
    let form = FormView::filter("outcome-field-", query.pairs(), &filter.faults);
    match region_word(filter, lang, today) {
        name if name.is_empty() => form,
        name => form.set("region", name),
    }
}

/// The name of the region that is asked for, in the year that is asked for; its digits where there is none.
fn region_word(filter: &Filter, lang: Lang, today: NaiveDate) -> String {
    if filter.region.is_empty() {
        return String::new();
    }
    let day = filter.year.and_then(|year| NaiveDate::from_ymd_opt(year, 6, 30)).unwrap_or(today);
    let code = format!("{:0<6}", filter.region);
    match regions().path(&code, day, lang) {
        name if name.is_empty() => filter.region.clone(),
        name => name,
    }
}

impl ListPage {
    pub fn new(
        c: Chrome,
        me: &Actor,
        filter: &Filter,
        found: Vec<ListRow>,
        (limit, today): (usize, NaiveDate),
        names: &Names,
        figure: String,
    ) -> Self {
        let query = Query::new(&c.path).without("ok");
        let page = Page::of(found, limit, &filter.edge);
        let agencies = names.agencies(c.language);
        let active = active(&c, filter, &query, names, today);
        let to_file = |format: &str| export_href(&query, format);
        Self {
            rows: page.rows.iter().map(|found| row(&c, found)).collect(),
            platform: me.agency.is_none(),
            form: filter_form(filter, &query, c.language, today),
            kinds: Kind::ALL.iter().map(|k| Choice::new(k, c.t(k.key()))).collect(),
            states: State::ALL.iter().map(|s| Choice::new(s, c.t(s.key()))).collect(),
            agencies,
            yes_no: vec![Choice::new("yes", c.t("yes")), Choice::new("no", c.t("no"))],
            filtered: !active.is_empty(),
            is_understood: filter.faults.is_empty(),
            active,
            pager: page.pager(&query, |found| found.row.id.to_string()),
            heads: Heads::new(&c, &query, filter.sort),
            kept: kept(&query),
            provinces: regions()
                .children(None, today)
                .iter()
                .map(|r| r.name(c.language).to_owned())
                .collect(),
            views: views(&c, filter, &query),
            csv: to_file("csv"),
            xlsx: to_file("xlsx"),
            figure,
            c,
        }
    }
}

fn export_href(query: &Query, format: &str) -> String {
    let at = query.first_page().without("by").with("format", format).href();
    at.replacen(paths::OUTCOMES, "/outcomes/export", 1)
}

/// By entry, by identity: offered where a figure counts identities.
fn views(c: &Chrome, filter: &Filter, query: &Query) -> Vec<Link> {
    if !filter.counted || !filter.kind.is_some_and(Kind::counts_identities) {
        return Vec::new();
    }
    let base = query.first_page();
    vec![
        Link::new(c.t("outcome-by-identity"), base.with("by", "identity").href()).current(filter.by_identity),
        Link::new(c.t("outcome-by-entry"), base.without("by").href()).current(!filter.by_identity),
    ]
}

fn active(c: &Chrome, filter: &Filter, query: &Query, names: &Names, today: NaiveDate) -> Vec<ActiveFilter> {
    let mut active = Vec::new();
    let mut add = |name: &str, label: String, value: String| {
        let remove_href = query.first_page().without(name).href();
        active.push(ActiveFilter { name: label, value, remove_href });
    };
    if let Some(year) = filter.year {
        add("year", c.t("outcome-field-year"), year.to_string());
    }
    if let Some(month) = filter.month {
        add("month", c.t("outcome-field-month"), month.to_string());
    }
    if let Some(kind) = filter.kind {
        add("kind", c.t("outcome-field-kind"), c.t(kind.key()));
    }
    if let Some(state) = filter.state {
        add("state", c.t("state"), c.t(state.key()));
    }
    if let Some(id) = filter.agency {
        let agency = names.agencies.iter().find(|(known, ..)| *known == id);
        add("agency", c.t("agency"), agency.map_or("", |(_, zh, en)| c.language.pick(zh, en)).to_owned());
    }
    if !filter.agency_type.is_empty() {
        let kind = agency_types().get(&filter.agency_type);
        let name = kind.map_or(filter.agency_type.as_str(), |kind| kind.name(c.language)).to_owned();
        add("agency_type", c.t("outcome-field-agency-type"), name);
    }
    if !filter.region.is_empty() {
        add("region", c.t("region"), region_word(filter, c.language, today));
    }
    if !filter.charge.is_empty() {
        let day = filter.year.and_then(|year| NaiveDate::from_ymd_opt(year, 6, 30)).unwrap_or(today);
        let name = charges().name(&filter.charge, day, c.language).to_owned();
        add("charge", c.t("outcome-field-charge"), name);
    }
    if filter.case.is_some() {
        let name = names.case.clone().unwrap_or_else(|| c.t("outcome-one-case"));
        add("case", c.t("outcome-field-case"), name);
    }
    if filter.operation.is_some() {
        add("operation", c.t("nav-operations"), c.t("outcome-one-operation"));
    }
    if let Some(synthetic) = filter.synthetic {
        add("synthetic", c.t("synthetic"), c.t(if synthetic { "yes" } else { "no" }));
    }
    match filter.waits {
        None => {}
        Some(Waits::ToDecide) => add("waits", c.t("outcome-field-waits"), c.t("yes")),
        Some(Waits::Rejected) => add("waits", c.t("home-rejected-outcomes"), c.t("yes")),
    }
    if filter.counted {
        add("counted", c.t("outcome-counted-only"), c.t("yes"));
    }
    if filter.merged {
        add("merged", c.t("outcome-merged-only"), c.t("yes"));
    }
    if let Some(basis) = filter.basis {
        add("basis", c.t("outcome-field-basis"), c.t(basis.key()));
    }
    if let Some(unit) = &filter.unit {
        let name = if unit.is_empty() { c.t("unknown") } else { unit_name(unit, c.language).to_owned() };
        add("unit", c.t("outcome-field-unit"), name);
    }
    if let Some(size) = filter.as_at {
        add("log_size", c.t("outcome-log-size"), size.to_string());
    }
    active
}

/// A person or a raid ready to be shown.
pub struct IdentityLine {
    pub label: String,
    pub href: Option<String>,
    pub day: String,
    pub entries: i64,
}

/// The list by identity.
#[derive(Template)]
#[template(path = "outcome/identities.html")]
pub struct IdentitiesPage {
    pub c: Chrome,
    pub rows: Vec<IdentityLine>,
    pub sites: bool,
    pub views: Vec<Link>,
    pub active: Vec<ActiveFilter>,
    pub pager: Pager,
    /// What the annual report says of the list, where it is that of a figure; else empty.
    pub figure: String,
}

impl IdentitiesPage {
    pub fn new(
        c: Chrome,
        filter: &Filter,
        found: Vec<IdentityRow>,
        (labels, names): (&HashMap<Id, String>, &Names),
        (limit, today): (usize, NaiveDate),
        figure: String,
    ) -> Self {
        let query = Query::new(&c.path).without("ok");
        let page = Page::of(found, limit, &filter.identity_edge);
        let sites = filter.kind == Some(Kind::SiteRaided);
        let line = |row: &IdentityRow| IdentityLine {
            label: labels.get(&row.identity).cloned().unwrap_or_else(|| c.t("outcome-erased")),
            href: (!sites && row.day.is_empty()).then(|| paths::subject(row.identity)),
            day: row.day.clone(),
            entries: row.entries,
        };
        Self {
            rows: page.rows.iter().map(line).collect(),
            sites,
            views: views(&c, filter, &query),
            active: active(&c, filter, &query, names, today),
            pager: page.pager(&query, |row| format!("{}.{}", row.seq, row.identity)),
            figure,
            c,
        }
    }
}

/// An amount as the pages show it, with its basis.
pub fn full_amount(row: &OutcomeRow, lang: Lang) -> Option<String> {
    let amount = row.amount()?;
    // A fine is what was imposed: it has no basis of valuation.
    if row.kind() == Kind::Penalty {
        return Some(money::full(Fen(amount.fen.0), amount.qualifier, lang));
    }
    let basis = i18n::t(lang, amount.basis.key());
    Some(
        format!("{}{}", money::full(Fen(amount.fen.0), amount.qualifier, lang), lang.pick("（", " ("))
            + &basis
            + lang.pick("）", ")"),
    )
}
