//! The entries that are new to somebody: by the agency's own objects, or along the happenings from the newest on, those that
//! the reader's roles are told of.

use std::collections::HashMap;

use diesel::{
    QueryableByName,
    prelude::*,
    sql_query,
    sql_types::{BigInt, Binary},
};
use serde_json::Value;

use super::called::{self, Called};
use crate::{
    audit::first_id_at,
    directory::people::{Actor, Role, policy::CASE_READERS},
    platform::{
        db::{
            Connection, Id, Instant,
            schema::{audit_entry, audit_object, happening, lead, person},
        },
        error::Result,
    },
};

/// Entries on a page of changes.
pub const PAGE: usize = 50;
/// So many happenings of all leads are looked at for one page; the next page goes on from there.
const LOOKED_AT: i64 = 1_000;

/// What an agency is told of: what its own people did and what the platform did towards it. What the platform does for
/// itself (a receipt on file, that nothing is asked for, that nothing is passed on) is none of its business.
const TOLD_TO_AGENCIES: &str = "'transfer.send', 'transfer.acknowledge', 'transfer.accept', 'transfer.refuse', \
    'transfer.return', 'transfer.request_supplement', 'transfer.forward', 'transfer.not_ours', \
    'transfer.withdraw', 'transfer.file', 'transfer.not_file', 'transfer.message', 'transfer.extend_deadline', \
    'transfer.serve_no_filing', 'transfer.ask_reconsideration', 'transfer.decide_reconsideration', \
    'transfer.ask_review', 'transfer.decide_review', 'case.step', 'case.reopen', 'outcome.propose', \
    'outcome.take_back', 'outcome.confirm', 'outcome.reject'";

/// What is told beside that to those who follow all of it.
const TOLD_TO_THE_PLATFORM: &str = "'transfer.receipt', 'transfer.not_pass_on', 'transfer.waive_reconsideration', \
    'transfer.waive_review', 'case.paper'";

/// What brings an approver something to review, or takes it away again.
const TOLD_TO_APPROVERS: &str = "'lead.submit', 'review.withdraw'";

/// What is told to administrators: accounts, mail that failed, agencies and reference data.
const TOLD_TO_ADMINS: &str = "'person.create', 'person.set-roles', 'person.disable', 'person.enable', \
    'person.reset-password', 'second-factor.remove', 'invitation.create', 'invitation.revoke', 'mail.fail', \
    'agency.create', 'agency.change', 'agency.close', 'agency.import', 'region.import', 'calendar.import'";

/// That an entry is about a lead that `$1` decided a review of, or a case of one. What was handed over in bulk is told to
/// those alone who work on it.
const ABOUT_OWN_REVIEWS: &str = "(e.verb <> 'lead.hand_over' AND (EXISTS (SELECT 1 FROM audit_object o \
    CROSS JOIN review r CROSS JOIN approval a WHERE o.entry_id = e.id AND o.kind = 'lead' \
    AND r.lead_id = o.object_id AND a.review_id = r.id AND a.actor_id = $1) \
    OR EXISTS (SELECT 1 FROM audit_object o CROSS JOIN case_joined j CROSS JOIN transfer t CROSS JOIN review r \
    CROSS JOIN approval a WHERE o.entry_id = e.id AND o.kind = 'case' AND j.case_id = o.object_id \
    AND t.id = j.transfer_id AND r.lead_id = t.lead_id AND a.review_id = r.id AND a.actor_id = $1)))";

/// That an entry is about a lead that `$1` owns or is assigned, or a case of one. So joined, SQLite goes from the entry.
const ABOUT_OWN_LEADS: &str = "(EXISTS (SELECT 1 FROM audit_object o CROSS JOIN lead l WHERE o.entry_id = e.id \
    AND o.kind = 'lead' AND l.id = o.object_id AND (l.owner_id = $1 OR l.assignee_id = $1)) \
    OR EXISTS (SELECT 1 FROM audit_object o CROSS JOIN case_joined j CROSS JOIN transfer t CROSS JOIN lead l \
    WHERE o.entry_id = e.id AND o.kind = 'case' AND j.case_id = o.object_id AND t.id = j.transfer_id \
    AND l.id = t.lead_id AND (l.owner_id = $1 OR l.assignee_id = $1)))";

