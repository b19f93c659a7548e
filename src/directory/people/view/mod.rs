//! Saved filters: what the address of a list asks for, kept under a name, for oneself or for everybody of one's own side
//! (an agency's within that agency alone). They stand as links above the list; one of them may be what the navigation
//! opens. A list's own address means the same to everybody all the same.
//!
//! Tables: `saved_view`, `usual_view`.

mod actions;
mod bar;
pub mod model;
mod pages;
pub mod store;
mod understood;
mod web;

pub use bar::saved;
pub use model::List;
pub use understood::{Faults, Lists, Reads};

use actix_web::web::{ServiceConfig, get, post, resource};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(resource("/views").route(get().to(web::index)))
        .service(resource("/views/new").route(get().to(web::new_page)).route(post().to(web::save)))
        .service(resource("/views/{id}").route(get().to(web::change_page)).route(post().to(web::change)))
        .route("/views/{id}/remove", post().to(web::remove))
        .route("/views/{id}/usual", post().to(web::make_usual));
}
