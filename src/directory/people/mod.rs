//! Accounts: who they are, which side and roles they have, how they sign in, and what that lets them do. Every
//! handler names the role it needs in its parameters (`guard`); what an actor may see is decided by the queries of
//! each room, which take the actor.
//!
//! One capability a folder: `sign_in`, `second_factor`, `account` (one's own), `token` (API), `invitation`, `admin`.
//!
//! Tables: `person`, `person_role`, `second_factor`, `recovery_code`, `session`, `login_attempt`, `invitation`,
//! `api_token`, `idempotency`.

pub mod account;
pub mod actions;
pub mod admin;
mod device;
pub mod guard;
pub mod invitation;
pub mod model;
mod nav;
pub mod password;
pub mod policy;
mod refusals;
pub mod second_factor;
pub mod session;
pub mod sign_in;
mod signed_out;
pub mod store;
mod time;
pub mod token;

pub use guard::{
    Admin, Approver, Auditor, BothSides, CaseReader, Compiler, DirectoryReader, ForAgency, Liaison,
    LogReader, Manager, Recorder,
};
pub use invitation::bootstrap;
pub use model::{Actor, AgencyOf, Role, Side};
pub use refusals::watch_refusals;
pub use second_factor::confirm_second_factor;
pub use signed_out::keep_typed;
pub use token::{ApiActor, api_reader, idempotent};

use actix_web::web;

use policy::Verb;

use Role::{Admin as A, Approver as P, Auditor as U, Compiler as C, Manager as M};

const EVERYONE: &[Role] = Role::ALL;
const NOBODY: &[Role] = &[];
const NO_LIAISON: &[Role] = &[C, P, M, A, U];
const ADMIN: &[Role] = Admin::ROLES;

const fn verb(name: &'static str, object: &'static str, roles: &'static [Role], rule: &'static str) -> Verb {
    Verb { name, object, roles, rule }
}

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[
    verb("session.open", "session", EVERYONE, "the account is open; name, password and attempts left"),
    verb("session.strengthen", "session", EVERYONE, "own session, a code not used before"),
    verb("session.end", "session", EVERYONE, "own session"),
    verb("session.end-others", "session", EVERYONE, "own sessions"),
    verb("second-factor.set-up", "person", EVERYONE, "oneself; approvers and liaisons can do nothing before"),
    verb("second-factor.renew-codes", "person", EVERYONE, "oneself, with a code"),
    verb("second-factor.remove", "person", EVERYONE, "oneself with a code, or another as administrator"),
    verb("person.change", "person", EVERYONE, "oneself"),
    verb("person.set-password", "person", EVERYONE, "oneself, with the old password or a link"),
    verb("token.create", "token", NO_LIAISON, "oneself, with a second factor and a code"),
    verb("token.revoke", "token", NO_LIAISON, "own token"),
    verb("invitation.create", "invitation", ADMIN, "roles of one side"),
    verb("invitation.resend", "invitation", ADMIN, "neither used nor revoked"),
    verb("invitation.revoke", "invitation", ADMIN, "neither used nor revoked"),
    verb("invitation.accept", "invitation", EVERYONE, "the one who has its link, while it holds"),
    verb("person.create", "person", NOBODY, "who accepts an invitation, before there is an account"),
    verb("person.set-roles", "person", ADMIN, "roles of the account's side; never the last administrator"),
    verb("person.disable", "person", ADMIN, "not oneself, never the last administrator"),
    verb("person.enable", "person", ADMIN, "a closed account"),
    verb("person.reset-password", "person", ADMIN, "an open account"),
    verb("mail.retry", "mail", ADMIN, "not sent"),
    verb("job.retry", "job", ADMIN, "failed or waiting"),
];

pub fn routes(cfg: &mut web::ServiceConfig) {
    sign_in::routes(cfg);
    second_factor::routes(cfg);
    account::routes(cfg);
    token::routes(cfg);
    invitation::routes(cfg);
    admin::routes(cfg);
}
