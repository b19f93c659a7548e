//! What the forms of the list are about, by number, and whether a form can still be gone on with: by the rules of the rooms
//! whose forms they are, as anybody may keep something for any address. Numbers alone: it is no page of case material.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use crate::{
    casework::lead::{self, model::Lead},
    directory::people::{Actor, CaseReader, DirectoryReader},
    handover::transfer,
    operation, outcome,
    platform::{
        db::{
            Connection, Id,
            schema::{agency, dossier, evidence, review},
        },
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

/// An object that a form is about.
#[derive(Debug)]
struct Object {
    number: String,
    /// Of what is the platform's alone.
    lead: Option<Lead>,
}

/// What each of these forms is about, as far as `me` may know it. Objects of a kind are read together.
///
/// # Errors
/// Those of the database.
pub(super) fn of_forms<'a>(
    conn: &mut Connection,
    me: &Actor,
    forms: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, About>> {
    let asked: Vec<(&str, (String, Id))> = forms.filter_map(|form| Some((form, object(form)?))).collect();
    let mut kinds: BTreeMap<&str, Vec<Id>> = BTreeMap::new();
    for (_, (kind, id)) in &asked {
        kinds.entry(kind).or_default().push(*id);
    }
    let mut known: HashMap<(&str, Id), Object> = HashMap::new();
    for (kind, ids) in kinds {
        known.extend(of_kind(conn, me, kind, &ids)?.into_iter().map(|(id, object)| ((kind, id), object)));
    }
    let about = |(form, (kind, id)): &(&str, (String, Id))| {
        let object = known.get(&(kind.as_str(), *id))?;
        let closed = object.lead.as_ref().and_then(|lead| closed(me, lead, form));
        Some(((*form).to_owned(), About { number: object.number.clone(), closed }))
    };
    Ok(asked.iter().filter_map(about).collect())
}

/// Why a form can't be gone on with, in the words that the lead's own pages have for it.
fn closed(me: &Actor, lead: &Lead, form: &str) -> Option<(&'static str, String)> {
    match lead::model::require_changeable(me, lead) {
        Err(AppError::Conflict(why)) if writes_in_a_lead(form) => Some((why, paths::lead(lead.id))),
        _ => None,
    }
}

/// The objects of one kind, as an address begins, by their ids; without those that have no number, are not there, or are not
/// to be seen. Two statements at most, however many they are.
///
/// # Errors
/// Those of the database.
fn of_kind(conn: &mut Connection, me: &Actor, kind: &str, ids: &[Id]) -> Result<Vec<(Id, Object)>> {
    // Whoever reads for the platform reads all of its leads.
    let is_reader = me.agency_id().is_none() && me.has_any(CaseReader::ROLES);
    let numbers: Vec<(Id, String)> = match kind {
        "leads" | "evidence" | "approvals" | "dossiers" if is_reader => return of_leads(conn, kind, ids),
        "transfers" => of_transfers(conn, me, ids)?,
        "cases" => of_cases(conn, me, ids)?.into_iter().collect(),
        "outcomes" => {
            let rows = outcome::store::these_visible(conn, me, ids)?;
            let cases: Vec<Id> = rows.iter().filter_map(|row| row.case_id).collect();
            let numbers = of_cases(conn, me, &cases)?;
            rows.iter().filter_map(|row| Some((row.id, numbers.get(&row.case_id?)?.clone()))).collect()
        }
        "operations" if is_reader => {
            let rows = operation::store::these(conn, ids)?;
            rows.iter().map(|row| (row.id, me.lang.pick(&row.name_zh, &row.name_en).to_owned())).collect()
        }
        "agencies" if me.has_any(DirectoryReader::ROLES) => {
            agency::table.filter(agency::id.eq_any(ids)).select((agency::id, agency::code)).load(conn)?
        }
        _ => Vec::new(),
    };
    Ok(numbers.into_iter().map(|(id, number)| (id, Object { number, lead: None })).collect())
}

/// What is the platform's alone goes by the number of its lead.
fn of_leads(conn: &mut Connection, kind: &str, ids: &[Id]) -> Result<Vec<(Id, Object)>> {
    let leads_of: Vec<(Id, Id)> = match kind {
        "evidence" => {
            let rows = evidence::table.filter(evidence::id.eq_any(ids));
            rows.select((evidence::id, evidence::lead_id)).load(conn)?
        }
        "approvals" => {
            review::table.filter(review::id.eq_any(ids)).select((review::id, review::lead_id)).load(conn)?
        }
        "dossiers" => dossier::table
            .filter(dossier::id.eq_any(ids))
            .select((dossier::id, dossier::lead_id))
            .load(conn)?,
        _ => ids.iter().map(|id| (*id, *id)).collect(),
    };
    let leads: Vec<Id> = leads_of.iter().map(|(_, lead)| *lead).collect();
    let leads: HashMap<Id, Lead> =
        lead::store::find_many(conn, &leads)?.into_iter().map(|lead| (lead.id, lead)).collect();
    let object = |(id, lead): (Id, Id)| {
        let lead = leads.get(&lead)?;
        Some((id, Object { number: lead.number.clone(), lead: Some(lead.clone()) }))
    };
    Ok(leads_of.into_iter().filter_map(object).collect())
}

fn of_transfers(conn: &mut Connection, me: &Actor, ids: &[Id]) -> Result<Vec<(Id, String)>> {
    let rows = transfer::store::these_visible(conn, me, ids)?;
    let agencies: Vec<Id> = rows.iter().map(|row| row.agency_id).collect();
    let names: Vec<(Id, String, String)> = agency::table
        .filter(agency::id.eq_any(agencies))
        .select((agency::id, agency::name_zh, agency::name_en))
        .load(conn)?;
    let name = |id: Id| names.iter().find(|one| one.0 == id).map(|one| me.lang.pick(&one.1, &one.2));
    let number = |row: &transfer::store::TransferRow| {
        (row.id, numbered(me, &row.number, name(row.agency_id).unwrap_or_default()))
    };
    Ok(rows.iter().map(number).collect())
}

fn of_cases(conn: &mut Connection, me: &Actor, ids: &[Id]) -> Result<HashMap<Id, String>> {
    let rows = outcome::store::visible_cases(conn, me, ids)?;
    let number = |row: &outcome::store::CaseRow| {
        (row.id, numbered(me, &row.number, me.lang.pick(&row.agency_zh, &row.agency_en)))
    };
    Ok(rows.iter().map(number).collect())
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
