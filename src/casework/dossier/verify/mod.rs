//! Checking a package offline: every byte of it, without a database, a network or trust in whoever made it.
//!
//! The archive's frame is made again and compared; every file is hashed; every file that follows from another is
//! derived again; the manifest is held against the seal, the seal against its signature, and both against the entry of
//! the audit log. What is left to trust is one public key, which must come from elsewhere.

mod approved;
mod archive;
mod checks;
mod cosigned;
mod fault;
mod lanes;
pub mod paper;
mod receipt;
pub mod received;
pub mod said;
mod signatures;
mod stamps;
mod trust;

use std::{
    collections::HashSet,
    fmt,
    io::{self, Read, Seek},
};

use serde::Serialize;

pub use approved::ApproverKey;
pub use cosigned::Cosigned;
pub use fault::{Code, Fault};
pub use lanes::Hashes;
pub use receipt::{ReceiptCode, ReceiptFault, ReceiptReport, check as check_receipt};
pub use stamps::Stamp;
pub use trust::parse_file as keys_of_file;

use super::{
    bag,
    facts::{LeadFacts, Withheld},
    names, package,
    seal::{ApprovedBy, ComposedBy, Seal},
};
use crate::platform::{
    keys::{PublicKey, WitnessKey},
    time_stamp::{MOST, Roots},
};
use archive::Opened;
use fault::Faults;

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
    /// By what they were hashed.
    pub hashes: Hashes,
    /// What the package says of itself; to be believed only if it is authentic.
    pub package: Option<Summary>,
    /// Who signed the seal, as far as the signature holds.
    pub signer: Option<Signer>,
    /// The passkey that signed the approval, as far as what it signed holds and is about this package.
    pub approver: Option<ApproverKey>,
    /// The steps that lead from a key that the caller trusts to the signer's; empty where that is trusted itself, or not.
    pub succession: Vec<KeyStep>,
    /// The keys that the caller trusts, and those that they lead to.
    #[serde(skip)]
    pub trusted: Vec<PublicKey>,
    /// What it says of its place in the audit log.
    pub log: Option<Logged>,
    /// Its time stamps, as far as their signatures hold.
    pub stamps: Vec<Stamp>,
    /// Such stamps beyond those listed.
    pub more_stamps: usize,
    /// What witnesses say of the head of the log: those who have cosigned it, and those whom the caller named.
    pub witnesses: Vec<Cosigned>,
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
    /// In Chinese, as the letter has it.
    pub addressee: String,
    pub addressee_en: String,
    pub addressee_code: String,
    pub synthetic: bool,
    pub items: usize,
    pub withheld: usize,
    pub content_sha256: String,
    pub manifest_sha256: String,
    /// SHA-256 of `seal.json`.
    pub seal_sha256: String,
    pub sealed_at: String,
    /// In which its days are meant, `Asia/Shanghai`.
    pub time_zone: String,
    /// Who composed it in which role and when, as the seal says; `None`: an older seal, which names nobody.
    pub composer: Option<ComposedBy>,
    /// Who approved it in which role and when, as the seal says.
    pub approval: ApprovedBy,
    /// What is kept back from the addressee.
    pub withheld_items: Vec<Withheld>,
}

/// The key behind the seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Signer {
    pub name: String,
    pub fingerprint: String,
    /// Whether it is one of the keys that the caller trusts, or one that they lead to.
    pub trusted: bool,
}

/// A signing key that the one before named as its successor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyStep {
    /// Fingerprint of the key before.
    pub old: String,
    /// Fingerprint of its successor.
    pub new: String,
    /// When it was named, as the statement says; RFC 3339.
    pub at: String,
}

/// The place of the sealing in the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Logged {
    /// Name of the log.
    pub origin: String,
    /// Place of the entry, from 0.
    pub index: u64,
    /// Entries that the signed head covers.
    pub size: u64,
    /// When the entry was written, as it says (RFC 3339); empty: it does not say.
    pub entry_at: String,
    /// Where heads and tiles of the log can be had; may be empty.
    pub tiles: String,
    /// Whether the entry names this manifest and this seal and stands under the head, which a key of the package signed.
    pub proven: bool,
    /// Whether a key signed the head that the caller trusts.
    pub trusted: bool,
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

