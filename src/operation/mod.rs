//! 专项行动: leads and cases run together across agencies and provinces, and what was published about them. Where papers
//! disagree on a figure, all of them are kept with their source; one is counted, and the page says which and why.
//!
//! Tables: `operation`, `operation_member`; reads `published_figure`.

mod actions;
mod export;
mod listed;
mod pages;
pub mod published;
pub mod store;
mod web;

use actix_web::web as http;

use crate::directory::people::{
    Recorder,
    policy::{CASE_READERS, Verb},
};

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[
    Verb { name: "operation.view", object: "operation", roles: CASE_READERS, rule: "" },
    Verb { name: "operation.export", object: "operation", roles: CASE_READERS, rule: "" },
    Verb { name: "operation.create", object: "operation", roles: Recorder::ROLES, rule: "" },
    Verb { name: "operation.add_member", object: "operation", roles: Recorder::ROLES, rule: "" },
];

pub fn routes(cfg: &mut http::ServiceConfig) {
    web::routes(cfg);
}
