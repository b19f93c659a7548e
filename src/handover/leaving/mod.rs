//! Closing an account whose owner leaves: what is left to be done, and who takes it over. It stands here because leads,
//! reviews and transfers may be left; an administrator sees how many there are, and none of them.
//!
//! Tables: none of its own.

mod pages;
mod store;
mod web;

use actix_web::web::{ServiceConfig, get, post, resource};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(
        resource("/admin/people/{id}/disable").route(get().to(web::page)).route(post().to(web::disable)),
    );
}
