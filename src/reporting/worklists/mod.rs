//! The first page: what waits for the one who signed in, by role and due date. Every count leads to the list of what it
//! counts, with the same conditions. Joins any table; changes none.

mod alarms;
pub(super) mod counts;
mod duties;
mod forwards;
mod guide;
mod house;
mod keys;
mod mentions;
mod pages;
mod papers;
mod read;
mod transfers;
mod web;

use actix_web::web as http;

use crate::{
    directory::people::{Role, policy::Verb},
    platform::paths,
};

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[Verb {
    name: "worklist.view",
    object: "worklist",
    roles: Role::ALL,
    rule: "own work; a liaison: of the own agency",
}];

pub fn routes(cfg: &mut http::ServiceConfig) {
    cfg.route("/", http::get().to(web::home)).route(paths::MENTIONS, http::get().to(web::mentioned));
}
