//! Rows of transfers and their steps; and the little that a step must know of the
//! lead, the agency and its people.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{self, Standing, Step};
use crate::{
    directory::people::{Actor, policy::CASE_READERS},
    handover::deadline::NextDue,
    platform::{
        db::{
            Connection, Id, Instant,
            schema::{access, agency, agency_contact, delivery, lead, person, transfer, transfer_step},
        },
        error::{AppError, Plain, Result},
        i18n::Lang,
    },
};

/// A transfer as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = transfer)]
pub struct TransferRow {
    pub seq: i64,
    pub id: Id,
    pub lead_id: Id,
    pub agency_id: Id,
    /// `YS-2016-0001`, per agency and year.
    pub number: String,
    /// How its newest dossier was handed over.
    pub channel: String,
    /// `reporter`, `accuser_joint` or `assisting`.
    pub sender_role: String,
    /// A [`model::State`], derived from the steps.
    pub state: String,
    /// A [`model::stage`].
    pub stage: i32,
    pub sent_at: Instant,
    pub received_at: Option<Instant>,
    pub accepted_at: Option<Instant>,
    pub filed_at: Option<Instant>,
    /// The earliest due time of a running clock.
    pub next_due_at: Option<Instant>,
    /// The same of the agency's own duties alone.
    pub agency_due_at: Option<Instant>,
    /// The transfer that was forwarded.
    pub forwarded_from: Option<Id>,
    pub synthetic: bool,
}

impl TransferRow {
    /// The state as a value; `Sent` for a word that no version knows.
    pub fn state(&self) -> model::State {
        self.state.parse().unwrap_or(model::State::Sent)
    }
}

/// A step as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = transfer_step)]
pub struct StepRow {
    pub id: Id,
    pub kind: String,
    pub actor_id: Option<Id>,
    pub side: String,
    pub at: Instant,
    /// The day that the paper bears.
    pub on_day: Option<NaiveDate>,
    pub reason_code: Option<String>,
    pub target_agency_id: Option<Id>,
    pub delivery_id: Option<Id>,
    pub remark_id: Option<Id>,
    /// Recorded by the platform from a paper of an agency without accounts.
    pub by_paper: bool,
    /// Its scan.
    pub paper_id: Option<Id>,
}

impl StepRow {
    /// Whether it acknowledges this delivery.
    pub fn receives(&self, delivery: Id) -> bool {
        self.kind == model::StepKind::Received.as_str() && self.delivery_id == Some(delivery)
    }
}

/// What is asked of an agency's row.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = agency)]
pub struct AgencyRow {
    pub id: Id,
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub type_code: String,
    pub region_code: String,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
    pub channel: String,
    pub addressee: String,
    pub address: String,
    pub phone: String,
    pub ack_days: Option<i32>,
    pub accept_days: Option<i32>,
}

impl AgencyRow {
    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.name_zh, &self.name_en)
    }

    /// Whether it can be sent anything on `day`.
    ///
    /// # Errors
    /// Why not: a message key.
    pub fn in_being(&self, day: NaiveDate) -> Result<(), &'static str> {
        if self.valid_from.is_some_and(|first| day < first) {
            return Err("conflict-agency-not-begun");
        }
        if self.valid_to.is_some_and(|last| last < day) {
            return Err("conflict-agency-ended");
        }
        Ok(())
    }
}

/// What is asked of a lead's row.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = lead)]
pub struct LeadRow {
    pub id: Id,
    pub number: String,
    pub title: String,
    pub region_code: String,
    pub sender_role: String,
    pub state: String,
    pub owner_id: Id,
    pub assignee_id: Option<Id>,
    pub synthetic: bool,
    /// Source of a published case; else empty.
    pub public_source: String,
}

/// The transfer, if the actor may see it: the agency side by `access`, the platform's readers all.
///
/// # Errors
/// `NotFound`.
pub fn visible(conn: &mut Connection, actor: &Actor, id: Id) -> Result<TransferRow> {
    these_visible(conn, actor, &[id])?.pop().ok_or(AppError::NotFound)
}

