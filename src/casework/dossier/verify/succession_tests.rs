//! A package is proved by a key that its own leads back to; what of that does not hold is named. And what a seal says of people.

use std::io::Cursor;

use signed_note::Note;

use super::{
    said::{self, Given},
    tampering::{Members, bytes_of, members, refitted, zipped},
    tests::{codes, trusted},
    *,
};
use crate::{
    casework::dossier::{
        sample::{self, FILES, NamedKey},
        succession::Chain,
    },
    platform::i18n::{Lang, t},
};

fn key(seed: u8) -> NamedKey {
    NamedKey("log.example.com", sample::key(seed))
}

/// The statement that `new` succeeds `old`, signed by these.
fn statement(old: &NamedKey, new: &NamedKey, by: &[&dyn signed_note::Signer]) -> String {
    let (old, new) = (old.text(), new.text());
    let text = format!("lead-handoff/key-succession/v1\nold {old}\nnew {new}\nat 2016-05-10T09:00:00Z\n");
    let mut note = Note::new(text.as_bytes(), &[]).unwrap();
    note.add_sigs(by).unwrap();
    String::from_utf8(note.to_bytes()).unwrap()
}

/// Sealed by key 9, which key 7 named, which key 5 named.
fn rotated() -> Vec<u8> {
    let [first, old, new] = [key(5), key(7), key(9)];
    let steps = [statement(&first, &old, &[&first, &old]), statement(&old, &new, &[&old, &new])];
    let chain = Chain::new(first.public(), steps).unwrap();
    sample::package_after(&sample::facts(), &FILES, &new, chain)
}

fn check(bytes: &[u8], keys: &[PublicKey]) -> Report {
    verify(Cursor::new(bytes), keys, &mut |_, _| {}).unwrap()
}

/// As a forger leaves it who makes all that is not signed fit.
fn with_keys(text: &str) -> Members {
    let mut changed = members(&rotated());
    *bytes_of(&mut changed, bag::KEYS) = text.as_bytes().to_vec();
    refitted(changed)
}

#[test]
fn an_older_key_proves_a_package_by_the_steps_to_the_one_that_signed() {
    let bytes = rotated();
    let [first, old, new] = [5, 7, 9].map(|seed| key(seed).public());
    for (given, steps) in [(&first, 2), (&old, 1), (&new, 0)] {
        let report = check(&bytes, std::slice::from_ref(given));
        assert_eq!((report.verdict, codes(&report)), (Verdict::Authentic, vec![]));
        assert_eq!(report.succession.len(), steps);
        let signer = report.signer.as_ref().unwrap();
        assert!(signer.trusted && signer.fingerprint == new.fingerprint());
        assert!(report.trusted.contains(&new), "a receipt is checked by it");
        let names = Given { keys: vec![("old.txt".to_owned(), given.clone())], ..Given::default() };
        let parts = said::parts(&report, &names, Lang::En);
        let seal = parts.iter().find(|part| part.title == t(Lang::En, "verify-part-seal")).unwrap();
        assert!(seal.notes.iter().any(|note| note.contains("old.txt")), "{seal:?}");
        let told = seal.notes.iter().filter(|note| note.contains("2016-05-10T09:00:00Z")).count();
        assert_eq!(told, steps, "{seal:?}");
    }
    // A key in PEM has no name of its own.
    let pem = PublicKey::from_pem(&old.pem().unwrap()).unwrap();
    let report = check(&bytes, &[pem]);
    assert_eq!((report.verdict, codes(&report), report.succession.len()), (Verdict::Authentic, vec![], 1));
    let pem = PublicKey::from_pem(&key(8).public().pem().unwrap()).unwrap();
    for stranger in [key(8).public(), pem] {
        assert_eq!(codes(&check(&bytes, &[stranger])), [Code::OtherKey, Code::HeadOtherKey]);
    }
    let report = check(&bytes, &[key(8).public()]);
    assert_eq!(report.verdict, Verdict::NotAuthenticated);
    assert_eq!(codes(&report), [Code::OtherKey, Code::HeadOtherKey]);
    assert!(report.succession.is_empty());
    // An older package is not proved by a later key: nothing leads back.
    let report = check(&sample::package(&sample::facts(), &FILES), &[new]);
    assert_eq!(report.verdict, Verdict::NotAuthenticated);
}

