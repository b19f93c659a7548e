//! What one has typed and not sent, in a list: also what can't be gone on with, as its object has moved on.

use askama::Template;

use crate::platform::http::{
    layout::Chrome,
    view::{Fact, Link},
};

/// What was typed into one form.
pub(super) struct Entry {
    /// What the form is about, with the way there.
    pub form: Link,
    pub at: String,
    /// Its texts with their labels.
    pub texts: Vec<Fact>,
    /// Where the post goes that takes it away.
    pub discard: String,
}

/// See the top of the file.
#[derive(Template)]
#[template(path = "directory/people/unsent.html")]
pub(super) struct ListPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub entries: Vec<Entry>,
}
