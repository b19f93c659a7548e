//! Shapes of what the API takes, as JSON Schema. What is said here is what a request is held to ([`super`]), so each shape
//! is as narrow as what reads the value, and no narrower than what a program may want to send.
//!
//! Patterns keep to what ECMAScript, Python and Rust read alike: no classes by name, and no character beyond U+FFFF.

use serde_json::{Value, json};

use crate::platform::time::{self, DateError};

/// Characters that no text takes, as the inside of a class: those that `Form::text` refuses.
const REFUSED: &str =
    r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffd";
/// Characters that show nothing: a text of these alone is none for a form either.
const UNSEEN: &str = r"\t\n\r \u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb";
/// A day that there is, of the years that dates are taken from (1900 to 2200).
const DAY: &str = concat!(
    "(?:",
    "(?:(?:19|20|21)[0-9]{2}|2200)-",
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))",
    "|(?:(?:19|20|21)(?:0[48]|[2468][048]|[13579][26])|2000)-02-29",
    ")",
);
/// Hour and minute.
const CLOCK: &str = "(?:[01][0-9]|2[0-3]):[0-5][0-9]";
/// An id as it stands in a cursor.
const ID: &str = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

/// What a value that does not match its pattern is told, as a message key: by the kind of the pattern.
pub(super) fn fault_of(pattern: &str, text: &str) -> &'static str {
    let is = |shape: Value| shape["pattern"] == pattern;
    if is(self::text(0)) || is(seen(0)) {
        if text.chars().all(char::is_whitespace) { "error-required" } else { "error-control-characters" }
    } else if is(day()) {
        time::parse_date(text).err().filter(is_none_such).map_or("error-not-a-date", DateError::key)
    } else if is(moment()) {
        let read = time::parse_instant(text, time::DEFAULT_ZONE).err();
        read.filter(is_none_such).map_or("error-not-a-time", DateError::key)
    } else if is(link(0)) {
        "error-not-a-link"
    } else {
        "error-not-understood"
    }
}

/// A day or a time in the right form, but of no calendar and no clock.
fn is_none_such(error: &DateError) -> bool {
    matches!(error, DateError::NoSuchDay | DateError::NoSuchTime)
}

/// A text of this form.
pub fn pattern(pattern: impl AsRef<str>) -> Value {
    json!({ "type": "string", "pattern": pattern.as_ref() })
}

/// A text of at most `most` characters; nothing, where it is empty.
pub fn text(most: usize) -> Value {
    json!({ "type": "string", "maxLength": most, "pattern": format!("^[^{REFUSED}]*$") })
}

/// A text of at most `most` characters in which something is to be seen.
pub fn seen(most: usize) -> Value {
    let pattern = format!("^[^{REFUSED}]*[^{REFUSED}{UNSEEN}][^{REFUSED}]*$");
    json!({ "type": "string", "minLength": 1, "maxLength": most, "pattern": pattern })
}

/// An address of the web of at most `most` characters.
pub fn link(most: usize) -> Value {
    let pattern = format!("^[Hh][Tt][Tt][Pp][Ss]?://[^{REFUSED}{UNSEEN}/?#]+[^{REFUSED}]*$");
    json!({ "type": "string", "maxLength": most, "pattern": pattern })
}

/// One of these words.
pub fn one_of<'a>(words: impl IntoIterator<Item = &'a str>) -> Value {
    json!({ "type": "string", "enum": words.into_iter().collect::<Vec<_>>() })
}

/// A day.
pub fn day() -> Value {
    json!({ "type": "string", "format": "date", "pattern": format!("^{DAY}$") })
}

/// A day, or a day and a time: RFC 3339, or without an offset in the configured zone.
pub fn moment() -> Value {
    let offset = format!("(?:Z|[+-]{CLOCK})");
    pattern(format!(r"^{DAY}(?:T{CLOCK}(?::[0-5][0-9](?:(?:\.[0-9]{{1,9}})?{offset})?)?)?$"))
}

/// An id.
pub fn id() -> Value {
    json!({ "type": "string", "format": "uuid" })
}

/// A code of the reference data. Which ones there are changes, and is no part of the document.
pub fn code() -> Value {
    pattern("^[A-Za-z0-9_-]{1,30}$")
}

/// A whole number between these two.
pub fn whole(least: i64, most: i64) -> Value {
    json!({ "type": "integer", "minimum": least, "maximum": most })
}

/// As a cursor names a row by what the list goes by and by its id; `first`: the form of the former.
pub fn beside(first: &str) -> Value {
    pattern(format!(r"^{first}\.{ID}$"))
}

