//! The document of the API as the measure of its requests: what it says of a call's parameters and body is asked of each
//! request, so that no call takes what the document rules out, and a program can go by it.
//!
//! A request that is not as the document says is answered with 422. One that is, and can't be done all the same, names
//! something that there is none of or that did not stand then, or its parts contradict each other, or things are in another
//! state: 409. Both name the fields. So 422 means a mistake in a program, and 409 one in what it was given.

pub mod shapes;

mod fits;

use std::{collections::HashMap, sync::OnceLock};

use actix_web::{
    HttpMessage, HttpRequest,
    http::{
        StatusCode,
        header::{self, HeaderMap},
    },
};
use regex_lite::Regex;
use serde_json::{Map, Value};

use self::fits::Measure;
use crate::platform::{
    error::{AppError, FieldError, Result},
    http::form::integer_fault,
};

/// What the document says of requests. It stands among the data of the program's routes, as `&'static Contract`. It is read
/// when the first call comes: a server that only shows pages has no use for it.
pub struct Contract {
    document: fn() -> &'static Value,
    patterns: OnceLock<HashMap<String, Regex>>,
}

/// So many parameters that there are none of are named at most.
const MOST_UNKNOWN: usize = 20;

/// Marks a request that is as the document says, as far as it was read.
#[derive(Clone, Copy, Debug)]
struct AsDescribed;

impl Contract {
    /// The contract that a document is, which is made once.
    pub const fn new(document: fn() -> &'static Value) -> Self {
        Self { document, patterns: OnceLock::new() }
    }

    fn measure(&self) -> Measure<'_> {
        let document = (self.document)();
        let patterns = self.patterns.get_or_init(|| patterns_of(document));
        Measure { shapes: &document["components"]["schemas"], patterns }
    }

    /// What the document says of the call that a request is.
    fn call(&self, request: &HttpRequest) -> Option<&Value> {
        let path = request.match_pattern()?.replace(":.*}", "}");
        let method = request.method().as_str().to_ascii_lowercase();
        (self.document)()["paths"].get(&path)?.get(&method)
    }

    /// What of the query is not as it is said of a call.
    fn query_faults(&self, call: &Value, asked: &[(String, String)]) -> Vec<FieldError> {
        let mut faults = Vec::new();
        for parameter in parameters(call, "query") {
            let name = parameter["name"].as_str().unwrap_or_default();
            let given: Vec<&str> =
                asked.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect();
            let shape = &parameter["schema"];
            let fault = match given[..] {
                [] => None,
                [one] => self.fault_of_text(shape, one, name),
                _ => Some(FieldError::new(name, "error-parameter-twice")),
            };
            faults.extend(fault);
        }
        faults
    }

    /// What is wrong with a value of an address: always a text, whatever it stands for.
    fn fault_of_text(&self, shape: &Value, text: &str, name: &str) -> Option<FieldError> {
        let fault = self.measure().faults(shape, &value_of(shape, text), name).into_iter().next()?;
        Some(match (text, name, fault.code) {
            ("", ..) => FieldError::new(name, "error-parameter-empty"),
            (_, "limit", _) => FieldError::new(name, "error-limit"),
            (_, _, "error-json-number") => FieldError::new(name, integer_fault(text)),
            _ => fault,
        })
    }

    /// What of the headers is not as it is said of a call. Whoever needs one that is not there says so.
    fn header_faults(&self, call: &Value, headers: &HeaderMap) -> Vec<FieldError> {
        let faults = parameters(call, "header").filter_map(|parameter| {
            let name = parameter["name"].as_str()?;
            let text = String::from_utf8_lossy(headers.get(name)?.as_bytes()).into_owned();
            let shape = &parameter["schema"];
            let faults = self.measure().faults(shape, &value_of(shape, text.trim()), name);
            (!faults.is_empty()).then(|| FieldError::new(name, "error-not-a-code"))
        });
        faults.collect()
    }
}

/// A value of an address or a header as its shape takes it: there all are texts. A number may have more digits than we
/// reckon with.
fn value_of(shape: &Value, text: &str) -> Value {
    let is_digits = || !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse::<i64>() {
        _ if shape["type"] != "integer" => Value::from(text),
        Ok(number) => Value::from(number),
        Err(_) if is_digits() => {
            Value::from(text.parse::<f64>().map_or(f64::MAX, |number| number.min(f64::MAX)))
        }
        Err(_) => Value::from(text),
    }
}

/// The parameters of a call that stand in one place.
fn parameters<'a>(call: &'a Value, place: &'static str) -> impl Iterator<Item = &'a Value> {
    let all = call["parameters"].as_array().into_iter().flatten();
    all.filter(move |parameter| parameter["in"] == place)
}

/// The patterns that stand anywhere in it, ready to be matched. One that can't be read holds nothing to it; a test of the
/// document looks for such.
fn patterns_of(document: &Value) -> HashMap<String, Regex> {
    fn collect(part: &Value, found: &mut HashMap<String, Regex>) {
        match part {
            Value::Object(members) => {
                if let Some(pattern) = members.get("pattern").and_then(Value::as_str)
                    && let Ok(read) = Regex::new(pattern)
                {
                    found.insert(pattern.to_owned(), read);
                }
                members.values().for_each(|member| collect(member, found));
            }
            Value::Array(members) => members.iter().for_each(|member| collect(member, found)),
            _ => {}
        }
    }
    let mut found = HashMap::new();
    collect(document, &mut found);
    found
}

