//! What a lead names: charges, brands, subjects, sites and offers, one or a list of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use super::{
    super::{
        model::{SiteRole, SubjectKind, subject_key},
        region,
    },
    ListingInput, SiteInput, SubjectInput,
    values::{read_fen, read_price, word},
};
use crate::{
    directory::reference::charges,
    platform::{error::FieldError, http::form::Form, id_number},
};

/// Most of what a lead may name.
pub const MOST_NAMED: usize = 500;
/// Most that a page may say were sold.
pub const MOST_SOLD: i64 = 1_000_000_000_000;
/// Most brands of one lead.
pub const MOST_BRANDS: usize = 100;

/// Values of a list of plain values, each with the name under which its fault is shown.
fn listed(form: &mut Form, name: &str) -> Vec<(String, String)> {
    let mut values: Vec<(String, String)> =
        form.all(name).into_iter().map(|value| (name.to_owned(), value)).collect();
    for index in indexes(form, name) {
        let field = format!("{name}[{index}]");
        let value = if form.has(&field) { form.raw(&field) } else { form.raw(&format!("{field}.name")) };
        values.push((field, value.to_owned()));
    }
    if values.len() > MOST_NAMED {
        form.push(FieldError::new(name, "error-too-many").arg("max", MOST_NAMED));
        values.truncate(MOST_NAMED);
    }
    values
}

