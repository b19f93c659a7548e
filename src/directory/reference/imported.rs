//! Regions and working days that administrators imported. They lie in the database and are merged into the embedded
//! tables when the program starts, and anew when they changed.
//!
//! Tables: `region`, `calendar_day`.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use sha2::{Digest, Sha256};

use super::{
    calendar::{self, DayKind, Exception, Notice},
    regions::{self, Region, RegionLevel},
};
use crate::{
    audit::{self, Entry},
    platform::{
        db::{
            Connection, Id, Tx,
            schema::{audit_entry, calendar_day, region},
        },
        error::Result,
    },
};

/// So many codes stand in the entry of an import: with more of them it would be longer than an entry may be.
const NAMED: usize = 500;

/// Records imported regions, of the file `text`. Of what was imported before, a code keeps its names until the new rows
/// begin.
///
/// # Errors
/// Those of the database.
pub fn write_regions(tx: &mut Tx<'_>, rows: &[Region], text: &str) -> Result<()> {
    for row in rows {
        let old = stored(tx.conn(), Some(&row.code))?;
        diesel::delete(region::table.filter(region::code.eq(&row.code))).execute(tx.conn())?;
        for kept in old.iter().flat_map(|old| old.left_by(row)) {
            insert_region(tx.conn(), &kept)?;
        }
        insert_region(tx.conn(), row)?;
    }
    let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(text));
    let mut entry = Entry::new("region.import").fact("rows", rows.len()).fact("sha256", sha256);
    if rows.len() <= NAMED {
        let codes: Vec<&str> = rows.iter().map(|row| row.code.as_str()).collect();
        entry = entry.fact("codes", codes);
    }
    audit::record(tx, entry)?;
    Ok(())
}

fn insert_region(conn: &mut Connection, row: &Region) -> Result<()> {
    diesel::insert_into(region::table)
        .values((
            region::code.eq(&row.code),
            region::name_zh.eq(&row.name_zh),
            region::name_en.eq(&row.name_en),
            region::parent.eq(&row.parent),
            region::level.eq(row.level.as_str()),
            region::valid_from.eq(row.valid_from),
            region::valid_to.eq(row.valid_to),
        ))
        .execute(conn)?;
    Ok(())
}

type RegionRow = (String, String, String, Option<String>, String, Option<NaiveDate>, Option<NaiveDate>);

/// The imported regions, of one code or all.
fn stored(conn: &mut Connection, code: Option<&str>) -> Result<Vec<Region>> {
    let mut query = region::table
        .order((region::code, region::valid_from))
        .select((
            region::code,
            region::name_zh,
            region::name_en,
            region::parent,
            region::level,
            region::valid_from,
            region::valid_to,
        ))
        .into_boxed();
    if let Some(code) = code {
        query = query.filter(region::code.eq(code.to_owned()));
    }
    let rows: Vec<RegionRow> = query.load(conn)?;
    let read = |(code, name_zh, name_en, parent, level, valid_from, valid_to): RegionRow| {
        let level = RegionLevel::parse(&level)?;
        Some(Region { code, name_zh, name_en, parent, level, valid_from, valid_to })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

fn day_kind(kind: DayKind) -> &'static str {
    match kind {
        DayKind::Holiday => "holiday",
        DayKind::Workday => "workday",
    }
}

/// Records the notice of a year; it takes the place of what was imported for that year before, and of nothing else.
///
/// # Errors
/// Those of the database.
pub fn write_days(tx: &mut Tx<'_>, notice: &Notice) -> Result<()> {
    diesel::delete(calendar_day::table.filter(calendar_day::notice_year.eq(notice.year)))
        .execute(tx.conn())?;
    for day in &notice.days {
        diesel::delete(calendar_day::table.find(day.date)).execute(tx.conn())?;
        diesel::insert_into(calendar_day::table)
            .values((
                calendar_day::day.eq(day.date),
                calendar_day::kind.eq(day_kind(day.kind)),
                calendar_day::name.eq(&day.name),
                calendar_day::notice_year.eq(notice.year),
            ))
            .execute(tx.conn())?;
    }
    let other = notice.days.iter().filter(|day| day.date.year() != notice.year).count();
    let entry = Entry::new("calendar.import").fact("year", notice.year).fact("days", notice.days.len());
    audit::record(tx, entry.fact("of_other_years", other))?;
    Ok(())
}

/// Merges what was imported into the tables of this process.
///
/// # Errors
/// Those of the database.
pub fn load(conn: &mut Connection) -> Result<()> {
    regions::install(stored(conn, None)?);
    let days: Vec<(NaiveDate, String, String, i32)> = calendar_day::table
        .order((calendar_day::notice_year, calendar_day::day))
        .select((calendar_day::day, calendar_day::kind, calendar_day::name, calendar_day::notice_year))
        .load(conn)?;
    let mut notices: BTreeMap<i32, Vec<Exception>> = BTreeMap::new();
    for (date, kind, name, year) in days {
        let kind = if kind == "workday" { DayKind::Workday } else { DayKind::Holiday };
        notices.entry(year).or_default().push(Exception { date, kind, name });
    }
    calendar::install(notices.into_iter().map(|(year, days)| Notice { year, days }).collect());
    Ok(())
}

/// What tells one state of the imported tables from another: the entry of the last import.
///
/// # Errors
/// Those of the database.
pub fn stamp(conn: &mut Connection) -> Result<Option<Id>> {
    let mut last = None;
    for verb in ["calendar.import", "region.import"] {
        let found: Option<Id> = audit_entry::table
            .filter(audit_entry::verb.eq(verb))
            .order((audit_entry::at.desc(), audit_entry::id.desc()))
            .select(audit_entry::id)
            .first(conn)
            .optional()?;
        last = last.max(found);
    }
    Ok(last)
}
