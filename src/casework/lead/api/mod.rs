//! Leads, charges and regions for other programs: `/api/v1`.

mod shapes;
mod taken;
mod web;

pub use shapes::{LeadDetail, LeadItem, LeadMade, LeadNew};
pub use taken::taken;
pub use web::Document;

use actix_web::web::{ServiceConfig, get, post, resource};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(resource("/api/v1/leads").route(get().to(web::list)).route(post().to(web::create)))
        .service(resource("/api/v1/leads/{id}").route(get().to(web::one)))
        .service(resource("/api/v1/charges").route(get().to(web::charges)))
        .service(resource("/api/v1/regions").route(get().to(web::regions)));
}
