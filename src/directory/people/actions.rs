//! Making accounts and opening sessions.

use diesel::prelude::*;

use super::{
    model::{self, Role, Side},
    session, store,
};
use crate::{
    audit::{self, Entry},
    platform::{
        db::{
            Connection, Id, Tx,
            schema::{person, person_role, session as sessions},
        },
        error::{AppError, FieldError, Result},
        i18n::Lang,
    },
};

/// Beside the address that is another account's, for those who may know that there is one.
pub const EMAIL_TAKEN: &str = "error-email-taken";
/// The same for everybody else: who has an account here is nobody's business.
pub const EMAIL_NOT_FREE: &str = "error-email-not-free";

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewPerson {
    pub username: String,
    pub name: String,
    pub email: String,
    pub roles: Vec<Role>,
    /// For liaisons, and only for them.
    pub agency_id: Option<Id>,
    pub locale: Lang,
    /// From [`super::password::hash`]; made before the transaction because it takes its time.
    pub password_hash: String,
    pub must_change: bool,
    pub synthetic: bool,
}

/// The one side on which all of `roles` exist.
///
/// # Errors
/// `Invalid` for no role, roles of two sides, or an agency where none belongs.
pub fn side_of(roles: &[Role], agency_id: Option<Id>) -> Result<Side> {
    let Some(first) = roles.first() else { return Err(AppError::field("roles", "error-required")) };
    let side = first.side();
    if roles.iter().any(|role| role.side() != side) {
        return Err(AppError::field("roles", "error-two-sides"));
    }
    if (side == Side::Agency) != agency_id.is_some() {
        return Err(AppError::field("agency", "error-liaison-agency"));
    }
    Ok(side)
}

/// What of a new account another one has already.
///
/// # Errors
/// Those of the database.
pub fn taken(conn: &mut Connection, username: &str, email: &str) -> Result<Vec<FieldError>> {
    let namesakes: i64 = person::table.filter(person::username.eq(username)).count().get_result(conn)?;
    let mut faults = Vec::new();
    if namesakes > 0 {
        faults.push(FieldError::new("username", "error-username-taken"));
    }
    if store::has_email(conn, email, None)? {
        faults.push(FieldError::new("email", EMAIL_TAKEN));
    }
    Ok(faults)
}

/// Makes an account.
///
/// # Errors
/// `Invalid` for a taken name or address, roles of two sides, a liaison without an agency.
pub fn create_person(tx: &mut Tx<'_>, new: NewPerson) -> Result<Id> {
    let side = side_of(&new.roles, new.agency_id)?;
    let taken = taken(tx.conn(), &new.username, &new.email)?;
    if !taken.is_empty() {
        return Err(AppError::Invalid(taken));
    }
    let email = model::email(&new.email);
    let id = Id::new();
    let now = tx.now();
    diesel::insert_into(person::table)
        .values((
            person::id.eq(id),
            person::username.eq(&new.username),
            person::name.eq(&new.name),
            person::email.eq(&email),
            person::side.eq(side.as_str()),
            person::agency_id.eq(new.agency_id),
            person::locale.eq(new.locale.tag()),
            person::password_hash.eq(&new.password_hash),
            person::password_changed_at.eq(now),
            person::must_change.eq(new.must_change),
            person::created_at.eq(now),
            person::synthetic.eq(new.synthetic),
        ))
        .execute(tx.conn())?;
    for role in &new.roles {
        diesel::insert_into(person_role::table)
            .values((person_role::person_id.eq(id), person_role::role.eq(role.as_str())))
            .execute(tx.conn())?;
    }
    let roles: Vec<&str> = new.roles.iter().map(|r| r.as_str()).collect();
    let mut entry =
        Entry::new("person.create").object("person", id).fact("roles", roles).fact("side", side.as_str());
    if let Some(agency_id) = new.agency_id {
        entry = entry.object("agency", agency_id);
    }
    audit::record(tx, entry.private("username", new.username).private("name", new.name))?;
    Ok(id)
}

