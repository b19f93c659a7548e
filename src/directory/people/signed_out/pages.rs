//! The page that gives a form back.

use askama::Template;

use super::kept::Kept;
use crate::platform::{http::layout::Chrome, paths};

/// Message keys of what is missing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    pub title: &'static str,
    pub text: &'static str,
    pub go: &'static str,
}

impl Words {
    /// By the page that has to be gone to first.
    pub(super) fn of(first: &str) -> Self {
        if first.split('?').next() == Some(paths::LOGIN) {
            Self {
                title: "people-signed-out-title",
                text: "people-signed-out-text",
                go: "people-signed-out-log-in",
            }
        } else {
            Self { title: "people-half-in-title", text: "people-half-in-text", go: "people-half-in-complete" }
        }
    }
}

/// See the top of the folder.
#[derive(Template)]
#[template(path = "directory/people/signed_out.html")]
pub(super) struct SignedOutPage {
    pub c: Chrome,
    pub words: Words,
    /// The page that completes signing in.
    pub go: String,
    /// Where the form was posted to, and is again.
    pub action: String,
    /// Whether it surely came from one of our pages.
    pub ours: bool,
    pub kept: Kept,
}

impl SignedOutPage {
    /// What is kept, in a sentence; empty: nothing that has words.
    fn named(&self) -> String {
        let (named, c) = (&self.kept.named, &self.c);
        if named.is_empty() {
            return String::new();
        }
        let (n, fields) = (named.len().to_string(), named.join(&c.language.comma()));
        c.ta("people-signed-out-named", &[("n", &n), ("fields", &fields)])
    }

    /// What is kept and not shown, in a sentence; empty: all is.
    fn unseen(&self) -> String {
        let (unseen, c) = (&self.kept.unseen, &self.c);
        if unseen.is_empty() {
            return String::new();
        }
        c.tv("people-signed-out-unseen", "fields", unseen.join(&c.language.comma()))
    }
}
