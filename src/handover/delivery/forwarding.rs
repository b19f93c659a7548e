//! Forwarding is a sending by the agency. The other agency gets what the platform has released to it, and nothing else:
//! its own dossier of the newest sealed version where there is one, else the forwarder's, if nothing in it was ever
//! kept from it. Where neither may go as it is, or nobody there can sign in, the forward is on record and waits for the
//! platform, which makes a version for that agency and hands it over. So does a forward to an agency that has the lead in
//! hand, or decided not to file it: what that agency has is the platform's to know, and the forwarder is answered as of
//! any other.

use super::{
    actions::{Sending, came_back, insert, open},
    store::{self, DossierRow},
};
use crate::{
    access, audit,
    directory::{
        people::{Actor, Side},
        reference::ReasonKind,
    },
    handover::{
        deadline::{self, Occurrence, clocks::Event},
        transfer::{
            actions::{self as transfer, By, NewStep, Why},
            mail,
            model::{self, Channel, State, StepKind},
            passing::{self, Hold, PassingRow},
            store::{self as transfers, TransferRow},
        },
    },
    platform::{
        db::{Connection, Id, Instant, Tx},
        error::{AppError, Result},
        time,
    },
};

/// Where a transfer is forwarded to, and since when it was known not to be the agency's.
#[derive(Clone, Debug)]
pub struct Forwarding {
    pub target: Id,
    pub why: Why,
    /// The law's 24 hours run from here.
    pub found_at: Option<Instant>,
}

/// 转送: what may go on goes to another agency, on a transfer of its own.
///
/// # Errors
/// `NotFound`; `Conflict` where this transfer can't be forwarded, before anything is asked of the other agency;
/// `Invalid`.
pub fn forward(tx: &mut Tx<'_>, me: &Actor, id: Id, forwarding: &Forwarding, by: &By) -> Result<()> {
    let row = transfers::visible(tx.conn(), me, id)?;
    allowed(tx.conn(), &row, by)?;
    let agency = transfers::agency_row(tx.conn(), row.agency_id)?;
    forwarding.why.check(ReasonKind::Forward, &agency.type_code, time::day_of(by.at, by.zone))?;
    if forwarding.target == row.agency_id {
        return Err(AppError::field("target", "error-transfer-own-agency"));
    }
    let target = match transfers::agency_row(tx.conn(), forwarding.target) {
        Err(AppError::NotFound) => return Err(AppError::field("target", "error-unknown")),
        found => found?,
    };
    let today = time::day_of(by.at, by.zone);
    target.in_being(today).map_err(|_| AppError::field("target", "error-agency-not-in-being"))?;
    let there = transfers::of(tx.conn(), row.lead_id, target.id)?;
    if let Some(found_at) = forwarding.found_at {
        found_in_time(&row, found_at, by)?;
        let parties = transfer::parties(tx.conn(), &row)?;
        let event = Event::NotOwnJurisdictionFound;
        let what = Occurrence { event, case: None, at: found_at, zone: by.zone, is_end: false };
        deadline::happened(tx, &parties, &what)?;
    }
    let new = NewStep {
        reason_code: Some(&forwarding.why.code),
        text: &forwarding.why.text,
        target_agency: Some(target.id),
        ..NewStep::of(StepKind::Forwarded)
    };
    transfer::take(tx, &row, &new, by)?;
    let arrival = arrive(tx, &row, target.id, there, by)?;
    let entry = transfer::entry("transfer.forward", &row)
        .object("agency", target.id)
        .fact("reason", forwarding.why.code.clone())
        .fact("waits", matches!(arrival, Arrival::Waits));
    let mut entry = by.mark(entry);
    if let Arrival::Arrived(arrived, dossier) = &arrival {
        entry = entry.object("transfer", arrived.id).object("dossier", *dossier);
    }
    if !forwarding.why.text.is_empty() {
        entry = entry.private("text", forwarding.why.text.clone());
    }
    audit::record(tx, entry)?;
    match arrival {
        Arrival::Waits => mail::tell(tx, &row, Side::Platform, "forward-waiting"),
        Arrival::Arrived(arrived, _) => {
            mail::tell(tx, &row, Side::Platform, "transfer-moved")?;
            let forwarder = |lang| vec![("agency", agency.name(lang).to_owned())];
            mail::tell_with(tx, &arrived, Side::Agency, "transfer-forwarded", &forwarder)
        }
    }
}

/// Refuses what the way of this transfer, or who would record its agency's paper, does not allow.
fn allowed(conn: &mut Connection, row: &TransferRow, by: &By) -> Result<()> {
    let steps = transfers::step_rows(conn, row.id)?;
    transfer::paper_allowed(conn, row, &steps, by, None)?;
    let standing = model::derive(&transfers::as_steps(&steps)?).map_err(AppError::Conflict)?;
    model::allows(&standing, StepKind::Forwarded).map_err(AppError::Conflict)
}

