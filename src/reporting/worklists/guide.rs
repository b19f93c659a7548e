//! What is left of the first-run guide, on the first page of an administrator until it is done or put away.

use super::{
    duties::At,
    pages::{Duty, Item},
};
use crate::{
    directory::people::setup::{self, Known},
    platform::{db::Connection, error::Result, paths},
};

/// The guide, with how far it is; `None` where it is done or put away.
///
/// # Errors
/// Those of the database.
pub fn duty(conn: &mut Connection, at: &At<'_>, known: &Known) -> Result<Option<Duty>> {
    let Some((done, all)) = setup::progress(conn, at.me, known, at.now)? else { return Ok(None) };
    let so_far = [("done", done.to_string()), ("all", all.to_string())];
    let args: Vec<(&str, &str)> = so_far.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let item = Item {
        label: at.c.ta("home-guide-steps", &args),
        href: paths::ADMIN_SETUP.into(),
        note: at.c.t("home-guide-text"),
        ..Item::default()
    };
    Ok(Some(Duty {
        id: "guide",
        title: at.c.t("nav-setup"),
        count: (all - done).to_string(),
        items: vec![item],
        ..Duty::default()
    }))
}
