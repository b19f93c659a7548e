//! What is searched for in the list of dossiers: leads by their words, dossiers by the name of their folder.

use diesel::{
    QueryableByName,
    prelude::*,
    sql_query,
    sql_types::{Binary, Text},
};

use crate::platform::{
    db::{
        Connection, Id, along, begins, fulltext,
        schema::{dossier, lead},
    },
    error::Result,
};

/// So many leads that bear a word are many.
const MANY: i64 = 1_000;

/// The leads that a search means; `None`: there are so many that a page is soon full of their dossiers, or it holds no
/// word.
fn leads(conn: &mut Connection, q: &str) -> Result<Option<Vec<Id>>> {
    let everywhere = (i64::MIN, i64::MAX);
    let Some(keys) = fulltext::find(conn, fulltext::Index::Leads, q, everywhere, true, MANY)? else {
        return Ok(None);
    };
    if i64::try_from(keys.len()).is_ok_and(|n| n >= MANY) {
        return Ok(None);
    }
    Ok(Some(lead::table.filter(lead::seq.eq_any(keys)).select(lead::id).load(conn)?))
}

/// What a search means.
#[derive(Clone, Debug, Default)]
pub(super) struct Meant {
    /// See [`leads`].
    pub leads: Option<Vec<Id>>,
    /// Dossiers by the name of their folder, which stands on their papers: the whole of it, or its beginning.
    pub dossiers: Vec<Id>,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Binary)]
    id: Id,
}

/// What the words of a search mean.
///
/// # Errors
/// Those of the database.
pub(super) fn meant(conn: &mut Connection, q: &str) -> Result<Meant> {
    if q.is_empty() {
        return Ok(Meant::default());
    }
    let (begun, order) = (begins(conn, "d.folder"), along(conn, "d.folder"));
    let rows: Vec<Found> =
        sql_query(format!("SELECT d.id AS id FROM dossier d WHERE {begun} ORDER BY {order} LIMIT {MANY}"))
            .bind::<Text, _>(q)
            .bind::<Text, _>(format!("{q}{}", char::MAX))
            .load(conn)?;
    // As codes are written, however it was typed: XS-2016-001184-v2-PS-ECD-440100.
    let whole = q.to_uppercase().replacen("-V", "-v", 1);
    let mut dossiers: Vec<Id> =
        dossier::table.filter(dossier::folder.eq(whole)).select(dossier::id).load(conn)?;
    dossiers.extend(rows.into_iter().map(|row| row.id));
    Ok(Meant { leads: leads(conn, q)?, dossiers })
}
