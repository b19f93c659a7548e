//! Sending and acknowledging: a dossier goes to its agency, on a new transfer or on the one that is there, and the
//! receipt binds to its manifest hash.

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;

use super::{
    signed_receipt::actions::{self as signed_receipt, Issuer, Made, Showing},
    store::{self, DeliveryRow, DossierRow},
};
use crate::{
    access, audit,
    casework::dossier::stated,
    directory::{
        agencies::keys,
        people::{Actor, Side},
    },
    handover::transfer::{
        actions::{self as transfer, By, NewStep},
        face, mail,
        model::{self, Channel, State, StepKind},
        passing::{self, Hold, PassingRow},
        requests,
        store::{self as transfers, NewTransfer, TransferRow},
    },
    platform::{
        db::{Connection, Id, Instant, Tx, next_number},
        error::{AppError, FieldError, Result},
        paths, time,
    },
};

/// That the keys of an agency are others than those that a form was filled in by.
pub(super) const KEYS_CHANGED: &str = "error-delivery-keys";

/// How a dossier is handed over.
#[derive(Clone, Debug)]
pub struct Sending {
    pub dossier: Id,
    pub channel: Channel,
    /// Paper and disc only.
    pub handed_on: Option<NaiveDate>,
    pub handed_by: String,
    pub handed_to: String,
    pub tracking_number: String,
    /// On a disc: the keys that the package on it is encrypted to, as they were told when it was made ready; `None`: to none.
    pub encrypted_to: Option<Vec<Id>>,
}

/// Sends a sealed dossier to its agency. Opens the transfer of the lead to the agency, or delivers on the one that
/// is there, which answers an open request for a supplement. Returns the transfer.
///
/// # Errors
/// `NotFound`; `Conflict` when it is not sealed, superseded, or not the actor's to send; `Elsewhere`, to the
/// transfer, when this very dossier was sent before.
pub fn send(tx: &mut Tx<'_>, me: &Actor, sending: &Sending, by: &By) -> Result<Id> {
    let dossier = store::dossier_row(tx.conn(), sending.dossier)?;
    if let Some(sent) = store::delivered_on(tx.conn(), &dossier)? {
        return Err(AppError::Elsewhere(paths::transfer(sent)));
    }
    sendable(tx.conn(), me, &dossier, time::day_of(by.at, by.zone))?;
    if sending.channel == Channel::Portal && !transfers::has_accounts(tx.conn(), dossier.agency_id)? {
        return Err(AppError::field("channel", "error-channel-no-accounts"));
    }
    let sealed = dossier.sealed_at.map(|at| time::day_of(at, by.zone));
    if let Some(sealed) = sealed.filter(|sealed| sending.handed_on.is_some_and(|day| day < *sealed)) {
        let fault = FieldError::new("handed_on", "error-day-too-early").arg("day", sealed);
        return Err(AppError::Invalid(vec![fault]));
    }
    if let Some(told) = &sending.encrypted_to {
        encrypted_to(tx.conn(), dossier.agency_id, told)?;
    }
    deliver(tx, &dossier, sending, by).map(|row| row.id)
}

/// Refuses keys that are not those which what goes to an agency is encrypted to now: one of them was revoked since the
/// package was made ready, or another one came.
///
/// # Errors
/// `Invalid`.
fn encrypted_to(conn: &mut Connection, agency: Id, told: &[Id]) -> Result<()> {
    let now: Vec<Id> = keys::in_force(conn, agency)?.into_iter().map(|key| key.id).collect();
    let is_same = !now.is_empty() && now.len() == told.len() && now.iter().all(|id| told.contains(id));
    if is_same { Ok(()) } else { Err(AppError::field("encrypted", KEYS_CHANGED)) }
}

/// Refuses a dossier that this actor can't send today, in whatever way.
///
/// # Errors
/// `Conflict` when it is not sealed, superseded, or not the actor's to send, or its agency takes none.
pub fn sendable(conn: &mut Connection, me: &Actor, dossier: &DossierRow, today: NaiveDate) -> Result<()> {
    let lead = transfers::lead_row(conn, dossier.lead_id)?;
    if !transfer::may_send(me, &lead) {
        return Err(AppError::Conflict("conflict-transfer-not-yours"));
    }
    if dossier.sealed_at.is_none() {
        return Err(AppError::Conflict("conflict-dossier-not-sealed"));
    }
    if matches!(lead.state.as_str(), "withdrawn" | "trashed") {
        return Err(AppError::Conflict("conflict-lead-not-live"));
    }
    if store::is_superseded(conn, dossier)? {
        return Err(AppError::Conflict("conflict-dossier-superseded"));
    }
    if store::is_being_replaced(conn, dossier)? {
        return Err(AppError::Conflict("conflict-dossier-being-replaced"));
    }
    if store::holds_marked(conn, dossier.id)? {
        return Err(AppError::Conflict("conflict-dossier-marked"));
    }
    transfers::agency_row(conn, dossier.agency_id)?.in_being(today).map_err(AppError::Conflict)?;
    passable(conn, dossier)?;
    let Some(there) = transfers::of(conn, dossier.lead_id, dossier.agency_id)? else { return Ok(()) };
    let passed = passing::open_to(conn, dossier.lead_id, dossier.agency_id)?;
    if comes_back(&there, passed.as_ref()) {
        return Ok(());
    }
    delivering(conn, &there).map(|_| ())
}

