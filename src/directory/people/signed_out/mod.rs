//! A form that was posted after the session ended: nothing is done by it, and nothing that was typed is lost. The
//! answer is a page (401) with all of it, to be sent again after signing in elsewhere; it works without a script.
//!
//! Not given back are passwords, codes and files, which the page asks for again, and what comes from no page of ours.

mod body;
mod kept;
mod pages;

use actix_web::{
    Error,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, StatusCode},
    middleware::Next,
};

use self::{
    body::Typed,
    pages::{SignedOutPage, Words},
};
use super::session;
use crate::platform::{
    error::Result as AppResult,
    http::{
        reply::{Failure, html_with},
        shield::is_from_us,
    },
    paths,
};

/// The middleware; stands inside the shield, so that a form of another site never gets here.
///
/// # Errors
/// Those of the inner service that are no replies.
pub async fn keep_typed(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if request.method() != Method::POST || request.path().starts_with("/api/") {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let typed = match body::keep(&mut request).await {
        Ok(typed) => typed,
        Err(error) => return Ok(request.error_response(error)),
    };
    let response = next.call(request).await?.map_into_boxed_body();
    let first = response.response().extensions().get::<Failure>().and_then(|failure| failure.first.clone());
    let Some(first) = first else { return Ok(response) };
    match page(&response, &first, &typed) {
        Ok(page) => html_reply(response, &page),
        Err(error) => Ok(response.into_response(actix_web::ResponseError::error_response(&error))),
    }
}

fn html_reply(
    response: ServiceResponse<BoxBody>,
    page: &SignedOutPage,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let reply = html_with(StatusCode::UNAUTHORIZED, page)?;
    Ok(response.into_response(reply))
}

/// What the page shows; nothing of a form that may have been filled in elsewhere.
fn page(response: &ServiceResponse<BoxBody>, first: &str, typed: &Typed) -> AppResult<SignedOutPage> {
    let request = response.request();
    let services = session::services_of(request)?;
    // Without the language of an account that is not known (yet).
    let words = Words::of(first);
    let c = session::plain(request, services, words.title);
    let action = request.uri().path_and_query().map_or(paths::HOME, |path| path.as_str()).to_owned();
    let ours = is_from_us(request.headers());
    let kept = if ours { kept::of(&c, request.path(), typed) } else { kept::Kept::default() };
    // The page to go to opens beside this one; what it leads to afterwards does not matter.
    let go = first.split('?').next().unwrap_or(paths::LOGIN).to_owned();
    Ok(SignedOutPage { words, go, action, ours, kept, c })
}
