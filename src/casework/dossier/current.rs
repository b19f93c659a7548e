//! Whether a composition still says what its lead says: it is submitted only then.

use std::{collections::HashMap, io::Read};

use super::{
    changed::{Change, Reading, changes},
    compile::compile,
    many,
    model::Dossier,
    sources::Sources,
    store::{self, Composition},
    stored,
};
use crate::{
    casework::{
        evidence::{self, store::Blob},
        lead::model::Lead,
    },
    platform::{
        db::{Connection, Id},
        error::{AppError, Result},
        services::Services,
        vault::Vault,
    },
};

/// Why the newest composition of a lead cannot be submitted; a message key.
pub type Obstacle = &'static str;

/// The lead says something else by now.
pub const STALE: Obstacle = "conflict-review-stale";

/// The newest composition of a lead, if it can be submitted as it is.
///
/// # Errors
/// Those of the database.
pub fn submittable(
    conn: &mut Connection,
    services: &Services,
    lead: &Lead,
) -> Result<Result<Composition, Obstacle>> {
    let Some(newest) = store::compositions(conn, lead.id)?.into_iter().next() else {
        return Ok(Err("conflict-review-no-dossier"));
    };
    if newest.submitted_at.is_some() {
        return Ok(Err("conflict-review-again"));
    }
    Ok(if is_current(conn, services, &newest)? { Ok(newest) } else { Err(STALE) })
}

/// Whether each frozen dossier of a composition still says what the lead says, and nothing that was marked
/// do-not-disclose since would leave with it.
fn is_current(conn: &mut Connection, services: &Services, made: &Composition) -> Result<bool> {
    let dossiers = store::of_composition(conn, made.id)?;
    let from = Sources::read(conn, made.id, &dossiers)?;
    let marked: Vec<Id> = from.items.values().filter(|item| item.withheld).map(|item| item.id).collect();
    for one in &dossiers {
        let kept_back = from.kept_back(one);
        if !marked.iter().all(|id| kept_back.contains(id)) {
            return Ok(false);
        }
        if let Some(frozen) = &one.content_sha256
            && compile(&from, &services.settings, one)?.facts.content_sha256()? != *frozen
        {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Marks a composition as submitted, in the transaction of the submission.
///
/// # Errors
/// Those of the database; `Conflict` when it was submitted already.
pub fn mark_submitted(tx: &mut crate::platform::db::Tx<'_>, composition_id: Id) -> Result<()> {
    use crate::platform::db::{Instant, schema::composition};
    use diesel::prelude::*;
    let now = tx.now();
    let open = composition::table.find(composition_id).filter(composition::submitted_at.is_null());
    let marked =
        diesel::update(open).set(composition::submitted_at.eq(Some::<Instant>(now))).execute(tx.conn())?;
    if marked == 1 { Ok(()) } else { Err(AppError::Conflict("conflict-review-again")) }
}

/// What a dossier says otherwise than the last version for the same addressee.
#[derive(Clone, Debug)]
pub struct Since {
    /// The version compared with.
    pub version: i32,
    pub changes: Vec<Change>,
}

/// A frozen dossier and the last frozen version for its addressee, with the two files that are compared.
#[derive(Clone, Debug)]
pub struct Pair {
    dossier: Id,
    /// Of the older one.
    version: i32,
    was: Blob,
    now: Blob,
}

/// For each of these dossiers of one lead, the frozen one that went before it; left out where either is missing.
///
/// # Errors
/// Those of the database.
pub fn pairs(conn: &mut Connection, dossiers: &[Dossier]) -> Result<Vec<Pair>> {
    let Some(first) = dossiers.first() else { return Ok(Vec::new()) };
    let frozen: Vec<Dossier> =
        store::of_lead(conn, first.lead_id)?.into_iter().filter(|one| one.frozen_at.is_some()).collect();
    let before = |one: &Dossier| {
        let older = frozen.iter().filter(|old| old.agency_id == one.agency_id && old.version < one.version);
        older.max_by_key(|old| old.version)
    };
    let found: Vec<(&Dossier, &Dossier)> =
        dossiers.iter().filter_map(|one| before(one).map(|old| (old, one))).collect();
    let ids: Vec<Id> = found.iter().flat_map(|(old, one)| [old.id, one.id]).collect();
    let files = many::frozen_files(conn, &ids, super::bag::LEAD)?;
    let blobs = evidence::store::blobs(conn, &files.values().map(|file| file.blob).collect::<Vec<_>>())?;
    let blob = |id: Id| files.get(&id).and_then(|file| blobs.get(&file.blob)).cloned();
    Ok(found
        .into_iter()
        .filter_map(|(old, one)| {
            Some(Pair { dossier: one.id, version: old.version, was: blob(old.id)?, now: blob(one.id)? })
        })
        .collect())
}

/// Compares them, on a thread that may block: the files are read from the vault.
///
/// # Errors
/// Those of the vault.
pub fn changes_of(vault: &Vault, pairs: &[Pair], reading: Reading) -> Result<HashMap<Id, Since>> {
    pairs
        .iter()
        .map(|pair| {
            let changes = changes(&lead_json(vault, &pair.was)?, &lead_json(vault, &pair.now)?, reading);
            Ok((pair.dossier, Since { version: pair.version, changes }))
        })
        .collect()
}

fn lead_json(vault: &Vault, blob: &Blob) -> Result<serde_json::Value> {
    let mut bytes = Vec::new();
    stored::open(vault, blob)?.read_to_end(&mut bytes)?;
    Ok(serde_json::from_slice(&bytes)?)
}
