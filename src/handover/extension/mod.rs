//! What moves a running time limit without a step of its transfer: an extension that was approved, and the finding that
//! a matter is not the agency's own, from which the law's hours for forwarding run.
//!
//! No tables of its own; the rows are those of `deadline`.

mod actions;
mod web;

use crate::directory::people::{ForAgency, policy::Verb};

const BY_PAPER: &str =
    "own agency; for an agency without accounts a second person of the platform, from the paper";

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[
    Verb { name: "transfer.extend_deadline", object: "transfer", roles: ForAgency::ROLES, rule: BY_PAPER },
    Verb { name: "transfer.not_ours", object: "transfer", roles: ForAgency::ROLES, rule: BY_PAPER },
];

pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    web::routes(cfg);
}
