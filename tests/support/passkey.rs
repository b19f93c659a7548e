//! A passkey in software: answers as a browser with an authenticator does, and as none should.

#![allow(dead_code)] // each test uses its own part of it

use data_encoding::{BASE64, BASE64URL_NOPAD};
use openssl::{
    bn::BigNumContext,
    ec::{EcGroup, EcKey, PointConversionForm},
    hash::MessageDigest,
    nid::Nid,
    pkey::{Id, PKey, Private},
    rsa::Rsa,
    sign::Signer,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Somebody was there, and showed the device who they are.
pub const PRESENT_AND_VERIFIED: u8 = 0b101;
/// Somebody was there.
pub const PRESENT: u8 = 0b001;

/// What a page asks for, and where.
#[derive(Clone, Debug)]
pub struct Asked {
    pub site: String,
    pub origin: String,
    pub challenge: Vec<u8>,
    pub flags: u8,
}

impl Asked {
    /// By a page of `https://desk.example`.
    pub fn of(challenge: &[u8]) -> Self {
        Self {
            site: "desk.example".into(),
            origin: "https://desk.example".into(),
            challenge: challenge.to_vec(),
            flags: PRESENT_AND_VERIFIED,
        }
    }

    /// By a page at `origin`, with the options that it was given.
    pub fn on(origin: &str, options: &Value) -> Self {
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let site = options.get("rpId").unwrap_or_else(|| &options["rp"]["id"]);
        let challenge = BASE64.decode(text(&options["challenge"]).as_bytes()).expect("base 64");
        Self { site: text(site), origin: origin.into(), challenge, flags: PRESENT_AND_VERIFIED }
    }

    fn client(&self, kind: &str) -> Vec<u8> {
        let challenge = BASE64URL_NOPAD.encode(&self.challenge);
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false })
            .to_string()
            .into_bytes()
    }
}

/// See the top of the file.
pub struct Soft {
    key: PKey<Private>,
    pub id: Vec<u8>,
    pub count: u32,
}

impl Soft {
    /// With a key on P-256.
    pub fn new() -> Self {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("P-256");
        Self::with(PKey::from_ec_key(EcKey::generate(&group).expect("a key")).expect("a key"))
    }

    /// With an Ed25519 key.
    pub fn ed25519() -> Self {
        Self::with(PKey::generate_ed25519().expect("a key"))
    }

    /// With an RSA key, as Windows Hello makes them in a TPM.
    pub fn rsa() -> Self {
        Self::with(PKey::from_rsa(Rsa::generate(2048).expect("a key")).expect("a key"))
    }

    fn with(key: PKey<Private>) -> Self {
        let der = key.public_key_to_der().expect("DER");
        Self { id: Sha256::digest(&der)[..16].to_vec(), key, count: 0 }
    }

    /// The public key.
    pub fn der(&self) -> Vec<u8> {
        self.key.public_key_to_der().expect("DER")
    }

    pub fn fingerprint(&self) -> String {
        data_encoding::HEXLOWER.encode(&Sha256::digest(self.der()))
    }

    fn cose(&self) -> Vec<u8> {
        if self.key.id() == Id::ED25519 {
            let x = self.key.raw_public_key().expect("a key");
            return [[0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21, 0x58, 32].as_slice(), &x].concat();
        }
        if self.key.id() == Id::RSA {
            let rsa = self.key.rsa().expect("a key");
            let (n, e) = (rsa.n().to_vec(), rsa.e().to_vec());
            assert_eq!((n.len(), e.len()), (256, 3));
            let head = [0xa4, 1, 3, 3, 0x39, 1, 0, 0x20, 0x59, 1, 0];
            return [head.as_slice(), &n, &[0x21, 0x43], &e].concat();
        }
        let ec = self.key.ec_key().expect("a key");
        let mut context = BigNumContext::new().expect("a context");
        let point = ec.public_key().to_bytes(ec.group(), PointConversionForm::UNCOMPRESSED, &mut context);
        let point = point.expect("a point");
        let (x, y) = point[1..].split_at(32);
        [[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32].as_slice(), x, &[0x22, 0x58, 32], y].concat()
    }

    fn data(&mut self, asked: &Asked, flags: u8) -> Vec<u8> {
        self.count += 1;
        let site = Sha256::digest(asked.site.as_bytes());
        [site.as_slice(), &[flags], &self.count.to_be_bytes()].concat()
    }

    fn signed_by(&self, message: &[u8]) -> Vec<u8> {
        let signer = if self.key.id() == Id::ED25519 {
            Signer::new_without_digest(&self.key)
        } else {
            Signer::new(MessageDigest::sha256(), &self.key)
        };
        signer.expect("a signer").sign_oneshot_to_vec(message).expect("signed")
    }

    /// What the page posts of a new key.
    pub fn made(&mut self, asked: &Asked) -> Value {
        let length = u16::try_from(self.id.len()).expect("short").to_be_bytes();
        let head = self.data(asked, asked.flags | 0b0100_0000);
        let data = [head.as_slice(), &[0; 16], &length, &self.id, &self.cose()].concat();
        json!({
            "id": BASE64.encode(&self.id),
            "client": BASE64.encode(&asked.client("webauthn.create")),
            "data": BASE64.encode(&data),
            "key": BASE64.encode(&self.der()),
        })
    }

    /// What the page posts of what was signed.
    pub fn signed(&mut self, asked: &Asked) -> Value {
        let client = asked.client("webauthn.get");
        let data = self.data(asked, asked.flags);
        let signature = self.signed_by(&[data.as_slice(), Sha256::digest(&client).as_slice()].concat());
        json!({
            "id": BASE64.encode(&self.id),
            "client": BASE64.encode(&client),
            "data": BASE64.encode(&data),
            "signature": BASE64.encode(&signature),
        })
    }
}

/// Answers to what a page asked that no act takes: each with what is said of it, and the key of that sentence. `stranger`: a passkey
/// of somebody else.
pub fn wrong(
    soft: &mut Soft,
    stranger: &mut Soft,
    asked: &Asked,
) -> [(Value, (&'static str, &'static str)); 4] {
    let elsewhere = Asked { origin: "http://localhost:1".into(), ..asked.clone() };
    let unseen = Asked { flags: PRESENT, ..asked.clone() };
    let another = Asked { challenge: vec![7; 32], ..asked.clone() };
    [
        (soft.signed(&elsewhere), ("未通过核验", "conflict-passkey-refused")),
        (soft.signed(&unseen), ("没有确认操作人是您本人", "conflict-passkey-unverified")),
        (soft.signed(&another), ("已过期", "conflict-passkey-old")),
        (stranger.signed(asked), ("不在您登记的通行密钥之中", "conflict-passkey-unknown")),
    ]
}
