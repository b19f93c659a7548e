//! What lists of transfers are narrowed to and how they are ordered; everything of it stands in the address.

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::{
    audit::Entry,
    directory::{
        people::{Actor, Side},
        reference::asked,
    },
    handover::{
        counted,
        transfer::{model::State, store::TransferRow},
        waiting::Waits,
    },
    platform::{
        db::{Id, Instant},
        error::FieldError,
        http::form::Form,
        keyset::Edge,
        time,
    },
};

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// By the time of sending, the newest first.
    #[default]
    Newest,
    /// By the time of sending, the oldest first.
    Oldest,
    /// By what is due next for the reader's side.
    Due,
}

impl Sort {
    /// Reads the parameter `sort`; without one a liaison's list goes by what is due next.
    fn read(query: &mut Form, me: &Actor) -> Self {
        let all = [Self::Newest, Self::Oldest, Self::Due];
        let usual = if me.agency.is_some() { Self::Due } else { Self::Newest };
        query.asked("sort", |raw| all.into_iter().find(|sort| sort.word() == raw)).unwrap_or(usual)
    }

    /// The parameter `sort`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Newest => "-sent",
            Self::Oldest => "sent",
            Self::Due => "due",
        }
    }
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub state: Option<State>,
    pub agency: Option<Id>,
    /// Digits with which a region's code begins: all agencies in it and below.
    pub region: String,
    pub overdue: bool,
    /// Only what waits for the reader's side; for the platform about leads that the reader owns or is assigned, but for
    /// what waits about any.
    pub waits: Option<Waits>,
    /// The only transfers that wait so for the reader, where no condition tells them and once they are looked up.
    pub only: Option<Vec<Id>>,
    /// Days of the first sending.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub due_before: Option<Instant>,
    /// Only those by which a lead counts at a stage in a year, as the annual report does.
    pub counted: Option<Counted>,
    pub q: String,
    /// These alone; empty: all.
    pub picked: Vec<Id>,
    /// The only rows that `q` is said of, where that is known already.
    pub keys: Option<Vec<i64>>,
    pub sort: Sort,
    pub edge: Edge<Cursor>,
    /// What of the address was not understood: shown at its field, and nothing passes for an answer.
    pub faults: Vec<FieldError>,
}

/// What a figure of the annual report counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// `sent`, `received` or `accepted`.
    pub stage: &'static str,
    pub year: i32,
    /// As the log was at this size.
    pub log_size: Option<i64>,
    /// Those that were merged instead: their lead counts by another transfer.
    pub merged: bool,
    /// Only one part of its breakdowns.
    pub parts: Vec<counted::Part>,
}

impl Counted {
    fn read(query: &mut Form) -> Option<Self> {
        let words = || counted::STAGES.iter().map(counted::Stage::word);
        let stage = query.asked("counted", |raw| words().find(|stage| *stage == raw));
        let year = query.asked("year", time::year);
        let (log_size, merged) = (query.asked_log_size(), query.asked_flag("merged", "1"));
        let parts = counted::Part::read(query, "lead_region");
        if stage.is_some() && !query.has("year") {
            query.fault("year", "error-required");
        }
        Some(Self { stage: stage?, year: year?, log_size, merged, parts })
    }

    /// The condition on the transfer `t`.
    fn wanted(&self, zone: Tz) -> Option<String> {
        let stage = counted::STAGES.iter().find(|stage| stage.word() == self.stage)?;
        let span = counted::Span::new(self.year, zone);
        let which = if self.merged { counted::merged_at_stage } else { counted::first_at_stage };
        let mut wanted = which(stage, &span, self.log_size);
        wanted.extend(self.parts.iter().map(|part| part.of_transfer(stage, &span)));
        Some(wanted)
    }

    /// As SQL on `transfer`.
    pub fn condition(&self, zone: Tz) -> Option<String> {
        let wanted = self.wanted(zone)?;
        Some(format!("transfer.id IN (SELECT t.id FROM transfer t WHERE {wanted})"))
    }

    /// How many there are, as a statement that gives it as `n`.
    pub fn total(&self, zone: Tz) -> Option<String> {
        let wanted = self.wanted(zone)?;
        Some(format!("SELECT COUNT(*) AS n FROM transfer t WHERE {wanted}"))
    }
}

