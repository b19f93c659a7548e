//! A lead leaves its way or comes back to it: withdrawn, reopened, trashed, restored, given to somebody.

mod pages;
mod store;
mod trash_web;
mod web;

use actix_web::web::{ServiceConfig, get, post, resource};

pub fn routes(cfg: &mut ServiceConfig) {
    let page = |path: &str| resource(format!("/leads/{{id}}/{path}"));
    cfg.service(resource("/leads/trash").route(get().to(trash_web::list)));
    cfg.service(page("withdraw").route(get().to(web::withdraw_page)).route(post().to(web::withdraw)))
        .service(page("assign").route(get().to(web::assign_page)).route(post().to(web::assign)))
        .service(page("reopen").route(get().to(web::reopen_page)).route(post().to(web::reopen)))
        .service(page("trash").route(get().to(web::trash_page)).route(post().to(web::trash)))
        .service(page("restore").route(post().to(web::restore)));
}
