//! The same facts sealed twice: what is under `data/`, and with it the manifest, is the same to the byte. Only what says who
//! approved when, and where the log has it, differs.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    io::{Cursor, Read},
    sync::Mutex,
};

use super::{
    bag,
    dossier_pdf::dossier_pdf,
    facts::LeadFacts,
    layout::Digests,
    letter_pdf::letter_pdf,
    package::{Derived, Frozen, Package, Parts, derive, freeze},
    sample::{self, FILES, NamedKey},
    seal::{ApprovedBy, Seal, sign},
};
use crate::platform::{db::Id, error::Result};

struct Made {
    derived: Derived,
    letter: Vec<u8>,
    report: Vec<u8>,
    frozen: Frozen,
}

fn bytes_of(facts: &LeadFacts, number: u32) -> Option<&'static [u8]> {
    facts.items.iter().zip(FILES).find(|(item, _)| item.number == number).map(|(_, bytes)| bytes)
}

/// All that the job of freezing makes of facts.
fn made(facts: &LeadFacts) -> Made {
    let derived = derive(facts).unwrap();
    let letter = letter_pdf(facts, &sample::letter_key()).unwrap();
    let report =
        dossier_pdf(facts, &mut |item| Ok(bytes_of(facts, item.number).map(<[u8]>::to_vec))).unwrap();
    let frozen = freeze(facts, &derived, &letter, &report, None);
    Made { derived, letter, report, frozen }
}

/// A package as it is unpacked.
struct Sealed {
    /// By path.
    files: BTreeMap<String, Vec<u8>>,
    /// How often each was opened while it was packed.
    opened: HashMap<String, u32>,
}

/// The package of items of these bytes, approved and sealed at `at`.
fn sealed(facts: &LeadFacts, items: &[&[u8]], at: &str, approval: u8) -> Sealed {
    packed(facts, items, (at, approval), &HashMap::new()).unwrap()
}

/// As [`sealed`]; of a file that is opened a second time, the bytes are those in `second`, where there are any.
fn packed(
    facts: &LeadFacts,
    items: &[&[u8]],
    (at, approval): (&str, u8),
    second: &HashMap<&str, &[u8]>,
) -> Result<Sealed> {
    let made = made(facts);
    let signer = NamedKey("log.example.com", sample::key(7));
    let by = ApprovedBy {
        approver: Id::from_bytes([8; 16]),
        role: "approver".into(),
        at: sample::at(at),
        audit_entry: Id::from_bytes([approval; 16]),
        signed_sha256: None,
        signed_salt: None,
    };
    let frozen = &made.frozen;
    let keys = signer.alone();
    let parties = sample::parties(facts, by, &keys);
    let seal = Seal::new(facts, &frozen.content_sha256, &frozen.manifest_sha256, parties, sample::at(at));
    let text = seal.to_text().unwrap();
    let parts = Parts {
        facts,
        files: &frozen.files,
        seal: &seal,
        seal_sig: &sign(&text, &[&signer]).unwrap(),
        proof: &sample::proof(&sample::leaf(&frozen.manifest_sha256, &text), &signer),
        public_keys: &[signer.text()],
        keys: &keys,
        approval: None,
        stamps: &HashMap::new(),
    };
    let mut contents: HashMap<&str, &[u8]> = HashMap::from([
        (bag::LEAD, made.derived.lead_json.as_slice()),
        (bag::LETTER, made.letter.as_slice()),
        (bag::DOSSIER, made.report.as_slice()),
        (bag::EVIDENCE_LIST, made.derived.evidence_list.as_slice()),
        (bag::CASE, made.derived.case_jsonld.as_slice()),
    ]);
    contents.extend(facts.items.iter().map(|item| item.path.as_str()).zip(items.iter().copied()));
    let opened = Mutex::new(HashMap::<String, u32>::new());
    let open = |path: &str| {
        let mut opened = opened.lock().unwrap();
        let times = opened.entry(path.to_owned()).or_default();
        *times += 1;
        let other = second.get(path).filter(|_| *times > 1);
        Ok(Box::new(other.copied().unwrap_or(contents[path])) as Box<dyn Read>)
    };
    let mut zip = Vec::new();
    Package::lay_out(&parts, &open)?.write(&open, &mut zip)?;
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut files = BTreeMap::new();
    for n in 0..archive.len() {
        let mut file = archive.by_index(n).unwrap();
        let path = file.name().unwrap().split_once('/').unwrap().1.to_owned();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.insert(path, bytes);
    }
    Ok(Sealed { files, opened: opened.into_inner().unwrap() })
}

