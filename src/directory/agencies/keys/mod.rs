//! Public age keys of agencies. What leaves for an agency can be encrypted to them, so that whoever finds a disc, or reads a
//! mail on its way, has nothing. A key that somebody else put in between would undo that: so one person registers it, and a second
//! one confirms it by the last digits of its fingerprint, which no page shows before and which the agency read out by
//! telephone or gave on paper. Only what was confirmed and not revoked since is used.
//!
//! Secret keys are none of ours: one that was pasted is refused, and neither kept nor shown again.
//!
//! Tables: `agency_key`, `agency_key_confirmation`, `agency_key_revocation`, `agency_key_note`.

mod actions;
pub mod model;
pub mod pages;
pub mod store;
mod web;

use actix_web::web::{ServiceConfig, get, post, resource};

pub use store::{Key, in_force, in_force_of};

use crate::directory::people::{Admin, KeyKeeper, policy::Verb};

/// What can be done here, and by whom.
pub const VERBS: [Verb; 3] = [
    Verb {
        name: "agency.key.add",
        object: "agency",
        roles: Admin::ROLES,
        rule: "never registered for it before",
    },
    Verb {
        name: "agency.key.confirm",
        object: "agency",
        roles: KeyKeeper::ROLES,
        rule: "not by whoever registered it; with the last digits of its fingerprint",
    },
    Verb { name: "agency.key.revoke", object: "agency", roles: KeyKeeper::ROLES, rule: "not revoked yet" },
];

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(
        resource("/agencies/{id}/public-keys/new").route(get().to(web::new)).route(post().to(web::add)),
    )
    .service(
        resource("/agencies/{id}/public-keys/{key}/confirm")
            .route(get().to(web::confirm_form))
            .route(post().to(web::confirm)),
    )
    .service(
        resource("/agencies/{id}/public-keys/{key}/revoke")
            .route(get().to(web::revoke_form))
            .route(post().to(web::revoke)),
    );
}
