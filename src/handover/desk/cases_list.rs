//! What the list of cases shows.

use askama::Template;

use super::{
    cases_filter::{By, Dated, Filter, Sort},
    list_page::Reading,
};
use crate::{
    directory::{
        agencies::{asked, search::Found as Agency},
        people::{Actor, nav},
        reference::{asked as asked_by, regions},
    },
    handover::{
        agency_case::{model::Status, store::CaseRow},
        waiting::case_papers,
    },
    platform::{
        db::Id,
        http::{
            form_view::FormView,
            layout::Chrome,
            link::Query,
            list_head::{Active, Column, Columns, Counts, ListHead, Saved, StateTab, state_tabs},
            selection::{self, PICK, Picked, Picking},
            view::{ActiveFilter, Chip, Choice, MadeUp, Pager, SortHead},
        },
        i18n::Lang,
        keyset::Page,
        paths, time,
    },
};

/// The columns beside the number; an agency's list knows no agencies.
const COLUMNS: [Column; 7] = [
    Column::usual("title", "case-col-title"),
    Column::usual("agency", "case-col-agency"),
    Column::usual("status", "case-col-status"),
    Column::usual("opened", "case-col-opened"),
    Column::usual("filed", "case-col-filed"),
    Column::more("officer", "case-col-officer"),
    Column::more("region", "region"),
];

/// The fields of the filter.
const FIELDS: [&str; 7] = ["q", "agency", "region", "officer", "dated", "from", "to"];

/// A case with its agency's names.
pub type Found = (CaseRow, (String, String));

/// One row of the list.
pub struct Row {
    /// By which the row is ticked, and what it is called there.
    pub pick: String,
    pub called: String,
    pub href: String,
    pub number: String,
    pub title: String,
    pub agency: String,
    pub status: Chip,
    pub opened: String,
    pub filed: String,
    pub officer: String,
    pub region: String,
    pub made_up: MadeUp,
}

/// Heads of the columns that sort.
pub struct Heads {
    pub opened: SortHead,
    pub filed: SortHead,
}

impl Heads {
    fn new(list: &Query, sort: Sort, lang: Lang) -> Self {
        Self { opened: sort.head(list, By::Opened, lang), filed: sort.head(list, By::Filed, lang) }
    }
}

#[derive(Template)]
#[template(path = "handover/cases.html")]
pub struct CasesPage {
    pub c: Chrome,
    pub rows: Vec<Row>,
    pub picking: Picking,
    pub form: FormView,
    pub head: ListHead,
    pub tabs: Vec<StateTab>,
    /// By which of its days a case is asked for.
    pub dated: Vec<Choice>,
    pub heads: Heads,
    pub is_agency: bool,
    /// Whether more is asked for than by the fields that stand open.
    pub more_open: bool,
    pub active: Vec<ActiveFilter>,
    pub clear: String,
    /// Parameters that have no field of their own.
    pub kept: Vec<(String, String)>,
    pub pager: Pager,
    pub csv: String,
    pub xlsx: String,
    /// What the annual report says of the list, where it is that of a figure; else empty.
    pub figure: String,
    /// Whether the filter was understood; if not, it says what was not, and nothing is shown as an answer.
    pub is_understood: bool,
}

/// A row ready to be shown.
pub fn row(c: &Chrome, (case, (zh, en)): &Found, at: Reading) -> Row {
    let status = case.status();
    Row {
        pick: selection::word(case.id),
        called: if case.number.is_empty() { case.title.clone() } else { case.number.clone() },
        href: paths::case(case.id),
        number: if case.number.is_empty() { c.t("case-no-number") } else { case.number.clone() },
        title: case.title.clone(),
        agency: c.language.pick(zh, en).to_owned(),
        status: Chip::new(c.t(status.key()), status.tone()),
        opened: time::table_day(time::day_of(case.opened_at, at.zone)),
        filed: case.filed_on.map(time::table_day).unwrap_or_default(),
        officer: case.officer.clone(),
        region: regions().path(&case.region_code, time::day_of(at.now, at.zone), c.language),
        made_up: MadeUp::of(case.synthetic, &case.public_source),
    }
}

/// What was read for a list; `rows` may hold one more than a page has.
#[derive(Default)]
pub struct Read {
    pub rows: Vec<Found>,
    pub counts: Option<Counts>,
    /// The one that is asked for.
    pub agency: Option<Agency>,
    pub saved: Saved,
}

