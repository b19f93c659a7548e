//! Dossiers: a frozen selection of evidence for one addressee, with the papers made of it.
//! `facts` says what a dossier states; the papers and the package are made from it. The package is derived, frozen,
//! sealed and packed by `package`, and checked offline by `verify`.

use actix_web::web as http;

use crate::{
    directory::people::{
        BothSides, Compiler, Role,
        policy::{CASE_READERS, Verb},
    },
    platform::{jobs::Handlers, services::Services},
};

mod addressees;
pub mod api;
pub mod approved;
pub mod audit_proof;
pub mod bag;
pub mod changed;
mod check;
mod coherence;
mod compile;
pub mod compose;
mod compose_page;
mod compose_web;
pub mod current;
pub mod dossier_pdf;
mod dossier_tables;
pub mod download;
mod earlier;
pub mod encrypted;
pub mod evidence_list;
pub mod facts;
pub mod freezing;
mod held_up;
pub mod layout;
mod lead_list;
mod letter_basis;
pub mod letter_pdf;
mod listed;
pub mod many;
pub mod model;
pub mod names;
pub mod ontology;
pub mod package;
pub mod packing;
mod pages;
#[cfg(test)]
mod pdf_tests;
mod pdf_words;
mod photographs;
pub mod receipt;
pub mod sales;
mod sales_pdf;
mod sales_rows;
#[cfg(test)]
mod same_again;
#[cfg(test)]
mod sample;
pub mod seal;
pub mod sealed_medium;
pub mod sealing;
pub mod signed_approval;
mod small_files;
mod sources;
mod stamps;
pub mod stated;
pub mod store;
pub mod stored;
pub mod succession;
pub mod verify;
pub mod waiting;
mod wanted;
pub mod web;

pub use check::check;
pub use listed::faults as list_faults;

/// Longest note of a composition, in characters.
pub const LONGEST_NOTE: usize = 2_000;

const OWN_DRAFT: &str = "own or assigned lead in draft";
const SENT: &str = "a liaison: sealed and sent to the own agency";

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[
    Verb { name: "dossier.compose", object: "lead", roles: Compiler::ROLES, rule: OWN_DRAFT },
    Verb { name: "dossier.list", object: "lead", roles: CASE_READERS, rule: "" },
    Verb { name: "dossier.export", object: "dossier", roles: CASE_READERS, rule: "" },
    Verb { name: "dossier.view", object: "dossier", roles: READERS, rule: SENT },
    Verb { name: "dossier.read", object: "dossier", roles: READERS, rule: SENT },
    Verb { name: "dossier.download", object: "dossier", roles: READERS, rule: SENT },
    Verb { name: "dossier.retry", object: "dossier", roles: Compiler::ROLES, rule: "own or assigned lead" },
];

const READERS: &[Role] = BothSides::ROLES;

pub fn routes(cfg: &mut http::ServiceConfig) {
    listed::routes(cfg);
    cfg.route("/leads/{id}/evidence/list.{format}", http::get().to(lead_list::list))
        .route("/leads/{id}/dossiers", http::get().to(web::list))
        .route("/leads/{id}/dossiers", http::post().to(compose_web::submit))
        .route("/leads/{id}/dossiers/new", http::get().to(compose_web::form))
        .route("/dossiers/{id}", http::get().to(web::show))
        .route("/dossiers/{id}/retry", http::post().to(web::retry))
        .route("/dossiers/{id}/letter.pdf", http::get().to(download::letter))
        .route("/dossiers/{id}/dossier.pdf", http::get().to(download::report))
        .route("/dossiers/{id}/evidence-list.csv", http::get().to(download::list))
        .route("/dossiers/{id}/package.zip", http::get().to(download::package))
        .route("/dossiers/{id}/package.zip.age", http::get().to(encrypted::package))
        .route("/dossiers/{id}/timestamps/{stamp}.tsr", http::get().to(stamps::download));
    api::routes(cfg);
}

/// The jobs of this slice.
pub fn handlers(services: &Services, handlers: &mut Handlers) {
    handlers.add_long(freezing::JOB, freezing::handler(services));
    handlers.add(sealing::JOB, sealing::handler(services));
    handlers.add_long(packing::JOB, packing::handler(services));
}
