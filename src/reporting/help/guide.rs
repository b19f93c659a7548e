//! The guide of a role, part by part. Which parts there are and what they explain stands in `directory/people/guide`.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::glossary;
use crate::{
    directory::people::{
        Actor, Role,
        guide::{self, Section},
        session,
    },
    platform::{
        error::{AppError, Result},
        http::{html, layout::Chrome, view::Link},
        i18n::{self, Lang},
        paths,
        services::Services,
    },
};

/// A part as it is read.
pub struct Part {
    pub id: &'static str,
    pub title: String,
    pub steps: Vec<String>,
    /// Where it is done; empty: nowhere of its own, or not for the reader.
    pub place: &'static str,
    /// Other pages that its steps name; none that is not for the reader.
    pub more: Vec<Link>,
    /// The words of the glossary that it uses.
    pub terms: Vec<Link>,
}

#[derive(Template)]
#[template(path = "reporting/guide.html")]
struct GuidePage {
    c: Chrome,
    sections: Vec<Part>,
    /// The guides of the other roles.
    others: Vec<Link>,
}

/// What a part says: its heading, and its steps in order.
pub fn words(lang: Lang, role: Role, section: &Section) -> (String, Vec<String>) {
    let own = format!("guide-{role}-{}", section.id);
    let key = if i18n::has(lang, &own) { own } else { format!("guide-all-{}", section.id) };
    let steps = (1..).map(|n| format!("{key}-{n}")).take_while(|key| i18n::has(lang, key));
    (i18n::t(lang, &key), steps.map(|key| i18n::t(lang, &key)).collect())
}

/// A link stands only in the guides of the reader's own roles: the pages of the others are not theirs to see.
fn part(lang: Lang, role: Role, section: &Section, is_own: bool) -> Part {
    let (title, steps) = words(lang, role, section);
    let place = if is_own { section.place } else { "" };
    let more = section.more.iter().filter(|_| is_own);
    let more = more.map(|(address, name)| Link::new(i18n::t(lang, name), *address)).collect();
    Part { id: section.id, terms: glossary::named_in(&steps.concat(), lang), title, steps, place, more }
}

/// `GET /help/{guide}`
pub async fn page(
    me: Actor,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse> {
    let role: Role = path.into_inner().parse().map_err(|_| AppError::NotFound)?;
    let lang = me.lang;
    let name = |role: Role| i18n::t(lang, &format!("role-{role}"));
    let title = i18n::t_with(lang, "guide-title", &[("role", name(role))]);
    let sections = guide::of(role).map(|section| part(lang, role, section, me.has(role))).collect();
    let others = Role::ALL.iter().filter(|other| **other != role);
    let others = others.map(|other| Link::new(name(*other), format!("{}/{other}", paths::HELP))).collect();
    html(&GuidePage { c: session::chrome(&request, &services, &me, &title), sections, others })
}
