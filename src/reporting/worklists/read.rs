//! The rows that wait, a query a duty, scoped by the actor.

use diesel::{
    dsl::{exists, not},
    prelude::*,
    sql_types::{Binary, Bool, Nullable},
};

use super::counts::up_to_counted;
use crate::{
    casework::{dossier::waiting::Waits as DossierWaits, lead::RETURNED},
    directory::people::Actor,
    handover::waiting::Waits,
    outcome::waiting,
    platform::{
        db::{
            Connection, Fixed, Id, Instant, fixed, not_by_index,
            schema::{
                access, agency, agency_case, composition, dossier, dossier_package, lead, lead_writer,
                outcome, review, supplement_request, transfer, transfer_face,
            },
        },
        error::Result,
        http::list_head::COUNTED,
    },
};

/// Rows of a duty on the page; the list has all.
pub const SHOWN: i64 = 10;

/// A lead that waits.
#[derive(Clone, Debug, Queryable)]
pub struct LeadRow {
    pub id: Id,
    pub number: String,
    pub title: String,
    pub updated_at: Instant,
    pub synthetic: bool,
}

/// The drafts that `me` owns or is assigned and that no approver sent back, newest change first: those that came back
/// have a place of their own.
///
/// # Errors
/// Those of the database.
pub fn drafts(conn: &mut Connection, me: Id) -> Result<Vec<LeadRow>> {
    own_drafts(conn, me, false)
}

/// The drafts that an approver sent back.
///
/// # Errors
/// Those of the database.
pub fn returned(conn: &mut Connection, me: Id) -> Result<Vec<LeadRow>> {
    own_drafts(conn, me, true)
}

fn own_drafts(conn: &mut Connection, me: Id, came_back: bool) -> Result<Vec<LeadRow>> {
    let returned = fixed::<Bool>(RETURNED);
    let query = lead::table
        .filter(lead::owner_id.nullable().eq(Some(me)).or(lead::assignee_id.eq(Some(me))))
        .filter(lead::state.eq("draft"))
        .into_boxed();
    let query = if came_back { query.filter(returned) } else { query.filter(not(returned)) };
    Ok(query
        .order(lead::updated_at.desc())
        .limit(SHOWN)
        .select((lead::id, lead::number, lead::title, lead::updated_at, lead::synthetic))
        .load(conn)?)
}

/// A supplement that an agency asked for.
#[derive(Clone, Debug, Queryable)]
pub struct SupplementRow {
    pub transfer_id: Id,
    pub number: String,
    pub lead_number: String,
    pub agency: (String, String),
    pub due_at: Option<Instant>,
    pub synthetic: bool,
    /// The lead's, as the agency was told it.
    pub title: String,
}

/// Open requests about leads of `me`, most urgent first.
///
/// # Errors
/// Those of the database.
pub fn supplements(conn: &mut Connection, me: &Actor) -> Result<Vec<SupplementRow>> {
    Ok(supplement_request::table
        .inner_join(
            transfer::table
                .inner_join(lead::table)
                .inner_join(agency::table)
                .inner_join(transfer_face::table),
        )
        .filter(supplement_request::answered_at.is_null())
        .filter(fixed::<Bool>(Waits::Supplements.condition(me.side)))
        .filter(lead::owner_id.nullable().eq(Some(me.id)).or(lead::assignee_id.eq(Some(me.id))))
        .order((supplement_request::due_at.is_null(), supplement_request::due_at, transfer::seq))
        .limit(SHOWN)
        .select((
            transfer::id,
            transfer::number,
            lead::number,
            (agency::name_zh, agency::name_en),
            supplement_request::due_at,
            transfer::synthetic,
            transfer_face::title,
        ))
        .load(conn)?)
}

/// A person's column of `lead`, not to be gone by: a busy compiler has more leads than there are things that wait.
fn person(plus: &str, column: &str) -> Fixed<Nullable<Binary>> {
    fixed(format!("{plus}lead.{column}"))
}

/// A dossier on its way out.
#[derive(Clone, Debug, Queryable)]
pub struct DossierRow {
    pub id: Id,
    pub lead_number: String,
    pub version: i32,
    pub agency: (String, String),
    pub packed_at: Option<Instant>,
    pub synthetic: bool,
}

/// Dossiers of the leads of `me` that wait so, as joined with what conditions on them name.
macro_rules! dossiers_that_wait {
    ($conn:expr, $me:expr, $which:expr) => {{
        let (me, plus): (Id, _) = ($me, not_by_index($conn));
        dossier::table
            .inner_join(composition::table)
            .inner_join(agency::table)
            .inner_join(lead::table)
            .left_join(dossier_package::table)
            .filter(person(plus, "owner_id").eq(Some(me)).or(person(plus, "assignee_id").eq(Some(me))))
            .filter(fixed::<Bool>($which.condition()))
    }};
}

