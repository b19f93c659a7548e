//! What the page of the trash shows.

use askama::Template;

use crate::platform::http::{
    layout::Chrome,
    view::{Link, Pager},
};

/// One lead in the trash.
#[derive(Clone, Debug, Default)]
pub struct TrashRow {
    pub href: String,
    pub number: String,
    pub title: String,
    pub synthetic: bool,
    pub by: String,
    pub at: String,
    pub datetime: String,
    /// Where it is taken out again; empty: not by the reader.
    pub restore: String,
}

/// `/leads/trash`
#[derive(Template)]
#[template(path = "casework/lead/trash.html")]
pub struct TrashPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub rows: Vec<TrashRow>,
    pub pager: Pager,
}
