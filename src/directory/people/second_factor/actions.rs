//! Setting up, showing, renewing and taking away a second factor.

use super::{
    model::{self, Worth},
    store,
};
use crate::{
    audit::{self, Entry},
    directory::people::{
        actions,
        model::Actor,
        proof::Proven,
        refusals,
        sign_in::attempts::{self, Key, Reserved},
    },
    platform::{
        db::{Id, Tx},
        error::{AppError, Result},
        keys::MasterKey,
        services::Services,
    },
};

fn wrong() -> AppError {
    AppError::field("code", refusals::WRONG_CODE)
}

/// The step of a code of the app.
fn step(worth: Worth) -> Result<i64> {
    match worth {
        Worth::Step(step) => Ok(step),
        Worth::Used => Err(AppError::field("code", refusals::USED_CODE)),
        Worth::Wrong => Err(wrong()),
    }
}

/// One limited attempt at an account's second factor, written down before it is looked at.
pub struct Attempt {
    person: Id,
    username: String,
    secret: Vec<u8>,
    reserved: Reserved,
}

/// Begins an attempt at the second factor of `actor`.
///
/// # Errors
/// `TooMany` with the seconds to wait; `Invalid` for an account without a confirmed one.
pub async fn attempt(services: &Services, actor: &Actor) -> Result<Attempt> {
    let (person, username) = (actor.id, actor.username.clone());
    let reserved = services.db.write_quiet(move |tx| attempts::reserve(tx, &[Key::factor(person)])).await?;
    let row = services.db.read(move |conn| store::find(conn, person)).await?;
    let row = row.filter(|row| row.confirmed_at.is_some()).ok_or_else(wrong)?;
    let secret = services.master.unwrap(&row.wrapped_secret).map_err(AppError::internal)?.to_vec();
    Ok(Attempt { person, username, secret, reserved })
}

/// Does an act that takes the second factor anew: one limited attempt, which `act` confirms in the transaction of the
/// act itself. A wrong code is on record as `attempted`, and so are the tries while the account has to wait. Whoever
/// sends a code that was good a moment ago has the app, so that is no failed attempt; it is on record all the same. Nor is
/// the second press of a form that has acted: its code is not looked at.
///
/// # Errors
/// As [`attempt`]; those of `act`.
pub async fn step_up<T: Send + 'static>(
    services: &Services,
    actor: &Actor,
    attempted: Entry,
    act: impl FnOnce(&mut Tx<'_>, &Attempt) -> Result<T> + Send + 'static,
) -> Result<T> {
    let done = match attempt(services, actor).await {
        Ok(attempt) => {
            let (reserved, session) = (attempt.reserved.clone(), actor.session);
            let act = move |tx: &mut Tx<'_>| -> Result<T> {
                let done = act(tx, &attempt)?;
                if let Some(id) = session {
                    actions::note_proof(tx, id)?;
                }
                Ok(done)
            };
            let done = services.db.write(actor.origin(), act).await;
            let is_no_try = |e: &AppError| refusals::is_used_code(e) || matches!(e, AppError::Elsewhere(_));
            if done.as_ref().is_err_and(is_no_try) {
                services.db.write_quiet(move |tx| attempts::forget(tx, &reserved)).await?;
            }
            done
        }
        Err(e) => Err(e),
    };
    if let Err(error) = &done {
        refusals::note_wrong_proof(services, actor.origin(), attempted, error).await?;
    }
    done
}

/// Accepts `code` (of the app, or a recovery code) and uses it up, in the transaction of the act that needs it.
/// Returns how: `totp` or `recovery`.
///
/// # Errors
/// `Invalid` beside the field `code`.
pub fn confirm_second_factor(tx: &mut Tx<'_>, attempt: &Attempt, code: &str) -> Result<&'static str> {
    let method = if model::is_app_code(code) {
        let row = store::find(tx.conn(), attempt.person)?.ok_or_else(wrong)?;
        let totp = model::totp(&attempt.secret, &attempt.username)?;
        let step = step(model::worth_of(&totp, code, tx.now(), row.last_step))?;
        store::set_last_step(tx, attempt.person, step)?;
        "totp"
    } else {
        if !store::use_code(tx, attempt.person, code)? {
            return Err(wrong());
        }
        "recovery"
    };
    attempts::succeed(tx, &attempt.reserved)?;
    Ok(method)
}

/// Completes the login of `actor`; returns the session's new secret for the cookie.
///
/// # Errors
/// As [`attempt`] and [`confirm_second_factor`].
pub async fn strengthen(services: &Services, actor: &Actor, code: String) -> Result<String> {
    let (person, session) = (actor.id, actor.session);
    let attempted = Entry::refused("session.strengthen").object("person", person);
    let act = move |tx: &mut Tx<'_>, attempt: &Attempt| {
        let method = confirm_second_factor(tx, attempt, &code)?;
        let session = session.ok_or(AppError::NotFound)?;
        let secret = actions::strengthen_session(tx, session)?;
        let entry = Entry::new("session.strengthen").object("person", person).object("session", session);
        audit::record(tx, entry.fact("method", method))?;
        Ok(secret)
    };
    step_up(services, actor, attempted, act).await
}

