//! Whatever is done to a package, it is found, and what was done it to is named.

use std::{collections::HashMap, io::Cursor, thread};

use super::{
    tests::{trusted, with},
    *,
};
use crate::casework::dossier::{
    audit_proof::AuditProof,
    layout::Digests,
    sample::{self, NamedKey},
    seal,
};

/// The package's files in their order: the path below the folder, and the bytes.
pub(super) type Members = Vec<(String, Vec<u8>)>;

fn folder() -> String {
    sample::facts().folder
}

/// Facts of one item, so that a package of them is small enough for every byte of it to be tried.
fn small_facts() -> LeadFacts {
    let mut facts = sample::facts();
    facts.items.truncate(1);
    facts.brands.clear();
    facts.subjects.clear();
    facts.sites.clear();
    facts
}

fn small() -> Vec<u8> {
    sample::package(&small_facts(), &[sample::FILES[0]])
}

fn check(bytes: &[u8]) -> Result<Report, Unreadable> {
    verify(Cursor::new(bytes), &trusted(), &mut |_, _| {})
}

/// Where the content of each file lies.
fn places(archive: &[u8]) -> Vec<(String, std::ops::Range<usize>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let prefix = format!("{}/", folder());
    (0..zip.len())
        .map(|index| {
            let file = zip.by_index_raw(index).unwrap();
            let start = usize::try_from(file.data_start().unwrap()).unwrap();
            let name = file.name().unwrap().strip_prefix(&prefix).unwrap().to_owned();
            (name, start..start + usize::try_from(file.size()).unwrap())
        })
        .collect()
}

pub(super) fn members(archive: &[u8]) -> Members {
    places(archive).into_iter().map(|(name, place)| (name, archive[place].to_vec())).collect()
}

pub(super) fn zipped(members: &Members) -> Vec<u8> {
    let named: Vec<(String, &[u8])> =
        members.iter().map(|(name, bytes)| (format!("{}/{name}", folder()), bytes.as_slice())).collect();
    let named: Vec<(&str, &[u8])> = named.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    with(&named)
}

pub(super) fn bytes_of<'m>(members: &'m mut Members, name: &str) -> &'m mut Vec<u8> {
    members.iter_mut().find(|(path, _)| path == name).map(|(_, bytes)| bytes).unwrap()
}

/// The manifest of the tag files made to fit, as whoever forges one can.
pub(super) fn refitted(mut members: Members) -> Members {
    let tags: Vec<(String, String)> = members
        .iter()
        .filter(|(path, _)| !path.starts_with("data/") && path != bag::TAG_MANIFEST)
        .map(|(path, bytes)| (path.clone(), bag::sha256_hex(bytes)))
        .collect();
    let text = bag::manifest(tags.iter().map(|(path, hash)| (path.as_str(), hash.as_str())));
    *bytes_of(&mut members, bag::TAG_MANIFEST) = text.into_bytes();
    members
}

/// The faults of a package that is not authentic.
fn faults(members: &Members, what: &str) -> Vec<Fault> {
    let report = check(&zipped(members)).unwrap_or_else(|e| panic!("{what}: {e}"));
    assert_eq!(report.verdict, Verdict::Faulty, "{what}");
    report.faults
}

fn names(faults: &[Fault], file: &str) -> bool {
    faults.iter().any(|fault| fault.file == file)
}

/// Whether a changed archive is refused, by a fault that names `file` or, of the archive's own structure, none.
fn found(bytes: &[u8], file: Option<&str>) -> Result<(), String> {
    match check(bytes) {
        // No ZIP any more, or none of a package: the command ends with 2.
        Err(_) if file.is_none() => Ok(()),
        Err(e) => Err(format!("unreadable, though only a content was changed: {e}")),
        Ok(report) if report.verdict != Verdict::Faulty => Err(format!("passed as {:?}", report.verdict)),
        Ok(report) => match file {
            Some(file) if !names(&report.faults, file) => Err(format!("not named: {:?}", report.faults)),
            None if report.faults.is_empty() => Err("no fault is named".to_owned()),
            _ => Ok(()),
        },
    }
}

