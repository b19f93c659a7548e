//! What a lead is made from, however it comes in: form, API or file. One set of rules for all of them.

mod named;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

pub use named::{
    MOST_BRANDS, MOST_NAMED, MOST_SOLD, brand_names, read_brands, read_charges, read_listing, read_site,
    read_subject,
};

use self::{
    named::{each, read_rights_holders, read_subjects},
    values::{optional_word, read_source, read_value},
};
use super::{
    model::{SenderRole, SiteRole, SourceKind, SubjectKind, subject_key},
    region,
};
use crate::platform::{
    error::FieldError,
    http::{form::Form, form_view::FormView},
    money::Amount,
};

/// The largest amount: the largest integer that JSON keeps exact.
pub const MOST_FEN: i64 = crate::platform::money::MOST_FEN;

/// A lead as somebody hands it in, checked.
#[derive(Clone, Debug)]
pub struct Input {
    pub title: String,
    pub summary: String,
    /// Empty while a draft has none.
    pub region_code: String,
    pub occurred_from: Option<NaiveDate>,
    pub occurred_to: Option<NaiveDate>,
    pub value: Option<Amount>,
    pub source_kind: SourceKind,
    pub source_note: String,
    pub sender_role: SenderRole,
    /// Codes, each once.
    pub charges: Vec<String>,
    /// Names, each once.
    pub brands: Vec<String>,
    /// Rights holders by the names of their brands, where they are known.
    pub rights_holders: BTreeMap<String, String>,
    pub subjects: Vec<SubjectInput>,
    pub sites: Vec<SiteInput>,
    pub listings: Vec<ListingInput>,
    /// Made up, for the demo and for load tests; never set by a form or the API.
    pub synthetic: bool,
    /// Source line of a published fact; never set by a form or the API.
    pub public_source: String,
}

impl Default for Input {
    fn default() -> Self {
        Self {
            title: String::new(),
            summary: String::new(),
            region_code: String::new(),
            occurred_from: None,
            occurred_to: None,
            value: None,
            source_kind: SourceKind::Other,
            source_note: String::new(),
            sender_role: SenderRole::Reporter,
            charges: Vec::new(),
            brands: Vec::new(),
            rights_holders: BTreeMap::new(),
            subjects: Vec::new(),
            sites: Vec::new(),
            listings: Vec::new(),
            synthetic: false,
            public_source: String::new(),
        }
    }
}

/// A subject as a lead names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectInput {
    pub kind: SubjectKind,
    pub name: String,
    pub identifier: String,
    pub region_code: Option<String>,
    pub note: String,
    pub part: String,
}

impl SubjectInput {
    /// By which of its fields it is told from others.
    pub fn told_apart_by(&self) -> &'static str {
        if subject_key(self.kind, "", &self.identifier).is_empty() { "name" } else { "identifier" }
    }
}

/// A site as a lead names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteInput {
    pub address: String,
    pub region_code: String,
    pub role: SiteRole,
    pub note: String,
}

/// An offer as a lead names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListingInput {
    pub url: String,
    pub title: String,
    pub item_number: String,
    pub shop: String,
    pub price_fen: Option<i64>,
    pub sold: Option<i64>,
    pub seen_on: Option<NaiveDate>,
}

/// Names of all fields, `[]` for an index: any other name in JSON or a file is a fault there.
pub(super) const FIELDS: &[&str] = &[
    "title",
    "summary",
    "region",
    "occurred_from",
    "occurred_to",
    "estimated_value.fen",
    "estimated_value.amount",
    "estimated_value.qualifier",
    "estimated_value.basis",
    "source",
    "source.kind",
    "source.note",
    "sender_role",
    "charges",
    "charges[]",
    "brands",
    "brands[]",
    "brands[].name",
    "brands[].owner",
    "subjects[].kind",
    "subjects[].name",
    "subjects[].identifier",
    "subjects[].region",
    "subjects[].part",
    "subjects[].note",
    "sites[].address",
    "sites[].region",
    "sites[].role",
    "sites[].note",
    "listings[]",
    "listings[].url",
    "listings[].title",
    "listings[].item_number",
    "listings[].shop",
    "listings[].price_fen",
    "listings[].price",
    "listings[].sold",
    "listings[].seen_on",
];

