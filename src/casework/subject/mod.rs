//! Subjects: persons, companies, shops, accounts, phones, vehicles that leads name. A lead's own pages name and
//! correct them (room `lead`, which holds their rows); here stands what is known about one across all leads.
//!
//! Tables read: `subject`, `lead_subject`.

mod pages;
pub mod store;
mod web;

use actix_web::web::{ServiceConfig, get, resource};

use crate::directory::people::policy::{CASE_READERS, Verb};

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[Verb { name: "subject.view", object: "subject", roles: CASE_READERS, rule: "" }];

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(resource("/subjects/{id}").route(get().to(web::page)));
}
