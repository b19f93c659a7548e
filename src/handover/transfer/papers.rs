//! Rows of the scanned papers that the steps of an agency without accounts are recorded from.

use diesel::prelude::*;

use crate::platform::{
    db::{Connection, Id, Instant, schema::transfer_paper},
    error::Result,
};

/// A scanned paper of a transfer.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = transfer_paper)]
pub struct PaperRow {
    pub id: Id,
    pub transfer_id: Id,
    pub blob_id: Id,
    pub name: String,
    pub uploaded_by: Id,
    pub at: Instant,
}

/// Keeps a scanned paper with its transfer.
///
/// # Errors
/// Those of the database.
pub fn insert(conn: &mut Connection, row: &PaperRow) -> Result<()> {
    diesel::insert_into(transfer_paper::table).values(row).execute(conn)?;
    Ok(())
}

/// The scanned papers of a transfer, newest first.
///
/// # Errors
/// Those of the database.
pub fn of_transfer(conn: &mut Connection, transfer_id: Id) -> Result<Vec<PaperRow>> {
    Ok(transfer_paper::table
        .filter(transfer_paper::transfer_id.eq(transfer_id))
        .order((transfer_paper::at.desc(), transfer_paper::id.desc()))
        .select(PaperRow::as_select())
        .load(conn)?)
}
