//! Cosignatures of witnesses (C2SP tlog-cosignature, `cosignature/v1` with Ed25519). `signed_note` knows no kind of
//! signature but the plain one, so the message that is signed and the form of the line are made here.

use ed25519_dalek::{Signer as _, VerifyingKey};
use signed_note::Signature;
use std::{fmt, str::FromStr};

use super::{KeyError, MasterKey, SigningKey, signing::read_verifier_key};

/// The algorithm byte of a cosigner's Ed25519 key in its verifier key.
const COSIGNER: u8 = 4;

/// The last second of the year 9999: no cosignature is of a later time, and none would be a date.
const LAST: u64 = 253_402_300_799;

/// What is signed: two lines, and the whole text of the checkpoint.
fn message(time: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

fn typed(key: &VerifyingKey) -> [u8; 33] {
    let mut typed = [COSIGNER; 33];
    typed[1..].copy_from_slice(key.as_bytes());
    typed
}

/// The public key of a witness under its name. Its text form is the C2SP verifier key `name+id+base64` of kind 4.
#[derive(Clone, PartialEq, Eq)]
pub struct WitnessKey {
    name: String,
    key: VerifyingKey,
}

impl WitnessKey {
    /// The witness's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The 32-bit id that signature lines carry.
    pub fn id(&self) -> u32 {
        signed_note::key_id(&self.name, &typed(&self.key))
    }

    /// Whether a cosignature says that it is by this key.
    pub fn is_named_by(&self, cosignature: &Cosignature) -> bool {
        cosignature.name == self.name && cosignature.id == self.id()
    }

    /// Whether a cosignature is by this key, over this text of a checkpoint. Strict, as for our own signatures.
    pub fn has_cosigned(&self, text: &str, cosignature: &Cosignature) -> bool {
        let signed = message(cosignature.time, text);
        self.is_named_by(cosignature)
            && ed25519_dalek::Signature::from_slice(&cosignature.signature)
                .is_ok_and(|signature| self.key.verify_strict(signed.as_bytes(), &signature).is_ok())
    }
}

impl fmt::Debug for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WitnessKey({self})")
    }
}

impl fmt::Display for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = data_encoding::BASE64.encode(&typed(&self.key));
        write!(f, "{}+{:08x}+{key}", self.name, self.id())
    }
}

impl FromStr for WitnessKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (name, key) = read_verifier_key(text, COSIGNER, "it is not a witness's Ed25519 key (kind 4)")?;
        Ok(WitnessKey { name, key })
    }
}

/// The key by which this program cosigns as a witness.
pub struct Cosigner(SigningKey);

impl fmt::Debug for Cosigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cosigner({})", self.public())
    }
}

impl Cosigner {
    /// A new random key.
    ///
    /// # Errors
    /// [`KeyError::Name`] when the name can't stand in a signature line.
    pub fn generate(name: &str) -> Result<Self, KeyError> {
        SigningKey::generate(name).map(Self)
    }

    /// The key and its name, for the database.
    ///
    /// # Errors
    /// As [`MasterKey::wrap`].
    pub fn wrap(&self, master: &MasterKey) -> Result<Vec<u8>, KeyError> {
        self.0.wrap(master)
    }

    /// What [`Cosigner::wrap`] stored.
    ///
    /// # Errors
    /// As [`MasterKey::unwrap`].
    pub fn unwrap(master: &MasterKey, wrapped: &[u8]) -> Result<Self, KeyError> {
        SigningKey::unwrap(master, wrapped).map(Self)
    }

    /// The public half.
    pub fn public(&self) -> WitnessKey {
        WitnessKey { name: self.0.name().to_owned(), key: self.0.key.verifying_key() }
    }

    /// Cosigns the text of a checkpoint. `time`: seconds since 1970.
    pub fn cosign(&self, text: &str, time: u64) -> Cosignature {
        let signature = self.0.key.sign(message(time, text).as_bytes()).to_vec();
        let public = self.public();
        Cosignature { id: public.id(), name: public.name, time, signature }
    }
}

/// A cosignature as its line says it; whether it holds is for [`WitnessKey::has_cosigned`] to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosignature {
    pub name: String,
    pub id: u32,
    /// Seconds since 1970.
    pub time: u64,
    /// 64 bytes.
    signature: Vec<u8>,
}

impl Cosignature {
    /// Reads a line without its line feed; `None`: it is no cosignature, as the log's own signature is none.
    pub fn read(line: &str) -> Option<Self> {
        let read = Signature::from_bytes(line.as_bytes()).ok()?;
        let (time, signature) = read.signature().split_first_chunk::<8>()?;
        let (time, signature) = (u64::from_be_bytes(*time), signature.to_vec());
        let is_one = signature.len() == ed25519_dalek::SIGNATURE_LENGTH && time <= LAST;
        is_one.then(|| Self { name: read.name().to_owned(), id: read.id(), time, signature })
    }

    /// The line, with its line feed.
    pub fn line(&self) -> String {
        let whole = [&self.id.to_be_bytes()[..], &self.time.to_be_bytes(), &self.signature].concat();
        format!("\u{2014} {} {}\n", self.name, data_encoding::BASE64.encode(&whole))
    }
}

