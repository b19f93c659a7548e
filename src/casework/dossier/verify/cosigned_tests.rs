use std::{collections::HashMap, io::Cursor};

use super::{
    tests::{codes, trusted},
    *,
};
use crate::{
    casework::dossier::{
        audit_proof::AuditProof,
        sample::{self, FILES},
    },
    platform::keys::{Cosignature, Cosigner, join, part},
};

const AT: u64 = 1_463_000_000;

pub(super) fn check(bytes: &[u8], witnesses: &[WitnessKey]) -> Report {
    let keys = trusted();
    let trust = Trust { keys: &keys, witnesses, ..Trust::default() };
    verify_with(Cursor::new(bytes), &trust, Hashes::Both, &mut |_, _| {}).unwrap()
}

/// A package whose checkpoint is made into another note.
fn changed(note: &dyn Fn(String) -> String) -> Vec<u8> {
    let change = |proof: &mut AuditProof| proof.checkpoint = note(std::mem::take(&mut proof.checkpoint));
    sample::package_proven(&sample::facts(), &FILES, &HashMap::new(), &change)
}

pub(super) fn cosigned(by: &[&Cosigner]) -> Vec<u8> {
    changed(&|note| {
        let text = part(&note).unwrap().text;
        join(&note, by.iter().map(|one| one.cosign(&text, AT)).collect())
    })
}

#[test]
fn a_cosignature_is_held_against_the_keys_that_the_caller_brought() {
    let (one, other) = (Cosigner::generate("a.example").unwrap(), Cosigner::generate("b.example").unwrap());
    let whole = cosigned(&[&one, &other]);
    let report = check(&whole, &[one.public()]);
    assert_eq!((report.verdict, codes(&report)), (Verdict::Authentic, vec![]));
    let said: Vec<_> = report.witnesses.iter().map(|one| (one.name.as_str(), one.checked)).collect();
    assert_eq!(said, [("a.example", true), ("b.example", false)]);
    assert_eq!(report.witnesses[0].time.as_deref(), Some("2016-05-11T20:53:20Z"));
    // Whoever brings none is told who is named there, and a package without any is as it was.
    let report = check(&whole, &[]);
    assert!(report.verdict == Verdict::Authentic && report.witnesses.iter().all(|one| !one.checked));
    let report = check(&super::tests::whole(), &[one.public()]);
    assert_eq!((report.verdict, report.witnesses[0].time.as_deref()), (Verdict::Authentic, None));
}

#[test]
fn a_cosignature_over_another_head_is_none() {
    let one = Cosigner::generate("a.example").unwrap();
    let stolen: Cosignature = one.cosign("another\n1\nAAAA\n", AT);
    let whole = changed(&|note| join(&note, vec![stolen.clone()]));
    let report = check(&whole, &[one.public()]);
    assert_eq!((report.verdict, codes(&report)), (Verdict::Faulty, vec![Code::Cosignature]));
    assert!(report.witnesses.is_empty());
    // Of a witness that nobody named nothing is known.
    let report = check(&whole, &[]);
    assert!(report.verdict == Verdict::Authentic && !report.witnesses[0].checked);
}

#[test]
fn cosignatures_have_one_form() {
    let (one, other) = (Cosigner::generate("a.example").unwrap(), Cosigner::generate("b.example").unwrap());
    let lines = |note: &str, by: [&Cosigner; 2]| {
        let text = part(note).unwrap().text;
        by.map(|one| one.cosign(&text, AT).line()).concat()
    };
    for by in [[&other, &one], [&one, &one]] {
        let whole = changed(&|note| format!("{note}{}", lines(&note, by)));
        let report = check(&whole, &[one.public(), other.public()]);
        assert!(codes(&report).contains(&Code::Form), "{report:?}");
    }
}