fn found(request: &HttpRequest) -> Option<(&'static Contract, &'static Value)> {
    let contract: &'static Contract = request.app_data::<&'static Contract>().copied()?;
    Some((contract, contract.call(request)?))
}

/// Holds the parameters of a request to what the document says of them.
///
/// # Errors
/// `Invalid`, with every parameter and header that is not so.
pub fn hold(request: &HttpRequest) -> Result<()> {
    let Some((contract, call)) = found(request) else { return Ok(()) };
    let asked: Vec<(String, String)> =
        url::form_urlencoded::parse(request.query_string().as_bytes()).into_owned().collect();
    let mut faults = contract.query_faults(call, &asked);
    faults.extend(contract.header_faults(call, request.headers()));
    let is_named = |name: &str| parameters(call, "query").any(|parameter| parameter["name"] == name);
    // A filter that is mistyped would give everything. What is sent may have the words of a page's form beside it.
    if request.method().is_safe() {
        let unknown = asked.iter().filter(|(name, _)| !is_named(name)).take(MOST_UNKNOWN);
        faults.extend(unknown.map(|(name, _)| FieldError::new(name.as_str(), "error-parameter-unknown")));
    }
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    // Of a parameter that it does not name the document says nothing.
    if call["requestBody"].is_null() && asked.iter().all(|(name, _)| is_named(name)) {
        request.extensions_mut().insert(AsDescribed);
    }
    Ok(())
}

/// What of a body is not as the document says. Whoever reads the body tells faults of its own first, where it finds some:
/// they are told in the words of the field.
#[must_use]
pub fn body(request: &HttpRequest, value: &Value) -> Vec<FieldError> {
    let Some((contract, call)) = found(request) else { return Vec::new() };
    let contents = call["requestBody"]["content"].as_object();
    let Some(content) = contents.and_then(|all| all.values().next()) else { return Vec::new() };
    let faults = contract.measure().faults(&content["schema"], value, "");
    if faults.is_empty() {
        request.extensions_mut().insert(AsDescribed);
    }
    faults
}

/// The fields of a form; of one that stands several times the first.
fn fields_of(pairs: Vec<(String, String)>) -> Map<String, Value> {
    let mut fields = Map::new();
    for (name, value) in pairs {
        fields.entry(name).or_insert(Value::from(value));
    }
    fields
}

/// As [`body`], of a form: texts and, where there are `files`, the field `file`.
#[must_use]
pub fn form(request: &HttpRequest, pairs: Vec<(String, String)>, files: bool) -> Vec<FieldError> {
    let mut fields = fields_of(pairs);
    if files {
        fields.insert("file".to_owned(), Value::from("…"));
    }
    body(request, &Value::Object(fields))
}

/// As [`body`], of texts that come beside the body, and whose shape the document has by this name.
#[must_use]
pub fn named(request: &HttpRequest, name: &str, pairs: Vec<(String, String)>) -> Vec<FieldError> {
    let Some((contract, _)) = found(request) else { return Vec::new() };
    let faults = contract.measure().faults(&shapes::named(name), &Value::Object(fields_of(pairs)), "");
    if faults.is_empty() {
        request.extensions_mut().insert(AsDescribed);
    }
    faults
}

