//! Rows of `bulk_result`.

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Binary, Text},
};

use super::model::Done;
use crate::{
    directory::people::view::List,
    platform::{
        db::{Connection, Id, Instant, Tx, schema::bulk_result},
        error::{AppError, Result},
    },
};

/// A result is kept so long, in seconds: a week.
const KEEP: i64 = 7 * 24 * 3600;

#[derive(Queryable, Selectable)]
#[diesel(table_name = bulk_result)]
struct Row {
    id: Id,
    person_id: Id,
    verb: String,
    back: String,
    body: String,
    created_at: Instant,
}

/// The result `id` of an act over rows of `list`.
///
/// # Errors
/// `NotFound`.
pub(super) fn find(conn: &mut Connection, list: List, id: Id) -> Result<Done> {
    let row: Row = bulk_result::table
        .filter(bulk_result::id.eq(id))
        .filter(bulk_result::list.eq(list.as_str()))
        .select(Row::as_select())
        .first(conn)?;
    let rows = serde_json::from_str(&row.body).map_err(AppError::from)?;
    Ok(Done {
        id: row.id,
        person_id: row.person_id,
        list,
        verb: row.verb,
        back: row.back,
        rows,
        at: row.created_at,
    })
}

/// Whether an act is at its end.
pub(super) fn is_there(conn: &mut Connection, id: Id) -> Result<bool> {
    Ok(bulk_result::table.find(id).count().get_result::<i64>(conn)? > 0)
}

/// Keeps a result, and lets go of old ones. Of two requests with one word the first one's stays: the other has done nothing.
pub(super) fn insert(tx: &mut Tx<'_>, done: &Done) -> Result<()> {
    let old = tx.now().plus_seconds(-KEEP);
    diesel::delete(bulk_result::table.filter(bulk_result::created_at.lt(old))).execute(tx.conn())?;
    let body = serde_json::to_string(&done.rows)?;
    sql_query(
        "INSERT INTO bulk_result (id, person_id, list, verb, back, body, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING",
    )
    .bind::<Binary, _>(done.id)
    .bind::<Binary, _>(done.person_id)
    .bind::<Text, _>(done.list.as_str())
    .bind::<Text, _>(done.verb.as_str())
    .bind::<Text, _>(done.back.as_str())
    .bind::<Text, _>(body)
    .bind::<BigInt, _>(done.at)
    .execute(tx.conn())?;
    Ok(())
}
