//! Dates and times as people write them, and why one could not be read.

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use unicode_normalization::UnicodeNormalization;

use super::{Tz, end_of_day, local, numerals, start_of_day};
use crate::platform::{db::Instant, error::FieldError};

/// Why a date could not be read. [`DateError::key`] is a message key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateError {
    Empty,
    Unreadable,
    /// A date as such, but of a day that no calendar has: 30 February.
    NoSuchDay,
    /// A day with a time that it does not have: 25:00.
    NoSuchTime,
    /// `3月5日`, `5 March`: of no year.
    NoYear,
    /// `09/12/2016` may be 9 December or 12 September: both.
    Ambiguous(NaiveDate, NaiveDate),
    /// A date, but before 1900 or after 2200.
    OutOfRange,
}

impl DateError {
    pub fn key(self) -> &'static str {
        match self {
            Self::Empty => "error-date-empty",
            Self::Unreadable => "error-not-a-date",
            Self::NoSuchDay => "error-date-none",
            Self::NoSuchTime => "error-time-none",
            Self::NoYear => "error-date-no-year",
            Self::Ambiguous(..) => "error-date-ambiguous",
            Self::OutOfRange => "error-date-range",
        }
    }

    /// The fault of a field: of a date that may be two it names both, to choose from.
    pub fn fault(self, field: impl Into<String>) -> FieldError {
        let fault = FieldError::new(field, self.key());
        match self {
            Self::Ambiguous(one, other) => fault
                .arg("one", one)
                .arg("other", other)
                .arg("picks", format!("{one}\t{one}\n{other}\t{other}")),
            Self::Empty
            | Self::Unreadable
            | Self::NoSuchDay
            | Self::NoSuchTime
            | Self::NoYear
            | Self::OutOfRange => fault,
        }
    }

    /// The fault of a field where a time of day may stand too.
    pub fn time_fault(self, field: impl Into<String>) -> FieldError {
        match self {
            Self::NoSuchDay | Self::NoSuchTime | Self::NoYear | Self::OutOfRange => self.fault(field),
            // Which day is meant is told; to choose it would lose the time of day.
            Self::Ambiguous(one, other) => {
                FieldError::new(field, self.key()).arg("one", one).arg("other", other)
            }
            Self::Empty | Self::Unreadable => FieldError::new(field, "error-not-a-time"),
        }
    }
}

/// Reads `2016-12-09`, `2016/12/9`, `2016.12.9`, `20161209`, `2016年12月9日`, `二〇一六年十二月九日`, `9 Dec 2016`,
/// `December 9, 2016`, and `25/12/2016`. A date that could be day/month or month/day is refused, unless both are the same.
pub fn parse_date(text: &str) -> Result<NaiveDate, DateError> {
    let text = numerals::in_figures(&text.nfkc().collect::<String>().trim().to_lowercase());
    if text.is_empty() {
        return Err(DateError::Empty);
    }
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return date(&text[..4], &text[4..6], &text[6..]);
    }
    let apart: String = text
        .chars()
        .map(|c| if matches!(c, '年' | '月' | '日' | '号' | '/' | '.' | '-' | ',') { ' ' } else { c })
        .collect();
    let parts: Vec<&str> = apart.split_whitespace().collect();
    let [a, b, c] = parts[..] else { return Err(too_few(&text, &parts)) };
    match (month_of(a), month_of(b)) {
        (Some(month), _) => date(c, &month.to_string(), ordinal(b)),
        (_, Some(month)) if a.len() == 4 => date(a, &month.to_string(), ordinal(c)),
        (_, Some(month)) => date(c, &month.to_string(), ordinal(a)),
        _ if a.len() == 4 => date(a, b, c),
        _ if c.len() == 4 => day_and_month(a, b, c),
        _ => Err(DateError::Unreadable),
    }
}

/// What is wrong with a date that has not three parts: a month and a day alone lack their year.
fn too_few(text: &str, parts: &[&str]) -> DateError {
    let is_year = |part: &&str| part.len() > 2 && part.bytes().all(|b| b.is_ascii_digit());
    let is_month = text.contains('月') || parts.iter().any(|part| month_of(part).is_some());
    let has_year = text.contains('年') || parts.iter().any(is_year);
    if parts.len() == 2 && is_month && !has_year { DateError::NoYear } else { DateError::Unreadable }
}

fn day_and_month(a: &str, b: &str, year: &str) -> Result<NaiveDate, DateError> {
    match (date(year, b, a), date(year, a, b)) {
        (Ok(one), Ok(other)) if one != other => Err(DateError::Ambiguous(one, other)),
        (Ok(found), _) | (_, Ok(found)) => Ok(found),
        (Err(DateError::OutOfRange), _) | (_, Err(DateError::OutOfRange)) => Err(DateError::OutOfRange),
        (Err(DateError::NoSuchDay), _) | (_, Err(DateError::NoSuchDay)) => Err(DateError::NoSuchDay),
        _ => Err(DateError::Unreadable),
    }
}

/// `9th` as `9`.
fn ordinal(text: &str) -> &str {
    text.trim_end_matches(|c: char| c.is_ascii_alphabetic())
}

fn month_of(text: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let found = |name: &&str| {
        text.len() >= 3 && (name.starts_with(text) || (text == "sept" && **name == *"september"))
    };
    MONTHS.iter().position(found).and_then(|place| u32::try_from(place + 1).ok())
}

