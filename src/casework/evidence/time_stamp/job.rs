//! The job that asks an authority for a stamp.

use super::{
    WORKER, actions,
    store::{self, Stamp},
};
use crate::platform::{
    db::{Id, Origin},
    error::{AppError, Result},
    jobs::{self, GiveUp, JobRow, NotYet, Progress},
    services::Services,
    time_stamp::{Authority, Request, Roots},
};

/// Kind of the job; its payload is `{"stamp": id}`.
pub const JOB: &str = "timestamp.ask";

/// A stamp is asked for once.
pub(super) fn key(stamp: Id) -> String {
    format!("{JOB}:{stamp}")
}

/// The handler of [`JOB`].
pub(super) fn handler(
    services: &Services,
) -> impl Fn(&JobRow, &Progress) -> Result<()> + Send + Sync + 'static {
    let services = services.clone();
    move |job, _| match job.id_of("stamp") {
        Some(id) => ask(&services, job, id),
        None => Ok(()),
    }
}

fn give_up(why: impl ToString) -> AppError {
    AppError::internal(GiveUp(why.to_string()))
}

/// Asks, and keeps what came.
///
/// # Errors
/// `Internal` with [`NotYet`] while another stamp tries the authority; `Unavailable` while it is away, or gives none now;
/// `Internal` with [`GiveUp`], on record in the log, where its answer is none that is kept, or no try is left.
fn ask(services: &Services, job: &JobRow, id: Id) -> Result<()> {
    let stamp = services.db.read_now(|conn| store::find(conn, id))?;
    if stamp.received_at.is_some() {
        return Ok(());
    }
    let (authority, roots) = trusted(services, &stamp)?;
    let imprint = stamp.imprint.as_slice();
    let imprint: [u8; 32] = imprint.try_into().map_err(|_| give_up("what is to be stamped is no SHA-256"))?;
    let request = Request::new(imprint)?;
    let db = &services.db;
    let turn = services.stamp_turns.take(&authority.name, job.attempts > 1, db.now());
    let turn = turn.ok_or_else(|| AppError::internal(NotYet))?;
    let answer = jobs::wait(authority.ask(request.bytes.clone()))?;
    turn.end(answer.is_ok(), db.now());
    let answer = answer?;
    let (read, token) = match request.accept(&answer, &roots, db.now()) {
        Ok(found) => found,
        Err(why) if why.may_pass() && job.attempts < job.max_attempts => {
            return Err(AppError::Unavailable(why.to_string()));
        }
        Err(why) => {
            db.write_now(Origin::system(WORKER), |tx| actions::refuse(tx, &stamp, &why))?;
            return Err(give_up(why));
        }
    };
    match db.write_now(Origin::system(WORKER), |tx| actions::receive(tx, &stamp, &read, token)) {
        // Another worker was quicker.
        Ok(()) | Err(AppError::Conflict(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The authority as it is configured, and the roots that it must lead to.
fn trusted<'s>(services: &'s Services, stamp: &Stamp) -> Result<(&'s Authority, Roots)> {
    let all = &services.settings.timestamp_authorities;
    let authority = all.iter().find(|one| one.name == stamp.authority);
    let authority = authority.ok_or_else(|| give_up("the authority is not configured any more"))?;
    let file = services.settings.timestamp_ca.as_deref();
    let file = file.ok_or_else(|| give_up("no roots are configured for time stamps"))?;
    // A file that is away may come back.
    let roots = Roots::read(file).map_err(|e| AppError::Unavailable(e.to_string()))?;
    Ok((authority, roots))
}
