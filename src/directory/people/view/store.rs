//! SQL of saved filters.

use diesel::{dsl::exists, prelude::*};

use super::model::{List, scope};
use crate::{
    directory::people::model::Actor,
    platform::{
        db::{
            Connection, Id, Instant,
            schema::{person, saved_view, usual_view},
        },
        error::{AppError, Result},
    },
};

/// A row of `saved_view`.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = saved_view)]
pub struct ViewRow {
    pub id: Id,
    pub owner_id: Id,
    pub scope: String,
    pub list: String,
    pub name: String,
    /// What the address asks for, encoded.
    pub asked: String,
    pub is_shared: bool,
    pub created_at: Instant,
}

impl ViewRow {
    /// The list; `None`: one of another version of the program.
    pub fn list(&self) -> Option<List> {
        self.list.parse().ok()
    }
}

/// Most filters of others that stand above one list.
const MOST_SHARED: usize = 50;

/// The filters that `me` sees, of one list or of all, by name: own ones, and behind them as many as have room of those that
/// others of the own scope share. What somebody shared whose account is closed goes with it.
///
/// # Errors
/// Those of the database.
pub fn visible(conn: &mut Connection, me: &Actor, list: Option<List>) -> Result<Vec<ViewRow>> {
    let lists: Vec<&str> = match list {
        Some(list) => vec![list.as_str()],
        None => List::ALL.iter().map(|list| list.as_str()).collect(),
    };
    let most = i64::try_from(MOST_SHARED * lists.len()).map_err(AppError::internal)?;
    let own = saved_view::table.filter(saved_view::owner_id.eq(me.id)).into_boxed();
    // A statement with a list in it is made anew each time; of one list, as above every list, it is kept.
    let own = match list {
        Some(list) => own.filter(saved_view::list.eq(list.as_str())),
        None => own.filter(saved_view::list.eq_any(lists.clone())),
    };
    let mut rows: Vec<ViewRow> =
        own.order((saved_view::name, saved_view::id)).select(ViewRow::as_select()).load(conn)?;
    let is_open = exists(
        person::table.filter(person::id.eq(saved_view::owner_id)).filter(person::disabled_at.is_null()),
    );
    let shared = saved_view::table
        .filter(saved_view::owner_id.ne(me.id))
        .filter(saved_view::is_shared.eq(true))
        .filter(saved_view::scope.eq(scope(me)))
        .filter(is_open)
        .into_boxed();
    let shared = match list {
        Some(list) => shared.filter(saved_view::list.eq(list.as_str())),
        None => shared.filter(saved_view::list.eq_any(lists)),
    };
    let shared: Vec<ViewRow> = shared
        .order((saved_view::name, saved_view::id))
        .limit(most)
        .select(ViewRow::as_select())
        .load(conn)?;
    rows.extend(shared);
    Ok(rows)
}

/// One that `me` sees.
///
/// # Errors
/// `NotFound`.
pub fn find_visible(conn: &mut Connection, me: &Actor, id: Id) -> Result<ViewRow> {
    let shared = saved_view::is_shared.eq(true).and(saved_view::scope.eq(scope(me)));
    Ok(saved_view::table
        .filter(saved_view::id.eq(id))
        .filter(saved_view::owner_id.eq(me.id).or(shared))
        .select(ViewRow::as_select())
        .first(conn)?)
}

/// One of `me`'s own.
///
/// # Errors
/// `NotFound`.
pub fn find_own(conn: &mut Connection, me: &Actor, id: Id) -> Result<ViewRow> {
    Ok(saved_view::table
        .filter(saved_view::id.eq(id))
        .filter(saved_view::owner_id.eq(me.id))
        .select(ViewRow::as_select())
        .first(conn)?)
}

/// How many a person has.
///
/// # Errors
/// Those of the database.
pub fn count(conn: &mut Connection, owner: Id) -> Result<i64> {
    Ok(saved_view::table.filter(saved_view::owner_id.eq(owner)).count().get_result(conn)?)
}

/// Whether the person has another one of this list by the name.
///
/// # Errors
/// Those of the database.
pub fn has_name(conn: &mut Connection, owner: Id, list: &str, name: &str, but: Option<Id>) -> Result<bool> {
    let found: Vec<Id> = saved_view::table
        .filter(saved_view::owner_id.eq(owner))
        .filter(saved_view::list.eq(list))
        .filter(saved_view::name.eq(name))
        .select(saved_view::id)
        .load(conn)?;
    Ok(found.into_iter().any(|id| Some(id) != but))
}

pub(super) fn insert(conn: &mut Connection, row: &ViewRow) -> Result<()> {
    diesel::insert_into(saved_view::table).values(row).execute(conn)?;
    Ok(())
}

pub(super) fn update(conn: &mut Connection, id: Id, name: &str, is_shared: bool) -> Result<()> {
    diesel::update(saved_view::table.find(id))
        .set((saved_view::name.eq(name), saved_view::is_shared.eq(is_shared)))
        .execute(conn)?;
    Ok(())
}

pub(super) fn delete(conn: &mut Connection, id: Id) -> Result<()> {
    diesel::delete(usual_view::table.filter(usual_view::view_id.eq(id))).execute(conn)?;
    diesel::delete(saved_view::table.find(id)).execute(conn)?;
    Ok(())
}

/// Sets what the navigation opens of a list for a person.
pub(super) fn set_usual(conn: &mut Connection, person: Id, list: &str, view: Id) -> Result<()> {
    diesel::delete(usual_view::table.find((person, list))).execute(conn)?;
    diesel::insert_into(usual_view::table)
        .values((usual_view::person_id.eq(person), usual_view::list.eq(list), usual_view::view_id.eq(view)))
        .execute(conn)?;
    Ok(())
}

/// Makes the navigation open the whole list again for a person, if it is this filter that it opens; whether it was.
pub(super) fn unset_usual(conn: &mut Connection, person: Id, view: Id) -> Result<bool> {
    let known =
        usual_view::table.filter(usual_view::person_id.eq(person)).filter(usual_view::view_id.eq(view));
    Ok(diesel::delete(known).execute(conn)? > 0)
}

/// What the navigation opens for `me`, by list, as far as `me` still sees it.
///
/// # Errors
/// Those of the database.
pub fn usual(conn: &mut Connection, me: &Actor) -> Result<Vec<(List, ViewRow)>> {
    let shared = saved_view::is_shared.eq(true).and(saved_view::scope.eq(scope(me)));
    let rows: Vec<ViewRow> = usual_view::table
        .inner_join(saved_view::table)
        .filter(usual_view::person_id.eq(me.id))
        .filter(saved_view::owner_id.eq(me.id).or(shared))
        .select(ViewRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|row| Some((row.list()?, row))).collect())
}
