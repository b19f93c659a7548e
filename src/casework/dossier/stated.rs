//! What a dossier states, kept beside its hashes: what its addressee is shown is read from here, not from the lead,
//! which may have been reopened and changed. Personal text, so its row can be erased; the hashes stay.

use std::collections::HashMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::{bag, facts::LeadFacts};
use crate::platform::{
    db::{Connection, Id, Tx, schema::dossier_facts},
    error::{AppError, Result},
};

/// Which rows the numbers of a dossier stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refs {
    /// Subject number 1 is the first.
    pub subjects: Vec<Id>,
    /// Site number 1 is the first. One site in two roles has two numbers.
    pub sites: Vec<Id>,
}

/// The facts of a frozen dossier, and the rows that they are about.
#[derive(Clone, Debug)]
pub struct Stated {
    pub facts: LeadFacts,
    pub refs: Refs,
}

/// Keeps what was frozen, in the transaction of the freezing.
///
/// # Errors
/// Those of the database.
pub(super) fn keep(tx: &mut Tx<'_>, dossier_id: Id, facts: &LeadFacts, refs: &Refs) -> Result<()> {
    let text = String::from_utf8(facts.to_bytes()?).map_err(AppError::internal)?;
    diesel::insert_into(dossier_facts::table)
        .values((
            dossier_facts::dossier_id.eq(dossier_id),
            dossier_facts::title.eq(&facts.title),
            dossier_facts::facts.eq(text),
            dossier_facts::refs.eq(serde_json::to_string(refs)?),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// What these dossiers state; one of which nothing is kept is left out (history that was loaded without papers, or
/// text that was erased).
///
/// # Errors
/// Those of the database; `Internal` for a row that can't be read.
pub fn of_many(conn: &mut Connection, ids: &[Id]) -> Result<HashMap<Id, Stated>> {
    let mut found = HashMap::new();
    for part in ids.chunks(500) {
        let rows: Vec<(Id, String, String)> = dossier_facts::table
            .filter(dossier_facts::dossier_id.eq_any(part))
            .select((dossier_facts::dossier_id, dossier_facts::facts, dossier_facts::refs))
            .load(conn)?;
        for (id, facts, refs) in rows {
            let stated = Stated { facts: serde_json::from_str(&facts)?, refs: serde_json::from_str(&refs)? };
            found.insert(id, stated);
        }
    }
    Ok(found)
}

/// As [`of_many`], of one.
///
/// # Errors
/// As [`of_many`].
pub fn of(conn: &mut Connection, dossier_id: Id) -> Result<Option<Stated>> {
    Ok(of_many(conn, &[dossier_id])?.remove(&dossier_id))
}

/// The content hash of what is kept of a dossier, lower-case hex: that of its `lead.json`, unless somebody changed it.
///
/// # Errors
/// Those of the database.
pub(super) fn content_sha256(conn: &mut Connection, dossier_id: Id) -> Result<Option<String>> {
    let text: Option<String> =
        dossier_facts::table.find(dossier_id).select(dossier_facts::facts).first(conn).optional()?;
    Ok(text.map(|text| bag::sha256_hex(text.as_bytes())))
}

/// The title that a dossier bears; `None` where nothing is kept of it.
///
/// # Errors
/// Those of the database.
pub fn title(conn: &mut Connection, dossier_id: Id) -> Result<Option<String>> {
    Ok(dossier_facts::table.find(dossier_id).select(dossier_facts::title).first(conn).optional()?)
}
