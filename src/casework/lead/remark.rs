//! Free text by people (reasons, remarks). It stands in rows of its own, so that it can be erased by law while the
//! steps that point at it stay.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::platform::{
    db::{Connection, Id, Tx, schema::remark},
    error::Result,
};

/// Writes a remark about an object by the acting person; nothing for an empty text.
///
/// # Errors
/// Those of the database.
pub fn add(tx: &mut Tx<'_>, about_kind: &'static str, about_id: Id, body: &str) -> Result<Option<Id>> {
    if body.is_empty() {
        return Ok(None);
    }
    let (id, now, author_id) = (Id::new(), tx.now(), tx.origin().actor_id);
    diesel::insert_into(remark::table)
        .values((
            remark::id.eq(id),
            remark::about_kind.eq(about_kind),
            remark::about_id.eq(about_id),
            remark::author_id.eq(author_id),
            remark::at.eq(now),
            remark::body.eq(body),
        ))
        .execute(tx.conn())?;
    Ok(Some(id))
}

/// The texts of remarks; one that was erased is not among them.
///
/// # Errors
/// Those of the database.
pub fn bodies(conn: &mut Connection, ids: impl IntoIterator<Item = Id>) -> Result<HashMap<Id, String>> {
    let ids: Vec<Id> = ids.into_iter().collect();
    let mut found = HashMap::new();
    for part in ids.chunks(500) {
        let rows: Vec<(Id, String)> =
            remark::table.filter(remark::id.eq_any(part)).select((remark::id, remark::body)).load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}
