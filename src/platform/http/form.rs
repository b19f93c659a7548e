//! A posted form, read field by field; every fault is collected, so that all are shown at once.

mod picked;

pub use picked::offered;

use std::{future::Future, pin::Pin, str::FromStr};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use crate::platform::{
    db::Id,
    error::{AppError, FieldError, Result},
    http::body::{self, Shape},
    money::grouped,
};

/// The fields of one request: a posted form, or a query.
#[derive(Clone, Debug, Default)]
pub struct Form {
    pairs: Vec<(String, String)>,
    errors: Vec<FieldError>,
    /// The field whose matches are asked for; empty: none.
    seek: String,
    /// The fields whose text was picked.
    picked: Vec<String>,
}

impl FromRequest for Form {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(_: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let payload = payload.take();
        Box::pin(async move { Ok(Self::parse(&body::whole(payload, Shape::Form).await?)) })
    }
}

/// Characters that make a text look like another one: controls, marks that turn the reading direction, and U+FFFD,
/// which stands where the bytes were no UTF-8.
fn is_forbidden(ch: char) -> bool {
    (ch.is_control() && !matches!(ch, '\n' | '\r' | '\t'))
        || matches!(ch, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFFD}')
}

/// Characters that show nothing: white space, and those that Unicode bids to leave away in print
/// (`Default_Ignorable_Code_Point`), with the blanks that are none by name (U+2800) and the marks of notes between the
/// lines (U+FFF9 to U+FFFB).
fn is_invisible(ch: char) -> bool {
    ch.is_whitespace()
        || matches!(ch,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// A value without the white space around it. One in which nothing is to be seen is empty: nobody wrote it, and nobody
/// could read it.
fn trimmed(value: &str) -> &str {
    if value.chars().all(is_invisible) { "" } else { value.trim() }
}

impl Form {
    /// Reads `application/x-www-form-urlencoded`.
    pub fn parse(body: &[u8]) -> Self {
        Self::from_pairs(url::form_urlencoded::parse(body).into_owned().collect()).picked()
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
        Self { pairs, ..Self::default() }
    }

    /// What was typed, to show the form again.
    pub fn pairs(&self) -> Vec<(String, String)> {
        self.pairs.clone()
    }

    /// The names of the fields that were given.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.pairs.iter().map(|(name, _)| name.as_str())
    }

    /// The raw first value, trimmed; empty when it is missing, or shows nothing.
    pub fn raw(&self, name: &str) -> &str {
        self.pairs.iter().find(|(n, _)| n == name).map_or("", |(_, v)| trimmed(v))
    }

    /// Whether the field was given and is not empty.
    pub fn has(&self, name: &str) -> bool {
        !self.raw(name).is_empty()
    }

    /// Every value of a field that may stand several times, without empty ones.
    pub fn all(&self, name: &str) -> Vec<String> {
        let values = self.pairs.iter().filter(|(n, _)| n == name).map(|(_, v)| trimmed(v).to_owned());
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

    /// An optional whole number, with a sign or without: a fault says whether it is no number or only not a whole one.
    pub fn integer<T: FromStr>(&mut self, name: &str) -> Option<T> {
        let fault = integer_fault(self.raw(name));
        self.value(name, fault)
    }

    /// A value that must be there; one is chosen, not written.
    pub fn required_value<T: FromStr>(&mut self, name: &str, code: &'static str) -> Option<T> {
        if !self.has(name) {
            self.fault(name, "error-choose");
            return None;
        }
        self.value(name, code)
    }

    /// The word of what was chosen, at most `max` characters; a fault that asks for a choice when there is none.
    pub fn chosen(&mut self, name: &str, max: usize) -> String {
        if self.has(name) {
            return self.required(name, max);
        }
        self.fault(name, "error-choose");
        String::new()
    }

    /// An optional whole number that is not negative, as people write it: `1200`, `1,200`, `１，２００`.
    pub fn whole(&mut self, name: &str, max: i64) -> Option<i64> {
        let raw = self.raw(name).to_owned();
        if raw.is_empty() {
            return None;
        }
        let text: String = raw.nfkc().collect();
        let text = text.trim().replace('，', ",");
        let (is_negative, digits) = match text.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest.trim_start()),
            None => (false, text.as_str()),
        };
        let Some(number) = whole_number(digits) else {
            self.fault(name, "error-not-whole");
            return None;
        };
        if is_negative {
            self.fault(name, "error-not-negative");
            return None;
        }
        if number > max {
            self.push(FieldError::new(name, "error-too-large").arg("max", grouped(max.unsigned_abs())));
            return None;
        }
        Some(number)
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
                self.push(error.fault(name));
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
            self.fault(name, "error-choose");
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
    /// `Invalid` with every fault that was found, or with what fits the one field whose matches are asked for.
    pub fn check(&self) -> Result<()> {
        if let Some(sought) = self.sought() {
            return sought;
        }
        if self.errors.is_empty() { Ok(()) } else { Err(AppError::Invalid(self.errors.clone())) }
    }
}

/// What a text that is no whole number is told: that it has decimals, or that it is no number.
pub fn integer_fault(text: &str) -> &'static str {
    let decimals = text.split_once('.').is_some_and(|(whole, part)| {
        let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        !part.is_empty() && are_digits(part) && are_digits(whole.trim_start_matches(['-', '+']))
    });
    if decimals { "error-not-an-integer" } else { "error-not-a-number" }
}

