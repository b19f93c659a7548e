//! Messages between the two sides of one transfer. The notice of a message says only that there is one. What was written
//! waits for the other side until that answers, or says that it needs no answer.
//!
//! Tables: `message`, `message_note`.

pub mod store;
mod web;

use crate::{
    audit,
    directory::people::{Actor, ForAgency, Side, policy::Verb},
    handover::transfer::{actions as transfer, mail, store as transfers},
    platform::{
        db::{Id, Tx},
        error::{AppError, FieldError, Result},
    },
};

/// The longest message, in characters.
pub const LONGEST: usize = 4_000;

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[
    Verb {
        name: "transfer.message",
        object: "transfer",
        roles: ForAgency::ROLES,
        rule: "own agency; a compiler: own or assigned lead",
    },
    Verb {
        name: "transfer.message_note",
        object: "transfer",
        roles: ForAgency::ROLES,
        rule: "a message that waits for an answer; own agency; a compiler: own or assigned lead",
    },
];

pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    web::routes(cfg);
}

/// Writes to the other side.
///
/// # Errors
/// `NotFound`; `Conflict` for somebody of the platform whose lead it is not, or where nobody of the agency could read it;
/// `Invalid` for one that is empty or too long.
pub fn write(tx: &mut Tx<'_>, me: &Actor, transfer_id: Id, body: &str) -> Result<()> {
    if body.is_empty() {
        return Err(AppError::field("body", "error-required"));
    }
    if body.chars().count() > LONGEST {
        return Err(AppError::Invalid(vec![FieldError::new("body", "error-too-long").arg("max", LONGEST)]));
    }
    let row = transfers::visible(tx.conn(), me, transfer_id)?;
    if me.agency.is_none() {
        transfer::require_sender(tx.conn(), &row, me)?;
        transfer::require_reader(tx.conn(), &row)?;
    }
    let message = store::MessageRow {
        id: Id::new(),
        transfer_id: row.id,
        author_id: Some(me.id),
        side: me.side.as_str().into(),
        at: tx.now(),
        body: body.to_owned(),
    };
    store::insert(tx.conn(), &message)?;
    audit::record(tx, transfer::entry("transfer.message", &row).object("message", message.id))?;
    let other = if me.agency.is_none() { Side::Agency } else { Side::Platform };
    mail::tell(tx, &row, other, "message-received")
}

/// Says that what the other side wrote last needs no answer, and with it what it wrote before.
///
/// # Errors
/// `NotFound`; `Conflict` for somebody of the platform whose lead it is not, and where no message waits.
pub fn note(tx: &mut Tx<'_>, me: &Actor, transfer_id: Id) -> Result<()> {
    let row = transfers::visible(tx.conn(), me, transfer_id)?;
    if me.agency.is_none() {
        transfer::require_sender(tx.conn(), &row, me)?;
    }
    let newest = store::newest(tx.conn(), row.id)?;
    let notes = store::notes(tx.conn(), &newest)?;
    let Some(message) = newest.filter(|newest| store::waits(newest, &notes, me.side.as_str())) else {
        return Err(AppError::Conflict("conflict-message-nothing-to-note"));
    };
    let note = store::NoteRow { message_id: message.id, transfer_id: row.id, noted_by: me.id, at: tx.now() };
    store::note(tx.conn(), &note)?;
    let entry = transfer::entry("transfer.message_note", &row).object("message", message.id);
    audit::record(tx, entry).map(|_| ())
}
