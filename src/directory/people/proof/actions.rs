//! When somebody has to show again who they are, and taking it.

use super::FIELD;
use crate::{
    audit::{self, Entry},
    directory::people::{
        actions as sessions,
        model::Actor,
        password, policy, refusals, second_factor,
        sign_in::attempts::{self, Key},
        store,
    },
    platform::{
        db::{Id, Instant, Tx, blocking},
        error::{AppError, Plain, Result},
        services::Services,
    },
};

/// Somebody who showed a moment ago who they are, and for what act.
#[derive(Clone, Copy, Debug)]
pub struct Proven {
    who: Id,
    verb: &'static str,
    at: Instant,
}

impl Proven {
    /// Whose proof it is.
    pub fn who(&self) -> Id {
        self.who
    }

    /// When they showed it.
    pub fn at(&self) -> Instant {
        self.at
    }

    /// That it was given for this act, and no other.
    ///
    /// # Errors
    /// `Internal`: a handler asks for one act and does another.
    pub fn of(&self, verb: &str) -> Result<Id> {
        if self.verb == verb {
            Ok(self.who)
        } else {
            Err(AppError::internal(Plain(format!("a proof for {} is none for {verb}", self.verb))))
        }
    }
}

/// Whether somebody has to show (again) who they are.
pub fn is_due(me: &Actor, now: Instant) -> bool {
    me.proved_at.is_none_or(|at| now.seconds_since(at) >= policy::FRESH)
}

/// The proof of somebody who needs not be asked; `None`: they have to.
///
/// # Errors
/// `Internal` for an act that is not declared as dangerous.
pub(super) fn recent(me: &Actor, verb: &'static str, now: Instant) -> Result<Option<Proven>> {
    if !policy::DANGEROUS.contains(&verb) {
        return Err(AppError::internal(Plain(format!("{verb} is not declared as dangerous"))));
    }
    let shown = me.proved_at.filter(|_| !is_due(me, now));
    Ok(shown.map(|at| Proven { who: me.id, verb, at }))
}

fn record(tx: &mut Tx<'_>, me: &Actor, method: &'static str) -> Result<()> {
    let session = me.session.ok_or(AppError::NotFound)?;
    sessions::note_proof(tx, session)?;
    let entry = Entry::new("session.prove").object("person", me.id).object("session", session);
    audit::record(tx, entry.fact("method", method)).map(|_| ())
}

/// Takes the code of the app or a recovery code, or the password of an account without a second factor: one limited
/// attempt, on record however it ends.
///
/// # Errors
/// `Invalid` beside [`FIELD`]; `TooMany`; those of the database.
pub(super) async fn take(services: &Services, me: &Actor, typed: String) -> Result<()> {
    // The form's word is for the act that follows.
    let me = Actor { once: None, ..me.clone() };
    let attempted = Entry::refused("session.prove").object("person", me.id);
    let done = if me.has_second_factor {
        let actor = me.clone();
        let act = move |tx: &mut Tx<'_>, attempt: &second_factor::Attempt| {
            let method = second_factor::confirm_second_factor(tx, attempt, &typed)?;
            record(tx, &actor, method)
        };
        second_factor::step_up(services, &me, attempted, act).await
    } else {
        let done = by_password(services, &me, typed).await;
        if let Err(error) = &done {
            refusals::note_wrong_proof(services, me.origin(), attempted, error).await?;
        }
        done
    };
    done.map_err(beside)
}

async fn by_password(services: &Services, me: &Actor, typed: String) -> Result<()> {
    let key = Key::account(&me.username);
    let reserved = services.db.write_quiet(move |tx| attempts::reserve(tx, &[key])).await?;
    let id = me.id;
    let stored = services.db.read(move |conn| store::by_id(conn, id)).await?.password_hash;
    if !blocking(move || Ok(password::verify(&typed, Some(&stored)))).await? {
        return Err(AppError::field(FIELD, refusals::WRONG_PASSWORD));
    }
    let actor = me.clone();
    services
        .db
        .write(me.origin(), move |tx| {
            attempts::succeed(tx, &reserved)?;
            record(tx, &actor, "password")
        })
        .await
}

/// A fault of the code stands beside the field that it was typed into.
fn beside(error: AppError) -> AppError {
    match error {
        AppError::Invalid(mut fields) => {
            fields.iter_mut().for_each(|one| one.field = FIELD.into());
            AppError::Invalid(fields)
        }
        other => other,
    }
}
