//! Which shops listings are of, where an older version did not say.

use diesel::prelude::*;

use super::super::model::shop_key;
use crate::platform::{
    db::{Db, Id, schema::listing},
    error::Result,
};

/// Rows that are looked at in one transaction.
const AT_ONCE: i64 = 500;

/// Says of each listing which shop it is of, where that was not said yet: rows of an older version.
///
/// # Errors
/// Those of the database.
pub fn know(db: &Db) -> Result<()> {
    let unknown = || listing::table.filter(listing::shop_key.is_null());
    loop {
        let columns = (listing::id, listing::url, listing::shop);
        let rows: Vec<(Id, String, String)> =
            db.read_now(|conn| Ok(unknown().select(columns).limit(AT_ONCE).load(conn)?))?;
        if rows.is_empty() {
            return Ok(());
        }
        db.write_quiet_now(|tx| {
            for (id, url, shop) in &rows {
                let row = unknown().filter(listing::id.eq(id));
                diesel::update(row).set(listing::shop_key.eq(shop_key(url, shop))).execute(tx.conn())?;
            }
            Ok(())
        })?;
    }
}
