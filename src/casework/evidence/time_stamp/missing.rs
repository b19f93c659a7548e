//! Asking for the stamps that were never asked for: over what was registered or sealed before there was an authority, or
//! before it was this one. An act says so, and rows and jobs are then written in batches, each a transaction of its own. What
//! was asked for before is not asked for again, so that it can break off anywhere and be done once more.

use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    actions,
    store::{self, Over},
};
use crate::{
    audit::{self, Entry},
    directory::people::stamps as unasked,
    platform::{
        db::{Connection, Id, LockKey, Origin, Tx, take_lock},
        error::{AppError, Result},
        jobs::{self, Job, JobRow, Progress},
        services::Services,
    },
};

/// The verb.
const ASK: &str = "timestamp.ask_missing";
/// Kind of the job; its payload is empty.
pub(super) const FILL: &str = "timestamp.fill";

/// Stamps of one transaction.
const AT_ONCE: i64 = 200;
/// Each is asked for so many seconds after the one before: an authority is not to be flooded, and what is registered meanwhile
/// is not to wait behind all of them.
const SPACE: i64 = 5;

/// How far the stamping is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Stamps that were asked for, ever; each is over one file or seal, by one authority.
    pub asked: i64,
    /// Of those the ones that are waited for.
    pub outstanding: i64,
    /// And those that asking has stopped for.
    pub failed: i64,
    /// Stored files that an authority was not asked for a stamp over, once for each authority.
    pub files: i64,
    /// Seals, likewise.
    pub seals: i64,
    /// Whether they are being asked for now.
    pub is_under_way: bool,
}

impl Standing {
    pub fn missing(&self) -> i64 {
        self.files + self.seals
    }
}

/// How far the stamping by these authorities is.
///
/// # Errors
/// Those of the database.
pub fn standing(conn: &mut Connection, authorities: &[String]) -> Result<Standing> {
    let mut found = Standing { asked: store::count(conn)?, ..Standing::default() };
    for (state, count) in jobs::unfinished_of(conn, super::JOB)? {
        match state.as_str() {
            "failed" => found.failed += count,
            _ => found.outstanding += count,
        }
    }
    for authority in authorities {
        found.files += unasked::files(conn, authority)?;
        found.seals += unasked::seals(conn, authority)?;
    }
    found.is_under_way = jobs::is_under_way(conn, FILL)?;
    Ok(found)
}

/// Puts on record that the missing stamps are asked for; gives how many are.
///
/// # Errors
/// `Conflict` where none is missing; those of the database.
fn ask(tx: &mut Tx<'_>) -> Result<i64> {
    let authorities = tx.stamped_by();
    let found = standing(tx.conn(), &authorities)?;
    if found.missing() == 0 {
        return Err(AppError::Conflict("conflict-no-stamp-missing"));
    }
    let entry = Entry::new(ASK).fact("files", found.files).fact("seals", found.seals);
    audit::record(tx, entry.fact("authority", authorities.join(" ")))?;
    Ok(found.missing())
}

/// As [`ask`], and has a job do it.
///
/// # Errors
/// As [`ask`]; `Conflict` while one does it.
pub(super) fn ask_by_job(tx: &mut Tx<'_>) -> Result<()> {
    ask(tx)?;
    match jobs::enqueue(tx, Job::new(FILL, json!({})).once(FILL))? {
        Some(_) => Ok(()),
        None => Err(AppError::Conflict("conflict-job-under-way")),
    }
}

/// The handler of [`FILL`].
pub(super) fn handler(
    services: &Services,
) -> impl Fn(&JobRow, &Progress) -> Result<()> + Send + Sync + 'static {
    let services = services.clone();
    move |_, progress| {
        let all = services.db.read_now(|conn| standing(conn, &services.stamp_authorities()))?.missing();
        progress.set(0, all)?;
        let done = fill(&services, &mut |done| progress.set(done, all.max(done)))?;
        progress.set(done, done)
    }
}

/// Asks for what is missing, a batch at a time; `told` hears how many are asked for by now. Gives how many there were.
///
/// # Errors
/// Those of the database and of `told`.
fn fill(services: &Services, told: &mut dyn FnMut(i64) -> Result<()>) -> Result<i64> {
    let mut done = 0;
    for authority in services.stamp_authorities() {
        for kind in [Kind::File, Kind::Seal] {
            let mut after = Id::from_bytes([0; 16]);
            while let Some((last, count)) = batch(services, &authority, kind, after, done)? {
                after = last;
                done += count;
                told(done)?;
            }
        }
    }
    Ok(done)
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    File,
    Seal,
}

/// Asks for the next ones behind an id; gives the last of them and how many they are. `None`: there are no more.
fn batch(
    services: &Services,
    authority: &str,
    kind: Kind,
    after: Id,
    before: i64,
) -> Result<Option<(Id, i64)>> {
    services.db.write_quiet_now(|tx| {
        // Whoever registers the same bytes now asks as well.
        take_lock(tx.conn(), LockKey::Writer)?;
        let found: Vec<(Over, Id, Vec<u8>)> = match kind {
            Kind::File => store::files_unasked(tx.conn(), authority, after, AT_ONCE)?
                .into_iter()
                .map(|(id, sha256)| (Over::File(id), id, sha256))
                .collect(),
            Kind::Seal => store::seals_unasked(tx.conn(), authority, after, AT_ONCE)?
                .into_iter()
                .map(|(id, text)| (Over::Seal(id), id, Sha256::digest(text.as_bytes()).to_vec()))
                .collect(),
        };
        let now = tx.now();
        for (n, (over, _, imprint)) in (before..).zip(&found) {
            actions::ask(tx, *over, imprint, authority, Some(now.plus_seconds(n * SPACE)))?;
        }
        let count = i64::try_from(found.len()).unwrap_or(AT_ONCE);
        Ok(found.last().map(|(_, id, _)| (*id, count)))
    })
}

/// As [`ask`] and [`fill`], for whoever acts at the command line. Gives how many were asked for; `None`: none was missing.
///
/// # Errors
/// Those of the database and of `told`.
pub fn ask_now(
    services: &Services,
    origin: Origin,
    told: &mut dyn FnMut(i64, i64) -> Result<()>,
) -> Result<Option<i64>> {
    let all = match services.db.write_now(origin, ask) {
        Ok(all) => all,
        Err(AppError::Conflict("conflict-no-stamp-missing")) => return Ok(None),
        Err(error) => return Err(error),
    };
    fill(services, &mut |done| told(done, all)).map(Some)
}
