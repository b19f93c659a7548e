//! How long a dossier takes from its facts to the package in a local folder: papers and manifest, then the layout, which reads
//! each item, then the writing, which compares it; against SHA-256 of the same bytes alone, in the same run. Once with one
//! large item (`LARGE` MiB, 512 by default), once with many small ones (`ITEMS` of 4 KiB, 10,000 by default), with the most
//! memory that each held. `cargo bench --bench seal`; the ratios are printed (1.0 would be as fast as the bare hash).

use std::{
    collections::HashMap,
    hint::black_box,
    io::{self, Read},
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::NaiveDate;
use data_encoding::HEXLOWER;
use lead_handoff::{
    casework::dossier::{
        audit_proof::{AuditProof, SCHEMA as PROOF},
        bag,
        dossier_pdf::dossier_pdf,
        facts::{Addressee, Item, ItemKind, LeadFacts, Named, Origin, Region, SCHEMA, Sender, SenderRole},
        layout::Digests,
        letter_pdf::{NamedKey, letter_pdf},
        names,
        package::{self, Derived, Package, Parts},
        seal::{ApprovedBy, ComposedBy, Parties, Seal, SealKey},
        stored,
        succession::Chain,
    },
    platform::{
        db::{Id, Instant as At},
        keys::{MasterKey, PublicKey, SigningKey},
        pdf,
        vault::{Stored, Vault},
    },
};
use sha2::{Digest, Sha256};

/// Bytes of a small item.
const SIZE: usize = 4 * 1024;
/// A large item is made of so many bytes, again and again.
const BLOCK: usize = 1 << 20;

/// The bytes of an item, of which no two are alike.
fn bytes(number: u32) -> Vec<u8> {
    number.to_le_bytes().into_iter().cycle().zip(0u8..=255).map(|(a, b)| a ^ b).cycle().take(SIZE).collect()
}

fn named(name: &str) -> Named {
    Named { code: "x".into(), name_zh: name.into(), name_en: "Example".into() }
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

fn item(number: u32) -> Item {
    let digests = Digests::of(&bytes(number));
    let name = format!("交易记录{number}.csv");
    Item {
        number,
        evidence_id: Id::new(),
        kind: ItemKind::File,
        category: named("交易记录"),
        path: names::evidence_path(number, &name),
        name,
        media_type: "text/csv".into(),
        size: digests.size,
        sha256: digests.sha256,
        sm3: digests.sm3,
        source: "订单系统".into(),
        collected_by: "编制人甲".into(),
        collected_at: Some(At::from_micros(1_462_329_000_000_000)),
        method: "导出".into(),
        tool: "export 1.0".into(),
        original_medium: "平台数据中心".into(),
        holder: "示例平台有限公司".into(),
        description: "店铺在涉案期间的订单。".into(),
        quantity: String::new(),
        remark: String::new(),
        witness: String::new(),
        earlier_commitments: vec![],
        sealings: vec![],
    }
}

fn facts(items: u32) -> LeadFacts {
    let agency = "示例市公安局经济犯罪侦查支队";
    LeadFacts {
        schema: SCHEMA.into(),
        synthetic: true,
        folder: names::folder("XS-2016-001184", 1, "GA-440100"),
        number: "XS-2016-001184".into(),
        version: 1,
        prior: None,
        prepared_at: At::from_micros(1_462_867_200_000_000),
        prepared_on: NaiveDate::from_ymd_opt(2016, 5, 10).expect("a day"),
        time_zone: "Asia/Shanghai".into(),
        sender: Sender {
            organisation: "示例平台有限公司".into(),
            role: SenderRole::Reporter,
            accusers: vec![],
            contact: None,
        },
        addressee: Addressee {
            code: "GA-440100".into(),
            name_zh: agency.into(),
            name_en: "Example".into(),
            agency_type: named("公安经侦"),
            region: region(),
            salutation: agency.into(),
        },
        title: "涉嫌销售假冒注册商标的商品".into(),
        summary: "店铺涉嫌销售假冒商品。".into(),
        origin: Origin { kind: named("风险模型"), note: String::new(), public_source: String::new() },
        charges: vec![],
        region: region(),
        brands: vec![],
        occurred_from: None,
        occurred_to: None,
        estimated_value: None,
        subjects: vec![],
        sites: vec![],
        listings: vec![],
        items: (1..=items).map(item).collect(),
        withheld: vec![],
        sales: None,
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let made = work();
    (made, begun.elapsed())
}

/// Begins to measure the most memory anew; where the system can't, it is that of the whole run.
fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// The most memory that this process held since then, in MB.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a size");
    line.trim().trim_end_matches(" kB").trim().parse::<f64>().expect("a number") / 1024.0
}

/// The proof is no part of what is measured: nothing here checks it.
fn proof() -> AuditProof {
    AuditProof {
        schema: PROOF.into(),
        origin: "log.example.com".into(),
        tiles: String::new(),
        index: 0,
        leaf: "{}".into(),
        path: vec![],
        checkpoint: String::new(),
    }
}

/// What the times are held against.
struct Bare(Duration);

impl Bare {
    /// SHA-256 of pieces of bytes.
    fn of<'a>(pieces: impl Iterator<Item = &'a [u8]>, alone: bool) -> Self {
        let hash = || {
            let mut whole = Sha256::new();
            for bytes in pieces {
                if alone {
                    black_box(Sha256::digest(bytes));
                } else {
                    whole.update(bytes);
                }
            }
            black_box(whole.finalize());
        };
        let ((), bare) = timed(hash);
        println!("SHA-256 of the same bytes: {bare:.2?}");
        Self(bare)
    }

    fn tell(&self, what: &str, taken: Duration) {
        println!("{what}: {taken:.2?}, ratio {:.1}", taken.as_secs_f64() / self.0.as_secs_f64());
    }
}

/// The papers of a dossier, as the job of freezing makes them.
struct Papers {
    derived: Derived,
    letter: Vec<u8>,
    report: Vec<u8>,
}

impl Papers {
    fn draw(facts: &LeadFacts, key: &PublicKey, bare: &Bare) -> Self {
        let (derived, taken) = timed(|| package::derive(facts).expect("derived"));
        bare.tell("lead.json, evidence list, CASE", taken);
        let (name, fingerprint) = (key.name().to_owned(), key.fingerprint());
        let named = NamedKey { name, fingerprint, page: "https://example.com/verify".to_owned() };
        let (letter, taken) = timed(|| letter_pdf(facts, &named).expect("a letter"));
        bare.tell("letter", taken);
        let (report, taken) = timed(|| dossier_pdf(facts, &mut |_| Ok(None)).expect("a report"));
        bare.tell("report", taken);
        println!("the report has {:.1} MB", report.len() as f64 / 1024.0 / 1024.0);
        Self { derived, letter, report }
    }

    fn by_path(&self) -> HashMap<&'static str, &[u8]> {
        HashMap::from([
            (bag::LEAD, self.derived.lead_json.as_slice()),
            (bag::LETTER, self.letter.as_slice()),
            (bag::DOSSIER, self.report.as_slice()),
            (bag::EVIDENCE_LIST, self.derived.evidence_list.as_slice()),
            (bag::CASE, self.derived.case_jsonld.as_slice()),
        ])
    }
}

