//! Rows of the remedy's steps, and what they amount to on a transfer.

use chrono::NaiveDate;
use chrono_tz::Tz;
use diesel::prelude::*;

use super::model::{Remedy, Step, Taken, Verdict};
use crate::{
    directory::reference::agency_types,
    handover::{
        deadline,
        transfer::{
            model::StepKind,
            store::{self as transfers, AgencyRow, StepRow, TransferRow},
        },
    },
    platform::{
        db::{Connection, Id, Instant, schema::remedy_step},
        error::{AppError, Plain, Result},
    },
};

/// A step as stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = remedy_step)]
pub struct RemedyRow {
    pub id: Id,
    pub transfer_id: Id,
    /// The step of the transfer against which it goes.
    pub decision_id: Id,
    /// A [`super::model::Step`].
    pub kind: String,
    pub on_day: NaiveDate,
    pub number: String,
    /// A [`super::model::Verdict`].
    pub verdict: Option<String>,
    pub actor_id: Option<Id>,
    pub side: String,
    pub at: Instant,
    /// The scan of the agency's paper, where the platform recorded from one.
    pub paper_id: Option<Id>,
    /// Why nothing is asked for.
    pub remark_id: Option<Id>,
}

impl RemedyRow {
    fn taken(self) -> Result<Taken> {
        let unknown = |word: &str| {
            let text = format!("remedy step {}: unknown word {word}", self.id);
            AppError::internal(Plain(text))
        };
        let step = self.kind.parse::<Step>().map_err(|_| unknown(&self.kind))?;
        let verdict = match &self.verdict {
            Some(word) => Some(word.parse::<Verdict>().map_err(|_| unknown(word))?),
            None => None,
        };
        Ok(Taken {
            decision: self.decision_id,
            step,
            on: self.on_day,
            number: self.number,
            verdict,
            actor: self.actor_id,
            side: self.side,
            at: self.at,
            paper: self.paper_id,
            remark: self.remark_id,
        })
    }
}

/// Appends a step.
///
/// # Errors
/// Those of the database, among them that this one is recorded already.
pub fn insert(conn: &mut Connection, row: &RemedyRow) -> Result<()> {
    diesel::insert_into(remedy_step::table).values(row).execute(conn)?;
    Ok(())
}

/// The last day on which what the accuser said not to ask for may still be asked for; `None`: that was not said, or no
/// time limit ran.
///
/// # Errors
/// Those of the database.
pub fn end_after_waiver(
    conn: &mut Connection,
    row: &TransferRow,
    remedy: &Remedy,
    zone: Tz,
) -> Result<Option<NaiveDate>> {
    if remedy.waived().is_none() {
        return Ok(None);
    }
    Ok(remedy.end_of_asking(&deadline::of_transfer(conn, row.id)?, zone))
}

/// How the remedy stands on a transfer of this agency with these steps; `None` where no police decided not to file.
///
/// # Errors
/// Those of the database; `Internal` for a word that no version knows.
pub fn of(
    conn: &mut Connection,
    row: &TransferRow,
    agency: &AgencyRow,
    steps: &[StepRow],
) -> Result<Option<Remedy>> {
    if agency_types().kind_of(&agency.type_code) != "police" {
        return Ok(None);
    }
    let Some(decision) = steps.iter().rfind(|step| step.kind == StepKind::NotFiled.as_str()) else {
        return Ok(None);
    };
    let rows: Vec<RemedyRow> = remedy_step::table
        .filter(remedy_step::transfer_id.eq(row.id))
        .order((remedy_step::at, remedy_step::id))
        .select(RemedyRow::as_select())
        .load(conn)?;
    let (now, before): (Vec<RemedyRow>, Vec<RemedyRow>) =
        rows.into_iter().partition(|row| row.decision_id == decision.id);
    Ok(Some(Remedy {
        decision: decision.id,
        sender_role: row.sender_role.clone(),
        state: row.state(),
        is_filed: row.filed_at.is_some(),
        taken: now.into_iter().map(RemedyRow::taken).collect::<Result<_>>()?,
        earlier: before.into_iter().map(RemedyRow::taken).collect::<Result<_>>()?,
    }))
}

/// As [`of`], of a transfer whose agency and steps nothing else is asked about.
///
/// # Errors
/// As [`of`].
pub fn of_row(conn: &mut Connection, row: &TransferRow) -> Result<Option<Remedy>> {
    let agency = transfers::agency_row(conn, row.agency_id)?;
    let steps = transfers::step_rows(conn, row.id)?;
    of(conn, row, &agency, &steps)
}
