//! The list of all dossiers, of whichever lead: what it is narrowed to stands in the address, and it is given out as a
//! file. Reads the tables of its slice, and the numbers and titles of leads.

mod meant;
mod model;
mod pages;
mod store;
mod web;

pub use web::faults;

use actix_web::web::{ServiceConfig, get};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/dossiers", get().to(web::list)).route("/dossiers/export", get().to(web::export));
}
