//! The page on which a file is read.

use askama::Template;

use crate::platform::http::{
    layout::Chrome,
    view::{Fact, Link},
};

/// What is in a file, as text.
#[derive(Default, Template)]
#[template(path = "casework/evidence/read.html")]
pub struct ReadPage {
    pub c: Chrome,
    pub lead: Link,
    pub list: Link,
    pub item: Link,
    /// Why nothing is shown; empty: something is.
    pub unread: String,
    /// What the reader has to know of it.
    pub notes: Vec<String>,
    pub facts: Vec<Fact>,
    /// Made anew from its bytes; empty: it is no picture.
    pub picture: String,
    /// The browser's own viewer for it; empty: none.
    pub original: String,
    pub sheets: Vec<Link>,
    pub grids: Vec<Grid>,
    /// Whether it is a text, which may be empty.
    pub is_text: bool,
    pub text: String,
    /// Which page of how many; empty: there is one.
    pub place: String,
    pub previous: String,
    pub next: String,
    pub attachments: Vec<AttachmentView>,
    /// Whether the reader may register what is attached.
    pub can_register: bool,
    /// Pictures of pages, taken by the capturing program.
    pub shots: Vec<Link>,
}

/// A table of what is in a file.
#[derive(Default)]
pub struct Grid {
    pub caption: String,
    pub heads: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// Something attached to an e-mail.
pub struct AttachmentView {
    pub number: usize,
    pub name: String,
    pub media_type: String,
    pub size: String,
    pub sha256: String,
    /// Where it is registered.
    pub register: String,
}
