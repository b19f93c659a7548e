//! How many there are, each under the conditions of the list that the count leads to. What can be as many as there are leads is
//! counted no further than it is shown ([`COUNTED`]), so that the first page takes no longer the more there are.

use diesel::{
    QueryableByName,
    dsl::{exists, not},
    prelude::*,
    sql_query,
    sql_types::{BigInt, Bool},
};

use super::read::of_agency;
use crate::{
    casework::lead::RETURNED,
    directory::people::{self, Actor, Role},
    handover::counted::{STAGES, Span, Stage, at_stage, filed_in, first_at_stage},
    outcome::waiting,
    platform::{
        db::{
            Connection, Id, Instant, fixed,
            schema::{access, agency, invitation, job, lead, lead_writer, mail_message, outcome, review},
        },
        error::Result,
        http::list_head::COUNTED,
    },
};

/// How many rows `$query` has, up to one more than [`COUNTED`]; by their ids in `$id`.
macro_rules! up_to_counted {
    ($conn:expr, $query:expr, $id:expr) => {{
        // Not by COUNT, which knows no limit: it reads all of them.
        let found: Vec<Id> = $query.select($id).limit(COUNTED + 1).load($conn)?;
        i64::try_from(found.len()).unwrap_or(i64::MAX)
    }};
}
pub(super) use up_to_counted;

/// `/leads?state=draft&owner=me`
pub fn drafts(conn: &mut Connection, me: Id) -> Result<i64> {
    let own = lead::table
        .filter(lead::owner_id.nullable().eq(Some(me)).or(lead::assignee_id.eq(Some(me))))
        .filter(lead::state.eq("draft"));
    Ok(up_to_counted!(conn, own, lead::id))
}

/// `/leads?state=draft&owner=me&returned=yes`: those of them that an approver sent back.
pub fn returned(conn: &mut Connection, me: Id) -> Result<i64> {
    let own = lead::table
        .filter(lead::owner_id.nullable().eq(Some(me)).or(lead::assignee_id.eq(Some(me))))
        .filter(lead::state.eq("draft"))
        .filter(fixed::<Bool>(RETURNED));
    Ok(up_to_counted!(conn, own, lead::id))
}

/// `/approvals?acts=me`: those that `me` may decide; and how many wait for somebody else, because `me` has a hand in
/// them.
pub fn reviews(conn: &mut Connection, me: Id) -> Result<(i64, i64)> {
    let waiting = || {
        review::table
            .inner_join(lead::table)
            .filter(review::decision.is_null())
            .filter(lead::state.eq("in_review"))
    };
    let written = || {
        lead_writer::table
            .filter(lead_writer::lead_id.eq(review::lead_id))
            .filter(lead_writer::person_id.eq(me))
    };
    let mine = up_to_counted!(conn, waiting().filter(not(exists(written()))), review::id);
    let others = up_to_counted!(conn, waiting().filter(exists(written())), review::id);
    Ok((mine, others))
}

/// `/outcomes?waits=rejected`
pub fn rejected(conn: &mut Connection, me: &Actor) -> Result<i64> {
    let mut query = outcome::table.filter(waiting::rejected(me)).into_boxed();
    if let Some(own) = me.agency_id() {
        query = of_agency!(query, own);
    }
    Ok(up_to_counted!(conn, query, outcome::id))
}

/// `/outcomes?waits=me`, or `/outcomes?waits=own-leads`
pub fn outcomes(conn: &mut Connection, me: &Actor, own_leads: bool) -> Result<i64> {
    let mut query = outcome::table.filter(waiting::for_actor(me)).into_boxed();
    if own_leads {
        query = query.filter(waiting::of_own_leads(me));
    }
    if let Some(own) = me.agency_id() {
        query = of_agency!(query, own);
    }
    Ok(up_to_counted!(conn, query, outcome::id))
}

/// The figures of a year that the first page shows, as the annual report counts them: a lead once at each stage. They are exact,
/// and read nothing but indexes that hold all that is asked (`transfer_lead_id_stages` and those of each stage).
#[derive(Clone, Copy, Debug, Default, QueryableByName)]
pub struct Year {
    #[diesel(sql_type = BigInt)]
    pub leads_sent: i64,
    #[diesel(sql_type = BigInt)]
    pub leads_acknowledged: i64,
    #[diesel(sql_type = BigInt)]
    pub leads_accepted: i64,
    #[diesel(sql_type = BigInt)]
    pub cases_filed: i64,
    /// All transfers that were sent in it, several ones of a lead too.
    #[diesel(sql_type = BigInt)]
    pub transfers: i64,
}

/// `/transfers?counted=…&year=…`, `/cases?filed_year=…`, and `/transfers?from=…&to=…` of the whole year.
pub fn year(conn: &mut Connection, span: &Span) -> Result<Year> {
    let transfers = |which: String| format!("(SELECT COUNT(*) FROM transfer t WHERE {which})");
    let leads =
        |stage: &Stage| format!("{} AS {}", transfers(first_at_stage(stage, span, None)), stage.figure);
    let mut figures: Vec<String> = STAGES.iter().map(leads).collect();
    figures.push(format!("{} AS transfers", transfers(at_stage(&STAGES[0], span, None))));
    let cases = filed_in(span, None);
    figures.push(format!("(SELECT COUNT(*) FROM agency_case c WHERE {cases}) AS cases_filed"));
    Ok(sql_query(format!("SELECT {}", figures.join(", "))).get_result(conn)?)
}

/// `/admin/jobs?state=failed`
pub fn failed_jobs(conn: &mut Connection) -> Result<i64> {
    Ok(up_to_counted!(conn, job::table.filter(job::state.eq("failed")), job::id))
}

/// `/admin/mail?state=failed`
pub fn failed_mail(conn: &mut Connection) -> Result<i64> {
    let failed = mail_message::table.filter(mail_message::state.eq("failed"));
    Ok(up_to_counted!(conn, failed, mail_message::id))
}

/// Invitations that can still be accepted.
pub fn open_invitations(conn: &mut Connection, now: Instant) -> Result<i64> {
    Ok(invitation::table
        .filter(invitation::used_at.is_null())
        .filter(invitation::revoked_at.is_null())
        .filter(invitation::expires_at.gt(now))
        .count()
        .get_result(conn)?)
}

/// What an installation has of what the first lead needs.
#[derive(Clone, Copy, Debug, Default)]
pub struct SetUp {
    pub agencies: bool,
    /// An open account with the role, or an invitation to one.
    pub compilers: bool,
    pub approvers: bool,
}

/// What is there to begin with.
pub fn set_up(conn: &mut Connection, now: Instant) -> Result<SetUp> {
    let first: Option<Id> = agency::table.select(agency::id).first(conn).optional()?;
    Ok(SetUp {
        agencies: first.is_some(),
        compilers: has_role(conn, Role::Compiler, now)?,
        approvers: has_role(conn, Role::Approver, now)?,
    })
}

fn has_role(conn: &mut Connection, role: Role, now: Instant) -> Result<bool> {
    if !people::store::with_role(conn, role)?.is_empty() {
        return Ok(true);
    }
    let open: Vec<String> = invitation::table
        .filter(invitation::used_at.is_null())
        .filter(invitation::revoked_at.is_null())
        .filter(invitation::expires_at.gt(now))
        .filter(invitation::person_id.is_null())
        .select(invitation::roles)
        .load(conn)?;
    Ok(open.iter().any(|roles| roles.split_whitespace().any(|word| word == role.as_str())))
}
