//! Everything that the page of one transfer shows, read in one go.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::items::{self, Item};
use crate::{
    casework::lead::remark,
    directory::{
        agencies::keys::{self, Key},
        people::{Actor, passkey, store as people},
    },
    handover::{
        agency_case::store::{self as cases, CaseRow},
        deadline::{self, DeadlineRow, ExtensionRow},
        delivery::{
            actions::sendable,
            replacement::{self, ReplacementRow},
            signed_receipt::store::{self as receipts, Signed},
            store::{self as deliveries, DeliveryRow, DossierRow},
        },
        message::store::{self as messages, MessageRow, NoteRow},
        remedy::{model::Remedy, store as remedies},
        transfer::{
            face::{self, Face},
            forwarders::{self, Forwarders},
            model::{self, Standing},
            papers::{self, PaperRow},
            passing::{self, Hold},
            requests::{self, RequestRow},
            seen,
            senders::first_senders,
            store::{self as transfers, AgencyRow, LeadRow, StepRow, TransferRow},
        },
    },
    platform::{
        db::{
            Connection, Id,
            schema::{agency, approval, composition, dossier, dossier_package, dossier_seal, dossier_unsent},
        },
        error::{AppError, Result},
        keyset::{Edge, Page},
    },
};

/// What a forward that waits can be answered with.
#[derive(Clone, Debug)]
pub struct Passing {
    /// To which it was forwarded.
    pub agency: Id,
    pub next: Next,
}

/// How far what the agency of a forward is to be sent is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The newest dossier that is sealed for it, which was not sent and may be.
    Sealed(Id),
    /// Its newest version is approved and being sealed.
    Sealing,
    /// A version for it is to be made.
    Lacking,
    /// It was closed, or is not there yet: it can be sent nothing.
    Closed,
}

/// See the top of the file.
#[derive(Clone, Debug)]
pub struct Detail {
    pub row: TransferRow,
    pub standing: Standing,
    pub agency: AgencyRow,
    pub has_accounts: bool,
    pub lead: LeadRow,
    /// What the agency was told.
    pub face: Face,
    pub steps: Vec<StepRow>,
    /// Newest first, each with its dossier.
    pub deliveries: Vec<(DeliveryRow, DossierRow)>,
    /// The fingerprints of the keys that they were encrypted to, where they were.
    pub encrypted: HashMap<Id, Vec<String>>,
    /// The keys that a package for this agency is encrypted to.
    pub keys: Vec<Key>,
    /// The signed receipts of those that have one.
    pub receipts: HashMap<Id, Signed>,
    /// Whether the reader can acknowledge by a passkey.
    pub has_passkey: bool,
    /// Size of the newest dossier's package, once it is written.
    pub package: Option<i64>,
    pub items: Vec<Item>,
    pub deadlines: Vec<DeadlineRow>,
    /// What they were extended by, oldest first.
    pub extensions: Vec<ExtensionRow>,
    /// What the accuser may do against a decision not to file, and did.
    pub remedy: Option<Remedy>,
    /// A page of them, newest first.
    pub messages: Page<MessageRow>,
    /// The newest of all, whichever page it is.
    pub newest_message: Option<MessageRow>,
    /// Which of these need no answer.
    pub notes: Vec<NoteRow>,
    pub requests: Vec<RequestRow>,
    pub case: Option<CaseRow>,
    /// Names of people by id.
    pub names: HashMap<Id, String>,
    /// Texts of remarks by id.
    pub texts: HashMap<Id, String>,
    /// Names of agencies that were forwarded to.
    pub targets: HashMap<Id, (String, String)>,
    /// Who forwarded it here.
    pub forwarders: Forwarders,
    /// The transfer that was forwarded here, and those that came of forwarding from here.
    pub related: Vec<(TransferRow, (String, String))>,
    /// The agencies to which it was forwarded and still waits to be passed on by the platform.
    pub waiting: Vec<(String, String)>,
    /// What the first of them can be sent; for the platform's eyes.
    pub passing: Option<Passing>,
    /// What the first of them has of the lead already, and the number of its transfer; for the platform's eyes.
    pub held: Option<(Hold, String)>,
    /// A sealed dossier of this lead for this agency that was not sent yet: id and version.
    pub unsent: Option<(Id, i32)>,
    /// Whether the agency's newest dossier is approved, where it is not sealed yet; for the platform's eyes.
    pub unsealed: Option<bool>,
    /// Whether it came back and nobody of the platform has taken note of that.
    pub is_unseen: bool,
    /// Scanned papers, for the platform's eyes, and what was handed in for wrong ones and for wrong receipts.
    pub scans: Vec<PaperRow>,
    pub replaced: Vec<ReplacementRow>,
    /// Who sent what came here by a forward, for the platform's eyes.
    pub first_senders: Vec<Id>,
    /// The papers of what answers a request of the accuser that the reader recorded.
    pub own_answers: Vec<Id>,
}

