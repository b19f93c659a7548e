//! The pages of the audit log: searching it, one entry with the proof that it is in the log, exports; and the log in
//! C2SP tlog-tiles form, by which anyone can check it. Looking at the log is itself on record; looking at what one did
//! oneself is not (`own`). And what this program answers as a witness of other logs (`witness`).

mod asked;
mod custody;
mod custody_page;
mod entry_page;
mod export;
mod facts;
mod list_page;
mod objects;
mod own;
mod public;
mod web;
mod witness;

pub use list_page::EntryView;
pub use public::Document;
pub use web::{faults as list_faults, in_words};

use actix_web::web as http;

use crate::directory::people::{Auditor, LogReader, policy::Verb};

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[
    Verb {
        name: "audit.list",
        object: "audit",
        roles: LogReader::ROLES,
        rule: "personal parts: auditors alone",
    },
    Verb {
        name: "audit.view",
        object: "audit",
        roles: LogReader::ROLES,
        rule: "personal parts: auditors alone",
    },
    Verb {
        name: "audit.export",
        object: "audit",
        roles: LogReader::ROLES,
        rule: "personal parts: auditors alone",
    },
    Verb {
        name: "audit.custody",
        object: "person",
        roles: LogReader::ROLES,
        rule: "personal parts: auditors alone",
    },
    Verb {
        name: "audit.tile",
        object: "audit",
        roles: Auditor::ROLES,
        rule: "hash tiles and heads are public",
    },
];

pub fn routes(cfg: &mut http::ServiceConfig) {
    cfg.route("/account/activity", http::get().to(own::list))
        .route("/audit", http::get().to(web::list))
        .route("/audit/export.{format}", http::get().to(export::export))
        .route("/audit/selected/export.{format}", http::get().to(export::selected))
        .route("/audit/custody", http::get().to(custody::form))
        .route("/audit/custody.{format}", http::get().to(custody::sheet))
        .route("/audit/{id}", http::get().to(web::show))
        .route("/api/v1/audit/checkpoint", http::get().to(public::checkpoint))
        .route("/api/v1/audit/tile/{path:.*}", http::get().to(public::tile))
        .route("/witness/add-checkpoint", http::post().to(witness::add_checkpoint));
}
