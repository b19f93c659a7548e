//! What is typed into a form and not sent yet: kept at the server for the one who typed it, given back when the form is
//! opened again, gone when it is sent (in the transaction of the act, `platform/db/once`), thrown away, or untouched for
//! thirty days. The script keeps it while somebody writes; without one a button of the form does.
//!
//! It is nobody's case material yet but its writer's own words: no page shows it to anybody else, an administrator
//! included, and in the database it is wrapped by the master key together with whose it is. Keeping it changes nothing
//! that others see, so it is bookkeeping and leaves no entry in the log, which would tell when who was typing at what; the
//! form's page, from which it is written, has its entry as ever, and so has the act that it ends in.
//!
//! The list of it says what each is about, which rooms further on know: `reporting/unsent`.
//!
//! Table: `unsent`.

mod actions;
pub mod forms;
mod store;
mod web;
mod wrapped;

use std::collections::HashSet;

use actix_web::web::{ServiceConfig, post};

pub use actions::tidy;
pub use store::Row;
pub(super) use web::keep_refused;
pub use wrapped::Fields;

pub use super::signed_out::{is_text, label};

use crate::platform::{
    db::{Connection, Id, Instant},
    error::Result,
    http::keeping::Unsent,
    keys::MasterKey,
    paths,
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(paths::UNSENT, post().to(web::keep)).route("/unsent/{id}/discard", post().to(web::discard));
}

/// All that `person` has typed and not sent, the newest first, with its fields; what can't be opened has none.
///
/// # Errors
/// Those of the database.
pub fn of_person(conn: &mut Connection, master: &MasterKey, person: Id) -> Result<Vec<(Row, Fields)>> {
    let open = |row: Row| {
        let fields = wrapped::open(master, person, &row.fields).unwrap_or_default();
        (row, fields)
    };
    Ok(store::of_person(conn, person)?.into_iter().map(open).collect())
}

/// What `person` has typed into forms of the page `path` and not sent, the newest first; nothing for a page that has no
/// such form, and without the moments as they are shown, as it is not known yet how the reader wants them. Fields have those
/// alone that a form may be filled from: the newest of each form, and the one that the page asks for by its id (`wanted`;
/// `none`: nothing). What can't be opened is left out: a page is not to fail for it.
pub(super) fn of_page(
    conn: &mut Connection,
    master: &MasterKey,
    person: Id,
    path: &str,
    wanted: &str,
) -> Result<Vec<Unsent>> {
    if !forms::may_have_one(path) {
        return Ok(Vec::new());
    }
    let rows = store::of_page(conn, person, path)?;
    let mut seen = HashSet::new();
    let mut may_fill = |id: &Id, form: &str| {
        let is_newest = seen.insert(form.to_owned());
        wanted != "none" && (is_newest || id.to_string() == wanted)
    };
    let filling: Vec<Id> =
        rows.iter().filter(|(id, form, _)| may_fill(id, form)).map(|(id, ..)| *id).collect();
    let mut kept = store::fields(conn, person, &filling)?;
    let open = |(id, form, saved): (Id, String, Instant)| {
        let fields = match kept.remove(&id) {
            None => Vec::new(),
            Some(bytes) => wrapped::open(master, person, &bytes)
                .inspect_err(|error| tracing::warn!(%id, %error, "unsent entries"))
                .ok()?,
        };
        Some(Unsent { id, form, saved: saved.micros(), at: String::new(), fields })
    };
    Ok(rows.into_iter().filter_map(open).collect())
}
