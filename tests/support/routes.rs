//! The routes of the program as its own router knows them: paths from actix's resource map, methods by asking.

use std::collections::BTreeSet;

use actix_web::{App, dev::Service, http::Method, test};
use lead_handoff::app;

/// The methods that a route may have.
pub const METHODS: [&str; 7] = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];

/// Every pattern of the router, e.g. `/leads/{id}`.
///
/// actix has no list of its routes to hand out; its map prints itself, and each node names its pattern.
pub async fn patterns() -> BTreeSet<String> {
    let service = test::init_service(App::new().configure(app::routes)).await;
    let reply =
        service.call(test::TestRequest::get().uri("/no-such-page").to_request()).await.expect("a reply");
    let map = format!("{:?}", reply.request().resource_map());
    let found: BTreeSet<String> = map
        .split("patterns: Single(\"")
        .skip(1)
        .filter_map(|rest| rest.split("\")").next())
        .map(|pattern| pattern.replace("\\\\", "\\"))
        .filter(|pattern| !pattern.is_empty())
        .collect();
    assert!(found.contains("/healthz"), "the router's map reads otherwise than it did: {map}");
    found
}

/// The methods that have a handler at `path`. The program is asked without its stores: whoever is there fails for want
/// of them, and only who is not there says so.
pub async fn methods(path: &str) -> BTreeSet<&'static str> {
    let service = test::init_service(App::new().configure(app::routes)).await;
    let mut found = BTreeSet::new();
    for method in METHODS {
        let asked =
            test::TestRequest::with_uri(path).method(Method::from_bytes(method.as_bytes()).expect("method"));
        let status = match service.call(asked.to_request()).await {
            Ok(reply) => reply.status(),
            Err(e) => e.as_response_error().status_code(),
        };
        if !matches!(status.as_u16(), 404 | 405) {
            found.insert(method);
        }
    }
    found
}
