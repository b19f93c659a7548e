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

/// What happens to an item with the dossier that holds it.
const WITH_ITS_DOSSIER: &[&str] = &["dossier.freeze", "dossier.seal", "transfer.send", "dossier.download"];

/// At most `limit` entries, newest first. A dossier that only accounts for the item by its hash did not carry it.
///
/// # Errors
/// Those of the database.
pub fn of(conn: &mut Connection, id: Id, limit: i64) -> Result<Vec<Row>> {
    let withheld = dossier_withheld::table
        .filter(dossier_withheld::evidence_id.eq(id))
        .select(dossier_withheld::dossier_id);
    let compositions = composition_item::table
        .filter(composition_item::evidence_id.eq(id))
        .select(composition_item::composition_id);
    let carried: Vec<Id> = dossier::table
        .filter(dossier::composition_id.eq_any(compositions))
        .filter(dossier::id.ne_all(withheld))
        .order(dossier::id.desc())
        .limit(limit)
        .select(dossier::id)
        .load(conn)?;
    let mut rows = audit::for_object(conn, id, limit)?;
    if !carried.is_empty() {
        let acts = Filter { acts: Some((carried, WITH_ITS_DOSSIER)), ..Filter::default() };
        rows.extend(audit::page(conn, &acts, limit)?);
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    rows.dedup_by_key(|row| row.id);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(rows)
}
