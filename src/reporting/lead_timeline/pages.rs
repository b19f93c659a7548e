//! What the page of a lead shows.

use askama::Template;

use crate::platform::http::{
    layout::Chrome,
    view::{Chip, Event, Fact, Link, Step},
};

/// One thing that belongs to the lead.
#[derive(Clone, Debug, Default)]
pub struct Line {
    pub label: String,
    /// Empty: no page of its own.
    pub href: String,
    /// What else is known of it, in parts.
    pub notes: Vec<String>,
    pub chips: Vec<Chip>,
    /// What can be done with it.
    pub act: Option<Link>,
}

/// Things of one kind, with where they are changed.
#[derive(Clone, Debug, Default)]
pub struct Part {
    pub id: &'static str,
    pub title: String,
    pub lines: Vec<Line>,
    pub empty: String,
    pub edit: Option<Link>,
}

/// A button of the page.
#[derive(Clone, Debug)]
pub struct Act {
    pub label: String,
    pub href: String,
    /// Posted at once, or a page that asks first.
    pub is_post: bool,
    /// `primary`, `danger`, or empty.
    pub tone: &'static str,
}

impl Act {
    /// The button's class.
    pub fn class(&self) -> String {
        if self.tone.is_empty() { "button".to_owned() } else { format!("button-{}", self.tone) }
    }
}

/// The page of a lead.
#[derive(Template)]
#[template(path = "reporting/lead.html")]
pub struct LeadPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub chips: Vec<Chip>,
    pub public_source: String,
    /// When and why the approver sent it back, while it is being mended; empty: it was not.
    pub returned: String,
    pub steps: Vec<Step>,
    pub acts: Vec<Act>,
    /// What to do next, in a sentence; empty: nothing.
    pub next: String,
    /// Where that is done, if it is on pages of its own.
    pub next_at: Vec<Link>,
    pub facts: Vec<Fact>,
    pub charges: Vec<Fact>,
    pub summary: String,
    /// Subjects, sites, listings.
    pub parts: Vec<Part>,
    /// Evidence, dossiers, transfers, cases, outcomes.
    pub stages: Vec<Part>,
    pub kinds: Vec<Link>,
    pub events: Vec<Event>,
    pub older: Option<String>,
    pub newest: Option<String>,
}
