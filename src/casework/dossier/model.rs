//! What a composition and its dossiers are, and how far they are. Pure.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::platform::{
    db::{Id, Instant},
    http::view::Tone,
};

/// How far a dossier is; derived from the rows that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Its bytes are being made.
    Freezing,
    /// Its bytes are fixed; nobody has approved them.
    Frozen,
    /// Approved; seal and package are being made.
    Sealing,
    /// Sealed, with its package.
    Sealed,
}

impl State {
    pub const ALL: [State; 4] = [State::Freezing, State::Frozen, State::Sealing, State::Sealed];

    /// The word in the API and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Freezing => "freezing",
            State::Frozen => "frozen",
            State::Sealing => "sealing",
            State::Sealed => "sealed",
        }
    }

    pub fn tone(self) -> Tone {
        match self {
            State::Freezing | State::Sealing => Tone::Info,
            State::Frozen => Tone::Neutral,
            State::Sealed => Tone::Good,
        }
    }
}

/// A dossier with what is known of its way.
#[derive(Clone, Debug)]
pub struct Dossier {
    pub id: Id,
    pub composition_id: Id,
    pub lead_id: Id,
    pub agency_id: Id,
    /// Folder of the package, `XS-2016-001184-v2-<agency code>`.
    pub folder: String,
    pub created_at: Instant,
    pub synthetic: bool,
    /// Of the composition, counted per lead.
    pub version: i32,
    pub agency_code: String,
    pub agency_name_zh: String,
    pub agency_name_en: String,
    /// SHA-256 of the manifest, lower-case hex, once frozen.
    pub manifest_sha256: Option<String>,
    /// SHA-256 of `data/lead.json`, lower-case hex, once frozen.
    pub content_sha256: Option<String>,
    pub frozen_at: Option<Instant>,
    /// Goes before the manifest hash into what an approver's passkey signs; 32 bytes, lower-case hex.
    pub approval_salt: Option<String>,
    /// When its composition was approved, and by whom.
    pub approved_at: Option<Instant>,
    pub approved_by: Option<Id>,
    pub sealed_at: Option<Instant>,
    /// When the package was written, and its bytes.
    pub packed: Option<(Instant, i64)>,
}

impl Dossier {
    pub fn state(&self) -> State {
        match (self.packed.is_some(), self.approved_at.is_some(), self.manifest_sha256.is_some()) {
            (true, ..) => State::Sealed,
            (_, true, _) => State::Sealing,
            (.., true) => State::Frozen,
            _ => State::Freezing,
        }
    }
}

/// A frozen file: where it lies in the package and in the vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenFile {
    /// From `data/` on.
    pub path: String,
    /// The blob that holds it.
    pub blob: Id,
    pub size: u64,
    /// Lower-case hex.
    pub sha256: String,
}

/// What was frozen.
#[derive(Clone, Debug)]
pub struct Freeze {
    /// Lower-case hex.
    pub content_sha256: String,
    /// Lower-case hex.
    pub manifest_sha256: String,
    /// In the order of the archive.
    pub files: Vec<FrozenFile>,
    pub frozen_at: Instant,
    /// As [`Dossier::approval_salt`].
    pub approval_salt: Option<String>,
}

impl Freeze {
    /// The file at a path of the package.
    pub fn file(&self, path: &str) -> Option<&FrozenFile> {
        self.files.iter().find(|file| file.path == path)
    }
}

/// Why an item is kept back from an addressee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withholding {
    /// The item is marked do-not-disclose.
    Marked,
    /// The compiler keeps it back from this addressee alone.
    FromAddressee,
}

impl Withholding {
    pub fn as_str(self) -> &'static str {
        match self {
            Withholding::Marked => "marked",
            Withholding::FromAddressee => "addressee",
        }
    }
}

/// One addressee of a composition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressed {
    pub agency_id: Id,
    /// Items kept back from it, beside those that are marked.
    pub withheld: BTreeSet<Id>,
}

/// What a compiler asks for.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The version that the form expects to make; `None`: whichever comes next.
    pub version: Option<i32>,
    /// Items by their ids.
    pub evidence: Vec<Id>,
    pub addressees: Vec<Addressed>,
    pub note: String,
}
