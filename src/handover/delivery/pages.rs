//! What the page for sending shows.

use askama::Template;

use crate::{
    handover::transfer::pages::{Field, VerbPage},
    platform::{
        http::{
            form_view::FormView,
            layout::Chrome,
            view::{Choice, Fact, Link},
        },
        paths,
    },
};

/// Sending one sealed dossier to its agency.
#[derive(Template)]
#[template(path = "handover/send.html")]
pub struct SendPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub dossier: String,
    pub facts: Vec<Fact>,
    pub hash: String,
    /// What sending does here, in a sentence: opens a transfer, or delivers on the one that is there.
    pub effect: String,
    /// Something to think of before sending; empty: nothing.
    pub warning: String,
    pub conflict: String,
    /// Whether `conflict` holds however the form is filled in: it is not offered then.
    pub closed: bool,
    pub form: FormView,
    pub channels: Vec<Choice>,
    pub contacts: Vec<Fact>,
    pub cancel: String,
    /// Set where the package can be encrypted to keys of the agency.
    pub encrypted: Option<Encrypted>,
}

/// The package, encrypted.
pub struct Encrypted {
    /// Where it is fetched, and as it is.
    pub href: String,
    pub plain: String,
    /// The fingerprints of the keys, as pages name them.
    pub keys: Vec<String>,
    /// Their ids, as the form sends them along.
    pub ids: String,
}

impl SendPage {
    /// Under which its typing is kept: the page of the form asks which dossier it is.
    fn address(&self) -> String {
        format!("{}/new?dossier={}", paths::TRANSFERS, self.dossier)
    }

    fn groups(&self) -> Vec<&str> {
        crate::platform::http::view::groups_of_four(&self.hash)
    }
}

/// The page that asks for a scanned paper and nothing else: the receipt of a delivery, a paper of a case. The last link
/// of `trail` leads back.
pub fn scan_page(c: Chrome, trail: Vec<Link>, action: &str, explain: String) -> VerbPage {
    let file = Field::File { name: "file", hint: "transfer-field-file-hint", need: true };
    VerbPage::at(c, trail, action, explain, "transfer-do-receipt").fields([file])
}
