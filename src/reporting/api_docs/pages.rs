//! The description as a page, read from the very JSON that is served.

use askama::Template;
use serde_json::Value;

use crate::platform::http::layout::Chrome;

/// A type as it is read: words before and after, and a schema of the page where it is one.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Kind {
    pub before: &'static str,
    pub name: String,
    pub after: String,
    /// Whether `name` is a schema of this page.
    pub linked: bool,
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
    pub text: String,
    pub media: String,
    pub kind: Kind,
}

/// One call.
pub struct Call {
    pub id: String,
    pub method: String,
    pub path: String,
    pub summary: String,
    /// Scope that the token must have; empty: none is asked for.
    pub scope: String,
    pub params: Vec<Row>,
    pub body: Option<(String, Kind)>,
    pub answers: Vec<Answer>,
}

/// The calls about one thing.
pub struct Group {
    pub name: String,
    pub calls: Vec<Call>,
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

#[derive(Template)]
#[template(path = "reporting/api.html")]
pub struct DocsPage {
    pub c: Chrome,
    pub intro: String,
    pub groups: Vec<Group>,
    pub schemas: Vec<Schema>,
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value[name].as_array().into_iter().flatten()
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// Reads a schema as a type.
fn kind_of(schema: &Value) -> Kind {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap_or_default().to_owned();
        return Kind { name, linked: true, ..Kind::default() };
    }
    let choices: Vec<&Value> =
        list(schema, "oneOf").chain(list(schema, "anyOf")).chain(list(schema, "allOf")).collect();
    let is_null = |choice: &&&Value| choice["type"] == "null";
    if let Some(choice) = choices.iter().find(|choice| !is_null(choice)) {
        let mut kind = kind_of(choice);
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
        let item = kind_of(&schema["items"]);
        return Kind { before: "[", after: format!("{}]{null}", item.after), ..item };
    }
    let format = schema["format"].as_str().map(|format| format!(" ({format})")).unwrap_or_default();
    Kind { name: word.to_owned(), after: format!("{format}{null}"), ..Kind::default() }
}

fn param(value: &Value) -> Row {
    Row {
        name: text(value, "name"),
        place: text(value, "in"),
        needed: value["required"] == true,
        kind: kind_of(&value["schema"]),
        text: text(value, "description"),
    }
}

/// Media type and shape of a body or an answer.
fn content(value: &Value) -> Option<(String, Kind)> {
    let (media, content) = object(&value["content"]).next()?;
    Some((media.clone(), kind_of(&content["schema"])))
}

fn answer((status, value): (&String, &Value)) -> Answer {
    let (media, kind) = content(value).unwrap_or_default();
    Answer { status: status.clone(), text: text(value, "description"), media, kind }
}

fn call(path: &str, method: &str, value: &Value) -> Call {
    let scopes = list(value, "security").filter_map(|one| one["token"][0].as_str());
    let summary = [text(value, "summary"), text(value, "description")];
    Call {
        id: format!("{method}{}", path.replace(['/', '{', '}'], "-")),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: summary.join(" ").trim().to_owned(),
        scope: scopes.last().unwrap_or_default().to_owned(),
        params: list(value, "parameters").map(param).collect(),
        body: content(&value["requestBody"]),
        answers: object(&value["responses"]).map(answer).collect(),
    }
}

/// The fields of an object and the shapes that it takes in.
fn parts(value: &Value) -> (Vec<Row>, Vec<Kind>) {
    let needed: Vec<&str> = list(value, "required").filter_map(Value::as_str).collect();
    let field = |(name, field): (&String, &Value)| Row {
        name: name.clone(),
        place: String::new(),
        needed: needed.contains(&name.as_str()),
        kind: kind_of(field),
        text: text(field, "description"),
    };
    let mut fields: Vec<Row> = object(&value["properties"]).map(field).collect();
    let mut includes = Vec::new();
    for part in list(value, "allOf") {
        if part["$ref"].is_string() {
            includes.push(kind_of(part));
        } else {
            fields.extend(parts(part).0);
        }
    }
    (fields, includes)
}

fn schema((name, value): (&String, &Value)) -> Schema {
    let (fields, includes) = parts(value);
    let kind = if fields.is_empty() { kind_of(value) } else { Kind::default() };
    Schema { name: name.clone(), text: text(value, "description"), fields, kind, includes }
}

impl DocsPage {
    pub fn new(c: Chrome, document: &Value) -> Self {
        let mut groups: Vec<Group> =
            list(document, "tags").map(|tag| Group { name: text(tag, "name"), calls: Vec::new() }).collect();
        for (path, item) in object(&document["paths"]) {
            for (method, value) in object(item) {
                let tag = value["tags"][0].as_str().unwrap_or_default();
                if let Some(group) = groups.iter_mut().find(|group| group.name == tag) {
                    group.calls.push(call(path, method, value));
                }
            }
        }
        let schemas = object(&document["components"]["schemas"]).map(schema).collect();
        Self { c, intro: text(&document["info"], "description"), groups, schemas }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn types_are_read_as_people_write_them() {
        let words = |schema: Value| {
            let kind = kind_of(&schema);
            (format!("{}{}{}", kind.before, kind.name, kind.after), kind.linked)
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
