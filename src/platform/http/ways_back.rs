//! Where one can go on from an error.

use actix_web::{HttpMessage, HttpRequest, http::StatusCode};

use super::{
    keeping::KeptTyped,
    layout::Chrome,
    link::Query,
    posted::{came_from, form_page},
    view::Link,
};
use crate::platform::{db::Id, paths};

/// Things that forms are about: the first part of their addresses.
const OBJECTS: [&str; 7] = ["leads", "transfers", "cases", "outcomes", "dossiers", "approvals", "evidence"];

/// What the page of a form is about: the word for it, and the thing's own page; `None` for that page itself and for any other.
fn object_of(path: &str) -> Option<(&'static str, String)> {
    let mut parts = path.trim_start_matches('/').split('/');
    let first = parts.next()?;
    let kind = OBJECTS.into_iter().find(|known| *known == first)?;
    let id: Id = parts.next()?.parse().ok()?;
    parts.next()?;
    Some((kind, format!("/{kind}/{id}")))
}

/// Whether what was typed into the form that is refused is kept.
pub(super) fn is_kept(request: &HttpRequest) -> bool {
    request.extensions().contains::<KeptTyped>()
}

/// Where one can go on from an error: the page one came from, the list that the address belongs to (as the navigation
/// has it, so nobody is sent where they may not be), the first page.
pub(super) fn ways_back(request: &HttpRequest, status: StatusCode, c: &Chrome) -> Vec<Link> {
    let mut ways = Vec::new();
    // Whoever comes too late, or to what is not theirs, wants to see the thing as it is now.
    if let Some((kind, href)) = object_of(request.path()).filter(|_| status == StatusCode::CONFLICT) {
        ways.push(Link::new(c.t(format!("error-page-to-{kind}")), href));
    }
    // Who came to go on with what was typed finds it there still, and so does who sent it and was refused.
    let goes_on = status == StatusCode::CONFLICT && !Query::new(&c.path).get("unsent").is_empty();
    if goes_on || is_kept(request) {
        ways.push(Link::new(c.t("unsent-title"), paths::UNSENT));
    }
    // A form may be posted to its own page: that is the way back then, and no loop.
    let from = match came_from(request) {
        Some(_) if !request.method().is_safe() => Some(form_page(request)),
        from => from.filter(|from| *from != c.path),
    };
    if let Some(from) = from.filter(|from| from != "/" && ways.iter().all(|way| way.href != *from)) {
        ways.push(Link::new(c.t("action-back"), from));
    }
    let lists = c.nav_groups.iter().flat_map(|group| &group.items).filter(|item| item.current);
    for item in lists.filter(|item| item.href != "/" && item.href != c.path) {
        if ways.iter().all(|way| way.href != item.href) {
            ways.push(Link::new(c.tv("error-page-list", "name", &item.label), &item.href));
        }
    }
    ways.push(Link::new(c.t("action-home"), "/"));
    ways
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::i18n::{self, Lang};

    #[test]
    fn the_page_of_a_form_leads_to_what_it_is_about() {
        let id = Id::new();
        let lead = format!("/leads/{id}");
        assert_eq!(object_of(&format!("{lead}/edit")), Some(("leads", lead.clone())));
        assert_eq!(object_of(&lead), None);
        assert_eq!(object_of("/leads/new"), None);
        assert_eq!(object_of(&format!("/admin/{id}/edit")), None);
        for kind in OBJECTS {
            for lang in Lang::ALL {
                assert!(i18n::has(lang, &format!("error-page-to-{kind}")), "{lang}: {kind}");
            }
        }
    }
}
