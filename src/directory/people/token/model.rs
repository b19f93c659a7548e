//! Scopes and the text form of tokens; pure.

use crate::directory::people::model::{Actor, Role};

/// Begins every token, so that one that got out is recognised by scanners.
pub const PREFIX: &str = "lh_";
/// What a token may be used for.
pub const SCOPES: [&str; 2] = ["read", "write"];
/// Days that may be chosen for a token to hold.
pub const DAYS: [i64; 4] = [30, 90, 180, 365];
/// A token that ends within so many days is marked, so that another one is made in time.
pub const SOON: i64 = 14;

/// Whether `actor` may have tokens at all.
pub fn may_have(actor: &Actor) -> bool {
    may_have_with(&actor.roles, actor.has_second_factor)
}

/// As [`may_have`], from its parts.
pub fn may_have_with(roles: &[Role], has_second_factor: bool) -> bool {
    has_second_factor && !roles.contains(&Role::Liaison)
}

/// Whether scopes as stored allow a request that changes something, or one that doesn't.
pub fn allows(scopes: &[String], changes: bool) -> bool {
    let needed = if changes { "write" } else { "read" };
    scopes.iter().any(|s| s == needed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_do_not_imply_each_other() {
        let read = vec!["read".to_owned()];
        let write = vec!["write".to_owned()];
        assert!(allows(&read, false) && !allows(&read, true));
        assert!(allows(&write, true) && !allows(&write, false));
    }

    #[test]
    fn liaisons_and_accounts_without_a_second_factor_have_none() {
        assert!(may_have_with(&[Role::Compiler], true));
        assert!(!may_have_with(&[Role::Compiler], false));
        assert!(!may_have_with(&[Role::Liaison], true));
    }
}
