//! The job that freezes a dossier: facts → papers → manifest, stored in the vault; the tables of sales records are read anew for
//! the rows behind their sums. It can run again after a crash at
//! any point: the facts give the same bytes, the same bytes are stored once, and the row is written once.

use std::{collections::HashMap, io::Read};

use data_encoding::HEXLOWER;
use diesel::prelude::*;
use rand::{RngCore, rngs::OsRng};

use super::{
    bag,
    compile::{Compiled, compile_one},
    dossier_pdf::dossier_pdf,
    facts::Item,
    held_up,
    letter_pdf::{NamedKey, letter_pdf},
    model::FrozenFile,
    package::{self, Derived, Frozen, PayloadFile},
    sales_rows, stated, store, stored,
};
use crate::{
    audit::{self, Entry},
    casework::evidence::{sales::rows::Tables, store::Blob},
    platform::{
        db::{Id, Origin, Tx, schema::dossier_freeze},
        error::{AppError, Plain, Result},
        jobs::{JobRow, Progress},
        paths,
        services::Services,
        vault::{Stored, Vault},
    },
};

/// Kind of the job; its payload is `{"dossier": id}`.
pub const JOB: &str = "dossier.freeze";

/// Facts, letter, report, rows of the sales records, storing, recording.
const STEPS: i64 = 6;

/// The program itself acts.
pub(super) const WORKER: &str = "system:worker";

/// A dossier has one freezing queued at most.
pub fn key(dossier: Id) -> String {
    format!("{JOB}:{dossier}")
}

/// The handler of [`JOB`].
pub fn handler(services: &Services) -> impl Fn(&JobRow, &Progress) -> Result<()> + Send + Sync + 'static {
    let services = services.clone();
    move |job, progress| {
        let id = dossier_of(job)?;
        freeze(&services, id, &|done| progress.set(done, STEPS))
    }
}

/// The dossier that a job is about.
pub(super) fn dossier_of(job: &JobRow) -> Result<Id> {
    job.id_of("dossier").ok_or_else(|| AppError::internal(Plain("the job names no dossier".into())))
}

/// Freezes a dossier that is not frozen yet.
///
/// # Errors
/// Those of the database and the vault; [`NotYet`](crate::platform::jobs::NotYet) while an item has an alarm; `Internal`
/// when the facts contradict each other.
pub fn freeze(services: &Services, id: Id, step: &(dyn Fn(i64) -> Result<()> + Sync)) -> Result<()> {
    step(0)?;
    let found = services.db.read_now(|conn| {
        if store::frozen(conn, id)?.is_some() {
            return Ok(None);
        }
        let one = store::find(conn, id)?;
        held_up::wait(conn, &one)?;
        let compiled = compile_one(conn, &services.settings, &one)?;
        let sales = compiled.facts.sales.as_ref();
        let tables = sales.map(|_| Tables::read(conn, one.lead_id)).transpose()?;
        Ok(Some((compiled, tables)))
    })?;
    let Some((compiled, tables)) = found else { return Ok(()) };
    let derived = package::derive(&compiled.facts)?;
    step(1)?;
    let letter = letter_pdf(&compiled.facts, &named_key(services))?;
    step(2)?;
    let blobs: HashMap<Id, &Blob> = compiled.items.iter().map(|row| (row.id, &row.blob)).collect();
    let report = dossier_pdf(&compiled.facts, &mut |item| content(&services.vault, &blobs, item))?;
    step(3)?;
    let rows = sales_rows::put(&services.vault, &compiled.facts, tables.as_ref(), || step(3))?;
    step(4)?;
    let rows_file = rows.as_ref().map(|stored| PayloadFile {
        path: bag::SALES_ROWS.to_owned(),
        size: stored.size,
        sha256: HEXLOWER.encode(&stored.sha256),
    });
    let frozen = package::freeze(&compiled.facts, &derived, &letter, &report, rows_file);
    let papers = put_papers(&services.vault, derived, letter, report, rows)?;
    step(5)?;
    let keys: Vec<uuid::Uuid> = papers.iter().map(|paper| paper.key).collect();
    let origin = Origin::system(WORKER);
    let done = services.db.write_now(origin, |tx| record(tx, services, &compiled, &frozen, &papers));
    match done {
        Ok(surplus) => stored::discard(&services.vault, surplus),
        // Somebody else was quicker: what is there stays.
        Err(AppError::Conflict(_)) => stored::discard_unkept(services, &keys),
        Err(error) => {
            stored::discard_unkept(services, &keys);
            return Err(error);
        }
    }
    step(STEPS)
}

