//! One line of the log for each request. It names the route's pattern, never the address: addresses hold one-time links
//! and the words that somebody looked for, and neither has any business in a log.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};

use crate::platform::{
    db::Instant,
    http::{head, reference},
};

/// The middleware: method, pattern, status, the milliseconds until an answer begins and the number that an error page
/// shows, at the level `info`.
///
/// # Errors
/// Those of the inner service that are no replies.
pub async fn access_log(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let began = Instant::system_now();
    let number = reference::fresh();
    let response = reference::under(number.clone(), next.call(request)).await?;
    let route = response.request().match_pattern();
    let ms = Instant::system_now().micros().saturating_sub(began.micros()).max(0) as f64 / 1e3;
    tracing::info!(
        target: "lead_handoff::http",
        method = head::method_of(response.request()).as_str(),
        route = route.as_deref().unwrap_or("none"),
        status = response.status().as_u16(),
        ms,
        reference = number,
        "answered"
    );
    Ok(response)
}
