//! Acts on accounts of others. `by` is the administrator, or nobody when the machine itself acts.

use diesel::prelude::*;

use super::store;
use crate::{
    audit::{self, Entry},
    directory::people::{
        actions::{end_sessions, side_of},
        model::Role,
        passkey,
        proof::Proven,
        second_factor, store as people, token,
    },
    platform::{
        db::{
            Connection, Id, Instant, Tx,
            schema::{person, person_role},
        },
        error::{AppError, Result},
    },
};

/// Refuses what would leave nobody to administer.
fn keep_an_administrator(conn: &mut Connection, id: Id) -> Result<()> {
    let is_admin = people::roles(conn, id)?.contains(&Role::Admin);
    if is_admin && store::count_open_with(conn, Role::Admin)? <= 1 {
        return Err(AppError::Conflict("conflict-last-admin"));
    }
    Ok(())
}

/// Refuses an account that is not to be closed by this one.
///
/// # Errors
/// `NotFound`; `Conflict` for oneself, the last administrator, one that is closed.
pub fn closable(conn: &mut Connection, by: Option<Id>, id: Id) -> Result<()> {
    if by == Some(id) {
        return Err(AppError::Conflict("conflict-oneself"));
    }
    if people::by_id(conn, id)?.disabled_at.is_some() {
        return Err(AppError::Conflict("conflict-person-disabled"));
    }
    keep_an_administrator(conn, id)
}

/// Closes an account: its sessions and tokens end, it can't sign in; what it did stays.
///
/// # Errors
/// As [`closable`].
pub fn disable(tx: &mut Tx<'_>, by: Option<&Proven>, id: Id) -> Result<()> {
    let by = by.map(|proven| proven.of("person.disable")).transpose()?;
    closable(tx.conn(), by, id)?;
    let now = tx.now();
    diesel::update(person::table.find(id)).set(person::disabled_at.eq(now)).execute(tx.conn())?;
    let sessions = end_sessions(tx, id, None)?;
    let tokens = token::revoke_all(tx, id)?;
    let entry = Entry::new("person.disable").object("person", id);
    let entry = entry.fact("sessions", sessions).fact("tokens", tokens.len());
    audit::record(tx, entry.objects("token", tokens))?;
    Ok(())
}

/// Opens a closed account again.
///
/// # Errors
/// `NotFound`; `Conflict` for one that is open.
pub fn enable(tx: &mut Tx<'_>, by: &Proven, id: Id) -> Result<()> {
    by.of("person.enable")?;
    if people::by_id(tx.conn(), id)?.disabled_at.is_none() {
        return Err(AppError::Conflict("conflict-person-enabled"));
    }
    diesel::update(person::table.find(id)).set(person::disabled_at.eq(None::<Instant>)).execute(tx.conn())?;
    audit::record(tx, Entry::new("person.enable").object("person", id))?;
    Ok(())
}

/// Sets the roles of an account, on the side where it stands. Nobody changes their own: an administrator who needs to
/// work on cases as well needs another one, or the machine itself.
///
/// # Errors
/// `Invalid` for no role or roles of another side; `Conflict` for oneself and the last administrator.
pub fn set_roles(tx: &mut Tx<'_>, by: &Proven, id: Id, roles: &[Role]) -> Result<()> {
    if by.of("person.set-roles")? == id {
        return Err(AppError::Conflict("conflict-oneself"));
    }
    let row = people::by_id(tx.conn(), id)?;
    if side_of(roles, row.agency_id)?.as_str() != row.side {
        return Err(AppError::field("roles", "error-two-sides"));
    }
    if !roles.contains(&Role::Admin) && row.disabled_at.is_none() {
        keep_an_administrator(tx.conn(), id)?;
    }
    let before: Vec<&str> = people::roles(tx.conn(), id)?.iter().map(|r| r.as_str()).collect();
    diesel::delete(person_role::table.filter(person_role::person_id.eq(id))).execute(tx.conn())?;
    for role in roles {
        diesel::insert_into(person_role::table)
            .values((person_role::person_id.eq(id), person_role::role.eq(role.as_str())))
            .execute(tx.conn())?;
    }
    let after: Vec<&str> = roles.iter().map(|r| r.as_str()).collect();
    let entry = Entry::new("person.set-roles").object("person", id);
    audit::record(tx, entry.fact("before", before).fact("roles", after))?;
    Ok(())
}

/// Takes the second factor of somebody who lost it, and their passkeys, which may be on the same device; sessions and tokens
/// end. `by`: nobody when the machine itself acts.
///
/// # Errors
/// `NotFound`.
pub fn reset_second_factor(tx: &mut Tx<'_>, by: Option<&Proven>, id: Id) -> Result<()> {
    by.map(|proven| proven.of("second-factor.remove")).transpose()?;
    people::by_id(tx.conn(), id)?;
    end_sessions(tx, id, None)?;
    let entry = Entry::new("second-factor.remove").object("person", id);
    let entry = passkey::remove_all(tx, id, entry)?;
    second_factor::remove_with(tx, id, entry)
}

/// Takes the passkeys of somebody whose device is lost. What they signed stays as it is.
///
/// # Errors
/// `NotFound`; `Conflict` where there are none.
pub fn remove_passkeys(tx: &mut Tx<'_>, by: &Proven, id: Id) -> Result<()> {
    by.of(passkey::REMOVE)?;
    people::by_id(tx.conn(), id)?;
    if passkey::store::credentials(tx.conn(), id)?.is_empty() {
        return Err(AppError::Conflict("conflict-passkeys-none"));
    }
    let entry = Entry::new("passkey.remove").object("person", id);
    let entry = passkey::remove_all(tx, id, entry)?;
    audit::record(tx, entry).map(|_| ())
}
