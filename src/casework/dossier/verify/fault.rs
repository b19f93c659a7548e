//! What may be wrong with a package, by name.

use serde::Serialize;

use crate::platform::terminal::printable;

/// One thing that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    pub code: Code,
    /// Path below the package's folder; for faults of the archive's frame the place in it, or empty.
    pub file: String,
    pub expected: String,
    pub found: String,
}

/// Kinds of faults; the message is `verify-fault-<code>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// A header or the directory of the archive has another byte.
    Frame,
    /// The archive is longer or shorter than it must be.
    Length,
    /// A file's content lies elsewhere than it must.
    Place,
    /// Contents overlap, or the directory claims more than there is.
    Overlap,
    Duplicate,
    /// An entry outside of the package's folder.
    Outside,
    Missing,
    Extra,
    /// Can't be read, or is not stored as it is.
    Damaged,
    TooBig,
    /// The file's hash is not that of the manifest.
    Hash,
    /// The file's hash or size is not that of the lead's list.
    ListHash,
    /// An item and its salt do not give what an earlier version listed for it.
    Commitment,
    /// Not listed in the manifest, or listed twice.
    ManifestMissing,
    /// In the manifest, but not in the package.
    ManifestExtra,
    /// Not what follows from the other files.
    Derived,
    /// Not in the one form that such a file has.
    Form,
    /// More entries than any package has.
    TooMany,
    /// Not to be read as JSON of this kind.
    Json,
    /// Of a later version of the format than this program knows.
    Schema,
    /// The lead's facts contradict each other.
    Facts,
    /// The seal names another manifest.
    SealManifest,
    /// The seal names another content.
    SealContent,
    /// The seal says otherwise than the lead.
    SealFacts,
    /// Sealed before it was approved.
    SealOrder,
    /// What the approver signed is not what the seal names.
    ApprovalSeal,
    /// What the approver signed is about other dossiers, another version or by another account than the seal's.
    ApprovalStatement,
    /// What the approver signed was shown to them before it was composed, or after they approved.
    ApprovalOrder,
    /// Approved by another passkey than the given one, or by none.
    ApprovalOther,
    /// What the passkey gave can't be read.
    ApprovalForm,
    /// The passkey signed another statement.
    ApprovalChallenge,
    /// What the passkey signed came from a page of another site.
    ApprovalOrigin,
    /// The passkey's device says that it signed for another site.
    ApprovalSite,
    /// Nobody was at the passkey's device.
    ApprovalPresence,
    /// Whoever was at the passkey's device did not show it who they are.
    ApprovalVerification,
    /// The passkey's public key can't be read, or is of another kind than is named.
    ApprovalKey,
    /// The passkey's signature does not hold.
    ApprovalSignature,
    /// A step from one signing key to the next does not hold.
    KeyStep,
    /// The keys do not lead to the one that the seal names, or to one that signed.
    KeySeal,
    /// Not signed by any key of `public-key.txt`, or not only.
    Signature,
    /// Signed, but by another key than the given ones.
    OtherKey,
    /// The head of the log is not signed by any key of `public-key.txt`, or not only.
    HeadSignature,
    /// The head of the log is signed by another key than the given ones.
    HeadOtherKey,
    ProofCheckpoint,
    ProofOrigin,
    ProofPath,
    ProofLeaf,
    ProofManifest,
    ProofSeal,
    /// A cosignature of the head of the log is not by the witness that it names.
    Cosignature,
    /// No time stamp, or not in the one form that its file has.
    StampForm,
    /// The signature of a time stamp does not hold.
    StampSignature,
    /// A time stamp is over another file than its name says.
    StampImprint,
    /// A time stamp is by an authority that does not lead to one of the given roots.
    StampAuthority,
}

impl Code {
    /// The code as in the JSON report and in message keys.
    pub fn as_str(self) -> String {
        serde_json::to_value(self).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Whether the package is whole all the same.
    fn is_about_trust(self) -> bool {
        matches!(self, Code::OtherKey | Code::HeadOtherKey | Code::StampAuthority | Code::ApprovalOther)
    }
}

/// The faults so far, bounded.
#[derive(Default)]
pub struct Faults {
    pub(super) list: Vec<Fault>,
    pub(super) more: usize,
    /// Whether one of them, listed or not, says that the package is not whole.
    is_broken: bool,
}

/// How many faults are listed.
const LISTED: usize = 1_000;

impl Faults {
    /// Whether the package is whole, whoever signed it.
    pub(super) fn are_about_trust(&self) -> bool {
        !self.is_broken
    }

    /// Whether a file has a fault of this kind among those that are listed.
    pub(super) fn has(&self, code: Code, file: &str) -> bool {
        self.list.iter().any(|fault| fault.code == code && fault.file == file)
    }

    /// Whether a fault that breaks the package is listed of a file that `is_it`. A file too
    /// many changes nothing that follows from the others.
    pub(super) fn breaks(&self, is_it: impl Fn(&str) -> bool) -> bool {
        let counts = |code: Code| !code.is_about_trust() && code != Code::Extra;
        self.list.iter().any(|fault| counts(fault.code) && is_it(&fault.file))
    }

    /// Takes a fault of a file back, as another one says what is wrong: the package stays as broken as it was.
    pub(super) fn take_back(&mut self, code: Code, file: &str) {
        self.list.retain(|fault| fault.code != code || fault.file != file);
    }

    /// How many there are, listed or not.
    pub(super) fn count(&self) -> usize {
        self.list.len() + self.more
    }

    pub(super) fn add(
        &mut self,
        code: Code,
        file: impl AsRef<str>,
        expected: impl ToString,
        found: impl ToString,
    ) {
        self.is_broken |= !code.is_about_trust();
        if self.list.len() >= LISTED {
            self.more += 1;
            return;
        }
        let shown = |text: String| printable(&text);
        self.list.push(Fault {
            code,
            file: shown(file.as_ref().to_owned()),
            expected: shown(expected.to_string()),
            found: shown(found.to_string()),
        });
    }
}