/// Freezes, seals and packs. `objects`: the items in the vault, by path.
fn seal_and_pack(vault: &Vault, facts: &LeadFacts, objects: &HashMap<String, Stored>, bare: &Bare) {
    let begun = Instant::now();
    let key = SigningKey::generate("log.example.com").expect("a key").public();
    let papers = Papers::draw(facts, &key, bare);
    let freeze = || package::freeze(facts, &papers.derived, &papers.letter, &papers.report, None);
    let (frozen, taken) = timed(freeze);
    bare.tell("manifest", taken);

    let at = At::from_micros(1_462_928_400_000_000);
    let by = ApprovedBy {
        approver: Id::new(),
        role: "approver".into(),
        at,
        audit_entry: Id::new(),
        signed_sha256: None,
        signed_salt: None,
    };
    let keys = Chain::new(key.clone(), []).expect("the first key");
    let composer = ComposedBy { composer: Id::new(), role: "compiler".into(), at: facts.prepared_at };
    let succession_sha256 = keys.sha256_to(&key).expect("its own");
    let signing_key = SealKey { fingerprint: key.fingerprint(), succession_sha256 };
    let parties = Parties { composer: Some(composer), approval: by, signing_key: Some(signing_key) };
    let seal = Seal::new(facts, &frozen.content_sha256, &frozen.manifest_sha256, parties, at);
    let parts = Parts {
        facts,
        files: &frozen.files,
        seal: &seal,
        seal_sig: "",
        proof: &proof(),
        public_keys: &[],
        keys: &keys,
        approval: None,
        stamps: &HashMap::new(),
    };
    let papers = papers.by_path();
    let open = |path: &str| -> io::Result<Box<dyn Read>> {
        if let Some(bytes) = papers.get(path).copied() {
            return Ok(Box::new(io::Cursor::new(bytes.to_vec())));
        }
        let object = objects.get(path).ok_or(io::ErrorKind::NotFound)?;
        let content = vault.open_object(object.key, &object.wrapped_key).map_err(io::Error::other)?;
        Ok(Box::new(content))
    };
    let (package, laid) = timed(|| Package::lay_out(&parts, &open).expect("whole"));
    bare.tell("layout, each item opened", laid);
    let write = || stored::put_written(vault, "p.zip", |out| package.write(&open, out)).expect("written");
    let ((stored, ()), wrote) = timed(write);
    assert_eq!(stored.size, package.size());
    bare.tell("writing, each item compared, into the store", wrote);
    bare.tell("layout and writing", laid + wrote);
    bare.tell("all", begun.elapsed());
    println!("a package of {:.1} MB; peak {:.0} MB", stored.size as f64 / 1024.0 / 1024.0, peak());
}

