//! What an entry says, and writing it into the transaction of the act.

use std::{
    collections::{BTreeMap, HashSet},
    time::Duration,
};

use diesel::prelude::*;
use rand::{RngCore, rngs::OsRng};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::platform::{
    db::{
        Db, Id, Origin, Rows, Tx,
        schema::{audit_entry, audit_pending, audit_private},
    },
    error::{AppError, Plain, Result},
    grouping::{Groups, Turn},
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

    /// One name for all attempts of this kind by `origin`.
    fn kind_of_attempt(&self, origin: &Origin) -> String {
        let who = origin.actor_id.map_or_else(|| origin.address.clone(), |id| id.to_string());
        let objects: Vec<String> = self.objects.iter().map(|(_, id)| id.to_string()).collect();
        let reason = self.facts.get("reason").and_then(Value::as_str).unwrap_or_default();
        format!("{} {reason} {who} {}", self.verb, objects.join(" "))
    }

    /// What may be said of tries by many: what was tried, by nobody in particular, at nothing in particular.
    fn of_many(&self) -> (Origin, Self) {
        (Origin::system("system:serve"), Self::refused(self.verb).fact("reason", "several"))
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

/// Most objects that a leaf names one by one. The others stand in `audit_object`, and the leaf holds their number and
/// [`digest_of`] them, so that a list of any length leaves a leaf that fits.
const NAMED: usize = 500;

/// Longest leaf in bytes: an entry tile writes the length in 16 bits (C2SP tlog-tiles).
const LONGEST: usize = u16::MAX as usize;

/// SHA-256 of the canonical JSON of objects, as `[kind, id]`, in the order of kind and id.
pub(super) fn digest_of<K: AsRef<str> + Ord>(mut objects: Vec<(K, Id)>) -> Result<String> {
    objects.sort_unstable();
    let listed: Vec<Value> = objects.iter().map(|(kind, id)| json!([kind.as_ref(), id])).collect();
    let bytes = serde_json_canonicalizer::to_vec(&listed)?;
    Ok(data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)))
}