/// Those of these transfers that the actor may see, in no order.
///
/// # Errors
/// Those of the database.
pub fn these_visible(conn: &mut Connection, actor: &Actor, ids: &[Id]) -> Result<Vec<TransferRow>> {
    let mut query = transfer::table.filter(transfer::id.eq_any(ids.to_vec())).into_boxed();
    match actor.agency_id() {
        Some(own) => {
            let seen = access::table.filter(access::agency_id.eq(own)).select(access::object_id);
            query = query.filter(transfer::agency_id.eq(own)).filter(transfer::id.eq_any(seen));
        }
        None if actor.has_any(CASE_READERS) => {}
        None => return Ok(Vec::new()),
    }
    Ok(query.select(TransferRow::as_select()).load(conn)?)
}

/// The transfer `id`, whoever asks.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Connection, id: Id) -> Result<TransferRow> {
    Ok(transfer::table.filter(transfer::id.eq(id)).select(TransferRow::as_select()).first(conn)?)
}

/// The transfer of a lead to an agency, if there is one.
///
/// # Errors
/// Those of the database.
pub fn of(conn: &mut Connection, lead_id: Id, agency_id: Id) -> Result<Option<TransferRow>> {
    Ok(transfer::table
        .filter(transfer::lead_id.eq(lead_id))
        .filter(transfer::agency_id.eq(agency_id))
        .select(TransferRow::as_select())
        .first(conn)
        .optional()?)
}

/// All transfers of a lead, oldest first.
///
/// # Errors
/// Those of the database.
pub fn of_lead(conn: &mut Connection, lead_id: Id) -> Result<Vec<TransferRow>> {
    Ok(transfer::table
        .filter(transfer::lead_id.eq(lead_id))
        .order(transfer::seq)
        .select(TransferRow::as_select())
        .load(conn)?)
}

/// A transfer that is about to be opened.
pub struct NewTransfer<'a> {
    pub id: Id,
    pub lead_id: Id,
    pub agency_id: Id,
    pub number: &'a str,
    pub channel: &'static str,
    pub sender_role: &'a str,
    pub at: Instant,
    pub forwarded_from: Option<Id>,
    pub synthetic: bool,
}

/// Writes the row of a new transfer, as it stands before its first step.
///
/// # Errors
/// Those of the database, among them that there is one already.
pub fn insert(conn: &mut Connection, new: &NewTransfer<'_>) -> Result<()> {
    diesel::insert_into(transfer::table)
        .values((
            transfer::id.eq(new.id),
            transfer::lead_id.eq(new.lead_id),
            transfer::agency_id.eq(new.agency_id),
            transfer::number.eq(new.number),
            transfer::channel.eq(new.channel),
            transfer::sender_role.eq(new.sender_role),
            transfer::state.eq(model::State::Sent.as_str()),
            transfer::stage.eq(model::stage::SENT),
            transfer::sent_at.eq(new.at),
            transfer::forwarded_from.eq(new.forwarded_from),
            transfer::synthetic.eq(new.synthetic),
        ))
        .execute(conn)?;
    Ok(())
}

/// Stores what the steps amount to, and the next due times.
///
/// # Errors
/// Those of the database.
pub fn save_standing(conn: &mut Connection, id: Id, standing: &Standing, due: NextDue) -> Result<()> {
    diesel::update(transfer::table.filter(transfer::id.eq(id)))
        .set((
            transfer::state.eq(standing.state.as_str()),
            transfer::stage.eq(standing.stage),
            transfer::sent_at.eq(standing.sent_at),
            transfer::received_at.eq(standing.received_at),
            transfer::accepted_at.eq(standing.accepted_at),
            transfer::filed_at.eq(standing.filed_at),
            transfer::next_due_at.eq(due.any),
            transfer::agency_due_at.eq(due.of_agency),
        ))
        .execute(conn)?;
    Ok(())
}

/// Stores how its newest dossier was handed over.
///
/// # Errors
/// Those of the database.
pub fn save_channel(conn: &mut Connection, id: Id, channel: model::Channel) -> Result<()> {
    diesel::update(transfer::table.filter(transfer::id.eq(id)))
        .set(transfer::channel.eq(channel.as_str()))
        .execute(conn)?;
    Ok(())
}

