//! Trusted time stamps (可信时间戳) over stored files and seals: asked of each configured authority by a job that is queued with
//! the act, verified when they come, and kept. While an authority is away the job is tried again; an answer that is no stamp
//! over what was asked, or by somebody who is not trusted, is refused, and that is on record. What was there before its authority is
//! asked for by an administrator (`missing`).
//!
//! Tables: `time_stamp`. Read: `dossier`, `dossier_seal`.

mod actions;
mod check;
mod job;
mod missing;
mod pages;
pub mod store;
mod web;

pub use actions::{ask_for_file, ask_for_seal};
pub use check::check;
pub use job::JOB;
pub use missing::{Standing, ask_now, standing};
pub use pages::{StampView, StandingView, in_words};

use actix_web::web as http;

use crate::platform::{
    db::{Connection, Id},
    error::Result,
    jobs::{self, Handlers, JobRow},
    services::Services,
    time_stamp::Turns,
};
use store::Stamp;

/// A stamp as it was received, or an answer as it was refused.
pub const VERB: &str = "timestamp.receive";

/// The program itself acts.
const WORKER: &str = "system:worker";

pub fn routes(cfg: &mut http::ServiceConfig) {
    cfg.route("/evidence/{id}/timestamps/{stamp}.tsr", http::get().to(web::download))
        .route("/admin/evidence/timestamps", http::post().to(web::ask_missing));
}

/// The jobs of this slice.
pub fn handlers(services: &Services, handlers: &mut Handlers) {
    handlers.add_long(JOB, job::handler(services));
    handlers.add_long(missing::FILL, missing::handler(services));
}

/// A stamp, and where none has come the job that asks for it.
pub struct Told {
    pub stamp: Stamp,
    pub job: Option<JobRow>,
}

impl Told {
    /// Whether nothing has come, and the authority has not been tried in vain so many times, for this stamp or for others.
    pub fn is_awaited(&self, turns: &Turns, tries: u32) -> bool {
        let is_under_way =
            |job: &JobRow| job.state != "failed" && u32::try_from(job.attempts).is_ok_and(|n| n < tries);
        self.stamp.received_at.is_none()
            && self.job.as_ref().is_some_and(is_under_way)
            && turns.times_away(&self.stamp.authority) < tries
    }
}

/// The stamps over a stored file, in the order in which they were asked for.
///
/// # Errors
/// Those of the database.
pub fn of_file(conn: &mut Connection, blob: Id) -> Result<Vec<Told>> {
    let found = store::of_file(conn, blob)?;
    told(conn, found)
}

/// The stamps over the seal of a dossier, in the same order.
///
/// # Errors
/// Those of the database.
pub fn of_seal(conn: &mut Connection, dossier: Id) -> Result<Vec<Told>> {
    let found = store::of_seal(conn, dossier)?;
    told(conn, found)
}

/// The stamps over these stored files that have not come.
///
/// # Errors
/// Those of the database.
pub fn missing(conn: &mut Connection, blobs: &[Id]) -> Result<Vec<Told>> {
    let found = store::missing(conn, blobs)?;
    told(conn, found)
}

fn told(conn: &mut Connection, stamps: Vec<Stamp>) -> Result<Vec<Told>> {
    let open = stamps.iter().filter(|stamp| stamp.received_at.is_none());
    let keys: Vec<String> = open.map(|stamp| job::key(stamp.id)).collect();
    let mut jobs = jobs::by_keys(conn, &keys)?;
    let told = |stamp: Stamp| Told { job: jobs.remove(&job::key(stamp.id)), stamp };
    Ok(stamps.into_iter().map(told).collect())
}
