//! `Idempotency-Key`: a POST that is sent twice acts once, and both get the same answer. The answer is kept in the
//! transaction of the act (`kept`).

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};
use sha2::{Digest, Sha256};

use super::kept::find;
pub use super::kept::{Answer, keep};
use crate::{
    directory::people::model::Actor,
    platform::{
        db::Tx,
        error::{AppError, FieldError, Result},
        services::Services,
    },
};

/// Longest key, in characters.
const LONGEST: usize = 255;

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
