//! The job that reads stored files back, a batch at a time.

use std::time::{Duration, Instant as Stopwatch};

use futures_util::StreamExt;
use serde_json::json;

use super::{
    WORKER, actions,
    look::{is_before_away, look},
    model::{Fault, Finding, MOST_TRIES, due_after, due_in_all, longest_rest, pause},
    store::{self, Stored, Sum},
};
use crate::{
    audit::{self, Entry},
    platform::{
        db::{Connection, Id, Instant, Origin},
        error::{AppError, Result},
        jobs::{self, Job, JobRow, NotYet, Progress},
        keyset::Edge,
        services::Services,
        time,
    },
};

/// Kind of the job; its payload is empty.
pub const JOB: &str = "evidence.scrub";

/// Files of a batch at most, and how long one goes on. A file that has been begun is read to its end.
const AT_ONCE: i64 = 500;
const WORK: Duration = Duration::from_secs(60);
/// For so many times as long as a batch has taken nothing is read back after it: a quarter of the time is worked.
const REST: i64 = 3;
/// After so many files the job says how far it is.
const SHOWN: i64 = 25;
/// So many files that are not there, before one that is, may speak of a store that is not the one that is meant.
const IN_A_ROW: usize = 20;
/// So many objects of the store are asked for then.
const SAMPLE: usize = 50;

/// What a look at a file came to.
enum Seen {
    Whole,
    /// It is not there, and nobody was told of it.
    Missing,
    /// What follows has followed.
    Done,
}

/// What was not read back since then is due.
fn due_before(services: &Services, now: Instant) -> Instant {
    now.plus_seconds(-due_after(services.settings.scrub_days))
}

/// Queues the next batch, where anything is due and none is queued: once the rest after the last one is over. And tells the
/// log of the months that are over.
///
/// # Errors
/// Those of the database.
pub fn schedule(services: &Services) -> Result<()> {
    tell_months(services)?;
    let db = &services.db;
    let now = db.now();
    let before = due_before(services, now);
    let (is_due, last) = db.read_now(|conn| {
        let is_due = !store::due(conn, before, now, 1)?.is_empty();
        let done = last_done(conn)?;
        Ok((is_due, done.map(|done| jobs::last_try(conn, done.id)).transpose()?.flatten()))
    })?;
    if !is_due {
        return Ok(());
    }
    // By what the batch took, and not by how long it had been due: no server may have run.
    let rested =
        |(began, ended): (Instant, Instant)| ended.plus_seconds(REST * ended.seconds_since(began).max(0));
    let longest = now.plus_seconds(longest_rest(services.settings.scrub_days));
    let at = last.map_or(now, rested).clamp(now, longest);
    db.write_quiet_now(|tx| jobs::enqueue(tx, Job::new(JOB, json!({})).once(JOB).at(at)).map(|_| ()))
}

/// The handler of [`JOB`].
pub fn handler(services: &Services) -> impl Fn(&JobRow, &Progress) -> Result<()> + Send + Sync + 'static {
    let services = services.clone();
    move |_, progress| run(&services, progress)
}

/// The batch that was done last.
fn last_done(conn: &mut Connection) -> Result<Option<JobRow>> {
    Ok(jobs::page(conn, Some("done"), Some(JOB), Edge::Start, 1)?.pop())
}

fn run(services: &Services, progress: &Progress) -> Result<()> {
    let now = services.db.now();
    let before = due_before(services, now);
    let (files, all) = services.db.read_now(|conn| {
        let files = store::due(conn, before, now, AT_ONCE)?;
        let found = i64::try_from(files.len()).unwrap_or(AT_ONCE);
        let left = last_done(conn)?.map(|last| last.progress_total - last.progress_done);
        let all = match due_in_all(found, AT_ONCE, left) {
            Some(all) => all,
            None => store::due_count(conn, before, now)?,
        };
        Ok((files, all))
    })?;
    let began = Stopwatch::now();
    let (mut whole, mut missing, mut ended, mut looked) = (Vec::new(), Vec::new(), Ok(()), 0);
    for (n, file) in (0..).zip(&files) {
        if n % SHOWN == 0 {
            progress.set(n, all)?;
        }
        match one(services, file) {
            Ok(Seen::Whole) => whole.push(file),
            Ok(Seen::Missing) => {
                missing.push(file);
                if missing.len() == IN_A_ROW && whole.is_empty() && !is_ours(services)? {
                    tracing::error!("nothing that is known lies in the evidence store: is it the right one?");
                    return Err(AppError::internal(NotYet));
                }
            }
            Ok(Seen::Done) => {}
            Err(error) => {
                ended = Err(error);
                break;
            }
        }
        looked = n + 1;
        if began.elapsed() >= WORK {
            break;
        }
    }
    // What was read back before something went wrong was.
    note(services, &whole)?;
    for file in missing {
        alarm(services, file, Fault::Missing)?;
    }
    // What this batch left is the next one's: the job says how much it took of how much there was.
    progress.set(looked, all)?;
    ended
}

