//! What is asked of many dossiers at once, in one query each.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::{model::FrozenFile, store::Withheld};
use crate::platform::{
    db::{
        Connection, Id,
        schema::{composition_item, dossier, dossier_freeze, dossier_unsent, dossier_withheld, review},
    },
    error::Result,
};

/// The file at `path` in each of these dossiers that is frozen.
///
/// # Errors
/// Those of the database.
pub fn frozen_files(conn: &mut Connection, ids: &[Id], path: &str) -> Result<HashMap<Id, FrozenFile>> {
    let rows: Vec<(Id, String)> = dossier_freeze::table
        .filter(dossier_freeze::dossier_id.eq_any(ids))
        .select((dossier_freeze::dossier_id, dossier_freeze::files))
        .load(conn)?;
    let mut found = HashMap::new();
    for (id, files) in rows {
        let files: Vec<FrozenFile> = serde_json::from_str(&files)?;
        found.extend(files.into_iter().find(|file| file.path == path).map(|file| (id, file)));
    }
    Ok(found)
}

/// How many items are kept back from the addressee of each of these dossiers; one that gets all is left out.
///
/// # Errors
/// Those of the database.
pub fn withheld_counts(conn: &mut Connection, ids: &[Id]) -> Result<HashMap<Id, usize>> {
    let rows: Vec<(Id, i64)> = dossier_withheld::table
        .filter(dossier_withheld::dossier_id.eq_any(ids))
        .group_by(dossier_withheld::dossier_id)
        .select((dossier_withheld::dossier_id, diesel::dsl::count_star()))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, n)| (id, usize::try_from(n).unwrap_or_default())).collect())
}

/// What is kept back from the addressee of each of these dossiers, by number; one that gets all is left out.
///
/// # Errors
/// Those of the database.
pub fn withheld(conn: &mut Connection, ids: &[Id]) -> Result<HashMap<Id, Vec<Withheld>>> {
    let rows: Vec<(Id, Withheld)> = dossier_withheld::table
        .filter(dossier_withheld::dossier_id.eq_any(ids))
        .order((dossier_withheld::dossier_id, dossier_withheld::number))
        .select((dossier_withheld::dossier_id, Withheld::as_select()))
        .load(conn)?;
    let mut found: HashMap<Id, Vec<Withheld>> = HashMap::new();
    for (id, row) in rows {
        found.entry(id).or_default().push(row);
    }
    Ok(found)
}

/// How many items were chosen for a composition.
///
/// # Errors
/// Those of the database.
pub fn item_count(conn: &mut Connection, composition_id: Id) -> Result<usize> {
    let n: i64 = composition_item::table
        .filter(composition_item::composition_id.eq(composition_id))
        .count()
        .get_result(conn)?;
    Ok(usize::try_from(n).unwrap_or_default())
}

/// What is kept back from the addressees of these dossiers for one reason: dossier and item.
///
/// # Errors
/// Those of the database.
pub fn kept_back(conn: &mut Connection, ids: &[Id], reason: &str) -> Result<Vec<(Id, Id)>> {
    Ok(dossier_withheld::table
        .filter(dossier_withheld::dossier_id.eq_any(ids))
        .filter(dossier_withheld::reason_code.eq(reason))
        .order((dossier_withheld::dossier_id, dossier_withheld::number))
        .select((dossier_withheld::dossier_id, dossier_withheld::evidence_id))
        .load(conn)?)
}

/// What was decided last about each submitted composition of a lead, as `review.decision` has it; one that waits or was
/// never submitted is left out.
///
/// # Errors
/// Those of the database.
pub fn decisions(conn: &mut Connection, lead_id: Id) -> Result<HashMap<Id, String>> {
    let rows: Vec<(Id, Option<String>)> = review::table
        .filter(review::lead_id.eq(lead_id))
        .order(review::id)
        .select((review::composition_id, review::decision))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(made, decision)| decision.map(|decision| (made, decision))).collect())
}

/// The dossiers of a lead that were handed to nobody yet.
///
/// # Errors
/// Those of the database.
pub fn unsent(conn: &mut Connection, lead_id: Id) -> Result<HashSet<Id>> {
    let of_lead = dossier::table.filter(dossier::lead_id.eq(lead_id)).select(dossier::id);
    let ids: Vec<Id> = dossier_unsent::table
        .filter(dossier_unsent::dossier_id.eq_any(of_lead))
        .select(dossier_unsent::dossier_id)
        .load(conn)?;
    Ok(ids.into_iter().collect())
}

/// Whether a dossier was handed to nobody yet.
///
/// # Errors
/// Those of the database.
pub fn is_unsent(conn: &mut Connection, id: Id) -> Result<bool> {
    let n: i64 = dossier_unsent::table.filter(dossier_unsent::dossier_id.eq(id)).count().get_result(conn)?;
    Ok(n > 0)
}