/// A list of at most `most`.
pub fn list(items: Value, most: usize) -> Value {
    json!({ "type": "array", "items": items, "maxItems": most })
}

/// One of several shapes.
pub fn any_of(shapes: impl IntoIterator<Item = Value>) -> Value {
    json!({ "anyOf": shapes.into_iter().collect::<Vec<_>>() })
}

/// A shape of the document, by its name.
pub fn named(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// An object of these fields and no others; `needed` must be there.
pub fn object<const N: usize>(needed: &[&str], fields: [(&str, Value); N]) -> Value {
    let fields: serde_json::Map<String, Value> =
        fields.into_iter().map(|(name, shape)| (name.to_owned(), shape)).collect();
    json!({ "type": "object", "required": needed, "properties": fields, "additionalProperties": false })
}

/// The shape, or `null`, which is as good as leaving the field out.
pub fn maybe(mut shape: Value) -> Value {
    let null = json!({ "type": "null" });
    if shape["$ref"].is_string() {
        return any_of([shape, null]);
    }
    if let Some(shapes) = shape.get_mut("anyOf").and_then(Value::as_array_mut) {
        shapes.push(null);
        return shape;
    }
    if let Some(words) = shape.get_mut("enum").and_then(Value::as_array_mut) {
        words.push(Value::Null);
    }
    shape["type"] = json!([shape["type"], "null"]);
    shape
}

/// The shape with words about it, for people.
pub fn said(mut shape: Value, words: &str) -> Value {
    // Beside a reference the words would count for nothing in older readers.
    if shape["$ref"].is_string() {
        shape = json!({ "allOf": [shape] });
    }
    shape["description"] = words.into();
    shape
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use regex_lite::Regex;

    use super::*;
    use crate::platform::{
        http::Form,
        time::{self, DEFAULT_ZONE},
    };

    fn regex(shape: &Value) -> Regex {
        Regex::new(shape["pattern"].as_str().expect("a pattern")).expect("that can be read")
    }

    #[test]
    fn a_text_is_what_a_form_takes() {
        let (text, seen) = (regex(&text(10)), regex(&seen(10)));
        for ch in ('\0'..='\u{31ff}').chain('\u{fd00}'..='\u{ffff}') {
            let within = format!("a{ch}b");
            let mut form =
                Form::from_pairs(vec![("within".into(), within.clone()), ("alone".into(), ch.to_string())]);
            form.text("within", 10);
            assert_eq!(form.errors().is_empty(), text.is_match(&within), "{ch:?}");
            let before = form.errors().len();
            form.required("alone", 10);
            assert_eq!(form.errors().len() == before, seen.is_match(&ch.to_string()), "{ch:?}");
        }
        assert!(text.is_match("") && !seen.is_match("") && !seen.is_match(" \n"));
    }

    #[test]
    fn a_day_is_one_that_there_is() {
        let day = regex(&day());
        for (year, month) in (1895..2205).flat_map(|year| (0..=13).map(move |month| (year, month))) {
            for n in [0, 1, 28, 29, 30, 31, 32] {
                let written = format!("{year}-{month:02}-{n:02}");
                let is_one =
                    (1900..=2200).contains(&year) && NaiveDate::from_ymd_opt(year, month, n).is_some();
                assert_eq!(day.is_match(&written), is_one, "{written}");
            }
        }
        assert!(!day.is_match("2016-1-1") && !day.is_match("2016-01-01T00:00") && !day.is_match(""));
    }

    #[test]
    fn a_moment_is_one_that_is_read() {
        let moment = regex(&moment());
        for text in [
            "2016-05-04",
            "2016-05-04T09:30",
            "2016-05-04T09:30:15",
            "2016-05-04T09:30:15Z",
            "2016-02-29T23:59:59.999999+08:00",
            "2200-12-31T00:00:00.1-23:59",
        ] {
            assert!(moment.is_match(text) && time::parse_instant(text, DEFAULT_ZONE).is_ok(), "{text}");
        }
        for text in ["2016-05-04T", "2016-05-04T24:00", "2016-05-04T09:30Z", "2016-05-04T09:30:15.1", "soon"]
        {
            assert!(!moment.is_match(text), "{text}");
        }
    }

    #[test]
    fn a_shape_that_may_be_null_says_so_once() {
        assert_eq!(maybe(text(5))["type"], json!(["string", "null"]));
        assert_eq!(maybe(one_of(["a"]))["enum"], json!(["a", null]));
        assert_eq!(maybe(named("A"))["anyOf"][1], json!({ "type": "null" }));
        assert_eq!(maybe(any_of([text(1), named("A")]))["anyOf"].as_array().map(Vec::len), Some(3));
    }
}
