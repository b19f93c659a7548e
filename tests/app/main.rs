//! Journeys through public routes, one binary for all of them.

#[path = "../support/mod.rs"]
mod support;

mod access_matrix;
mod accounts;
mod agencies;
mod api;
mod bucket;
mod coming_back;
mod commands;
mod demo;
mod dossier;
mod evidence;
mod fields_in_words;
mod filters;
mod frame;
mod generate;
mod handover;
mod jobs;
mod keeping;
mod leads;
mod leads_in;
mod log;
mod logging;
mod mailing;
mod metrics;
mod outcomes;
mod people;
mod policy;
mod processes;
mod reading;
mod reference;
mod refusals;
mod report;
mod schema;
mod signed_out;
mod twice;
mod verbs_in_words;
