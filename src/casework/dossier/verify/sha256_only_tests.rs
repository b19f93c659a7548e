//! The quick check: it finds what the whole one finds, but for SM3 values, of which it says that they were not made again.

use std::io::Cursor;

use super::{
    said::{self, Given},
    tests::{codes, trusted, whole},
    *,
};
use crate::{
    casework::dossier::{
        layout::Digests,
        sample::{self, FILES},
    },
    platform::i18n::{Lang, t},
};

fn check(bytes: &[u8], hashes: Hashes) -> Report {
    let keys = trusted();
    let trust = Trust { keys: &keys, ..Trust::default() };
    verify_with(Cursor::new(bytes), &trust, hashes, &mut |_, _| {}).unwrap()
}

/// What is proved and what is not, in one language.
fn notes(report: &Report, lang: Lang) -> [Vec<String>; 2] {
    said::proved(report, &Given::default(), lang).map(|part| part.notes)
}

#[test]
fn a_changed_byte_is_found_by_sha256_alone() {
    let bytes = whole();
    assert_eq!(check(&bytes, Hashes::Sha256Only).verdict, Verdict::Authentic);
    let at = bytes.windows(6).position(|w| w == b">page<").unwrap();
    let mut changed = bytes.clone();
    changed[at + 1] = b'P';
    for hashes in [Hashes::Both, Hashes::Sha256Only] {
        let report = check(&changed, hashes);
        assert_eq!((report.verdict, codes(&report)), (Verdict::Faulty, vec![Code::Hash, Code::ListHash]));
    }
    // A header, which no hash is over.
    let mut changed = bytes;
    changed[10] = 1;
    assert_eq!(codes(&check(&changed, Hashes::Sha256Only)), [Code::Frame]);
}

/// Files that are large enough to be hashed on threads.
#[test]
fn large_files_are_held_to_every_byte_by_sha256_alone() {
    let large = (0..=255u8).collect::<Vec<_>>().repeat((9 << 20) / 256);
    let mut facts = sample::facts();
    let files = [large.as_slice(), FILES[1], large.as_slice()];
    for (item, file) in facts.items.iter_mut().zip(files) {
        let digests = Digests::of(file);
        (item.size, item.sha256, item.sm3) = (digests.size, digests.sha256, digests.sm3);
    }
    let mut bytes = sample::package(&facts, &files);
    assert_eq!(check(&bytes, Hashes::Sha256Only).verdict, Verdict::Authentic);
    let first = bytes.windows(256).position(|w| w == &large[..256]).unwrap();
    for at in [first, first + (1 << 20), first + large.len() - 1] {
        bytes[at] ^= 0x80;
        let report = check(&bytes, Hashes::Sha256Only);
        let fault = report.faults.iter().find(|fault| fault.code == Code::Hash).unwrap();
        assert_eq!((report.verdict, &fault.file), (Verdict::Faulty, &facts.items[0].path), "byte {at}");
        bytes[at] ^= 0x80;
    }
}

/// Whoever sealed it may have written a wrong SM3 value into the list: the whole check finds that, the quick one says that it did
/// not look.
#[test]
fn a_wrong_sm3_value_is_found_or_said_not_to_be_looked_for() {
    let mut facts = sample::facts();
    facts.items[0].sm3 = "0".repeat(64);
    let bytes = sample::package(&facts, &FILES);
    let report = check(&bytes, Hashes::Both);
    assert_eq!((report.verdict, codes(&report)), (Verdict::Faulty, vec![Code::ListHash]));
    assert_eq!(report.faults[0].expected, facts.items[0].sm3);
    assert!(!notes(&report, Lang::En)[1].contains(&t(Lang::En, "verify-open-sm3")));

    let report = check(&bytes, Hashes::Sha256Only);
    assert_eq!((report.verdict, report.faults.len()), (Verdict::Authentic, 0));
    for lang in Lang::ALL {
        let [proved, open] = notes(&report, lang);
        assert!(open.contains(&t(lang, "verify-open-sm3")), "{open:?}");
        assert!(proved.iter().all(|one| !one.contains("SM3")), "{proved:?}");
        assert!(proved.contains(&t(lang, "verify-proved-files-sha256")), "{proved:?}");
        assert!(notes(&check(&whole(), Hashes::Both), lang)[0].iter().any(|one| one.contains("SM3")));
    }
}
