//! Rows of the ledger, and of the decisions on them.

use chrono::NaiveDate;
use diesel::prelude::*;

pub use super::case_row::{CaseRow, first_sent, visible_case, visible_cases};
use super::model::{self, Decision, IdentityKind, Kind, State};
pub use crate::handover::transfer::store::has_accounts;
use crate::{
    directory::people::{Actor, policy::CASE_READERS},
    platform::{
        db::{
            Connection, Id, Instant,
            schema::{outcome, outcome_confirmation, outcome_identity, outcome_seen, person},
        },
        error::{AppError, Result},
        money::{Amount, Basis, Fen, Qualifier},
    },
};

/// An entry as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = outcome)]
pub struct OutcomeRow {
    pub seq: i64,
    pub id: Id,
    pub kind: String,
    pub case_id: Option<Id>,
    pub agency_id: Id,
    pub region_code: String,
    pub happened_on: NaiveDate,
    pub year: i32,
    /// How many identities it names.
    pub persons: i32,
    pub amount_fen: Option<i64>,
    pub qualifier: Option<String>,
    pub basis: Option<String>,
    pub quantity: Option<i64>,
    pub unit: Option<String>,
    pub source_kind: String,
    /// The remark that holds name and number of the source, or a counter-entry's reason.
    pub source_text_id: Option<Id>,
    /// Where a published source can be read.
    pub source_url: String,
    /// The remark that holds where another one can be.
    pub source_link_id: Option<Id>,
    /// The legal basis: a code on file, or [`model::OTHER_LAW`].
    pub legal_code: Option<String>,
    /// The remark that holds a legal basis that is not on file.
    pub legal_text_id: Option<Id>,
    pub source_blob_id: Option<Id>,
    /// Of a published source, which names nobody.
    pub source_name: String,
    pub asserted_by: Option<Id>,
    pub asserted_side: String,
    pub asserted_at: Instant,
    /// The entry that it takes back.
    pub corrects_id: Option<Id>,
    /// The counter-entry in whose act it was proposed.
    pub correction_id: Option<Id>,
    pub synthetic: bool,
}

impl OutcomeRow {
    /// The kind as a value; `Penalty` for a word that no version knows.
    pub fn kind(&self) -> Kind {
        self.kind.parse().unwrap_or(Kind::Penalty)
    }

    /// The amount with what is known about it.
    pub fn amount(&self) -> Option<Amount> {
        Some(Amount {
            fen: Fen(self.amount_fen?),
            qualifier: self.qualifier.as_deref().and_then(Qualifier::parse).unwrap_or_default(),
            basis: self.basis.as_deref().and_then(Basis::parse).unwrap_or(Basis::Announced),
        })
    }
}

/// A decision as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = outcome_confirmation)]
pub struct ConfirmationRow {
    pub id: Id,
    pub outcome_id: Id,
    pub decision: String,
    pub actor_id: Option<Id>,
    pub side: String,
    pub at: Instant,
    pub by_paper: bool,
    pub remark_id: Option<Id>,
}

impl ConfirmationRow {
    pub fn decision(&self) -> Decision {
        self.decision.parse().unwrap_or(Decision::Rejected)
    }
}

/// The entry, if the actor may see it: an agency those of its own cases.
///
/// # Errors
/// `NotFound`.
pub fn visible(conn: &mut Connection, me: &Actor, id: Id) -> Result<OutcomeRow> {
    these_visible(conn, me, &[id])?.pop().ok_or(AppError::NotFound)
}

/// Those of these entries that the actor may see, in no order.
///
/// # Errors
/// Those of the database.
pub fn these_visible(conn: &mut Connection, me: &Actor, ids: &[Id]) -> Result<Vec<OutcomeRow>> {
    if me.agency_id().is_none() && !me.has_any(CASE_READERS) {
        return Ok(Vec::new());
    }
    let found = outcome::table.filter(outcome::id.eq_any(ids)).select(OutcomeRow::as_select());
    let mut rows: Vec<OutcomeRow> = found.load(conn)?;
    if let Some(own) = me.agency_id() {
        rows.retain(|row| row.agency_id == own);
        let cases: Vec<Id> = rows.iter().filter_map(|row| row.case_id).collect();
        let seen = visible_cases(conn, me, &cases)?;
        rows.retain(|row| seen.iter().any(|case| Some(case.id) == row.case_id));
    }
    Ok(rows)
}

