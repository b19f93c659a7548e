//! Claiming jobs and doing them, on threads that may block.

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use super::store::{self, Claim, Failure, JobRow};
use crate::platform::{
    db::{Db, Tx, claim_next_job},
    error::{AppError, Result},
};

/// How long a claim holds without a sign of life, in seconds.
const LEASE: i64 = 60;

/// Does one kind of job. It must be able to run again after a crash in its middle.
pub type Handler = Arc<dyn Fn(&JobRow, &Progress) -> Result<()> + Send + Sync>;

/// What follows when a job of one kind is given up, in the transaction that ends it.
type Ending = Arc<dyn Fn(&mut Tx<'_>, &JobRow) -> Result<()> + Send + Sync>;

/// How long a kind of job may take, and so who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    Short,
    /// Reads or writes files, or waits for somebody else's server.
    Long,
    /// As that, and a process does one at a time, as it takes much memory.
    Alone,
}

/// Which jobs a thread does. A process has one for each, so that nobody's mail waits for a file that is read, and no file for
/// the table of a million rows that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Those that are done soon.
    Short,
    /// These, and long ones but those of which one goes at a time.
    Long,
    /// All.
    Any,
}

impl Lane {
    pub const ALL: [Lane; 3] = [Lane::Short, Lane::Long, Lane::Any];

    fn takes(self, weight: Weight) -> bool {
        match self {
            Lane::Short => weight == Weight::Short,
            Lane::Long => weight != Weight::Alone,
            Lane::Any => true,
        }
    }
}

/// The kinds of jobs that this program knows.
#[derive(Clone, Default)]
pub struct Handlers {
    kinds: HashMap<&'static str, Handler>,
    weights: HashMap<&'static str, Weight>,
    endings: HashMap<&'static str, Ending>,
}

impl Handlers {
    pub fn add(
        &mut self,
        kind: &'static str,
        handler: impl Fn(&JobRow, &Progress) -> Result<()> + Send + Sync + 'static,
    ) {
        self.kinds.insert(kind, Arc::new(handler));
    }

    /// As [`Handlers::add`], of a kind that may take long: by size of what it reads or writes, or by who answers.
    pub fn add_long(
        &mut self,
        kind: &'static str,
        handler: impl Fn(&JobRow, &Progress) -> Result<()> + Send + Sync + 'static,
    ) {
        self.weights.insert(kind, Weight::Long);
        self.add(kind, handler);
    }

    /// As [`Handlers::add_long`], of a kind of which a process does one at a time.
    pub fn add_alone(
        &mut self,
        kind: &'static str,
        handler: impl Fn(&JobRow, &Progress) -> Result<()> + Send + Sync + 'static,
    ) {
        self.weights.insert(kind, Weight::Alone);
        self.add(kind, handler);
    }

    /// The kinds for which a mail may have to wait, sorted.
    pub fn short(&self) -> Vec<&'static str> {
        let mut short: Vec<_> =
            self.kinds.keys().copied().filter(|kind| !self.weights.contains_key(kind)).collect();
        short.sort_unstable();
        short
    }

    /// The kinds that a lane does. What this program does not know is left to a newer one that runs beside it.
    fn of(&self, lane: Lane) -> Vec<&'static str> {
        let weight = |kind: &str| self.weights.get(kind).copied().unwrap_or(Weight::Short);
        self.kinds.keys().copied().filter(|kind| lane.takes(weight(kind))).collect()
    }

    /// Says what follows when a job of a kind is given up: its last try failed, or was lost with its process.
    pub fn when_given_up(
        &mut self,
        kind: &'static str,
        ending: impl Fn(&mut Tx<'_>, &JobRow) -> Result<()> + Send + Sync + 'static,
    ) {
        self.endings.insert(kind, Arc::new(ending));
    }

    fn give_up(&self, tx: &mut Tx<'_>, row: &JobRow) -> Result<()> {
        self.endings.get(row.kind.as_str()).map_or(Ok(()), |ending| ending(tx, row))
    }
}

