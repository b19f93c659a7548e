//! Making and revoking API tokens.

use super::{
    model::{self, PREFIX},
    store::{self, TokenRow},
};
use crate::{
    audit::{self, Entry},
    directory::people::{
        model::Actor,
        second_factor::{self, Attempt, confirm_second_factor},
        session, store as people,
    },
    platform::{
        db::{Id, Tx},
        error::{AppError, Result},
    },
};

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    pub name: String,
    pub scopes: Vec<&'static str>,
    /// Days that it holds; `None`: until it is revoked (from the machine only).
    pub days: Option<i64>,
}

/// Makes a token for `actor`, who shows the second factor anew. Returns the token, to be shown once.
///
/// # Errors
/// `Invalid` beside `code`; `NotFound` for those who can't have tokens.
pub fn create(
    tx: &mut Tx<'_>,
    actor: &Actor,
    attempt: &Attempt,
    code: &str,
    new: NewToken,
) -> Result<String> {
    if !model::may_have(actor) {
        return Err(AppError::NotFound);
    }
    confirm_second_factor(tx, attempt, code)?;
    insert(tx, actor.id, new)
}

/// Makes a token from the machine itself.
///
/// # Errors
/// `NotFound` for an unknown or closed account; `Conflict` for one that can't have tokens.
pub fn create_for(tx: &mut Tx<'_>, person: Id, new: NewToken) -> Result<String> {
    if people::by_id(tx.conn(), person)?.disabled_at.is_some() {
        return Err(AppError::NotFound);
    }
    let roles = people::roles(tx.conn(), person)?;
    let has_factor = second_factor::is_confirmed(tx.conn(), person)?;
    if !model::may_have_with(&roles, true) {
        return Err(AppError::Conflict("conflict-no-tokens-liaison"));
    }
    if !model::may_have_with(&roles, has_factor) {
        return Err(AppError::Conflict("conflict-no-tokens-factor"));
    }
    insert(tx, person, new)
}

fn insert(tx: &mut Tx<'_>, person: Id, new: NewToken) -> Result<String> {
    let secret = format!("{PREFIX}{}", session::new_secret());
    let now = tx.now();
    let row = TokenRow {
        id: Id::new(),
        person_id: person,
        name: new.name,
        scopes: new.scopes.join(" "),
        created_at: now,
        expires_at: new.days.map(|days| now.plus_seconds(days * 86_400)),
        last_used_at: None,
        last_used_address: String::new(),
        revoked_at: None,
    };
    store::insert(tx, &row, &session::hash_of(&secret))?;
    let entry = Entry::new("token.create").object("person", person).object("token", row.id);
    audit::record(tx, entry.fact("scopes", new.scopes).private("name", row.name))?;
    Ok(secret)
}

/// Revokes one token of an account.
///
/// # Errors
/// `NotFound`.
pub fn revoke(tx: &mut Tx<'_>, person: Id, id: Id) -> Result<()> {
    if !store::revoke(tx, person, id)? {
        return Err(AppError::NotFound);
    }
    audit::record(tx, Entry::new("token.revoke").object("person", person).object("token", id))?;
    Ok(())
}

/// Revokes every token of an account, as part of an act that is on record itself; returns which.
///
/// # Errors
/// Those of the database.
pub fn revoke_all(tx: &mut Tx<'_>, person: Id) -> Result<Vec<Id>> {
    store::revoke_all(tx, person)
}
