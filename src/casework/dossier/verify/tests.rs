use std::{
    io::{Cursor, Write},
    sync::LazyLock,
};

use proptest::prelude::*;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::*;
use crate::casework::dossier::{
    facts::{SCHEMA_1, Sales},
    sample::{self, FILES, NamedKey},
};

pub(super) fn trusted() -> Vec<PublicKey> {
    vec![NamedKey("log.example.com", sample::key(7)).text().parse().unwrap()]
}

fn check_bytes(bytes: &[u8], keys: &[PublicKey]) -> Result<Report, Unreadable> {
    verify(Cursor::new(bytes), keys, &mut |_, _| {})
}

pub(super) fn whole() -> Vec<u8> {
    static WHOLE: LazyLock<Vec<u8>> = LazyLock::new(|| sample::package(&sample::facts(), &FILES));
    WHOLE.clone()
}

pub(super) fn codes(report: &Report) -> Vec<Code> {
    report.faults.iter().map(|fault| fault.code).collect()
}

#[test]
fn a_package_is_authentic_by_a_key_from_elsewhere_only() {
    let bytes = whole();
    let report = check_bytes(&bytes, &trusted()).unwrap();
    assert_eq!((report.verdict, report.faults.as_slice()), (Verdict::Authentic, &[][..]));
    assert_eq!(report.package.unwrap().number, "XS-2016-001184");
    let signer = report.signer.unwrap();
    assert!(signer.trusted);

    let report = check_bytes(&bytes, &[]).unwrap();
    assert_eq!((report.verdict, report.faults.len()), (Verdict::NotAuthenticated, 0));
    assert_eq!(report.signer.as_ref().unwrap().fingerprint, signer.fingerprint);
    assert!(!report.signer.unwrap().trusted);

    let other = NamedKey("log.example.com", sample::key(8)).text().parse().unwrap();
    let report = check_bytes(&bytes, &[other]).unwrap();
    assert_eq!(report.verdict, Verdict::NotAuthenticated);
    assert_eq!(codes(&report), [Code::OtherKey, Code::HeadOtherKey]);
}

#[test]
fn the_same_values_give_the_same_bytes() {
    assert_eq!(sample::package(&sample::facts(), &FILES), sample::package(&sample::facts(), &FILES));
}

/// Packages that were given away must verify for ever. If this hash changes, so has the format: give it a new schema
/// and keep the old one readable.
#[test]
fn the_format_is_the_same_for_ever() {
    let facts = LeadFacts { schema: SCHEMA_1.to_owned(), ..sample::facts() };
    let first = sample::package_first(&facts, &FILES);
    assert_eq!(bag::sha256_hex(&first), "4a1cdca7816194723a795c81ec44e70665122bdb5c630eb1f7c9bbb385baa129");
    let second = sample::package(&facts, &FILES);
    assert_eq!(bag::sha256_hex(&second), "3b23202e6ee8054914c75f2811bd194a00779e928c9817f1bf4c4bc2e56baee8");
    assert_eq!(bag::sha256_hex(&whole()), "295a5d7ec80378feca81cc8de3aebb86f3106f54f01dfb6a31671087a01eea69");
}

#[test]
fn each_fault_is_named_with_its_file() {
    let bytes = whole();
    let at = bytes.windows(6).position(|w| w == b">page<").unwrap();
    let mut changed = bytes.clone();
    changed[at + 1] = b'P';
    let report = check_bytes(&changed, &trusted()).unwrap();
    assert_eq!(report.verdict, Verdict::Faulty);
    let fault = report.faults.iter().find(|fault| fault.code == Code::Hash).unwrap();
    assert_eq!(fault.file, "data/evidence/001-页面.html");
    assert_eq!(fault.expected, sample::facts().items[0].sha256);
    assert_eq!(codes(&report), [Code::Hash, Code::ListHash]);

    let mut changed = bytes.clone();
    changed[10] = 1; // the time in the first header
    let report = check_bytes(&changed, &trusted()).unwrap();
    assert_eq!(codes(&report), [Code::Frame]);
    assert_eq!(
        (report.faults[0].file.as_str(), report.faults[0].expected.as_str()),
        ("bagit.txt", "00 @ 10")
    );
}

