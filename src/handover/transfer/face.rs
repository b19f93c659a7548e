//! What an agency was told of a lead: the newest dossier that was delivered to it. Both sides' pages of a transfer
//! speak of this, whatever becomes of the lead afterwards. A new delivery replaces it; the database sees to that.

use diesel::prelude::*;

use super::store::{LeadRow, TransferRow};
use crate::{
    casework::dossier::stated::{self, Stated},
    platform::{
        db::{
            Connection, Id,
            schema::{transfer, transfer_charge, transfer_face},
        },
        error::Result,
    },
};

/// See the top of the file.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = transfer_face)]
pub struct Face {
    pub transfer_id: Id,
    pub title: String,
    /// The newest dossier; `None` for history that was loaded without papers.
    pub dossier_id: Option<Id>,
}

/// The face of a transfer.
///
/// # Errors
/// `NotFound`.
pub fn of(conn: &mut Connection, transfer_id: Id) -> Result<Face> {
    Ok(transfer_face::table.find(transfer_id).select(Face::as_select()).first(conn)?)
}

/// The title of a dossier that is about to be sent: its own, or that of its lead where nothing is kept of it.
///
/// # Errors
/// Those of the database.
pub fn title_of(conn: &mut Connection, dossier_id: Id, lead: &LeadRow) -> Result<String> {
    Ok(stated::title(conn, dossier_id)?.unwrap_or_else(|| lead.title.clone()))
}

/// Makes a new transfer count by what its dossier says, where the lead has been changed since that was sealed.
///
/// # Errors
/// Those of the database.
pub fn count_by(conn: &mut Connection, row: &TransferRow, stated: &Stated) -> Result<()> {
    diesel::update(transfer::table.filter(transfer::id.eq(row.id)))
        .set(transfer::lead_region.eq(&stated.facts.region.code))
        .execute(conn)?;
    diesel::delete(transfer_charge::table.filter(transfer_charge::transfer_id.eq(row.id))).execute(conn)?;
    for charge in &stated.facts.charges {
        diesel::insert_into(transfer_charge::table)
            .values((transfer_charge::transfer_id.eq(row.id), transfer_charge::charge_code.eq(&charge.code)))
            .execute(conn)?;
    }
    Ok(())
}
