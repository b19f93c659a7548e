//! Rows of second factors and recovery codes.

use diesel::prelude::*;

use super::model;
use crate::platform::{
    db::{
        Connection, Id, Instant, Tx,
        schema::{recovery_code, second_factor},
    },
    error::Result,
};

/// A second factor as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = second_factor)]
pub struct FactorRow {
    pub wrapped_secret: Vec<u8>,
    pub confirmed_at: Option<Instant>,
    pub last_step: i64,
}

/// The second factor of an account, confirmed or still being set up.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &mut Connection, person: Id) -> Result<Option<FactorRow>> {
    Ok(second_factor::table.find(person).select(FactorRow::as_select()).first(conn).optional()?)
}

/// Whether the account has one that is confirmed.
///
/// # Errors
/// Those of the database.
pub fn is_confirmed(conn: &mut Connection, person: Id) -> Result<bool> {
    Ok(find(conn, person)?.is_some_and(|row| row.confirmed_at.is_some()))
}

/// Stores a secret that is not confirmed yet.
///
/// # Errors
/// Those of the database.
pub fn insert(tx: &mut Tx<'_>, person: Id, wrapped: &[u8]) -> Result<()> {
    diesel::insert_into(second_factor::table)
        .values((
            second_factor::person_id.eq(person),
            second_factor::wrapped_secret.eq(wrapped),
            second_factor::last_step.eq(0i64),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The secret is in an app that gave the code of `step`.
///
/// # Errors
/// Those of the database.
pub fn set_confirmed(tx: &mut Tx<'_>, person: Id, step: i64) -> Result<()> {
    let now = tx.now();
    diesel::update(second_factor::table.find(person))
        .set((second_factor::confirmed_at.eq(now), second_factor::last_step.eq(step)))
        .execute(tx.conn())?;
    Ok(())
}

/// The step is used up.
///
/// # Errors
/// Those of the database.
pub fn set_last_step(tx: &mut Tx<'_>, person: Id, step: i64) -> Result<()> {
    diesel::update(second_factor::table.find(person))
        .set(second_factor::last_step.eq(step))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes the second factor and its recovery codes away.
///
/// # Errors
/// Those of the database.
pub fn delete(tx: &mut Tx<'_>, person: Id) -> Result<()> {
    diesel::delete(recovery_code::table.filter(recovery_code::person_id.eq(person))).execute(tx.conn())?;
    diesel::delete(second_factor::table.find(person)).execute(tx.conn())?;
    Ok(())
}

/// Ten new codes in the place of those before; returned once, to be shown.
///
/// # Errors
/// Those of the database.
pub fn replace_codes(tx: &mut Tx<'_>, person: Id) -> Result<Vec<String>> {
    diesel::delete(recovery_code::table.filter(recovery_code::person_id.eq(person))).execute(tx.conn())?;
    let mut codes = Vec::with_capacity(model::RECOVERY_CODES);
    for _ in 0..model::RECOVERY_CODES {
        let code = model::new_recovery_code();
        diesel::insert_into(recovery_code::table)
            .values((
                recovery_code::id.eq(Id::new()),
                recovery_code::person_id.eq(person),
                recovery_code::code_hash.eq(&model::recovery_hash(person, &code)[..]),
            ))
            .execute(tx.conn())?;
        codes.push(code);
    }
    Ok(codes)
}

/// Uses a recovery code up; false when there is no such unused one.
///
/// # Errors
/// Those of the database.
pub fn use_code(tx: &mut Tx<'_>, person: Id, code: &str) -> Result<bool> {
    let now = tx.now();
    let found = diesel::update(
        recovery_code::table
            .filter(recovery_code::person_id.eq(person))
            .filter(recovery_code::code_hash.eq(&model::recovery_hash(person, code)[..]))
            .filter(recovery_code::used_at.is_null()),
    )
    .set(recovery_code::used_at.eq(now))
    .execute(tx.conn())?;
    Ok(found > 0)
}

/// How many of these codes are unused ones of the account.
///
/// # Errors
/// Those of the database.
pub fn count_unused(conn: &mut Connection, person: Id, codes: &[String]) -> Result<i64> {
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| model::recovery_hash(person, code).to_vec()).collect();
    Ok(recovery_code::table
        .filter(recovery_code::person_id.eq(person))
        .filter(recovery_code::code_hash.eq_any(hashes))
        .filter(recovery_code::used_at.is_null())
        .count()
        .get_result(conn)?)
}

/// How many recovery codes are left; `None`: there never were any.
///
/// # Errors
/// Those of the database.
pub fn codes_left(conn: &mut Connection, person: Id) -> Result<Option<i64>> {
    let used: Vec<Option<Instant>> = recovery_code::table
        .filter(recovery_code::person_id.eq(person))
        .select(recovery_code::used_at)
        .load(conn)?;
    let left = used.iter().filter(|at| at.is_none()).count();
    Ok((!used.is_empty()).then(|| i64::try_from(left).unwrap_or(i64::MAX)))
}
