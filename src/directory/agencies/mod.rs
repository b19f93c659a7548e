//! (to come)

pub mod routing;

use actix_web::web;

use crate::directory::people::policy::Verb;

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[];

pub fn routes(_cfg: &mut web::ServiceConfig) {}
