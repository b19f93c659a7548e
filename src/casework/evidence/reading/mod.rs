//! Reading evidence inside a page. Each kind of file is read by a pure function within bounds of size, memory and time, and
//! what it finds is written by templates of ours, escaped: nothing of a file ever reaches a browser as markup, so that it
//! needs no origin of its own. What can't be read is told in words: not supported, damaged, too large, a bomb, locked.
//! Nothing is unpacked to a disk, and nothing in a file is followed: no link, no entity, no address.
//!
//! What is attached to an e-mail can be registered as an item of the same lead.
//!
//! Tables: none of its own.

mod archive;
mod attach;
mod bounds;
mod digest;
mod letter;
mod marks;
mod open;
mod pages;
mod paper;
mod photo;
mod show;
pub(super) mod table;
mod text;
pub(super) mod unzip;
mod wacz;
mod warc;
mod web;
pub mod workbook;

use actix_web::web as http;

pub(super) fn routes(cfg: &mut http::ServiceConfig) {
    cfg.route("/evidence/{id}/read", http::get().to(web::read))
        .route("/evidence/{id}/pages/{page}", http::get().to(web::page))
        .route("/evidence/{id}/screenshot", http::get().to(web::screenshot))
        .route("/evidence/{id}/attachments/{n}", http::post().to(attach::register));
}
