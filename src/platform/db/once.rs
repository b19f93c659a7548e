//! A form that is sent twice acts once. The page gives each form a word of its own (`?once=…` in its address); the act
//! keeps the word in its own transaction, and a second request with it is led to what the first one made.
//!
//! Table: `idempotency`, with the route `form`.

use diesel::prelude::*;

use super::{Connection, Id, Instant, schema::idempotency};
use crate::platform::{
    error::{AppError, Result},
    paths,
};

const ROUTE: &str = "form";
/// How long a word is kept, in seconds: a day, as long as somebody may leave a page open and come back to it.
const KEEP: i64 = 24 * 3600;

/// The word of one form, and the one request that carries it now; an act of several transactions is one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Once {
    word: Id,
    request: Id,
}

impl Once {
    /// The word in the query of a request, if it has one.
    pub fn of_query(query: &str) -> Option<Self> {
        let (_, word) = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "once")?;
        Some(Self { word: word.parse().ok()?, request: Id::new() })
    }

    /// Refuses a word that an earlier request has acted upon.
    pub(super) fn refuse_used(self, conn: &mut Connection, actor: Id) -> Result<()> {
        let found: Option<(Vec<u8>, String)> = idempotency::table
            .find((actor, ROUTE, self.word.to_string()))
            .select((idempotency::request_hash, idempotency::body))
            .first(conn)
            .optional()?;
        match found {
            Some((request, path)) if request.as_slice() != self.request.as_bytes() => {
                Err(AppError::Elsewhere(path))
            }
            _ => Ok(()),
        }
    }

    /// Keeps the word with the page of what was made.
    pub(super) fn keep(
        self,
        conn: &mut Connection,
        actor: Id,
        now: Instant,
        made: Option<&str>,
    ) -> Result<()> {
        let known = idempotency::table.find((actor, ROUTE, self.word.to_string())).count();
        if known.get_result::<i64>(conn)? > 0 {
            return Ok(()); // an earlier transaction of this request kept it
        }
        let old = idempotency::created_at.lt(now.plus_seconds(-KEEP));
        diesel::delete(idempotency::table.filter(idempotency::route.eq(ROUTE)).filter(old)).execute(conn)?;
        let path = made.unwrap_or(paths::HOME);
        diesel::insert_into(idempotency::table)
            .values((
                idempotency::key.eq(self.word.to_string()),
                idempotency::actor_id.eq(actor),
                idempotency::route.eq(ROUTE),
                idempotency::request_hash.eq(self.request.as_bytes().to_vec()),
                idempotency::status.eq(303),
                idempotency::body.eq(format!("{path}?ok=done-before")),
                idempotency::created_at.eq(now),
            ))
            .execute(conn)?;
        Ok(())
    }
}
