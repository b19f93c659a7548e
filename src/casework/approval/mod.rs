//! Four eyes: a compiler submits the newest composition of a lead, and somebody who has not written in the lead looks
//! at the exact bytes of every dossier and decides about all of them in one act, bound to their manifest hashes.
//! Approving queues the sealing; returning makes the lead a draft again.
//!
//! Approving is signed by the approver's passkey where they have one (`signing`).
//!
//! Tables: `review`, `approval`, `approval_signature`.

pub mod actions;
pub mod asked;
mod bulk_web;
mod earlier;
mod list_web;
mod pages;
mod signing;
mod signing_web;
pub mod store;
mod submit_web;
mod web;

use actix_web::web as http;

pub use earlier::NOT_TO_FORWARD;
pub use list_web::faults as list_faults;
pub use signing::{ByPasskey, Showing};

use crate::directory::people::{
    Approver, Compiler,
    policy::{CASE_READERS, Verb},
};

const NOT_A_WRITER: &str = "in review; never somebody who wrote in the lead";

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[
    Verb {
        name: "lead.submit",
        object: "lead",
        roles: Compiler::ROLES,
        rule: "own or assigned lead in draft",
    },
    Verb { name: "lead.approve", object: "review", roles: Approver::ROLES, rule: NOT_A_WRITER },
    Verb { name: "lead.return", object: "review", roles: Approver::ROLES, rule: NOT_A_WRITER },
    Verb { name: "review.withdraw", object: "review", roles: Compiler::ROLES, rule: "own or assigned lead" },
    Verb { name: "review.list", object: "review", roles: CASE_READERS, rule: "" },
    Verb { name: "review.export", object: "review", roles: CASE_READERS, rule: "" },
    Verb { name: "review.view", object: "review", roles: CASE_READERS, rule: "" },
];

pub fn routes(cfg: &mut http::ServiceConfig) {
    cfg.route("/leads/selected/for-review", http::post().to(bulk_web::submit))
        .route("/leads/{id}/submit", http::get().to(submit_web::ask))
        .route("/leads/{id}/submit", http::post().to(submit_web::submit))
        .route("/approvals", http::get().to(list_web::list))
        .route("/approvals/export", http::get().to(list_web::export))
        .route("/approvals/queue", http::get().to(list_web::queue))
        .route("/approvals/{id}", http::get().to(web::show))
        .route("/approvals/{id}/approve", http::post().to(web::approve))
        .route("/approvals/{id}/approve/passkey", http::get().to(signing_web::asked))
        .route("/approvals/{id}/return", http::post().to(web::send_back))
        .route("/approvals/{id}/withdraw", http::post().to(web::withdraw));
}
