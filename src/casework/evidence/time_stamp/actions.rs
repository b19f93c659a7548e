//! Asking for stamps in the transaction of the act, and what is on record of an answer.

use serde_json::json;

use super::{
    VERB, job,
    store::{self, Over, Stamp},
};
use crate::{
    audit::{self, Entry},
    casework::evidence::scrub::store::items_of,
    platform::{
        db::{Id, Instant, Tx},
        error::{AppError, Result},
        jobs::{self, Job},
        time_stamp::{Bad, Stamp as Read},
    },
};

/// An authority that is away is tried so many times, in the end once an hour: for more than a month.
const TRIES: i32 = 800;

/// Asks each authority for a stamp over a stored file that it was not asked for before.
///
/// # Errors
/// Those of the database.
pub fn ask_for_file(tx: &mut Tx<'_>, blob: Id, sha256: &[u8]) -> Result<()> {
    let authorities = tx.stamped_by();
    if authorities.is_empty() {
        return Ok(());
    }
    let asked = store::asked(tx.conn(), blob)?;
    for authority in authorities.iter().filter(|name| !asked.contains(name)) {
        ask(tx, Over::File(blob), sha256, authority, None)?;
    }
    Ok(())
}

/// Asks each authority for a stamp over the seal of a dossier. `imprint`: SHA-256 of `seal.json`.
///
/// # Errors
/// Those of the database.
pub fn ask_for_seal(tx: &mut Tx<'_>, dossier: Id, imprint: &[u8; 32]) -> Result<()> {
    for authority in tx.stamped_by().iter() {
        ask(tx, Over::Seal(dossier), imprint, authority, None)?;
    }
    Ok(())
}

/// Asks an authority for a stamp, from an instant on. `None`: at once.
///
/// # Errors
/// Those of the database.
pub(super) fn ask(
    tx: &mut Tx<'_>,
    over: Over,
    imprint: &[u8],
    authority: &str,
    at: Option<Instant>,
) -> Result<()> {
    let id = store::insert(tx, over, imprint, authority)?;
    let work = Job { max_attempts: TRIES, run_at: at, ..Job::new(job::JOB, json!({ "stamp": id })) };
    jobs::enqueue(tx, work.once(job::key(id)))?;
    Ok(())
}

/// Keeps a stamp that was verified.
///
/// # Errors
/// `Conflict` where it has come before; those of the database.
pub(super) fn receive(tx: &mut Tx<'_>, stamp: &Stamp, read: &Read, token: &[u8]) -> Result<()> {
    if !store::receive(tx, stamp.id, read, token)? {
        return Err(AppError::Conflict("conflict-job-under-way"));
    }
    let entry = about(tx, Entry::new(VERB), stamp)?;
    let entry = entry.fact("serial", read.serial.as_str()).fact("stamped_at", read.time.to_string());
    audit::record(tx, entry).map(|_| ())
}

/// Puts on record that an answer was none that is kept.
///
/// # Errors
/// Those of the database.
pub(super) fn refuse(tx: &mut Tx<'_>, stamp: &Stamp, why: &Bad) -> Result<()> {
    let entry = about(tx, Entry::refused(VERB), stamp)?;
    audit::record(tx, entry.fact("reason", why.code())).map(|_| ())
}

/// What a stamp is over: the items whose bytes it is, or the dossier, and the leads of those.
fn about(tx: &mut Tx<'_>, entry: Entry, stamp: &Stamp) -> Result<Entry> {
    let mut entry = entry.object("timestamp", stamp.id);
    if let Some(blob) = stamp.blob_id {
        let held = items_of(tx.conn(), blob)?;
        entry = entry.objects("evidence", held.iter().map(|(item, _)| *item));
        entry = entry.objects("lead", held.iter().map(|(_, lead)| *lead));
    }
    if let Some(dossier) = stamp.dossier_id {
        entry = entry.object("dossier", dossier).object("lead", store::lead_of(tx.conn(), dossier)?);
    }
    let imprint = data_encoding::HEXLOWER.encode(&stamp.imprint);
    Ok(entry.fact("authority", stamp.authority.as_str()).fact("sha256", imprint))
}
