//! Round every request: cross-site posts are refused, security headers are set, and a bare error becomes a page or a
//! problem document in the user's language.

use actix_web::{
    Error, HttpMessage, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
};
use serde_json::json;

use super::{
    assets, contract,
    field_name::field_name,
    layout::{Chrome, ErrorPage},
    posted::{form_page, page_instead},
    reference,
    reply::{Failure, Question, html_with, is_told, see_other},
    ways_back::{is_kept, ways_back},
};
use crate::platform::{
    error::FieldError,
    i18n::{self, Lang},
    paths,
};

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
                   connect-src 'self'; worker-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; \
                   frame-ancestors 'none'";

/// The language that was chosen in this browser, if one was.
pub fn chosen_language(request: &HttpRequest) -> Option<Lang> {
    request.cookie("lang").and_then(|c| Lang::parse(c.value()))
}

/// The language of a request: its cookie, else what the browser asks for.
pub fn language(request: &HttpRequest) -> Lang {
    let accept = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    chosen_language(request).unwrap_or_else(|| Lang::negotiate(accept))
}

/// The frame of a page for somebody who is not signed in.
pub fn plain_chrome(request: &HttpRequest, title_key: &str) -> Chrome {
    let language = language(request);
    Chrome {
        language,
        title: i18n::t(language, title_key),
        path: request.uri().path_and_query().map_or_else(String::new, ToString::to_string),
        form_page: form_page(request),
        css: assets::css_url(),
        js: assets::js_url(),
        icon: assets::icon_url(),
        ..Chrome::default()
    }
}

/// Whether a changing request comes from a page of another site. Browsers say where a request comes from;
/// other programs send no cookies of ours by themselves.
fn is_cross_site(method: &Method, headers: &HeaderMap) -> bool {
    if method.is_safe() {
        return false;
    }
    let text = |name: HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = headers.get("sec-fetch-site").and_then(|v| v.to_str().ok()) {
        return !matches!(site, "same-origin" | "none");
    }
    match text(header::ORIGIN) {
        None => false,
        Some(origin) => {
            let host = origin.split_once("://").map_or(origin, |(_, host)| host);
            text(header::HOST) != Some(host)
        }
    }
}

/// Whether a changing request surely comes from one of our own pages. A program that says nothing of where it comes
/// from may send one too, but gets nothing back that a page of another site could have filled in.
pub fn is_from_us(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => site == "same-origin",
        (None, Some(_)) => !is_cross_site(&Method::POST, headers),
        (None, None) => false,
    }
}

/// Whether an answer is read by a program, as a page's script is one: it asks for JSON and for no page.
pub fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    accept.contains("application/json") && !accept.contains("text/html")
}

/// Marks the reply to a changing request from a page of another site, for those who watch for refusals.
#[derive(Clone, Copy, Debug)]
pub struct CrossSite;

/// The middleware.
///
/// # Errors
/// Those of the inner service that are no replies.
pub async fn shield(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if is_cross_site(request.method(), request.headers()) {
        let (request, _) = request.into_parts();
        let reply = render(&request, StatusCode::FORBIDDEN, &Failure::default());
        let mut response = ServiceResponse::new(request, reply);
        response.response_mut().extensions_mut().insert(CrossSite);
        harden(response.headers_mut());
        return Ok(response);
    }
    // No clone of the request may be alive while the router matches it: it changes the one there is.
    let mut response = next.call(request).await?.map_into_boxed_body();
    let instead = page_instead(response.request(), response.status());
    if let Some(page) = instead.filter(|_| !wants_json(response.request().headers())) {
        response = response.into_response(see_other(&page));
    } else if let Some(failure) = failure_of(&response) {
        let request = response.request().clone();
        let mut reply = render(&request, contract::status_of(&request, response.status()), &failure);
        for (name, value) in response.headers().iter().filter(|(name, _)| is_told(name)) {
            reply.headers_mut().insert(name.clone(), value.clone());
        }
        if response.response().extensions().contains::<Question>() {
            reply.extensions_mut().insert(Question);
        }
        // Those who watch for refusals see the failure on the new reply too.
        reply.extensions_mut().insert(failure);
        response = response.into_response(reply);
    }
    harden(response.headers_mut());
    Ok(response)
}

