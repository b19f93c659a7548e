//! The document of the API is what its requests are held to: what it rules out is refused with the field named, what it
//! allows is taken up to its bounds, and what it can't say of a value is told apart from a mistake of the program.

use reqwest::{Method, RequestBuilder, header};
use serde_json::{Value, json};

use crate::support::{Browser, Reply, TestApp, fixtures};

/// A program with a token of `who`, and the document that it reads.
struct Program {
    browser: Browser,
    token: String,
    document: Value,
}

/// A call of the document.
struct Call<'a> {
    method: Method,
    /// With ids and other parts filled in.
    path: String,
    described: &'a Value,
}

impl Program {
    async fn of(app: &TestApp, who: &str) -> Self {
        let browser = app.stranger();
        let document = browser.get("/api/openapi.json").await.expect(200).json();
        Self { browser, token: fixtures::token_for(app, who, &["read", "write"]).await, document }
    }

    fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.browser.client.request(method, self.browser.url(path));
        request.header("origin", &self.browser.base).bearer_auth(&self.token)
    }

    async fn get(&self, path: &str) -> Reply {
        self.browser.send(self.ask(Method::GET, path)).await
    }

    async fn post(&self, path: &str, body: &Value) -> Reply {
        self.browser.send(self.ask(Method::POST, path).body(body.to_string())).await
    }

    /// Every call, with an id that there is nothing of.
    fn calls(&self) -> Vec<Call<'_>> {
        let mut calls = Vec::new();
        for (path, item) in self.document["paths"].as_object().expect("paths") {
            let path = path.replace("{id}", &uuid::Uuid::now_v7().to_string()).replace("{year}", "2016");
            let path = path.replace("{path}", "0/000");
            for (method, described) in item.as_object().expect("methods") {
                let method = method.to_uppercase().parse().expect("a method");
                calls.push(Call { method, path: path.clone(), described });
            }
        }
        calls
    }
}

/// The parameters of a call's query: names and schemas.
fn asked(described: &Value) -> Vec<(&str, &Value)> {
    let all = described["parameters"].as_array().into_iter().flatten();
    let asked = all.filter(|parameter| parameter["in"] == "query");
    asked.map(|parameter| (parameter["name"].as_str().expect("a name"), &parameter["schema"])).collect()
}

/// A value that a schema rules out.
fn mistyped(schema: &Value) -> String {
    match (schema["type"].as_str(), schema["format"].as_str(), schema["maxLength"].as_u64()) {
        (Some("integer"), ..) => "x".to_owned(),
        (_, Some("date"), _) => "2016-02-30".to_owned(),
        (.., Some(most)) => "x".repeat(usize::try_from(most).expect("a length") + 1),
        _ => "!".to_owned(),
    }
}

