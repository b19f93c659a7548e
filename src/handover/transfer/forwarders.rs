//! Which agencies forwarded what another one has, and by which steps it reached that one.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{
    model::StepKind,
    store::{StepRow, TransferRow},
};
use crate::{
    directory::people::Side,
    platform::{
        db::{
            Connection, Id, Instant,
            schema::{agency, forward_request, transfer, transfer_step},
        },
        error::Result,
    },
};

/// Chinese and English name of an agency.
pub type Names = (String, String);

/// The forwards by which a transfer's agency came to what it has.
#[derive(Clone, Debug, Default)]
pub struct Forwarders {
    /// Each agency once, by the age of its own transfer; those as well whose forward the platform passed on.
    pub all: Vec<Names>,
    /// The agency by whose forward a step came about: its person took the step, on a transfer of another one.
    pub by_step: HashMap<Id, Names>,
}

/// A step that forwarded: when, by whom, and which transfer.
type Forward = (Instant, Option<Id>, Id);

/// Of a transfer with its steps.
///
/// # Errors
/// Those of the database.
pub fn of(conn: &mut Connection, row: &TransferRow, steps: &[StepRow]) -> Result<Forwarders> {
    let forwards: Vec<Forward> = transfer_step::table
        .inner_join(transfer::table)
        .filter(transfer::lead_id.eq(row.lead_id))
        .filter(transfer_step::kind.eq(StepKind::Forwarded.as_str()))
        .filter(transfer_step::target_agency_id.eq(Some(row.agency_id)))
        .order((transfer_step::at, transfer_step::id))
        .select((transfer_step::at, transfer_step::actor_id, transfer_step::transfer_id))
        .load(conn)?;
    let arrived: Vec<(Id, Id)> =
        steps.iter().filter_map(|step| Some((step.id, came_by(&forwards, step)?))).collect();
    let asked: Vec<(Id, Option<Id>)> = forward_request::table
        .filter(forward_request::lead_id.eq(row.lead_id))
        .filter(forward_request::target_agency_id.eq(row.agency_id))
        .select((forward_request::transfer_id, forward_request::answered_delivery_id))
        .load(conn)?;
    let is_here = |delivery: Id| steps.iter().any(|step| step.delivery_id == Some(delivery));
    let passed = asked.into_iter().filter(|(_, answer)| answer.is_some_and(is_here)).map(|(from, _)| from);
    let from: Vec<Id> =
        arrived.iter().map(|(_, from)| *from).chain(passed).chain(row.forwarded_from).collect();
    let rows: Vec<(Id, String, String)> = transfer::table
        .inner_join(agency::table)
        .filter(transfer::id.eq_any(from))
        .order(transfer::seq)
        .select((transfer::id, agency::name_zh, agency::name_en))
        .load(conn)?;
    let named = |id: Id| rows.iter().find(|one| one.0 == id).map(|(_, zh, en)| (zh.clone(), en.clone()));
    Ok(Forwarders {
        all: rows.iter().map(|(_, zh, en)| (zh.clone(), en.clone())).collect(),
        by_step: arrived.iter().filter_map(|(step, from)| Some((*step, named(*from)?))).collect(),
    })
}

/// The transfer whose forward brought this step about. Both were written at one moment by one person, but each is kept
/// later than what its own transfer had before, so that their times may lie apart by microseconds. A person of an agency
/// brings nothing but by a forward; one of the platform, who recorded a forward from its paper, sends as well.
fn came_by(forwards: &[Forward], step: &StepRow) -> Option<Id> {
    /// In microseconds.
    const APART: u64 = 1_000;
    let kind: StepKind = step.kind.parse().ok()?;
    if step.actor_id.is_none() || !(kind.delivers() || kind == StepKind::CameBack) {
        return None;
    }
    let is_agencys = step.side == Side::Agency.as_str();
    let apart = |at: Instant| at.micros().abs_diff(step.at.micros());
    let near = forwards.iter().filter(|(_, actor, _)| *actor == step.actor_id);
    let (at, _, from) = near.min_by_key(|(at, ..)| apart(*at))?;
    (is_agencys || apart(*at) < APART).then_some(*from)
}
