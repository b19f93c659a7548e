//! HEAD of every page, file and call.

use actix_web::{
    Error,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::Method,
    middleware::Next,
};

use crate::{casework::evidence::resumable, platform::http::head};

/// The middleware, round all others: the handler of GET answers, and what goes on record for a look does so once. A file that
/// comes in parts is asked by HEAD how far it is, which has a handler of its own.
pub(super) async fn as_get(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let is_own = resumable::answers_head(request.path());
    if *request.method() != Method::HEAD || is_own {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    head::ask_as_get(&mut request);
    Ok(head::without_body(next.call(request).await?))
}
