//! The same facts sealed twice: what is under `data/`, and with it the manifest, is the same to the byte. Only what says who
//! approved when, and where the log has it, differs.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, HashMap},
    io::{Cursor, Read},
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
use crate::platform::db::Id;

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
    let frozen = freeze(facts, &derived, &letter, &report);
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
    let made = made(facts);
    let signer = NamedKey("log.example.com", sample::key(7));
    let by = ApprovedBy {
        approver: Id::from_bytes([8; 16]),
        role: "approver".into(),
        at: sample::at(at),
        audit_entry: Id::from_bytes([approval; 16]),
        signed_sha256: None,
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
    let opened = RefCell::new(HashMap::<String, u32>::new());
    let open = |path: &str| {
        *opened.borrow_mut().entry(path.to_owned()).or_default() += 1;
        Ok(Box::new(contents[path]) as Box<dyn Read>)
    };
    let mut zip = Vec::new();
    Package::lay_out(&parts, &open).unwrap().write(&open, &mut zip).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut files = BTreeMap::new();
    for n in 0..archive.len() {
        let mut file = archive.by_index(n).unwrap();
        let path = file.name().unwrap().split_once('/').unwrap().1.to_owned();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.insert(path, bytes);
    }
    Sealed { files, opened: opened.take() }
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
