//! Each thing that must hold between the files of a package.

use std::{
    collections::{BTreeMap, HashMap},
    io::{Read, Seek},
};

use serde::{Deserialize, de::DeserializeOwned};

use super::{Code, Faults, Hashes, Summary, archive::Opened};
use crate::{
    casework::dossier::{
        bag, coherence, evidence_list,
        facts::{self, LeadFacts},
        layout::Digests,
        ontology,
        seal::{self, Seal},
        succession::{self, Chain, Keys},
    },
    platform::error::Result,
};

type Found = BTreeMap<String, Digests>;

/// What is read of a JSON file first.
#[derive(Deserialize)]
struct Schema {
    schema: String,
}

/// The files that are read as a whole.
pub struct Small(HashMap<&'static str, Vec<u8>>);

impl Small {
    pub fn read<R: Read + Seek>(archive: &mut Opened<R>, faults: &mut Faults) -> Self {
        let wanted = [
            bag::LEAD,
            bag::MANIFEST,
            bag::PUBLIC_KEY,
            bag::KEYS,
            bag::SEAL,
            bag::SEAL_SIGNATURE,
            bag::APPROVAL,
            bag::AUDIT_PROOF,
            bag::TAG_MANIFEST,
        ];
        let read = wanted.into_iter().filter_map(|path| Some((path, archive.small(path, faults)?)));
        Self(read.collect())
    }

    /// Empty when it is missing, which is a fault already.
    pub fn bytes(&self, path: &str) -> &[u8] {
        self.0.get(path).map_or(&[], Vec::as_slice)
    }

    /// Empty when it is missing or no text.
    pub fn text(&self, path: &str) -> &str {
        std::str::from_utf8(self.bytes(path)).unwrap_or_default()
    }

    /// A JSON file of a known version, in its canonical form.
    pub fn json<T: DeserializeOwned>(
        &self,
        path: &'static str,
        schemas: &[&str],
        form: impl Fn(&T) -> Result<Vec<u8>>,
        faults: &mut Faults,
    ) -> Option<T> {
        let bytes = self.0.get(path)?;
        let said = match serde_json::from_slice::<Schema>(bytes) {
            Ok(said) => said.schema,
            Err(e) => {
                faults.add(Code::Json, path, "JSON", e);
                return None;
            }
        };
        if !schemas.contains(&said.as_str()) {
            faults.add(Code::Schema, path, schemas.join(", "), said);
            return None;
        }
        match serde_json::from_slice::<T>(bytes) {
            Ok(value) if form(&value).is_ok_and(|canonical| canonical == *bytes) => Some(value),
            Ok(_) => {
                faults.add(Code::Form, path, "", "");
                None
            }
            Err(e) => {
                faults.add(Code::Json, path, said, e);
                None
            }
        }
    }
}

/// `data/lead.json`
pub fn lead(small: &Small, faults: &mut Faults) -> Option<LeadFacts> {
    let known = [facts::SCHEMA, facts::SCHEMA_1];
    let lead: LeadFacts = small.json(bag::LEAD, &known, LeadFacts::to_bytes, faults)?;
    match coherence::check(&lead) {
        Ok(()) => Some(lead),
        Err(why) => {
            faults.add(Code::Facts, bag::LEAD, "", why);
            None
        }
    }
}

/// `seal.json`
pub fn seal(small: &Small, faults: &mut Faults) -> Option<Seal> {
    let known = [seal::SCHEMA, seal::SCHEMA_1];
    small.json(bag::SEAL, &known, |seal: &Seal| seal.to_text().map(String::into_bytes), faults)
}

/// `keys.json`: the keys that it proves to follow from each other.
pub fn keys(small: &Small, faults: &mut Faults) -> Option<Chain> {
    let form = |keys: &Keys| keys.to_text().map(String::into_bytes);
    let keys: Keys = small.json(bag::KEYS, &[succession::SCHEMA], form, faults)?;
    match keys.open() {
        Ok(chain) => Some(chain),
        Err(step) => {
            faults.add(Code::KeyStep, bag::KEYS, "", step);
            None
        }
    }
}

/// Every file under `data/` is in the manifest with its hash, and nothing else is; the same of the other files and theirs.
pub fn manifests(small: &Small, digests: &Found, faults: &mut Faults) {
    let is_payload = |path: &str| path.starts_with("data/");
    manifest(small, bag::MANIFEST, is_payload, digests, faults);
    manifest(
        small,
        bag::TAG_MANIFEST,
        |path| !is_payload(path) && path != bag::TAG_MANIFEST,
        digests,
        faults,
    );
}

fn manifest(
    small: &Small,
    name: &str,
    is_listed: impl Fn(&str) -> bool,
    digests: &Found,
    faults: &mut Faults,
) {
    // That it is missing is a fault already.
    if !digests.contains_key(name) {
        return;
    }
    let mut listed: BTreeMap<&str, &str> = BTreeMap::new();
    for line in small.text(name).lines() {
        let Some((hash, path)) = line.split_once("  ") else {
            faults.add(Code::Form, name, "", line);
            continue;
        };
        if listed.insert(path, hash).is_some() {
            faults.add(Code::ManifestMissing, path, "", "");
        }
    }
    let files: Vec<(&str, &str)> = digests
        .iter()
        .filter(|(path, _)| is_listed(path))
        .map(|(path, digest)| (path.as_str(), digest.sha256.as_str()))
        .collect();
    let before = faults.count();
    for (path, found) in &files {
        match listed.remove(path) {
            Some(hash) if hash == *found => {}
            Some(hash) => faults.add(Code::Hash, path, hash, found),
            None => faults.add(Code::ManifestMissing, path, "", found),
        }
    }
    for path in listed.into_keys() {
        faults.add(Code::ManifestExtra, path, "", "");
    }
    if faults.count() == before && bag::manifest(files).as_bytes() != small.bytes(name) {
        faults.add(Code::Form, name, "", "");
    }
}

/// The list of the lead against the files, by the hashes that were made of them.
pub fn items(lead: &LeadFacts, folder: &str, digests: &Found, hashes: Hashes, faults: &mut Faults) {
    if lead.folder != folder {
        faults.add(Code::SealFacts, "", &lead.folder, folder);
    }
    for item in &lead.items {
        let Some(found) = digests.get(&item.path) else { continue };
        let pairs = [
            (item.size.to_string(), found.size.to_string()),
            (item.sha256.clone(), found.sha256.clone()),
            match hashes {
                Hashes::Both => (item.sm3.clone(), found.sm3.clone()),
                Hashes::Sha256Only => (String::new(), String::new()),
            },
        ];
        if let Some((expected, found)) = pairs.iter().find(|(expected, found)| expected != found) {
            faults.add(Code::ListHash, &item.path, expected, found);
        }
        for earlier in &item.earlier_commitments {
            let opened = earlier.opened(&found.sha256).unwrap_or_default();
            if opened != earlier.commitment {
                faults.add(Code::Commitment, &item.path, &earlier.commitment, opened);
            }
        }
    }
}

/// What follows from the lead, the seal and the other files.
pub fn derived(
    lead: &LeadFacts,
    seal: Option<&Seal>,
    beside: bag::Beside,
    digests: &Found,
    faults: &mut Faults,
) {
    let mut expect = |path: &str, bytes: Result<Vec<u8>>| {
        let Some(found) = digests.get(path) else { return };
        let expected = bytes.map(|bytes| bag::sha256_hex(&bytes)).unwrap_or_default();
        if expected != found.sha256 {
            faults.add(Code::Derived, path, expected, &found.sha256);
        }
    };
    expect(bag::EVIDENCE_LIST, evidence_list::to_csv(lead));
    expect(bag::CASE, ontology::to_jsonld(lead));
    expect(bag::BAGIT, Ok(bag::DECLARATION.as_bytes().to_vec()));
    let payload = digests.iter().filter(|(path, _)| path.starts_with("data/")).map(|(_, digest)| digest);
    if let Some(seal) = seal {
        expect(bag::BAG_INFO, Ok(bag::info(lead, seal, bag::oxum(payload)).into_bytes()));
    }
    let tags = bag::tag_files(beside).filter(|path| *path != bag::TAG_MANIFEST);
    let tags = tags.filter_map(|path| Some((path, digests.get(path)?.sha256.as_str())));
    let stamps = digests.iter().filter(|(path, _)| path.starts_with(bag::STAMPS));
    let tags = tags.chain(stamps.map(|(path, digest)| (path.as_str(), digest.sha256.as_str())));
    expect(bag::TAG_MANIFEST, Ok(bag::manifest(tags).into_bytes()));
}

/// Each fault is left with the file that is at fault. A list that does not follow from the files says nothing of one that does follow
/// from what is sealed; and what follows from a file that is not as it was can't be right. `is_derived`: whether lead and seal
/// could be read.
pub fn blame(is_derived: bool, faults: &mut Faults) {
    if is_derived && faults.has(Code::Derived, bag::TAG_MANIFEST) {
        for file in [bag::BAGIT, bag::BAG_INFO] {
            if !faults.has(Code::Derived, file) {
                faults.take_back(Code::Hash, file);
            }
        }
    }
    for file in [bag::EVIDENCE_LIST, bag::CASE] {
        if faults.breaks(|other| other == bag::LEAD) {
            faults.take_back(Code::Derived, file);
        }
    }
    if faults.breaks(|other| other == bag::SEAL || other.starts_with("data/")) {
        faults.take_back(Code::Derived, bag::BAG_INFO);
    }
}

/// The seal against the hashes, whatever is in the lead.
pub fn seal_hashes(seal: &Seal, digests: &Found, faults: &mut Faults) {
    let hash = |path: &str| digests.get(path).map_or("", |digest| digest.sha256.as_str());
    if seal.manifest_sha256 != hash(bag::MANIFEST) {
        faults.add(Code::SealManifest, bag::SEAL, &seal.manifest_sha256, hash(bag::MANIFEST));
    }
    if seal.content_sha256 != hash(bag::LEAD) {
        faults.add(Code::SealContent, bag::SEAL, &seal.content_sha256, hash(bag::LEAD));
    }
}

/// The seal against the lead.
pub fn seal_against(lead: &LeadFacts, seal: &Seal, faults: &mut Faults) {
    let mut parties = seal.parties();
    if let Some(composer) = &mut parties.composer {
        composer.at = lead.prepared_at;
    }
    let same = Seal::new(lead, &seal.content_sha256, &seal.manifest_sha256, parties, seal.sealed_at);
    if same != *seal {
        faults.add(Code::SealFacts, bag::SEAL, &lead.folder, &seal.folder);
    }
    if seal.sealed_at < seal.approval.at {
        faults.add(Code::SealOrder, bag::SEAL, seal.approval.at, seal.sealed_at);
    }
}

/// What the package says of itself.
pub fn summary(lead: &LeadFacts, seal: &Seal) -> Summary {
    Summary {
        folder: lead.folder.clone(),
        number: lead.number.clone(),
        version: lead.version,
        addressee: lead.addressee.name_zh.clone(),
        addressee_en: lead.addressee.name_en.clone(),
        addressee_code: lead.addressee.code.clone(),
        synthetic: lead.synthetic,
        items: lead.items.len(),
        withheld: lead.withheld.len(),
        content_sha256: seal.content_sha256.clone(),
        manifest_sha256: seal.manifest_sha256.clone(),
        // Its one form is that of the file; another one is a fault already.
        seal_sha256: seal.to_text().map(|text| bag::sha256_hex(text.as_bytes())).unwrap_or_default(),
        sealed_at: seal.sealed_at.to_string(),
        time_zone: lead.time_zone.clone(),
        composer: seal.composer.clone(),
        approval: seal.approval.clone(),
        withheld_items: lead.withheld.clone(),
    }
}
