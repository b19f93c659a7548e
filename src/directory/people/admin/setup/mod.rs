//! The first-run guide: what an installation needs before the first lead goes its way, each step ticked by what is
//! really so. What the program can't see (that a copy of the master key lies elsewhere) an administrator confirms.
//!
//! Table: `setup_mark`.

mod actions;
mod model;
mod pages;
mod store;
mod web;

pub use model::{Known, Step};
pub use store::progress;

use actix_web::web::{ServiceConfig, get, post};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/admin/setup", get().to(web::page))
        .route("/admin/setup/mail", post().to(web::test_mail))
        .route("/admin/setup/key", post().to(web::confirm_key))
        .route("/admin/setup/put-away", post().to(web::put_away));
}
