//! How the entries on a question ended, of which a list tells the numbers.

use diesel::prelude::*;

use super::read::{Filter, narrowed};
use crate::platform::{
    db::{
        Connection, Id, Instant,
        schema::{audit_entry, audit_object},
    },
    error::Result,
};

/// A part of a question, the entries of which lie in order behind one index; without a verb: by whichever the filter says.
type Part<'a> = (Filter, Option<&'a str>);

/// The newest entry of a part that is not looked at, by what its index goes by.
#[derive(Clone, Copy, Debug)]
enum Behind {
    Id(Id),
    At(Instant),
}

/// How the newest entries on a filter ended, whichever end it asks for (`done`, `refused`): at most some more than `most` of
/// them, and whether there may be older ones that were not looked at. `verbs`: all that the log may hold.
///
/// # Errors
/// Those of the database.
pub fn outcomes(
    conn: &mut Connection,
    filter: &Filter,
    verbs: &[&str],
    most: i64,
) -> Result<(Vec<String>, bool)> {
    let parts = parts(filter, verbs);
    let each = most / i64::try_from(parts.len()).unwrap_or(most).max(1);
    let (mut outcomes, mut is_part) = (Vec::new(), false);
    for part in &parts {
        let behind = not_looked_at(conn, part, each)?;
        let (filter, verb) = part;
        let mut query = narrowed!(audit_entry::table, filter);
        if let Some(verb) = verb {
            query = query.filter(audit_entry::verb.eq(*verb));
        }
        // In this order it goes along the index that the entry was found by.
        query = match behind {
            None => query,
            Some(Behind::Id(id)) => query.filter(audit_entry::id.gt(id)).order(audit_entry::id.desc()),
            Some(Behind::At(at)) => query.filter(audit_entry::at.ge(at)).order(audit_entry::at.desc()),
        };
        let found: Vec<String> = query.select(audit_entry::outcome).limit(each + 1).load(conn)?;
        is_part |= behind.is_some() || i64::try_from(found.len()).is_ok_and(|n| n > each);
        outcomes.extend(found);
    }
    Ok((outcomes, is_part))
}

/// No entry is in two of them: one has one actor and one verb.
fn parts<'a>(filter: &Filter, verbs: &[&'a str]) -> Vec<Part<'a>> {
    let filter = Filter { outcome: None, ..filter.clone() };
    if !filter.actors.is_empty() {
        let of = |actor: &Id| Filter { actor: Some(*actor), actors: Vec::new(), ..filter.clone() };
        return filter.actors.iter().map(|actor| (of(actor), None)).collect();
    }
    match &filter.verb_prefix {
        Some(prefix) if filter.actor.is_none() && filter.object.is_none() && filter.any.is_empty() => {
            let begun = verbs.iter().copied().filter(|verb| verb.starts_with(prefix.as_str()));
            begun.map(|verb| (Filter { verb_prefix: None, ..filter.clone() }, Some(verb))).collect()
        }
        _ => vec![(filter, None)],
    }
}

/// Where looking at a part ends: an index gives so many newer entries. `None`: all are looked at.
fn not_looked_at(conn: &mut Connection, (filter, verb): &Part<'_>, each: i64) -> Result<Option<Behind>> {
    if let Some(actor) = filter.actor {
        let own = audit_entry::table.filter(audit_entry::actor_id.eq(actor)).order(audit_entry::id.desc());
        let id: Option<Id> = own.select(audit_entry::id).offset(each).first(conn).optional()?;
        return Ok(id.map(Behind::Id));
    }
    if let Some(object) = filter.object {
        let about = audit_object::table.filter(audit_object::object_id.eq(object));
        let newest = about.order(audit_object::entry_id.desc()).select(audit_object::entry_id);
        let id: Option<Id> = newest.offset(each).first(conn).optional()?;
        return Ok(id.map(Behind::Id));
    }
    if !filter.any.is_empty() {
        return Ok(None);
    }
    let mut query = audit_entry::table.select(audit_entry::at).into_boxed();
    if let Some(verb) = verb {
        query = query.filter(audit_entry::verb.eq(*verb));
    }
    if let Some(from) = filter.from {
        query = query.filter(audit_entry::at.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(audit_entry::at.lt(to));
    }
    let at: Option<Instant> = query.order(audit_entry::at.desc()).offset(each).first(conn).optional()?;
    Ok(at.map(Behind::At))
}
