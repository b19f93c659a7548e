//! Files of regions and of working days, read cell by cell: each fault says its line, its column, what stands there and
//! what may.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{Datelike, NaiveDate, Weekday};

use super::{
    calendar::{DayKind, Exception, Notice},
    regions::{Region, RegionLevel, regions},
    table::{Dated, Span},
};
use crate::platform::{error::FieldError, sheet};

/// A fault with its line and column.
pub type Fault = (String, FieldError);

/// A working year has about so many days; what is far from it has a wrong or incomplete file behind it.
pub const PLAUSIBLE: std::ops::RangeInclusive<usize> = 240..=255;

fn fault(line: u64, field: &str, code: &'static str) -> Fault {
    (format!("{line}, {field}"), FieldError::new(field, code))
}

/// A fault that says what stands there and what may.
fn not_one_of(line: u64, field: &str, value: &str, allowed: &str) -> Fault {
    let error = FieldError::new(field, "error-table-value").arg("value", value).arg("allowed", allowed);
    (format!("{line}, {field}"), error)
}

/// As [`not_one_of`], where the value has a form and is none of a few: with one as it is written.
fn not_as(line: u64, field: &str, value: &str, example: &str) -> Fault {
    let error = FieldError::new(field, "error-table-form").arg("value", value).arg("example", example);
    (format!("{line}, {field}"), error)
}

/// A line's cells by their columns, with what could not be read of it.
struct Row<'a> {
    line: u64,
    cells: BTreeMap<&'a str, String>,
    faults: Vec<Fault>,
}

impl Row<'_> {
    fn text(&self, field: &str) -> String {
        self.cells.get(field).cloned().unwrap_or_default()
    }

    fn given(&self, field: &str) -> Option<String> {
        Some(self.text(field)).filter(|text| !text.is_empty())
    }

    fn fault(&mut self, field: &str, code: &'static str) {
        self.faults.push(fault(self.line, field, code));
    }

    fn date(&mut self, field: &str) -> Option<NaiveDate> {
        let text = self.given(field)?;
        let read = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok();
        if read.is_none() {
            self.faults.push(not_as(self.line, field, &text, "2027-01-31"));
        }
        read
    }
}

/// The lines of a file that has these columns, and only those that are meant.
fn rows<'a>(text: &str, columns: &[&'a str]) -> Result<Vec<Row<'a>>, Vec<Fault>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let heads = reader.headers().cloned().unwrap_or_default();
    let mut faults: Vec<Fault> = columns
        .iter()
        .filter(|column| heads.iter().all(|head| head != **column))
        .map(|column| fault(1, column, "error-table-column-missing"))
        .collect();
    let strange = heads.iter().filter(|head| !columns.contains(head));
    faults.extend(strange.map(|head| fault(1, head, "error-table-column")));
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut rows = Vec::new();
    let mut numbers = sheet::Lines::new(text);
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = numbers.of(record.position());
                let cell = |column: &&'a str| {
                    let at = heads.iter().position(|head| head == *column)?;
                    Some((*column, record.get(at).unwrap_or_default().to_owned()))
                };
                rows.push(Row { line, cells: columns.iter().filter_map(cell).collect(), faults: Vec::new() });
            }
            Err(e) => {
                let line = numbers.of(e.position());
                faults.push(fault(line, "csv", "error-table-broken"));
            }
        }
    }
    if rows.is_empty() && faults.is_empty() {
        faults.push(fault(1, "csv", "error-table-empty"));
    }
    if faults.is_empty() { Ok(rows) } else { Err(faults) }
}

/// The regions of a file with their lines, or every fault in it.
///
/// # Errors
/// The faults.
pub fn read_regions(text: &str) -> Result<Vec<(u64, Region)>, Vec<Fault>> {
    let columns = ["code", "name_zh", "name_en", "parent", "level", "valid_from", "valid_to"];
    let mut rows = rows(text, &columns)?;
    let mut known: HashSet<String> = rows.iter().map(|row| row.text("code")).collect();
    known.extend(regions().all().iter().map(|region| region.code.clone()));
    let mut spans: HashMap<String, Vec<Span>> = HashMap::new();
    let mut read: Vec<(u64, Region)> = Vec::new();
    let mut faults = Vec::new();
    for row in &mut rows {
        if let Some(region) = region(row, &known) {
            let others = spans.entry(region.code.clone()).or_default();
            if others.iter().any(|other| other.overlaps(region.span())) {
                row.fault("code", "error-table-overlap");
            }
            others.push(region.span());
            read.push((row.line, region));
        }
        faults.append(&mut row.faults);
    }
    if faults.is_empty() { Ok(read) } else { Err(faults) }
}

fn region(row: &mut Row<'_>, known: &HashSet<String>) -> Option<Region> {
    const LEVELS: &str = "province, prefecture, county, zone";
    let code = row.text("code");
    if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
        row.faults.push(not_as(row.line, "code", &code, "330106"));
    }
    if row.text("name_zh").is_empty() {
        row.fault("name_zh", "error-required");
    }
    let word = row.text("level");
    let level = RegionLevel::parse(&word);
    if level.is_none() {
        row.faults.push(not_one_of(row.line, "level", &word, LEVELS));
    }
    let is_province = level == Some(RegionLevel::Province);
    let parent = row.given("parent");
    match parent.as_deref() {
        None if !is_province => row.fault("parent", "error-required"),
        Some(_) if is_province => row.fault("parent", "error-table-parent-of-province"),
        Some(above) if above == code || !known.contains(above) => {
            let error = FieldError::new("parent", "error-table-parent").arg("value", above);
            row.faults.push((format!("{}, parent", row.line), error));
        }
        _ => {}
    }
    let (valid_from, valid_to) = (row.date("valid_from"), row.date("valid_to"));
    let (name_zh, name_en) = (row.text("name_zh"), row.text("name_en"));
    let region = Region { code, name_zh, name_en, parent, level: level?, valid_from, valid_to };
    if !region.span().is_sound() {
        row.fault("valid_to", "error-date-order");
    }
    Some(region)
}

