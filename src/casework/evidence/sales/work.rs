//! Doing it: at once where the tables are small, by a job where they are not.

use serde_json::json;

use super::{
    actions::{self, CHANGED},
    count::{self, Plan},
    file,
    model::Mapping,
};
use crate::{
    casework::evidence::store as items,
    directory::people::{Compiler, store as people},
    platform::{
        db::{Connection, Id, Origin, blocking},
        error::{AppError, Plain, Result},
        jobs::{self, GiveUp, Job, JobRow, Progress},
        services::Services,
    },
};

/// Kind of the job; its payload is `{"evidence": id, "person": id, "mapping": text}`; an empty text takes the mark off.
pub const JOB: &str = "evidence.sales";
/// Tables of more bytes than this, unpacked, are counted by a job.
pub(super) const LARGE: u64 = 8 << 20;

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    Marked,
    Unmarked,
    Queued,
}

impl Done {
    /// What the next page says of it.
    pub(super) fn flash(self) -> &'static str {
        match self {
            Done::Marked => "sales-marked",
            Done::Unmarked => "sales-unmarked",
            Done::Queued => "sales-queued",
        }
    }
}

/// An item has one job at a time.
fn key(evidence_id: Id) -> String {
    format!("{JOB}:{evidence_id}")
}

/// The job of an item that waits, runs or was given up; `None`: there is none.
///
/// # Errors
/// Those of the database.
pub(super) fn job_of(conn: &mut Connection, evidence_id: Id) -> Result<Option<JobRow>> {
    Ok(jobs::by_key(conn, &key(evidence_id))?.filter(|job| job.state != "done"))
}

/// Marks an item, or takes its mark off.
///
/// # Errors
/// As [`count::plan`], [`count::count`] and [`actions::mark`].
pub(super) async fn act(
    services: &Services,
    me: &Compiler,
    evidence_id: Id,
    mapping: Option<Mapping>,
) -> Result<Done> {
    let actor = me.clone();
    let asked = mapping.clone();
    let plan = services.db.read(move |conn| count::plan(conn, &actor, evidence_id, asked)).await?;
    let vault = services.vault.clone();
    let (plan, weight) = blocking(move || {
        let weight = if plan.is_idle { 0 } else { count::weight(&vault, &plan.sources)? };
        Ok((plan, weight))
    })
    .await?;
    if weight > LARGE {
        return queue(services, me, evidence_id, mapping).await;
    }
    let done = if mapping.is_some() { Done::Marked } else { Done::Unmarked };
    let (plan, tallies) = if plan.is_idle {
        (plan, Vec::new())
    } else {
        file::in_turn(&services.vault, move |files| {
            let tallies = count::count(files, &plan.sources, &mut || Ok(()))?;
            Ok((plan, tallies))
        })
        .await?
    };
    let actor = me.clone();
    services.db.write(me.origin(), move |tx| actions::mark(tx, &actor, &plan, &tallies)).await?;
    Ok(done)
}

/// Marks an item by what its headings say, where nobody looks at the form first: in a demo.
///
/// # Errors
/// As the act of the form; `Invalid` where the headings promise no amount.
pub async fn mark_as_guessed(services: &Services, me: &Compiler, evidence_id: Id) -> Result<()> {
    let item = services.db.read(move |conn| items::find(conn, evidence_id)).await?;
    let head = file::in_turn(&services.vault, move |files| file::head(files, &item.blob, 0)).await?;
    let mapping = Mapping::guessed(&head, 0);
    if !mapping.has_amount() {
        return Err(AppError::field("amount", "error-sales-no-amount"));
    }
    act(services, me, evidence_id, Some(mapping)).await.map(|_| ())
}

async fn queue(
    services: &Services,
    me: &Compiler,
    evidence_id: Id,
    mapping: Option<Mapping>,
) -> Result<Done> {
    let text = mapping.as_ref().map(Mapping::to_text).transpose()?.unwrap_or_default();
    let payload = json!({ "evidence": evidence_id, "person": me.id, "mapping": text });
    // That it was asked for changes nothing: the act is told when it is done.
    let job = Job::new(JOB, payload).once(key(evidence_id));
    let queued = services.db.write_quiet(move |tx| jobs::enqueue(tx, job)).await?;
    if queued.is_none() {
        return Err(AppError::Conflict("conflict-sales-under-way"));
    }
    Ok(Done::Queued)
}

/// The handler of [`JOB`].
pub(super) fn handler(
    services: &Services,
) -> impl Fn(&JobRow, &Progress) -> Result<()> + Send + Sync + 'static {
    let services = services.clone();
    move |job, progress| {
        progress.set(0, 2)?;
        match run(&services, job, progress) {
            // What nobody waits for is not asked again: the page says that it was not done.
            Err(
                error @ (AppError::NotFound
                | AppError::Invalid(_)
                | AppError::Conflict(_)
                | AppError::TooLarge(_)),
            ) => Err(AppError::internal(GiveUp(error.to_string()))),
            done => done,
        }
    }
}

fn run(services: &Services, job: &JobRow, progress: &Progress) -> Result<()> {
    let (Some(evidence_id), Some(person)) = (job.id_of("evidence"), job.id_of("person")) else {
        return Err(AppError::internal(Plain("the job names no table".into())));
    };
    let payload: serde_json::Value = serde_json::from_str(&job.payload)?;
    let text = payload["mapping"].as_str().unwrap_or_default();
    let mapping = if text.is_empty() { None } else { Some(Mapping::of_text(text)?) };
    // Whoever asked, as they stand now.
    let (me, plan): (Compiler, Plan) = services.db.read_now(|conn| {
        let me = Compiler::admit(people::actor(conn, person)?)?;
        let plan = count::plan(conn, &me, evidence_id, mapping)?;
        Ok((me, plan))
    })?;
    let mut beat = || progress.set(0, 2);
    let tallies = if plan.is_idle {
        Vec::new()
    } else {
        file::in_job(&services.vault, &mut beat, |files, beat| count::count(files, &plan.sources, beat))?
    };
    progress.set(1, 2)?;
    let origin = Origin { once: None, ..me.origin() };
    match services.db.write_now(origin, |tx| actions::mark(tx, &me, &plan, &tallies)) {
        Err(AppError::Conflict(CHANGED)) => {
            Err(AppError::Unavailable("the lead's other tables were marked meanwhile".into()))
        }
        done => done,
    }?;
    progress.set(2, 2)
}