/// How many dossiers of the leads of `me` wait so, counted no further than shown: `/dossiers?waits=…`
///
/// # Errors
/// Those of the database.
pub fn count_dossiers(conn: &mut Connection, me: Id, which: DossierWaits) -> Result<i64> {
    Ok(up_to_counted!(conn, dossiers_that_wait!(conn, me, which), dossier::id))
}

/// Dossiers of the leads of `me` that wait so, the newest first.
///
/// # Errors
/// Those of the database.
pub fn dossiers(conn: &mut Connection, me: Id, which: DossierWaits) -> Result<Vec<DossierRow>> {
    Ok(dossiers_that_wait!(conn, me, which)
        .order(dossier::id.desc())
        .limit(SHOWN)
        .select((
            dossier::id,
            lead::number,
            composition::version,
            (agency::name_zh, agency::name_en),
            dossier_package::written_at.nullable(),
            lead::synthetic,
        ))
        .load(conn)?)
}

/// A review that waits.
#[derive(Clone, Debug, Queryable)]
pub struct ReviewRow {
    pub id: Id,
    pub lead_number: String,
    pub title: String,
    pub submitted_at: Instant,
    pub synthetic: bool,
}

/// Reviews that `me` may decide: not those that `me` has a hand in. Longest waiting first.
///
/// # Errors
/// Those of the database.
pub fn reviews(conn: &mut Connection, me: Id) -> Result<Vec<ReviewRow>> {
    let written = lead_writer::table
        .filter(lead_writer::lead_id.eq(review::lead_id))
        .filter(lead_writer::person_id.eq(me));
    Ok(review::table
        .inner_join(lead::table)
        .filter(review::decision.is_null())
        .filter(lead::state.eq("in_review"))
        .filter(not(exists(written)))
        .order(review::id)
        .limit(SHOWN)
        .select((review::id, lead::number, lead::title, review::submitted_at, lead::synthetic))
        .load(conn)?)
}

/// A result that waits for the reader's decision.
#[derive(Clone, Debug, Queryable)]
pub struct OutcomeRow {
    pub id: Id,
    pub kind: String,
    pub happened_on: chrono::NaiveDate,
    pub agency: (String, String),
    /// The number and the title of its case.
    pub case: Option<(String, String)>,
    pub synthetic: bool,
}

/// Those of `$query` that the agency sees, which is looked up for what waits: it may see far more.
macro_rules! of_agency {
    ($query:expr, $own:expr) => {{
        let own: Id = $own;
        let seen = access::table
            .filter(access::object_id.nullable().eq(outcome::case_id))
            .filter(access::agency_id.eq(own));
        $query.filter(outcome::agency_id.eq(own)).filter(exists(seen))
    }};
}
pub(super) use of_agency;

/// The first of the results of `$query`, the newest first: an [`OutcomeRow`] each.
macro_rules! newest {
    ($query:expr) => {
        $query.order(outcome::seq.desc()).limit(SHOWN).select((
            outcome::id,
            outcome::kind,
            outcome::happened_on,
            (agency::name_zh, agency::name_en),
            (agency_case::number, agency_case::title).nullable(),
            outcome::synthetic,
        ))
    };
}

/// Rejected results that `me` asserted, of an agency those of anybody there, that nobody took note of; newest first.
///
/// # Errors
/// Those of the database.
pub fn rejected(conn: &mut Connection, me: &Actor) -> Result<Vec<OutcomeRow>> {
    let all = outcome::table.inner_join(agency::table).left_join(agency_case::table);
    let mut query = all.filter(waiting::rejected(me)).into_boxed();
    if let Some(own) = me.agency_id() {
        query = of_agency!(query, own);
    }
    Ok(newest!(query).load(conn)?)
}

/// Results that `me` may confirm, newest first: an agency's own, the platform's all, or only those of cases of leads
/// that `me` owns or is assigned.
///
/// # Errors
/// Those of the database.
pub fn outcomes(conn: &mut Connection, me: &Actor, own_leads: bool) -> Result<Vec<OutcomeRow>> {
    let all = outcome::table.inner_join(agency::table).left_join(agency_case::table);
    let mut query = all.filter(waiting::for_actor(me)).into_boxed();
    if let Some(own) = me.agency_id() {
        query = of_agency!(query, own);
    }
    if own_leads {
        query = query.filter(waiting::of_own_leads(me));
    }
    Ok(newest!(query).load(conn)?)
}
