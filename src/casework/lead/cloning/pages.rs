//! What the page asks before a lead is cloned.

use askama::Template;

use crate::platform::http::{
    form_view::FormView,
    layout::Chrome,
    view::{Choice, Link},
};

/// `/leads/{id}/clone`
#[derive(Template)]
#[template(path = "casework/lead/clone.html")]
pub struct ClonePage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub form: FormView,
    pub parts: Vec<Choice>,
    pub action: String,
    pub cancel: String,
}
