//! Leads: what is suspected, where, by whom, how much. A compiler drafts a lead and names its charges, brands,
//! subjects, sites and listings; a review and the transfers (later rooms) move it on. The room holds the fields, the
//! stored state and the steps that led to it, the list with its filters and exports, and the API for both.
//!
//! Tables: `lead`, `lead_charge`, `lead_brand`, `lead_writer`, `lead_step`, `brand`, `listing`, `subject`,
//! `lead_subject`, `site`, `lead_site`, `remark`.

pub mod actions;
pub mod input;
pub mod model;
pub mod parts;
pub mod remark;
pub mod store;

use actix_web::web;

use crate::directory::people::policy::Verb;

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[];

pub fn routes(_cfg: &mut web::ServiceConfig) {}