/// A row as an address names it: `<instant>.<id>`, the instant being what the list goes by (`-` for none due). Its place
/// in the order of all transfers stands in no address: two visits would tell an agency how many the others had meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub at: Option<Instant>,
    pub id: Id,
}

impl Cursor {
    /// Reads a cursor; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('.')?;
        let at = if at == "-" { None } else { Some(Instant::from_micros(at.parse().ok()?)) };
        Some(Self { at, id: id.parse().ok()? })
    }

    /// As it stands in an address for a reader of that side.
    pub fn text(row: &TransferRow, sort: Sort, reader: Side) -> String {
        let id = row.id;
        Place::of(row, sort, reader)
            .at
            .map_or_else(|| format!("-.{id}"), |at| format!("{}.{id}", at.micros()))
    }
}

/// Where a row stands in the list's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub at: Option<Instant>,
    pub seq: i64,
}

impl Place {
    /// The place of `row` for a reader of that side.
    pub fn of(row: &TransferRow, sort: Sort, reader: Side) -> Self {
        let at = if sort == Sort::Due { row.due_for(reader) } else { Some(row.sent_at) };
        Self { at, seq: row.seq }
    }
}

impl Filter {
    /// Reads the address. A liaison's list goes by what is due next unless asked.
    pub fn read(query: &mut Form, me: &Actor) -> Self {
        let sort = Sort::read(query, me);
        let own = me.agency.is_some();
        let (from, to) = query.asked_days();
        // A list by the time of sending has no rows without one.
        let cursor = |text: &str| Cursor::parse(text).filter(|at| sort == Sort::Due || at.at.is_some());
        Self {
            state: query.asked_word("state"),
            agency: query.asked_agency(own),
            region: asked::region(query),
            overdue: query.asked_flag("overdue", "yes"),
            from,
            to,
            waits: query
                .asked("waits", |raw| raw.parse::<Waits>().ok().filter(|waits| waits.is_for(me.side))),
            only: None,
            due_before: None,
            counted: if own { None } else { Counted::read(query) },
            q: query.text("q", 100),
            picked: Vec::new(),
            keys: None,
            sort,
            edge: query.asked_edge(cursor),
            faults: query.errors().to_vec(),
        }
    }

    /// Whether it narrows by nothing but an agency, which an index goes by.
    pub fn is_by_agency_alone(&self) -> bool {
        let days = self.from.is_some() || self.to.is_some() || self.due_before.is_some();
        let others = self.overdue || self.waits.is_some() || self.counted.is_some();
        !days && !others && self.state.is_none() && self.region.is_empty() && self.q.is_empty()
    }

    /// An entry that says what was asked for: codes, days and numbers; the words that were searched for may name
    /// somebody.
    pub fn entry(&self, verb: &'static str) -> Entry {
        let day = |day: Option<NaiveDate>| day.map_or_else(String::new, |d| d.to_string());
        let facts = [
            ("state", self.state.map_or("", State::as_str).to_owned()),
            ("agency", self.agency.map_or_else(String::new, |id| id.to_string())),
            ("region", self.region.clone()),
            ("overdue", if self.overdue { "yes".to_owned() } else { String::new() }),
            ("waits_for", self.waits.map_or("", Waits::as_str).to_owned()),
            ("from", day(self.from)),
            ("to", day(self.to)),
            (
                "counted",
                self.counted.as_ref().map_or_else(String::new, |c| format!("{} {}", c.stage, c.year)),
            ),
        ];
        let facts = facts.into_iter().filter(|(_, value)| !value.is_empty());
        let entry = facts.fold(Entry::new(verb), |entry, (name, value)| entry.fact(name, value));
        if self.q.is_empty() { entry } else { entry.private("q", self.q.as_str()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back() {
        let id = Id::new();
        assert_eq!(Cursor::parse(&format!("-.{id}")), Some(Cursor { at: None, id }));
        let at = Some(Instant::from_micros(12));
        assert_eq!(Cursor::parse(&format!("12.{id}")), Some(Cursor { at, id }));
        assert_eq!((Cursor::parse("x"), Cursor::parse("12.7")), (None, None));
        assert_eq!(Cursor::parse(&id.to_string()), None);
    }
}
