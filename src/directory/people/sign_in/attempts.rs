//! Attempts on record: each is written down as failed before it is looked at, so that many at once can't slip past
//! the limit, and marked as good afterwards.

use diesel::prelude::*;
use sha2::{Digest, Sha256};

use super::model::{PER_ACCOUNT, PER_ADDRESS, WINDOW, wait};
use crate::platform::{
    db::{
        Connection, Id, Instant, LockKey, Tx,
        schema::login_attempt::{self, dsl},
        take_lock,
    },
    error::{AppError, Result},
};

/// Attempts are forgotten after so long, in seconds.
const KEEP: i64 = 24 * 3600;

/// What is counted.
#[derive(Clone, Debug)]
pub struct Key {
    name: String,
    limit: usize,
    /// Whether a success makes earlier failures forgotten.
    forgiving: bool,
}

impl Key {
    /// Tries at one account's password. The typed name is kept as a hash: it may be a password in the wrong field.
    pub fn account(username: &str) -> Self {
        let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(username.as_bytes())[..16]);
        Self { name: format!("account:{hash}"), limit: PER_ACCOUNT, forgiving: true }
    }

    /// Tries from one network address. A success does not clear it: an attacker may have an account too.
    pub fn address(address: &str) -> Self {
        Self { name: format!("address:{address}"), limit: PER_ADDRESS, forgiving: false }
    }

    /// Addresses that one account asks to have: each answer tells whether somebody has it.
    pub fn own_email(person: Id) -> Self {
        Self { name: format!("own-email:{person}"), limit: PER_ACCOUNT, forgiving: false }
    }

    /// Requests to us as a witness, from one network address, that lead nowhere.
    pub fn witness(address: &str) -> Self {
        Self { name: format!("witness:{address}"), limit: PER_ADDRESS, forgiving: false }
    }

    /// Tries at one account's second factor.
    pub fn factor(person: Id) -> Self {
        Self { name: format!("factor:{person}"), limit: PER_ACCOUNT, forgiving: true }
    }
}

/// Attempts that were written down and are still to be decided.
#[derive(Clone, Debug, Default)]
pub struct Reserved(Vec<Id>);

fn failures(conn: &mut Connection, key: &Key, now: Instant) -> Result<Vec<Instant>> {
    let mut query = dsl::login_attempt
        .filter(dsl::key.eq(key.name.clone()))
        .filter(dsl::ok.eq(false))
        .filter(dsl::at.gt(now.plus_seconds(-WINDOW)))
        .into_boxed();
    if key.forgiving {
        let good: Option<Id> = dsl::login_attempt
            .filter(dsl::key.eq(&key.name))
            .filter(dsl::ok.eq(true))
            .order(dsl::id.desc())
            .select(dsl::id)
            .first(conn)
            .optional()?;
        if let Some(good) = good {
            query = query.filter(dsl::id.gt(good));
        }
    }
    let limit = i64::try_from(key.limit).unwrap_or(i64::MAX);
    Ok(query.order(dsl::id.desc()).limit(limit).select(dsl::at).load(conn)?)
}

/// Writes an attempt down; to be committed before it is looked at.
///
/// # Errors
/// `TooMany` with the seconds to wait.
pub fn reserve(tx: &mut Tx<'_>, keys: &[Key]) -> Result<Reserved> {
    take_lock(tx.conn(), LockKey::Writer)?;
    let now = tx.now();
    let mut longest = None;
    for key in keys {
        longest = longest.max(wait(now, &failures(tx.conn(), key, now)?, key.limit));
    }
    if let Some(seconds) = longest {
        return Err(AppError::TooMany(seconds));
    }
    diesel::delete(dsl::login_attempt.filter(dsl::at.lt(now.plus_seconds(-KEEP)))).execute(tx.conn())?;
    let mut reserved = Reserved::default();
    for key in keys {
        let id = Id::new();
        diesel::insert_into(login_attempt::table)
            .values((dsl::id.eq(id), dsl::key.eq(&key.name), dsl::at.eq(now), dsl::ok.eq(false)))
            .execute(tx.conn())?;
        reserved.0.push(id);
    }
    Ok(reserved)
}

/// The attempt was none after all: it counts neither as failed nor as good.
///
/// # Errors
/// Those of the database.
pub fn forget(tx: &mut Tx<'_>, reserved: &Reserved) -> Result<()> {
    diesel::delete(dsl::login_attempt.filter(dsl::id.eq_any(&reserved.0))).execute(tx.conn())?;
    Ok(())
}

/// The attempt was good.
///
/// # Errors
/// Those of the database.
pub fn succeed(tx: &mut Tx<'_>, reserved: &Reserved) -> Result<()> {
    diesel::update(dsl::login_attempt.filter(dsl::id.eq_any(&reserved.0)))
        .set(dsl::ok.eq(true))
        .execute(tx.conn())?;
    Ok(())
}
