//! Puts examples into the document: of each answer and body, and how each call is tried (`x-example`).

use serde_json::{Value, json};

use super::{
    calls::{self, Tried},
    samples::{ID, Samples},
};

/// Answers that are shown by an example: what was asked for, and the one error that says more than its status.
fn is_shown(status: &str) -> bool {
    status.starts_with('2') || status == "422"
}

/// What a program is told that left out a title.
fn problem() -> Value {
    json!({
        "type": "about:blank",
        "title": "The request could not be read",
        "status": 422,
        "detail": "title: This must be given.",
        "reference": null,
        "errors": [{ "field": "title", "code": "error-required", "message": "This must be given." }],
    })
}

/// The example of one media type.
fn example(media: &str, content: &Value, samples: &Samples<'_>) -> Option<Value> {
    match media {
        "application/json" => Some(samples.of(&content["schema"])),
        "application/problem+json" => Some(problem()),
        _ => None,
    }
}

/// How a call is tried, as the document says it.
fn tried(one: &Tried) -> Value {
    let variables: Vec<Value> = one
        .variables
        .iter()
        .map(|one| json!({ "name": one.name, "url": one.url, "pointer": one.pointer }))
        .collect();
    json!({ "variables": variables, "url": one.url, "body": one.body, "flags": one.flags })
}

/// A body as it is tried, with ids in the place of its variables.
fn filled(one: &Tried) -> Value {
    let names = one.variables.iter().map(|variable| format!("${}", variable.name));
    let body = names.fold(one.body.to_owned(), |body, name| body.replace(&name, ID));
    serde_json::from_str(&body).unwrap_or_default()
}

/// Adds the examples.
pub fn add(document: &mut Value) {
    let shapes = document.clone();
    let samples = Samples::new(&shapes);
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return };
    for (path, item) in paths.iter_mut() {
        for (method, call) in item.as_object_mut().into_iter().flatten() {
            let answers = call.get_mut("responses").and_then(Value::as_object_mut);
            for (_, answer) in answers.into_iter().flatten().filter(|(status, _)| is_shown(status)) {
                let contents = answer.get_mut("content").and_then(Value::as_object_mut);
                for (media, content) in contents.into_iter().flatten() {
                    if let Some(example) = example(media, content, &samples) {
                        content["example"] = example;
                    }
                }
            }
            let Some(one) = calls::tried(method, path) else { continue };
            call["x-example"] = tried(one);
            // Where the body may be left out it says its example itself.
            if !one.body.is_empty()
                && let Some(content) = call.pointer_mut("/requestBody/content/application~1json")
            {
                content["example"] = filled(one);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::document;

    /// The places of a document that say `…`.
    fn unsampled(part: &serde_json::Value, place: &str, out: &mut Vec<String>) {
        match part {
            serde_json::Value::String(text) if text == "…" => out.push(place.to_owned()),
            serde_json::Value::Array(list) => list.iter().for_each(|one| unsampled(one, place, out)),
            serde_json::Value::Object(map) => {
                map.iter().for_each(|(name, one)| unsampled(one, &format!("{place}/{name}"), out));
            }
            _ => {}
        }
    }

    #[test]
    fn every_call_is_tried_and_every_json_answer_has_an_example() {
        let document = document();
        for (path, item) in document["paths"].as_object().expect("paths") {
            for (method, call) in item.as_object().expect("methods") {
                assert!(call["x-example"]["url"].is_string(), "{method} {path} is not tried");
                for (status, answer) in call["responses"].as_object().expect("answers") {
                    let json = &answer["content"]["application/json"];
                    assert!(json.is_null() || !json["example"].is_null(), "{method} {path} {status}");
                }
                let body = &call["requestBody"]["content"]["application/json"];
                assert!(body.is_null() || body["example"].is_object(), "{method} {path}");
            }
        }
        // No field is without a value of its own.
        let mut without = Vec::new();
        unsampled(&document, "", &mut without);
        assert!(without.is_empty(), "no sample for {without:?}");
    }
}
