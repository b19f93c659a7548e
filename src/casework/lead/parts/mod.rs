//! What a lead names: charges, brands, subjects, sites, listings; each set with a page and verbs of its own, and each
//! change an act with its entry in the log.

pub mod actions;
mod pages;
pub mod store;
mod web;

use actix_web::web::{ServiceConfig, get, post, resource};

pub fn routes(cfg: &mut ServiceConfig) {
    let page = |path: &str| resource(format!("/leads/{{id}}/{path}"));
    cfg.service(page("charges").route(get().to(web::charges_page)).route(post().to(web::set_charges)))
        .service(page("brands").route(get().to(web::brands_page)).route(post().to(web::add_brand)))
        .service(page("brands/{brand}/remove").route(post().to(web::remove_brand)))
        .service(page("subjects").route(get().to(web::subjects_page)).route(post().to(web::add_subject)))
        .service(
            page("subjects/{subject}").route(get().to(web::subject_page)).route(post().to(web::edit_subject)),
        )
        .service(page("subjects/{subject}/remove").route(post().to(web::remove_subject)))
        .service(page("sites").route(get().to(web::sites_page)).route(post().to(web::add_site)))
        .service(page("sites/{site}/{role}/remove").route(post().to(web::remove_site)))
        .service(page("listings").route(get().to(web::listings_page)).route(post().to(web::add_listing)))
        .service(page("listings/{listing}/remove").route(post().to(web::remove_listing)));
}
