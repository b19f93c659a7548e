//! What the log says about one lead.

use std::cmp::Reverse;

use diesel::{dsl::count_star, prelude::*, sql_types::Bool};
use serde_json::Value;

use super::model::{Kind, is_of_case};
use crate::{
    platform::{
        db::{
            Connection, Id, Instant, fixed, not_by_index,
            schema::{audit_entry, audit_object, happening},
        },
        error::Result,
    },
    reporting::words::is_read,
};

/// Entries of the timeline on one page.
const PAGE: i64 = 50;

/// So many entries are counted at most: everybody's looks are among them.
const MOST_COUNTED: i64 = 2_000;

/// The kinds of objects under which the log names a case and its results.
const LATER: [&str; 2] = ["case", "outcome"];

/// One entry of the log.
#[derive(Clone, Debug)]
pub struct EntryOf {
    pub id: Id,
    pub at: Instant,
    pub actor_id: Option<Id>,
    pub actor_name: String,
    pub verb: String,
    pub outcome: String,
    pub leaf: Value,
}

impl EntryOf {
    /// What the leaf names one by one: kind and id.
    pub fn objects(&self) -> Vec<(String, Id)> {
        let named = self.leaf["objects"].as_array().into_iter().flatten();
        named.filter_map(|o| Some((o[0].as_str()?.to_owned(), o[1].as_str()?.parse().ok()?))).collect()
    }

    /// Whom the lead was given to.
    pub fn assignee(&self) -> Option<Id> {
        let named = self.objects().into_iter().find(|(kind, _)| kind == "person");
        named.filter(|_| self.verb == "lead.assign").map(|(_, id)| id)
    }

    /// The comments that it is about.
    pub fn comments(&self) -> Vec<Id> {
        let of = |(kind, id): (String, Id)| (kind == "comment").then_some(id);
        self.objects().into_iter().filter_map(of).collect()
    }
}

/// What the timeline of a lead is about.
#[derive(Clone, Debug)]
pub(super) struct About {
    pub lead: Id,
    /// The cases that it became part of, and their results.
    pub later: Vec<Id>,
}

/// Those of `verbs` that are of a kind, as a list of SQL. `later`: of cases and results alone, and no looks: everybody's lists
/// name those.
fn listed(verbs: &[&'static str], kind: Kind, later: bool) -> String {
    let of = |verb: &&&'static str| kind.holds(verb) && (!later || (is_of_case(verb) && !is_read(verb)));
    let wanted: Vec<String> = verbs.iter().filter(of).map(|verb| format!("'{verb}'")).collect();
    wanted.join(", ")
}

/// The entries of a kind about a lead and what it led to, newest first, behind `before`; and whether older ones follow.
/// `verbs`: all that the log may hold.
///
/// # Errors
/// Those of the database.
pub(super) fn entries_of(
    conn: &mut Connection,
    about: &About,
    (kind, before): (Kind, Option<Id>),
    verbs: &[&'static str],
) -> Result<(Vec<EntryOf>, bool)> {
    let own = if kind == Kind::All { String::new() } else { listed(verbs, kind, false) };
    let mut found = part_of(conn, about, (false, before), &own)?;
    let of_later = listed(verbs, kind, true);
    if !about.later.is_empty() && !of_later.is_empty() {
        found.extend(part_of(conn, about, (true, before), &of_later)?);
        found.sort_unstable_by_key(|entry| Reverse(entry.id));
    }
    let has_older = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    Ok((found, has_older))
}

/// A page and one more of the entries by `verbs` (empty: by any) that name the lead; or, for `later`, of those that tell what
/// happened to its cases and results and do not name the lead.
fn part_of(
    conn: &mut Connection,
    about: &About,
    (later, before): (bool, Option<Id>),
    verbs: &str,
) -> Result<Vec<EntryOf>> {
    let own =
        audit_object::table.filter(audit_object::object_id.eq(about.lead)).select(audit_object::entry_id);
    let mut query = audit_entry::table.into_boxed();
    if later {
        let of_cases = audit_object::table
            .filter(audit_object::object_id.eq_any(&about.later))
            .filter(audit_object::kind.eq_any(LATER))
            .filter(audit_object::entry_id.eq_any(happening::table.select(happening::entry_id)))
            .select(audit_object::entry_id);
        query = query.filter(audit_entry::id.eq_any(of_cases)).filter(audit_entry::id.ne_all(own));
    } else {
        query = query.filter(audit_entry::id.eq_any(own));
    }
    if !verbs.is_empty() {
        let plus = not_by_index(conn);
        query = query.filter(fixed::<Bool>(format!("{plus}audit_entry.verb IN ({verbs})")));
    }
    if let Some(before) = before {
        query = query.filter(audit_entry::id.lt(before));
    }
    type Raw = (Id, Instant, Option<Id>, String, String, String, Vec<u8>);
    let rows: Vec<Raw> = query
        .order(audit_entry::id.desc())
        .limit(PAGE + 1)
        .select((
            audit_entry::id,
            audit_entry::at,
            audit_entry::actor_id,
            audit_entry::actor_name,
            audit_entry::verb,
            audit_entry::outcome,
            audit_entry::leaf,
        ))
        .load(conn)?;
    let read = |(id, at, actor_id, actor_name, verb, outcome, leaf): Raw| EntryOf {
        id,
        at,
        actor_id,
        actor_name,
        verb,
        outcome,
        leaf: serde_json::from_slice(&leaf).unwrap_or(Value::Null),
    };
    Ok(rows.into_iter().map(read).collect())
}

/// How many entries there are about a lead and what it led to by verb; none where there are more than are counted.
///
/// # Errors
/// Those of the database.
pub(super) fn counts_of(
    conn: &mut Connection,
    about: &About,
    verbs: &[&'static str],
) -> Result<Vec<(String, i64)>> {
    let newest = audit_object::table
        .filter(audit_object::object_id.eq(about.lead))
        .filter(audit_object::kind.eq("lead"))
        .order(audit_object::entry_id.desc())
        .limit(MOST_COUNTED)
        .select(audit_object::entry_id);
    let mut found: Vec<(String, i64)> = audit_entry::table
        .filter(audit_entry::id.eq_any(newest))
        .group_by(audit_entry::verb)
        .select((audit_entry::verb, count_star()))
        .load(conn)?;
    if !about.later.is_empty() {
        let own =
            audit_object::table.filter(audit_object::object_id.eq(about.lead)).select(audit_object::entry_id);
        let of_cases = audit_object::table
            .filter(audit_object::object_id.eq_any(&about.later))
            .filter(audit_object::kind.eq_any(LATER))
            .filter(audit_object::entry_id.eq_any(happening::table.select(happening::entry_id)))
            .select(audit_object::entry_id);
        let plus = not_by_index(conn);
        let of_later = listed(verbs, Kind::Result, true);
        let later: Vec<(String, i64)> = audit_entry::table
            .filter(audit_entry::id.eq_any(of_cases))
            .filter(audit_entry::id.ne_all(own))
            .filter(fixed::<Bool>(format!("{plus}audit_entry.verb IN ({of_later})")))
            .group_by(audit_entry::verb)
            .select((audit_entry::verb, count_star()))
            .load(conn)?;
        found.extend(later);
    }
    let all: i64 = found.iter().map(|(_, n)| n).sum();
    Ok(if all < MOST_COUNTED { found } else { Vec::new() })
}
