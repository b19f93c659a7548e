//! What a lead is made from, however it comes in: form, API or file. One set of rules for all of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    str::FromStr,
};

use chrono::NaiveDate;

use super::{
    model::{SenderRole, SiteRole, SourceKind, SubjectKind},
    region::{self, Fault},
};
use crate::{
    directory::reference::charges,
    platform::{
        error::FieldError,
        http::form::Form,
        i18n::Lang,
        money::{Amount, Basis, Fen, Qualifier, Reading},
    },
};

/// The largest amount: the largest integer that JSON keeps exact.
pub const MOST_FEN: i64 = 9_007_199_254_740_991;

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

/// Most of what a lead may name.
const MOST: usize = 500;
/// Most brands of one lead.
const MOST_BRANDS: usize = 100;

/// Names of all fields, `[]` for an index: any other name in JSON or a file is a fault there.
const FIELDS: &[&str] = &[
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
fn without_indexes(name: &str) -> String {
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
    input.subjects = each(form, "subjects", |form, at_index| read_subject(form, &at_index, at, today));
    input.sites = each(form, "sites", |form, at_index| read_site(form, &at_index, at, today));
    input.listings = each(form, "listings", |form, at_index| read_listing(form, &at_index, today));
    input
}

fn facts_date(input: &Input, today: NaiveDate) -> NaiveDate {
    input.occurred_from.or(input.occurred_to).unwrap_or(today)
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
    let region_code = read_region(form, "region", at, today).unwrap_or_default();
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

/// One of the words of `T`, or nothing; a fault for a word that is none.
fn optional_word<T: FromStr>(form: &mut Form, name: &str) -> Option<T> {
    form.value(name, "error-unknown")
}

/// A word that must be there.
fn word<T: FromStr>(form: &mut Form, name: &str) -> Option<T> {
    form.required_value(name, "error-unknown")
}

fn read_region(form: &mut Form, name: &str, at: NaiveDate, today: NaiveDate) -> Option<String> {
    let text = form.text(name, 100);
    if text.is_empty() || form.errors().iter().any(|e| e.field == name) {
        return None;
    }
    // Chinese names mean the same to both readers; the candidates are names, not a text.
    let fault = match region::resolve(&text, at, today, Lang::Zh) {
        Ok(code) => return Some(code),
        Err(Fault::Unknown) => FieldError::new(name, "error-region-unknown"),
        Err(Fault::Date) => FieldError::new(name, "error-region-date"),
        Err(Fault::Ambiguous(choices)) => {
            FieldError::new(name, "error-region-ambiguous").arg("choices", choices.join("、"))
        }
    };
    form.push(fault);
    None
}

/// The estimated value, in fen or as people write amounts, whose words may say how sure it is.
fn read_value(form: &mut Form) -> Option<Amount> {
    const QUALIFIER: &str = "estimated_value.qualifier";
    const BASIS: &str = "estimated_value.basis";
    let (fen, said) = if form.has("estimated_value.fen") {
        (read_fen(form, "estimated_value.fen"), None)
    } else if form.has("estimated_value.amount") {
        let reading = read_amount(form, "estimated_value.amount");
        (reading.map(|r| r.fen), reading.and_then(|r| r.qualifier))
    } else {
        // Nothing that was said is dropped without a word.
        if form.has(QUALIFIER) || form.has(BASIS) {
            form.fault("estimated_value.amount", "error-required");
        }
        return None;
    };
    let qualifier = match said {
        // An amount of which nothing more is said is what the field is called.
        said if !form.has(QUALIFIER) => Some(said.unwrap_or(Qualifier::Estimated)),
        // `超 2 亿` can't be exact: one of both is wrong, and only the writer knows which.
        Some(said) if Qualifier::parse(form.raw(QUALIFIER)).is_some_and(|chosen| chosen != said) => {
            form.fault(QUALIFIER, "error-qualifier-contradicts");
            None
        }
        _ => required_word(form, QUALIFIER, Qualifier::parse),
    };
    let basis = required_word(form, BASIS, basis_of);
    Some(Amount { fen: fen?, qualifier: qualifier?, basis: basis? })
}

/// A basis by its word, or by the shorter one that is taken too.
fn basis_of(word: &str) -> Option<Basis> {
    match word {
        "court" => Some(Basis::CourtDetermined),
        other => Basis::parse(other),
    }
}

fn required_word<T>(form: &mut Form, name: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    let raw = form.raw(name);
    let fault = if raw.is_empty() { "error-required" } else { "error-unknown" };
    let found = read(raw);
    if found.is_none() {
        form.fault(name, fault);
    }
    found
}

/// Whole fen, not negative.
fn read_fen(form: &mut Form, name: &str) -> Option<Fen> {
    let fen: i64 = form.value(name, "error-not-a-number")?;
    if fen < 0 {
        form.fault(name, "error-not-negative");
        return None;
    }
    if fen > MOST_FEN {
        form.push(FieldError::new(name, "error-too-large").arg("max", MOST_FEN));
        return None;
    }
    Some(Fen(fen))
}

/// An amount as people write it, e.g. `128.5万元`.
fn read_amount(form: &mut Form, name: &str) -> Option<Reading> {
    let text = form.raw(name).to_owned();
    if text.is_empty() {
        return None;
    }
    let fault = match Reading::parse(&text) {
        _ if text.starts_with(['-', '−', '－']) => "error-not-negative",
        Ok(reading) if reading.fen.0 <= MOST_FEN => return Some(reading),
        Ok(_) => "error-money-too-large",
        Err(e) => e.key(),
    };
    form.fault(name, fault);
    None
}

/// `source` as a word, as words of one's own, or as `source.kind` with `source.note`.
fn read_source(form: &mut Form) -> (SourceKind, String) {
    if form.has("source") {
        let text = form.text("source", 1_000);
        return match text.parse() {
            Ok(kind) => (kind, String::new()),
            Err(_) => (SourceKind::Other, text),
        };
    }
    let kind = optional_word(form, "source.kind").unwrap_or(SourceKind::Other);
    (kind, form.text("source.note", 1_000))
}

/// Values of a list of plain values, each with the name under which its fault is shown.
fn listed(form: &mut Form, name: &str) -> Vec<(String, String)> {
    let mut values: Vec<(String, String)> =
        form.all(name).into_iter().map(|value| (name.to_owned(), value)).collect();
    for index in indexes(form, name) {
        let field = format!("{name}[{index}]");
        let value = if form.has(&field) { form.raw(&field) } else { form.raw(&format!("{field}.name")) };
        values.push((field, value.to_owned()));
    }
    if values.len() > MOST {
        form.push(FieldError::new(name, "error-too-many").arg("max", MOST));
        values.truncate(MOST);
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

/// Names of brands, each once; one field may hold several, apart by a comma or a line.
pub fn read_brands(form: &mut Form) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (field, value) in listed(form, "brands") {
        for name in value.split(['、', ',', '，', ';', '；', '\n']).map(str::trim).filter(|n| !n.is_empty())
        {
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
fn read_rights_holders(form: &mut Form) -> BTreeMap<String, String> {
    let mut holders = BTreeMap::new();
    for index in indexes(form, "brands").into_iter().take(MOST_BRANDS) {
        let name = form.raw(&format!("brands[{index}].name")).trim().to_owned();
        let owner = form.text(&format!("brands[{index}].owner"), 200);
        if !owner.is_empty() {
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

/// Reads the members of a list of objects; a faulty one leaves its faults in the form.
fn each<T>(form: &mut Form, list: &str, read: impl Fn(&mut Form, String) -> Option<T>) -> Vec<T> {
    let indexes = indexes(form, list);
    if indexes.len() > MOST {
        form.push(FieldError::new(list, "error-too-many").arg("max", MOST));
        return Vec::new();
    }
    indexes.into_iter().filter_map(|index| read(form, format!("{list}[{index}]."))).collect()
}

/// Reads a subject whose fields' names begin with `prefix`.
pub fn read_subject(form: &mut Form, prefix: &str, at: NaiveDate, today: NaiveDate) -> Option<SubjectInput> {
    let field = |name: &str| format!("{prefix}{name}");
    let kind: Option<SubjectKind> = word(form, &field("kind"));
    let identifier = form.text(&field("identifier"), 200);
    let speaks_for_itself =
        matches!(kind, Some(SubjectKind::Account | SubjectKind::Phone | SubjectKind::Vehicle));
    let name = if speaks_for_itself && !identifier.is_empty() && !form.has(&field("name")) {
        identifier.clone()
    } else {
        form.required(&field("name"), 200)
    };
    let region_code = read_region(form, &field("region"), at, today);
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
    let region_code = read_region(form, &field("region"), at, today);
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
        read_fen(form, &field("price_fen")).map(|fen| fen.0)
    } else {
        read_amount(form, &field("price")).map(|reading| reading.fen.0)
    };
    let sold: Option<i64> = form.value(&field("sold"), "error-not-a-number");
    if sold.is_some_and(|n| n < 0) {
        form.fault(field("sold"), "error-not-negative");
    }
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
