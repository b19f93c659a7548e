//! Whether a composition still says what its lead says: it is submitted only then.

use std::collections::HashSet;

use super::{
    compile::compile,
    model::{Change, changes},
    store::{self, Composition},
    stored,
};
use crate::{
    casework::{evidence, lead::model::Lead},
    platform::{
        db::{Connection, Id},
        error::{AppError, Result},
        services::Services,
        vault::Vault,
    },
};

/// Why the newest composition of a lead cannot be submitted; a message key.
pub type Obstacle = &'static str;

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
    Ok(if is_current(conn, services, &newest)? { Ok(newest) } else { Err("conflict-review-stale") })
}

/// Whether each frozen dossier of a composition still says what the lead says, and nothing that was marked
/// do-not-disclose since would leave with it.
fn is_current(conn: &mut Connection, services: &Services, made: &Composition) -> Result<bool> {
    let ids: Vec<Id> = store::items(conn, made.id)?.into_iter().map(|(id, _)| id).collect();
    let items = evidence::store::find_many(conn, &ids)?;
    let marked: Vec<Id> = items.iter().filter(|item| item.withheld).map(|item| item.id).collect();
    for one in store::of_composition(conn, made.id)? {
        let kept_back: HashSet<Id> =
            store::withheld(conn, one.id)?.into_iter().map(|row| row.evidence_id).collect();
        if !marked.iter().all(|id| kept_back.contains(id)) {
            return Ok(false);
        }
        if let Some(frozen) = &one.content_sha256
            && compile(conn, &services.settings, &one)?.facts.content_sha256()? != *frozen
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

/// Compares a frozen dossier with the last frozen version for its addressee; `None` when either is missing.
///
/// # Errors
/// Those of the database and the vault.
pub fn changes_since(conn: &mut Connection, vault: &Vault, id: Id) -> Result<Option<Since>> {
    let one = store::find(conn, id)?;
    let Some(before) = store::frozen_before(conn, one.lead_id, one.agency_id, one.version)? else {
        return Ok(None);
    };
    let (Some(was), Some(now)) = (lead_json(conn, vault, before.id)?, lead_json(conn, vault, id)?) else {
        return Ok(None);
    };
    Ok(Some(Since { version: before.version, changes: changes(&was, &now) }))
}

fn lead_json(conn: &mut Connection, vault: &Vault, id: Id) -> Result<Option<serde_json::Value>> {
    let Some(freeze) = store::frozen(conn, id)? else { return Ok(None) };
    let Some(file) = freeze.file(super::bag::LEAD) else { return Ok(None) };
    let bytes = stored::read(vault, conn, file)?;
    Ok(Some(serde_json::from_slice(&bytes)?))
}
