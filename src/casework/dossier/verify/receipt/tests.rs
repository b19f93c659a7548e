//! Receipts of a package, and what is found of those that are not as they must be.

use std::io::Cursor;

use super::{
    super::{
        tests::{trusted, whole},
        verify,
    },
    *,
};
use crate::{
    casework::dossier::{
        receipt::{ByPasskey, Signed, sample, statement},
        sample::{self as packages, NamedKey},
    },
    platform::{
        db::Id,
        keys::SigningKey,
        webauthn::{
            Answer, Assertion, PasskeyKey, Site,
            soft::{Asked, PRESENT, Soft},
        },
    },
};

fn package() -> Summary {
    let report = verify(Cursor::new(whole()), &trusted(), &mut |_, _| {}).unwrap();
    report.package.unwrap()
}

/// The receipt of a package and its signature by the key of the samples.
fn signed_for(package: &Summary) -> (String, String) {
    let fingerprint = trusted()[0].fingerprint();
    let mut receipt =
        sample::of(&package.number, &package.seal_sha256, &package.manifest_sha256, &fingerprint);
    receipt.version = package.version;
    signed(&receipt)
}

fn signed(receipt: &Receipt) -> (String, String) {
    let json = receipt.to_text().unwrap();
    let signature = seal::sign(&json, &[&NamedKey("log.example.com", packages::key(7))]).unwrap();
    (json, signature)
}

fn codes(checked: &ReceiptReport) -> Vec<ReceiptCode> {
    checked.faults.iter().map(|fault| fault.code).collect()
}

#[test]
fn a_receipt_is_proved_by_a_key_from_elsewhere_only() {
    let package = package();
    let (json, signature) = signed_for(&package);
    let found = check(json.as_bytes(), signature.as_bytes(), Some(&package), &trusted(), None);
    assert_eq!((found.verdict, found.faults.as_slice()), (Verdict::Authentic, &[][..]));
    assert_eq!(found.receipt.unwrap().signer.name, "联络员甲");
    assert!(found.signer.unwrap().trusted);

    let found = check(json.as_bytes(), signature.as_bytes(), Some(&package), &[], None);
    assert_eq!((found.verdict, found.faults.len()), (Verdict::NotAuthenticated, 0));
    assert!(found.signer.is_none());

    let other = SigningKey::generate("log.example.com").unwrap().public();
    let found = check(json.as_bytes(), signature.as_bytes(), Some(&package), &[other], None);
    assert_eq!((found.verdict, codes(&found)), (Verdict::NotAuthenticated, vec![ReceiptCode::OtherKey]));
}

#[test]
fn a_changed_byte_breaks_the_signature() {
    let package = package();
    let (json, signature) = signed_for(&package);
    let changed = json.replace("联络员甲", "联络员乙");
    let found = check(changed.as_bytes(), signature.as_bytes(), Some(&package), &trusted(), None);
    assert_eq!((found.verdict, codes(&found)), (Verdict::Faulty, vec![ReceiptCode::Signature]));
    let longer = format!("{json}\n");
    let found = check(longer.as_bytes(), signature.as_bytes(), Some(&package), &trusted(), None);
    assert_eq!(found.verdict, Verdict::Faulty);
    assert!(codes(&found).contains(&ReceiptCode::Form), "{:?}", found.faults);
    let found = check(json.as_bytes(), b"", Some(&package), &trusted(), None);
    assert_eq!(codes(&found), [ReceiptCode::Signature]);
    let found = check(b"no receipt", signature.as_bytes(), Some(&package), &trusted(), None);
    assert!(codes(&found).contains(&ReceiptCode::Json) && found.receipt.is_none());
    // A file that is signed, but says something else.
    let later = json.replace(SCHEMA, "lead-handoff/receipt/9");
    let found = check(later.as_bytes(), signature.as_bytes(), Some(&package), &[], None);
    assert_eq!(codes(&found), [ReceiptCode::Schema]);
}

#[test]
fn the_receipt_of_another_package_is_none_of_this() {
    let package = package();
    let (json, signature) = signed_for(&package);
    let other = Summary { seal_sha256: "0".repeat(64), ..package.clone() };
    let found = check(json.as_bytes(), signature.as_bytes(), Some(&other), &trusted(), None);
    assert_eq!((found.verdict, codes(&found)), (Verdict::Faulty, vec![ReceiptCode::Seal]));
    assert_eq!(found.faults[0].found, package.seal_sha256);
    let other = Summary { manifest_sha256: "0".repeat(64), version: 9, ..package.clone() };
    let found = check(json.as_bytes(), signature.as_bytes(), Some(&other), &trusted(), None);
    assert_eq!(codes(&found), [ReceiptCode::Manifest, ReceiptCode::Facts]);
    let found = check(json.as_bytes(), signature.as_bytes(), None, &trusted(), None);
    assert_eq!(codes(&found), [ReceiptCode::Package]);
}