#[test]
fn a_package_made_anew_with_another_key_is_not_authentic() {
    // Someone without the key changes a file and makes everything else fit.
    let mut facts = sample::facts();
    facts.title = "另一标题".into();
    let other = sample::package(&facts, &FILES);
    assert_eq!(check_bytes(&other, &trusted()).unwrap().verdict, Verdict::Authentic, "the key signed it");
    let mixed = splice(&whole(), &other);
    let report = check_bytes(&mixed, &trusted()).unwrap();
    assert_eq!(report.verdict, Verdict::Faulty);
    assert!(codes(&report).contains(&Code::SealContent));
}

/// An item that an earlier version kept back comes with the salt of its commitment.
#[test]
fn what_was_kept_back_is_the_file_that_was_committed_to() {
    use super::super::facts::EarlierCommitment;
    let mut facts = sample::facts();
    let mut earlier = EarlierCommitment { version: 1, commitment: String::new(), salt: "5a".repeat(32) };
    earlier.commitment = earlier.opened(&facts.items[0].sha256).unwrap();
    facts.items[0].earlier_commitments = vec![earlier.clone()];
    let report = check_bytes(&sample::package(&facts, &FILES), &trusted()).unwrap();
    assert_eq!((report.verdict, report.faults.as_slice()), (Verdict::Authentic, &[][..]));

    facts.items[0].earlier_commitments[0].salt = "5b".repeat(32);
    let report = check_bytes(&sample::package(&facts, &FILES), &trusted()).unwrap();
    assert_eq!((report.verdict, codes(&report)), (Verdict::Faulty, vec![Code::Commitment]));
    assert_eq!(report.faults[0].file, facts.items[0].path);
    assert_eq!(report.faults[0].expected, earlier.commitment);

    // The right salt of another file.
    facts.items[0].earlier_commitments = vec![];
    facts.items[1].earlier_commitments = vec![earlier];
    let report = check_bytes(&sample::package(&facts, &FILES), &trusted()).unwrap();
    assert_eq!(codes(&report), [Code::Commitment]);
}

/// The package with one more file.
pub(super) fn add(archive: &[u8], path: &str) -> Vec<u8> {
    let folder = sample::facts().folder;
    let mut zip = ZipWriter::new_append(Cursor::new(archive.to_vec())).unwrap();
    zip.start_file(format!("{folder}/{path}"), plain()).unwrap();
    zip.write_all(b"x").unwrap();
    zip.finish().unwrap().into_inner()
}

/// Options of the archive's frame, whatever else the crate was built with.
fn plain() -> SimpleFileOptions {
    SimpleFileOptions::DEFAULT
        .last_modified_time(zip::DateTime::DEFAULT)
        .compression_method(zip::CompressionMethod::Stored)
}

/// The first package's files with the second's lead.
fn splice(first: &[u8], second: &[u8]) -> Vec<u8> {
    let lead = content(second, "data/lead.json");
    rezip(first, |path, bytes| if path.ends_with("data/lead.json") { lead.clone() } else { bytes })
}

pub(super) fn content(archive: &[u8], ending: &str) -> Vec<u8> {
    let mut found = Vec::new();
    rezip(archive, |path, bytes| {
        if path.ends_with(ending) {
            found.clone_from(&bytes);
        }
        bytes
    });
    found
}

pub(super) fn rezip(archive: &[u8], mut change: impl FnMut(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        out.start_file(&name, plain()).unwrap();
        out.write_all(&change(&name, bytes)).unwrap();
    }
    out.finish().unwrap().into_inner()
}

