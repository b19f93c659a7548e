//! What the document of the API says of files that come in parts is what is answered; and clients of the protocol pass by it
//! as they are.

use reqwest::{RequestBuilder, header};
use serde_json::Value;

use crate::support::{
    Reply, TestApp, fixtures, story,
    tus::{self, Client},
};

const ALL: &str = "/api/v1/uploads";
const EACH: &str = "/api/v1/uploads/{id}";
const BYTES: &str = "application/offset+octet-stream";

/// A program of `compiler`, and the document that it reads.
struct Program {
    sender: Client,
    document: Value,
}

impl Program {
    async fn of(app: &TestApp) -> Self {
        let browser = app.stranger();
        let document = browser.get("/api/openapi.json").await.expect(200).json();
        let token = fixtures::token_for(app, "compiler", &["write"]).await;
        Self { sender: Client::of_program(browser, token), document }
    }

    /// Makes a call, whose answer has to be one that the document knows.
    async fn ask(&self, (method, path): (&str, &str), request: RequestBuilder) -> Reply {
        let reply = self.sender.send(request).await;
        let status = reply.status.as_u16().to_string();
        let described = &self.document["paths"][path][method]["responses"][&status];
        assert!(described.is_object(), "{method} {path} answers {status}: {}", reply.text());
        assert_eq!(reply.headers["tus-resumable"], "1.0.0", "{method} {path} {status}");
        if status.starts_with('4') {
            assert_eq!(reply.headers[header::CONTENT_TYPE], "application/problem+json");
        }
        reply
    }

    /// A request that says another version of the protocol, or none.
    fn speaking(&self, method: &str, path: &str, version: &str) -> RequestBuilder {
        let sender = &self.sender;
        let method = method.parse().expect("a method");
        let request = sender.browser.client.request(method, sender.browser.url(path));
        let request = request.header("upload-length", 3).bearer_auth(sender.token.as_ref().expect("a token"));
        if version.is_empty() { request } else { request.header("tus-resumable", version) }
    }
}

/// The fields that a problem names.
fn fields(reply: &Reply) -> Vec<String> {
    let problem = reply.json();
    let errors = problem["errors"].as_array().expect("errors").iter();
    errors.filter_map(|error| error["field"].as_str()).map(str::to_owned).collect()
}

#[tokio::test]
async fn clients_of_the_protocol_pass_by_the_document_as_they_are() {
    let app = TestApp::new().await;
    let program = Program::of(&app).await;
    let sender = &program.sender;
    let lead = app.seed.lead(&app.services, "compiler").to_string();
    // A browser's says what nobody asked for, and PATCH in a POST.
    let mut pairs = vec![
        ("relativePath", "null"),
        ("name", "a.bin"),
        ("type", ""),
        ("filetype", "application/octet-stream"),
        ("lead", lead.as_str()),
    ];
    pairs.extend(story::DETAILS);
    let said = tus::metadata(&pairs);
    let begin = sender.beginning(6, &said).header("x-request-id", "7");
    let at = program.ask(("post", ALL), begin).await.expect(201).location;
    let meant = sender.request("POST", &at).header("x-http-method-override", "PATCH");
    let bring = meant.header(header::CONTENT_TYPE, BYTES).header("upload-offset", 0).body("abc");
    program.ask(("patch", EACH), bring).await.expect(204);
    // One in Python sends a checksum.
    let sum = "sha1 WJwiM1o4HxItEpIl9cC6MFbtWBE=";
    let bring = sender.bringing(&at, 3, b"def").header("upload-checksum", sum);
    let last = program.ask(("patch", EACH), bring).await.expect(204);
    assert!(last.headers.contains_key("upload-evidence"));
    assert_eq!(sender.look(&at).await["name"], "a.bin");

    // Others put a blank behind a comma, or leave out the signs at the end of a value.
    let lax = format!("{},", said.replace(',', ", ").replace('=', ""));
    let at = program.ask(("post", ALL), sender.beginning(6, &lax)).await.expect(201).location;
    program.ask(("head", EACH), sender.request("HEAD", &at)).await.expect(200);
    program.ask(("delete", EACH), sender.request("DELETE", &at)).await.expect(204);
    for (method, request) in [
        ("head", sender.request("HEAD", &at)),
        ("patch", sender.bringing(&at, 0, b"abc")),
        ("delete", sender.request("DELETE", &at)),
    ] {
        program.ask((method, EACH), request).await.expect(410);
    }
    let options = sender.browser.client.request(reqwest::Method::OPTIONS, sender.browser.url(ALL));
    program.ask(("options", ALL), options).await.expect(204);
}

