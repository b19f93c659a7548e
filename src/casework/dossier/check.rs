//! What `lead-handoff check` asks of dossiers: that what was frozen is what the vault's rows say, that seals are
//! signed by keys of ours and bind to what was frozen, and that packages are there. The bytes themselves are read and
//! hashed once for all rooms, by the command.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::{bag, model::Dossier, packing, seal::Seal, stated, store};
use crate::{
    casework::evidence::{store as blobs, time_stamp},
    platform::{
        db::{Connection, Id},
        error::Result,
        i18n::{self, Lang},
    },
};

/// One sentence for each thing that is not as it must be.
///
/// # Errors
/// Those of the database.
pub fn check(conn: &mut Connection, lang: Lang) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for id in store::all_ids(conn)? {
        let one = store::find(conn, id)?;
        check_one(conn, &one, &mut |path: &str, what: &'static str| {
            let what = i18n::t(lang, what);
            let arguments = [("folder", one.folder.clone()), ("path", path.to_owned()), ("what", what)];
            let key = if path.is_empty() { "check-dossier" } else { "check-dossier-file" };
            faults.push(i18n::t_with(lang, key, &arguments));
        })?;
    }
    Ok(faults)
}

/// `fault` takes the file that it is about, empty for the dossier, and the message key of what is wrong.
fn check_one(conn: &mut Connection, one: &Dossier, fault: &mut dyn FnMut(&str, &'static str)) -> Result<()> {
    let Some(freeze) = store::frozen(conn, one.id)? else {
        if one.sealed_at.is_some() {
            fault("", "check-dossier-unfrozen");
        }
        return Ok(());
    };
    let package = store::package(conn, one.id)?;
    let stored = freeze.files.iter().map(|file| file.blob).chain(package.iter().map(|row| row.blob_id));
    let stored = blobs::blobs(conn, &stored.collect::<Vec<Id>>())?;
    for file in &freeze.files {
        if let Some(what) = differs(stored.get(&file.blob), Some((&file.sha256, file.size))) {
            fault(&file.path, what);
        }
    }
    let lines = freeze.files.iter().map(|file| (file.path.as_str(), file.sha256.as_str()));
    if bag::sha256_hex(bag::manifest(lines).as_bytes()) != freeze.manifest_sha256 {
        fault("", "check-dossier-manifest");
    }
    if stated::content_sha256(conn, one.id)?.is_some_and(|kept| kept != freeze.content_sha256) {
        fault("", "check-dossier-stated");
    }
    if let Some(row) = store::seal(conn, one.id)? {
        let seal: Option<Seal> = serde_json::from_str(&row.seal_json).ok();
        if seal.is_none_or(|seal| seal.manifest_sha256 != freeze.manifest_sha256) {
            fault("", "check-dossier-seal");
        }
        let imprint = Sha256::digest(row.seal_json.as_bytes());
        let stamps = time_stamp::store::of_seal(conn, one.id)?;
        if stamps.iter().any(|stamp| stamp.imprint[..] != imprint[..]) {
            fault("", "check-dossier-timestamp");
        }
        if packing::signers(conn, &[&packing::note_text(&row)])?.is_empty() {
            fault("", "check-dossier-signature");
        }
    }
    if let Some(row) = package {
        if one.sealed_at.is_none() {
            fault("", "check-dossier-unsealed");
        }
        if let Some(what) = differs(stored.get(&row.blob_id), None) {
            fault("package.zip", what);
        }
    }
    Ok(())
}

/// Message key of what is wrong with the row of a blob. One that was erased is in order: that is on record elsewhere.
fn differs(blob: Option<&blobs::Blob>, frozen: Option<(&str, u64)>) -> Option<&'static str> {
    let Some(blob) = blob else { return Some("check-dossier-file-gone") };
    let (sha256, size) = frozen?;
    let same = HEXLOWER.encode(&blob.sha256) == sha256 && blob.size.cast_unsigned() == size;
    (!same).then_some("check-dossier-file-differs")
}
