//! The second factor: six digits from an authenticator app (TOTP, RFC 6238), or one of ten recovery codes. A step of
//! the clock is accepted once. Approvers and liaisons can't do without; others may have it.
//!
//! Acts that need it anew (an approval, an API token) go through one function, which limits the attempts and puts the
//! wrong ones on record:
//!
//! ```ignore
//! second_factor::step_up(&services, &me, Entry::refused("lead.approve").object("review", id), move |tx, attempt| {
//!     let method = people::confirm_second_factor(tx, attempt, &code)?;   // "totp" or "recovery"
//!     …
//! })
//! ```
//!
//! Tables: `second_factor`, `recovery_code`.

mod actions;
mod codes_text;
pub mod model;
mod pages;
mod store;
mod web;

pub use actions::{
    Attempt, attempt, confirm_second_factor, remove, remove_with, set_up_known, step_up, strengthen,
};
pub use store::{codes_left, is_confirmed};

use actix_web::web::{ServiceConfig, get, post, resource};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(resource("/account/second-factor").route(get().to(web::page)).route(post().to(web::confirm)))
        .route("/account/second-factor/code.png", get().to(web::picture))
        .route("/account/second-factor/remove", post().to(web::remove))
        .route("/account/recovery-codes", post().to(web::new_codes))
        .route("/account/recovery-codes/text", post().to(codes_text::codes_text));
}
