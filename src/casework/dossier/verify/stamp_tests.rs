use std::{collections::HashMap, io::Cursor};

use super::{
    tests::{add, codes, trusted},
    *,
};
use crate::{
    casework::dossier::{
        layout::Digests,
        sample::{self, FILES},
    },
    platform::{
        db::Id,
        time_stamp::tests::{answer, other_roots, roots},
    },
};

fn check(bytes: &[u8], roots: Option<&Roots>) -> Report {
    let keys = trusted();
    let trust = Trust { keys: &keys, roots, ..Trust::default() };
    verify_with(Cursor::new(bytes), &trust, Hashes::Both, &mut |_, _| {}).unwrap()
}

/// A stamp is over the file that its name says, by an authority whose root the caller trusts; without roots it is whole.
#[test]
fn a_time_stamp_is_held_against_its_file_its_signature_and_the_roots() {
    let mut facts = sample::facts();
    let files: [&[u8]; 3] = [b"hello\n", FILES[1], FILES[2]];
    let digests = Digests::of(files[0]);
    let item = &mut facts.items[0];
    (item.size, item.sha256, item.sm3) = (digests.size, digests.sha256, digests.sm3);
    let stamped =
        |path: String, bytes: Vec<u8>| sample::package_with(&facts, &files, &HashMap::from([(path, bytes)]));
    let whole = stamped(bag::item_stamp(1, 1), answer());
    for (given, is_known) in [(Some(&roots()), true), (None, false)] {
        let report = check(&whole, given);
        assert_eq!((report.verdict, report.faults.as_slice()), (Verdict::Authentic, &[][..]));
        let stamp = &report.stamps[0];
        assert_eq!((stamp.over.as_str(), stamp.trusted), (facts.items[0].path.as_str(), is_known));
    }
    let report = check(&stamped(bag::seal_stamp(1), answer()), None);
    assert_eq!((report.verdict, codes(&report)), (Verdict::Faulty, vec![Code::StampImprint]));
    let mut broken = answer();
    *broken.last_mut().unwrap() ^= 1;
    let report = check(&stamped(bag::item_stamp(1, 1), broken), None);
    assert_eq!((codes(&report), report.stamps.len()), (vec![Code::StampSignature], 0));
    let report = check(&stamped(bag::item_stamp(1, 1), b"x".to_vec()), None);
    assert_eq!(codes(&report), [Code::StampForm]);
    // Put into a package that was sealed without it: neither the list of the tag files nor the frame has it.
    let report = check(&add(&super::tests::whole(), "timestamps/seal-2.tsr"), None);
    assert!(codes(&report).contains(&Code::Extra));
}

/// Faults of trust fill the list of faults; a changed byte is one that says that the package is not whole all the same. Of
/// stamps, too, so many are listed, and every one is held against its file.
#[test]
fn a_changed_byte_is_told_however_many_stamps_are_not_trusted() {
    const ITEMS: u32 = 201;
    let mut facts = sample::facts();
    let digests = Digests::of(b"hello\n");
    let first = facts.items[0].clone();
    facts.withheld.clear();
    facts.items = (1..=ITEMS)
        .map(|number| {
            let mut id = [0; 16];
            id[..4].copy_from_slice(&number.to_be_bytes());
            let mut item = first.clone();
            (item.number, item.evidence_id) = (number, Id::from_bytes(id));
            item.path = names::evidence_path(number, &item.name);
            (item.size, item.sha256, item.sm3) = (digests.size, digests.sha256.clone(), digests.sm3.clone());
            item
        })
        .collect();
    let stamps: HashMap<String, Vec<u8>> = (1..=ITEMS)
        .flat_map(|number| (1..=MOST).map(move |n| (bag::item_stamp(number, n), answer())))
        .collect();
    let files = vec![&b"hello\n"[..]; facts.items.len()];
    let bytes = sample::package_with(&facts, &files, &stamps);
    let all = facts.items.len() * MOST;

    let report = check(&bytes, Some(&roots()));
    assert_eq!((report.verdict, report.faults.as_slice()), (Verdict::Authentic, &[][..]));
    assert_eq!((report.stamps.len(), report.more_stamps), (1_000, all - 1_000));
    let report = check(&bytes, Some(&other_roots()));
    assert_eq!((report.verdict, report.more_faults), (Verdict::NotAuthenticated, all - 1_000));
    assert!(report.faults.iter().all(|fault| fault.code == Code::StampAuthority));

    // The last item's content, whose stamps are not among those listed.
    let at = bytes.windows(6).rposition(|part| part == b"hello\n").unwrap();
    let mut changed = bytes.clone();
    changed[at] ^= 1;
    let report = check(&changed, Some(&other_roots()));
    assert_eq!((report.verdict, report.faults.len()), (Verdict::Faulty, 1_000));
    let report = check(&changed, Some(&roots()));
    let imprints = report.faults.iter().filter(|fault| fault.code == Code::StampImprint);
    assert_eq!((report.verdict, imprints.count()), (Verdict::Faulty, MOST));
}
