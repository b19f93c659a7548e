//! What the page of a search shows.

use askama::Template;

use super::{
    model::{Kind, Sought},
    store::{Hit, SHOWN},
};
use crate::platform::{
    http::{layout::Chrome, link::Query, view::MadeUp},
    i18n::Lang,
    paths,
};

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub label: String,
    pub href: String,
    /// What else tells it apart; empty: nothing.
    pub note: String,
    pub made_up: MadeUp,
}

/// What was found of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub id: &'static str,
    pub title: String,
    pub lines: Vec<Line>,
    /// Whether there are more than are shown.
    pub more: bool,
    /// The list of all of them; empty: there is none.
    pub href: String,
}

/// The page.
#[derive(Template)]
#[template(path = "reporting/search.html")]
pub struct SearchPage {
    pub c: Chrome,
    pub q: String,
    /// Whether the reader is of an agency: other numbers are theirs to know.
    pub is_agency: bool,
    pub groups: Vec<Group>,
}

/// The page of what was found.
pub fn href(hit: &Hit) -> String {
    match hit.kind {
        Kind::Lead => paths::lead(hit.id),
        Kind::Transfer => paths::transfer(hit.id),
        Kind::Dossier => paths::dossier(hit.id),
        Kind::Case => paths::case(hit.id),
        Kind::Agency => paths::agency(hit.id),
        Kind::Subject => paths::subject(hit.id),
        Kind::Operation => paths::operation(hit.id),
    }
}

/// The one page that was meant: the only one of which the whole number or name was typed, else the only one at all.
pub fn only(found: &[Hit]) -> Option<&Hit> {
    let mut whole = found.iter().filter(|hit| hit.is_exact);
    match (whole.next(), whole.next(), found) {
        (Some(one), None, _) => Some(one),
        (None, None, [one]) => Some(one),
        _ => None,
    }
}

/// What the page shows of what was found, which may hold one more of a kind.
pub fn shown(found: &[Hit]) -> Vec<&Hit> {
    let of_kind = |kind: &Kind| {
        let kind = *kind;
        found.iter().filter(move |hit| hit.kind == kind).take(SHOWN)
    };
    Kind::ALL.iter().flat_map(of_kind).collect()
}

fn line(hit: &Hit, lang: Lang, is_agency: bool) -> Line {
    let name = lang.pick(&hit.names.0, &hit.names.1);
    let own_name = matches!(hit.kind, Kind::Agency | Kind::Operation);
    let title = if own_name { name } else { hit.title.as_str() };
    let parts = [hit.number.as_str(), title];
    let label: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Line {
        label: label.join(" · "),
        href: href(hit),
        // A liaison knows whose it is.
        note: if own_name || is_agency { String::new() } else { name.to_owned() },
        made_up: MadeUp::of(hit.synthetic, ""),
    }
}

/// What was found, by kind; kinds without anything are left out.
pub fn groups(c: &Chrome, sought: &Sought, found: &[Hit], is_agency: bool) -> Vec<Group> {
    let list = |path: &str| Query::new(path).with("q", &sought.text).href();
    let group = |kind: &Kind| {
        let hits: Vec<&Hit> = found.iter().filter(|hit| hit.kind == *kind).collect();
        let href = match kind {
            Kind::Lead => list(paths::LEADS),
            Kind::Transfer => list(paths::TRANSFERS),
            Kind::Case => list(paths::CASES),
            Kind::Agency => Query::new(&list(paths::AGENCIES)).with("state", "all").href(),
            Kind::Operation => paths::OPERATIONS.to_owned(),
            Kind::Dossier | Kind::Subject => String::new(),
        };
        (!hits.is_empty()).then(|| Group {
            id: kind.as_str(),
            title: c.t(format!("search-kind-{kind}")),
            more: hits.len() > SHOWN,
            lines: hits.iter().take(SHOWN).map(|hit| line(hit, c.language, is_agency)).collect(),
            href,
        })
    };
    Kind::ALL.iter().filter_map(group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::db::Id;

    fn hit(kind: Kind, is_exact: bool) -> Hit {
        Hit {
            kind,
            id: Id::new(),
            number: String::new(),
            title: String::new(),
            names: <(String, String)>::default(),
            synthetic: false,
            is_exact,
        }
    }

    #[test]
    fn only_what_can_be_meant_alone_is_gone_to() {
        let (whole, part) = (hit(Kind::Lead, true), hit(Kind::Case, false));
        assert_eq!(only(&[]), None);
        assert_eq!(only(std::slice::from_ref(&part)), Some(&part));
        assert_eq!(only(&[part.clone(), whole.clone(), part.clone()]), Some(&whole));
        assert_eq!(only(&[part.clone(), part.clone()]), None);
        assert_eq!(only(&[whole.clone(), hit(Kind::Transfer, true)]), None);
    }

    #[test]
    fn what_only_tells_that_there_is_more_is_not_shown() {
        let mut found: Vec<Hit> = (0..=SHOWN).map(|_| hit(Kind::Lead, false)).collect();
        found.push(hit(Kind::Case, false));
        let told = shown(&found);
        assert_eq!(told.len(), SHOWN + 1);
        assert!(!told.contains(&&found[SHOWN]) && told.contains(&&found[SHOWN + 1]));
    }
}