/// The canonical leaf; none of `objects` is there twice.
fn leaf_of(
    tx: &Tx<'_>,
    id: Id,
    entry: &Entry,
    objects: &[(&str, Id)],
    private: &[u8; 32],
) -> Result<Vec<u8>> {
    let (named, rest) = objects.split_at(objects.len().min(NAMED));
    let listed: Vec<Value> = named.iter().map(|(kind, id)| json!([kind, id])).collect();
    let mut leaf = json!({
        "v": 1,
        "id": id,
        "at": tx.now().to_string(),
        "actor": tx.origin().actor_name,
        "actor_kind": tx.origin().kind,
        "verb": entry.verb,
        "outcome": entry.outcome.as_str(),
        "objects": listed,
        "facts": entry.facts,
        "private_sha256": data_encoding::HEXLOWER.encode(private),
    });
    if !rest.is_empty() {
        leaf["more_objects"] = json!({ "count": rest.len(), "sha256": digest_of(rest.to_vec())? });
    }
    let leaf = serde_json_canonicalizer::to_vec(&leaf)?;
    if leaf.len() > LONGEST {
        let size = leaf.len();
        return Err(AppError::internal(Plain(format!("{}: an audit entry of {size} bytes", entry.verb))));
    }
    Ok(leaf)
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

fn write(tx: &Tx<'_>, id: Id, mut entry: Entry) -> Result<Written> {
    // From where somebody acted; what an act itself says has other names.
    for (name, text) in [("address", &tx.origin().address), ("agent", &tx.origin().agent)] {
        if !text.is_empty() {
            debug_assert!(!entry.private.contains_key(name), "{}: {name} is the sender's", entry.verb);
            entry.private.insert(name, text.clone());
        }
    }
    let mut salt = [0u8; 32];
    OsRng.fill_bytes(&mut salt);
    let body = serde_json_canonicalizer::to_string(&entry.private)?;
    let mut seen = HashSet::new();
    let objects: Vec<(&str, Id)> = entry.objects.iter().copied().filter(|one| seen.insert(*one)).collect();
    let leaf = leaf_of(tx, id, &entry, &objects, &commitment(&salt, &body))?;
    Ok(Written { id, verb: entry.verb, outcome: entry.outcome.as_str(), leaf, salt, body, objects })
}

/// Puts a read on record in a transaction of its own, after the reading: a long one must not hold up everybody's acts.
/// What was read may leave once this is done.
///
/// # Errors
/// As [`record`].
pub async fn record_read(db: &Db, origin: Origin, entry: Entry) -> Result<()> {
    db.write(origin, move |tx| record(tx, entry).map(|_| ())).await
}

/// As [`record_read`], while the page of what was read is made: it may leave once both are done.
///
/// # Errors
/// As [`record`]; those of `page`.
pub async fn record_beside<T>(
    db: &Db,
    origin: Origin,
    entry: Entry,
    page: impl Future<Output = Result<T>>,
) -> Result<T> {
    // The first is asked first, and then writes on a thread of its own.
    let (recorded, page) = tokio::join!(record_read(db, origin, entry), page);
    recorded?;
    page
}

/// Verbs that end so only look at something. A form that is shown again, with what is wrong in it, has been looked at:
/// nothing was done by it yet, and its word still stands.
const LOOKS: [&str; 6] = ["view", "list", "read", "source", "preview", "download"];

fn is_look(verb: &str) -> bool {
    LOOKS.iter().any(|end| verb.ends_with(end))
}

/// Nothing is on record as done that the policy does not allow; a try is, whoever made it.
fn allowed(tx: &mut Tx<'_>, entry: &Entry) -> Result<()> {
    if entry.outcome == Outcome::Done { tx.require(entry.verb) } else { Ok(()) }
}

/// Writes `entry` into the open transaction: it commits with the change or not at all. It may be about any number of
/// objects; its facts must leave the leaf below 64 KiB.
///
/// # Errors
/// `NotFound` when the policy does not let the actor do it; `Internal` when the facts are too long for a leaf; those of
/// the database.
pub fn record(tx: &mut Tx<'_>, entry: Entry) -> Result<Id> {
    allowed(tx, &entry)?;
    let acted = entry.outcome == Outcome::Done && !is_look(entry.verb);
    tx.count_entry(acted, &entry.objects);
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
    let mut objects = Rows::new("audit_object", &["entry_id", "kind", "object_id"]);
    for (kind, object) in written.objects {
        objects.push([id.into(), kind.into(), object.into()]);
    }
    objects.insert(tx.conn())?;
    Ok(id)
}

/// That the object is already as `verb` would make it: whoever acts may do it, and as nothing is changed, nothing is told. The
/// act writes nothing, neither before nor after: one that did is taken back like any change without its entry.
///
/// # Errors
/// `NotFound` when the policy does not let the actor do it.
pub fn unchanged(tx: &mut Tx<'_>, verb: &'static str, object: (&'static str, Id)) -> Result<()> {
    tx.require(verb)?;
    tx.leave_as_it_is(object);
    Ok(())
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
        allowed(tx, &entry)?;
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
        tx.count_entry(true, &[]);
    }
    [rows, privates, pending, objects].iter_mut().try_for_each(|rows| rows.insert(tx.conn()))
}

/// The verb of the entry that stands for an erased personal part; it is about the object `audit_entry`.
pub(super) const ERASED: &str = "audit.erase";

/// Erases the personal part of an entry, as the law asks for; `ground` is the code of the provision. The leaf keeps
/// its commitment, and an entry of its own says that the part was erased lawfully, not taken away.
///
/// # Errors
/// `NotFound` when there is none (any more); those of the database.
pub fn erase_private(tx: &mut Tx<'_>, id: Id, ground: &str) -> Result<()> {
    if diesel::delete(audit_private::table.find(id)).execute(tx.conn())? == 0 {
        return Err(AppError::NotFound);
    }
    record(tx, Entry::new(ERASED).object("audit_entry", id).fact("ground", ground)).map(|_| ())
}

/// A refused attempt, in a transaction of its own because the act's own was rolled back. It has no part in the form's
/// word: a try with a word that was used before is on record all the same.
///
/// # Errors
/// Those of the database.
pub async fn record_refused(db: &Db, origin: Origin, entry: Entry) -> Result<()> {
    let origin = Origin { once: None, ..origin };
    db.write(origin, move |tx| record(tx, entry).map(|_| ())).await
}

/// As [`record_refused`], for what can be tried without end: the first is on record at once, the others of the same
/// kind by the same one together, some minutes later, with their number as the fact `times`. Where too many different
/// ones try at once, those of the same verb are on record together as nobody's.
///
/// # Errors
/// Those of the database.
pub async fn record_refused_grouped(db: &Db, groups: &Groups, origin: Origin, entry: Entry) -> Result<()> {
    match groups.turn(&entry.kind_of_attempt(&origin), entry.verb, db.now()) {
        Turn::Now => record_refused(db, origin, entry).await,
        Turn::Counted => Ok(()),
        Turn::Later { group, seconds, shared } => {
            let (db, groups) = (db.clone(), groups.clone());
            let (origin, entry) = if shared { entry.of_many() } else { (origin, entry) };
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                let entry = entry.fact("times", groups.take(&group));
                if let Err(e) = record_refused(&db, origin, entry).await {
                    tracing::error!(error = %e, "refused attempts are not on record");
                }
            });
            Ok(())
        }
    }
}