/// Whether what its agency forwarded is that agency's again with the next delivery, as somebody forwarded it there.
fn comes_back(row: &TransferRow, passed: Option<&PassingRow>) -> bool {
    passed.is_some() && row.state() == State::Forwarded
}

/// Which step a delivery on a transfer would be now.
fn delivering(conn: &mut Connection, row: &TransferRow) -> Result<StepKind> {
    let steps = transfers::as_steps(&transfers::step_rows(conn, row.id)?)?;
    let standing =
        if steps.is_empty() { None } else { Some(model::derive(&steps).map_err(AppError::Conflict)?) };
    model::delivering(standing.as_ref()).map_err(AppError::Conflict)
}

/// A forward that waits undoes no decision that its agency came to: it ends by saying so, and a sending of the platform's
/// own comes after that. What an agency gets of a lead that it has in hand, or is to file after all, passes nothing on.
fn passable(conn: &mut Connection, dossier: &DossierRow) -> Result<()> {
    if passing::open_to(conn, dossier.lead_id, dossier.agency_id)?.is_none() {
        return Ok(());
    }
    let Some(there) = transfers::of(conn, dossier.lead_id, dossier.agency_id)? else { return Ok(()) };
    let decided = Hold::of(there.state()) == Some(Hold::Decided);
    if decided && !store::is_revoked(conn, there.id)? {
        return Err(AppError::Conflict("conflict-passing-decided"));
    }
    Ok(())
}

/// The delivery itself, without asking whether the actor may: for [`send`] and for loading history. It answers what was
/// forwarded to the agency and waits, but where the agency had the lead already: that forward waits for its own end.
///
/// # Errors
/// `Conflict` when the transfer can't take a delivery.
pub fn deliver(tx: &mut Tx<'_>, dossier: &DossierRow, sending: &Sending, by: &By) -> Result<TransferRow> {
    let existing = transfers::of(tx.conn(), dossier.lead_id, dossier.agency_id)?;
    let passed = passing::open_to(tx.conn(), dossier.lead_id, dossier.agency_id)?;
    let holds = existing.as_ref().is_some_and(|row| Hold::of(row.state()).is_some());
    let row = match existing {
        Some(row) => {
            if comes_back(&row, passed.as_ref()) {
                came_back(tx, &row, by)?;
            }
            row
        }
        None => open(tx, dossier, sending.channel, dossier.agency_id, passed.map(|p| p.transfer_id), by)?,
    };
    let kind = delivering(tx.conn(), &row)?;
    let delivery = insert(tx, &row, dossier, sending, by)?;
    let new = NewStep { delivery: Some(delivery), ..NewStep::of(kind) };
    transfer::take(tx, &row, &new, by)?;
    requests::answer(tx.conn(), row.id, delivery, by.at)?;
    if !holds {
        passing::answer(tx.conn(), row.lead_id, row.agency_id, delivery, by.at)?;
    }
    let entry = transfer::entry("transfer.send", &row)
        .object("dossier", dossier.id)
        .object("agency", row.agency_id)
        .fact("channel", sending.channel.as_str())
        .fact("step", kind.as_str())
        .fact("version", dossier.version)
        .fact("manifest_sha256", hex(dossier));
    let entry = match &sending.encrypted_to {
        Some(_) => {
            let keys = store::fingerprints(tx.conn(), &[delivery])?.remove(&delivery);
            entry.fact("keys", keys.unwrap_or_default())
        }
        None => entry,
    };
    audit::record(tx, entry)?;
    let answers = kind == StepKind::SupplementAnswered;
    mail::tell(tx, &row, Side::Agency, if answers { "supplement-answered" } else { "transfer-sent" })?;
    Ok(row)
}

fn hex(dossier: &DossierRow) -> String {
    dossier.manifest.as_deref().map(|m| data_encoding::HEXLOWER.encode(m)).unwrap_or_default()
}

/// A transfer that its agency had forwarded is that agency's again: what still waited to be passed on from there waits no
/// more, and what the agency does with it now is its own.
pub(super) fn came_back(tx: &mut Tx<'_>, row: &TransferRow, by: &By) -> Result<()> {
    let back = By { paper: false, scan: None, on_day: None, ..by.clone() };
    transfer::take(tx, row, &NewStep::of(StepKind::CameBack), &back)?;
    passing::end(tx.conn(), row.id, by.at)
}

