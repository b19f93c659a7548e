//! Rows of cases, their steps and the transfers joined to them.

use std::collections::HashSet;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::Status;
use crate::{
    directory::people::{Actor, policy::CASE_READERS},
    handover::{
        delivery::replacement::{self, ReplacementRow},
        transfer::{
            model::State,
            senders::{first_senders_of_each, last_senders},
            store::TransferRow,
        },
    },
    holds,
    platform::{
        db::{
            Connection, Id, Instant,
            schema::{
                access, agency_case, case_paper, case_step, case_transfer, lead, transfer, transfer_face,
            },
        },
        error::{AppError, Result},
    },
};

/// A case as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = agency_case)]
pub struct CaseRow {
    pub id: Id,
    pub agency_id: Id,
    /// The agency's own number; empty before filing.
    pub number: String,
    pub title: String,
    /// A [`Status`].
    pub status: String,
    pub officer: String,
    pub opened_at: Instant,
    pub filed_on: Option<NaiveDate>,
    pub synthetic: bool,
    /// Source of a published case; else empty.
    pub public_source: String,
    pub region_code: String,
    /// The case in which it goes on (并案).
    pub merged_into: Option<Id>,
}

impl CaseRow {
    /// The status as a value; `Accepted` for a word that no version knows.
    pub fn status(&self) -> Status {
        self.status.parse().unwrap_or(Status::Accepted)
    }
}

/// A step of a case as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = case_step)]
pub struct StepRow {
    pub id: Id,
    pub kind: String,
    pub on_day: NaiveDate,
    pub actor_id: Option<Id>,
    pub at: Instant,
    pub remark_id: Option<Id>,
    /// The scanned paper that the platform recorded it from.
    pub paper_id: Option<Id>,
}

impl StepRow {
    /// Whether `who` recorded it by this paper.
    pub fn is_confirmed_by(&self, who: Id, paper: Id) -> bool {
        self.paper_id == Some(paper) && self.actor_id == Some(who)
    }
}

/// A scanned paper of an agency without accounts.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = case_paper)]
pub struct PaperRow {
    pub id: Id,
    pub case_id: Id,
    pub blob_id: Id,
    pub name: String,
    pub uploaded_by: Id,
    pub at: Instant,
}

impl PaperRow {
    /// Whether `who` took in a scan of it: the first, or one that was put in its place.
    pub fn is_taken_in_by(&self, who: Id, replaced: &[ReplacementRow]) -> bool {
        self.uploaded_by == who || replaced.iter().any(|new| new.of_id == self.id && new.uploaded_by == who)
    }
}

/// The case, if the actor may see it.
///
/// # Errors
/// `NotFound`.
pub fn visible(conn: &mut Connection, actor: &Actor, id: Id) -> Result<CaseRow> {
    match actor.agency_id() {
        Some(agency_id) => Ok(agency_case::table
            .filter(agency_case::id.eq(id))
            .filter(agency_case::agency_id.eq(agency_id))
            .filter(
                agency_case::id
                    .eq_any(access::table.filter(access::agency_id.eq(agency_id)).select(access::object_id)),
            )
            .select(CaseRow::as_select())
            .first(conn)?),
        None if actor.has_any(CASE_READERS) => find(conn, id),
        None => Err(AppError::NotFound),
    }
}

/// The case `id`, whoever asks.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Connection, id: Id) -> Result<CaseRow> {
    Ok(agency_case::table.find(id).select(CaseRow::as_select()).first(conn)?)
}

/// The case that a transfer belongs to.
///
/// # Errors
/// Those of the database.
pub fn of_transfer(conn: &mut Connection, transfer_id: Id) -> Result<Option<CaseRow>> {
    Ok(agency_case::table
        .inner_join(case_transfer::table)
        .filter(case_transfer::transfer_id.eq(transfer_id))
        .select(CaseRow::as_select())
        .first(conn)
        .optional()?)
}

/// The agency's case with this number.
///
/// # Errors
/// Those of the database.
pub fn by_number(conn: &mut Connection, agency_id: Id, number: &str) -> Result<Option<CaseRow>> {
    Ok(agency_case::table
        .filter(agency_case::agency_id.eq(agency_id))
        .filter(agency_case::number.eq(number))
        .select(CaseRow::as_select())
        .first(conn)
        .optional()?)
}

