//! Reminders of deadlines: once before and once after the due time, to those whose duty it is.

use chrono_tz::Tz;
use serde_json::json;

use super::{mail, store};
use crate::{
    directory::people::Side,
    handover::deadline::{self, DeadlineRow},
    platform::{
        db::{Db, Instant, Tx},
        error::Result,
        jobs::{self, Job},
        time,
    },
};

/// The kind of the job.
pub const JOB: &str = "deadline.remind";

const HOUR: i64 = 3600;
/// No first reminder goes out earlier before its end, in seconds.
const LOOK_AHEAD: i64 = 21 * 24 * HOUR;

/// Queues the next run, at the full hour, unless it is queued already.
///
/// # Errors
/// Those of the database.
pub fn schedule(db: &Db) -> Result<()> {
    db.write_quiet_now(|tx| {
        let next = (tx.now().micros() / 1_000_000 / HOUR + 1) * HOUR * 1_000_000;
        let job = Job::new(JOB, json!({})).once(JOB).at(Instant::from_micros(next));
        jobs::enqueue(tx, job).map(|_| ())
    })
}

/// Sends what is to be said now; returns how many deadlines were spoken of.
///
/// # Errors
/// Those of the database.
pub fn remind(db: &Db, zone: Tz) -> Result<usize> {
    db.write_quiet_now(|tx| {
        let now = tx.now();
        let mut said = 0;
        for (template, after, until) in
            [("deadline-passed", true, now), ("deadline-soon", false, now.plus_seconds(LOOK_AHEAD))]
        {
            for row in deadline::to_remind(tx.conn(), until, after)? {
                if is_time(&row, after, now, zone) {
                    tell(tx, &row, template, zone)?;
                    deadline::reminded(tx.conn(), row.id, now, after)?;
                    said += 1;
                }
            }
        }
        Ok(said)
    })
}

/// The morning for the first or the second reminder has come; the first is not sent once the end has passed.
fn is_time(row: &DeadlineRow, after: bool, now: Instant, zone: Tz) -> bool {
    let reminders = deadline::reckoning(zone).reminders(row.started_at, &deadline::due_of(row, zone));
    if after { now >= reminders.after } else { now >= reminders.before && now < row.due_at }
}

fn tell(tx: &mut Tx<'_>, row: &DeadlineRow, template: &'static str, zone: Tz) -> Result<()> {
    let transfer = store::find(tx.conn(), row.transfer_id)?;
    let side = if row.side == Side::Platform.as_str() { Side::Platform } else { Side::Agency };
    let on = time::day_of(row.started_at, zone);
    let due = deadline::shown(row.due_at, zone);
    mail::tell_with(tx, &transfer, side, template, &|lang| {
        vec![("due", due.clone()), ("what", deadline::name(&row.clock_code, on, lang))]
    })
}
