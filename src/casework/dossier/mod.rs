//! Dossiers: a frozen selection of evidence for one addressee, with the papers made of it.
//! `facts` says what a dossier states; the papers and the package are made from it.

use actix_web::web;

use crate::directory::people::policy::Verb;

pub mod dossier_pdf;
mod dossier_tables;
pub mod facts;
mod letter_basis;
pub mod letter_pdf;
#[cfg(test)]
mod pdf_tests;
mod pdf_words;

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[];

pub fn routes(_cfg: &mut web::ServiceConfig) {}
