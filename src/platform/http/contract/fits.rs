//! Whether a value is of a shape, and what is wrong with it where it is not: so much of JSON Schema as the document uses.

use std::collections::HashMap;

use regex_lite::Regex;
use serde_json::{Map, Value};

use super::shapes;
use crate::platform::error::FieldError;

/// So many faults are told at most; a long list may have one in every member.
const MOST: usize = 100;

/// The shapes that others name, and the patterns of all, ready to be matched.
pub struct Measure<'a> {
    pub shapes: &'a Value,
    pub patterns: &'a HashMap<String, Regex>,
}

impl Measure<'_> {
    /// What of `value` is not as `shape` says, each fault beside its place: `sites[0].region`.
    pub fn faults(&self, shape: &Value, value: &Value, place: &str) -> Vec<FieldError> {
        let mut faults = Vec::new();
        self.look(shape, value, place, &mut faults);
        faults.truncate(MOST);
        faults
    }

    fn resolve<'s>(&'s self, shape: &'s Value) -> &'s Value {
        match shape["$ref"].as_str() {
            Some(name) => &self.shapes[name.rsplit('/').next().unwrap_or_default()],
            None => shape,
        }
    }

    fn look(&self, shape: &Value, value: &Value, place: &str, faults: &mut Vec<FieldError>) {
        let shape = self.resolve(shape);
        if faults.len() >= MOST {
            return;
        }
        if !is_of(shape, value) {
            let is_part = value.is_number() && kinds(shape).iter().any(|kind| kind == "integer");
            faults.push(fault(place, if is_part { "error-not-an-integer" } else { code_of(&kinds(shape)) }));
            return;
        }
        if shape["enum"].as_array().is_some_and(|words| !words.contains(value)) {
            faults.push(fault(place, "error-unknown"));
            return;
        }
        match value {
            Value::String(text) => faults.extend(self.text(shape, text, place)),
            Value::Number(_) => faults.extend(number(shape, value, place)),
            Value::Array(members) => self.list(shape, members, place, faults),
            Value::Object(members) => self.object(shape, members, place, faults),
            Value::Null | Value::Bool(_) => {}
        }
        for part in list_of(shape, "allOf") {
            self.look(part, value, place, faults);
        }
        for name in ["anyOf", "oneOf"] {
            if shape[name].is_array() {
                faults.extend(self.choice(list_of(shape, name), value, place));
            }
        }
    }

    /// What is wrong with a value that is of none of these shapes: by the first that is of its kind.
    fn choice<'s>(
        &self,
        shapes: impl Iterator<Item = &'s Value>,
        value: &Value,
        place: &str,
    ) -> Vec<FieldError> {
        let (mut nearest, mut all_kinds) = (None, Vec::new());
        for shape in shapes {
            let found = self.faults(shape, value, place);
            if found.is_empty() {
                return found;
            }
            let shape = self.resolve(shape);
            all_kinds.extend(kinds(shape));
            if nearest.is_none() && is_of(shape, value) {
                nearest = Some(found);
            }
        }
        nearest.unwrap_or_else(|| vec![fault(place, code_of(&all_kinds))])
    }

    fn text(&self, shape: &Value, text: &str, place: &str) -> Option<FieldError> {
        let length = text.chars().count() as u64;
        if let Some(most) = shape["maxLength"].as_u64().filter(|most| length > *most) {
            return Some(fault(place, "error-too-long").arg("max", most));
        }
        if shape["minLength"].as_u64().is_some_and(|least| length < least) {
            return Some(fault(place, "error-required"));
        }
        if let Some(pattern) = shape["pattern"].as_str()
            && self.patterns.get(pattern).is_some_and(|known| !known.is_match(text))
        {
            return Some(fault(place, shapes::fault_of(pattern, text)));
        }
        let is_id = || text.len() == 36 && uuid::Uuid::try_parse(text).is_ok();
        (shape["format"] == "uuid" && !is_id()).then(|| fault(place, "error-not-understood"))
    }

    fn list(&self, shape: &Value, members: &[Value], place: &str, faults: &mut Vec<FieldError>) {
        let length = members.len() as u64;
        if shape["minItems"].as_u64().is_some_and(|least| length < least) {
            faults.push(fault(place, "error-choose-many"));
        }
        if let Some(most) = shape["maxItems"].as_u64().filter(|most| length > *most) {
            faults.push(fault(place, "error-too-many").arg("max", most));
            return;
        }
        for (index, member) in members.iter().enumerate() {
            self.look(&shape["items"], member, &format!("{place}[{index}]"), faults);
        }
    }

    fn object(&self, shape: &Value, members: &Map<String, Value>, place: &str, faults: &mut Vec<FieldError>) {
        let inside = |name: &str| if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") };
        let needed = list_of(shape, "required").filter_map(Value::as_str);
        let missing = needed.filter(|name| !members.contains_key(*name));
        faults.extend(missing.map(|name| fault(&inside(name), "error-required")));
        for (name, member) in members {
            match shape["properties"].get(name) {
                Some(field) => self.look(field, member, &inside(name), faults),
                None if shape["additionalProperties"] == false => {
                    faults.push(fault(&inside(name), "error-unknown-field"));
                }
                None => {}
            }
        }
    }
}