/// The fields that a problem names.
#[track_caller]
fn fields(reply: Reply, status: u16) -> Vec<String> {
    let reply = reply.expect(status);
    assert_eq!(reply.headers[header::CONTENT_TYPE], "application/problem+json");
    let problem = reply.json();
    assert_eq!(problem["status"], status);
    let errors = problem["errors"].as_array().expect("errors").iter();
    errors.filter_map(|error| error["field"].as_str()).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_parameter_without_a_value_or_with_another_kind_of_value_is_named() {
    let app = TestApp::new().await;
    let program = Program::of(&app, "manager").await;
    let before = app.audit_count().await;
    let mut tried = 0;
    for call in program.calls().iter().filter(|call| call.method == Method::GET) {
        for (name, schema) in asked(call.described) {
            let mut wrong = vec![format!("{name}={}", mistyped(schema)), format!("{name}=&{name}=")];
            // Words that are searched for may be none.
            if name != "q" {
                wrong.push(format!("{name}="));
            }
            for query in wrong {
                tried += 1;
                let address = format!("{}?{query}", call.path);
                let reply = program.get(&address).await;
                assert_eq!(reply.status.as_u16(), 422, "{address}: {}", reply.text());
                assert_eq!(fields(reply, 422), [name], "{address}");
            }
        }
    }
    assert!(tried > 100, "{tried} were tried");
    assert_eq!(app.audit_count().await, before, "nothing was read, and nothing tried");
    // On a page an empty field of a form is no filter.
    let manager = app.sign_in("manager").await;
    manager.get("/leads?agency=&state=&from=").await.expect(200);
    manager.get("/transfers?agency=&state=").await.expect(200);
}

#[tokio::test]
async fn a_value_that_is_as_described_and_names_nothing_on_file_is_told_from_a_mistake() {
    let app = TestApp::new().await;
    let program = Program::of(&app, "compiler").await;
    let before = app.audit_count().await;
    let nobody = uuid::Uuid::now_v7();
    for (path, field) in [
        ("leads?charge=CL999".to_owned(), "charge"),
        ("leads?region=某地".to_owned(), "region"),
        ("leads?from=2016-02-02&to=2016-02-01".to_owned(), "to"),
        (format!("transfers?after=1.{nobody}"), "after"),
        (format!("outcomes?after={nobody}"), "after"),
        ("charges?after=CL999".to_owned(), "after"),
        ("regions?after=990000".to_owned(), "after"),
        ("regions?parent=990000".to_owned(), "parent"),
        ("agencies?type=NONE".to_owned(), "type"),
        ("reports/2016?as_at=2199-01-01T00:00".to_owned(), "as_at"),
    ] {
        assert_eq!(fields(program.get(&format!("/api/v1/{path}")).await, 409), [field], "{path}");
    }
    for (body, field) in [
        (json!({"title": "a", "charges": ["CL999"]}), "charges[0]"),
        (json!({"title": "a", "region": "990000"}), "region"),
        (json!({"title": "a", "occurred_from": "2199-01-01"}), "occurred_from"),
        (json!({"title": "a", "occurred_from": "2016-02-02", "occurred_to": "2016-02-01"}), "occurred_to"),
        (
            json!({"title": "a", "estimated_value": {"amount": "很多", "basis": "sales"}}),
            "estimated_value.amount",
        ),
    ] {
        assert_eq!(fields(program.post("/api/v1/leads", &body).await, 409), [field], "{body}");
    }
    assert_eq!(app.audit_count().await, before, "a wrong value is no refusal");
    // What may not be asked of a lead is one, and on record.
    let lead = app.seed.lead(&app.services, "compiler2");
    let wanted = json!({"evidence": [nobody], "agencies": [nobody]});
    let refused = program.post(&format!("/api/v1/leads/{lead}/dossiers"), &wanted).await;
    assert!(fields(refused, 409).is_empty());
    assert_eq!(app.last_entry().await.outcome, "refused");
}

/// A lead with all that can be said of one, each text as long as it may be.
fn largest() -> Value {
    let text = |length: usize| "长".repeat(length);
    json!({
        "title": text(200),
        "summary": text(20_000),
        "charges": ["CL214"],
        "region": "330103",
        "brands": [text(100), {"name": "示例表", "owner": text(200)}],
        "occurred_from": "2016-02-29",
        "occurred_to": "2016-03-01",
        "estimated_value": {"fen": 9_007_199_254_740_991_i64, "qualifier": "about", "basis": "court"},
        "subjects": [
            {
                "kind": "person",
                "name": text(200),
                "identifier": text(200),
                "part": text(200),
                "region": "330103",
                "note": text(2_000),
            },
            {"kind": "phone", "identifier": "1"},
        ],
        "sites": [{"address": text(300), "region": "330103", "role": "sale", "note": text(2_000)}],
        "listings": [
            {
                "url": "https://shop.example/1",
                "title": text(300),
                "item_number": text(100),
                "shop": text(200),
                "price_fen": 0,
                "sold": 1_000_000_000_000_i64,
                "seen_on": "2016-03-01",
            },
            {"url": "http://shop.example/2", "price": "12.5"},
            "HTTPS://shop.example/3",
        ],
        "source": {"kind": "complaint", "note": text(1_000)},
        "sender_role": "assisting",
    })
}

#[tokio::test]
async fn a_lead_is_taken_up_to_the_bounds_of_the_document_and_not_beyond() {
    let app = TestApp::new().await;
    let program = Program::of(&app, "compiler").await;
    let before = app.audit_count().await;
    program.post("/api/v1/leads", &largest()).await.expect(201);
    // What is null was left out.
    let mut bare = json!({"title": "线"});
    for (name, _) in largest().as_object().expect("fields").iter().filter(|(name, _)| *name != "title") {
        bare[name] = Value::Null;
    }
    program.post("/api/v1/leads", &bare).await.expect(201);
    let value = json!({"fen": 12.0, "amount": null, "qualifier": null, "basis": "sales"});
    let made = program.post("/api/v1/leads", &json!({"title": "线", "estimated_value": value})).await;
    let id = made.expect(201).json()["id"].as_str().expect("an id").to_owned();
    assert_eq!(
        program.get(&format!("/api/v1/leads/{id}")).await.expect(200).json()["estimated_value"]["fen"],
        12
    );
    assert_eq!(app.audit_count().await, before + 4);

    let long = |length: usize| json!("x".repeat(length));
    for (place, value, field) in [
        ("/title", long(201), "title"),
        ("/title", json!("\u{3000}\u{200b}"), "title"),
        ("/summary", long(20_001), "summary"),
        ("/charges/0", json!(""), "charges[0]"),
        ("/brands/0", json!(""), "brands[0]"),
        ("/brands/0", json!(null), "brands[0]"),
        ("/brands/1/name", json!(null), "brands[1].name"),
        ("/occurred_from", json!(""), "occurred_from"),
        ("/occurred_from", json!("29 Feb 2016"), "occurred_from"),
        ("/estimated_value/fen", json!(9_007_199_254_740_992_i64), "estimated_value.fen"),
        ("/estimated_value/basis", json!(""), "estimated_value.basis"),
        ("/subjects/0/kind", json!(" person "), "subjects[0].kind"),
        ("/subjects/0/note", long(2_001), "subjects[0].note"),
        ("/subjects/1/identifier", json!(""), "subjects[1].name"),
        ("/sites/0/region", json!(""), "sites[0].region"),
        ("/sites/0/role", json!(null), "sites[0].role"),
        ("/listings/0/url", json!("shop.example"), "listings[0].url"),
        ("/listings/2", json!(""), "listings[2].url"),
        ("/source/kind", json!("rumour"), "source.kind"),
        ("/sender_role", json!(""), "sender_role"),
    ] {
        let mut body = largest();
        *body.pointer_mut(place).expect("a place") = value;
        let named = fields(program.post("/api/v1/leads", &body).await, 422);
        assert!(named.contains(&field.to_owned()), "{place}: {named:?}");
    }
    let mut twice = largest();
    twice["estimated_value"]["amount"] = json!("3 万");
    let named = fields(program.post("/api/v1/leads", &twice).await, 422);
    assert_eq!(named, ["estimated_value.amount"], "one of both would be lost");
    assert_eq!(app.audit_count().await, before + 4);
}

#[tokio::test]
async fn a_version_is_asked_for_as_described() {
    let app = TestApp::new().await;
    let program = Program::of(&app, "compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let path = format!("/api/v1/leads/{lead}/dossiers");
    let id = uuid::Uuid::now_v7();
    let ids = |n: usize| vec![id.to_string(); n];
    for (body, field) in [
        (json!({"evidence": [], "agencies": [id]}), "evidence"),
        (json!({"evidence": null, "agencies": [id]}), "evidence"),
        (json!({"evidence": [id]}), "agencies"),
        (json!({"evidence": [id], "agencies": ids(51)}), "agencies"),
        (json!({"evidence": [id], "agencies": [id], "note": "x".repeat(2_001)}), "note"),
        (json!({"evidence": [id], "agencies": [id], "withheld": [{}]}), "withheld[0].agency"),
        (json!({"evidence": [id.simple().to_string()], "agencies": [id]}), "evidence[0]"),
    ] {
        assert_eq!(fields(program.post(&path, &body).await, 422), [field], "{body}");
    }
    let wanted = json!({
        "evidence": [id],
        "agencies": ids(50),
        "note": "x".repeat(2_000),
        "withheld": [{"agency": id, "evidence": null}],
    });
    assert_eq!(fields(program.post(&path, &wanted).await, 409), ["evidence"], "there is none of it");
}

#[tokio::test]
async fn a_header_is_what_the_document_says_and_a_body_of_the_type_that_is_read() {
    let app = TestApp::new().await;
    let program = Program::of(&app, "compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let title = || json!({"title": "线"}).to_string();
    let make = || program.ask(Method::POST, "/api/v1/leads").body(title());
    for (key, status) in [("k".repeat(255), 201), ("k".repeat(256), 422), ("a b".to_owned(), 422)] {
        let made = program.browser.send(make().header("Idempotency-Key", &key)).await;
        assert_eq!(made.status.as_u16(), status, "{key}");
        if status == 422 {
            assert_eq!(fields(made, 422), ["Idempotency-Key"]);
        }
    }
    for (media, status) in [
        ("application/json", 201),
        ("application/json; charset=utf-8", 201),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("nonsense", 415),
    ] {
        let made = program.browser.send(make().header(header::CONTENT_TYPE, media)).await;
        assert_eq!(made.status.as_u16(), status, "{media}: {}", made.text());
        if status == 415 {
            assert_eq!(fields(made, 415), ["content-type"]);
        }
    }
    for call in ["dossiers", "evidence"] {
        let request = program.ask(Method::POST, &format!("/api/v1/leads/{lead}/{call}"));
        let request = request.header(header::CONTENT_TYPE, "text/plain").body("x");
        assert_eq!(fields(program.browser.send(request).await, 415), ["content-type"], "{call}");
    }
}

#[tokio::test]
async fn every_call_asks_for_a_token_and_every_address_for_its_own_methods() {
    let app = TestApp::new().await;
    let program = Program::of(&app, "compiler").await;
    for call in program.calls() {
        let is_public =
            call.described["security"].as_array().into_iter().flatten().any(|one| *one == json!({}));
        for token in ["", "lh_invented"] {
            let request =
                program.browser.client.request(call.method.clone(), program.browser.url(&call.path));
            let request = if token.is_empty() { request } else { request.bearer_auth(token) };
            let reply = program.browser.send(request).await;
            assert_eq!(reply.status.as_u16() == 401, !is_public, "{} {}", call.method, call.path);
        }
    }
    for (path, item) in program.document["paths"].as_object().expect("paths") {
        let known: Vec<String> =
            item.as_object().expect("methods").keys().map(|m| m.to_uppercase()).collect();
        let filled = path.replace("{id}", &uuid::Uuid::now_v7().to_string()).replace("{year}", "2016");
        let filled = filled.replace("{path}", "0/000");
        for method in ["POST", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "QUERY"] {
            if known.iter().any(|one| one == method) {
                continue;
            }
            let reply = program
                .browser
                .send(program.ask(method.parse().expect("a method"), &filled))
                .await
                .expect(405);
            let allow = reply.headers[header::ALLOW].to_str().expect("text").to_owned();
            let mut allowed: Vec<&str> = allow.split(", ").collect();
            allowed.sort_unstable();
            assert_eq!(allowed, known, "{method} {filled}");
        }
    }
}
