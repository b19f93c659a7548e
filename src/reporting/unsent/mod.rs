//! The list of what one has typed into forms and not sent (`directory/people/unsent`): each by the number of what it is about, as
//! far as its reader may know that, and what can't be gone on with by what has to come first. Changes nothing.

mod about;
mod pages;
mod web;

use actix_web::web as http;

use crate::platform::paths;

pub fn routes(cfg: &mut http::ServiceConfig) {
    cfg.route(paths::UNSENT, http::get().to(web::list));
}
