//! Comments on a lead: what the platform's own say to each other about it. They are no part of the lead: no dossier, no
//! package, no agency and no call of the API ever has them, and who comments has not written in the lead, so an approver
//! may. Who is called by name finds it on the first page and is told by a mail that says nothing of it. A comment is
//! corrected by another one; its author may take it back for a day. Both stay on record.
//!
//! Tables: `lead_comment`, `lead_comment_text`, `lead_comment_back`, `lead_mention`.

pub mod actions;
pub mod model;
pub mod pages;
pub mod store;
mod web;

use actix_web::web::{ServiceConfig, get, post, resource};

use super::model::{Lead, State};
use crate::directory::people::{Actor, Commenter, policy::Verb};

const fn verb(name: &'static str, rule: &'static str) -> Verb {
    Verb { name, object: "comment", roles: Commenter::ROLES, rule }
}

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[
    verb("lead.comment.add", "not on a lead in the trash"),
    verb("lead.comment.take_back", "own comment, within a day"),
    verb("lead.comment.seen", "oneself, called in a comment"),
];

pub fn routes(cfg: &mut ServiceConfig) {
    let page = |path: &str| resource(format!("/leads/{{id}}/comments{path}"));
    cfg.service(page("").route(get().to(web::list)).route(post().to(web::add)))
        .service(page("/seen").route(post().to(web::seen)))
        .service(page("/{comment}/take-back").route(post().to(web::take_back)));
}

/// Whether somebody may comment on a lead.
pub fn may_write(me: &Actor, lead: &Lead) -> bool {
    me.has_any(Commenter::ROLES) && lead.state != State::Trashed
}
