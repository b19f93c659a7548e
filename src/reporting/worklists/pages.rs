//! What the first page shows.

use askama::Template;

use crate::platform::{
    db::Id,
    http::{
        layout::Chrome,
        view::{Chip, MadeUp, Tile},
    },
};

/// One thing that waits.
#[derive(Clone, Debug, Default)]
pub struct Item {
    pub label: String,
    pub href: String,
    pub note: String,
    pub chip: Option<Chip>,
    /// What it is about, for the log: kind and id.
    pub object: Option<(&'static str, Id)>,
    pub made_up: MadeUp,
}

/// Things that wait for the same act.
#[derive(Clone, Debug, Default)]
pub struct Duty {
    pub id: &'static str,
    pub title: String,
    pub count: String,
    /// The list of all of them; empty: they are all here.
    pub href: String,
    pub items: Vec<Item>,
    /// A remark below; empty: none.
    pub remark: String,
}

/// The first page.
#[derive(Template)]
#[template(path = "reporting/home.html")]
pub struct HomePage {
    pub c: Chrome,
    pub tiles: Vec<Tile>,
    pub tiles_title: String,
    pub duties: Vec<Duty>,
    /// What to do where nothing waits: text, address, button.
    pub empty: (String, String, String),
}
