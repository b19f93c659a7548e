//! Inviting, sending again, revoking, accepting.

use super::store::{self, InvitationRow};
use crate::{
    audit::{self, Entry},
    directory::people::{
        account::set_password,
        actions::{self, NewPerson, side_of},
        model::{self, Role},
        proof::Proven,
        session,
        sign_in::person_origin,
        store as people, token,
    },
    platform::{
        db::{Connection, Id, Instant, Tx},
        error::{AppError, FieldError, Result},
        i18n::{self, Lang},
        notice::{self, Notice},
        paths,
    },
};

/// How long an invitation holds, in days.
pub const DAYS: i64 = 7;
/// How long the link for a new password holds, in hours.
pub const RESET_HOURS: i64 = 24;

/// Whom to invite.
#[derive(Clone, Debug)]
pub struct Invite {
    pub email: String,
    pub name: String,
    pub roles: Vec<Role>,
    /// For liaisons, and only for them.
    pub agency_id: Option<Id>,
    pub lang: Lang,
}

fn role_words(roles: &[Role]) -> String {
    roles.iter().map(|r| r.as_str()).collect::<Vec<_>>().join(" ")
}

fn send(tx: &mut Tx<'_>, row: &InvitationRow, secret: &str) -> Result<()> {
    let lang = row.lang();
    let roles: Vec<String> = row.roles().iter().map(|role| i18n::t(lang, &format!("role-{role}"))).collect();
    let letter = Notice::new("invitation", &row.email, lang)
        .param("name", &row.name)
        .param("role", roles.join(&lang.comma()))
        .param("days", DAYS)
        .link(paths::invitation(secret))
        .about("invitation", row.id);
    notice::queue(tx, letter).map(|_| ())
}

/// Why nobody can be invited at an address: it is an account's, or invited already.
///
/// # Errors
/// Those of the database.
pub fn address_fault(conn: &mut Connection, email: &str, now: Instant) -> Result<Option<FieldError>> {
    if people::has_email(conn, email, None)? {
        return Ok(Some(FieldError::new("email", actions::EMAIL_TAKEN)));
    }
    let is_invited = store::is_open_for(conn, email, now)?;
    Ok(is_invited.then(|| FieldError::new("email", "error-invited-already")))
}

/// Invites somebody by e-mail.
///
/// # Errors
/// `Invalid` for roles of two sides, a liaison without an agency, an address that is an account's or invited already.
pub fn invite(tx: &mut Tx<'_>, by: &Proven, who: Invite) -> Result<Id> {
    let by = by.of("invitation.create")?;
    let side = side_of(&who.roles, who.agency_id)?;
    let now = tx.now();
    if let Some(fault) = address_fault(tx.conn(), &who.email, now)? {
        return Err(AppError::Invalid(vec![fault]));
    }
    let secret = session::new_secret();
    let row = InvitationRow {
        id: Id::new(),
        email: model::email(&who.email),
        name: who.name,
        side: side.as_str().into(),
        agency_id: who.agency_id,
        roles: role_words(&who.roles),
        locale: who.lang.tag().into(),
        invited_by: Some(by),
        created_at: now,
        expires_at: now.plus_seconds(DAYS * 86_400),
        used_at: None,
        revoked_at: None,
        person_id: None,
    };
    store::insert(tx, &row, &session::hash_of(&secret))?;
    send(tx, &row, &secret)?;
    let roles: Vec<&str> = who.roles.iter().map(|r| r.as_str()).collect();
    let mut entry = Entry::new("invitation.create").object("invitation", row.id).fact("roles", roles);
    if let Some(agency) = who.agency_id {
        entry = entry.object("agency", agency);
    }
    audit::record(tx, entry.private("name", row.name).private("email", row.email))?;
    Ok(row.id)
}

fn unused(tx: &mut Tx<'_>, id: Id) -> Result<InvitationRow> {
    let row = store::find(tx.conn(), id)?;
    if row.used_at.is_some() || row.revoked_at.is_some() || row.person_id.is_some() || row.email.is_empty() {
        return Err(AppError::Conflict("conflict-invitation-over"));
    }
    Ok(row)
}

/// Sends an invitation again, with a new link; the one before is worth nothing.
///
/// # Errors
/// `NotFound`; `Conflict` for one that was used or revoked, or whose address is an account's by now.
pub fn resend(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    let row = unused(tx, id)?;
    if people::has_email(tx.conn(), &row.email, None)? {
        return Err(AppError::Conflict("conflict-email-taken"));
    }
    let secret = session::new_secret();
    let end = tx.now().plus_seconds(DAYS * 86_400);
    store::renew(tx, id, &session::hash_of(&secret), end)?;
    send(tx, &row, &secret)?;
    audit::record(tx, Entry::new("invitation.resend").object("invitation", id))?;
    Ok(())
}

