//! The job that looks at one file for whoever has asked for it.

use super::{WORKER, actions, look::look, model::Finding, store};
use crate::platform::{
    db::{Id, Origin},
    error::{AppError, Plain, Result},
    jobs::{GiveUp, JobRow, NotYet, Progress},
    services::Services,
};

/// Kind of the job; its payload is `{"blob": id, "person": id}`.
pub const VERIFY: &str = "evidence.verify";

/// A file is looked at once at a time.
pub(super) fn key(blob: Id) -> String {
    format!("{VERIFY}:{blob}")
}

/// The handler of [`VERIFY`].
pub fn handler(services: &Services) -> impl Fn(&JobRow, &Progress) -> Result<()> + Send + Sync + 'static {
    let services = services.clone();
    move |job, progress| {
        progress.set(0, 1)?;
        verify(&services, job)?;
        progress.set(1, 1)
    }
}

fn verify(services: &Services, job: &JobRow) -> Result<()> {
    let (Some(blob), Some(person)) = (job.id_of("blob"), job.id_of("person")) else {
        return Err(AppError::internal(Plain("the job names no file".into())));
    };
    let file = match services.db.read_now(|conn| store::find(conn, blob)) {
        Ok(file) if file.erased_at.is_none() => file,
        Ok(_) | Err(AppError::NotFound) => {
            return Err(AppError::internal(GiveUp(format!("stored file {blob} is there no more"))));
        }
        Err(error) => return Err(error),
    };
    let finding = match look(&services.vault, &file)? {
        None => return Err(AppError::internal(NotYet)),
        Some(Finding::Unreached) => {
            return Err(AppError::Unavailable(format!("stored file {blob} was not given out")));
        }
        Some(finding) => finding,
    };
    let zone = services.settings.time_zone;
    services.db.write_now(Origin::system(WORKER), |tx| actions::looked(tx, &file, person, finding, zone))
}
