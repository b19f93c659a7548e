//! The list of leads: every filter lives in the address, pages go by key both ways, and what was shown or exported is
//! on record.

mod export;
pub mod model;
mod narrow;
mod pages;
pub mod store;
mod web;

pub(in crate::casework::lead) use web::asked_entry;

use actix_web::web::{ServiceConfig, get, resource};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(resource("/leads").route(get().to(web::list)))
        .service(resource("/leads/export.csv").route(get().to(web::export_csv)))
        .service(resource("/leads/export.xlsx").route(get().to(web::export_xlsx)));
}
