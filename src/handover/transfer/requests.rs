//! Rows of requests for supplements.

use diesel::prelude::*;

use crate::platform::{
    db::{Connection, Id, Instant, schema::supplement_request},
    error::Result,
};

/// A request for a supplement as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = supplement_request)]
pub struct RequestRow {
    pub id: Id,
    pub transfer_id: Id,
    pub code: String,
    pub remark_id: Option<Id>,
    pub asked_at: Instant,
    pub due_at: Option<Instant>,
    pub answered_delivery_id: Option<Id>,
    pub answered_at: Option<Instant>,
}

/// Opens a request for a supplement.
///
/// # Errors
/// Those of the database.
pub fn insert(conn: &mut Connection, row: &RequestRow, asked_by: Option<Id>) -> Result<()> {
    diesel::insert_into(supplement_request::table)
        .values((
            supplement_request::id.eq(row.id),
            supplement_request::transfer_id.eq(row.transfer_id),
            supplement_request::code.eq(&row.code),
            supplement_request::remark_id.eq(row.remark_id),
            supplement_request::asked_by.eq(asked_by),
            supplement_request::asked_at.eq(row.asked_at),
            supplement_request::due_at.eq(row.due_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Every open request of a transfer is answered by the delivery.
///
/// # Errors
/// Those of the database.
pub fn answer(conn: &mut Connection, transfer_id: Id, delivery: Id, at: Instant) -> Result<()> {
    diesel::update(
        supplement_request::table
            .filter(supplement_request::transfer_id.eq(transfer_id))
            .filter(supplement_request::answered_at.is_null()),
    )
    .set((
        supplement_request::answered_delivery_id.eq(Some(delivery)),
        supplement_request::answered_at.eq(Some(at)),
    ))
    .execute(conn)?;
    Ok(())
}

/// The open requests of a transfer are to be answered by another time.
///
/// # Errors
/// Those of the database.
pub fn move_due(conn: &mut Connection, transfer_id: Id, due_at: Instant) -> Result<()> {
    diesel::update(
        supplement_request::table
            .filter(supplement_request::transfer_id.eq(transfer_id))
            .filter(supplement_request::answered_at.is_null()),
    )
    .set(supplement_request::due_at.eq(Some(due_at)))
    .execute(conn)?;
    Ok(())
}

/// The requests of a transfer, newest first.
///
/// # Errors
/// Those of the database.
pub fn of_transfer(conn: &mut Connection, transfer_id: Id) -> Result<Vec<RequestRow>> {
    Ok(supplement_request::table
        .filter(supplement_request::transfer_id.eq(transfer_id))
        .order(supplement_request::asked_at.desc())
        .select(RequestRow::as_select())
        .load(conn)?)
}
