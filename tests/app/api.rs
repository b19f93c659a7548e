//! The API as an integrator meets it: the document and the router say the same, and every call keeps the contract.

use std::collections::BTreeSet;

use lead_handoff::{
    audit,
    casework::{
        dossier::model as dossier,
        evidence::{model as evidence, redaction::model::Material, resumable::model as upload},
        lead::model as lead,
    },
    directory::{
        people::{Role, Side},
        reference::{RegionLevel, Track},
    },
    handover::{
        agency_case::model::Status, deadline::clocks::Ending, remedy::model as remedy,
        transfer::model as transfer,
    },
    outcome::model as outcome,
    platform::money::{Basis, Qualifier},
    reporting::api_docs::document,
};
use reqwest::header;
use serde_json::{Value, json};

use crate::support::{
    Browser, Reply, TestApp, fixtures,
    ledger::Sent,
    routes,
    seed::{GUANGZHOU, HANGZHOU},
    story,
};

/// A program with a token.
struct Program {
    browser: Browser,
    token: String,
}

impl Program {
    async fn of(app: &TestApp, who: &str) -> Self {
        Self { browser: app.stranger(), token: fixtures::token_for(app, who, &["read", "write"]).await }
    }

    async fn get(&self, path: &str) -> Reply {
        self.browser.send(self.browser.client.get(self.browser.url(path)).bearer_auth(&self.token)).await
    }

    async fn post(&self, path: &str, key: &str, body: &Value) -> Reply {
        let request = self.browser.client.post(self.browser.url(path)).bearer_auth(&self.token);
        self.browser.send(keyed(request.body(body.to_string()), key)).await
    }

    async fn upload(&self, lead: &str, key: &str, text: &str, more: &[(&str, &str)]) -> Reply {
        let mut body = String::new();
        for (name, value) in story::DETAILS.iter().chain(more) {
            body += &format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }
        body += "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"页面.txt\"\r\n\r\n";
        body += &format!("{text}\r\n--x--\r\n");
        let request = self
            .browser
            .client
            .post(self.browser.url(&format!("/api/v1/leads/{lead}/evidence")))
            .bearer_auth(&self.token)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
        self.browser.send(keyed(request.body(body), key)).await
    }
}

fn keyed(request: reqwest::RequestBuilder, key: &str) -> reqwest::RequestBuilder {
    if key.is_empty() { request } else { request.header("Idempotency-Key", key) }
}

#[track_caller]
fn problem(reply: Reply, status: u16) -> Value {
    let reply = reply.expect(status);
    assert_eq!(reply.headers[header::CONTENT_TYPE], "application/problem+json");
    let problem = reply.json();
    assert_eq!(problem["status"], status);
    assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()), "{problem}");
    problem
}

#[actix_web::test]
async fn the_document_has_every_call_of_the_router_and_no_other() {
    let document = serde_json::to_value(document()).expect("JSON");
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, call) in item.as_object().expect("methods") {
            described.insert((path.clone(), method.to_uppercase()));
            assert!(call["tags"][0].is_string() && call["summary"].is_string(), "{method} {path}");
            assert!(!call["security"].is_null(), "{method} {path} says nothing of tokens");
            let named = call["parameters"].as_array().into_iter().flatten();
            let named: Vec<&str> =
                named.filter(|p| p["in"] == "path").filter_map(|p| p["name"].as_str()).collect();
            assert_eq!(named.len(), path.matches('{').count(), "{method} {path} does not describe its path");
            let keyed = call["parameters"].to_string().contains("Idempotency-Key");
            assert_eq!(keyed, method == "post", "{method} {path}");
        }
    }
    let mut there = BTreeSet::new();
    for pattern in routes::patterns().await.into_iter().filter(|pattern| pattern.starts_with("/api/v1/")) {
        let path = pattern.replace("{path:.*}", "entries/000").replace("{year}", "2016");
        let path = path.replace("{id}", "0190a000-0000-7000-8000-000000000000");
        for method in routes::methods(&path).await {
            there.insert((pattern.replace("{path:.*}", "{path}"), method.to_owned()));
        }
    }
    assert_eq!(described, there);
    // Every shape that is named is there.
    let text = document.to_string();
    for name in text.split("#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(document["components"]["schemas"][name].is_object(), "{name} is described nowhere");
    }
}

/// The words that a description names.
fn words_of(described: &Value) -> Vec<&str> {
    let text = described["description"].as_str().unwrap_or_default();
    let is_word = |word: &&str| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    text.split('`').skip(1).step_by(2).filter(is_word).collect()
}

