//! Which master keys the servers that run know: a row of each, renewed while it lives. A secret is wrapped by a new master
//! key only when each of them can open it.

use diesel::prelude::*;

use crate::platform::{
    db::{Connection, Db, Id, Instant, schema::serving},
    error::Result,
    keys::MasterKey,
};

/// A server whose row is older, in seconds, has ended without a word.
pub const AWAY_AFTER: i64 = 90;
/// Rows of servers that ended long ago, in seconds, are taken out.
const FORGOTTEN_AFTER: i64 = 86_400;

fn hex(mark: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(mark)
}

/// Says that the server `id` runs, and which keys it knows; to be said again within [`AWAY_AFTER`].
///
/// # Errors
/// Those of the database.
pub fn beat(db: &Db, id: Id, master: &MasterKey) -> Result<()> {
    let marks: Vec<String> =
        std::iter::once(master.mark()).chain(master.previous()).map(|mark| hex(&mark)).collect();
    db.write_quiet_now(|tx| {
        let now = tx.now();
        let forgotten = serving::seen_at.lt(now.plus_seconds(-FORGOTTEN_AFTER));
        diesel::delete(serving::table.filter(forgotten)).execute(tx.conn())?;
        diesel::delete(serving::table.find(id)).execute(tx.conn())?;
        diesel::insert_into(serving::table)
            .values((serving::id.eq(id), serving::marks.eq(marks.join(" ")), serving::seen_at.eq(now)))
            .execute(tx.conn())?;
        Ok(())
    })
}

/// Says that the server `id` ends.
///
/// # Errors
/// Those of the database.
pub fn leave(db: &Db, id: Id) -> Result<()> {
    db.write_quiet_now(|tx| {
        diesel::delete(serving::table.find(id)).execute(tx.conn())?;
        Ok(())
    })
}

/// How many servers run that do not know the key of `master` itself.
///
/// # Errors
/// Those of the database.
pub fn unaware(conn: &mut Connection, now: Instant, master: &MasterKey) -> Result<usize> {
    let known: Vec<String> = serving::table
        .filter(serving::seen_at.gt(now.plus_seconds(-AWAY_AFTER)))
        .select(serving::marks)
        .load(conn)?;
    let mark = master.fingerprint();
    Ok(known.iter().filter(|marks| !marks.split(' ').any(|known| known == mark)).count())
}
