//! A small made-up dossier for the tests of this slice.

use std::{collections::HashMap, io::Read};

use chrono::NaiveDate;
use signed_note::Note;
use tlog_tiles::{Checkpoint, Hash, HashReader};

use super::{
    audit_proof::AuditProof,
    bag,
    facts::*,
    layout::Digests,
    letter_pdf, names,
    package::{Package, Parts, PayloadFile, derive, freeze},
    seal::{ApprovedBy, ComposedBy, Parties, Seal, SealKey, sign},
    succession::Chain,
};
use crate::platform::{
    db::{Id, Instant},
    keys::PublicKey,
};

/// The bytes of each item, in the order of `facts().items`.
pub const FILES: [&[u8]; 3] =
    [b"<html>page</html>", &[0xff, 0xd8, 0xff, 0x00, 0x01], "2016-05-04 10:30 订单".as_bytes()];

pub const SALT: &str = "5151515151515151515151515151515151515151515151515151515151515151";

pub fn at(text: &str) -> Instant {
    Instant::try_from(text.to_owned()).unwrap()
}

fn named(code: &str, name_zh: &str, name_en: &str) -> Named {
    Named { code: code.into(), name_zh: name_zh.into(), name_en: name_en.into() }
}

fn region() -> Region {
    Region {
        code: "440100".into(),
        name_zh: "广州市".into(),
        name_en: "Guangzhou".into(),
        full_zh: "广东省广州市".into(),
        full_en: "Guangzhou, Guangdong".into(),
    }
}

fn item(number: u32, name: &str, kind: ItemKind, media_type: &str, bytes: &[u8]) -> Item {
    let digests = Digests::of(bytes);
    Item {
        number,
        evidence_id: Id::from_bytes([u8::try_from(number).unwrap(); 16]),
        kind,
        category: named("web_page", "网页", "Web page"),
        name: name.into(),
        path: names::evidence_path(number, name),
        media_type: media_type.into(),
        size: digests.size,
        sha256: digests.sha256,
        sm3: digests.sm3,
        source: "商品快照系统".into(),
        collected_by: "编制人甲".into(),
        collected_at: Some(at("2016-05-04T02:30:00Z")),
        method: "网页固定".into(),
        tool: "capture 1.0".into(),
        original_medium: "平台数据中心".into(),
        holder: "示例平台有限公司".into(),
        description: "销售页面".into(),
        quantity: String::new(),
        remark: String::new(),
        witness: String::new(),
        earlier_commitments: vec![],
        sealings: vec![],
    }
}

