//! Changing one's own account.

use diesel::prelude::*;

use crate::{
    audit::{self, Entry},
    directory::people::{
        actions, invitation,
        model::{self, Actor},
        proof::Proven,
        store, token,
    },
    platform::{
        db::{Id, Tx, schema::person},
        error::{AppError, Plain, Result},
        i18n::Lang,
        time::{ClockStyle, DateStyle},
    },
};

/// What one may change about oneself.
#[derive(Clone, Debug)]
pub struct Profile {
    pub name: String,
    pub email: String,
    pub lang: Lang,
    pub days: DateStyle,
    pub clock: ClockStyle,
}

impl Profile {
    /// Whether the address is another one than the account has: whether that is free is answered only so often.
    pub fn has_new_email(&self, me: &Actor) -> bool {
        model::email(&self.email) != model::email(&me.email)
    }
}

/// Saves the profile.
///
/// # Errors
/// `Invalid` for an address that is another account's, or of somebody who is invited, which is not told apart; `Internal`
/// for another address without a proof, because links for a new password go there; those of the database.
pub fn save(tx: &mut Tx<'_>, me: &Actor, proven: Option<&Proven>, profile: Profile) -> Result<()> {
    let by = proven.map(|proven| proven.of("person.change")).transpose()?;
    if profile.has_new_email(me) && by != Some(me.id) {
        return Err(AppError::internal(Plain("another address without a proof".into())));
    }
    let profile = Profile { email: model::email(&profile.email), ..profile };
    let now = tx.now();
    let is_taken = store::has_email(tx.conn(), &profile.email, Some(me.id))?
        || (profile.has_new_email(me) && invitation::is_open_for(tx.conn(), &profile.email, now)?);
    if is_taken {
        return Err(AppError::field("email", actions::EMAIL_NOT_FREE));
    }
    diesel::update(person::table.find(me.id))
        .set((
            person::name.eq(&profile.name),
            person::email.eq(&profile.email),
            person::date_style.eq(profile.days.as_str()),
            person::clock_style.eq(profile.clock.as_str()),
        ))
        .execute(tx.conn())?;
    actions::choose_language(tx, me.id, me.session, profile.lang)?;
    let entry = Entry::new("person.change").object("person", me.id).fact("language", profile.lang.tag());
    audit::record(tx, entry.private("name", profile.name).private("email", profile.email))?;
    Ok(())
}

/// Switches keys pressed alone on or off.
///
/// # Errors
/// Those of the database.
pub fn set_single_keys(tx: &mut Tx<'_>, me: &Actor, on: bool) -> Result<()> {
    diesel::update(person::table.find(me.id)).set(person::single_keys.eq(on)).execute(tx.conn())?;
    audit::record(tx, Entry::new("person.change").object("person", me.id).fact("single_keys", on))?;
    Ok(())
}

/// Sets a password (already hashed) and ends the account's sessions but `keep`. Where there is none to keep, it is not
/// the account's owner who acts from within, and nobody knows what became of the old password: API tokens end as well.
///
/// # Errors
/// Those of the database.
pub fn set_password(tx: &mut Tx<'_>, id: Id, hash: &str, must_change: bool, keep: Option<Id>) -> Result<()> {
    let now = tx.now();
    diesel::update(person::table.find(id))
        .set((
            person::password_hash.eq(hash),
            person::password_changed_at.eq(now),
            person::must_change.eq(must_change),
        ))
        .execute(tx.conn())?;
    let ended = actions::end_sessions(tx, id, keep)?;
    let mut entry = Entry::new("person.set-password").object("person", id).fact("sessions_ended", ended);
    if keep.is_none() {
        let tokens = token::revoke_all(tx, id)?;
        entry = entry.fact("tokens", tokens.len()).objects("token", tokens);
    }
    audit::record(tx, entry)?;
    Ok(())
}

/// Ends all sessions of `me` but this one.
///
/// # Errors
/// Those of the database.
pub fn end_others(tx: &mut Tx<'_>, me: &Actor) -> Result<()> {
    let ended = actions::end_sessions(tx, me.id, me.session)?;
    audit::record(tx, Entry::new("session.end-others").object("person", me.id).fact("sessions", ended))?;
    Ok(())
}
