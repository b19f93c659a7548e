use super::{KeyError, MasterKey};
use ed25519_dalek::{
    Signer as _, VerifyingKey,
    pkcs8::{DecodePublicKey, EncodePublicKey},
};
use sha2::{Digest, Sha256};
use signed_note::{Note, VerifierList};
use std::{fmt, str::FromStr};
use zeroize::Zeroizing;

/// The algorithm byte of Ed25519 in C2SP signed-note.
const ED25519: u8 = 1;

/// The Ed25519 key that signs seals and log heads, under a name such as `lead-handoff/example.org`.
pub struct SigningKey {
    name: String,
    pub(super) key: ed25519_dalek::SigningKey,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public())
    }
}

impl SigningKey {
    /// A new random key.
    ///
    /// # Errors
    /// [`KeyError::Name`] when the name can't stand in a signature line.
    pub fn generate(name: &str) -> Result<Self, KeyError> {
        check_name(name)?;
        let key = ed25519_dalek::SigningKey::generate(&mut rand::rngs::OsRng);
        Ok(SigningKey { name: name.to_owned(), key })
    }

    /// The key and its name, for the database.
    ///
    /// # Errors
    /// As [`MasterKey::wrap`].
    pub fn wrap(&self, master: &MasterKey) -> Result<Vec<u8>, KeyError> {
        let mut secret = Zeroizing::new(Vec::with_capacity(32 + self.name.len()));
        secret.extend_from_slice(&*Zeroizing::new(self.key.to_bytes()));
        secret.extend_from_slice(self.name.as_bytes());
        master.wrap(&secret)
    }

    /// What [`SigningKey::wrap`] stored.
    ///
    /// # Errors
    /// As [`MasterKey::unwrap`].
    pub fn unwrap(master: &MasterKey, wrapped: &[u8]) -> Result<Self, KeyError> {
        let secret = master.unwrap(wrapped)?;
        let (seed, name) = secret.split_first_chunk::<32>().ok_or(KeyError::Damaged)?;
        let name = std::str::from_utf8(name).map_err(|_| KeyError::Damaged)?;
        check_name(name)?;
        Ok(SigningKey { name: name.to_owned(), key: ed25519_dalek::SigningKey::from_bytes(seed) })
    }

    /// The key's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// Signs a text as a C2SP signed note: the text, a blank line, the signature line.
    ///
    /// # Errors
    /// [`KeyError::Note`] when the text does not end in a line feed, or holds control characters.
    pub fn sign_note(&self, text: &str) -> Result<String, KeyError> {
        sign_note(text, &[self])
    }
}

/// So that the audit log can sign its heads.
impl signed_note::Signer for SigningKey {
    fn name(&self) -> &str {
        &self.name
    }

    fn key_id(&self) -> u32 {
        self.public().id()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, ed25519_dalek::SignatureError> {
        Ok(self.key.try_sign(message)?.to_vec())
    }
}

/// Signs one text with several keys.
pub(super) fn sign_note(text: &str, keys: &[&SigningKey]) -> Result<String, KeyError> {
    let malformed = |_| KeyError::Note("it must end in a line feed and hold no control characters");
    let mut note = Note::new(text.as_bytes(), &[]).map_err(malformed)?;
    let signers: Vec<&dyn signed_note::Signer> = keys.iter().map(|key| *key as _).collect();
    note.add_sigs(&signers).map_err(|_| KeyError::Note("it could not be signed"))?;
    String::from_utf8(note.to_bytes()).map_err(|_| KeyError::Note("it is not UTF-8"))
}

/// A public key with its name. Its text form is the C2SP verifier key `name+id+base64`.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    name: String,
    key: VerifyingKey,
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

impl PublicKey {
    /// The key's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same key under another name, that of the log whose heads it signs.
    #[must_use]
    pub fn named(&self, name: &str) -> Self {
        PublicKey { name: name.to_owned(), key: self.key }
    }

