//! Which page a request came from, and which page a form that was posted stands on.

use actix_web::{
    HttpRequest,
    http::header::{self, HeaderName},
};

use super::link::Query;

/// The addresses that forms are posted to and that are no page: a form may be shown again there, but a link to it leads
/// nowhere. The router does not tell which of its addresses can be read; a test holds this to what it answers.
pub const NO_PAGE: &[&str] = &[
    "/account/recovery-codes",
    "/account/second-factor/remove",
    "/account/sessions/end-others",
    "/account/sessions/{id}/end",
    "/account/tokens/{id}/revoke",
    "/admin/jobs/{id}/retry",
    "/admin/mail/{id}/retry",
    "/admin/people/invitations/{id}/resend",
    "/admin/people/invitations/{id}/revoke",
    "/admin/people/{id}/enable",
    "/admin/people/{id}/reset-password",
    "/admin/people/{id}/roles",
    "/agencies/import/confirm",
    "/approvals/{id}/approve",
    "/approvals/{id}/return",
    "/approvals/{id}/withdraw",
    "/dossiers/{id}/retry",
    "/evidence/{id}/disclose",
    "/evidence/{id}/remove",
    "/evidence/{id}/withhold",
    "/leads/{id}/brands/{brand}/remove",
    "/leads/{id}/evidence/note",
    "/leads/{id}/listings/{listing}/remove",
    "/leads/{id}/reopen",
    "/leads/{id}/restore",
    "/leads/{id}/sites/{site}/{role}/remove",
    "/leads/{id}/subjects/{subject}/remove",
    "/leads/{id}/submit",
    "/logout",
    "/operations/{id}/members",
    "/outcomes/{id}/reject",
    "/outcomes/{id}/seen",
    "/transfers/{id}/seen",
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
    let mut path = request.path();
    while !is_page(request, path) {
        path = match path.rsplit_once('/') {
            Some((above, _)) if !above.is_empty() => above,
            _ => return "/".to_owned(),
        };
    }
    path.to_owned()
}

/// Whether a link may lead to the address.
fn is_page(request: &HttpRequest, address: &str) -> bool {
    let path = address.split('?').next().unwrap_or_default();
    let pattern = request.resource_map().match_pattern(path);
    pattern.is_some_and(|pattern| !NO_PAGE.contains(&pattern.as_str()))
}