/// At most `most` of the agency's cases that take transfers and whose number or title holds `q`, newest first.
///
/// # Errors
/// Those of the database.
pub fn open_of(conn: &mut Connection, agency_id: Id, q: &str, most: usize) -> Result<Vec<CaseRow>> {
    let over = Status::ALL.iter().filter(|status| !status.takes_transfers()).map(|status| status.as_str());
    Ok(agency_case::table
        .filter(agency_case::agency_id.eq(agency_id))
        .filter(agency_case::status.ne_all(over.collect::<Vec<_>>()))
        .filter(holds!(agency_case::number, q).or(holds!(agency_case::title, q)))
        .order((agency_case::opened_at.desc(), agency_case::id))
        .limit(i64::try_from(most).unwrap_or(i64::MAX))
        .select(CaseRow::as_select())
        .load(conn)?)
}

/// Writes a new case.
///
/// # Errors
/// Those of the database.
pub fn insert(conn: &mut Connection, row: &CaseRow) -> Result<()> {
    diesel::insert_into(agency_case::table)
        .values((
            agency_case::id.eq(row.id),
            agency_case::agency_id.eq(row.agency_id),
            agency_case::number.eq(&row.number),
            agency_case::title.eq(&row.title),
            agency_case::status.eq(&row.status),
            agency_case::officer.eq(&row.officer),
            agency_case::opened_at.eq(row.opened_at),
            agency_case::filed_on.eq(row.filed_on),
            agency_case::synthetic.eq(row.synthetic),
            agency_case::region_code.eq(&row.region_code),
        ))
        .execute(conn)?;
    Ok(())
}

/// Stores what can change of a case.
///
/// # Errors
/// Those of the database.
pub fn save(conn: &mut Connection, row: &CaseRow) -> Result<()> {
    diesel::update(agency_case::table.find(row.id))
        .set((
            agency_case::number.eq(&row.number),
            agency_case::title.eq(&row.title),
            agency_case::status.eq(&row.status),
            agency_case::officer.eq(&row.officer),
            agency_case::filed_on.eq(row.filed_on),
            agency_case::merged_into.eq(row.merged_into),
        ))
        .execute(conn)?;
    Ok(())
}

/// Joins a transfer to a case, out of the one in which it was before.
///
/// # Errors
/// Those of the database.
pub fn join(conn: &mut Connection, case_id: Id, transfer_id: Id, at: Instant) -> Result<()> {
    diesel::delete(case_transfer::table.filter(case_transfer::transfer_id.eq(transfer_id))).execute(conn)?;
    diesel::insert_into(case_transfer::table)
        .values((
            case_transfer::case_id.eq(case_id),
            case_transfer::transfer_id.eq(transfer_id),
            case_transfer::joined_at.eq(at),
        ))
        .execute(conn)?;
    Ok(())
}

/// A transfer of a case with the number of its lead and the title under which it was sent.
#[derive(Clone, Debug, Queryable)]
pub struct Joined {
    pub transfer_id: Id,
    pub number: String,
    pub lead_id: Id,
    pub lead_number: String,
    pub title: String,
}

/// The transfers of a case, oldest first, each with its lead.
///
/// # Errors
/// Those of the database.
pub fn transfers_of(conn: &mut Connection, case_id: Id) -> Result<Vec<Joined>> {
    Ok(transfer::table
        .inner_join(lead::table)
        .inner_join(transfer_face::table)
        .filter(transfer::id.eq_any(ids_of(case_id)))
        .order(transfer::seq)
        .select((transfer::id, transfer::number, lead::id, lead::number, transfer_face::title))
        .load(conn)?)
}

/// The rows of a case's transfers, oldest first.
///
/// # Errors
/// Those of the database.
pub fn joined(conn: &mut Connection, case_id: Id) -> Result<Vec<TransferRow>> {
    Ok(transfer::table
        .filter(transfer::id.eq_any(ids_of(case_id)))
        .order(transfer::seq)
        .select(TransferRow::as_select())
        .load(conn)?)
}

/// Whether `who` sent what the agency has of one of a case's transfers, be it to the agency that forwarded it.
///
/// # Errors
/// Those of the database.
pub fn is_sender(conn: &mut Connection, case_id: Id, who: Id) -> Result<bool> {
    Ok(!sent_by(conn, &[case_id], who)?.is_empty())
}

