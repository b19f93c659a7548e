//! What an approver's passkey signed is carried by the package and held to it; what was done to it is named.

use std::{cell::RefCell, io::Cursor};

use super::{
    said::{self, Given},
    tampering::{Members, bytes_of, members, refitted, zipped},
    tests::{codes, trusted, whole},
    *,
};
use crate::{
    casework::dossier::{
        sample::{self, FILES},
        signed_approval::{SignedApproval, Statement, sample as approvals},
    },
    platform::{
        db::Id,
        i18n::{Lang, t, t_with},
        webauthn::{
            Site,
            soft::{Asked, PRESENT, Soft},
        },
    },
};

fn check(bytes: &[u8]) -> Report {
    verify(Cursor::new(bytes), &trusted(), &mut |_, _| {}).unwrap()
}

/// A package whose server sealed whatever `change` made of what the approver's passkey signed of `statement`.
fn sealed_over(
    soft: &mut Soft,
    statement: &dyn Fn(&mut Statement),
    asked: fn(Asked) -> Asked,
    change: &dyn Fn(&mut SignedApproval),
) -> Vec<u8> {
    let soft = RefCell::new(soft);
    sample::package_signed(&sample::facts(), &FILES, &|manifest| {
        let mut said = approvals::statement(manifest);
        statement(&mut said);
        let mut file = approvals::signed(said, &mut soft.borrow_mut(), asked);
        change(&mut file);
        file.to_text().unwrap()
    })
}

fn signed(soft: &mut Soft) -> Vec<u8> {
    sealed_over(soft, &|_| {}, |asked| asked, &|_| {})
}

/// What stands for the package in a statement.
fn own_of(said: &mut Statement) -> &mut String {
    let is_own = |one: &&mut String| **one != approvals::other();
    said.commitments.iter_mut().find(is_own).unwrap()
}

/// What stands for the dossier of another addressee.
fn other_of(said: &mut Statement) -> &mut String {
    let is_other = |one: &&mut String| **one == approvals::other();
    said.commitments.iter_mut().find(is_other).unwrap()
}

/// The seal and approval part in words.
fn told(report: &Report, lang: Lang) -> said::Part {
    let part = t(lang, "verify-part-seal");
    said::parts(report, &Given::default(), lang).into_iter().find(|one| one.title == part).unwrap()
}

#[test]
fn an_approval_by_a_passkey_is_told_with_its_fingerprint() {
    for mut soft in [Soft::new(), Soft::ed25519(), Soft::rsa()] {
        let report = check(&signed(&mut soft));
        assert_eq!((report.verdict, report.faults.as_slice()), (Verdict::Authentic, &[][..]));
        let fingerprint = soft.fingerprint();
        assert_eq!(report.approver.as_ref().map(|key| key.fingerprint.as_str()), Some(fingerprint.as_str()));
        let approver = report.package.as_ref().unwrap().approval.approver.to_string();
        for lang in Lang::ALL {
            let said = told(&report, lang).notes.join("\n");
            assert!(said.contains(&approver), "{said}");
            assert!(said.replace(' ', "").contains(&fingerprint), "{said}");
            assert!(said.contains(&t(lang, "verify-approval-unconfirmed")), "{said}");
        }
    }
}

/// Whoever had the approver's key from elsewhere holds the approval to it; everybody else is told that nobody did.
#[test]
fn an_approval_is_held_to_the_key_that_the_approver_is_known_to_have() {
    let (mut soft, keys) = (Soft::new(), trusted());
    let (bytes, own, other) = (signed(&mut soft), soft.fingerprint(), Soft::new().fingerprint());
    let pinned = |bytes: &[u8], approver: &str| {
        let trust = Trust { keys: &keys, approver: Some(approver), ..Trust::default() };
        verify_with(Cursor::new(bytes), &trust, Hashes::Both, &mut |_, _| {}).unwrap()
    };
    let report = pinned(&bytes, &own);
    assert_eq!((report.verdict, report.faults.as_slice()), (Verdict::Authentic, &[][..]));
    assert!(report.approver.as_ref().is_some_and(|key| key.confirmed));
    for lang in Lang::ALL {
        let said = told(&report, lang).notes;
        assert!(said.contains(&t(lang, "verify-approval-confirmed")), "{said:?}");
        assert!(!said.contains(&t(lang, "verify-approval-unconfirmed")), "{said:?}");
    }
    let report = pinned(&bytes, &other);
    assert_eq!((report.verdict, codes(&report)), (Verdict::NotAuthenticated, vec![Code::ApprovalOther]));
    assert_eq!((report.faults[0].expected.as_str(), report.faults[0].found.as_str()), (&*other, &*own));
    assert!(report.approver.as_ref().is_some_and(|key| !key.confirmed));
    for lang in Lang::ALL {
        let headline = said::headline(&report, &Given::default(), lang);
        assert_eq!(headline, t(lang, "verify-approver-not-authenticated"));
    }
    // By a code it is by no key at all; what is broken is told as that alone.
    let report = pinned(&whole(), &own);
    assert_eq!((report.verdict, codes(&report)), (Verdict::NotAuthenticated, vec![Code::ApprovalOther]));
    let broken = sealed_over(&mut soft, &|_| {}, |asked| asked, &|file| file.assertion.signature.clear());
    assert_eq!(codes(&pinned(&broken, &own)), [Code::ApprovalSignature]);
}

