//! What the page for sending shows.

use askama::Template;

use crate::platform::http::{
    form_view::FormView,
    layout::Chrome,
    view::{Choice, Fact, Link},
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
    pub form: FormView,
    pub channels: Vec<Choice>,
    pub contacts: Vec<Fact>,
    pub cancel: String,
}

impl SendPage {
    fn groups(&self) -> Vec<&str> {
        crate::platform::http::view::groups_of_four(&self.hash)
    }
}

/// Uploading a scanned paper: the receipt of a delivery, a paper of a case.
#[derive(Template)]
#[template(path = "handover/receipt.html")]
pub struct ReceiptPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub explain: String,
    pub action: String,
    pub cancel: String,
    pub form: FormView,
}
