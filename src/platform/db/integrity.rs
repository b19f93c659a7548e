//! What the database itself can say of its soundness.

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};

use super::Connection;
use crate::platform::error::Result;

#[derive(QueryableByName)]
struct Said {
    #[diesel(sql_type = Text)]
    text: String,
}

/// Damaged pages and rows that refer to what is not there. PostgreSQL looks after both by itself: it reads with
/// checksums where they are switched on, and refuses rows that refer to nothing.
///
/// # Errors
/// Those of the database.
pub fn integrity(conn: &mut Connection) -> Result<Vec<String>> {
    let Connection::Sqlite(conn) = conn else { return Ok(Vec::new()) };
    let pages: Vec<Said> = sql_query(
        "SELECT 'database: ' || integrity_check AS text FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
    )
    .load(conn)?;
    let rows: Vec<Said> = sql_query(
        "SELECT 'table ' || \"table\" || ', row ' || COALESCE(rowid, 0) || ': what it refers to in ' || parent || \
         ' is not there' AS text FROM pragma_foreign_key_check",
    )
    .load(conn)?;
    Ok(pages.into_iter().chain(rows).map(|said| said.text).collect())
}
