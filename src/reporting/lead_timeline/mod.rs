//! The page of one lead: its facts, what belongs to it at every later stage, what can be done next, and one timeline
//! of everything on record about it. Joins the tables of all stages; changes none. Its verb is the lead's own
//! `lead.view`.

mod events;
mod handed;
mod log;
mod model;
mod pages;
mod parts;
mod read;
mod sold;
mod steps;
mod view;
mod web;

use actix_web::web as http;

pub fn routes(cfg: &mut http::ServiceConfig) {
    cfg.route("/leads/{id}", http::get().to(web::show));
}