#[test]
fn a_receipt_names_the_key_that_signed_it() {
    let package = package();
    let mut receipt: Receipt = serde_json::from_str(&signed_for(&package).0).unwrap();
    receipt.key_fingerprint = "0000".into();
    let (json, signature) = signed(&receipt);
    let found = check(json.as_bytes(), signature.as_bytes(), Some(&package), &trusted(), None);
    assert_eq!((found.verdict, codes(&found)), (Verdict::Faulty, vec![ReceiptCode::Fingerprint]));
}

/// The receipt of a package as a passkey signed it, asked as `asked` says of the challenge.
fn by_soft(package: &Summary, soft: &mut Soft, asked: impl FnOnce(Asked) -> Asked) -> Receipt {
    by_soft_at(package, soft, "2016-05-12T09:29:00.000000+08:00", asked)
}

/// As [`by_soft`], of what was shown at that time.
fn by_soft_at(
    package: &Summary,
    soft: &mut Soft,
    issued_at: &str,
    asked: impl FnOnce(Asked) -> Asked,
) -> Receipt {
    let mut receipt: Receipt = serde_json::from_str(&signed_for(package).0).unwrap();
    let about = (receipt.transfer_number.as_str(), receipt.lead_number.as_str(), receipt.version);
    receipt.statement = statement(Strength::Passkey, &receipt.agency, &receipt.issuer, about);
    receipt.strength = Strength::Passkey.to_string();
    receipt.second_factor_at = None;
    let (delivery, issued_at) = (Id::from_bytes([3; 16]), issued_at.to_owned());
    let signed = Signed {
        seal_sha256: &receipt.seal_sha256,
        transfer_number: &receipt.transfer_number,
        delivery,
        statement: &receipt.statement,
        issued_at: &issued_at,
    };
    let answer = soft.signed(&asked(Asked::of(&signed.challenge().unwrap())));
    let key = PasskeyKey::from_der(&soft.der()).unwrap();
    let assertion = Assertion::of(&Answer::parse(&answer.to_string()).unwrap(), &key);
    let site = Site::of("https://desk.example").unwrap();
    receipt.passkey = Some(ByPasskey { delivery, issued_at, site, assertion });
    receipt
}

fn found(receipt: &Receipt, package: &Summary, enrolled: Option<&str>) -> ReceiptReport {
    let (json, signature) = signed(receipt);
    check(json.as_bytes(), signature.as_bytes(), Some(package), &trusted(), enrolled)
}

#[test]
fn what_a_passkey_signed_is_checked_and_its_key_told() {
    let (package, mut soft) = (package(), Soft::new());
    let receipt = by_soft(&package, &mut soft, |asked| asked);
    let fingerprint = soft.fingerprint();
    let checked = found(&receipt, &package, None);
    assert_eq!((checked.verdict, codes(&checked)), (Verdict::Authentic, vec![]));
    assert_eq!(checked.passkey, Some(Passkey { fingerprint: fingerprint.clone(), confirmed: false }));
    let checked = found(&receipt, &package, Some(&fingerprint));
    assert_eq!(checked.passkey, Some(Passkey { fingerprint, confirmed: true }));
    let other = Soft::new().fingerprint();
    let checked = found(&receipt, &package, Some(&other));
    assert_eq!((checked.verdict, codes(&checked)), (Verdict::Faulty, vec![ReceiptCode::PasskeyOther]));
    // Of the weaker kind no passkey is known at all.
    let weaker: Receipt = serde_json::from_str(&signed_for(&package).0).unwrap();
    assert_eq!(codes(&found(&weaker, &package, Some(&other))), [ReceiptCode::PasskeyOther]);
    assert!(found(&weaker, &package, None).passkey.is_none());
}

