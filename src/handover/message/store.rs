//! Rows of messages.

use diesel::prelude::*;

use crate::platform::{
    db::{Connection, Id, Instant, schema::message},
    error::Result,
};

/// A message as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = message)]
pub struct MessageRow {
    pub id: Id,
    pub transfer_id: Id,
    pub author_id: Option<Id>,
    /// `platform` or `agency`.
    pub side: String,
    pub at: Instant,
    pub body: String,
}

/// Writes a message.
///
/// # Errors
/// Those of the database.
pub fn insert(conn: &mut Connection, row: &MessageRow) -> Result<()> {
    diesel::insert_into(message::table)
        .values((
            message::id.eq(row.id),
            message::transfer_id.eq(row.transfer_id),
            message::author_id.eq(row.author_id),
            message::side.eq(&row.side),
            message::at.eq(row.at),
            message::body.eq(&row.body),
        ))
        .execute(conn)?;
    Ok(())
}

/// The messages of a transfer, oldest first.
///
/// # Errors
/// Those of the database.
pub fn of_transfer(conn: &mut Connection, transfer_id: Id) -> Result<Vec<MessageRow>> {
    Ok(message::table
        .filter(message::transfer_id.eq(transfer_id))
        .order((message::at, message::id))
        .select(MessageRow::as_select())
        .load(conn)?)
}
