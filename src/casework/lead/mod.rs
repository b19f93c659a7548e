//! Leads: what is suspected, where, by whom, how much. A compiler drafts a lead and names its charges, brands,
//! subjects, sites and listings; a review and the transfers (later rooms) move it on. The room holds the fields, the
//! stored state and the steps that led to it, the list with its filters and exports, and the API for both.
//!
//! Tables: `lead`, `lead_charge`, `lead_brand`, `lead_writer`, `lead_step`, `brand`, `listing`, `subject`,
//! `lead_subject`, `site`, `lead_site`, `remark`; those of `comment` and `related` are named there. Read: `sales_total` and
//! `sales_table`, which the evidence keeps.

pub mod actions;
pub mod api;
mod cloning;
pub mod comment;
pub mod input;
pub mod json;
pub mod leaving;
pub mod likely;
pub mod list;
mod merging;
pub mod model;
pub mod pages;
pub mod parts;
mod pick;
pub mod related;
pub mod remark;
pub mod sold;
pub mod store;
pub mod table;
mod way;
mod web;

use actix_web::web::{ServiceConfig, get, post, resource};

pub use list::store::RETURNED;

use crate::directory::people::{
    Role,
    policy::{CASE_READERS, Verb},
};
pub use crate::directory::reference::region;

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
    verb("lead.clone", &[Role::Compiler], ""),
    verb("lead.update", &[Role::Compiler], OWN_DRAFT),
    verb("lead.charges", &[Role::Compiler], OWN_DRAFT),
    verb("lead.brand.add", &[Role::Compiler], OWN_DRAFT),
    verb("lead.brand.remove", &[Role::Compiler], OWN_DRAFT),
    verb("lead.subject.add", &[Role::Compiler], OWN_DRAFT),
    verb("lead.subject.edit", &[Role::Compiler], OWN_DRAFT),
    verb("lead.subject.remove", &[Role::Compiler], OWN_DRAFT),
    verb("lead.site.add", &[Role::Compiler], OWN_DRAFT),
    verb("lead.site.edit", &[Role::Compiler], OWN_DRAFT),
    verb("lead.site.remove", &[Role::Compiler], OWN_DRAFT),
    verb("lead.listing.add", &[Role::Compiler], OWN_DRAFT),
    verb("lead.listing.edit", &[Role::Compiler], OWN_DRAFT),
    verb("lead.listing.remove", &[Role::Compiler], OWN_DRAFT),
    verb("lead.not_duplicate", &[Role::Compiler], OWN_DRAFT),
    verb("lead.withdraw", &[Role::Compiler], OWN),
    verb("lead.reopen", &[Role::Compiler], "own or assigned lead, withdrawn or approved"),
    verb("lead.trash", &[Role::Compiler], "own or assigned draft that was never approved"),
    verb("lead.restore", &[Role::Compiler], "own or assigned lead, in the trash"),
    verb(
        "lead.assign",
        &[Role::Compiler, Role::Manager],
        "a manager any, a compiler an own or assigned lead",
    ),
    verb("lead.hand_over", &[Role::Admin], "open leads of an account that is closed, unseen, to a compiler"),
];

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(resource("/leads/new").route(get().to(web::new_page)).route(post().to(web::create)))
        .service(resource("/leads/{id}/edit").route(get().to(web::edit_page)).route(post().to(web::update)));
    cfg.route("/pick/brands", get().to(pick::brands));
    api::routes(cfg);
    cloning::routes(cfg);
    comment::routes(cfg);
    list::routes(cfg);
    parts::routes(cfg);
    way::routes(cfg);
}
