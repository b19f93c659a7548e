//! The list of operations: what it is narrowed to, and its queries.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::store::OperationRow;
use crate::{
    audit::Entry,
    holds,
    platform::{
        db::{Connection, Id, schema::operation},
        error::{FieldError, Result},
        http::Form,
        keyset::Edge,
    },
};

/// What the list is narrowed to; everything of it stands in the address.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of a name or of what is said of it.
    pub q: String,
    /// Beside which one the page begins.
    pub edge: Edge<Id>,
    /// What of the address was not understood.
    pub faults: Vec<FieldError>,
}

impl Filter {
    /// Reads the address.
    pub fn read(query: &mut Form) -> Self {
        Self {
            q: query.text("q", 100),
            edge: query.asked_edge(|raw| raw.parse().ok()),
            faults: query.errors().to_vec(),
        }
    }

    /// An entry that says what was asked for: it may name somebody.
    pub fn entry(&self, verb: &'static str) -> Entry {
        let entry = Entry::new(verb);
        if self.q.is_empty() { entry } else { entry.private("q", self.q.as_str()) }
    }
}

type Boxed<'a> = operation::BoxedQuery<'a, <Connection as diesel::Connection>::Backend>;

/// The operations that the filter leaves, of those with a first day or of the others, in no order.
fn narrowed<'a>(filter: &Filter, is_dated: bool) -> Boxed<'a> {
    let mut query = operation::table.into_boxed();
    query = if is_dated {
        query.filter(operation::from_on.is_not_null())
    } else {
        query.filter(operation::from_on.is_null())
    };
    if filter.q.is_empty() {
        return query;
    }
    query.filter(
        holds!(operation::name_zh, &filter.q)
            .or(holds!(operation::name_en, &filter.q))
            .or(holds!(operation::note, &filter.q)),
    )
}

/// At most `limit` operations from the filter's edge on: by their first day, the newest first, and behind them those without
/// one; for `Before` against that order.
///
/// # Errors
/// Those of the database; `Invalid` for an edge beside an operation that there is none of.
pub fn page(conn: &mut Connection, filter: &Filter, limit: i64) -> Result<Vec<OperationRow>> {
    let edge = filter.edge.found(|id| {
        let day: Option<NaiveDate> = operation::table.find(id).select(operation::from_on).first(conn)?;
        Ok((day, id))
    })?;
    let (key, forward) = (edge.key().copied(), edge.is_forward());
    // The two parts of the list, in the order in which they are met from the edge on: both go along an index.
    let first = key.is_none_or(|(day, _)| day.is_some());
    let mut found = some(conn, filter, (first, key, forward), limit)?;
    let left = limit.saturating_sub(i64::try_from(found.len()).unwrap_or(limit));
    if left > 0 && first == forward {
        found.extend(some(conn, filter, (!first, None, forward), left)?);
    }
    Ok(found)
}

/// What the list goes by at an operation: its first day, and its id.
type Key = (Option<NaiveDate>, Id);

/// As [`page`], of one part of the list; `forward`: along its order.
fn some(
    conn: &mut Connection,
    filter: &Filter,
    (is_dated, key, forward): (bool, Option<Key>, bool),
    limit: i64,
) -> Result<Vec<OperationRow>> {
    let (day, id) = (operation::from_on, operation::id);
    let mut query = narrowed(filter, is_dated);
    query = match (key, forward) {
        (None, _) => query,
        // The first condition is the one that the index goes by.
        (Some((Some(on), last)), true) => {
            query.filter(day.assume_not_null().le(on)).filter(day.assume_not_null().lt(on).or(id.lt(last)))
        }
        (Some((Some(on), last)), false) => {
            query.filter(day.assume_not_null().ge(on)).filter(day.assume_not_null().gt(on).or(id.gt(last)))
        }
        (Some((None, last)), true) => query.filter(id.lt(last)),
        (Some((None, last)), false) => query.filter(id.gt(last)),
    };
    query = if forward { query.order((day.desc(), id.desc())) } else { query.order((day.asc(), id.asc())) };
    Ok(query.limit(limit).select(OperationRow::as_select()).load(conn)?)
}

/// The ids of all operations that the filter leaves, in the order of the list.
///
/// # Errors
/// Those of the database.
pub fn ids(conn: &mut Connection, filter: &Filter) -> Result<Vec<Id>> {
    let mut ids = Vec::new();
    for is_dated in [true, false] {
        let order = (operation::from_on.desc(), operation::id.desc());
        let part: Vec<Id> = narrowed(filter, is_dated).order(order).select(operation::id).load(conn)?;
        ids.extend(part);
    }
    Ok(ids)
}
