//! How many leads each state has under the filters that are in force: what stands beside the links to the states. It is
//! told where an index tells it, or where the filters leave few rows; of more the newest alone are looked at, and it says
//! so by a `+`. Nobody waits for a number.

use diesel::prelude::*;

use super::{
    model::{By, Filter},
    narrow::{FEW, Narrowed, made_between},
    store::{both, count_by_state, unstated},
};
use crate::platform::{
    db::{Connection, fulltext, not_by_index, schema::lead},
    error::Result,
    http::list_head::{COUNTED, Counts, LOOKED_AT},
    time::Tz,
};

/// The counts whatever state the filter asks for.
///
/// # Errors
/// Those of the database.
pub fn by_filter(conn: &mut Connection, filter: &Filter, zone: Tz) -> Result<Counts> {
    let others = Filter { state: None, ..filter.clone() };
    if others == (Filter { whose: filter.whose, ..Filter::default() }) {
        let counted = count_by_state(conn, filter.whose)?;
        let of = counted.into_iter().map(|(state, n)| (state.to_string(), n as u64)).collect();
        return Ok(Counts::new(of, COUNTED.unsigned_abs()));
    }
    // No order is asked for, and so no span of keys.
    let mut narrowed = Narrowed::by(conn, &others, By::Value, zone, FEW)?;
    let mut is_part = false;
    if !filter.q.is_empty() {
        let everywhere = (i64::MIN, i64::MAX);
        let found = fulltext::find(conn, fulltext::Index::Leads, &filter.q, everywhere, true, FEW + 1)?;
        let (hits, has_more) = newest(found.unwrap_or_default(), FEW);
        is_part = has_more;
        narrowed.keys = Some(both(hits, narrowed.keys.as_ref()));
    } else if narrowed.keys.is_none() {
        let made = made_between(&others, zone).unwrap_or_else(|| lead::table.into_boxed());
        let by_time = made.order((lead::created_at.desc(), lead::seq.desc()));
        let found: Vec<i64> = by_time.select(lead::seq).limit(LOOKED_AT + 1).load(conn)?;
        let (keys, has_more) = newest(found, LOOKED_AT);
        is_part = has_more;
        narrowed.keys = Some(keys);
    }
    let plus = not_by_index(conn);
    let states: Vec<String> = unstated(&others, zone, &narrowed, plus).select(lead::state).load(conn)?;
    Ok(Counts::of_states(states, is_part))
}

/// The first `most` of the keys, and whether there are more.
fn newest(mut keys: Vec<i64>, most: i64) -> (Vec<i64>, bool) {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let is_part = keys.len() > most;
    keys.truncate(most);
    (keys, is_part)
}
