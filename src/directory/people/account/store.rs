//! Live sessions of an account.

use diesel::prelude::*;

use crate::{
    directory::people::{session as rules, store::SessionRow},
    platform::{
        db::{Connection, Id, Instant, schema::session},
        error::Result,
    },
};

/// Sessions that still hold at `now`, the last used first.
///
/// # Errors
/// Those of the database.
pub fn live_sessions(conn: &mut Connection, person: Id, now: Instant) -> Result<Vec<SessionRow>> {
    Ok(session::table
        .filter(session::person_id.eq(person))
        .filter(session::ended_at.is_null())
        .filter(session::last_seen_at.gt(now.plus_seconds(-rules::IDLE)))
        .filter(session::created_at.gt(now.plus_seconds(-rules::LONGEST)))
        .order(session::last_seen_at.desc())
        .select(SessionRow::as_select())
        .load(conn)?)
}
