//! What `lead-handoff check` asks of time stamps: that each kept token is whole, over what it was asked for, and says what is
//! told of it.

use diesel::prelude::*;

use super::store::Stamp;
use crate::platform::{
    db::{
        Connection, Id,
        schema::{blob, time_stamp},
    },
    error::Result,
    i18n::{self, Lang},
    time_stamp::{Stamp as Read, open},
};

/// Rows read at once.
const STEP: i64 = 500;

/// A stamp, its token, and the hash of the stored file, where it is over one.
type Row = (Stamp, Option<Vec<u8>>, Option<Vec<u8>>);

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
            .select((Stamp::as_select(), time_stamp::token, blob::sha256.nullable()))
            .load(conn)?;
        let Some((last, ..)) = rows.last() else { return Ok(faults) };
        after = last.id;
        for (stamp, token, stored) in &rows {
            let is_over_file = stored.as_ref().is_none_or(|stored| *stored == stamp.imprint);
            let read = token.as_deref().and_then(|token| open(token).ok());
            if !is_over_file || read.is_none_or(|read| !says(&read, stamp)) {
                let said = [("id", stamp.id.to_string()), ("authority", stamp.authority.clone())];
                faults.push(i18n::t_with(lang, "check-timestamp", &said));
            }
        }
    }
}

/// Whether a token says what the row tells of it.
fn says(read: &Read, row: &Stamp) -> bool {
    read.imprint[..] == row.imprint[..]
        && Some(read.time) == row.stamped_at
        && Some(&read.serial) == row.serial.as_ref()
        && Some(&read.signer) == row.signer.as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::time_stamp::{granted, tests::answer};

    #[test]
    fn whatever_is_told_of_a_token_stands_in_it() {
        let answer = answer();
        let read = open(granted(&answer).expect("granted")).expect("a token");
        let row = Stamp {
            id: Id::new(),
            blob_id: None,
            dossier_id: None,
            imprint: read.imprint.to_vec(),
            authority: "http://tsa.example/".into(),
            asked_at: read.time,
            received_at: Some(read.time),
            stamped_at: Some(read.time),
            serial: Some(read.serial.clone()),
            signer: Some(read.signer.clone()),
        };
        assert!(says(&read, &row));
        let others = [
            Stamp { imprint: vec![7; 32], ..row.clone() },
            Stamp { stamped_at: Some(read.time.plus_seconds(1)), ..row.clone() },
            Stamp { serial: Some("02".into()), ..row.clone() },
            Stamp { signer: Some("Other".into()), ..row.clone() },
            Stamp { signer: None, ..row },
        ];
        for other in others {
            assert!(!says(&read, &other), "{other:?}");
        }
    }
}
