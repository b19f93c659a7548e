//! Quick search from the head of every page: a number, whole or in part, leads straight to what bears it; words lead to
//! what is called so, a few of each kind with the way to the list. Everybody finds what they may see, a liaison what is
//! the own agency's. Joins any table; changes none.

pub mod model;
mod pages;
pub mod store;
mod web;

use actix_web::web as http;

use crate::{
    directory::people::{Role, policy::Verb},
    platform::paths,
};

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[Verb {
    name: "search.list",
    object: "search",
    roles: Role::ALL,
    rule: "what the role may see; a liaison: of the own agency",
}];

pub fn routes(cfg: &mut http::ServiceConfig) {
    cfg.route(paths::SEARCH, http::get().to(web::search));
}
