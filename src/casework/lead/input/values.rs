//! Single values of a lead as people hand them in: words, amounts, the source.

use std::str::FromStr;

use super::{super::model::SourceKind, MOST_FEN};
use crate::platform::{
    error::FieldError,
    http::form::Form,
    money::{Amount, Basis, Fen, Qualifier, Reading},
};

/// One of the words of `T`, or nothing; a fault for a word that is none.
pub(super) fn optional_word<T: FromStr>(form: &mut Form, name: &str) -> Option<T> {
    form.value(name, "error-unknown")
}

/// A word that must be there.
pub(super) fn word<T: FromStr>(form: &mut Form, name: &str) -> Option<T> {
    form.required_value(name, "error-unknown")
}

/// The estimated value, in fen or as people write amounts, whose words may say how sure it is.
pub(super) fn read_value(form: &mut Form) -> Option<Amount> {
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
    let fault = if raw.is_empty() { "error-choose" } else { "error-unknown" };
    let found = read(raw);
    if found.is_none() {
        form.fault(name, fault);
    }
    found
}

/// Whole fen, not negative.
pub(super) fn read_fen(form: &mut Form, name: &str) -> Option<Fen> {
    let fen: i64 = form.integer(name)?;
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

/// An amount that is a price: `约 100` is none.
pub(super) fn read_price(form: &mut Form, name: &str) -> Option<Fen> {
    let reading = read_amount(form, name)?;
    if reading.qualifier.is_some() {
        form.fault(name, "error-money-not-exact");
        return None;
    }
    Some(reading.fen)
}

/// An amount as people write it, e.g. `128.5万元`.
pub(super) fn read_amount(form: &mut Form, name: &str) -> Option<Reading> {
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
pub(super) fn read_source(form: &mut Form) -> (SourceKind, String) {
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
