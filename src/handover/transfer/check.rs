//! For `lead-handoff check`: what is stored of every transfer is what its steps amount to.

use diesel::prelude::*;

use super::{
    model,
    store::{self, TransferRow},
};
use crate::platform::{
    db::{Connection, Instant, schema::transfer},
    error::Result,
    i18n::{self, Lang},
};

/// One sentence for every transfer that says something else than its steps.
///
/// # Errors
/// Those of the database.
pub fn check(conn: &mut Connection, lang: Lang) -> Result<Vec<String>> {
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
            if let Some(fault) = fault(row, &steps, lang) {
                faults.push(fault);
            }
        }
    }
}

fn fault(row: &TransferRow, steps: &[model::Step], lang: Lang) -> Option<String> {
    let standing = match model::derive(steps) {
        Ok(standing) => standing,
        Err(refusal) => {
            let arguments = [("id", row.id.to_string()), ("why", i18n::t(lang, refusal))];
            return Some(i18n::t_with(lang, "check-transfer-steps", &arguments));
        }
    };
    let when =
        |at: Option<Instant>| at.map_or_else(|| i18n::t(lang, "check-transfer-never"), |at| at.to_string());
    let parts = [
        ("check-transfer-state", row.state.clone(), standing.state.to_string()),
        ("check-transfer-stage", row.stage.to_string(), standing.stage.to_string()),
        ("check-transfer-sent", row.sent_at.to_string(), standing.sent_at.to_string()),
        ("check-transfer-received", when(row.received_at), when(standing.received_at)),
        ("check-transfer-accepted", when(row.accepted_at), when(standing.accepted_at)),
        ("check-transfer-filed", when(row.filed_at), when(standing.filed_at)),
    ];
    let wrong = parts.into_iter().filter(|(_, stored, derived)| stored != derived);
    let part = |(name, stored, found): (&str, String, String)| {
        let arguments = [("name", i18n::t(lang, name)), ("stored", stored), ("found", found)];
        i18n::t_with(lang, "check-transfer-part", &arguments)
    };
    let wrong: Vec<String> = wrong.map(part).collect();
    let parts = wrong.join(&lang.semicolon());
    (!wrong.is_empty())
        .then(|| i18n::t_with(lang, "check-transfer", &[("id", row.id.to_string()), ("parts", parts)]))
}
