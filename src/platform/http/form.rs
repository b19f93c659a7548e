//! A posted form, read field by field; every fault is collected, so that all are shown at once.

use std::{future::Future, pin::Pin, str::FromStr};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use chrono::NaiveDate;
use futures_util::StreamExt;
use unicode_normalization::UnicodeNormalization;

use crate::platform::{
    db::Id,
    error::{AppError, FieldError, Result},
};

/// A body larger than this is refused unread: no form of ours comes near it, and a text that is too long for its
/// field should be told so by the field.
pub(crate) const LIMIT: usize = 16 << 20;

/// The fields of one request: a posted form, or a query.
#[derive(Clone, Debug, Default)]
pub struct Form {
    pairs: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

impl FromRequest for Form {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(_: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let mut payload = payload.take();
        Box::pin(async move {
            let mut body = Vec::new();
            while let Some(piece) = payload.next().await {
                let piece = piece.map_err(|_| AppError::field("form", "error-broken-upload"))?;
                if body.len() + piece.len() > LIMIT {
                    return Err(AppError::TooLarge);
                }
                body.extend_from_slice(&piece);
            }
            Ok(Self::parse(&body))
        })
    }
}

/// Characters that make a text look like another one: controls, marks that turn the reading direction, and U+FFFD,
/// which stands where the bytes were no UTF-8.
fn is_forbidden(ch: char) -> bool {
    (ch.is_control() && !matches!(ch, '\n' | '\r' | '\t'))
        || matches!(ch, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFFD}')
}

impl Form {
    /// Reads `application/x-www-form-urlencoded`.
    pub fn parse(body: &[u8]) -> Self {
        Self::from_pairs(url::form_urlencoded::parse(body).into_owned().collect())
    }

    /// Reads a request's query.
    pub fn query(request: &HttpRequest) -> Self {
        Self::parse(request.query_string().as_bytes())
    }

    /// From names and values that came another way (multipart, JSON, CSV). A zero byte, which PostgreSQL takes in no
    /// text, becomes U+FFFD, which no field takes: it finds nothing where it is searched for.
    pub fn from_pairs(mut pairs: Vec<(String, String)>) -> Self {
        for (_, value) in pairs.iter_mut().filter(|(_, value)| value.contains('\0')) {
            *value = value.replace('\0', "\u{fffd}");
        }
        Self { pairs, errors: Vec::new() }
    }

    /// What was typed, to show the form again.
    pub fn pairs(&self) -> Vec<(String, String)> {
        self.pairs.clone()
    }

    /// The names of the fields that were given.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.pairs.iter().map(|(name, _)| name.as_str())
    }

    /// The raw first value, trimmed; empty when it is missing.
    pub fn raw(&self, name: &str) -> &str {
        self.pairs.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim())
    }

    /// Whether the field was given and is not empty.
    pub fn has(&self, name: &str) -> bool {
        !self.raw(name).is_empty()
    }

    /// Every value of a field that may stand several times, without empty ones.
    pub fn all(&self, name: &str) -> Vec<String> {
        let values = self.pairs.iter().filter(|(n, _)| n == name).map(|(_, v)| v.trim().to_owned());
        values.filter(|v| !v.is_empty()).collect()
    }

    /// Notes a fault.
    pub fn fault(&mut self, field: impl Into<String>, code: &'static str) {
        self.errors.push(FieldError::new(field, code));
    }

    /// Notes a fault that carries arguments.
    pub fn push(&mut self, error: FieldError) {
        self.errors.push(error);
    }

    /// An optional text of at most `max` characters, in Unicode's composed form.
    pub fn text(&mut self, name: &str, max: usize) -> String {
        let text: String = self.raw(name).nfc().collect();
        if text.chars().count() > max {
            self.push(FieldError::new(name, "error-too-long").arg("max", max));
        } else if text.chars().any(is_forbidden) {
            self.fault(name, "error-control-characters");
        }
        text
    }

    /// A text that must be there.
    pub fn required(&mut self, name: &str, max: usize) -> String {
        let text = self.text(name, max);
        if text.is_empty() {
            self.fault(name, "error-required");
        }
        text
    }

    /// An optional value of any readable type; a fault with `code` when it can't be read.
    pub fn value<T: FromStr>(&mut self, name: &str, code: &'static str) -> Option<T> {
        let raw = self.raw(name);
        if raw.is_empty() {
            return None;
        }
        let parsed = raw.parse().ok();
        if parsed.is_none() {
            self.fault(name, code);
        }
        parsed
    }

    /// A value that must be there.
    pub fn required_value<T: FromStr>(&mut self, name: &str, code: &'static str) -> Option<T> {
        if !self.has(name) {
            self.fault(name, "error-required");
            return None;
        }
        self.value(name, code)
    }

    /// An optional date, as written in either language.
    pub fn date(&mut self, name: &str) -> Option<NaiveDate> {
        let raw = self.raw(name).to_owned();
        if raw.is_empty() {
            return None;
        }
        match crate::platform::time::parse_date(&raw) {
            Ok(date) => Some(date),
            Err(error) => {
                self.fault(name, error.key());
                None
            }
        }
    }

    /// A date that must be there.
    pub fn required_date(&mut self, name: &str) -> Option<NaiveDate> {
        if !self.has(name) {
            self.fault(name, "error-required");
            return None;
        }
        self.date(name)
    }

    /// One of the words in `known`.
    pub fn choice(&mut self, name: &str, known: &[&'static str]) -> Option<&'static str> {
        let raw = self.raw(name);
        if raw.is_empty() {
            self.fault(name, "error-required");
            return None;
        }
        let found = known.iter().find(|k| **k == raw).copied();
        if found.is_none() {
            self.fault(name, "error-unknown");
        }
        found
    }

    /// An identity, optional.
    pub fn id(&mut self, name: &str) -> Option<Id> {
        self.value(name, "error-unknown")
    }

    /// Identities that may stand several times; a bad one is a fault.
    pub fn ids(&mut self, name: &str) -> Vec<Id> {
        let values = self.all(name);
        let ids: Vec<Id> = values.iter().filter_map(|v| v.parse().ok()).collect();
        if ids.len() != values.len() {
            self.fault(name, "error-unknown");
        }
        ids
    }

    /// The faults found so far.
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// # Errors
    /// `Invalid` with every fault that was found.
    pub fn check(&self) -> Result<()> {
        if self.errors.is_empty() { Ok(()) } else { Err(AppError::Invalid(self.errors.clone())) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_collected_and_named() {
        let mut form = Form::parse("title=&note=a%00b&n=x&who=%E2%80%AEevil".as_bytes());
        form.required("title", 10);
        form.text("note", 10);
        form.value::<i64>("n", "error-not-a-number");
        form.text("who", 20);
        let named: Vec<_> = form.errors().iter().map(|e| (e.field.as_str(), e.code)).collect();
        assert_eq!(
            named,
            [
                ("title", "error-required"),
                ("note", "error-control-characters"),
                ("n", "error-not-a-number"),
                ("who", "error-control-characters")
            ]
        );
        assert!(form.check().is_err());
    }

    #[test]
    fn length_is_counted_in_characters_not_bytes() {
        let mut form = Form::from_pairs(vec![("t".into(), "线索移送".into())]);
        assert_eq!(form.text("t", 4), "线索移送");
        assert!(form.errors().is_empty());
        form.text("t", 3);
        assert_eq!(form.errors()[0].code, "error-too-long");
    }
}
