//! Which addresses are those of forms that are kept, and on which page each form stands. Strings alone, as the rooms that
//! have them come later: what no route of the program matches is none.

use actix_web::HttpRequest;

use crate::{
    directory::people::sign_in::model::local_path,
    platform::{
        db::Id,
        http::{link::Query, posted},
    },
};

/// Beginnings of the addresses that have such forms.
const FORMS: [&str; 10] = [
    "/leads/",
    "/approvals/",
    "/transfers/",
    "/cases/",
    "/outcomes/",
    "/operations/",
    "/agencies",
    "/evidence/",
    "/admin/people/invite",
    "/views/",
];

/// Forms that stand on another page than the one that their address, or the nearest page above it, shows.
const ELSEWHERE: [(&str, &str); 5] = [
    ("/leads/{id}/dossiers", "/new"),
    ("/agencies", "/new"),
    ("/agencies/{id}", "/edit"),
    // They have a page of their own too, where they are found by their own address.
    ("/transfers/{id}/message", ABOVE),
    ("/leads/{id}/comments", ABOVE),
];

/// The page above the form's address; that address itself where parameters say which of its forms it is.
const ABOVE: &str = "..";

/// Longest address, in bytes: paths with two ids, and a word.
const LONGEST: usize = 300;

/// Whether a page at this path may have such a form: looked at before the database is asked.
pub(super) fn may_have_one(path: &str) -> bool {
    FORMS.iter().any(|form| path.starts_with(form))
}

/// The page of the form that is posted to `form`, an address with the parameters that its page needs; nothing for an
/// address that is none of our forms'.
pub(super) fn page_of(request: &HttpRequest, form: &str) -> Option<String> {
    if form.len() > LONGEST {
        return None;
    }
    // What is kept is led back to: no line break may get into that address.
    let query = Query::new(local_path(form)?);
    let path = query.path();
    if !may_have_one(path) {
        return None;
    }
    let pattern = request.resource_map().match_pattern(path)?;
    let elsewhere = ELSEWHERE.iter().find(|(known, _)| *known == pattern);
    Some(match elsewhere {
        Some((_, ABOVE)) if !query.pairs().is_empty() => path.to_owned(),
        Some((_, ABOVE)) => path.rsplit_once('/').map_or("/", |(above, _)| above).to_owned(),
        Some((_, below)) => format!("{path}{below}"),
        None => posted::nearest_page(request, path).to_owned(),
    })
}

/// Where the writer goes on: the page with what the form's address says beside its path, and which typing is meant.
pub fn way_back(page: &str, form: &str, id: &str) -> Query {
    let pairs = Query::new(form);
    let with = |query: Query, (name, value): &(String, String)| query.with(name, value);
    pairs.pairs().iter().fold(Query::new(page), with).with("unsent", id)
}

/// Message key of what the form is about.
pub fn subject(form: &str) -> String {
    let path = form.split('?').next().unwrap_or_default();
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let first = parts.next().unwrap_or_default();
    let narrower = parts.find(|part| matches!(*part, "evidence" | "dossiers" | "outcomes"));
    format!("unsent-in-{}", narrower.unwrap_or(first))
}

/// Message key of what the form is called, by the last words of its address; there need not be such a message.
pub fn name(form: &str) -> Option<String> {
    let path = form.split('?').next().unwrap_or_default();
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let kind = parts.next()?;
    let words: Vec<&str> = parts.filter(|part| part.parse::<Id>().is_err()).collect();
    Some(match (kind, words.as_slice()) {
        ("leads", ["comments", ..]) => "comment-title".to_owned(),
        ("leads", ["dossiers", ..]) => "story-act-compose".to_owned(),
        ("leads", ["evidence", part @ ("note" | "marks")]) => format!("evidence-{part}-title"),
        ("leads", ["evidence", ..]) => "evidence-upload-title".to_owned(),
        ("leads", [part @ ("new" | "clone")]) => format!("lead-{part}-title"),
        ("leads", [part @ ("submit" | "withdraw" | "assign" | "trash")]) => format!("story-act-{part}"),
        ("leads", [part, ..]) => format!("lead-tab-{part}"),
        ("evidence", ["sealing" | "sealings", ..]) => "sealing-title".to_owned(),
        ("evidence", ["redact"]) => "redaction-title".to_owned(),
        ("transfers", ["new"]) => "delivery-title".to_owned(),
        ("transfers", [.., part]) => format!("transfer-{part}-title"),
        ("cases", ["outcomes", ..]) => "outcome-new-title".to_owned(),
        ("outcomes", ["reject"]) => "outcome-do-reject".to_owned(),
        ("cases" | "outcomes" | "operations", [part, ..]) => {
            format!("{}-{part}-title", kind.trim_end_matches('s'))
        }
        ("agencies", [part]) => format!("agency-{part}-title"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_called_by_what_it_is_about_and_gone_back_to_with_its_parameters() {
        assert_eq!(subject("/leads/new"), "unsent-in-leads");
        assert_eq!(subject("/leads/1/evidence/note"), "unsent-in-evidence");
        assert_eq!(subject("/cases/1/outcomes/new?kind=arrest"), "unsent-in-outcomes");
        assert_eq!(subject("/admin/people/invite"), "unsent-in-admin");
        assert_eq!(subject("/views/new?list=leads&asked=q%3Da"), "unsent-in-views");
        let back = way_back("/cases/1/outcomes/new", "/cases/1/outcomes/new?kind=arrest", "x");
        assert_eq!(back.href(), "/cases/1/outcomes/new?kind=arrest&unsent=x");
        let id = Id::new();
        let called = |form: &str| name(&form.replace("{id}", &id.to_string())).unwrap_or_default();
        assert_eq!(called("/leads/{id}/edit"), "lead-tab-edit");
        assert_eq!(called("/leads/{id}/sites/{id}/storage"), "lead-tab-sites");
        assert_eq!(called("/leads/{id}/evidence/note"), "evidence-note-title");
        assert_eq!(called("/transfers/{id}/deadlines/{id}/extend"), "transfer-extend-title");
        assert_eq!(called("/cases/{id}/steps"), "case-steps-title");
        assert_eq!(called("/cases/{id}/outcomes/new?kind=arrest"), "outcome-new-title");
        assert_eq!(called("/admin/people/invite"), "");
    }
}
