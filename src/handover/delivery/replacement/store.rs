//! Rows of replaced scans.

use diesel::prelude::*;

use crate::platform::{
    db::{Connection, Id, Instant, schema::scan_replacement},
    error::Result,
};

/// A scan in the place of another one.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = scan_replacement)]
pub struct ReplacementRow {
    pub id: Id,
    /// `delivery`, `transfer_paper` or `case_paper`.
    pub of_kind: String,
    /// The delivery whose receipt it is, or the paper.
    pub of_id: Id,
    pub blob_id: Id,
    pub name: String,
    pub uploaded_by: Id,
    pub at: Instant,
    /// The reason.
    pub remark_id: Option<Id>,
}

/// Appends one.
///
/// # Errors
/// Those of the database.
pub fn insert(conn: &mut Connection, row: &ReplacementRow) -> Result<()> {
    diesel::insert_into(scan_replacement::table).values(row).execute(conn)?;
    Ok(())
}

/// What was handed in for these scans, newest first.
///
/// # Errors
/// Those of the database.
pub fn of(conn: &mut Connection, ids: &[Id]) -> Result<Vec<ReplacementRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(scan_replacement::table
        .filter(scan_replacement::of_id.eq_any(ids))
        .order((scan_replacement::at.desc(), scan_replacement::id.desc()))
        .select(ReplacementRow::as_select())
        .load(conn)?)
}

/// One.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Connection, id: Id) -> Result<ReplacementRow> {
    Ok(scan_replacement::table.find(id).select(ReplacementRow::as_select()).first(conn)?)
}