/// A fault of a line, in the column `field`.
pub(super) fn fault_at(line: u64, error: FieldError) -> Fault {
    (format!("{line}, {}", error.field), error)
}

/// The notice of a year, or every fault in the file. `year`: which one; else the one that most of its days are of. Days
/// of the years beside it may stand in it.
///
/// # Errors
/// The faults.
pub fn read_days(text: &str, year: Option<i32>) -> Result<Notice, Vec<Fault>> {
    let mut rows = rows(text, &["date", "kind", "name"])?;
    let mut seen = HashSet::new();
    let mut days: Vec<(u64, Exception)> = Vec::new();
    let mut faults = Vec::new();
    for row in &mut rows {
        if let Some(day) = exception(row) {
            if !seen.insert(day.date) {
                row.fault("date", "error-table-day-twice");
            }
            days.push((row.line, day));
        }
        faults.append(&mut row.faults);
    }
    let mut of_year: BTreeMap<i32, usize> = BTreeMap::new();
    for (_, day) in &days {
        *of_year.entry(day.date.year()).or_default() += 1;
    }
    let most = of_year.iter().max_by_key(|(_, n)| **n).map(|(year, _)| *year);
    let year = year.or(most).unwrap_or_default();
    for (line, day) in &days {
        if (day.date.year() - year).abs() > 1 {
            let error = FieldError::new("date", "error-table-year").arg("value", day.date).arg("year", year);
            faults.push((format!("{line}, date"), error));
        }
    }
    let days = days.into_iter().map(|(_, day)| day).collect();
    if faults.is_empty() { Ok(Notice { year, days }) } else { Err(faults) }
}

fn exception(row: &mut Row<'_>) -> Option<Exception> {
    if row.text("date").is_empty() {
        row.fault("date", "error-required");
    }
    let date = row.date("date");
    let word = row.text("kind");
    let kind = match word.as_str() {
        "holiday" => Some(DayKind::Holiday),
        "workday" => Some(DayKind::Workday),
        _ => {
            row.faults.push(not_one_of(row.line, "kind", &word, "holiday, workday"));
            None
        }
    };
    let day = Exception { date: date?, kind: kind?, name: row.text("name") };
    let weekend = matches!(day.date.weekday(), Weekday::Sat | Weekday::Sun);
    if weekend != (day.kind == DayKind::Workday) {
        let error = FieldError::new("kind", "error-table-weekday").arg("day", day.date);
        row.faults.push((format!("{}, kind", row.line), error));
    }
    Some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(faults: &[Fault]) -> Vec<&str> {
        faults.iter().map(|(place, _)| place.as_str()).collect()
    }

    fn said(fault: &Fault) -> String {
        crate::platform::i18n::t_with(crate::platform::i18n::Lang::En, fault.1.code, &fault.1.args)
    }

    #[test]
    fn a_file_of_days_is_read_or_every_fault_is_named() {
        let notice =
            read_days("date,kind,name\n2027-01-01,holiday,元旦\n2027-01-02,workday,元旦\n", None).unwrap();
        assert_eq!((notice.days.len(), notice.year), (2, 2027));
        let text = "date,kind,name\n2027-01-02,holiday,元旦\n2027-13-01,holiday,x\n2027-01-04,off,x\n";
        let faults = read_days(text, None).unwrap_err();
        assert_eq!(places(&faults), ["2, kind", "3, date", "4, kind"]);
        assert!(said(&faults[1]).contains("2027-13-01"));
        assert_eq!(
            faults[1].1.code, "error-table-form",
            "one day is an example, and not all that may stand there"
        );
        assert!(said(&faults[2]).contains("off") && said(&faults[2]).contains("holiday, workday"));
        assert_eq!(places(&read_days("date,kind\n2027-01-01,holiday\n", None).unwrap_err()), ["1, name"]);
    }

    #[test]
    fn days_of_the_year_beside_go_with_the_notice_and_others_do_not() {
        let text =
            "date,kind,name\n2028-12-29,holiday,元旦\n2029-01-01,holiday,元旦\n2029-01-02,holiday,元旦\n";
        let notice = read_days(text, None).unwrap();
        assert_eq!((notice.year, notice.days.len()), (2029, 3));
        assert_eq!(places(&read_days(text, Some(2031)).unwrap_err()).len(), 3);
    }

    #[test]
    fn a_file_of_regions_is_read_or_every_fault_is_named() {
        let head = "code,name_zh,name_en,parent,level,valid_from,valid_to\n";
        let good = format!(
            "{head}330199,新区,New,330100,county,2027-01-01,\n330199,旧区,Old,330100,county,,2026-12-31\n"
        );
        assert_eq!(read_regions(&good).unwrap().len(), 2);
        let bad =
            format!("{head}3301,新区,New,999999,county,2027-01-01,2026-01-01\n330198,区,,330100,foo,,\n");
        let faults = read_regions(&bad).unwrap_err();
        assert_eq!(places(&faults), ["2, code", "2, parent", "2, valid_to", "3, level"]);
        assert!(said(&faults[1]).contains("999999"));
        assert!(said(&faults[3]).contains("foo") && said(&faults[3]).contains("prefecture"));
        let twice =
            format!("{head}330199,新区,New,330100,county,2027-01-01,\n330199,旧区,Old,330100,county,,\n");
        assert_eq!(places(&read_regions(&twice).unwrap_err()), ["3, code"]);
    }
}
