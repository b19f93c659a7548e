//! Which page a request came from, and which page a form that was posted stands on.

use actix_web::{
    HttpRequest,
    http::{
        Method, StatusCode,
        header::{self, HeaderName},
    },
};

use super::link::Query;

/// The addresses that forms are posted to and that are no page: a form may be shown again there, but a link to it leads
/// nowhere. The router does not tell which of its addresses can be read; a test holds this to what it answers.
pub const NO_PAGE: &[&str] = &[
    "/account/keys",
    "/account/passkeys/{id}/remove",
    "/account/recovery-codes",
    "/account/recovery-codes/text",
    "/account/second-factor/remove",
    "/account/sessions/end-others",
    "/account/sessions/{id}/end",
    "/account/tokens/{id}/revoke",
    "/admin/evidence/timestamps",
    "/admin/evidence/{id}/check",
    "/admin/jobs/retry-failed",
    "/admin/jobs/{id}/retry",
    "/admin/mail/retry-failed",
    "/admin/mail/{id}/retry",
    "/admin/people/invitations/{id}/resend",
    "/admin/people/invitations/{id}/revoke",
    "/admin/people/{id}/enable",
    "/admin/people/{id}/reset-password",
    "/admin/people/{id}/roles",
    "/admin/setup/key",
    "/admin/setup/mail",
    "/admin/setup/put-away",
    "/agencies/import/confirm",
    "/approvals/{id}/approve",
    "/approvals/{id}/return",
    "/approvals/{id}/withdraw",
    "/changes/seen",
    "/dossiers/{id}/retry",
    "/evidence/{id}/attachments/{n}",
    "/evidence/{id}/disclose",
    "/evidence/{id}/remove",
    "/evidence/{id}/sales/unmark",
    "/evidence/{id}/verify",
    "/evidence/{id}/withhold",
    "/first-day/put-away",
    "/language",
    "/leads/selected/assign",
    "/leads/selected/for-review",
    "/leads/{id}/brands/{brand}/remove",
    "/leads/{id}/comments/seen",
    "/leads/{id}/comments/{comment}/take-back",
    "/leads/{id}/evidence/marks",
    "/leads/{id}/evidence/note",
    "/leads/{id}/listings/{listing}/remove",
    "/leads/{id}/restore",
    "/leads/{id}/sites/{site}/{role}/remove",
    "/leads/{id}/subjects/{subject}/remove",
    "/logout",
    "/operations/{id}/members",
    "/outcomes/{id}/reject",
    "/outcomes/{id}/seen",
    "/reference/calendar/import/confirm",
    "/reference/regions/import/confirm",
    "/transfers/selected/take-note",
    "/transfers/{id}/message/noted",
    "/transfers/{id}/seen",
    "/unsent/{id}/discard",
    "/views/{id}/remove",
    "/views/{id}/usual",
    "/witness/add-checkpoint",
];

/// The page of ours that led here, as its browser says.
pub fn came_from(request: &HttpRequest) -> Option<String> {
    let text = |name: HeaderName| request.headers().get(name).and_then(|v| v.to_str().ok());
    let (_, rest) = text(header::REFERER)?.split_once("://")?;
    let place = rest.strip_prefix(text(header::HOST)?)?;
    let is_local = place.starts_with('/') && !place.starts_with("//") && !place.contains('\\');
    // What came of an act before is no news here.
    is_local.then(|| Query::new(place).without("ok").href())
}

/// The page that the form of a changing request stands on; empty for a request that changes nothing. It is where the
/// request came from, unless that is the answer to the same form before: then the nearest page above the address.
pub fn form_page(request: &HttpRequest) -> String {
    if request.method().is_safe() {
        return String::new();
    }
    if let Some(from) = came_from(request).filter(|from| is_page(request, from)) {
        return Query::new(&from).without("once").href();
    }
    nearest_page(request, request.path()).to_owned()
}

/// The address itself, if it is a page, else the nearest page above it.
pub fn nearest_page<'a>(request: &HttpRequest, address: &'a str) -> &'a str {
    let mut path = address;
    while !is_page(request, path) {
        path = match path.rsplit_once('/') {
            Some((above, _)) if !above.is_empty() => above,
            _ => return "/",
        };
    }
    path
}

/// Where a request goes on that asks for an address which is only posted to, as a reload after a refused form or a copied
/// address does: the nearest page above it, with what the address says of which part of that page is meant. `None`: another
/// request, or another answer than that nothing is there. It goes by the address alone and says nothing of what stands there:
/// whether the page is for whoever asks is the page's own to say.
pub fn page_instead(request: &HttpRequest, status: StatusCode) -> Option<String> {
    let is_unread = matches!(status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED);
    if !is_unread || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let address = request.path();
    let pattern = request.resource_map().match_pattern(address)?;
    if !NO_PAGE.contains(&pattern.as_str()) {
        return None;
    }
    let page = nearest_page(request, address);
    Some(Query::new(&format!("{page}?{}", request.query_string())).without("once").without("ok").href())
}

/// Whether a link may lead to the address.
fn is_page(request: &HttpRequest, address: &str) -> bool {
    let path = address.split('?').next().unwrap_or_default();
    let pattern = request.resource_map().match_pattern(path);
    pattern.is_some_and(|pattern| !NO_PAGE.contains(&pattern.as_str()))
}
