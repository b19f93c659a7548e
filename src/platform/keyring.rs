//! The signing keys in the database, wrapped by the master key; each new one signed by the one before.
//!
//! Tables: `instance`, `wrapped_key`.

use diesel::prelude::*;

use super::{
    db::{
        Connection, Db, Id, Instant, Tx,
        schema::{instance, wrapped_key},
    },
    error::{AppError, Result},
    keys::{KeyError, MasterKey, SigningKey, Succession},
};

const SIGN: &str = "sign";

impl From<KeyError> for AppError {
    fn from(e: KeyError) -> Self {
        AppError::internal(e)
    }
}

/// What this installation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    pub is_demo: bool,
    /// Name of the audit log and of its keys.
    pub origin: String,
}

/// Reads what this installation is; the first start writes it down, with a signing key.
///
/// # Errors
/// Those of the database and of the master key.
pub fn open(db: &Db, master: &MasterKey, host: &str) -> Result<(Instance, SigningKey)> {
    db.write_quiet_now(|tx| {
        let instance = find_or_found(tx, host)?;
        let newest: Option<Vec<u8>> = wrapped_key::table
            .filter(wrapped_key::purpose.eq(SIGN))
            .order((wrapped_key::created_at.desc(), wrapped_key::id.desc()))
            .select(wrapped_key::wrapped)
            .first(tx.conn())
            .optional()?;
        let key = match newest {
            Some(wrapped) => SigningKey::unwrap(master, &wrapped)?,
            None => {
                let key = SigningKey::generate(&instance.origin)?;
                insert(tx, master, &key, None)?;
                key
            }
        };
        Ok((instance, key))
    })
}

fn find_or_found(tx: &mut Tx<'_>, host: &str) -> Result<Instance> {
    let known: Option<(String, String)> =
        instance::table.find(1).select((instance::kind, instance::origin)).first(tx.conn()).optional()?;
    if let Some((kind, origin)) = known {
        return Ok(Instance { is_demo: kind == "demo", origin });
    }
    let origin = new_origin(host);
    let now = tx.now();
    diesel::insert_into(instance::table)
        .values((
            instance::id.eq(1),
            instance::kind.eq("live"),
            instance::origin.eq(&origin),
            instance::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(Instance { is_demo: false, origin })
}

/// A name for an audit log that no other has.
fn new_origin(host: &str) -> String {
    let short = Id::new().to_string();
    format!("lead-handoff/{host}/{}", &short[..13])
}

/// Marks this installation as a demo; only before anything real is in it.
///
/// # Errors
/// Those of the database.
pub fn mark_demo(tx: &mut Tx<'_>) -> Result<()> {
    diesel::update(instance::table.find(1)).set(instance::kind.eq("demo")).execute(tx.conn())?;
    Ok(())
}

/// Whether this installation is a demo's, and so has no real data.
///
/// # Errors
/// Those of the database.
pub fn is_demo(conn: &mut Connection) -> Result<bool> {
    let kind: String = instance::table.find(1).select(instance::kind).first(conn)?;
    Ok(kind == "demo")
}

fn insert(tx: &mut Tx<'_>, master: &MasterKey, key: &SigningKey, statement: Option<&str>) -> Result<Id> {
    let id = Id::new();
    let now = tx.now();
    diesel::insert_into(wrapped_key::table)
        .values((
            wrapped_key::id.eq(id),
            wrapped_key::purpose.eq(SIGN),
            wrapped_key::name.eq(key.name()),
            wrapped_key::public_text.eq(key.public().to_string()),
            wrapped_key::wrapped.eq(key.wrap(master)?),
            wrapped_key::statement.eq(statement),
            wrapped_key::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(id)
}

/// A new signing key, vouched for by the present one.
///
/// # Errors
/// Those of the database and of the master key.
pub fn rotate(tx: &mut Tx<'_>, master: &MasterKey, present: &SigningKey) -> Result<SigningKey> {
    let new = SigningKey::generate(present.name())?;
    let statement = Succession::sign(present, &new, tx.now().utc())?;
    insert(tx, master, &new, Some(&statement))?;
    Ok(new)
}

/// After a restore: a new name of the audit log, and a key of that name which the present one vouches for.
///
/// # Errors
/// Those of the database and of the master key; `NotFound` when the database holds no key.
pub fn begin_anew(tx: &mut Tx<'_>, master: &MasterKey, host: &str) -> Result<(Instance, SigningKey)> {
    let wrapped: Vec<u8> = wrapped_key::table
        .filter(wrapped_key::purpose.eq(SIGN))
        .order((wrapped_key::created_at.desc(), wrapped_key::id.desc()))
        .select(wrapped_key::wrapped)
        .first(tx.conn())?;
    let present = SigningKey::unwrap(master, &wrapped)?;
    let kind: String = instance::table.find(1).select(instance::kind).first(tx.conn())?;
    let origin = new_origin(host);
    diesel::update(instance::table.find(1)).set(instance::origin.eq(&origin)).execute(tx.conn())?;
    let new = SigningKey::generate(&origin)?;
    let statement = Succession::sign(&present, &new, tx.now().utc())?;
    insert(tx, master, &new, Some(&statement))?;
    Ok((Instance { is_demo: kind == "demo", origin }, new))
}

/// A public key that was or is in use.
#[derive(Clone, Debug, Queryable)]
pub struct KnownKey {
    pub id: Id,
    pub public_text: String,
    pub statement: Option<String>,
    pub created_at: Instant,
}

/// Every signing key so far, oldest first.
///
/// # Errors
/// Those of the database.
pub fn known(conn: &mut Connection) -> Result<Vec<KnownKey>> {
    Ok(wrapped_key::table
        .filter(wrapped_key::purpose.eq(SIGN))
        .order((wrapped_key::created_at, wrapped_key::id))
        .select((wrapped_key::id, wrapped_key::public_text, wrapped_key::statement, wrapped_key::created_at))
        .load(conn)?)
}
