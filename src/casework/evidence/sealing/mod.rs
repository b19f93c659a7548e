//! The record of an original medium that was sealed (封存): what it is, how it was sealed, by whom and before whom, when and
//! where, with photographs that are items of the same lead. A record is never changed: what is wrong in one is put right by
//! another that takes its place. What it says in words names people, and stands beside it, erasable by law.
//!
//! Tables: `evidence_sealing`, `evidence_sealing_text`, `evidence_sealing_photo`.

mod actions;
pub mod model;
pub mod pages;
pub mod store;
mod web;

use actix_web::web as http;

pub fn routes(cfg: &mut http::ServiceConfig) {
    cfg.route("/evidence/{id}/sealing", http::get().to(web::form))
        .route("/evidence/{id}/sealing", http::post().to(web::record))
        .route("/evidence/{id}/sealings/{sealing}/correct", http::get().to(web::correct_form))
        .route("/evidence/{id}/sealings/{sealing}/correct", http::post().to(web::correct));
}
