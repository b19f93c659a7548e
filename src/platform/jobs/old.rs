//! Work that was done long ago is let go of: what it made and what the audit log says of it stay, and the queue is for what
//! waits, runs or failed. It is bookkeeping, as the queue itself is, and has no entry in the log.

use diesel::prelude::*;

use crate::platform::{
    db::{
        Db, Id, Tx,
        schema::{job, job_attempt},
    },
    error::Result,
};

/// How long a job that is done stays, in seconds (30 days): for whoever asks why something came late.
pub const KEEP: i64 = 30 * 86_400;
/// Jobs that go in one transaction, so that others wait for none of them long.
const AT_ONCE: i64 = 500;
/// Transactions of one run; what is left goes in the next, an hour later.
const ROUNDS: usize = 20;

/// Deletes jobs that were done more than [`KEEP`] ago, the oldest first, with their tries; gives how many. Those that failed
/// stay until somebody has them done. `before`: takes them off the rows of others that name them, in the same transaction.
///
/// # Errors
/// Those of `before` and of the database.
pub fn let_go(db: &Db, before: impl Fn(&mut Tx<'_>, &[Id]) -> Result<()>) -> Result<usize> {
    let mut gone = 0;
    for _ in 0..ROUNDS {
        let (found, deleted) = db.write_quiet_now(|tx| {
            let ids = done_long_ago(tx)?;
            before(tx, &ids)?;
            diesel::delete(job_attempt::table.filter(job_attempt::job_id.eq_any(&ids))).execute(tx.conn())?;
            let jobs = job::table.filter(job::id.eq_any(&ids));
            Ok((ids.len(), diesel::delete(jobs).execute(tx.conn())?))
        })?;
        gone += deleted;
        if i64::try_from(found).is_ok_and(|found| found < AT_ONCE) {
            break;
        }
    }
    Ok(gone)
}

fn done_long_ago(tx: &mut Tx<'_>) -> Result<Vec<Id>> {
    let old = tx.now().plus_seconds(-KEEP);
    let done = job::table
        .filter(job::state.eq("done"))
        // What was done then was due before: there is an index of that.
        .filter(job::run_at.lt(old))
        .filter(job::finished_at.lt(old));
    Ok(done.order(job::run_at).limit(AT_ONCE).select(job::id).load(tx.conn())?)
}
