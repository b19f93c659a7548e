//! Refused attempts on record: what a signed-in person asked for and was not given. Each is written in a transaction
//! of its own, after the act's was rolled back.

use actix_web::{
    Error, HttpMessage,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::StatusCode,
    middleware::Next,
};

use super::{model::Actor, session::services_of};
use crate::{
    audit::{self, Entry},
    platform::db::Id,
};

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

/// Whether a reply is a refusal that belongs on record: not to be seen, not allowed, or not in this state. A 404 for an
/// address whose id is none is a typing error, no attempt at anything (an address of no route does not come here).
fn is_refusal(status: StatusCode, pattern: &str, has_id: bool) -> bool {
    match status {
        StatusCode::CONFLICT | StatusCode::FORBIDDEN => true,
        StatusCode::NOT_FOUND => has_id || !pattern.contains("{id}"),
        _ => false,
    }
}

/// The middleware; stands inside the shield.
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
    let actor = request.extensions().get::<Actor>().cloned();
    let (Some(actor), Some(pattern)) = (actor, request.match_pattern()) else { return Ok(response) };
    let id = first_id(&response);
    if !is_refusal(status, &pattern, id.is_some()) {
        return Ok(response);
    }
    let verb = if request.method().is_safe() { "page.view" } else { "page.act" };
    let mut entry = Entry::refused(verb)
        .fact("route", pattern.as_str())
        .fact("method", request.method().as_str())
        .fact("status", status.as_u16());
    if let Some(id) = id {
        entry = entry.object(kind_of(&pattern), id);
    }
    let services = services_of(&request)?;
    if let Err(e) = audit::record_refused(&services.db, actor.origin(), entry).await {
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
        let refused = |status, pattern, has_id| is_refusal(status, pattern, has_id);
        assert!(refused(StatusCode::NOT_FOUND, "/leads/{id}", true));
        assert!(!refused(StatusCode::NOT_FOUND, "/leads/{id}", false));
        assert!(refused(StatusCode::NOT_FOUND, "/admin/people", false));
        assert!(refused(StatusCode::CONFLICT, "/leads/new", false));
        assert!(!refused(StatusCode::UNPROCESSABLE_ENTITY, "/leads/{id}", true));
    }
}
