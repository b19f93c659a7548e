//! Writing what was looked at: exactly those bytes, as long as they still mean the same.

use serde_json::json;

use super::{
    CALENDAR_CHANGED,
    plan::{self, Plan},
};
use crate::{
    directory::reference::{
        self,
        files::{Fault, PLAUSIBLE},
        imported,
    },
    platform::{
        db::Tx,
        error::{AppError, FieldError, Result},
        jobs::{self, Job},
    },
};

/// Faults of a file as those of a form, each with its line and column.
fn invalid(faults: Vec<Fault>) -> AppError {
    let fault = |(place, error): Fault| FieldError { field: place, ..error };
    AppError::Invalid(faults.into_iter().map(fault).collect())
}

/// Refuses a plan that is not the one that was shown.
fn is_shown<T>(plan: &Plan<T>, text: &str, digest: &str) -> Result<()> {
    if plan.is_empty() || plan.digest(text) != digest {
        return Err(AppError::Conflict("conflict-reference-import"));
    }
    Ok(())
}

/// Writes a file of regions that was looked at.
///
/// # Errors
/// `Invalid` with every fault; `Conflict` when it would change something else by now.
pub fn write_regions(tx: &mut Tx<'_>, text: &str, digest: &str) -> Result<()> {
    // Another server may have taken in a file that this one does not know of yet.
    imported::load(tx.conn())?;
    let plan = plan::regions(text, reference::regions()).map_err(invalid)?;
    is_shown(&plan, text, digest)?;
    imported::write_regions(tx, &plan.written, text)
}

/// Writes a notice that was looked at; time limits are reckoned anew once it is on file. With `force` also one by which
/// a year has a number of working days that is hard to believe.
///
/// # Errors
/// As [`write_regions`]; `Invalid` beside `force`.
pub fn write_days(tx: &mut Tx<'_>, text: &str, digest: &str, force: bool) -> Result<()> {
    imported::load(tx.conn())?;
    let plan = plan::days(text, None, reference::working_calendar()).map_err(invalid)?;
    is_shown(&plan, text, digest)?;
    let (notice, calendar) = &plan.written;
    if !force && !PLAUSIBLE.contains(&calendar.working_days_in(notice.year)) {
        return Err(AppError::field("force", "error-table-implausible"));
    }
    imported::write_days(tx, notice)?;
    jobs::enqueue(tx, Job::new(CALENDAR_CHANGED, json!({ "year": notice.year })))?;
    Ok(())
}
