//! The job that seals an approved dossier: `seal.json`, which names the approval, and its signature. Seal, entry in
//! the log and the job that packs commit together, so that a crash leaves either nothing or a sealed dossier whose
//! package is on its way.

use data_encoding::HEXLOWER;
use diesel::prelude::*;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    approved::{self, never},
    audit_proof, bag,
    facts::LeadFacts,
    freezing::{WORKER, dossier_of},
    held_up, packing,
    seal::{ComposedBy, Parties, Seal, SealKey, sign},
    store, stored,
    succession::Chain,
};
use crate::{
    audit::{self, Entry},
    casework::evidence::time_stamp,
    directory::people::Role,
    platform::{
        db::{Connection, Id, Origin, Tx, schema::dossier_seal},
        error::{AppError, Plain, Result},
        jobs::{self, GiveUp, Job, JobRow, Progress},
        keyring,
        services::Services,
    },
};

/// Kind of the job; its payload is `{"dossier": id}`. Who approved what is read from the approval when the seal is
/// made.
pub const JOB: &str = "dossier.seal";

/// A dossier has one sealing queued at most.
pub fn key(dossier: Id) -> String {
    format!("{JOB}:{dossier}")
}

/// Queues the sealing of every dossier of a composition, in the transaction of its approval.
///
/// # Errors
/// Those of the database.
pub fn enqueue(tx: &mut Tx<'_>, composition_id: Id) -> Result<()> {
    for one in store::of_composition(tx.conn(), composition_id)? {
        jobs::enqueue(tx, Job::new(JOB, json!({ "dossier": one.id })).once(key(one.id)))?;
    }
    Ok(())
}

/// The handler of [`JOB`].
pub fn handler(services: &Services) -> impl Fn(&JobRow, &Progress) -> Result<()> + Send + Sync + 'static {
    let services = services.clone();
    move |job, progress| {
        progress.set(0, 1)?;
        seal(&services, dossier_of(job)?)?;
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
/// Those of the database, the vault and the key; `Internal` with [`NotYet`](jobs::NotYet) while a file that it rests on has
/// an alarm; `Internal` with [`GiveUp`], on record in the log, when what is frozen
/// is not what was approved.
pub fn seal(services: &Services, id: Id) -> Result<()> {
    let facts = services.db.read_now(|conn| {
        if store::seal(conn, id)?.is_some() {
            return Ok(None);
        }
        let one = store::find(conn, id)?;
        held_up::wait(conn, &one)?;
        facts_of(services, conn, id).map(Some)
    })?;
    let Some(facts) = facts else { return Ok(()) };
    match services.db.write_now(Origin::system(WORKER), |tx| record(tx, services, id, &facts)) {
        // Sealed in the meantime by another worker: as it should be.
        Err(AppError::Conflict(_)) => Ok(()),
        Err(AppError::Internal(cause)) if cause.is::<GiveUp>() => {
            services.db.write_now(Origin::system(WORKER), |tx| {
                audit::record(tx, Entry::refused(audit_proof::VERB).object("dossier", id)).map(|_| ())
            })?;
            Err(AppError::Internal(cause))
        }
        done => done,
    }
}

fn record(tx: &mut Tx<'_>, services: &Services, id: Id, facts: &LeadFacts) -> Result<()> {
    if store::seal(tx.conn(), id)?.is_some() {
        return Err(AppError::Conflict("conflict-dossier-sealed"));
    }
    let one = store::find(tx.conn(), id)?;
    held_up::wait(tx.conn(), &one)?;
    let freeze = store::frozen(tx.conn(), id)?.ok_or(AppError::NotFound)?;
    if facts.content_sha256()? != freeze.content_sha256 {
        return Err(never("lead.json is not what is frozen"));
    }
    let now = tx.now();
    let (approval, by) = approved::of(tx.conn(), &one, &freeze)?;
    let signer = services.signer.public();
    let made = store::composition(tx.conn(), one.composition_id)?;
    // Nobody else may compose.
    let role = Role::Compiler.as_str().to_owned();
    let composer = ComposedBy { composer: made.created_by, role, at: made.created_at };
    let signing_key = SealKey {
        fingerprint: signer.fingerprint(),
        succession_sha256: Chain::read(tx.conn(), std::slice::from_ref(&signer))?
            .sha256_to(&signer)
            .unwrap_or_default(),
    };
    let parties = Parties { composer: Some(composer), approval: by, signing_key: Some(signing_key) };
    let text = Seal::new(facts, &freeze.content_sha256, &freeze.manifest_sha256, parties, now).to_text()?;
    let signature = sign(&text, &[&*services.signer])?;
    let key = keyring::id_of(tx.conn(), &signer)?;
    diesel::insert_into(dossier_seal::table)
        .values((
            dossier_seal::dossier_id.eq(id),
            dossier_seal::approval_id.eq(approval),
            dossier_seal::seal_json.eq(&text),
            dossier_seal::signature.eq(&signature),
            dossier_seal::key_id.eq(key),
            dossier_seal::sealed_at.eq(now),
        ))
        .execute(tx.conn())?;
    let imprint: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    audit::record(
        tx,
        Entry::new(audit_proof::VERB)
            .object("dossier", id)
            .object("lead", one.lead_id)
            .object("approval", approval)
            .fact("version", one.version)
            .fact("manifest_sha256", freeze.manifest_sha256)
            .fact("seal_sha256", HEXLOWER.encode(&imprint)),
    )?;
    time_stamp::ask_for_seal(tx, id, &imprint)?;
    packing::enqueue(tx, id)
}
