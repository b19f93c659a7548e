//! The filters of the list in words: the form as it was typed, and each filter that is in force with the address without
//! it.

use chrono::NaiveDate;

use super::{
    list::{Filter, Waits},
    model::unit_name,
    sort::{By, Sort},
};
use crate::{
    directory::{
        agencies::{asked, search::Found as Agency},
        reference::{agency_types, asked as asked_by, charges},
    },
    platform::{
        http::{form_view::FormView, layout::Chrome, link::Query, list_head::Active, view::ActiveFilter},
        i18n::Lang,
    },
};

/// The fields of the filter; everything else of an address came by a link.
pub const FIELDS: [&str; 6] = ["year", "kind", "agency", "region", "charge", "synthetic"];

/// What the list is sorted by, in words.
pub fn sorted_by(c: &Chrome, sort: Sort) -> String {
    let label = match sort.by {
        By::Date => "outcome-col-date",
        By::Amount => "outcome-content",
        By::Entry => "outcome-col-entered",
    };
    c.tv(if sort.descending { "list-falling" } else { "list-rising" }, "by", c.t(label))
}

/// What the filter's values are called.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// The agency that is asked for.
    pub agency: Option<Agency>,
    /// Number of the case that is asked for, its title before it has one; `None`: none, or none for this reader.
    pub case: Option<String>,
}

/// The filter as typed; what was understood stands there by its name.
pub fn filter_form(filter: &Filter, query: &Query, names: &Names, lang: Lang, today: NaiveDate) -> FormView {
    let form = FormView::filter("outcome-field-", query.pairs(), &filter.faults);
    let form = asked_by::in_words(form, &filter.region, &filter.charge, day_of(filter, today), lang);
    asked::in_words(form, names.agency.as_ref(), lang)
}

/// A day of the year that is asked for: names are those of then.
fn day_of(filter: &Filter, today: NaiveDate) -> NaiveDate {
    filter.year.and_then(|year| NaiveDate::from_ymd_opt(year, 6, 30)).unwrap_or(today)
}

/// The filters in force, each with the address without it.
pub fn active(
    c: &Chrome,
    filter: &Filter,
    query: &Query,
    names: &Names,
    today: NaiveDate,
) -> Vec<ActiveFilter> {
    let mut active = Active::of(query);
    if let Some(year) = filter.year {
        active.add("year", c.t("outcome-field-year"), year.to_string());
    }
    if let Some(month) = filter.month {
        active.add("month", c.t("outcome-field-month"), month.to_string());
    }
    if let Some(kind) = filter.kind {
        active.add("kind", c.t("outcome-field-kind"), c.t(kind.key()));
    }
    if let Some(state) = filter.state {
        active.add("state", c.t("state"), c.t(state.key()));
    }
    if filter.agency.is_some() {
        active.add("agency", c.t("agency"), asked::word(names.agency.as_ref(), c.language));
    }
    if !filter.agency_type.is_empty() {
        let kind = agency_types().get(&filter.agency_type);
        let name = kind.map_or(filter.agency_type.as_str(), |kind| kind.name(c.language)).to_owned();
        active.add("agency_type", c.t("outcome-field-agency-type"), name);
    }
    if !filter.region.is_empty() {
        let word = asked_by::region_word(&filter.region, day_of(filter, today), c.language);
        active.add("region", c.t("region"), word);
    }
    if !filter.charge.is_empty() {
        let name = charges().name(&filter.charge, day_of(filter, today), c.language).to_owned();
        active.add("charge", c.t("outcome-field-charge"), name);
    }
    if filter.case.is_some() {
        let name = names.case.clone().unwrap_or_else(|| c.t("outcome-one-case"));
        active.add("case", c.t("outcome-field-case"), name);
    }
    if filter.operation.is_some() {
        active.add("operation", c.t("nav-operations"), c.t("outcome-one-operation"));
    }
    if let Some(synthetic) = filter.synthetic {
        active.add("synthetic", c.t("synthetic"), c.t(if synthetic { "yes" } else { "no" }));
    }
    match filter.waits {
        None => {}
        Some(Waits::ToDecide) => active.add("waits", c.t("outcome-field-waits"), c.t("yes")),
        Some(Waits::OnOwnLeads) => active.add("waits", c.t("home-own-outcomes"), c.t("yes")),
        Some(Waits::Rejected) => active.add("waits", c.t("home-rejected-outcomes"), c.t("yes")),
    }
    if filter.counted {
        active.add("counted", c.t("outcome-counted-only"), c.t("yes"));
    }
    if filter.merged {
        active.add("merged", c.t("outcome-merged-only"), c.t("yes"));
    }
    if let Some(basis) = filter.basis {
        active.add("basis", c.t("outcome-field-basis"), c.t(basis.key()));
    }
    if let Some(unit) = &filter.unit {
        let name = if unit.is_empty() { c.t("unknown") } else { unit_name(unit, c.language).to_owned() };
        active.add("unit", c.t("outcome-field-unit"), name);
    }
    if let Some(size) = filter.as_at {
        active.add("log_size", c.t("outcome-log-size"), size.to_string());
    }
    active.done()
}
