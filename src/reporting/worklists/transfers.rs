//! The transfers that wait, most urgent first, and how many there are: told by one look at each that comes into question.
//! Of very many the first are found along the index of when something is due.

use std::cmp::Reverse;

use diesel::{
    dsl::exists,
    prelude::*,
    sql_types::{Binary, Bool},
};

use super::read::SHOWN;
use crate::{
    directory::people::Actor,
    handover::{
        transfer::due::due_for,
        waiting::{REVOKED, Waits},
    },
    platform::{
        db::{
            Connection, Id, Instant, fixed, not_by_index,
            schema::{access, agency, lead, message_open, transfer, transfer_face},
        },
        error::Result,
        http::list_head::COUNTED,
    },
};

/// A transfer that waits.
#[derive(Clone, Debug, Queryable)]
pub struct TransferRow {
    pub id: Id,
    pub number: String,
    pub state: String,
    pub agency: (String, String),
    /// Next, of what the reader's side has to do with.
    pub next_due_at: Option<Instant>,
    pub synthetic: bool,
    /// Whether its decision not to file was revoked, and it is to be sent anew.
    pub is_revoked: bool,
    /// The lead's, as the agency was told it: either side's to read.
    pub title: String,
}

/// Which transfers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// Past their next deadline that the reader's side has to do with.
    Overdue(Instant),
    /// What waits for the reader's side so; for the platform about leads that the reader owns or is assigned, but for
    /// what waits about any.
    For(Waits),
}

impl Waiting {
    /// The only transfers that come into question, where no condition tells them.
    fn only(self, conn: &mut Connection, me: &Actor) -> Result<Option<Vec<Id>>> {
        match self {
            Waiting::For(waits) => waits.only(conn, me),
            Waiting::Overdue(_) => Ok(None),
        }
    }

    /// See [`Waits::is_by_row`].
    fn is_by_row(self) -> bool {
        matches!(self, Waiting::For(waits) if waits.is_by_row())
    }
}

/// What a planner is to go by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// The condition, which finds few of all.
    Condition,
    /// The order that is asked for: the condition holds for many, and is asked of each row in it.
    Order,
}

/// Those that wait for `me` so: of an agency its own. `only`: see [`Waiting::only`].
macro_rules! that_wait {
    // Not a function: nobody can write down the type of what it gives.
    ($conn:expr, $me:expr, $which:expr, $only:expr, $by:expr) => {{
        let (me, which, by): (&Actor, Waiting, By) = ($me, $which, $by);
        let plus = if which.is_by_row() && by == By::Condition { not_by_index($conn) } else { "" };
        let mut query = transfer::table.into_boxed();
        if let Some(only) = $only {
            query = query.filter(transfer::id.eq_any(only));
        }
        if let Some(own) = me.agency_id() {
            // Looked up for what waits: an agency may see far more than waits for it.
            let seen = access::table
                .filter(access::object_id.eq(transfer::id))
                .filter(access::agency_id.eq(own))
                .filter(access::kind.eq("transfer"));
            let of = fixed::<Binary>(format!("{plus}transfer.agency_id"));
            query = query.filter(of.eq(own)).filter(exists(seen));
            if which == Waiting::For(Waits::Answer) {
                let open = message_open::table
                    .filter(message_open::agency_id.eq(own))
                    .filter(message_open::side.eq("platform"))
                    .select(message_open::transfer_id);
                query = query.filter(transfer::id.eq_any(open));
            }
        }
        match which {
            Waiting::Overdue(now) => query.filter(due_for(me.side).lt(now)),
            Waiting::For(waits) => {
                let condition = waits.condition(me.side);
                query = query.filter(fixed::<Bool>(match by {
                    By::Condition => condition,
                    // So written no index can be taken for a part of it.
                    By::Order => format!("({condition}) IS TRUE"),
                }));
                if me.agency_id().is_none() && !waits.is_of_all_leads(me) {
                    // Looked up for what waits: a busy compiler has more leads than there are things that wait.
                    let own = lead::table
                        .filter(lead::id.eq(transfer::lead_id))
                        .filter(lead::owner_id.nullable().eq(Some(me.id)).or(lead::assignee_id.eq(Some(me.id))));
                    query = query.filter(exists(own));
                }
                query
            }
        }
    }};
}

/// What the order goes by.
type Key = (Id, Option<Instant>, i64);

/// The first of them, most urgent first, and how many there are, up to one more than [`COUNTED`].
fn first(conn: &mut Connection, me: &Actor, which: Waiting) -> Result<(Vec<Id>, i64)> {
    let only = which.only(conn, me)?;
    let due = || due_for(me.side);
    let mut found: Vec<Key> = that_wait!(conn, me, which, only.clone(), By::Condition)
        .select((transfer::id, due(), transfer::seq))
        .limit(COUNTED + 1)
        .load(conn)?;
    let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
    if count <= COUNTED {
        found.sort_by_key(|(_, due, seq)| (due.is_none(), *due, Reverse(*seq)));
        return Ok((found.into_iter().take(SHOWN as usize).map(|(id, ..)| id).collect(), count));
    }
    let mut ids: Vec<Id> = that_wait!(conn, me, which, only.clone(), By::Order)
        .filter(due().is_not_null())
        .order((due().asc(), transfer::seq.desc()))
        .select(transfer::id)
        .limit(SHOWN)
        .load(conn)?;
    let left = SHOWN - i64::try_from(ids.len()).unwrap_or(SHOWN);
    if left > 0 {
        let others: Vec<Id> = that_wait!(conn, me, which, only, By::Order)
            .filter(due().is_null())
            .order(transfer::seq.desc())
            .select(transfer::id)
            .limit(left)
            .load(conn)?;
        ids.extend(others);
    }
    Ok((ids, count))
}

/// How many there are, up to one more than [`COUNTED`]: `/transfers?waits=…`
///
/// # Errors
/// Those of the database.
pub fn count(conn: &mut Connection, me: &Actor, which: Waiting) -> Result<i64> {
    Ok(first(conn, me, which)?.1)
}

/// Transfers, most urgent first: those of the reader's agency, or of all; and how many there are, up to one more than
/// [`COUNTED`]: `/transfers?overdue=yes` or `/transfers?waits=…`
///
/// # Errors
/// Those of the database.
pub fn waiting(conn: &mut Connection, me: &Actor, which: Waiting) -> Result<(Vec<TransferRow>, i64)> {
    let (ids, count) = first(conn, me, which)?;
    if ids.is_empty() {
        return Ok((Vec::new(), count));
    }
    let mut rows: Vec<TransferRow> = transfer::table
        .inner_join(agency::table)
        .inner_join(transfer_face::table)
        .filter(transfer::id.eq_any(&ids))
        .select((
            transfer::id,
            transfer::number,
            transfer::state,
            (agency::name_zh, agency::name_en),
            due_for(me.side),
            transfer::synthetic,
            fixed::<Bool>(REVOKED),
            transfer_face::title,
        ))
        .load(conn)?;
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    Ok((rows, count))
}
