//! Which items lack something of which others.

use diesel::prelude::*;

use crate::{
    casework::evidence::store::{self as items, Item},
    platform::{
        db::{
            Connection, Id, Instant, Tx,
            schema::{redaction, redaction_text},
        },
        error::Result,
    },
};

/// A redaction, with the item at the other end of it.
#[derive(Clone, Debug)]
pub struct Redaction {
    /// Of one that an item was made by, the original; of one that was made of an item, the new one.
    pub other: Item,
    /// Of the original, as it was when this was made.
    pub original_sha256: Vec<u8>,
    /// The word of a [`super::model::Material`].
    pub kind: String,
    /// Canonical JSON: where it was that is not there any more.
    pub plan: String,
    pub redacted_by: Id,
    pub at: Instant,
    /// `None`: lawfully erased.
    pub reason: Option<String>,
}

/// A redaction as it is written.
#[derive(Clone, Debug)]
pub(super) struct New<'a> {
    /// The new item.
    pub evidence_id: Id,
    pub original: &'a Item,
    pub kind: &'static str,
    pub plan: &'a str,
    pub reason: &'a str,
    pub by: Id,
}

type Row = (Id, Id, Vec<u8>, String, String, Id, Instant, Option<String>);

/// What an item was made of; `None`: it is itself.
///
/// # Errors
/// Those of the database.
pub fn origin_of(conn: &mut Connection, item: Id) -> Result<Option<Redaction>> {
    let rows: Vec<Row> = redaction::table
        .left_join(redaction_text::table)
        .filter(redaction::evidence_id.eq(item))
        .select((
            redaction::evidence_id,
            redaction::original_id,
            redaction::original_sha256,
            redaction::kind,
            redaction::plan,
            redaction::redacted_by,
            redaction::at,
            redaction_text::reason.nullable(),
        ))
        .load(conn)?;
    Ok(with_items(conn, rows, |row| row.1)?.pop())
}

/// What was made of an item, the newest last; what was taken out of its draft is left out.
///
/// # Errors
/// Those of the database.
pub fn made_of(conn: &mut Connection, item: Id) -> Result<Vec<Redaction>> {
    let rows: Vec<Row> = redaction::table
        .left_join(redaction_text::table)
        .filter(redaction::original_id.eq(item))
        .order(redaction::evidence_id)
        .select((
            redaction::evidence_id,
            redaction::original_id,
            redaction::original_sha256,
            redaction::kind,
            redaction::plan,
            redaction::redacted_by,
            redaction::at,
            redaction_text::reason.nullable(),
        ))
        .load(conn)?;
    let mut made = with_items(conn, rows, |row| row.0)?;
    made.retain(|one| one.other.removed_at.is_none());
    Ok(made)
}

fn with_items(conn: &mut Connection, rows: Vec<Row>, other: fn(&Row) -> Id) -> Result<Vec<Redaction>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Id> = rows.iter().map(other).collect();
    let items = items::find_many(conn, &ids)?;
    let found = rows.into_iter().filter_map(|row| {
        let id = other(&row);
        let item = items.iter().find(|item| item.id == id)?.clone();
        let (_, _, original_sha256, kind, plan, redacted_by, at, reason) = row;
        Some(Redaction { other: item, original_sha256, kind, plan, redacted_by, at, reason })
    });
    Ok(found.collect())
}

/// Writes a redaction.
///
/// # Errors
/// Those of the database.
pub(super) fn insert(tx: &mut Tx<'_>, new: &New<'_>) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(redaction::table)
        .values((
            redaction::evidence_id.eq(new.evidence_id),
            redaction::original_id.eq(new.original.id),
            redaction::original_sha256.eq(&new.original.blob.sha256),
            redaction::kind.eq(new.kind),
            redaction::plan.eq(new.plan),
            redaction::redacted_by.eq(new.by),
            redaction::at.eq(now),
        ))
        .execute(tx.conn())?;
    diesel::insert_into(redaction_text::table)
        .values((redaction_text::evidence_id.eq(new.evidence_id), redaction_text::reason.eq(new.reason)))
        .execute(tx.conn())?;
    Ok(())
}