pub fn facts() -> LeadFacts {
    LeadFacts {
        schema: SCHEMA.into(),
        synthetic: true,
        folder: names::folder("XS-2016-001184", 2, "GA-440100"),
        number: "XS-2016-001184".into(),
        version: 2,
        prior: Some(Prior { version: 1, content_sha256: "0".repeat(64), manifest_sha256: "1".repeat(64) }),
        prepared_at: at("2016-05-10T08:00:00Z"),
        prepared_on: NaiveDate::from_ymd_opt(2016, 5, 10).unwrap(),
        time_zone: "Asia/Shanghai".into(),
        sender: Sender {
            organisation: "示例平台有限公司".into(),
            role: SenderRole::Reporter,
            accusers: vec![],
            contact: None,
        },
        addressee: Addressee {
            code: "GA-440100".into(),
            name_zh: "示例市公安局经济犯罪侦查支队".into(),
            name_en: "Economic crime detachment, Example".into(),
            agency_type: named("police_economic", "公安经侦", "Economic crime police"),
            region: region(),
            salutation: "示例市公安局经济犯罪侦查支队".into(),
        },
        title: "涉嫌销售假冒注册商标的商品".into(),
        summary: "店铺涉嫌销售假冒商品。".into(),
        origin: Origin {
            kind: named("risk_model", "风险模型", "Risk model"),
            note: String::new(),
            public_source: String::new(),
        },
        charges: vec![Charge {
            code: "CL214".into(),
            track: "criminal".into(),
            article: "刑法 214".into(),
            name_zh: "销售假冒注册商标的商品罪".into(),
            name_en: "Selling goods with counterfeit marks".into(),
            valid_from: NaiveDate::from_ymd_opt(1997, 10, 1),
            valid_to: None,
        }],
        region: region(),
        brands: vec![Brand {
            name: "示例牌".into(), name_en: "Example".into(), owner: "示例权利人".into()
        }],
        occurred_from: NaiveDate::from_ymd_opt(2016, 1, 1),
        occurred_to: None,
        estimated_value: Some(EstimatedValue {
            fen: 12_345_600,
            qualifier: "at_least".into(),
            basis: "sales".into(),
        }),
        subjects: vec![Subject {
            number: 1,
            kind: SubjectKind::Shop,
            name: "示例店铺".into(),
            identifier: "shop-1".into(),
            part: "卖家".into(),
            region: Some(region()),
            note: String::new(),
        }],
        sites: vec![Site {
            number: 1,
            role: SiteRole::Storage,
            address: "示例路1号".into(),
            region: region(),
            note: String::new(),
        }],
        listings: vec![],
        items: vec![
            item(1, "页面.html", ItemKind::File, "text/html", FILES[0]),
            item(2, "../照片\u{202e}.jpg", ItemKind::File, "image/jpeg", FILES[1]),
            item(4, "订单记录", ItemKind::Note, "text/plain", FILES[2]),
        ],
        withheld: vec![Withheld {
            number: 3,
            category: named("chat", "聊天记录", "Chat"),
            commitment: "2".repeat(64),
        }],
        sales: None,
    }
}

/// A key whose bytes are all `seed`.
pub fn key(seed: u8) -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(&[seed; 32])
}