/// The entry `id`, whoever asks.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Connection, id: Id) -> Result<OutcomeRow> {
    Ok(outcome::table.filter(outcome::id.eq(id)).select(OutcomeRow::as_select()).first(conn)?)
}

/// Writes an entry; `seq` is given by the database.
///
/// # Errors
/// Those of the database.
pub fn insert(conn: &mut Connection, row: &OutcomeRow) -> Result<()> {
    diesel::insert_into(outcome::table)
        .values((
            (
                outcome::id.eq(row.id),
                outcome::kind.eq(&row.kind),
                outcome::case_id.eq(row.case_id),
                outcome::agency_id.eq(row.agency_id),
                outcome::region_code.eq(&row.region_code),
                outcome::happened_on.eq(row.happened_on),
                outcome::year.eq(row.year),
                outcome::persons.eq(row.persons),
                outcome::amount_fen.eq(row.amount_fen),
                outcome::qualifier.eq(&row.qualifier),
                outcome::basis.eq(&row.basis),
                outcome::quantity.eq(row.quantity),
            ),
            (
                outcome::unit.eq(&row.unit),
                outcome::source_kind.eq(&row.source_kind),
                outcome::source_text_id.eq(row.source_text_id),
                outcome::source_url.eq(&row.source_url),
                outcome::source_link_id.eq(row.source_link_id),
                outcome::legal_code.eq(&row.legal_code),
                outcome::legal_text_id.eq(row.legal_text_id),
                outcome::source_blob_id.eq(row.source_blob_id),
                outcome::source_name.eq(&row.source_name),
                outcome::asserted_by.eq(row.asserted_by),
                outcome::asserted_side.eq(&row.asserted_side),
                outcome::asserted_at.eq(row.asserted_at),
                outcome::corrects_id.eq(row.corrects_id),
                outcome::correction_id.eq(row.correction_id),
                outcome::synthetic.eq(row.synthetic),
            ),
        ))
        .execute(conn)?;
    Ok(())
}

/// Writes a decision.
///
/// # Errors
/// Those of the database; an entry has one decision at most.
pub fn insert_confirmation(conn: &mut Connection, row: &ConfirmationRow) -> Result<()> {
    diesel::insert_into(outcome_confirmation::table)
        .values((
            outcome_confirmation::id.eq(row.id),
            outcome_confirmation::outcome_id.eq(row.outcome_id),
            outcome_confirmation::decision.eq(&row.decision),
            outcome_confirmation::actor_id.eq(row.actor_id),
            outcome_confirmation::side.eq(&row.side),
            outcome_confirmation::at.eq(row.at),
            outcome_confirmation::by_paper.eq(row.by_paper),
            outcome_confirmation::remark_id.eq(row.remark_id),
        ))
        .execute(conn)?;
    Ok(())
}

/// Whether somebody of the asserting side took note of a rejected entry.
///
/// # Errors
/// Those of the database.
pub fn is_seen(conn: &mut Connection, id: Id) -> Result<bool> {
    let n: i64 = outcome_seen::table.find(id).count().get_result(conn)?;
    Ok(n > 0)
}

/// Notes that somebody did.
///
/// # Errors
/// Those of the database.
pub fn see(conn: &mut Connection, id: Id, by: Id, at: Instant) -> Result<()> {
    diesel::insert_into(outcome_seen::table)
        .values((outcome_seen::outcome_id.eq(id), outcome_seen::seen_by.eq(by), outcome_seen::at.eq(at)))
        .execute(conn)?;
    Ok(())
}

/// The decision on an entry, if there is one.
///
/// # Errors
/// Those of the database.
pub fn confirmation(conn: &mut Connection, outcome_id: Id) -> Result<Option<ConfirmationRow>> {
    Ok(outcome_confirmation::table
        .filter(outcome_confirmation::outcome_id.eq(outcome_id))
        .select(ConfirmationRow::as_select())
        .first(conn)
        .optional()?)
}

