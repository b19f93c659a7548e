//! Leads, their steps and writers, as stored; what they name is in `parts`.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{State, Step};
pub(in crate::casework::lead) use super::parts::tags::{
    brand_named, link_brand, replace_charges, unlink_brand,
};
pub use super::{
    model::Lead,
    parts::{
        store::{Listing, SiteOf, SubjectOf, listings_of, sites_of, subjects_of},
        tags::{
            Brand, brand_called, brand_count, brands, brands_of, brands_of_many, charges_of, charges_of_many,
        },
    },
};
use crate::{
    access,
    directory::people::{Actor, policy::CASE_READERS},
    platform::{
        db::{
            Connection, Id, Instant, Tx, fulltext,
            schema::{dossier, dossier_facts, lead, lead_step, lead_writer},
        },
        error::{AppError, Plain, Result},
        money::{Amount, Basis, Fen, Qualifier},
    },
};

/// A row of `lead`, before its words are read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = lead)]
pub(in crate::casework::lead) struct LeadRow {
    seq: i64,
    id: Id,
    number: String,
    year: i32,
    title: String,
    summary: String,
    region_code: String,
    occurred_from: Option<NaiveDate>,
    occurred_to: Option<NaiveDate>,
    value_fen: Option<i64>,
    value_qualifier: Option<String>,
    value_basis: Option<String>,
    source_kind: String,
    source_note: String,
    sender_role: String,
    state: String,
    owner_id: Id,
    assignee_id: Option<Id>,
    synthetic: bool,
    public_source: String,
    revision: i32,
    created_at: Instant,
    updated_at: Instant,
}

/// A stored word; one that we don't know means a row that this program has not written.
pub(in crate::casework::lead) fn word<T: std::str::FromStr>(what: &str, word: &str) -> Result<T> {
    word.parse().map_err(|_| unknown(what, word))
}

fn unknown(what: &str, word: &str) -> AppError {
    AppError::internal(Plain(format!("{what}: unknown word '{word}'")))
}