/// One entry.
#[derive(Clone, Debug)]
pub struct Change {
    pub id: Id,
    pub at: Instant,
    pub actor_id: Option<Id>,
    pub actor_name: String,
    pub verb: String,
    /// Kind and id of what its leaf names.
    pub objects: Vec<(String, Id)>,
}

/// Somebody's name, and the agency where there is one.
pub type Person = (String, Option<Id>);

/// What is new, newest first.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    pub since: Instant,
    pub rows: Vec<Change>,
    /// The entry before which the next page begins; `None`: there is none.
    pub older: Option<Id>,
    pub people: HashMap<Id, Person>,
    pub called: Called,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Binary)]
    id: Id,
}

/// Whether `me` follows case material: only then leads, transfers and cases are called by their names.
pub(super) fn reads_cases(me: &Actor) -> bool {
    me.agency.is_some() || me.has_any(CASE_READERS)
}

/// Which entries `me`, who is of no agency, is told of: a condition of SQL on the entry `e`, of whatever any of the roles
/// is told of.
fn told_to(me: &Actor) -> String {
    let mut parts = Vec::new();
    if me.has_any(&[Role::Manager, Role::Auditor]) {
        parts.push(format!("e.verb IN ({TOLD_TO_AGENCIES}, {TOLD_TO_THE_PLATFORM})"));
    }
    if me.has(Role::Compiler) {
        parts.push(ABOUT_OWN_LEADS.to_owned());
    }
    if me.has(Role::Approver) {
        parts.push(format!("e.verb IN ({TOLD_TO_APPROVERS})"));
        parts.push(ABOUT_OWN_REVIEWS.to_owned());
    }
    if me.has(Role::Admin) {
        parts.push(format!("e.verb IN ({TOLD_TO_ADMINS})"));
    }
    // An account without a role is told of nothing.
    if parts.is_empty() { "1 = 0".to_owned() } else { format!("({})", parts.join(" OR ")) }
}

/// What others did since `since` and before the entry `before`, at most `most`.
///
/// # Errors
/// Those of the database.
pub fn read(
    conn: &mut Connection,
    me: &Actor,
    since: Instant,
    before: Option<Id>,
    most: usize,
) -> Result<Changes> {
    let (bottom, top) = (first_id_at(since), before.unwrap_or_else(|| Id::from_bytes([0xff; 16])));
    let limit = most + 1;
    let (mut ids, cut) = match me.agency_id() {
        // Of little that happened each is asked whether it is about the agency's own; no page is cut by it.
        Some(own) if last_looked_at(conn, bottom, top)?.is_none() => {
            (of_agency_along(conn, me.id, own, (bottom, top, since), limit)?, None)
        }
        Some(own) => (of_agency(conn, me.id, own, (bottom, top, since), limit)?, None),
        None if !reads_cases(me) => (of_house(conn, me, (bottom, top, since), limit)?, None),
        None => {
            let cut = last_looked_at(conn, bottom, top)?;
            let from = cut.unwrap_or(bottom);
            (of_platform(conn, me, (from, top, since), limit)?, cut)
        }
    };
    let has_more = ids.len() > most;
    ids.truncate(most);
    let older = if has_more { ids.last().copied() } else { cut };
    let mut rows = entries(conn, &ids)?;
    keep_own(conn, me.id, &mut rows)?;
    let people = people(conn, &rows)?;
    let called = called::read(conn, me, &rows)?;
    Ok(Changes { since, rows, older, people, called })
}

/// The oldest of the happenings that are looked at; `None`: all of them are.
fn last_looked_at(conn: &mut Connection, bottom: Id, top: Id) -> Result<Option<Id>> {
    Ok(happening::table
        .filter(happening::entry_id.ge(bottom))
        .filter(happening::entry_id.lt(top))
        .order(happening::entry_id.desc())
        .offset(LOOKED_AT - 1)
        .select(happening::entry_id)
        .first(conn)
        .optional()?)
}

