//! How many leads each state has under the filters that are in force: what stands beside the links to the states. It is
//! told where an index tells it, or where the filters leave few rows; nobody waits for a number.

use diesel::prelude::*;

use super::{
    model::{By, Filter},
    narrow::{FEW, Narrowed},
    store::{both, count_by_state, unstated},
};
use crate::platform::{
    db::{Connection, fulltext, not_by_index, schema::lead},
    error::Result,
    http::list_head::{COUNTED, Counts},
    time::Tz,
};

/// The counts whatever state the filter asks for; `None` where only very many rows would tell them.
///
/// # Errors
/// Those of the database.
pub fn by_filter(conn: &mut Connection, filter: &Filter, zone: Tz) -> Result<Option<Counts>> {
    let others = Filter { state: None, ..filter.clone() };
    if others == (Filter { whose: filter.whose, ..Filter::default() }) {
        let counted = count_by_state(conn, filter.whose)?;
        let of = counted.into_iter().map(|(state, n)| (state.to_string(), n as u64)).collect();
        return Ok(Some(Counts::new(of, COUNTED.unsigned_abs())));
    }
    // No order is asked for, and so no span of keys.
    let mut narrowed = Narrowed::by(conn, &others, By::Value, zone, FEW)?;
    if !filter.q.is_empty() {
        let everywhere = (i64::MIN, i64::MAX);
        let hits = fulltext::find(conn, fulltext::Index::Leads, &filter.q, everywhere, true, FEW + 1)?;
        let hits = hits.unwrap_or_default();
        if i64::try_from(hits.len()).is_ok_and(|n| n > FEW) {
            return Ok(None);
        }
        narrowed.keys = Some(both(hits, narrowed.keys.as_ref()));
    }
    if narrowed.keys.is_none() {
        return Ok(None);
    }
    let plus = not_by_index(conn);
    let states: Vec<String> = unstated(&others, zone, &narrowed, plus).select(lead::state).load(conn)?;
    Ok(Counts::all_of(states, usize::MAX))
}
