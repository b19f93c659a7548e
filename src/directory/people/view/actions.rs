//! Saving, renaming, sharing and taking away filters.

use super::{
    model::{List, MOST, scope},
    store::{self, ViewRow},
};
use crate::{
    audit::{self, Entry},
    directory::people::model::Actor,
    platform::{
        db::{Id, Tx},
        error::{AppError, Result},
        paths,
    },
};

/// What is saved.
#[derive(Clone, Debug)]
pub struct New {
    pub list: List,
    pub name: String,
    /// What the address asks for, as [`super::model::asked`] has it; not empty.
    pub asked: String,
    pub is_shared: bool,
    /// Whether the navigation opens it.
    pub is_usual: bool,
}

/// An entry about a filter; what it is called and searches for may name somebody.
fn entry(verb: &'static str, row: &ViewRow) -> Entry {
    Entry::new(verb)
        .object("view", row.id)
        .fact("list", row.list.as_str())
        .fact("shared", if row.is_shared { "yes" } else { "no" })
        .private("name", row.name.as_str())
        .private("asked", row.asked.as_str())
}

/// Saves a filter.
///
/// # Errors
/// `NotFound` for a list that is not read by `me`; `Invalid` for a name that is taken, or one filter too many.
pub fn save(tx: &mut Tx<'_>, me: &Actor, new: New) -> Result<Id> {
    if !new.list.is_read_by(me) {
        return Err(AppError::NotFound);
    }
    if store::count(tx.conn(), me.id)? >= MOST {
        return Err(AppError::field("name", "error-view-too-many"));
    }
    if store::has_name(tx.conn(), me.id, new.list.as_str(), &new.name, None)? {
        return Err(AppError::field("name", "error-view-name-taken"));
    }
    let row = ViewRow {
        id: Id::new(),
        owner_id: me.id,
        scope: scope(me),
        list: new.list.to_string(),
        name: new.name,
        asked: new.asked,
        is_shared: new.is_shared,
        created_at: tx.now(),
    };
    store::insert(tx.conn(), &row)?;
    if new.is_usual {
        store::set_usual(tx.conn(), me.id, &row.list, row.id)?;
    }
    let usual = if new.is_usual { "yes" } else { "no" };
    audit::record(tx, entry("view.save", &row).fact("usual", usual))?;
    Ok(row.id)
}

/// Renames one of one's own and says who sees it.
///
/// # Errors
/// `NotFound` for one of somebody else's; `Invalid` for a name that is taken.
pub fn change(tx: &mut Tx<'_>, me: &Actor, id: Id, name: &str, is_shared: bool) -> Result<ViewRow> {
    let row = store::find_own(tx.conn(), me, id)?;
    if store::has_name(tx.conn(), me.id, &row.list, name, Some(id))? {
        return Err(AppError::field("name", "error-view-name-taken"));
    }
    store::update(tx.conn(), id, name, is_shared)?;
    let row = ViewRow { name: name.to_owned(), is_shared, ..row };
    audit::record(tx, entry("view.change", &row))?;
    Ok(row)
}

/// Takes one of one's own away, for everybody who shared it.
///
/// # Errors
/// `NotFound` for one of somebody else's.
pub fn remove(tx: &mut Tx<'_>, me: &Actor, id: Id) -> Result<()> {
    let row = store::find_own(tx.conn(), me, id)?;
    store::delete(tx.conn(), id)?;
    audit::record(tx, entry("view.remove", &row))?;
    Ok(())
}

/// Makes the navigation open it for `me`, or the whole list again. Where another one has taken its place meanwhile, that one
/// stays, and nothing is done.
///
/// # Errors
/// `Elsewhere` where nothing is to be done; `NotFound` for one that `me` does not see, or of a list that `me` does not read.
pub fn make_usual(tx: &mut Tx<'_>, me: &Actor, id: Id, is_usual: bool) -> Result<()> {
    let row = store::find_visible(tx.conn(), me, id)?;
    if !row.list().is_some_and(|list| list.is_read_by(me)) {
        return Err(AppError::NotFound);
    }
    if is_usual {
        store::set_usual(tx.conn(), me.id, &row.list, id)?;
    } else if !store::unset_usual(tx.conn(), me.id, id)? {
        return Err(AppError::Elsewhere(paths::VIEWS.into()));
    }
    audit::record(tx, entry("view.use", &row).fact("usual", if is_usual { "yes" } else { "no" }))?;
    Ok(())
}