/// A description that names a word which a call refuses sends a program astray.
#[tokio::test]
async fn every_word_that_the_document_names_is_one_that_the_program_knows() {
    let document = serde_json::to_value(document()).expect("JSON");
    let app = TestApp::new().await;
    let program = Program::of(&app, "manager").await;
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    // What a list can be narrowed to is taken as it is written there.
    for (schema, field, list, words) in [
        ("OutcomeItem", "kind", "outcomes?kind", outcome::Kind::WORDS.len()),
        ("OutcomeItem", "state", "outcomes?state", outcome::State::WORDS.len()),
        ("CaseItem", "status", "cases?status", Status::ALL.len()),
        ("TransferItem", "state", "transfers?state", transfer::State::ALL.len()),
    ] {
        let named = words_of(&schemas[schema]["properties"][field]);
        assert_eq!(named.len(), words, "{schema}.{field}: {named:?}");
        for word in named {
            program.get(&format!("/api/v1/{list}={word}")).await.expect(200);
        }
    }

    // Words of ours, names of fields and parameters, and what stands beside them.
    let mut known: BTreeSet<&str> =
        ["null", "court", "now", "ended", "all", "name", "owner", "read", "write"].into();
    for words in [
        outcome::Kind::WORDS,
        outcome::State::WORDS,
        lead::State::WORDS,
        lead::SenderRole::WORDS,
        lead::SourceKind::WORDS,
        lead::SubjectKind::WORDS,
        lead::SiteRole::WORDS,
        remedy::Step::WORDS,
        remedy::Verdict::WORDS,
    ] {
        known.extend(words);
    }
    known.extend(outcome::UNITS.iter().map(|(code, ..)| *code));
    known.extend(Status::WORDS);
    known.extend(upload::State::WORDS);
    known.extend(transfer::State::ALL.iter().map(|state| state.as_str()));
    known.extend(transfer::Channel::ALL.iter().map(|channel| channel.as_str()));
    known.extend(dossier::State::ALL.map(dossier::State::as_str));
    known.extend(evidence::Kind::ALL.map(evidence::Kind::as_str));
    known.extend(Material::ALL.map(Material::as_str));
    known.extend(Qualifier::ALL.map(Qualifier::as_str));
    known.extend(Basis::ALL.map(Basis::as_str));
    known.extend(Role::ALL.iter().map(|role| role.as_str()));
    known.extend([Side::Platform, Side::Agency].map(Side::as_str));
    known.extend([Ending::Met, Ending::Moot].map(Ending::as_str));
    known.extend([audit::Outcome::Done, audit::Outcome::Refused].map(audit::Outcome::as_str));
    known.extend([Track::Criminal, Track::Administrative].map(Track::as_str));
    let levels = [RegionLevel::Province, RegionLevel::Prefecture, RegionLevel::County, RegionLevel::Zone];
    known.extend(levels.map(RegionLevel::as_str));
    let mut described = Vec::new();
    for (schema, shape) in schemas {
        // A shape that takes in another one has its own fields beside it.
        let parts = shape["allOf"].as_array().into_iter().flatten().chain([shape]);
        for (name, field) in parts.filter_map(|part| part["properties"].as_object()).flatten() {
            known.insert(name);
            described.push((format!("{schema}.{name}"), field));
        }
    }
    for (path, item) in document["paths"].as_object().expect("paths") {
        for call in item.as_object().expect("methods").values() {
            for parameter in call["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().expect("a name");
                known.insert(name);
                described.push((format!("{path}: {name}"), parameter));
            }
        }
    }
    assert!(described.len() > 100, "the descriptions were not found");
    for (place, field) in described {
        let odd: Vec<&str> = words_of(field).into_iter().filter(|word| !known.contains(word)).collect();
        assert!(odd.is_empty(), "{place}: {odd:?}");
    }
}