/// Opens a session; returns the secret for the cookie. The caller writes the login into the log.
///
/// # Errors
/// Those of the database.
pub fn open_session(tx: &mut Tx<'_>, person_id: Id, second_factor: bool) -> Result<(Id, String)> {
    let secret = session::new_secret();
    let id = Id::new();
    let now = tx.now();
    let origin = tx.origin().clone();
    diesel::insert_into(sessions::table)
        .values((
            sessions::id.eq(id),
            sessions::token_hash.eq(&session::hash_of(&secret)[..]),
            sessions::person_id.eq(person_id),
            sessions::created_at.eq(now),
            sessions::last_seen_at.eq(now),
            sessions::user_agent.eq(origin.agent),
            sessions::address.eq(origin.address),
            sessions::second_factor_at.eq(second_factor.then_some(now)),
            sessions::proved_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok((id, secret))
}

/// Ends a session at its own wish.
///
/// # Errors
/// `NotFound` when it is not a live one of `person_id`.
pub fn end_session(tx: &mut Tx<'_>, person_id: Id, id: Id) -> Result<()> {
    let now = tx.now();
    let mine = sessions::table
        .find(id)
        .filter(sessions::person_id.eq(person_id))
        .filter(sessions::ended_at.is_null());
    if diesel::update(mine).set(sessions::ended_at.eq(now)).execute(tx.conn())? == 0 {
        return Err(AppError::NotFound);
    }
    audit::record(tx, Entry::new("session.end").object("person", person_id).object("session", id))?;
    Ok(())
}

/// Ends every session of an account but `except`, as part of an act that is on record itself; returns how many.
///
/// # Errors
/// Those of the database.
pub fn end_sessions(tx: &mut Tx<'_>, person_id: Id, except: Option<Id>) -> Result<usize> {
    let now = tx.now();
    let live = sessions::table.filter(sessions::person_id.eq(person_id)).filter(sessions::ended_at.is_null());
    let ended = match except {
        None => diesel::update(live).set(sessions::ended_at.eq(now)).execute(tx.conn())?,
        Some(id) => diesel::update(live.filter(sessions::id.ne(id)))
            .set(sessions::ended_at.eq(now))
            .execute(tx.conn())?,
    };
    Ok(ended)
}

/// The second factor was shown in this session; it gets a new secret, so that one taken before is worth nothing.
///
/// # Errors
/// Those of the database.
pub fn strengthen_session(tx: &mut Tx<'_>, id: Id) -> Result<String> {
    let secret = session::new_secret();
    let now = tx.now();
    diesel::update(sessions::table.find(id))
        .set((
            sessions::token_hash.eq(&session::hash_of(&secret)[..]),
            sessions::second_factor_at.eq(now),
            sessions::proved_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(secret)
}

/// Whoever uses the session showed just now who they are.
///
/// # Errors
/// Those of the database.
pub fn note_proof(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    let now = tx.now();
    diesel::update(sessions::table.find(id)).set(sessions::proved_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// Keeps the language that somebody chose: in the account, so that letters are in it too, and in the session, which may have
/// begun in another. Part of an act that tells it.
///
/// # Errors
/// Those of the database.
pub fn choose_language(tx: &mut Tx<'_>, id: Id, session: Option<Id>, lang: Lang) -> Result<()> {
    diesel::update(person::table.find(id)).set(person::locale.eq(lang.tag())).execute(tx.conn())?;
    note_language(tx, Some(id), session, lang)
}

/// Gives one's own account another language by itself.
///
/// # Errors
/// Those of the database.
pub fn change_language(tx: &mut Tx<'_>, id: Id, session: Option<Id>, lang: Lang) -> Result<()> {
    choose_language(tx, id, session, lang)?;
    let entry = Entry::new("person.change").object("person", id).fact("language", lang.tag());
    audit::record(tx, entry)?;
    Ok(())
}

/// Remembers the language of a session, and that it was chosen which the account has already: bookkeeping, as a session's last
/// use is. `account`: whose it is, where they showed all that they have to.
///
/// # Errors
/// Those of the database.
pub fn note_language(tx: &mut Tx<'_>, account: Option<Id>, session: Option<Id>, lang: Lang) -> Result<()> {
    if let Some(id) = account {
        diesel::update(person::table.find(id)).set(person::locale_chosen.eq(true)).execute(tx.conn())?;
    }
    session.map_or(Ok(()), |session| set_session_language(tx, session, lang))
}

/// Remembers the language of a session.
///
/// # Errors
/// Those of the database.
pub fn set_session_language(tx: &mut Tx<'_>, id: Id, lang: Lang) -> Result<()> {
    diesel::update(sessions::table.find(id)).set(sessions::locale.eq(lang.tag())).execute(tx.conn())?;
    Ok(())
}
