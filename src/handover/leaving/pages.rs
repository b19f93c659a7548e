//! The page before an account is closed.

use askama::Template;

use super::store::Left;
use crate::platform::http::{
    form_view::FormView,
    layout::Chrome,
    view::{Choice, Fact, Link},
};

/// See the top of the file.
#[derive(Template)]
#[template(path = "handover/leaving.html")]
pub(super) struct LeavingPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub facts: Vec<Fact>,
    /// Where the form is posted to.
    pub action: String,
    pub cancel: String,
    /// What is left, in sentences.
    pub left: Vec<String>,
    pub form: FormView,
    /// Who may take the leads over; empty: there are none.
    pub heirs: Vec<Choice>,
}

/// What is left, in sentences.
pub(super) fn sentences(c: &Chrome, left: &Left) -> Vec<String> {
    let mut all = Vec::new();
    let leads = [
        ("account-left-drafts", left.drafts),
        ("account-left-in-review", left.in_review),
        ("account-left-under-way", left.under_way),
    ];
    all.extend(leads.into_iter().filter(|(_, n)| *n > 0).map(|(key, n)| c.tn(key, n)));
    all.extend(left.reviews.map(|n| c.tn("account-left-last-approver", n)));
    all.extend(left.agency.map(|(open, others)| {
        let key = if others == 0 { "account-left-last-liaison" } else { "account-left-liaison" };
        c.ta(key, &[("n", &open.to_string()), ("others", &others.to_string())])
    }));
    if all.is_empty() {
        all.push(c.t("account-left-nothing"));
    }
    all
}