/// Opens a transfer of the dossier's lead to an agency, with its number.
pub(super) fn open(
    tx: &mut Tx<'_>,
    dossier: &DossierRow,
    channel: Channel,
    agency_id: Id,
    forwarded_from: Option<Id>,
    by: &By,
) -> Result<TransferRow> {
    let lead = transfers::lead_row(tx.conn(), dossier.lead_id)?;
    let id = Id::new();
    let number = number(tx, agency_id, by.at, by.zone)?;
    // What leaves is what was sealed; the lead may say something else by now.
    let stated = stated::of(tx.conn(), dossier.id)?;
    let new = NewTransfer {
        id,
        lead_id: lead.id,
        agency_id,
        number: &number,
        channel: channel.as_str(),
        sender_role: stated.as_ref().map_or(&lead.sender_role, |stated| stated.facts.sender.role.as_str()),
        at: by.at,
        forwarded_from,
        synthetic: dossier.synthetic,
    };
    transfers::insert(tx.conn(), &new)?;
    let row = transfers::find(tx.conn(), id)?;
    if let Some(stated) = &stated {
        face::count_by(tx.conn(), &row, stated)?;
    }
    Ok(row)
}

/// `YS-2016-0001`, counted per agency and year of the zone, so that an agency learns nothing of the others.
fn number(tx: &mut Tx<'_>, agency_id: Id, at: Instant, zone: Tz) -> Result<String> {
    let year = time::day_of(at, zone).year();
    let n = next_number(tx.conn(), &format!("transfer-{agency_id}-{year}"))?;
    Ok(format!("YS-{year}-{n:04}"))
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    row: &TransferRow,
    dossier: &DossierRow,
    sending: &Sending,
    by: &By,
) -> Result<Id> {
    let delivery = DeliveryRow {
        id: Id::new(),
        transfer_id: row.id,
        dossier_id: dossier.id,
        sent_at: by.at,
        channel: sending.channel.as_str().into(),
        sent_by: by.actor.ok_or(AppError::NotFound)?,
        handed_on: sending.handed_on,
        handed_by: sending.handed_by.clone(),
        handed_to: sending.handed_to.clone(),
        tracking_number: sending.tracking_number.clone(),
        receipt_blob_id: None,
        receipt_name: String::new(),
        receipt_at: None,
    };
    store::insert(tx.conn(), &delivery, dossier.synthetic)?;
    if let Some(keys) = &sending.encrypted_to {
        store::insert_keys(tx.conn(), delivery.id, keys)?;
    }
    transfers::save_channel(tx.conn(), row.id, sending.channel)?;
    access::grant(tx, "transfer", row.id, row.agency_id)?;
    access::grant(tx, "dossier", dossier.id, row.agency_id)?;
    Ok(delivery.id)
}

/// 签收: the newest delivery is acknowledged, and its receipt made, which binds to seal and manifest.
///
/// # Errors
/// `NotFound`; `Conflict` when there is nothing to acknowledge, no scanned receipt of a paper, or a passkey's signature that
/// does not hold.
pub fn acknowledge(
    tx: &mut Tx<'_>,
    me: &Actor,
    id: Id,
    (by, showing): (&By, &Showing),
    issuer: &Issuer,
) -> Result<()> {
    let row = transfers::visible(tx.conn(), me, id)?;
    let rows = transfers::step_rows(tx.conn(), row.id)?;
    let standing = model::derive(&transfers::as_steps(&rows)?).map_err(AppError::Conflict)?;
    transfer::paper_allowed(tx.conn(), &row, &rows, by, standing.newest)?;
    model::allows(&standing, StepKind::Received).map_err(AppError::Conflict)?;
    let delivery_id = standing.newest.ok_or(AppError::Conflict("conflict-transfer-received"))?;
    let delivery = store::find(tx.conn(), delivery_id)?;
    if by.paper && delivery.receipt_blob_id.is_none() {
        return Err(AppError::Conflict("conflict-transfer-no-scan"));
    }
    let dossier = store::dossier_row(tx.conn(), delivery.dossier_id)?;
    let new = NewStep { delivery: Some(delivery_id), ..NewStep::of(StepKind::Received) };
    transfer::take(tx, &row, &new, by)?;
    let receipt = signed_receipt::make(tx, me, (&row, &delivery, &dossier), (by, showing), issuer)?;
    let mut entry = transfer::entry("transfer.acknowledge", &row)
        .object("dossier", dossier.id)
        .fact("manifest_sha256", hex(&dossier))
        .fact("by_paper", by.paper)
        .fact("method", showing.method(me));
    if let Some(Made { sha256, passkey }) = receipt {
        entry = entry.object("delivery", delivery_id).fact("receipt_sha256", sha256);
        if let Some(signed) = passkey {
            entry = signed.told(entry);
        }
    }
    audit::record(tx, entry)?;
    mail::tell(tx, &row, Side::Platform, "transfer-moved")
}
