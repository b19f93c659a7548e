//! What the two lists show: by entry, and by identity.

use std::collections::HashMap;

use askama::Template;
use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{
    chips::{FIELDS, Names, active, filter_form, sorted_by},
    identities::IdentityRow,
    list::{Filter, ListRow},
    model::{self, Kind, State},
    sort::{By, Sort},
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
            list_head::{Column, Columns, Counts, ListHead, Saved, StateTab, state_tabs},
            selection::{self, PICK, Picked, Picking},
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
    /// By which the row is ticked, and what it is called there.
    pub pick: String,
    pub called: String,
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
    /// The day on which it was recorded.
    pub entered: String,
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
    parts.join(&lang.pause())
}

/// The region's name at the day of the event.
pub fn region_name(code: &str, on: NaiveDate, lang: Lang) -> String {
    regions().path(code, on, lang)
}

fn row(c: &Chrome, found: &ListRow, zone: Tz) -> Row {
    let (o, lang) = (&found.row, c.language);
    let state = found.state();
    let case = if found.case_number.is_empty() { &found.case_title } else { &found.case_number };
    Row {
        pick: selection::word(o.id),
        called: format!("{} {} {case}", time::format_date(o.happened_on, lang), c.t(o.kind().key()))
            .trim_end()
            .to_owned(),
        href: paths::outcome(o.id),
        date: time::table_day(o.happened_on),
        date_iso: o.happened_on.to_string(),
        kind: c.t(o.kind().key()),
        what: amount_of(o, lang),
        region: region_name(&o.region_code, o.happened_on, lang),
        case: case.clone(),
        case_href: o.case_id.map(paths::case),
        agency: lang.pick(&found.agency_zh, &found.agency_en).to_owned(),
        entered: time::table_day(time::day_of(o.asserted_at, zone)),
        state: Chip::new(c.t(state.key()), found.tone()),
        counter: o.corrects_id.is_some(),
        synthetic: o.synthetic,
    }
}

/// The columns beside the day; an agency's list knows no agencies.
const COLUMNS: [Column; 7] = [
    Column::usual("kind", "outcome-col-kind"),
    Column::usual("content", "outcome-content"),
    Column::usual("region", "outcome-col-region"),
    Column::usual("case", "outcome-col-case"),
    Column::usual("agency", "agency"),
    Column::usual("entered", "outcome-col-entered"),
    Column::usual("state", "state"),
];

/// What was read for the list by entry; `rows` may hold one more than a page has.
#[derive(Default)]
pub struct Read {
    pub rows: Vec<ListRow>,
    pub counts: Option<Counts>,
    pub names: Names,
    pub saved: Saved,
    /// What the annual report says of it.
    pub figure: String,
}

/// The list by entry.
#[derive(Template)]
#[template(path = "outcome/list.html")]
pub struct ListPage {
    pub c: Chrome,
    pub rows: Vec<Row>,
    pub picking: Picking,
    pub platform: bool,
    pub head: ListHead,
    pub tabs: Vec<StateTab>,
    pub form: FormView,
    pub kinds: Vec<Choice>,
    pub yes_no: Vec<Choice>,
    pub active: Vec<ActiveFilter>,
    pub clear: String,
    pub pager: Pager,
    pub views: Vec<Link>,
    pub heads: Heads,
    /// What the list is sorted by, where the column that would say so is left out; else empty.
    pub order: String,
    /// Parameters that have no field of their own.
    pub kept: Vec<(String, String)>,
    pub csv: String,
    pub xlsx: String,
    /// What the annual report says of the list, where it is that of a figure; else empty.
    pub figure: String,
    pub filtered: bool,
    /// Whether the filter was understood; if not, it says what was not, and nothing is shown as an answer.
    pub is_understood: bool,
}

/// Heads of the columns that sort.
pub struct Heads {
    pub entered: SortHead,
    pub date: SortHead,
    pub amount: SortHead,
}

impl Heads {
    fn new(c: &Chrome, list: &Query, sort: Sort) -> Self {
        let list = if list.get("sort").is_empty() { list.with("sort", &sort.word()) } else { list.clone() };
        let head = |label: &str, by: By| SortHead::new(c.t(label), by.key(), &list);
        Self {
            entered: head("outcome-col-entered", By::Entry),
            date: head("outcome-col-date", By::Date),
            amount: head("outcome-content", By::Amount),
        }
    }
}

impl ListPage {
    pub fn new(
        c: Chrome,
        me: &Actor,
        filter: &Filter,
        found: Read,
        (limit, today, zone): (usize, NaiveDate, Tz),
    ) -> Self {
        let query = Query::new(&c.path).without("ok");
        let picked = Picked::of_list(&query);
        let query = picked.on(&query);
        let page = Page::of(found.rows, limit, &filter.edge);
        let pager = page.pager(&query, |found| found.row.id.to_string());
        let shown: Vec<Id> = page.rows.iter().map(|found| found.row.id).collect();
        let active = active(&c, filter, &query, &found.names, today);
        let is_agency = me.agency.is_some();
        let columns: Vec<Column> =
            COLUMNS.into_iter().filter(|column| !(is_agency && column.key == "agency")).collect();
        let states = State::ALL.iter().map(|state| (state.as_str(), c.t(state.key())));
        let to_file = |format: &str| export_href(&query, format);
        let columns = Columns::read(&query, &columns);
        let tells_order = match filter.sort.by {
            By::Entry => columns.has("entered"),
            By::Amount => columns.has("content"),
            By::Date => true,
        };
        Self {
            rows: page.rows.iter().map(|found| row(&c, found, zone)).collect(),
            platform: !is_agency,
            tabs: state_tabs(&query, "state", c.t("list-all"), states, (found.counts.as_ref(), "")),
            head: ListHead { saved: found.saved, columns },
            clear: picked.on(&query.bare()).href(),
            form: filter_form(filter, &query, &found.names, c.language, today),
            kinds: Kind::ALL.iter().map(|k| Choice::new(k, c.t(k.key()))).collect(),
            yes_no: vec![Choice::new("yes", c.t("yes")), Choice::new("no", c.t("no"))],
            filtered: !active.is_empty(),
            is_understood: filter.faults.is_empty(),
            active,
            picking: Picking::new(&query, &picked, &shown, &pager),
            pager,
            heads: Heads::new(&c, &query, filter.sort),
            order: if tells_order { String::new() } else { sorted_by(&c, filter.sort) },
            kept: query.kept(&FIELDS),
            views: views(&c, filter, &query),
            csv: to_file("csv"),
            xlsx: to_file("xlsx"),
            figure: found.figure,
            c,
        }
    }
}

fn export_href(query: &Query, format: &str) -> String {
    let at = query.first_page().without("by").without(PICK).with("format", format).href();
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

/// A person or a raid ready to be shown.
pub struct IdentityLine {
    pub label: String,
    pub href: Option<String>,
    /// Of the raid; empty for persons.
    pub day: String,
    /// For machines.
    pub day_iso: String,
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
            day: row.day.parse::<NaiveDate>().map_or_else(|_| row.day.clone(), time::table_day),
            day_iso: row.day.clone(),
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
