//! Who records for an agency that answers on paper, and against which scan.

use super::store::{self, CaseRow};
use crate::{
    handover::{
        delivery::replacement,
        transfer::{actions::By, store as transfers},
    },
    platform::{
        db::{Connection, Id, Tx},
        error::{AppError, Result},
    },
};

/// A case is carried on by its agency; by the platform only where the agency can't.
pub(super) fn may_act(conn: &mut Connection, case: &CaseRow, by_paper: bool) -> Result<()> {
    if by_paper && transfers::has_accounts(conn, case.agency_id)? {
        return Err(AppError::Conflict("conflict-transfer-agency-acts-itself"));
    }
    Ok(())
}

/// The scanned paper that a second person confirms a step against: neither one who took in a scan of it nor the one who
/// sent a dossier of the case.
pub(super) fn confirmed_against(
    tx: &mut Tx<'_>,
    case: &CaseRow,
    paper: Option<Id>,
    by: &By,
) -> Result<Option<Id>> {
    if !by.paper {
        return Ok(None);
    }
    let is_sender = by.actor.map(|me| store::is_sender(tx.conn(), case.id, me)).transpose()?;
    if is_sender == Some(true) {
        return Err(AppError::Conflict("conflict-transfer-same-person"));
    }
    let papers = store::papers(tx.conn(), case.id)?;
    if papers.is_empty() {
        return Err(AppError::Conflict("conflict-case-no-scan"));
    }
    let chosen = papers.iter().find(|row| Some(row.id) == paper);
    let chosen = chosen.ok_or_else(|| AppError::field("paper", "error-choose"))?;
    let replaced = replacement::store::of(tx.conn(), &[chosen.id])?;
    if by.actor.is_some_and(|me| chosen.is_taken_in_by(me, &replaced)) {
        return Err(AppError::Conflict("conflict-case-same-person"));
    }
    Ok(Some(chosen.id))
}