/// What a handler's `Internal` error carries when another try is pointless: the job fails at once.
#[derive(Debug)]
pub struct GiveUp(pub String);

impl std::fmt::Display for GiveUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for GiveUp {}

/// What a handler's `Internal` error carries when the job waits for something that is not of its doing: it is looked at
/// again later, in the same row, and that was no try.
#[derive(Debug)]
pub struct NotYet;

impl std::fmt::Display for NotYet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not yet")
    }
}

impl std::error::Error for NotYet {}

/// Says how far a job is, which also keeps its lease.
pub struct Progress {
    db: Db,
    claim: Claim,
}

impl Progress {
    /// # Errors
    /// `Unavailable` when another worker has taken the job over; those of the database.
    pub fn set(&self, done: i64, total: i64) -> Result<()> {
        let held = self.db.write_quiet_now(|tx| {
            let lease = tx.now().plus_seconds(LEASE);
            store::progress(tx, &self.claim, Some((done, total)), lease)
        })?;
        if held { Ok(()) } else { Err(AppError::Unavailable("another worker has taken the job over".into())) }
    }
}

/// The code of an error after which another try is pointless.
const HOPELESS: &str = "hopeless";

/// What stays on record of an error: its kind, without its words.
fn failure_of(error: &AppError) -> Failure {
    let code = match error {
        AppError::Invalid(_) => "invalid",
        AppError::NotFound => "not-found",
        AppError::Conflict(key) => key,
        AppError::TooLarge(_) => "too-large",
        AppError::Unavailable(_) => "unavailable",
        AppError::Internal(cause) if cause.is::<GiveUp>() => HOPELESS,
        _ => "internal",
    };
    Failure { code, text: error.to_string() }
}

/// Seconds to wait before try number `attempts + 1`: 10 s, 30 s, 90 s … at most an hour.
fn back_off(attempts: i32) -> i64 {
    let power = u32::try_from(attempts - 1).unwrap_or(0).min(7);
    (10 * 3i64.pow(power)).min(3600)
}

/// Seconds until a job that waits is looked at again: a quarter of what it has waited, 2 s to 5 min.
fn pause(waited: i64) -> i64 {
    (waited / 4).clamp(2, 300)
}

/// Does one due job of a lane; false when none is due.
///
/// # Errors
/// Those of the database; the job's own errors are recorded, not returned.
pub fn run_one(db: &Db, worker: &str, handlers: &Handlers, lane: Lane) -> Result<bool> {
    let (kinds, known) = (handlers.of(lane), handlers.of(Lane::Any));
    let claimed = db.write_quiet_now(|tx| {
        for lost in store::fail_lost(tx, &known)? {
            handlers.give_up(tx, &lost)?;
        }
        let now = tx.now();
        let id = claim_next_job(tx.conn(), worker, now, now.plus_seconds(LEASE), &kinds)?;
        id.map(|id| store::find(tx.conn(), id)).transpose()
    })?;
    let Some(row) = claimed else { return Ok(false) };
    let started = db.now();
    let claim = Claim { job: row.id, worker: worker.to_owned(), attempt: row.attempts };
    let progress = Progress { db: db.clone(), claim: claim.clone() };
    let keeping = keep_lease(db, claim.clone());
    let done = match handlers.kinds.get(row.kind.as_str()) {
        None => Err(AppError::Unavailable(format!("no handler for jobs of kind {}", row.kind))),
        Some(handler) => catch_unwind(AssertUnwindSafe(|| handler(&row, &progress)))
            .unwrap_or_else(|_| Err(AppError::Unavailable("the job panicked".into()))),
    };
    drop(keeping);
    if matches!(&done, Err(AppError::Internal(cause)) if cause.is::<NotYet>()) {
        let waited = db.now().micros().saturating_sub(row.created_at.micros()) / 1_000_000;
        db.write_quiet_now(|tx| {
            let next = tx.now().plus_seconds(pause(waited));
            store::postpone(tx, &claim, next)
        })?;
        return Ok(true);
    }
    let failure = done.err().as_ref().map(failure_of);
    if let Some(Failure { code, text }) = &failure {
        tracing::warn!(job = %row.id, kind = %row.kind, attempt = row.attempts, code, error = text, "job failed");
    }
    let held = db.write_quiet_now(|tx| {
        let again = failure.as_ref().is_some_and(|failure| failure.code != HOPELESS);
        let next =
            (again && row.attempts < row.max_attempts).then(|| tx.now().plus_seconds(back_off(row.attempts)));
        let held = store::finish(tx, &claim, started, failure.as_ref(), next)?;
        if held && failure.is_some() && next.is_none() {
            handlers.give_up(tx, &row)?;
        }
        Ok(held)
    })?;
    if !held {
        tracing::warn!(job = %row.id, kind = %row.kind, "another worker had taken the job over");
    }
    Ok(true)
}

