//! Forwards that wait for the platform.

use std::collections::HashMap;

use diesel::{prelude::*, sql_types::Bool};

use super::read::SHOWN;
use crate::{
    directory::people::Actor,
    handover::{
        transfer::passing::{self, Hold},
        waiting::Waits,
    },
    platform::{
        db::{
            Connection, Id, fixed,
            schema::{agency, forward_request, lead, transfer, transfer_face},
        },
        error::Result,
    },
};

/// A forward that waits, by the transfer that was forwarded.
#[derive(Clone, Debug, Queryable)]
pub struct ForwardRow {
    pub transfer_id: Id,
    pub number: String,
    pub lead_number: String,
    /// The one that it is for: not the one whose number it bears.
    pub agency: (String, String),
    pub synthetic: bool,
    /// The lead's, as the forwarding agency was told it.
    pub title: String,
    /// The lead and the agency that it is for.
    pub goes: (Id, Id),
}

/// A forward that waits, with the agency whose number it bears and what holds it up.
pub struct Forward {
    pub row: ForwardRow,
    pub from: (String, String),
    pub held: Option<Held>,
}

/// What the agency that it is for has of the lead already, and the number of that one's transfer.
pub type Held = (Hold, String);

/// The oldest of a transfer that is open stands for it, as on its page.
const FIRST: &str = "forward_request.answered_at IS NULL \
    AND NOT EXISTS (SELECT 1 FROM forward_request o WHERE o.transfer_id = forward_request.transfer_id \
    AND o.answered_at IS NULL AND o.id < forward_request.id)";

/// Those of all leads for a manager, else of those of `me`; each with what holds it up.
///
/// # Errors
/// Those of the database.
pub fn waiting(conn: &mut Connection, me: &Actor) -> Result<Vec<Forward>> {
    let mut query = forward_request::table
        .inner_join(transfer::table.inner_join(transfer_face::table))
        .inner_join(lead::table)
        .inner_join(agency::table)
        .filter(fixed::<Bool>(FIRST))
        .filter(fixed::<Bool>(Waits::Forwards.condition(me.side)))
        .into_boxed();
    // The lead's compiler may have left: whoever else may act on it sees it.
    if !Waits::Forwards.is_of_all_leads(me) {
        query = query.filter(lead::owner_id.nullable().eq(Some(me.id)).or(lead::assignee_id.eq(Some(me.id))));
    }
    let rows: Vec<ForwardRow> = query
        .order(forward_request::asked_at)
        .limit(SHOWN)
        .select((
            transfer::id,
            transfer::number,
            lead::number,
            (agency::name_zh, agency::name_en),
            transfer::synthetic,
            transfer_face::title,
            (forward_request::lead_id, forward_request::target_agency_id),
        ))
        .load(conn)?;
    let wanted: Vec<(Id, Id)> = rows.iter().map(|row| row.goes).collect();
    let held = passing::held_of_each(conn, &wanted)?;
    let ids: Vec<Id> = rows.iter().map(|row| row.transfer_id).collect();
    let senders: Vec<(Id, (String, String))> = transfer::table
        .inner_join(agency::table)
        .filter(transfer::id.eq_any(ids))
        .select((transfer::id, (agency::name_zh, agency::name_en)))
        .load(conn)?;
    let senders: HashMap<Id, (String, String)> = senders.into_iter().collect();
    let with = |row: ForwardRow| {
        let from = senders.get(&row.transfer_id).cloned().unwrap_or_default();
        let held = held.get(&row.goes).cloned();
        Forward { row, from, held }
    };
    Ok(rows.into_iter().map(with).collect())
}
