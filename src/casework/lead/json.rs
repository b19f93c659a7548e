//! JSON as the fields of a form, so that both go through the same rules: `sites[0].region`.

use serde_json::Value;

use crate::platform::{
    error::{AppError, Result},
    http::form::Form,
};

/// Deeper than any document of ours.
const DEEPEST: usize = 6;

/// Reads a JSON object.
///
/// # Errors
/// `Invalid` when it is none.
pub fn form(body: &[u8]) -> Result<Form> {
    match serde_json::from_slice(body) {
        Ok(value @ Value::Object(_)) => Ok(Form::from_pairs(pairs(&value))),
        Ok(_) | Err(_) => Err(AppError::field("body", "error-not-json")),
    }
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
                let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                flatten(member, name, depth + 1, into);
            }
        }
        Value::Array(members) if depth < DEEPEST => {
            for (index, member) in members.iter().enumerate() {
                flatten(member, format!("{name}[{index}]"), depth + 1, into);
            }
        }
        Value::String(text) => into.push((name, text.clone())),
        other => into.push((name, other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_named_by_its_path() {
        let form =
            form(br#"{"title":"a","sites":[{"region":"330103"}],"value":{"fen":12},"none":null}"#).unwrap();
        assert_eq!(
            form.pairs(),
            [("sites[0].region", "330103"), ("title", "a"), ("value.fen", "12")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
        assert!(super::form(b"[]").is_err() && super::form(b"{").is_err());
    }
}
