//! Cases of agencies: the matter opens when a transfer is accepted and counts as a case from its filing. A case may
//! join many transfers of its agency (串并案); of a joint matter of several agencies each sees its own part.
//!
//! Tables: `agency_case`, `case_transfer`, `case_step`.

pub mod actions;
pub mod model;
pub mod store;
mod web;

use crate::directory::people::{ForAgency, policy::Verb};

const BY_PAPER: &str =
    "own agency; for an agency without accounts a second person of the platform, from the paper";

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[
    Verb { name: "transfer.accept", object: "transfer", roles: ForAgency::ROLES, rule: BY_PAPER },
    Verb { name: "transfer.file", object: "transfer", roles: ForAgency::ROLES, rule: BY_PAPER },
    Verb { name: "case.step", object: "case", roles: ForAgency::ROLES, rule: BY_PAPER },
    Verb { name: "case.edit", object: "case", roles: ForAgency::ROLES, rule: BY_PAPER },
];

pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    web::routes(cfg);
}
