//! Which master keys the servers that run know: a row of each, renewed while it lives. A secret is wrapped by a new master
//! key only when each of them can open it, so a server does not begin beside one that could not open what it wraps, or
//! wraps what it could not open.

use diesel::prelude::*;

use super::newest;
use crate::platform::{
    db::{Connection, Db, Id, Instant, LockKey, Tx, schema::serving, take_lock},
    error::Result,
    keys::{KeyError, MasterKey, SigningKey},
};

/// A server whose row is older, in seconds, has ended without a word.
pub const AWAY_AFTER: i64 = 90;
/// Rows of servers that ended long ago, in seconds, are taken out.
const FORGOTTEN_AFTER: i64 = 86_400;

fn hex(mark: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(mark)
}

/// The marks of the keys that each server knows which runs: the one that it wraps by first.
fn running(conn: &mut Connection, now: Instant) -> Result<Vec<String>> {
    let alive = serving::table.filter(serving::seen_at.gt(now.plus_seconds(-AWAY_AFTER)));
    Ok(alive.select(serving::marks).load(conn)?)
}

/// Whether each of the two opens what the other one wraps: a server with these `marks`, and one with `master`.
fn agree(marks: &str, master: &MasterKey) -> bool {
    let own = master.fingerprint();
    marks.split(' ').any(|mark| mark == own)
        && marks.split(' ').next().is_some_and(|theirs| master.knows(theirs))
}

fn say(tx: &mut Tx<'_>, id: Id, master: &MasterKey) -> Result<()> {
    let marks: Vec<String> =
        std::iter::once(master.mark()).chain(master.previous()).map(|mark| hex(&mark)).collect();
    let now = tx.now();
    let forgotten = serving::seen_at.lt(now.plus_seconds(-FORGOTTEN_AFTER));
    diesel::delete(serving::table.filter(forgotten)).execute(tx.conn())?;
    diesel::delete(serving::table.find(id)).execute(tx.conn())?;
    diesel::insert_into(serving::table)
        .values((serving::id.eq(id), serving::marks.eq(marks.join(" ")), serving::seen_at.eq(now)))
        .execute(tx.conn())?;
    Ok(())
}

/// Why a server with `master` may not run now; `None`: it may. Under the lock of acts, so that of servers that ask at once each
/// sees those before it.
fn misfit(tx: &mut Tx<'_>, master: &MasterKey) -> Result<Option<KeyError>> {
    take_lock(tx.conn(), LockKey::Writer)?;
    let now = tx.now();
    if running(tx.conn(), now)?.iter().any(|marks| !agree(marks, master)) {
        return Ok(Some(KeyError::Apart { own: master.fingerprint(), seconds: AWAY_AFTER }));
    }
    // Nobody may be left of those who have changed the key meanwhile.
    let opened = newest(tx.conn())?.map(|wrapped| SigningKey::unwrap(master, &wrapped));
    Ok(match opened {
        Some(Err(KeyError::OtherMaster)) => Some(KeyError::Strange(master.fingerprint())),
        Some(Err(other)) => Some(other),
        Some(Ok(_)) | None => None,
    })
}

/// Says for the first time that a server runs, and which keys it knows; gives the id under which it says so.
///
/// # Errors
/// [`KeyError::Apart`] where one of two could not open what the other one wraps, [`KeyError::Strange`] where the key was
/// changed meanwhile: nothing is said then; those of the database.
pub fn enter(db: &Db, master: &MasterKey) -> Result<Id> {
    let id = Id::new();
    db.write_quiet_now(|tx| match misfit(tx, master)? {
        Some(why) => Err(why.into()),
        None => say(tx, id, master),
    })?;
    Ok(id)
}

/// Says that the server `id` still runs, and which keys it knows; to be said again within [`AWAY_AFTER`]. One that was silent
/// for longer (its machine slept) was taken for gone, and others may have begun or changed the key: it is asked anew whether
/// it may run. If not, that is given back, nothing is said, and it has to end.
///
/// # Errors
/// Those of the database.
pub fn beat(db: &Db, id: Id, master: &MasterKey) -> Result<Option<KeyError>> {
    db.write_quiet_now(|tx| {
        let now = tx.now();
        let own = serving::table.find(id).filter(serving::seen_at.gt(now.plus_seconds(-AWAY_AFTER)));
        let is_known: i64 = own.count().get_result(tx.conn())?;
        if is_known == 0
            && let Some(why) = misfit(tx, master)?
        {
            return Ok(Some(why));
        }
        say(tx, id, master)?;
        Ok(None)
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

/// Forgets every server: what was restored says of those that ran where the backup was made.
///
/// # Errors
/// Those of the database.
pub(super) fn forget_all(conn: &mut Connection) -> Result<()> {
    diesel::delete(serving::table).execute(conn)?;
    Ok(())
}

/// That every server that runs knows the key of `master` itself, so that something may be wrapped by it.
///
/// # Errors
/// [`KeyError::Unaware`]; those of the database.
pub fn require_aware(conn: &mut Connection, now: Instant, master: &MasterKey) -> Result<()> {
    let (known, own) = (running(conn, now)?, master.fingerprint());
    let servers = match known.iter().filter(|marks| !marks.split(' ').any(|known| known == own)).count() {
        0 => return Ok(()),
        1 => "1 server runs".to_owned(),
        n => format!("{n} servers run"),
    };
    Err(KeyError::Unaware { servers, own, seconds: AWAY_AFTER }.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_servers_agree_when_each_opens_what_the_other_one_wraps() {
        let (old, new) = (MasterKey::generate(), MasterKey::generate());
        let marks = |first: &MasterKey, second: Option<&MasterKey>| {
            let second = second.map(|key| format!(" {}", key.fingerprint()));
            first.fingerprint() + &second.unwrap_or_default()
        };
        let both = new.clone().with_previous(&old);
        let told_of = old.clone().with_previous(&new);
        assert!(agree(&marks(&old, None), &old));
        assert!(!agree(&marks(&old, None), &both), "it could not open what is wrapped by the new one");
        assert!(!agree(&marks(&new, Some(&old)), &old), "and the other way round");
        // In the right order each step is one.
        assert!(agree(&marks(&old, None), &told_of) && agree(&marks(&old, Some(&new)), &old));
        assert!(agree(&marks(&old, Some(&new)), &both) && agree(&marks(&new, Some(&old)), &told_of));
        assert!(agree(&marks(&new, Some(&old)), &new) && agree(&marks(&new, None), &both));
    }
}
