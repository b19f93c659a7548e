//! Checking a package offline: every byte of it, without a database, a network or trust in whoever made it.
//!
//! The archive's frame is made again and compared; every file is hashed; every file that follows from another is
//! derived again; the manifest is held against the seal, the seal against its signature, and both against the entry of
//! the audit log. What is left to trust is one public key, which must come from elsewhere.

mod archive;
mod checks;
mod receipt;
mod stamps;
mod trust;

use std::{
    collections::HashSet,
    fmt,
    io::{self, Read, Seek},
};

use serde::Serialize;

pub use receipt::{ReceiptCode, ReceiptFault, ReceiptReport, check as check_receipt};
pub use stamps::Stamp;
pub use trust::parse_file as keys_of_file;

use super::{bag, facts::LeadFacts, names, package, seal::Seal};
use crate::platform::{
    keys::PublicKey,
    time_stamp::{MOST, Roots},
};
use archive::Opened;

/// What came of a check.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub verdict: Verdict,
    pub faults: Vec<Fault>,
    /// Faults beyond those listed.
    pub more_faults: usize,
    /// Bytes of the archive.
    pub size: u64,
    /// Files in it.
    pub files: usize,
    /// What the package says of itself; to be believed only if it is authentic.
    pub package: Option<Summary>,
    /// Who signed the seal, as far as the signature holds.
    pub signer: Option<Signer>,
    /// Its time stamps, as far as their signatures hold.
    pub stamps: Vec<Stamp>,
    /// Such stamps beyond those listed.
    pub more_stamps: usize,
}

/// Four outcomes; the fourth, unreadable, is [`Unreadable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Whole, and signed by a key that the caller trusts.
    Authentic,
    /// Whole, and signed by a key that the caller does not know.
    NotAuthenticated,
    /// Not as it was sealed.
    Faulty,
}

/// What the package says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub folder: String,
    pub number: String,
    pub version: u32,
    pub addressee: String,
    pub synthetic: bool,
    pub items: usize,
    pub withheld: usize,
    pub content_sha256: String,
    pub manifest_sha256: String,
    /// SHA-256 of `seal.json`.
    pub seal_sha256: String,
    pub sealed_at: String,
}

/// The key behind the seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Signer {
    pub name: String,
    pub fingerprint: String,
    /// Whether it is one of the keys that the caller trusts.
    pub trusted: bool,
}

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
        matches!(self, Code::OtherKey | Code::HeadOtherKey | Code::StampAuthority)
    }
}

/// Why nothing can be said of a file.
#[derive(Debug)]
pub enum Unreadable {
    Io(io::Error),
    /// No ZIP, a truncated one, or one whose directory is out of bounds.
    NotZip,
    /// A ZIP, but not of one package.
    NotPackage,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::Io(e) => e.fmt(f),
            Unreadable::NotZip => f.write_str("not a ZIP archive, or cut short"),
            Unreadable::NotPackage => f.write_str("not a sealed package"),
        }
    }
}

impl std::error::Error for Unreadable {}

/// The faults so far, bounded.
#[derive(Default)]
pub struct Faults {
    list: Vec<Fault>,
    more: usize,
    /// Whether one of them, listed or not, says that the package is not whole.
    is_broken: bool,
}

/// How many faults are listed.
const LISTED: usize = 1_000;

impl Faults {
    /// Whether the package is whole, whoever signed it.
    fn are_about_trust(&self) -> bool {
        !self.is_broken
    }

    /// How many there are, listed or not.
    fn count(&self) -> usize {
        self.list.len() + self.more
    }

    fn add(&mut self, code: Code, file: impl AsRef<str>, expected: impl ToString, found: impl ToString) {
        self.is_broken |= !code.is_about_trust();
        if self.list.len() >= LISTED {
            self.more += 1;
            return;
        }
        let shown = |text: String| archive::printable(&text);
        self.list.push(Fault {
            code,
            file: shown(file.as_ref().to_owned()),
            expected: shown(expected.to_string()),
            found: shown(found.to_string()),
        });
    }
}

