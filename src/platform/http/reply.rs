//! Replies: pages, redirects, and what an error becomes. An error's own reply is bare; the shield gives it a page in
//! the user's language, or problem+json for the API.

use actix_web::{
    HttpResponse, ResponseError,
    body::BoxBody,
    http::{
        StatusCode,
        header::{self, HeaderName},
    },
};
use askama::Template;
use serde::Serialize;

use crate::platform::{
    error::{AppError, FieldError, Result},
    http::{fault_order, reference},
};

/// Carried by a bare error reply to the shield, which makes it readable.
#[derive(Clone, Debug, Default)]
pub struct Failure {
    /// Seconds to wait, after too many attempts.
    pub wait: u64,
    /// A more exact text (`conflict-…`), if there is one.
    pub detail: Option<&'static str>,
    pub fields: Vec<FieldError>,
    /// Number under which the cause is in the log, where it is ours; else the page shows that of the request.
    pub reference: Option<String>,
    /// The page that the sender of a form has to go to before it is taken.
    pub first: Option<String>,
}

/// Carried by a page that says itself why what was asked for is refused: the key of that sentence, for the log.
#[derive(Clone, Copy, Debug)]
pub struct Why(pub &'static str);

/// Whether a header of a bare reply is meant for whoever asked, and not of the reply alone.
pub(super) fn is_told(name: &HeaderName) -> bool {
    [header::RETRY_AFTER, header::WWW_AUTHENTICATE, header::ALLOW, header::CONTENT_RANGE].contains(name)
        || ["tus-", "upload-"].iter().any(|of| name.as_str().starts_with(of))
}

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        match self {
            AppError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            AppError::NotFound => StatusCode::NOT_FOUND,
            AppError::Conflict(_) => StatusCode::CONFLICT,
            AppError::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            AppError::MediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            AppError::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            AppError::Elsewhere(_) => StatusCode::SEE_OTHER,
            AppError::SignedOut(_) | AppError::Unauthorized => StatusCode::UNAUTHORIZED,
            AppError::Forbidden => StatusCode::FORBIDDEN,
            AppError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            AppError::Full(_) => StatusCode::INSUFFICIENT_STORAGE,
            AppError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut failure = Failure::default();
        let mut reply = HttpResponse::build(self.status_code());
        match self {
            AppError::Elsewhere(path) => return see_other(path),
            AppError::SignedOut(path) => failure.first = Some(path.clone()),
            AppError::Invalid(fields) => failure.fields.clone_from(fields),
            AppError::TooLarge(fault) => failure.fields = vec![fault.clone()],
            AppError::MediaType(taken) => {
                let name = header::CONTENT_TYPE.as_str();
                failure.fields = vec![FieldError::new(name, "error-media-type").arg("media", taken)];
            }
            AppError::NotFound => {}
            AppError::Conflict(detail) => failure.detail = Some(detail),
            AppError::TooMany(seconds) => {
                failure.wait = *seconds;
                reply.insert_header((header::RETRY_AFTER, seconds.to_string()));
            }
            AppError::Forbidden => failure.detail = Some("error-token-scope"),
            AppError::Unauthorized => {
                reply.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
            }
            AppError::Unavailable(_) | AppError::Full(_) | AppError::Internal(_) => {
                let reference = reference::current().unwrap_or_else(reference::fresh);
                tracing::error!(reference, error = %self, cause = ?std::error::Error::source(self), "request failed");
                failure.reference = Some(reference);
            }
        }
        let mut reply = reply.finish();
        reply.extensions_mut().insert(failure);
        reply
    }
}

/// A page with status 200.
///
/// # Errors
/// `Internal` when the template can't be rendered.
pub fn html(page: &impl Template) -> Result<HttpResponse> {
    html_with(StatusCode::OK, page)
}

/// A form shown again with its faults: 422.
///
/// # Errors
/// `Internal` when the template can't be rendered.
pub fn invalid(page: &impl Template) -> Result<HttpResponse> {
    html_with(StatusCode::UNPROCESSABLE_ENTITY, page)
}

/// A form shown again because its sender has to wait: 429, with how long.
///
/// # Errors
/// `Internal` when the template can't be rendered.
pub fn too_many(page: &impl Template, seconds: u64) -> Result<HttpResponse> {
    let mut reply = html_with(StatusCode::TOO_MANY_REQUESTS, page)?;
    reply.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
    Ok(reply)
}

/// A page with `status`; where its sender has to wait, with 429 and how long.
///
/// # Errors
/// `Internal` when the template can't be rendered.
pub fn html_or_wait(status: StatusCode, page: &impl Template, wait: Option<u64>) -> Result<HttpResponse> {
    match wait {
        Some(seconds) => too_many(page, seconds),
        None => html_with(status, page),
    }
}

/// A page with any status. Pages hold case material, so no cache keeps them.
///
/// # Errors
/// `Internal` when the template can't be rendered.
pub fn html_with(status: StatusCode, page: &impl Template) -> Result<HttpResponse> {
    let body = page.render().map_err(AppError::internal)?;
    Ok(HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(fault_order::as_on_page(body)))
}

/// JSON for a script or a call: it is of the moment, or of case material, so no cache keeps it.
pub fn unkept_json(body: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(body)
}

/// In a reply that asks which of two versions is meant: no act is refused by it.
#[derive(Clone, Copy, Debug)]
pub struct Question;

/// A form shown again because somebody else has saved meanwhile, with both versions: 409, and no refusal that belongs on
/// record.
///
/// # Errors
/// `Internal` when the template can't be rendered.
pub fn question(page: &impl Template) -> Result<HttpResponse> {
    let mut reply = html_with(StatusCode::CONFLICT, page)?;
    reply.extensions_mut().insert(Question);
    Ok(reply)
}

/// After a post: look at the result with GET.
pub fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, path)).finish()
}