/// Reads one transfer with all that belongs to it, for a page of `today`; of its messages the page that `edge` begins.
///
/// # Errors
/// `NotFound`; `Invalid` for a message that it has none of.
pub fn read(
    conn: &mut Connection,
    me: &Actor,
    id: Id,
    (today, edge): (NaiveDate, Edge<Id>),
) -> Result<Detail> {
    let row = transfers::visible(conn, me, id)?;
    let steps = transfers::step_rows(conn, id)?;
    let standing = model::derive(&transfers::as_steps(&steps)?).map_err(AppError::Conflict)?;
    let sent = sent(conn, id)?;
    let sent_ids: Vec<Id> = sent.iter().map(|(delivery, _)| delivery.id).collect();
    let newest = sent.first().map(|(d, _)| d.dossier_id);
    let (messages, newest_message) = (messages::page(conn, id, edge)?, messages::newest(conn, id)?);
    let notes = messages::notes(conn, messages.rows.iter().chain(&newest_message))?;
    let requests = requests::of_transfer(conn, id)?;
    let extensions = deadline::extensions(conn, id)?;
    let agency = transfers::agency_row(conn, row.agency_id)?;
    let remedy = remedies::of(conn, &row, &agency, &steps)?;
    let scans = if me.agency.is_some() { Vec::new() } else { papers::of_transfer(conn, id)? };
    let scanned = scans.iter().map(|scan| scan.id).chain(sent_ids.iter().copied());
    let replaced = match me.agency {
        Some(_) => Vec::new(),
        None => replacement::store::of(conn, &scanned.collect::<Vec<_>>())?,
    };
    let written = extensions.iter().flat_map(|e| [e.remark_id, e.law_remark_id]);
    let waived = remedy.iter().flat_map(Remedy::all).map(|taken| taken.remark);
    let others = replaced.iter().map(|r| r.remark_id).chain(waived);
    let remarks = steps.iter().map(|s| s.remark_id).chain(written).chain(others);
    let texts = remark::bodies(conn, remarks.flatten().collect::<Vec<_>>())?;
    let acted = steps.iter().map(|s| s.actor_id).chain(extensions.iter().map(|e| e.actor_id));
    let took_in = scans.iter().map(|s| s.uploaded_by).chain(replaced.iter().map(|r| r.uploaded_by));
    let remedied = remedy.iter().flat_map(Remedy::all).map(|taken| taken.actor);
    let wrote = messages.rows.iter().filter_map(|m| m.author_id).chain(notes.iter().map(|n| n.noted_by));
    let people_ids = acted.chain(remedied).flatten().chain(wrote).chain(took_in);
    let names = people::names(conn, people_ids.collect::<Vec<_>>())?;
    Ok(Detail {
        agency,
        has_accounts: transfers::has_accounts(conn, row.agency_id)?,
        lead: transfers::lead_row(conn, row.lead_id)?,
        face: face::of(conn, id)?,
        package: newest.map(|d| package(conn, d)).transpose()?.flatten(),
        items: newest.map(|d| items::of(conn, d)).transpose()?.unwrap_or_default(),
        deadlines: deadline::of_transfer(conn, id)?,
        extensions,
        case: cases::of_transfer(conn, id)?,
        targets: targets(conn, &steps)?,
        forwarders: forwarders::of(conn, &row, &steps)?,
        waiting: passing::waiting(conn, id)?,
        passing: if me.agency.is_some() { None } else { passing_on(conn, me, &row, today)? },
        held: if me.agency.is_some() { None } else { passing::held(conn, &row)? },
        related: if me.agency.is_some() { Vec::new() } else { related(conn, &row)? },
        unsent: if me.agency.is_some() { None } else { unsent(conn, &row, &sent)? },
        unsealed: if me.agency.is_some() { None } else { unsealed(conn, row.lead_id, row.agency_id)? },
        first_senders: match me.agency {
            Some(_) => Vec::new(),
            None => first_senders(conn, &[(row.lead_id, row.agency_id)])?,
        },
        own_answers: match &remedy {
            Some(remedy) if me.agency.is_none() => remedy.answers_to(me.id),
            _ => Vec::new(),
        },
        is_unseen: me.agency.is_none() && seen::unseen(conn, &row)?.is_some(),
        encrypted: deliveries::fingerprints(conn, &sent_ids)?,
        keys: keys::in_force(conn, row.agency_id)?,
        receipts: receipts::of(conn, &sent_ids)?,
        has_passkey: me.agency.is_some() && !passkey::store::credentials(conn, me.id)?.is_empty(),
        deliveries: sent,
        row,
        standing,
        steps,
        remedy,
        messages,
        newest_message,
        notes,
        requests,
        names,
        texts,
        scans,
        replaced,
    })
}

