//! Rows of messages.

use diesel::prelude::*;

use crate::platform::{
    db::{
        Connection, Id, Instant,
        schema::{message, message_note},
    },
    error::Result,
    keyset::{Edge, Page},
};

/// So many messages of a transfer are shown at once.
pub const PAGE: i64 = 50;

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

/// Whether the newest message waits for `side` to be answered: it is the other side's, and nobody has said that it needs no
/// answer.
pub fn waits(newest: &MessageRow, notes: &[NoteRow], side: &str) -> bool {
    newest.side != side && notes.iter().all(|note| note.message_id != newest.id)
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

/// A page of the messages of a transfer, newest first: the newest of all, or those beside one of them.
///
/// # Errors
/// `Invalid` for an edge beside a message that the transfer has none of; those of the database.
pub fn page(conn: &mut Connection, transfer_id: Id, edge: Edge<Id>) -> Result<Page<MessageRow>> {
    let (at, id) = (message::at, message::id);
    let edge = edge.found(|beside| {
        let there = message::table.filter(message::transfer_id.eq(transfer_id)).filter(id.eq(beside));
        Ok(there.select((at, id)).first::<(Instant, Id)>(conn)?)
    })?;
    let mut query = message::table.filter(message::transfer_id.eq(transfer_id)).into_boxed();
    // The first condition is the one that the index goes by.
    query = match edge {
        Edge::Start => query,
        Edge::After((when, last)) => query.filter(at.le(when)).filter(at.lt(when).or(id.lt(last))),
        Edge::Before((when, last)) => query.filter(at.ge(when)).filter(at.gt(when).or(id.gt(last))),
    };
    query = if edge.is_forward() {
        query.order((at.desc(), id.desc()))
    } else {
        query.order((at.asc(), id.asc()))
    };
    let found: Vec<MessageRow> = query.limit(PAGE + 1).select(MessageRow::as_select()).load(conn)?;
    Ok(Page::of(found, PAGE as usize, &edge))
}

/// The newest message of a transfer; `None`: nobody wrote yet.
///
/// # Errors
/// Those of the database.
pub fn newest(conn: &mut Connection, transfer_id: Id) -> Result<Option<MessageRow>> {
    Ok(message::table
        .filter(message::transfer_id.eq(transfer_id))
        .order((message::at.desc(), message::id.desc()))
        .select(MessageRow::as_select())
        .first(conn)
        .optional()?)
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

/// Which of these messages need no answer.
///
/// # Errors
/// Those of the database.
pub fn notes<'a>(
    conn: &mut Connection,
    messages: impl IntoIterator<Item = &'a MessageRow>,
) -> Result<Vec<NoteRow>> {
    let ids: Vec<Id> = messages.into_iter().map(|one| one.id).collect();
    Ok(message_note::table
        .filter(message_note::message_id.eq_any(ids))
        .select(NoteRow::as_select())
        .load(conn)?)
}
