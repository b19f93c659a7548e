//! The list of cases: what it is narrowed to, and what it shows.

use askama::Template;

use super::list_page::{Reading, any};
use crate::{
    audit::Entry,
    directory::people::Actor,
    handover::{
        agency_case::{model::Status, store::CaseRow},
        counted,
    },
    platform::{
        db::{Id, Instant},
        error::FieldError,
        http::{
            form::Form,
            form_view::FormView,
            layout::Chrome,
            link::Query,
            view::{ActiveFilter, Chip, Choice, MadeUp, Pager},
        },
        keyset::{Edge, Page},
        paths,
        time::{self, Tz},
    },
};

/// What the list of cases is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub status: Option<Status>,
    pub agency: Option<Id>,
    pub q: String,
    /// Filed in this year of the configured zone, as the annual report counts; as the log was at a size.
    pub filed_year: Option<(counted::Span, Option<i64>)>,
    /// Only one part of that figure's breakdowns.
    pub parts: Vec<counted::Part>,
    /// Newest first: opened when, and the id.
    pub edge: Edge<(Instant, Id)>,
    /// What of the address was not understood: shown at its field, and nothing passes for an answer.
    pub faults: Vec<FieldError>,
}

impl Filter {
    /// Reads the address.
    pub fn read(query: &mut Form, me: &Actor, zone: Tz) -> Self {
        let (year, log_size) = (query.asked("filed_year", time::year), query.asked_log_size());
        Self {
            status: query.asked_word("status"),
            agency: query.asked_agency(me.agency.is_some()),
            q: query.text("q", 100),
            filed_year: year.map(|year| (counted::Span::new(year, zone), log_size)),
            parts: counted::Part::read(query, "region"),
            edge: query.asked_edge(cursor),
            faults: query.errors().to_vec(),
        }
    }
}

impl Filter {
    /// An entry that says what was asked for; the words that were searched for may name somebody.
    pub fn entry(&self, verb: &'static str) -> Entry {
        let facts = [
            ("status", self.status.map_or("", Status::as_str).to_owned()),
            ("agency", self.agency.map_or_else(String::new, |id| id.to_string())),
            ("filed_year", self.filed_year.as_ref().map_or_else(String::new, |(y, _)| y.year.to_string())),
        ];
        let facts = facts.into_iter().filter(|(_, value)| !value.is_empty());
        let entry = facts.fold(Entry::new(verb), |entry, (name, value)| entry.fact(name, value));
        if self.q.is_empty() { entry } else { entry.private("q", self.q.as_str()) }
    }

    /// The condition on the case `c` that the figure of a year counts it.
    fn wanted(&self) -> Option<String> {
        let (year, log_size) = self.filed_year.as_ref()?;
        let mut filed = counted::filed_in(year, *log_size);
        filed.extend(self.parts.iter().map(|part| part.of_case(*log_size)));
        Some(filed)
    }

    /// What the figure of a year counts, as SQL on `agency_case`.
    pub fn counted(&self) -> Option<String> {
        let filed = self.wanted()?;
        Some(format!("agency_case.id IN (SELECT c.id FROM agency_case c WHERE {filed})"))
    }

    /// How many it counts, as a statement that gives it as `n`.
    pub fn total(&self) -> Option<String> {
        Some(format!("SELECT COUNT(*) AS n FROM agency_case c WHERE {}", self.wanted()?))
    }

    /// Paged along the list's order only.
    pub fn forward(self) -> Self {
        Self { edge: self.edge.forward(), ..self }
    }
}

/// Reads `<opened>.<id>`.
fn cursor(text: &str) -> Option<(Instant, Id)> {
    let (opened, id) = text.split_once('.')?;
    Some((Instant::from_micros(opened.parse().ok()?), id.parse().ok()?))
}

/// The cursor of a row.
pub fn cursor_of(row: &CaseRow) -> String {
    format!("{}.{}", row.opened_at.micros(), row.id)
}

/// A case with its agency's names.
pub type Found = (CaseRow, (String, String));

