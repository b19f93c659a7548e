//! Counts of transfers and cases by state that an index gives.

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Binary, Integer},
};

use crate::{
    directory::people::Actor,
    handover::{agency_case::model::Status, transfer::model::State},
    platform::{
        db::{Connection, Id},
        error::Result,
        http::list_head::{COUNTED, Counts},
    },
};

/// So many rows are looked at for their states, and no more.
pub(super) const ROWS: i64 = 2_000;

/// Rows that have a state, each of an agency.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    table: &'static str,
    column: &'static str,
    words: &'static [&'static str],
}

pub(super) const TRANSFERS: Kind = Kind { table: "transfer", column: "state", words: State::WORDS };
pub(super) const CASES: Kind = Kind { table: "agency_case", column: "status", words: Status::WORDS };

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Whether there are few rows altogether.
pub(super) fn is_small(conn: &mut Connection, kind: Kind) -> Result<bool> {
    let (table, most) = (kind.table, ROWS + 1);
    let counted = format!("SELECT COUNT(*) AS n FROM (SELECT 1 FROM {table} LIMIT {most}) counted");
    let found: Number = sql_query(counted).get_result(conn)?;
    Ok(found.n <= ROWS)
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
