//! Cases of agencies: the matter opens when a transfer is accepted and counts as a case from its filing. A case may
//! join many transfers of its agency (串并案); of a joint matter of several agencies each sees its own part.
//!
//! For an agency without accounts the platform records the steps: one person takes in the scanned paper, another
//! confirms the step against it.
//!
//! Tables: `agency_case`, `case_transfer`, `case_joined` (kept by a trigger), `case_step`, `case_paper`; replaced scans
//! are kept by `delivery`.

pub mod actions;
mod by_paper;
pub mod model;
mod opening_web;
pub mod paper;
mod progress_web;
pub mod reopening;
pub mod store;
mod web;

use crate::directory::people::{CaseReader, ForAgency, Recorder, policy::Verb};

const BY_PAPER: &str =
    "own agency; for an agency without accounts a second person of the platform, from the paper";

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[
    Verb { name: "transfer.accept", object: "transfer", roles: ForAgency::ROLES, rule: BY_PAPER },
    Verb { name: "transfer.file", object: "transfer", roles: ForAgency::ROLES, rule: BY_PAPER },
    Verb { name: "case.step", object: "case", roles: ForAgency::ROLES, rule: BY_PAPER },
    Verb {
        name: "case.paper",
        object: "case",
        roles: Recorder::ROLES,
        rule: "for an agency without accounts; steps, changes and outcomes that rest on it are another person's",
    },
    Verb { name: "case.paper_view", object: "case", roles: CaseReader::ROLES, rule: "" },
    Verb {
        name: "case.replace_scan",
        object: "case",
        roles: Recorder::ROLES,
        rule: "a scan that is on file, with a reason; the old one stays; not whoever recorded or confirmed by it",
    },
    Verb { name: "case.reopen", object: "case", roles: ForAgency::ROLES, rule: BY_PAPER },
    Verb { name: "case.edit", object: "case", roles: ForAgency::ROLES, rule: BY_PAPER },
];

pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    opening_web::routes(cfg);
    progress_web::routes(cfg);
    paper::routes(cfg);
}
