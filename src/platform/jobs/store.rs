//! The rows of the queue.

use std::collections::HashMap;

use diesel::prelude::*;
use serde_json::Value;

use crate::platform::{
    db::{
        Connection, Id, Instant, Tx,
        schema::{job, job_attempt},
    },
    error::Result,
    keyset::Edge,
};

/// Work to be done after the transaction that asks for it has committed.
#[derive(Clone, Debug)]
pub struct Job {
    pub kind: &'static str,
    pub payload: Value,
    /// A second job with the same key is not queued while the first waits or runs.
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

/// Whether a job with `key` waits or runs.
///
/// # Errors
/// Those of the database.
pub fn is_under_way(conn: &mut Connection, key: &str) -> Result<bool> {
    let active = job::table.filter(job::dedupe.eq(key)).filter(job::state.eq_any(["queued", "running"]));
    Ok(active.count().get_result::<i64>(conn)? > 0)
}

/// Queues `work` in the open transaction; `None` when a job with its key waits or runs. One that failed for good does
/// not stand in the way.
///
/// # Errors
/// Those of the database.
pub fn enqueue(tx: &mut Tx<'_>, work: Job) -> Result<Option<Id>> {
    if let Some(key) = &work.dedupe
        && is_under_way(tx.conn(), key)?
    {
        return Ok(None);
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

/// When the last try of a job that was done or failed really began, and when it ended; `None`: it was never tried to its end.
/// A job may have been due long before, where no server ran.
///
/// # Errors
/// Those of the database.
pub fn last_try(conn: &mut Connection, job: Id) -> Result<Option<(Instant, Instant)>> {
    Ok(job_attempt::table
        .filter(job_attempt::job_id.eq(job))
        .order(job_attempt::id.desc())
        .select((job_attempt::started_at, job_attempt::ended_at))
        .first(conn)
        .optional()?)
}

/// At most `limit` jobs from the edge on, in one state, of one kind: newest first, for `Before` against that order.
///
/// # Errors
/// Those of the database.
pub fn page(
    conn: &mut Connection,
    state: Option<&str>,
    kind: Option<&str>,
    edge: Edge<Id>,
    limit: i64,
) -> Result<Vec<JobRow>> {
    let mut query = job::table.into_boxed();
    if let Some(state) = state {
        query = query.filter(job::state.eq(state.to_owned()));
    }
    if let Some(kind) = kind {
        query = query.filter(job::kind.eq(kind.to_owned()));
    }
    query = match edge {
        Edge::Start => query.order(job::id.desc()),
        Edge::After(id) => query.filter(job::id.lt(id)).order(job::id.desc()),
        Edge::Before(id) => query.filter(job::id.gt(id)).order(job::id.asc()),
    };
    Ok(query.limit(limit).select(JobRow::as_select()).load(conn)?)
}

/// The kinds of the jobs on record.
///
/// # Errors
/// Those of the database.
pub fn kinds(conn: &mut Connection) -> Result<Vec<String>> {
    Ok(job::table.select(job::kind).distinct().order(job::kind).load(conn)?)
}

/// The jobs of `ids`.
///
/// # Errors
/// Those of the database.
pub fn find_many(conn: &mut Connection, ids: &[Id]) -> Result<Vec<JobRow>> {
    Ok(job::table.filter(job::id.eq_any(ids)).select(JobRow::as_select()).load(conn)?)
}

/// The newest job that was queued under a key and is not done.
///
/// # Errors
/// Those of the database.
pub fn by_key(conn: &mut Connection, key: &str) -> Result<Option<JobRow>> {
    let newest = job::table.filter(job::dedupe.eq(key)).order(job::id.desc());
    Ok(newest.select(JobRow::as_select()).first(conn).optional()?)
}

/// As [`by_key`], of many keys at once, by key.
///
/// # Errors
/// Those of the database.
pub fn by_keys(conn: &mut Connection, keys: &[String]) -> Result<HashMap<String, JobRow>> {
    let mut found = HashMap::new();
    for part in keys.chunks(500) {
        let rows: Vec<(Option<String>, JobRow)> = job::table
            .filter(job::dedupe.assume_not_null().eq_any(part.iter().map(String::as_str)))
            .order(job::id)
            .select((job::dedupe, JobRow::as_select()))
            .load(conn)?;
        // Of those under one key the newest comes last.
        found.extend(rows.into_iter().filter_map(|(key, row)| Some((key?, row))));
    }
    Ok(found)
}

/// One worker's hold on a job. A later claim, also by the same worker, has another number, so that a worker that was
/// away for longer than its lease can't change what belongs to the next.
#[derive(Clone, Debug)]
pub struct Claim {
    pub job: Id,
    pub worker: String,
    pub attempt: i32,
}

/// Notes how far a job is and renews its lease; false when the job belongs to another claim by now.
///
/// # Errors
/// Those of the database.
pub(super) fn progress(
    tx: &mut Tx<'_>,
    claim: &Claim,
    how_far: Option<(i64, i64)>,
    lease: Instant,
) -> Result<bool> {
    let held = job::table
        .find(claim.job)
        .filter(job::state.eq("running"))
        .filter(job::lease_owner.eq(&claim.worker))
        .filter(job::attempts.eq(claim.attempt));
    let changed = match how_far {
        Some((done, total)) => diesel::update(held)
            .set((job::progress_done.eq(done), job::progress_total.eq(total), job::lease_until.eq(lease)))
            .execute(tx.conn())?,
        None => diesel::update(held).set(job::lease_until.eq(lease)).execute(tx.conn())?,
    };
    Ok(changed > 0)
}

/// Ends jobs of `kinds` whose every try ended with the process that made it: another try would end the next one. Gives
/// those that it ended.
///
/// # Errors
/// Those of the database.
pub(super) fn fail_lost(tx: &mut Tx<'_>, kinds: &[&str]) -> Result<Vec<JobRow>> {
    let now = tx.now();
    let lost: Vec<(JobRow, Option<String>)> = job::table
        .filter(job::state.eq("running"))
        .filter(job::lease_until.le(now))
        .filter(job::attempts.ge(job::max_attempts))
        .filter(job::kind.eq_any(kinds.iter().copied()))
        .select((JobRow::as_select(), job::lease_owner))
        .load(tx.conn())?;
    let mut failed = Vec::new();
    for (row, worker) in lost {
        let still = job::table.find(row.id).filter(job::state.eq("running")).filter(job::lease_until.le(now));
        let changed = diesel::update(still)
            .set((
                job::state.eq("failed"),
                job::lease_owner.eq(None::<String>),
                job::lease_until.eq(None::<Instant>),
                job::last_error.eq(LOST),
                job::finished_at.eq(now),
            ))
            .execute(tx.conn())?;
        if changed > 0 {
            let claim = Claim { job: row.id, worker: worker.unwrap_or_default(), attempt: row.attempts };
            note_attempt(tx, &claim, now, "failed", Some("lost"))?;
            failed.push(row);
        }
    }
    Ok(failed)
}

/// What stands with a job whose worker did not come back.
const LOST: &str = "the process that ran it ended each time";

/// How many jobs failed, without those of one kind.
///
/// # Errors
/// Those of the database.
pub fn failed(conn: &mut Connection, except: &str) -> Result<i64> {
    let failed = job::table.filter(job::state.eq("failed")).filter(job::kind.ne(except));
    Ok(failed.count().get_result(conn)?)
}

/// How many jobs of a state there are, but for those that are done: `queued`, `running`, `failed`.
///
/// # Errors
/// Those of the database.
pub fn unfinished(conn: &mut Connection) -> Result<Vec<(String, i64)>> {
    Ok(job::table
        .filter(job::state.eq_any(["queued", "running", "failed"]))
        .group_by(job::state)
        .select((job::state, diesel::dsl::count_star()))
        .load(conn)?)
}

/// As [`unfinished`], of one kind.
///
/// # Errors
/// Those of the database.
pub fn unfinished_of(conn: &mut Connection, kind: &str) -> Result<Vec<(String, i64)>> {
    Ok(job::table
        .filter(job::state.eq_any(["queued", "running", "failed"]))
        .filter(job::kind.eq(kind))
        .group_by(job::state)
        .select((job::state, diesel::dsl::count_star()))
        .load(conn)?)
}

fn note_attempt(
    tx: &mut Tx<'_>,
    claim: &Claim,
    started: Instant,
    outcome: &str,
    code: Option<&str>,
) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(job_attempt::table)
        .values((
            job_attempt::id.eq(Id::new()),
            job_attempt::job_id.eq(claim.job),
            job_attempt::attempt.eq(claim.attempt),
            job_attempt::worker.eq(&claim.worker),
            job_attempt::started_at.eq(started),
            job_attempt::ended_at.eq(now),
            job_attempt::outcome.eq(outcome),
            job_attempt::error.eq(code),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Why a try failed: a code, which stays on record, and words, which may hold somebody's address and stand with the
/// job only until its next try.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub code: &'static str,
    pub text: String,
}

/// Ends a try: done, to be tried again at `next`, or failed for good. False when the job belongs to another claim by
/// now; then only the try is noted.
pub(super) fn finish(
    tx: &mut Tx<'_>,
    claim: &Claim,
    started: Instant,
    failure: Option<&Failure>,
    next: Option<Instant>,
) -> Result<bool> {
    let now = tx.now();
    let (outcome, state, finished) = match (failure, next) {
        (None, _) => ("done", "done", Some(now)),
        (Some(_), Some(_)) => ("retry", "queued", None),
        (Some(_), None) => ("failed", "failed", Some(now)),
    };
    let held = job::table
        .find(claim.job)
        .filter(job::state.eq("running"))
        .filter(job::lease_owner.eq(&claim.worker))
        .filter(job::attempts.eq(claim.attempt));
    let changed = diesel::update(held)
        .set((
            job::state.eq(state),
            next.map(|next| job::run_at.eq(next)),
            job::lease_owner.eq(None::<String>),
            job::lease_until.eq(None::<Instant>),
            job::last_error.eq(failure.map(|failure| failure.text.as_str())),
            job::finished_at.eq(finished),
        ))
        .execute(tx.conn())?;
    let held = changed > 0;
    let outcome = if held { outcome } else { "lost" };
    note_attempt(tx, claim, started, outcome, failure.map(|failure| failure.code))?;
    if held && state == "done" {
        // Whoever asks what became of the work asks for what is not done.
        diesel::update(job::table.find(claim.job)).set(job::dedupe.eq(None::<String>)).execute(tx.conn())?;
    }
    Ok(held)
}

/// Puts a job back that can't go on yet, to be looked at again at `next`; the look was no try.
pub(super) fn postpone(tx: &mut Tx<'_>, claim: &Claim, next: Instant) -> Result<()> {
    let held = job::table
        .find(claim.job)
        .filter(job::state.eq("running"))
        .filter(job::lease_owner.eq(&claim.worker))
        .filter(job::attempts.eq(claim.attempt));
    diesel::update(held)
        .set((
            job::state.eq("queued"),
            job::run_at.eq(next),
            job::attempts.eq(claim.attempt - 1),
            job::lease_owner.eq(None::<String>),
            job::lease_until.eq(None::<Instant>),
            job::last_error.eq(None::<String>),
        ))
        .execute(tx.conn())?;
    Ok(())
}
