//! Who sent what an agency has, be it to the agency that forwarded it.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{model::StepKind, store::StepRow};
use crate::platform::{
    db::{
        Connection, Id,
        schema::{transfer, transfer_step},
    },
    error::Result,
};

/// Who sent what the agency had after these steps.
pub fn sender(rows: &[StepRow]) -> Option<Id> {
    let delivers = |kind: &str| kind.parse::<StepKind>().is_ok_and(StepKind::delivers);
    rows.iter().rev().find(|row| delivers(&row.kind)).and_then(|row| row.actor_id)
}

/// Who sent, of each of these transfers, what its agency had last; none where the program did.
///
/// # Errors
/// Those of the database.
pub fn last_senders(conn: &mut Connection, transfers: &[Id]) -> Result<HashMap<Id, Id>> {
    let delivers = StepKind::ALL.iter().filter(|kind| kind.delivers()).map(|kind| kind.as_str());
    let sent: Vec<(Id, Option<Id>)> = transfer_step::table
        .filter(transfer_step::transfer_id.eq_any(transfers))
        .filter(transfer_step::kind.eq_any(delivers.collect::<Vec<_>>()))
        .order((transfer_step::at, transfer_step::id))
        .select((transfer_step::transfer_id, transfer_step::actor_id))
        .load(conn)?;
    // The later one of a transfer takes the place of the earlier.
    let last: HashMap<Id, Option<Id>> = sent.into_iter().collect();
    Ok(last.into_iter().filter_map(|(id, who)| Some((id, who?))).collect())
}

/// A step of any transfer of a lead, as far as it tells who sent what came by a forward.
#[derive(Clone, Debug, Queryable)]
struct WayStep {
    lead_id: Id,
    agency_id: Id,
    kind: String,
    actor_id: Option<Id>,
    target_agency_id: Option<Id>,
}

impl WayStep {
    fn delivers(&self) -> bool {
        self.kind.parse::<StepKind>().is_ok_and(StepKind::delivers)
    }

    fn forwards_to(&self, agency: Id) -> bool {
        self.kind == StepKind::Forwarded.as_str() && self.target_agency_id == Some(agency)
    }
}

/// Of each of these transfers, given by its lead and its agency, in their order: who had sent what its agency has by
/// a forward to those that forwarded it, through however many hands it went. They stand on the sender's side as much
/// as who forwarded it.
///
/// # Errors
/// Those of the database.
pub fn first_senders_of_each(conn: &mut Connection, transfers: &[(Id, Id)]) -> Result<Vec<Vec<Id>>> {
    let leads: Vec<Id> = transfers.iter().map(|(lead, _)| *lead).collect();
    let steps: Vec<WayStep> = transfer_step::table
        .inner_join(transfer::table)
        .filter(transfer::lead_id.eq_any(leads))
        .order((transfer_step::at, transfer_step::id))
        .select((
            transfer::lead_id,
            transfer::agency_id,
            transfer_step::kind,
            transfer_step::actor_id,
            transfer_step::target_agency_id,
        ))
        .load(conn)?;
    let before = |(lead, agency): &(Id, Id)| {
        let own: Vec<&WayStep> = steps.iter().filter(|step| step.lead_id == *lead).collect();
        senders_before(&own, *agency)
    };
    Ok(transfers.iter().map(before).collect())
}

/// As [`first_senders_of_each`], of all of them together.
///
/// # Errors
/// Those of the database.
pub fn first_senders(conn: &mut Connection, transfers: &[(Id, Id)]) -> Result<Vec<Id>> {
    Ok(first_senders_of_each(conn, transfers)?.concat())
}

/// The way back from `agency`, by the steps of its lead in their order.
fn senders_before(steps: &[&WayStep], agency: Id) -> Vec<Id> {
    let mut found = Vec::new();
    let (mut seen, mut next) = (vec![agency], vec![agency]);
    while let Some(here) = next.pop() {
        let delivered = steps.iter().filter(|step| step.agency_id == here && step.delivers());
        let mut senders: Vec<Id> = delivered.filter_map(|step| step.actor_id).collect();
        if here == agency {
            // What it has is what came last.
            senders = senders.last().copied().into_iter().collect();
        } else {
            found.extend(senders.iter().copied());
        }
        for step in steps.iter().filter(|step| step.forwards_to(here)) {
            let is_sending = step.actor_id.is_some_and(|actor| senders.contains(&actor));
            if is_sending && !seen.contains(&step.agency_id) {
                seen.push(step.agency_id);
                next.push(step.agency_id);
            }
        }
    }
    found
}
