//! Which shops listings are of: what makes two of them the same one, and what an older version did not say.

use diesel::prelude::*;

use super::super::model::normal;
use crate::platform::{
    db::{Db, Id, schema::listing},
    error::Result,
};

/// Rows that are looked at in one transaction.
const AT_ONCE: i64 = 500;

/// Characters of a key at most: a name may grow in compatibility form, beyond what an index of PostgreSQL takes.
const LONGEST: usize = 300;

/// What makes the shops of two offers the same one: the host of the page and the shop's name without blanks, marks and case, for
/// another platform's shop of this name is another one. Empty where either is not known.
pub fn key(address: &str, shop: &str) -> String {
    let url = url::Url::parse(address.trim()).ok();
    let host =
        url.as_ref().and_then(url::Url::host_str).map(|host| host.strip_prefix("www.").unwrap_or(host));
    match (host, normal(shop)) {
        (Some(host), name) if !name.is_empty() => format!("{host}:{name}").chars().take(LONGEST).collect(),
        _ => String::new(),
    }
}

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
                diesel::update(row).set(listing::shop_key.eq(key(url, shop))).execute(tx.conn())?;
            }
            Ok(())
        })?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shop_is_known_by_its_name_on_its_platform() {
        let known = key("https://www.shop.example/item?id=42", "好运 鞋店（旗舰）");
        assert_eq!(known, "shop.example:好运鞋店旗舰");
        assert_eq!(key("http://shop.example/other", "好运鞋店(旗舰)"), known);
        assert_ne!(key("https://mall.example/item", "好运鞋店（旗舰）"), known, "another platform's");
        for (address, shop) in [("no address", "好运鞋店"), ("https://shop.example/1", " ！")] {
            assert_eq!(key(address, shop), "");
        }
        let grown = key("https://shop.example/1", &"\u{fdfa}".repeat(200));
        assert_eq!(grown.chars().count(), LONGEST);
    }
}
