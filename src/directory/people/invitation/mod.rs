//! Links that let somebody in once: an invitation (7 days), a new password for a known account (24 hours), and the
//! first administrator of an empty database (24 hours, printed by `serve`). Whoever has the link chooses name and
//! password; nobody else ever knows it.
//!
//! Table: `invitation`.

mod actions;
mod bootstrap;
mod pages;
mod store;
mod web;

pub use actions::{Invite, address_fault, invite, resend, reset_password, revoke};
pub use bootstrap::bootstrap;
pub use store::{InvitationRow, is_open_for, open_page};

use actix_web::web::{ServiceConfig, get, post, resource};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(resource("/invitations/{token}").route(get().to(web::page)).route(post().to(web::accept)));
}
