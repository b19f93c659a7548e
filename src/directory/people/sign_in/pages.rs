//! What the pages of signing in show.

use askama::Template;

use crate::platform::http::{form_view::FormView, layout::Chrome};

/// Name and password.
#[derive(Template)]
#[template(path = "directory/people/login.html")]
pub struct LoginPage {
    pub c: Chrome,
    pub form: FormView,
    /// Where to go afterwards; a path of this site.
    pub next: String,
    /// How long to wait, in words; empty: no wait.
    pub wait: String,
}

/// The code of the authenticator app, or a recovery code.
#[derive(Template)]
#[template(path = "directory/people/login_second_factor.html")]
pub struct SecondFactorPage {
    pub c: Chrome,
    pub form: FormView,
    pub next: String,
    pub wait: String,
}
