//! The description as a page, read from the very JSON that is served.

use askama::Template;
use serde_json::Value;

use super::calls::jq;
use crate::platform::{
    http::{
        layout::Chrome,
        view::{Chip, Tone},
    },
    i18n,
};

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
    pub body: Option<(String, Kind)>,
    pub answers: Vec<Answer>,
    /// Lines for a shell that try it on the demo.
    pub shell: String,
    /// The status and the body of an example of what it answers; empty: it is no JSON.
    pub example: (String, String),
}

/// The calls about one thing.
pub struct Group {
    pub id: String,
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
    /// Where this installation answers.
    pub base: String,
    pub problem: String,
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

/// Media type and shape of a body or an answer.
fn content(value: &Value) -> Option<(String, Kind)> {
    let (media, content) = object(&value["content"]).next()?;
    Some((media.clone(), kind_of(&content["schema"])))
}

fn answer(c: &Chrome, (status, value): (&String, &Value)) -> Answer {
    let (media, kind) = content(value).unwrap_or_default();
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
        // Bytes of a file are among the flags.
        "" | "application/offset+octet-stream" => (String::new(), String::new()),
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

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// Whether a method changes nothing.
fn is_look(method: &str) -> bool {
    matches!(method, "get" | "head" | "options")
}

fn call(c: &Chrome, path: &str, method: &str, value: &Value) -> Call {
    let scopes = list(value, "security").filter_map(|one| one["token"][0].as_str());
    let summary = [text(value, "summary"), text(value, "description")];
    let scope = scopes.last().unwrap_or_default().to_owned();
    let body = content(&value["requestBody"]);
    let media = body.as_ref().map_or("", |(media, _)| media.as_str());
    let example = example(value);
    let answers: Vec<Answer> = object(&value["responses"]).map(|one| answer(c, one)).collect();
    let is_text = answers.iter().any(|answer| answer.media.starts_with("text/"));
    Call {
        id: format!("{method}{}", path.replace(['/', '{', '}'], "-")),
        title: c.t(format!("api-call-{}", word(method, path))),
        method: Chip::new(method.to_uppercase(), if is_look(method) { Tone::Info } else { Tone::Good }),
        path: path.to_owned(),
        summary: summary.join(" ").trim().to_owned(),
        params: list(value, "parameters").map(param).collect(),
        shell: shell(value, scope.is_empty(), media, method == "get" && example.1.is_empty() && !is_text),
        scope,
        body,
        answers,
        example,
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
    /// `base`: the address of this installation.
    pub fn new(c: Chrome, document: &Value, base: &str) -> Self {
        let group = |tag: &Value| {
            let name = text(tag, "name");
            Group { id: format!("about-{name}"), name, calls: Vec::new() }
        };
        let mut groups: Vec<Group> = list(document, "tags").map(group).collect();
        for (path, item) in object(&document["paths"]) {
            for (method, value) in object(item) {
                let tag = format!("about-{}", value["tags"][0].as_str().unwrap_or_default());
                if let Some(group) = groups.iter_mut().find(|group| group.id == tag) {
                    group.calls.push(call(&c, path, method, value));
                }
            }
        }
        for group in &mut groups {
            group.name = c.t(format!("api-about-{}", group.name));
        }
        let schemas = object(&document["components"]["schemas"]).map(schema).collect();
        let problem = "/paths/~1api~1v1~1leads/post/responses/422/content/application~1problem+json/example";
        let problem = document.pointer(problem).map_or_else(String::new, pretty);
        Self { c, base: base.to_owned(), problem, groups, schemas }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_call_has_words_in_both_languages_and_lines_that_try_it() {
        let document = super::super::document();
        for language in i18n::Lang::ALL {
            let c = Chrome { language, ..Chrome::default() };
            let page = DocsPage::new(c, &document, "http://127.0.0.1:8080");
            let html = page.render().expect("a page");
            for gone in [">api-", "\"api-call-", " style=", "<script>"] {
                assert!(!html.contains(gone), "{language}: {gone}");
            }
            for call in page.groups.iter().flat_map(|group| &group.calls) {
                assert!(!call.title.starts_with("api-call-"), "{language}: {}", call.title);
                assert!(
                    call.shell.contains("curl -s") && call.shell.contains("$BASE/api/v1/"),
                    "{}",
                    call.shell
                );
            }
        }
    }

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