/// A key under its name, as the signer of notes.
pub struct NamedKey(pub &'static str, pub ed25519_dalek::SigningKey);

impl NamedKey {
    pub fn text(&self) -> String {
        signed_note::new_ed25519_verifier_key(self.0, &self.1.verifying_key())
    }

    pub fn public(&self) -> PublicKey {
        self.text().parse().unwrap()
    }

    /// How this key came to be the sender's, where it is the first one.
    pub fn alone(&self) -> Chain {
        Chain::new(self.public(), []).unwrap()
    }
}

/// The key that the sample's letter names.
pub fn letter_key() -> letter_pdf::NamedKey {
    let key = NamedKey("log.example.com", key(7)).public();
    letter_pdf::NamedKey {
        name: key.name().to_owned(),
        fingerprint: key.fingerprint(),
        page: "https://example.com/verify".to_owned(),
    }
}

/// Who composed and approved it when, and the key that signs, as the last of `keys`.
pub fn parties(facts: &LeadFacts, approval: ApprovedBy, keys: &Chain) -> Parties {
    let key = keys.keys().next_back().unwrap();
    Parties {
        composer: Some(ComposedBy {
            composer: Id::from_bytes([7; 16]),
            role: "compiler".into(),
            at: facts.prepared_at,
        }),
        approval,
        signing_key: Some(SealKey {
            fingerprint: key.fingerprint(),
            succession_sha256: keys.sha256_to(key).unwrap(),
        }),
    }
}

impl signed_note::Signer for NamedKey {
    fn name(&self) -> &str {
        self.0
    }

    fn key_id(&self) -> u32 {
        signed_note::key_id(self.0, &[&[1], self.1.verifying_key().as_bytes().as_slice()].concat())
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, ed25519_dalek::SignatureError> {
        Ok(ed25519_dalek::Signer::sign(&self.1, message).to_vec())
    }
}

struct Stored(Vec<Hash>);

impl HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, tlog_tiles::Error> {
        Ok(indexes.iter().map(|i| self.0[usize::try_from(*i).unwrap()]).collect())
    }
}

/// The proof that `leaf` stands in the middle of a log of 37 entries.
pub fn proof(leaf: &str, signer: &NamedKey) -> AuditProof {
    proof_of(leaf, signer, 20, 37)
}

/// The proof that `leaf` is the entry number `index`, from 0, of a log of `size` entries.
pub fn proof_of(leaf: &str, signer: &NamedKey, index: u64, size: u64) -> AuditProof {
    let mut stored = Stored(vec![]);
    for n in 0..size {
        let other = format!("entry {n}");
        let data = if n == index { leaf } else { &other };
        let hashes = tlog_tiles::stored_hashes(n, data.as_bytes(), &stored).unwrap();
        stored.0.extend(hashes);
    }
    let path: Vec<[u8; 32]> =
        tlog_tiles::prove_record(size, index, &stored).unwrap().into_iter().map(|hash| hash.0).collect();
    let root = tlog_tiles::tree_hash(size, &stored).unwrap();
    let head = Checkpoint::new(signer.0, size, root, "").unwrap().to_bytes();
    let mut note = Note::new(&head, &[]).unwrap();
    note.add_sigs(&[signer]).unwrap();
    let note = String::from_utf8(note.to_bytes()).unwrap();
    AuditProof::new(leaf.as_bytes(), index, &path, &note, "https://example.com/api/v1/audit").unwrap()
}

/// What the log says of a sealing.
pub fn leaf(manifest_sha256: &str, seal_json: &str) -> String {
    let seal_sha256 = bag::sha256_hex(seal_json.as_bytes());
    let facts = serde_json::json!({ "manifest_sha256": manifest_sha256, "seal_sha256": seal_sha256 });
    serde_json::json!({ "v": 1, "verb": "dossier.seal", "outcome": "done", "facts": facts }).to_string()
}

pub const LETTER: &[u8] = b"%PDF-1.7 letter";
pub const DOSSIER: &[u8] = b"%PDF-1.7 dossier";

/// A whole package of `facts`, whose items have the bytes `files`.
pub fn package(facts: &LeadFacts, files: &[&[u8]]) -> Vec<u8> {
    package_with(facts, files, &HashMap::new())
}

/// As [`package`], with files of time stamps.
pub fn package_with(facts: &LeadFacts, files: &[&[u8]], stamps: &HashMap<String, Vec<u8>>) -> Vec<u8> {
    package_by(facts, files, stamps, &NamedKey("log.example.com", key(7)))
}

/// As [`package_with`], sealed and logged by `signer`.
pub fn package_by(
    facts: &LeadFacts,
    files: &[&[u8]],
    stamps: &HashMap<String, Vec<u8>>,
    signer: &NamedKey,
) -> Vec<u8> {
    package_of(facts, files, stamps, signer, &Sealed::by(signer))
}

/// As [`package`], whose seal is of the first form, which named neither composer nor key.
pub fn package_first(facts: &LeadFacts, files: &[&[u8]]) -> Vec<u8> {
    let signer = NamedKey("log.example.com", key(7));
    let sealed = Sealed { is_first: true, ..Sealed::by(&signer) };
    package_of(facts, files, &HashMap::new(), &signer, &sealed)
}

/// As [`package`], by the last of `keys`, whose secret `signer` has.
pub fn package_after(facts: &LeadFacts, files: &[&[u8]], signer: &NamedKey, keys: Chain) -> Vec<u8> {
    let sealed = Sealed { keys, ..Sealed::by(signer) };
    package_of(facts, files, &HashMap::new(), signer, &sealed)
}

/// What may be otherwise about a seal and its proof.
struct Sealed<'s> {
    is_first: bool,
    keys: Chain,
    change: &'s dyn Fn(&mut AuditProof),
    /// The text of `approval.json`, from the manifest hash.
    approval: &'s dyn Fn(&str) -> Option<String>,
}

impl Sealed<'_> {
    fn by(signer: &NamedKey) -> Self {
        Self { is_first: false, keys: signer.alone(), change: &|_| {}, approval: &|_| None }
    }
}

