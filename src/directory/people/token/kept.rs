//! Answers kept for `Idempotency-Key`, in the transaction of their act.
//!
//! Table: `idempotency`.

use diesel::prelude::*;
use serde_json::Value;

use crate::platform::{
    db::{Connection, Id, Tx, schema::idempotency},
    error::{AppError, FieldError, Result},
};

/// Answers are kept so long, in seconds.
const KEEP: i64 = 48 * 3600;

/// An answer of the API: status and JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

/// The answer that was given to a key, if it was.
///
/// # Errors
/// `Invalid` when the key came with another body.
pub fn find(
    conn: &mut Connection,
    actor: Id,
    route: &str,
    key: &str,
    hash: &[u8; 32],
) -> Result<Option<Answer>> {
    let row: Option<(Vec<u8>, i32, String)> = idempotency::table
        .find((actor, route, key))
        .select((idempotency::request_hash, idempotency::status, idempotency::body))
        .first(conn)
        .optional()?;
    let Some((known, status, body)) = row else { return Ok(None) };
    if known != hash {
        return Err(AppError::Invalid(vec![FieldError::new("Idempotency-Key", "error-idempotency-reused")]));
    }
    let status = u16::try_from(status).map_err(AppError::internal)?;
    Ok(Some(Answer { status, body: serde_json::from_str(&body)? }))
}

/// Keeps an answer, in the transaction of the act.
///
/// # Errors
/// `Conflict` when the same key was acted upon meanwhile.
pub fn keep(
    tx: &mut Tx<'_>,
    actor: Id,
    route: &str,
    key: &str,
    hash: &[u8; 32],
    answer: &Answer,
) -> Result<()> {
    if find(tx.conn(), actor, route, key, hash)?.is_some() {
        return Err(AppError::Conflict("conflict-idempotency"));
    }
    let now = tx.now();
    diesel::delete(idempotency::table.filter(idempotency::created_at.lt(now.plus_seconds(-KEEP))))
        .execute(tx.conn())?;
    diesel::insert_into(idempotency::table)
        .values((
            idempotency::key.eq(key),
            idempotency::actor_id.eq(actor),
            idempotency::route.eq(route),
            idempotency::request_hash.eq(&hash[..]),
            idempotency::status.eq(i32::from(answer.status)),
            idempotency::body.eq(answer.body.to_string()),
            idempotency::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}