    /// The 32-bit id that signature lines carry.
    pub fn id(&self) -> u32 {
        signed_note::key_id(&self.name, &self.typed())
    }

    fn typed(&self) -> [u8; 33] {
        let mut typed = [ED25519; 33];
        typed[1..].copy_from_slice(self.key.as_bytes());
        typed
    }

    /// SHA-256 of the key's standard DER form (SubjectPublicKeyInfo) in hex, in groups of four, as read out over the
    /// telephone. `openssl pkey -pubin -in key.pem -outform DER | sha256sum` gives the same digits.
    pub fn fingerprint(&self) -> String {
        // An Ed25519 key always has a DER form; the raw bytes stand in for the impossible case.
        let der =
            self.key.to_public_key_der().map_or_else(|_| self.key.to_bytes().to_vec(), |d| d.into_vec());
        let hex = data_encoding::HEXLOWER.encode(&Sha256::digest(der));
        let groups: Vec<&str> = (0..hex.len()).step_by(4).map(|at| &hex[at..at + 4]).collect();
        groups.join(" ")
    }

    /// The key in PEM, for other programs.
    ///
    /// # Errors
    /// [`KeyError::PublicKey`] if it can't be encoded.
    pub fn pem(&self) -> Result<String, KeyError> {
        self.key.to_public_key_pem(Default::default()).map_err(|_| KeyError::PublicKey("it has no PEM form"))
    }

    /// Reads a key in PEM (SubjectPublicKeyInfo). That bears no name: [`PublicKey::named`] gives it one.
    ///
    /// # Errors
    /// [`KeyError::PublicKey`] when it is none, or not of this kind.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        match VerifyingKey::from_public_key_pem(text.trim()) {
            Ok(key) if !key.is_weak() => Ok(PublicKey { name: String::new(), key }),
            _ => Err(KeyError::PublicKey("it is not a usable Ed25519 key in PEM")),
        }
    }

    /// Reads a key file: the first line that is neither blank nor begins with `#`.
    ///
    /// # Errors
    /// [`KeyError::PublicKey`] with what is wrong.
    pub fn from_file_text(text: &str) -> Result<Self, KeyError> {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.next().ok_or(KeyError::PublicKey("it is empty"))?.parse()
    }

    /// Gives the text of a signed note that this key has signed; signatures of other keys are passed over.
    ///
    /// # Errors
    /// [`KeyError::Note`] when it is no note, [`KeyError::NotSigned`] when this key's signature is missing or false.
    pub fn open_note(&self, note: &[u8]) -> Result<String, KeyError> {
        let note = Note::from_bytes(note).map_err(|_| KeyError::Note("it is malformed"))?;
        let known = VerifierList::new(vec![Box::new(self.clone())]);
        note.verify(&known).map_err(|_| KeyError::NotSigned(self.to_string()))?;
        String::from_utf8(note.text().to_vec()).map_err(|_| KeyError::Note("it is not UTF-8"))
    }
}

/// Strict: refuses the malleable signatures that plain Ed25519 checks let pass.
impl signed_note::Verifier for PublicKey {
    fn name(&self) -> &str {
        &self.name
    }

    fn key_id(&self) -> u32 {
        self.id()
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        ed25519_dalek::Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&signed_note::new_ed25519_verifier_key(&self.name, &self.key))
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (name, key) = read_verifier_key(text, ED25519, "it is not an Ed25519 key")?;
        Ok(PublicKey { name, key })
    }
}

