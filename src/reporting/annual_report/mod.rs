//! 治理年报: the yearly governance report, computed from transfers, cases and the ledger of outcomes as at a moment of
//! the audit log. One module computes ([`compute`]); page, PDF, CSV, XLSX, API and command show what it gives.
//!
//! Reads `transfer`, `lead`, `agency_case`, `outcome…`, `published_figure`, `audit_…`; owns no tables.

mod addresses;
mod breakdowns;
mod cohort;
mod compute;
mod cube;
mod files;
mod grid;
mod groups;
mod moment;
mod pages;
mod pdf;
mod pictures;
mod published;
mod report;
mod sections;
pub mod sql;
mod web;
mod years;

pub(in crate::reporting) use addresses::link;
pub use compute::{compute, compute_at};
pub use moment::Moment;
pub use report::{Figure, Figures, Group, Published, Report, Value};
pub use web::{Document, render};

use actix_web::web as http;

use crate::directory::people::policy::{CASE_READERS, Verb};

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[
    Verb { name: "report.view", object: "report", roles: CASE_READERS, rule: "" },
    Verb { name: "report.export", object: "report", roles: CASE_READERS, rule: "" },
];

pub fn routes(cfg: &mut http::ServiceConfig) {
    web::routes(cfg);
}
