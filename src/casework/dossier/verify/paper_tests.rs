use std::{collections::HashMap, io::Cursor, process::Command};

use super::{
    cosigned_tests::{self, cosigned},
    paper::{self, Checked, Outcome},
    said::{self, Given},
    tests::{trusted, whole},
    *,
};
use crate::{
    casework::dossier::sample::{self, FILES, NamedKey},
    platform::{
        i18n::{Lang, t},
        keys::Cosigner,
    },
};

fn check(bytes: &[u8], keys: &[PublicKey]) -> Report {
    verify(Cursor::new(bytes), keys, &mut |_, _| {}).unwrap()
}

fn given() -> Given {
    let keys = trusted().into_iter().map(|key| ("sender.txt".to_owned(), key)).collect();
    Given { keys, ..Given::default() }
}

fn drawn(outcome: &Outcome<'_>, given: &Given, lang: Lang) -> Vec<u8> {
    let checked = Checked {
        file: "XS-2016-001184-v2-GA-440100.zip",
        size: 12_345,
        sha256: &"ab".repeat(32),
        at: sample::at("2026-01-02T03:04:05Z"),
        version: "9.9.9",
        given,
    };
    paper::pdf(outcome, &checked, lang).unwrap()
}

fn tool(name: &str, before: &[&str], after: &[&str], pdf: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pdf).unwrap();
    let out = Command::new(name).args(before).arg(file.path()).args(after).output().unwrap();
    assert!(out.status.success(), "{name}");
    String::from_utf8_lossy(&out.stdout).into_owned()
}

/// The text of a PDF in the order in which it is drawn, without what breaks its lines.
fn read(pdf: &[u8]) -> String {
    bare(&tool("pdftotext", &["-raw"], &["-"], pdf))
}

