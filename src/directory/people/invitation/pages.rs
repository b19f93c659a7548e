//! What somebody with a link sees.

use askama::Template;

use crate::platform::http::{form_view::FormView, layout::Chrome};

/// Choosing name and password, or only a new password.
#[derive(Template)]
#[template(path = "directory/people/invitation.html")]
pub struct InvitationPage {
    pub c: Chrome,
    pub form: FormView,
    pub action: String,
    /// Whether it is only a new password.
    pub reset: bool,
    /// Whether the address is asked for too (the first administrator).
    pub asks_email: bool,
    pub roles: String,
    /// The agency that the account will be of; empty: the platform.
    pub agency: String,
    pub username: String,
    pub shortest: usize,
}

/// The link is over.
#[derive(Template)]
#[template(path = "directory/people/invitation_over.html")]
pub struct OverPage {
    pub c: Chrome,
}
