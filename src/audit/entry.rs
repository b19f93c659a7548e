//! What an entry says, and writing it into the transaction of the act.

use std::collections::BTreeMap;

use diesel::prelude::*;
use rand::{RngCore, rngs::OsRng};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::platform::{
    db::{
        Id, Tx,
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

/// Writes `entry` into the open transaction: it commits with the change or not at all.
///
/// # Errors
/// Those of the database.
pub fn record(tx: &mut Tx<'_>, entry: Entry) -> Result<Id> {
    let id = Id::new();
    let origin = tx.origin().clone();
    let now = tx.now();
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
    let objects: Vec<Value> = entry.objects.iter().map(|(kind, id)| json!([kind, id])).collect();
    let leaf = serde_json_canonicalizer::to_vec(&json!({
        "v": 1,
        "id": id,
        "at": now.to_string(),
        "actor": origin.actor_name,
        "actor_kind": origin.kind,
        "verb": entry.verb,
        "outcome": entry.outcome.as_str(),
        "objects": objects,
        "facts": entry.facts,
        "private_sha256": data_encoding::HEXLOWER.encode(&commitment(&salt, &body)),
    }))?;
    diesel::insert_into(audit_entry::table)
        .values((
            audit_entry::id.eq(id),
            audit_entry::at.eq(now),
            audit_entry::actor_kind.eq(origin.kind),
            audit_entry::actor_id.eq(origin.actor_id),
            audit_entry::actor_name.eq(&origin.actor_name),
            audit_entry::verb.eq(entry.verb),
            audit_entry::outcome.eq(entry.outcome.as_str()),
            audit_entry::leaf.eq(leaf),
        ))
        .execute(tx.conn())?;
    diesel::insert_into(audit_private::table)
        .values((
            audit_private::entry_id.eq(id),
            audit_private::salt.eq(&salt[..]),
            audit_private::body.eq(body),
        ))
        .execute(tx.conn())?;
    diesel::insert_into(audit_pending::table).values(audit_pending::entry_id.eq(id)).execute(tx.conn())?;
    let mut objects = entry.objects;
    objects.sort_unstable();
    objects.dedup();
    for (kind, object) in objects {
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
