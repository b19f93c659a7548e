//! What became of a lead once it was handed over: its transfers, the cases it became part of, their results.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::{prelude::*, sql_types::Bool};

use super::read::Names;
use crate::{
    casework::approval::NOT_TO_FORWARD,
    handover::waiting::REVOKED,
    outcome::model::{Decision, State, state},
    platform::{
        db::{
            Connection, Id, Instant, fixed,
            schema::{agency, agency_case, case_transfer, outcome, outcome_confirmation, transfer},
        },
        error::Result,
    },
};

/// One transfer of the lead.
#[derive(Clone, Debug, Queryable)]
pub struct TransferOf {
    pub id: Id,
    pub number: String,
    pub state: String,
    pub stage: i32,
    pub sent_at: Instant,
    pub received_at: Option<Instant>,
    pub accepted_at: Option<Instant>,
    pub filed_at: Option<Instant>,
    pub next_due_at: Option<Instant>,
    pub agency: Names,
    pub agency_id: Id,
    /// Whether its decision not to file was revoked, and it is to be sent anew.
    pub revoked: bool,
    /// Whether the agency did not find that it is to be forwarded.
    pub stays: bool,
}

impl TransferOf {
    /// Whether its agency has the lead still: it was neither taken back nor passed on.
    pub fn is_with_it(&self) -> bool {
        !matches!(self.state.as_str(), "withdrawn" | "forwarded")
    }
}

/// One case that the lead became part of.
#[derive(Clone, Debug, Queryable)]
pub struct CaseOf {
    pub id: Id,
    pub number: String,
    pub title: String,
    pub status: String,
    pub filed_on: Option<NaiveDate>,
    /// Chinese and English name of its agency.
    pub agency: (String, String),
}

/// One result of those cases.
#[derive(Clone, Debug)]
pub struct OutcomeOf {
    pub id: Id,
    pub kind: String,
    pub happened_on: NaiveDate,
    pub persons: i32,
    pub amount_fen: Option<i64>,
    pub qualifier: Option<String>,
    /// Where it stands, with what was said against it.
    pub state: State,
    /// Whether it takes another one back.
    pub is_counter: bool,
}

/// The transfers of a lead, newest first.
pub(super) fn transfers_of(conn: &mut Connection, id: Id) -> Result<Vec<TransferOf>> {
    Ok(transfer::table
        .inner_join(agency::table)
        .filter(transfer::lead_id.eq(id))
        .order(transfer::seq.desc())
        .select((
            transfer::id,
            transfer::number,
            transfer::state,
            transfer::stage,
            transfer::sent_at,
            transfer::received_at,
            transfer::accepted_at,
            transfer::filed_at,
            transfer::next_due_at,
            (agency::name_zh, agency::name_en),
            transfer::agency_id,
            fixed::<Bool>(REVOKED),
            fixed::<Bool>(NOT_TO_FORWARD),
        ))
        .load(conn)?)
}

/// The cases that a lead became part of, newest first.
pub(super) fn cases_of(conn: &mut Connection, id: Id) -> Result<Vec<CaseOf>> {
    let own = case_transfer::table
        .inner_join(transfer::table)
        .filter(transfer::lead_id.eq(id))
        .select(case_transfer::case_id);
    let own: Vec<Id> = own.load(conn)?;
    Ok(agency_case::table
        .inner_join(agency::table)
        .filter(agency_case::id.eq_any(own))
        .order((agency_case::opened_at.desc(), agency_case::id.desc()))
        .select((
            agency_case::id,
            agency_case::number,
            agency_case::title,
            agency_case::status,
            agency_case::filed_on,
            (agency::name_zh, agency::name_en),
        ))
        .load(conn)?)
}

/// The results of cases, newest first.
pub(super) fn outcomes_of(conn: &mut Connection, cases: &[CaseOf]) -> Result<Vec<OutcomeOf>> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Option<Id>> = cases.iter().map(|case| Some(case.id)).collect();
    type Row = (Id, String, NaiveDate, i32, Option<i64>, Option<String>, Option<Id>, Option<String>);
    let rows: Vec<Row> = outcome::table
        .left_join(outcome_confirmation::table)
        .filter(outcome::case_id.eq_any(ids))
        .order(outcome::seq.desc())
        .limit(200)
        .select((
            outcome::id,
            outcome::kind,
            outcome::happened_on,
            outcome::persons,
            outcome::amount_fen,
            outcome::qualifier,
            outcome::corrects_id,
            outcome_confirmation::decision.nullable(),
        ))
        .load(conn)?;
    let decision = |word: &Option<String>| match word.as_deref() {
        Some("confirmed") => Some(Decision::Confirmed),
        Some(_) => Some(Decision::Rejected),
        None => None,
    };
    // A counter-entry is younger than what it takes back, so it is among the rows.
    let mut against: HashMap<Id, Vec<Option<Decision>>> = HashMap::new();
    for (.., corrects, word) in &rows {
        if let Some(id) = corrects {
            against.entry(*id).or_default().push(decision(word));
        }
    }
    let read = |(id, kind, happened_on, persons, amount_fen, qualifier, corrects, word): Row| OutcomeOf {
        state: state(decision(&word), against.get(&id).map_or(&[][..], Vec::as_slice)),
        is_counter: corrects.is_some(),
        id,
        kind,
        happened_on,
        persons,
        amount_fen,
        qualifier,
    };
    Ok(rows.into_iter().map(read).collect())
}