/// As [`package_with`], with a word in what the proof of the log is.
pub fn package_proven(
    facts: &LeadFacts,
    files: &[&[u8]],
    stamps: &HashMap<String, Vec<u8>>,
    change: &dyn Fn(&mut AuditProof),
) -> Vec<u8> {
    let signer = NamedKey("log.example.com", key(7));
    package_of(facts, files, stamps, &signer, &Sealed { change, ..Sealed::by(&signer) })
}

/// As [`package`], with what a passkey signed of the approval: the text of `approval.json`, from the manifest hash.
pub fn package_signed(facts: &LeadFacts, files: &[&[u8]], approval: &dyn Fn(&str) -> String) -> Vec<u8> {
    let signer = NamedKey("log.example.com", key(7));
    let approval = |manifest: &str| Some(approval(manifest));
    let sealed = Sealed { approval: &approval, ..Sealed::by(&signer) };
    package_of(facts, files, &HashMap::new(), &signer, &sealed)
}

fn package_of(
    facts: &LeadFacts,
    files: &[&[u8]],
    stamps: &HashMap<String, Vec<u8>>,
    signer: &NamedKey,
    sealed: &Sealed<'_>,
) -> Vec<u8> {
    let derived = derive(facts).unwrap();
    let frozen = freeze(facts, &derived, LETTER, DOSSIER, None);
    let approval_json = (sealed.approval)(&frozen.manifest_sha256);
    let approval = ApprovedBy {
        approver: Id::from_bytes([8; 16]),
        role: "approver".into(),
        at: at("2016-05-11T01:00:00Z"),
        audit_entry: Id::from_bytes([9; 16]),
        signed_sha256: approval_json.as_ref().map(|text| bag::sha256_hex(text.as_bytes())),
        signed_salt: approval_json.as_ref().map(|_| SALT.to_owned()),
    };
    let parties = if sealed.is_first {
        Parties { composer: None, approval, signing_key: None }
    } else {
        parties(facts, approval, &sealed.keys)
    };
    let seal = Seal::new(
        facts,
        &frozen.content_sha256,
        &frozen.manifest_sha256,
        parties,
        at("2016-05-11T01:00:05Z"),
    );
    let seal_json = seal.to_text().unwrap();
    let carried: HashMap<String, PayloadFile> = stamps
        .iter()
        .map(|(path, bytes)| {
            let (size, sha256) = (bytes.len() as u64, bag::sha256_hex(bytes));
            (path.clone(), PayloadFile { path: path.clone(), size, sha256 })
        })
        .collect();
    let mut proof = proof(&leaf(&frozen.manifest_sha256, &seal_json), signer);
    (sealed.change)(&mut proof);
    let parts = Parts {
        facts,
        files: &frozen.files,
        seal: &seal,
        seal_sig: &sign(&seal_json, &[signer]).unwrap(),
        proof: &proof,
        public_keys: &[signer.text()],
        keys: &sealed.keys,
        approval: approval_json.as_deref(),
        stamps: &carried,
    };
    let mut contents: HashMap<&str, &[u8]> = HashMap::from([
        (bag::LEAD, derived.lead_json.as_slice()),
        (bag::LETTER, LETTER),
        (bag::DOSSIER, DOSSIER),
        (bag::EVIDENCE_LIST, derived.evidence_list.as_slice()),
        (bag::CASE, derived.case_jsonld.as_slice()),
    ]);
    contents.extend(facts.items.iter().map(|item| item.path.as_str()).zip(files.iter().copied()));
    contents.extend(stamps.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())));
    let open = |path: &str| Ok(Box::new(contents[path]) as Box<dyn Read>);
    let laid_out = Package::lay_out(&parts, &open).unwrap();
    let mut out = Vec::new();
    laid_out.write(&open, &mut out).unwrap();
    assert_eq!(laid_out.size(), out.len() as u64);
    out
}
