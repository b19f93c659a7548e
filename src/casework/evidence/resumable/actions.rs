//! What becomes of an upload. All of it is bookkeeping but the registering that it ends in, which is an act with its
//! entry in the log, as of any other file.

use serde_json::json;

use super::{
    model::{MOST_OPEN, State},
    store::{self, Row, Stretch},
};
use crate::{
    directory::people::token::idempotency::{Answer, keep},
    platform::{
        db::{Db, Id, Instant, Tx, take_lock_of},
        error::{AppError, Result},
        jobs::{self, Job},
        vault::Section,
    },
};

/// The job that puts an upload together and registers it; its payload is `{"upload": id}`, as of the other one.
pub const ASSEMBLE: &str = "evidence.assemble";
/// The job that takes the pieces of an upload out of the vault.
pub const CLEAR: &str = "evidence.clear";
/// What another one has finished, or given up, meanwhile.
pub const OVER: &str = "conflict-upload-over";

/// Whoever puts a small file together at once has so long before the job does it, in seconds.
const AHEAD: i64 = 60;
/// Uploads that are ended at once.
const AT_ONCE: i64 = 200;

/// The call that a key of idempotency belongs to, the key, and the hash of what it came with.
pub type Keyed = (&'static str, String, [u8; 32]);

/// Begins an upload; `answer` is what a repeat of the call is answered with.
///
/// # Errors
/// `Conflict` when too many are under way.
pub fn begin(tx: &mut Tx<'_>, row: &Row, keyed: Option<&Keyed>, answer: &Answer) -> Result<()> {
    // A call may be repeated while it is still done.
    take_lock_of(tx.conn(), row.person_id)?;
    if store::open(tx.conn(), row.person_id)? >= MOST_OPEN {
        return Err(AppError::Conflict("conflict-upload-many"));
    }
    store::insert(tx, row)?;
    match keyed {
        Some((route, key, hash)) => keep(tx, row.person_id, route, key, hash, answer),
        None => Ok(()),
    }
}

/// Notes a piece, as [`store::add`] does; the last one leads on.
///
/// # Errors
/// Those of the database.
pub(super) fn add(
    tx: &mut Tx<'_>,
    own: (Id, Id),
    stored: &Section,
    start: i64,
    counts: bool,
) -> Result<bool> {
    let added = store::add(tx, own, stored, start, counts)?;
    if added && counts {
        lead_on(tx, own.0)?;
    }
    Ok(added)
}

/// Counts the pieces that waited for their checksum, as [`store::count`] does.
///
/// # Errors
/// Those of the database.
pub(super) fn count(tx: &mut Tx<'_>, own: (Id, Id), stretch: Stretch) -> Result<bool> {
    let counted = store::count(tx, own, stretch)?;
    if counted {
        lead_on(tx, own.0)?;
    }
    Ok(counted)
}

/// Where all bytes of an upload are here, asks for its being put together: whatever happens to this process.
fn lead_on(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    let Some(row) = store::any(tx.conn(), id)?.filter(|row| row.received == row.size) else { return Ok(()) };
    if store::turn(tx, id, &[State::Receiving], State::Assembling)? {
        let wait = if row.is_small() { AHEAD } else { 0 };
        let at = tx.now().plus_seconds(wait);
        queue(tx, ASSEMBLE, id, Some(at))?;
    }
    Ok(())
}

fn queue(tx: &mut Tx<'_>, kind: &'static str, id: Id, at: Option<Instant>) -> Result<()> {
    let job = Job { run_at: at, ..Job::new(kind, json!({ "upload": id })).once(format!("{kind}:{id}")) };
    jobs::enqueue(tx, job).map(|_| ())
}

/// Says that an upload has become `item`, in the transaction of its registering.
///
/// # Errors
/// `Conflict` ([`OVER`]) when it has come to its end meanwhile.
pub(super) fn finish(tx: &mut Tx<'_>, id: Id, item: Id, again: bool) -> Result<()> {
    if !store::turn(tx, id, &[State::Assembling], State::Done)? {
        return Err(AppError::Conflict(OVER));
    }
    store::note_item(tx, id, item, again)?;
    queue(tx, CLEAR, id, None)
}

/// Says that an upload could not be registered, and why: a message key. False when it has come to its end meanwhile.
///
/// # Errors
/// Those of the database.
pub(super) fn refuse(tx: &mut Tx<'_>, id: Id, key: &str) -> Result<bool> {
    let refused = store::turn(tx, id, &[State::Assembling], State::Refused)?;
    if refused {
        store::note_refusal(tx, id, key)?;
        queue(tx, CLEAR, id, None)?;
    }
    Ok(refused)
}

/// Ends an upload that has become nothing; false where there is nothing to end.
///
/// # Errors
/// Those of the database.
pub fn end(tx: &mut Tx<'_>, id: Id) -> Result<bool> {
    let from = [State::Receiving, State::Assembling, State::Refused];
    let ended = store::turn(tx, id, &from, State::Ended)?;
    if ended {
        queue(tx, CLEAR, id, None)?;
    }
    Ok(ended)
}

/// Ends uploads that nobody goes on with, and forgets those that are long over; says how many it ended.
///
/// # Errors
/// Those of the database.
pub fn expire(db: &Db) -> Result<usize> {
    let now = db.now();
    let over = db.read_now(|conn| store::expired(conn, now, AT_ONCE))?;
    let mut ended = 0;
    for id in over {
        let is_over = db.write_quiet_now(|tx| {
            let is_over = store::end_expired(tx, id)?;
            if is_over {
                queue(tx, CLEAR, id, None)?;
            }
            Ok(is_over)
        })?;
        ended += usize::from(is_over);
    }
    db.write_quiet_now(|tx| store::forget(tx, now, AT_ONCE))?;
    Ok(ended)
}
