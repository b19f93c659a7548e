//! Deliveries: each version of a dossier that goes to an agency, by the portal, on paper or on a disc, and its
//! acknowledgement, which binds to the manifest hash. An agency forwards by a delivery to another agency.
//!
//! Tables: `delivery`, `delivery_key`, `scan_replacement`; `handover_receipt` and `handover_receipt_text` (`signed_receipt`).

mod acknowledging;
pub mod actions;
pub mod forwarding;
pub mod pages;
mod receipt;
pub mod recording;
pub mod replacement;
pub mod scan;
pub mod signed_receipt;
pub mod store;
mod web;

use crate::directory::people::{BothSides, CaseReader, ForAgency, Recorder, policy::Verb};

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[
    Verb {
        name: "transfer.send",
        object: "dossier",
        roles: Recorder::ROLES,
        rule: "sealed and newest for its agency; a compiler: own or assigned lead",
    },
    Verb {
        name: "transfer.acknowledge",
        object: "transfer",
        roles: ForAgency::ROLES,
        rule: "own agency, signed by a passkey or with password and a code of the last ten minutes; by paper: scanned receipt on file, recorded by a second person",
    },
    Verb {
        name: "transfer.receipt",
        object: "transfer",
        roles: Recorder::ROLES,
        rule: "a delivery on paper or disc that has none; by the portal only where the agency can't sign in any more",
    },
    Verb { name: "transfer.receipt_view", object: "transfer", roles: CaseReader::ROLES, rule: "" },
    Verb {
        name: "transfer.receipt_read",
        object: "transfer",
        roles: BothSides::ROLES,
        rule: "a liaison: of the own agency",
    },
    Verb { name: "transfer.paper_view", object: "transfer", roles: CaseReader::ROLES, rule: "" },
    Verb {
        name: "transfer.replace_scan",
        object: "transfer",
        roles: Recorder::ROLES,
        rule: "a scan that is on file, with a reason; the old one stays; not the dossier's sender once a step, a longer time limit or a decision on the remedy rests on it, nor such a decision's for whoever asked for it",
    },
    Verb {
        name: "transfer.forward",
        object: "transfer",
        roles: ForAgency::ROLES,
        rule: "own agency; by paper: a second person",
    },
];

pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    web::routes(cfg);
    acknowledging::routes(cfg);
    receipt::routes(cfg);
    recording::routes(cfg);
    signed_receipt::web::routes(cfg);
}
