//! JSON as the fields of a form, so that both go through the same rules: `sites[0].region`.

use serde_json::{Number, Value};

use super::input::{FIELDS, without_indexes};
use crate::platform::{
    error::{AppError, FieldError, Result},
    http::form::Form,
};

/// Deeper than any document of ours.
const DEEPEST: usize = 6;
/// Up to this a number with a point is exact.
const EXACT: f64 = 9_007_199_254_740_991.0;
/// So many faults of kind are told at most; a long list may have one in every member.
const MOST_FAULTS: usize = 100;

/// Reads a JSON object.
///
/// # Errors
/// `Invalid` when it is none.
pub fn object(body: &[u8]) -> Result<Value> {
    match serde_json::from_slice(body) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) | Err(_) => Err(AppError::field("body", "error-not-json")),
    }
}

/// The fields of an object.
///
/// # Errors
/// `Invalid` with every field that holds another kind of value than it takes.
pub fn form(value: &Value) -> Result<Form> {
    let faults = faults(value);
    if faults.is_empty() { Ok(Form::from_pairs(pairs(value))) } else { Err(AppError::Invalid(faults)) }
}

/// The fields of a lead that hold another kind of value than they take, each by its path: a form knows texts only, so
/// that a number would pass for a text there, and what is empty would be nothing. A field that a lead has not is none of
/// these faults.
pub fn faults(value: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    look(value, "", 0, &mut faults);
    faults
}

fn look(value: &Value, name: &str, depth: usize, faults: &mut Vec<FieldError>) {
    if faults.len() >= MOST_FAULTS {
        return;
    }
    if let Some(code) = fault(value, &without_indexes(name)) {
        faults.push(FieldError::new(name.chars().take(100).collect::<String>(), code));
        return;
    }
    match value {
        Value::Object(members) if depth < DEEPEST => {
            for (key, member) in members {
                look(member, &member_of(name, key), depth + 1, faults);
            }
        }
        Value::Array(members) if depth < DEEPEST => {
            for (index, member) in members.iter().enumerate() {
                look(member, &format!("{name}[{index}]"), depth + 1, faults);
            }
        }
        _ => {}
    }
}

/// What is wrong with the kind of a value, as a message key. `name`: the field's, without indexes.
fn fault(value: &Value, name: &str) -> Option<&'static str> {
    let (fits, code) = match name {
        "charges" | "brands" | "subjects" | "sites" | "listings" => (value.is_array(), "error-json-list"),
        "estimated_value" | "subjects[]" | "sites[]" => (value.is_object(), "error-json-object"),
        "source" | "brands[]" | "listings[]" => {
            (value.is_string() || value.is_object(), "error-json-text-or-object")
        }
        "estimated_value.fen" | "listings[].price_fen" | "listings[].sold" => {
            (value.is_number(), "error-json-number")
        }
        // As people write it; a number without a unit is one of these ways.
        "estimated_value.amount" | "listings[].price" => {
            (value.is_string() || value.is_number(), "error-json-text-or-number")
        }
        name if FIELDS.contains(&name) => (value.is_string(), "error-json-text"),
        _ => return None,
    };
    // What is null was not given. A member of a list has no other way not to be.
    let fits = fits || value.is_null() && !name.ends_with("[]");
    (!fits).then_some(code)
}

fn member_of(name: &str, key: &str) -> String {
    if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") }
}

/// The fields of a value, in its order.
pub fn pairs(value: &Value) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    flatten(value, String::new(), 0, &mut pairs);
    pairs
}

fn flatten(value: &Value, name: String, depth: usize, into: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::Object(members) if depth < DEEPEST => {
            for (key, member) in members {
                flatten(member, member_of(&name, key), depth + 1, into);
            }
        }
        Value::Array(members) if depth < DEEPEST => {
            for (index, member) in members.iter().enumerate() {
                flatten(member, format!("{name}[{index}]"), depth + 1, into);
            }
        }
        Value::String(text) => into.push((name, text.clone())),
        Value::Number(number) => into.push((name, written(number))),
        other => into.push((name, other.to_string())),
    }
}

/// A number as a form has it: `12.0` and `1.2e1` are the whole number that they mean.
fn written(number: &Number) -> String {
    match number.as_f64() {
        Some(whole) if number.is_f64() && whole.fract() == 0.0 && whole.abs() <= EXACT => {
            format!("{whole:.0}")
        }
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_value_is_named_by_its_path() {
        let body = br#"{"title":"a","sites":[{"region":"330103"}],"estimated_value":{"fen":12},"none":null}"#;
        assert_eq!(
            form(&object(body).unwrap()).unwrap().pairs(),
            [("estimated_value.fen", "12"), ("sites[0].region", "330103"), ("title", "a")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
        assert!(object(b"[]").is_err() && object(b"{").is_err());
        for (number, said) in
            [(json!(12.0), "12"), (json!(1.2e3), "1200"), (json!(1.5), "1.5"), (json!(7), "7")]
        {
            assert_eq!(pairs(&json!({ "n": number })), [("n".to_owned(), said.to_owned())]);
        }
    }

    #[test]
    fn no_field_takes_another_kind_of_value_than_its_own() {
        let named = |body: Value| {
            let named = faults(&body).into_iter().map(|fault| format!("{} {}", fault.field, fault.code));
            named.collect::<Vec<_>>().join(", ")
        };
        for (body, fault) in [
            (json!({"title": 5}), "title error-json-text"),
            (json!({"title": true}), "title error-json-text"),
            (json!({"title": []}), "title error-json-text"),
            (json!({"title": {}}), "title error-json-text"),
            (json!({"occurred_from": 20_160_101}), "occurred_from error-json-text"),
            (json!({"charges": "CL213"}), "charges error-json-list"),
            (json!({"charges": ["CL213", null]}), "charges[1] error-json-text"),
            (json!({"sites": {}}), "sites error-json-list"),
            (json!({"sites": ["x"]}), "sites[0] error-json-object"),
            (json!({"sites": [{"region": 440_100}]}), "sites[0].region error-json-text"),
            (json!({"brands": [3]}), "brands[0] error-json-text-or-object"),
            (json!({"brands": [{"name": 3}]}), "brands[0].name error-json-text"),
            (json!({"source": []}), "source error-json-text-or-object"),
            (json!({"estimated_value": 12}), "estimated_value error-json-object"),
            (json!({"estimated_value": {"fen": "12"}}), "estimated_value.fen error-json-number"),
            (json!({"listings": [{"sold": "3"}]}), "listings[0].sold error-json-number"),
            (json!({"title": null, "charges": null, "sites": [], "titel": 5}), ""),
        ] {
            assert_eq!(named(body.clone()), fault, "{body}");
        }
        assert_eq!(faults(&json!({"brands": vec![3; 5_000]})).len(), MOST_FAULTS);
    }
}
