//! What the forms of cases share.

use super::{actions::Details, store::CaseRow};
use crate::{
    handover::transfer::pages::Field,
    platform::{
        http::{form::Form, view::Link},
        i18n::{self, Lang},
        paths,
    },
};

/// A line of text.
pub(super) const LINE: fn(&'static str, &'static str, bool) -> Field =
    |name, hint, need| Field::Line { name, hint, need };

/// The way to a case's page.
pub(super) fn trail(lang: Lang, case: &CaseRow) -> Vec<Link> {
    let name = if case.number.is_empty() { case.title.clone() } else { case.number.clone() };
    vec![Link::new(i18n::t(lang, "nav-cases"), paths::CASES), Link::new(name, paths::case(case.id))]
}

/// What the agency calls its case.
pub(super) fn details(form: &mut Form) -> Details {
    Details {
        number: form.text("number", 100),
        title: form.text("title", 200),
        officer: form.text("officer", 100),
    }
}
