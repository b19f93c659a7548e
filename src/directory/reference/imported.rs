//! Regions and working days that administrators imported. They lie in the database and are merged into the embedded
//! tables when the program starts.
//!
//! Tables: `region`, `calendar_day`.

use std::collections::{BTreeSet, HashSet};

use chrono::{Datelike, NaiveDate, Weekday};
use diesel::prelude::*;
use serde::de::DeserializeOwned;

use super::{
    calendar::{self, DayKind, Exception},
    regions::{self, Region, RegionLevel, regions},
    table::Dated,
};
use crate::{
    audit::{self, Entry},
    platform::{
        db::{
            Connection, Tx,
            schema::{calendar_day, region},
        },
        error::{FieldError, Result},
    },
};

/// A fault with its line and column.
pub type Fault = (String, FieldError);

fn fault(line: u64, field: &str, code: &'static str) -> Fault {
    (format!("{line}, {field}"), FieldError::new(field, code))
}

/// Rows with their lines, and what can't be read.
fn rows<T: DeserializeOwned>(text: &str) -> Result<Vec<(u64, T)>, Vec<Fault>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let heads = reader.headers().cloned().unwrap_or_default();
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    for (n, row) in (0_u64..).zip(reader.deserialize::<T>()) {
        match row {
            Ok(row) => rows.push((n + 2, row)),
            Err(e) => {
                let line = e.position().map_or(n + 2, csv::Position::line);
                let field = match e.kind() {
                    csv::ErrorKind::Deserialize { err, .. } => {
                        err.field().and_then(|at| heads.get(usize::try_from(at).unwrap_or_default()))
                    }
                    _ => None,
                };
                faults.push(fault(line, field.unwrap_or("csv"), "error-table-unreadable"));
            }
        }
    }
    if rows.is_empty() && faults.is_empty() {
        faults.push(fault(1, "csv", "error-table-empty"));
    }
    if faults.is_empty() { Ok(rows) } else { Err(faults) }
}

/// The regions of a file, or every fault in it.
///
/// # Errors
/// The faults.
pub fn read_regions(text: &str) -> Result<Vec<Region>, Vec<Fault>> {
    let rows: Vec<(u64, Region)> = rows(text)?;
    let in_file: HashSet<&str> = rows.iter().map(|(_, row)| row.code.as_str()).collect();
    let known = |code: &str| in_file.contains(code) || regions().all().iter().any(|row| row.code == code);
    let mut seen = HashSet::new();
    let mut faults = Vec::new();
    for (line, row) in &rows {
        if row.code.len() != 6 || !row.code.bytes().all(|b| b.is_ascii_digit()) {
            faults.push(fault(*line, "code", "error-not-a-code"));
        } else if !seen.insert(row.code.as_str()) {
            faults.push(fault(*line, "code", "error-table-twice"));
        }
        if row.name_zh.is_empty() {
            faults.push(fault(*line, "name_zh", "error-required"));
        }
        let is_province = row.level == RegionLevel::Province;
        match row.parent.as_deref() {
            None if !is_province => faults.push(fault(*line, "parent", "error-required")),
            Some(parent) if is_province || parent == row.code || !known(parent) => {
                faults.push(fault(*line, "parent", "error-unknown"));
            }
            _ => {}
        }
        if !row.span().is_sound() {
            faults.push(fault(*line, "valid_to", "error-date-order"));
        }
    }
    if faults.is_empty() { Ok(rows.into_iter().map(|(_, row)| row).collect()) } else { Err(faults) }
}

/// The exceptions of a file, or every fault in it.
///
/// # Errors
/// The faults.
pub fn read_days(text: &str) -> Result<Vec<Exception>, Vec<Fault>> {
    let rows: Vec<(u64, Exception)> = rows(text)?;
    let mut seen = HashSet::new();
    let mut faults = Vec::new();
    for (line, day) in &rows {
        if !seen.insert(day.date) {
            faults.push(fault(*line, "date", "error-table-twice"));
        }
        let weekend = matches!(day.date.weekday(), Weekday::Sat | Weekday::Sun);
        if weekend != (day.kind == DayKind::Workday) {
            faults.push(fault(*line, "kind", "error-table-weekday"));
        }
    }
    if faults.is_empty() { Ok(rows.into_iter().map(|(_, day)| day).collect()) } else { Err(faults) }
}

