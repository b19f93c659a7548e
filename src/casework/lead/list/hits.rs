//! What a file of a search holds that is not sorted by time. The index of words knows no order but that of time: it is asked
//! once for all hits, and the file goes on along what was found, however many pages of it are read.

use diesel::prelude::*;

use super::{
    model::{Asked, By},
    narrow::{FEW, Narrowed},
    store::{both, filtered, keyed},
};
use crate::platform::{
    db::{Connection, Id, fulltext, not_by_index, schema::lead},
    error::Result,
    time::Tz,
};

/// A file takes its time and so many hits: as many keys as a statement may be long.
pub const MOST: i64 = 100_000;

/// The leads of a file.
#[derive(Clone, Debug)]
pub struct Found {
    /// In the file's order.
    pub ids: Vec<Id>,
    /// Whether there are more hits than were looked at, which are the newest ones.
    pub is_cut: bool,
}

/// The leads of a search in the order that is asked for, of at most `most` hits; `None`: nothing is searched for, or the
/// order is that of time, in which the list goes through the hits itself.
///
/// # Errors
/// Those of the database.
pub fn in_order(conn: &mut Connection, asked: &Asked, zone: Tz, most: i64) -> Result<Option<Found>> {
    let (filter, sort) = (&asked.filter, asked.sort);
    if filter.q.is_empty() || sort.by == By::Created {
        return Ok(None);
    }
    let everywhere = (i64::MIN, i64::MAX);
    let hits = fulltext::find(conn, fulltext::Index::Leads, &filter.q, everywhere, true, most + 1)?;
    let (mut hits, most) = (hits.unwrap_or_default(), usize::try_from(most).unwrap_or(usize::MAX));
    let is_cut = hits.len() > most;
    hits.truncate(most);
    let narrowed = Narrowed::by(conn, filter, sort.by, zone, FEW)?;
    let narrowed = Narrowed { keys: Some(both(hits, narrowed.keys.as_ref())), ..narrowed };
    let plus = not_by_index(conn);
    // By value, leads without one stand behind the others whichever way the list goes.
    let is_parted = sort.by == By::Value && filter.at_least.is_none();
    let mut ids = Vec::new();
    for valued in [true, false].into_iter().take(if is_parted { 2 } else { 1 }) {
        let query = filtered(filter, zone, &narrowed, plus);
        let query = keyed(query, sort, None, true, (plus, plus), valued);
        ids.extend(query.select(lead::id).load::<Id>(conn)?);
    }
    Ok(Some(Found { ids, is_cut }))
}