/// Nothing is found of a dossier that was not received yet, to the minute that forms know; a paper that is recorded
/// later may bear an earlier time.
///
/// # Errors
/// `Invalid`.
pub fn found_in_time(row: &TransferRow, found_at: Instant, by: &By) -> Result<()> {
    const MINUTE: i64 = 60_000_000;
    let early = |received: Instant| found_at.micros() / MINUTE < received.micros() / MINUTE;
    if !by.paper && row.received_at.is_some_and(early) {
        return Err(AppError::field("found_at", "error-found-before-received"));
    }
    Ok(())
}

/// What came of a forward.
enum Arrival {
    /// A dossier is with the other agency, on this transfer.
    Arrived(Box<TransferRow>, Id),
    /// The platform is to make a version for it, and to hand it over.
    Waits,
}

/// The forwarded dossier reaches its new agency. One whose own transfer, `there`, has ended without a decision on filing
/// has it again, but for one that the platform took back, which is the platform's to give again. Whether one that has the
/// lead, or decided on it, gets more is the platform's to say as well.
fn arrive(
    tx: &mut Tx<'_>,
    from: &TransferRow,
    target: Id,
    there: Option<TransferRow>,
    by: &By,
) -> Result<Arrival> {
    let is_the_platforms = |state: State| state == State::Withdrawn || Hold::of(state).is_some();
    let waits = there.as_ref().is_some_and(|there| is_the_platforms(there.state()));
    let mut released = if waits { None } else { releasable(tx.conn(), from, target)? };
    let had = there.as_ref().filter(|there| there.state() == State::Forwarded).map(|there| there.id);
    let held = match had {
        Some(id) => store::of_transfer(tx.conn(), id)?,
        None => Vec::new(),
    };
    let holds = released.as_ref().is_some_and(|dossier| held.iter().any(|one| one.dossier_id == dossier.id));
    if !holds && !transfers::has_accounts(tx.conn(), target)? {
        // Somebody has to hand it over: it is sent, and its time runs, once that was done.
        released = None;
    }
    let Some(dossier) = released else {
        let row = PassingRow {
            id: Id::new(),
            transfer_id: from.id,
            lead_id: from.lead_id,
            target_agency_id: target,
            asked_at: by.at,
            answered_delivery_id: None,
            answered_at: None,
        };
        passing::insert(tx.conn(), &row)?;
        return Ok(Arrival::Waits);
    };
    let row = match there {
        Some(row) => row,
        None => open(tx, &dossier, Channel::Portal, target, Some(from.id), by)?,
    };
    if had.is_some() {
        came_back(tx, &row, by)?;
    }
    let sent = By { paper: false, scan: None, ..by.clone() };
    let step = if had.is_some() { StepKind::Delivered } else { StepKind::Sent };
    // What the agency holds already is its again without being sent a second time. What had ended is sent anew, and its
    // receipt is another one.
    let delivery = if holds { None } else { Some(insert(tx, &row, &dossier, &sending(&dossier, by), by)?) };
    access::grant(tx, "transfer", row.id, row.agency_id)?;
    access::grant(tx, "dossier", dossier.id, row.agency_id)?;
    if delivery.is_some() {
        transfer::take(tx, &row, &NewStep { delivery, ..NewStep::of(step) }, &sent)?;
    }
    Ok(Arrival::Arrived(Box::new(row), dossier.id))
}

fn sending(dossier: &DossierRow, by: &By) -> Sending {
    Sending {
        dossier: dossier.id,
        channel: Channel::Portal,
        handed_on: by.on_day,
        handed_by: String::new(),
        handed_to: String::new(),
        tracking_number: String::new(),
        encrypted_to: None,
    }
}

/// The dossier that may go to `target` without another decision of the platform; `None`: there is none.
fn releasable(conn: &mut Connection, from: &TransferRow, target: Id) -> Result<Option<DossierRow>> {
    let lead = transfers::lead_row(conn, from.lead_id)?;
    if matches!(lead.state.as_str(), "withdrawn" | "trashed") {
        return Ok(None);
    }
    if let Some(own) = store::in_newest_sealed(conn, from.lead_id, target)? {
        let own = store::dossier_row(conn, own)?;
        let free = !store::is_being_replaced(conn, &own)? && !store::holds_marked(conn, own.id)?;
        return Ok(free.then_some(own));
    }
    let Some(newest) = store::of_transfer(conn, from.id)?.into_iter().next() else { return Ok(None) };
    let dossier = store::dossier_row(conn, newest.dossier_id)?;
    let free = dossier.sealed_at.is_some()
        && !store::is_superseded(conn, &dossier)?
        && !store::is_being_replaced(conn, &dossier)?
        && !store::holds_marked(conn, dossier.id)?
        && !store::holds_kept_from(conn, &dossier, target)?;
    Ok(free.then_some(dossier))
}
