//! The job that makes a redacted copy of a long PDF. It can break off anywhere and be done again: nothing is kept before the new
//! item is registered, and that ends what was asked for in the same transaction.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use serde_json::json;

use super::{
    actions,
    draw::{self, Paper},
    store::{self, Request},
};
use crate::{
    audit::{self, Entry},
    casework::evidence::{
        actions::ALARM,
        redaction::{
            actions::Made,
            file::{bytes_of, ending},
            model::Material,
            original::{find, name_of},
            region::{Region, places},
        },
        store as items, upload,
    },
    directory::people::{Compiler, store as people},
    platform::{
        db::{Id, Origin, Tx, blocking},
        error::{AppError, Result},
        jobs::{self, Job, JobRow, NotYet, Progress},
        services::Services,
    },
};

/// Kind of the job; its payload is `{"request": id}`.
pub(super) const JOB: &str = "evidence.redact";
/// As [`JOB`], where a rectangle lies on several pages that follow each other: a program that knows none of those would black out
/// the first one alone.
pub(super) const SPANS: &str = "evidence.redact-pages";
/// How often a job of [`SPANS`] is tried. A program that does not know the kind uses up tries as well.
const TRIES: i32 = 12;
/// What was asked for has ended already.
pub(super) const OVER: &str = "redaction-over";
/// Where whoever asked may not do it any more.
const NOT_YOURS: &str = "redaction-fault-not-yours";
/// Where it broke off again and again.
const BROKEN: &str = "redaction-fault-broken";
/// After so many pages it is noted how far it is.
const NOTED: usize = 5;

/// One copy of an item is made at a time.
pub(super) fn key(original: Id) -> String {
    format!("{JOB}:{original}")
}

/// The job that makes what was asked for.
pub(super) fn job(request: Id, original: Id, regions: &[Region]) -> Job {
    let has_spans = regions.iter().any(|region| region.last_page.is_some());
    let kind = if has_spans { SPANS } else { JOB };
    let job = Job::new(kind, json!({ "request": request })).once(key(original));
    if has_spans { Job { max_attempts: TRIES, ..job } } else { job }
}

/// The handler of [`JOB`] and [`SPANS`].
pub(super) fn handler(
    services: &Services,
) -> impl Fn(&JobRow, &Progress) -> Result<()> + Send + Sync + 'static {
    let services = services.clone();
    move |job, progress| {
        let Some(id) = job.id_of("request") else { return Ok(()) };
        // Other work goes on beside it: a second one waits, and that is no try.
        let Some(_turn) = services.drawer.long_turn() else { return Err(AppError::internal(NotYet)) };
        jobs::wait(attempt(&services, id, progress))?
    }
}

/// What follows when the job is given up: what was asked for has ended, too.
pub(super) fn given_up(tx: &mut Tx<'_>, job: &JobRow) -> Result<()> {
    let Some(id) = job.id_of("request") else { return Ok(()) };
    let Some(request) = store::open(tx.conn(), id)? else { return Ok(()) };
    actions::fail(tx, &request, BROKEN)
}

async fn attempt(services: &Services, id: Id, progress: &Progress) -> Result<()> {
    let Some(request) = services.db.read(move |conn| store::open(conn, id)).await? else { return Ok(()) };
    match make(services, &request, progress).await {
        Ok(()) | Err(AppError::Conflict(OVER)) => Ok(()),
        Err(why @ (AppError::NotFound | AppError::Conflict(_) | AppError::Invalid(_))) => {
            refuse(services, request, &why).await
        }
        // A store that is away is no fault of what was asked for: it waits, and that was no try. One that is full is a try:
        // each draws the whole file anew, and the job is not to do so without end.
        Err(error @ AppError::Unavailable(_)) => {
            tracing::warn!(%error, "a redacted copy waits");
            Err(AppError::internal(NotYet))
        }
        Err(error) => Err(error),
    }
}

