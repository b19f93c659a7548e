//! The page before an act that is hard to undo: what it is about, what will happen, and one button. Works without a
//! script, as every page does.

use actix_web::HttpResponse;
use askama::Template;

use super::{
    form_view::FormView,
    html,
    layout::Chrome,
    view::{Choice, Fact, Link},
};
use crate::platform::error::Result;

/// What has to be chosen with the act.
pub struct Pick {
    /// Of the field.
    pub name: &'static str,
    /// Message key.
    pub hint: &'static str,
    pub choices: Vec<Choice>,
}

/// See the top of the file.
#[derive(Template)]
#[template(path = "layout/confirm.html")]
pub struct ConfirmPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    /// What it is about.
    pub facts: Vec<Fact>,
    /// What will happen.
    pub explain: String,
    /// Where the form is posted to.
    pub action: String,
    pub cancel: String,
    /// Message key of the button.
    pub save: &'static str,
    pub tone: &'static str,
    pub pick: Option<Pick>,
    /// What was chosen, and what is wrong with it.
    pub form: FormView,
}

impl ConfirmPage {
    /// A page whose last link of `trail` leads back; texts are message keys.
    pub fn new(c: Chrome, trail: Vec<Link>, explain: &str, action: String, save: &'static str) -> Self {
        Self {
            cancel: trail.last().map_or_else(String::new, |link| link.href.clone()),
            explain: c.t(explain),
            trail,
            facts: Vec::new(),
            action,
            save,
            tone: "danger",
            pick: None,
            form: FormView::new(""),
            c,
        }
    }

    #[must_use]
    pub fn about(mut self, facts: Vec<Fact>) -> Self {
        self.facts = facts;
        self
    }

    /// An act that is wished for, not warned of.
    #[must_use]
    pub fn plain(mut self) -> Self {
        self.tone = "primary";
        self
    }

    /// The beginning of the message keys of its fields' labels.
    #[must_use]
    pub fn labelled(mut self, prefix: &'static str) -> Self {
        self.form = FormView::new(prefix);
        self
    }

    #[must_use]
    pub fn choosing(mut self, pick: Pick) -> Self {
        self.pick = Some(pick);
        self
    }

    /// # Errors
    /// The template can't be rendered.
    pub fn reply(&self) -> Result<HttpResponse> {
        html(self)
    }
}
