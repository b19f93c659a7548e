//! What a lead names: charges, brands, subjects, sites, listings; each set with a page and verbs of its own, and each
//! change an act with its entry in the log.

pub mod actions;
pub mod full;
mod merging;
mod pages;
pub mod shops;
pub mod store;
pub mod tags;
mod web;
mod web_edit;
mod web_named;

use actix_web::web::{ServiceConfig, get, post, resource};

pub fn routes(cfg: &mut ServiceConfig) {
    let page = |path: &str| resource(format!("/leads/{{id}}/{path}"));
    cfg.service(page("charges").route(get().to(web::charges_page)).route(post().to(web::set_charges)))
        .service(page("brands").route(get().to(web::brands_page)).route(post().to(web::add_brand)))
        .service(page("brands/{brand}/remove").route(post().to(web::remove_brand)))
        .service(
            page("subjects")
                .route(get().to(web_named::subjects_page))
                .route(post().to(web_named::add_subject)),
        )
        .service(
            page("subjects/{subject}")
                .route(get().to(web_edit::subject_page))
                .route(post().to(web_edit::edit_subject)),
        )
        .service(page("subjects/{subject}/remove").route(post().to(web_named::remove_subject)))
        .service(page("sites").route(get().to(web_named::sites_page)).route(post().to(web_named::add_site)))
        .service(
            page("sites/{site}/{role}")
                .route(get().to(web_edit::site_page))
                .route(post().to(web_edit::edit_site)),
        )
        .service(page("sites/{site}/{role}/remove").route(post().to(web_named::remove_site)))
        .service(
            page("listings")
                .route(get().to(web_named::listings_page))
                .route(post().to(web_named::add_listing)),
        )
        .service(
            page("listings/{listing}")
                .route(get().to(web_edit::listing_page))
                .route(post().to(web_edit::edit_listing)),
        )
        .service(page("listings/{listing}/remove").route(post().to(web_named::remove_listing)));
}
