//! The page on which one chooses which notices come.

use askama::Template;

use crate::platform::http::{
    form_view::FormView,
    layout::Chrome,
    view::{Choice, Link},
};

/// One kind of event with the ways to choose from.
pub(super) struct EventLine {
    pub name: &'static str,
    pub ways: Vec<Choice>,
    /// Message key of what it is, and why it can't be switched off where it can't.
    pub hint: String,
}

/// See the top of the file.
#[derive(Template)]
#[template(path = "directory/people/notices.html")]
pub(super) struct NoticesPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub form: FormView,
    pub lines: Vec<EventLine>,
    pub email: String,
}
