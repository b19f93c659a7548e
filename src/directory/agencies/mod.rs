//! The authorities that leads go to: what they are called, of which type and level, for which region, what they take
//! and how they are reached, each with the days on which it was in being and the one that took its work over. The
//! pages are the platform's; administrators change them, one by one or by import. An agency is never deleted. `keys` are those
//! that what goes to an agency is encrypted to.
//!
//! Tables: `agency`, `agency_takes`, `agency_contact`.

mod actions;
pub mod api;
pub mod asked;
pub mod import;
mod import_page;
pub mod keys;
mod listed;
pub mod model;
mod pages;
pub mod pick;
pub mod routing;
pub mod search;
pub mod store;
pub mod table;
mod web;
mod web_edit;
mod web_import;

pub use web::faults as list_faults;

use actix_web::web::{ServiceConfig, get, post, resource};

use crate::directory::people::{Admin, DirectoryReader, Role, policy::Verb};

const ADMIN: &[Role] = Admin::ROLES;

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[
    Verb { name: "agency.create", object: "agency", roles: ADMIN, rule: "the code is free" },
    Verb {
        name: "agency.change",
        object: "agency",
        roles: ADMIN,
        rule: "all but its code; its type until something was sent to it",
    },
    Verb { name: "agency.close", object: "agency", roles: ADMIN, rule: "no end is set yet" },
    Verb { name: "agency.import", object: "agency", roles: ADMIN, rule: "the whole file is in order" },
    Verb { name: "agency.export", object: "agency", roles: DirectoryReader::ROLES, rule: "" },
    keys::VERBS[0],
    keys::VERBS[1],
    keys::VERBS[2],
];

pub fn routes(cfg: &mut ServiceConfig) {
    keys::routes(cfg);
    cfg.service(resource("/agencies").route(get().to(web::list)).route(post().to(web_edit::create)))
        .route("/agencies/new", get().to(web_edit::new))
        .route("/agencies/export.csv", get().to(web::export))
        .route("/agencies/export.xlsx", get().to(web::workbook))
        .service(
            resource("/agencies/import")
                .route(get().to(web_import::form))
                .route(post().to(web_import::preview)),
        )
        .route("/agencies/import/confirm", post().to(web_import::confirm))
        .service(resource("/agencies/{id}").route(get().to(web::one)).route(post().to(web_edit::change)))
        .route("/agencies/{id}/edit", get().to(web_edit::edit))
        .service(
            resource("/agencies/{id}/close")
                .route(get().to(web_edit::close_form))
                .route(post().to(web_edit::close)),
        )
        .route("/pick/agencies", get().to(pick::agencies))
        .route("/api/v1/agencies", get().to(api::list));
}
