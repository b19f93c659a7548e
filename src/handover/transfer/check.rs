//! For `lead-handoff check`: what is stored of every transfer is what its steps amount to.

use diesel::prelude::*;

use super::{
    model,
    store::{self, TransferRow},
};
use crate::platform::{
    db::{Connection, Instant, schema::transfer},
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
    let when = |at: Option<Instant>| at.map_or_else(|| "never".to_owned(), |at| at.to_string());
    let parts = [
        ("state", row.state.clone(), standing.state.to_string()),
        ("furthest stage", row.stage.to_string(), standing.stage.to_string()),
        ("sent", row.sent_at.to_string(), standing.sent_at.to_string()),
        ("received", when(row.received_at), when(standing.received_at)),
        ("accepted", when(row.accepted_at), when(standing.accepted_at)),
        ("filed", when(row.filed_at), when(standing.filed_at)),
    ];
    let wrong = parts.into_iter().filter(|(_, stored, derived)| stored != derived);
    let wrong: Vec<String> =
        wrong.map(|(name, stored, derived)| format!("{name} {stored} instead of {derived}")).collect();
    (!wrong.is_empty()).then(|| {
        format!("transfer {}: what is stored is not what its steps amount to: {}", row.id, wrong.join(", "))
    })
}
