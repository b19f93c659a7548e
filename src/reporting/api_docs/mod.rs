//! The API's own description: `/api/openapi.json` for machines, `/api/docs` for people. Each room describes its calls
//! beside their handlers; here they are put together. Public: it says what can be asked, and nothing of what is kept.

mod document;
mod pages;

pub use document::document;

use std::sync::OnceLock;

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use serde_json::Value;

use crate::platform::{
    error::Result,
    http::{html, shield},
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/api/openapi.json", web::get().to(json)).route("/api/docs", web::get().to(docs));
}

/// The document as it is served, made once.
fn served() -> &'static Value {
    static SERVED: OnceLock<Value> = OnceLock::new();
    // A document of plain maps and texts is always JSON; should it not be, the page is empty and its test fails.
    SERVED.get_or_init(|| serde_json::to_value(document()).unwrap_or_default())
}

async fn json() -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-cache")).json(served())
}

async fn docs(request: HttpRequest) -> Result<HttpResponse> {
    html(&pages::DocsPage::new(shield::plain_chrome(&request, "api-title"), served()))
}
