//! What an entry says, and writing it into the transaction of the act.

use std::collections::BTreeMap;

use diesel::prelude::*;
use rand::{RngCore, rngs::OsRng};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::platform::{
    db::{
        Id, Rows, Tx,
        schema::{audit_entry, audit_object, audit_pending, audit_private},
    },
    error::Result,
};

/// Whether the act was done or refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    Refused,
}

impl Outcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::Refused => "refused",
        }
    }
}

/// One entry to be written. Only ids, codes, numbers and hashes go into [`Entry::fact`]; anything that names or
/// describes a person goes into [`Entry::private`].
#[derive(Clone, Debug)]
pub struct Entry {
    verb: &'static str,
    outcome: Outcome,
    objects: Vec<(&'static str, Id)>,
    facts: BTreeMap<&'static str, Value>,
    private: BTreeMap<&'static str, String>,
}

impl Entry {
    /// An act that was done, e.g. `lead.submit`.
    pub fn new(verb: &'static str) -> Self {
        Self {
            verb,
            outcome: Outcome::Done,
            objects: Vec::new(),
            facts: BTreeMap::new(),
            private: BTreeMap::new(),
        }
    }

    /// An attempt that was refused.
    pub fn refused(verb: &'static str) -> Self {
        Self { outcome: Outcome::Refused, ..Self::new(verb) }
    }

    /// What the act is about; an entry may be about several objects.
    #[must_use]
    pub fn object(mut self, kind: &'static str, id: Id) -> Self {
        self.objects.push((kind, id));
        self
    }

    /// All objects that a list showed.
    #[must_use]
    pub fn objects(mut self, kind: &'static str, ids: impl IntoIterator<Item = Id>) -> Self {
        self.objects.extend(ids.into_iter().map(|id| (kind, id)));
        self
    }

    /// An id, code, number or hash.
    #[must_use]
    pub fn fact(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.facts.insert(name, value.into());
        self
    }

    /// Personal or free text, committed to by a salted hash.
    #[must_use]
    pub fn private(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.private.insert(name, text.into());
        self
    }
}

/// SHA-256 over a 32-byte salt and the canonical JSON of the personal part.
pub fn commitment(salt: &[u8], body: &str) -> [u8; 32] {
    Sha256::new().chain_update(salt).chain_update(body.as_bytes()).finalize().into()
}

/// An entry as it is stored.
struct Written {
    id: Id,
    verb: &'static str,
    outcome: &'static str,
    leaf: Vec<u8>,
    salt: [u8; 32],
    body: String,
    objects: Vec<(&'static str, Id)>,
}

fn write(tx: &Tx<'_>, id: Id, entry: Entry) -> Result<Written> {
    let (origin, now) = (tx.origin(), tx.now());
    let mut private = entry.private;
    if !origin.address.is_empty() {
        private.insert("address", origin.address.clone());
    }
    if !origin.agent.is_empty() {
        private.insert("agent", origin.agent.clone());
    }
    let mut salt = [0u8; 32];
    OsRng.fill_bytes(&mut salt);
    let body = serde_json_canonicalizer::to_string(&private)?;
    let said: Vec<Value> = entry.objects.iter().map(|(kind, id)| json!([kind, id])).collect();
    let leaf = serde_json_canonicalizer::to_vec(&json!({
        "v": 1,
        "id": id,
        "at": now.to_string(),
        "actor": origin.actor_name,
        "actor_kind": origin.kind,
        "verb": entry.verb,
        "outcome": entry.outcome.as_str(),
        "objects": said,
        "facts": entry.facts,
        "private_sha256": data_encoding::HEXLOWER.encode(&commitment(&salt, &body)),
    }))?;
    let mut objects = entry.objects;
    objects.sort_unstable();
    objects.dedup();
    Ok(Written { id, verb: entry.verb, outcome: entry.outcome.as_str(), leaf, salt, body, objects })
}

/// Writes `entry` into the open transaction: it commits with the change or not at all.
///
/// # Errors
/// Those of the database.
pub fn record(tx: &mut Tx<'_>, entry: Entry) -> Result<Id> {
    let written = write(tx, Id::new(), entry)?;
    let (id, now, origin) = (written.id, tx.now(), tx.origin().clone());
    diesel::insert_into(audit_entry::table)
        .values((
            audit_entry::id.eq(id),
            audit_entry::at.eq(now),
            audit_entry::actor_kind.eq(origin.kind),
            audit_entry::actor_id.eq(origin.actor_id),
            audit_entry::actor_name.eq(&origin.actor_name),
            audit_entry::verb.eq(written.verb),
            audit_entry::outcome.eq(written.outcome),
            audit_entry::leaf.eq(written.leaf),
        ))
        .execute(tx.conn())?;
    diesel::insert_into(audit_private::table)
        .values((
            audit_private::entry_id.eq(id),
            audit_private::salt.eq(&written.salt[..]),
            audit_private::body.eq(written.body),
        ))
        .execute(tx.conn())?;
    diesel::insert_into(audit_pending::table).values(audit_pending::entry_id.eq(id)).execute(tx.conn())?;
    for (kind, object) in written.objects {
        diesel::insert_into(audit_object::table)
            .values((
                audit_object::entry_id.eq(id),
                audit_object::kind.eq(kind),
                audit_object::object_id.eq(object),
            ))
            .execute(tx.conn())?;
    }
    tx.count_entry();
    Ok(id)
}

/// As [`record`], for a loader that writes thousands: each entry under the id that the caller made for it, in their
/// order.
///
/// # Errors
/// Those of the database.
pub fn record_many(tx: &mut Tx<'_>, entries: Vec<(Id, Entry)>) -> Result<()> {
    let (now, origin) = (tx.now(), tx.origin().clone());
    let mut rows = Rows::new(
        "audit_entry",
        &["id", "at", "actor_kind", "actor_id", "actor_name", "verb", "outcome", "leaf"],
    );
    let mut privates = Rows::new("audit_private", &["entry_id", "salt", "body"]);
    let mut pending = Rows::new("audit_pending", &["entry_id"]);
    let mut objects = Rows::new("audit_object", &["entry_id", "kind", "object_id"]);
    for (id, entry) in entries {
        let written = write(tx, id, entry)?;
        rows.push([
            id.into(),
            now.into(),
            origin.kind.into(),
            origin.actor_id.into(),
            origin.actor_name.as_str().into(),
            written.verb.into(),
            written.outcome.into(),
            written.leaf.into(),
        ]);
        privates.push([id.into(), written.salt.to_vec().into(), written.body.into()]);
        pending.push([id.into()]);
        written
            .objects
            .into_iter()
            .for_each(|(kind, object)| objects.push([id.into(), kind.into(), object.into()]));
        tx.count_entry();
    }
    [rows, privates, pending, objects].iter_mut().try_for_each(|rows| rows.insert(tx.conn()))
}

/// A refused attempt, in a transaction of its own because the act's own was rolled back.
///
/// # Errors
/// Those of the database.
pub async fn record_refused(
    db: &crate::platform::db::Db,
    origin: crate::platform::db::Origin,
    entry: Entry,
) -> Result<()> {
    db.write(origin, move |tx| record(tx, entry).map(|_| ())).await
}
