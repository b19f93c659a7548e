//! Heads, proofs of inclusion and tiles: what lets an outsider check the log.

use diesel::prelude::*;
use tlog_tiles::{Hash, Tile, prove_record};

use super::tree::Nodes;
use crate::platform::{
    db::{
        Connection, Id, Instant,
        schema::{audit_entry, audit_head, audit_place},
    },
    error::{AppError, Result},
};

/// A signed head: the log as it was at one size.
#[derive(Clone, Debug, Queryable)]
pub struct Head {
    pub size: i64,
    pub root: Vec<u8>,
    /// Checkpoint with its signature lines (C2SP tlog-checkpoint).
    pub note: String,
    pub at: Instant,
}

/// That an entry is in the log: leaf, place, path and the head that covers it.
#[derive(Clone, Debug)]
pub struct Proof {
    pub leaf: Vec<u8>,
    pub place: u64,
    pub path: Vec<[u8; 32]>,
    pub head: Head,
}

/// The newest signed head; `None` while the log is empty.
///
/// # Errors
/// Those of the database.
pub fn latest_head(conn: &mut Connection) -> Result<Option<Head>> {
    Ok(audit_head::table.order(audit_head::size.desc()).first(conn).optional()?)
}

/// The last head signed at or before `at`.
///
/// # Errors
/// Those of the database.
pub fn head_at(conn: &mut Connection, at: Instant) -> Result<Option<Head>> {
    Ok(audit_head::table
        .filter(audit_head::at.le(at))
        .order(audit_head::size.desc())
        .first(conn)
        .optional()?)
}

/// The place of an entry; `None` while it waits for the sequencer.
///
/// # Errors
/// Those of the database.
pub fn place_of(conn: &mut Connection, entry: Id) -> Result<Option<i64>> {
    Ok(audit_place::table
        .filter(audit_place::entry_id.eq(entry))
        .select(audit_place::place)
        .first(conn)
        .optional()?)
}

/// The proof of an entry under the newest head; `None` while it is not placed.
///
/// # Errors
/// `NotFound` for an unknown entry; those of the database.
pub fn prove(conn: &mut Connection, entry: Id) -> Result<Option<Proof>> {
    let leaf: Vec<u8> = audit_entry::table.find(entry).select(audit_entry::leaf).first(conn)?;
    let (Some(place), Some(head)) = (place_of(conn, entry)?, latest_head(conn)?) else { return Ok(None) };
    let path = prove_record(head.size.cast_unsigned(), place.cast_unsigned(), &Nodes::new(conn))
        .map_err(AppError::internal)?;
    let path = path.into_iter().map(|Hash(bytes)| bytes).collect();
    Ok(Some(Proof { leaf, place: place.cast_unsigned(), path, head }))
}

/// The bytes of a hash tile (`tile/<L>/<N>[.p/<W>]`) or entry tile (`tile/entries/<N>[.p/<W>]`), C2SP tlog-tiles.
///
/// # Errors
/// `NotFound` for a tile that the log does not have yet.
pub fn tile(conn: &mut Connection, tile: &Tile) -> Result<Vec<u8>> {
    let size = latest_head(conn)?.map_or(0, |head| head.size.cast_unsigned());
    let width = u64::from(tile.width());
    if tile.is_data() {
        let first = tile.level_index().checked_mul(256).ok_or(AppError::NotFound)?;
        if first.saturating_add(width) > size {
            return Err(AppError::NotFound);
        }
        return entry_tile(conn, first.cast_signed(), width.cast_signed());
    }
    let span = 256u64.checked_pow(u32::from(tile.level())).ok_or(AppError::NotFound)?;
    let last = tile.level_index().checked_mul(256).and_then(|n| n.checked_add(width));
    if last.and_then(|n| n.checked_mul(span)).is_none_or(|needed| needed > size) {
        return Err(AppError::NotFound);
    }
    tile.read_data(&Nodes::new(conn)).map_err(AppError::internal)
}

fn entry_tile(conn: &mut Connection, first: i64, width: i64) -> Result<Vec<u8>> {
    let leaves: Vec<Vec<u8>> = audit_place::table
        .inner_join(audit_entry::table)
        .filter(audit_place::place.ge(first).and(audit_place::place.lt(first + width)))
        .order(audit_place::place)
        .select(audit_entry::leaf)
        .load(conn)?;
    let mut bytes = Vec::new();
    for leaf in leaves {
        let length = u16::try_from(leaf.len()).map_err(AppError::internal)?;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(&leaf);
    }
    Ok(bytes)
}
