//! Tables of orders and listings (CSV, XLSX) that are marked as sales records (销售记录): which columns say what, and what
//! the rows come to by shop and by product. Rows are not copied into the database: a page reads them anew from the stored
//! file. What can't be read is counted and listed by its row, and is never nothing; a line of an order that stands in several
//! tables of a lead is counted in the first of them, and none of an order that one of the others takes back, so that an act
//! restates the sums of the whole lead.
//!
//! A mark is never changed: another one takes its place, or takes it off. Large files are read by a job.
//!
//! Tables: `sales_table`, `sales_total`, `sales_sum`. Read: `redaction`.

mod actions;
mod columns;
mod count;
mod file;
mod lines_web;
pub mod model;
mod others;
pub mod pages;
mod reading;
mod reasons;
pub mod rows;
pub mod store;
mod tally;
mod text;
mod web;
mod work;

pub use work::mark_as_guessed;

use actix_web::web as http;

use crate::platform::{jobs::Handlers, services::Services};

pub fn routes(cfg: &mut http::ServiceConfig) {
    cfg.route("/evidence/{id}/sales", http::get().to(web::show))
        .route("/evidence/{id}/sales", http::post().to(web::mark))
        .route("/evidence/{id}/sales/rows", http::get().to(lines_web::rows))
        .route("/evidence/{id}/sales/unmark", http::post().to(web::unmark));
}

/// The jobs of this slice.
pub fn handlers(services: &Services, handlers: &mut Handlers) {
    handlers.add_alone(work::JOB, work::handler(services));
}
