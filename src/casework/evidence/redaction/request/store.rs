//! What was asked for, and how it ended.

use diesel::prelude::*;

use super::work;
use crate::{
    casework::evidence::{
        redaction::{model::Words, region::Region},
        store::Item,
    },
    platform::{
        db::{
            Connection, Id, Instant, Tx,
            schema::{redaction_request, redaction_request_end, redaction_request_text},
        },
        error::{AppError, Result},
        jobs::{self, JobRow},
    },
};

/// What was asked for.
#[derive(Clone, Debug)]
pub struct Request {
    pub id: Id,
    pub original_id: Id,
    /// As it was then.
    pub original_sha256: Vec<u8>,
    pub pages: i32,
    pub regions: Vec<Region>,
    pub requested_by: Id,
    pub at: Instant,
    /// `None`: lawfully erased.
    pub words: Option<Words>,
}

/// How it ended.
#[derive(Clone, Debug)]
pub struct End {
    /// The new item.
    pub evidence_id: Option<Id>,
    /// The key of a message.
    pub fault: Option<String>,
    pub at: Instant,
}

/// The newest thing that was asked of an item: how far it is, or how it ended.
#[derive(Clone, Debug)]
pub struct Standing {
    pub request: Request,
    pub end: Option<End>,
    /// The job, until it has ended.
    pub job: Option<JobRow>,
}

/// A request as it is written.
#[derive(Clone, Debug)]
pub(super) struct New<'a> {
    pub id: Id,
    pub original: &'a Item,
    pub pages: usize,
    pub regions: &'a [Region],
    pub words: &'a Words,
    pub by: Id,
}

type Row = (Id, Id, Vec<u8>, i32, String, bool, Id, Instant);

fn with_words(conn: &mut Connection, row: Row) -> Result<Request> {
    let (id, original_id, original_sha256, pages, regions, withholds, requested_by, at) = row;
    let words: Option<(String, String)> = redaction_request_text::table
        .find(id)
        .select((redaction_request_text::reason, redaction_request_text::name))
        .first(conn)
        .optional()?;
    let words = words.map(|(reason, name)| Words { reason, name, withholds });
    let regions = serde_json::from_str(&regions)?;
    Ok(Request { id, original_id, original_sha256, pages, regions, requested_by, at, words })
}

fn end_of(conn: &mut Connection, id: Id) -> Result<Option<End>> {
    let row: Option<(Option<Id>, Option<String>, Instant)> = redaction_request_end::table
        .find(id)
        .select((redaction_request_end::evidence_id, redaction_request_end::fault, redaction_request_end::at))
        .first(conn)
        .optional()?;
    Ok(row.map(|(evidence_id, fault, at)| End { evidence_id, fault, at }))
}

/// What was asked for, if it has not ended.
///
/// # Errors
/// Those of the database.
pub(super) fn open(conn: &mut Connection, id: Id) -> Result<Option<Request>> {
    if end_of(conn, id)?.is_some() {
        return Ok(None);
    }
    let row: Option<Row> = redaction_request::table.find(id).first(conn).optional()?;
    row.map(|row| with_words(conn, row)).transpose()
}

/// The newest thing that was asked of an item.
///
/// # Errors
/// Those of the database.
pub fn standing(conn: &mut Connection, original: Id) -> Result<Option<Standing>> {
    let row: Option<Row> = redaction_request::table
        .filter(redaction_request::original_id.eq(original))
        .order(redaction_request::id.desc())
        .first(conn)
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let request = with_words(conn, row)?;
    let end = end_of(conn, request.id)?;
    let job = if end.is_none() { jobs::by_key(conn, &work::key(original))? } else { None };
    Ok(Some(Standing { request, end, job }))
}

/// Writes what is asked for.
///
/// # Errors
/// Those of the database.
pub(super) fn insert(tx: &mut Tx<'_>, new: &New<'_>) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(redaction_request::table)
        .values((
            redaction_request::id.eq(new.id),
            redaction_request::original_id.eq(new.original.id),
            redaction_request::original_sha256.eq(&new.original.blob.sha256),
            redaction_request::pages.eq(i32::try_from(new.pages).map_err(AppError::internal)?),
            redaction_request::regions.eq(serde_json::to_string(new.regions)?),
            redaction_request::withholds.eq(new.words.withholds),
            redaction_request::requested_by.eq(new.by),
            redaction_request::at.eq(now),
        ))
        .execute(tx.conn())?;
    diesel::insert_into(redaction_request_text::table)
        .values((
            redaction_request_text::request_id.eq(new.id),
            redaction_request_text::reason.eq(&new.words.reason),
            redaction_request_text::name.eq(&new.words.name),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes how it ended: with an item, or with a fault.
///
/// # Errors
/// Those of the database, also where it has ended before.
pub(super) fn end(tx: &mut Tx<'_>, id: Id, how: Result<Id, &str>) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(redaction_request_end::table)
        .values((
            redaction_request_end::request_id.eq(id),
            redaction_request_end::evidence_id.eq(how.ok()),
            redaction_request_end::fault.eq(how.err()),
            redaction_request_end::at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}
