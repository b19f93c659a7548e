//! Who may do what, in one list: each room declares its verbs, `app` puts them together, ARCHITECTURE.md prints them.
//!
//! It is asked twice. The guard in a handler's signature keeps out who has not the role, before anything is read. And
//! nothing is on record as done, so nothing is done and no case material leaves, before the [`gate`] has looked the verb
//! up here and the actor's roles in the database: a handler with the wrong guard can't commit. Conditions on the object
//! (own lead, not a writer of it, own agency) stand in the `rule` and are enforced by the room's model and scoped queries.
//! The access matrix asks every route with every role, and compares the answers with this list, both ways.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::{guard::CaseReader, model::Role, store};
use crate::platform::db::Gate;

/// One thing that can be done to one kind of object.
#[derive(Clone, Copy, Debug)]
pub struct Verb {
    /// As in the audit log, e.g. `lead.submit`.
    pub name: &'static str,
    /// Kind of object.
    pub object: &'static str,
    /// None: only somebody who has not shown who they are.
    pub roles: &'static [Role],
    /// The condition on the object, in English, for the printed table; empty: none.
    pub rule: &'static str,
}

/// Roles that read the platform's case material.
pub const CASE_READERS: &[Role] = CaseReader::ROLES;

/// Acts that do much harm in wrong hands: who may do them shows again who they are, unless they did within [`FRESH`]
/// (`super::proof`). They give or take what others may do, open somebody's account by another way, end an agency, say by which
/// key its material is opened or by which one somebody signs, sign for them, or give out personal data in bulk.
///
/// Acts of [`ASKED_EACH_TIME`] take a code of their own, however fresh the last one is.
pub const DANGEROUS: &[&str] = &[
    "person.set-roles",
    "person.disable",
    "person.enable",
    "person.reset-password",
    // Of another one.
    "second-factor.remove",
    "invitation.create",
    // Where a link for a new password goes: another address of one's own.
    "person.change",
    "agency.close",
    // To which keys case material leaves: a wrong one is somebody else's.
    "agency.key.add",
    "agency.key.confirm",
    "agency.key.revoke",
    // Whoever binds an app of their own to somebody's account has the account.
    "second-factor.set-up",
    // By which key an account signs.
    "passkey.add",
    "passkey.remove",
    // What the server signs for a recipient who has no passkey at hand rests on the password and the code.
    "transfer.acknowledge",
    // With the personal parts, for auditors.
    "audit.export",
    "audit.custody",
    // Names, addresses and roles of everybody.
    "person.export",
];

/// Acts that bind a second factor to themselves: the code is part of the act.
pub const ASKED_EACH_TIME: &[&str] = &["lead.approve", "token.create", "second-factor.renew-codes"];

/// How long it holds that somebody showed who they are, in seconds.
pub const FRESH: i64 = 10 * 60;

/// The question whether an account may do what a verb says. What no room declares, nobody may.
pub fn gate(verbs: &[Verb]) -> Gate {
    let mut policy: HashMap<&'static str, HashSet<Role>> = HashMap::new();
    for verb in verbs {
        policy.entry(verb.name).or_default().extend(verb.roles);
    }
    Arc::new(move |conn, who, verb| {
        let Some(roles) = policy.get(verb) else { return Ok(false) };
        let Some(person) = who else { return Ok(roles.is_empty()) };
        Ok(store::roles(conn, person)?.iter().any(|role| roles.contains(role)))
    })
}

/// The table of ARCHITECTURE.md, one row a verb.
pub fn table(verbs: &[Verb]) -> String {
    use std::fmt::Write as _;
    let mut out = String::from("| verb | object | roles | condition |\n|---|---|---|---|\n");
    for verb in verbs {
        let roles: Vec<&str> = verb.roles.iter().map(|r| r.as_str()).collect();
        // Writing to a String cannot fail.
        let _ = writeln!(out, "| `{}` | {} | {} | {} |", verb.name, verb.object, roles.join(", "), verb.rule);
    }
    out
}
