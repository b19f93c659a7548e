//! Addresses that are only posted to: the program knows them all, and leads nobody there.

use std::collections::BTreeSet;

use actix_web::{
    App, Error, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, StatusCode, header},
    middleware::{self, Next},
    test::{TestRequest, call_and_read_body, call_service, init_service},
};
use lead_handoff::{
    app,
    platform::http::{
        posted::{NO_PAGE, form_page},
        shield,
    },
};

use super::{objects::Objects, path_of, row::Row, table::ROWS};
use crate::support::routes;

/// The rows of addresses that nothing is read at.
fn only_posted() -> Vec<&'static Row> {
    let pages: BTreeSet<&str> =
        ROWS.iter().filter(|row| row.method == "GET").map(|row| row.pattern).collect();
    let is_posted = |row: &&Row| !row.pattern.starts_with("/api/") && !pages.contains(row.pattern);
    ROWS.iter().filter(is_posted).collect()
}

#[test]
fn every_address_that_is_no_page_is_known_as_none() {
    let posted: BTreeSet<&str> = only_posted().iter().map(|row| row.pattern).collect();
    let known: BTreeSet<&str> = NO_PAGE.iter().copied().collect();
    assert_eq!(known, posted);
}

/// Answers with the page that a posted form stands on, as the program has it.
async fn tell(
    request: ServiceRequest,
    _next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let page = form_page(request.request());
    Ok(request.into_response(HttpResponse::Ok().body(page)))
}

/// The page of a form that was posted to `path`, where the browser does not say which it was.
async fn page_of(path: &str) -> String {
    let service = init_service(App::new().wrap(middleware::from_fn(tell)).configure(app::routes)).await;
    let request = TestRequest::post().uri(path).to_request();
    String::from_utf8(call_and_read_body(&service, request).await.to_vec()).expect("text")
}

/// What becomes of a form that was refused stays at its address: whoever asks for that anew, or passes it on, finds the page
/// that the form stands on.
#[actix_web::test]
async fn an_address_that_is_no_page_leads_on_to_one() {
    let service =
        init_service(App::new().wrap(middleware::from_fn(shield::shield)).configure(app::routes)).await;
    let rows = only_posted();
    let names = rows.iter().flat_map(|row| row.on.split_whitespace()).filter(|name| *name != "storage");
    let objects: Objects = names.map(|name| (name, uuid::Uuid::now_v7().to_string())).collect();
    let mut ways = Vec::new();
    for row in &rows {
        let path = path_of(row, &objects);
        let path = path.split('?').next().unwrap_or_default();
        let page = page_of(path).await;
        ways.push((format!("{path}?once=1&ok=done"), page));
    }
    // What is ticked stands in the address.
    ways.push(("/leads/selected/assign?once=1&pick=a&pick=b".into(), "/leads/selected?pick=a&pick=b".into()));
    for (path, page) in &ways {
        for method in [Method::GET, Method::HEAD] {
            let asked = TestRequest::with_uri(path).method(method).to_request();
            let reply = call_service(&service, asked).await;
            assert_eq!(reply.status(), StatusCode::SEE_OTHER, "{path}");
            let location = reply.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
            assert_eq!(location, Some(page.as_str()), "{path}");
        }
    }
    // A script asks for no page, and what is no address of ours leads nowhere.
    for (path, accept) in [("/logout", "application/json"), ("/no-such-page", "text/html")] {
        let asked = TestRequest::with_uri(path).insert_header((header::ACCEPT, accept)).to_request();
        assert_eq!(call_service(&service, asked).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[actix_web::test]
async fn the_way_back_from_an_address_that_is_no_page_is_one() {
    let rows = only_posted();
    // Any id will do, but the part of a site has to be one.
    let names = rows.iter().flat_map(|row| row.on.split_whitespace()).filter(|name| *name != "storage");
    let objects: Objects = names.map(|name| (name, uuid::Uuid::now_v7().to_string())).collect();
    for row in &rows {
        let page = page_of(&path_of(row, &objects)).await;
        assert!(routes::methods(&page).await.contains("GET"), "{} leads to {page}", row.pattern);
    }
    let id = uuid::Uuid::now_v7();
    for (path, page) in [
        (format!("/leads/{id}/restore"), format!("/leads/{id}")),
        (format!("/leads/{id}/brands/{id}/remove"), format!("/leads/{id}/brands")),
        (format!("/admin/jobs/{id}/retry"), "/admin/jobs".to_owned()),
        ("/logout".to_owned(), "/".to_owned()),
        // A form that is posted to its own page.
        (format!("/leads/{id}/withdraw"), format!("/leads/{id}/withdraw")),
    ] {
        assert_eq!(page_of(&path).await, page);
    }
}
