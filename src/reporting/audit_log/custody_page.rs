//! The form that asks for the custody sheet of a person.

use askama::Template;

use super::custody::FORM;
use crate::platform::{
    error::FieldError,
    http::{form_view::FormView, layout::Chrome, link::Query, view::Link},
    paths,
};

/// The page.
#[derive(Template)]
#[template(path = "reporting/audit_custody.html")]
pub struct CustodyPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub form: FormView,
    /// Where the sheet is fetched as PDF, and as CSV.
    pub pdf: String,
    pub csv: String,
}

impl CustodyPage {
    /// The form with what stands in the address, and with what of that was not understood.
    pub fn new(c: Chrome, query: &Query, faults: Vec<FieldError>) -> Self {
        let typed = ["person", "from", "to"].map(|name| (name, query.get(name)));
        Self {
            trail: vec![Link::new(c.t("nav-audit"), paths::AUDIT)],
            form: FormView::new("custody-field-").typed(typed).with_errors(faults),
            pdf: format!("{FORM}.pdf"),
            csv: format!("{FORM}.csv"),
            c,
        }
    }
}
