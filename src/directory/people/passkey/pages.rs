//! What the page of passkeys shows.

use askama::Template;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::{model::SHOWN, store::PasskeyRow};
use crate::platform::{
    db::Id,
    http::{
        form_view::FormView,
        layout::Chrome,
        view::{Fact, Link, groups_of_four},
    },
};

/// A passkey as others are shown it: whose it is, or what it is called, and its fingerprint.
pub struct Passkey {
    pub name: String,
    pub fingerprint: String,
}

impl Passkey {
    pub fn of(name: String, row: &PasskeyRow) -> Self {
        Self { name, fingerprint: row.fingerprint() }
    }

    pub fn groups(&self) -> Vec<&str> {
        groups_of_four(&self.fingerprint)
    }
}

/// What somebody is about to sign by their passkey, shown before they do.
#[derive(Clone, Debug)]
pub struct ToSign {
    /// Where the script asks for what is signed.
    pub options: String,
    /// What is signed, in words.
    pub facts: Vec<Fact>,
    /// The very text whose SHA-256 is signed.
    pub text: String,
    /// That hash, lower-case hex.
    pub sha256: String,
}

impl ToSign {
    /// Of a text that is shown. `ask`: the address at which its challenge is asked for; it bears the hash of the text, so that
    /// nobody is asked to sign what has become of it since.
    pub fn new(ask: &str, facts: Vec<Fact>, text: String) -> Self {
        let sha256 = HEXLOWER.encode(&Sha256::digest(text.as_bytes()));
        Self { options: format!("{ask}?{SHOWN}={sha256}"), facts, text, sha256 }
    }

    pub fn groups(&self) -> Vec<&str> {
        groups_of_four(&self.sha256)
    }
}

/// One passkey in the list.
pub struct PasskeyLine {
    pub id: Id,
    pub name: String,
    pub algorithm: String,
    pub fingerprint: String,
    pub added: String,
    pub last_used: String,
}

impl PasskeyLine {
    pub fn groups(&self) -> Vec<&str> {
        groups_of_four(&self.fingerprint)
    }
}

/// The passkeys of an account, and a new one.
#[derive(Template)]
#[template(path = "directory/people/passkeys.html")]
pub(super) struct PasskeysPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub form: FormView,
    pub passkeys: Vec<PasskeyLine>,
    /// Whether browsers know passkeys at the address of this server.
    pub can_add: bool,
    /// Where the script asks for what it needs.
    pub options: String,
}
