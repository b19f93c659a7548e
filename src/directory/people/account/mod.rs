//! One's own account: who one is, the password, where one is signed in, and what one did.

mod actions;
mod pages;
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
        .route("/account/sessions/end-others", post().to(web::end_others))
        .route("/account/sessions/{id}/end", post().to(web::end_session))
        .route("/account/activity", get().to(web::activity));
}
