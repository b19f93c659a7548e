//! What somebody told the first page: up to when they have seen what changed, and that they need no hint any more. Their
//! own bookkeeping, as a session's last use is: it changes nothing of a case and is not on record.
//!
//! Table: `person_mark`.

pub mod store;
mod web;

use actix_web::web::{ServiceConfig, post};

use crate::platform::paths;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::CHANGES_SEEN, post().to(web::seen)).route(paths::HINT_AWAY, post().to(web::hint_away));
}
