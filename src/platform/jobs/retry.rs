//! Making jobs due at once that failed or wait.

use diesel::prelude::*;

use super::store::is_under_way;
use crate::platform::{
    db::{Id, Instant, Tx, schema::job},
    error::{AppError, Result},
};

/// Makes a failed or waiting job due at once.
///
/// # Errors
/// `NotFound` when it is done or running; `Conflict` when the same work was queued anew meanwhile.
pub fn retry_now(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    let now = tx.now();
    let failed = job::table.find(id).filter(job::state.eq("failed")).select(job::dedupe);
    let key: Option<Option<String>> = failed.first(tx.conn()).optional()?;
    if let Some(Some(key)) = key
        && is_under_way(tx.conn(), &key)?
    {
        return Err(AppError::Conflict("conflict-job-under-way"));
    }
    let found = diesel::update(job::table.find(id).filter(job::state.eq_any(["failed", "queued"])))
        .set((
            job::state.eq("queued"),
            job::run_at.eq(now),
            job::attempts.eq(0),
            job::finished_at.eq(None::<Instant>),
        ))
        .execute(tx.conn())?;
    if found == 0 { Err(AppError::NotFound) } else { Ok(()) }
}

/// Makes the oldest failed jobs of every kind but one due at once, at most `limit`; gives those that it woke. One whose
/// work was queued anew meanwhile stays as it is.
///
/// # Errors
/// Those of the database.
pub fn retry_failed(tx: &mut Tx<'_>, except: &str, limit: i64) -> Result<Vec<Id>> {
    let failed: Vec<Id> = job::table
        .filter(job::state.eq("failed"))
        .filter(job::kind.ne(except))
        .order(job::id)
        .limit(limit)
        .select(job::id)
        .load(tx.conn())?;
    let mut woken = Vec::new();
    for id in failed {
        match retry_now(tx, id) {
            Ok(()) => woken.push(id),
            Err(AppError::Conflict(_)) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(woken)
}
