//! What the guide does: sends a test, keeps what an administrator says.

use super::{
    model::{AWAY, KEY, TEST},
    store,
};
use crate::{
    audit::{self, Entry},
    directory::people::guard::Admin,
    platform::{
        db::{Id, Tx},
        error::Result,
        notice::{self, Notice},
        paths,
    },
};

/// Queues a message to the administrator's own address, as every other one is queued. It is of no kind that an account
/// may have collected or switched off.
///
/// # Errors
/// Those of the database.
pub fn test_mail(tx: &mut Tx<'_>, me: &Admin) -> Result<Option<Id>> {
    let test = Notice::new(TEST, me.email.as_str(), me.lang).param("name", &me.name);
    let id = notice::queue(tx, test.link(paths::ADMIN_SETUP).about("person", me.id))?;
    audit::record(tx, Entry::new("mail.test").objects("mail", id))?;
    Ok(id)
}

/// Keeps that a copy of the master key `key` (its mark) lies elsewhere.
///
/// # Errors
/// Those of the database.
pub fn confirm_key(tx: &mut Tx<'_>, me: &Admin, key: &str) -> Result<()> {
    store::set_mark(tx, KEY, key, me.id)?;
    audit::record(tx, Entry::new("setup.mark").fact("setup", KEY).fact("key", key))?;
    Ok(())
}

/// Puts the guide away, for all administrators; its page stays.
///
/// # Errors
/// Those of the database.
pub fn put_away(tx: &mut Tx<'_>, me: &Admin) -> Result<()> {
    store::set_mark(tx, AWAY, "", me.id)?;
    audit::record(tx, Entry::new("setup.mark").fact("setup", AWAY))?;
    Ok(())
}
