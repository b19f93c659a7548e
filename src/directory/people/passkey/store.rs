//! Rows of passkeys, and of what was asked of them.

use diesel::prelude::*;

use crate::platform::{
    db::{
        Connection, Id, Instant, Tx,
        schema::{passkey, passkey_challenge, passkey_name, person},
    },
    error::Result,
    webauthn::{Registered, fingerprint_of},
};

/// A passkey as stored, without its name.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = passkey)]
pub struct PasskeyRow {
    pub id: Id,
    pub credential_id: Vec<u8>,
    pub algorithm: String,
    /// DER of its `SubjectPublicKeyInfo`.
    pub public_key: Vec<u8>,
    pub sign_count: i64,
    pub added_at: Instant,
    pub last_used_at: Option<Instant>,
}

impl PasskeyRow {
    /// See [`fingerprint_of`].
    pub fn fingerprint(&self) -> String {
        fingerprint_of(&self.public_key)
    }
}

/// The passkeys of an account that were not removed, newest first, each with its name unless that was erased.
///
/// # Errors
/// Those of the database.
pub fn of_person(conn: &mut Connection, person: Id) -> Result<Vec<(PasskeyRow, Option<String>)>> {
    Ok(passkey::table
        .left_join(passkey_name::table)
        .filter(passkey::person_id.eq(person))
        .filter(passkey::removed_at.is_null())
        .order(passkey::id.desc())
        .select((PasskeyRow::as_select(), passkey_name::name.nullable()))
        .load(conn)?)
}

/// The passkeys of the open accounts of an agency, each with whose it is.
///
/// # Errors
/// Those of the database.
pub fn of_agency(conn: &mut Connection, agency: Id) -> Result<Vec<(String, PasskeyRow)>> {
    Ok(passkey::table
        .inner_join(person::table)
        .filter(person::agency_id.eq(agency))
        .filter(person::disabled_at.is_null())
        .filter(passkey::removed_at.is_null())
        .order((person::id, passkey::id))
        .select((person::name, PasskeyRow::as_select()))
        .load(conn)?)
}

/// The credentials of an account's passkeys.
///
/// # Errors
/// Those of the database.
pub fn credentials(conn: &mut Connection, person: Id) -> Result<Vec<Vec<u8>>> {
    Ok(passkey::table
        .filter(passkey::person_id.eq(person))
        .filter(passkey::removed_at.is_null())
        .order(passkey::id)
        .select(passkey::credential_id)
        .load(conn)?)
}

/// A passkey of an account by its credential, with its name unless that was erased.
///
/// # Errors
/// Those of the database.
pub(super) fn by_credential(
    conn: &mut Connection,
    person: Id,
    credential: &[u8],
) -> Result<Option<(PasskeyRow, Option<String>)>> {
    Ok(passkey::table
        .left_join(passkey_name::table)
        .filter(passkey::credential_id.eq(credential))
        .filter(passkey::person_id.eq(person))
        .filter(passkey::removed_at.is_null())
        .select((PasskeyRow::as_select(), passkey_name::name.nullable()))
        .first(conn)
        .optional()?)
}

/// Whether any account has, or had, a passkey of this credential.
///
/// # Errors
/// Those of the database.
pub(super) fn is_known(conn: &mut Connection, credential: &[u8]) -> Result<bool> {
    let known = passkey::table.filter(passkey::credential_id.eq(credential));
    Ok(diesel::select(diesel::dsl::exists(known)).get_result(conn)?)
}

/// Writes a new passkey.
///
/// # Errors
/// Those of the database.
pub(super) fn insert(tx: &mut Tx<'_>, id: Id, person: Id, new: &Registered, name: &str) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(passkey::table)
        .values((
            passkey::id.eq(id),
            passkey::person_id.eq(person),
            passkey::credential_id.eq(&new.credential),
            passkey::algorithm.eq(new.key.algorithm().as_str()),
            passkey::public_key.eq(new.key.der()),
            passkey::sign_count.eq(i64::from(new.count)),
            passkey::added_at.eq(now),
        ))
        .execute(tx.conn())?;
    diesel::insert_into(passkey_name::table)
        .values((passkey_name::passkey_id.eq(id), passkey_name::name.eq(name)))
        .execute(tx.conn())?;
    Ok(())
}