#[tokio::test]
async fn anybody_reads_the_description_in_either_language() {
    let app = TestApp::new().await;
    let stranger = app.stranger();
    let served = stranger.get("/api/openapi.json").await.expect(200).json();
    assert!(served["openapi"].as_str().is_some_and(|version| version.starts_with("3.")));
    assert_eq!(served["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    let problem = "/paths/~1api~1v1~1leads/post/responses/422/content/application~1problem+json/schema/$ref";
    assert_eq!(served.pointer(problem), Some(&json!("#/components/schemas/Problem")));
    let page =
        stranger.get("/api/docs").await.expect(200).has("应用程序接口").has("/api/v1/leads/{id}/dossiers");
    let page = page.has("Idempotency-Key").has("href=\"/api/docs/leads#schema-LeadNew\"");
    let index = page.has("href=\"/api/docs/dossiers#post-api-v1-leads--id--dossiers\"").text();
    let part = stranger.get("/api/docs/leads").await.expect(200).has("id=\"schema-LeadNew\"").has("新建线索");
    // What is told in English says so, at the head of the page and where it stands.
    let part = part.has("字段的说明为英文").has("<p lang=\"en\">").has_not("of ours");
    let part = part.has("Idempotency-Key").has("href=\"/api/docs/shapes#schema-Problem\"").text();
    for page in [&index, &part] {
        assert!(!page.contains("<style") && !page.contains(" style=") && !page.contains("<script>"));
    }
    stranger.get("/api/docs/shapes").await.expect(200).has("id=\"schema-Problem\"");
    stranger.get("/api/docs/nothing").await.expect(404).has("<html");
    // What is not there is told to a program in words for programs.
    stranger.get("/api/v1/nothing").await.expect(404).has("没有该地址或对象").has_not("页面");
    let odd = stranger.client.delete(stranger.url("/api/v1/leads")).header("origin", &stranger.base);
    stranger.send(odd).await.expect(405).has("该地址不支持这个方法").has_not("按钮");
    stranger.post("/language?to=en", &[]).await.expect(303);
    stranger.get("/api/docs").await.expect(200).has("Programming interface").has("Create a lead");
    stranger
        .get("/api/docs/leads")
        .await
        .expect(200)
        .has("Programming interface · Leads")
        .has("Create a lead");
}

#[tokio::test]
async fn a_program_brings_a_lead_from_draft_to_dossiers_and_each_call_acts_once() {
    let app = TestApp::new().await;
    let program = Program::of(&app, "compiler").await;
    let lead = app.seed.lead(&app.services, "compiler").to_string();

    let before = app.audit_count().await;
    let made = program.upload(&lead, "e-1", "标价 99 元", &[("kind", "web_page")]).await.expect(201).json();
    assert_eq!(made["category"], "web_page");
    assert_eq!(
        (made["sha256"].as_str().map(str::len), made["sm3"].as_str().map(str::len)),
        (Some(64), Some(64))
    );
    assert_eq!(app.audit_count().await, before + 1);
    let stored = app.stored_objects().await;
    let again = program.upload(&lead, "e-1", "标价 99 元", &[("kind", "web_page")]).await.expect(201);
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(again.json(), made);
    assert_eq!((app.audit_count().await, app.stored_objects().await), (before + 1, stored));
    let other = problem(program.upload(&lead, "e-1", "标价 98 元", &[]).await, 409);
    assert_eq!(other["errors"][0]["field"], "Idempotency-Key");
    assert_eq!(app.stored_objects().await, stored);
    // What is no category is not taken for none.
    let both = [("kind", "web_page"), ("category", "messages")];
    for (more, field, status) in [
        (&[("kind", "screenshot")][..], "kind", 409),
        (&[("kind", "note")][..], "kind", 409),
        (&both[..], "kind", 409),
        (&[("category", "screenshot")][..], "category", 409),
        (&[("category", "屏幕截图")][..], "category", 422),
        (&[("withheld", "perhaps")][..], "withheld", 422),
        (&[("descripton", "截图")][..], "descripton", 422),
    ] {
        let refused = problem(program.upload(&lead, "", "标价 97 元", more).await, status);
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
    }
    assert_eq!((app.audit_count().await, app.stored_objects().await), (before + 1, stored));
    let more = [("kind", "file"), ("category", "messages"), ("withheld", "no")];
    let second = program.upload(&lead, "", "标价 98 元", &more).await.expect(201).json();
    assert_eq!((&second["kind"], &second["category"]), (&json!("file"), &json!("messages")));
    assert_eq!(second["withheld"], false);

    let list = format!("/api/v1/leads/{lead}/evidence");
    let first = program.get(&format!("{list}?limit=1")).await.expect(200).json();
    assert_eq!((&first["items"][0]["id"], &first["next"]), (&made["id"], &json!("1")));
    let rest = program.get(&format!("{list}?limit=1&after=1")).await.expect(200).json();
    assert_eq!((&rest["items"][0]["id"], &rest["next"]), (&second["id"], &Value::Null));

    let path = format!("/api/v1/leads/{lead}/dossiers");
    let wanted = json!({
        "evidence": [made["id"]],
        "agencies": [app.seed.agencies[GUANGZHOU], app.seed.agencies[HANGZHOU]],
        "note": "请核",
    });
    let begun = program.post(&path, "d-1", &wanted).await.expect(202).json();
    assert_eq!((&begun["version"], begun["dossiers"].as_array().map(Vec::len)), (&json!(1), Some(2)));
    assert_eq!(program.post(&path, "d-1", &wanted).await.expect(202).json(), begun);
    app.settle().await;
    let page = program.get(&format!("/api/v1/dossiers?lead={lead}&limit=1")).await.expect(200).json();
    let next = page["next"].as_str().expect("a second page");
    let last =
        program.get(&format!("/api/v1/dossiers?lead={lead}&limit=1&after={next}")).await.expect(200).json();
    assert_eq!((&page["items"][0]["state"], &last["next"]), (&json!("frozen"), &Value::Null));
    assert_ne!(page["items"][0]["id"], last["items"][0]["id"]);
    let id = page["items"][0]["id"].as_str().expect("an id");
    let one = program.get(&format!("/api/v1/dossiers/{id}")).await.expect(200).json();
    assert_eq!((&one, one["manifest_sha256"].as_str().map(str::len)), (&page["items"][0], Some(64)));
    assert_eq!(
        program.get("/api/v1/dossiers").await.expect(200).json()["items"].as_array().map(Vec::len),
        Some(2)
    );
    program.get(&format!("/api/v1/dossiers/{id}/package.zip")).await.expect(404);
    let pdf = program.get(&format!("/api/v1/dossiers/{id}/dossier.pdf")).await.expect(200);
    assert!(pdf.bytes.starts_with(b"%PDF"));
    for (body, field) in [
        (json!({"evidense": []}), "evidense"),
        (json!({"evidence": "all"}), "evidence"),
        (json!({"agencies": [7]}), "agencies[0]"),
        (json!({"note": {}}), "note"),
    ] {
        let refused = program.post(&path, "", &body).await.expect(422).json();
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
    }
}

#[tokio::test]
async fn every_list_is_paged_and_refuses_what_it_does_not_understand() {
    let app = TestApp::new().await;
    for agency in [GUANGZHOU, HANGZHOU] {
        app.handed(&Sent::to(agency, "2016-05-04").filed("2016-06-01"), None);
    }
    let program = Program::of(&app, "manager").await;
    for list in ["agencies", "charges", "regions", "leads", "dossiers", "transfers", "cases", "outcomes"] {
        let path = format!("/api/v1/{list}");
        let whole = program.get(&path).await.expect(200).json();
        let items = whole["items"].as_array().expect("items").clone();
        let first = program.get(&format!("{path}?limit=1")).await.expect(200).json();
        assert_eq!(first["items"].as_array().map(Vec::as_slice), items.get(..1).or(Some(&[])), "{list}");
        if let Some(next) = first["next"].as_str() {
            let second = program.get(&format!("{path}?limit=1&after={next}")).await.expect(200).json();
            assert_eq!(second["items"][0], items[1], "{list}");
        } else {
            assert!(items.len() < 2, "{list} has more and does not say so");
        }
        for wrong in ["limit=0", "limit=201", "limit=x"] {
            let fault = problem(program.get(&format!("{path}?{wrong}")).await, 422);
            assert_eq!(fault["errors"][0]["field"], "limit", "{list}");
        }
        problem(program.get(&format!("{path}?after=!")).await, 422);
    }
    // What is as described and names nothing on file is told from what is not.
    for (wrong, status) in [
        ("agencies?type=x", 409),
        ("agencies?level=x", 422),
        ("agencies?family=x", 409),
        ("agencies?state=x", 422),
        ("regions?parent=x", 422),
        ("regions?parent=990000", 409),
        ("leads?state=x", 422),
        ("leads?sort=x", 422),
        ("leads?agency=x", 422),
        ("transfers?state=x", 422),
        ("transfers?agency=x", 422),
        ("transfers?due_before=x", 422),
        ("cases?status=x", 422),
        ("outcomes?kind=x", 422),
        ("outcomes?state=x", 422),
        ("outcomes?region=x", 409),
    ] {
        problem(program.get(&format!("/api/v1/{wrong}")).await, status);
    }
    for path in ["leads", "evidence", "dossiers", "transfers", "cases"] {
        let nowhere = uuid::Uuid::now_v7();
        problem(program.get(&format!("/api/v1/{path}/{nowhere}")).await, 404);
        problem(program.get(&format!("/api/v1/{path}/x")).await, 404);
    }
    let stranger = app.stranger();
    let refused = stranger.get("/api/v1/leads").await;
    assert_eq!(refused.headers["www-authenticate"], "Bearer");
    problem(refused, 401);
    let report = program.get("/api/v1/reports/2016").await.expect(200).json();
    let figure = report["figures"]["cases_filed"].clone();
    assert_eq!(figure["value"], 2);
    assert!(figure["link"].as_str().is_some_and(|link| link.starts_with("/cases")), "{figure}");
}