#[tokio::test]
async fn what_is_not_as_described_is_named_and_told_from_what_is_and_can_t_be() {
    let app = TestApp::new().await;
    let program = Program::of(&app).await;
    let sender = &program.sender;
    let lead = app.seed.lead(&app.services, "compiler");
    let said = tus::said(lead, "a.bin");
    let with =
        |name: &str, value: &str| sender.beginning(3, &format!("{said},{}", tus::metadata(&[(name, value)])));
    let bare = tus::metadata(&[("lead", &lead.to_string())]);
    let before = app.audit_count().await;
    for (request, status, named) in [
        (program.speaking("POST", ALL, ""), 400, &[][..]),
        (program.speaking("POST", ALL, "tus"), 400, &[]),
        (program.speaking("POST", ALL, "0.2.2"), 412, &[]),
        (sender.request("POST", ALL).header("upload-metadata", &said), 400, &[]),
        (sender.request("POST", ALL).header("upload-length", "-1"), 400, &[]),
        (sender.request("POST", ALL).header("upload-length", 3), 422, &["lead"]),
        (sender.beginning(0, &said), 422, &["Upload-Length"]),
        (sender.beginning(3, "filename YQ=="), 422, &["Upload-Metadata"]),
        (sender.beginning(3, &format!("{said},filename *")), 422, &["Upload-Metadata"]),
        (sender.beginning(3, &said).header("upload-checksum", "sha1 AAAA"), 422, &["Upload-Checksum"]),
        (sender.beginning(3, &said).header("upload-checksum", "crc32 AAAA"), 400, &[]),
        (sender.beginning(3, &said).header("idempotency-key", "a b"), 422, &["Idempotency-Key"]),
        (sender.beginning(3, &said).header(header::CONTENT_TYPE, "text/plain").body("abc"), 415, &[]),
        (sender.beginning(3, &bare), 422, &["collected_at", "source", "collected_by", "method"]),
        (with("description", &"x".repeat(4_001)), 422, &["description"]),
        (with("withheld", "perhaps"), 422, &["withheld"]),
        // As described, and not to be had.
        (with("kind", "screenshot"), 409, &["kind"]),
        (with("withheld", "yes"), 409, &["withheld_reason"]),
    ] {
        let reply = program.ask(("post", ALL), request).await;
        assert_eq!(reply.status.as_u16(), status, "{named:?}: {}", reply.text());
        assert_eq!(fields(&reply), named, "{status}");
    }
    // A number of whatever length is one.
    let large = sender.request("POST", ALL).header("upload-metadata", &said);
    let large = large.header("upload-length", "123456789012345678901234567890");
    let refused = program.ask(("post", ALL), large).await.expect(413);
    assert_eq!(fields(&refused), ["Upload-Length"]);
    assert_eq!(app.audit_count().await, before, "a wrong value is no refusal");

    let key = || sender.beginning(3, &said).header("idempotency-key", "one");
    let first = program.ask(("post", ALL), key()).await.expect(201);
    let again = program.ask(("post", ALL), key()).await.expect(201);
    assert_eq!(first.location, again.location);
    let other = sender.beginning(4, &said).header("idempotency-key", "one");
    assert_eq!(fields(&program.ask(("post", ALL), other).await.expect(409)), ["Idempotency-Key"]);

    // Of a lead that is not there, or can't be one, nothing more is told.
    for nowhere in [uuid::Uuid::now_v7().to_string(), "x".repeat(36)] {
        let begin = sender.beginning(3, &tus::metadata(&[("lead", &nowhere)]));
        program.ask(("post", ALL), begin).await.expect(404);
    }
    assert_eq!(app.audit_count().await, before + 2);
}