/// One row of the list.
pub struct Row {
    pub href: String,
    pub number: String,
    pub title: String,
    pub agency: String,
    pub status: Chip,
    pub opened: String,
    pub filed: String,
    pub officer: String,
    pub made_up: MadeUp,
}

#[derive(Template)]
#[template(path = "handover/cases.html")]
pub struct CasesPage {
    pub c: Chrome,
    pub rows: Vec<Row>,
    pub form: FormView,
    pub statuses: Vec<Choice>,
    pub agencies: Vec<Choice>,
    pub is_agency: bool,
    pub active: Vec<ActiveFilter>,
    pub pager: Pager,
    pub csv: String,
    pub xlsx: String,
    /// What the annual report says of the list, where it is that of a figure; else empty.
    pub figure: String,
    /// Whether the filter was understood; if not, it says what was not, and nothing is shown as an answer.
    pub is_understood: bool,
}

/// The edge behind a row.
pub fn behind(row: &CaseRow) -> Edge<(Instant, Id)> {
    Edge::After((row.opened_at, row.id))
}

/// A row ready to be shown.
pub fn row(c: &Chrome, (case, (zh, en)): &Found, at: Reading) -> Row {
    let status = case.status();
    Row {
        href: paths::case(case.id),
        number: if case.number.is_empty() { c.t("case-no-number") } else { case.number.clone() },
        title: case.title.clone(),
        agency: c.language.pick(zh, en).to_owned(),
        status: Chip::new(c.t(status.key()), status.tone()),
        opened: time::day_of(case.opened_at, at.zone).to_string(),
        filed: case.filed_on.map(|d| d.to_string()).unwrap_or_default(),
        officer: case.officer.clone(),
        made_up: MadeUp::of(case.synthetic, &case.public_source),
    }
}

impl CasesPage {
    /// Makes the list; `found` may hold one row more than `limit`.
    pub fn new(
        c: Chrome,
        me: &Actor,
        filter: &Filter,
        found: Vec<Found>,
        limit: usize,
        agencies: &[(Id, String, String)],
        at: Reading,
    ) -> Self {
        let query = Query::new(&c.path);
        let page = Page::of(found, limit, &filter.edge);
        let export = |format: &str| {
            let all = query.first_page().with("format", format).href();
            all.replacen(paths::CASES, "/cases/export", 1)
        };
        let agencies: Vec<Choice> = any(&c)
            .chain(agencies.iter().map(|(id, zh, en)| Choice::new(id, c.language.pick(zh, en))))
            .collect();
        let mut active = Vec::new();
        let mut add = |name: &str, label: String, value: String| {
            active.push(ActiveFilter {
                name: label,
                value,
                remove_href: query.first_page().without(name).href(),
            });
        };
        if let Some(status) = filter.status {
            add("status", c.t("state"), c.t(status.key()));
        }
        if let Some(id) = filter.agency {
            let name = agencies.iter().find(|a| a.value == id.to_string()).map(|a| a.label.clone());
            add("agency", c.t("agency"), name.unwrap_or_default());
        }
        if let Some((span, _)) = &filter.filed_year {
            let value = format!("{} {}", c.t("transfer-state-filed"), span.year);
            add("filed_year", c.t("transfer-filter-counted"), value);
            for part in &filter.parts {
                let name = part.parameter("region");
                add(
                    name,
                    c.t(format!("transfer-part-{}", name.replace('_', "-"))),
                    part.shown(span.year, c.language),
                );
            }
        }
        if !filter.q.is_empty() {
            add("q", c.t("action-search"), filter.q.clone());
        }
        Self {
            form: FormView::filter("transfer-filter-", query.pairs(), &filter.faults),
            is_understood: filter.faults.is_empty(),
            statuses: any(&c).chain(Status::ALL.iter().map(|s| Choice::new(s, c.t(s.key())))).collect(),
            is_agency: me.agency.is_some(),
            pager: page.pager(&query, |(row, _)| cursor_of(row)),
            csv: export("csv"),
            xlsx: export("xlsx"),
            figure: String::new(),
            rows: page.rows.iter().map(|f| row(&c, f, at)).collect(),
            agencies,
            active,
            c,
        }
    }
}
