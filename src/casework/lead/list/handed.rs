//! How far the agencies are with the leads of one page.

use std::{cmp::Ordering, collections::HashMap};

use diesel::prelude::*;

use crate::platform::{
    db::{Connection, Id, schema::transfer},
    error::Result,
};

/// What became of a lead once it was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handed {
    /// Where the furthest of its transfers stands, as `transfer.state` has it.
    pub state: String,
    /// How many agencies have it. From whom it was taken back, or who passed it on, is one only where nobody else is.
    pub agencies: usize,
}

/// A transfer of a lead: its state, and how far it ever came.
type Transfer = (String, i32);

/// Those that go on come before those that ended, and of both the one that came further.
fn compare((a, a_stage): &Transfer, (b, b_stage): &Transfer) -> Ordering {
    let going = |state: &str| match state {
        "withdrawn" => 0,
        "forwarded" => 1,
        "not_accepted" | "not_filed" | "returned" => 2,
        _ => 3,
    };
    (going(a), a_stage, a).cmp(&(going(b), b_stage, b))
}

fn told(transfers: &[Transfer]) -> Option<Handed> {
    let (state, _) = transfers.iter().max_by(|a, b| compare(a, b))?;
    let having = transfers.iter().filter(|(state, _)| !matches!(state.as_str(), "withdrawn" | "forwarded"));
    let agencies = match having.count() {
        0 => transfers.len(),
        n => n,
    };
    Some(Handed { state: state.clone(), agencies })
}

/// What became of the leads of one page; of those that were handed to nobody, nothing.
///
/// # Errors
/// Those of the database.
pub fn of_many(conn: &mut Connection, lead_ids: &[Id]) -> Result<HashMap<Id, Handed>> {
    let mut found: HashMap<Id, Vec<Transfer>> = HashMap::new();
    for part in lead_ids.chunks(500) {
        let rows: Vec<(Id, String, i32)> = transfer::table
            .filter(transfer::lead_id.eq_any(part))
            .select((transfer::lead_id, transfer::state, transfer::stage))
            .load(conn)?;
        rows.into_iter().for_each(|(id, state, stage)| found.entry(id).or_default().push((state, stage)));
    }
    Ok(found.into_iter().filter_map(|(id, transfers)| Some((id, told(&transfers)?))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_is_as_far_as_the_furthest_of_those_that_go_on() {
        let told = |transfers: &[(&str, i32)]| {
            let rows: Vec<Transfer> = transfers.iter().map(|(s, n)| ((*s).to_owned(), *n)).collect();
            told(&rows).map(|handed| (handed.state, handed.agencies))
        };
        assert_eq!(told(&[]), None);
        assert_eq!(told(&[("sent", 1), ("filed", 4), ("accepted", 3)]), Some(("filed".into(), 3)));
        assert_eq!(told(&[("not_filed", 3), ("received", 2)]), Some(("received".into(), 2)));
        assert_eq!(told(&[("returned", 2), ("sent", 1)]), Some(("sent".into(), 2)));
        assert_eq!(told(&[("forwarded", 2), ("sent", 1)]), Some(("sent".into(), 1)));
        assert_eq!(told(&[("withdrawn", 1)]), Some(("withdrawn".into(), 1)));
    }
}