/// The secret of an account that is setting up its second factor; the first call makes it.
///
/// # Errors
/// `Conflict` for an account that has one already.
pub async fn pending_secret(services: &Services, person: Id) -> Result<Vec<u8>> {
    let master = services.master.clone();
    services
        .db
        .write_quiet(move |tx| match store::find(tx.conn(), person)? {
            Some(row) if row.confirmed_at.is_some() => Err(AppError::Conflict("conflict-factor-known")),
            Some(row) => Ok(master.unwrap(&row.wrapped_secret).map_err(AppError::internal)?.to_vec()),
            None => {
                let secret = model::new_secret();
                store::insert(tx, person, &master.wrap(&secret).map_err(AppError::internal)?)?;
                Ok(secret.to_vec())
            }
        })
        .await
}

/// Confirms the secret being set up by a first code. Returns the recovery codes, to be shown once, and the session's
/// new secret.
///
/// # Errors
/// `Invalid` beside `code`.
pub fn confirm_set_up(
    tx: &mut Tx<'_>,
    actor: &Actor,
    by: &Proven,
    secret: &[u8],
    code: &str,
) -> Result<(Vec<String>, Option<String>)> {
    by.of("second-factor.set-up")?;
    let row = store::find(tx.conn(), actor.id)?.ok_or_else(wrong)?;
    if row.confirmed_at.is_some() {
        return Err(AppError::Conflict("conflict-factor-known"));
    }
    let totp = model::totp(secret, &actor.username)?;
    let step = step(model::worth_of(&totp, code, tx.now(), row.last_step))?;
    store::set_confirmed(tx, actor.id, step)?;
    let codes = store::replace_codes(tx, actor.id)?;
    let session = actor.session.map(|id| actions::strengthen_session(tx, id)).transpose()?;
    audit::record(tx, Entry::new("second-factor.set-up").object("person", actor.id))?;
    Ok((codes, session))
}

/// Sets up a second factor whose secret is known beforehand, for demonstration data and tests.
///
/// # Errors
/// Those of the database and the key.
pub fn set_up_known(tx: &mut Tx<'_>, master: &MasterKey, person: Id, secret: &[u8]) -> Result<()> {
    store::insert(tx, person, &master.wrap(secret).map_err(AppError::internal)?)?;
    store::set_confirmed(tx, person, 0)?;
    audit::record(tx, Entry::new("second-factor.set-up").object("person", person))?;
    Ok(())
}

/// Takes the second factor of `person` away, with its recovery codes and the tokens that rest on it.
///
/// # Errors
/// Those of the database.
pub fn remove(tx: &mut Tx<'_>, person: Id) -> Result<()> {
    remove_with(tx, person, Entry::new("second-factor.remove").object("person", person))
}

/// As [`remove`], with an entry that says what else goes.
///
/// # Errors
/// Those of the database.
pub fn remove_with(tx: &mut Tx<'_>, person: Id, entry: Entry) -> Result<()> {
    store::delete(tx, person)?;
    crate::directory::people::token::revoke_all(tx, person)?;
    audit::record(tx, entry).map(|_| ())
}

/// New recovery codes in the place of those before.
///
/// # Errors
/// `Invalid` beside `code`.
pub fn renew_codes(tx: &mut Tx<'_>, attempt: &Attempt, code: &str) -> Result<Vec<String>> {
    let method = confirm_second_factor(tx, attempt, code)?;
    let codes = store::replace_codes(tx, attempt.person)?;
    let entry = Entry::new("second-factor.renew-codes").object("person", attempt.person);
    audit::record(tx, entry.fact("method", method))?;
    Ok(codes)
}