fn date(year: &str, month: &str, day: &str) -> Result<NaiveDate, DateError> {
    let number = |text: &str| text.parse::<u32>().map_err(|_| DateError::Unreadable);
    let year_number = i32::try_from(number(year)?).map_err(|_| DateError::Unreadable)?;
    match NaiveDate::from_ymd_opt(year_number, number(month)?, number(day)?) {
        Some(found) => in_range(found),
        None if YEARS.contains(&year_number) && month.len() <= 2 && day.len() <= 2 => {
            Err(DateError::NoSuchDay)
        }
        None => Err(DateError::Unreadable),
    }
}

/// Years that dates are taken from.
const YEARS: RangeInclusive<i32> = 1900..=2200;

fn in_range<T: Datelike>(time: T) -> Result<T, DateError> {
    if YEARS.contains(&time.year()) { Ok(time) } else { Err(DateError::OutOfRange) }
}

/// Reads a year that something may be counted in.
pub fn year(text: &str) -> Option<i32> {
    text.parse().ok().filter(|year| YEARS.contains(year))
}

/// Reads an instant: RFC 3339, or a date and time of day in `zone` (`2016-12-09T14:05`, `2016年12月9日 14:05`, `14:05, 9 Dec
/// 2016`, `2016年12月9日14时5分`, each with seconds or without; `2016-12-09 2:05pm`, `2016年12月9日 下午2:05`), or a date alone,
/// which is its first instant.
pub fn parse_instant(text: &str, zone: Tz) -> Result<Instant, DateError> {
    let text = numerals::in_figures(&text.nfkc().collect::<String>());
    let text = text.trim();
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return in_range(time).map(|time| Instant::from(time.with_timezone(&Utc)));
    }
    let formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"];
    let read = formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    match read {
        Some(time) => in_range(time).map(|time| local(time, zone)),
        None => match apart(text) {
            Some((day, time)) => {
                let day = parse_date(&day).map_err(|error| none_such(text).unwrap_or(error))?;
                time.map(|time| local(day.and_time(time), zone)).ok_or(DateError::NoSuchTime)
            }
            None => parse_date(text)
                .map(|day| start_of_day(day, zone))
                .map_err(|error| none_such(text).unwrap_or(error)),
        },
    }
}

/// Whether a text of the form `2016-02-30T25:00:00Z` names a day or a time that there is not.
fn none_such(text: &str) -> Option<DateError> {
    match parse_date(text.get(..10)?) {
        Err(DateError::NoSuchDay) => return Some(DateError::NoSuchDay),
        Err(_) => return None,
        Ok(_) => {}
    }
    let figures = |at: usize| text.get(at..at + 2).and_then(|two| two.parse::<u32>().ok());
    let is_clock = text.get(13..14) == Some(":");
    let is_none = figures(11)? > 23 || figures(14)? > 59 || figures(17).is_some_and(|second| second > 60);
    (is_clock && is_none).then_some(DateError::NoSuchTime)
}

/// A date and the time of day that stands before or behind it, that one `None` where no day has it (25:00); nothing where
/// no time is written.
fn apart(text: &str) -> Option<(String, Option<NaiveTime>)> {
    let text = text.to_lowercase().replace(['时', '点'], ":").replace('分', ":").replace('秒', "");
    let middle = text.find(':')?;
    let start = text[..middle]
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let end =
        text[middle..].find(|c: char| !(c.is_ascii_digit() || c == ':')).map_or(text.len(), |n| middle + n);
    let mut parts = text[start..end].trim_end_matches(':').split(':').map(str::parse::<u32>);
    let mut next = || parts.next().transpose().ok();
    let (hour, minute, second) = (next()??, next()?.unwrap_or(0), next()?.unwrap_or(0));
    if next()?.is_some() {
        return None;
    }
    let (before, after, is_late) = half_of_day(text[..start].trim_end(), text[end..].trim_start());
    let hour = match (is_late, hour) {
        (None, hour) => hour,
        (Some(false), 12) => 0,
        (Some(false), 0..=11) | (Some(true), 12..=23) => hour,
        (Some(true), 1..=11) => hour + 12,
        // 下午25:00 is none, as 25:00 is.
        _ => u32::MAX,
    };
    Some((format!("{before} {after}"), NaiveTime::from_hms_opt(hour, minute, second)))
}

/// What stands before and behind a time of day without the word for its half of the day, and whether that is the second.
fn half_of_day<'a>(before: &'a str, after: &'a str) -> (&'a str, &'a str, Option<bool>) {
    const BEFORE: [(&str, bool); 4] = [("上午", false), ("下午", true), ("am", false), ("pm", true)];
    const BEHIND: [(&str, bool); 4] = [("am", false), ("pm", true), ("a.m.", false), ("p.m.", true)];
    for (word, is_late) in BEHIND {
        let rest = after.strip_prefix(word);
        if let Some(rest) = rest.filter(|rest| !rest.starts_with(char::is_alphabetic)) {
            return (before, rest, Some(is_late));
        }
    }
    for (word, is_late) in BEFORE {
        if let Some(rest) = before.strip_suffix(word) {
            return (rest, after, Some(is_late));
        }
    }
    (before, after, None)
}

/// Reads the moment as at which something is asked for: as [`parse_instant`], but a day alone is its end, because what
/// happened on that day belongs to what was known of it.
pub fn parse_as_at(text: &str, zone: Tz) -> Result<Instant, DateError> {
    match parse_date(text) {
        Ok(day) => Ok(end_of_day(day, zone)),
        Err(_) => parse_instant(text, zone),
    }
}