pub(super) fn with(names: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in names {
        out.start_file(*name, plain()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[test]
fn every_fault_has_its_words() {
    let codes = [
        Code::Frame,
        Code::Length,
        Code::Place,
        Code::Overlap,
        Code::Duplicate,
        Code::Outside,
        Code::Missing,
        Code::Extra,
        Code::Damaged,
        Code::TooBig,
        Code::TooMany,
        Code::Hash,
        Code::ListHash,
        Code::Commitment,
        Code::ManifestMissing,
        Code::ManifestExtra,
        Code::Derived,
        Code::Form,
        Code::Json,
        Code::Schema,
        Code::Facts,
        Code::SealManifest,
        Code::SealContent,
        Code::SealFacts,
        Code::SealOrder,
        Code::ApprovalSeal,
        Code::ApprovalStatement,
        Code::ApprovalOrder,
        Code::ApprovalOther,
        Code::ApprovalForm,
        Code::ApprovalChallenge,
        Code::ApprovalOrigin,
        Code::ApprovalSite,
        Code::ApprovalPresence,
        Code::ApprovalVerification,
        Code::ApprovalKey,
        Code::ApprovalSignature,
        Code::KeyStep,
        Code::KeySeal,
        Code::Signature,
        Code::OtherKey,
        Code::HeadSignature,
        Code::HeadOtherKey,
        Code::ProofCheckpoint,
        Code::ProofOrigin,
        Code::ProofPath,
        Code::ProofLeaf,
        Code::ProofManifest,
        Code::ProofSeal,
        Code::Cosignature,
        Code::StampForm,
        Code::StampSignature,
        Code::StampImprint,
        Code::StampAuthority,
    ];
    for code in codes {
        for lang in crate::platform::i18n::Lang::ALL {
            let key = format!("verify-fault-{}", code.as_str());
            let given = [("file", "f".to_owned()), ("expected", "e".to_owned()), ("found", "g".to_owned())];
            assert_ne!(crate::platform::i18n::t_with(lang, &key, &given), key, "{lang}");
        }
    }
}

#[test]
fn what_is_no_package_is_unreadable() {
    for bytes in
        [&b""[..], b"hello", &[0; 100_000], b"PK\x05\x06", &[b"PK\x05\x06".as_slice(), &[0; 18]].concat()]
    {
        assert!(check_bytes(bytes, &[]).is_err());
    }
    assert!(matches!(check_bytes(&with(&[("../../etc/passwd", b"x")]), &[]), Err(Unreadable::NotPackage)));
    let bytes = whole();
    assert!(check_bytes(&bytes[..bytes.len() - 1], &[]).is_err());
    assert!(check_bytes(&bytes[..bytes.len() / 2], &[]).is_err());
}

#[test]
fn hostile_archives_are_faulty_and_nothing_worse() {
    let report =
        check_bytes(&with(&[("XS-1/bagit.txt", b"x"), ("../evil", b"x"), ("XS-1/../up", b"x")]), &[])
            .unwrap();
    assert_eq!(report.verdict, Verdict::Faulty);
    assert!(codes(&report).contains(&Code::Outside) && codes(&report).contains(&Code::Missing));
    for (name, text) in [
        ("seal.json", "{"),
        ("seal.json", "[[[[[[[[[["),
        ("data/lead.json", "{\"schema\":\"lead-handoff/lead/9\"}"),
        ("data/lead.json", "{\"schema\":\"lead-handoff/lead/1\",\"items\":[{\"size\":1e999}]}"),
        ("manifest-sha256.txt", "x\n\n  \nabc  ../../etc/passwd\n"),
        (
            "audit-proof.json",
            "{\"schema\":\"lead-handoff/audit-proof/1\",\"origin\":\"x\",\"tiles\":\"\",\"index\":18446744073709551615,\"leaf\":\"\",\"path\":[],\"checkpoint\":\"x\\n18446744073709551615\\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\\n\\n\"}",
        ),
        ("public-key.txt", "a+b+c"),
        ("seal.sig", "— x y\n"),
    ] {
        let bytes = rezip(&whole(), |path, bytes| if path.ends_with(name) { text.into() } else { bytes });
        let report = check_bytes(&bytes, &trusted()).unwrap();
        assert_eq!(report.verdict, Verdict::Faulty, "{name} {text}");
    }
    let deep = "[".repeat(100_000);
    let bytes =
        rezip(&whole(), |path, bytes| if path.ends_with("lead.json") { deep.clone().into() } else { bytes });
    assert_eq!(check_bytes(&bytes, &trusted()).unwrap().verdict, Verdict::Faulty);
}

#[test]
fn added_left_out_and_reordered_files_are_found() {
    let files = |bytes: &[u8]| {
        let mut all: Vec<(String, Vec<u8>)> = Vec::new();
        rezip(bytes, |path, bytes| {
            all.push((path.to_owned(), bytes.clone()));
            bytes
        });
        all
    };
    let zip = |files: &[(String, Vec<u8>)]| {
        let files: Vec<(&str, &[u8])> = files.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
        check_bytes(&with(&files), &trusted()).unwrap()
    };
    let all = files(&whole());
    assert_eq!(zip(&all).verdict, Verdict::Authentic, "the plain writer of the crate gives the same bytes");

    let mut more = all.clone();
    more.push((format!("{}/data/evidence/005-x.txt", sample::facts().folder), vec![]));
    let report = zip(&more);
    assert!(codes(&report).contains(&Code::Extra), "{:?}", report.faults);

    for index in 0..all.len() {
        let mut less = all.clone();
        let (gone, _) = less.remove(index);
        let report = zip(&less);
        assert_eq!(report.verdict, Verdict::Faulty, "{gone}");
    }
    let mut turned = all.clone();
    turned.swap(2, 3);
    assert_eq!(codes(&zip(&turned)), [Code::Place]);
}

#[test]
fn an_older_package_states_sales_records_without_their_rows() {
    let mut facts = sample::facts();
    facts.sales = Some(Sales::default());
    let bytes = sample::package(&facts, &FILES);
    let report = check_bytes(&bytes, &trusted()).unwrap();
    assert_eq!((report.verdict, report.faults.as_slice()), (Verdict::Authentic, &[][..]));
}

#[test]
fn bytes_around_the_archive_are_found() {
    let bytes = whole();
    let after = [bytes.as_slice(), b"x"].concat();
    let before = [b"x", bytes.as_slice()].concat();
    for changed in [after, before] {
        assert!(
            check_bytes(&changed, &trusted()).is_ok_and(|r| r.verdict == Verdict::Faulty)
                || check_bytes(&changed, &trusted()).is_err()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_changed_byte_is_found(place in any::<prop::sample::Index>(), bits in 1u8..) {
        let mut bytes = whole();
        let at = place.index(bytes.len());
        bytes[at] ^= bits;
        if let Ok(report) = check_bytes(&bytes, &trusted()) {
            prop_assert_eq!(report.verdict, Verdict::Faulty, "byte {}", at);
            prop_assert!(!report.faults.is_empty());
        }
    }

    #[test]
    fn noise_never_panics(noise in proptest::collection::vec(any::<u8>(), 0..400), at in any::<prop::sample::Index>()) {
        let _ = check_bytes(&noise, &[]);
        let mut bytes = whole();
        let at = at.index(bytes.len());
        let end = (at + noise.len()).min(bytes.len());
        bytes[at..end].copy_from_slice(&noise[..end - at]);
        let _ = check_bytes(&bytes, &trusted());
    }
}

/// For validators of others (`bagit`, `case_validate`): writes the sample to the file named in
/// `LEAD_HANDOFF_SAMPLE_PACKAGE`, by default to one that goes again, and reads it back as the command does.
#[test]
fn write_the_sample() {
    let folder = tempfile::tempdir().unwrap();
    let named = std::env::var("LEAD_HANDOFF_SAMPLE_PACKAGE").ok().map(std::path::PathBuf::from);
    let path = named.unwrap_or_else(|| folder.path().join("sample.zip"));
    std::fs::write(&path, whole()).unwrap();
    let key = NamedKey("log.example.com", sample::key(7)).text();
    std::fs::write(path.with_extension("zip.key"), key).unwrap();
    let read = std::fs::read(&path).unwrap();
    assert_eq!(check_bytes(&read, &trusted()).unwrap().verdict, Verdict::Authentic);
}