/// The failure that a reply carries; one for the framework's own bare errors too (no such route, bad path).
fn failure_of(response: &ServiceResponse<BoxBody>) -> Option<Failure> {
    if let Some(failure) = response.response().extensions().get::<Failure>() {
        return Some(failure.clone());
    }
    let bare =
        response.headers().get(header::CONTENT_TYPE).is_none_or(|v| v.as_bytes().starts_with(b"text/plain"))
            && response.response().error().is_some()
            || (response.headers().get(header::CONTENT_TYPE).is_none()
                && response.response().body().size().is_eof());
    let failed = response.status().is_client_error() || response.status().is_server_error();
    (bare && failed).then(Failure::default)
}

/// The number under which the log has the request, and its cause where that is ours.
fn reference_of(failure: &Failure) -> Option<String> {
    failure.reference.clone().or_else(reference::current)
}

fn render(request: &HttpRequest, status: StatusCode, failure: &Failure) -> HttpResponse {
    if paths::is_call(request.path()) || wants_json(request.headers()) {
        problem(request, status, failure)
    } else {
        page(request, status, failure)
    }
}

/// The message that heads the reply; there is one for each status that we answer with.
fn heading_key(status: StatusCode) -> String {
    match status {
        StatusCode::UNPROCESSABLE_ENTITY => "error-page-400".into(),
        status => format!("error-page-{}", status.as_u16()),
    }
}

/// As [`heading_key`], for a program: what is wrong may lie in what it was given, and in the state of nothing.
fn title_key(status: StatusCode, failure: &Failure) -> String {
    match status {
        StatusCode::CONFLICT if !failure.fields.is_empty() => "error-api-409".into(),
        status => heading_key(status),
    }
}

/// The messages that tell a call of the API that its address or its method is none: the title, and what is below it. A
/// program has no page to go back to, and no buttons.
fn words_of_call(status: StatusCode, failure: &Failure) -> Option<(&'static str, &'static str)> {
    let is_bare = failure.first.is_none() && failure.detail.is_none() && failure.fields.is_empty();
    match status {
        StatusCode::NOT_FOUND if is_bare => Some(("error-api-404", "error-api-404-text")),
        StatusCode::METHOD_NOT_ALLOWED if is_bare => Some(("error-api-405", "error-api-405-text")),
        _ => None,
    }
}

/// The message below it, where the failure says nothing more exact. Who only asked for something has sent nothing that
/// could have been kept.
fn text_key(method: &Method, status: StatusCode) -> String {
    if status == StatusCode::INSUFFICIENT_STORAGE && method.is_safe() {
        return "error-page-507-text-asked".into();
    }
    format!("{}-text", heading_key(status))
}

/// `name`: how a field that must be mended is called.
fn text_of(
    lang: Lang,
    (method, status): (&Method, StatusCode),
    failure: &Failure,
    name: impl Fn(&FieldError) -> String,
) -> String {
    match failure.detail {
        Some(detail) => i18n::t(lang, detail),
        None if failure.fields.is_empty() => {
            i18n::t_with(lang, &text_key(method, status), &[("n", failure.wait.to_string())])
        }
        None => {
            let line = |e: &FieldError| format!("{}{}", name(e), i18n::t_with(lang, e.code, &e.args));
            failure.fields.iter().map(line).collect::<Vec<_>>().join("\n")
        }
    }
}

fn page(request: &HttpRequest, status: StatusCode, failure: &Failure) -> HttpResponse {
    // The signed-in frame, where the guard got as far as making one.
    let known = request.extensions().get::<Chrome>().cloned();
    let c = known.unwrap_or_else(|| plain_chrome(request, "app-name"));
    let lang = c.language;
    // What is in the way may have a heading of its own: not everything lies in the state of a thing.
    let own = failure.detail.map(|detail| format!("{detail}-title")).filter(|key| i18n::has(lang, key));
    let heading = i18n::t(lang, &own.unwrap_or_else(|| heading_key(status)));
    let colon = i18n::t(lang, "colon");
    let name = |e: &FieldError| format!("{}{colon}", field_name(lang, &e.field));
    let page = ErrorPage {
        status: status.as_u16(),
        heading: heading.clone(),
        text: text_of(lang, (request.method(), status), failure, name),
        is_kept: is_kept(request),
        reference: reference_of(failure),
        back: ways_back(request, status, &c),
        c: c.titled(heading),
    };
    html_with(status, &page).unwrap_or_else(|e| {
        tracing::error!(error = %e, "the error page itself failed");
        HttpResponse::build(status).finish()
    })
}

