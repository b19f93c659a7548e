//! What the pages of the second factor show.

use askama::Template;

use crate::platform::http::{form_view::FormView, layout::Chrome, view::Link};

/// Setting it up.
#[derive(Template)]
#[template(path = "directory/people/second_factor_new.html")]
pub struct SetUpPage {
    pub c: Chrome,
    pub form: FormView,
    /// `otpauth://…`, for a phone that shows this very page.
    pub link: String,
    pub secret: String,
    /// Whether the account can do nothing before.
    pub obliged: bool,
    pub wait: String,
}

/// It is set up.
#[derive(Template)]
#[template(path = "directory/people/second_factor.html")]
pub struct FactorPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub codes_form: FormView,
    pub remove_form: FormView,
    /// `None`: none were ever made.
    pub codes_left: Option<i64>,
    pub obliged: bool,
    pub wait: String,
}

/// The recovery codes, this once.
#[derive(Template)]
#[template(path = "directory/people/recovery_codes.html")]
pub struct CodesPage {
    pub c: Chrome,
    pub codes: Vec<String>,
}
