//! One sequencer over all servers gives entries their place and signs the new head.

use diesel::prelude::*;
use tlog_tiles::{
    Checkpoint, Hash, record_hash, stored_hash_index, stored_hashes_for_record_hash, tree_hash,
};

use super::{
    entry::{Entry, record},
    tree::Nodes,
};
use crate::platform::{
    db::{
        Db, Id, LockKey, Tx,
        schema::{audit_entry, audit_head, audit_node, audit_pending, audit_place},
        take_lock,
    },
    error::{AppError, Result},
    keys::SigningKey,
};

/// How many entries one round places; a transaction must not grow without bound.
const ROUND: i64 = 2_000;

/// Places every waiting entry and signs a new head. Returns how many were placed.
///
/// # Errors
/// Those of the database; `Internal` when the stored tree is damaged.
pub fn place_pending(db: &Db, signer: &SigningKey) -> Result<usize> {
    let mut placed = 0;
    loop {
        let round = db.write_quiet_now(|tx| place_round(tx, signer))?;
        placed += round;
        if round < ROUND as usize {
            return Ok(placed);
        }
    }
}

/// Opens the log under the name of `signer`, after a restore: `entry` is its first leaf, before everything that still
/// waits. Heads of the former name are not signed any more, so that no second log can grow under it.
///
/// # Errors
/// Those of the database.
pub fn begin_anew(tx: &mut Tx<'_>, signer: &SigningKey, entry: Entry) -> Result<()> {
    take_lock(tx.conn(), LockKey::Sequencer)?;
    let waiting: Vec<Id> = audit_pending::table.select(audit_pending::entry_id).load(tx.conn())?;
    diesel::delete(audit_pending::table).execute(tx.conn())?;
    record(tx, entry)?;
    place_round(tx, signer)?;
    for id in waiting {
        diesel::insert_into(audit_pending::table)
            .values(audit_pending::entry_id.eq(id))
            .execute(tx.conn())?;
    }
    Ok(())
}

fn place_round(tx: &mut Tx<'_>, signer: &SigningKey) -> Result<usize> {
    take_lock(tx.conn(), LockKey::Sequencer)?;
    let waiting: Vec<(Id, Vec<u8>)> = audit_pending::table
        .inner_join(audit_entry::table)
        .order(audit_pending::entry_id)
        .limit(ROUND)
        .select((audit_pending::entry_id, audit_entry::leaf))
        .load(tx.conn())?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let last: Option<i64> =
        audit_place::table.select(diesel::dsl::max(audit_place::place)).first(tx.conn())?;
    let first = last.map_or(0, |last| last + 1).cast_unsigned();
    let (nodes, root) = grow(tx, first, &waiting)?;
    for (index, hash) in nodes {
        diesel::insert_into(audit_node::table)
            .values((audit_node::stored_index.eq(index.cast_signed()), audit_node::hash.eq(hash.0.to_vec())))
            .execute(tx.conn())?;
    }
    for (n, (id, _)) in (first..).zip(&waiting) {
        diesel::insert_into(audit_place::table)
            .values((audit_place::place.eq(n.cast_signed()), audit_place::entry_id.eq(id)))
            .execute(tx.conn())?;
        diesel::delete(audit_pending::table.find(id)).execute(tx.conn())?;
    }
    let size = first + waiting.len() as u64;
    let note = sign_head(signer, size, root)?;
    let now = tx.now();
    diesel::insert_into(audit_head::table)
        .values((
            audit_head::size.eq(size.cast_signed()),
            audit_head::root.eq(root.0.to_vec()),
            audit_head::note.eq(note),
            audit_head::at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(waiting.len())
}

type Grown = (Vec<(u64, Hash)>, Hash);

/// The stored hashes that `leaves` add from place `first` on, and the new root.
fn grow(tx: &mut Tx<'_>, first: u64, leaves: &[(Id, Vec<u8>)]) -> Result<Grown> {
    let reader = Nodes::new(tx.conn());
    let mut nodes = Vec::with_capacity(leaves.len() * 2);
    for (n, (_, leaf)) in (first..).zip(leaves) {
        let hashes =
            stored_hashes_for_record_hash(n, record_hash(leaf), &reader).map_err(AppError::internal)?;
        for (index, hash) in (stored_hash_index(0, n)..).zip(hashes) {
            reader.remember(index, hash);
            nodes.push((index, hash));
        }
    }
    let root = tree_hash(first + leaves.len() as u64, &reader).map_err(AppError::internal)?;
    Ok((nodes, root))
}

fn sign_head(signer: &SigningKey, size: u64, root: Hash) -> Result<String> {
    let text = Checkpoint::new(signer.name(), size, root, "")
        .map_err(|e| AppError::internal(e.to_string()))?
        .to_bytes();
    let text = String::from_utf8(text).map_err(AppError::internal)?;
    Ok(signer.sign_note(&text)?)
}
