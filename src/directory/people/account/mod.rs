//! One's own account: who one is, the password, and where one is signed in. What one did is told where the log is read
//! (`reporting/audit_log`).

mod actions;
mod keys;
mod pages;
mod stay;
mod store;
mod web;

pub use actions::set_password;
pub use store::live_sessions;

use actix_web::web::{ServiceConfig, get, post, resource};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(resource("/account").route(get().to(web::page)).route(post().to(web::save)))
        .service(
            resource("/account/password")
                .route(get().to(web::password_page))
                .route(post().to(web::change_password)),
        )
        .service(resource("/account/session").route(get().to(stay::how_long)).route(post().to(stay::stay)))
        .route("/account/keys", post().to(keys::save))
        .route("/account/sessions/end-others", post().to(web::end_others))
        .route("/account/sessions/{id}/end", post().to(web::end_session));
}
