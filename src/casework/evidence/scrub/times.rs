//! How often a stored file was found unchanged.

use diesel::prelude::*;

use crate::platform::{
    db::{Connection, Id, Instant, schema::blob_check},
    error::Result,
};

/// How often the schedule has read a file back and found it as it was stored, and when last; `None`: not since that is
/// counted, or the file was erased. What somebody asked for is not among these: it stands in the log.
///
/// # Errors
/// Those of the database.
pub fn unchanged(conn: &mut Connection, id: Id) -> Result<Option<(i64, Instant)>> {
    Ok(blob_check::table
        .find(id)
        .filter(blob_check::whole_times.gt(0))
        .select((blob_check::whole_times, blob_check::whole_at))
        .first(conn)
        .optional()?)
}
