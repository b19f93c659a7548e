//! What the page of a lead shows.

use askama::Template;

use super::sold::SoldView;
use crate::{
    casework::lead::{
        comment::pages::{CommentView, Writing},
        pages::Unlisted,
    },
    platform::http::{
        layout::Chrome,
        steps_back::Ways,
        view::{Chip, Event, Fact, Link, Step},
    },
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
    /// How much of it is done, beside the title; empty: nothing is to be said of that.
    pub count: String,
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
    /// The key that leads to it; empty: none. What cannot be taken back has none.
    pub shortcut: &'static str,
    /// Whether it is what the page calls the next step, and has another key of its own.
    pub is_next: bool,
}

impl Act {
    /// The key of the act that the message `key` names; that of the next step is the same for all of them.
    pub fn shortcut_of(key: &str) -> &'static str {
        match key {
            "action-edit" => "e",
            "story-act-evidence" => "v",
            "story-act-compose" => "d",
            "story-act-assign" => "i",
            "story-act-decide" | "story-act-submit" | "story-act-send" | "action-restore" => "s",
            // Nothing waits for a lead that is finished.
            reopens if reopens.starts_with("story-act-reopen-") => "s",
            _ => "",
        }
    }

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
    /// Each supplement that an agency waits for: who asks, since when, for what, until when.
    pub asked: Vec<String>,
    pub steps: Vec<Step>,
    pub acts: Vec<Act>,
    /// What to do next, in a sentence; empty: nothing.
    pub next: String,
    /// Where that is done, if it is on pages of its own.
    pub next_at: Vec<Link>,
    /// What its papers will not mention, as it has nothing of it.
    pub unlisted: Unlisted,
    pub facts: Vec<Fact>,
    /// What its sales records come to; `None`: it has none.
    pub sold: Option<SoldView>,
    pub charges: Vec<Fact>,
    /// Where they are changed; `None`: not by the reader.
    pub charges_edit: Option<Link>,
    pub summary: String,
    /// Subjects, sites, listings, related leads.
    pub parts: Vec<Part>,
    /// Evidence, dossiers, transfers, cases, outcomes.
    pub stages: Vec<Part>,
    /// The newest comments.
    pub comments: Vec<CommentView>,
    /// All of them.
    pub all_comments: Link,
    /// The form of a comment; `None`: not for the reader.
    pub writing: Option<Writing>,
    /// Where the reader says that they have read where they are called; empty: nobody called.
    pub seen: String,
    pub kinds: Vec<Link>,
    /// In which zone times are told.
    pub zone: String,
    pub events: Vec<Event>,
    /// To the entries that are not on this page.
    pub ways: Ways,
}
