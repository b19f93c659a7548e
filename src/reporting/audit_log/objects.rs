//! What the objects of entries are called: their numbers and codes, as the people who read the log know them.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use crate::{
    audit,
    platform::{
        db::{
            Connection, Id,
            schema::{agency, agency_case, dossier, evidence, lead, outcome, person, review, transfer},
        },
        error::Result,
    },
};

/// Names by id.
pub type Called = HashMap<Id, String>;

/// The names of the first `most` objects of each entry, in one query a kind; what has no number of its own is left out.
///
/// # Errors
/// Those of the database.
pub fn called(conn: &mut Connection, rows: &[audit::Row], most: usize) -> Result<Called> {
    let mut wanted: HashMap<&str, HashSet<Id>> = HashMap::new();
    for (kind, id) in rows.iter().flat_map(|row| row.named().take(most)) {
        if let Ok(id) = id.parse() {
            wanted.entry(kind).or_default().insert(id);
        }
    }
    let mut found = Called::new();
    for (kind, ids) in wanted {
        let ids: Vec<Id> = ids.into_iter().collect();
        for part in ids.chunks(500) {
            found.extend(of_kind(conn, kind, part)?);
        }
    }
    Ok(found)
}

fn of_kind(conn: &mut Connection, kind: &str, ids: &[Id]) -> Result<Vec<(Id, String)>> {
    Ok(match kind {
        "lead" => lead::table.filter(lead::id.eq_any(ids)).select((lead::id, lead::number)).load(conn)?,
        "dossier" => dossier::table
            .filter(dossier::id.eq_any(ids))
            .select((dossier::id, dossier::folder))
            .load(conn)?,
        // A transfer's number is its agency's own: it says which one only together with the agency's code.
        "transfer" => {
            let rows: Vec<(Id, String, String)> = transfer::table
                .inner_join(agency::table)
                .filter(transfer::id.eq_any(ids))
                .select((transfer::id, transfer::number, agency::code))
                .load(conn)?;
            rows.into_iter().map(|(id, number, code)| (id, format!("{number} · {code}"))).collect()
        }
        // So is a case's.
        "case" => {
            let rows: Vec<(Id, String, String)> = agency_case::table
                .inner_join(agency::table)
                .filter(agency_case::id.eq_any(ids))
                .filter(agency_case::number.ne(""))
                .select((agency_case::id, agency_case::number, agency::code))
                .load(conn)?;
            rows.into_iter().map(|(id, number, code)| (id, format!("{number} · {code}"))).collect()
        }
        "agency" => {
            agency::table.filter(agency::id.eq_any(ids)).select((agency::id, agency::code)).load(conn)?
        }
        "person" => {
            person::table.filter(person::id.eq_any(ids)).select((person::id, person::username)).load(conn)?
        }
        "evidence" => {
            let rows: Vec<(Id, String, i32)> = evidence::table
                .inner_join(lead::table)
                .filter(evidence::id.eq_any(ids))
                .select((evidence::id, lead::number, evidence::position))
                .load(conn)?;
            rows.into_iter().map(|(id, number, position)| (id, format!("{number} #{position}"))).collect()
        }
        // A review is of a lead, a result of a case; neither has a number of its own that its readers know.
        "review" => review::table
            .inner_join(lead::table)
            .filter(review::id.eq_any(ids))
            .select((review::id, lead::number))
            .load(conn)?,
        "outcome" => {
            let rows: Vec<(Id, String, String)> = outcome::table
                .inner_join(agency_case::table.inner_join(agency::table))
                .filter(outcome::id.eq_any(ids))
                .filter(agency_case::number.ne(""))
                .select((outcome::id, agency_case::number, agency::code))
                .load(conn)?;
            rows.into_iter().map(|(id, number, code)| (id, format!("{number} · {code}"))).collect()
        }
        _ => Vec::new(),
    })
}