/// `1200`, `1,200`: thousands may be set apart, by groups of three. A number beyond all bounds is the largest there is.
fn whole_number(text: &str) -> Option<i64> {
    let groups: Vec<&str> = text.split(',').collect();
    let is_grouped = groups.len() == 1
        || (groups[1..].iter().all(|group| group.len() == 3) && (1..=3).contains(&groups[0].len()));
    let digits = groups.concat();
    if !is_grouped || digits.is_empty() || !digits.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    Some(digits.parse().unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_is_read_as_people_write_it_and_its_fault_is_named() {
        let read = |text: &str| {
            let mut form = Form::from_pairs(vec![("n".into(), text.into())]);
            let number = form.whole("n", 1_000_000_000_000);
            (number, form.errors().first().map(|fault| fault.code))
        };
        for text in ["1200", "1,200", "１，２００", " 1,200 "] {
            assert_eq!(read(text), (Some(1_200), None), "{text}");
        }
        assert_eq!(read("12,345,678"), (Some(12_345_678), None));
        assert_eq!(read(""), (None, None));
        for text in ["1,2", "1,20", ",200", "1200,000", "1.5", "12 箱", "-"] {
            assert_eq!(read(text), (None, Some("error-not-whole")), "{text}");
        }
        assert_eq!(read("-5"), (None, Some("error-not-negative")));
        assert_eq!(read("99999999999999999999"), (None, Some("error-too-large")));
    }

    #[test]
    fn letters_are_no_number_and_decimals_are_no_whole_one() {
        let read = |text: &str| {
            let mut form = Form::from_pairs(vec![("n".into(), text.into())]);
            let number = form.integer::<i32>("n");
            (number, form.errors().first().map(|fault| fault.code))
        };
        assert_eq!(read(""), (None, None));
        assert_eq!(read("30"), (Some(30), None));
        assert_eq!(read("-5"), (Some(-5), None));
        for text in ["1.5", "-2.25", "3.0"] {
            assert_eq!(read(text), (None, Some("error-not-an-integer")), "{text}");
        }
        for text in ["abc", "三十", "1.x", "30 天", "1.", "1.2.3"] {
            assert_eq!(read(text), (None, Some("error-not-a-number")), "{text}");
        }
    }

    #[test]
    fn every_fault_is_collected_and_named() {
        let mut form = Form::parse("title=&note=a%00b&n=x&who=%E2%80%AEevil".as_bytes());
        form.required("title", 10);
        form.text("note", 10);
        form.value::<i64>("n", "error-not-a-number");
        form.text("who", 20);
        form.choice("kind", &["note", "fact"]);
        form.required_value::<i64>("days", "error-unknown");
        let named: Vec<_> = form.errors().iter().map(|e| (e.field.as_str(), e.code)).collect();
        assert_eq!(
            named,
            [
                ("title", "error-required"),
                ("note", "error-control-characters"),
                ("n", "error-not-a-number"),
                ("who", "error-control-characters"),
                ("kind", "error-choose"),
                ("days", "error-choose")
            ]
        );
        assert!(form.check().is_err());
    }

    #[test]
    fn a_text_in_which_nothing_is_to_be_seen_is_none() {
        let read = |text: &str| {
            let mut form = Form::from_pairs(vec![("t".into(), text.into())]);
            let read = form.required("t", 10);
            assert_eq!(form.has("t"), !read.is_empty(), "{text:?}");
            assert_eq!(form.all("t").is_empty(), read.is_empty(), "{text:?}");
            (read, form.errors().first().map(|fault| fault.code))
        };
        for text in
            ["\u{200B}", "\u{2060}\u{FEFF}", " \u{200D} \u{200B}\n", "\u{3164}", "\u{3000}", "\u{AD}", ""]
        {
            assert_eq!(read(text), (String::new(), Some("error-required")), "{text:?}");
        }
        // Where something is to be seen they stay: they join letters of some scripts, and pictures.
        for text in ["假\u{200B}表", "👨\u{200D}👩", "a b"] {
            assert_eq!(read(text), (text.to_owned(), None), "{text:?}");
        }
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
