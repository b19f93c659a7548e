//! What a proposal is made from: the form's fields, checked one by one, faults collected.

use chrono::{Datelike, NaiveDate};

use super::model::{self, Kind, OTHER_LAW};
use crate::{
    casework::lead::region as regions,
    directory::reference::charges,
    platform::{
        db::Id,
        error::Result,
        http::Form,
        id_number,
        money::{Amount, Basis, Qualifier, Reading},
    },
};

/// A person or site that the case's leads do not name yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewIdentity {
    /// Named by role (主犯、仓管员), with an identifier where one is known.
    Person {
        name: String,
        identifier: String,
    },
    Site {
        address: String,
    },
}

/// An entry as somebody hands it in, checked.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub kind: Kind,
    pub happened_on: NaiveDate,
    /// Place of the event.
    pub region_code: String,
    /// Subjects or sites of the case's leads.
    pub identities: Vec<Id>,
    pub new_identities: Vec<NewIdentity>,
    pub amount: Option<Amount>,
    /// How much, and in which unit.
    pub quantity: Option<(i64, String)>,
    pub rests: Rests,
    /// Name and number of the paper, or of the file.
    pub source_title: String,
    /// Where the source can be read.
    pub source_url: String,
    /// By which law, where the kind needs one.
    pub legal: Option<Legal>,
}

/// What an entry is said to rest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rests {
    /// A file that comes with it.
    OnFile,
    /// A paper, by its name and number.
    OnPaper,
    /// What the entry rests on whose place it takes; or a file that comes with it.
    AsBefore,
}

/// A legal basis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Legal {
    /// On file, by its code.
    Code(String),
    /// Law and article as written.
    Other(String),
}

/// Reads the form of a new entry. `today`: in the configured zone.
///
/// # Errors
/// `Invalid` with every fault.
pub fn read(form: &mut Form, today: NaiveDate) -> Result<Proposal> {
    read_with(form, today, &["file", "paper"])
}

/// Reads the form of an entry that takes another one's place: it may rest on the same.
///
/// # Errors
/// `Invalid` with every fault.
pub fn read_instead(form: &mut Form, today: NaiveDate) -> Result<Proposal> {
    read_with(form, today, &["file", "paper", SAME])
}

/// The word for what the corrected entry rests on.
pub const SAME: &str = "same";

