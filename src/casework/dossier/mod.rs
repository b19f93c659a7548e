//! Dossiers: a frozen selection of evidence for one addressee, with the papers made of it.
//! `facts` says what a dossier states; the papers and the package are made from it. The package is derived, frozen, sealed
//! and packed by `package`, and checked offline by `verify`.

use actix_web::web;

use crate::directory::people::policy::Verb;

pub mod audit_proof;
pub mod bag;
pub mod dossier_pdf;
mod dossier_tables;
pub mod evidence_list;
pub mod facts;
pub mod layout;
mod letter_basis;
pub mod letter_pdf;
pub mod names;
pub mod ontology;
pub mod package;
#[cfg(test)]
mod pdf_tests;
mod pdf_words;
#[cfg(test)]
mod sample;
pub mod seal;
pub mod verify;

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[];

pub fn routes(_cfg: &mut web::ServiceConfig) {}
