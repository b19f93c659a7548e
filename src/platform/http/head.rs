//! HEAD: a request that is answered as GET, by the same handler, and whose answer bears no body. A look at case material is one
//! for the log either way. Which of the two was asked for is kept for those who tell or count it.

use actix_web::{
    HttpMessage, HttpRequest,
    body::{self, BodySize, BoxBody, MessageBody, SizedStream},
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, header},
};
use bytes::Bytes;
use futures_util::stream;

use crate::platform::error::AppError;

/// Marks a request that came as HEAD.
#[derive(Clone, Copy, Debug)]
struct CameAsHead;

/// Makes a GET of it; before the router and whoever else goes by the method sees it.
pub fn ask_as_get(request: &mut ServiceRequest) {
    request.head_mut().method = Method::GET;
    request.extensions_mut().insert(CameAsHead);
}

/// Whether the request came as HEAD, which shows nobody anything.
pub fn is_head(request: &HttpRequest) -> bool {
    *request.method() == Method::HEAD || request.extensions().contains::<CameAsHead>()
}

/// The method that a request came with.
pub fn method_of(request: &HttpRequest) -> Method {
    if is_head(request) { Method::HEAD } else { request.method().clone() }
}

/// The answer without its body, which nobody reads from its place for that. Its length stays as told, where it is known.
pub fn without_body(response: ServiceResponse<impl MessageBody + 'static>) -> ServiceResponse<BoxBody> {
    response.map_body(|head, body| {
        let told = head.headers().get(header::CONTENT_LENGTH);
        let told = told.and_then(|length| length.to_str().ok()?.parse().ok());
        match (body.size(), told) {
            (BodySize::Sized(length), _) | (BodySize::Stream, Some(length)) => {
                SizedStream::new(length, stream::empty::<Result<Bytes, AppError>>()).boxed()
            }
            _ => body::None::new().boxed(),
        }
    })
}
