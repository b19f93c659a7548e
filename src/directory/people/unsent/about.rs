//! What the forms of the list are about, by number, and whether a form can still be gone on with. Read here of the tables of
//! rooms that come later, as it is the list of all of them; scoped by its reader, as anybody may keep something for any
//! address. Numbers alone: it is no page of case material.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::{
    directory::people::{guard::CaseReader, model::Actor},
    platform::{
        db::{
            Connection, Id,
            schema::{
                access, agency, agency_case, dossier, evidence, lead, operation, outcome, review, transfer,
            },
        },
        error::Result,
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

/// A lead: its id, number, state, owner and assignee.
type LeadOf = (Id, String, String, Id, Option<Id>);

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

/// Why `me` can't write in a lead now; the same words as its pages have.
fn hindrance(me: &Actor, (_, _, state, owner, assignee): &LeadOf) -> Option<&'static str> {
    if *owner != me.id && *assignee != Some(me.id) {
        return Some("conflict-lead-not-yours");
    }
    match state.as_str() {
        "in_review" => Some("conflict-lead-in-review"),
        "approved" => Some("conflict-lead-approved"),
        "withdrawn" => Some("conflict-lead-withdrawn"),
        "trashed" => Some("conflict-lead-trashed"),
        _ => None,
    }
}

/// What each of these forms is about, as far as `me` may know it.
///
/// # Errors
/// Those of the database.
pub(super) fn of_forms(
    conn: &mut Connection,
    me: &Actor,
    forms: &[String],
) -> Result<HashMap<String, About>> {
    let mut ids: HashMap<String, Vec<Id>> = HashMap::new();
    for (kind, id) in forms.iter().filter_map(|form| object(form)) {
        ids.entry(kind).or_default().push(id);
    }
    let mut leads: HashMap<Id, LeadOf> = HashMap::new();
    let mut numbers: HashMap<Id, String> = HashMap::new();
    for (kind, ids) in &ids {
        if me.has_any(CaseReader::ROLES) {
            leads.extend(leads_of(conn, kind, ids)?);
        }
        numbers.extend(numbers_of(conn, me, kind, ids)?);
    }
    let about = |form: &String| {
        let (_, id) = object(form)?;
        let Some(lead) = leads.get(&id) else {
            return Some((form.clone(), About { number: numbers.get(&id)?.clone(), closed: None }));
        };
        let why = hindrance(me, lead).filter(|_| writes_in_a_lead(form));
        let closed = why.map(|key| (key, paths::lead(lead.0)));
        Some((form.clone(), About { number: lead.1.clone(), closed }))
    };
    Ok(forms.iter().filter_map(about).collect())
}

/// The leads of what is the platform's alone.
fn leads_of(conn: &mut Connection, kind: &str, ids: &[Id]) -> Result<Vec<(Id, LeadOf)>> {
    let columns = (lead::id, lead::number, lead::state, lead::owner_id, lead::assignee_id);
    Ok(match kind {
        "leads" => {
            let rows = lead::table.filter(lead::id.eq_any(ids)).select((lead::id, columns));
            rows.load(conn)?
        }
        "evidence" => {
            let rows = evidence::table.inner_join(lead::table).filter(evidence::id.eq_any(ids));
            rows.select((evidence::id, columns)).load(conn)?
        }
        "approvals" => {
            let rows = review::table.inner_join(lead::table).filter(review::id.eq_any(ids));
            rows.select((review::id, columns)).load(conn)?
        }
        "dossiers" => {
            let rows = dossier::table.inner_join(lead::table).filter(dossier::id.eq_any(ids));
            rows.select((dossier::id, columns)).load(conn)?
        }
        _ => Vec::new(),
    })
}

/// What else has a number or a name. A number of a transfer or a case is its agency's own, which the platform reads beside
/// it; an agency reads of those alone that it may see.
fn numbers_of(conn: &mut Connection, me: &Actor, kind: &str, ids: &[Id]) -> Result<Vec<(Id, String)>> {
    type Numbered = (Id, String, (String, String));
    let with_agency = |rows: Vec<Numbered>| -> Vec<(Id, String)> {
        let named = |(id, number, (zh, en)): Numbered| {
            let name = if me.agency.is_none() { me.lang.pick(&zh, &en) } else { "" };
            let parts = [number.as_str(), name].into_iter().filter(|part| !part.is_empty());
            (id, parts.collect::<Vec<_>>().join(" · "))
        };
        rows.into_iter().map(named).collect()
    };
    if me.agency.is_none() && !me.has_any(CaseReader::ROLES) {
        // Whoever looks after accounts and agencies reads no case.
        let rows = agency::table.filter(agency::id.eq_any(ids)).select((agency::id, agency::code));
        return Ok(if kind == "agencies" { rows.load(conn)? } else { Vec::new() });
    }
    let seen = |own: Id| access::table.filter(access::agency_id.eq(own)).select(access::object_id);
    Ok(match kind {
        "transfers" => {
            let mut rows = transfer::table
                .inner_join(agency::table)
                .filter(transfer::id.eq_any(ids))
                .select((transfer::id, transfer::number, (agency::name_zh, agency::name_en)))
                .into_boxed();
            if let Some(own) = me.agency_id() {
                rows = rows.filter(transfer::agency_id.eq(own)).filter(transfer::id.eq_any(seen(own)));
            }
            with_agency(rows.load(conn)?)
        }
        "cases" => {
            let mut rows = agency_case::table
                .inner_join(agency::table)
                .filter(agency_case::id.eq_any(ids))
                .select((agency_case::id, agency_case::number, (agency::name_zh, agency::name_en)))
                .into_boxed();
            if let Some(own) = me.agency_id() {
                rows = rows.filter(agency_case::agency_id.eq(own)).filter(agency_case::id.eq_any(seen(own)));
            }
            with_agency(rows.load(conn)?)
        }
        // Of its case.
        "outcomes" => {
            let mut rows = outcome::table
                .inner_join(agency_case::table.inner_join(agency::table))
                .filter(outcome::id.eq_any(ids))
                .select((outcome::id, agency_case::number, (agency::name_zh, agency::name_en)))
                .into_boxed();
            if let Some(own) = me.agency_id() {
                rows = rows.filter(agency_case::agency_id.eq(own)).filter(agency_case::id.eq_any(seen(own)));
            }
            with_agency(rows.load(conn)?)
        }
        "operations" if me.agency.is_none() => {
            let rows: Vec<(Id, String, String)> = operation::table
                .filter(operation::id.eq_any(ids))
                .select((operation::id, operation::name_zh, operation::name_en))
                .load(conn)?;
            rows.into_iter().map(|(id, zh, en)| (id, me.lang.pick(&zh, &en).to_owned())).collect()
        }
        "agencies" if me.agency.is_none() => {
            agency::table.filter(agency::id.eq_any(ids)).select((agency::id, agency::code)).load(conn)?
        }
        _ => Vec::new(),
    })
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
