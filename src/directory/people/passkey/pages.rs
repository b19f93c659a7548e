//! What the page of passkeys shows.

use askama::Template;

use super::store::PasskeyRow;
use crate::platform::{
    db::Id,
    http::{
        form_view::FormView,
        layout::Chrome,
        view::{Link, groups_of_four},
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
    pub options: &'static str,
}
