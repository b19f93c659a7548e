//! What becomes of the leads of somebody who leaves.

use diesel::prelude::*;

use crate::{
    audit::{self, Entry},
    directory::people::{self, Role},
    platform::{
        db::{Connection, Id, Tx, schema::lead},
        error::{AppError, Result},
    },
};

/// Whether somebody can be given leads: an open account of a compiler.
///
/// # Errors
/// `Invalid` beside the field `heir`; those of the database.
fn require_compiler(conn: &mut Connection, id: Id) -> Result<()> {
    let is_open = match people::store::by_id(conn, id) {
        Ok(person) => person.disabled_at.is_none(),
        Err(AppError::NotFound) => false,
        Err(e) => return Err(e),
    };
    if is_open && people::store::roles(conn, id)?.contains(&Role::Compiler) {
        Ok(())
    } else {
        Err(AppError::field("heir", "error-unknown"))
    }
}

/// Assigns leads to another compiler, in one act, when the account of whoever worked on them is closed. Whoever does this
/// sees none of them.
///
/// # Errors
/// `Invalid` for somebody who can't be given leads; those of the database.
pub fn hand_over(tx: &mut Tx<'_>, leads: &[Id], from: Id, to: Id) -> Result<()> {
    if from == to {
        return Err(AppError::field("heir", "error-unknown"));
    }
    require_compiler(tx.conn(), to)?;
    if leads.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    for part in leads.chunks(500) {
        diesel::update(lead::table.filter(lead::id.eq_any(part)))
            .set((lead::assignee_id.eq(Some(to)), lead::updated_at.eq(now)))
            .execute(tx.conn())?;
    }
    let entry = Entry::new("lead.hand_over").object("person", from).object("person", to);
    let entry = entry.fact("leads", leads.len()).objects("lead", leads.iter().copied());
    audit::record(tx, entry).map(|_| ())
}
