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

/// So many of the newest entries are shown, and so many of the item's own first ones: how it came in is never missing.
const NEWEST: i64 = 200;
const FIRST: i64 = 10;

/// What is shown of a chain of custody.
pub struct Chain {
    /// Newest first.
    pub rows: Vec<Row>,
    /// How many entries between the newest and the first ones are left out.
    pub left_out: i64,
}

/// The newest entries and the item's first ones. A dossier that only accounts for the item by its hash did not carry it.
///
/// # Errors
/// Those of the database.
pub fn of(conn: &mut Connection, id: Id) -> Result<Chain> {
    let holds = composition_item::table.filter(composition_item::evidence_id.eq(id));
    let chosen: Vec<Id> = dossier::table
        .filter(dossier::composition_id.eq_any(holds.select(composition_item::composition_id)))
        .order(dossier::id.desc())
        .select(dossier::id)
        .load(conn)?;
    let withheld: Vec<Id> = dossier_withheld::table
        .filter(dossier_withheld::evidence_id.eq(id))
        .select(dossier_withheld::dossier_id)
        .load(conn)?;
    let carried: Vec<Id> = chosen.iter().copied().filter(|dossier| !withheld.contains(dossier)).collect();
    let mut rows = audit::for_object(conn, id, NEWEST)?;
    let with_dossiers = [(chosen, CHOSEN), (carried, CARRIED)];
    for (dossiers, verbs) in &with_dossiers {
        if !dossiers.is_empty() {
            let acts = Filter { acts: Some((dossiers.clone(), *verbs)), ..Filter::default() };
            rows.extend(audit::page(conn, &acts, NEWEST)?);
        }
    }
    in_order(&mut rows);
    let newest = usize::try_from(NEWEST).unwrap_or(usize::MAX);
    if rows.len() < newest {
        return Ok(Chain { rows, left_out: 0 });
    }
    rows.truncate(newest);
    rows.extend(audit::first_about(conn, id, FIRST)?);
    in_order(&mut rows);
    let shown = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let left_out = audit::count_about(conn, id, &with_dossiers)? - shown;
    Ok(Chain { rows, left_out })
}

/// Newest first, each once.
fn in_order(rows: &mut Vec<Row>) {
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    rows.dedup_by_key(|row| row.id);
}