/// Whether anything lies in the store that is on file. Where nothing does, it is the wrong store, and no file is lost.
fn is_ours(services: &Services) -> Result<bool> {
    let listed = jobs::wait(services.vault.list().take(SAMPLE).collect::<Vec<_>>())?;
    let ids: Vec<Id> = listed.into_iter().flatten().map(|one| Id::from(one.key)).collect();
    services.db.read_now(move |conn| store::is_any_known(conn, &ids))
}

/// Looks at a file; what follows where it is not as it was stored follows, but the alarm for one that is not there.
fn one(services: &Services, file: &Stored) -> Result<Seen> {
    let db = &services.db;
    if file.erased_at.is_some() {
        db.write_quiet_now(|tx| store::forget(tx, file.id))?;
        return Ok(Seen::Done);
    }
    let fault = match look(&services.vault, file)? {
        // The store is away: the same batch is begun again later, and that is nobody's alarm.
        None => return Err(AppError::internal(NotYet)),
        Some(Finding::Whole) => return Ok(Seen::Whole),
        Some(Finding::Faulty(fault)) => fault,
        Some(Finding::Unreached) => {
            let tries = file.tries.saturating_add(1);
            if tries < MOST_TRIES || is_before_away(&services.vault)? {
                db.write_quiet_now(|tx| {
                    let until = tx.now().plus_seconds(pause(tries));
                    store::put_off(tx, file.id, tries, until)
                })?;
                return Ok(Seen::Done);
            }
            Fault::Unreadable
        }
    };
    if db.read_now(|conn| store::open_of(conn, file.id))?.is_some() {
        // Everybody knows of it, and somebody has to ask before it ends.
        db.write_quiet_now(|tx| store::checked(tx, file.id, fault.as_str()))?;
        return Ok(Seen::Done);
    }
    if fault == Fault::Missing {
        return Ok(Seen::Missing);
    }
    alarm(services, file, fault)?;
    Ok(Seen::Done)
}

fn alarm(services: &Services, file: &Stored, fault: Fault) -> Result<()> {
    let zone = services.settings.time_zone;
    match services.db.write_now(Origin::system(WORKER), |tx| actions::raise(tx, file, fault, zone)) {
        // Somebody else was quicker.
        Ok(()) | Err(AppError::Conflict(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Notes the files that are as they were stored.
fn note(services: &Services, whole: &[&Stored]) -> Result<()> {
    if whole.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = whole.iter().map(|file| file.id).collect();
    let files = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    let sum = Sum { files, bytes: whole.iter().map(|file| file.size).sum(), faults: 0 };
    let zone = services.settings.time_zone;
    services.db.write_quiet_now(|tx| {
        store::whole(tx, &ids)?;
        let month = actions::month_of(tx, zone);
        store::count(tx, &month, sum)
    })
}

fn tell_months(services: &Services) -> Result<()> {
    let db = &services.db;
    let this = time::day_of(db.now(), services.settings.time_zone).format("%Y-%m").to_string();
    for (month, sum) in db.read_now(|conn| store::untold(conn, &this))? {
        let told = db.write_now(Origin::system(WORKER), |tx| {
            if !store::tell(tx, &month)? {
                return Err(AppError::Conflict("conflict-job-under-way"));
            }
            let entry = Entry::new("evidence.scrub").fact("month", month.as_str()).fact("files", sum.files);
            audit::record(tx, entry.fact("bytes", sum.bytes).fact("faults", sum.faults)).map(|_| ())
        });
        match told {
            Ok(()) | Err(AppError::Conflict(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