/// Codes of charges that stood at the time of the facts, each once.
pub fn read_charges(form: &mut Form, at: NaiveDate, today: NaiveDate) -> Vec<String> {
    let mut codes = Vec::new();
    let named = listed(form, "charges");
    // A column of a table may hold several.
    let each = named.iter().flat_map(|(field, value)| {
        let codes =
            value.split([';', '；', ',', '，', '、', '\n']).map(str::trim).filter(|code| !code.is_empty());
        codes.map(move |code| (field, code.chars().take(40).collect::<String>()))
    });
    for (field, code) in each {
        if charges().at(&code, at).or_else(|| charges().at(&code, today)).is_none() {
            let is_known = charges().all().iter().any(|charge| charge.code == code);
            form.fault(field.as_str(), if is_known { "error-charge-date" } else { "error-charge-unknown" });
        } else if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
}

/// The brands that one field names.
pub fn brand_names(value: &str) -> impl Iterator<Item = &str> {
    value.split(['、', ',', '，', ';', '；', '\n']).map(str::trim).filter(|name| !name.is_empty())
}

/// Names of brands, each once; one field may hold several, apart by a comma or a line.
pub fn read_brands(form: &mut Form) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (field, value) in listed(form, "brands") {
        for name in brand_names(&value) {
            let mut one = Form::from_pairs(vec![(field.clone(), name.to_owned())]);
            let name = one.text(&field, 100);
            one.errors().iter().for_each(|e| form.push(e.clone()));
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    if names.len() > MOST_BRANDS {
        form.push(FieldError::new("brands", "error-too-many").arg("max", MOST_BRANDS));
        names.clear();
    }
    names
}

/// Who holds the rights of which brand; only where a brand has fields of its own (`brands[0].owner`).
pub(super) fn read_rights_holders(form: &mut Form) -> BTreeMap<String, String> {
    let mut holders = BTreeMap::new();
    for index in indexes(form, "brands").into_iter().take(MOST_BRANDS) {
        let name = form.raw(&format!("brands[{index}].name")).trim().to_owned();
        let field = format!("brands[{index}].owner");
        let owner = form.text(&field, 200);
        if owner.is_empty() {
            continue;
        }
        // One holder beside several names: whose rights are meant is not to be guessed, nor dropped.
        if brand_names(&name).count() > 1 {
            form.fault(field, "error-rights-holder-of-several");
        } else if holders.get(&name).is_some_and(|known| *known != owner) {
            form.fault(field, "error-rights-holder-differs");
        } else {
            holders.insert(name, owner);
        }
    }
    holders
}

/// The indexes that stand behind a list's name, in order.
fn indexes(form: &Form, list: &str) -> Vec<usize> {
    let found: BTreeSet<usize> = form
        .names()
        .filter_map(|name| name.strip_prefix(list)?.strip_prefix('[')?.split_once(']')?.0.parse().ok())
        .collect();
    found.into_iter().collect()
}

/// The index in the prefix of a member's fields: where it stands in what was sent, though faulty ones before it are left out.
fn place(prefix: &str) -> Option<usize> {
    prefix.split_once('[')?.1.split_once(']')?.0.parse().ok()
}

/// Reads the members of a list of objects; a faulty one leaves its faults in the form.
pub(super) fn each<T>(form: &mut Form, list: &str, read: impl Fn(&mut Form, String) -> Option<T>) -> Vec<T> {
    let indexes = indexes(form, list);
    if indexes.len() > MOST_NAMED {
        form.push(FieldError::new(list, "error-too-many").arg("max", MOST_NAMED));
        return Vec::new();
    }
    indexes.into_iter().filter_map(|index| read(form, format!("{list}[{index}]."))).collect()
}

/// Reads subjects, of which a lead names each once: what is said of one in two places is refused, instead of the one being
/// lost for the other.
pub(super) fn read_subjects(form: &mut Form, at: NaiveDate, today: NaiveDate) -> Vec<SubjectInput> {
    let read = each(form, "subjects", |form, prefix| {
        let subject = read_subject(form, &prefix, at, today)?;
        Some((subject, prefix))
    });
    let mut known: HashMap<(&str, String), usize> = HashMap::new();
    for (n, (subject, prefix)) in read.iter().enumerate() {
        let key = subject_key(subject.kind, &subject.name, &subject.identifier);
        let before = if key.is_empty() {
            read[..n].iter().position(|(other, _)| other == subject)
        } else {
            known.insert((subject.kind.as_str(), key), n)
        };
        if let Some(before) = before {
            let field = format!("{prefix}{}", subject.told_apart_by());
            let earlier = place(&read[before].1).unwrap_or(before);
            form.push(FieldError::new(field, "error-subject-twice").arg("n", earlier + 1));
        }
    }
    read.into_iter().map(|(subject, _)| subject).collect()
}

/// Reads a subject whose fields' names begin with `prefix`.
pub fn read_subject(form: &mut Form, prefix: &str, at: NaiveDate, today: NaiveDate) -> Option<SubjectInput> {
    let field = |name: &str| format!("{prefix}{name}");
    let kind: Option<SubjectKind> = word(form, &field("kind"));
    let identifier = form.text(&field("identifier"), 200);
    let fault = match kind {
        Some(SubjectKind::Person) => id_number::fault_of_person(&identifier, today),
        Some(SubjectKind::Company) => id_number::fault_of_company(&identifier, today),
        _ => None,
    };
    if let Some(code) = fault {
        form.fault(field("identifier"), code);
    }
    let speaks_for_itself =
        matches!(kind, Some(SubjectKind::Account | SubjectKind::Phone | SubjectKind::Vehicle));
    let name = if speaks_for_itself && !identifier.is_empty() && !form.has(&field("name")) {
        identifier.clone()
    } else {
        form.required(&field("name"), 200)
    };
    let region_code = region::read(form, &field("region"), at, today);
    let part = form.text(&field("part"), 200);
    let note = form.text(&field("note"), 2_000);
    Some(SubjectInput { kind: kind?, name, identifier, region_code, note, part })
}

/// Reads a site whose fields' names begin with `prefix`.
pub fn read_site(form: &mut Form, prefix: &str, at: NaiveDate, today: NaiveDate) -> Option<SiteInput> {
    let field = |name: &str| format!("{prefix}{name}");
    let address = form.required(&field("address"), 300);
    if !form.has(&field("region")) {
        form.fault(field("region"), "error-required");
    }
    let region_code = region::read(form, &field("region"), at, today);
    let role: Option<SiteRole> = word(form, &field("role"));
    let note = form.text(&field("note"), 2_000);
    Some(SiteInput { address, region_code: region_code?, role: role?, note })
}

/// Reads an offer whose fields' names begin with `prefix`; in JSON a plain address will do.
pub fn read_listing(form: &mut Form, prefix: &str, today: NaiveDate) -> Option<ListingInput> {
    let bare = prefix.trim_end_matches('.').to_owned();
    let field = |name: &str| format!("{prefix}{name}");
    let url_field = if !bare.is_empty() && form.has(&bare) { bare } else { field("url") };
    let url = form.required(&url_field, 2_000);
    let is_link = url::Url::parse(&url).is_ok_and(|u| matches!(u.scheme(), "http" | "https"));
    if !url.is_empty() && !is_link {
        form.fault(url_field, "error-not-a-link");
    }
    let price_fen = if form.has(&field("price_fen")) {
        read_fen(form, &field("price_fen"))
    } else {
        read_price(form, &field("price"))
    };
    let price_fen = price_fen.map(|fen| fen.0);
    let sold = form.whole(&field("sold"), MOST_SOLD);
    let seen_on = form.date(&field("seen_on"));
    if seen_on.is_some_and(|day| day > today) {
        form.fault(field("seen_on"), "error-date-future");
    }
    Some(ListingInput {
        url,
        title: form.text(&field("title"), 300),
        item_number: form.text(&field("item_number"), 100),
        shop: form.text(&field("shop"), 200),
        price_fen,
        sold,
        seen_on,
    })
}
