//! What the two lists show: by entry, and by identity.

use std::collections::HashMap;

use askama::Template;
use chrono::NaiveDate;

use super::{
    identities::IdentityRow,
    list::{Filter, ListRow},
    model::{Kind, State},
    store::OutcomeRow,
};
use crate::{
    directory::{people::Actor, reference::regions},
    platform::{
        db::Id,
        http::{
            form_view::FormView,
            layout::Chrome,
            link::Query,
            view::{ActiveFilter, Chip, Choice, Link, Pager},
        },
        i18n::{self, Lang},
        keyset::Page,
        money::{self, Fen},
        paths,
        sheet::{Cell, Sheet},
        time,
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
        let key = if row.kind() == Kind::SiteRaided { "outcome-sites" } else { "outcome-persons" };
        parts.push(i18n::t_count(lang, key, u64::from(row.persons.unsigned_abs())));
    }
    if let (Some(quantity), Some(unit)) = (row.quantity, &row.unit) {
        parts.push(format!("{} {unit}", money::grouped(quantity.unsigned_abs())));
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
        state: Chip::new(c.t(state.key()), state.tone()),
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
    pub csv: String,
    pub xlsx: String,
    pub filtered: bool,
    /// Only what a figure counts is shown.
    pub counted: bool,
}

impl ListPage {
    pub fn new(
        c: Chrome,
        me: &Actor,
        filter: &Filter,
        found: Vec<ListRow>,
        limit: usize,
        agencies: Vec<(Id, String, String)>,
    ) -> Self {
        let query = Query::new(&c.path).without("ok");
        let page = Page::of(found, limit, &filter.edge);
        let agencies: Vec<Choice> =
            agencies.iter().map(|(id, zh, en)| Choice::new(id, c.language.pick(zh, en))).collect();
        let active = active(&c, filter, &query, &agencies);
        let to_file = |format: &str| export_href(&query, format);
        Self {
            rows: page.rows.iter().map(|found| row(&c, found)).collect(),
            platform: me.agency.is_none(),
            form: FormView::new("outcome-field-").typed(query.pairs().iter().cloned()),
            kinds: Kind::ALL.iter().map(|k| Choice::new(k, c.t(k.key()))).collect(),
            states: State::ALL.iter().map(|s| Choice::new(s, c.t(s.key()))).collect(),
            agencies,
            yes_no: vec![Choice::new("yes", c.t("yes")), Choice::new("no", c.t("no"))],
            filtered: !active.is_empty(),
            active,
            pager: page.pager(&query, |found| found.row.seq.to_string()),
            views: views(&c, filter, &query),
            csv: to_file("csv"),
            xlsx: to_file("xlsx"),
            counted: filter.counted,
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

fn active(c: &Chrome, filter: &Filter, query: &Query, agencies: &[Choice]) -> Vec<ActiveFilter> {
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
        let name = agencies.iter().find(|a| a.value == id.to_string()).map(|a| a.label.clone());
        add("agency", c.t("agency"), name.unwrap_or_default());
    }
    if !filter.agency_type.is_empty() {
        add("agency_type", c.t("outcome-field-agency-type"), filter.agency_type.clone());
    }
    if !filter.region.is_empty() {
        let today = NaiveDate::from_ymd_opt(filter.year.unwrap_or(2020), 6, 30).unwrap_or_default();
        let name = regions().get(&format!("{:0<6}", filter.region), today);
        let name = name.map_or_else(|| filter.region.clone(), |r| r.name(c.language).to_owned());
        add("region", c.t("region"), name);
    }
    if !filter.charge.is_empty() {
        add("charge", c.t("outcome-field-charge"), filter.charge.clone());
    }
    if filter.case.is_some() {
        add("case", c.t("outcome-field-case"), c.t("outcome-one-case"));
    }
    if filter.operation.is_some() {
        add("operation", c.t("nav-operations"), c.t("outcome-one-operation"));
    }
    if let Some(synthetic) = filter.synthetic {
        add("synthetic", c.t("synthetic"), c.t(if synthetic { "yes" } else { "no" }));
    }
    if filter.waits {
        add("waits", c.t("outcome-field-waits"), c.t("yes"));
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
        add("unit", c.t("outcome-field-unit"), if unit.is_empty() { c.t("unknown") } else { unit.clone() });
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
}

impl IdentitiesPage {
    pub fn new(
        c: Chrome,
        filter: &Filter,
        found: Vec<IdentityRow>,
        labels: &HashMap<Id, String>,
        limit: usize,
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
            active: active(&c, filter, &query, &[]),
            pager: page.pager(&query, |row| format!("{}.{}", row.seq, row.identity)),
            c,
        }
    }
}

/// The list as a table for a file.
pub fn sheet(lang: Lang, rows: &[ListRow]) -> Sheet {
    let t = |key: &str| i18n::t(lang, key);
    let heads = [
        "date",
        "kind",
        "state",
        "case",
        "case-title",
        "agency",
        "region",
        "region-code",
        "persons",
        "quantity",
        "unit",
        "amount",
        "qualifier",
        "basis",
        "side",
        "counter",
        "synthetic",
        "id",
    ];
    let line = |found: &ListRow| {
        let o = &found.row;
        let amount = o.amount();
        vec![
            o.happened_on.to_string().into(),
            t(&o.kind().key()).into(),
            t(&found.state().key()).into(),
            found.case_number.clone().into(),
            found.case_title.clone().into(),
            lang.pick(&found.agency_zh, &found.agency_en).into(),
            region_name(&o.region_code, o.happened_on, lang).into(),
            o.region_code.clone().into(),
            Cell::Count(o.persons.into()),
            o.quantity.map_or(Cell::Empty, Cell::Count),
            o.unit.clone().unwrap_or_default().into(),
            amount.map_or(Cell::Empty, |a| Cell::Fen(a.fen.0)),
            amount.map_or_else(String::new, |a| t(a.qualifier.key())).into(),
            amount.map_or_else(String::new, |a| t(a.basis.key())).into(),
            t(&format!("outcome-side-{}", o.asserted_side)).into(),
            t(if o.corrects_id.is_some() { "yes" } else { "no" }).into(),
            t(if o.synthetic { "yes" } else { "no" }).into(),
            o.id.to_string().into(),
        ]
    };
    Sheet {
        name: t("outcome-list-title"),
        head: heads.iter().map(|head| t(&format!("outcome-col-{head}"))).collect(),
        rows: rows.iter().map(line).collect(),
    }
}

/// An amount as the pages show it, with its basis.
pub fn full_amount(row: &OutcomeRow, lang: Lang) -> Option<String> {
    let amount = row.amount()?;
    let basis = i18n::t(lang, amount.basis.key());
    Some(
        format!("{}{}", money::full(Fen(amount.fen.0), amount.qualifier, lang), lang.pick("（", " ("))
            + &basis
            + lang.pick("）", ")"),
    )
}
