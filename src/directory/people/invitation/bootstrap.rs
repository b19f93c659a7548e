//! The first administrator of an empty database.

use diesel::prelude::*;

use super::store::{self, InvitationRow};
use crate::{
    audit::{self, Entry},
    directory::people::{
        model::{Role, Side},
        session,
    },
    platform::{
        db::{Db, Id, Origin, schema::person},
        error::Result,
        i18n::Lang,
        paths,
    },
};

/// How long the link holds, in hours; the next start prints a new one.
const HOURS: i64 = 24;

/// While there is no account at all: the path of a one-time link that makes the first administrator. A link from
/// before is worth nothing then. May block.
///
/// # Errors
/// Those of the database.
pub fn bootstrap(db: &Db) -> Result<Option<String>> {
    if db.read_now(|conn| Ok(person::table.count().get_result::<i64>(conn)?))? > 0 {
        return Ok(None);
    }
    db.write_now(Origin::system("system:serve"), |tx| {
        store::revoke_bootstrap(tx)?;
        let secret = session::new_secret();
        let now = tx.now();
        let row = InvitationRow {
            id: Id::new(),
            email: String::new(),
            name: String::new(),
            side: Side::Platform.as_str().into(),
            agency_id: None,
            roles: Role::Admin.as_str().into(),
            locale: Lang::Zh.tag().into(),
            invited_by: None,
            created_at: now,
            expires_at: now.plus_seconds(HOURS * 3600),
            used_at: None,
            revoked_at: None,
            person_id: None,
        };
        store::insert(tx, &row, &session::hash_of(&secret))?;
        audit::record(
            tx,
            Entry::new("invitation.create").object("invitation", row.id).fact("roles", vec!["admin"]),
        )?;
        Ok(Some(paths::invitation(&secret)))
    })
}
