//! Calls and shapes as they are read, from the very JSON that is served.

use serde_json::Value;

use super::{
    calls::jq,
    places::{Places, object},
};
use crate::platform::{
    http::{
        layout::Chrome,
        view::{Chip, Tone},
    },
    i18n,
};

/// A type as it is read: words before and after, and where it is described, if it is a shape.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Kind {
    pub before: &'static str,
    pub name: String,
    pub after: String,
    /// Where `name` is described; empty: it is no shape.
    pub href: String,
}

/// A parameter, or a field of a schema.
pub struct Row {
    pub name: String,
    /// `path`, `query`, `header`; empty for fields.
    pub place: String,
    pub needed: bool,
    pub kind: Kind,
    pub text: String,
}

/// What a call answers.
pub struct Answer {
    pub status: String,
    /// What the status means, in the reader's language; empty: only the text says it.
    pub words: String,
    pub text: String,
    pub media: String,
    pub kind: Kind,
}

/// One call.
pub struct Call {
    pub id: String,
    /// What it does, in the reader's language.
    pub title: String,
    pub method: Chip,
    pub path: String,
    pub summary: String,
    /// Scope that the token must have; empty: none is asked for.
    pub scope: String,
    pub params: Vec<Row>,
    pub bodies: Vec<(String, Kind)>,
    pub answers: Vec<Answer>,
    /// Lines for a shell that try it on the demo.
    pub shell: String,
    /// The status and the body of an example of what it answers; empty: it is no JSON.
    pub example: (String, String),
}

/// A shape.
pub struct Schema {
    pub name: String,
    pub text: String,
    pub fields: Vec<Row>,
    /// What it is made of, where it is no object.
    pub kind: Kind,
    /// Shapes whose fields it has too.
    pub includes: Vec<Kind>,
}

/// A member that is a text; empty: there is none.
pub(super) fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

/// The items of a member that is a list.
pub(super) fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value[name].as_array().into_iter().flatten()
}

/// Reads a schema as a type.
fn kind_of(places: &Places<'_>, schema: &Value) -> Kind {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap_or_default().to_owned();
        return Kind { href: places.href(&name), name, ..Kind::default() };
    }
    let choices: Vec<&Value> =
        list(schema, "oneOf").chain(list(schema, "anyOf")).chain(list(schema, "allOf")).collect();
    let is_null = |choice: &&&Value| choice["type"] == "null";
    if let Some(choice) = choices.iter().find(|choice| !is_null(choice)) {
        let mut kind = kind_of(places, choice);
        if choices.iter().any(|choice| is_null(&choice)) {
            kind.after.push_str(" | null");
        }
        return kind;
    }
    let words: Vec<&str> = match &schema["type"] {
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    let null = if words.contains(&"null") { " | null" } else { "" };
    let word = words.iter().find(|word| **word != "null").copied().unwrap_or("any");
    if word == "array" {
        let item = kind_of(places, &schema["items"]);
        return Kind { before: "[", after: format!("{}]{null}", item.after), ..item };
    }
    let format = schema["format"].as_str().map(|format| format!(" ({format})")).unwrap_or_default();
    Kind { name: word.to_owned(), after: format!("{format}{null}"), ..Kind::default() }
}

fn param(places: &Places<'_>, value: &Value) -> Row {
    Row {
        name: text(value, "name"),
        place: text(value, "in"),
        needed: value["required"] == true,
        kind: kind_of(places, &value["schema"]),
        text: described(value),
    }
}

/// What a parameter is for; where nothing is said, the words that it takes.
fn described(value: &Value) -> String {
    let said = text(value, "description");
    if !said.is_empty() {
        return said;
    }
    list(&value["schema"], "enum").filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
}

/// Media types and shapes of a body or an answer.
fn contents(places: &Places<'_>, value: &Value) -> Vec<(String, Kind)> {
    let one = |(media, content): (&String, &Value)| (media.clone(), kind_of(places, &content["schema"]));
    object(&value["content"]).map(one).collect()
}

