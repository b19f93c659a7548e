//! The rows that wait, a query a duty, scoped by the actor.

use diesel::{
    dsl::{exists, not, sql},
    expression::SqlLiteral,
    prelude::*,
    sql_types::{BigInt, Binary, Bool, Nullable},
};

use crate::{
    directory::people::{Actor, Role},
    handover::waiting::{REVOKED, Waits},
    outcome::waiting,
    platform::{
        db::{
            Connection, Id, Instant, not_by_index,
            schema::{
                access, agency, case_transfer, composition, dossier, dossier_package, forward_request, lead,
                lead_writer, outcome, review, supplement_request, transfer, transfer_face,
            },
        },
        error::Result,
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

/// That the newest decision about the lead was to send it back.
pub(super) const RETURNED: &str = "EXISTS (SELECT 1 FROM review r WHERE r.lead_id = lead.id AND r.decision = 'returned' \
    AND NOT EXISTS (SELECT 1 FROM review n WHERE n.lead_id = lead.id AND n.id > r.id))";

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
    let returned = sql::<Bool>(RETURNED);
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

/// A supplement that an agency asked for about one of the leads of `me` (of all leads for `None`).
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

/// Open requests, most urgent first.
///
/// # Errors
/// Those of the database.
pub fn supplements(conn: &mut Connection, me: Option<Id>) -> Result<Vec<SupplementRow>> {
    let mut query = supplement_request::table
        .inner_join(
            transfer::table
                .inner_join(lead::table)
                .inner_join(agency::table)
                .inner_join(transfer_face::table),
        )
        .filter(supplement_request::answered_at.is_null())
        .filter(transfer::state.eq("supplement_requested"))
        .into_boxed();
    if let Some(me) = me {
        query = query.filter(lead::owner_id.nullable().eq(Some(me)).or(lead::assignee_id.eq(Some(me))));
    }
    Ok(query
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

/// Forwards that wait for a version of the platform, of all leads for a manager, else of those of `me`; the agency is the
/// one that it is for.
///
/// # Errors
/// Those of the database.
pub fn forwards(conn: &mut Connection, me: &Actor) -> Result<Vec<SupplementRow>> {
    let mut query = forward_request::table
        .inner_join(transfer::table.inner_join(transfer_face::table))
        .inner_join(lead::table)
        .inner_join(agency::table)
        .filter(forward_request::answered_at.is_null())
        .filter(lead::state.ne_all(["withdrawn", "trashed"]))
        .into_boxed();
    // The lead's compiler may have left: whoever else may act on it sees it.
    if !me.has(Role::Manager) {
        query = query.filter(lead::owner_id.nullable().eq(Some(me.id)).or(lead::assignee_id.eq(Some(me.id))));
    }
    Ok(query
        .order(forward_request::asked_at)
        .limit(SHOWN)
        .select((
            transfer::id,
            transfer::number,
            lead::number,
            (agency::name_zh, agency::name_en),
            None::<Instant>.into_sql::<Nullable<BigInt>>(),
            transfer::synthetic,
            transfer_face::title,
        ))
        .load(conn)?)
}

/// A person's column of `lead`, not to be gone by: a busy compiler has more leads than there are things that wait.
fn person(plus: &str, column: &str) -> SqlLiteral<Nullable<Binary>> {
    sql(&format!("{plus}lead.{column}"))
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

/// Kept by the database beside `dossier` and `delivery`.
const UNSENT: &str = "dossier.id IN (SELECT u.dossier_id FROM dossier_unsent u)";
const NEWEST: &str = "NOT EXISTS (SELECT 1 FROM composition n WHERE n.lead_id = composition.lead_id AND n.version > composition.version)";
const FREEZING: &str = "NOT EXISTS (SELECT 1 FROM dossier_freeze f WHERE f.dossier_id = dossier.id)";
const APPROVED: &str =
    "EXISTS (SELECT 1 FROM approval a WHERE a.composition_id = composition.id AND a.decision = 'approved')";

/// Dossiers of the leads of `me` that are approved and not handed over, or still being made.
///
/// # Errors
/// Those of the database.
pub fn dossiers(conn: &mut Connection, me: Id, is_approved: bool) -> Result<Vec<DossierRow>> {
    let plus = not_by_index(conn);
    let mut query = dossier::table
        .inner_join(composition::table)
        .inner_join(agency::table)
        .inner_join(lead::table)
        .left_join(dossier_package::table)
        .filter(person(plus, "owner_id").eq(Some(me)).or(person(plus, "assignee_id").eq(Some(me))))
        .filter(lead::state.ne_all(["withdrawn", "trashed"]))
        .filter(sql::<Bool>(UNSENT))
        .filter(sql::<Bool>(NEWEST))
        .into_boxed();
    query =
        if is_approved { query.filter(sql::<Bool>(APPROVED)) } else { query.filter(sql::<Bool>(FREEZING)) };
    Ok(query
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

/// A transfer that waits.
#[derive(Clone, Debug, Queryable)]
pub struct TransferRow {
    pub id: Id,
    pub number: String,
    pub state: String,
    pub agency: (String, String),
    pub next_due_at: Option<Instant>,
    pub synthetic: bool,
    /// Whether its decision not to file was revoked, and nothing was sent since.
    pub is_revoked: bool,
    /// The lead's, as the agency was told it: either side's to read.
    pub title: String,
}

/// Which transfers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// Past their next deadline.
    Overdue(Instant),
    /// In this state.
    State(&'static str),
    /// What waits for the reader's side so; for the platform about leads that the reader owns or is assigned, but for
    /// what waits about any.
    For(Waits),
}

/// Those of `query` that wait for `me` so: of an agency its own.
macro_rules! that_wait {
    ($query:expr, $me:expr, $which:expr) => {{
        let (me, mut query): (&Actor, _) = ($me, $query);
        if let Some(own) = me.agency_id() {
            let seen = access::table
                .filter(access::agency_id.eq(own))
                .filter(access::kind.eq("transfer"))
                .select(access::object_id);
            query = query.filter(transfer::agency_id.eq(own)).filter(transfer::id.eq_any(seen));
        }
        match $which {
            Waiting::Overdue(now) => query.filter(transfer::next_due_at.lt(now)),
            Waiting::State(state) => query.filter(transfer::state.eq(state)),
            Waiting::For(waits) => {
                query = query.filter(sql::<Bool>(&waits.condition(me.side)));
                if me.agency_id().is_none() && !waits.is_of_all_leads(me) {
                    let own = lead::table
                        .filter(
                            lead::owner_id.nullable().eq(Some(me.id)).or(lead::assignee_id.eq(Some(me.id))),
                        )
                        .select(lead::id);
                    query = query.filter(transfer::lead_id.eq_any(own));
                }
                query
            }
        }
    }};
}
pub(super) use that_wait;

/// Transfers, most urgent first: those of the reader's agency, or of all.
///
/// # Errors
/// Those of the database.
pub fn transfers(conn: &mut Connection, me: &Actor, which: Waiting) -> Result<Vec<TransferRow>> {
    let query = that_wait!(
        transfer::table.inner_join(agency::table).inner_join(transfer_face::table).into_boxed(),
        me,
        which
    );
    Ok(query
        .order((transfer::next_due_at.is_null(), transfer::next_due_at, transfer::seq.desc()))
        .limit(SHOWN)
        .select((
            transfer::id,
            transfer::number,
            transfer::state,
            (agency::name_zh, agency::name_en),
            transfer::next_due_at,
            transfer::synthetic,
            sql::<Bool>(REVOKED),
            transfer_face::title,
        ))
        .load(conn)?)
}

/// A result that waits for the reader's decision.
#[derive(Clone, Debug, Queryable)]
pub struct OutcomeRow {
    pub id: Id,
    pub kind: String,
    pub happened_on: chrono::NaiveDate,
    pub agency: (String, String),
    pub synthetic: bool,
}

/// The first of the results of `$query`, the newest first: an [`OutcomeRow`] each.
macro_rules! newest {
    ($query:expr) => {
        $query.order(outcome::seq.desc()).limit(SHOWN).select((
            outcome::id,
            outcome::kind,
            outcome::happened_on,
            (agency::name_zh, agency::name_en),
            outcome::synthetic,
        ))
    };
}

/// Rejected results that `me` asserted, of an agency those of anybody there, that nobody took note of; newest first.
///
/// # Errors
/// Those of the database.
pub fn rejected(conn: &mut Connection, me: &Actor) -> Result<Vec<OutcomeRow>> {
    let mut query = outcome::table.inner_join(agency::table).filter(waiting::rejected(me)).into_boxed();
    if let Some(own) = me.agency_id() {
        let seen = access::table.filter(access::agency_id.eq(own)).select(access::object_id.nullable());
        query = query.filter(outcome::agency_id.eq(own)).filter(outcome::case_id.eq_any(seen));
    }
    Ok(newest!(query).load(conn)?)
}

/// Results that `me` may confirm, newest first: an agency's own, the platform's all, or only those of cases of leads
/// that `me` owns or is assigned.
///
/// # Errors
/// Those of the database.
pub fn outcomes(conn: &mut Connection, me: &Actor, own_leads: bool) -> Result<Vec<OutcomeRow>> {
    let plus = not_by_index(conn);
    let mut query = outcome::table.inner_join(agency::table).filter(waiting::for_actor(me)).into_boxed();
    if let Some(own) = me.agency_id() {
        let seen = access::table.filter(access::agency_id.eq(own)).select(access::object_id.nullable());
        query = query.filter(outcome::agency_id.eq(own)).filter(outcome::case_id.eq_any(seen));
    }
    if own_leads {
        let of_mine = case_transfer::table
            .inner_join(transfer::table.inner_join(lead::table))
            .filter(case_transfer::case_id.nullable().eq(outcome::case_id))
            .filter(person(plus, "owner_id").eq(Some(me.id)).or(person(plus, "assignee_id").eq(Some(me.id))));
        query = query.filter(exists(of_mine));
    }
    Ok(newest!(query).load(conn)?)
}
