//! Showing again who one is, before an act that does much harm in wrong hands ([`super::policy::DANGEROUS`]): a session that
//! was left open, or a cookie that was taken, is not enough for it. Whoever showed it in the last ten minutes is not asked
//! again. It is shown by logging in, by completing the log-in with the second factor, by setting one up (which is such an
//! act itself, so that it asks before), by the code of an act that takes one each time, and by the answer to this question.
//!
//! The actions of such acts take a [`Proven`], which only this folder makes, so that a forgotten question does not compile.
//! What is only read ([`ask_first`]) is not held to it by its type, as nothing is written: there the tests are.
//!
//! ```ignore
//! let proven = match proof::ask(&request, &services, &me, "person.set-roles", &form).await? {
//!     Answer::Proven(proven) => proven,
//!     Answer::Page(page) => return Ok(page),
//! };
//! ```
//!
//! The page that asks has everything that the form said, and sends it on with the code. It works without a script.
//!
//! Tables: none of its own; the time stands in `session`.

mod actions;
mod pages;
mod web;

pub use actions::{Proven, is_due};
pub use web::{Answer, ask, ask_before, ask_first};

use actix_web::web::{ServiceConfig, get, post, resource};

/// The page that asks before something is fetched.
pub const PAGE: &str = "/account/proof";
/// The field of the code or the password.
pub const FIELD: &str = "proof";

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(resource(PAGE).route(get().to(web::page)).route(post().to(web::show)));
}
