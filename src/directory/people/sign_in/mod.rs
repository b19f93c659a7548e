//! Signing in and out: name and password, then the second factor; attempts are limited per account and per address.
//! A failed attempt takes as long as a good one, says the same for every reason, and is on record.
//!
//! Tables: `session`, `login_attempt`.

pub mod attempts;
mod enter;
pub mod model;
mod pages;
mod web;

pub use enter::{person_origin, stranger};

use actix_web::web::{ServiceConfig, get, post, resource};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(resource("/login").route(get().to(web::login_page)).route(post().to(web::log_in)))
        .service(
            resource("/login/second-factor")
                .route(get().to(web::second_factor_page))
                .route(post().to(web::second_factor)),
        )
        .route("/logout", post().to(web::log_out))
        .route("/language", post().to(web::language));
}
