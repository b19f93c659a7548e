//! Rows of forwards that wait for the platform: what the forwarding agency holds may not go to the other one as it
//! is, or nobody there can sign in, so a version for that one is to be made and handed over; or that one has the lead
//! already, and the platform says whether it gets more.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{
    model::State,
    store::{self, TransferRow},
};
use crate::platform::{
    db::{
        Connection, Id, Instant,
        schema::{agency, forward_request, transfer},
    },
    error::Result,
};

/// What an agency has of a lead that keeps a forward to it from being passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// It handles the lead.
    InHand,
    /// It decided not to file: only what is new goes to it again, and the platform says so.
    Decided,
}

impl Hold {
    /// By where the agency's own transfer of the lead stands; `None`: what is forwarded there may be passed on.
    pub fn of(there: State) -> Option<Self> {
        match there {
            State::Sent | State::Received | State::Accepted | State::Filed | State::SupplementRequested => {
                Some(Self::InHand)
            }
            State::NotFiled => Some(Self::Decided),
            State::NotAccepted | State::Returned | State::Forwarded | State::Withdrawn => None,
        }
    }

    /// The word of it in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InHand => "in-hand",
            Self::Decided => "decided",
        }
    }
}

/// A forward that waits, or waited, for the platform.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = forward_request)]
pub struct PassingRow {
    pub id: Id,
    /// The transfer that was forwarded.
    pub transfer_id: Id,
    pub lead_id: Id,
    pub target_agency_id: Id,
    pub asked_at: Instant,
    /// `None` of one that was answered: it is not passed on.
    pub answered_delivery_id: Option<Id>,
    pub answered_at: Option<Instant>,
}

/// Opens one.
///
/// # Errors
/// Those of the database.
pub fn insert(conn: &mut Connection, row: &PassingRow) -> Result<()> {
    diesel::insert_into(forward_request::table).values(row).execute(conn)?;
    Ok(())
}

/// The newest open one of the lead to an agency.
///
/// # Errors
/// Those of the database.
pub fn open_to(conn: &mut Connection, lead_id: Id, agency_id: Id) -> Result<Option<PassingRow>> {
    Ok(forward_request::table
        .filter(forward_request::lead_id.eq(lead_id))
        .filter(forward_request::target_agency_id.eq(agency_id))
        .filter(forward_request::answered_at.is_null())
        .order(forward_request::asked_at.desc())
        .select(PassingRow::as_select())
        .first(conn)
        .optional()?)
}

/// Every open one of the lead to an agency is answered by the delivery.
///
/// # Errors
/// Those of the database.
pub fn answer(conn: &mut Connection, lead_id: Id, agency_id: Id, delivery: Id, at: Instant) -> Result<()> {
    diesel::update(
        forward_request::table
            .filter(forward_request::lead_id.eq(lead_id))
            .filter(forward_request::target_agency_id.eq(agency_id))
            .filter(forward_request::answered_at.is_null()),
    )
    .set((
        forward_request::answered_delivery_id.eq(Some(delivery)),
        forward_request::answered_at.eq(Some(at)),
    ))
    .execute(conn)?;
    Ok(())
}

/// The open ones of a transfer, oldest first.
///
/// # Errors
/// Those of the database.
pub fn open_from(conn: &mut Connection, transfer_id: Id) -> Result<Vec<PassingRow>> {
    Ok(forward_request::table
        .filter(forward_request::transfer_id.eq(transfer_id))
        .filter(forward_request::answered_at.is_null())
        .order((forward_request::asked_at, forward_request::id))
        .select(PassingRow::as_select())
        .load(conn)?)
}

/// Every open one of a transfer ends without a delivery.
///
/// # Errors
/// Those of the database.
pub fn end(conn: &mut Connection, transfer_id: Id, at: Instant) -> Result<()> {
    diesel::update(
        forward_request::table
            .filter(forward_request::transfer_id.eq(transfer_id))
            .filter(forward_request::answered_at.is_null()),
    )
    .set(forward_request::answered_at.eq(Some(at)))
    .execute(conn)?;
    Ok(())
}

/// Names of the agencies to which a transfer still waits to be passed on.
///
/// # Errors
/// Those of the database.
pub fn waiting(conn: &mut Connection, transfer_id: Id) -> Result<Vec<(String, String)>> {
    Ok(forward_request::table
        .inner_join(agency::table)
        .filter(forward_request::transfer_id.eq(transfer_id))
        .filter(forward_request::answered_at.is_null())
        .order(forward_request::asked_at)
        .select((agency::name_zh, agency::name_en))
        .load(conn)?)
}

/// What the agency has of the lead for which the oldest open forward of a transfer waits, with the number of the agency's
/// own transfer; `None`: nothing keeps it from being passed on. For the platform's eyes.
///
/// # Errors
/// Those of the database.
pub fn held(conn: &mut Connection, row: &TransferRow) -> Result<Option<(Hold, String)>> {
    let Some(first) = open_from(conn, row.id)?.into_iter().next() else { return Ok(None) };
    let there = store::of(conn, first.lead_id, first.target_agency_id)?;
    Ok(there.and_then(|there| Some((Hold::of(there.state())?, there.number))))
}

/// As [`held`], of each of these leads and agencies that has something.
///
/// # Errors
/// Those of the database.
pub fn held_of_each(conn: &mut Connection, wanted: &[(Id, Id)]) -> Result<HashMap<(Id, Id), (Hold, String)>> {
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let (leads, agencies): (Vec<Id>, Vec<Id>) = wanted.iter().copied().unzip();
    let rows: Vec<TransferRow> = transfer::table
        .filter(transfer::lead_id.eq_any(leads))
        .filter(transfer::agency_id.eq_any(agencies))
        .select(TransferRow::as_select())
        .load(conn)?;
    let held = |row: TransferRow| Some(((row.lead_id, row.agency_id), (Hold::of(row.state())?, row.number)));
    Ok(rows.into_iter().filter_map(held).collect())
}
