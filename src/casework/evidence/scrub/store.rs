//! When stored files were read back, and which of them are not as they were stored.

use std::collections::HashMap;

use diesel::{
    prelude::*,
    sql_types::{BigInt, Text},
};

use super::model::{Fault, WHOLE};
use crate::platform::{
    db::{
        Connection, Id, Instant, Tx,
        schema::{
            blob, blob_check, evidence, evidence_alarm, evidence_alarm_end, evidence_alarm_open, lead,
            scrub_month,
        },
    },
    error::Result,
    keyset::Edge,
};

/// A stored file, with what it is to be.
#[derive(Clone, Debug, Queryable)]
pub struct Stored {
    pub id: Id,
    pub sha256: Vec<u8>,
    pub sm3: Vec<u8>,
    pub size: i64,
    pub wrapped_key: Vec<u8>,
    pub erased_at: Option<Instant>,
    /// How often it was not given out, one time after the other.
    pub tries: i32,
}

/// What a [`Stored`] is read from.
macro_rules! stored {
    () => {
        (blob::id, blob::sha256, blob::sm3, blob::size, blob::wrapped_key, blob::erased_at, blob_check::tries)
    };
}

/// At most `limit` files that were not read back since `before`, the longest waiting first.
///
/// # Errors
/// Those of the database.
pub fn due(conn: &mut Connection, before: Instant, now: Instant, limit: i64) -> Result<Vec<Stored>> {
    Ok(blob_check::table
        .inner_join(blob::table)
        .filter(blob_check::checked_at.lt(before))
        .filter(blob_check::retry_at.le(now))
        .order(blob_check::checked_at)
        .limit(limit)
        .select(stored!())
        .load(conn)?)
}

/// How many files were not read back since `before`.
///
/// # Errors
/// Those of the database.
pub(super) fn due_count(conn: &mut Connection, before: Instant, now: Instant) -> Result<i64> {
    Ok(blob_check::table
        .filter(blob_check::checked_at.lt(before))
        .filter(blob_check::retry_at.le(now))
        .count()
        .get_result(conn)?)
}

/// One file.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Connection, id: Id) -> Result<Stored> {
    Ok(blob_check::table
        .inner_join(blob::table)
        .filter(blob_check::blob_id.eq(id))
        .select(stored!())
        .first(conn)?)
}

/// Whether any of these objects is a stored file.
///
/// # Errors
/// Those of the database.
pub(super) fn is_any_known(conn: &mut Connection, ids: &[Id]) -> Result<bool> {
    let known: i64 = blob::table.filter(blob::id.eq_any(ids)).count().get_result(conn)?;
    Ok(known > 0)
}

/// When a file was last read back, and what that came to; `None`: never yet, or it was erased.
///
/// # Errors
/// Those of the database.
pub fn last(conn: &mut Connection, id: Id) -> Result<Option<(Instant, String)>> {
    let found: Option<(Instant, String)> = blob_check::table
        .find(id)
        .filter(blob_check::result.ne(""))
        .select((blob_check::checked_at, blob_check::result))
        .first(conn)
        .optional()?;
    Ok(found)
}

