//! Passkeys (WebAuthn level 2): what a browser answers when somebody makes one or signs with one, and whether that holds. It
//! is checked by hand, as what is signed here is the hash of a statement, and libraries choose their challenges themselves.
//!
//! Of a new key no attestation is asked: which device made it is not known, and is not said. The key is read as the browser
//! hands it over (`SubjectPublicKeyInfo`), and held against the form of it that the authenticator wrote; so no CBOR is read.
//! A page posts its answer as one JSON object of base 64 ([`Answer`]).

mod answer;
mod assertion;
mod key;
mod registration;
mod site;

#[cfg(test)]
#[path = "../../../tests/support/passkey.rs"]
pub(crate) mod soft;
#[cfg(test)]
mod tests;

pub use answer::Answer;
pub use assertion::{Assertion, Fault, faults};
pub use key::{Algorithm, PasskeyKey, fingerprint_of};
pub use registration::{Registered, registered};
pub use site::Site;
