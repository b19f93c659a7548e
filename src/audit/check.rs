//! The log from end to end: every leaf hashed anew, every stored hash, head and signature compared.

mod rows;

use std::collections::HashMap;

use diesel::prelude::*;
use signed_note::{Note, StandardVerifier, Verifier, VerifierList};
use tlog_tiles::{
    Checkpoint, Error, Hash, HashReader, record_hash, stored_hash_index, stored_hashes_for_record_hash,
    tree_hash,
};

use rows::Placed;

use crate::platform::{
    db::{
        Connection, Id,
        schema::{audit_entry, audit_head, audit_node, audit_pending, audit_place},
    },
    error::{AppError, Result},
    i18n::{self, Lang},
};

/// Something in the log that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault(pub String);

impl Fault {
    /// The message `key`, which names what is wrong by one argument.
    fn new(lang: Lang, key: &str, name: &str, value: impl ToString) -> Self {
        Self(i18n::t_with(lang, key, &[(name, value.to_string())]))
    }
}

/// How many leaves are read at once.
const STEP: i64 = 2_000;

struct Rebuilt(HashMap<u64, Hash>);

impl HashReader for Rebuilt {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, Error> {
        indexes
            .iter()
            .map(|i| self.0.get(i).copied().ok_or_else(|| Error::InvalidInput(format!("no hash {i}"))))
            .collect()
    }
}

/// Checks the whole log against `keys` (public keys in note form, present and former). Returns the number of
/// entries placed and every fault found.
///
/// # Errors
/// Those of the database; faults are no errors.
pub fn check(conn: &mut Connection, keys: &[String], lang: Lang) -> Result<(u64, Vec<Fault>)> {
    let mut faults = Vec::new();
    let mut tree = Rebuilt(HashMap::new());
    let mut heads = heads_by_size(conn)?;
    let mut next = 0i64;
    loop {
        let placed = leaves_from(conn, next)?;
        let Some(last) = placed.last().map(|one| one.place) else { break };
        rows::check(conn, &placed, lang, &mut faults)?;
        for one in &placed {
            if one.place != next {
                faults.push(Fault::new(lang, "check-log-place", "place", next));
                return Ok((next.cast_unsigned(), faults));
            }
            let n = one.place.cast_unsigned();
            let hashes = stored_hashes_for_record_hash(n, record_hash(&one.leaf), &tree)
                .map_err(AppError::internal)?;
            tree.0.extend((stored_hash_index(0, n)..).zip(hashes));
            next += 1;
            if let Some(head) = heads.remove(&next) {
                check_head(&tree, next.cast_unsigned(), &head, (keys, lang), &mut faults)?;
            }
        }
        check_nodes(conn, &tree, (placed[0].place, last), lang, &mut faults)?;
    }
    for size in heads.keys() {
        faults.push(Fault::new(lang, "check-log-head-beyond", "size", size));
    }
    check_unplaced(conn, lang, &mut faults)?;
    Ok((next.cast_unsigned(), faults))
}

/// How many entries wait for their place: they were written a moment ago, or nothing has run since that places them.
///
/// # Errors
/// Those of the database.
pub fn waiting(conn: &mut Connection) -> Result<u64> {
    let waiting: i64 = audit_pending::table.count().get_result(conn)?;
    Ok(waiting.cast_unsigned())
}

type HeadRow = (Vec<u8>, String);

fn heads_by_size(conn: &mut Connection) -> Result<HashMap<i64, HeadRow>> {
    let rows: Vec<(i64, Vec<u8>, String)> =
        audit_head::table.select((audit_head::size, audit_head::root, audit_head::note)).load(conn)?;
    Ok(rows.into_iter().map(|(size, root, note)| (size, (root, note))).collect())
}

fn leaves_from(conn: &mut Connection, place: i64) -> Result<Vec<Placed>> {
    Ok(audit_place::table
        .inner_join(audit_entry::table)
        .filter(audit_place::place.ge(place))
        .order(audit_place::place)
        .limit(STEP)
        .select(Placed::as_select())
        .load(conn)?)
}

fn check_head(
    tree: &Rebuilt,
    size: u64,
    (root, note): &HeadRow,
    (keys, lang): (&[String], Lang),
    faults: &mut Vec<Fault>,
) -> Result<()> {
    let expected = tree_hash(size, tree).map_err(AppError::internal)?;
    if expected.0[..] != root[..] {
        faults.push(Fault::new(lang, "check-log-head-root", "size", size));
    }
    let verifiers: Vec<Box<dyn Verifier>> = keys
        .iter()
        .filter_map(|key| StandardVerifier::new(key).ok())
        .map(|verifier| Box::new(verifier) as Box<dyn Verifier>)
        .collect();
    let parsed = Note::from_bytes(note.as_bytes());
    let signed = parsed.as_ref().is_ok_and(|note| note.verify(&VerifierList::new(verifiers)).is_ok());
    let covers = parsed.ok().and_then(|note| Checkpoint::from_bytes(note.text()).ok());
    if !signed {
        faults.push(Fault::new(lang, "check-log-head-unsigned", "size", size));
    }
    if covers.is_none_or(|c| c.size() != size || *c.hash() != expected) {
        faults.push(Fault::new(lang, "check-log-head-note", "size", size));
    }
    Ok(())
}

fn check_nodes(
    conn: &mut Connection,
    tree: &Rebuilt,
    (first, last): (i64, i64),
    lang: Lang,
    faults: &mut Vec<Fault>,
) -> Result<()> {
    let from = stored_hash_index(0, first.cast_unsigned());
    let to = stored_hash_index(0, last.cast_unsigned() + 1);
    let rows: Vec<(i64, Vec<u8>)> = audit_node::table
        .filter(audit_node::stored_index.ge(from.cast_signed()))
        .filter(audit_node::stored_index.lt(to.cast_signed()))
        .load(conn)?;
    let stored: HashMap<u64, Vec<u8>> = rows.into_iter().map(|(i, h)| (i.cast_unsigned(), h)).collect();
    for index in from..to {
        if stored.get(&index).map(Vec::as_slice) != tree.0.get(&index).map(|h| &h.0[..]) {
            faults.push(Fault::new(lang, "check-log-hash", "index", index));
        }
    }
    Ok(())
}

/// An entry is either placed or waiting; anything else was taken out or put in behind the sequencer's back.
fn check_unplaced(conn: &mut Connection, lang: Lang, faults: &mut Vec<Fault>) -> Result<()> {
    let lost: Vec<Id> = audit_entry::table
        .left_join(audit_place::table)
        .left_join(audit_pending::table)
        .filter(audit_place::place.is_null())
        .filter(audit_pending::entry_id.is_null())
        .select(audit_entry::id)
        .limit(20)
        .load(conn)?;
    faults.extend(lost.into_iter().map(|id| Fault::new(lang, "check-log-lost", "id", id)));
    Ok(())
}
