//! What entries name: persons and sites by identity, with the words that their own rows have for them; and whom an
//! entry of a case could name.

use diesel::prelude::*;

use super::model::IdentityKind;
use crate::platform::{
    db::{
        Connection, Id,
        schema::{
            case_transfer, lead_site, lead_subject, outcome, outcome_identity, site, subject, transfer,
        },
    },
    error::Result,
};

/// What an entry names: identity, and the words that its own row has for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub id: Id,
    pub kind: IdentityKind,
    pub label: String,
}

/// Writes what an entry names.
///
/// # Errors
/// Those of the database.
pub fn insert_identity(conn: &mut Connection, outcome_id: Id, kind: IdentityKind, id: Id) -> Result<()> {
    diesel::insert_into(outcome_identity::table)
        .values((
            outcome_identity::outcome_id.eq(outcome_id),
            outcome_identity::kind.eq(kind.as_str()),
            outcome_identity::identity_id.eq(id),
        ))
        .execute(conn)?;
    Ok(())
}

/// What an entry names, with the words of the rows that hold them (those may be erased by law, the entry not).
///
/// # Errors
/// Those of the database.
pub fn named(conn: &mut Connection, outcome_id: Id) -> Result<Vec<Named>> {
    let rows: Vec<(String, Id)> = outcome_identity::table
        .filter(outcome_identity::outcome_id.eq(outcome_id))
        .order((outcome_identity::kind, outcome_identity::identity_id))
        .select((outcome_identity::kind, outcome_identity::identity_id))
        .load(conn)?;
    let ids: Vec<Id> = rows.iter().map(|(_, id)| *id).collect();
    let labels = labels(conn, &ids)?;
    Ok(rows
        .into_iter()
        .map(|(kind, id)| Named {
            id,
            kind: kind.parse().unwrap_or(IdentityKind::Subject),
            label: labels.get(&id).cloned().unwrap_or_default(),
        })
        .collect())
}

/// The words for subjects and sites.
///
/// # Errors
/// Those of the database.
pub fn labels(conn: &mut Connection, ids: &[Id]) -> Result<std::collections::HashMap<Id, String>> {
    let mut found = std::collections::HashMap::new();
    for part in ids.chunks(500) {
        let subjects: Vec<(Id, String)> = subject::table
            .filter(subject::id.eq_any(part))
            .select((subject::id, subject::name))
            .load(conn)?;
        let sites: Vec<(Id, String)> =
            site::table.filter(site::id.eq_any(part)).select((site::id, site::address)).load(conn)?;
        found.extend(subjects);
        found.extend(sites);
    }
    Ok(found)
}

/// The persons that the leads of a case name.
///
/// # Errors
/// Those of the database.
pub fn subjects_of_case(conn: &mut Connection, case_id: Id) -> Result<Vec<Named>> {
    let leads = transfer::table
        .inner_join(case_transfer::table)
        .filter(case_transfer::case_id.eq(case_id))
        .select(transfer::lead_id);
    let rows: Vec<(Id, String)> = subject::table
        .filter(subject::kind.eq_any(["person", "company"]))
        .filter(subject::id.eq_any(
            lead_subject::table.filter(lead_subject::lead_id.eq_any(leads)).select(lead_subject::subject_id),
        ))
        .order((subject::name, subject::id))
        .select((subject::id, subject::name))
        .limit(300)
        .load(conn)?;
    let mut all: Vec<Named> =
        rows.into_iter().map(|(id, label)| Named { id, kind: IdentityKind::Subject, label }).collect();
    all.extend(named_in_case(conn, case_id, IdentityKind::Subject)?);
    Ok(each_once(all))
}

/// The sites that the leads of a case name.
///
/// # Errors
/// Those of the database.
pub fn sites_of_case(conn: &mut Connection, case_id: Id) -> Result<Vec<Named>> {
    let leads = transfer::table
        .inner_join(case_transfer::table)
        .filter(case_transfer::case_id.eq(case_id))
        .select(transfer::lead_id);
    let rows: Vec<(Id, String)> = site::table
        .filter(
            site::id
                .eq_any(lead_site::table.filter(lead_site::lead_id.eq_any(leads)).select(lead_site::site_id)),
        )
        .order((site::region_code, site::address, site::id))
        .select((site::id, site::address))
        .limit(300)
        .load(conn)?;
    let mut all: Vec<Named> =
        rows.into_iter().map(|(id, label)| Named { id, kind: IdentityKind::Site, label }).collect();
    all.extend(named_in_case(conn, case_id, IdentityKind::Site)?);
    Ok(each_once(all))
}

/// Those that entries of the case named before, though no lead does.
fn named_in_case(conn: &mut Connection, case_id: Id, kind: IdentityKind) -> Result<Vec<Named>> {
    let ids: Vec<Id> = outcome_identity::table
        .inner_join(outcome::table.on(outcome::id.eq(outcome_identity::outcome_id)))
        .filter(outcome::case_id.eq(case_id))
        .filter(outcome_identity::kind.eq(kind.as_str()))
        .select(outcome_identity::identity_id)
        .distinct()
        .limit(300)
        .load(conn)?;
    let labels = labels(conn, &ids)?;
    let label = |id: Id| labels.get(&id).cloned().unwrap_or_default();
    Ok(ids.into_iter().map(|id| Named { id, kind, label: label(id) }).collect())
}

fn each_once(mut all: Vec<Named>) -> Vec<Named> {
    let mut seen = std::collections::HashSet::new();
    all.retain(|named| seen.insert(named.id));
    all
}
