//! The job that writes the package of a sealed dossier, once the sealing stands under a signed head of the log. The
//! archive streams from the vault into the vault; its row is written once and never changed.

use std::{collections::HashMap, io};

use data_encoding::HEXLOWER;
use diesel::prelude::*;
use serde_json::json;

use super::{
    approved,
    audit_proof::{self, AuditProof},
    facts::LeadFacts,
    freezing::{WORKER, dossier_of},
    held_up,
    model::{Dossier, Freeze, FrozenFile},
    package::{Package, Parts, PayloadFile},
    seal::{Seal, note},
    sealing, stamps, store, stored,
    succession::Chain,
};
use crate::{
    audit::{self, Entry},
    casework::evidence::store::{self as blobs, Blob},
    platform::{
        db::{Connection, Id, Origin, Tx, schema::dossier_package},
        error::{AppError, Plain, Result},
        jobs::{self, Job, JobRow, NotYet, Progress},
        keyring,
        keys::PublicKey,
        services::Services,
        vault::Stored,
    },
};

/// Kind of the job; its payload is `{"dossier": id}`.
pub const JOB: &str = "dossier.package";

/// Proof, layout, writing, recording.
const STEPS: i64 = 4;

/// For so many seconds from the sealing a package waits for the witnesses of the log.
const PATIENCE: i64 = 60;

/// A dossier has one packing queued at most.
pub fn key(dossier: Id) -> String {
    format!("{JOB}:{dossier}")
}

/// Queues the packing of a sealed dossier.
///
/// # Errors
/// Those of the database.
pub fn enqueue(tx: &mut Tx<'_>, dossier: Id) -> Result<()> {
    jobs::enqueue(tx, Job::new(JOB, json!({ "dossier": dossier })).once(key(dossier)))?;
    Ok(())
}

/// The handler of [`JOB`].
pub fn handler(services: &Services) -> impl Fn(&JobRow, &Progress) -> Result<()> + Send + Sync + 'static {
    let services = services.clone();
    move |job, progress| pack(&services, dossier_of(job)?, &|done| progress.set(done, STEPS))
}

/// Everything that is needed but the payload.
struct Ready {
    facts: LeadFacts,
    freeze: Freeze,
    seal: Seal,
    seal_sig: String,
    /// The text of `approval.json`, where a passkey signed the approval.
    approval: Option<String>,
    proof: AuditProof,
    public_keys: Vec<String>,
    keys: Chain,
    stamps: stamps::Carried,
    /// The payload's blobs by path.
    blobs: HashMap<String, Blob>,
}

/// Writes the package of a dossier that is sealed and has none.
///
/// # Errors
/// [`NotYet`] while the log has not placed the sealing, a time stamp of it or a witness's cosignature is on its way, or a file
/// has an alarm, of which the queue makes a later look at the same job.
/// Those of the database and the vault; `Internal` when a file is not what was frozen.
pub fn pack(services: &Services, id: Id, step: &dyn Fn(i64) -> Result<()>) -> Result<()> {
    step(0)?;
    if services.db.read_now(|conn| store::package(conn, id))?.is_some() {
        return Ok(());
    }
    let Some(placed) = prove(services, id)? else { return Err(AppError::internal(NotYet)) };
    let ready = services.db.read_now(|conn| {
        let one = store::find(conn, id)?;
        held_up::wait(conn, &one)?;
        stamps::wait(conn, &one, &services.stamp_turns, services.db.now())?;
        wait_for_witnesses(services, conn, &one, &placed)?;
        // What has come meanwhile goes with it.
        let proof = proof_in(services, conn, id)?.unwrap_or(placed);
        make_ready(services, conn, id, proof)
    })?;
    step(1)?;
    let stored = write(services, &ready, step)?;
    let origin = Origin::system(WORKER);
    let done = services.db.write_now(origin, |tx| record(tx, id, &stored));
    match done {
        Ok(surplus) => stored::discard(&services.vault, surplus),
        // Another worker was quicker: one package is enough.
        Err(AppError::Conflict(_)) => stored::discard_unkept(services, &[stored.key]),
        Err(error) => {
            stored::discard_unkept(services, &[stored.key]);
            return Err(error);
        }
    }
    step(STEPS)
}

/// The proof of the sealing, asking the sequencer for its place where it has none yet.
fn prove(services: &Services, id: Id) -> Result<Option<AuditProof>> {
    let read = || services.db.read_now(|conn| proof_in(services, conn, id));
    if let Some(proof) = read()? {
        return Ok(Some(proof));
    }
    audit::sequence(services)?;
    read()
}

/// As [`prove`], as far as it is placed; under the head that most witnesses have cosigned.
fn proof_in(services: &Services, conn: &mut Connection, id: Id) -> Result<Option<AuditProof>> {
    let entry = seal_entry(conn, id)?;
    let Some(proof) = audit::prove_cosigned(conn, entry)? else { return Ok(None) };
    let tiles = format!("{}/api/v1/audit", services.settings.base_url);
    AuditProof::new(&proof.leaf, proof.place, &proof.path, &proof.head.note, &tiles).map(Some)
}

/// Has the packing wait while a witness may still cosign a head that covers the sealing: not for long, and for none that was
/// away or has said that something is wrong.
fn wait_for_witnesses(
    services: &Services,
    conn: &mut Connection,
    one: &Dossier,
    proof: &AuditProof,
) -> Result<()> {
    let witnesses = &services.settings.witnesses;
    let is_over = one.sealed_at.is_none_or(|at| services.db.now().seconds_since(at) >= PATIENCE);
    if witnesses.is_empty() || is_over || !audit::is_awaited(conn, witnesses, proof.index)? {
        return Ok(());
    }
    Err(AppError::internal(NotYet))
}

