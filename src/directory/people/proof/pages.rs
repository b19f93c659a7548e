//! The page that asks somebody to show again who they are.

use askama::Template;

use crate::platform::http::{form_view::FormView, layout::Chrome};

/// See the top of the file.
#[derive(Template)]
#[template(path = "directory/people/proof.html")]
pub(super) struct ProofPage {
    pub c: Chrome,
    /// What is to be done, in words; empty: something is to be fetched.
    pub act: String,
    /// Where the form is posted to.
    pub action: String,
    /// What the form before said.
    pub kept: Vec<(String, String)>,
    pub form: FormView,
    /// Whether a code is asked for; else the password.
    pub by_code: bool,
    pub cancel: String,
    pub wait: String,
}
