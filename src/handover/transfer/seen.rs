//! Taking note of a step by which an agency sent a lead back or on: it waits on the compiler's first page until the
//! lead is reopened, sent anew, or somebody who is responsible for it says that nothing more is to be done. Of a decision
//! not to file that is not the end yet, as the accuser's remedy is open or it was revoked, that ends nothing.

use diesel::prelude::*;

use super::{
    actions,
    model::State,
    store::{self, TransferRow},
};
use crate::{
    audit,
    directory::people::Actor,
    platform::{
        db::{Connection, Id, Tx, schema::transfer_seen},
        error::{AppError, Result},
    },
};

/// The states in which something came back.
pub const BACK: [State; 4] = [State::Returned, State::NotAccepted, State::NotFiled, State::Forwarded];

/// The step of a transfer that nobody has taken note of; `None`: nothing came back, or somebody has.
///
/// # Errors
/// Those of the database.
pub fn unseen(conn: &mut Connection, row: &TransferRow) -> Result<Option<Id>> {
    if !BACK.contains(&row.state()) {
        return Ok(None);
    }
    let steps = store::step_rows(conn, row.id)?;
    let Some(step) = steps.iter().rev().find(|step| step.kind == row.state) else { return Ok(None) };
    let seen: i64 = transfer_seen::table.find(step.id).count().get_result(conn)?;
    Ok((seen == 0).then_some(step.id))
}

/// Takes note of what came back.
///
/// # Errors
/// `NotFound`; `Conflict` for somebody whose lead it is not, and where nothing is to be taken note of.
pub fn take_note(tx: &mut Tx<'_>, me: &Actor, id: Id) -> Result<()> {
    let row = store::visible(tx.conn(), me, id)?;
    actions::require_sender(tx.conn(), &row, me)?;
    if !put_away(tx, me, &row)? {
        return Err(AppError::Conflict("conflict-transfer-nothing-to-note"));
    }
    let entry = actions::entry("transfer.take_note", &row).fact("state", row.state.clone());
    audit::record(tx, entry).map(|_| ())
}

/// Notes that `me` has read of what came back, by an act that says so and is on record itself; whether nobody had.
///
/// # Errors
/// Those of the database.
pub fn put_away(tx: &mut Tx<'_>, me: &Actor, row: &TransferRow) -> Result<bool> {
    let Some(step) = unseen(tx.conn(), row)? else { return Ok(false) };
    let now = tx.now();
    diesel::insert_into(transfer_seen::table)
        .values((
            transfer_seen::step_id.eq(step),
            transfer_seen::transfer_id.eq(row.id),
            transfer_seen::seen_by.eq(me.id),
            transfer_seen::at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(true)
}