fn answer(c: &Chrome, places: &Places<'_>, (status, value): (&String, &Value)) -> Answer {
    let (media, kind) = contents(places, value).into_iter().next().unwrap_or_default();
    let key = format!("api-status-{status}");
    let words = if i18n::has(c.language, &key) { c.t(key) } else { String::new() };
    Answer { status: status.clone(), words, text: text(value, "description"), media, kind }
}

/// The end of the keys of a call's messages: `get-leads-id`.
fn word(method: &str, path: &str) -> String {
    let path = path.trim_start_matches("/api/v1/").replace(['{', '}'], "").replace(['/', '.', '_'], "-");
    format!("{method}-{path}")
}

/// A call to be typed: with its token, unless it needs none.
fn curl(is_public: bool, more: &str, url: &str) -> String {
    let token = if is_public { "" } else { " -H \"Authorization: Bearer $TOKEN\"" };
    format!("curl -s{token}{more} \"$BASE{url}\"")
}

/// How a body is given: a document from the lines below, or the fields of a form.
fn body(media: &str, body: &str) -> (String, String) {
    match media {
        // Where there is a body all the same, as bytes of a file, it is among the flags.
        media if media.is_empty() || body.is_empty() => (String::new(), String::new()),
        "multipart/form-data" => {
            let fields: Vec<String> = body.lines().map(|field| format!(" \\\n  -F '{field}'")).collect();
            (format!("{} \\\n ", fields.concat()), String::new())
        }
        media => {
            let head = format!(
                " -X POST \\\n  -H 'Content-Type: {media}' -H \"Idempotency-Key: $(uuidgen)\" -d @- \\\n "
            );
            (head, format!(" <<JSON\n{body}\nJSON"))
        }
    }
}

/// The lines that try a call: first the ids that it needs, then the call.
fn shell(value: &Value, is_public: bool, media: &str, answers_bytes: bool) -> String {
    let tried = &value["x-example"];
    let line = |one: &Value| {
        let pointer = jq(one["pointer"].as_str().unwrap_or_default());
        format!("{}=$({} | jq -r '{pointer}')", text(one, "name"), curl(false, "", &text(one, "url")))
    };
    let mut lines: Vec<String> = list(tried, "variables").map(line).collect();
    let (more, after) = body(media, &text(tried, "body"));
    let more = more + &text(tried, "flags");
    let more = if answers_bytes { format!("{more} -O") } else { more };
    lines.push(format!("{}{after}", curl(is_public, &more, &text(tried, "url"))));
    lines.join("\n")
}

/// The first answer that has an example: its status and its body.
fn example(value: &Value) -> (String, String) {
    let answers = object(&value["responses"]).filter(|(status, _)| status.starts_with('2'));
    let found = answers.map(|(status, answer)| (status, &answer["content"]["application/json"]["example"]));
    let shown = found.filter(|(_, example)| !example.is_null());
    shown.map(|(status, example)| (status.clone(), pretty(example))).next().unwrap_or_default()
}

/// As people read it, over several lines.
pub(super) fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// Whether a method changes nothing.
fn is_look(method: &str) -> bool {
    matches!(method, "get" | "head" | "options")
}

/// The anchor of a call.
pub(super) fn id_of(path: &str, method: &str) -> String {
    format!("{method}{}", path.replace(['/', '{', '}'], "-"))
}

/// What a call does, in the reader's language.
pub(super) fn title_of(c: &Chrome, path: &str, method: &str) -> String {
    c.t(format!("api-call-{}", word(method, path)))
}

/// The method, and whether it changes something.
pub(super) fn chip_of(method: &str) -> Chip {
    Chip::new(method.to_uppercase(), if is_look(method) { Tone::Info } else { Tone::Good })
}

