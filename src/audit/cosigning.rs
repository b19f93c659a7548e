//! Witnesses of our log: which heads each has cosigned (C2SP tlog-cosignature), and how it stands with us. Nobody waits for
//! a witness but a package that is written, for a short time.
//!
//! What is asked and what comes is bookkeeping and no entry: an entry would make a head, which would have to be cosigned, for
//! ever; between two servers that are each other's witness too.

mod job;
mod store;
mod words;

use diesel::prelude::*;
use serde_json::json;
use tlog_tiles::prove_record;

use super::{
    proof::{Head, Proof, latest_head, place_of},
    sequencer::place_pending,
    tree::Nodes,
};
use job::JOB;

use crate::platform::{
    db::{
        Connection, Id, Instant, LockKey,
        schema::{audit_cosignature, audit_entry, audit_head},
        take_lock,
    },
    error::{AppError, Result},
    jobs::{self, Handlers, Job},
    keys::{Cosignature, join},
    services::Services,
    witness::{self, Witness},
};

/// A witness is asked once in so many seconds at most: of all heads in between the newest is enough.
const PAUSE: i64 = 10;
/// One that has said that something is wrong is asked again after so many seconds.
const REST: i64 = 300;
/// One that is away is tried so many times, in the end once an hour: for more than a month.
const TRIES: i32 = 800;

/// How a witness stands with us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Its name, as its cosignatures have it.
    pub name: String,
    /// The newest size that it has cosigned, and when by its own clock.
    pub cosigned: Option<(i64, Instant)>,
    /// How many times it was away, one after the other.
    pub failures: i64,
    /// What it has said that is wrong: the message `witness-fault-<code>`.
    pub fault: Option<String>,
    /// The size of our log that it has told, where it is not ours.
    pub said_size: Option<i64>,
}

impl Standing {
    /// Whether somebody should see to it.
    pub fn is_ill(&self) -> bool {
        self.fault.is_some() || self.failures > 0
    }
}

/// The job of this room.
pub fn handlers(services: &Services, handlers: &mut Handlers) {
    handlers.add_long(JOB, job::handler(services));
}

/// Places every waiting entry, and queues for each witness that has not cosigned the newest head that it is asked. Returns
/// how many entries were placed and jobs queued.
///
/// # Errors
/// Those of the database; `Internal` when the stored tree is damaged.
pub fn sequence(services: &Services) -> Result<usize> {
    Ok(place_pending(&services.db, &services.signer)? + schedule(services)?)
}

fn schedule(services: &Services) -> Result<usize> {
    let witnesses = &services.settings.witnesses;
    let now = services.db.now();
    if witnesses.is_empty() || services.db.read_now(|conn| waiting(conn, witnesses, now))?.is_empty() {
        return Ok(0);
    }
    services.db.write_quiet_now(|tx| {
        // Of several servers one queues it.
        take_lock(tx.conn(), LockKey::Witness)?;
        let mut queued = 0;
        for (witness, at) in waiting(tx.conn(), witnesses, now)? {
            let work = Job { max_attempts: TRIES, ..Job::new(JOB, json!({ "witness": witness })) };
            queued += usize::from(jobs::enqueue(tx, work.once(job::key(&witness)).at(at))?.is_some());
        }
        Ok(queued)
    })
}

/// The witnesses that are to be asked, and from when on.
fn waiting(conn: &mut Connection, witnesses: &[Witness], now: Instant) -> Result<Vec<(String, Instant)>> {
    let Some(size) = newest_size(conn)? else { return Ok(Vec::new()) };
    let mut waiting = Vec::new();
    for id in witnesses.iter().map(Witness::id) {
        let at = match store::find(conn, &id)? {
            None => now,
            Some(known) if known.size >= size && known.fault.is_none() => continue,
            Some(known) => {
                let pause = if known.fault.is_some() { REST } else { PAUSE };
                let next = known.asked_at.plus_seconds(pause);
                // A job that waits for long stands in the way of being asked at once when all is well again.
                if known.fault.is_some() && next > now {
                    continue;
                }
                next.max(now)
            }
        };
        if !jobs::is_under_way(conn, &job::key(&id))? {
            waiting.push((id, at));
        }
    }
    Ok(waiting)
}

fn newest_size(conn: &mut Connection) -> Result<Option<i64>> {
    Ok(audit_head::table.select(diesel::dsl::max(audit_head::size)).first(conn)?)
}

/// How the configured witnesses stand, in their order.
///
/// # Errors
/// Those of the database.
pub fn standings(conn: &mut Connection, witnesses: &[Witness]) -> Result<Vec<Standing>> {
    let mut all = Vec::new();
    for one in witnesses {
        let id = one.id();
        let known = store::find(conn, &id)?;
        all.push(Standing {
            name: one.key.name().to_owned(),
            cosigned: store::last_cosigned(conn, &id)?,
            failures: known.as_ref().map_or(0, |known| known.failures),
            said_size: known.as_ref().and_then(|known| known.said_size),
            fault: known.and_then(|known| known.fault),
        });
    }
    Ok(all)
}

/// Whether one of these witnesses may still cosign a head that covers a place: it has not yet, was not away, and has said
/// nothing that is wrong.
///
/// # Errors
/// Those of the database.
pub fn is_awaited(conn: &mut Connection, witnesses: &[Witness], place: u64) -> Result<bool> {
    for id in witnesses.iter().map(Witness::id) {
        let is_well =
            store::find(conn, &id)?.is_none_or(|known| known.failures == 0 && known.fault.is_none());
        if is_well && store::last_cosigned(conn, &id)?.is_none_or(|(size, _)| size <= place.cast_signed()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The note of a head with the cosignatures that have come of it.
///
/// # Errors
/// Those of the database.
pub fn cosigned_note(conn: &mut Connection, head: &Head) -> Result<String> {
    let lines: Vec<String> = audit_cosignature::table
        .filter(audit_cosignature::size.eq(head.size))
        .order(audit_cosignature::received_at)
        .limit(i64::try_from(witness::MOST).unwrap_or(i64::MAX))
        .select(audit_cosignature::line)
        .load(conn)?;
    let read = lines.iter().filter_map(|line| Cosignature::read(line.trim_end_matches('\n')));
    Ok(join(&head.note, read.collect()))
}

/// The proof of an entry under the head that most witnesses have cosigned of those that cover it, with their cosignatures; under
/// the newest head where none has. `None` while it is not placed.
///
/// # Errors
/// `NotFound` for an unknown entry; those of the database.
pub fn prove_cosigned(conn: &mut Connection, entry: Id) -> Result<Option<Proof>> {
    let leaf: Vec<u8> = audit_entry::table.find(entry).select(audit_entry::leaf).first(conn)?;
    let Some(place) = place_of(conn, entry)? else { return Ok(None) };
    let size = store::best_size(conn, place)?;
    let head: Option<Head> = match size {
        Some(size) => audit_head::table.find(size).first(conn).optional()?,
        None => latest_head(conn)?,
    };
    let Some(mut head) = head else { return Ok(None) };
    head.note = cosigned_note(conn, &head)?;
    let path = prove_record(head.size.cast_unsigned(), place.cast_unsigned(), &Nodes::new(conn))
        .map_err(AppError::internal)?;
    let path = path.into_iter().map(|hash| hash.0).collect();
    Ok(Some(Proof { leaf, place: place.cast_unsigned(), path, head }))
}
