//! `lead-handoff backup FOLDER`: everything but the master key, consistent while the servers run.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Common, progress::Progress};
use crate::{
    app,
    audit::{self, Entry},
    casework::evidence::custody_of_store::BEGUN,
    platform::{
        db::{Id, schema::blob},
        error::{AppError, Plain, Result},
        keyring,
        services::Services,
        vault,
    },
};

/// Lists everything that a backup holds.
pub const MANIFEST: &str = "manifest.json";
/// The folder of objects in a backup.
pub const EVIDENCE: &str = "evidence";
/// Ids that are read at once.
const STEP: i64 = 1_000;
/// The form of the manifest.
pub const FORMAT: u32 = 1;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "The master key is not in a backup: keep it elsewhere; without it a backup can't be read.\n\
    For PostgreSQL the program pg_dump must be there.\n\n\
    Example:\n  lead-handoff backup /mnt/backup/2016-12-31"
)]
pub struct Args {
    #[command(flatten)]
    common: Common,
    /// A folder that is empty or not there yet.
    folder: PathBuf,
}

/// What a backup holds.
#[derive(Debug, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// Version of the program that wrote it.
    pub program: String,
    /// RFC 3339, UTC.
    pub made_at: String,
    /// Name of the audit log.
    pub origin: String,
    /// Mark of the master key that opens it.
    pub master_key: String,
    /// Marks of those that open the rest, where it was being changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub previous_keys: Vec<String>,
    /// File name of the database's copy.
    pub database: String,
    pub files: Vec<Listed>,
}

/// One file of a backup.
#[derive(Debug, Serialize, Deserialize)]
pub struct Listed {
    /// Below the backup's folder.
    pub path: String,
    pub size: u64,
    pub sha256: String,
}

fn plain(text: impl Into<String>) -> AppError {
    AppError::internal(Plain(text.into()))
}

/// # Errors
/// What stands in the way, in words.
pub fn run(args: &Args) -> Result<()> {
    let settings = args.common.settings(None, "./data")?;
    if super::restore::is_new(&settings)? {
        return Err(plain(format!("there is nothing to back up in {}", settings.data.display())));
    }
    let services = app::open(settings, app::system_clock())?;
    let manifest = backup(&services, &args.folder)?;
    let bytes: u64 = manifest.files.iter().map(|file| file.size).sum();
    let files = super::counted(manifest.files.len(), "file");
    tell!("{files}, {bytes} bytes in {}.", args.folder.display());
    tell!("The master key {} is not among them: keep it elsewhere.", manifest.master_key);
    if !manifest.previous_keys.is_empty() {
        tell!("As it was being changed, {} is needed too.", manifest.previous_keys.join(", "));
    }
    Ok(())
}

/// Marks of the previous master keys, if anything still needs one.
fn still_needed(services: &Services) -> Result<Vec<String>> {
    let marks = services.master.previous();
    if marks.is_empty()
        || services.db.read_now(|conn| keyring::standing(conn, &services.master))?.waiting == 0
    {
        return Ok(Vec::new());
    }
    Ok(marks.iter().map(|mark| data_encoding::HEXLOWER.encode(mark)).collect())
}

fn make_folder(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Writes a backup: the database as of one moment, then every object that it knows.
///
/// # Errors
/// The folder is not empty; the disk's, the database's, the evidence store's.
pub fn backup(services: &Services, folder: &Path) -> Result<Manifest> {
    make_folder(folder)?;
    if fs::read_dir(folder)?.next().is_some() {
        return Err(plain(format!("{} is not empty", folder.display())));
    }
    let made_at = services.db.now();
    let before = still_needed(services)?;
    let database = services.db.snapshot(folder)?;
    let previous_keys = if before.is_empty() { still_needed(services)? } else { before };
    let mut files = vec![listed(folder, database)?];
    // Objects are written before their rows and never change: those of the copy are all there by now.
    each_kept(services, |id| {
        let path = format!("{EVIDENCE}/{}", vault::path_of(id.uuid()));
        let to = folder.join(&path);
        to.parent().map_or(Ok(()), make_folder)?;
        services.vault.copy_out(id.uuid(), &to)?;
        files.push(listed(folder, &path)?);
        Ok(())
    })?;
    let manifest = Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").into(),
        made_at: made_at.to_string(),
        origin: services.origin.to_string(),
        master_key: services.master.fingerprint(),
        previous_keys,
        database: database.into(),
        files,
    };
    let mut file = File::create_new(folder.join(MANIFEST))?;
    file.write_all(&serde_json::to_vec_pretty(&manifest)?)?;
    file.sync_all()?;
    services.db.write_now(super::user::origin(), |tx| {
        let entry = Entry::new("backup.create").fact("files", manifest.files.len());
        audit::record(tx, entry.fact(BEGUN, made_at.to_string()))?;
        Ok(())
    })?;
    Ok(manifest)
}

/// Goes through the stored files that are there at the beginning, in the order of their ids, some at a time: there may be more
/// than fit into memory, and more come while it goes on.
///
/// # Errors
/// Those of `each` and of the database.
pub(super) fn each_kept(services: &Services, mut each: impl FnMut(Id) -> Result<()>) -> Result<()> {
    let kept = || blob::table.filter(blob::erased_at.is_null());
    let (newest, all): (Option<Id>, i64) = services.db.read_now(|conn| {
        let newest = blob::table.order(blob::id.desc()).select(blob::id).first(conn).optional()?;
        Ok((newest, kept().count().get_result(conn)?))
    })?;
    let Some(newest) = newest else { return Ok(()) };
    let mut progress = Progress::new(usize::try_from(all).unwrap_or_default());
    let mut after = Id::from_bytes([0; 16]);
    loop {
        let part: Vec<Id> = services.db.read_now(|conn| {
            let behind = kept().filter(blob::id.gt(after)).filter(blob::id.le(newest));
            Ok(behind.order(blob::id).limit(STEP).select(blob::id).load(conn)?)
        })?;
        let Some(last) = part.last().copied() else { return Ok(()) };
        for id in part {
            each(id)?;
            progress.step();
        }
        after = last;
    }
}

/// Size and hash of a file below `folder`.
///
/// # Errors
/// The file can't be read.
pub fn listed(folder: &Path, path: &str) -> Result<Listed> {
    let mut file = File::open(folder.join(path))?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 20];
    let mut size = 0;
    loop {
        let n = file.read(&mut piece)?;
        if n == 0 {
            break;
        }
        hash.update(&piece[..n]);
        size += n as u64;
    }
    Ok(Listed { path: path.to_owned(), size, sha256: data_encoding::HEXLOWER.encode(&hash.finalize()) })
}
