//! Evidence: files, notes and recorded facts with their source and custody. An item is never changed and never
//! overwritten; it points to a blob in the vault, and the same bytes are stored once. What is marked
//! do-not-disclose is withheld from addressees and still accounted for. Custody is what the audit log says of the item
//! and of the dossiers that carried it.
//!
//! Tables: `evidence`, `blob`. Read: `composition_item`, `dossier`, `dossier_withheld`.

pub mod actions;
pub mod api;
mod content;
mod custody;
pub mod model;
mod pages;
pub mod store;
pub mod upload;
mod web;

use actix_web::web as http;

use crate::directory::people::{
    Compiler,
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
    Verb { name: "evidence.view", object: "evidence", roles: CASE_READERS, rule: "" },
    Verb { name: "evidence.preview", object: "evidence", roles: CASE_READERS, rule: "" },
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
        name: "evidence.remove",
        object: "evidence",
        roles: Compiler::ROLES,
        rule: "own or assigned lead in draft; never part of a dossier",
    },
];

pub fn routes(cfg: &mut http::ServiceConfig) {
    cfg.route("/leads/{id}/evidence", http::get().to(web::list))
        .route("/leads/{id}/evidence", http::post().to(web::upload))
        .route("/leads/{id}/evidence/note", http::post().to(web::note))
        .route("/evidence/{id}", http::get().to(web::show))
        .route("/evidence/{id}/content", http::get().to(content::download))
        .route("/evidence/{id}/preview", http::get().to(content::preview))
        .route("/evidence/{id}/withhold", http::post().to(web::withhold))
        .route("/evidence/{id}/disclose", http::post().to(web::disclose))
        .route("/evidence/{id}/remove", http::post().to(web::remove));
    api::routes(cfg);
}
