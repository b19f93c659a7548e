//! The rows that pages show and search, against what the leaves say.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use serde_json::Value;

use super::Fault;
use crate::{
    audit::entry::{ERASED, commitment, digest_of},
    platform::{
        db::{
            Connection, Id, Instant,
            schema::{audit_entry, audit_object, audit_place, audit_private},
        },
        error::Result,
        i18n::{self, Lang},
    },
};

/// A placed entry with all its columns.
#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_entry)]
pub(super) struct Placed {
    #[diesel(select_expression = audit_place::place)]
    pub place: i64,
    pub id: Id,
    at: Instant,
    actor_kind: String,
    actor_id: Option<Id>,
    actor_name: String,
    verb: String,
    outcome: String,
    pub leaf: Vec<u8>,
}

impl Placed {
    /// The columns that do not say what the leaf says.
    fn wrong_columns(&self, said: &Value) -> Vec<&'static str> {
        let actor: Option<Id> = said["actor"].as_str().and_then(|name| name.parse().ok());
        [
            ("id", said["id"] == self.id.to_string()),
            ("at", said["at"] == self.at.to_string()),
            ("actor_kind", said["actor_kind"] == self.actor_kind),
            // An account acts under its id; nobody else's name reads as one.
            ("actor_id", actor == self.actor_id),
            ("actor_name", said["actor"] == self.actor_name),
            ("verb", said["verb"] == self.verb),
            ("outcome", said["outcome"] == self.outcome),
        ]
        .into_iter()
        .filter(|(_, same)| !same)
        .map(|(name, _)| name)
        .collect()
    }
}

/// Compares columns, index of objects and personal parts of entries with their leaves.
pub(super) fn check(
    conn: &mut Connection,
    placed: &[Placed],
    lang: Lang,
    faults: &mut Vec<Fault>,
) -> Result<()> {
    for part in placed.chunks(500) {
        let ids: Vec<Id> = part.iter().map(|one| one.id).collect();
        let private = private_of(conn, &ids)?;
        let missing = ids.iter().copied().filter(|id| !private.contains_key(id)).collect();
        let erased = erased_of(conn, missing)?;
        let mut objects = objects_of(conn, &ids)?;
        for one in part {
            let id = one.id;
            let said: Value = serde_json::from_slice(&one.leaf).unwrap_or(Value::Null);
            let wrong = one.wrong_columns(&said);
            if !wrong.is_empty() {
                faults.push(Fault(i18n::t_with(
                    lang,
                    "check-log-row",
                    &[("id", id.to_string()), ("columns", wrong.join(", "))],
                )));
            }
            if !is_index_of(&said, objects.remove(&id).unwrap_or_default())? {
                faults.push(Fault::new(lang, "check-log-objects", "id", id));
            }
            match private.get(&id) {
                Some((salt, body)) => {
                    let hash = data_encoding::HEXLOWER.encode(&commitment(salt, body));
                    if said["private_sha256"] != hash {
                        faults.push(Fault::new(lang, "check-log-private", "id", id));
                    }
                }
                None if erased.contains(&id) => {}
                None => faults.push(Fault::new(lang, "check-log-private-gone", "id", id)),
            }
        }
    }
    Ok(())
}

fn private_of(conn: &mut Connection, ids: &[Id]) -> Result<HashMap<Id, (Vec<u8>, String)>> {
    let rows: Vec<(Id, Vec<u8>, String)> =
        audit_private::table.filter(audit_private::entry_id.eq_any(ids)).load(conn)?;
    Ok(rows.into_iter().map(|(id, salt, body)| (id, (salt, body))).collect())
}

/// Those of `ids` whose personal part was erased on record.
fn erased_of(conn: &mut Connection, ids: Vec<Id>) -> Result<HashSet<Id>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let erased: Vec<Id> = audit_object::table
        .inner_join(audit_entry::table)
        .filter(audit_object::kind.eq("audit_entry"))
        .filter(audit_object::object_id.eq_any(ids))
        .filter(audit_entry::verb.eq(ERASED))
        .select(audit_object::object_id)
        .load(conn)?;
    Ok(erased.into_iter().collect())
}

type Objects = Vec<(String, Id)>;

fn objects_of(conn: &mut Connection, ids: &[Id]) -> Result<HashMap<Id, Objects>> {
    let rows: Vec<(Id, String, Id)> = audit_object::table
        .filter(audit_object::entry_id.eq_any(ids))
        .select((audit_object::entry_id, audit_object::kind, audit_object::object_id))
        .load(conn)?;
    let mut by_entry: HashMap<Id, Objects> = HashMap::new();
    for (entry, kind, object) in rows {
        by_entry.entry(entry).or_default().push((kind, object));
    }
    Ok(by_entry)
}

/// Whether `rows` are the objects that a leaf names, and beyond those the ones that it commits to.
fn is_index_of(said: &Value, rows: Objects) -> Result<bool> {
    let read = |pair: &Value| Some((pair[0].as_str()?.to_owned(), pair[1].as_str()?.parse().ok()?));
    let named: Option<HashSet<(String, Id)>> =
        said["objects"].as_array().into_iter().flatten().map(read).collect();
    let Some(named) = named else { return Ok(false) };
    let (found, rest): (Objects, Objects) = rows.into_iter().partition(|row| named.contains(row));
    if found.len() != named.len() {
        return Ok(false);
    }
    let more = &said["more_objects"];
    if rest.is_empty() {
        return Ok(more.is_null());
    }
    Ok(more["count"] == rest.len() && more["sha256"] == digest_of(rest)?)
}
