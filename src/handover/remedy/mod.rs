//! 控告人的救济: what the one who accused may do against a decision of the police not to file, and when: the formal
//! 不予立案通知书 is served, reconsideration (复议) is asked for and decided, then review (复核) by the next higher police.
//! Each step is recorded with its day and runs the time limits of the law.
//!
//! Tables: `remedy_step`.

mod actions;
pub mod model;
pub mod store;
mod web;

use crate::directory::people::{ForAgency, Recorder, policy::Verb};

const OF_BOTH: &str =
    "not filed by police, sent as accuser, in its order; own agency; a compiler: own or assigned lead";
const OF_AGENCY: &str = "not filed by police, sent as accuser, in its order; own agency; for an agency without accounts somebody of the platform who neither sent nor asked, from the paper";
const OF_ACCUSER: &str =
    "not filed by police, sent as accuser, in its order; a compiler: own or assigned lead";

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[
    Verb { name: "transfer.serve_no_filing", object: "transfer", roles: ForAgency::ROLES, rule: OF_BOTH },
    Verb {
        name: "transfer.waive_reconsideration",
        object: "transfer",
        roles: Recorder::ROLES,
        rule: OF_ACCUSER,
    },
    Verb {
        name: "transfer.ask_reconsideration",
        object: "transfer",
        roles: Recorder::ROLES,
        rule: OF_ACCUSER,
    },
    Verb {
        name: "transfer.decide_reconsideration",
        object: "transfer",
        roles: ForAgency::ROLES,
        rule: OF_AGENCY,
    },
    Verb { name: "transfer.waive_review", object: "transfer", roles: Recorder::ROLES, rule: OF_ACCUSER },
    Verb { name: "transfer.ask_review", object: "transfer", roles: Recorder::ROLES, rule: OF_ACCUSER },
    Verb { name: "transfer.decide_review", object: "transfer", roles: ForAgency::ROLES, rule: OF_AGENCY },
];

pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    web::routes(cfg);
}
