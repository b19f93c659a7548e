//! SQL of the keys of agencies.

use std::collections::HashMap;

use diesel::prelude::*;

use super::model;
use crate::platform::{
    db::{
        Connection, Id, Instant, Tx,
        schema::{agency_key, agency_key_confirmation, agency_key_note, agency_key_revocation},
    },
    error::{AppError, Result},
};

/// A key with all that became of it.
#[derive(Clone, Debug)]
pub struct Key {
    pub id: Id,
    pub agency_id: Id,
    /// `age1…`
    pub recipient: String,
    pub registered_by: Id,
    pub at: Instant,
    /// Who brought it; `None`: lawfully erased.
    pub note: Option<String>,
    /// By whom, and when.
    pub confirmed: Option<(Id, Instant)>,
    pub revoked: Option<(Id, Instant)>,
}

impl Key {
    /// See [`model::fingerprint`].
    pub fn fingerprint(&self) -> String {
        model::fingerprint(&self.recipient)
    }
}

type Row = ((Id, Id, String, Id, Instant), Option<String>, Option<(Id, Instant)>, Option<(Id, Instant)>);

fn key(row: Row) -> Key {
    let ((id, agency_id, recipient, registered_by, at), note, confirmed, revoked) = row;
    Key { id, agency_id, recipient, registered_by, at, note, confirmed, revoked }
}

/// The keys with their acts, to be narrowed.
macro_rules! keys {
    () => {
        agency_key::table
            .left_join(agency_key_note::table)
            .left_join(agency_key_confirmation::table)
            .left_join(agency_key_revocation::table)
            .select((
                (
                    agency_key::id,
                    agency_key::agency_id,
                    agency_key::recipient,
                    agency_key::registered_by,
                    agency_key::at,
                ),
                agency_key_note::note.nullable(),
                (agency_key_confirmation::confirmed_by, agency_key_confirmation::at).nullable(),
                (agency_key_revocation::revoked_by, agency_key_revocation::at).nullable(),
            ))
    };
}

/// All keys of an agency, the newest first, those that were revoked too.
///
/// # Errors
/// Those of the database.
pub fn of_agency(conn: &mut Connection, agency: Id) -> Result<Vec<Key>> {
    let rows: Vec<Row> =
        keys!().filter(agency_key::agency_id.eq(agency)).order(agency_key::id.desc()).load(conn)?;
    Ok(rows.into_iter().map(key).collect())
}

/// The keys that what goes to an agency is encrypted to, the oldest first.
///
/// # Errors
/// Those of the database.
pub fn in_force(conn: &mut Connection, agency: Id) -> Result<Vec<Key>> {
    Ok(in_force_of(conn, &[agency])?.remove(&agency).unwrap_or_default())
}

/// As [`in_force`], of many agencies; one that has none is left out.
///
/// # Errors
/// Those of the database.
pub fn in_force_of(conn: &mut Connection, agencies: &[Id]) -> Result<HashMap<Id, Vec<Key>>> {
    let mut found: HashMap<Id, Vec<Key>> = HashMap::new();
    for part in agencies.chunks(500) {
        let rows: Vec<Row> = keys!()
            .filter(agency_key::agency_id.eq_any(part))
            .filter(agency_key_confirmation::key_id.is_not_null())
            .filter(agency_key_revocation::key_id.is_null())
            .order(agency_key::id)
            .load(conn)?;
        for key in rows.into_iter().map(key) {
            found.entry(key.agency_id).or_default().push(key);
        }
    }
    Ok(found)
}

/// A key of an agency.
///
/// # Errors
/// `NotFound`, also for one of another agency.
pub fn find(conn: &mut Connection, agency: Id, id: Id) -> Result<Key> {
    let row: Option<Row> = keys!()
        .filter(agency_key::id.eq(id))
        .filter(agency_key::agency_id.eq(agency))
        .first(conn)
        .optional()?;
    row.map(key).ok_or(AppError::NotFound)
}

/// Whether an agency has, or had, this key.
///
/// # Errors
/// Those of the database.
pub fn is_known(conn: &mut Connection, agency: Id, recipient: &str) -> Result<bool> {
    let known = agency_key::table
        .filter(agency_key::agency_id.eq(agency))
        .filter(agency_key::recipient.eq(recipient));
    Ok(diesel::select(diesel::dsl::exists(known)).get_result(conn)?)
}

/// Writes a new key.
///
/// # Errors
/// Those of the database.
pub(super) fn insert(tx: &mut Tx<'_>, id: Id, agency: Id, input: &model::Input, by: Id) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(agency_key::table)
        .values((
            agency_key::id.eq(id),
            agency_key::agency_id.eq(agency),
            agency_key::recipient.eq(&input.recipient),
            agency_key::registered_by.eq(by),
            agency_key::at.eq(now),
        ))
        .execute(tx.conn())?;
    diesel::insert_into(agency_key_note::table)
        .values((agency_key_note::key_id.eq(id), agency_key_note::note.eq(&input.note)))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes that a key was confirmed.
///
/// # Errors
/// Those of the database.
pub(super) fn confirm(tx: &mut Tx<'_>, id: Id, by: Id) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(agency_key_confirmation::table)
        .values((
            agency_key_confirmation::key_id.eq(id),
            agency_key_confirmation::confirmed_by.eq(by),
            agency_key_confirmation::at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes that a key was revoked.
///
/// # Errors
/// Those of the database.
pub(super) fn revoke(tx: &mut Tx<'_>, id: Id, by: Id) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(agency_key_revocation::table)
        .values((
            agency_key_revocation::key_id.eq(id),
            agency_key_revocation::revoked_by.eq(by),
            agency_key_revocation::at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}
