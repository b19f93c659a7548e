//! What was signed with a passkey, and whether it holds.

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    PasskeyKey, Site,
    answer::{Answer, AuthenticatorData, ClientData, bytes},
};
use crate::platform::words::words;

words!(
    /// What may be wrong with an answer.
    Fault {
        /// Can't be read, or is an answer to another question.
        Form = "form",
        /// Signs something else.
        Challenge = "challenge",
        /// Came from a page of another site, or from within one.
        Origin = "origin",
        /// The authenticator says that it is for another site.
        Site = "site",
        /// Nobody was there.
        Presence = "presence",
        /// Whoever was there did not show the device who they are.
        Verification = "verification",
        /// The key can't be read, or is not of the kind that is named.
        Key = "key",
        /// Not signed by the key.
        Signature = "signature",
    }
);

/// An assertion with the key that it is by: all that is needed to check it anywhere and at any time. Bytes in base 64.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assertion {
    /// `ES256`, `EdDSA` or `RS256`.
    pub algorithm: String,
    /// DER of the public key (`SubjectPublicKeyInfo`).
    pub public_key: String,
    pub credential_id: String,
    pub authenticator_data: String,
    pub client_data_json: String,
    pub signature: String,
}

impl Assertion {
    /// What a page posted, by the key of its credential.
    pub fn of(answer: &Answer, key: &PasskeyKey) -> Self {
        Self {
            algorithm: key.algorithm().to_string(),
            public_key: BASE64.encode(key.der()),
            credential_id: answer.id.clone(),
            authenticator_data: answer.data.clone(),
            client_data_json: answer.client.clone(),
            signature: answer.signature.clone().unwrap_or_default(),
        }
    }

    /// Its key; `None`: it can't be read.
    pub fn key(&self) -> Option<PasskeyKey> {
        PasskeyKey::from_der(&bytes(&self.public_key)?)
    }

    /// How often its authenticator has signed; 0: it does not count, or can't be read.
    pub fn count(&self) -> u32 {
        let data = bytes(&self.authenticator_data);
        data.as_deref().and_then(AuthenticatorData::read).map_or(0, |data| data.count)
    }
}

/// What is wrong with an assertion over `challenge` on `site`, each kind once; nothing: it holds.
pub fn faults(assertion: &Assertion, challenge: &[u8], site: &Site) -> Vec<Fault> {
    let parts = (bytes(&assertion.client_data_json), bytes(&assertion.authenticator_data));
    let (Some(client), Some(data)) = parts else { return vec![Fault::Form] };
    let (Some(said), Some(shown)) = (ClientData::read(&client), AuthenticatorData::read(&data)) else {
        return vec![Fault::Form];
    };
    let mut found = said.faults("webauthn.get", challenge, site);
    if !site.is_one() {
        found.push(Fault::Origin);
    }
    if bytes(&assertion.credential_id).is_none_or(|id| id.is_empty()) {
        found.push(Fault::Form);
    }
    found.extend(shown.faults(site));
    let key = assertion.key().filter(|key| key.algorithm().as_str() == assertion.algorithm);
    let signature = bytes(&assertion.signature);
    match (key, signature) {
        (None, _) => found.push(Fault::Key),
        (Some(key), Some(signature)) => {
            let message = [data.as_slice(), Sha256::digest(&client).as_slice()].concat();
            if !key.signed(&message, &signature) {
                found.push(Fault::Signature);
            }
        }
        (Some(_), None) => found.push(Fault::Signature),
    }
    found.sort_unstable();
    found.dedup();
    found
}
