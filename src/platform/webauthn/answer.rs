//! What a page posts of what the browser answered, and the two parts that every answer has.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{Fault, Site};

/// An answer as the page's script posts it: each part in base 64.
#[derive(Clone, Debug, Deserialize)]
pub struct Answer {
    /// Id of the credential.
    pub id: String,
    /// `clientDataJSON`
    pub client: String,
    /// `authenticatorData`
    pub data: String,
    /// DER of the public key, of a new one.
    pub key: Option<String>,
    /// Of an assertion.
    pub signature: Option<String>,
}

impl Answer {
    /// Reads what was posted; `None`: it is none.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The id of the credential; `None`: it can't be read.
    pub fn credential(&self) -> Option<Vec<u8>> {
        bytes(&self.id)
    }

    /// The challenge that it says it answers.
    pub fn challenge(&self) -> Option<Vec<u8>> {
        ClientData::read(&bytes(&self.client)?)?.challenge()
    }
}

/// Base 64 with padding, as every part of an answer is written.
pub(super) fn bytes(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text.as_bytes()).ok()
}

/// What the browser says.
#[derive(Deserialize)]
pub(super) struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: bool,
}

impl ClientData {
    pub fn read(json: &[u8]) -> Option<Self> {
        serde_json::from_slice(json).ok()
    }

    fn challenge(&self) -> Option<Vec<u8>> {
        BASE64URL_NOPAD.decode(self.challenge.as_bytes()).ok()
    }

    pub fn faults(&self, kind: &str, challenge: &[u8], site: &Site) -> Vec<Fault> {
        let found = [
            (self.kind != kind, Fault::Form),
            (self.challenge().as_deref() != Some(challenge), Fault::Challenge),
            (self.origin != site.origin || self.cross_origin, Fault::Origin),
        ];
        found.into_iter().filter(|(is_so, _)| *is_so).map(|(_, fault)| fault).collect()
    }
}

/// What the authenticator says.
pub(super) struct AuthenticatorData<'d> {
    site: &'d [u8],
    flags: u8,
    /// How often it has signed; 0: it does not count.
    pub count: u32,
    rest: &'d [u8],
}

/// Somebody was there.
const PRESENT: u8 = 1;
/// They showed who they are, to the device.
const VERIFIED: u8 = 1 << 2;
/// A new credential follows.
const NEW: u8 = 1 << 6;

impl<'d> AuthenticatorData<'d> {
    pub fn read(bytes: &'d [u8]) -> Option<Self> {
        let (site, rest) = bytes.split_at_checked(32)?;
        let (flags, rest) = rest.split_first()?;
        let (count, rest) = rest.split_first_chunk::<4>()?;
        Some(Self { site, flags: *flags, count: u32::from_be_bytes(*count), rest })
    }

    pub fn faults(&self, site: &Site) -> Vec<Fault> {
        let found = [
            (self.site != Sha256::digest(site.id.as_bytes()).as_slice(), Fault::Site),
            (self.flags & PRESENT == 0, Fault::Presence),
            (self.flags & VERIFIED == 0, Fault::Verification),
        ];
        found.into_iter().filter(|(is_so, _)| *is_so).map(|(_, fault)| fault).collect()
    }

    /// The id of a new credential, and what follows: its key as the authenticator writes it.
    pub fn new_credential(&self) -> Option<(&'d [u8], &'d [u8])> {
        if self.flags & NEW == 0 {
            return None;
        }
        // The model of the device, which nobody attests here.
        let (_, rest) = self.rest.split_at_checked(16)?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
    }
}