#[tokio::test]
async fn details_that_have_no_room_in_a_header_are_taken_as_described() {
    let app = TestApp::new().await;
    let program = Program::of(&app).await;
    let sender = &program.sender;
    let lead = app.seed.lead(&app.services, "compiler").to_string();
    let begin = |lead: &str, body: String| {
        let begin = sender.beginning(3, &tus::metadata(&[("lead", lead), ("filename", "a.bin")]));
        begin.header(header::CONTENT_TYPE, "application/json").body(body)
    };
    let with = |name: &str, value: Value| {
        let mut said: Value = story::DETAILS.into_iter().collect();
        said[name] = value;
        said.to_string()
    };
    let before = app.audit_count().await;
    for (body, status, named) in [
        ("[]".to_owned(), 422, &["body"][..]),
        ("{".to_owned(), 422, &["body"]),
        ("{}".to_owned(), 422, &["collected_at", "source", "collected_by", "method"]),
        (with("source", 5.into()), 422, &["source"]),
        (with("description", "述".repeat(4_001).into()), 422, &["description"]),
        (with("description", "x".repeat(300 << 10).into()), 413, &["body"]),
        // As described, and not to be had.
        (with("withheld", "yes".into()), 409, &["withheld_reason"]),
    ] {
        let reply = program.ask(("post", ALL), begin(&lead, body)).await;
        assert_eq!(reply.status.as_u16(), status, "{named:?}: {}", reply.text());
        assert_eq!(fields(&reply), named, "{status}");
    }
    assert_eq!(app.audit_count().await, before, "a wrong value is no refusal");
    // Of a lead that is not there nothing of it is told.
    program.ask(("post", ALL), begin(&uuid::Uuid::now_v7().to_string(), "[]".to_owned())).await.expect(404);

    let document = &program.document;
    let described = &document["paths"][ALL]["post"]["requestBody"]["content"]["application/json"];
    let shape = described["schema"]["$ref"].as_str().and_then(|place| place.rsplit('/').next());
    let shape = &document["components"]["schemas"][shape.expect("a shape")];
    assert_eq!(shape["properties"]["description"]["maxLength"], 4_000);
    let example = described["example"].to_string();
    let at = program.ask(("post", ALL), begin(&lead, example)).await.expect(201).location;
    assert_eq!(sender.look(&at).await["name"], "a.bin", "what the header has said stands");
    let told = program.ask(("head", EACH), sender.request("HEAD", &at)).await.expect(200);
    assert!(told.headers.contains_key("upload-metadata"));
    // Only where an upload begins.
    let bring = sender.request("PATCH", &at).header("upload-offset", 0);
    let bring = bring.header(header::CONTENT_TYPE, "application/json").body("{}");
    program.ask(("patch", EACH), bring).await.expect(415);
}

#[tokio::test]
async fn bytes_are_brought_as_described_or_it_is_said_why_not() {
    let app = TestApp::new().await;
    let program = Program::of(&app).await;
    let sender = &program.sender;
    let lead = app.seed.lead(&app.services, "compiler");
    let at = sender.begin(lead, "a.bin", 6).await;
    let bytes = || sender.request("PATCH", &at).header(header::CONTENT_TYPE, BYTES).body("abc");
    for (request, status) in [
        (program.speaking("PATCH", &at, ""), 400),
        (program.speaking("PATCH", &at, "2.0.0"), 412),
        (bytes(), 400),
        (bytes().header("upload-offset", "-1"), 400),
        (bytes().header("upload-offset", "1e3"), 400),
        (bytes().header("upload-offset", "3"), 409),
        (bytes().header("upload-offset", "123456789012345678901234567890"), 409),
        (bytes().header("upload-offset", "0").header("upload-checksum", "md5 AAAA"), 422),
        (sender.bringing(&at, 0, b"abcdefg"), 413),
        (sender.request("PATCH", &at).header("upload-offset", 0).body("abc"), 415),
    ] {
        let reply = program.ask(("patch", EACH), request).await;
        assert_eq!(reply.status.as_u16(), status, "{}", reply.text());
        assert_eq!(reply.headers.contains_key("upload-offset"), status == 409);
        assert_eq!(reply.headers.contains_key("tus-version"), status == 412);
    }
    for (method, version, status) in [("HEAD", "", 400), ("HEAD", "0.2.2", 412), ("DELETE", "x", 400)] {
        let call = (method.to_lowercase(), program.speaking(method, &at, version));
        program.ask((&call.0, EACH), call.1).await.expect(status);
    }
    assert_eq!(sender.offset(&at).await, 0, "none of it was kept");
    program.ask(("patch", EACH), sender.bringing(&at, 0, b"abcdef")).await.expect(204);
    program.ask(("delete", EACH), sender.request("DELETE", &at)).await.expect(409);
}

#[tokio::test]
async fn the_document_says_which_headers_each_call_needs() {
    let app = TestApp::new().await;
    let program = Program::of(&app).await;
    for (method, path, needed) in [
        ("options", ALL, &[][..]),
        ("get", ALL, &[]),
        ("post", ALL, &["Tus-Resumable", "Upload-Length", "Upload-Metadata"]),
        ("get", EACH, &[]),
        ("head", EACH, &["Tus-Resumable"]),
        ("patch", EACH, &["Tus-Resumable", "Upload-Offset"]),
        ("delete", EACH, &["Tus-Resumable"]),
    ] {
        let call = &program.document["paths"][path][method];
        let all = call["parameters"].as_array().into_iter().flatten();
        let told: Vec<&str> = all
            .filter(|parameter| parameter["in"] == "header" && parameter["required"] == true)
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        assert_eq!(told, needed, "{method} {path}");
        let body = &call["requestBody"];
        assert_eq!(body["required"] == true, method == "patch", "{method} {path}: {body}");
        assert_eq!(
            body["content"][BYTES]["schema"]["format"] == "binary",
            ["post", "patch"].contains(&method)
        );
    }
}
