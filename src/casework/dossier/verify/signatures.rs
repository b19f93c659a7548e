//! Who signed: the seal's signature, the keys that lead to it, and the head of the log with the proof under it.

use super::{Code, Cosigned, Faults, KeyStep, Logged, Signer, Trust, checks::Small, cosigned, trust};
use crate::{
    casework::dossier::{
        audit_proof::{self, AuditProof, Unproven},
        bag,
        seal::{self, Seal},
        succession::Chain,
    },
    platform::keys::PublicKey,
};

/// Who signed.
pub struct Signed {
    pub authentic: bool,
    pub signer: Option<Signer>,
    pub succession: Vec<KeyStep>,
    /// The keys that the caller trusts, and those that they lead to.
    pub trusted: Vec<PublicKey>,
    pub log: Option<Logged>,
    pub witnesses: Vec<Cosigned>,
}

/// The signatures of seal and head, and the proof between them. A key that a given one leads to is as good as that.
pub fn signatures(
    small: &Small,
    seal: Option<&Seal>,
    chain: Option<&Chain>,
    manifest: &str,
    given: &Trust<'_>,
    faults: &mut Faults,
) -> Signed {
    let named = trust::parse_file(small.text(bag::PUBLIC_KEY)).unwrap_or_default();
    let keys = trust::under_names(given.keys, named.iter().chain(chain.into_iter().flat_map(Chain::keys)));
    let trusted = chain.map_or_else(|| keys.clone(), |chain| chain.reached(&keys));
    let note = seal::note(small.bytes(bag::SEAL), small.bytes(bag::SEAL_SIGNATURE));
    let by = trust::only_signers(&named, &note);
    if by.is_empty() {
        faults.add(Code::Signature, bag::SEAL_SIGNATURE, "", "");
    }
    let known = trust::signers(&trusted, &note);
    let signer = known.first().or(by.first()).map(|key| Signer {
        name: key.name().to_owned(),
        fingerprint: key.fingerprint(),
        trusted: !known.is_empty(),
    });
    if !given.keys.is_empty() && known.is_empty() {
        let expected: Vec<String> = given.keys.iter().map(PublicKey::fingerprint).collect();
        let found = signer.as_ref().map_or("", |signer| signer.fingerprint.as_str());
        faults.add(Code::OtherKey, bag::SEAL_SIGNATURE, expected.join(", "), found);
    }
    if let (Some(seal), Some(chain)) = (seal, chain) {
        key_of(seal, chain, &by, &named, faults);
    }
    let succession = match (known.first(), chain) {
        (Some(key), Some(chain)) => chain.followed(&keys, key),
        _ => Vec::new(),
    };
    let succession = succession.into_iter().map(|step| KeyStep {
        old: step.old.fingerprint(),
        new: step.new.fingerprint(),
        at: step.time(),
    });
    let succession = succession.collect();
    let reached = Trust { keys: &trusted, ..*given };
    let head = head(small, manifest, &named, &reached, faults);
    let used: Vec<String> =
        named.iter().filter(|k| by.contains(k) || head.by.contains(k)).map(ToString::to_string).collect();
    if bag::public_keys(&used).as_bytes() != small.bytes(bag::PUBLIC_KEY) {
        faults.add(Code::Form, bag::PUBLIC_KEY, "", "");
    }
    let authentic = !known.is_empty() && head.known;
    let (log, witnesses) = (head.log, head.witnesses);
    Signed { authentic, signer, succession, trusted, log, witnesses }
}

/// That the seal is by the key that it names, that `keys.json` leads to that one by the statements that the seal is about, and
/// to every other key of `public-key.txt`.
fn key_of(seal: &Seal, chain: &Chain, by: &[&PublicKey], named: &[PublicKey], faults: &mut Faults) {
    let expected = seal.signing_key.as_ref().map_or("", |key| key.fingerprint.as_str());
    if let (Some(sealed), Some(first)) = (&seal.signing_key, by.first()) {
        let is_it = |key: &&PublicKey| {
            key.fingerprint() == sealed.fingerprint
                && chain.sha256_to(key).is_some_and(|sha256| sha256 == sealed.succession_sha256)
        };
        if !by.iter().any(is_it) {
            faults.add(Code::KeySeal, bag::KEYS, expected, first.fingerprint());
        }
    }
    for key in named.iter().filter(|key| chain.keys().all(|known| known != *key)) {
        faults.add(Code::KeySeal, bag::KEYS, expected, key.fingerprint());
    }
}

#[derive(Default)]
struct Head<'k> {
    by: Vec<&'k PublicKey>,
    known: bool,
    log: Option<Logged>,
    witnesses: Vec<Cosigned>,
}

fn head<'k>(
    small: &Small,
    manifest: &str,
    named: &'k [PublicKey],
    given: &Trust<'_>,
    faults: &mut Faults,
) -> Head<'k> {
    let trusted = given.keys;
    let path = bag::AUDIT_PROOF;
    let form = |proof: &AuditProof| proof.to_text().map(String::into_bytes);
    let proof: Option<AuditProof> = small.json(path, &[audit_proof::SCHEMA], form, faults);
    let Some(proof) = proof else { return Head::default() };
    let checked = proof.check(manifest, small.bytes(bag::SEAL));
    let is_proven = checked.is_ok();
    if let Err(unproven) = checked {
        let code = match unproven {
            Unproven::Checkpoint => Code::ProofCheckpoint,
            Unproven::Origin => Code::ProofOrigin,
            Unproven::Path => Code::ProofPath,
            Unproven::Leaf => Code::ProofLeaf,
            Unproven::Manifest => Code::ProofManifest,
            Unproven::Seal => Code::ProofSeal,
        };
        faults.add(code, path, "", "");
    }
    let (own, witnesses) = cosigned::read(&proof.checkpoint, given.witnesses, faults);
    let note = own.as_bytes();
    let by = trust::only_signers(named, note);
    if by.is_empty() {
        faults.add(Code::HeadSignature, path, "", "");
    }
    // The key of the seal may sign the log's heads under the log's name.
    let keys: Vec<PublicKey> =
        trusted.iter().flat_map(|key| [key.clone(), key.named(&proof.origin)]).collect();
    let known = !trust::signers(&keys, note).is_empty();
    if !trusted.is_empty() && !known {
        faults.add(Code::HeadOtherKey, path, "", by.first().map(|key| key.fingerprint()).unwrap_or_default());
    }
    let log = Logged {
        origin: proof.origin.clone(),
        index: proof.index,
        size: proof.head_size().unwrap_or_default(),
        entry_at: proof.entry_at().unwrap_or_default(),
        tiles: proof.tiles.clone(),
        proven: is_proven && !by.is_empty(),
        trusted: known,
    };
    Head { by, known, log: Some(log), witnesses }
}