/// Takes an invitation back.
///
/// # Errors
/// As [`resend`].
pub fn revoke(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    unused(tx, id)?;
    store::set_revoked(tx, id)?;
    audit::record(tx, Entry::new("invitation.revoke").object("invitation", id))?;
    Ok(())
}

/// Sends an account a link for a new password. The old password holds until the link is used; API tokens end at once,
/// because they would outlive it. `by`: nobody when the machine itself acts.
///
/// # Errors
/// `NotFound`; `Conflict` for a closed account.
pub fn reset_password(tx: &mut Tx<'_>, by: Option<&Proven>, person: Id) -> Result<()> {
    let by = by.map(|proven| proven.of("person.reset-password")).transpose()?;
    let row = people::by_id(tx.conn(), person)?;
    if row.disabled_at.is_some() {
        return Err(AppError::Conflict("conflict-person-disabled"));
    }
    store::revoke_resets(tx, person)?;
    let secret = session::new_secret();
    let now = tx.now();
    let reset = InvitationRow {
        id: Id::new(),
        email: row.email.clone(),
        name: row.name.clone(),
        side: row.side,
        agency_id: row.agency_id,
        roles: String::new(),
        locale: row.locale,
        invited_by: by,
        created_at: now,
        expires_at: now.plus_seconds(RESET_HOURS * 3600),
        used_at: None,
        revoked_at: None,
        person_id: Some(person),
    };
    store::insert(tx, &reset, &session::hash_of(&secret))?;
    let letter = Notice::new("password-reset", &reset.email, reset.lang())
        .param("name", &reset.name)
        .param("hours", RESET_HOURS)
        .link(paths::invitation(&secret))
        .about("person", person);
    notice::queue(tx, letter)?;
    let tokens = token::revoke_all(tx, person)?;
    let entry = Entry::new("person.reset-password").object("person", person);
    audit::record(tx, entry.fact("tokens", tokens.len()).objects("token", tokens))?;
    Ok(())
}

/// What somebody with a link chose.
#[derive(Clone, Debug)]
pub struct Choice {
    pub username: String,
    pub name: String,
    pub email: String,
    pub password_hash: String,
    /// The language of the page on which they chose.
    pub lang: Lang,
}

/// Somebody with a link is nobody here yet, and is not told who has an account.
fn discreet(mut faults: Vec<FieldError>) -> Vec<FieldError> {
    for one in faults.iter_mut().filter(|one| one.code == actions::EMAIL_TAKEN) {
        one.code = actions::EMAIL_NOT_FREE;
    }
    faults
}

/// What somebody with a link chose that is not to be had.
///
/// # Errors
/// Those of the database.
pub fn not_free(conn: &mut Connection, username: &str, email: &str) -> Result<Vec<FieldError>> {
    actions::taken(conn, username, email).map(discreet)
}

/// Uses a link: makes the account, or sets the password; opens a session. Returns its secret for the cookie.
///
/// # Errors
/// `NotFound` for a link that is over; `Invalid` for a taken name or address.
pub fn accept(tx: &mut Tx<'_>, token_hash: &[u8], choice: Choice) -> Result<String> {
    let now = tx.now();
    let row = store::open_by_hash(tx.conn(), token_hash, now)?;
    let from = tx.origin().clone();
    let person = match row.person_id {
        Some(person) => {
            tx.act_as(person_origin(person, &from));
            if people::by_id(tx.conn(), person)?.disabled_at.is_some() {
                return Err(AppError::NotFound);
            }
            set_password(tx, person, &choice.password_hash, false, None)?;
            person
        }
        None => {
            let made = actions::create_person(
                tx,
                NewPerson {
                    username: choice.username,
                    name: choice.name,
                    email: choice.email,
                    roles: row.roles(),
                    agency_id: row.agency_id,
                    locale: choice.lang,
                    password_hash: choice.password_hash,
                    must_change: false,
                    synthetic: false,
                },
            );
            let person = made.map_err(|error| match error {
                AppError::Invalid(faults) => AppError::Invalid(discreet(faults)),
                other => other,
            })?;
            actions::choose_language(tx, person, None, choice.lang)?;
            tx.act_as(person_origin(person, &from));
            person
        }
    };
    store::set_used(tx, row.id, person)?;
    audit::record(tx, Entry::new("invitation.accept").object("invitation", row.id).object("person", person))?;
    let (session, secret) = actions::open_session(tx, person, false)?;
    audit::record(tx, Entry::new("session.open").object("person", person).object("session", session))?;
    Ok(secret)
}
