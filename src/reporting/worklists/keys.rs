//! Keys of agencies that wait for a second person.

use diesel::prelude::*;

use super::{
    duties::At,
    pages::{Duty, Item},
    read::SHOWN,
};
use crate::platform::{
    db::{
        Connection, Id, Instant,
        schema::{agency, agency_key, agency_key_confirmation, agency_key_revocation},
    },
    error::Result,
    paths,
};

/// The keys that `me` may confirm: neither confirmed nor revoked, and registered by somebody else.
macro_rules! waiting {
    ($me:expr) => {
        agency_key::table
            .inner_join(agency::table)
            .left_join(agency_key_confirmation::table)
            .left_join(agency_key_revocation::table)
            .filter(agency_key_confirmation::key_id.is_null())
            .filter(agency_key_revocation::key_id.is_null())
            .filter(agency_key::registered_by.ne($me))
    };
}

/// Those that wait longest, each with the page on which it is confirmed.
///
/// # Errors
/// Those of the database.
pub fn to_confirm(conn: &mut Connection, at: &At<'_>) -> Result<Duty> {
    type Raw = (Id, Id, (String, String), Instant);
    let count: i64 = waiting!(at.me.id).count().get_result(conn)?;
    let rows: Vec<Raw> = waiting!(at.me.id)
        .order(agency_key::id)
        .limit(SHOWN)
        .select((agency_key::id, agency::id, (agency::name_zh, agency::name_en), agency_key::at))
        .load(conn)?;
    let item = |(key, agency, (zh, en), since): Raw| Item {
        label: at.c.language.pick(&zh, &en).to_owned(),
        href: format!("{}/public-keys/{key}/confirm", paths::agency(agency)),
        note: at.c.tv("home-key-since", "date", at.when(since)),
        object: Some(("agency", agency)),
        ..Item::default()
    };
    let duty = at.duty("keys", count, "", rows.into_iter().map(item).collect());
    let remark = if count > SHOWN { at.c.tn("home-first", SHOWN) } else { String::new() };
    Ok(Duty { remark, ..duty })
}
