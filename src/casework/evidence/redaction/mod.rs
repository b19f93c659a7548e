//! Redaction (遮蔽): a new item whose points or bytes lack what was blacked out of another one. Never is anything laid over what
//! stays beneath: a picture is painted and encoded anew, a PDF becomes pictures of its pages, a table is written anew as CSV and a
//! text as UTF-8. The original stays as it is, is named by its hash, and can be withheld in the same act. Of what was removed only
//! the place is on record, never the content.
//!
//! Tables: `redaction`, `redaction_text`, and those of `request`, which has long PDFs done by a job.

mod actions;
mod cells;
mod disguise;
mod file;
mod fold;
pub mod model;
mod original;
mod pages;
mod paint;
mod picture;
mod region;
pub(super) mod request;
pub mod store;
mod table;
mod text;
mod view;
mod web;

pub(super) use file::{HEAVY, LARGE, UNREADABLE, with_paper};
pub(super) use paint::{LOCKED, LONG, MOST_LONG, drawing, told};
pub use request::{RequestView, handlers};
pub use view::RedactionView;

use actix_web::web as http;

/// By which word the form is named among the pages that the log tells of.
const PAGE: &str = "redaction";

pub fn routes(cfg: &mut http::ServiceConfig) {
    cfg.route("/evidence/{id}/redact", http::get().to(web::form))
        .route("/evidence/{id}/redact", http::post().to(web::make))
        .route("/evidence/{id}/redact/pages/{page}", http::get().to(picture::page));
}