#[test]
fn a_forged_or_broken_succession_is_named() {
    let [first, old, new, own] = [key(5), key(7), key(9), key(8)];
    let steps = || vec![statement(&first, &old, &[&first, &old]), statement(&old, &new, &[&old, &new])];
    let whole = Chain::new(first.public(), steps()).unwrap().file();
    assert_eq!(
        check(&zipped(&with_keys(&whole.to_text().unwrap())), &[old.public()]).verdict,
        Verdict::Authentic
    );
    let mut later = whole.clone();
    later.steps[1].at = "2016-05-10T10:00:00Z".to_owned();
    let mut fewer = whole.clone();
    fewer.steps.remove(0);
    // A stranger names the key as the successor of his own; the key did not sign that.
    let mut forged = own.alone().file();
    forged.steps = whole.steps[1..].to_vec();
    forged.steps[0].statement = statement(&own, &new, &[&own]);
    let cases = [
        (later, Code::KeyStep, "2"),
        (fewer, Code::KeyStep, "1"),
        (forged, Code::KeyStep, "1"),
        // Whole in itself, but not what was sealed: the older keys are taken out, or another one is put at their end.
        (new.alone().file(), Code::KeySeal, ""),
        (own.alone().file(), Code::KeySeal, ""),
        (Chain::new(old.public(), steps().split_off(1)).unwrap().file(), Code::KeySeal, ""),
    ];
    for (file, code, step) in cases {
        let bytes = zipped(&with_keys(&file.to_text().unwrap()));
        for given in [&first, &old, &new, &own] {
            let report = check(&bytes, &[given.public()]);
            assert_eq!(report.verdict, Verdict::Faulty, "{code:?}");
            let fault = report.faults.iter().find(|fault| fault.code == code);
            let fault = fault.unwrap_or_else(|| panic!("{code:?}: {:?}", report.faults));
            assert_eq!(fault.file, bag::KEYS);
            assert!(step.is_empty() || fault.found == step, "{fault:?}");
        }
    }
    // In another form than the one.
    let spaced = format!(" {}", whole.to_text().unwrap());
    assert!(codes(&check(&zipped(&with_keys(&spaced)), &[])).contains(&Code::Form));
}

#[test]
fn a_seal_of_the_first_form_is_as_valid_as_it_was_and_names_no_composer() {
    let bytes = sample::package_first(&sample::facts(), &FILES);
    let report = check(&bytes, &trusted());
    assert_eq!((report.verdict, codes(&report)), (Verdict::Authentic, vec![]));
    assert_eq!(report.package.as_ref().unwrap().composer, None);
    for lang in Lang::ALL {
        let parts = said::parts(&report, &Given::default(), lang);
        let row = (t(lang, "verify-label-composer"), t(lang, "verify-composer-not-named"));
        assert!(parts.iter().any(|part| part.rows.contains(&row)), "{parts:?}");
    }
    // A file of keys is none of its files.
    let mut more = members(&bytes);
    more.insert(4, (bag::KEYS.to_owned(), b"{}".to_vec()));
    let report = check(&zipped(&refitted(more)), &trusted());
    let extra = report.faults.iter().find(|fault| fault.code == Code::Extra);
    assert_eq!(extra.map(|fault| fault.file.as_str()), Some(bag::KEYS), "{:?}", report.faults);
}

#[test]
fn who_composed_is_under_the_signature() {
    let bytes = sample::package(&sample::facts(), &FILES);
    let report = check(&bytes, &trusted());
    let composer = report.package.as_ref().unwrap().composer.clone().unwrap();
    assert_eq!((composer.role.as_str(), composer.at), ("compiler", sample::facts().prepared_at));
    let parts = said::parts(&report, &Given::default(), Lang::En);
    let row = (t(Lang::En, "verify-label-composer"), composer.composer.to_string());
    assert!(parts.iter().any(|part| part.rows.contains(&row)), "{parts:?}");

    let mut changed = members(&bytes);
    let seal = bytes_of(&mut changed, bag::SEAL);
    let other = crate::platform::db::Id::from_bytes([6; 16]).to_string();
    *seal =
        String::from_utf8(seal.clone()).unwrap().replace(&composer.composer.to_string(), &other).into_bytes();
    let report = check(&zipped(&refitted(changed)), &trusted());
    assert_eq!(report.verdict, Verdict::Faulty);
    assert!(codes(&report).contains(&Code::Signature), "{:?}", report.faults);
}

/// Where nobody signed, that is said, and no fingerprint of nobody.
#[test]
fn what_is_not_signed_is_said_to_be_so() {
    let mut unsigned = members(&sample::package(&sample::facts(), &FILES));
    bytes_of(&mut unsigned, bag::SEAL_SIGNATURE).clear();
    let report = check(&zipped(&refitted(unsigned)), &trusted());
    assert!(codes(&report).contains(&Code::OtherKey), "{:?}", report.faults);
    for (lang, words) in [(Lang::En, "seal.sig: not signed"), (Lang::Zh, "seal.sig：没有有效签名")] {
        let told = said::faults(&report, lang);
        assert!(told.iter().any(|one| one.starts_with(words)), "{told:?}");
    }
}
