//! A form that was posted after the session ended: nothing is done by it, and nothing that was typed is lost. The
//! answer is a page (401) with all of it, to be sent again after signing in elsewhere; it works without a script.
//!
//! What somebody who is signed in has posted and was refused, whatever the cause, is kept as unsent (`unsent`).
//!
//! Not given back are passwords, codes and files, which the page asks for again, and what comes from no page of ours.

mod body;
mod kept;
mod pages;

use actix_web::{
    Error, HttpMessage, HttpRequest,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, StatusCode},
    middleware::Next,
};

pub(super) use kept::secret;
pub use kept::{is_text, label};

use self::{
    body::Typed,
    pages::{SignedOutPage, Words},
};
use super::{guard, model::Actor, session, unsent};
use crate::platform::{
    error::{AppError, Result as AppResult},
    http::{
        layout::Chrome,
        reply::{Failure, html_with},
        shield::{is_from_us, wants_json},
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
    let is_page = !request.path().starts_with("/api/") && !wants_json(request.headers());
    if request.method() != Method::POST || !is_page {
        return Ok(nowhere(next.call(request).await?.map_into_boxed_body()).await);
    }
    let typed = match body::keep(&mut request).await {
        Ok(typed) => typed,
        Err(error) => return Ok(not_taken(request, error).await),
    };
    let response = nowhere(next.call(request).await?.map_into_boxed_body()).await;
    let status = response.status();
    if status != StatusCode::UNAUTHORIZED && (status.is_client_error() || status.is_server_error()) {
        unsent::keep_refused(response.request(), &typed.body).await;
    }
    let first = response.response().extensions().get::<Failure>().and_then(|failure| failure.first.clone());
    let Some(first) = first else { return Ok(response) };
    match page(&response, &first, &typed) {
        Ok(page) => html_reply(response, &page),
        Err(error) => Ok(response.into_response(actix_web::ResponseError::error_response(&error))),
    }
}

/// The reply to a body that nobody reads further.
async fn not_taken(request: ServiceRequest, error: AppError) -> ServiceResponse<BoxBody> {
    frame(request.request()).await;
    request.error_response(error)
}

/// The reply to an address that can't be: of no route, with an id that is none, or not for this method.
async fn nowhere(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let request = response.request();
    let is_lost = matches!(response.status(), StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED);
    if is_lost && !paths::is_call(request.path()) && !request.extensions().contains::<Chrome>() {
        frame(request).await;
        // A mistyped address is no attempt of anybody's, and stays out of the log.
        request.extensions_mut().remove::<Actor>();
    }
    response
}

/// The frame of a reply before which no guard has looked who asks: to whoever is wholly signed in it comes in their own,
/// to everybody else, or where that can't be told now, in the plain one.
async fn frame(request: &HttpRequest) {
    if guard::complete(request).await.is_err() {
        request.extensions_mut().remove::<Chrome>();
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
