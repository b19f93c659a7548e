//! What the pages of one's own account show.

use askama::Template;

use crate::platform::{
    db::Id,
    http::{
        form_view::FormView,
        layout::Chrome,
        view::{Chip, Choice, Fact, Link},
    },
};

/// One place where one is signed in.
pub struct SessionLine {
    pub id: Id,
    pub device: String,
    /// From where it was opened.
    pub place: String,
    pub since: String,
    pub last_used: String,
    /// Whether it is the one that asks.
    pub this: bool,
}

/// The account.
#[derive(Template)]
#[template(path = "directory/people/account.html")]
pub struct AccountPage {
    pub c: Chrome,
    pub form: FormView,
    pub languages: Vec<Choice>,
    /// How days are written, and the hours of a day.
    pub days: Vec<Choice>,
    pub clocks: Vec<Choice>,
    pub facts: Vec<Fact>,
    pub factor: Chip,
    /// Whether there is a second factor, which recovery codes can stand in for.
    pub has_factor: bool,
    /// How many recovery codes are left; `None`: none were ever made.
    pub codes: Option<i64>,
    /// When this session ends unless it is used.
    pub ends: String,
    pub may_have_tokens: bool,
    pub sessions: Vec<SessionLine>,
    /// How long to wait before another address can be asked for; empty: not at all.
    pub wait: String,
}

/// A new password.
#[derive(Template)]
#[template(path = "directory/people/password.html")]
pub struct PasswordPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub form: FormView,
    pub username: String,
    /// Whether nothing else can be done before.
    pub obliged: bool,
    pub shortest: usize,
    pub wait: String,
}