/// The years that have an exception.
pub fn years(days: &[Exception]) -> BTreeSet<i32> {
    days.iter().map(|day| day.date.year()).collect()
}

/// Records imported regions.
///
/// # Errors
/// Those of the database.
pub fn write_regions(tx: &mut Tx<'_>, rows: &[Region]) -> Result<()> {
    for row in rows {
        diesel::delete(region::table.find(&row.code)).execute(tx.conn())?;
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
            .execute(tx.conn())?;
    }
    let codes: Vec<&str> = rows.iter().map(|row| row.code.as_str()).collect();
    audit::record(tx, Entry::new("region.import").fact("codes", codes))?;
    Ok(())
}

fn day_kind(kind: DayKind) -> &'static str {
    match kind {
        DayKind::Holiday => "holiday",
        DayKind::Workday => "workday",
    }
}

/// Records imported days; their years replace what was imported for them before.
///
/// # Errors
/// Those of the database.
pub fn write_days(tx: &mut Tx<'_>, days: &[Exception]) -> Result<()> {
    let years = years(days);
    for year in &years {
        let bounds = (NaiveDate::from_ymd_opt(*year, 1, 1), NaiveDate::from_ymd_opt(*year, 12, 31));
        if let (Some(first), Some(last)) = bounds {
            let old =
                calendar_day::table.filter(calendar_day::day.ge(first)).filter(calendar_day::day.le(last));
            diesel::delete(old).execute(tx.conn())?;
        }
    }
    for day in days {
        diesel::insert_into(calendar_day::table)
            .values((
                calendar_day::day.eq(day.date),
                calendar_day::kind.eq(day_kind(day.kind)),
                calendar_day::name.eq(&day.name),
            ))
            .execute(tx.conn())?;
    }
    let years: Vec<i32> = years.into_iter().collect();
    audit::record(tx, Entry::new("calendar.import").fact("years", years).fact("days", days.len()))?;
    Ok(())
}

type RegionRow = (String, String, String, Option<String>, String, Option<NaiveDate>, Option<NaiveDate>);

/// Merges what was imported into the tables of this process.
///
/// # Errors
/// Those of the database.
pub fn load(conn: &mut Connection) -> Result<()> {
    let rows: Vec<RegionRow> = region::table.load(conn)?;
    let rows =
        rows.into_iter().filter_map(|(code, name_zh, name_en, parent, level, valid_from, valid_to)| {
            let level = RegionLevel::parse(&level)?;
            Some(Region { code, name_zh, name_en, parent, level, valid_from, valid_to })
        });
    regions::install(rows.collect());
    let days: Vec<(NaiveDate, String, String)> = calendar_day::table.load(conn)?;
    let days = days.into_iter().map(|(date, kind, name)| Exception {
        date,
        kind: if kind == "workday" { DayKind::Workday } else { DayKind::Holiday },
        name,
    });
    calendar::install(days.collect());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_days_is_read_or_every_fault_is_named() {
        let days = read_days("date,kind,name\n2027-01-01,holiday,元旦\n2027-01-02,workday,元旦\n").unwrap();
        assert_eq!((days.len(), years(&days).into_iter().collect::<Vec<_>>()), (2, vec![2027]));
        let text = "date,kind,name\n2027-01-02,holiday,元旦\n2027-13-01,holiday,x\n2027-01-04,off,x\n";
        let faults = read_days(text).unwrap_err();
        let places: Vec<&str> = faults.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(places.len(), 2, "what can't be read comes first");
        assert!(places[0].starts_with('3') && places[1].starts_with('4'), "{places:?}");
        assert_eq!(read_days("date,kind,name\n2027-01-02,holiday,元旦\n").unwrap_err()[0].0, "2, kind");
    }

    #[test]
    fn a_file_of_regions_is_read_or_every_fault_is_named() {
        let head = "code,name_zh,name_en,parent,level,valid_from,valid_to\n";
        let good = format!("{head}330199,新区,New,330100,county,2027-01-01,\n");
        assert_eq!(read_regions(&good).unwrap()[0].name_zh, "新区");
        let bad = format!("{head}3301,新区,New,999999,county,2027-01-01,2026-01-01\n");
        let faults = read_regions(&bad).unwrap_err();
        let codes: Vec<&str> = faults.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(codes, ["2, code", "2, parent", "2, valid_to"]);
    }
}
