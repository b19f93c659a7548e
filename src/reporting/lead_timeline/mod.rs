//! The page of one lead: its facts, what belongs to it at every later stage, what can be done next, and one timeline
//! of everything on record about it. Joins the tables of all stages; changes none.

mod model;
mod pages;
mod parts;
mod read;
mod view;
mod web;

use actix_web::web as http;

use crate::directory::people::policy::{CASE_READERS, Verb};

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[Verb { name: "lead.view", object: "lead", roles: CASE_READERS, rule: "" }];

pub fn routes(cfg: &mut http::ServiceConfig) {
    cfg.route("/leads/{id}", http::get().to(web::show));
}
