//! What `lead-handoff check` asks of time stamps: that each kept token is whole, and over what it was asked for.

use diesel::prelude::*;

use crate::platform::{
    db::{
        Connection, Id,
        schema::{blob, time_stamp},
    },
    error::Result,
    i18n::{self, Lang},
    time_stamp::open,
};

/// Rows read at once.
const STEP: i64 = 500;

/// Id, hash, authority, token, and the hash of the stored file, where it is over one.
type Row = (Id, Vec<u8>, String, Option<Vec<u8>>, Option<Vec<u8>>);

/// One sentence for each token that is not as it must be.
///
/// # Errors
/// Those of the database.
pub fn check(conn: &mut Connection, lang: Lang) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    let mut after = Id::from_bytes([0; 16]);
    loop {
        let rows: Vec<Row> = time_stamp::table
            .left_join(blob::table)
            .filter(time_stamp::id.gt(after))
            .filter(time_stamp::received_at.is_not_null())
            .order(time_stamp::id)
            .limit(STEP)
            .select((
                time_stamp::id,
                time_stamp::imprint,
                time_stamp::authority,
                time_stamp::token,
                blob::sha256.nullable(),
            ))
            .load(conn)?;
        let Some(last) = rows.last() else { return Ok(faults) };
        after = last.0;
        for (id, imprint, authority, token, stored) in &rows {
            let is_over_file = stored.as_ref().is_none_or(|stored| stored == imprint);
            let read = token.as_deref().and_then(|token| open(token).ok());
            if !is_over_file || read.is_none_or(|stamp| stamp.imprint[..] != imprint[..]) {
                let said = [("id", id.to_string()), ("authority", authority.clone())];
                faults.push(i18n::t_with(lang, "check-timestamp", &said));
            }
        }
    }
}
