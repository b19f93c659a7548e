//! The list by identity: one row a person, or a raid of a site, as the figures count them.

use diesel::{
    QueryableByName, RunQueryDsl, sql_query,
    sql_types::{BigInt, Binary, Text},
};

use super::{counted, figure, list::Filter};
use crate::{
    directory::people::{Actor, policy::CASE_READERS},
    platform::{
        db::{Connection, Id},
        error::{AppError, Result},
        keyset::Edge,
    },
};

/// One identity that a figure counts.
#[derive(Clone, Debug, QueryableByName)]
pub struct IdentityRow {
    #[diesel(sql_type = Binary)]
    pub identity: Id,
    /// The day of the raid; empty for persons.
    #[diesel(sql_type = Text)]
    pub day: String,
    /// Of its newest entry; pages go by it.
    #[diesel(sql_type = BigInt)]
    pub seq: i64,
    /// How many entries name it; counted once.
    #[diesel(sql_type = BigInt)]
    pub entries: i64,
}

/// The rows behind a figure as SQL. A case is bound as `$1`.
fn rows_of(filter: &Filter) -> String {
    let mut wanted = figure::condition(filter);
    if filter.kind.is_none() {
        wanted += " AND o.kind IN ('arrest', 'site_raided', 'prosecution')";
    }
    let (identity, day) = (counted::identity(), counted::raid_day());
    let named = format!(
        "SELECT {identity} AS identity, {day} AS day, o.kind AS kind, o.seq AS seq FROM outcome o \
         JOIN agency a ON a.id = o.agency_id JOIN outcome_identity i ON i.outcome_id = o.id WHERE {wanted}"
    );
    // What was merged is every naming but the first.
    if filter.merged {
        format!(
            "SELECT m.identity, m.day, m.seq, m.n AS entries FROM (SELECT n.identity, n.day, n.seq, ROW_NUMBER() OVER \
             (PARTITION BY n.kind, n.identity, n.day ORDER BY n.seq) AS n FROM ({named}) n) m WHERE m.n > 1"
        )
    } else {
        format!(
            "SELECT n.identity, n.day, MAX(n.seq) AS seq, COUNT(*) AS entries FROM ({named}) n \
             GROUP BY n.kind, n.identity, n.day"
        )
    }
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// How many rows the list has in all.
///
/// # Errors
/// Those of the database.
pub(super) fn count(conn: &mut Connection, filter: &Filter) -> Result<i64> {
    let query = sql_query(format!("SELECT COUNT(*) AS n FROM ({}) r", rows_of(filter)));
    let found: Counted = match filter.case {
        Some(case) => query.bind::<Binary, _>(case).get_result(conn)?,
        None => query.get_result(conn)?,
    };
    Ok(found.n)
}

/// The identities behind a figure from the filter's edge on: newest first, for `Before` against that order; at most
/// `limit`. Platform's readers only.
///
/// # Errors
/// `NotFound` for anybody else; those of the database.
pub fn rows(conn: &mut Connection, me: &Actor, filter: &Filter, limit: i64) -> Result<Vec<IdentityRow>> {
    if !me.has_any(CASE_READERS) {
        return Err(AppError::NotFound);
    }
    let key = if filter.case.is_some() { "$2" } else { "$1" };
    let edge = match filter.identity_edge {
        Edge::Start => String::new(),
        Edge::After((seq, _)) => format!("WHERE r.seq < {seq} OR (r.seq = {seq} AND r.identity > {key})"),
        Edge::Before((seq, _)) => format!("WHERE r.seq > {seq} OR (r.seq = {seq} AND r.identity < {key})"),
    };
    let order = if filter.identity_edge.is_forward() { "3 DESC, 1" } else { "3, 1 DESC" };
    let rows = rows_of(filter);
    let text = format!(
        "SELECT r.identity, r.day, r.seq, r.entries FROM ({rows}) r {edge} ORDER BY {order} LIMIT {limit}"
    );
    let query = sql_query(text);
    Ok(match (filter.case, filter.identity_edge.key()) {
        (Some(case), Some((_, identity))) => {
            query.bind::<Binary, _>(case).bind::<Binary, _>(*identity).load(conn)?
        }
        (Some(id), None) => query.bind::<Binary, _>(id).load(conn)?,
        (None, Some((_, identity))) => query.bind::<Binary, _>(*identity).load(conn)?,
        (None, None) => query.load(conn)?,
    })
}