/// As [`verify_with`], of a caller who had nothing but keys from elsewhere.
///
/// # Errors
/// [`Unreadable`].
pub fn verify<R: Read + Seek>(
    reader: R,
    trusted: &[PublicKey],
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Report, Unreadable> {
    verify_with(reader, &Trust { keys: trusted, ..Trust::default() }, Hashes::Both, progress)
}

/// Checks a package against what the caller had from elsewhere, its files by `hashes`. `progress` is told the bytes done and all
/// bytes.
///
/// # Errors
/// [`Unreadable`].
pub fn verify_with<R: Read + Seek>(
    reader: R,
    trust: &Trust<'_>,
    hashes: Hashes,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Report, Unreadable> {
    let mut faults = Faults::default();
    let mut archive = Opened::new(reader, &mut faults)?;
    let (size, files) = (archive.length, archive.entries.len());
    let mut checked = Checked::default();
    let most = package::MOST_ITEMS * (1 + MOST) + bag::fixed(bag::Beside::ALL).count() + 1 + MOST;
    if files > most {
        faults.add(Code::TooMany, "", most, files);
    } else if archive.fits() {
        check(archive, trust, hashes, progress, &mut faults, &mut checked);
    } else {
        faults.add(Code::Overlap, "", "", "");
    }
    let whole = faults.are_about_trust();
    let verdict = match (whole, checked.authentic && faults.list.is_empty()) {
        (false, _) => Verdict::Faulty,
        (true, true) => Verdict::Authentic,
        (true, false) => Verdict::NotAuthenticated,
    };
    let Checked { package, signer, approver, succession, trusted, log, stamps, witnesses, .. } = checked;
    let (faults, more_faults) = (faults.list, faults.more);
    let (stamps, more_stamps) = (stamps.listed, stamps.more);
    Ok(Report {
        verdict,
        faults,
        more_faults,
        size,
        files,
        hashes,
        package,
        signer,
        approver,
        succession,
        trusted,
        log,
        witnesses,
        stamps,
        more_stamps,
    })
}

#[derive(Default)]
struct Checked {
    authentic: bool,
    package: Option<Summary>,
    signer: Option<Signer>,
    approver: Option<ApproverKey>,
    succession: Vec<KeyStep>,
    trusted: Vec<PublicKey>,
    log: Option<Logged>,
    stamps: stamps::Found,
    witnesses: Vec<Cosigned>,
}

/// What the caller had from elsewhere.
#[derive(Clone, Copy, Default)]
pub struct Trust<'t> {
    /// Keys of senders; with none of them a package is never authentic.
    pub keys: &'t [PublicKey],
    /// What the authorities of time stamps must lead to. Without them a stamp is held against its signature and the file that
    /// it is over, and who made it is not known.
    pub roots: Option<&'t Roots>,
    /// Witnesses of the log, whose cosignatures must hold where there are any.
    pub witnesses: &'t [WitnessKey],
    /// The fingerprint of the approver's passkey, 64 lower-case hex digits. Without it, whose the passkey behind an approval is,
    /// is not known.
    pub approver: Option<&'t str>,
}

fn check<R: Read + Seek>(
    mut archive: Opened<R>,
    trust: &Trust<'_>,
    hashes: Hashes,
    progress: &mut dyn FnMut(u64, u64),
    faults: &mut Faults,
    checked: &mut Checked,
) {
    let small = checks::Small::read(&mut archive, faults);
    let facts: Option<LeadFacts> = checks::lead(&small, faults);
    let seal: Option<Seal> = checks::seal(&small, faults);
    // An older seal has no key, and its package does not say where that came from. Not every approval is signed by a passkey.
    let is_there = |path: &str| archive.entries.contains_key(path);
    let found = bag::Beside { keys: is_there(bag::KEYS), approval: is_there(bag::APPROVAL) };
    let beside = seal.as_ref().map_or(found, Seal::beside);
    let chain = if beside.keys { checks::keys(&small, faults) } else { None };
    let order = match &facts {
        Some(facts) => {
            let paths = bag::stamps(facts, |path| archive.entries.contains_key(path));
            checked.stamps = stamps::read(&mut archive, facts, &paths, trust.roots, faults);
            bag::order(facts, beside, paths.into_iter().map(|(path, _)| path))
        }
        // Without the list, everything that may be evidence is hashed, to be held against the manifest.
        None => bag::fixed(beside).chain(evidence(&archive)).collect(),
    };
    let expected: HashSet<&String> = order.iter().collect();
    for path in archive.entries.keys().filter(|path| !expected.contains(path)) {
        faults.add(Code::Extra, path, "", "");
    }
    let folder = archive.folder.clone();
    let (digests, frame) = archive.walk(&order, hashes, progress, faults);
    checks::manifests(&small, &digests, faults);
    stamps::over(&checked.stamps, &digests, faults);
    if let Some(facts) = &facts {
        checks::items(facts, &folder, &digests, hashes, faults);
        checks::derived(facts, seal.as_ref(), beside, &digests, faults);
    }
    if let Some(seal) = &seal {
        checks::seal_hashes(seal, &digests, faults);
        checked.approver = approved::check(&small, seal, trust.approver, faults);
    }
    if let (Some(facts), Some(seal)) = (&facts, &seal) {
        checks::seal_against(facts, seal, faults);
        checked.package = Some(checks::summary(facts, seal));
    }
    let manifest = digests.get(bag::MANIFEST).map_or("", |d| d.sha256.as_str());
    let signed = signatures::signatures(&small, seal.as_ref(), chain.as_ref(), manifest, trust, faults);
    checked.authentic = signed.authentic;
    (checked.signer, checked.log, checked.witnesses) = (signed.signer, signed.log, signed.witnesses);
    (checked.succession, checked.trusted) = (signed.succession, signed.trusted);
    checks::blame(facts.is_some() && seal.is_some(), faults);
    // A changed content changes check sums in the frame too; saying so twice would mislead.
    if let (Some(frame), true) = (frame, faults.are_about_trust()) {
        frame.compare(&order, faults);
    }
}

fn evidence<R>(archive: &Opened<R>) -> impl Iterator<Item = String> {
    let held = |path: &&String| {
        let is_there = path.as_str() == bag::SALES_ROWS;
        is_there || path.starts_with(names::EVIDENCE) || path.starts_with(bag::STAMPS)
    };
    archive.entries.keys().filter(held).cloned()
}

#[cfg(test)]
mod approved_tests;
#[cfg(test)]
mod blame_tests;
#[cfg(test)]
mod cosigned_tests;
#[cfg(test)]
mod list_tests;
#[cfg(test)]
mod paper_tests;
#[cfg(test)]
mod sha256_only_tests;
#[cfg(test)]
mod stamp_tests;
#[cfg(test)]
mod succession_tests;
#[cfg(test)]
mod tampering;
#[cfg(test)]
mod tests;
