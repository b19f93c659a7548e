//! A new draft from a lead: its fields, and of what it names as much as is chosen. Evidence is not taken along: each item
//! has its source and custody in one lead, and a file that is registered again is stored once all the same.

mod actions;
mod pages;
mod web;

use actix_web::web::{ServiceConfig, get, post, resource};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(resource("/leads/{id}/clone").route(get().to(web::page)).route(post().to(web::clone)));
}
