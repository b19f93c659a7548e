//! The public half of a passkey.

use std::ops::RangeInclusive;

use data_encoding::HEXLOWER;
use openssl::{
    bn::BigNumContext,
    ec::PointConversionForm,
    hash::MessageDigest,
    nid::Nid,
    pkey::{Id, PKey, Public},
    sign::Verifier,
};
use sha2::{Digest, Sha256};

use crate::platform::words::words;

words!(
    /// How a passkey signs.
    Algorithm {
        /// ECDSA over P-256 with SHA-256.
        Es256 = "ES256",
        /// Ed25519.
        EdDsa = "EdDSA",
        /// RSA with SHA-256 (PKCS #1 v1.5): what Windows Hello signs by where its key is in a TPM.
        Rs256 = "RS256",
    }
);

impl Algorithm {
    /// Its number in COSE.
    pub fn number(self) -> i64 {
        match self {
            Self::Es256 => -7,
            Self::EdDsa => -8,
            Self::Rs256 => -257,
        }
    }
}

/// Sizes of an RSA key that is taken, in bits: smaller ones are weak, larger ones of no authenticator.
const RSA: RangeInclusive<u32> = 2048..=4096;

/// See the top of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyKey {
    algorithm: Algorithm,
    /// DER of its `SubjectPublicKeyInfo`, in the one form that it has.
    spki: Vec<u8>,
}

impl PasskeyKey {
    /// Reads the DER of a `SubjectPublicKeyInfo`; `None`: it is none, of another kind, or not in its one form.
    pub fn from_der(der: &[u8]) -> Option<Self> {
        let key = PKey::public_key_from_der(der).ok()?;
        let algorithm = match key.id() {
            Id::EC => {
                let ec = key.ec_key().ok()?;
                ec.check_key().ok()?;
                (ec.group().curve_name() == Some(Nid::X9_62_PRIME256V1)).then_some(Algorithm::Es256)?
            }
            Id::ED25519 => Algorithm::EdDsa,
            Id::RSA => RSA.contains(&key.bits()).then_some(Algorithm::Rs256)?,
            _ => return None,
        };
        let spki = key.public_key_to_der().ok()?;
        (spki == der).then_some(Self { algorithm, spki })
    }

    /// Reads PEM.
    pub fn from_pem(pem: &[u8]) -> Option<Self> {
        Self::from_der(&PKey::public_key_from_pem(pem).ok()?.public_key_to_der().ok()?)
    }

    /// PEM, as `openssl` reads it; empty where that fails, which it does not for a key that was read.
    pub fn to_pem(&self) -> Vec<u8> {
        self.opened().and_then(|key| key.public_key_to_pem().ok()).unwrap_or_default()
    }

    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The DER of its `SubjectPublicKeyInfo`.
    pub fn der(&self) -> &[u8] {
        &self.spki
    }

    /// See [`fingerprint_of`].
    pub fn fingerprint(&self) -> String {
        fingerprint_of(&self.spki)
    }

    fn opened(&self) -> Option<PKey<Public>> {
        PKey::public_key_from_der(&self.spki).ok()
    }

    /// Whether it signed this message.
    pub(super) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let Some(key) = self.opened() else { return false };
        let verifier = match self.algorithm {
            Algorithm::Es256 | Algorithm::Rs256 => Verifier::new(MessageDigest::sha256(), &key),
            Algorithm::EdDsa => Verifier::new_without_digest(&key),
        };
        verifier.and_then(|mut verifier| verifier.verify_oneshot(signature, message)).unwrap_or(false)
    }

    /// As an authenticator writes it (COSE, in the canonical CBOR of CTAP2).
    pub(super) fn as_cose(&self) -> Option<Vec<u8>> {
        let key = self.opened()?;
        Some(match self.algorithm {
            Algorithm::Es256 => {
                let ec = key.ec_key().ok()?;
                let mut context = BigNumContext::new().ok()?;
                let form = PointConversionForm::UNCOMPRESSED;
                let point = ec.public_key().to_bytes(ec.group(), form, &mut context).ok()?;
                let (x, y) = point.get(1..)?.split_at_checked(32)?;
                // Kind EC2, ES256, P-256, x, y.
                [[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32].as_slice(), x, &[0x22, 0x58, 32], y].concat()
            }
            // Kind OKP, EdDSA, Ed25519, x.
            Algorithm::EdDsa => {
                let x = key.raw_public_key().ok()?;
                [[0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21, 0x58, 32].as_slice(), &x].concat()
            }
            // Kind RSA, RS256, n, e.
            Algorithm::Rs256 => {
                let rsa = key.rsa().ok()?;
                let (n, e) = (rsa.n().to_vec(), rsa.e().to_vec());
                let length = u16::try_from(n.len()).ok()?.to_be_bytes();
                let short = u8::try_from(e.len()).ok().filter(|length| *length < 24)?;
                let head = [0xa4, 1, 3, 3, 0x39, 1, 0, 0x20, 0x59];
                [head.as_slice(), &length, &n, &[0x21, 0x40 | short], &e].concat()
            }
        })
    }
}

/// SHA-256 of the DER of a public key, in 64 lower-case hex digits: `openssl pkey -pubin -outform DER | sha256sum`.
pub fn fingerprint_of(der: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(der))
}
