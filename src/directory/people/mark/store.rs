//! Reading and writing the marks of one person.

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Binary},
};

use crate::{
    directory::people::Actor,
    platform::{
        db::{
            Connection, Id, Instant, Tx,
            schema::{person, person_mark},
        },
        error::Result,
    },
};

/// For somebody who never said to have seen anything, what happened in so many seconds is new: fourteen days.
const NEW_FOR: i64 = 14 * 24 * 3600;

/// Since when things are new to `me`: since the moment up to which `me` said to have seen everything. Signing in again, or a
/// session that was lost, moves nothing: what was not read would be lost with it. Whoever never said so has the last
/// fourteen days, and nothing before the account was made.
///
/// # Errors
/// Those of the database.
pub fn new_since(conn: &mut Connection, me: &Actor, now: Instant) -> Result<Instant> {
    let marked: Option<Option<Instant>> =
        person_mark::table.find(me.id).select(person_mark::seen_until).first(conn).optional()?;
    if let Some(until) = marked.flatten() {
        return Ok(until);
    }
    let made: Instant = person::table.find(me.id).select(person::created_at).first(conn)?;
    Ok(made.max(now.plus_seconds(-NEW_FOR)))
}

/// Whether `me` put the hint of the first day away.
///
/// # Errors
/// Those of the database.
pub fn is_hint_away(conn: &mut Connection, me: Id) -> Result<bool> {
    let away: Option<Option<Instant>> =
        person_mark::table.find(me).select(person_mark::hint_away_at).first(conn).optional()?;
    Ok(away.flatten().is_some())
}

/// Notes that `me` has seen what happened up to `until`. A mark goes forward only: a page that was left open for long
/// brings nothing back.
///
/// # Errors
/// Those of the database.
pub fn mark_seen(tx: &mut Tx<'_>, me: Id, until: Instant) -> Result<()> {
    sql_query(
        "INSERT INTO person_mark (person_id, seen_until) VALUES ($1, $2) ON CONFLICT (person_id) DO UPDATE SET \
         seen_until = CASE WHEN person_mark.seen_until > excluded.seen_until THEN person_mark.seen_until \
         ELSE excluded.seen_until END",
    )
    .bind::<Binary, _>(me)
    .bind::<BigInt, _>(until)
    .execute(tx.conn())?;
    Ok(())
}

/// Notes that `me` needs no hint any more.
///
/// # Errors
/// Those of the database.
pub fn put_hint_away(tx: &mut Tx<'_>, me: Id) -> Result<()> {
    let now = tx.now();
    sql_query(
        "INSERT INTO person_mark (person_id, hint_away_at) VALUES ($1, $2) ON CONFLICT (person_id) DO UPDATE SET \
         hint_away_at = excluded.hint_away_at",
    )
    .bind::<Binary, _>(me)
    .bind::<BigInt, _>(now)
    .execute(tx.conn())?;
    Ok(())
}
