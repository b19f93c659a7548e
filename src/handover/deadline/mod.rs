//! Time limits: which clocks a step of a transfer starts and stops, when they run out, and the running ones of each
//! transfer, in rows of their own unit; and what they were extended by.
//!
//! Tables: `deadline`, `deadline_extension`.

mod actions;
pub mod clocks;
pub mod extend;
pub mod model;
mod pages;
mod reference_page;
mod store;

use actix_web::web;

pub use actions::{
    Occurrence, Parties, Recorded, Started, extend, happened, lose_object, name, next_due, reckoned_anew,
    reckoning, run_on, startable, would_start,
};
pub use pages::{Line, Told, due_of, line, moved, remaining, shown, told};
pub use store::{
    DeadlineRow, ExtensionRow, NextDue, Reminder, extensions, find, move_end, of_transfer, provisional,
    reminded, to_remind,
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/reference/clocks", web::get().to(reference_page::page));
}