/// One item of so many blocks.
fn large(vault: &Vault, blocks: usize) {
    println!("one item of {blocks} MiB");
    let block: Vec<u8> = (0..BLOCK).map(|n| (n * 31 / 7) as u8).collect();
    let store = || {
        stored::put_written(vault, "film.mp4", |out| {
            for _ in 0..blocks {
                out.write_all(&block)?;
            }
            Ok(())
        })
    };
    let (kept, taken) = timed(store);
    let (object, ()) = kept.expect("stored");
    println!("taken in: {taken:.2?}");
    let bare = Bare::of((0..blocks).map(|_| block.as_slice()), false);
    let mut facts = facts(1);
    let item = &mut facts.items[0];
    item.size = object.size;
    item.sha256 = HEXLOWER.encode(&object.sha256);
    item.sm3 = HEXLOWER.encode(&object.sm3);
    let objects = HashMap::from([(item.path.clone(), object)]);
    forget_peak();
    seal_and_pack(vault, &facts, &objects, &bare);
}

fn many(vault: &Vault, items: u32) {
    let facts = facts(items);
    let put = |item: &Item| {
        let stored = stored::put(vault, bytes(item.number), &item.name).expect("stored");
        (item.path.clone(), stored)
    };
    let (objects, taken) = timed(|| facts.items.iter().map(put).collect::<HashMap<String, Stored>>());
    println!("{items} items of {SIZE} bytes taken in, one by one: {taken:.2?}");
    let payload: Vec<Vec<u8>> = (1..=items).map(bytes).collect();
    let bare = Bare::of(payload.iter().map(Vec::as_slice), true);
    drop(payload);
    forget_peak();
    seal_and_pack(vault, &facts, &objects, &bare);
}

/// A number of the environment.
fn number(name: &str) -> Option<u32> {
    std::env::var(name).ok().and_then(|n| n.parse().ok())
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let vault = Vault::open(None, folder.path(), Arc::new(MasterKey::generate())).expect("a vault");
    pdf::warm();
    large(&vault, number("LARGE").unwrap_or(512) as usize);
    many(&vault, number("ITEMS").unwrap_or(10_000));
}
