//! The job that seals an approved dossier: `seal.json`, which names the approval, and its signature. Seal, entry in
//! the log and the job that packs commit together, so that a crash leaves either nothing or a sealed dossier whose
//! package is on its way.

use data_encoding::HEXLOWER;
use diesel::prelude::*;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    audit_proof, bag,
    facts::LeadFacts,
    freezing::{WORKER, dossier_of},
    packing,
    seal::{ApprovedBy, Seal, sign},
    store, stored,
};
use crate::{
    audit::{self, Entry},
    platform::{
        db::{Connection, Id, Instant, Origin, Tx, schema::dossier_seal},
        error::{AppError, Plain, Result},
        jobs::{self, Job, JobRow, Progress},
        keyring,
        services::Services,
    },
};

/// Kind of the job; its payload is that of [`enqueue`].
pub const JOB: &str = "dossier.seal";

/// A dossier has one sealing queued at most.
pub fn key(dossier: Id) -> String {
    format!("{JOB}:{dossier}")
}

/// The approval that a seal names.
#[derive(Clone, Copy, Debug)]
pub struct Approved {
    pub approval: Id,
    pub approver: Id,
    pub at: Instant,
    /// Its entry in the audit log.
    pub entry: Id,
}

/// Queues the sealing of every dossier of a composition, in the transaction of its approval.
///
/// # Errors
/// Those of the database.
pub fn enqueue(tx: &mut Tx<'_>, composition_id: Id, approved: &Approved) -> Result<()> {
    for one in store::of_composition(tx.conn(), composition_id)? {
        let payload = json!({
            "dossier": one.id,
            "approval": approved.approval,
            "approver": approved.approver,
            "at": approved.at,
            "entry": approved.entry,
        });
        jobs::enqueue(tx, Job::new(JOB, payload).once(key(one.id)))?;
    }
    Ok(())
}

fn approved_of(job: &JobRow) -> Result<Approved> {
    let payload: serde_json::Value = serde_json::from_str(&job.payload)?;
    let malformed = || AppError::internal(Plain("the job names no approval".into()));
    Ok(Approved {
        approval: job.id_of("approval").ok_or_else(malformed)?,
        approver: job.id_of("approver").ok_or_else(malformed)?,
        at: serde_json::from_value(payload["at"].clone())?,
        entry: job.id_of("entry").ok_or_else(malformed)?,
    })
}

/// The handler of [`JOB`].
pub fn handler(services: &Services) -> impl Fn(&JobRow, &Progress) -> Result<()> + Send + Sync + 'static {
    let services = services.clone();
    move |job, progress| {
        progress.set(0, 1)?;
        seal(&services, dossier_of(job)?, &approved_of(job)?)?;
        progress.set(1, 1)
    }
}

/// The facts of a frozen dossier, as they stand in its `lead.json`.
///
/// # Errors
/// `NotFound` when it is not frozen; those of the vault.
pub(super) fn facts_of(services: &Services, conn: &mut Connection, id: Id) -> Result<LeadFacts> {
    let freeze = store::frozen(conn, id)?.ok_or(AppError::NotFound)?;
    let file = freeze.file(bag::LEAD).ok_or(AppError::NotFound)?;
    let bytes = stored::read(&services.vault, conn, file)?;
    if bag::sha256_hex(&bytes) != freeze.content_sha256 {
        return Err(AppError::internal(Plain(format!("dossier {id}: lead.json is not what was frozen"))));
    }
    Ok(serde_json::from_slice(&bytes)?)
}

/// Seals a dossier that is not sealed yet.
///
/// # Errors
/// Those of the database, the vault and the key.
pub fn seal(services: &Services, id: Id, approved: &Approved) -> Result<()> {
    let facts = services.db.read_now(|conn| match store::seal(conn, id)? {
        Some(_) => Ok(None),
        None => facts_of(services, conn, id).map(Some),
    })?;
    let Some(facts) = facts else { return Ok(()) };
    services.db.write_now(Origin::system(WORKER), |tx| record(tx, services, id, &facts, approved)).or_else(
        |e| {
            // Sealed in the meantime by another worker: as it should be.
            if matches!(e, AppError::Conflict(_)) { Ok(()) } else { Err(e) }
        },
    )
}

fn record(
    tx: &mut Tx<'_>,
    services: &Services,
    id: Id,
    facts: &LeadFacts,
    approved: &Approved,
) -> Result<()> {
    if store::seal(tx.conn(), id)?.is_some() {
        return Err(AppError::Conflict("conflict-dossier-sealed"));
    }
    let one = store::find(tx.conn(), id)?;
    let freeze = store::frozen(tx.conn(), id)?.ok_or(AppError::NotFound)?;
    let now = tx.now();
    let by = ApprovedBy {
        approver: approved.approver,
        role: "approver".to_owned(),
        at: approved.at,
        audit_entry: approved.entry,
    };
    let text = Seal::new(facts, &freeze.content_sha256, &freeze.manifest_sha256, by, now).to_text()?;
    let signature = sign(&text, &[&*services.signer])?;
    let public = services.signer.public().to_string();
    let key = keyring::known(tx.conn())?.into_iter().find(|key| key.public_text == public);
    let key = key.ok_or_else(|| AppError::internal(Plain("the signing key is not in the ring".into())))?;
    diesel::insert_into(dossier_seal::table)
        .values((
            dossier_seal::dossier_id.eq(id),
            dossier_seal::approval_id.eq(approved.approval),
            dossier_seal::seal_json.eq(&text),
            dossier_seal::signature.eq(&signature),
            dossier_seal::key_id.eq(key.id),
            dossier_seal::sealed_at.eq(now),
        ))
        .execute(tx.conn())?;
    audit::record(
        tx,
        Entry::new(audit_proof::VERB)
            .object("dossier", id)
            .object("lead", one.lead_id)
            .object("approval", approved.approval)
            .fact("version", one.version)
            .fact("manifest_sha256", freeze.manifest_sha256)
            .fact("seal_sha256", HEXLOWER.encode(&Sha256::digest(text.as_bytes()))),
    )?;
    packing::enqueue(tx, id)
}
