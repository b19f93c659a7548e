//! Who may do what, in one list: each room declares its verbs, `app` puts them together, ARCHITECTURE.md prints them. The
//! guards in handlers' signatures enforce the roles; conditions on the object (own lead, not a writer of it, own agency)
//! stand in the `rule` and are enforced by the room's model. That guards and verbs say the same is not left to care: the
//! access matrix asks every route with every role, and compares the answers with this list, both ways.

use super::{guard::CaseReader, model::Role};

/// One thing that can be done to one kind of object.
#[derive(Clone, Copy, Debug)]
pub struct Verb {
    /// As in the audit log, e.g. `lead.submit`.
    pub name: &'static str,
    /// Kind of object.
    pub object: &'static str,
    pub roles: &'static [Role],
    /// The condition on the object, in English, for the printed table; empty: none.
    pub rule: &'static str,
}

/// Roles that read the platform's case material.
pub const CASE_READERS: &[Role] = CaseReader::ROLES;

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
