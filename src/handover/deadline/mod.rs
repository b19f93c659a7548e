//! Time limits: which clocks a step of a transfer starts and stops, when they run out, and the running ones of each
//! transfer, in rows of their own unit.
//!
//! Table: `deadline`.

mod actions;
pub mod clocks;
pub mod model;
mod pages;
mod reference_page;
mod store;

use actix_web::web;

pub use actions::{Occurrence, Parties, Started, happened, name, next_due, reckoning, stop_all};
pub use pages::{Line, due_of, line, remaining, shown};
pub use store::{DeadlineRow, of_transfer, reminded, to_remind};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/reference/clocks", web::get().to(reference_page::page));
}
