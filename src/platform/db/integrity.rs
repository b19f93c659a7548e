//! What the database itself can say of its soundness.

use diesel::{
    QueryableByName, RunQueryDsl, sql_query,
    sql_types::{BigInt, Text},
};

use super::Connection;
use crate::platform::{
    error::Result,
    i18n::{self, Lang},
};

#[derive(QueryableByName)]
struct Said {
    #[diesel(sql_type = Text)]
    text: String,
}

/// A row that refers to one that is not there.
#[derive(QueryableByName)]
struct Broken {
    #[diesel(sql_type = Text)]
    child: String,
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = Text)]
    parent: String,
}

/// Damaged pages and rows that refer to what is not there. PostgreSQL looks after both by itself: it reads with
/// checksums where they are switched on, and refuses rows that refer to nothing.
///
/// # Errors
/// Those of the database.
pub fn integrity(conn: &mut Connection, lang: Lang) -> Result<Vec<String>> {
    let Connection::Sqlite(conn) = conn else { return Ok(Vec::new()) };
    let pages: Vec<Said> =
        sql_query("SELECT integrity_check AS text FROM pragma_integrity_check WHERE integrity_check <> 'ok'")
            .load(conn)?;
    let rows: Vec<Broken> = sql_query(
        "SELECT \"table\" AS child, COALESCE(rowid, 0) AS place, parent FROM pragma_foreign_key_check",
    )
    .load(conn)?;
    let page = |said: Said| i18n::t_with(lang, "check-database", &[("what", said.text)]);
    let row = |row: Broken| {
        let arguments = [("table", row.child), ("row", row.place.to_string()), ("parent", row.parent)];
        i18n::t_with(lang, "check-reference", &arguments)
    };
    Ok(pages.into_iter().map(page).chain(rows.into_iter().map(row)).collect())
}
