//! Which years there is a report of, and whether anything is in it.

use std::collections::BTreeSet;

use diesel::{
    dsl::{exists, max, min, select},
    prelude::*,
};

use crate::{
    handover::figure,
    outcome::counted::condition,
    platform::{
        db::{
            Connection, Instant,
            schema::{outcome, published_figure, transfer},
        },
        error::Result,
        time::{self, Tz},
    },
};

/// A year of the list of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Year {
    pub year: i32,
    /// Whether anything was sent, came to a later stage, was brought about or was published in it.
    pub has_data: bool,
}

/// Whether a transfer came to a stage in the span.
fn is_any_there(conn: &mut Connection, (from, to): (Instant, Instant)) -> Result<bool> {
    let sent = transfer::table.filter(transfer::sent_at.ge(from)).filter(transfer::sent_at.lt(to));
    if select(exists(sent)).get_result(conn)? {
        return Ok(true);
    }
    let received =
        transfer::table.filter(transfer::received_at.ge(from)).filter(transfer::received_at.lt(to));
    if select(exists(received)).get_result(conn)? {
        return Ok(true);
    }
    let accepted =
        transfer::table.filter(transfer::accepted_at.ge(from)).filter(transfer::accepted_at.lt(to));
    if select(exists(accepted)).get_result(conn)? {
        return Ok(true);
    }
    let filed = transfer::table.filter(transfer::filed_at.ge(from)).filter(transfer::filed_at.lt(to));
    Ok(select(exists(filed)).get_result(conn)?)
}

/// Whether an entry of the year counts.
fn is_any_counted(conn: &mut Connection, year: i32) -> Result<bool> {
    let counted = format!("SELECT 1 FROM outcome o WHERE o.year = {year} AND {} LIMIT 1", condition(None));
    Ok(figure::count(conn, format!("SELECT COUNT(*) AS n FROM ({counted}) f"))? > 0)
}

/// The years from the first that has anything to report to the last, newest first.
///
/// # Errors
/// Those of the database.
pub fn years(conn: &mut Connection, zone: Tz) -> Result<Vec<Year>> {
    // Also of what is not confirmed, or was taken back: the list goes so far, and says that there is nothing.
    let recorded: Vec<i32> = outcome::table.select(outcome::year).distinct().load(conn)?;
    let mut there = BTreeSet::new();
    for year in &recorded {
        if is_any_counted(conn, *year)? {
            there.insert(*year);
        }
    }
    there.extend(published_figure::table.select(published_figure::year).distinct().load::<i32>(conn)?);
    let first: Option<Instant> = transfer::table.select(min(transfer::sent_at)).first(conn)?;
    let lasts: [Option<Instant>; 4] = [
        transfer::table.select(max(transfer::sent_at)).first(conn)?,
        transfer::table.select(max(transfer::received_at)).first(conn)?,
        transfer::table.select(max(transfer::accepted_at)).first(conn)?,
        transfer::table.select(max(transfer::filed_at)).first(conn)?,
    ];
    if let (Some(first), Some(last)) = (first, lasts.into_iter().flatten().max()) {
        for year in time::year_of(first, zone)..=time::year_of(last, zone) {
            if !there.contains(&year) && is_any_there(conn, time::year_bounds(year, zone))? {
                there.insert(year);
            }
        }
    }
    let all: BTreeSet<i32> = there.iter().chain(&recorded).copied().collect();
    let (Some(&first), Some(&last)) = (all.first(), all.last()) else { return Ok(Vec::new()) };
    Ok((first..=last).rev().map(|year| Year { year, has_data: there.contains(&year) }).collect())
}
