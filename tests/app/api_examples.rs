//! The examples of the API's document are true: each is tried on the demo as it stands there, answers with the status
//! that it says, and has the shape that the document describes.

use std::collections::{BTreeMap, BTreeSet};

use lead_handoff::{
    directory::people::{store, token},
    platform::db::Origin,
};
use reqwest::header;
use serde_json::{Value, json};

use crate::support::{Reply, TestApp, fixtures, tus};

/// What only whoever sends files sees.
const UPLOADS: &str = "/api/v1/uploads";

/// Whether a value is what a schema describes; what differs, with its place.
struct Shapes<'a> {
    schemas: &'a Value,
    faults: Vec<String>,
}

impl Shapes<'_> {
    fn resolve<'s>(&'s self, schema: &'s Value) -> &'s Value {
        match schema["$ref"].as_str() {
            Some(name) => &self.schemas[name.rsplit('/').next().unwrap_or_default()],
            None => schema,
        }
    }

    /// The members that an object may have, and those that it must have.
    fn members(&self, schema: &Value) -> (BTreeMap<String, Value>, BTreeSet<String>) {
        let schema = self.resolve(schema);
        let (mut may, mut must) = (BTreeMap::new(), BTreeSet::new());
        for part in schema["allOf"].as_array().into_iter().flatten() {
            let (more, needed) = self.members(part);
            may.extend(more);
            must.extend(needed);
        }
        let own = schema["properties"].as_object().into_iter().flatten();
        may.extend(own.map(|(name, field)| (name.clone(), field.clone())));
        let needed = schema["required"].as_array().into_iter().flatten();
        must.extend(needed.filter_map(Value::as_str).map(str::to_owned));
        (may, must)
    }

    fn check(&mut self, schema: &Value, value: &Value, place: &str) {
        let schema = self.resolve(schema).clone();
        let choices: Vec<Value> = ["oneOf", "anyOf"]
            .iter()
            .filter_map(|name| schema[*name].as_array())
            .flatten()
            .cloned()
            .collect();
        if !choices.is_empty() {
            let fits = choices.iter().any(|choice| {
                let mut inner = Shapes { schemas: self.schemas, faults: Vec::new() };
                inner.check(choice, value, place);
                inner.faults.is_empty()
            });
            if !fits {
                self.faults.push(format!("{place}: {value} is none of its kinds"));
            }
            return;
        }
        let types: Vec<&str> = match &schema["type"] {
            Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
            one => one.as_str().into_iter().collect(),
        };
        if schema["allOf"].is_array() || schema["properties"].is_object() {
            return self.object(&schema, value, place);
        }
        let is = |kind: &str| match kind {
            "null" => value.is_null(),
            "string" => value.is_string(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "boolean" => value.is_boolean(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            _ => false,
        };
        if !types.is_empty() && !types.iter().any(|kind| is(kind)) {
            self.faults.push(format!("{place}: {value} is no {types:?}"));
        }
        if let (Some(words), Some(text)) = (schema["enum"].as_array(), value.as_str())
            && !words.iter().any(|word| word == text)
        {
            self.faults.push(format!("{place}: «{text}» is none of {words:?}"));
        }
        if let (Some(format), Some(text)) = (schema["format"].as_str(), value.as_str()) {
            let fits = match format {
                "uuid" => text.parse::<uuid::Uuid>().is_ok(),
                "date" => text.parse::<chrono::NaiveDate>().is_ok(),
                "date-time" => chrono::DateTime::parse_from_rfc3339(text).is_ok(),
                _ => true,
            };
            if !fits {
                self.faults.push(format!("{place}: «{text}» is no {format}"));
            }
        }
        for (n, item) in value.as_array().into_iter().flatten().enumerate() {
            self.check(&schema["items"], item, &format!("{place}[{n}]"));
        }
    }

    fn object(&mut self, schema: &Value, value: &Value, place: &str) {
        let Some(given) = value.as_object() else {
            self.faults.push(format!("{place}: {value} is no object"));
            return;
        };
        let (may, must) = self.members(schema);
        let missing = must.iter().filter(|name| !given.contains_key(*name));
        self.faults.extend(missing.map(|name| format!("{place}: no {name}")));
        for (name, inner) in given {
            match may.get(name) {
                Some(field) => self.check(field, inner, &format!("{place}.{name}")),
                None => self.faults.push(format!("{place}: {name} is not described")),
            }
        }
    }
}

/// What of a value is not as a schema says.
fn faults(document: &Value, schema: &Value, value: &Value, place: &str) -> Vec<String> {
    let mut shapes = Shapes { schemas: &document["components"]["schemas"], faults: Vec::new() };
    shapes.check(schema, value, place);
    shapes.faults
}

/// A token of the demo's account `username`.
async fn token_of(app: &TestApp, username: &'static str) -> String {
    let made = app.services.db.write(Origin::system("system:cli"), move |tx| {
        let person = store::by_username(tx.conn(), username)?.id;
        let new = token::NewToken { name: "test".into(), scopes: vec!["read", "write"], days: None };
        token::create_for(tx, person, new)
    });
    made.await.expect("a token")
}

async fn get(app: &TestApp, token: &str, url: &str) -> Reply {
    let program = app.stranger();
    program.send(program.client.get(program.url(url)).bearer_auth(token)).await
}

/// The address of an example with its ids, each asked for as it says.
async fn address(app: &TestApp, token: &str, example: &Value) -> String {
    let mut known: Vec<(String, String)> = Vec::new();
    let filled = |text: &str, known: &[(String, String)]| {
        known.iter().fold(text.to_owned(), |text, (name, id)| text.replace(&format!("${name}"), id))
    };
    for variable in example["variables"].as_array().expect("variables") {
        let url = filled(variable["url"].as_str().expect("an address"), &known);
        let answer = get(app, token, &url).await.expect(200).json();
        let pointer = variable["pointer"].as_str().expect("a pointer");
        let id = answer.pointer(pointer).and_then(Value::as_str);
        let id = id.unwrap_or_else(|| panic!("{url} has no {pointer}: {answer}")).to_owned();
        known.push((variable["name"].as_str().expect("a name").to_owned(), id));
    }
    filled(example["url"].as_str().expect("an address"), &known)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_example_answers_on_the_demo_as_the_document_says() {
    let app = TestApp::demo().await;
    let document = app.stranger().get("/api/openapi.json").await.expect(200).json();
    let token = token_of(&app, "manager").await;
    let (mut wrong, mut tried, mut rows) = (Vec::new(), 0, 0);
    for (path, item) in document["paths"].as_object().expect("paths") {
        let Some(call) = item.get("get").filter(|_| !path.starts_with(UPLOADS)) else { continue };
        let url = address(&app, &token, &call["x-example"]).await;
        let reply = get(&app, &token, &url).await;
        tried += 1;
        if reply.status.as_u16() != 200 {
            wrong.push(format!("{url}: {} {}", reply.status, reply.text()));
            continue;
        }
        let described = call["responses"]["200"]["content"].as_object().expect("content");
        let (media, content) = described.iter().next().expect("a media type");
        let kind = reply.headers[header::CONTENT_TYPE].to_str().expect("text").to_owned();
        // The bytes of evidence are of whatever kind the item is.
        if !kind.starts_with(media.as_str()) && !path.ends_with("/content") {
            wrong.push(format!("{url}: {kind}, the document says {media}"));
        }
        if media != "application/json" {
            continue;
        }
        let answer = reply.json();
        rows += answer["items"].as_array().map_or(0, Vec::len);
        wrong.extend(faults(&document, &content["schema"], &answer, &url));
        wrong.extend(faults(
            &document,
            &content["schema"],
            &content["example"],
            &format!("example of {path}"),
        ));
    }
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
    assert!(tried > 20 && rows > 8, "{tried} calls, {rows} rows");

    // What is made by the example's own body.
    let call = &document["paths"]["/api/v1/leads"]["post"];
    let writer = token_of(&app, "compiler").await;
    let program = app.stranger();
    let request = program.client.post(program.url("/api/v1/leads")).bearer_auth(&writer);
    let body = call["x-example"]["body"].as_str().expect("a body").to_owned();
    let made = program.send(request.header(header::CONTENT_TYPE, "application/json").body(body)).await;
    let made = made.expect(201).json();
    let schema = &call["responses"]["201"]["content"]["application/json"]["schema"];
    assert_eq!(faults(&document, schema, &made, "a new lead"), Vec::<String>::new());

    // A file on its way is its sender's alone.
    let sender = tus::Client::of_program(app.stranger(), writer);
    let lead = made["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    let begun = sender.send(sender.beginning(3, &tus::said(lead, "a.txt"))).await.expect(201);
    let paths = &document["paths"];
    let shape = |path: &str, method: &str, status: &str| {
        paths[path][method]["responses"][status]["content"]["application/json"].clone()
    };
    let each = format!("{UPLOADS}/{{id}}");
    let answers = [
        (shape(UPLOADS, "post", "201"), begun.json()),
        (shape(UPLOADS, "get", "200"), sender.look(&format!("{UPLOADS}?limit=2")).await),
        (shape(&each, "get", "200"), sender.look(&begun.location).await),
    ];
    for (content, answer) in answers {
        assert_eq!(faults(&document, &content["schema"], &answer, UPLOADS), Vec::<String>::new());
        assert_eq!(faults(&document, &content["schema"], &content["example"], UPLOADS), Vec::<String>::new());
    }
    let listed = sender.look(&format!("{UPLOADS}?lead={lead}")).await;
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn another_method_is_refused_with_those_that_there_are() {
    let app = TestApp::new().await;
    let token = fixtures::token(&app, "compiler").await;
    let program = app.stranger();
    let before = app.audit_count().await;
    for (method, path, allow) in [
        ("DELETE", "/api/v1/leads", "GET, POST"),
        ("PATCH", "/api/v1/charges", "GET"),
        ("POST", "/api/v1/me", "GET"),
        ("PUT", "/api/v1/audit/tile/0/000", "GET"),
    ] {
        let method = method.parse::<reqwest::Method>().expect("a method");
        let request = program.client.request(method, program.url(path)).bearer_auth(&token);
        let reply = program.send(request.header("origin", &program.base)).await.expect(405);
        let mut allowed: Vec<&str> =
            reply.headers[header::ALLOW].to_str().expect("text").split(", ").collect();
        allowed.sort_unstable();
        assert_eq!(allowed.join(", "), allow, "{path}");
        assert_eq!(reply.headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(reply.json()["status"], json!(405));
    }
    assert_eq!(app.audit_count().await, before, "a method that there is not is no attempt at anything");
}

/// A program that keeps to the document is not refused for what the document says nothing of.
#[tokio::test]
async fn what_the_document_bounds_is_what_the_program_takes() {
    let app = TestApp::new().await;
    let token = fixtures::token(&app, "manager").await;
    let sender = fixtures::token_for(&app, "compiler", &["write"]).await;
    let document = app.stranger().get("/api/openapi.json").await.expect(200).json();
    for (path, item) in document["paths"].as_object().expect("paths") {
        if path.contains('{') {
            continue;
        }
        for parameter in item["get"]["parameters"].as_array().into_iter().flatten() {
            let (name, schema) = (parameter["name"].as_str().expect("a name"), &parameter["schema"]);
            let mut values: Vec<String> = Vec::new();
            values.extend(
                schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned),
            );
            values.extend(
                ["minimum", "maximum"]
                    .iter()
                    .filter_map(|edge| schema[*edge].as_i64())
                    .map(|n| n.to_string()),
            );
            if schema["format"] == "date" {
                values.extend(["1900-01-01".to_owned(), "2199-12-31".to_owned()]);
            }
            for value in values {
                let token = if path.starts_with(UPLOADS) { &sender } else { &token };
                get(&app, token, &format!("{path}?{name}={value}")).await.expect(200);
            }
        }
    }
}
