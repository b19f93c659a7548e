//! The list of leads: every filter lives in the address, pages go by key both ways, and what was shown or exported is
//! on record.

mod beside;
mod count;
mod export;
pub mod handed;
pub mod hits;
pub mod model;
mod narrow;
mod pages;
mod selected_pages;
mod selected_web;
pub mod store;
mod web;

pub use selected_web::{filters_of, invalid_selection, numbers};
pub(in crate::casework::lead) use web::asked_entry;
pub use web::faults;

use actix_web::{
    HttpRequest,
    web::{Data, ServiceConfig, get, post, resource},
};

use crate::{directory::people::CaseReader, platform::services::Services};

pub fn routes(cfg: &mut ServiceConfig) {
    for format in ["csv", "xlsx"] {
        let whole = move |me: CaseReader, services: Data<Services>, request: HttpRequest| {
            web::export(me, services, request, format)
        };
        let selected = move |me: CaseReader, services: Data<Services>, request: HttpRequest| {
            selected_web::export(me, services, request, format)
        };
        cfg.service(resource(format!("/leads/export.{format}")).route(get().to(whole)))
            .service(resource(format!("/leads/selected/export.{format}")).route(get().to(selected)));
    }
    cfg.service(resource("/leads").route(get().to(web::list)))
        .service(resource("/leads/selected").route(get().to(selected_web::page)))
        .service(resource("/leads/selected/assign").route(post().to(selected_web::assign)))
        .service(resource("/leads/results/{id}").route(get().to(selected_web::result)));
}
