//! Refused attempts on record: what somebody asked for and was not given, and every wrong proof of who somebody is.
//! Each is written in a transaction of its own, after the act's was rolled back. A wrong field of a form is no refusal.
//!
//! What a stranger, or an account that has to wait, can try without end is on record in groups, so that nobody fills
//! the disk with it.

use actix_web::{
    Error, HttpMessage,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::StatusCode,
    middleware::Next,
};

use super::{
    actions::EMAIL_NOT_FREE,
    model::{Actor, Role},
    session::{address_of, agent_of, services_of},
    sign_in::stranger,
    token::ShownToken,
};
use crate::{
    audit::{self, Entry},
    platform::{
        db::{Id, Origin},
        error::{AppError, Result as AppResult},
        http::{
            Failure,
            reply::{Question, Why},
            shield::CrossSite,
        },
        services::Services,
    },
};

/// Beside the field of a second factor's code that does not hold.
pub const WRONG_CODE: &str = "error-code-wrong";
/// Beside the field of a second factor's code that was good, and was used up a moment ago.
pub const USED_CODE: &str = "error-code-used";
/// Beside the field of a password that is not the account's.
pub const WRONG_PASSWORD: &str = "error-password-wrong";
/// The fact `reason` of a try by somebody who has to wait.
pub const TOO_MANY: &str = "too-many-tries";
/// The fact `reason` of a change to an address that somebody else has or is invited by.
const EMAIL_NOT_FREE_REASON: &str = "email-not-free";

/// Kind of object by the first part of a path.
const KINDS: [(&str, &str); 12] = [
    ("leads", "lead"),
    ("evidence", "evidence"),
    ("subjects", "subject"),
    ("dossiers", "dossier"),
    ("approvals", "review"),
    ("transfers", "transfer"),
    ("cases", "case"),
    ("outcomes", "outcome"),
    ("operations", "operation"),
    ("agencies", "agency"),
    ("people", "person"),
    ("sessions", "session"),
];

/// What kind of object the id in a path is: by the part before it.
fn kind_of(pattern: &str) -> &'static str {
    let before = pattern.split('{').next().unwrap_or_default();
    let part = before.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    KINDS.iter().find(|(word, _)| *word == part).map_or("object", |(_, kind)| kind)
}

fn first_id(response: &ServiceResponse<impl MessageBody>) -> Option<Id> {
    response.request().match_info().iter().find_map(|(_, value)| value.parse().ok())
}

/// Whether the value `value` of the part `name` of an address can be one: an id, the number of a year, a role.
fn can_be(name: &str, value: &str) -> bool {
    match name {
        "id" => value.parse::<Id>().is_ok(),
        "year" => value.parse::<i32>().is_ok(),
        "guide" => value.parse::<Role>().is_ok(),
        _ => true,
    }
}

/// Whether a reply is a refusal that belongs on record: not to be seen, not allowed, or not in this state. A 404 for an
/// address with a part that can't be one (`mistyped`) is a typing error, no attempt at anything. It says nothing of
/// who asks: a page's parameters are read side by side, and its reader may not be known yet when one of them fails.
/// (An address of no route does not come here.)
fn is_refusal(status: StatusCode, mistyped: bool) -> bool {
    match status {
        StatusCode::CONFLICT | StatusCode::FORBIDDEN => true,
        StatusCode::NOT_FOUND => !mistyped,
        _ => false,
    }
}

/// Whether a reply names fields that must be mended: as of a form, that is no refusal, whatever its status.
fn is_wrong_field(response: &ServiceResponse<impl MessageBody>) -> bool {
    response.response().extensions().get::<Failure>().is_some_and(|failure| !failure.fields.is_empty())
}

/// Why a reply refuses, by the key of the sentence that its reader is told; `None`: it is a bare one.
fn why(response: &ServiceResponse<impl MessageBody>) -> Option<&'static str> {
    let extensions = response.response().extensions();
    let told = extensions.get::<Failure>().and_then(|failure| failure.detail);
    told.or_else(|| extensions.get::<Why>().map(|why| why.0))
}

/// Whether an act failed because its code was used before.
pub fn is_used_code(error: &AppError) -> bool {
    matches!(error, AppError::Invalid(fields) if fields.iter().any(|e| e.code == USED_CODE))
}

/// Puts an act on record as `attempted` where it failed for a wrong proof of identity, or because its actor has to wait
/// after too many of them.
///
/// # Errors
/// Those of the database.
pub async fn note_wrong_proof(
    services: &Services,
    origin: Origin,
    attempted: Entry,
    error: &AppError,
) -> AppResult<()> {
    match error {
        AppError::Invalid(fields)
            if fields.iter().any(|e| [WRONG_CODE, WRONG_PASSWORD].contains(&e.code)) =>
        {
            audit::record_refused(&services.db, origin, attempted.fact("reason", "wrong-proof")).await
        }
        AppError::TooMany(_) => {
            let entry = attempted.fact("reason", TOO_MANY);
            audit::record_refused_grouped(&services.db, &services.refused, origin, entry).await
        }
        // Not limited either, so it is on record in groups too.
        used if is_used_code(used) => {
            let entry = attempted.fact("reason", "used-code");
            audit::record_refused_grouped(&services.db, &services.refused, origin, entry).await
        }
        _ => Ok(()),
    }
}

