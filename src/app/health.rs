//! `/healthz`: whether what the program stands on can be reached.

use actix_web::{HttpResponse, web};

use crate::platform::{health, services::Services};

/// 200 and `ok`, or 503 with what is down.
pub(super) async fn health(services: web::Data<Services>) -> HttpResponse {
    let parts = health::parts(&services).await;
    let down: Vec<&str> = parts.iter().filter(|part| !part.is_up).map(|part| part.name).collect();
    let mut reply = if down.is_empty() { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    let said = if down.is_empty() { "ok".to_owned() } else { down.join(", ") };
    reply.content_type("text/plain; charset=utf-8").body(said)
}
