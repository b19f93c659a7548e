//! What the page of ticked leads shows.

use askama::Template;

use super::pages::Row;
use crate::platform::http::{
    form_view::FormView,
    layout::Chrome,
    view::{Choice, Link},
};

/// `/leads/selected`
#[derive(Template)]
#[template(path = "casework/lead/selected.html")]
pub struct SelectedPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub form: FormView,
    pub rows: Vec<Row>,
    /// What of the choice is not here: more than are taken, or rows that are not there.
    pub notes: Vec<String>,
    /// Whom they can be assigned to; empty: the reader assigns none.
    pub people: Vec<Choice>,
    pub may_submit: bool,
    /// Where the acts are posted to.
    pub assign: String,
    pub submit: String,
    pub csv: String,
    pub xlsx: String,
    pub back: String,
}

impl SelectedPage {
    /// Whether the reader can do anything to them but read.
    pub fn may_act(&self) -> bool {
        self.may_submit || !self.people.is_empty()
    }
}
