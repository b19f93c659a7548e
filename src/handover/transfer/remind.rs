//! Reminders of deadlines: once before and once after the due time, to those whose duty it is.

use chrono_tz::Tz;
use serde_json::json;

use super::{mail, store};
use crate::{
    directory::people::Side,
    handover::deadline::{self, DeadlineRow, Reminder},
    platform::{
        db::{Db, Instant, Tx},
        error::{AppError, Result},
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

/// Rows that are read at once.
const AT_ONCE: i64 = 200;

/// Sends what is to be said now; returns how many deadlines were spoken of. Each is a transaction of its own: one that
/// can't be spoken of keeps no other from it.
///
/// # Errors
/// Those of the database; the first of a deadline that could not be spoken of, once all others were.
pub fn remind(db: &Db, zone: Tz) -> Result<usize> {
    let now = db.now();
    let ahead = now.plus_seconds(LOOK_AHEAD);
    let mut run = Run { db, zone, now, said: 0, fault: None };
    run.all(Reminder::After, (Instant::from_micros(i64::MIN), now))?;
    run.all(Reminder::Before, (now, ahead))?;
    match run.fault {
        Some(fault) => Err(fault),
        None => Ok(run.said),
    }
}

/// One run over all that is due.
struct Run<'a> {
    db: &'a Db,
    zone: Tz,
    now: Instant,
    said: usize,
    fault: Option<AppError>,
}

impl Run<'_> {
    fn all(&mut self, which: Reminder, span: (Instant, Instant)) -> Result<()> {
        let mut edge = None;
        loop {
            let rows = self.db.read_now(|conn| deadline::to_remind(conn, which, span, edge, AT_ONCE))?;
            let Some(last) = rows.last() else { return Ok(()) };
            edge = Some((last.due_at, last.id));
            for row in rows.iter().filter(|row| is_time(row, which, self.now, self.zone)) {
                match self.one(row, which) {
                    Ok(said) => self.said += usize::from(said),
                    Err(e) => {
                        tracing::error!(deadline = %row.id, error = %e, "a deadline could not be spoken of");
                        self.fault.get_or_insert(e);
                    }
                }
            }
        }
    }

    /// Speaks of one, unless it has been stopped, moved or spoken of since it was read.
    fn one(&self, row: &DeadlineRow, which: Reminder) -> Result<bool> {
        self.db.write_quiet_now(|tx| {
            // Noted first: another run that a lost lease has let in waits for this row, and finds the note.
            if !deadline::reminded(tx.conn(), row, self.now, which)? {
                return Ok(false);
            }
            tell(tx, row, which, self.zone)?;
            Ok(true)
        })
    }
}

/// The morning for the first or the second reminder has come; the first is not sent once the end has passed.
fn is_time(row: &DeadlineRow, which: Reminder, now: Instant, zone: Tz) -> bool {
    let reminders = deadline::reckoning(zone).reminders(row.started_at, &deadline::due_of(row, zone));
    match which {
        Reminder::After => now >= reminders.after,
        Reminder::Before => now >= reminders.before && now < row.due_at,
    }
}

fn tell(tx: &mut Tx<'_>, row: &DeadlineRow, which: Reminder, zone: Tz) -> Result<()> {
    let template = match which {
        Reminder::After => "deadline-passed",
        Reminder::Before => "deadline-soon",
    };
    let transfer = store::find(tx.conn(), row.transfer_id)?;
    let side = if row.side == Side::Platform.as_str() { Side::Platform } else { Side::Agency };
    let on = time::day_of(row.started_at, zone);
    mail::tell_with(tx, &transfer, side, template, &|lang| {
        let due = time::format_instant(row.due_at, zone, lang);
        vec![("due", due), ("what", deadline::name(&row.clock_code, on, lang))]
    })
}