/// The deliveries of a transfer, newest first, each with its dossier.
fn sent(conn: &mut Connection, id: Id) -> Result<Vec<(DeliveryRow, DossierRow)>> {
    let rows = deliveries::of_transfer(conn, id)?;
    let ids: Vec<Id> = rows.iter().map(|row| row.dossier_id).collect();
    let dossiers = deliveries::dossier_rows(conn, &ids)?;
    let of = |row: &DeliveryRow| dossiers.iter().find(|dossier| dossier.id == row.dossier_id).cloned();
    Ok(rows.into_iter().filter_map(|row| of(&row).map(|dossier| (row, dossier))).collect())
}

fn package(conn: &mut Connection, dossier: Id) -> Result<Option<i64>> {
    let size = dossier_package::table.find(dossier).select(dossier_package::size).first(conn).optional()?;
    Ok(size)
}

fn targets(conn: &mut Connection, steps: &[StepRow]) -> Result<HashMap<Id, (String, String)>> {
    agency_names(conn, steps.iter().filter_map(|s| s.target_agency_id).collect())
}

fn agency_names(conn: &mut Connection, ids: Vec<Id>) -> Result<HashMap<Id, (String, String)>> {
    let rows: Vec<(Id, String, String)> = agency::table
        .filter(agency::id.eq_any(ids))
        .select((agency::id, agency::name_zh, agency::name_en))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, zh, en)| (id, (zh, en))).collect())
}

/// Numbers are unique per agency only, so each goes with the agency's names.
fn related(conn: &mut Connection, row: &TransferRow) -> Result<Vec<(TransferRow, (String, String))>> {
    let mut all = transfers::of_lead(conn, row.lead_id)?;
    all.retain(|other| other.forwarded_from == Some(row.id) || row.forwarded_from == Some(other.id));
    let names = agency_names(conn, all.iter().map(|other| other.agency_id).collect())?;
    let with = |other: TransferRow| {
        let name = names.get(&other.agency_id).cloned().unwrap_or_default();
        (other, name)
    };
    Ok(all.into_iter().map(with).collect())
}

fn unsent(
    conn: &mut Connection,
    row: &TransferRow,
    sent: &[(DeliveryRow, DossierRow)],
) -> Result<Option<(Id, i32)>> {
    let newest = newest_sealed(conn, row.lead_id, row.agency_id)?;
    Ok(newest.filter(|(id, _)| sent.iter().all(|(d, _)| d.dossier_id != *id)))
}

fn newest_sealed(conn: &mut Connection, lead_id: Id, agency_id: Id) -> Result<Option<(Id, i32)>> {
    Ok(dossier::table
        .inner_join(composition::table)
        .inner_join(dossier_seal::table)
        .filter(dossier::lead_id.eq(lead_id))
        .filter(dossier::agency_id.eq(agency_id))
        .order(composition::version.desc())
        .select((dossier::id, composition::version))
        .first(conn)
        .optional()?)
}

fn passing_on(
    conn: &mut Connection,
    me: &Actor,
    row: &TransferRow,
    today: NaiveDate,
) -> Result<Option<Passing>> {
    let Some(first) = passing::open_from(conn, row.id)?.into_iter().next() else { return Ok(None) };
    let (lead, agency) = (first.lead_id, first.target_agency_id);
    let next = if transfers::agency_row(conn, agency)?.in_being(today).is_err() {
        Next::Closed
    } else if unsealed(conn, lead, agency)? == Some(true) {
        Next::Sealing
    } else {
        match newest_sealed(conn, lead, agency)? {
            Some((id, _)) if may_go(conn, me, id, today)? => Next::Sealed(id),
            _ => Next::Lacking,
        }
    };
    Ok(Some(Passing { agency, next }))
}

/// Whether a sealed dossier was handed to nobody, and this reader can send it today.
fn may_go(conn: &mut Connection, me: &Actor, id: Id, today: NaiveDate) -> Result<bool> {
    let unsent: i64 =
        dossier_unsent::table.filter(dossier_unsent::dossier_id.eq(id)).count().get_result(conn)?;
    let dossier = deliveries::dossier_row(conn, id)?;
    match sendable(conn, me, &dossier, today) {
        Ok(()) => Ok(unsent > 0),
        Err(AppError::Conflict(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether the agency's newest dossier of the lead is approved; `None`: it is sealed, or there is none.
fn unsealed(conn: &mut Connection, lead: Id, agency: Id) -> Result<Option<bool>> {
    type Row = (Option<Id>, Option<Id>);
    let newest: Option<Row> =
        dossier::table
            .inner_join(composition::table)
            .left_join(dossier_seal::table)
            .left_join(approval::table.on(
                approval::composition_id.eq(dossier::composition_id).and(approval::decision.eq("approved")),
            ))
            .filter(dossier::lead_id.eq(lead))
            .filter(dossier::agency_id.eq(agency))
            .order(composition::version.desc())
            .select((approval::id.nullable(), dossier_seal::dossier_id.nullable()))
            .first(conn)
            .optional()?;
    Ok(newest.filter(|(_, sealed)| sealed.is_none()).map(|(approved, _)| approved.is_some()))
}