/// The note of a checkpoint, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parted {
    /// What is signed.
    pub text: String,
    /// The note without cosignatures: as the log signed it.
    pub own: String,
    /// In the order in which they stand there.
    pub cosignatures: Vec<Cosignature>,
}

/// Takes a note apart; `None`: it is none.
pub fn part(note: &str) -> Option<Parted> {
    let at = note.rfind("\n\n")?;
    let (text, lines) = (&note[..=at], &note[at + 2..]);
    let mut parted = Parted { text: text.to_owned(), own: format!("{text}\n"), cosignatures: Vec::new() };
    for line in lines.split_inclusive('\n') {
        match line.strip_suffix('\n').and_then(Cosignature::read) {
            Some(one) => parted.cosignatures.push(one),
            None => parted.own.push_str(line),
        }
    }
    Some(parted)
}

/// A note with cosignatures in the one form that we write: behind the log's own, by name and id, of each key one.
pub fn join(own: &str, mut cosignatures: Vec<Cosignature>) -> String {
    cosignatures.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    cosignatures.dedup_by(|a, b| a.name == b.name && a.id == b.id);
    let lines: String = cosignatures.iter().map(Cosignature::line).collect();
    format!("{own}{lines}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::keys::PublicKey;

    /// The checkpoint of c2sp.org/tlog-cosignature.
    const TEXT: &str =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    const OWN: &str = "\u{2014} example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
    const EXAMPLE: &str = "\u{2014} witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";
    /// The first key of RFC 8032, 7.1, under the same name, and what another implementation of Ed25519 signs with it.
    const KEY: &str = "witness.example.com/w1+7e6f4aaa+BNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";
    const LINE: &str = "\u{2014} witness.example.com/w1 fm9KqgAAAABkGFDL+TPmh4BYuAjsYRoqMJCWb/gWJaeRF/kmm5tlCr9sJ57DLErur7K0yDXc2ArN+TIuotuB/HbuL3AJsp3bv/aNCQ==\n";

    fn read(line: &str) -> Cosignature {
        Cosignature::read(line.trim_end_matches('\n')).expect("a cosignature")
    }

    #[test]
    fn the_example_of_the_specification_is_taken_apart() {
        let note = format!("{TEXT}\n{OWN}{EXAMPLE}");
        let parted = part(&note).expect("a note");
        assert_eq!((parted.text.as_str(), parted.own.as_str()), (TEXT, format!("{TEXT}\n{OWN}").as_str()));
        let one = &parted.cosignatures[0];
        assert_eq!(
            (one.name.as_str(), one.id, one.time),
            ("witness.example.com/w1", 0x8d66_cf3f, 1_679_315_147)
        );
        assert_eq!(one.line(), EXAMPLE);
        assert_eq!(join(&parted.own, parted.cosignatures), note);
        assert!(part("no note").is_none());
    }

    #[test]
    fn a_key_is_read_and_written_as_the_specification_has_it() {
        for text in [KEY, "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"] {
            assert_eq!(text.parse::<WitnessKey>().expect("a key").to_string(), text);
            assert!(text.parse::<PublicKey>().is_err(), "the key of a witness signs no log");
        }
        let log = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        for wrong in ["", log, &KEY.replace("7e6f", "7e6e"), &KEY[..60]] {
            assert!(wrong.parse::<WitnessKey>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_another_program_cosigned_is_verified_and_nothing_else() {
        let key: WitnessKey = KEY.parse().expect("a key");
        let one = read(LINE);
        assert!(key.has_cosigned(TEXT, &one));
        assert!(!key.has_cosigned(&TEXT.replace("20852163", "20852164"), &one));
        let later = Cosignature { time: one.time + 1, ..one.clone() };
        assert!(!key.has_cosigned(TEXT, &later), "its time is signed");
        assert!(!key.has_cosigned(TEXT, &read(EXAMPLE)), "another key under this name");
    }

    #[test]
    fn what_we_cosign_is_what_others_would() {
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let seed = data_encoding::HEXLOWER.decode(seed.as_bytes()).expect("hex");
        let mut secret = seed;
        secret.extend_from_slice(b"witness.example.com/w1");
        let master = MasterKey::generate();
        let ours = Cosigner::unwrap(&master, &master.wrap(&secret).expect("wrapped")).expect("a key");
        assert_eq!(ours.public().to_string(), KEY);
        assert_eq!(ours.cosign(TEXT, 1_679_315_147).line(), LINE);
        let again = Cosigner::unwrap(&master, &ours.wrap(&master).expect("wrapped")).expect("the same");
        assert_eq!(again.public(), ours.public());
    }

    #[test]
    fn a_plain_signature_is_no_cosignature_and_order_and_number_are_one() {
        assert!(Cosignature::read(OWN.trim_end()).is_none());
        let late = Cosignature { time: LAST + 1, ..read(LINE) };
        assert!(Cosignature::read(late.line().trim_end()).is_none());
        let own = format!("{TEXT}\n{OWN}");
        let (one, other) = (read(LINE), read(EXAMPLE));
        let joined = join(&own, vec![other.clone(), one.clone(), other.clone()]);
        assert_eq!(joined, format!("{own}{LINE}{EXAMPLE}"));
        assert_eq!(part(&joined).expect("a note").cosignatures, [one, other]);
    }
}
