//! Counts of transfers and cases by state that an index gives, and where looking at their states ends otherwise.

use chrono::NaiveDate;
use chrono_tz::Tz;
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Binary, Integer},
};

use super::{cases_filter, filter};
use crate::{
    directory::people::Actor,
    handover::{
        agency_case::model::Status,
        transfer::{due::due_for, model::State},
    },
    platform::{
        db::{
            Connection, Id, Instant,
            schema::{agency_case, transfer},
        },
        error::Result,
        http::list_head::{COUNTED, Counts, LOOKED_AT},
        time,
    },
};

/// Rows that have a state, each of an agency.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    table: &'static str,
    column: &'static str,
    words: &'static [&'static str],
}

pub(super) const TRANSFERS: Kind = Kind { table: "transfer", column: "state", words: State::WORDS };
pub(super) const CASES: Kind = Kind { table: "agency_case", column: "status", words: Status::WORDS };

/// The newest transfer that is not looked at for its state, by what the index goes by that gives the others.
#[derive(Clone, Copy, Debug)]
pub(super) enum Behind {
    Seq(i64),
    Sent(Instant),
    Due(Instant),
}

type Backend = <Connection as diesel::Connection>::Backend;

/// Where looking at the transfers of a filter ends: an index gives so many newer ones. `None`: all are looked at.
///
/// # Errors
/// Those of the database.
pub(super) fn not_looked_at(
    conn: &mut Connection,
    me: &Actor,
    filter: &filter::Filter,
    now: Instant,
    zone: Tz,
) -> Result<Option<Behind>> {
    let all: transfer::BoxedQuery<'_, Backend> = transfer::table.into_boxed();
    let query = match me.agency_id().or(filter.agency) {
        Some(agency) => all.filter(transfer::agency_id.eq(agency)),
        None => all,
    };
    let due_before = [filter.overdue.then_some(now), filter.due_before].into_iter().flatten().min();
    if let Some(before) = due_before {
        let due_at = || due_for(me.side);
        let due = query.filter(due_at().lt(before)).order(due_at().desc()).offset(LOOKED_AT);
        let at: Option<Option<Instant>> = due.select(due_at()).first(conn).optional()?;
        return Ok(at.flatten().map(Behind::Due));
    }
    if filter.from.is_none() && filter.to.is_none() {
        let newest = query.order(transfer::seq.desc()).offset(LOOKED_AT);
        let seq: Option<i64> = newest.select(transfer::seq).first(conn).optional()?;
        return Ok(seq.map(Behind::Seq));
    }
    let mut sent = query;
    if let Some(from) = filter.from {
        sent = sent.filter(transfer::sent_at.ge(time::start_of_day(from, zone)));
    }
    if let Some(to) = filter.to {
        sent = sent.filter(transfer::sent_at.le(time::end_of_day(to, zone)));
    }
    let newest = sent.order(transfer::sent_at.desc()).offset(LOOKED_AT);
    let at: Option<Instant> = newest.select(transfer::sent_at).first(conn).optional()?;
    Ok(at.map(Behind::Sent))
}

/// The newest case that is not looked at for its status, by what the index goes by that gives the others.
#[derive(Clone, Copy, Debug)]
pub(super) enum BehindCase {
    Opened(Instant),
    Filed(NaiveDate),
}

/// As [`not_looked_at`], of cases.
///
/// # Errors
/// Those of the database.
pub(super) fn cases_not_looked_at(
    conn: &mut Connection,
    me: &Actor,
    filter: &cases_filter::Filter,
) -> Result<Option<BehindCase>> {
    let all: agency_case::BoxedQuery<'_, Backend> = agency_case::table.into_boxed();
    let mut query = match me.agency_id().or(filter.agency) {
        Some(agency) => all.filter(agency_case::agency_id.eq(agency)),
        None => all,
    };
    let ((opened_from, opened_to), (filed_from, filed_to)) = (filter.opened(), filter.filed());
    if filed_from.is_some() || filed_to.is_some() {
        if let Some(first) = filed_from {
            query = query.filter(agency_case::filed_on.ge(first));
        }
        if let Some(last) = filed_to {
            query = query.filter(agency_case::filed_on.le(last));
        }
        let newest = query.order(agency_case::filed_on.desc()).offset(LOOKED_AT);
        let on: Option<Option<NaiveDate>> = newest.select(agency_case::filed_on).first(conn).optional()?;
        return Ok(on.flatten().map(BehindCase::Filed));
    }
    if let Some(first) = opened_from {
        query = query.filter(agency_case::opened_at.ge(first));
    }
    if let Some(last) = opened_to {
        query = query.filter(agency_case::opened_at.le(last));
    }
    let newest = query.order(agency_case::opened_at.desc()).offset(LOOKED_AT);
    let at: Option<Instant> = newest.select(agency_case::opened_at).first(conn).optional()?;
    Ok(at.map(BehindCase::Opened))
}

/// A state, by its place among the words, and how many rows are in it.
#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = Integer)]
    place: i32,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// How many rows `me` may see of each state, of one agency or of all. Each count goes along an index and stops beyond
/// [`COUNTED`]; one statement for all.
pub(super) fn by_index(conn: &mut Connection, me: &Actor, kind: Kind, agency: Option<Id>) -> Result<Counts> {
    let (table, column, most) = (kind.table, kind.column, COUNTED + 1);
    let seen = if me.agency.is_some() {
        format!(" AND EXISTS (SELECT 1 FROM access a WHERE a.object_id = {table}.id AND a.agency_id = $1)")
    } else {
        String::new()
    };
    let agency = me.agency_id().or(agency);
    let of = if agency.is_some() { format!(" AND {table}.agency_id = $1") } else { String::new() };
    let part = |(place, word): (usize, &&str)| {
        format!(
            "SELECT {place} AS place, (SELECT COUNT(*) FROM (SELECT 1 FROM {table} WHERE {table}.{column} = \
             '{word}'{of}{seen} LIMIT {most}) counted) AS n"
        )
    };
    let parts: Vec<String> = kind.words.iter().enumerate().map(part).collect();
    let query = sql_query(parts.join(" UNION ALL "));
    let found: Vec<Count> = match agency {
        Some(id) => query.bind::<Binary, _>(id).load(conn)?,
        None => query.load(conn)?,
    };
    let word = |row: &Count| usize::try_from(row.place).ok().and_then(|place| kind.words.get(place));
    let told =
        found.iter().filter_map(|row| Some(((*word(row)?).to_owned(), row.n.unsigned_abs()))).collect();
    Ok(Counts::new(told, COUNTED.unsigned_abs()))
}
