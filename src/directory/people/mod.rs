//! Accounts: who they are, which side and roles they have, how they sign in, and what that lets them do. Every
//! handler names the role it needs in its parameters (`guard`); what an actor may see is decided by the queries of
//! each room, which take the actor.
//!
//! Tables: `person`, `person_role`, `second_factor`, `recovery_code`, `session`, `login_attempt`, `invitation`,
//! `api_token`.

pub mod actions;
pub mod guard;
pub mod model;
mod nav;
pub mod password;
pub mod policy;
pub mod session;
pub mod store;

pub use guard::{Admin, Approver, Auditor, CaseReader, Compiler, Liaison, Manager, Recorder};
pub use model::{Actor, AgencyOf, Role, Side};

use actix_web::web;

use policy::Verb;

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[];

pub fn routes(_cfg: &mut web::ServiceConfig) {}
