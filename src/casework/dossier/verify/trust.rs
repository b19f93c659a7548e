//! Public keys, and which of them signed a note.

use signed_note::{Note, Verifier, VerifierList};

use crate::platform::keys::PublicKey;

/// All keys of a key file: blank lines and those that begin with `#` are passed over. `None` when a line is no key, or
/// there is none.
pub fn parse_file(text: &str) -> Option<Vec<PublicKey>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let keys: Vec<PublicKey> = lines.map(|line| line.parse().ok()).collect::<Option<_>>()?;
    (!keys.is_empty()).then_some(keys)
}

/// The given keys; one without a name (a PEM file has none) also under each name that the package's own keys have.
pub fn under_names<'k>(given: &[PublicKey], own: impl Iterator<Item = &'k PublicKey>) -> Vec<PublicKey> {
    let mut keys = given.to_vec();
    let nameless: Vec<&PublicKey> = given.iter().filter(|key| key.name().is_empty()).collect();
    if nameless.is_empty() {
        return keys;
    }
    for name in own.map(PublicKey::name) {
        for key in nameless.iter().map(|key| key.named(name)) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys
}

/// The keys that signed `note`; empty when none of `keys` did, or a signature that claims one of them is false.
pub fn signers<'k>(keys: &'k [PublicKey], note: &[u8]) -> Vec<&'k PublicKey> {
    verified(keys, note).map(|found| found.keys).unwrap_or_default()
}

/// As [`signers`], but empty also when the note has any other signature than one of each of these keys.
pub fn only_signers<'k>(keys: &'k [PublicKey], note: &[u8]) -> Vec<&'k PublicKey> {
    verified(keys, note).filter(|found| found.exact).map(|found| found.keys).unwrap_or_default()
}

struct Found<'k> {
    keys: Vec<&'k PublicKey>,
    exact: bool,
}

fn verified<'k>(keys: &'k [PublicKey], bytes: &[u8]) -> Option<Found<'k>> {
    let mut known: Vec<&PublicKey> = Vec::new();
    for key in keys {
        if !known.contains(&key) {
            known.push(key);
        }
    }
    let verifiers = known.iter().map(|key| Box::new((*key).clone()) as Box<dyn Verifier>).collect();
    let note = Note::from_bytes(bytes).ok()?;
    let (good, _) = note.verify(&VerifierList::new(verifiers)).ok()?;
    let exact = Note::new(note.text(), &good).is_ok_and(|only| only.to_bytes() == bytes);
    let signed = |key: &&PublicKey| good.iter().any(|s| s.name() == key.name() && s.id() == key.id());
    Some(Found { keys: known.into_iter().filter(signed).collect(), exact })
}