/// Notes a fault for every field that there is not: a misspelt name must not lose what it holds.
pub fn refuse_unknown_fields(form: &mut Form) {
    let names: BTreeSet<String> = form.pairs().into_iter().map(|(name, _)| name).collect();
    for name in names {
        if !FIELDS.contains(&without_indexes(&name).as_str()) {
            form.fault(name.chars().take(100).collect::<String>(), "error-unknown-field");
        }
    }
}

/// `sites[0].region` → `sites[].region`.
pub(super) fn without_indexes(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut inside = false;
    for ch in name.chars() {
        match ch {
            '[' => inside = true,
            ']' => inside = false,
            c if inside && c.is_ascii_digit() => continue,
            _ => {}
        }
        plain.push(ch);
    }
    plain
}

/// Reads and checks a whole lead. Faults stay in the form; `form.check()` tells whether there are any. `today` is the
/// day in the configured zone.
pub fn read(form: &mut Form, today: NaiveDate) -> Input {
    let mut input = read_fields(form, today);
    let at = facts_date(&input, today);
    input.charges = read_charges(form, at, today);
    input.brands = read_brands(form);
    input.rights_holders = read_rights_holders(form);
    input.subjects = read_subjects(form, at, today);
    input.sites = each(form, "sites", |form, at_index| read_site(form, &at_index, at, today));
    input.listings = each(form, "listings", |form, at_index| read_listing(form, &at_index, today));
    input
}

fn facts_date(input: &Input, today: NaiveDate) -> NaiveDate {
    input.occurred_from.or(input.occurred_to).unwrap_or(today)
}

/// What of the lead's own fields as they stand in a form can't be read, or lacks what it means nothing without. What is
/// merely not there yet is no fault.
pub fn unread(view: &FormView, today: NaiveDate) -> Vec<FieldError> {
    let mut form = Form::from_pairs(view.pairs());
    read_fields(&mut form, today);
    let is_to_come = |fault: &FieldError| {
        matches!(fault.code, "error-required" | "error-choose")
            && !fault.field.starts_with("estimated_value.")
    };
    form.errors().iter().filter(|fault| !is_to_come(fault)).cloned().collect()
}

/// Notes a fault where a form does not say where the lead comes from, or as what we send it: a choice that a form made by
/// itself would be believed. Files and programs may leave them out.
pub fn require_said(form: &mut Form) {
    for name in ["source.kind", "sender_role"] {
        if !form.has(name) {
            form.fault(name, "error-choose");
        }
    }
}

/// Reads and checks the lead's own fields, without what it names.
pub fn read_fields(form: &mut Form, today: NaiveDate) -> Input {
    let title = form.required("title", 200);
    let summary = form.text("summary", 20_000);
    let occurred_from = form.date("occurred_from");
    let occurred_to = form.date("occurred_to");
    for (name, day) in [("occurred_from", occurred_from), ("occurred_to", occurred_to)] {
        if day.is_some_and(|day| day > today) {
            form.fault(name, "error-date-future");
        }
    }
    if let (Some(from), Some(to)) = (occurred_from, occurred_to)
        && to < from
    {
        form.fault("occurred_to", "error-date-order");
    }
    let at = occurred_from.or(occurred_to).unwrap_or(today);
    let region_code = region::read(form, "region", at, today).unwrap_or_default();
    let value = read_value(form);
    let (source_kind, source_note) = read_source(form);
    let sender_role = optional_word(form, "sender_role").unwrap_or(SenderRole::Reporter);
    Input {
        title,
        summary,
        region_code,
        occurred_from,
        occurred_to,
        value,
        source_kind,
        source_note,
        sender_role,
        ..Input::default()
    }
}