#[test]
fn an_approval_by_a_code_is_told_as_the_weaker_kind() {
    let report = check(&whole());
    assert_eq!((report.verdict, &report.approver), (Verdict::Authentic, &None));
    for lang in Lang::ALL {
        assert!(told(&report, lang).notes.contains(&t(lang, "verify-approval-code")), "{lang}");
    }
}

/// Even by a server that seals what is not so: what the passkey signed is its owner's.
#[test]
fn a_server_that_changes_what_the_approver_signed_is_found_out() {
    let mut soft = Soft::new();
    let mut changed = |change: &dyn Fn(&mut SignedApproval)| {
        let report = check(&sealed_over(&mut soft, &|_| {}, |asked| asked, change));
        assert_eq!((report.verdict, &report.approver), (Verdict::Faulty, &None));
        assert!(report.faults.iter().all(|fault| fault.file == bag::APPROVAL), "{:?}", report.faults);
        codes(&report)
    };
    let challenge = [Code::ApprovalChallenge];
    assert_eq!(changed(&|file| file.statement.review = Id::from_bytes([1; 16])), challenge);
    assert_eq!(changed(&|file| other_of(&mut file.statement).replace_range(63.., "4")), challenge);
    assert_eq!(changed(&|file| file.statement.stated_at = sample::at("2016-05-11T00:58:00Z")), challenge);
    // The statement made to fit the seal, which is not what was signed.
    assert_eq!(
        changed(&|file| file.statement.commitments.retain(|one| *one != approvals::other())),
        challenge
    );
    let both = [Code::ApprovalStatement, Code::ApprovalChallenge];
    assert_eq!(changed(&|file| *own_of(&mut file.statement) = "4".repeat(64)), both);
    assert_eq!(changed(&|file| file.statement.version = 3), both);
    assert_eq!(changed(&|file| file.statement.lead_number.push('0')), both);
    assert_eq!(changed(&|file| file.statement.role = "manager".into()), both);
    assert_eq!(changed(&|file| file.assertion.signature.clear()), [Code::ApprovalSignature]);
    assert_eq!(changed(&|file| file.assertion.public_key.clear()), [Code::ApprovalKey]);
    assert_eq!(changed(&|file| file.assertion.algorithm = "EdDSA".into()), [Code::ApprovalKey]);
    assert_eq!(changed(&|file| file.assertion.client_data_json.clear()), [Code::ApprovalForm]);
    let stranger = data_encoding::BASE64.encode(&Soft::new().der());
    assert_eq!(changed(&|file| file.assertion.public_key.clone_from(&stranger)), [Code::ApprovalSignature]);
    let elsewhere = Site::of("https://other.example").unwrap();
    let found = changed(&|file| file.site = elsewhere.clone());
    assert_eq!(found, [Code::ApprovalOrigin, Code::ApprovalSite]);
    assert_eq!(changed(&|file| file.schema.push('0')), [Code::Schema]);
}

