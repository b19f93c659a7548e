//! Passkeys (通行密钥) of an account: a key that stays in a device or on a security key, and signs what it is shown once its
//! owner has shown the device who they are. A liaison signs receipts by one, an approver approvals; nobody signs in by it. What was signed is
//! checked by `platform/webauthn`, and later by anybody with `verify`.
//!
//! The page's script asks for the options (`…/options`), has the browser answer, and posts the answer with the form. What was
//! asked stands in `passkey_challenge`: the newest question of each person about each thing, for a quarter of an hour; an answer that
//! holds uses it up. A statement that is to be signed stands there from when its page shows it, with that instant, which is part of
//! what is signed: the server gives it, and asks for and takes no other.
//!
//! Tables: `passkey`, `passkey_name`, `passkey_challenge`.

mod actions;
mod model;
mod pages;
pub mod store;
mod web;

pub use actions::{Signed, ask, remove_all, show, sign, site};
pub use model::{About, FIELD, REMOVE, SHOWN, asked_to_sign};
pub use pages::{Passkey, ToSign};

use actix_web::web::{ServiceConfig, get, post, resource};

use crate::platform::paths;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(resource(paths::PASSKEYS).route(get().to(web::page)).route(post().to(web::add)))
        .route(&format!("{}/options", paths::PASSKEYS), get().to(web::options))
        .route(&format!("{}/{{id}}/remove", paths::PASSKEYS), post().to(web::remove));
}
