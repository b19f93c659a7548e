//! The collected mail: one a person, on the morning of a working day, with how much of what kind there is and where. It
//! says nothing of what it is about.

use chrono_tz::Tz;
use diesel::prelude::*;
use serde_json::json;

use super::model;
use crate::{
    directory::{people::store, reference::working_calendar},
    platform::{
        db::{Db, Id, Instant, LockKey, Tx, schema::job, take_lock},
        error::{AppError, Plain, Result},
        i18n::Lang,
        jobs::{self, Job, JobRow},
        notice::{self, Notice},
        paths, time,
    },
};

/// The kind of the job.
pub const JOB: &str = "notice.digest";

/// People that are read at once.
const AT_ONCE: i64 = 200;

/// Queues the mail of the morning of `at`, where there is anything to be said and it was not queued before: also what has
/// failed for good is tried by an administrator, or with the mail of the next day.
///
/// # Errors
/// Those of the database.
pub fn schedule(db: &Db, at: Instant, zone: Tz) -> Result<()> {
    let local = at.utc().with_timezone(&zone);
    let working = |day| working_calendar().is_working(day);
    let Some(day) = model::due_day(local.date_naive(), local.time(), working) else { return Ok(()) };
    let until = time::local(day.and_time(model::MORNING), zone);
    if db.read_now(|conn| notice::waiting_for(conn, until, None, 1))?.is_empty() {
        return Ok(());
    }
    let payload = json!({ "until": until });
    let text = payload.to_string();
    let is_known = db.read_now(|conn| {
        let known = job::table.filter(job::kind.eq(JOB)).filter(job::payload.eq(&text)).count();
        Ok(known.get_result::<i64>(conn)? > 0)
    });
    if is_known? {
        return Ok(());
    }
    db.write_quiet_now(|tx| {
        let job = Job::new(JOB, payload).once(JOB);
        jobs::enqueue(tx, job).map(|_| ())
    })
}

/// Queues a mail for everybody for whom something was kept before the time that the job names; returns how many. Each is
/// a transaction of its own, in which what is counted is taken away: after a crash the others get theirs, and nobody
/// gets two.
///
/// # Errors
/// Those of the database; the first of a person who could not be written to, once all others were.
pub fn send(db: &Db, job: &JobRow) -> Result<usize> {
    let payload: serde_json::Value = serde_json::from_str(&job.payload)?;
    let until = payload["until"].as_str().and_then(|text| Instant::try_from(text.to_owned()).ok());
    let until = until.ok_or_else(|| AppError::internal(Plain("the job names no time".into())))?;
    let (mut edge, mut sent, mut fault) = (None, 0, None);
    loop {
        let people = db.read_now(|conn| notice::waiting_for(conn, until, edge, AT_ONCE))?;
        let Some(last) = people.last() else { break };
        edge = Some(*last);
        for person in people {
            match db.write_quiet_now(|tx| one(tx, person, until)) {
                Ok(done) => sent += usize::from(done),
                Err(e) => {
                    tracing::error!(%person, error = %e, "a collected mail could not be written");
                    fault.get_or_insert(e);
                }
            }
        }
    }
    fault.map_or(Ok(sent), Err)
}

/// The mail of one person. Whose account is closed gets none, and what was kept for it is gone.
fn one(tx: &mut Tx<'_>, person: Id, until: Instant) -> Result<bool> {
    // Another run that a lost lease has let in waits here, and finds nothing.
    take_lock(tx.conn(), LockKey::Writer)?;
    let counts = notice::take_waiting(tx, person, until)?;
    let row = store::by_id(tx.conn(), person)?;
    if counts.is_empty() || row.disabled_at.is_some() || !notice::is_address(&row.email) {
        return Ok(false);
    }
    let total: i64 = counts.values().sum();
    let told: Vec<String> = counts.iter().map(|(event, n)| format!("{event}={n}")).collect();
    let letter = Notice::new("digest", row.email, Lang::parse(&row.locale).unwrap_or_default())
        .param("count", total)
        .param("counts", told.join(" "))
        .link(paths::HOME)
        .about("person", person);
    notice::queue(tx, letter).map(|_| true)
}
