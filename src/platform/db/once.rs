//! A form that is sent twice acts once. The page gives each form a word of its own (`?once=…` in its address); the act
//! keeps the word in its own transaction, and a second request with it is led to what the first one made.
//!
//! What was kept of the form while it was not sent (`?draft=…`) goes in the same transaction: it is sent then.
//!
//! Table: `idempotency`, with the route `form`.

use diesel::prelude::*;
use sha2::{Digest, Sha256};

use super::{
    Connection, Id, Instant,
    dialect::take_lock_of,
    schema::{idempotency, unsent},
};
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
    /// Under which its typing was kept.
    draft: Option<Id>,
    /// The word that the form had before it was shown again.
    before: Option<Id>,
    /// The moment of the typing that the form was filled from.
    base: Option<Instant>,
}

impl Once {
    /// The word in the query of a request, if it has one.
    pub fn of_query(query: &str) -> Option<Self> {
        let text = |of: &str| url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == of);
        let id = |of: &str| -> Option<Id> { text(of)?.1.parse().ok() };
        let base = text("base").and_then(|(_, micros)| micros.parse().ok()).map(Instant::from_micros);
        Some(Self { word: id("once")?, request: Id::new(), draft: id("draft"), before: id("before"), base })
    }

    /// Whether a form with this word was sent by `actor`, and acted. Known for as long as words are kept.
    ///
    /// # Errors
    /// Those of the database.
    pub fn was_sent(conn: &mut Connection, actor: Id, word: Id) -> Result<bool> {
        let sent = idempotency::table.find((actor, ROUTE, word.to_string())).count();
        Ok(sent.get_result::<i64>(conn)? > 0)
    }

    /// The word of one row of an act over many: a repeat of the form has the same one for the same row, so that it does what
    /// is left and nothing twice. `row`: the row, or whoever else is to have an identity of their own by this form.
    #[must_use]
    pub fn of_row(self, row: Id) -> Self {
        let hash = Sha256::new().chain_update(self.word.as_bytes()).chain_update(row.as_bytes()).finalize();
        let mut bytes = [0u8; 16];
        bytes.copy_from_slice(&hash[..16]);
        Self { word: Id::from_bytes(bytes), request: self.request, draft: None, before: None, base: None }
    }

    /// The word itself.
    pub fn word(self) -> Id {
        self.word
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

    /// Takes away what was kept of the form, where the form wrote it or was filled from it. What another window has
    /// written there since is not sent.
    fn drop_typing(self, conn: &mut Connection, actor: Id) -> Result<()> {
        let Some(draft) = self.draft else { return Ok(()) };
        // What is being kept at this moment is there, or sees that the form was sent.
        take_lock_of(conn, actor)?;
        let kept = unsent::table.find((actor, draft)).select((unsent::word, unsent::saved_at));
        let kept: Option<(Id, Instant)> = kept.first(conn).optional()?;
        let is_own = kept.is_some_and(|(word, saved)| {
            word == self.word || self.before == Some(word) || self.base == Some(saved)
        });
        if is_own {
            diesel::delete(unsent::table.find((actor, draft))).execute(conn)?;
        }
        Ok(())
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
        self.drop_typing(conn, actor)?;
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