/// The steps of a transfer as stored, oldest first.
///
/// # Errors
/// Those of the database.
pub fn step_rows(conn: &mut Connection, transfer_id: Id) -> Result<Vec<StepRow>> {
    Ok(transfer_step::table
        .filter(transfer_step::transfer_id.eq(transfer_id))
        .order((transfer_step::at, transfer_step::id))
        .select(StepRow::as_select())
        .load(conn)?)
}

/// The steps as the model knows them.
///
/// # Errors
/// `Internal` for a word that no version knows.
pub fn as_steps(rows: &[StepRow]) -> Result<Vec<Step>> {
    rows.iter()
        .map(|row| {
            let kind = row.kind.parse().map_err(|_| {
                AppError::internal(Plain(format!("transfer step {}: unknown kind {}", row.id, row.kind)))
            })?;
            Ok(Step { kind, at: row.at, delivery: row.delivery_id })
        })
        .collect()
}

/// Appends a step.
///
/// # Errors
/// Those of the database.
pub fn insert_step(conn: &mut Connection, transfer_id: Id, row: &StepRow) -> Result<()> {
    diesel::insert_into(transfer_step::table)
        .values((
            transfer_step::id.eq(row.id),
            transfer_step::transfer_id.eq(transfer_id),
            transfer_step::kind.eq(&row.kind),
            transfer_step::actor_id.eq(row.actor_id),
            transfer_step::side.eq(&row.side),
            transfer_step::at.eq(row.at),
            transfer_step::on_day.eq(row.on_day),
            transfer_step::reason_code.eq(&row.reason_code),
            transfer_step::target_agency_id.eq(row.target_agency_id),
            transfer_step::delivery_id.eq(row.delivery_id),
            transfer_step::remark_id.eq(row.remark_id),
            transfer_step::by_paper.eq(row.by_paper),
            transfer_step::paper_id.eq(row.paper_id),
        ))
        .execute(conn)?;
    Ok(())
}

/// # Errors
/// `NotFound`.
pub fn agency_row(conn: &mut Connection, id: Id) -> Result<AgencyRow> {
    Ok(agency::table.find(id).select(AgencyRow::as_select()).first(conn)?)
}

/// # Errors
/// `NotFound`.
pub fn lead_row(conn: &mut Connection, id: Id) -> Result<LeadRow> {
    Ok(lead::table.filter(lead::id.eq(id)).select(LeadRow::as_select()).first(conn)?)
}

/// Whether anybody at the agency can sign in.
///
/// # Errors
/// Those of the database.
pub fn has_accounts(conn: &mut Connection, agency_id: Id) -> Result<bool> {
    let n: i64 = person::table
        .filter(person::agency_id.eq(agency_id))
        .filter(person::disabled_at.is_null())
        .count()
        .get_result(conn)?;
    Ok(n > 0)
}

/// Whether a delivery was handed over on paper or disc.
///
/// # Errors
/// `NotFound`.
pub fn is_by_hand(conn: &mut Connection, delivery_id: Id) -> Result<bool> {
    let channel: String = delivery::table.find(delivery_id).select(delivery::channel).first(conn)?;
    Ok(channel != model::Channel::Portal.as_str())
}

/// A contact of an agency: name, title, phone, e-mail, whether it is the default.
pub type Contact = (String, String, String, String, bool);

/// Contacts of an agency, the default one first.
///
/// # Errors
/// Those of the database.
pub fn contacts(conn: &mut Connection, agency_id: Id) -> Result<Vec<Contact>> {
    Ok(agency_contact::table
        .filter(agency_contact::agency_id.eq(agency_id))
        .order((agency_contact::is_default.desc(), agency_contact::name))
        .select((
            agency_contact::name,
            agency_contact::title,
            agency_contact::phone,
            agency_contact::email,
            agency_contact::is_default,
        ))
        .load(conn)?)
}

/// The dossiers that were delivered on the transfer.
///
/// # Errors
/// Those of the database.
pub fn delivered(conn: &mut Connection, transfer_id: Id) -> Result<Vec<Id>> {
    Ok(delivery::table
        .filter(delivery::transfer_id.eq(transfer_id))
        .select(delivery::dossier_id)
        .distinct()
        .load(conn)?)
}
