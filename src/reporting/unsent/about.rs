//! What the forms of the list are about, by number, and whether a form can still be gone on with: by the rules of the rooms
//! whose forms they are, as anybody may keep something for any address. Numbers alone: it is no page of case material.

use std::collections::HashMap;

use crate::{
    casework::{approval, dossier, evidence, lead},
    directory::{
        agencies,
        people::{Actor, CaseReader, DirectoryReader},
    },
    handover::transfer,
    operation, outcome,
    platform::{
        db::{Connection, Id},
        error::{AppError, Result},
        http::link::Query,
        paths,
    },
};

/// What is known of what a form is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct About {
    /// Its number; of what has none its name or code.
    pub number: String,
    /// Message key of why the form can't be gone on with, and the page that leads on.
    pub closed: Option<(&'static str, String)>,
}

/// Parts of a lead that are written in a draft alone, as their addresses have them.
const OF_A_DRAFT: [&str; 9] =
    ["edit", "charges", "brands", "subjects", "sites", "listings", "evidence", "dossiers", "submit"];

/// The kind and the id of what a form is about, as its address has them.
fn object(form: &str) -> Option<(String, Id)> {
    let query = Query::new(form);
    let mut parts = query.path().split('/').filter(|part| !part.is_empty());
    let kind = parts.next()?;
    match parts.next().and_then(|part| part.parse().ok()) {
        Some(id) => Some((kind.to_owned(), id)),
        // A dossier is sent from a page that is told which one.
        None => Some(("dossiers".to_owned(), query.get("dossier").parse().ok()?)),
    }
}

/// Whether the form writes in a lead, which only a draft takes.
fn writes_in_a_lead(form: &str) -> bool {
    let path = form.split('?').next().unwrap_or_default();
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let (kind, part) = (parts.next(), parts.nth(1));
    match kind {
        Some("leads") => part.is_some_and(|part| OF_A_DRAFT.contains(&part)),
        Some("evidence") => part.is_some(),
        _ => false,
    }
}

/// What each of these forms is about, as far as `me` may know it.
///
/// # Errors
/// Those of the database.
pub(super) fn of_forms<'a>(
    conn: &mut Connection,
    me: &Actor,
    forms: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, About>> {
    let mut found = HashMap::new();
    for form in forms {
        match of_form(conn, me, form) {
            Ok(about) => {
                found.insert(form.to_owned(), about);
            }
            Err(AppError::NotFound) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(found)
}

/// # Errors
/// `NotFound` for what has no number, is not there, or is not to be seen.
fn of_form(conn: &mut Connection, me: &Actor, form: &str) -> Result<About> {
    let (kind, id) = object(form).ok_or(AppError::NotFound)?;
    let is_reader = me.has_any(CaseReader::ROLES);
    let number = match kind.as_str() {
        "leads" | "evidence" | "approvals" | "dossiers" if is_reader => {
            return of_lead(conn, me, (kind.as_str(), id), form);
        }
        "transfers" => {
            let row = transfer::store::visible(conn, me, id)?;
            let agency = transfer::store::agency_row(conn, row.agency_id)?;
            numbered(me, &row.number, agency.name(me.lang))
        }
        "cases" => of_case(conn, me, id)?,
        "outcomes" => {
            let case = outcome::store::visible(conn, me, id)?.case_id;
            of_case(conn, me, case.ok_or(AppError::NotFound)?)?
        }
        "operations" if is_reader => {
            let row = operation::store::find(conn, id)?;
            me.lang.pick(&row.name_zh, &row.name_en).to_owned()
        }
        "agencies" if me.has_any(DirectoryReader::ROLES) => agencies::store::find(conn, id)?.code,
        _ => return Err(AppError::NotFound),
    };
    Ok(About { number, closed: None })
}

/// The lead of what is the platform's alone; why it can't be written in is said in the words that its own pages have.
fn of_lead(conn: &mut Connection, me: &Actor, (kind, id): (&str, Id), form: &str) -> Result<About> {
    let id = match kind {
        "evidence" => evidence::store::find(conn, id)?.lead_id,
        "approvals" => approval::store::find(conn, id)?.lead_id,
        "dossiers" => dossier::store::find_visible(conn, me, id)?.lead_id,
        _ => id,
    };
    let lead = lead::store::find_visible(conn, me, id)?;
    let closed = match lead::model::require_changeable(me, &lead) {
        Err(AppError::Conflict(why)) if writes_in_a_lead(form) => Some((why, paths::lead(id))),
        _ => None,
    };
    Ok(About { number: lead.number, closed })
}

fn of_case(conn: &mut Connection, me: &Actor, id: Id) -> Result<String> {
    let case = outcome::store::visible_case(conn, me, id)?;
    Ok(numbered(me, &case.number, me.lang.pick(&case.agency_zh, &case.agency_en)))
}

/// A number of a transfer or a case is its agency's own, which the platform reads beside it.
fn numbered(me: &Actor, number: &str, agency: &str) -> String {
    let agency = if me.agency.is_none() { agency } else { "" };
    let parts = [number, agency].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_form_is_about_stands_in_its_address() {
        let id = Id::new();
        let of = |form: String| object(&form);
        assert_eq!(of(format!("/leads/{id}/edit")), Some(("leads".into(), id)));
        assert_eq!(of(format!("/transfers/new?dossier={id}")), Some(("dossiers".into(), id)));
        assert_eq!(of("/leads/new".into()), None);
        assert!(writes_in_a_lead(&format!("/leads/{id}/dossiers")));
        assert!(writes_in_a_lead(&format!("/evidence/{id}/withhold")));
        for form in [format!("/leads/{id}/comments"), format!("/leads/{id}/clone"), "/leads/new".into()] {
            assert!(!writes_in_a_lead(&form), "{form}");
        }
    }
}
