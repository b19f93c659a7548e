//! What changed and the reader has not marked as seen, in the words of the timeline. A compiler is told what others did about
//! own and assigned leads, a liaison about the transfers and cases of the own agency, an approver of new reviews and of what
//! became of those decided, a manager and an auditor of all transfers, cases and outcomes, an administrator of accounts, mail
//! that failed, agencies and reference data. Read from the log by what it tells of (`happening`). Changes nothing.

mod called;
pub mod pages;
pub mod store;
mod web;

use actix_web::web as http;

use crate::platform::paths;

pub fn routes(cfg: &mut http::ServiceConfig) {
    cfg.route(paths::CHANGES, http::get().to(web::changes));
}