#[test]
fn the_same_facts_are_frozen_to_the_same_bytes() {
    let facts = sample::facts();
    let (one, two) = (made(&facts), made(&facts));
    assert!(one.letter == two.letter && one.report == two.report);
    assert_eq!(one.frozen, two.frozen);
    let mut later = facts;
    later.prepared_at = sample::at("2016-05-10T08:00:01Z");
    assert_ne!(made(&later).frozen.manifest_sha256, one.frozen.manifest_sha256);
}

#[test]
fn two_seals_of_one_selection_differ_in_what_says_who_approved_when_and_in_nothing_else() {
    let facts = sample::facts();
    let one = sealed(&facts, &FILES, "2016-05-11T01:00:05Z", 9).files;
    let two = sealed(&facts, &FILES, "2016-05-11T02:30:00Z", 10).files;
    assert!(one.keys().eq(two.keys()));
    let differ: BTreeSet<&str> =
        one.iter().filter(|(path, bytes)| two[*path] != **bytes).map(|(path, _)| path.as_str()).collect();
    let allowed = BTreeSet::from([bag::SEAL, bag::SEAL_SIGNATURE, bag::AUDIT_PROOF, bag::TAG_MANIFEST]);
    assert_eq!(differ, allowed);
}

#[test]
fn a_small_file_is_opened_once_and_a_large_one_twice() {
    let mut facts = sample::facts();
    let large = vec![7; 100_000];
    let digests = Digests::of(&large);
    let item = &mut facts.items[0];
    (item.size, item.sha256, item.sm3) = (digests.size, digests.sha256, digests.sm3);
    let made = sealed(&facts, &[&large, FILES[1], FILES[2]], "2016-05-11T01:00:05Z", 9);
    let (first, second) = (facts.items[0].path.as_str(), facts.items[1].path.as_str());
    assert_eq!((made.opened[first], made.opened[second]), (2, 1));
    assert!(made.files[first] == large && made.files[second] == FILES[1]);
}

/// A file that differs in either of its readings makes no package: what is written has the hash that was frozen, and its
/// header the check sum of what is written.
#[test]
fn a_large_file_that_differs_in_either_reading_is_not_packed() {
    let mut facts = sample::facts();
    let (large, other) = (vec![7; 100_000], vec![8; 100_000]);
    let digests = Digests::of(&large);
    let item = &mut facts.items[0];
    (item.size, item.sha256, item.sm3) = (digests.size, digests.sha256, digests.sm3);
    let at = ("2016-05-11T01:00:05Z", 9);
    let path = facts.items[0].path.clone();
    let packs = |first: &[u8], second: &[u8]| {
        let again = HashMap::from([(path.as_str(), second)]);
        packed(&facts, &[first, FILES[1], FILES[2]], at, &again).is_ok()
    };
    assert!(packs(&large, &large));
    assert!(!packs(&large, &other), "changed since it was laid out");
    assert!(!packs(&other, &large), "its header would have another check sum");
    assert!(!packs(&other, &other), "not what was frozen");
    assert!(!packs(&large, &large[1..]), "cut short");
    assert!(!packs(&large[1..], &large), "laid out too short");
    let longer = [&large[..], b"x"].concat();
    assert!(!packs(&large, &longer) && !packs(&longer, &large), "too long");
}

#[test]
fn a_small_file_that_differs_is_not_packed() {
    let facts = sample::facts();
    let other = vec![b'?'; FILES[1].len()];
    let at = ("2016-05-11T01:00:05Z", 9);
    assert!(packed(&facts, &[FILES[0], FILES[1], FILES[2]], at, &HashMap::new()).is_ok());
    assert!(packed(&facts, &[FILES[0], &other, FILES[2]], at, &HashMap::new()).is_err());
}
