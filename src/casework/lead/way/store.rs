//! What lies in the trash, and who put it there.

use std::collections::HashMap;

use diesel::prelude::*;

use super::super::{
    model::{Lead, State, Step},
    store::LeadRow,
};
use crate::platform::{
    db::{
        Connection, Id, Instant,
        schema::{lead, lead_step},
    },
    error::Result,
    keyset::Edge,
};

/// Who put a lead into the trash, and when; `None`: the program.
pub type Put = (Option<Id>, Instant);

/// At most `most` leads of the trash from the edge on in its direction, newest number first; each with who put it there
/// last.
///
/// # Errors
/// Those of the database.
pub fn trash(conn: &mut Connection, edge: &Edge<i64>, most: usize) -> Result<(Vec<Lead>, HashMap<Id, Put>)> {
    let mut query = lead::table.filter(lead::state.eq(State::Trashed.as_str())).into_boxed();
    query = match edge {
        Edge::Start => query,
        Edge::After(seq) => query.filter(lead::seq.lt(*seq)),
        Edge::Before(seq) => query.filter(lead::seq.gt(*seq)),
    };
    query = if edge.is_forward() { query.order(lead::seq.desc()) } else { query.order(lead::seq.asc()) };
    let rows: Vec<LeadRow> =
        query.limit(i64::try_from(most).unwrap_or(i64::MAX)).select(LeadRow::as_select()).load(conn)?;
    let found: Vec<Lead> = rows.into_iter().map(LeadRow::read).collect::<Result<_>>()?;
    let ids: Vec<Id> = found.iter().map(|lead| lead.id).collect();
    let steps: Vec<(Id, Option<Id>, Instant)> = lead_step::table
        .filter(lead_step::lead_id.eq_any(&ids))
        .filter(lead_step::kind.eq(Step::Trashed.as_str()))
        .order((lead_step::at, lead_step::id))
        .select((lead_step::lead_id, lead_step::actor_id, lead_step::at))
        .load(conn)?;
    // Of several times the last one stays.
    let put = steps.into_iter().map(|(lead_id, by, at)| (lead_id, (by, at))).collect();
    Ok((found, put))
}