type Between = (Id, Id, Instant);

fn of_platform(
    conn: &mut Connection,
    me: &Actor,
    (from, top, since): Between,
    limit: usize,
) -> Result<Vec<Id>> {
    let told = told_to(me);
    let rows: Vec<Found> = sql_query(format!(
        "SELECT e.id AS id FROM happening h CROSS JOIN audit_entry e \
         WHERE (e.actor_id IS NULL OR e.actor_id <> $1) AND h.entry_id >= $2 AND h.entry_id < $3 AND e.at > $4 \
         AND e.id = h.entry_id AND {told} ORDER BY h.entry_id DESC LIMIT {limit}"
    ))
    .bind::<Binary, _>(me.id)
    .bind::<Binary, _>(from)
    .bind::<Binary, _>(top)
    .bind::<BigInt, _>(since)
    .load(conn)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Who has nothing to do with cases is told of few entries among many: they are asked by their verbs, which have an index.
fn of_house(conn: &mut Connection, me: &Actor, (from, top, since): Between, limit: usize) -> Result<Vec<Id>> {
    let told = told_to(me);
    let rows: Vec<Found> = sql_query(format!(
        "SELECT e.id AS id FROM audit_entry e CROSS JOIN happening h \
         WHERE (e.actor_id IS NULL OR e.actor_id <> $1) AND h.entry_id >= $2 AND h.entry_id < $3 AND e.at > $4 \
         AND h.entry_id = e.id AND {told} ORDER BY e.id DESC LIMIT {limit}"
    ))
    .bind::<Binary, _>(me.id)
    .bind::<Binary, _>(from)
    .bind::<Binary, _>(top)
    .bind::<BigInt, _>(since)
    .load(conn)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// An agency has few objects of all, and no address may tell it how much others do: so it is asked by what is its own.
fn of_agency(
    conn: &mut Connection,
    me: Id,
    own: Id,
    (from, top, since): Between,
    limit: usize,
) -> Result<Vec<Id>> {
    let rows: Vec<Found> = sql_query(format!(
        "SELECT DISTINCT e.id AS id FROM access a CROSS JOIN audit_object o CROSS JOIN happening h \
         CROSS JOIN audit_entry e WHERE (e.actor_id IS NULL OR e.actor_id <> $1) AND o.entry_id >= $2 \
         AND o.entry_id < $3 AND e.at > $4 AND a.agency_id = $5 AND a.kind IN ('transfer', 'case') \
         AND o.object_id = a.object_id AND o.kind = a.kind AND h.entry_id = o.entry_id AND e.id = o.entry_id \
         AND a.since <= e.at AND e.verb IN ({TOLD_TO_AGENCIES}) ORDER BY id DESC LIMIT {limit}"
    ))
    .bind::<Binary, _>(me)
    .bind::<Binary, _>(from)
    .bind::<Binary, _>(top)
    .bind::<BigInt, _>(since)
    .bind::<Binary, _>(own)
    .load(conn)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// As [`of_agency`], along what happened: where that is less than the agency has objects.
fn of_agency_along(
    conn: &mut Connection,
    me: Id,
    own: Id,
    (from, top, since): Between,
    limit: usize,
) -> Result<Vec<Id>> {
    let rows: Vec<Found> = sql_query(format!(
        "SELECT DISTINCT e.id AS id FROM happening h CROSS JOIN audit_entry e CROSS JOIN audit_object o \
         CROSS JOIN access a WHERE (e.actor_id IS NULL OR e.actor_id <> $1) AND h.entry_id >= $2 \
         AND h.entry_id < $3 AND e.at > $4 AND e.id = h.entry_id AND e.verb IN ({TOLD_TO_AGENCIES}) \
         AND o.entry_id = h.entry_id AND o.kind IN ('transfer', 'case') AND a.object_id = o.object_id \
         AND a.agency_id = $5 AND a.kind = o.kind AND a.since <= e.at ORDER BY id DESC LIMIT {limit}"
    ))
    .bind::<Binary, _>(me)
    .bind::<Binary, _>(from)
    .bind::<Binary, _>(top)
    .bind::<BigInt, _>(since)
    .bind::<Binary, _>(own)
    .load(conn)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

fn entries(conn: &mut Connection, ids: &[Id]) -> Result<Vec<Change>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    type Raw = (Id, Instant, Option<Id>, String, String, Vec<u8>);
    let rows: Vec<Raw> = audit_entry::table
        .filter(audit_entry::id.eq_any(ids))
        .order(audit_entry::id.desc())
        .select((
            audit_entry::id,
            audit_entry::at,
            audit_entry::actor_id,
            audit_entry::actor_name,
            audit_entry::verb,
            audit_entry::leaf,
        ))
        .load(conn)?;
    let change = |(id, at, actor_id, actor_name, verb, leaf): Raw| Change {
        id,
        at,
        actor_id,
        actor_name,
        verb,
        objects: named(&leaf),
    };
    Ok(rows.into_iter().map(change).collect())
}

/// Of leads that were handed over together, most may be others': the reader is led to one of their own. The leaf does not
/// name them all.
fn keep_own(conn: &mut Connection, me: Id, rows: &mut [Change]) -> Result<()> {
    let together: Vec<Id> =
        rows.iter().filter(|row| row.verb == "lead.hand_over").map(|row| row.id).collect();
    if together.is_empty() {
        return Ok(());
    }
    let own = lead::table
        .filter(lead::assignee_id.eq(Some(me)).or(lead::owner_id.nullable().eq(Some(me))))
        .select(lead::id);
    let found: Vec<(Id, Id)> = audit_object::table
        .filter(audit_object::entry_id.eq_any(&together))
        .filter(audit_object::kind.eq("lead"))
        .filter(audit_object::object_id.eq_any(own))
        .select((audit_object::entry_id, audit_object::object_id))
        .load(conn)?;
    let mut of_entry: HashMap<Id, Id> = found.into_iter().collect();
    for row in rows.iter_mut().filter(|row| row.verb == "lead.hand_over") {
        row.objects = of_entry.remove(&row.id).map(|id| ("lead".to_owned(), id)).into_iter().collect();
    }
    Ok(())
}

fn named(leaf: &[u8]) -> Vec<(String, Id)> {
    let leaf: Value = serde_json::from_slice(leaf).unwrap_or(Value::Null);
    let objects = leaf["objects"].as_array().into_iter().flatten();
    objects.filter_map(|o| Some((o[0].as_str()?.to_owned(), o[1].as_str()?.parse().ok()?))).collect()
}

fn people(conn: &mut Connection, rows: &[Change]) -> Result<HashMap<Id, Person>> {
    let ids: Vec<Id> = rows.iter().filter_map(|row| row.actor_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<(Id, String, Option<Id>)> = person::table
        .filter(person::id.eq_any(&ids))
        .select((person::id, person::name, person::agency_id))
        .load(conn)?;
    Ok(found.into_iter().map(|(id, name, agency)| (id, (name, agency))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_told_is_kept_apart_from_the_looks() {
        let told = [TOLD_TO_AGENCIES, TOLD_TO_THE_PLATFORM, TOLD_TO_APPROVERS, TOLD_TO_ADMINS];
        for text in [
            include_str!("../../../migrations/sqlite/2026120151_told_by_role/up.sql"),
            include_str!("../../../migrations/postgres/2026120151_told_by_role/up.sql"),
        ] {
            // What the trigger names; behind it older entries are taken in.
            let text = text.split("INSERT INTO happening (entry_id) SELECT").next().unwrap_or_default();
            for verb in told.iter().flat_map(|verbs| verbs.split(',')).map(str::trim) {
                assert!(text.contains(verb), "{verb} is told and not kept");
            }
        }
    }

    #[test]
    fn an_id_of_a_moment_is_none_before_its_first() {
        let now = Instant::system_now();
        let id = Id::new();
        assert!(first_id_at(now.plus_seconds(-1)) < id && id < first_id_at(now.plus_seconds(60)));
    }
}