/// Even by a server that signs what is not so: what the passkey signed is its owner's.
#[test]
fn a_server_that_changes_what_was_signed_is_found_out() {
    let (package, mut soft) = (package(), Soft::ed25519());
    let whole = by_soft(&package, &mut soft, |asked| asked);
    assert_eq!(found(&whole, &package, None).verdict, Verdict::Authentic);
    let changed = |change: fn(&mut Receipt, &mut ByPasskey)| {
        let mut receipt = whole.clone();
        let mut by = receipt.passkey.take().unwrap();
        change(&mut receipt, &mut by);
        receipt.passkey = Some(by);
        codes(&found(&receipt, &package, None))
    };
    let challenge = [ReceiptCode::PasskeyChallenge];
    assert_eq!(changed(|receipt, _| receipt.statement.zh.push('。')), challenge);
    assert_eq!(changed(|receipt, _| receipt.transfer_number.push('1')), challenge);
    let (challenge, form) = (challenge[0], ReceiptCode::Form);
    assert_eq!(changed(|_, by| by.issued_at.push('1')), [challenge, form], "no time any more");
    let before = changed(|_, by| by.issued_at = "2016-05-11T09:59:59.999999+08:00".into());
    assert_eq!(before, [challenge, ReceiptCode::OrderSent]);
    let after = changed(|_, by| by.issued_at = "2016-05-12T01:30:00.000001Z".into());
    assert_eq!(after, [challenge, ReceiptCode::OrderSigned]);
    let challenge = [challenge];
    assert_eq!(changed(|_, by| by.delivery = Id::from_bytes([4; 16])), challenge);
    assert_eq!(changed(|_, by| by.assertion.signature.clear()), [ReceiptCode::PasskeySignature]);
    assert_eq!(changed(|_, by| by.assertion.public_key.clear()), [ReceiptCode::PasskeyKey]);
    assert_eq!(changed(|_, by| by.assertion.client_data_json.clear()), [ReceiptCode::PasskeyForm]);
    assert_eq!(changed(|_, by| by.site.origin.push_str(".evil")), [ReceiptCode::PasskeyOrigin]);
    let other = |_: &mut Receipt, by: &mut ByPasskey| by.site = Site::of("https://other.example").unwrap();
    assert_eq!(changed(other), [ReceiptCode::PasskeyOrigin, ReceiptCode::PasskeySite]);
    let weaker = |receipt: &mut Receipt, _: &mut ByPasskey| receipt.strength = "password_and_code".into();
    assert_eq!(changed(weaker), [ReceiptCode::PasskeyForm]);
    let without = Receipt { passkey: None, ..whole.clone() };
    assert_eq!(codes(&found(&without, &package, None)), [ReceiptCode::PasskeyForm]);
    let unseen = by_soft(&package, &mut soft, |asked| Asked { flags: PRESENT, ..asked });
    assert_eq!(codes(&found(&unseen, &package, None)), [ReceiptCode::PasskeyVerification]);
}

/// A passkey that signed another time than that of the act, and a server that countersigned it all the same.
#[test]
fn a_receipt_is_sent_then_shown_then_countersigned() {
    let (package, mut soft) = (package(), Soft::new());
    let mut shown = |at: &str| {
        let receipt = by_soft_at(&package, &mut soft, at, |asked| asked);
        let checked = found(&receipt, &package, None);
        (checked.verdict, codes(&checked), checked.faults)
    };
    // Sent at 10:00 of the day before, countersigned at 9:30.
    for good in [
        "2016-05-11T10:00:00.000000+08:00",
        "2016-05-12T01:29:59.999999+00:00",
        "2016-05-12T09:30:00.000000+08:00",
    ] {
        assert_eq!(shown(good).0, Verdict::Authentic, "{good}");
    }
    let (verdict, told, faults) = shown("2016-05-11T09:59:59.999999+08:00");
    assert_eq!((verdict, told.as_slice()), (Verdict::Faulty, &[ReceiptCode::OrderSent][..]));
    assert!(faults[0].found.contains("09:59"), "{faults:?}");
    let (verdict, told, _) = shown("2016-05-12T09:30:00.000001+08:00");
    assert_eq!((verdict, told.as_slice()), (Verdict::Faulty, &[ReceiptCode::OrderSigned][..]));
    assert_eq!(shown("yesterday").1, [ReceiptCode::Form]);

    // Of the weaker kind, too, nothing is received before it is sent; one of the first form does not say when it was.
    let mut weaker: Receipt = serde_json::from_str(&signed_for(&package).0).unwrap();
    weaker.at = "2016-05-11T09:00:00.000000+08:00".into();
    assert_eq!(codes(&found(&weaker, &package, None)), [ReceiptCode::OrderReceived]);
    (weaker.schema, weaker.sent) = (SCHEMA_1.into(), None);
    assert_eq!(found(&weaker, &package, None).verdict, Verdict::Authentic);
}
