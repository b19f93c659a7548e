//! What each agency may see: one row an object and agency, written when something is sent or referred to it. Every
//! store from casework on scopes what the agency side reads by this table, and only by this table.
//!
//! Table: `access`.

use diesel::prelude::*;

use crate::platform::{
    db::{Connection, Id, Tx, schema::access},
    error::{AppError, Result},
};

/// Lets `agency_id` see the object from now on; letting it twice changes nothing.
///
/// # Errors
/// Those of the database.
pub fn grant(tx: &mut Tx<'_>, kind: &'static str, object_id: Id, agency_id: Id) -> Result<()> {
    if may_see(tx.conn(), object_id, agency_id)? {
        return Ok(());
    }
    let now = tx.now();
    diesel::insert_into(access::table)
        .values((
            access::object_id.eq(object_id),
            access::agency_id.eq(agency_id),
            access::kind.eq(kind),
            access::since.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes an object back: `agency_id` sees it no longer.
///
/// # Errors
/// Those of the database.
pub fn revoke(tx: &mut Tx<'_>, object_id: Id, agency_id: Id) -> Result<()> {
    let row = access::table.filter(access::object_id.eq(object_id)).filter(access::agency_id.eq(agency_id));
    diesel::delete(row).execute(tx.conn())?;
    Ok(())
}

/// Whether `agency_id` may see the object.
///
/// # Errors
/// Those of the database.
pub fn may_see(conn: &mut Connection, object_id: Id, agency_id: Id) -> Result<bool> {
    let found: i64 = access::table
        .filter(access::object_id.eq(object_id))
        .filter(access::agency_id.eq(agency_id))
        .count()
        .get_result(conn)?;
    Ok(found > 0)
}

/// As [`may_see`], for the actor's agency; somebody without an agency is not confined here.
///
/// # Errors
/// `NotFound` when the agency may not see it.
pub fn require(conn: &mut Connection, object_id: Id, agency_id: Option<Id>) -> Result<()> {
    match agency_id {
        None => Ok(()),
        Some(agency_id) if may_see(conn, object_id, agency_id)? => Ok(()),
        Some(_) => Err(AppError::NotFound),
    }
}
