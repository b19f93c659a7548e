//! What an administrator does: accounts, invitations, the machine's own pages (mail, jobs, settings, system), the
//! first-run guide. None of it shows case content.

pub mod actions;
mod jobs;
mod mail;
mod pages;
mod settings;
pub mod setup;
mod store;
mod system;
mod web;
mod web_invite;
mod web_person;

pub use web::faults as list_faults;

use actix_web::web::{ServiceConfig, get, post, resource};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/admin/people", get().to(web::list))
        .route("/admin/people/export", get().to(web::export))
        .service(
            resource("/admin/people/invite")
                .route(get().to(web_invite::form))
                .route(post().to(web_invite::send)),
        )
        .route("/admin/people/invitations", get().to(web_invite::list))
        .route("/admin/people/invitations/{id}/resend", post().to(web_invite::resend))
        .route("/admin/people/invitations/{id}/revoke", post().to(web_invite::revoke))
        .route("/admin/people/{id}", get().to(web_person::page))
        .route("/admin/people/{id}/roles", post().to(web_person::set_roles))
        .route("/admin/people/{id}/enable", post().to(web_person::enable))
        .route("/admin/people/{id}/reset-password", post().to(web_person::reset_password))
        .service(
            resource("/admin/people/{id}/reset-second-factor")
                .route(get().to(web_person::reset_second_factor_page))
                .route(post().to(web_person::reset_second_factor)),
        )
        .service(
            resource("/admin/people/{id}/remove-passkeys")
                .route(get().to(web_person::remove_passkeys_page))
                .route(post().to(web_person::remove_passkeys)),
        )
        .route("/admin/mail", get().to(mail::page))
        .route("/admin/mail/retry-failed", post().to(mail::retry_failed))
        .route("/admin/mail/{id}/retry", post().to(mail::retry))
        .route("/admin/jobs", get().to(jobs::page))
        .route("/admin/jobs/retry-failed", post().to(jobs::retry_failed))
        .route("/admin/jobs/{id}/retry", post().to(jobs::retry))
        .route("/admin/settings", get().to(settings::page))
        .route("/admin/system", get().to(system::page));
    setup::routes(cfg);
}