/// Name and key of a C2SP verifier key (`name+id+base64`) of one kind; `other` says that it is of another.
pub(super) fn read_verifier_key(
    text: &str,
    kind: u8,
    other: &'static str,
) -> Result<(String, VerifyingKey), KeyError> {
    let parts: Vec<&str> = text.splitn(3, '+').collect();
    let [name, id, key] = parts[..] else {
        return Err(KeyError::PublicKey("it must be name+id+key"));
    };
    check_name(name)?;
    let typed = data_encoding::BASE64.decode(key.as_bytes()).unwrap_or_default();
    let bytes: Option<&[u8; 32]> = match typed.split_first() {
        Some((found, rest)) if *found == kind => rest.try_into().ok(),
        _ => None,
    };
    let bytes = bytes.ok_or(KeyError::PublicKey(other))?;
    if id != format!("{:08x}", signed_note::key_id(name, &typed)) {
        return Err(KeyError::PublicKey("its id does not match, so it has been mistyped"));
    }
    match VerifyingKey::from_bytes(bytes) {
        Ok(key) if !key.is_weak() => Ok((name.to_owned(), key)),
        _ => Err(KeyError::PublicKey("it is not a usable Ed25519 key")),
    }
}

fn check_name(name: &str) -> Result<(), KeyError> {
    let valid = signed_note::is_key_name_valid(name) && !name.chars().any(char::is_control);
    if valid { Ok(()) } else { Err(KeyError::Name(name.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_from_its_wrapping() {
        let master = MasterKey::generate();
        let key = SigningKey::generate("lead-handoff/example.org").unwrap();
        let again = SigningKey::unwrap(&master, &key.wrap(&master).unwrap()).unwrap();
        assert_eq!(again.public(), key.public());
        assert!(matches!(
            SigningKey::unwrap(&MasterKey::generate(), &key.wrap(&master).unwrap()),
            Err(KeyError::OtherMaster)
        ));
        assert!(SigningKey::generate("two words").is_err());
        assert!(SigningKey::generate("a+b").is_err());
    }

    #[test]
    fn the_text_form_is_that_of_the_signed_note_specification() {
        // The example key of c2sp.org/signed-note.
        let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        let key: PublicKey = text.parse().unwrap();
        assert_eq!(key.to_string(), text);
        let note = "If you think cryptography is the answer to your problem,\n\
                    then you don't know what your problem is.\n\n\
                    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
        assert!(key.open_note(note.as_bytes()).unwrap().starts_with("If you think"));
        assert!(key.open_note(note.replace("problem is", "problem was").as_bytes()).is_err());
        for wrong in ["", "a+b", &text.replace("c74f", "c74e"), &text.replace("TW", "TX"), &text[..60]] {
            assert!(wrong.parse::<PublicKey>().is_err(), "{wrong}");
        }
        assert_eq!(PublicKey::from_file_text(&format!("# ours\n\n{text}\n")).unwrap(), key);
    }

    #[test]
    fn a_note_opens_only_with_the_key_that_signed_it() {
        let (one, two) = (SigningKey::generate("n").unwrap(), SigningKey::generate("n").unwrap());
        let note = one.sign_note("{\"版\":2}\n").unwrap();
        assert_eq!(one.public().open_note(note.as_bytes()).unwrap(), "{\"版\":2}\n");
        assert!(matches!(two.public().open_note(note.as_bytes()), Err(KeyError::NotSigned(_))));
        assert!(one.sign_note("no line feed").is_err());
    }

    #[test]
    fn fingerprint_is_of_the_der_form() {
        let key = SigningKey::generate("n").unwrap().public();
        let pem = key.pem().unwrap();
        let again = PublicKey::from_pem(&format!("{pem}\n")).unwrap();
        assert!(again.name().is_empty() && again.named("n") == key);
        assert!(
            PublicKey::from_pem(&pem.replace("MCow", "MCox")).is_err() && PublicKey::from_pem("").is_err()
        );
        let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let der = data_encoding::BASE64.decode(body.as_bytes()).unwrap();
        let hex = data_encoding::HEXLOWER.encode(&Sha256::digest(der));
        assert_eq!(key.fingerprint().replace(' ', ""), hex);
        assert_eq!(key.fingerprint().len(), 79);
    }

    #[test]
    fn debug_output_shows_only_the_public_half() {
        let key = SigningKey::generate("n").unwrap();
        assert_eq!(format!("{key:?}"), format!("SigningKey({})", key.public()));
    }
}
