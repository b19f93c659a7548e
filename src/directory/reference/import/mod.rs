//! Importing regions and working days on a page, as agencies are: upload, look at what the file would change field by
//! field, confirm exactly that. A dated row is never overwritten: it ends, and another one begins. The commands go by
//! the same plan.

mod actions;
mod pages;
pub mod plan;
mod web;

use actix_web::web::{ServiceConfig, get, post, resource};

pub use plan::{days, regions};

/// The job that follows when the working days have changed: time limits that waited for them are reckoned anew.
pub const CALENDAR_CHANGED: &str = "calendar.changed";

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(
        resource("/reference/regions/import")
            .route(get().to(web::regions_form))
            .route(post().to(web::regions_preview)),
    )
    .route("/reference/regions/import/confirm", post().to(web::regions_confirm))
    .service(
        resource("/reference/calendar/import")
            .route(get().to(web::calendar_form))
            .route(post().to(web::calendar_preview)),
    )
    .route("/reference/calendar/import/confirm", post().to(web::calendar_confirm));
}
