//! For `lead-handoff check`: what is stored of every transfer is what its steps amount to.

use diesel::prelude::*;

use super::{
    model,
    store::{self, TransferRow},
};
use crate::platform::{
    db::{Connection, schema::transfer},
    error::Result,
};

/// One sentence for every transfer that says something else than its steps.
///
/// # Errors
/// Those of the database.
pub fn check(conn: &mut Connection) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    let mut after = 0;
    loop {
        let rows: Vec<TransferRow> = transfer::table
            .filter(transfer::seq.gt(after))
            .order(transfer::seq)
            .limit(500)
            .select(TransferRow::as_select())
            .load(conn)?;
        let Some(last) = rows.last() else { return Ok(faults) };
        after = last.seq;
        for row in &rows {
            let steps = store::as_steps(&store::step_rows(conn, row.id)?)?;
            if let Some(fault) = fault(row, &steps) {
                faults.push(fault);
            }
        }
    }
}

fn fault(row: &TransferRow, steps: &[model::Step]) -> Option<String> {
    let standing = match model::derive(steps) {
        Ok(standing) => standing,
        Err(refusal) => {
            return Some(format!("transfer {}: its steps can't have happened ({refusal})", row.id));
        }
    };
    let stored = (row.state.as_str(), row.stage, row.sent_at, row.received_at, row.accepted_at, row.filed_at);
    let derived = (
        standing.state.as_str(),
        standing.stage,
        standing.sent_at,
        standing.received_at,
        standing.accepted_at,
        standing.filed_at,
    );
    (stored != derived)
        .then(|| format!("transfer {}: stored {stored:?}, its steps amount to {derived:?}", row.id))
}
