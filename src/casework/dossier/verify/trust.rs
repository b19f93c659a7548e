//! Public keys, and which of them signed a note.

use ed25519_dalek::{Signature, VerifyingKey, pkcs8::EncodePublicKey};
use signed_note::{Note, Verifier, VerifierList};

use crate::casework::dossier::bag;

/// An Ed25519 key under its name. Text form: the C2SP verifier key `name+id+base64`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    name: String,
    key: VerifyingKey,
}

impl Key {
    /// Reads `name+id+base64`; `None` when it is malformed, mistyped, or a key that proves nothing.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, rest) = text.split_once('+')?;
        let typed = data_encoding::BASE64.decode(rest.split_once('+')?.1.as_bytes()).ok()?;
        let (&1, bytes) = typed.split_first()? else { return None };
        let key = VerifyingKey::from_bytes(bytes.try_into().ok()?).ok()?;
        let key = Self { name: name.to_owned(), key };
        let sound = signed_note::is_key_name_valid(name) && !key.key.is_weak() && key.text() == text;
        sound.then_some(key)
    }

    /// All keys of a key file: blank lines and those that begin with `#` are passed over. `None` when a line is no
    /// key, or there is none.
    pub fn parse_file(text: &str) -> Option<Vec<Self>> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let keys: Vec<Self> = lines.map(Self::parse).collect::<Option<_>>()?;
        (!keys.is_empty()).then_some(keys)
    }

    /// The key's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `name+id+base64`
    pub fn text(&self) -> String {
        signed_note::new_ed25519_verifier_key(&self.name, &self.key)
    }

    /// SHA-256 of the key's DER form (SubjectPublicKeyInfo), hex, in groups of four.
    pub fn fingerprint(&self) -> String {
        // An Ed25519 key always has a DER form; the raw bytes stand in for the impossible case.
        let der =
            self.key.to_public_key_der().map_or_else(|_| self.key.to_bytes().to_vec(), |d| d.into_vec());
        crate::casework::dossier::facts::groups_of_four(&bag::sha256_hex(&der))
    }

    /// The same key as the signer of a log of this name.
    pub fn named(&self, name: &str) -> Self {
        Self { name: name.to_owned(), key: self.key }
    }
}

/// Strict: refuses the signatures that can be bent into others that are valid too.
impl Verifier for Key {
    fn name(&self) -> &str {
        &self.name
    }

    fn key_id(&self) -> u32 {
        let typed = [&[1], self.key.as_bytes().as_slice()].concat();
        signed_note::key_id(&self.name, &typed)
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|s| self.key.verify_strict(message, &s).is_ok())
    }
}

/// The keys that signed `note`; empty when none of `keys` did, or a signature that claims one of them is false.
pub fn signers<'k>(keys: &'k [Key], note: &[u8]) -> Vec<&'k Key> {
    verified(keys, note).map(|found| found.keys).unwrap_or_default()
}

/// As [`signers`], but empty also when the note has any other signature than one of each of these keys.
pub fn only_signers<'k>(keys: &'k [Key], note: &[u8]) -> Vec<&'k Key> {
    verified(keys, note).filter(|found| found.exact).map(|found| found.keys).unwrap_or_default()
}

struct Found<'k> {
    keys: Vec<&'k Key>,
    exact: bool,
}

fn verified<'k>(keys: &'k [Key], bytes: &[u8]) -> Option<Found<'k>> {
    let mut known: Vec<&Key> = Vec::new();
    for key in keys {
        if !known.contains(&key) {
            known.push(key);
        }
    }
    let verifiers = known.iter().map(|key| Box::new((*key).clone()) as Box<dyn Verifier>).collect();
    let note = Note::from_bytes(bytes).ok()?;
    let (good, _) = note.verify(&VerifierList::new(verifiers)).ok()?;
    let exact = Note::new(note.text(), &good).is_ok_and(|only| only.to_bytes() == bytes);
    let signed = |key: &&Key| good.iter().any(|s| s.name() == key.name && s.id() == key.key_id());
    Some(Found { keys: known.into_iter().filter(signed).collect(), exact })
}
