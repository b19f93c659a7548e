//! How far the agencies are with the leads of one page.

use std::{cmp::Ordering, collections::HashMap};

use diesel::prelude::*;

use crate::platform::{
    db::{Connection, Id, schema::transfer},
    error::Result,
    i18n::{self, Lang},
};

/// What became of a lead once it was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handed {
    /// Where the agencies that have it stand, as `transfer.state` has it, the furthest first, with how many stand there. From
    /// whom it was taken back, or who passed it on, is one only where nobody else is.
    pub states: Vec<(String, usize)>,
}

/// A transfer of a lead: its state, and how far it ever came.
pub type Transfer = (String, i32);

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

/// What became of a lead with these transfers; of one without any, nothing.
pub fn told(transfers: &[Transfer]) -> Option<Handed> {
    let is_with_it = |(state, _): &&Transfer| !matches!(state.as_str(), "withdrawn" | "forwarded");
    let mut shown: Vec<&Transfer> = transfers.iter().filter(is_with_it).collect();
    if shown.is_empty() {
        shown = transfers.iter().collect();
    }
    shown.sort_by(|a, b| compare(b, a));
    let mut states: Vec<(String, usize)> = Vec::new();
    for (state, _) in shown {
        match states.iter_mut().find(|(known, _)| known == state) {
            Some((_, n)) => *n += 1,
            None => states.push((state.clone(), 1)),
        }
    }
    (!states.is_empty()).then_some(Handed { states })
}

/// That in words, a part for each state. Beside agencies that are further, those that were only sent it have yet to sign for
/// it: that it was sent is true of all of them.
pub fn words(handed: &Handed, lang: Lang) -> Vec<String> {
    let is_one = handed.states.len() == 1;
    let part = |(state, n): &(String, usize)| {
        let word = match state.as_str() {
            "sent" if !is_one => i18n::t(lang, "lead-list-not-acknowledged"),
            state => i18n::t(lang, &format!("story-transfer-{}", state.replace('_', "-"))),
        };
        format!("{word} · {}", i18n::t_count(lang, "lead-list-agencies", *n as u64))
    };
    handed.states.iter().map(part).collect()
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
    fn of_a_lead_each_agency_that_has_it_stands_where_it_is() {
        let told = |transfers: &[(&str, i32)]| {
            let rows: Vec<Transfer> = transfers.iter().map(|(s, n)| ((*s).to_owned(), *n)).collect();
            let states = told(&rows).map(|handed| handed.states).unwrap_or_default();
            states.into_iter().map(|(state, n)| format!("{state} {n}")).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(told(&[]), "");
        assert_eq!(told(&[("sent", 1), ("filed", 4), ("accepted", 3)]), "filed 1, accepted 1, sent 1");
        assert_eq!(told(&[("filed", 4), ("filed", 4)]), "filed 2");
        assert_eq!(told(&[("not_filed", 3), ("received", 2)]), "received 1, not_filed 1");
        assert_eq!(told(&[("returned", 2), ("sent", 1)]), "sent 1, returned 1");
        assert_eq!(told(&[("forwarded", 2), ("sent", 1)]), "sent 1");
        assert_eq!(told(&[("withdrawn", 1)]), "withdrawn 1");
    }
}