/// One call, as its page has it.
pub(super) fn call(c: &Chrome, places: &Places<'_>, path: &str, method: &str, value: &Value) -> Call {
    let scopes = list(value, "security").filter_map(|one| one["token"][0].as_str());
    let summary = [text(value, "summary"), text(value, "description")];
    let scope = scopes.last().unwrap_or_default().to_owned();
    let bodies = contents(places, &value["requestBody"]);
    let media = bodies.first().map_or("", |(media, _)| media.as_str());
    let example = example(value);
    let answers: Vec<Answer> = object(&value["responses"]).map(|one| answer(c, places, one)).collect();
    let is_text = answers.iter().any(|answer| answer.media.starts_with("text/"));
    Call {
        id: id_of(path, method),
        title: title_of(c, path, method),
        method: chip_of(method),
        path: path.to_owned(),
        summary: summary.join(" ").trim().to_owned(),
        params: list(value, "parameters").map(|one| param(places, one)).collect(),
        shell: shell(value, scope.is_empty(), media, method == "get" && example.1.is_empty() && !is_text),
        scope,
        bodies,
        answers,
        example,
    }
}

/// The fields of an object and the shapes that it takes in.
fn parts(places: &Places<'_>, value: &Value) -> (Vec<Row>, Vec<Kind>) {
    let needed: Vec<&str> = list(value, "required").filter_map(Value::as_str).collect();
    let field = |(name, field): (&String, &Value)| Row {
        name: name.clone(),
        place: String::new(),
        needed: needed.contains(&name.as_str()),
        kind: kind_of(places, field),
        text: text(field, "description"),
    };
    let mut fields: Vec<Row> = object(&value["properties"]).map(field).collect();
    let mut includes = Vec::new();
    for part in list(value, "allOf") {
        if part["$ref"].is_string() {
            includes.push(kind_of(places, part));
        } else {
            fields.extend(parts(places, part).0);
        }
    }
    (fields, includes)
}

/// One shape, as its page has it.
pub(super) fn schema(places: &Places<'_>, name: &str, value: &Value) -> Schema {
    let (mut fields, includes) = parts(places, value);
    // Of a list's page the document has each field of an item once more; here they stand with the item.
    if let (Some(item), Some(row)) = (places.item_of(name), fields.iter_mut().find(|row| row.name == "items"))
    {
        row.kind = Kind { before: "[", name: item.to_owned(), after: "]".into(), href: places.href(item) };
    }
    let kind = if fields.is_empty() { kind_of(places, value) } else { Kind::default() };
    Schema { name: name.to_owned(), text: text(value, "description"), fields, kind, includes }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_call_is_tried_with_the_ids_that_it_needs() {
        let value = json!({ "x-example": {
            "url": "/api/v1/leads/$LEAD",
            "variables": [{ "name": "LEAD", "url": "/api/v1/leads?limit=1", "pointer": "/items/0/id" }],
        } });
        assert_eq!(
            shell(&value, false, "", false),
            "LEAD=$(curl -s -H \"Authorization: Bearer $TOKEN\" \"$BASE/api/v1/leads?limit=1\" | jq -r '.items[0].id')\n\
             curl -s -H \"Authorization: Bearer $TOKEN\" \"$BASE/api/v1/leads/$LEAD\""
        );
        let value = json!({ "x-example": { "url": "/x", "variables": [], "body": "{}" } });
        let posted = shell(&value, false, "application/json", false);
        assert!(posted.contains("-d @-") && posted.ends_with("\"$BASE/x\" <<JSON\n{}\nJSON"), "{posted}");
        assert_eq!(shell(&value, true, "", true), "curl -s -O \"$BASE/x\"");
    }

    #[test]
    fn types_are_read_as_people_write_them() {
        let words = |schema: Value| {
            let kind = kind_of(&Places::default(), &schema);
            (format!("{}{}{}", kind.before, kind.name, kind.after), !kind.href.is_empty())
        };
        assert_eq!(
            words(json!({"type": ["string", "null"], "format": "date"})),
            ("string (date) | null".into(), false)
        );
        assert_eq!(
            words(json!({"type": "array", "items": {"$ref": "#/components/schemas/A"}})),
            ("[A]".into(), true)
        );
        let maybe = json!({"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/A"}]});
        assert_eq!(words(maybe), ("A | null".into(), true));
        assert_eq!(words(json!({})), ("any".into(), false));
    }
}
