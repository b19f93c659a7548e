//! What holds a dossier up: nothing that rests on a file which is not as it was stored is composed, frozen, sealed or
//! packed, until its alarm is over. The work waits for that; it has not failed.

use std::collections::HashSet;

use super::{model::Dossier, store};
use crate::{
    casework::evidence::{scrub, store as evidence},
    platform::{
        db::{Connection, Id},
        error::{AppError, Result},
        jobs::NotYet,
    },
};

/// So many files are named.
const NAMED: usize = 10;

/// The files with an open alarm that a dossier rests on, the chosen items by number and name, its own papers by path; also
/// those that are kept back from its addressee.
///
/// # Errors
/// Those of the database.
pub fn names(conn: &mut Connection, one: &Dossier) -> Result<Vec<String>> {
    if scrub::store::open_count(conn)? == 0 {
        return Ok(Vec::new());
    }
    let chosen = store::items(conn, one.composition_id)?;
    let ids: Vec<Id> = chosen.iter().map(|(id, _)| *id).collect();
    let items = evidence::find_many(conn, &ids)?;
    let mut files: Vec<(Id, String)> = items.iter().map(|item| (item.blob_id, called(item))).collect();
    if let Some(freeze) = store::frozen(conn, one.id)? {
        files.extend(freeze.files.into_iter().map(|file| (file.blob, file.path)));
    }
    ill(conn, files)
}

/// Those of these items whose files have an open alarm, as people know them.
///
/// # Errors
/// Those of the database.
pub fn ill_items<'i>(
    conn: &mut Connection,
    items: impl IntoIterator<Item = &'i evidence::Item>,
) -> Result<Vec<String>> {
    ill(conn, items.into_iter().map(|item| (item.blob_id, called(item))).collect())
}

fn called(item: &evidence::Item) -> String {
    format!("{} {}", item.position, item.name)
}

/// Each file once, by the first name that it has.
fn ill(conn: &mut Connection, files: Vec<(Id, String)>) -> Result<Vec<String>> {
    let blobs: Vec<Id> = files.iter().map(|(blob, _)| *blob).collect();
    let mut open: HashSet<Id> = scrub::open_among(conn, &blobs)?.into_iter().collect();
    Ok(files.into_iter().filter(|(blob, _)| open.remove(blob)).map(|(_, name)| name).collect())
}

/// The first names, and a sign where there are more.
pub fn in_words(names: &[String]) -> String {
    let more = if names.len() > NAMED { "…" } else { "" };
    names.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join("、") + more
}

/// Has the work on a dossier wait while anything that it rests on has an open alarm.
///
/// # Errors
/// `Internal` with [`NotYet`]; those of the database.
pub fn wait(conn: &mut Connection, one: &Dossier) -> Result<()> {
    if names(conn, one)?.is_empty() { Ok(()) } else { Err(AppError::internal(NotYet)) }
}
