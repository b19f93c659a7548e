//! Rows of messages.

use diesel::prelude::*;

use crate::platform::{
    db::{
        Connection, Id, Instant,
        schema::{message, message_note},
    },
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

/// That somebody of the side that a message was written to said that it needs no answer.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = message_note)]
pub struct NoteRow {
    pub message_id: Id,
    pub transfer_id: Id,
    pub noted_by: Id,
    pub at: Instant,
}

/// The message that waits for `side` to be answered: the newest, where it is the other side's and nobody has said that it
/// needs no answer.
pub fn waiting<'a>(messages: &'a [MessageRow], notes: &[NoteRow], side: &str) -> Option<&'a MessageRow> {
    let newest = messages.iter().max_by_key(|one| one.id)?;
    let is_noted = notes.iter().any(|note| note.message_id == newest.id);
    (newest.side != side && !is_noted).then_some(newest)
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

/// Puts on record that a message needs no answer.
///
/// # Errors
/// Those of the database.
pub fn note(conn: &mut Connection, row: &NoteRow) -> Result<()> {
    diesel::insert_into(message_note::table)
        .values((
            message_note::message_id.eq(row.message_id),
            message_note::transfer_id.eq(row.transfer_id),
            message_note::noted_by.eq(row.noted_by),
            message_note::at.eq(row.at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Which messages of a transfer need no answer.
///
/// # Errors
/// Those of the database.
pub fn notes(conn: &mut Connection, transfer_id: Id) -> Result<Vec<NoteRow>> {
    Ok(message_note::table
        .filter(message_note::transfer_id.eq(transfer_id))
        .select(NoteRow::as_select())
        .load(conn)?)
}
