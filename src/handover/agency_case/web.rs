//! What the forms of cases share.

use chrono::NaiveDate;

use super::{actions::Details, store::CaseRow};
use crate::{
    handover::transfer::{pages::Field, web::today},
    platform::{
        http::{form::Form, view::Link},
        i18n::{self, Lang},
        paths,
        services::Services,
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

/// A day that must be there and must have come.
pub(super) fn past_day(form: &mut Form, name: &'static str, services: &Services) -> Option<NaiveDate> {
    let day = form.required_date(name);
    if day.is_some_and(|day| day > today(services)) {
        form.fault(name, "error-date-future");
    }
    day
}
