//! What the log is searched for; everything of it stands in the address.

use chrono::Days;
use chrono_tz::Tz;
use diesel::prelude::*;

use crate::{
    audit::{Entry, Filter},
    platform::{
        db::{
            Connection, Id,
            schema::{lead, person, transfer},
        },
        error::{FieldError, Result},
        http::link::Query,
        keyset::Edge,
        time,
    },
};

/// The parameters as typed; [`Asked::filter`] makes them a question.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub verb: String,
    /// A user name, a name, or an id.
    pub actor: String,
    pub outcome: String,
    /// An id, or the number of a lead or of transfers.
    pub object: String,
    pub from: String,
    pub to: String,
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
            edge: Edge::read(query, |text| text.parse().ok()),
            strange: ["after", "before"]
                .into_iter()
                .filter(|name| !query.get(name).is_empty() && query.get(name).parse::<Id>().is_err())
                .collect(),
        }
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
        let mut filter = Filter { verb_prefix: given(&self.verb), edge: self.edge, ..Filter::default() };
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
            filter.actor = match self.actor.parse() {
                Ok(id) => Some(id),
                Err(_) => person_called(conn, &self.actor)?,
            };
            if filter.actor.is_none() {
                faults.push(FieldError::new("actor", "error-audit-actor"));
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
                Err(e) => faults.push(FieldError::new(name, e.key())),
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
        // So many agencies may have a transfer of one number that their ids would not fit into a leaf.
        let object = match filter.object {
            Some(id) => Some(id.to_string()),
            None => (!filter.any.is_empty()).then(|| self.object.to_uppercase()),
        };
        let facts = [
            ("outcome", filter.outcome.clone()),
            ("object", object),
            ("actor", filter.actor.map(|id| id.to_string())),
            ("from", filter.from.map(|at| at.to_string())),
            ("to", filter.to.map(|at| at.to_string())),
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

/// The lead of a number, else the transfers of it: each agency counts its own, so that several may bear the same.
fn numbered(conn: &mut Connection, number: &str) -> Result<Vec<Id>> {
    let number = number.to_uppercase();
    let leads: Vec<Id> = lead::table.filter(lead::number.eq(&number)).select(lead::id).load(conn)?;
    if !leads.is_empty() {
        return Ok(leads);
    }
    Ok(transfer::table.filter(transfer::number.eq(&number)).select(transfer::id).load(conn)?)
}

fn person_called(conn: &mut Connection, name: &str) -> Result<Option<Id>> {
    Ok(person::table
        .filter(person::username.eq(name).or(person::name.eq(name)))
        .order(person::created_at)
        .select(person::id)
        .first(conn)
        .optional()?)
}
