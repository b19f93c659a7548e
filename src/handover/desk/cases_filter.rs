//! What the list of cases is narrowed to and how it is ordered; everything of it stands in the address. Pure.

use chrono::NaiveDate;

use crate::{
    audit::Entry,
    directory::{
        people::{Actor, Recorder},
        reference::asked,
    },
    handover::{
        agency_case::{model::Status, store::CaseRow},
        counted,
        waiting::case_papers,
    },
    platform::{
        db::{Id, Instant},
        error::FieldError,
        http::{
            form::Form,
            sorting::{self, Order},
        },
        keyset::Edge,
        time::{self, Tz},
    },
};

/// By which of its days a case is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dated {
    #[default]
    Opened,
    Filed,
}

impl Dated {
    /// The word in the address that asks by the day of filing.
    pub const FILED: &'static str = "filed";

    fn read(word: &str) -> Option<Self> {
        match word {
            "opened" => Some(Self::Opened),
            Self::FILED => Some(Self::Filed),
            _ => None,
        }
    }
}

/// By what the list is sorted; ties by id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// When the agency accepted it.
    #[default]
    Opened,
    /// The day of filing; what is not filed stands behind the others, whichever way it goes.
    Filed,
}

impl Order for By {
    const ALL: &'static [Self] = &[By::Opened, By::Filed];

    fn key(self) -> &'static str {
        match self {
            By::Opened => "opened",
            By::Filed => "filed",
        }
    }

    fn label(self) -> &'static str {
        match self {
            By::Opened => "case-col-opened",
            By::Filed => "case-col-filed",
        }
    }
}

pub type Sort = sorting::Sort<By>;

/// Unless told: the newest first.
pub const USUAL: Sort = Sort { by: By::Opened, descending: true };

/// What the list goes by at a case: when it was opened, the day of its filing, and its id.
pub type Key = (Instant, Option<NaiveDate>, Id);

/// What the list goes by at a row.
pub fn key_of(row: &CaseRow) -> Key {
    (row.opened_at, row.filed_on, row.id)
}

/// What the list of cases is narrowed to.
#[derive(Clone, Debug)]
pub struct Filter {
    pub status: Option<Status>,
    pub agency: Option<Id>,
    /// Digits with which the code of the case's region begins.
    pub region: String,
    /// Part of what the officer is called.
    pub officer: String,
    /// Which of its days `from` and `to` are about.
    pub dated: Dated,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub q: String,
    /// Filed in this year of the configured zone, as the annual report counts; as the log was at a size.
    pub filed_year: Option<(counted::Span, Option<i64>)>,
    /// Only one part of that figure's breakdowns.
    pub parts: Vec<counted::Part>,
    /// These alone; empty: all.
    pub picked: Vec<Id>,
    /// Only those with a scan that the reader is to record from.
    pub papers_wait: bool,
    /// Which cases those are, once they are looked up.
    pub only: Option<Vec<Id>>,
    pub sort: Sort,
    pub edge: Edge<Id>,
    /// In which the days are.
    pub zone: Tz,
    /// What of the address was not understood: shown at its field, and nothing passes for an answer.
    pub faults: Vec<FieldError>,
}

impl Filter {
    /// Nothing but an order.
    pub fn sorted(sort: Sort, zone: Tz) -> Self {
        Self {
            status: None,
            agency: None,
            region: String::new(),
            officer: String::new(),
            dated: Dated::Opened,
            from: None,
            to: None,
            q: String::new(),
            filed_year: None,
            parts: Vec::new(),
            picked: Vec::new(),
            papers_wait: false,
            only: None,
            sort,
            edge: Edge::Start,
            zone,
            faults: Vec::new(),
        }
    }

    /// Reads the address.
    pub fn read(query: &mut Form, me: &Actor, zone: Tz) -> Self {
        let (year, log_size) = (query.asked("filed_year", time::year), query.asked_log_size());
        let (from, to) = query.asked_days();
        let region = asked::region(query);
        let parts = counted::Part::read(query, "region");
        let filed_year = year.map(|year| (counted::Span::new(year, zone), log_size));
        // What other lists call it. Passed over, the whole list would pass for an answer.
        query.asked("state", |_| None::<()>);
        Self {
            status: query.asked_word("status"),
            agency: query.asked_agency(me.agency.is_some()),
            // Of a figure the region is a part.
            region: if filed_year.is_some() { String::new() } else { region },
            officer: query.text("officer", 100),
            dated: query.asked("dated", Dated::read).unwrap_or_default(),
            from,
            to,
            q: query.text("q", 100),
            filed_year,
            parts,
            papers_wait: query
                .asked("waits", |raw| (raw == case_papers::WORD && me.has_any(Recorder::ROLES)).then_some(()))
                .is_some(),
            sort: query.asked("sort", Sort::parse).unwrap_or(USUAL),
            edge: query.asked_edge(|raw| raw.parse().ok()),
            faults: query.errors().to_vec(),
            ..Self::sorted(USUAL, zone)
        }
    }

    /// Whether it narrows by nothing but an agency, which an index goes by.
    pub fn is_by_agency_alone(&self) -> bool {
        let texts = [&self.q, &self.region, &self.officer].into_iter().all(String::is_empty);
        texts && self.from.is_none() && self.to.is_none() && !self.papers_wait
    }

    /// The first and the last instant of the days that a case was opened on.
    pub fn opened(&self) -> (Option<Instant>, Option<Instant>) {
        if self.dated == Dated::Filed {
            return (None, None);
        }
        let first = self.from.map(|day| time::start_of_day(day, self.zone));
        (first, self.to.map(|day| time::end_of_day(day, self.zone)))
    }

    /// The first and the last day that a case was filed on.
    pub fn filed(&self) -> (Option<NaiveDate>, Option<NaiveDate>) {
        if self.dated == Dated::Filed { (self.from, self.to) } else { (None, None) }
    }

    /// An entry that says what was asked for; the words that were searched for may name somebody.
    pub fn entry(&self, verb: &'static str) -> Entry {
        let day = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
        let facts = [
            ("status", self.status.map_or("", Status::as_str).to_owned()),
            ("agency", self.agency.map_or_else(String::new, |id| id.to_string())),
            ("region", self.region.clone()),
            ("dated", if self.dated == Dated::Filed { Dated::FILED.to_owned() } else { String::new() }),
            ("from", day(self.from)),
            ("to", day(self.to)),
            ("waits_for", if self.papers_wait { case_papers::WORD.to_owned() } else { String::new() }),
            ("filed_year", self.filed_year.as_ref().map_or_else(String::new, |(y, _)| y.year.to_string())),
        ];
        let facts = facts.into_iter().filter(|(_, value)| !value.is_empty());
        let entry = facts.fold(Entry::new(verb), |entry, (name, value)| entry.fact(name, value));
        let typed =
            [("q", &self.q), ("officer", &self.officer)].into_iter().filter(|(_, text)| !text.is_empty());
        typed.fold(entry, |entry, (name, text)| entry.private(name, text.as_str()))
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
