//! Time limits: which clocks a step of a transfer starts and stops, and when they run out.

pub mod clocks;
pub mod model;

use actix_web::web;

use crate::directory::people::policy::Verb;

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[];

pub fn routes(_cfg: &mut web::ServiceConfig) {}