/// Every byte of the package, each with another bit of it turned; of a changed content the file is named.
#[test]
fn every_byte_is_held_to_what_it_was() {
    let whole = small();
    assert_eq!(check(&whole).unwrap().verdict, Verdict::Authentic);
    let places = places(&whole);
    let of = |at: usize| places.iter().find(|(_, place)| place.contains(&at)).map(|(name, _)| name.as_str());
    let part = |first: usize, step: usize| {
        let mut bytes = whole.clone();
        let mut missed = Vec::new();
        for at in (first..bytes.len()).step_by(step) {
            let bit = if at % 2 == 0 { 0x01 } else { 0x80 };
            bytes[at] ^= bit;
            if let Err(why) = found(&bytes, of(at)) {
                missed.push(format!("byte {at} ({}): {why}", of(at).unwrap_or("frame")));
            }
            bytes[at] ^= bit;
        }
        missed
    };
    let missed: Vec<String> = thread::scope(|scope| {
        let part = &part;
        let threads: Vec<_> = (0..4).map(|first| scope.spawn(move || part(first, 4))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(missed.is_empty(), "{} of {}: {:#?}", missed.len(), whole.len(), &missed[..missed.len().min(20)]);
}

#[test]
fn no_length_but_the_whole_passes() {
    let whole = small();
    for length in 0..whole.len() {
        let cut = check(&whole[..length]);
        assert!(!matches!(cut, Ok(ref report) if report.verdict != Verdict::Faulty), "{length} bytes passed");
    }
}

/// Contents and places of any two files changed for each other.
#[test]
fn swapped_files_are_named() {
    let all = members(&small());
    for one in 0..all.len() {
        for other in one + 1..all.len() {
            let what = format!("{} and {}", all[one].0, all[other].0);
            let mut swapped = all.clone();
            (swapped[one].1, swapped[other].1) = (all[other].1.clone(), all[one].1.clone());
            let found = faults(&swapped, &what);
            assert!(names(&found, &all[one].0) && names(&found, &all[other].0), "{what}: {found:?}");
            let mut turned = all.clone();
            turned.swap(one, other);
            let found = faults(&turned, &what);
            assert_eq!(found.iter().map(|fault| fault.code).collect::<Vec<_>>(), [Code::Place], "{what}");
            assert!(!found[0].file.is_empty(), "{what}");
        }
    }
}

#[test]
fn what_is_missing_added_or_there_twice_is_named() {
    let all = members(&small());
    for place in 0..all.len() {
        let mut fewer = all.clone();
        let (gone, _) = fewer.remove(place);
        let found = faults(&fewer, &gone);
        assert!(
            found.iter().any(|fault| fault.code == Code::Missing && fault.file == gone),
            "{gone}: {found:?}"
        );
    }
    for added in ["x.txt", "data/x.txt", "data/evidence/009-x.txt", "timestamps/seal-1.tsr", "timestamps/x"] {
        for place in [0, 5, all.len()] {
            let mut more = all.clone();
            more.insert(place, (added.to_owned(), b"x".to_vec()));
            assert!(names(&faults(&refitted(more), added), added), "{added} at {place}");
        }
    }
    // No writer gives a name twice: another one of its length is turned into it.
    let mut more = all.clone();
    more.push(("seal.si0".to_owned(), b"x".to_vec()));
    let mut twice = zipped(&more);
    for at in 0..twice.len() - 8 {
        if &twice[at..at + 8] == b"seal.si0" {
            twice[at + 7] = b'g';
        }
    }
    assert!(found(&twice, None).is_ok());
}

/// The older head of the same log, with the same key; the proof of another entry; another log.
#[test]
fn a_proof_is_of_this_entry_under_this_head() {
    let all = members(&small());
    let signer = NamedKey("log.example.com", sample::key(7));
    let whole: AuditProof = serde_json::from_slice(bytes_of(&mut all.clone(), bag::AUDIT_PROOF)).unwrap();
    let with_proof = |proof: &AuditProof| {
        let mut changed = all.clone();
        *bytes_of(&mut changed, bag::AUDIT_PROOF) = proof.to_text().unwrap().into_bytes();
        refitted(changed)
    };
    assert_eq!(check(&zipped(&with_proof(&whole))).unwrap().verdict, Verdict::Authentic, "nothing changed");
    // 21 entries end with this one; an older head knows nothing of it.
    let older = |size| sample::proof_of(&whole.leaf, &signer, 20, size);
    let cases = [
        (AuditProof { checkpoint: older(30).checkpoint, ..whole.clone() }, Code::ProofPath),
        (
            AuditProof { checkpoint: sample::proof_of("x", &signer, 5, 12).checkpoint, ..whole.clone() },
            Code::ProofPath,
        ),
        (AuditProof { index: 21, ..whole.clone() }, Code::ProofPath),
        (AuditProof { path: older(30).path, ..whole.clone() }, Code::ProofPath),
        (sample::proof_of("{\"verb\":\"lead.view\"}", &signer, 7, 37), Code::ProofLeaf),
        (AuditProof { origin: "another.example.com".to_owned(), ..whole.clone() }, Code::ProofOrigin),
        (AuditProof { checkpoint: "x".to_owned(), ..whole.clone() }, Code::ProofCheckpoint),
        (sample::proof_of(&sample::leaf(&"0".repeat(64), "x"), &signer, 20, 37), Code::ProofManifest),
    ];
    for (proof, code) in cases {
        let found = faults(&with_proof(&proof), "a proof");
        assert!(
            found.iter().any(|fault| fault.code == code && fault.file == bag::AUDIT_PROOF),
            "{code:?}: {found:?}"
        );
    }
    // An older head that does know the entry, with the path that leads to it, is as good a proof.
    assert_eq!(check(&zipped(&with_proof(&older(30)))).unwrap().verdict, Verdict::Authentic);
}

/// The seal of another package of the same sender, whole in itself.
#[test]
fn the_seal_of_another_package_seals_no_other() {
    let mut facts = small_facts();
    facts.title = "另一标题".into();
    let other = members(&sample::package(&facts, &[sample::FILES[0]]));
    let taken = [bag::SEAL, bag::SEAL_SIGNATURE, bag::AUDIT_PROOF, bag::BAG_INFO, bag::MANIFEST];
    for count in 1..=taken.len() {
        let mut mixed = members(&small());
        for path in &taken[..count] {
            *bytes_of(&mut mixed, path) = bytes_of(&mut other.clone(), path).clone();
        }
        let found = faults(&refitted(mixed), "another seal");
        assert!(names(&found, bag::SEAL) || names(&found, bag::LEAD), "{found:?}");
    }
}

/// Whoever has no key changes an item and everything that follows from it; what is signed stays, is left out, or is signed by a key of
/// their own under the sender's name.
#[test]
fn a_forger_without_the_key_is_found() {
    let changed: &[u8] = b"<html>forged</html>";
    let mut facts = small_facts();
    let digests = Digests::of(changed);
    let item = &mut facts.items[0];
    (item.size, item.sha256, item.sm3) = (digests.size, digests.sha256, digests.sm3);
    let own = NamedKey("log.example.com", sample::key(8));
    let forged = sample::package_by(&facts, &[changed], &HashMap::new(), &own);

    // All fits, and it is signed by a stranger, who may also call the sender's key their own.
    let report = check(&forged).unwrap();
    assert_eq!(report.verdict, Verdict::NotAuthenticated);
    let named: Vec<_> = report.faults.iter().map(|fault| (fault.code, fault.file.as_str())).collect();
    assert_eq!(named, [(Code::OtherKey, bag::SEAL_SIGNATURE), (Code::HeadOtherKey, bag::AUDIT_PROOF)]);
    assert_eq!(report.signer.map(|signer| signer.trusted), Some(false));

    let forged = members(&forged);
    let mut honest = members(&small());
    let with_honest = |honest: &mut Members, paths: &[&str]| {
        let mut mixed = forged.clone();
        for path in paths {
            *bytes_of(&mut mixed, path) = bytes_of(honest, path).clone();
        }
        refitted(mixed)
    };
    let cases: [(&[&str], &str); 6] = [
        (&[bag::PUBLIC_KEY], bag::SEAL_SIGNATURE),
        (&[bag::SEAL_SIGNATURE], bag::SEAL_SIGNATURE),
        (&[bag::SEAL_SIGNATURE, bag::PUBLIC_KEY], bag::SEAL_SIGNATURE),
        (&[bag::SEAL, bag::SEAL_SIGNATURE, bag::PUBLIC_KEY], bag::SEAL),
        (&[bag::SEAL, bag::SEAL_SIGNATURE, bag::PUBLIC_KEY, bag::AUDIT_PROOF], bag::SEAL),
        (&[bag::MANIFEST, bag::SEAL, bag::SEAL_SIGNATURE, bag::PUBLIC_KEY, bag::AUDIT_PROOF], bag::LEAD),
    ];
    for (paths, file) in cases {
        let found = faults(&with_honest(&mut honest, paths), file);
        assert!(names(&found, file), "{paths:?}: {found:?}");
    }
    // Both signatures on one seal: not only that of the keys which the package names.
    let text = String::from_utf8(bytes_of(&mut honest, bag::SEAL).clone()).unwrap();
    let mut twice = honest.clone();
    bytes_of(&mut twice, bag::SEAL_SIGNATURE).extend(seal::sign(&text, &[&own]).unwrap().into_bytes());
    assert!(names(&faults(&refitted(twice), "two signatures"), bag::SEAL_SIGNATURE));
}

/// A large file is hashed on several threads and in pieces: its first and last byte and those at the seams are held to what they were.
#[test]
fn a_large_file_is_held_to_every_piece() {
    let large = (0..=255u8).collect::<Vec<_>>().repeat((50 << 20) / 256);
    let mut facts = small_facts();
    let digests = Digests::of(&large);
    let item = &mut facts.items[0];
    (item.size, item.sha256, item.sm3) = (digests.size, digests.sha256, digests.sm3);
    let path = item.path.clone();
    let mut bytes = sample::package(&facts, &[large.as_slice()]);
    assert_eq!(check(&bytes).unwrap().verdict, Verdict::Authentic);
    let place = places(&bytes).into_iter().find(|(name, _)| *name == path).unwrap().1;
    for at in [place.start, place.start + (1 << 20) - 1, place.start + (17 << 20), place.end - 1] {
        bytes[at] ^= 0x80;
        assert_eq!(found(&bytes, Some(&path)), Ok(()), "byte {at}");
        bytes[at] ^= 0x80;
    }
}

/// What a command reads from a stream that breaks off is no package.
#[test]
fn a_file_that_can_not_be_read_to_its_end_does_not_pass() {
    struct Broken<'b>(Cursor<&'b [u8]>, u64);
    impl Read for Broken<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.position() <= self.1 && self.0.position() + buffer.len() as u64 > self.1 {
                return Err(io::Error::other("a bad sector"));
            }
            self.0.read(buffer)
        }
    }
    impl Seek for Broken<'_> {
        fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }
    let whole = small();
    let places = places(&whole);
    let (_, last) = places.last().unwrap();
    let broken = Broken(Cursor::new(&whole), last.start as u64);
    let report = verify(broken, &trusted(), &mut |_, _| {});
    assert!(!matches!(report, Ok(report) if report.verdict != Verdict::Faulty));
}
