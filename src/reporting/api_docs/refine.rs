//! What of parameters can be said more exactly than by their types: bounds, formats and the words that a call knows. A
//! request is held to it (`http/contract`), so a program that keeps to the document is read, and no other is.

use serde_json::{Value, json};

use crate::{
    casework::{evidence::resumable, lead::model as lead},
    directory::reference::AgencyLevel,
    handover::{agency_case::model::Status, transfer::model as transfer},
    outcome::model as outcome,
    platform::http::contract::shapes::{self, one_of},
};

/// Years that a report may be asked for, and those that a list may be narrowed to.
const REPORTED: (i64, i64) = (1990, 2200);
const COUNTED: (i64, i64) = (1900, 2200);
/// A moment in microseconds, or a place in an order.
const NUMBER: &str = "[0-9]{1,18}";

/// Where a list goes on, by its path: the form of its cursors.
fn cursor(path: &str) -> Option<Value> {
    Some(match path {
        // By what the list goes by, which a lead may have none of, and by the place.
        "/api/v1/leads" => shapes::pattern(format!(r"^(?:(?:-1|{NUMBER})\.)?{NUMBER}$")),
        "/api/v1/leads/{id}/evidence" => shapes::pattern("^[0-9]{1,9}$"),
        "/api/v1/dossiers" | "/api/v1/cases" | "/api/v1/outcomes" | "/api/v1/uploads" => shapes::id(),
        "/api/v1/transfers" => shapes::beside(NUMBER),
        "/api/v1/agencies" | "/api/v1/charges" => shapes::code(),
        "/api/v1/regions" => region(),
        _ => return None,
    })
}

/// The code of a region.
fn region() -> Value {
    shapes::pattern("^[0-9]{6}$")
}

/// What a list is narrowed to by its state.
fn states(path: &str) -> Option<Value> {
    Some(match path {
        "/api/v1/leads" => one_of(lead::State::WORDS.iter().copied()),
        "/api/v1/transfers" => one_of(transfer::State::ALL.iter().map(|state| state.as_str())),
        "/api/v1/outcomes" => one_of(outcome::State::WORDS.iter().copied()),
        "/api/v1/agencies" => one_of(["now", "ended", "all"]),
        _ => return None,
    })
}

/// The schema of a parameter, where more is known than its type.
fn known(path: &str, name: &str, place: &str) -> Option<Value> {
    match (name, place) {
        ("limit", _) => {
            let mut limit = shapes::whole(1, 200);
            limit["default"] = 50.into();
            Some(limit)
        }
        ("after", "query") => cursor(path),
        ("Idempotency-Key", _) => Some(shapes::pattern("^[!-~]{1,255}$")),
        // By HTTP one that can't be read is passed over, and so no text is wrong.
        ("Range", _) => Some(json!({ "type": "string", "examples": ["bytes=0-1023"] })),
        ("q", "query") => Some(shapes::text(100)),
        ("brand", "query") => Some(shapes::seen(100)),
        // A code, or a name.
        ("region", "query") => Some(shapes::seen(100)),
        ("parent", "query") => Some(region()),
        ("charge" | "family" | "type", "query") => Some(shapes::code()),
        ("from" | "to" | "at", "query") => Some(shapes::day()),
        ("due_before" | "as_at", "query") => Some(shapes::moment()),
        ("month", "query") => Some(shapes::whole(1, 12)),
        ("year", "query") => Some(shapes::whole(COUNTED.0, COUNTED.1)),
        ("year", "path") => Some(shapes::whole(REPORTED.0, REPORTED.1)),
        ("agency" | "lead" | "case" | "operation", "query") | ("id", "path") => Some(shapes::id()),
        ("state", "query") => states(path),
        ("status", "query") => Some(one_of(Status::WORDS.iter().copied())),
        ("kind", "query") => Some(one_of(outcome::Kind::WORDS.iter().copied())),
        ("counted", "query") => Some(one_of(["1"])),
        ("by", "query") => Some(one_of(["identity"])),
        ("level", "query") => Some(one_of(AgencyLevel::ALL.iter().map(|level| level.as_str()))),
        ("sort", "query") => Some(one_of(["number", "-number", "value", "-value", "updated", "-updated"])),
        (name, "header") => resumable::header(name),
        _ => None,
    }
}

/// A type without `null`: what is left out of an address is no value.
fn given(schema: &mut Value) {
    let Some(Value::Array(types)) = schema.get_mut("type") else { return };
    types.retain(|one| one != "null");
    let single = if types.len() == 1 { types.pop() } else { None };
    if let Some(single) = single {
        schema["type"] = single;
    }
}

/// Puts what is known into the parameters of a document, and the problem into errors that have no content of their own.
pub fn refine(document: &mut Value) {
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return };
    for (path, item) in paths.iter_mut() {
        for call in item.as_object_mut().into_iter().flatten().map(|(_, call)| call) {
            let parameters = call.get_mut("parameters").and_then(Value::as_array_mut);
            for parameter in parameters.into_iter().flatten() {
                let text = |name: &str| parameter[name].as_str().unwrap_or_default().to_owned();
                match known(path, &text("name"), &text("in")) {
                    Some(schema) => parameter["schema"] = schema,
                    None => given(&mut parameter["schema"]),
                }
            }
            let answers = call.get_mut("responses").and_then(Value::as_object_mut);
            for (status, answer) in answers.into_iter().flatten() {
                if status.starts_with(['4', '5']) && answer["content"].is_null() {
                    let schema = json!({ "$ref": "#/components/schemas/Problem" });
                    answer["content"] = json!({ "application/problem+json": { "schema": schema } });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_says_what_is_taken() {
        let mut document = json!({ "paths": { "/api/v1/leads": { "get": {
            "parameters": [
                { "name": "limit", "in": "query", "schema": { "type": ["integer", "null"] } },
                { "name": "state", "in": "query", "schema": { "type": ["string", "null"] } },
                { "name": "other", "in": "query", "schema": { "type": ["string", "null"] } },
            ],
            "responses": { "200": {}, "416": { "description": "no such piece" } },
        } } } });
        refine(&mut document);
        let call = &document["paths"]["/api/v1/leads"]["get"];
        assert_eq!(call["parameters"][0]["schema"]["maximum"], 200);
        assert_eq!(call["parameters"][1]["schema"]["enum"][0], "draft");
        assert_eq!(call["parameters"][2]["schema"]["type"], "string");
        assert!(call["responses"]["416"]["content"]["application/problem+json"].is_object());
        assert!(call["responses"]["200"]["content"].is_null());
    }
}
