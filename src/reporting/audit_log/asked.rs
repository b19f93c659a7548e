//! What the log is searched for; everything of it stands in the address.

use chrono::Days;
use chrono_tz::Tz;
use diesel::prelude::*;

use crate::{
    audit::{Entry, Filter},
    platform::{
        db::{
            Connection, Id,
            schema::{agency, agency_case, lead, person, transfer},
        },
        error::{FieldError, Result},
        http::link::Query,
        keyset::Edge,
        time,
    },
};

/// The orders of the list, as the parameter `sort` has them.
pub const NEWEST: &str = "-at";
pub const OLDEST: &str = "at";

/// The parameters as typed; [`Asked::filter`] makes them a question.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub verb: String,
    /// A user name, a name, or an id.
    pub actor: String,
    pub outcome: String,
    /// An id, the number of a lead, of transfers or of cases, or the code of an agency.
    pub object: String,
    pub from: String,
    pub to: String,
    /// [`NEWEST`] or [`OLDEST`]; empty: as the former.
    pub sort: String,
    pub edge: Edge<Id>,
    /// Edges that could not be read.
    strange: Vec<&'static str>,
}

impl Asked {
    pub fn read(query: &Query) -> Self {
        let text = |name: &str| -> String { query.get(name).trim().chars().take(100).collect() };
        Self {
            verb: text("verb"),
            actor: text("actor"),
            outcome: text("outcome"),
            object: text("object"),
            from: text("from"),
            to: text("to"),
            sort: text("sort"),
            edge: Edge::read(query, |text| text.parse().ok()),
            strange: ["after", "before"]
                .into_iter()
                .filter(|name| !query.get(name).is_empty() && query.get(name).parse::<Id>().is_err())
                .collect(),
        }
    }

    /// Whether it asks for the whole log, however its entries ended.
    pub fn is_whole(&self) -> bool {
        [&self.verb, &self.actor, &self.object, &self.from, &self.to].into_iter().all(String::is_empty)
    }

    /// The question, and what of the address could not be read. `verbs`: those that the log may hold.
    ///
    /// # Errors
    /// Those of the database.
    pub fn filter(
        &self,
        conn: &mut Connection,
        verbs: &[&str],
        zone: Tz,
    ) -> Result<(Filter, Vec<FieldError>)> {
        let mut faults = Vec::new();
        let given = |text: &String| (!text.is_empty()).then(|| text.clone());
        let mut filter = Filter {
            verb_prefix: given(&self.verb),
            oldest_first: self.sort == OLDEST,
            edge: self.edge,
            ..Filter::default()
        };
        if !["", NEWEST, OLDEST].contains(&self.sort.as_str()) {
            faults.push(FieldError::new("sort", "error-unknown"));
        }
        // A verb's word, or how some begin; that the log holds none of them would be an answer.
        if !verbs.iter().any(|verb| verb.starts_with(self.verb.as_str())) {
            faults.push(FieldError::new("verb", "error-unknown"));
        }
        if !self.outcome.is_empty() {
            filter.outcome = given(&self.outcome).filter(|word| word == "done" || word == "refused");
            if filter.outcome.is_none() {
                faults.push(FieldError::new("outcome", "error-unknown"));
            }
        }
        if !self.object.is_empty() {
            let found = match self.object.parse::<Id>() {
                Ok(id) => vec![id],
                Err(_) => numbered(conn, &self.object)?,
            };
            match found.len() {
                0 => faults.push(FieldError::new("object", "error-audit-object")),
                1 => filter.object = found.first().copied(),
                _ => filter.any = found,
            }
        }
        if !self.actor.is_empty() {
            let found = match self.actor.parse::<Id>() {
                Ok(id) => vec![id],
                Err(_) => people_called(conn, &self.actor)?,
            };
            match found.len() {
                0 => faults.push(FieldError::new("actor", "error-audit-actor")),
                1 => filter.actor = found.first().copied(),
                _ => filter.actors = found,
            }
        }
        for (name, text, is_end) in [("from", &self.from, false), ("to", &self.to, true)] {
            if text.is_empty() {
                continue;
            }
            match time::parse_date(text) {
                Ok(day) if is_end => {
                    let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
                    filter.to = Some(time::start_of_day(next, zone));
                }
                Ok(day) => filter.from = Some(time::start_of_day(day, zone)),
                Err(e) => faults.push(e.fault(name)),
            }
        }
        if filter.from.zip(filter.to).is_some_and(|(from, to)| from >= to) {
            faults.push(FieldError::new("to", "error-date-order"));
        }
        for name in &self.strange {
            faults.push(FieldError::new(*name, "error-not-understood"));
        }
        Ok((filter, faults))
    }

