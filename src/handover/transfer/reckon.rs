//! Ends that were reckoned over a year without a published calendar, once that is on file.

use chrono_tz::Tz;

use super::{actions::parties, due, store};
use crate::{
    audit::{self, Entry},
    directory::reference::{WorkingCalendar, working_calendar},
    handover::deadline,
    platform::{
        db::{Db, Origin, Tx},
        error::{AppError, Result},
    },
};

/// What ends an act that changed nothing: it leaves nothing on record.
const NOTHING: &str = "nothing-to-reckon";

/// Reckons every running provisional deadline by the calendar of this process, as background work; does nothing where
/// none of them moves.
///
/// # Errors
/// Those of the database.
pub fn reckon_all(db: &Db, zone: Tz) -> Result<()> {
    let done = db.write_now(Origin::system("system:worker"), |tx| {
        match reckon_anew(tx, zone, working_calendar())? {
            0 => Err(AppError::Conflict(NOTHING)),
            _ => Ok(()),
        }
    });
    match done {
        Err(AppError::Conflict(NOTHING)) => Ok(()),
        done => done,
    }
}

/// Reckons the running provisional deadlines by a calendar, each in an entry of its own with its old and its new end.
/// Returns how many moved or became certain.
///
/// # Errors
/// Those of the database.
pub fn reckon_anew(tx: &mut Tx<'_>, zone: Tz, calendar: &WorkingCalendar) -> Result<usize> {
    let mut changed = 0;
    for row in deadline::provisional(tx.conn())? {
        let transfer = store::find(tx.conn(), row.transfer_id)?;
        let parties = parties(tx.conn(), &transfer)?;
        let Some(due) = deadline::reckoned_anew(tx.conn(), &row, &parties, zone, calendar)? else { continue };
        if (due.at, due.provisional) == (row.due_at, row.provisional) {
            continue;
        }
        deadline::move_end(tx.conn(), row.id, due.at, due.provisional)?;
        let next = deadline::next_due(tx.conn(), row.transfer_id)?;
        due::save(tx.conn(), row.transfer_id, next)?;
        let entry = Entry::new("deadline.reckon")
            .object("deadline", row.id)
            .object("transfer", row.transfer_id)
            .fact("clock", row.clock_code.as_str())
            .fact("old_due_at", row.due_at.to_string())
            .fact("new_due_at", due.at.to_string())
            .fact("provisional", due.provisional);
        audit::record(tx, entry)?;
        changed += 1;
    }
    Ok(changed)
}
