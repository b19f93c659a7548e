//! Items and blobs.

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel::prelude::*;

use super::resumable::store as pieces;
use crate::platform::{
    db::{
        Connection, Id, Instant,
        schema::{blob, composition_item, evidence},
    },
    error::{AppError, Result},
    keyset::Edge,
};

/// An item with what is known of its bytes.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = evidence)]
pub struct Item {
    pub id: Id,
    pub lead_id: Id,
    /// Number within the lead.
    pub position: i32,
    pub kind: String,
    pub category: String,
    pub name: String,
    pub description: String,
    pub source: String,
    pub collected_by: String,
    pub collected_at: Option<Instant>,
    pub method: String,
    pub tool: String,
    pub medium: String,
    pub holder: String,
    pub blob_id: Id,
    pub withheld: bool,
    pub withheld_reason: String,
    pub registered_by: Option<Id>,
    pub created_at: Instant,
    pub removed_at: Option<Instant>,
    pub synthetic: bool,
    /// How many pieces or records.
    pub quantity: String,
    pub remark: String,
    /// Who witnessed that it was collected.
    pub witness: String,
    #[diesel(embed)]
    pub blob: Blob,
}

/// Bytes in the vault.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = blob)]
pub struct Blob {
    pub id: Id,
    pub sha256: Vec<u8>,
    pub sm3: Vec<u8>,
    pub size: i64,
    pub media_type: String,
    pub wrapped_key: Vec<u8>,
    pub erased_at: Option<Instant>,
}

impl Blob {
    pub fn sha256_hex(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.sha256)
    }

    pub fn sm3_hex(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.sm3)
    }
}

/// The items of a lead that are still there, in their order.
///
/// # Errors
/// Those of the database.
pub fn of_lead(conn: &mut Connection, lead_id: Id) -> Result<Vec<Item>> {
    Ok(evidence::table
        .inner_join(blob::table)
        .filter(evidence::lead_id.eq(lead_id))
        .filter(evidence::removed_at.is_null())
        .order(evidence::position)
        .select(Item::as_select())
        .load(conn)?)
}

/// How many items of a lead are still there.
///
/// # Errors
/// Those of the database.
pub fn count_of_lead(conn: &mut Connection, lead_id: Id) -> Result<usize> {
    let there = evidence::table.filter(evidence::lead_id.eq(lead_id)).filter(evidence::removed_at.is_null());
    let n: i64 = there.count().get_result(conn)?;
    usize::try_from(n).map_err(AppError::internal)
}

/// Those of these items that are a lead's and still there, in their order.
///
/// # Errors
/// Those of the database.
pub fn among(conn: &mut Connection, lead_id: Id, ids: &[Id]) -> Result<Vec<Item>> {
    let mut items = find_many(conn, ids)?;
    items.retain(|item| item.lead_id == lead_id && item.removed_at.is_none());
    Ok(items)
}

/// The items of a lead that are still there and have these numbers, of which there are few, in their order.
///
/// # Errors
/// Those of the database.
pub fn numbered(conn: &mut Connection, lead_id: Id, numbers: &BTreeSet<i32>) -> Result<Vec<Item>> {
    Ok(evidence::table
        .inner_join(blob::table)
        .filter(evidence::lead_id.eq(lead_id))
        .filter(evidence::removed_at.is_null())
        .filter(evidence::position.eq_any(numbers.iter().copied()))
        .order(evidence::position)
        .select(Item::as_select())
        .load(conn)?)
}

/// At most `most` of the items of a lead that are still there, the first ones in their order, and whether there are more.
///
/// # Errors
/// Those of the database.
pub fn first_of_lead(conn: &mut Connection, lead_id: Id, most: usize) -> Result<(Vec<Item>, bool)> {
    let mut items: Vec<Item> = evidence::table
        .inner_join(blob::table)
        .filter(evidence::lead_id.eq(lead_id))
        .filter(evidence::removed_at.is_null())
        .order(evidence::position)
        .select(Item::as_select())
        .limit(i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1))
        .load(conn)?;
    let has_more = items.len() > most;
    items.truncate(most);
    Ok((items, has_more))
}

/// The ids of the items of a lead that are still there, in their order.
///
/// # Errors
/// Those of the database.
pub fn ids_of_lead(conn: &mut Connection, lead_id: Id) -> Result<Vec<Id>> {
    Ok(evidence::table
        .filter(evidence::lead_id.eq(lead_id))
        .filter(evidence::removed_at.is_null())
        .order(evidence::position)
        .select(evidence::id)
        .load(conn)?)
}

