//! What is due next on a transfer, for a reader of either side: kept on its row, as lists go by it.

use diesel::{
    prelude::*,
    sql_types::{BigInt, Nullable},
};

use super::store::TransferRow;
use crate::{
    directory::people::Side,
    handover::deadline::NextDue,
    platform::{
        db::{Connection, Fixed, Id, Instant, fixed, schema::transfer},
        error::Result,
    },
};

impl TransferRow {
    /// When something is due next that a reader of that side has to do with: an agency with its own duties alone.
    pub fn due_for(&self, reader: Side) -> Option<Instant> {
        if reader == Side::Agency { self.agency_due_at } else { self.next_due_at }
    }
}

/// As [`TransferRow::due_for`], as a column of `transfer`.
pub fn due_for(reader: Side) -> Fixed<Nullable<BigInt>> {
    fixed(if reader == Side::Agency { "transfer.agency_due_at" } else { "transfer.next_due_at" })
}

/// Stores the next due times.
///
/// # Errors
/// Those of the database.
pub fn save(conn: &mut Connection, id: Id, next: NextDue) -> Result<()> {
    diesel::update(transfer::table.filter(transfer::id.eq(id)))
        .set((transfer::next_due_at.eq(next.any), transfer::agency_due_at.eq(next.of_agency)))
        .execute(conn)?;
    Ok(())
}