/// Makes it in the name of whoever asked, as they stand now.
async fn make(services: &Services, request: &Request, progress: &Progress) -> Result<()> {
    let (asker, original) = (request.requested_by, request.original_id);
    let read = services.db.read(move |conn| {
        let me = Compiler::admit(people::actor(conn, asker)?)?;
        Ok((me.origin(), find(conn, &me, original)?.item))
    });
    let (origin, item) = read.await?;
    let words = request.words.clone().ok_or(AppError::NotFound)?;
    let pages = usize::try_from(request.pages).map_err(AppError::internal)?;
    let told = |done: usize| {
        if done != pages && !done.is_multiple_of(NOTED) {
            return Ok(());
        }
        progress.set(i64::try_from(done).unwrap_or(i64::MAX), i64::from(request.pages))
    };
    told(0)?;
    let (vault, blob) = (services.vault.clone(), item.blob.clone());
    let bytes = blocking(move || bytes_of(&vault, &blob, Material::Pdf)).await?;
    let is_partial = Arc::new(AtomicBool::new(false));
    let paper = Paper {
        drawer: services.drawer.clone(),
        bytes: bytes.into(),
        pages,
        regions: request.regions.clone(),
        is_partial: is_partial.clone(),
    };
    let name = name_of(&words.name, &item.name, &ending(&item, Material::Pdf, None));
    let stored = services.vault.store(draw::drawn(paper, told), &name).await?;
    let key = stored.key;
    let plan = json!({
        "pages": pages, "regions": request.regions, "partial": is_partial.load(Ordering::Relaxed),
    });
    let made = Made { stored, name, material: Material::Pdf, plan, removed: places(&request.regions) };
    let (request, origin) = (request.clone(), Origin { once: None, ..origin });
    match services.db.write(origin, move |tx| actions::finish(tx, &request, &words, &made)).await {
        Ok(is_surplus) => {
            if is_surplus {
                upload::discard(&services.vault, [key]).await;
            }
            Ok(())
        }
        Err(error) => {
            upload::discard_unkept(services, vec![key]).await;
            Err(error)
        }
    }
}

/// Ends it with a fault, which is on record as a refusal.
async fn refuse(services: &Services, request: Request, why: &AppError) -> Result<()> {
    let (asker, original) = (request.requested_by, request.original_id);
    let (fault, reason) = (fault_of(why), reason_of(why));
    let read = services.db.read(move |conn| {
        let lead = items::find(conn, original)?.lead_id;
        Ok((lead, people::actor(conn, asker).map(|actor| actor.origin())))
    });
    let (lead, origin) = read.await?;
    let entry = Entry::refused("evidence.redact").object("evidence", original).object("lead", lead);
    let entry = entry.fact("reason", reason);
    match origin {
        Ok(origin) => {
            let refuse = move |tx: &mut Tx<'_>| {
                actions::fail(tx, &request, fault)?;
                audit::record(tx, entry).map(|_| ())
            };
            services.db.write(Origin { once: None, ..origin }, refuse).await
        }
        // The account is closed: whoever closed it is on record with that.
        Err(AppError::NotFound) => {
            services.db.write_quiet(move |tx| actions::fail(tx, &request, fault)).await
        }
        Err(error) => Err(error),
    }
}

/// The key of what stands in the way.
fn fault_of(why: &AppError) -> &'static str {
    match why {
        AppError::Conflict(key) => key,
        _ => NOT_YOURS,
    }
}

/// The same as a code of the log.
fn reason_of(why: &AppError) -> &'static str {
    match why {
        AppError::Conflict(ALARM) => "upload-alarm",
        AppError::Conflict(key) if key.starts_with("conflict-lead-") => "lead-not-changeable",
        AppError::Conflict(_) => "redaction-file",
        _ => "redaction-not-yours",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_pages_is_a_job_of_its_own_kind_under_the_same_key() {
        let one = Region { page: 3, last_page: None, left: 0, top: 0, width: 10, height: 10, line: 0 };
        let many = Region { last_page: Some(8), ..one };
        let (request, original) = (Id::new(), Id::new());
        let [old, new] = [&[one, one][..], &[one, many]].map(|regions| job(request, original, regions));
        assert_eq!((old.kind, new.kind), ("evidence.redact", "evidence.redact-pages"));
        assert_eq!((&old.dedupe, &old.payload), (&new.dedupe, &new.payload));
        assert!(new.max_attempts > old.max_attempts);
    }
}