/// The filters in force, each with the address without it. `agency`: the one that is asked for.
pub fn active(
    c: &Chrome,
    filter: &Filter,
    query: &Query,
    agency: Option<&Agency>,
    at: Reading,
) -> Vec<ActiveFilter> {
    let mut active = Active::of(query);
    if let Some(status) = filter.status {
        active.add("status", c.t("state"), c.t(status.key()));
    }
    if filter.agency.is_some() {
        active.add("agency", c.t("agency"), asked::word(agency, c.language));
    }
    if !filter.region.is_empty() {
        let today = time::day_of(at.now, at.zone);
        active.add("region", c.t("region"), asked_by::region_word(&filter.region, today, c.language));
    }
    if !filter.officer.is_empty() {
        active.add("officer", c.t("case-col-officer"), filter.officer.clone());
    }
    if filter.dated == Dated::Filed {
        active.add("dated", c.t("case-filter-dated"), c.t("case-col-filed"));
    }
    for (name, day) in [("from", filter.from), ("to", filter.to)] {
        if let Some(day) = day {
            active.add(name, c.t(name), time::table_day(day));
        }
    }
    if filter.papers_wait {
        active.add("waits", c.t("transfer-filter-waits"), c.t(case_papers::KEY));
    }
    if let Some((span, _)) = &filter.filed_year {
        let value = format!("{} {}", c.t("transfer-state-filed"), span.year);
        active.add("filed_year", c.t("transfer-filter-counted"), value);
        for part in &filter.parts {
            let name = part.parameter("region");
            let label = c.t(format!("transfer-part-{}", name.replace('_', "-")));
            active.add(name, label, part.shown(span.year, c.language));
        }
    }
    if !filter.q.is_empty() {
        active.add("q", c.t("action-search"), filter.q.clone());
    }
    active.done()
}

impl CasesPage {
    /// Message key of the list in which cases begin.
    pub fn transfers(&self) -> &'static str {
        nav::transfers(self.is_agency)
    }

    /// Makes the list of at most `limit` rows.
    pub fn new(c: Chrome, me: &Actor, filter: &Filter, found: Read, limit: usize, at: Reading) -> Self {
        // What is refused as none of its own does not go along.
        let query = Query::new(&c.path).without("ok").without("state");
        let picked = Picked::of_list(&query);
        let query = picked.on(&query);
        let page = Page::of(found.rows, limit, &filter.edge);
        let pager = page.pager(&query, |(row, _)| row.id.to_string());
        let shown: Vec<Id> = page.rows.iter().map(|(row, _)| row.id).collect();
        let export = |format: &str| {
            let all = query.first_page().without(PICK).with("format", format).href();
            all.replacen(paths::CASES, "/cases/export", 1)
        };
        let is_agency = me.agency.is_some();
        let columns: Vec<Column> =
            COLUMNS.into_iter().filter(|column| !(is_agency && column.key == "agency")).collect();
        let statuses = Status::ALL.iter().map(|status| (status.as_str(), c.t(status.key())));
        let active = active(&c, filter, &query, found.agency.as_ref(), at);
        let form = FormView::filter("case-filter-", query.pairs(), &filter.faults);
        let form = asked::in_words(form, found.agency.as_ref(), c.language);
        let today = time::day_of(at.now, at.zone);
        Self {
            form: asked_by::in_words(form, &filter.region, "", today, c.language),
            is_understood: filter.faults.is_empty(),
            tabs: state_tabs(&query, "status", c.t("list-all"), statuses, (found.counts.as_ref(), "")),
            head: ListHead { saved: found.saved, columns: Columns::read(&query, &columns) },
            clear: picked.on(&query.bare()).href(),
            kept: query.kept(&FIELDS),
            dated: vec![
                Choice::new("", c.t("case-col-opened")),
                Choice::new(Dated::FILED, c.t("case-col-filed")),
            ],
            heads: Heads::new(&query, filter.sort, c.language),
            more_open: ["officer", "dated", "from", "to"].iter().any(|name| !query.get(name).is_empty()),
            is_agency,
            picking: Picking::new(&query, &picked, &shown, &pager),
            pager,
            csv: export("csv"),
            xlsx: export("xlsx"),
            figure: String::new(),
            rows: page.rows.iter().map(|f| row(&c, f, at)).collect(),
            active,
            c,
        }
    }
}
