//! The rows of the queue.

use diesel::prelude::*;
use serde_json::Value;

use crate::platform::{
    db::{
        Connection, Id, Instant, Tx,
        schema::{job, job_attempt},
    },
    error::Result,
};

/// Work to be done after the transaction that asks for it has committed.
#[derive(Clone, Debug)]
pub struct Job {
    pub kind: &'static str,
    pub payload: Value,
    /// A second job with the same key is not queued.
    pub dedupe: Option<String>,
    pub run_at: Option<Instant>,
    pub max_attempts: i32,
}

impl Job {
    pub fn new(kind: &'static str, payload: Value) -> Self {
        Self { kind, payload, dedupe: None, run_at: None, max_attempts: 8 }
    }

    #[must_use]
    pub fn once(mut self, key: impl Into<String>) -> Self {
        self.dedupe = Some(key.into());
        self
    }

    #[must_use]
    pub fn at(mut self, at: Instant) -> Self {
        self.run_at = Some(at);
        self
    }
}

/// A job as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = job)]
pub struct JobRow {
    pub id: Id,
    pub kind: String,
    pub payload: String,
    pub state: String,
    pub progress_done: i64,
    pub progress_total: i64,
    pub attempts: i32,
    pub max_attempts: i32,
    pub run_at: Instant,
    pub last_error: Option<String>,
    pub created_at: Instant,
    pub finished_at: Option<Instant>,
}

impl JobRow {
    /// The payload's member `name` as an identity.
    pub fn id_of(&self, name: &str) -> Option<Id> {
        let payload: Value = serde_json::from_str(&self.payload).ok()?;
        payload[name].as_str()?.parse().ok()
    }
}

/// Queues `work` in the open transaction; `None` when its key is queued already.
///
/// # Errors
/// Those of the database.
pub fn enqueue(tx: &mut Tx<'_>, work: Job) -> Result<Option<Id>> {
    if let Some(key) = &work.dedupe {
        let known: i64 = job::table.filter(job::dedupe.eq(key)).count().get_result(tx.conn())?;
        if known > 0 {
            return Ok(None);
        }
    }
    let id = Id::new();
    let now = tx.now();
    diesel::insert_into(job::table)
        .values((
            job::id.eq(id),
            job::kind.eq(work.kind),
            job::dedupe.eq(work.dedupe),
            job::payload.eq(work.payload.to_string()),
            job::state.eq("queued"),
            job::max_attempts.eq(work.max_attempts),
            job::run_at.eq(work.run_at.unwrap_or(now)),
            job::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(Some(id))
}

/// One job.
///
/// # Errors
/// `NotFound`; those of the database.
pub fn find(conn: &mut Connection, id: Id) -> Result<JobRow> {
    Ok(job::table.find(id).select(JobRow::as_select()).first(conn)?)
}

/// The newest jobs, unfinished first.
///
/// # Errors
/// Those of the database.
pub fn list(conn: &mut Connection, state: Option<&str>, limit: i64) -> Result<Vec<JobRow>> {
    let mut query = job::table.into_boxed();
    if let Some(state) = state {
        query = query.filter(job::state.eq(state.to_owned()));
    }
    Ok(query.order(job::created_at.desc()).limit(limit).select(JobRow::as_select()).load(conn)?)
}

/// One page of jobs, newest first: in one state, of one kind, older than `before` (keyset).
///
/// # Errors
/// Those of the database.
pub fn page(
    conn: &mut Connection,
    state: Option<&str>,
    kind: Option<&str>,
    before: Option<Id>,
    limit: i64,
) -> Result<Vec<JobRow>> {
    let mut query = job::table.into_boxed();
    if let Some(state) = state {
        query = query.filter(job::state.eq(state.to_owned()));
    }
    if let Some(kind) = kind {
        query = query.filter(job::kind.eq(kind.to_owned()));
    }
    if let Some(before) = before {
        query = query.filter(job::id.lt(before));
    }
    Ok(query.order(job::id.desc()).limit(limit).select(JobRow::as_select()).load(conn)?)
}

/// The jobs of `ids`.
///
/// # Errors
/// Those of the database.
pub fn find_many(conn: &mut Connection, ids: &[Id]) -> Result<Vec<JobRow>> {
    Ok(job::table.filter(job::id.eq_any(ids)).select(JobRow::as_select()).load(conn)?)
}

/// The job that was queued under a key and is not done.
///
/// # Errors
/// Those of the database.
pub fn by_key(conn: &mut Connection, key: &str) -> Result<Option<JobRow>> {
    Ok(job::table.filter(job::dedupe.eq(key)).select(JobRow::as_select()).first(conn).optional()?)
}

/// Notes how far a job is.
///
/// # Errors
/// Those of the database.
pub fn progress(tx: &mut Tx<'_>, id: Id, done: i64, total: i64, lease: Instant) -> Result<()> {
    diesel::update(job::table.find(id))
        .set((job::progress_done.eq(done), job::progress_total.eq(total), job::lease_until.eq(lease)))
        .execute(tx.conn())?;
    Ok(())
}

/// Makes a failed or waiting job due at once.
///
/// # Errors
/// `NotFound` when it is done or running.
pub fn retry_now(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    let now = tx.now();
    let found = diesel::update(job::table.find(id).filter(job::state.eq_any(["failed", "queued"])))
        .set((
            job::state.eq("queued"),
            job::run_at.eq(now),
            job::attempts.eq(0),
            job::finished_at.eq(None::<Instant>),
        ))
        .execute(tx.conn())?;
    if found == 0 { Err(crate::platform::error::AppError::NotFound) } else { Ok(()) }
}

/// Ends a try: done, to be tried again at `next`, or failed for good.
pub(super) fn finish(
    tx: &mut Tx<'_>,
    row: &JobRow,
    worker: &str,
    started: Instant,
    error: Option<&str>,
    next: Option<Instant>,
) -> Result<()> {
    let now = tx.now();
    let outcome = match (error, next) {
        (None, _) => "done",
        (Some(_), Some(_)) => "retry",
        (Some(_), None) => "failed",
    };
    diesel::insert_into(job_attempt::table)
        .values((
            job_attempt::id.eq(Id::new()),
            job_attempt::job_id.eq(row.id),
            job_attempt::attempt.eq(row.attempts),
            job_attempt::worker.eq(worker),
            job_attempt::started_at.eq(started),
            job_attempt::ended_at.eq(now),
            job_attempt::outcome.eq(outcome),
            job_attempt::error.eq(error),
        ))
        .execute(tx.conn())?;
    let (state, finished) = match outcome {
        "retry" => ("queued", None),
        done_or_failed => (done_or_failed, Some(now)),
    };
    diesel::update(job::table.find(row.id))
        .set((
            job::state.eq(state),
            job::run_at.eq(next.unwrap_or(row.run_at)),
            job::lease_owner.eq(None::<String>),
            job::lease_until.eq(None::<Instant>),
            job::last_error.eq(error),
            job::finished_at.eq(finished),
        ))
        .execute(tx.conn())?;
    if state == "done" {
        // The key is free again: the same work may be asked for anew.
        diesel::update(job::table.find(row.id)).set(job::dedupe.eq(None::<String>)).execute(tx.conn())?;
    }
    Ok(())
}
