//! The key by which this installation cosigns other logs as a witness, beside the signing keys.

use diesel::prelude::*;

use super::require_aware;
use crate::platform::{
    db::{Connection, Db, Id, LockKey, schema::wrapped_key, take_lock},
    error::Result,
    keys::{Cosigner, MasterKey},
};

const COSIGN: &str = "cosign";

/// The name of our key as a witness. It goes with the name of our log, which is another one after a restore: a witness that has
/// forgotten what it saw must not go on under a key that others trust for having seen it.
fn name_of(origin: &str) -> String {
    format!("{origin}/witness")
}

/// Our key as a witness; the first who asks makes it. `origin`: the name of our log.
///
/// # Errors
/// Those of the database and of the master key.
pub fn cosigner(db: &Db, master: &MasterKey, origin: &str) -> Result<Cosigner> {
    let name = name_of(origin);
    if let Some(wrapped) = db.read_now(|conn| wrapped(conn, &name))? {
        return Ok(Cosigner::unwrap(master, &wrapped)?);
    }
    db.write_quiet_now(|tx| {
        take_lock(tx.conn(), LockKey::Writer)?;
        // Another one may have made it since.
        if let Some(wrapped) = wrapped(tx.conn(), &name)? {
            return Ok(Cosigner::unwrap(master, &wrapped)?);
        }
        let now = tx.now();
        require_aware(tx.conn(), now, master)?;
        let key = Cosigner::generate(&name)?;
        diesel::insert_into(wrapped_key::table)
            .values((
                wrapped_key::id.eq(Id::new()),
                wrapped_key::purpose.eq(COSIGN),
                wrapped_key::name.eq(&name),
                wrapped_key::public_text.eq(key.public().to_string()),
                wrapped_key::wrapped.eq(key.wrap(master)?),
                wrapped_key::created_at.eq(now),
            ))
            .execute(tx.conn())?;
        Ok(key)
    })
}

fn wrapped(conn: &mut Connection, name: &str) -> Result<Option<Vec<u8>>> {
    let ours = wrapped_key::table.filter(wrapped_key::purpose.eq(COSIGN)).filter(wrapped_key::name.eq(name));
    Ok(ours
        .order((wrapped_key::created_at.desc(), wrapped_key::id.desc()))
        .select(wrapped_key::wrapped)
        .first(conn)
        .optional()?)
}

/// The public text of our key as a witness; `None` while nobody has needed it.
///
/// # Errors
/// Those of the database.
pub fn cosigner_key(conn: &mut Connection, origin: &str) -> Result<Option<String>> {
    let ours = wrapped_key::table
        .filter(wrapped_key::purpose.eq(COSIGN))
        .filter(wrapped_key::name.eq(name_of(origin)));
    Ok(ours
        .order((wrapped_key::created_at.desc(), wrapped_key::id.desc()))
        .select(wrapped_key::public_text)
        .first(conn)
        .optional()?)
}
