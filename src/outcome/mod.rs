//! The ledger of results: arrests, raided sites, goods seized, case values, prosecutions, judgments, penalties. Each
//! entry has its date, place, case and source, says who asserted it, and counts once the other side confirmed it.
//! Entries are only ever added: a correction is a counter-entry that points at the old one, confirmed like any other.
//!
//! Tables: `outcome`, `outcome_identity`, `outcome_confirmation`, `outcome_seen`. What a person or site is called
//! stands in the rows of subjects and sites, which can be erased by law; the ledger holds their ids.

pub mod actions;
pub mod api;
mod case_row;
mod chips;
pub mod counted;
mod detail;
mod detail_page;
mod figure;
mod filter;
mod form_page;
mod form_web;
pub mod identities;
pub mod input;
pub mod list;
mod list_page;
mod mail;
pub mod model;
pub mod named;
mod of_case;
mod of_subject;
mod paper;
mod queue_web;
mod sort;
mod source;
pub mod store;
mod story;
mod table;
mod tally;
pub mod waiting;
mod web;

pub use web::faults as list_faults;

use actix_web::web as http;

use crate::directory::people::{BothSides, ForAgency, policy::Verb};

const OWN: &str = "a liaison: entries of the own agency's cases";
const OTHER_SIDE: &str =
    "never the side that asserted it; for an agency without accounts a second person of the platform";
const CONFIRMS: &str = "never the side that asserted it; for an agency without accounts a second person of the platform, by a scanned paper that they choose; what only takes an entry back needs none";

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[
    Verb { name: "outcome.list", object: "outcome", roles: BothSides::ROLES, rule: OWN },
    Verb { name: "outcome.export", object: "outcome", roles: BothSides::ROLES, rule: OWN },
    Verb { name: "outcome.view", object: "outcome", roles: BothSides::ROLES, rule: OWN },
    Verb { name: "outcome.source", object: "outcome", roles: BothSides::ROLES, rule: OWN },
    Verb { name: "outcome.propose", object: "case", roles: ForAgency::ROLES, rule: "a liaison: own cases" },
    Verb { name: "outcome.take_back", object: "outcome", roles: ForAgency::ROLES, rule: OWN },
    Verb { name: "outcome.confirm", object: "outcome", roles: ForAgency::ROLES, rule: CONFIRMS },
    Verb {
        name: "outcome.take_note",
        object: "outcome",
        roles: ForAgency::ROLES,
        rule: "rejected; the one who asserted it, of an agency anybody there",
    },
    Verb { name: "outcome.reject", object: "outcome", roles: ForAgency::ROLES, rule: OTHER_SIDE },
];

pub fn routes(cfg: &mut http::ServiceConfig) {
    web::routes(cfg);
    form_web::routes(cfg);
    of_case::routes(cfg);
    of_subject::routes(cfg);
    api::routes(cfg);
}