/// Puts on record that somebody asked for an address that is not to be had, or asked too often: whether it is free
/// tells who has an account.
///
/// # Errors
/// Those of the database.
pub async fn note_taken_address(services: &Services, me: &Actor, error: &AppError) -> AppResult<()> {
    let reason = match error {
        AppError::Invalid(fields) if fields.iter().any(|e| e.code == EMAIL_NOT_FREE) => EMAIL_NOT_FREE_REASON,
        AppError::TooMany(_) => TOO_MANY,
        _ => return Ok(()),
    };
    let entry = Entry::refused("person.change").object("person", me.id).fact("reason", reason);
    audit::record_refused_grouped(&services.db, &services.refused, me.origin(), entry).await
}

/// What a reply to somebody who is not signed in says of an attempt: a token or a one-time link that does not hold,
/// or a form on a page of another site. `None`: a page that asks to sign in, or a mistyped address.
fn tried_by_stranger(
    response: &ServiceResponse<impl MessageBody>,
    pattern: &str,
) -> Option<(&'static str, Vec<(&'static str, Id)>)> {
    if response.response().extensions().get::<CrossSite>().is_some() {
        return Some(("cross-site", Vec::new()));
    }
    let shown = response.request().extensions().get::<ShownToken>().copied();
    match (response.status(), shown) {
        (StatusCode::UNAUTHORIZED, Some(ShownToken(whose))) => {
            let objects = whose.map(|(token, person)| vec![("token", token), ("person", person)]);
            Some(("token", objects.unwrap_or_default()))
        }
        (StatusCode::NOT_FOUND, _) if pattern.contains("{token}") => Some(("link", Vec::new())),
        _ => None,
    }
}

/// The middleware; stands outside the shield, which refuses before anybody is known.
///
/// # Errors
/// Those of the inner service.
pub async fn watch_refusals(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let response = next.call(request).await?;
    let status = response.status();
    if !status.is_client_error() {
        return Ok(response);
    }
    let request = response.request().clone();
    let pattern = request.match_pattern();
    let known = pattern.as_deref().unwrap_or("none");
    let verb = if request.method().is_safe() { "page.view" } else { "page.act" };
    let entry = Entry::refused(verb)
        .fact("route", known)
        .fact("method", request.method().as_str())
        .fact("status", status.as_u16());
    let services = services_of(&request)?;
    let actor = request.extensions().get::<Actor>().cloned();
    let done = match (actor, tried_by_stranger(&response, known)) {
        (Some(actor), _) => {
            let id = first_id(&response);
            let mistyped = response.request().match_info().iter().any(|(name, value)| !can_be(name, value));
            // Who is asked which of two versions is meant is refused nothing.
            let is_asked = response.response().extensions().get::<Question>().is_some();
            if pattern.is_none() || is_asked || is_wrong_field(&response) || !is_refusal(status, mistyped) {
                return Ok(response);
            }
            let entry = id.map_or(entry.clone(), |id| entry.object(kind_of(known), id));
            let entry = why(&response).map_or(entry.clone(), |why| entry.fact("reason", why));
            audit::record_refused(&services.db, actor.origin(), entry).await
        }
        (None, Some((reason, objects))) => {
            let from = stranger(address_of(&request), agent_of(&request));
            let entry =
                objects.into_iter().fold(entry.fact("reason", reason), |e, (kind, id)| e.object(kind, id));
            audit::record_refused_grouped(&services.db, &services.refused, from, entry).await
        }
        (None, None) => return Ok(response),
    };
    if let Err(e) = done {
        tracing::error!(error = %e, "a refusal is not on record");
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_object_is_known_by_the_part_before_its_id() {
        assert_eq!(kind_of("/leads/{id}/evidence"), "lead");
        assert_eq!(kind_of("/api/v1/dossiers/{id}/package.zip"), "dossier");
        assert_eq!(kind_of("/admin/people/{id}"), "person");
        assert_eq!(kind_of("/account/tokens/{id}/revoke"), "object");
    }

    #[test]
    fn a_mistyped_address_is_no_attempt() {
        assert!(can_be("id", &Id::new().to_string()) && !can_be("id", "zz"));
        assert!(can_be("year", "2016") && !can_be("year", "abc") && can_be("token", "abc"));
        assert!(is_refusal(StatusCode::NOT_FOUND, false));
        assert!(!is_refusal(StatusCode::NOT_FOUND, true));
        assert!(is_refusal(StatusCode::CONFLICT, false));
        assert!(!is_refusal(StatusCode::UNPROCESSABLE_ENTITY, false));
    }
}
