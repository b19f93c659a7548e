//! One entry with the proof that it is in the log.

use askama::Template;

use super::list_page::EntryView;
use crate::{
    audit::Proof,
    platform::http::{layout::Chrome, view::Link},
};

/// The proof in text form.
#[derive(Clone, Debug)]
pub struct ProofView {
    pub place: String,
    pub size: String,
    pub root: String,
    /// Hashes of the path, lower-case hex, from the leaf upwards.
    pub path: Vec<String>,
    /// The signed head.
    pub note: String,
}

impl ProofView {
    pub fn new(proof: &Proof) -> Self {
        let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
        Self {
            place: proof.place.to_string(),
            size: proof.head.size.to_string(),
            root: hex(&proof.head.root),
            path: proof.path.iter().map(|hash| hex(hash)).collect(),
            note: proof.head.note.clone(),
        }
    }
}

/// The page.
#[derive(Template)]
#[template(path = "reporting/audit_entry.html")]
pub struct EntryPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub entry: EntryView,
    /// The leaf as it was hashed.
    pub leaf: String,
    /// Whether the reader may see personal parts; they may have been erased.
    pub sees_private: bool,
    pub proof: Option<ProofView>,
}
