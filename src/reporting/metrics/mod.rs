//! `/metrics`: how the program is doing, in the text format of Prometheus, for this machine alone unless
//! `LEAD_HANDOFF_METRICS` is `open`. It counts; it names no lead, person or agency.

mod read;

use actix_web::{HttpRequest, HttpResponse, http::header, web};

use crate::platform::{
    error::{AppError, Result},
    services::Services,
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/metrics", web::get().to(metrics));
}

/// Whether a request comes from this machine itself. One that a proxy passes on does not, wherever the proxy runs.
fn is_local(request: &HttpRequest) -> bool {
    let forwarded = ["forwarded", "x-forwarded-for", "x-real-ip"];
    let direct = forwarded.iter().all(|name| !request.headers().contains_key(*name));
    direct && request.peer_addr().is_some_and(|peer| peer.ip().to_canonical().is_loopback())
}

async fn metrics(services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    if !services.settings.metrics_open && !is_local(&request) {
        return Err(AppError::NotFound);
    }
    let now = services.db.now();
    let state = services.db.read(move |conn| read::state(conn, now)).await?;
    let text = services.metrics.text(read::families(&state, &services.db.pools())?)?;
    Ok(HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(text))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn only_a_request_of_this_machine_itself_is_local() {
        let from = |address: &str| TestRequest::get().peer_addr(address.parse().expect("an address"));
        assert!(is_local(&from("127.0.0.1:9").to_http_request()));
        assert!(is_local(&from("[::1]:9").to_http_request()));
        assert!(is_local(&from("[::ffff:127.0.0.1]:9").to_http_request()));
        assert!(!is_local(&from("192.0.2.1:9").to_http_request()));
        let passed_on = from("127.0.0.1:9").insert_header(("X-Forwarded-For", "192.0.2.1"));
        assert!(!is_local(&passed_on.to_http_request()));
    }
}