/// Who handed in a file first with an entry of this case.
///
/// # Errors
/// Those of the database.
pub fn handed_in_by(conn: &mut Connection, case: Option<Id>, blob: Id) -> Result<Option<Id>> {
    let first: Option<Option<Id>> = outcome::table
        .filter(outcome::case_id.eq(case))
        .filter(outcome::source_blob_id.eq(blob))
        .order(outcome::seq)
        .select(outcome::asserted_by)
        .first(conn)
        .optional()?;
    Ok(first.flatten())
}

/// The counter-entries that point at an entry, oldest first, with the decisions on them.
///
/// # Errors
/// Those of the database.
pub fn counters(conn: &mut Connection, id: Id) -> Result<Vec<(OutcomeRow, Option<ConfirmationRow>)>> {
    Ok(outcome::table
        .left_join(outcome_confirmation::table)
        .filter(outcome::corrects_id.eq(id))
        .order(outcome::seq)
        .select((OutcomeRow::as_select(), Option::<ConfirmationRow>::as_select()))
        .load(conn)?)
}

/// The newest entries of a case, newest first, with the decisions on them; at most `limit`.
///
/// # Errors
/// Those of the database.
pub fn of_case(
    conn: &mut Connection,
    case_id: Id,
    limit: i64,
) -> Result<Vec<(OutcomeRow, Option<ConfirmationRow>)>> {
    Ok(outcome::table
        .left_join(outcome_confirmation::table)
        .filter(outcome::case_id.eq(case_id))
        .order(outcome::seq.desc())
        .limit(limit)
        .select((OutcomeRow::as_select(), Option::<ConfirmationRow>::as_select()))
        .load(conn)?)
}

/// So many entries of one subject are looked at.
const NAMING: i64 = 500;

/// The entries that name one of these subjects, and whether there are more than are looked at. These are those that were
/// registered last, the newest first: an entry's id tells that, not on which day it happened.
///
/// # Errors
/// Those of the database.
pub fn naming(conn: &mut Connection, subjects: &[Id]) -> Result<(Vec<Id>, bool)> {
    let mut found: Vec<Id> = outcome_identity::table
        .filter(outcome_identity::kind.eq(IdentityKind::Subject.as_str()))
        .filter(outcome_identity::identity_id.eq_any(subjects))
        .select(outcome_identity::outcome_id)
        .distinct()
        .order(outcome_identity::outcome_id.desc())
        .limit(NAMING + 1)
        .load(conn)?;
    let most = usize::try_from(NAMING).unwrap_or(usize::MAX);
    let has_more = found.len() > most;
    found.truncate(most);
    Ok((found, has_more))
}

/// The entries that were proposed in the act of a counter-entry.
///
/// # Errors
/// Those of the database.
pub fn replacements(conn: &mut Connection, counter: Id) -> Result<Vec<OutcomeRow>> {
    Ok(outcome::table
        .filter(outcome::correction_id.eq(counter))
        .order(outcome::seq)
        .select(OutcomeRow::as_select())
        .load(conn)?)
}

/// Where an entry stands.
///
/// # Errors
/// Those of the database.
pub fn state_of(conn: &mut Connection, id: Id) -> Result<State> {
    let decision = confirmation(conn, id)?.map(|c| c.decision());
    let against: Vec<Option<Decision>> =
        counters(conn, id)?.iter().map(|(_, done)| done.as_ref().map(ConfirmationRow::decision)).collect();
    Ok(model::state(decision, &against))
}

/// Names of persons who acted, for the platform's and the own side's eyes.
///
/// # Errors
/// Those of the database.
pub fn person_names(
    conn: &mut Connection,
    ids: &[Id],
) -> Result<std::collections::HashMap<Id, (String, String)>> {
    let rows: Vec<(Id, String, String)> = person::table
        .filter(person::id.eq_any(ids))
        .select((person::id, person::name, person::side))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, name, side)| (id, (name, side))).collect())
}
