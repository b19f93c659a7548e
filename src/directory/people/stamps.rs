//! How many time stamps were never asked for, as the page of the machine says it; asking for them is `casework`'s, which lists
//! them by the same conditions. Nothing is written.

use diesel::{
    dsl::{exists, not},
    prelude::*,
};

use crate::platform::{
    db::{
        Connection,
        schema::{blob, dossier_seal, evidence, time_stamp},
    },
    error::Result,
};

/// The stored files of items that an authority was not asked for a stamp over.
macro_rules! files_unasked {
    ($authority:expr) => {
        blob::table
            .filter(blob::erased_at.is_null())
            .filter(exists(
                evidence::table.filter(evidence::blob_id.eq(blob::id)).filter(evidence::removed_at.is_null()),
            ))
            .filter(not(exists(
                time_stamp::table
                    .filter(time_stamp::blob_id.eq(blob::id.nullable()))
                    .filter(time_stamp::authority.eq($authority)),
            )))
    };
}

/// The seals that an authority was not asked for a stamp over.
macro_rules! seals_unasked {
    ($authority:expr) => {
        dossier_seal::table.filter(not(exists(
            time_stamp::table
                .filter(time_stamp::dossier_id.eq(dossier_seal::dossier_id.nullable()))
                .filter(time_stamp::authority.eq($authority)),
        )))
    };
}

pub(crate) use {files_unasked, seals_unasked};

/// Stored files that `authority` was not asked for a stamp over.
///
/// # Errors
/// Those of the database.
pub fn files(conn: &mut Connection, authority: &str) -> Result<i64> {
    Ok(files_unasked!(authority).count().get_result(conn)?)
}

/// Seals, likewise.
///
/// # Errors
/// Those of the database.
pub fn seals(conn: &mut Connection, authority: &str) -> Result<i64> {
    Ok(seals_unasked!(authority).count().get_result(conn)?)
}

/// Files and seals, once for each authority; `None`: there is no authority.
///
/// # Errors
/// Those of the database.
pub(super) fn missing(conn: &mut Connection, authorities: &[String]) -> Result<Option<i64>> {
    let mut all = None;
    for authority in authorities {
        all = Some(all.unwrap_or(0) + files(conn, authority)? + seals(conn, authority)?);
    }
    Ok(all)
}
