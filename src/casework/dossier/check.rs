//! What `lead-handoff check` asks of dossiers: that what was frozen is there and unchanged, that seals are signed by
//! keys of ours, and that packages are what was written.

use data_encoding::HEXLOWER;

use super::{bag, packing, seal::Seal, store};
use crate::{
    casework::evidence::store as blobs,
    platform::{
        db::{Connection, Id},
        error::Result,
        jobs,
        vault::Vault,
    },
};

/// One thing that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub dossier: Id,
    /// Folder of the package.
    pub folder: String,
    /// Path in the package, `package.zip`, or empty.
    pub file: String,
    /// Message key: `check-dossier-…`.
    pub code: &'static str,
}

/// Checks every dossier. Each file of the vault is read once for every dossier that holds it.
///
/// # Errors
/// Those of the database. What the vault can't give is a fault.
pub fn check(conn: &mut Connection, vault: &Vault) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    for id in store::all_ids(conn)? {
        let one = store::find(conn, id)?;
        let mut fault = |file: &str, code| {
            faults.push(Fault { dossier: id, folder: one.folder.clone(), file: file.to_owned(), code });
        };
        let Some(freeze) = store::frozen(conn, id)? else { continue };
        for file in &freeze.files {
            let sha256 = HEXLOWER.decode(file.sha256.as_bytes()).unwrap_or_default();
            if let Some(code) = check_blob(conn, vault, file.blob, Some((&sha256, file.size)))? {
                fault(&file.path, code);
            }
        }
        let lines = freeze.files.iter().map(|file| (file.path.as_str(), file.sha256.as_str()));
        if bag::sha256_hex(bag::manifest(lines).as_bytes()) != freeze.manifest_sha256 {
            fault(bag::MANIFEST, "check-dossier-manifest");
        }
        if let Some(row) = store::seal(conn, id)? {
            let seal: Option<Seal> = serde_json::from_str(&row.seal_json).ok();
            if seal.is_none_or(|seal| seal.manifest_sha256 != freeze.manifest_sha256) {
                fault(bag::SEAL, "check-dossier-seal");
            }
            if packing::signers(conn, &[&packing::note_text(&row)])?.is_empty() {
                fault(bag::SEAL_SIGNATURE, "check-dossier-signature");
            }
        }
        if let Some(row) = store::package(conn, id)?
            && let Some(code) = check_blob(conn, vault, row.blob_id, None)?
        {
            fault("package.zip", code);
        }
    }
    Ok(faults)
}

/// Reads a blob and compares it with its row, and with what was frozen of it.
fn check_blob(
    conn: &mut Connection,
    vault: &Vault,
    id: Id,
    frozen: Option<(&[u8], u64)>,
) -> Result<Option<&'static str>> {
    let blob = blobs::blob(conn, id)?;
    if blob.erased_at.is_some() {
        // Lawful disposal, on record elsewhere.
        return Ok(None);
    }
    let Ok(found) = jobs::wait(vault.digest(blob.id.uuid(), &blob.wrapped_key))? else {
        return Ok(Some("check-dossier-missing"));
    };
    let (sha256, size) = frozen.unwrap_or((&blob.sha256, blob.size.cast_unsigned()));
    let same = found.sha256[..] == *sha256 && found.size == size && found.sha256[..] == blob.sha256[..];
    Ok((!same).then_some("check-dossier-changed"))
}