fn fault(place: &str, code: &'static str) -> FieldError {
    let place = if place.is_empty() { "body" } else { place };
    FieldError::new(place.chars().take(100).collect::<String>(), code)
}

fn list_of<'a>(shape: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    shape[name].as_array().into_iter().flatten()
}

/// The kinds of value that a shape takes, but `null`; none: any.
fn kinds(shape: &Value) -> Vec<String> {
    let names = list_of(shape, "type").filter_map(Value::as_str).chain(shape["type"].as_str());
    names.filter(|name| *name != "null").map(str::to_owned).collect()
}

/// Whether a value is of the kind that a shape takes.
fn is_of(shape: &Value, value: &Value) -> bool {
    let is = |name: &str| match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    };
    match &shape["type"] {
        Value::String(name) => is(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(is),
        _ => true,
    }
}

/// What a value is told that is of none of these kinds.
fn code_of(kinds: &[String]) -> &'static str {
    let has = |name: &str| kinds.iter().any(|kind| kind == name);
    let has_number = has("number") || has("integer");
    match (has("string"), has("object"), has("array"), has_number) {
        (true, true, ..) => "error-json-text-or-object",
        (true, _, _, true) => "error-json-text-or-number",
        (true, ..) => "error-json-text",
        (_, true, ..) => "error-json-object",
        (_, _, true, _) => "error-json-list",
        (_, _, _, true) => "error-json-number",
        _ => "error-not-understood",
    }
}

/// What is wrong with a number beyond its bounds.
fn number(shape: &Value, value: &Value, place: &str) -> Option<FieldError> {
    let given = value.as_f64()?;
    match (shape["minimum"].as_f64(), shape["maximum"].as_f64()) {
        (Some(least), _) if given < least && least == 0.0 => Some(fault(place, "error-not-negative")),
        (Some(least), _) if given < least => Some(fault(place, "error-not-understood")),
        (_, Some(most)) if given > most => Some(fault(place, "error-too-large").arg("max", most)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_fault_stands_beside_its_place() {
        let all = json!({ "Site": shapes::object(
            &["address", "role"],
            [
                ("address", shapes::seen(5)),
                ("role", shapes::one_of(["storage", "sale"])),
                ("note", shapes::maybe(shapes::text(3))),
            ],
        ) });
        let lead = shapes::object(
            &["title"],
            [
                ("title", shapes::seen(5)),
                ("fen", shapes::maybe(shapes::whole(0, 100))),
                ("day", shapes::maybe(shapes::day())),
                ("sites", shapes::maybe(shapes::list(shapes::named("Site"), 2))),
                ("brand", shapes::any_of([shapes::text(3), shapes::named("Site")])),
                ("id", shapes::id()),
            ],
        );
        let patterns = super::super::patterns_of(&json!([lead, all]));
        let measure = Measure { shapes: &all, patterns: &patterns };
        let told = |value: Value| {
            let found = measure.faults(&lead, &value, "");
            found.iter().map(|fault| format!("{} {}", fault.field, fault.code)).collect::<Vec<_>>().join(", ")
        };
        let id = "0190aaaa-0000-7000-8000-000000000001";
        for (value, said) in [
            (json!({"title": "a"}), ""),
            (json!({"title": "a", "fen": null, "day": null, "sites": null, "brand": "b", "id": id}), ""),
            (json!({"title": "a", "fen": 12.0, "sites": [{"address": "b", "role": "sale", "note": ""}]}), ""),
            (json!([]), "body error-json-object"),
            (json!({}), "title error-required"),
            (json!({"title": " "}), "title error-required"),
            (json!({"title": "abcdef"}), "title error-too-long"),
            (json!({"title": "a\u{202E}"}), "title error-control-characters"),
            (json!({"title": "a", "fen": -1}), "fen error-not-negative"),
            (json!({"title": "a", "fen": 101}), "fen error-too-large"),
            (json!({"title": "a", "fen": 1.5}), "fen error-not-an-integer"),
            (json!({"title": "a", "day": ""}), "day error-not-a-date"),
            (json!({"title": "a", "day": "2016-02-30"}), "day error-date-none"),
            (json!({"title": "a", "id": "0190aaaa000070008000000000000001"}), "id error-not-understood"),
            (json!({"title": "a", "brand": 5}), "brand error-json-text-or-object"),
            (json!({"title": "a", "brand": {"role": "sale"}}), "brand.address error-required"),
            (json!({"title": "a", "sites": [{}, {}, {}]}), "sites error-too-many"),
            (
                json!({"title": "a", "sites": [{"address": "b", "role": "x", "why": 1}]}),
                "sites[0].role error-unknown, sites[0].why error-unknown-field",
            ),
        ] {
            assert_eq!(told(value.clone()), said, "{value}");
        }
    }
}