/// Removes a passkey of an account; its fingerprint. `None`: there is none such.
///
/// # Errors
/// Those of the database.
pub(super) fn remove(tx: &mut Tx<'_>, person: Id, id: Id) -> Result<Option<String>> {
    let now = tx.now();
    let mine = || {
        passkey::table.find(id).filter(passkey::person_id.eq(person)).filter(passkey::removed_at.is_null())
    };
    let row: Option<PasskeyRow> = mine().select(PasskeyRow::as_select()).first(tx.conn()).optional()?;
    diesel::update(mine()).set(passkey::removed_at.eq(now)).execute(tx.conn())?;
    Ok(row.map(|row| row.fingerprint()))
}

/// Removes every passkey of an account; each with its fingerprint.
///
/// # Errors
/// Those of the database.
pub(super) fn remove_all(tx: &mut Tx<'_>, person: Id) -> Result<Vec<(Id, String)>> {
    let now = tx.now();
    let theirs =
        || passkey::table.filter(passkey::person_id.eq(person)).filter(passkey::removed_at.is_null());
    let rows: Vec<PasskeyRow> = theirs().select(PasskeyRow::as_select()).load(tx.conn())?;
    diesel::update(theirs()).set(passkey::removed_at.eq(now)).execute(tx.conn())?;
    Ok(rows.into_iter().map(|row| (row.id, row.fingerprint())).collect())
}

/// Notes that a passkey signed, and how often it says that it has.
///
/// # Errors
/// Those of the database.
pub(super) fn note_use(tx: &mut Tx<'_>, id: Id, count: u32) -> Result<()> {
    let now = tx.now();
    diesel::update(passkey::table.find(id))
        .set((passkey::sign_count.eq(i64::from(count)), passkey::last_used_at.eq(now)))
        .execute(tx.conn())?;
    Ok(())
}

/// What an account was asked about something.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = passkey_challenge)]
pub(super) struct Challenge {
    pub challenge: Vec<u8>,
    /// When it was asked last, or shown.
    pub issued_at: Instant,
    /// When the statement was shown that it is of; `None`: it is for a new passkey.
    pub shown_at: Option<Instant>,
}

/// Keeps what an account is asked about something, in the place of what it was asked about it before, and forgets what was
/// asked before `stale`.
///
/// # Errors
/// Those of the database.
pub(super) fn put_challenge(
    tx: &mut Tx<'_>,
    (person, about): (Id, Id),
    (challenge, shown_at): (&[u8], Option<Instant>),
    stale: Instant,
) -> Result<()> {
    let now = tx.now();
    let old = passkey_challenge::table
        .filter(passkey_challenge::person_id.eq(person))
        .filter(passkey_challenge::about.eq(about).or(passkey_challenge::issued_at.lt(stale)));
    diesel::delete(old).execute(tx.conn())?;
    diesel::insert_into(passkey_challenge::table)
        .values((
            passkey_challenge::id.eq(Id::new()),
            passkey_challenge::person_id.eq(person),
            passkey_challenge::about.eq(about),
            passkey_challenge::challenge.eq(challenge),
            passkey_challenge::issued_at.eq(now),
            passkey_challenge::shown_at.eq(shown_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// What an account was asked about something.
///
/// # Errors
/// Those of the database.
pub(super) fn challenge(conn: &mut Connection, (person, about): (Id, Id)) -> Result<Option<Challenge>> {
    Ok(passkey_challenge::table
        .filter(passkey_challenge::person_id.eq(person))
        .filter(passkey_challenge::about.eq(about))
        .select(Challenge::as_select())
        .first(conn)
        .optional()?)
}

/// Notes that an account is asked now what it was shown before.
///
/// # Errors
/// Those of the database.
pub(super) fn note_asked(tx: &mut Tx<'_>, (person, about): (Id, Id)) -> Result<()> {
    let now = tx.now();
    let asked = passkey_challenge::table
        .filter(passkey_challenge::person_id.eq(person))
        .filter(passkey_challenge::about.eq(about));
    diesel::update(asked).set(passkey_challenge::issued_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// What an account was asked about something; it can't be answered again.
///
/// # Errors
/// Those of the database.
pub(super) fn take_challenge(tx: &mut Tx<'_>, (person, about): (Id, Id)) -> Result<Option<Challenge>> {
    let found = challenge(tx.conn(), (person, about))?;
    let asked = passkey_challenge::table
        .filter(passkey_challenge::person_id.eq(person))
        .filter(passkey_challenge::about.eq(about));
    diesel::delete(asked).execute(tx.conn())?;
    Ok(found)
}