/// The key in force, as the letter names it: the seal may be by a later one, to which `keys.json` then leads.
fn named_key(services: &Services) -> NamedKey {
    let key = services.signer.public();
    NamedKey {
        name: key.name().to_owned(),
        fingerprint: key.fingerprint(),
        page: format!("{}{}", services.settings.base_url, paths::VERIFY),
    }
}

/// The bytes of an item that the report shows.
fn content(vault: &Vault, blobs: &HashMap<Id, &Blob>, item: &Item) -> Result<Option<Vec<u8>>> {
    let Some(blob) = blobs.get(&item.evidence_id) else { return Ok(None) };
    let mut bytes = Vec::new();
    stored::open(vault, blob)?.read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// In the order of [`bag::PAPERS`]; behind them the rows of the sales records, which are stored already.
fn put_papers(
    vault: &Vault,
    derived: Derived,
    letter: Vec<u8>,
    report: Vec<u8>,
    rows: Option<Stored>,
) -> Result<Vec<Stored>> {
    let papers = [
        (bag::LEAD, derived.lead_json),
        (bag::LETTER, letter),
        (bag::DOSSIER, report),
        (bag::EVIDENCE_LIST, derived.evidence_list),
        (bag::CASE, derived.case_jsonld),
    ];
    let mut done: Vec<Stored> = Vec::new();
    for (path, bytes) in papers {
        let name = path.rsplit('/').next().unwrap_or(path);
        match stored::put(vault, bytes, name) {
            Ok(one) => done.push(one),
            Err(error) => {
                stored::discard(vault, done.iter().chain(&rows).map(|one| one.key));
                return Err(error);
            }
        }
    }
    done.extend(rows);
    Ok(done)
}

/// Writes what was frozen; gives the objects that are not needed.
fn record(
    tx: &mut Tx<'_>,
    services: &Services,
    compiled: &Compiled,
    frozen: &Frozen,
    papers: &[Stored],
) -> Result<Vec<uuid::Uuid>> {
    let id = compiled.dossier;
    if store::frozen(tx.conn(), id)?.is_some() {
        return Err(AppError::Conflict("conflict-dossier-frozen"));
    }
    let one = store::find(tx.conn(), id)?;
    held_up::wait(tx.conn(), &one)?;
    // Drawing takes its time. What the lead says now must be what was drawn.
    let now_says = compile_one(tx.conn(), &services.settings, &one)?;
    if now_says.facts != compiled.facts {
        return Err(AppError::Unavailable("the lead was changed while its dossier was drawn".into()));
    }
    let (blobs, surplus) = stored::keep(tx, papers)?;
    let blobs = blobs.into_iter().chain(compiled.items.iter().map(|item| item.blob.id));
    let files: Vec<FrozenFile> = frozen
        .files
        .iter()
        .zip(blobs)
        .map(|(file, blob)| FrozenFile {
            path: file.path.clone(),
            blob,
            size: file.size,
            sha256: file.sha256.clone(),
        })
        .collect();
    let bytes = |hex: &str| HEXLOWER.decode(hex.as_bytes()).map_err(AppError::internal);
    let now = tx.now();
    let mut salt = vec![0u8; 32];
    OsRng.fill_bytes(&mut salt);
    diesel::insert_into(dossier_freeze::table)
        .values((
            dossier_freeze::dossier_id.eq(id),
            dossier_freeze::content_sha256.eq(bytes(&frozen.content_sha256)?),
            dossier_freeze::manifest_sha256.eq(bytes(&frozen.manifest_sha256)?),
            dossier_freeze::files.eq(serde_json::to_string(&files)?),
            dossier_freeze::frozen_at.eq(now),
            dossier_freeze::approval_salt.eq(salt),
        ))
        .execute(tx.conn())?;
    stated::keep(tx, id, &now_says.facts, &now_says.refs)?;
    audit::record(
        tx,
        Entry::new("dossier.freeze")
            .object("dossier", id)
            .object("lead", one.lead_id)
            .fact("version", one.version)
            .fact("files", files.len())
            .fact("content_sha256", frozen.content_sha256.as_str())
            .fact("manifest_sha256", frozen.manifest_sha256.as_str()),
    )?;
    Ok(surplus)
}
