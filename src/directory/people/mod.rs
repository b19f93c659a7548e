//! Accounts: who they are, which side and roles they have, how they sign in, and what that lets them do. Every
//! handler names the role it needs in its parameters (`guard`); what an actor may see is decided by the queries of
//! each room, which take the actor.
//!
//! One capability a folder: `sign_in`, `second_factor`, `passkey`, `proof` (showing again who one is), `account` (one's own),
//! `notices` (which come), `token` (API), `invitation`, `admin`, `unsent` (what is typed and not sent), `view` (saved
//! filters of lists), `bulk` (one act over many rows of a list).
//!
//! Tables: `person`, `person_role`, `second_factor`, `recovery_code`, `passkey`, `passkey_name`, `passkey_challenge`,
//! `session`, `login_attempt`, `invitation`, `api_token`, `idempotency`, `person_mark`, `setup_mark`, `unsent`,
//! `saved_view`, `usual_view`, `bulk_result`.

pub mod account;
pub mod actions;
pub mod admin;
mod alarm;
pub mod bulk;
pub mod changed;
mod device;
pub mod guard;
pub mod guide;
pub mod invitation;
pub mod mark;
pub mod model;
pub mod nav;
pub mod notices;
pub mod passkey;
pub mod password;
mod place;
pub mod policy;
pub mod proof;
mod refusals;
pub mod second_factor;
pub mod session;
pub mod sign_in;
mod signed_out;
pub(crate) mod stamps;
pub mod store;
mod time;
pub mod token;
pub mod unsent;
pub mod view;

pub use admin::setup;
pub use guard::{
    Admin, Approver, Auditor, BothSides, CaseReader, Commenter, Compiler, DirectoryReader, ForAgency,
    KeyKeeper, Liaison, LogReader, Manager, Recorder,
};
pub use invitation::bootstrap;
pub use model::{Actor, AgencyOf, Role, Side};
pub use place::from_where;
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
    verb(
        "session.prove",
        "session",
        EVERYONE,
        "own session, with a code, or the password without second factor",
    ),
    verb("session.end", "session", EVERYONE, "own session"),
    verb("session.end-others", "session", EVERYONE, "own sessions"),
    verb("second-factor.set-up", "person", EVERYONE, "oneself; approvers and liaisons can do nothing before"),
    verb("second-factor.renew-codes", "person", EVERYONE, "oneself, with a code"),
    verb("second-factor.remove", "person", EVERYONE, "oneself with a code, or another as administrator"),
    verb("passkey.add", "passkey", EVERYONE, "oneself"),
    verb("passkey.remove", "passkey", EVERYONE, "one's own, or all of another as administrator"),
    verb("person.change", "person", EVERYONE, "oneself"),
    verb(
        "person.choose-notices",
        "person",
        EVERYONE,
        "oneself; what an agency's duty hangs on comes one way or the other",
    ),
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
    verb("person.export", "person", ADMIN, ""),
    verb("person.reset-password", "person", ADMIN, "an open account"),
    verb("view.save", "view", EVERYONE, "of a list that one reads"),
    verb("view.change", "view", EVERYONE, "one's own"),
    verb("view.remove", "view", EVERYONE, "one's own"),
    verb("view.use", "view", EVERYONE, "one's own, or one that one's own side shares"),
    verb("mail.retry", "mail", ADMIN, "not sent"),
    verb("job.retry", "job", ADMIN, "failed or waiting"),
    verb("mail.test", "mail", ADMIN, "to oneself"),
    verb("setup.mark", "setup", ADMIN, ""),
];

pub fn routes(cfg: &mut web::ServiceConfig) {
    sign_in::routes(cfg);
    second_factor::routes(cfg);
    passkey::routes(cfg);
    proof::routes(cfg);
    account::routes(cfg);
    notices::routes(cfg);
    token::routes(cfg);
    invitation::routes(cfg);
    admin::routes(cfg);
    view::routes(cfg);
    unsent::routes(cfg);
    mark::routes(cfg);
}
