//! The two desks of the handover: lists and pages of transfers and cases as each side sees them, their exports and
//! their API, and the forms of the verbs that reach over several rooms. The agency's desk knows the transfer number
//! and nothing of leads' numbers, other agencies or counts of the platform.
//!
//! No tables of its own; it reads those of all rooms before it.

pub mod api;
mod beside;
mod case_page;
mod cases;
mod cases_filter;
mod cases_list;
mod count;
mod detail;
mod filter;
mod forward;
mod items;
mod list;
mod list_page;
mod read;
mod reasons;
mod replacing;
mod selected_web;
mod shapes;
mod transfer_page;
mod transfers;

use actix_web::web;

pub use case_page::{CasePage, Happening, OutcomeLine};
pub use cases::faults as case_faults;
pub use list_page::Reading;
pub use read::case as read_case;
pub use transfers::faults as transfer_faults;

use crate::directory::people::{BothSides, CaseReader, policy::Verb};

const OWN: &str = "a liaison: what was sent to the own agency";

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[
    Verb { name: "transfer.list", object: "transfer", roles: BothSides::ROLES, rule: OWN },
    Verb { name: "transfer.export", object: "transfer", roles: BothSides::ROLES, rule: OWN },
    Verb { name: "transfer.view", object: "transfer", roles: BothSides::ROLES, rule: OWN },
    Verb { name: "case.list", object: "case", roles: BothSides::ROLES, rule: OWN },
    Verb { name: "case.export", object: "case", roles: BothSides::ROLES, rule: OWN },
    Verb { name: "case.view", object: "case", roles: BothSides::ROLES, rule: OWN },
    Verb { name: "transfer.api", object: "transfer", roles: CaseReader::ROLES, rule: "by token" },
];

pub fn routes(cfg: &mut web::ServiceConfig) {
    reasons::routes(cfg);
    forward::routes(cfg);
    replacing::routes(cfg);
    selected_web::routes(cfg);
    transfers::routes(cfg);
    cases::routes(cfg);
    api::routes(cfg);
}
