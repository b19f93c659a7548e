//! Which notices come by e-mail, and how: each account chooses for each kind of event whether they come at once, counted in
//! one mail on the morning of a working day, or not at all. What a duty of an agency hangs on is never switched off, and
//! what lets somebody in is not chosen about.
//!
//! Tables: none of its own; see `platform::notice`. Jobs of kind `notice.digest`.

mod actions;
mod digest;
mod model;
mod pages;
mod web;

pub use actions::given_up;
pub use digest::{JOB, schedule, send};

use actix_web::web::{ServiceConfig, get, post, resource};

use crate::platform::paths;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(resource(paths::NOTICES).route(get().to(web::page)).route(post().to(web::save)));
}
