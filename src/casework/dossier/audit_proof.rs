//! `audit-proof.json`: that the sealing stands in the audit log. The leaf names the manifest hash and the seal's hash;
//! the path leads from the leaf to the root of a signed head (RFC 6962 hashing, C2SP tlog-checkpoint).

use data_encoding::{BASE64, HEXLOWER};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tlog_tiles::{Checkpoint, Hash, check_record, record_hash};

use crate::platform::error::{AppError, Result};

/// What `schema` says.
pub const SCHEMA: &str = "lead-handoff/audit-proof/1";

/// The verb of the entry of a sealing. Its facts must name `manifest_sha256` and `seal_sha256`, the SHA-256 of the
/// exact bytes of `seal.json` (both lower-case hex).
pub const VERB: &str = "dossier.seal";

/// Everything that `audit-proof.json` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditProof {
    /// [`SCHEMA`].
    pub schema: String,
    /// Name of the log, the first line of its heads.
    pub origin: String,
    /// Where the log's heads and tiles can be had, `https://…/api/v1/audit`; may be empty.
    pub tiles: String,
    /// Place of the entry, from 0.
    pub index: u64,
    /// The entry's bytes, which are UTF-8 JSON.
    pub leaf: String,
    /// Hashes from the leaf to the root, base64.
    pub path: Vec<String>,
    /// The signed head that covers the entry.
    pub checkpoint: String,
}

/// Why a proof does not prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unproven {
    /// The checkpoint can't be read.
    Checkpoint,
    /// The checkpoint is of another log.
    Origin,
    /// The path does not lead from the leaf to the root.
    Path,
    /// The leaf is not that of a sealing.
    Leaf,
    /// The leaf names another manifest.
    Manifest,
    /// The leaf names another seal.
    Seal,
}

impl AuditProof {
    /// From the values of the audit log.
    ///
    /// # Errors
    /// Internal, when the leaf is not UTF-8 or the checkpoint is malformed.
    pub fn new(leaf: &[u8], index: u64, path: &[[u8; 32]], checkpoint: &str, tiles: &str) -> Result<Self> {
        let text = checkpoint_text(checkpoint).and_then(|text| Checkpoint::from_bytes(text).ok());
        let origin = text.ok_or_else(|| AppError::internal("a malformed checkpoint"))?.origin().to_owned();
        Ok(Self {
            schema: SCHEMA.to_owned(),
            origin,
            tiles: tiles.to_owned(),
            index,
            leaf: std::str::from_utf8(leaf).map_err(AppError::internal)?.to_owned(),
            path: path.iter().map(|hash| BASE64.encode(hash)).collect(),
            checkpoint: checkpoint.to_owned(),
        })
    }

    /// The text of the file: canonical JSON and a line feed.
    ///
    /// # Errors
    /// Internal; writing to memory does not fail.
    pub fn to_text(&self) -> Result<String> {
        let mut text = serde_json_canonicalizer::to_string(self)?;
        text.push('\n');
        Ok(text)
    }

    /// Checks everything but the checkpoint's signature. `seal_json`: the exact bytes of the file.
    ///
    /// # Errors
    /// What does not hold.
    pub fn check(&self, manifest_sha256: &str, seal_json: &[u8]) -> Result<(), Unproven> {
        let text = checkpoint_text(&self.checkpoint).ok_or(Unproven::Checkpoint)?;
        let head = Checkpoint::from_bytes(text).map_err(|_| Unproven::Checkpoint)?;
        if head.origin() != self.origin {
            return Err(Unproven::Origin);
        }
        let path = self.path_hashes().ok_or(Unproven::Path)?;
        // 2^62 leaves are more than any log will have, and keep the arithmetic of the tree within its bounds.
        if self.index >= head.size() || head.size() > 1 << 62 || path.len() > 64 {
            return Err(Unproven::Path);
        }
        check_record(&path, head.size(), *head.hash(), self.index, record_hash(self.leaf.as_bytes()))
            .map_err(|_| Unproven::Path)?;
        check_leaf(&self.leaf, manifest_sha256, &HEXLOWER.encode(&Sha256::digest(seal_json)))
    }

    /// How many entries the head covers, as it says; `None` when it can't be read.
    pub fn head_size(&self) -> Option<u64> {
        Some(Checkpoint::from_bytes(checkpoint_text(&self.checkpoint)?).ok()?.size())
    }

    /// When the entry was written, as it says itself. A head bears no time.
    pub fn entry_at(&self) -> Option<String> {
        let leaf: Value = serde_json::from_str(&self.leaf).ok()?;
        leaf["at"].as_str().map(str::to_owned)
    }

    fn path_hashes(&self) -> Option<Vec<Hash>> {
        self.path.iter().map(|text| BASE64.decode(text.as_bytes()).ok()?.try_into().ok().map(Hash)).collect()
    }
}

fn check_leaf(leaf: &str, manifest_sha256: &str, seal_sha256: &str) -> Result<(), Unproven> {
    let leaf: Value = serde_json::from_str(leaf).map_err(|_| Unproven::Leaf)?;
    if leaf["verb"] != VERB || leaf["outcome"] != "done" {
        return Err(Unproven::Leaf);
    }
    if leaf["facts"]["manifest_sha256"] != manifest_sha256 {
        return Err(Unproven::Manifest);
    }
    if leaf["facts"]["seal_sha256"] != seal_sha256 {
        return Err(Unproven::Seal);
    }
    Ok(())
}

/// The text of a note, without its signatures.
fn checkpoint_text(note: &str) -> Option<&[u8]> {
    note.rfind("\n\n").map(|at| &note.as_bytes()[..=at])
}
