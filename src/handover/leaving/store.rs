//! What is left when somebody goes.

use diesel::{
    QueryableByName,
    prelude::*,
    sql_query,
    sql_types::{BigInt, Binary, Text},
};

use crate::{
    directory::people::{Role, store as people},
    handover::transfer::model::State,
    platform::{
        db::{
            Connection, Id,
            schema::{review, transfer},
        },
        error::Result,
    },
};

/// What is left, as numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Left {
    pub drafts: i64,
    pub in_review: i64,
    /// Approved leads that were sent nowhere yet, or from whose agencies something may still come.
    pub under_way: i64,
    /// Reviews that wait, where nobody else could decide about them.
    pub reviews: Option<i64>,
    /// Of an agency: its transfers under way, and how many others there can sign in.
    pub agency: Option<(i64, usize)>,
}

impl Left {
    /// Whether there is a lead that somebody has to take over.
    pub fn has_leads(&self) -> bool {
        self.drafts + self.in_review + self.under_way > 0
    }
}

/// The leads `l` that `$1` works on, as assignee, or as owner where nobody is assigned, and that are not over. Of approved
/// ones that were sent, something is still expected while a transfer is not over; one that came back wants repair.
fn left() -> String {
    let over = State::OVER.iter().filter(|state| **state != State::Returned);
    let over: Vec<String> = over.map(|state| format!("'{}'", state.as_str())).collect();
    format!(
        "FROM lead l WHERE (l.assignee_id = $1 OR (l.owner_id = $1 AND l.assignee_id IS NULL)) \
         AND (l.state IN ('draft', 'in_review') OR (l.state = 'approved' \
         AND (NOT EXISTS (SELECT 1 FROM transfer t WHERE t.lead_id = l.id) \
         OR EXISTS (SELECT 1 FROM transfer t WHERE t.lead_id = l.id AND t.state NOT IN ({})))))",
        over.join(", ")
    )
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Binary)]
    id: Id,
}

/// Every lead that somebody has to take over from the account `id`.
///
/// # Errors
/// Those of the database.
pub(super) fn leads_of(conn: &mut Connection, id: Id) -> Result<Vec<Id>> {
    let rows: Vec<Found> =
        sql_query(format!("SELECT l.id AS id {}", left())).bind::<Binary, _>(id).load(conn)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// What the account `id` leaves.
///
/// # Errors
/// `NotFound`; those of the database.
pub(super) fn left_by(conn: &mut Connection, id: Id) -> Result<Left> {
    let row = people::by_id(conn, id)?;
    let roles = people::roles(conn, id)?;
    let counted: Vec<Counted> =
        sql_query(format!("SELECT l.state AS state, COUNT(*) AS n {} GROUP BY l.state", left()))
            .bind::<Binary, _>(id)
            .load(conn)?;
    let of = |state: &str| counted.iter().find(|one| one.state == state).map_or(0, |one| one.n);
    let (drafts, in_review, under_way) = (of("draft"), of("in_review"), of("approved"));
    let mut left = Left { drafts, in_review, under_way, ..Left::default() };
    if roles.contains(&Role::Approver)
        && people::with_role(conn, Role::Approver)?.iter().all(|(other, _)| *other == id)
    {
        left.reviews = Some(review::table.filter(review::decided_at.is_null()).count().get_result(conn)?);
    }
    if let Some(agency) = row.agency_id {
        let over: Vec<&str> = State::OVER.iter().map(|state| state.as_str()).collect();
        let open = transfer::table
            .filter(transfer::agency_id.eq(agency))
            .filter(transfer::state.ne_all(over))
            .count()
            .get_result(conn)?;
        let others = people::liaisons_of(conn, agency)?.iter().filter(|one| one.account != Some(id)).count();
        left.agency = Some((open, others));
    }
    Ok(left)
}
