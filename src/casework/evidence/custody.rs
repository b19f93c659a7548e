//! The chain of custody of an item, as the audit log has it: what was done to the item, and to the dossiers in which it
//! went to an agency.

use diesel::prelude::*;

use crate::{
    audit::{self, Filter, Row},
    platform::{
        db::{
            Connection, Id,
            schema::{composition_item, dossier, dossier_withheld},
        },
        error::Result,
    },
};

/// What happens to every item of a dossier, also to one that is kept back from its addressee.
const CHOSEN: &[&str] = &["dossier.compose"];
/// What happens to an item with the dossier that carries it.
const CARRIED: &[&str] = &[
    "dossier.freeze",
    "dossier.seal",
    "transfer.send",
    "transfer.forward",
    "dossier.read",
    "dossier.download",
];

/// At most `limit` entries, newest first. A dossier that only accounts for the item by its hash did not carry it.
///
/// # Errors
/// Those of the database.
pub fn of(conn: &mut Connection, id: Id, limit: i64) -> Result<Vec<Row>> {
    let holds = composition_item::table.filter(composition_item::evidence_id.eq(id));
    let chosen: Vec<Id> = dossier::table
        .filter(dossier::composition_id.eq_any(holds.select(composition_item::composition_id)))
        .order(dossier::id.desc())
        .limit(limit)
        .select(dossier::id)
        .load(conn)?;
    let withheld: Vec<Id> = dossier_withheld::table
        .filter(dossier_withheld::evidence_id.eq(id))
        .select(dossier_withheld::dossier_id)
        .load(conn)?;
    let carried: Vec<Id> = chosen.iter().copied().filter(|dossier| !withheld.contains(dossier)).collect();
    let mut rows = audit::for_object(conn, id, limit)?;
    for (dossiers, verbs) in [(chosen, CHOSEN), (carried, CARRIED)] {
        if !dossiers.is_empty() {
            let acts = Filter { acts: Some((dossiers, verbs)), ..Filter::default() };
            rows.extend(audit::page(conn, &acts, limit)?);
        }
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    rows.dedup_by_key(|row| row.id);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(rows)
}
