//! What the pages of one's own account show.

use askama::Template;

use crate::platform::{
    db::Id,
    http::{
        form_view::FormView,
        layout::Chrome,
        view::{Chip, Choice, Fact, Link, Pager},
    },
};

/// One place where one is signed in.
pub struct SessionLine {
    pub id: Id,
    pub device: String,
    pub address: String,
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
    pub facts: Vec<Fact>,
    pub factor: Chip,
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

/// One thing one did.
pub struct ActivityLine {
    pub time: String,
    pub verb: String,
    pub refused: bool,
    /// `system`, `token` or nothing.
    pub by: String,
}

/// What one did.
#[derive(Template)]
#[template(path = "directory/people/activity.html")]
pub struct ActivityPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub lines: Vec<ActivityLine>,
    pub pager: Pager,
}
