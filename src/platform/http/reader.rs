//! Each request is answered for one reader; who that is, and how they want times to be written, is told where the
//! account behind it becomes known.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};

use crate::platform::time;

/// The middleware.
///
/// # Errors
/// Those of the inner service that are no replies.
pub async fn for_one_reader(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    time::for_one_reader(next.call(request)).await
}
