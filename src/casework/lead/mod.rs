//! Leads: what is suspected, where, by whom, how much. A compiler drafts a lead and names its charges, brands,
//! subjects, sites and listings; a review and the transfers (later rooms) move it on. The room holds the fields, the
//! stored state and the steps that led to it, the list with its filters and exports, and the API for both.
//!
//! Tables: `lead`, `lead_charge`, `lead_brand`, `lead_writer`, `lead_step`, `brand`, `listing`, `subject`,
//! `lead_subject`, `site`, `lead_site`, `remark`.

pub mod actions;
pub mod api;
pub mod input;
pub mod json;
pub mod list;
pub mod model;
pub mod pages;
pub mod parts;
pub mod region;
pub mod remark;
pub mod store;
pub mod table;
mod way;
mod web;

use actix_web::web::{ServiceConfig, get, post, resource};

use crate::directory::people::{
    Role,
    policy::{CASE_READERS, Verb},
};

const OWN: &str = "own or assigned lead";
const OWN_DRAFT: &str = "own or assigned lead, in draft";

const fn verb(name: &'static str, roles: &'static [Role], rule: &'static str) -> Verb {
    Verb { name, object: "lead", roles, rule }
}

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[
    verb("lead.list", CASE_READERS, ""),
    verb("lead.export", CASE_READERS, ""),
    verb("lead.view", CASE_READERS, ""),
    verb("lead.create", &[Role::Compiler], ""),
    verb("lead.update", &[Role::Compiler], OWN_DRAFT),
    verb("lead.charges", &[Role::Compiler], OWN_DRAFT),
    verb("lead.brand.add", &[Role::Compiler], OWN_DRAFT),
    verb("lead.brand.remove", &[Role::Compiler], OWN_DRAFT),
    verb("lead.subject.add", &[Role::Compiler], OWN_DRAFT),
    verb("lead.subject.edit", &[Role::Compiler], OWN_DRAFT),
    verb("lead.subject.remove", &[Role::Compiler], OWN_DRAFT),
    verb("lead.site.add", &[Role::Compiler], OWN_DRAFT),
    verb("lead.site.remove", &[Role::Compiler], OWN_DRAFT),
    verb("lead.listing.add", &[Role::Compiler], OWN_DRAFT),
    verb("lead.listing.remove", &[Role::Compiler], OWN_DRAFT),
    verb("lead.withdraw", &[Role::Compiler], OWN),
    verb("lead.reopen", &[Role::Compiler], "own or assigned lead, withdrawn or approved"),
    verb("lead.trash", &[Role::Compiler], "own or assigned draft that was never approved"),
    verb("lead.restore", &[Role::Compiler], "own or assigned lead, in the trash"),
    verb(
        "lead.assign",
        &[Role::Compiler, Role::Manager],
        "a manager any, a compiler an own or assigned lead",
    ),
];

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(resource("/leads/new").route(get().to(web::new_page)).route(post().to(web::create)))
        .service(resource("/leads/{id}/edit").route(get().to(web::edit_page)).route(post().to(web::update)));
    api::routes(cfg);
    list::routes(cfg);
    parts::routes(cfg);
    way::routes(cfg);
}
