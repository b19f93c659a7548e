//! The stored files as they lie, and what lies there beside them.

use std::collections::HashSet;

use diesel::prelude::*;
use futures_util::StreamExt;
use uuid::Uuid;

use super::{Report, STEP};
use crate::{
    casework::evidence::resumable,
    cli::progress::Progress,
    platform::{
        db::{Connection, Id, Instant, schema::blob},
        error::Result,
        i18n::{Lang, t, t_with},
        services::Services,
        vault::VaultError,
    },
};

/// An object without a row may belong to an upload that is still under way for so many seconds.
const GRACE: i64 = 24 * 3600;

#[derive(Queryable)]
pub(in crate::cli) struct Blob {
    pub id: Id,
    pub sha256: Vec<u8>,
    pub sm3: Vec<u8>,
    pub size: i64,
    pub wrapped_key: Vec<u8>,
    pub erased_at: Option<Instant>,
}

/// The stored files behind one, in the order of their ids; at most a thousand.
pub(in crate::cli) fn blobs_after(conn: &mut Connection, after: Option<Id>) -> Result<Vec<Blob>> {
    let mut query = blob::table.into_boxed();
    if let Some(after) = after {
        query = query.filter(blob::id.gt(after));
    }
    let columns = (blob::id, blob::sha256, blob::sm3, blob::size, blob::wrapped_key, blob::erased_at);
    Ok(query.order(blob::id).limit(STEP).select(columns).load(conn)?)
}

/// Reads every stored file, and looks for what no stored file has.
///
/// # Errors
/// The database or the evidence store is out of reach.
pub(super) fn check_files(services: &Services, report: &mut Report, lang: Lang) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut after = None;
    let all: i64 = services.db.read_now(|conn| {
        let kept = blob::table.filter(blob::erased_at.is_null());
        Ok(kept.count().get_result(conn)?)
    })?;
    let mut progress = Progress::new(usize::try_from(all).unwrap_or_default());
    loop {
        let part = services.db.read_now(|conn| blobs_after(conn, after))?;
        let Some(last) = part.last() else { break };
        after = Some(last.id);
        for blob in part.iter().filter(|blob| blob.erased_at.is_none()) {
            report.files += 1;
            let found = runtime.block_on(services.vault.digest(blob.id.uuid(), &blob.wrapped_key));
            progress.step();
            match found {
                Err(e @ VaultError::Unavailable(_)) => return Err(e.into()),
                Err(e) => {
                    report.faults.push(of_file(lang, "check-file", blob.id, ("what", unread(&e, lang))))
                }
                Ok(found) => {
                    let size = i64::try_from(found.size).unwrap_or(i64::MAX);
                    let parts = [
                        ("SHA-256".to_owned(), found.sha256[..] == blob.sha256[..]),
                        ("SM3".to_owned(), found.sm3[..] == blob.sm3[..]),
                        (t(lang, "check-file-size"), size == blob.size),
                    ];
                    let wrong = parts.into_iter().filter(|(_, same)| !same);
                    let wrong: Vec<String> = wrong.map(|(name, _)| name).collect();
                    if !wrong.is_empty() {
                        let wrong = wrong.join(&lang.comma());
                        report.faults.push(of_file(lang, "check-file-differs", blob.id, ("parts", wrong)));
                    }
                }
            }
        }
    }
    report.faulty = report.faults.len();
    let now = services.db.now();
    runtime.block_on(async {
        let mut objects = services.vault.list();
        let mut part = Vec::new();
        while let Some(object) = objects.next().await {
            let object = object?;
            if now.seconds_since(Instant::from(object.modified)) > GRACE {
                part.push(Id::from(object.key));
            }
            if part.len() == STEP as usize {
                report.left.extend(left_of(services, &std::mem::take(&mut part))?);
            }
        }
        report.left.extend(left_of(services, &part)?);
        Ok(())
    })
}

fn of_file(lang: Lang, key: &str, id: Id, what: (&str, String)) -> String {
    t_with(lang, key, &[("id", id.to_string()), what])
}

/// Why an object could not be read; what is no fault of the object itself is told as the program tells it.
fn unread(error: &VaultError, lang: Lang) -> String {
    match error {
        VaultError::Missing(id) => t_with(lang, "check-object-missing", &[("id", id.to_string())]),
        VaultError::Damaged(id, _) => t_with(lang, "check-object-damaged", &[("id", id.to_string())]),
        VaultError::Key(_) => t(lang, "check-object-key"),
        other => other.to_string(),
    }
}

/// Of these objects those that no stored file has, nor what has arrived of files on their way.
fn left_of(services: &Services, ids: &[Id]) -> Result<Vec<Uuid>> {
    services.db.read_now(|conn| {
        let kept = blob::table.filter(blob::id.eq_any(ids)).filter(blob::erased_at.is_null());
        let mut known: HashSet<Id> = kept.select(blob::id).load::<Id>(conn)?.into_iter().collect();
        known.extend(resumable::store::known(conn, ids)?);
        Ok(ids.iter().filter(|id| !known.contains(id)).map(|id| id.uuid()).collect())
    })
}