impl LeadRow {
    pub(in crate::casework::lead) fn read(self) -> Result<Lead> {
        let value = match (self.value_fen, self.value_qualifier, self.value_basis) {
            (Some(fen), Some(q), Some(b)) => Some(Amount {
                fen: Fen(fen),
                qualifier: Qualifier::parse(&q).ok_or_else(|| unknown("lead.value_qualifier", &q))?,
                basis: Basis::parse(&b).ok_or_else(|| unknown("lead.value_basis", &b))?,
            }),
            _ => None,
        };
        Ok(Lead {
            seq: self.seq,
            id: self.id,
            number: self.number,
            year: self.year,
            title: self.title,
            summary: self.summary,
            region_code: self.region_code,
            occurred_from: self.occurred_from,
            occurred_to: self.occurred_to,
            value,
            source_kind: word("lead.source_kind", &self.source_kind)?,
            source_note: self.source_note,
            sender_role: word("lead.sender_role", &self.sender_role)?,
            state: word("lead.state", &self.state)?,
            owner_id: self.owner_id,
            assignee_id: self.assignee_id,
            synthetic: self.synthetic,
            public_source: self.public_source,
            revision: self.revision,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

/// The lead `id`, for whoever has already been let in.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Connection, id: Id) -> Result<Lead> {
    lead::table.filter(lead::id.eq(id)).select(LeadRow::as_select()).first::<LeadRow>(conn)?.read()
}

/// Leads by their ids; unknown ids are left out, the order is that of creation.
///
/// # Errors
/// Those of the database.
pub fn find_many(conn: &mut Connection, ids: &[Id]) -> Result<Vec<Lead>> {
    let mut found = Vec::new();
    for part in ids.chunks(500) {
        let rows: Vec<LeadRow> = lead::table
            .filter(lead::id.eq_any(part))
            .order(lead::seq)
            .select(LeadRow::as_select())
            .load(conn)?;
        for row in rows {
            found.push(row.read()?);
        }
    }
    Ok(found)
}

/// The lead `id`, if the actor may see it: the platform's readers and auditors see all, an agency what was opened to
/// it.
///
/// # Errors
/// `NotFound` for what is not there and for what is not to be seen.
pub fn find_visible(conn: &mut Connection, actor: &Actor, id: Id) -> Result<Lead> {
    if let Some(agency_id) = actor.agency_id() {
        access::require(conn, id, Some(agency_id))?;
    } else if !actor.has_any(CASE_READERS) {
        return Err(AppError::NotFound);
    }
    find(conn, id)
}

/// One step of a lead's way.
#[derive(Clone, Debug)]
pub struct StepOf {
    pub step: Step,
    /// `None`: the program itself.
    pub actor_id: Option<Id>,
    pub at: Instant,
    /// Its text is in `remark`.
    pub remark_id: Option<Id>,
}

/// The steps of a lead, oldest first.
///
/// # Errors
/// Those of the database.
pub fn steps_of(conn: &mut Connection, lead_id: Id) -> Result<Vec<StepOf>> {
    let rows: Vec<(String, Option<Id>, Instant, Option<Id>)> = lead_step::table
        .filter(lead_step::lead_id.eq(lead_id))
        .order((lead_step::at, lead_step::id))
        .select((lead_step::kind, lead_step::actor_id, lead_step::at, lead_step::remark_id))
        .load(conn)?;
    rows.into_iter()
        .map(|(kind, actor_id, at, remark_id)| {
            Ok(StepOf { step: word("lead_step.kind", &kind)?, actor_id, at, remark_id })
        })
        .collect()
}

/// Everyone who changed the lead, its evidence or composition: they may not approve it.
///
/// # Errors
/// Those of the database.
pub fn writers_of(conn: &mut Connection, lead_id: Id) -> Result<Vec<Id>> {
    Ok(lead_writer::table
        .filter(lead_writer::lead_id.eq(lead_id))
        .select(lead_writer::person_id)
        .load(conn)?)
}

/// Notes a writer; noting twice changes nothing.
pub(super) fn add_writer(tx: &mut Tx<'_>, lead_id: Id, person_id: Id) -> Result<()> {
    let noted: i64 = lead_writer::table
        .filter(lead_writer::lead_id.eq(lead_id))
        .filter(lead_writer::person_id.eq(person_id))
        .count()
        .get_result(tx.conn())?;
    if noted == 0 {
        diesel::insert_into(lead_writer::table)
            .values((lead_writer::lead_id.eq(lead_id), lead_writer::person_id.eq(person_id)))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Writes a step of the way; the state itself is changed by the caller.
pub(super) fn add_step(
    tx: &mut Tx<'_>,
    lead_id: Id,
    step: Step,
    at: Instant,
    remark_id: Option<Id>,
) -> Result<()> {
    let actor_id = tx.origin().actor_id;
    diesel::insert_into(lead_step::table)
        .values((
            lead_step::id.eq(Id::new()),
            lead_step::lead_id.eq(lead_id),
            lead_step::kind.eq(step.as_str()),
            lead_step::actor_id.eq(actor_id),
            lead_step::at.eq(at),
            lead_step::remark_id.eq(remark_id),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Inserts the row; `seq` is given by the database.
pub(super) fn insert(tx: &mut Tx<'_>, new: &Lead) -> Result<()> {
    diesel::insert_into(lead::table)
        .values((
            (
                lead::id.eq(new.id),
                lead::number.eq(&new.number),
                lead::year.eq(new.year),
                lead::title.eq(&new.title),
                lead::summary.eq(&new.summary),
                lead::region_code.eq(&new.region_code),
                lead::occurred_from.eq(new.occurred_from),
                lead::occurred_to.eq(new.occurred_to),
                lead::value_fen.eq(new.value.map(|v| v.fen.0)),
                lead::value_qualifier.eq(new.value.map(|v| v.qualifier.as_str())),
                lead::value_basis.eq(new.value.map(|v| v.basis.as_str())),
            ),
            (
                lead::source_kind.eq(new.source_kind.as_str()),
                lead::source_note.eq(&new.source_note),
                lead::sender_role.eq(new.sender_role.as_str()),
                lead::state.eq(new.state.as_str()),
                lead::owner_id.eq(new.owner_id),
                lead::assignee_id.eq(new.assignee_id),
                lead::synthetic.eq(new.synthetic),
                lead::public_source.eq(&new.public_source),
                lead::revision.eq(new.revision),
                lead::created_at.eq(new.created_at),
                lead::updated_at.eq(new.updated_at),
            ),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes the fields of a lead back.
pub(super) fn save_fields(tx: &mut Tx<'_>, changed: &Lead) -> Result<()> {
    diesel::update(lead::table.filter(lead::id.eq(changed.id)))
        .set((
            lead::title.eq(&changed.title),
            lead::summary.eq(&changed.summary),
            lead::region_code.eq(&changed.region_code),
            lead::occurred_from.eq(changed.occurred_from),
            lead::occurred_to.eq(changed.occurred_to),
            lead::value_fen.eq(changed.value.map(|v| v.fen.0)),
            lead::value_qualifier.eq(changed.value.map(|v| v.qualifier.as_str())),
            lead::value_basis.eq(changed.value.map(|v| v.basis.as_str())),
            lead::source_kind.eq(changed.source_kind.as_str()),
            lead::source_note.eq(&changed.source_note),
            lead::sender_role.eq(changed.sender_role.as_str()),
            lead::revision.eq(changed.revision),
            lead::updated_at.eq(changed.updated_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn save_state(tx: &mut Tx<'_>, lead_id: Id, state: State) -> Result<()> {
    let now = tx.now();
    diesel::update(lead::table.filter(lead::id.eq(lead_id)))
        .set((lead::state.eq(state.as_str()), lead::updated_at.eq(now)))
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn save_assignee(tx: &mut Tx<'_>, lead_id: Id, assignee_id: Option<Id>) -> Result<()> {
    let now = tx.now();
    diesel::update(lead::table.filter(lead::id.eq(lead_id)))
        .set((lead::assignee_id.eq(assignee_id), lead::updated_at.eq(now)))
        .execute(tx.conn())?;
    Ok(())
}

/// A part of the lead has changed.
pub(super) fn touch(tx: &mut Tx<'_>, lead_id: Id) -> Result<()> {
    let now = tx.now();
    diesel::update(lead::table.filter(lead::id.eq(lead_id)))
        .set(lead::updated_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}

/// Whether the lead ever took this step.
///
/// # Errors
/// Those of the database.
pub fn was_ever(conn: &mut Connection, lead_id: Id, step: Step) -> Result<bool> {
    let taken: i64 = lead_step::table
        .filter(lead_step::lead_id.eq(lead_id))
        .filter(lead_step::kind.eq(step.as_str()))
        .count()
        .get_result(conn)?;
    Ok(taken > 0)
}

/// Makes number and title findable, and the titles that its dossiers bear: an agency speaks of those. For every way in
/// which a lead comes in or changes its title.
///
/// # Errors
/// Those of the database.
pub fn index_text(conn: &mut Connection, lead: &Lead) -> Result<()> {
    let mut titles: Vec<String> = dossier_facts::table
        .inner_join(dossier::table)
        .filter(dossier::lead_id.eq(lead.id))
        .select(dossier_facts::title)
        .distinct()
        .load(conn)?;
    titles.retain(|title| *title != lead.title);
    titles.sort_unstable();
    let text = format!("{} {} {}", lead.number, lead.title, titles.join(" "));
    fulltext::put(conn, fulltext::Index::Leads, lead.seq, text.trim_end())
}

/// Whether the lead was ever sent into review.
///
/// # Errors
/// Those of the database.
pub fn was_submitted(conn: &mut Connection, lead_id: Id) -> Result<bool> {
    let steps = lead_step::table.filter(lead_step::lead_id.eq(lead_id));
    let times: i64 = steps.filter(lead_step::kind.eq(Step::Submitted.as_str())).count().get_result(conn)?;
    Ok(times > 0)
}