fn read_with(form: &mut Form, today: NaiveDate, sources: &[&'static str]) -> Result<Proposal> {
    let kind: Option<Kind> = form.choice("kind", Kind::WORDS).and_then(|word| word.parse().ok());
    let happened_on = form.required_date("happened_on");
    if happened_on.is_some_and(|day| day > today) {
        form.fault("happened_on", "error-date-future");
    }
    if happened_on.is_some_and(|day| day.year() < 1990) {
        form.fault("happened_on", "error-outcome-too-early");
    }
    let region_code = read_region(form, happened_on.unwrap_or(today));
    let (identities, new_identities) = read_identities(form, kind, today);
    let amount = read_amount(form, kind);
    let quantity = read_quantity(form, kind);
    let legal = read_legal(form, kind, happened_on);
    let rests = match form.choice("source_kind", sources) {
        Some("file") => Rests::OnFile,
        Some(SAME) => Rests::AsBefore,
        _ => Rests::OnPaper,
    };
    let source_title = form.required("source_title", 300);
    let source_url = form.text("source_url", 500);
    if !source_url.is_empty() && !source_url.starts_with("https://") && !source_url.starts_with("http://") {
        form.fault("source_url", "error-not-a-link");
    }
    form.check()?;
    let (Some(kind), Some(happened_on), Some(region_code)) = (kind, happened_on, region_code) else {
        return Err(crate::platform::error::AppError::field("kind", "error-required"));
    };
    Ok(Proposal {
        kind,
        happened_on,
        region_code,
        identities,
        new_identities,
        amount,
        quantity,
        rests,
        source_title,
        source_url,
        legal,
    })
}

fn read_region(form: &mut Form, day: NaiveDate) -> Option<String> {
    if !form.has("region") && !form.seeks("region") {
        form.fault("region", "error-required");
        return None;
    }
    regions::read(form, "region", day, day)
}

/// How many lines for new persons or sites a form offers.
pub const NEW_LINES: usize = 3;

fn read_identities(form: &mut Form, kind: Option<Kind>, today: NaiveDate) -> (Vec<Id>, Vec<NewIdentity>) {
    let Some(kind) = kind else { return Default::default() };
    let sites = kind.names() == super::model::IdentityKind::Site;
    let mut picked = form.ids(if sites { "site" } else { "subject" });
    picked.sort_unstable();
    picked.dedup();
    let mut new = Vec::new();
    for n in 0..NEW_LINES {
        if sites {
            let address = form.text(&format!("new_site_{n}"), 300);
            if !address.is_empty() {
                new.push(NewIdentity::Site { address });
            }
        } else {
            let name = form.text(&format!("new_person_{n}"), 100);
            let identifier = form.text(&format!("new_person_id_{n}"), 100);
            // A company is fined too, and one may be entered here.
            let is_companys =
                || !kind.names_people_alone() && id_number::fault_of_company(&identifier, today).is_none();
            if let Some(code) = id_number::fault_of_person(&identifier, today).filter(|_| !is_companys()) {
                form.fault(format!("new_person_id_{n}"), code);
            }
            if !name.is_empty() {
                new.push(NewIdentity::Person { name, identifier });
            } else if !identifier.is_empty() {
                form.fault(format!("new_person_{n}"), "error-required");
            }
        }
    }
    if kind.needs_identity() && picked.is_empty() && new.is_empty() {
        form.fault(if sites { "site" } else { "subject" }, "error-choose-many");
    }
    (picked, new)
}

fn read_amount(form: &mut Form, kind: Option<Kind>) -> Option<Amount> {
    let kind = kind.filter(|k| k.takes_amount())?;
    let raw = form.raw("amount").to_owned();
    if raw.is_empty() {
        if kind.needs_amount() {
            form.fault("amount", "error-required");
        }
        return None;
    }
    if raw.trim_start().starts_with(['-', '−', '－']) {
        form.fault("amount", "error-not-negative");
        return None;
    }
    let reading = match Reading::parse(&raw) {
        Ok(reading) => reading,
        Err(e) => {
            form.fault("amount", e.key());
            return None;
        }
    };
    if reading.fen.0 <= 0 {
        form.fault("amount", "error-not-zero");
    }
    let chosen = Qualifier::parse(form.raw("qualifier"));
    // `超 2 亿` can't be exact: one of both is wrong, and only the writer knows which.
    if chosen.zip(reading.qualifier).is_some_and(|(chosen, said)| chosen != said) {
        form.fault("qualifier", "error-qualifier-contradicts");
    }
    let qualifier = reading.qualifier.or(chosen).unwrap_or_default();
    let basis = match Basis::parse(form.raw("basis")) {
        Some(basis) => basis,
        None if kind == Kind::CaseValue => {
            form.fault("basis", "error-choose");
            return None;
        }
        None => default_basis(kind),
    };
    Some(Amount { fen: reading.fen, qualifier, basis })
}

/// What an amount is taken to be where the form does not ask: the value of goods seized; a fine by its decision.
fn default_basis(kind: Kind) -> Basis {
    match kind {
        Kind::GoodsSeized => Basis::Appraised,
        Kind::Judgment => Basis::CourtDetermined,
        _ => Basis::Announced,
    }
}

/// The law by which a penalty was imposed: one on file that held on the day, or another that is written out.
fn read_legal(form: &mut Form, kind: Option<Kind>, day: Option<NaiveDate>) -> Option<Legal> {
    kind.filter(|k| k.needs_legal_basis())?;
    let code = form.chosen("legal", 40);
    if code == OTHER_LAW {
        return Some(Legal::Other(form.required("legal_text", 200)));
    }
    let known = charges().all().iter().any(|law| law.code == code && model::is_ground_for_penalty(law));
    if !code.is_empty() && !known {
        form.fault("legal", "error-unknown");
    } else if !code.is_empty() && day.is_some_and(|day| charges().at(&code, day).is_none()) {
        form.fault("legal", "error-legal-not-in-force");
    }
    Some(Legal::Code(code))
}

fn read_quantity(form: &mut Form, kind: Option<Kind>) -> Option<(i64, String)> {
    kind.filter(|k| k.takes_quantity())?;
    let text = form.required("quantity", 30);
    let unit = form.required("unit", 20);
    let known = model::unit(&unit);
    if !unit.is_empty() && known.is_none() {
        form.fault("unit", "error-outcome-unit");
    }
    if text.is_empty() {
        return None;
    }
    // A part of a unit is a whole number of a smaller one.
    if text.contains(['.', '．']) {
        form.fault("quantity", "error-outcome-quantity-part");
        return None;
    }
    let number = form.whole("quantity", 1_000_000_000_000)?;
    if number == 0 {
        form.fault("quantity", "error-not-zero");
    }
    Some((number, known?.to_owned()))
}

#[cfg(test)]
#[path = "input_tests.rs"]
mod tests;