/// Nothing, where there are no faults.
///
/// # Errors
/// `Invalid` with the faults.
pub fn none_of(faults: Vec<FieldError>) -> Result<()> {
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

/// That a body is of the media type that is read. One that says nothing of its type is taken for it.
///
/// # Errors
/// `MediaType` for another.
pub fn media(request: &HttpRequest, taken: &'static str) -> Result<()> {
    let given = request.content_type();
    let is_said = request.headers().contains_key(header::CONTENT_TYPE);
    if !is_said || given.eq_ignore_ascii_case(taken) { Ok(()) } else { Err(AppError::MediaType(taken)) }
}

/// The status that a failure is answered with: what is as the document says is no request that could not be read.
pub fn status_of(request: &HttpRequest, status: StatusCode) -> StatusCode {
    let is_read = request.extensions().get::<AsDescribed>().is_some();
    if is_read && status == StatusCode::UNPROCESSABLE_ENTITY { StatusCode::CONFLICT } else { status }
}

#[cfg(test)]
mod tests {
    use actix_web::{App, HttpResponse, ResponseError, test, web};
    use serde_json::json;

    use super::*;

    /// A list that knows two words of its own, one filter and a limit, and something that takes a title.
    fn document() -> &'static Value {
        static DOCUMENT: OnceLock<Value> = OnceLock::new();
        let query = |name: &str, schema: Value| json!({ "name": name, "in": "query", "schema": schema });
        let key =
            json!({ "name": "Idempotency-Key", "in": "header", "schema": shapes::pattern("^[!-~]{1,9}$") });
        let length =
            json!({ "name": "Length", "in": "header", "schema": { "type": "integer", "minimum": 1 } });
        let title = shapes::object(&["title"], [("title", shapes::seen(5))]);
        DOCUMENT.get_or_init(|| {
            json!({ "paths": { "/things": {
                "get": { "parameters": [
                    query("state", shapes::one_of(["draft", "sent"])),
                    query("agency", shapes::id()),
                    query("limit", shapes::whole(1, 200)),
                    query("year", shapes::whole(1900, 2200)),
                    query("q", shapes::text(5)),
                ] },
                "post": {
                    "parameters": [key, length],
                    "requestBody": { "content": { "application/json": { "schema": title } } },
                },
            } } })
        })
    }

    static CONTRACT: Contract = Contract::new(document);

    /// What a request is told: the status, and the fields with their codes.
    async fn told(request: test::TestRequest) -> (u16, String) {
        let act = |request: HttpRequest, bytes: web::Bytes| async move {
            let read = hold(&request).and_then(|()| {
                if request.method().is_safe() {
                    return Ok(());
                }
                media(&request, "application/json")?;
                none_of(body(&request, &serde_json::from_slice(&bytes)?))
            });
            // Whatever was understood is not to be had.
            let error = read.and_then(|()| Err::<(), _>(AppError::field("x", "error-unknown"))).unwrap_err();
            let status = status_of(&request, error.status_code());
            HttpResponse::Ok().body(format!("{}|{error}", status.as_u16()))
        };
        let app = App::new().app_data(&CONTRACT).route("/things", web::to(act));
        let service = test::init_service(app).await;
        let bytes = test::call_and_read_body(&service, request.to_request()).await;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (status, error) = text.split_once('|').expect("a status");
        (status.parse().expect("a number"), error.to_owned())
    }

    #[actix_web::test]
    async fn a_parameter_is_what_the_document_says_or_is_named() {
        let id = "0190aaaa-0000-7000-8000-000000000001";
        for (query, status, said) in [
            ("".to_owned(), 409, "x (error-unknown)"),
            (format!("state=sent&agency={id}&limit=200&year=2200&q="), 409, "x (error-unknown)"),
            // A mistyped one is no other filter.
            ("other=1".to_owned(), 422, "other (error-parameter-unknown)"),
            ("stat=sent&year=x".to_owned(), 422, "year (error-not-a-number) stat (error-parameter-unknown)"),
            ("state=".to_owned(), 422, "state (error-parameter-empty)"),
            ("agency=".to_owned(), 422, "agency (error-parameter-empty)"),
            ("limit=".to_owned(), 422, "limit (error-parameter-empty)"),
            ("limit=201".to_owned(), 422, "limit (error-limit)"),
            ("limit=x".to_owned(), 422, "limit (error-limit)"),
            ("year=x".to_owned(), 422, "year (error-not-a-number)"),
            ("year=2016.5".to_owned(), 422, "year (error-not-an-integer)"),
            ("year=1899".to_owned(), 422, "year (error-not-understood)"),
            ("state=odd&agency=x".to_owned(), 422, "state (error-unknown) agency (error-not-understood)"),
            ("state=sent&state=draft".to_owned(), 422, "state (error-parameter-twice)"),
            ("q=abcdef".to_owned(), 422, "q (error-too-long)"),
            ("q=a%00".to_owned(), 422, "q (error-control-characters)"),
        ] {
            let found = told(test::TestRequest::get().uri(&format!("/things?{query}"))).await;
            assert_eq!(found, (status, format!("invalid: {said}")), "{query}");
        }
    }

    #[actix_web::test]
    async fn a_body_is_what_the_document_says_or_its_field_is_named() {
        let post = |text: &'static str| test::TestRequest::post().uri("/things").set_payload(text);
        for (request, status, said) in [
            (post("{\"title\": \"a\"}"), 409, "invalid: x (error-unknown)"),
            (post("{\"title\": \"\"}"), 422, "invalid: title (error-required)"),
            (post("{\"titel\": \"a\"}"), 422, "invalid: title (error-required) titel (error-unknown-field)"),
            (
                post("{\"title\": \"a\"}").insert_header(("content-type", "application/json; charset=utf-8")),
                409,
                "invalid: x (error-unknown)",
            ),
            (
                post("{\"title\": \"a\"}").insert_header(("content-type", "text/plain")),
                415,
                "another media type than application/json",
            ),
            (
                post("{\"title\": \"a\"}").insert_header(("idempotency-key", "a b")),
                422,
                "invalid: Idempotency-Key (error-not-a-code)",
            ),
            (
                post("{\"title\": \"a\"}").insert_header(("length", "0")),
                422,
                "invalid: Length (error-not-a-code)",
            ),
            (
                post("{\"title\": \"a\"}").insert_header(("length", "x")),
                422,
                "invalid: Length (error-not-a-code)",
            ),
            (
                post("{\"title\": \"a\"}").insert_header(("length", "1234567890123456789012")),
                409,
                "invalid: x (error-unknown)",
            ),
        ] {
            assert_eq!(told(request).await, (status, said.to_owned()));
        }
    }
}
