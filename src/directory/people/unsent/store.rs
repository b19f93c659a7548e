//! Rows of `unsent`.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::platform::{
    db::{Connection, Id, Instant, Tx, schema::unsent},
    error::{AppError, Result},
};

/// What one person typed into one form.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = unsent)]
pub struct Row {
    pub id: Id,
    /// The word of the form that wrote it last.
    pub word: Id,
    /// Where the form is posted to.
    pub form: String,
    /// The page that the form stands on.
    pub page: String,
    pub fields: Vec<u8>,
    pub saved_at: Instant,
}

/// What is kept for the forms of a page, without the fields: id, form and moment, the newest first.
pub(super) fn of_page(conn: &mut Connection, person: Id, page: &str) -> Result<Vec<(Id, String, Instant)>> {
    Ok(unsent::table
        .filter(unsent::person_id.eq(person))
        .filter(unsent::page.eq(page).or(unsent::form.eq(page)))
        .order((unsent::saved_at.desc(), unsent::id.desc()))
        .select((unsent::id, unsent::form, unsent::saved_at))
        .load(conn)?)
}

/// The fields of some, as they lie there.
pub(super) fn fields(conn: &mut Connection, person: Id, ids: &[Id]) -> Result<HashMap<Id, Vec<u8>>> {
    let rows: Vec<(Id, Vec<u8>)> = unsent::table
        .filter(unsent::person_id.eq(person))
        .filter(unsent::id.eq_any(ids))
        .select((unsent::id, unsent::fields))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The bytes that a row's fields take.
fn size_of(row: &Row) -> Result<i32> {
    i32::try_from(row.fields.len()).map_err(AppError::internal)
}

/// All of one person, the newest first; a bounded number.
pub(super) fn of_person(conn: &mut Connection, person: Id) -> Result<Vec<Row>> {
    Ok(unsent::table
        .filter(unsent::person_id.eq(person))
        .order((unsent::saved_at.desc(), unsent::id.desc()))
        .select(Row::as_select())
        .load(conn)?)
}

/// # Errors
/// `NotFound` for what is not there, or another's.
pub(super) fn find(conn: &mut Connection, person: Id, id: Id) -> Result<Row> {
    Ok(unsent::table.find((person, id)).select(Row::as_select()).first(conn)?)
}

/// How many bytes each of a person's takes.
pub(super) fn sizes(conn: &mut Connection, person: Id) -> Result<Vec<(Id, i32)>> {
    let rows = unsent::table.filter(unsent::person_id.eq(person)).select((unsent::id, unsent::size));
    Ok(rows.load(conn)?)
}

/// What is written of a row, whether it is new or not.
macro_rules! written {
    // Not a function: nobody can write down the type of what it gives.
    ($row:expr) => {
        (
            unsent::word.eq($row.word),
            unsent::form.eq(&$row.form),
            unsent::page.eq(&$row.page),
            unsent::fields.eq(&$row.fields),
            unsent::saved_at.eq($row.saved_at),
            unsent::size.eq(size_of($row)?),
        )
    };
}

pub(super) fn insert(tx: &mut Tx<'_>, person: Id, row: &Row) -> Result<()> {
    diesel::insert_into(unsent::table)
        .values((unsent::person_id.eq(person), unsent::id.eq(row.id), written!(row)))
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn update(tx: &mut Tx<'_>, person: Id, row: &Row) -> Result<()> {
    diesel::update(unsent::table.find((person, row.id))).set(written!(row)).execute(tx.conn())?;
    Ok(())
}

/// Takes one away; how many there were.
pub(super) fn delete(tx: &mut Tx<'_>, person: Id, id: Id) -> Result<usize> {
    Ok(diesel::delete(unsent::table.find((person, id))).execute(tx.conn())?)
}

/// Takes away what nobody wrote to since `before`.
pub(super) fn delete_older(tx: &mut Tx<'_>, before: Instant) -> Result<usize> {
    Ok(diesel::delete(unsent::table.filter(unsent::saved_at.lt(before))).execute(tx.conn())?)
}
