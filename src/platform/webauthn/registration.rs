//! A new passkey.

use super::{
    Fault, PasskeyKey, Site,
    answer::{Answer, AuthenticatorData, ClientData, bytes},
};

/// A passkey that was made for an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    pub credential: Vec<u8>,
    pub key: PasskeyKey,
    /// How often it has signed; 0: it does not count.
    pub count: u32,
}

/// Longest id of a credential, in bytes, as the standard has it.
const LONGEST: usize = 1023;

/// Reads what a browser answered that was asked for a new passkey.
///
/// # Errors
/// What is wrong with it, never nothing.
pub fn registered(answer: &Answer, challenge: &[u8], site: &Site) -> Result<Registered, Vec<Fault>> {
    let form = || vec![Fault::Form];
    let client = bytes(&answer.client).ok_or_else(form)?;
    let data = bytes(&answer.data).ok_or_else(form)?;
    let said = ClientData::read(&client).ok_or_else(form)?;
    let shown = AuthenticatorData::read(&data).ok_or_else(form)?;
    let mut found = said.faults("webauthn.create", challenge, site);
    found.extend(shown.faults(site));
    let (credential, cose) = shown.new_credential().ok_or_else(form)?;
    if credential.is_empty()
        || credential.len() > LONGEST
        || answer.credential().as_deref() != Some(credential)
    {
        found.push(Fault::Form);
    }
    let key = answer.key.as_deref().and_then(bytes).and_then(|der| PasskeyKey::from_der(&der));
    let key = key.filter(|key| key.as_cose().is_some_and(|own| cose.starts_with(&own)));
    match key {
        Some(key) if found.is_empty() => {
            Ok(Registered { credential: credential.to_vec(), key, count: shown.count })
        }
        Some(_) => Err(found),
        None => {
            found.push(Fault::Key);
            Err(found)
        }
    }
}