/// Checks a package. `trusted`: keys that the caller had from elsewhere; with none of them it is never authentic.
/// `progress` is told the bytes done and all bytes.
///
/// # Errors
/// [`Unreadable`].
pub fn verify<R: Read + Seek>(
    reader: R,
    trusted: &[PublicKey],
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Report, Unreadable> {
    verify_stamped(reader, trusted, None, progress)
}

/// As [`verify`]; `roots`: what the authorities of its time stamps must lead to. Without them a stamp is held against its
/// signature and the file that it is over, and who made it is not known.
///
/// # Errors
/// [`Unreadable`].
pub fn verify_stamped<R: Read + Seek>(
    reader: R,
    trusted: &[PublicKey],
    roots: Option<&Roots>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Report, Unreadable> {
    let mut faults = Faults::default();
    let mut archive = Opened::new(reader, &mut faults)?;
    let (size, files) = (archive.length, archive.entries.len());
    let mut checked = Checked::default();
    let most = package::MOST_ITEMS * (1 + MOST) + bag::fixed().count() + MOST;
    if files > most {
        faults.add(Code::TooMany, "", most, files);
    } else if archive.fits() {
        let trust = Trust { keys: trusted, roots };
        check(archive, &trust, progress, &mut faults, &mut checked);
    } else {
        faults.add(Code::Overlap, "", "", "");
    }
    let whole = faults.are_about_trust();
    let verdict = match (whole, checked.authentic && faults.list.is_empty()) {
        (false, _) => Verdict::Faulty,
        (true, true) => Verdict::Authentic,
        (true, false) => Verdict::NotAuthenticated,
    };
    let Checked { package, signer, stamps, .. } = checked;
    let (faults, more_faults) = (faults.list, faults.more);
    let (stamps, more_stamps) = (stamps.listed, stamps.more);
    Ok(Report { verdict, faults, more_faults, size, files, package, signer, stamps, more_stamps })
}

#[derive(Default)]
struct Checked {
    authentic: bool,
    package: Option<Summary>,
    signer: Option<Signer>,
    stamps: stamps::Found,
}

/// What the caller had from elsewhere.
struct Trust<'t> {
    keys: &'t [PublicKey],
    roots: Option<&'t Roots>,
}

fn check<R: Read + Seek>(
    mut archive: Opened<R>,
    trust: &Trust<'_>,
    progress: &mut dyn FnMut(u64, u64),
    faults: &mut Faults,
    checked: &mut Checked,
) {
    let small = checks::Small::read(&mut archive, faults);
    let facts: Option<LeadFacts> = checks::lead(&small, faults);
    let seal: Option<Seal> = checks::seal(&small, faults);
    let order = match &facts {
        Some(facts) => {
            let paths = bag::stamps(facts, |path| archive.entries.contains_key(path));
            checked.stamps = stamps::read(&mut archive, facts, &paths, trust.roots, faults);
            bag::order(facts, paths.into_iter().map(|(path, _)| path))
        }
        // Without the list, everything that may be evidence is hashed, to be held against the manifest.
        None => bag::fixed().chain(evidence(&archive)).collect(),
    };
    let expected: HashSet<&String> = order.iter().collect();
    for path in archive.entries.keys().filter(|path| !expected.contains(path)) {
        faults.add(Code::Extra, path, "", "");
    }
    let folder = archive.folder.clone();
    let (digests, frame) = archive.walk(&order, progress, faults);
    checks::manifest(&small, &digests, faults);
    stamps::over(&checked.stamps, &digests, faults);
    if let Some(facts) = &facts {
        checks::items(facts, &folder, &digests, faults);
        checks::derived(facts, seal.as_ref(), &digests, faults);
    }
    if let (Some(facts), Some(seal)) = (&facts, &seal) {
        checks::seal_against(facts, seal, &digests, faults);
        checked.package = Some(checks::summary(facts, seal));
    }
    let manifest = digests.get(bag::MANIFEST).map_or("", |d| d.sha256.as_str());
    let signed = checks::signatures(&small, manifest, trust.keys, faults);
    checked.authentic = signed.authentic;
    checked.signer = signed.signer;
    // A changed content changes check sums in the frame too; saying so twice would mislead.
    if let (Some(frame), true) = (frame, faults.are_about_trust()) {
        frame.compare(&order, faults);
    }
}

fn evidence<R>(archive: &Opened<R>) -> impl Iterator<Item = String> {
    let held = |path: &&String| path.starts_with(names::EVIDENCE) || path.starts_with(bag::STAMPS);
    archive.entries.keys().filter(held).cloned()
}

#[cfg(test)]
mod stamp_tests;
#[cfg(test)]
mod tests;
