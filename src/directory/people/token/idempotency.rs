//! `Idempotency-Key`: a POST that is sent twice acts once, and both get the same answer. The answer is kept in the
//! transaction of the act.
//!
//! Table: `idempotency`.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};
use diesel::prelude::*;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    directory::people::model::Actor,
    platform::{
        db::{Connection, Id, Tx, schema::idempotency},
        error::{AppError, FieldError, Result},
        services::Services,
    },
};

/// Longest key, in characters.
const LONGEST: usize = 255;
/// Answers are kept so long, in seconds.
const KEEP: i64 = 48 * 3600;

/// An answer of the API: status and JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Answer {
    /// The reply; `replayed` says whether it is one from before.
    pub fn reply(&self, replayed: bool) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut reply = HttpResponse::build(status);
        if replayed {
            reply.insert_header(("Idempotency-Replayed", "true"));
        }
        reply.json(&self.body)
    }
}

/// The header of a request.
///
/// # Errors
/// `Invalid` for a key that is too long or unreadable.
pub fn key_of(request: &HttpRequest) -> Result<Option<String>> {
    let Some(value) = request.headers().get("idempotency-key") else { return Ok(None) };
    let wrong = || AppError::Invalid(vec![FieldError::new("Idempotency-Key", "error-not-a-code")]);
    let key = value.to_str().map_err(|_| wrong())?.trim();
    if key.is_empty() || key.len() > LONGEST {
        return Err(wrong());
    }
    Ok(Some(key.to_owned()))
}

/// What tells one body from another.
pub fn body_hash(body: &[u8]) -> [u8; 32] {
    Sha256::digest(body).into()
}

fn find(conn: &mut Connection, actor: Id, route: &str, key: &str, hash: &[u8; 32]) -> Result<Option<Answer>> {
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

/// The answer that was given to this key before, for handlers whose act is more than one transaction.
///
/// # Errors
/// `Invalid` when the key came with another body.
pub async fn replay(
    services: &Services,
    actor: &Actor,
    route: &'static str,
    key: &str,
    hash: [u8; 32],
) -> Result<Option<Answer>> {
    let (id, key) = (actor.id, key.to_owned());
    services.db.read(move |conn| find(conn, id, route, &key, &hash)).await
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

/// Does `f` once for a key, in one transaction with its answer; without a key, simply does it.
///
/// # Errors
/// Those of `f`; `Invalid` when the key came with another body.
pub async fn idempotent(
    services: &Services,
    actor: &Actor,
    route: &'static str,
    key: Option<String>,
    hash: [u8; 32],
    f: impl FnOnce(&mut Tx<'_>) -> Result<Answer> + Send + 'static,
) -> Result<HttpResponse> {
    let Some(key) = key else {
        return Ok(services.db.write(actor.origin(), f).await?.reply(false));
    };
    if let Some(answer) = replay(services, actor, route, &key, hash).await? {
        return Ok(answer.reply(true));
    }
    let id = actor.id;
    let done = services
        .db
        .write(actor.origin(), move |tx| {
            let answer = f(tx)?;
            keep(tx, id, route, &key, &hash, &answer)?;
            Ok(answer)
        })
        .await?;
    Ok(done.reply(false))
}
