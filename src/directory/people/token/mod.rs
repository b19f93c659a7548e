//! API tokens: for accounts with a second factor, made by showing it again, never for liaisons; shown once, kept as
//! a hash. A token acts as its person with that person's roles, narrowed by its scopes (`read`, `write`).
//!
//! Handlers of the API take [`ApiActor`]; see there. Those of calls that a page's script makes too take [`Sender`]. Tables: `api_token`, `idempotency`.

mod actions;
pub mod api;
pub mod idempotency;
mod kept;
pub mod model;
mod pages;
mod sender;
mod store;
mod web;

pub use actions::{NewToken, create, create_for, revoke_all};
pub use api::{ApiActor, ShownToken, api_reader};
pub use idempotency::idempotent;
pub use sender::Sender;

use actix_web::web::{ServiceConfig, get, post, resource};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(resource("/account/tokens").route(get().to(web::page)).route(post().to(web::create)))
        .route("/account/tokens/{id}/revoke", post().to(web::revoke))
        .route("/api/v1/me", get().to(api::me));
}
