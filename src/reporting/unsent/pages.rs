//! What one has typed and not sent, in a list: also what can't be gone on with, as its object has moved on.

use askama::Template;

use crate::platform::http::{
    layout::Chrome,
    view::{Fact, Link},
};

/// What was typed into one form.
pub(super) struct Entry {
    /// What the form is about, by number, and what it is called, with the way there.
    pub form: Link,
    /// Why it can't be gone on with, the way leading to where that may be changed; empty: it can.
    pub closed: String,
    /// Message key of the button for the way.
    pub go: &'static str,
    pub at: String,
    /// Its texts with their labels.
    pub texts: Vec<Fact>,
    /// Where the post goes that takes it away.
    pub discard: String,
}

/// See the top of the file.
#[derive(Template)]
#[template(path = "reporting/unsent.html")]
pub(super) struct ListPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub entries: Vec<Entry>,
}