    /// What the log is told of the question itself: as facts what was understood of it, which can name nobody; as it
    /// was typed only in the part that can be erased.
    pub fn entry(&self, verb: &'static str, filter: &Filter) -> Entry {
        let mut entry = Entry::new(verb);
        // So many agencies may have a transfer of one number that their ids would not fit into a leaf. What an agency
        // calls its cases is its own text.
        let object = match filter.object {
            Some(id) => Some(id.to_string()),
            None if filter.any.is_empty() => None,
            None if is_transfer_number(&self.object) => Some(self.object.to_uppercase()),
            None => {
                let ids: Vec<String> = filter.any.iter().take(MOST_IDS).map(ToString::to_string).collect();
                Some(ids.join(" "))
            }
        };
        let several: Vec<String> = filter.actors.iter().map(ToString::to_string).collect();
        let actor =
            filter.actor.map(|id| id.to_string()).or((!several.is_empty()).then(|| several.join(" ")));
        let facts = [
            ("outcome", filter.outcome.clone()),
            ("object", object),
            ("actor", actor),
            ("from", filter.from.map(|at| at.to_string())),
            ("to", filter.to.map(|at| at.to_string())),
            ("sort", filter.oldest_first.then(|| OLDEST.to_owned())),
        ];
        for (name, value) in facts {
            if let Some(value) = value {
                entry = entry.fact(name, value);
            }
        }
        let typed = [
            ("verb", &self.verb),
            ("actor", &self.actor),
            ("object", &self.object),
            ("from", &self.from),
            ("to", &self.to),
        ];
        for (name, text) in typed {
            if !text.is_empty() {
                entry = entry.private(name, text.as_str());
            }
        }
        entry
    }
}

/// So many accounts of one name are searched at once.
const MOST_NAMED: i64 = 100;
/// So many ids at most in a fact, so that it fits into a leaf; how the question was typed is kept beside it.
const MOST_IDS: usize = 100;

/// Whether the text has the form of the numbers that transfers are counted by, `YS-2016-0001`: it can name nobody.
fn is_transfer_number(text: &str) -> bool {
    let (head, rest) = text.split_at_checked(3).unwrap_or_default();
    head.eq_ignore_ascii_case("YS-") && rest.bytes().all(|b| b.is_ascii_digit() || b == b'-')
}

/// The lead of a number, else the transfers of it: each agency counts its own, so that several may bear the same; else
/// the agency of a code, else the cases that agencies call so.
fn numbered(conn: &mut Connection, number: &str) -> Result<Vec<Id>> {
    let (typed, number) = (number, number.to_uppercase());
    let leads: Vec<Id> = lead::table.filter(lead::number.eq(&number)).select(lead::id).load(conn)?;
    if !leads.is_empty() {
        return Ok(leads);
    }
    let transfers: Vec<Id> =
        transfer::table.filter(transfer::number.eq(&number)).select(transfer::id).load(conn)?;
    if !transfers.is_empty() {
        return Ok(transfers);
    }
    let agencies: Vec<Id> = agency::table.filter(agency::code.eq(&number)).select(agency::id).load(conn)?;
    if !agencies.is_empty() {
        return Ok(agencies);
    }
    Ok(agency_case::table.filter(agency_case::number.eq(typed)).select(agency_case::id).load(conn)?)
}

/// The accounts that go by a user name or by a person's name, the oldest first: several people may bear one name, and one
/// person may have had several accounts.
fn people_called(conn: &mut Connection, name: &str) -> Result<Vec<Id>> {
    Ok(person::table
        .filter(person::username.eq(name).or(person::name.eq(name)))
        .order((person::created_at, person::id))
        .limit(MOST_NAMED)
        .select(person::id)
        .load(conn)?)
}

/// The user names of at most `most` of these accounts, sorted.
///
/// # Errors
/// Those of the database.
pub fn usernames(conn: &mut Connection, ids: &[Id], most: i64) -> Result<Vec<String>> {
    Ok(person::table
        .filter(person::id.eq_any(ids))
        .order(person::username)
        .limit(most)
        .select(person::username)
        .load(conn)?)
}
