//! Evidence: files, notes and recorded facts with their source and custody. An item is never changed and never
//! overwritten; it points to a blob in the vault, and the same bytes are stored once. What is marked
//! do-not-disclose is withheld from addressees and still accounted for. Custody is what the audit log says of the item
//! and of the dossiers that carried it. What is in a file is told on a page (`reading`). What is stored is read back, again and
//! again (`scrub`); an original medium that was
//! sealed is on record beside its item (`sealing`), and an authority's word for when it was there (`time_stamp`). What must not go
//! out with an item is taken out of another one that is made of it (`redaction`). Tables of orders may be marked as sales records
//! (`sales`), whose sums stand beside the estimated value.
//!
//! Files that come in parts are on their way in `resumable`, and are none of this before they are registered.
//!
//! Tables: `evidence`, `blob`, and those of `scrub`, `sealing`, `time_stamp`, `redaction`, `sales` and `resumable`. Read:
//! `composition_item`, `dossier`, `dossier_seal`, `dossier_withheld`.

pub mod actions;
pub mod api;
mod content;
pub mod custody;
pub mod custody_of_store;
pub mod custody_sheet;
mod drawn;
mod export;
mod marks;
pub mod model;
mod naming;
mod one_by_one;
mod pages;
mod pictures;
pub mod reading;
pub mod redaction;
mod registering;
pub mod resumable;
pub mod sales;
pub mod scrub;
pub mod sealing;
mod shapes;
mod standing;
pub mod store;
mod taken;
pub mod time_stamp;
pub mod upload;
mod web;

pub use taken::taken;

use actix_web::web as http;

use crate::directory::people::{
    Admin, Compiler,
    policy::{CASE_READERS, Verb},
};

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[
    Verb {
        name: "evidence.register",
        object: "evidence",
        roles: Compiler::ROLES,
        rule: "own or assigned lead in draft",
    },
    Verb { name: "evidence.list", object: "evidence", roles: CASE_READERS, rule: "" },
    Verb { name: "evidence.export", object: "evidence", roles: CASE_READERS, rule: "" },
    Verb { name: "evidence.view", object: "evidence", roles: CASE_READERS, rule: "" },
    Verb { name: "evidence.preview", object: "evidence", roles: CASE_READERS, rule: "" },
    Verb { name: "evidence.read", object: "evidence", roles: CASE_READERS, rule: "" },
    Verb { name: "evidence.download", object: "evidence", roles: CASE_READERS, rule: "" },
    Verb {
        name: "evidence.withhold",
        object: "evidence",
        roles: Compiler::ROLES,
        rule: "own or assigned lead in draft",
    },
    Verb {
        name: "evidence.disclose",
        object: "evidence",
        roles: Compiler::ROLES,
        rule: "own or assigned lead in draft",
    },
    Verb {
        name: "evidence.redact",
        object: "evidence",
        roles: Compiler::ROLES,
        rule: "own or assigned lead in draft",
    },
    Verb {
        name: "evidence.request_redaction",
        object: "evidence",
        roles: Compiler::ROLES,
        rule: "own or assigned lead in draft",
    },
    Verb {
        name: "evidence.remove",
        object: "evidence",
        roles: Compiler::ROLES,
        rule: "own or assigned lead in draft; never part of a dossier",
    },
    Verb { name: "evidence.verify", object: "evidence", roles: CASE_READERS, rule: "" },
    Verb {
        name: "evidence.check_alarm",
        object: "evidence",
        roles: Admin::ROLES,
        rule: "while the alarm is open",
    },
    Verb {
        name: "timestamp.ask_missing",
        object: "timestamp",
        roles: Admin::ROLES,
        rule: "while a stored file or a seal was never asked for",
    },
    Verb { name: "evidence.custody", object: "evidence", roles: CASE_READERS, rule: "" },
    Verb { name: "evidence.data_list", object: "evidence", roles: CASE_READERS, rule: "" },
    Verb {
        name: "evidence.record_sealing",
        object: "evidence",
        roles: Compiler::ROLES,
        rule: "own or assigned lead in draft",
    },
    Verb {
        name: "evidence.correct_sealing",
        object: "evidence",
        roles: Compiler::ROLES,
        rule: "own or assigned lead in draft",
    },
    Verb {
        name: "evidence.mark_sales",
        object: "evidence",
        roles: Compiler::ROLES,
        rule: "own or assigned lead in draft",
    },
    Verb {
        name: "evidence.unmark_sales",
        object: "evidence",
        roles: Compiler::ROLES,
        rule: "own or assigned lead in draft",
    },
];

pub fn routes(cfg: &mut http::ServiceConfig) {
    cfg.route("/leads/{id}/evidence", http::get().to(web::list))
        .route("/leads/{id}/evidence", http::post().to(web::upload))
        .route("/leads/{id}/evidence/export", http::get().to(export::export))
        .route("/leads/{id}/evidence/note", http::post().to(web::note))
        .route("/leads/{id}/evidence/marks", http::post().to(marks::mark))
        .route("/evidence/{id}", http::get().to(web::show))
        .route("/evidence/{id}/content", http::get().to(content::download))
        .route("/evidence/{id}/preview", http::get().to(content::preview))
        .route("/evidence/{id}/picture", http::get().to(pictures::picture))
        .route("/evidence/{id}/withhold", http::post().to(web::withhold))
        .route("/evidence/{id}/disclose", http::post().to(web::disclose))
        .route("/evidence/{id}/remove", http::post().to(web::remove));
    custody_sheet::routes(cfg);
    reading::routes(cfg);
    scrub::routes(cfg);
    sealing::routes(cfg);
    redaction::routes(cfg);
    sales::routes(cfg);
    time_stamp::routes(cfg);
    api::routes(cfg);
    resumable::api::routes(cfg);
}