/// Notes that a file was read back.
///
/// # Errors
/// Those of the database.
pub(super) fn checked(tx: &mut Tx<'_>, id: Id, result: &str) -> Result<()> {
    let now = tx.now();
    diesel::update(blob_check::table.find(id))
        .set((
            blob_check::checked_at.eq(now),
            blob_check::result.eq(result),
            blob_check::tries.eq(0),
            blob_check::retry_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes that files were read back by the schedule and are as they were stored.
///
/// # Errors
/// Those of the database.
pub(super) fn whole(tx: &mut Tx<'_>, ids: &[Id]) -> Result<()> {
    let now = tx.now();
    for part in ids.chunks(500) {
        diesel::update(blob_check::table.filter(blob_check::blob_id.eq_any(part)))
            .set((
                blob_check::checked_at.eq(now),
                blob_check::result.eq(WHOLE),
                blob_check::tries.eq(0),
                blob_check::retry_at.eq(now),
                blob_check::whole_times.eq(blob_check::whole_times + 1),
                blob_check::whole_at.eq(now),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Notes that a file was not given out, and from when on it is asked for again.
///
/// # Errors
/// Those of the database.
pub(super) fn put_off(tx: &mut Tx<'_>, id: Id, tries: i32, until: Instant) -> Result<()> {
    diesel::update(blob_check::table.find(id))
        .set((blob_check::tries.eq(tries), blob_check::retry_at.eq(until)))
        .execute(tx.conn())?;
    Ok(())
}

/// A file that was lawfully erased is looked at no more.
///
/// # Errors
/// Those of the database.
pub(super) fn forget(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    diesel::delete(blob_check::table.find(id)).execute(tx.conn())?;
    Ok(())
}

/// An alarm that no end was put to.
#[derive(Clone, Debug, Queryable)]
pub struct Alarm {
    pub id: Id,
    pub blob_id: Id,
    /// A word of [`Fault`].
    pub fault: String,
    pub raised_at: Instant,
}

/// What is known of an open alarm for its list.
#[derive(Clone, Debug, Queryable)]
pub struct Listed {
    pub id: Id,
    pub blob_id: Id,
    pub fault: String,
    pub raised_at: Instant,
    pub sha256: Vec<u8>,
    pub size: i64,
    pub checked_at: Instant,
    pub result: String,
}

/// What an [`Alarm`] is read from.
macro_rules! alarm {
    () => {
        (evidence_alarm::id, evidence_alarm::blob_id, evidence_alarm::fault, evidence_alarm::raised_at)
    };
}

/// The open alarm of a file.
///
/// # Errors
/// Those of the database.
pub fn open_of(conn: &mut Connection, blob_id: Id) -> Result<Option<Alarm>> {
    Ok(evidence_alarm_open::table
        .inner_join(evidence_alarm::table)
        .filter(evidence_alarm_open::blob_id.eq(blob_id))
        .select(alarm!())
        .first(conn)
        .optional()?)
}

/// An alarm that is open.
///
/// # Errors
/// `NotFound`, also for one that is not open any more.
pub fn open_one(conn: &mut Connection, id: Id) -> Result<Alarm> {
    Ok(evidence_alarm_open::table
        .inner_join(evidence_alarm::table)
        .filter(evidence_alarm_open::alarm_id.eq(id))
        .select(alarm!())
        .first(conn)?)
}

/// Of these files those with an open alarm: nothing that rests on them is composed, frozen or sealed.
///
/// # Errors
/// Those of the database.
pub fn open_among(conn: &mut Connection, blobs: &[Id]) -> Result<Vec<Id>> {
    let mut found = Vec::new();
    for part in blobs.chunks(500) {
        let open: Vec<Id> = evidence_alarm_open::table
            .filter(evidence_alarm_open::blob_id.eq_any(part))
            .select(evidence_alarm_open::blob_id)
            .load(conn)?;
        found.extend(open);
    }
    Ok(found)
}

/// At most `most` open alarms from the edge on, the newest first; for `Before` against that order.
///
/// # Errors
/// Those of the database.
pub fn page(conn: &mut Connection, edge: &Edge<Id>, most: usize) -> Result<Vec<Listed>> {
    let mut query = evidence_alarm::table
        .inner_join(evidence_alarm_open::table)
        .inner_join(blob::table.inner_join(blob_check::table))
        .into_boxed();
    query = match edge {
        Edge::Start => query,
        Edge::After(id) => query.filter(evidence_alarm::id.lt(*id)),
        Edge::Before(id) => query.filter(evidence_alarm::id.gt(*id)),
    };
    query = if edge.is_forward() {
        query.order(evidence_alarm::id.desc())
    } else {
        query.order(evidence_alarm::id.asc())
    };
    Ok(query
        .limit(i64::try_from(most).unwrap_or(i64::MAX))
        .select((
            evidence_alarm::id,
            evidence_alarm::blob_id,
            evidence_alarm::fault,
            evidence_alarm::raised_at,
            blob::sha256,
            blob::size,
            blob_check::checked_at,
            blob_check::result,
        ))
        .load(conn)?)
}

/// What is kept in these files, by file: how many items, and who works on their leads.
///
/// # Errors
/// Those of the database.
pub fn holders(conn: &mut Connection, blobs: &[Id]) -> Result<HashMap<Id, Vec<Id>>> {
    let rows: Vec<(Id, Id, Option<Id>)> = evidence::table
        .inner_join(lead::table)
        .filter(evidence::blob_id.eq_any(blobs))
        .filter(evidence::removed_at.is_null())
        .select((evidence::blob_id, lead::owner_id, lead::assignee_id))
        .load(conn)?;
    let mut found: HashMap<Id, Vec<Id>> = HashMap::new();
    for (file, owner, assignee) in rows {
        found.entry(file).or_default().push(assignee.unwrap_or(owner));
    }
    Ok(found)
}

/// The items whose bytes a file is, each with its lead; also those that were taken out of their drafts.
///
/// # Errors
/// Those of the database.
pub fn items_of(conn: &mut Connection, blob_id: Id) -> Result<Vec<(Id, Id)>> {
    Ok(evidence::table
        .filter(evidence::blob_id.eq(blob_id))
        .order(evidence::id)
        .select((evidence::id, evidence::lead_id))
        .load(conn)?)
}

/// How many alarms are open.
///
/// # Errors
/// Those of the database.
pub fn open_count(conn: &mut Connection) -> Result<i64> {
    Ok(evidence_alarm_open::table.count().get_result(conn)?)
}

/// Raises an alarm; the database holds that a file has one at a time.
///
/// # Errors
/// Those of the database.
pub(super) fn raise(tx: &mut Tx<'_>, blob_id: Id, fault: Fault) -> Result<Id> {
    let (id, now) = (Id::new(), tx.now());
    diesel::insert_into(evidence_alarm::table)
        .values((
            evidence_alarm::id.eq(id),
            evidence_alarm::blob_id.eq(blob_id),
            evidence_alarm::fault.eq(fault.as_str()),
            evidence_alarm::raised_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(id)
}

/// Puts an end to an alarm, for whoever had asked for the file to be looked at.
///
/// # Errors
/// Those of the database.
pub(super) fn end(tx: &mut Tx<'_>, alarm_id: Id, person_id: Id) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(evidence_alarm_end::table)
        .values((
            evidence_alarm_end::alarm_id.eq(alarm_id),
            evidence_alarm_end::person_id.eq(person_id),
            evidence_alarm_end::at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// What was read back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    pub files: i64,
    pub bytes: i64,
    pub faults: i64,
}

/// Adds to what was read back in a month, `2026-03`.
///
/// # Errors
/// Those of the database.
pub(super) fn count(tx: &mut Tx<'_>, month: &str, more: Sum) -> Result<()> {
    // One statement: two servers may count at the same time, also the first of a month.
    diesel::sql_query(
        "INSERT INTO scrub_month (month, files, bytes, faults) VALUES ($1, $2, $3, $4) ON CONFLICT (month) DO UPDATE SET \
         files = scrub_month.files + excluded.files, bytes = scrub_month.bytes + excluded.bytes, \
         faults = scrub_month.faults + excluded.faults",
    )
    .bind::<Text, _>(month)
    .bind::<BigInt, _>(more.files)
    .bind::<BigInt, _>(more.bytes)
    .bind::<BigInt, _>(more.faults)
    .execute(tx.conn())?;
    Ok(())
}

/// The months before `month` that the log was not told of, the oldest first.
///
/// # Errors
/// Those of the database.
pub(super) fn untold(conn: &mut Connection, month: &str) -> Result<Vec<(String, Sum)>> {
    let rows: Vec<(String, i64, i64, i64)> = scrub_month::table
        .filter(scrub_month::month.lt(month))
        .filter(scrub_month::told_at.is_null())
        .order(scrub_month::month)
        .select((scrub_month::month, scrub_month::files, scrub_month::bytes, scrub_month::faults))
        .load(conn)?;
    Ok(rows.into_iter().map(|(month, files, bytes, faults)| (month, Sum { files, bytes, faults })).collect())
}

/// Notes that the log was told of a month; false when it was before.
///
/// # Errors
/// Those of the database.
pub(super) fn tell(tx: &mut Tx<'_>, month: &str) -> Result<bool> {
    let now = tx.now();
    let untold = scrub_month::table.find(month).filter(scrub_month::told_at.is_null());
    let changed = diesel::update(untold).set(scrub_month::told_at.eq(now)).execute(tx.conn())?;
    Ok(changed > 0)
}
