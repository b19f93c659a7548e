//! A transfer: one lead handed to one agency, with its own state, steps, clocks, receipt and messages. Sending one
//! lead to three agencies makes three transfers. Every step is an appended row; the state is what they amount to.
//!
//! Tables: `transfer`, `transfer_charge`, `transfer_face`, `transfer_step`, `transfer_seen`, `transfer_paper`,
//! `supplement_request`, `forward_request`.

pub mod actions;
mod by;
mod check;
pub mod due;
mod ending_web;
pub mod face;
pub mod forwarders;
pub mod mail;
pub mod model;
pub mod pages;
pub mod papers;
pub mod passing;
mod reckon;
mod remind;
pub mod requests;
pub mod resume;
pub mod seen;
pub mod senders;
pub mod store;
pub mod web;

pub use check::check;
pub use reckon::{reckon_all, reckon_anew};
pub use remind::{JOB as REMIND, remind, schedule};

use crate::directory::people::{ForAgency, Recorder, policy::Verb};

const BY_PAPER: &str =
    "own agency; for an agency without accounts a second person of the platform, from the paper";

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[
    Verb { name: "transfer.refuse", object: "transfer", roles: ForAgency::ROLES, rule: BY_PAPER },
    Verb { name: "transfer.return", object: "transfer", roles: ForAgency::ROLES, rule: BY_PAPER },
    Verb { name: "transfer.not_file", object: "transfer", roles: ForAgency::ROLES, rule: BY_PAPER },
    Verb { name: "transfer.request_supplement", object: "transfer", roles: ForAgency::ROLES, rule: BY_PAPER },
    Verb {
        name: "transfer.withdraw",
        object: "transfer",
        roles: Recorder::ROLES,
        rule: "before the agency accepted it; a compiler: own or assigned lead",
    },
    Verb {
        name: "transfer.not_pass_on",
        object: "transfer",
        roles: Recorder::ROLES,
        rule: "a forward that waits for the platform; a compiler: own or assigned lead",
    },
    Verb {
        name: "transfer.take_note",
        object: "transfer",
        roles: Recorder::ROLES,
        rule: "returned, refused, not filed or forwarded; a compiler: own or assigned lead",
    },
];

pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    ending_web::routes(cfg);
}