/// The entry of the sealing in the audit log.
///
/// # Errors
/// `NotFound` when it was not sealed.
pub(super) fn seal_entry(conn: &mut Connection, id: Id) -> Result<Id> {
    let filter = audit::Filter {
        object: Some(id),
        verb_prefix: Some(audit_proof::VERB.to_owned()),
        outcome: Some(audit::Outcome::Done.as_str().to_owned()),
        ..audit::Filter::default()
    };
    audit::page(conn, &filter, 1)?.first().map(|row| row.id).ok_or(AppError::NotFound)
}

fn make_ready(services: &Services, conn: &mut Connection, id: Id, proof: AuditProof) -> Result<Ready> {
    let row = store::seal(conn, id)?.ok_or(AppError::NotFound)?;
    let freeze = store::frozen(conn, id)?.ok_or(AppError::NotFound)?;
    let facts = sealing::facts_of(services, conn, id)?;
    let ids: Vec<Id> = freeze.files.iter().map(|file| file.blob).collect();
    let known = blobs::blobs(conn, &ids)?;
    // The same bytes may stand at several paths.
    let blob = |file: &FrozenFile| -> Result<(String, Blob)> {
        let blob = known.get(&file.blob).cloned().ok_or(AppError::NotFound)?;
        Ok((file.path.clone(), blob))
    };
    let blobs = freeze.files.iter().map(blob).collect::<Result<_>>()?;
    let public_keys = signers(conn, &[&note_text(&row), &proof.checkpoint])?;
    let signed_by: Vec<PublicKey> = public_keys.iter().filter_map(|text| text.parse().ok()).collect();
    let keys = Chain::read(conn, &signed_by)?;
    let stamps = stamps::carried(conn, id, &facts, &freeze)?;
    Ok(Ready {
        stamps,
        keys,
        facts,
        freeze,
        seal: serde_json::from_str(&row.seal_json)?,
        seal_sig: row.signature,
        approval: approved::signed_text(conn, row.approval_id)?,
        proof,
        public_keys,
        blobs,
    })
}

/// The whole signed note of a seal.
pub(super) fn note_text(row: &store::SealRow) -> String {
    String::from_utf8_lossy(&note(row.seal_json.as_bytes(), row.signature.as_bytes())).into_owned()
}

/// Our keys, present and past, that signed any of these notes, each once.
pub(super) fn signers(conn: &mut Connection, notes: &[&str]) -> Result<Vec<String>> {
    let known = keyring::known(conn)?.into_iter().map(|key| key.public_text);
    let signed = |text: &String| {
        let Ok(key) = text.parse::<PublicKey>() else { return false };
        notes.iter().any(|note| key.open_note(note.as_bytes()).is_ok())
    };
    Ok(known.filter(signed).collect())
}

fn write(services: &Services, ready: &Ready, step: &dyn Fn(i64) -> Result<()>) -> Result<Stored> {
    let files: Vec<PayloadFile> = ready
        .freeze
        .files
        .iter()
        .map(|file| PayloadFile { path: file.path.clone(), size: file.size, sha256: file.sha256.clone() })
        .collect();
    let parts = Parts {
        facts: &ready.facts,
        files: &files,
        seal: &ready.seal,
        seal_sig: &ready.seal_sig,
        proof: &ready.proof,
        public_keys: &ready.public_keys,
        keys: &ready.keys,
        approval: ready.approval.as_deref(),
        stamps: &ready.stamps.files,
    };
    let (db, vault) = (&services.db, &services.vault);
    let open = |path: &str| -> io::Result<Box<dyn io::Read>> {
        if let Some(bytes) = ready.stamps.read(db, path).map_err(io::Error::other)? {
            return Ok(Box::new(io::Cursor::new(bytes)));
        }
        let blob = ready.blobs.get(path).ok_or(io::ErrorKind::NotFound)?;
        let content = vault.open_object(blob.id.uuid(), &blob.wrapped_key);
        Ok(Box::new(content.map_err(io::Error::other)?))
    };
    // Lays out first. Each file is compared as it is written; where one differs the store keeps nothing.
    let package = Package::lay_out(&parts, &open)?;
    step(2)?;
    let name = package.file_name();
    let (stored, ()) = stored::put_written(vault, &name, |out| package.write(&open, out))?;
    if stored.size != package.size() {
        stored::discard(vault, [stored.key]);
        return Err(AppError::internal(Plain("the package was stored with another size".into())));
    }
    step(3)?;
    Ok(stored)
}

fn record(tx: &mut Tx<'_>, id: Id, stored: &Stored) -> Result<Vec<uuid::Uuid>> {
    if store::package(tx.conn(), id)?.is_some() {
        return Err(AppError::Conflict("conflict-dossier-packed"));
    }
    let one = store::find(tx.conn(), id)?;
    let (blobs, surplus) = stored::keep(tx, std::slice::from_ref(stored))?;
    let now = tx.now();
    diesel::insert_into(dossier_package::table)
        .values((
            dossier_package::dossier_id.eq(id),
            dossier_package::blob_id.eq(blobs[0]),
            dossier_package::size.eq(i64::try_from(stored.size).map_err(AppError::internal)?),
            dossier_package::written_at.eq(now),
        ))
        .execute(tx.conn())?;
    audit::record(
        tx,
        Entry::new("dossier.package")
            .object("dossier", id)
            .object("lead", one.lead_id)
            .fact("size", stored.size)
            .fact("sha256", HEXLOWER.encode(&stored.sha256)),
    )?;
    Ok(surplus)
}
