//! From a name and a password to a session.

use super::{
    attempts::{self, Key},
    model,
};
use crate::{
    audit::{self, Entry},
    directory::people::{actions, password, refusals, store},
    platform::{
        db::{Id, Origin, blocking},
        error::{AppError, Result},
        http::peer,
        i18n::Lang,
        services::Services,
    },
};

/// Somebody whose account is not known (yet).
pub fn stranger(address: String, agent: String) -> Origin {
    Origin { kind: "user", actor_id: None, actor_name: "unknown".into(), address, agent, once: None }
}

/// The account `id`, from where `from` comes.
pub fn person_origin(id: Id, from: &Origin) -> Origin {
    Origin { kind: "user", actor_id: Some(id), actor_name: id.to_string(), ..from.clone() }
}

/// Opens a session; `None` when name or password is wrong, or the account is closed, without saying which. It is in the
/// language of the page that they came by, unless the account's owner ever chose one.
///
/// # Errors
/// `TooMany`; those of the database.
pub async fn sign_in(
    services: &Services,
    from: Origin,
    typed: &str,
    (secret, lang): (String, Lang),
) -> Result<Option<String>> {
    let username = model::username(typed);
    let mut keys = vec![Key::account(&username)];
    if !peer::is_shared(&from.address, &services.settings.trusted_proxies) {
        keys.push(Key::address(&from.address));
    }
    let reserved = match services.db.write_quiet(move |tx| attempts::reserve(tx, &keys)).await {
        Err(error @ AppError::TooMany(_)) => {
            refuse(services, from, username, true).await?;
            return Err(error);
        }
        other => other?,
    };
    let wanted = username.clone();
    let person = services
        .db
        .read(move |conn| match store::by_username(conn, &wanted) {
            Ok(row) => Ok(Some(row)),
            Err(AppError::NotFound) => Ok(None),
            Err(e) => Err(e),
        })
        .await?;
    let hash = person.as_ref().filter(|p| p.disabled_at.is_none()).map(|p| p.password_hash.clone());
    let good = blocking(move || Ok(password::verify(&secret, hash.as_deref()))).await?;
    let Some(person) = person.filter(|_| good) else {
        return refuse(services, from, username, false).await.map(|()| None);
    };
    let origin = person_origin(person.id, &from);
    let opened = services
        .db
        .write(origin, move |tx| {
            attempts::succeed(tx, &reserved)?;
            let (session, secret) = actions::open_session(tx, person.id, false)?;
            if !person.locale_chosen {
                actions::set_session_language(tx, session, lang)?;
            }
            let entry = Entry::new("session.open").object("person", person.id).object("session", session);
            audit::record(tx, entry)?;
            Ok(secret)
        })
        .await?;
    Ok(Some(opened))
}

/// Puts a failed attempt on record. Tries at an account that has to wait, and at names that nobody has, are without
/// end, and on record together.
async fn refuse(services: &Services, from: Origin, username: String, waits: bool) -> Result<()> {
    let person = services.db.read(move |conn| Ok(store::by_username(conn, &username).ok())).await?;
    let mut entry = Entry::refused("session.open");
    if waits {
        entry = entry.fact("reason", refusals::TOO_MANY);
    }
    match person {
        Some(person) if !waits => {
            audit::record_refused(&services.db, from, entry.object("person", person.id)).await
        }
        other => {
            let entry = other.map_or(entry.clone(), |person| entry.object("person", person.id));
            audit::record_refused_grouped(&services.db, &services.refused, from, entry).await
        }
    }
}