/// As [`is_sender`], of several cases: those of which `who` did.
///
/// # Errors
/// Those of the database.
pub fn sent_by(conn: &mut Connection, cases: &[Id], who: Id) -> Result<HashSet<Id>> {
    let joined: Vec<(Id, Id, (Id, Id))> = case_transfer::table
        .inner_join(transfer::table)
        .filter(case_transfer::case_id.eq_any(cases))
        .select((case_transfer::case_id, transfer::id, (transfer::lead_id, transfer::agency_id)))
        .load(conn)?;
    let ids: Vec<Id> = joined.iter().map(|(_, id, _)| *id).collect();
    let ways: Vec<(Id, Id)> = joined.iter().map(|(_, _, way)| *way).collect();
    let last = last_senders(conn, &ids)?;
    let first = first_senders_of_each(conn, &ways)?;
    let is_own = |id: &Id, first: &[Id]| last.get(id) == Some(&who) || first.contains(&who);
    let own = joined.iter().zip(&first).filter(|((_, id, _), first)| is_own(id, first));
    Ok(own.map(|((case, _, _), _)| *case).collect())
}

/// How many of a case's transfers are not over.
///
/// # Errors
/// Those of the database.
pub fn live_transfers(conn: &mut Connection, case_id: Id) -> Result<i64> {
    Ok(transfer::table
        .filter(transfer::id.eq_any(ids_of(case_id)))
        .filter(transfer::state.ne_all(State::OVER.map(State::as_str)))
        .count()
        .get_result(conn)?)
}

#[diesel::dsl::auto_type]
fn ids_of(case_id: Id) -> _ {
    case_transfer::table.filter(case_transfer::case_id.eq(case_id)).select(case_transfer::transfer_id)
}

/// Appends a step, behind all others of its case.
///
/// # Errors
/// Those of the database.
pub fn insert_step(conn: &mut Connection, case_id: Id, row: &StepRow) -> Result<()> {
    let own = case_step::table.filter(case_step::case_id.eq(case_id));
    let last: Option<Instant> = own.select(diesel::dsl::max(case_step::at)).first(conn)?;
    diesel::insert_into(case_step::table)
        .values((
            case_step::id.eq(row.id),
            case_step::case_id.eq(case_id),
            case_step::kind.eq(&row.kind),
            case_step::on_day.eq(row.on_day),
            case_step::actor_id.eq(row.actor_id),
            case_step::at.eq(row.at.following(last)),
            case_step::remark_id.eq(row.remark_id),
            case_step::paper_id.eq(row.paper_id),
        ))
        .execute(conn)?;
    Ok(())
}

/// The steps of a case, oldest first.
///
/// # Errors
/// Those of the database.
pub fn steps(conn: &mut Connection, case_id: Id) -> Result<Vec<StepRow>> {
    Ok(case_step::table
        .filter(case_step::case_id.eq(case_id))
        .order((case_step::on_day, case_step::at, case_step::id))
        .select(StepRow::as_select())
        .load(conn)?)
}

/// Keeps a scanned paper with its case.
///
/// # Errors
/// Those of the database.
pub fn insert_paper(conn: &mut Connection, row: &PaperRow) -> Result<()> {
    diesel::insert_into(case_paper::table).values(row).execute(conn)?;
    Ok(())
}

/// The scanned papers of a case, newest first.
///
/// # Errors
/// Those of the database.
pub fn papers(conn: &mut Connection, case_id: Id) -> Result<Vec<PaperRow>> {
    Ok(case_paper::table
        .filter(case_paper::case_id.eq(case_id))
        .order((case_paper::at.desc(), case_paper::id.desc()))
        .select(PaperRow::as_select())
        .load(conn)?)
}

/// The scanned papers of a case apart, each newest first: those that `who` may record from, because only others took in
/// scans of them, and the rest.
///
/// # Errors
/// Those of the database.
pub fn papers_for(conn: &mut Connection, case_id: Id, who: Id) -> Result<(Vec<PaperRow>, Vec<PaperRow>)> {
    let papers = papers(conn, case_id)?;
    let ids: Vec<Id> = papers.iter().map(|paper| paper.id).collect();
    let replaced = replacement::store::of(conn, &ids)?;
    Ok(papers.into_iter().partition(|paper| !paper.is_taken_in_by(who, &replaced)))
}
