//! What all requests of the protocol have in common: its version, and methods that stand in a header because something
//! on the way lets only GET and POST through.

use actix_web::{
    Error, HttpRequest,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{HeaderName, HeaderValue},
    },
    middleware::Next,
};

use super::{model::VERSION, stop::Stop};

const RESUMABLE: &str = "tus-resumable";
const OVERRIDE: &str = "x-http-method-override";

/// A header as text; empty where there is none, or none that is text.
pub(super) fn text<'a>(request: &'a HttpRequest, name: &str) -> &'a str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().trim()
}

/// A header that is a whole number, which is not negative. One beyond all that we reckon with is the largest.
///
/// # Errors
/// `Malformed` with `key` where it is missing or none.
pub(super) fn number(request: &HttpRequest, name: &str, key: &'static str) -> Result<i64, Stop> {
    let text = text(request, name);
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_plain { Ok(text.parse().unwrap_or(i64::MAX)) } else { Err(Stop::Malformed(key)) }
}

/// That the client speaks our version of the protocol. Asked when it is known who that is.
///
/// # Errors
/// `Version` where it speaks another one, `Malformed` where it says nothing of the sort.
pub(super) fn speaks(request: &HttpRequest) -> Result<(), Stop> {
    let said = text(request, RESUMABLE);
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match said {
        VERSION => Ok(()),
        _ if said.split('.').count() == 3 && said.split('.').all(is_number) => Err(Stop::Version),
        _ => Err(Stop::Malformed("upload-stop-version")),
    }
}

/// The method that a POST stands for, if it says one.
fn meant(request: &HttpRequest) -> Option<Method> {
    match text(request, OVERRIDE).to_ascii_uppercase().as_str() {
        "PATCH" => Some(Method::PATCH),
        "DELETE" => Some(Method::DELETE),
        "HEAD" => Some(Method::HEAD),
        _ => None,
    }
}

/// The middleware of these addresses.
///
/// # Errors
/// Those of the inner service that are no replies.
pub(super) async fn speak(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if *request.method() == Method::POST
        && let Some(method) = meant(request.request())
    {
        request.head_mut().method = method;
    }
    let mut response = next.call(request).await?.map_into_boxed_body();
    let (name, version) = (HeaderName::from_static(RESUMABLE), HeaderValue::from_static(VERSION));
    response.headers_mut().insert(name, version);
    Ok(response)
}
