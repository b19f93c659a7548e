//! Reading back what is stored: every file is hashed anew at least once in so many days (`LEAD_HANDOFF_SCRUB_DAYS`), one
//! after the other and in batches with rests between them (while no server runs, none is), so that it never takes more than a share of the machine. What
//! is found to be another file than was stored, is gone or can't be read raises an alarm, of which every page of the
//! administrators speaks until somebody has brought the bytes back and had them looked at again. A store that can't be
//! reached is no alarm: it is tried again.
//!
//! What is found as it should be is bookkeeping (`blob_check`); the log hears of it once a month, and of each file where it
//! is another one or where somebody had asked.
//!
//! Tables: `blob_check`, `evidence_alarm`, `evidence_alarm_end`, `scrub_month`; read: `evidence_alarm_open`.

mod actions;
mod batch;
mod look;
pub mod model;
mod pages;
pub mod store;
pub mod times;
mod verify;
pub(super) mod web;

pub use batch::{JOB, schedule};
pub use store::open_among;
pub use verify::VERIFY;

use actix_web::web as http;

use crate::platform::{jobs::Handlers, services::Services};

/// The program itself acts.
const WORKER: &str = "system:worker";

pub fn routes(cfg: &mut http::ServiceConfig) {
    cfg.route("/admin/evidence", http::get().to(web::list))
        .route("/admin/evidence/{id}/check", http::post().to(web::check_alarm))
        .route("/evidence/{id}/verify", http::post().to(web::verify));
}

/// The jobs of this slice.
pub fn handlers(services: &Services, handlers: &mut Handlers) {
    handlers.add_long(batch::JOB, batch::handler(services));
    handlers.add_long(verify::VERIFY, verify::handler(services));
}