/// What the passkey did sign, but of something else, or without showing who was there.
#[test]
fn an_approval_of_something_else_is_none_of_this() {
    let mut soft = Soft::new();
    let mut over = |statement: &dyn Fn(&mut Statement)| {
        codes(&check(&sealed_over(&mut soft, statement, |asked| asked, &|_| {})))
    };
    let other = [Code::ApprovalStatement];
    assert_eq!(over(&|said| *own_of(said) = "4".repeat(64)), other, "another content");
    assert_eq!(
        over(&|said| said.commitments.retain(|one| *one == approvals::other())),
        other,
        "not for this addressee"
    );
    assert_eq!(over(&|said| said.version = 1), other, "another version");
    assert_eq!(over(&|said| said.lead_number = "XS-2016-001185".into()), other);
    assert_eq!(over(&|said| said.approver = Id::from_bytes([7; 16])), other);
    let order = [Code::ApprovalOrder];
    assert_eq!(over(&|said| said.stated_at = sample::at("2016-05-11T01:00:01Z")), order, "after the act");
    assert_eq!(
        over(&|said| said.stated_at = sample::at("2016-05-10T07:59:59Z")),
        order,
        "before it was composed"
    );
    assert!(over(&|said| said.stated_at = sample::at("2016-05-10T08:00:00Z")).is_empty());
    assert_eq!(over(&|said| said.commitments.reverse()), other, "another form");
    let twice = |said: &mut Statement| {
        let own = own_of(said).clone();
        said.commitments.push(own);
        said.commitments.sort_unstable();
    };
    assert_eq!(over(&twice), other);
    let unseen = sealed_over(&mut soft, &|_| {}, |asked| Asked { flags: PRESENT, ..asked }, &|_| {});
    assert_eq!(codes(&check(&unseen)), [Code::ApprovalVerification]);
    let gone = sealed_over(&mut soft, &|_| {}, |asked| Asked { flags: 0, ..asked }, &|_| {});
    assert_eq!(codes(&check(&gone)), [Code::ApprovalPresence, Code::ApprovalVerification]);
    let evil = |asked| Asked { origin: "https://evil.example".into(), ..asked };
    assert_eq!(codes(&check(&sealed_over(&mut soft, &|_| {}, evil, &|_| {}))), [Code::ApprovalOrigin]);
}

fn faulty(members: Members, what: &str) -> Vec<Code> {
    let report = check(&zipped(&refitted(members)));
    assert_eq!((report.verdict, &report.approver), (Verdict::Faulty, &None), "{what}");
    codes(&report)
}

/// Whoever has no key of the server's takes the file out, puts another one in, or changes it.
#[test]
fn the_file_is_the_one_that_the_seal_names() {
    let mut soft = Soft::new();
    let all = members(&signed(&mut soft));
    let place = all.iter().position(|(path, _)| path == bag::APPROVAL).unwrap();
    assert_eq!(all[place - 1].0, bag::SEAL_SIGNATURE);

    let mut fewer = all.clone();
    fewer.remove(place);
    assert!(faulty(fewer, "left out").contains(&Code::Missing));
    // As good an approval of the same, but another one.
    let mut other = all.clone();
    let again = members(&signed(&mut soft));
    *bytes_of(&mut other, bag::APPROVAL) = again[place].1.clone();
    assert_eq!(faulty(other, "another one"), [Code::ApprovalSeal]);
    let mut longer = all.clone();
    bytes_of(&mut longer, bag::APPROVAL).push(b'\n');
    let found = faulty(longer, "another form");
    assert!(found.contains(&Code::Form) && found.contains(&Code::ApprovalSeal), "{found:?}");
    // Beside a seal that names none.
    let mut more = members(&whole());
    more.insert(place, all[place].clone());
    assert!(faulty(more, "added").contains(&Code::Extra));
}

/// Every byte of the file, with one bit of it turned.
#[test]
fn every_byte_of_what_was_signed_is_held_to_what_it_was() {
    let all = members(&signed(&mut Soft::new()));
    let length = bytes_of(&mut all.clone(), bag::APPROVAL).len();
    for at in 0..length {
        let mut changed = all.clone();
        bytes_of(&mut changed, bag::APPROVAL)[at] ^= 1;
        assert!(!faulty(changed, &format!("byte {at}")).is_empty());
    }
}

#[test]
fn what_does_not_hold_is_said_with_the_seal() {
    let report =
        check(&sealed_over(&mut Soft::new(), &|_| {}, |asked| asked, &|file| file.statement.version = 9));
    for lang in Lang::ALL {
        let part = told(&report, lang);
        assert!(part.notes.contains(&t(lang, "verify-approval-broken")), "{part:?}");
        let given = [("file", bag::APPROVAL.to_owned()), ("expected", "2".into()), ("found", "9".into())];
        assert!(said::faults(&report, lang).contains(&t_with(
            lang,
            "verify-fault-approval-statement",
            &given
        )));
    }
}
