//! Who takes a step, and what a step from an agency's paper rests on: its scan, and a second person.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{
    senders::{first_senders, sender},
    store::{self, StepRow, TransferRow},
};
use crate::{
    audit,
    directory::people::{Actor, Side},
    platform::{
        db::{Connection, Id, Instant},
        error::{AppError, Result},
        time,
    },
};

/// Who takes a step, when, and from which paper.
#[derive(Clone, Debug)]
pub struct By {
    pub actor: Option<Id>,
    pub side: Side,
    /// Recorded by the platform from the paper of an agency without accounts.
    pub paper: bool,
    /// The scan of that paper, among those of the transfer.
    pub scan: Option<Id>,
    /// The day that the paper bears.
    pub on_day: Option<NaiveDate>,
    pub at: Instant,
    /// The configured zone, in which the law's days are counted.
    pub zone: Tz,
}

impl By {
    /// The actor's own step, now.
    pub fn of(me: &Actor, at: Instant, zone: Tz) -> Self {
        let paper = me.agency.is_none();
        Self { actor: Some(me.id), side: me.side, paper, scan: None, on_day: None, at, zone }
    }

    /// The platform's own step, which is never one by paper.
    pub fn sender(me: &Actor, at: Instant, zone: Tz) -> Self {
        Self { paper: false, ..Self::of(me, at, zone) }
    }

    /// With the day that the paper bears.
    #[must_use]
    pub fn on(mut self, day: Option<NaiveDate>) -> Self {
        self.on_day = day;
        self
    }

    /// From the paper of this scan.
    #[must_use]
    pub fn resting_on(mut self, scan: Option<Id>) -> Self {
        self.scan = scan;
        self
    }

    /// A step from a paper rests on its scan.
    ///
    /// # Errors
    /// `Invalid` where there is none.
    pub fn needs_scan(&self) -> Result<()> {
        if self.paper && self.scan.is_none() {
            return Err(AppError::field("file", "error-paper-needed"));
        }
        Ok(())
    }

    /// An entry that says whether it was from a paper, and from which.
    pub fn mark(&self, entry: audit::Entry) -> audit::Entry {
        entry.fact("by_paper", self.paper).objects("transfer_paper", self.scan)
    }

    /// When the clocks take something to have happened: at the end of its day or of that of the paper, at the latest
    /// now.
    pub fn effective(&self, day: Option<NaiveDate>) -> Instant {
        day.or(self.on_day).map_or(self.at, |day| time::end_of_day(day, self.zone).min(self.at))
    }
}

/// A paper is recorded only for an agency that can't do it itself, and not by the one who sent the dossier. What was
/// handed over by hand comes with a receipt on paper, which is recorded whoever can sign in: `receipt_of` is the
/// delivery that would be acknowledged.
///
/// # Errors
/// `Conflict` for those two.
pub fn paper_allowed(
    conn: &mut Connection,
    row: &TransferRow,
    rows: &[StepRow],
    by: &By,
    receipt_of: Option<Id>,
) -> Result<()> {
    if !by.paper {
        return Ok(());
    }
    let by_hand = receipt_of.map(|delivery| store::is_by_hand(conn, delivery)).transpose()?.unwrap_or(false);
    if !by_hand && store::has_accounts(conn, row.agency_id)? {
        return Err(AppError::Conflict("conflict-transfer-agency-acts-itself"));
    }
    let Some(actor) = by.actor else { return Ok(()) };
    if sender(rows) == Some(actor) || first_senders(conn, &[(row.lead_id, row.agency_id)])?.contains(&actor) {
        return Err(AppError::Conflict("conflict-transfer-same-person"));
    }
    Ok(())
}

/// Why this reader records no step from a paper of the agency, whatever the paper says: as [`paper_allowed`], for what is
/// not a receipt.
///
/// # Errors
/// Those of the database.
pub fn hindrance(conn: &mut Connection, row: &TransferRow, me: &Actor) -> Result<Option<&'static str>> {
    if me.agency.is_some() {
        return Ok(None);
    }
    if store::has_accounts(conn, row.agency_id)? {
        return Ok(Some("conflict-transfer-agency-acts-itself"));
    }
    let rows = store::step_rows(conn, row.id)?;
    let is_sender = sender(&rows) == Some(me.id)
        || first_senders(conn, &[(row.lead_id, row.agency_id)])?.contains(&me.id);
    Ok(is_sender.then_some("conflict-transfer-same-person"))
}