/// Renews the lease while a long job runs; ends when dropped.
struct LeaseKeeper(Arc<AtomicBool>);

impl Drop for LeaseKeeper {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

fn keep_lease(db: &Db, claim: Claim) -> LeaseKeeper {
    let stop = Arc::new(AtomicBool::new(false));
    let (db, flag) = (db.clone(), stop.clone());
    std::thread::spawn(move || {
        let mut beats = 0u32;
        while !flag.load(Ordering::Acquire) {
            std::thread::sleep(Duration::from_millis(200));
            beats += 1;
            if !beats.is_multiple_of(75) {
                continue;
            }
            let renewed = db.write_quiet_now(|tx| {
                let lease = tx.now().plus_seconds(LEASE);
                store::progress(tx, &claim, None, lease)
            });
            match renewed {
                Ok(true) => {}
                Ok(false) => return,
                Err(e) => tracing::warn!(job = %claim.job, error = %e, "lease not renewed"),
            }
        }
    });
    LeaseKeeper(stop)
}

/// Does everything that is due now; for the command line and for tests.
///
/// # Errors
/// Those of the database.
pub fn run_due(db: &Db, worker: &str, handlers: &Handlers) -> Result<usize> {
    let mut done = 0;
    while run_one(db, worker, handlers, Lane::Any)? {
        done += 1;
    }
    Ok(done)
}

/// Works on a lane until `stop` is set, looking for due jobs twice a second.
pub fn work_until(db: &Db, worker: &str, handlers: &Handlers, lane: Lane, stop: &AtomicBool) {
    while !stop.load(Ordering::Acquire) {
        match run_one(db, worker, handlers, lane) {
            Ok(true) => {}
            Ok(false) => std::thread::sleep(Duration::from_millis(500)),
            Err(e) => {
                tracing::error!(error = %e, "worker can't reach its queue");
                std::thread::sleep(Duration::from_secs(5));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Handlers, Lane, back_off, pause};

    #[test]
    fn a_job_that_waits_is_looked_at_less_and_less() {
        let pauses: Vec<i64> = [0, 8, 40, 1_200, 86_400].map(pause).into();
        assert_eq!(pauses, [2, 2, 10, 300, 300]);
    }

    #[test]
    fn whatever_may_take_long_has_a_lane_that_holds_up_nothing_short() {
        let mut handlers = Handlers::default();
        handlers.add("short", |_, _| Ok(()));
        handlers.add_long("long", |_, _| Ok(()));
        handlers.add_alone("alone", |_, _| Ok(()));
        let done = Lane::ALL.map(|lane| {
            let mut done = handlers.of(lane);
            done.sort_unstable();
            done
        });
        assert_eq!(done, [vec!["short"], vec!["long", "short"], vec!["alone", "long", "short"]]);
    }

    #[test]
    fn waits_grow_threefold_up_to_an_hour() {
        let waits: Vec<i64> = (1..=8).map(back_off).collect();
        assert_eq!(waits, [10, 30, 90, 270, 810, 2430, 3600, 3600]);
    }
}