/// As [`text_of`]; to whoever has to sign in anew it says so, and nothing of tokens.
fn detail_of(
    lang: Lang,
    asked: (&Method, StatusCode),
    failure: &Failure,
    name: impl Fn(&FieldError) -> String,
) -> String {
    match &failure.first {
        Some(_) => i18n::t(lang, "error-signed-out-text"),
        None => text_of(lang, asked, failure, name),
    }
}

/// RFC 9457.
fn problem(request: &HttpRequest, status: StatusCode, failure: &Failure) -> HttpResponse {
    // A script's words are read by whoever is at the page, in its language.
    let spoken = request.extensions().get::<Chrome>().map(|c| c.language);
    let lang = spoken.unwrap_or_else(|| language(request));
    let is_api = request.path().starts_with("/api/");
    let colon = i18n::t(lang, "colon");
    // A program needs the name as it has to send it.
    let name = |e: &FieldError| {
        if is_api { format!("{}: ", e.field) } else { format!("{}{colon}", field_name(lang, &e.field)) }
    };
    let errors: Vec<_> = failure
        .fields
        .iter()
        .map(|e| json!({"field": e.field, "code": e.code, "message": i18n::t_with(lang, e.code, &e.args)}))
        .collect();
    let (title, detail) = match words_of_call(status, failure).filter(|_| is_api) {
        Some((title, detail)) => (i18n::t(lang, title), i18n::t(lang, detail)),
        None => (
            i18n::t(lang, &title_key(status, failure)),
            detail_of(lang, (request.method(), status), failure, name),
        ),
    };
    HttpResponse::build(status).content_type("application/problem+json").body(
        json!({
            "type": "about:blank",
            "title": title,
            "status": status.as_u16(),
            "detail": detail,
            "reference": reference_of(failure),
            "errors": errors,
        })
        .to_string(),
    )
}

/// Sets every header that a reply does not set itself (evidence has a stricter policy of its own).
fn harden(headers: &mut HeaderMap) {
    let wanted = [
        (header::CONTENT_SECURITY_POLICY, CSP),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
        ),
    ];
    for (name, value) in wanted {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v))).collect()
    }

    #[test]
    fn a_post_from_another_site_is_seen_by_either_header() {
        let post = Method::POST;
        assert!(is_cross_site(&post, &headers(&[("sec-fetch-site", "cross-site")])));
        assert!(is_cross_site(&post, &headers(&[("sec-fetch-site", "same-site")])));
        assert!(is_cross_site(
            &post,
            &headers(&[("origin", "https://evil.example"), ("host", "us.example")])
        ));
        assert!(is_cross_site(&post, &headers(&[("origin", "null"), ("host", "us.example")])));
        assert!(!is_cross_site(&post, &headers(&[("origin", "https://us.example"), ("host", "us.example")])));
        assert!(!is_cross_site(&post, &headers(&[("sec-fetch-site", "same-origin")])));
        assert!(!is_cross_site(&Method::GET, &headers(&[("sec-fetch-site", "cross-site")])));
    }

    #[test]
    fn a_full_disk_says_what_it_means_for_who_sends_and_for_who_asks() {
        let full = StatusCode::INSUFFICIENT_STORAGE;
        let text = |method: &Method| {
            text_of(Lang::En, (method, full), &Failure::default(), |fault| fault.field.clone())
        };
        assert!(text(&Method::POST).contains("What you sent was not kept"), "{}", text(&Method::POST));
        for method in [Method::GET, Method::HEAD] {
            let told = text(&method);
            assert!(told.contains("could not be shown") && !told.contains("sent"), "{told}");
        }
    }

    #[test]
    fn a_script_gets_no_page() {
        assert!(wants_json(&headers(&[("accept", "application/json")])));
        assert!(!wants_json(&headers(&[("accept", "text/html,application/json;q=0.9")])));
        assert!(!wants_json(&headers(&[("accept", "*/*")])) && !wants_json(&headers(&[])));
    }

    #[test]
    fn only_who_says_so_is_one_of_our_pages() {
        assert!(is_from_us(&headers(&[("sec-fetch-site", "same-origin")])));
        assert!(is_from_us(&headers(&[("origin", "https://us.example"), ("host", "us.example")])));
        assert!(!is_from_us(&headers(&[("origin", "https://evil.example"), ("host", "us.example")])));
        assert!(!is_from_us(&headers(&[("sec-fetch-site", "none")])));
        assert!(!is_from_us(&headers(&[("host", "us.example")])));
    }
}
