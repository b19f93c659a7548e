//! The signing keys in the database, wrapped by the master key; each new one signed by the one before. Changing the master
//! key itself (`rewrap`), for which the servers that run say which keys they know (`serving`).
//!
//! Tables: `instance`, `wrapped_key`, `serving`.

mod cosigner;
mod rewrap;
mod serving;

pub use cosigner::{cosigner, cosigner_key};
pub use rewrap::{PLACES, Place, Standing, Walk, opens_nothing_of, standing};
pub use serving::{AWAY_AFTER, beat, enter, leave, require_aware};

use std::path::Path;

use diesel::prelude::*;

use super::{
    db::{
        Connection, Db, Id, Instant, LockKey, Tx,
        schema::{instance, wrapped_key},
        take_lock,
    },
    error::{AppError, Plain, Result},
    i18n::{self, Lang},
    keys::{KeyError, MasterKey, PublicKey, SigningKey, Source, Succession},
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

/// The master key, if it is there already. Nothing is made here: whether one may be made is for the database to say.
///
/// # Errors
/// What is wrong with the key that is there; that one from the environment or a command is missing.
pub fn present_master(source: &Source) -> Result<Option<MasterKey>> {
    match (MasterKey::open(source), source) {
        (Err(KeyError::Missing(_)), Source::File(_)) => Ok(None),
        (opened, _) => Ok(Some(opened?)),
    }
}

/// The master key before this one, where the settings name it.
///
/// # Errors
/// It is not there, or what is there is none.
pub fn previous_master(setting: Option<&str>, data: &Path) -> Result<Option<MasterKey>> {
    let Some(setting) = setting else { return Ok(None) };
    Ok(Some(MasterKey::open(&Source::parse(Some(setting), data)?)?))
}

/// Reads what this installation is; the first start writes it down, with a signing key, and makes the master key where
/// none is `present`. Servers that start at once on one database wait for each other. `previous` is known beside it.
///
/// # Errors
/// Those of the database and of the master key; [`KeyError::Needed`] when it is missing, but keys are wrapped by it;
/// [`KeyError::Strange`] when it is another one than they are wrapped by.
pub fn open(
    db: &Db,
    source: &Source,
    present: Option<MasterKey>,
    previous: Option<&MasterKey>,
    host: &str,
) -> Result<(MasterKey, Instance, SigningKey)> {
    db.write_quiet_now(|tx| {
        take_lock(tx.conn(), LockKey::Writer)?;
        let newest = newest(tx.conn())?;
        let master = match (present, &newest, source) {
            (Some(master), ..) => master,
            // Another server may have made it since.
            (None, Some(_), Source::File(path)) => match MasterKey::open(source) {
                Err(KeyError::Missing(_)) => return Err(KeyError::Needed(path.display().to_string()).into()),
                opened => opened?,
            },
            (None, ..) => MasterKey::open_or_create(source)?,
        };
        let master = match previous {
            Some(previous) => master.with_previous(previous),
            None => master,
        };
        let instance = find_or_found(tx, host)?;
        let key = match newest {
            Some(wrapped) => SigningKey::unwrap(&master, &wrapped).map_err(|error| match error {
                KeyError::OtherMaster => KeyError::Strange(master.fingerprint()),
                other => other,
            })?,
            None => {
                let key = SigningKey::generate(&instance.origin)?;
                insert(tx, &master, &key, None)?;
                key
            }
        };
        Ok((master, instance, key))
    })
}

/// The signing key in force, as it is wrapped; `None`: there is none yet.
fn newest(conn: &mut Connection) -> Result<Option<Vec<u8>>> {
    Ok(wrapped_key::table
        .filter(wrapped_key::purpose.eq(SIGN))
        .order((wrapped_key::created_at.desc(), wrapped_key::id.desc()))
        .select(wrapped_key::wrapped)
        .first(conn)
        .optional()?)
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
/// [`KeyError::Unaware`] where a server runs that could not open it when it is restarted; those of the database and of the
/// master key.
pub fn rotate(tx: &mut Tx<'_>, master: &MasterKey, present: &SigningKey) -> Result<SigningKey> {
    let now = tx.now();
    require_aware(tx.conn(), now, master)?;
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
    let wrapped = newest(tx.conn())?.ok_or(AppError::NotFound)?;
    let present = SigningKey::unwrap(master, &wrapped)?;
    serving::forget_all(tx.conn())?;
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

/// How a signing key came to be ours.
#[derive(Clone, Debug)]
pub struct Lineage {
    /// The key that no other one vouches for.
    pub first: PublicKey,
    /// The statements that lead from it to the key, oldest first; none where that is the first one.
    pub statements: Vec<String>,
}

/// What leads to one of our signing keys, back to the key that no known one vouches for.
///
/// # Errors
/// Those of the database.
pub fn lineage(conn: &mut Connection, key: &PublicKey) -> Result<Lineage> {
    let known = known(conn)?;
    let (mut first, mut statements) = (key.clone(), Vec::new());
    // No key is gone through twice, whatever somebody wrote into the table.
    for _ in 1..known.len() {
        let public = first.to_string();
        let row = known.iter().find(|row| row.public_text == public);
        let Some(statement) = row.and_then(|row| row.statement.clone()) else { break };
        let vouches = |row: &KnownKey| {
            let old: PublicKey = row.public_text.parse().ok()?;
            Succession::open(&statement, &old).ok().filter(|step| step.new == first)
        };
        let Some(step) = known.iter().find_map(vouches) else { break };
        first = step.old;
        statements.push(statement);
    }
    statements.reverse();
    Ok(Lineage { first, statements })
}

/// The row of a signing key.
///
/// # Errors
/// `Internal` for a key that is not in the ring.
pub fn id_of(conn: &mut Connection, key: &PublicKey) -> Result<Id> {
    let public = key.to_string();
    let found = known(conn)?.into_iter().find(|known| known.public_text == public);
    found
        .map(|known| known.id)
        .ok_or_else(|| AppError::internal(Plain("the signing key is not in the ring".into())))
}

/// The signing keys that this installation can answer for, and what is wrong with others that stand in the table. To
/// put a row there is open to whoever holds the database; to wrap a key with the master key, or to have the key before
/// vouch for it, is not.
#[derive(Clone, Debug, Default)]
pub struct Trusted {
    /// In note form, from the first on.
    pub keys: Vec<String>,
    /// One sentence each.
    pub faults: Vec<String>,
}

/// Follows the statements from the first key. A key is trusted when its secret opens with the master key, is the secret
/// of the public key that stands beside it, and the key is the first or vouched for by a trusted one.
///
/// # Errors
/// Those of the database.
pub fn trusted(conn: &mut Connection, master: &MasterKey, lang: Lang) -> Result<Trusted> {
    type Row = (String, Vec<u8>, Option<String>);
    let mut waiting: Vec<Row> = wrapped_key::table
        .filter(wrapped_key::purpose.eq(SIGN))
        .order((wrapped_key::created_at, wrapped_key::id))
        .select((wrapped_key::public_text, wrapped_key::wrapped, wrapped_key::statement))
        .load(conn)?;
    let mut found = Trusted::default();
    waiting.retain(|(public, wrapped, _)| {
        let ours = SigningKey::unwrap(master, wrapped).is_ok_and(|key| key.public().to_string() == *public);
        if !ours {
            found.faults.push(i18n::t_with(lang, "check-signing-key-closed", &[("key", public.clone())]));
        }
        ours
    });
    let mut chain: Vec<PublicKey> = Vec::new();
    loop {
        let next = waiting.iter().position(|(public, _, statement)| match statement {
            None => chain.is_empty(),
            Some(text) => chain
                .iter()
                .any(|old| Succession::open(text, old).is_ok_and(|step| step.new.to_string() == *public)),
        });
        let Some(next) = next else { break };
        let (public, ..) = waiting.remove(next);
        chain.push(public.parse()?);
        found.keys.push(public);
    }
    let stray = waiting.into_iter().map(|(public, ..)| public);
    let no_voucher = |public: String| i18n::t_with(lang, "check-signing-key-stray", &[("key", public)]);
    found.faults.extend(stray.map(no_voucher));
    Ok(found)
}
