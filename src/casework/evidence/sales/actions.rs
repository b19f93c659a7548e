//! Marking a table as sales records, and taking the mark off: an act restates the sums of its whole lead.

use super::{
    count::{self, Plan},
    store::{self, Act},
    tally::{self, Tally},
};
use crate::{
    audit::{self, Entry},
    casework::lead,
    directory::people::Compiler,
    platform::{
        db::{Id, Tx},
        error::{AppError, Result},
    },
};

/// What is refused where another act came between the reading and the writing.
pub(super) const CHANGED: &str = "conflict-sales-changed";

/// Writes what was planned and counted.
///
/// # Errors
/// `NotFound`, `Conflict` as for any change of a lead; `Conflict` ([`CHANGED`]) where the lead's marks are not those of the
/// plan any more.
pub(super) fn mark(tx: &mut Tx<'_>, me: &Compiler, plan: &Plan, tallies: &[Tally]) -> Result<()> {
    let (item, lead) = count::changeable(tx.conn(), me, plan.evidence_id)?;
    if count::marks(&store::totals(tx.conn(), lead.id)?) != plan.before {
        return Err(AppError::Conflict(CHANGED));
    }
    let verb = if plan.mapping.is_some() { "evidence.mark_sales" } else { "evidence.unmark_sales" };
    if plan.is_idle {
        return audit::unchanged(tx, verb, ("evidence", item.id));
    }
    let id = Id::new();
    let sums = plan.sources.iter().zip(tallies);
    let sums =
        sums.map(|(source, tally)| (source.evidence_id, source.table_id.unwrap_or(id), tally)).collect();
    let act =
        Act { id, lead_id: lead.id, evidence_id: item.id, mapping: plan.mapping.as_ref(), by: me.id, sums };
    store::insert(tx, &act)?;
    lead::actions::note_writer(tx, me, lead.id)?;
    let whole = tally::together(tallies).map_err(|fault| AppError::Invalid(vec![fault]))?;
    let (units, fen) = whole.stored();
    let entry = Entry::new(verb).object("evidence", item.id).object("lead", lead.id);
    let entry = entry.fact("rows", whole.counted).fact("units", units).fact("fen", fen);
    audit::record(tx, entry.fact("faults", whole.faults))?;
    Ok(())
}
