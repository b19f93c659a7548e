//! A custody sheet: who had to do with an item, when, why and from where, or what one person had to do with any item in a
//! period; a line an entry of the audit log, with its place and its leaf's hash, so that whoever has the log can look each
//! of them up. As PDF, to be filed, and as CSV. Each printing is an entry of its own.

mod file;
pub mod lines;
mod web;

pub use file::{CustodyFile, Format};

use actix_web::web as http;

pub fn routes(cfg: &mut http::ServiceConfig) {
    cfg.route("/evidence/{id}/custody.{format}", http::get().to(web::sheet));
}