/// At most `most` items of a lead that are still there, from the edge on in its direction, by number.
///
/// # Errors
/// Those of the database.
pub fn page(conn: &mut Connection, lead_id: Id, edge: &Edge<i32>, most: usize) -> Result<Vec<Item>> {
    let mut query = evidence::table
        .inner_join(blob::table)
        .filter(evidence::lead_id.eq(lead_id))
        .filter(evidence::removed_at.is_null())
        .into_boxed();
    query = match edge {
        Edge::Start => query,
        Edge::After(number) => query.filter(evidence::position.gt(*number)),
        Edge::Before(number) => query.filter(evidence::position.lt(*number)),
    };
    query = if edge.is_forward() {
        query.order(evidence::position.asc())
    } else {
        query.order(evidence::position.desc())
    };
    Ok(query.limit(i64::try_from(most).unwrap_or(i64::MAX)).select(Item::as_select()).load(conn)?)
}

/// One item. Its lead decides who may see it.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Connection, id: Id) -> Result<Item> {
    Ok(evidence::table
        .inner_join(blob::table)
        .filter(evidence::id.eq(id))
        .select(Item::as_select())
        .first(conn)?)
}

/// The items with these ids, in the order of their numbers.
///
/// # Errors
/// Those of the database.
pub fn find_many(conn: &mut Connection, ids: &[Id]) -> Result<Vec<Item>> {
    let mut items: Vec<Item> = Vec::with_capacity(ids.len());
    for part in ids.chunks(500) {
        let rows: Vec<Item> = evidence::table
            .inner_join(blob::table)
            .filter(evidence::id.eq_any(part))
            .select(Item::as_select())
            .load(conn)?;
        items.extend(rows);
    }
    items.sort_by_key(|item| item.position);
    Ok(items)
}

/// The blobs with these bytes, as far as they are stored already, by their SHA-256.
///
/// # Errors
/// Those of the database.
pub fn blobs_by_hash(conn: &mut Connection, hashes: &[Vec<u8>]) -> Result<HashMap<Vec<u8>, Id>> {
    let mut found = HashMap::new();
    for part in hashes.chunks(500) {
        let rows: Vec<(Vec<u8>, Id)> = blob::table
            .filter(blob::sha256.eq_any(part.to_vec()))
            .filter(blob::erased_at.is_null())
            .select((blob::sha256, blob::id))
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// Of these objects of the vault, those that no row points at: neither a blob's, nor that of a piece of a file on its way.
///
/// # Errors
/// Those of the database.
pub fn unreferenced(conn: &mut Connection, keys: &[uuid::Uuid]) -> Result<Vec<uuid::Uuid>> {
    let ids: Vec<Id> = keys.iter().copied().map(Id::from).collect();
    let mut known: Vec<Id> = blob::table.filter(blob::id.eq_any(&ids)).select(blob::id).load(conn)?;
    known.extend(pieces::known(conn, &ids)?);
    Ok(ids.into_iter().filter(|id| !known.contains(id)).map(Id::uuid).collect())
}

/// A blob.
///
/// # Errors
/// `NotFound`.
pub fn blob(conn: &mut Connection, id: Id) -> Result<Blob> {
    Ok(blob::table.find(id).select(Blob::as_select()).first(conn)?)
}

/// Blobs by their ids; unknown ids are left out.
///
/// # Errors
/// Those of the database.
pub fn blobs(conn: &mut Connection, ids: &[Id]) -> Result<HashMap<Id, Blob>> {
    let mut found = HashMap::with_capacity(ids.len());
    for part in ids.chunks(500) {
        let rows: Vec<Blob> =
            blob::table.filter(blob::id.eq_any(part)).select(Blob::as_select()).load(conn)?;
        found.extend(rows.into_iter().map(|row| (row.id, row)));
    }
    Ok(found)
}

/// The next number within a lead.
///
/// # Errors
/// Those of the database.
pub fn next_position(conn: &mut Connection, lead_id: Id) -> Result<i32> {
    let last: Option<i32> = evidence::table
        .filter(evidence::lead_id.eq(lead_id))
        .select(diesel::dsl::max(evidence::position))
        .first(conn)?;
    Ok(last.unwrap_or(0) + 1)
}

/// What the lead's items that were not removed consist of.
///
/// # Errors
/// Those of the database.
pub fn blobs_of_lead(conn: &mut Connection, lead_id: Id) -> Result<HashSet<Id>> {
    let held = evidence::table.filter(evidence::lead_id.eq(lead_id)).filter(evidence::removed_at.is_null());
    let ids: Vec<Id> = held.select(evidence::blob_id).load(conn)?;
    Ok(ids.into_iter().collect())
}

/// Whether an item was ever chosen for a dossier.
///
/// # Errors
/// Those of the database.
pub fn is_in_a_composition(conn: &mut Connection, id: Id) -> Result<bool> {
    let n: i64 =
        composition_item::table.filter(composition_item::evidence_id.eq(id)).count().get_result(conn)?;
    Ok(n > 0)
}
