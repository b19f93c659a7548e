//! `seal.json` and `seal.sig`: what was approved by whom, bound to the manifest hash, and signed by the server.
//!
//! `seal.json` is canonical JSON (RFC 8785) followed by one line feed. `seal.sig` holds the signature lines of a C2SP
//! signed note whose text is exactly `seal.json`: `seal.json`, an empty line and `seal.sig`, one after the other, are
//! the whole note, which any note verifier reads (`(cat seal.json; echo; cat seal.sig)`).
//!
//! The first form of it ([`SCHEMA_1`]) names neither the composer nor the key, and its package has no `keys.json`. Packages of
//! that form are as valid as ever.

use serde::{Deserialize, Serialize};
use signed_note::{Note, Signer};

use super::{
    bag::Beside,
    facts::{LeadFacts, Withheld},
};
use crate::platform::{
    db::{Id, Instant},
    error::{AppError, Result},
};

/// What `schema` says.
pub const SCHEMA: &str = "lead-handoff/seal/2";
/// What it says of a seal that was made before composer and key were named.
pub const SCHEMA_1: &str = "lead-handoff/seal/1";

/// Everything that `seal.json` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// [`SCHEMA`], or [`SCHEMA_1`] where composer and key are not named.
    pub schema: String,
    pub synthetic: bool,
    pub folder: String,
    pub number: String,
    pub version: u32,
    pub addressee: SealedFor,
    /// SHA-256 of `data/lead.json`, lower-case hex.
    pub content_sha256: String,
    /// SHA-256 of `manifest-sha256.txt`, lower-case hex: the dossier's identity.
    pub manifest_sha256: String,
    pub withheld: Vec<Withheld>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub composer: Option<ComposedBy>,
    pub approval: ApprovedBy,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signing_key: Option<SealKey>,
    pub sealed_at: Instant,
}

/// Who composed it and when. The letter has the name; here stands what an account keeps when it is renamed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComposedBy {
    pub composer: Id,
    /// `compiler`
    pub role: String,
    /// The moment that the papers bear (`prepared_at`).
    pub at: Instant,
}

/// The key that signs, and how it came to be ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealKey {
    /// As [`PublicKey::fingerprint`](crate::platform::keys::PublicKey::fingerprint).
    pub fingerprint: String,
    /// As [`Chain::sha256_to`](super::succession::Chain::sha256_to): of the statements in `keys.json` that lead to it.
    pub succession_sha256: String,
}

/// The people and the key of a seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parties {
    /// `None` with `signing_key`: a seal of the first form.
    pub composer: Option<ComposedBy>,
    pub approval: ApprovedBy,
    pub signing_key: Option<SealKey>,
}

/// The agency that the seal is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedFor {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
}

/// Who approved, when, and where that is on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovedBy {
    pub approver: Id,
    /// `approver`
    pub role: String,
    pub at: Instant,
    /// The entry of the approval in the audit log.
    pub audit_entry: Id,
    /// SHA-256 of `approval.json`, lower-case hex; not there where it was approved by the code of a second factor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_sha256: Option<String>,
    /// What goes before this dossier's manifest hash in the commitments of that file; 32 bytes, lower-case hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_salt: Option<String>,
}

impl Seal {
    /// The seal of what was frozen.
    pub fn new(
        facts: &LeadFacts,
        content_sha256: &str,
        manifest_sha256: &str,
        parties: Parties,
        sealed_at: Instant,
    ) -> Self {
        let Parties { composer, approval, signing_key } = parties;
        let schema = if composer.is_some() && signing_key.is_some() { SCHEMA } else { SCHEMA_1 };
        Self {
            schema: schema.to_owned(),
            synthetic: facts.synthetic,
            folder: facts.folder.clone(),
            number: facts.number.clone(),
            version: facts.version,
            addressee: SealedFor {
                code: facts.addressee.code.clone(),
                name_zh: facts.addressee.name_zh.clone(),
                name_en: facts.addressee.name_en.clone(),
            },
            content_sha256: content_sha256.to_owned(),
            manifest_sha256: manifest_sha256.to_owned(),
            withheld: facts.withheld.clone(),
            composer,
            approval,
            signing_key,
            sealed_at,
        }
    }

    /// Those that it names.
    pub fn parties(&self) -> Parties {
        let Self { composer, approval, signing_key, .. } = self.clone();
        Parties { composer, approval, signing_key }
    }

    /// Whether its package tells how the key came to be ours (`keys.json`), and holds what the approver signed
    /// (`approval.json`).
    pub fn beside(&self) -> Beside {
        Beside { keys: self.schema != SCHEMA_1, approval: self.approval.signed_sha256.is_some() }
    }

    /// The text of `seal.json`, with its line feed.
    ///
    /// # Errors
    /// Internal; writing to memory does not fail.
    pub fn to_text(&self) -> Result<String> {
        let mut text = serde_json_canonicalizer::to_string(self)?;
        text.push('\n');
        Ok(text)
    }
}

/// The text of `seal.sig`: one signature line for each signer over `seal_json`.
///
/// # Errors
/// Internal, when a signer fails or the text is no note text.
pub fn sign(seal_json: &str, signers: &[&dyn Signer]) -> Result<String> {
    let mut note = Note::new(seal_json.as_bytes(), &[]).map_err(AppError::internal)?;
    note.add_sigs(signers).map_err(AppError::internal)?;
    let whole = String::from_utf8(note.to_bytes()).map_err(AppError::internal)?;
    whole
        .strip_prefix(seal_json)
        .and_then(|rest| rest.strip_prefix('\n'))
        .map(str::to_owned)
        .ok_or_else(|| AppError::internal("a note that does not begin with its text"))
}

/// The whole note of `seal.json` and `seal.sig`.
pub fn note(seal_json: &[u8], seal_sig: &[u8]) -> Vec<u8> {
    [seal_json, b"\n", seal_sig].concat()
}
