//! Replacing a scan, in the transaction that keeps its blob.

use super::store::{self, ReplacementRow};
use crate::{
    audit,
    casework::lead::remark,
    directory::people::Actor,
    handover::{
        deadline::{self, ExtensionRow},
        delivery::{scan::Scan, store as deliveries},
        transfer::{
            papers,
            senders::{first_senders, sender},
            store::{self as transfers, StepRow, TransferRow},
        },
    },
    platform::{
        db::{Connection, Id, Instant, Tx},
        error::{AppError, Result},
    },
};

/// A scan that was taken into the vault, and why it goes before another one.
pub struct Instead<'a> {
    pub blob: Id,
    pub scan: &'a Scan,
    pub reason: &'a str,
}

/// Writes the row, and `entry` with what it says.
///
/// # Errors
/// Those of the database.
pub fn add(
    tx: &mut Tx<'_>,
    me: &Actor,
    (of_kind, of_id): (&'static str, Id),
    new: &Instead<'_>,
    entry: audit::Entry,
) -> Result<()> {
    let id = Id::new();
    let remark_id = remark::add(tx, "scan_replacement", id, new.reason)?;
    let row = ReplacementRow {
        id,
        of_kind: of_kind.into(),
        of_id,
        blob_id: new.blob,
        name: new.scan.name.clone(),
        uploaded_by: me.id,
        at: tx.now(),
        remark_id,
    };
    store::insert(tx.conn(), &row)?;
    let entry = entry
        .object(of_kind, of_id)
        .object("scan_replacement", id)
        .fact("sha256", new.scan.sha256())
        .private("name", row.name)
        .private("reason", new.reason);
    audit::record(tx, entry).map(|_| ())
}

/// What rests on a paper beside the steps of the transfer: a longer time limit, a decision on the accuser's remedy.
#[derive(Clone, Copy, Debug)]
pub struct Rest {
    pub paper: Id,
    pub at: Instant,
}

impl Rest {
    /// Of a longer time limit; `None`: it rests on no paper.
    pub fn of_extension(row: &ExtensionRow) -> Option<Self> {
        row.paper_id.map(|paper| Self { paper, at: row.at })
    }
}

/// A scan of a transfer that can be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The receipt of this delivery.
    Receipt(Id),
    /// This paper.
    Paper(Id),
}

impl Of {
    /// Kind and id of what the scan belongs to.
    pub fn object(self) -> (&'static str, Id) {
        match self {
            Self::Receipt(id) => ("delivery", id),
            Self::Paper(id) => ("transfer_paper", id),
        }
    }

    fn bears(self, step: &StepRow) -> bool {
        match self {
            Self::Receipt(id) => step.by_paper && step.receives(id),
            Self::Paper(id) => step.paper_id == Some(id),
        }
    }

    /// Whether a step or something else rests on the scan that `me`, who sent what it answers, could not have recorded;
    /// `first` are those who sent what came by a forward.
    pub fn is_of_sender(self, steps: &[StepRow], others: &[Rest], first: &[Id], me: Id) -> bool {
        let mut borne = steps.iter().enumerate().filter(|(_, step)| self.bears(step));
        let mut other = others.iter().filter(|rest| matches!(self, Self::Paper(id) if rest.paper == id));
        let before = |at: Instant| steps.iter().take_while(|step| step.at <= at).count();
        let sent = |steps: &[StepRow]| first.contains(&me) || sender(steps) == Some(me);
        borne.any(|(n, _)| sent(&steps[..n])) || other.any(|rest| sent(&steps[..before(rest.at)]))
    }
}

/// The transfer, if the scan is on file there.
///
/// # Errors
/// `NotFound`.
pub fn replaceable(conn: &mut Connection, me: &Actor, id: Id, of: Of) -> Result<TransferRow> {
    let row = transfers::visible(conn, me, id)?;
    let is_there = match of {
        Of::Receipt(delivery) => {
            let delivery = deliveries::find(conn, delivery)?;
            delivery.transfer_id == row.id && delivery.receipt_blob_id.is_some()
        }
        Of::Paper(paper) => papers::of_transfer(conn, row.id)?.iter().any(|known| known.id == paper),
    };
    if is_there { Ok(row) } else { Err(AppError::NotFound) }
}

/// As [`replaceable`], for one who would put another scan in its place: once a step or a longer time limit rests on it, or
/// one of `more`, that is not for the one who sent the dossier, who can't record it either.
///
/// # Errors
/// `NotFound`, `Conflict`.
pub fn to_replace(conn: &mut Connection, me: &Actor, id: Id, of: Of, more: &[Rest]) -> Result<TransferRow> {
    let row = replaceable(conn, me, id, of)?;
    let steps = transfers::step_rows(conn, row.id)?;
    let extensions = deadline::extensions(conn, row.id)?;
    let mut others: Vec<Rest> = extensions.iter().filter_map(Rest::of_extension).collect();
    others.extend(more);
    let first = first_senders(conn, &[(row.lead_id, row.agency_id)])?;
    if of.is_of_sender(&steps, &others, &first, me.id) {
        return Err(AppError::Conflict("conflict-scan-of-sender"));
    }
    Ok(row)
}

/// The replacement, if it belongs to a scan of the transfer.
///
/// # Errors
/// `NotFound`.
pub fn of_transfer(
    conn: &mut Connection,
    me: &Actor,
    id: Id,
    replacement: Id,
) -> Result<(TransferRow, ReplacementRow)> {
    let found = store::find(conn, replacement)?;
    let of = match found.of_kind.as_str() {
        "delivery" => Of::Receipt(found.of_id),
        "transfer_paper" => Of::Paper(found.of_id),
        _ => return Err(AppError::NotFound),
    };
    Ok((replaceable(conn, me, id, of)?, found))
}