/// Whether a text stands there, as a whole or with the end of a page in it.
fn holds(text: &str, said: &str) -> bool {
    let said = bare(said);
    let mut cuts = said.char_indices().map(|(at, _)| said.split_at(at));
    cuts.any(|(before, after)| text.contains(before) && text.contains(after))
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whatever the command prints of a package stands on its paper, in either language.
#[test]
fn the_paper_says_what_the_command_says() {
    let bytes = whole();
    let mut changed = bytes.clone();
    let at = bytes.windows(6).position(|part| part == b">page<").unwrap();
    changed[at + 1] = b'P';
    let (ours, nobody) = (given(), Given::default());
    let [one, other, silent] =
        ["a.example", "b.example", "c.example"].map(|name| Cosigner::generate(name).unwrap());
    let witnessed = cosigned_tests::check(&cosigned(&[&one, &other]), &[one.public(), silent.public()]);
    let words: Vec<_> =
        witnessed.witnesses.iter().map(|one| said::witness(one, &witnessed, Lang::En)).collect();
    let log = said::parts(&witnessed, &ours, Lang::En).into_iter().find(|part| part.notes.ends_with(&words));
    assert!(words.len() == 3 && log.is_some(), "{words:?}");
    let cases = [
        (witnessed, &ours),
        (check(&bytes, &trusted()), &ours),
        (check(&bytes, &[]), &nobody),
        (check(&changed, &trusted()), &ours),
    ];
    for (report, given) in &cases {
        for lang in Lang::ALL {
            let pdf = drawn(&Outcome::Read(report), given, lang);
            let text = read(&pdf);
            let mut told = vec![said::headline(report, given, lang)];
            told.extend(said::faults(report, lang));
            let parts = said::proved(report, given, lang).into_iter().chain(said::parts(report, given, lang));
            for part in parts.filter(|part| !part.rows.is_empty() || !part.notes.is_empty()) {
                told.push(part.title);
                told.extend(part.rows.into_iter().flat_map(|(label, value)| [label, value]));
                told.extend(part.notes);
            }
            for one in told {
                assert!(holds(&text, &one), "{lang}: {one}\n{text}");
            }
            for own in ["9.9.9", "2026-01-0211:04:05+08:00", "XS-2016-001184-v2-GA-440100.zip"] {
                assert!(holds(&text, own), "{lang}: {own}");
            }
            assert!(holds(&text, &t(lang, "verify-paper-signature")));
            let json = tool("qpdf", &["--json"], &[], &pdf);
            let tagged = format!("\"/Lang\": \"u:{}\"", lang.tag());
            assert!(json.contains(&tagged) && json.contains("\"/PageMode\": \"/UseOutlines\""));
        }
    }
}

/// The heading of the lines to sign stands with them, and so does the end of what they are signed for.
#[test]
fn no_page_bears_the_lines_to_sign_alone() {
    let mut report = check(&whole(), &trusted());
    let (given, lang) = (given(), Lang::En);
    let signature = bare(&t(lang, "verify-paper-signature"));
    for n in 0..16 {
        let pdf = drawn(&Outcome::Read(&report), &given, lang);
        let text = tool("pdftotext", &["-raw"], &["-"], &pdf);
        let pages: Vec<String> = text.split('\u{c}').map(bare).collect();
        let page = pages.iter().find(|page| page.contains(&signature)).unwrap();
        let last = said::parts(&report, &given, lang).pop().unwrap();
        for told in [bare(&t(lang, "verify-part-checker")), bare(last.notes.last().unwrap())] {
            assert!(page.contains(&told), "{n} stamps: no {told} on\n{page}");
        }
        report.stamps.push(Stamp {
            file: String::new(),
            over: "manifest-sha256.txt".into(),
            time: "2026-01-02T03:04:05Z".into(),
            authority: "CN=stamps.example".into(),
            serial: format!("{n:02x}"),
            trusted: true,
        });
    }
}

/// What each outcome claims to have proved, and no more than that.
#[test]
fn no_more_is_said_to_be_proved_than_is() {
    let bytes = whole();
    let mut changed = bytes.clone();
    changed[10] = 1;
    let lang = Lang::En;
    let notes = |report: &Report| said::proved(report, &Given::default(), lang).map(|part| part.notes);
    let [proved, open] = notes(&check(&bytes, &trusted()));
    let keys = ["verify-proved-bytes", "verify-proved-files", "verify-proved-signer", "verify-proved-log"];
    assert_eq!(proved, keys.map(|key| t(lang, key)));
    assert!(!open.contains(&t(lang, "verify-open-signer")));
    let [proved, open] = notes(&check(&bytes, &[]));
    assert_eq!(proved, ["verify-proved-bytes", "verify-proved-files"].map(|key| t(lang, key)));
    assert!(open.contains(&t(lang, "verify-open-signer")));
    let [proved, _] = notes(&check(&changed, &trusted()));
    assert_eq!(proved, [t(lang, "verify-proved-nothing")]);
}

/// Who approved, for whom, what is kept back, and where in the log: as the seal and the proof have it.
#[test]
fn a_report_holds_what_a_court_asks_for() {
    let report = check(&whole(), &trusted());
    let package = report.package.as_ref().unwrap();
    assert_eq!((package.approval.role.as_str(), package.addressee_code.as_str()), ("approver", "GA-440100"));
    assert_eq!(package.withheld_items, sample::facts().withheld);
    let log = report.log.as_ref().unwrap();
    assert_eq!((log.origin.as_str(), log.index, log.size), ("log.example.com", 20, 37));
    assert!(log.proven && log.trusted);
    let log = check(&whole(), &[]).log.unwrap();
    assert!(log.proven && !log.trusted, "in the log, whose ever that is");
    let own = NamedKey("log.example.com", sample::key(8));
    let other = sample::package_by(&sample::facts(), &FILES, &HashMap::new(), &own);
    let report = check(&other, &trusted());
    let seal = &said::parts(&report, &given(), Lang::En)[1];
    assert!(seal.notes.contains(&t(Lang::En, "verify-seal-untrusted")), "{seal:?}");
    let pdf = drawn(&Outcome::Unreadable("x"), &Given::default(), Lang::Zh);
    assert!(holds(&read(&pdf), &t(Lang::Zh, "verify-proved-nothing")));
}

/// A seal by a key that the reader brought is not called unsigned because another key signed the head of the log.
#[test]
fn a_head_by_another_key_is_told_from_a_seal_by_another_key() {
    let mut report = check(&whole(), &trusted());
    assert_eq!(said::headline(&report, &Given::default(), Lang::En), t(Lang::En, "verify-authentic"));
    report.verdict = Verdict::NotAuthenticated;
    let file = bag::AUDIT_PROOF.to_owned();
    let fault = |code| Fault { code, file: file.clone(), expected: String::new(), found: String::new() };
    report.faults = vec![fault(Code::StampAuthority)];
    assert_eq!(
        said::headline(&report, &Given::default(), Lang::En),
        t(Lang::En, "verify-stamps-not-authenticated")
    );
    report.faults = vec![fault(Code::HeadOtherKey), fault(Code::StampAuthority)];
    assert_eq!(
        said::headline(&report, &Given::default(), Lang::En),
        t(Lang::En, "verify-head-not-authenticated")
    );
    report.signer.as_mut().unwrap().trusted = false;
    assert!(
        said::headline(&report, &Given::default(), Lang::En).contains(&report.signer.unwrap().fingerprint)
    );
}
