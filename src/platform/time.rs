//! Time as a value: who asks what time it is, what day an instant falls on in the configured zone, how both are
//! written, and how people write dates.

use std::{
    ops::RangeInclusive,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{
    DateTime, Datelike, Days, Duration, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc,
};
pub use chrono_tz::Tz;
use unicode_normalization::UnicodeNormalization;

use super::{
    db::Instant,
    error::FieldError,
    i18n::{Lang, t_with},
};

mod manner;
mod numerals;
mod span;
mod written;

pub use manner::{
    ClockStyle, DateStyle, Manner, carried, for_nobody, for_one_reader, table_day, table_instant, tell,
};
pub use span::span;
pub use written::in_zone;

/// The zone unless another is configured.
pub const DEFAULT_ZONE: Tz = Tz::Asia__Shanghai;

/// Who is asked for the time. Rules take an [`Instant`]; only `app`, `cli` and the write helper hold a clock.
pub trait Clock: Send + Sync {
    fn now(&self) -> Instant;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::system_now()
    }
}

/// A clock that stands still until it is set: for tests and for loading the sample.
#[derive(Clone, Debug)]
pub struct FixedClock(Arc<Mutex<Instant>>);

impl FixedClock {
    pub fn at(instant: Instant) -> Self {
        Self(Arc::new(Mutex::new(instant)))
    }

    /// Moves it, forwards or back.
    pub fn set(&self, instant: Instant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = instant;
    }

    pub fn advance(&self, seconds: i64) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *held = held.plus_seconds(seconds);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The zone of a name such as `Asia/Shanghai`.
pub fn zone(name: &str) -> Option<Tz> {
    name.trim().parse().ok()
}

/// The day that an instant falls on.
pub fn day_of(instant: Instant, zone: Tz) -> NaiveDate {
    instant.utc().with_timezone(&zone).date_naive()
}

/// The year that an instant falls in.
pub fn year_of(instant: Instant, zone: Tz) -> i32 {
    day_of(instant, zone).year()
}

/// The instant of a local time. Of two (clocks put back) the later; of none (clocks put forward) the first that exists.
pub fn local(time: NaiveDateTime, zone: Tz) -> Instant {
    let mut time = time;
    for _ in 0..8 {
        match zone.from_local_datetime(&time) {
            LocalResult::Single(found) | LocalResult::Ambiguous(_, found) => return found.to_utc().into(),
            LocalResult::None => time += Duration::minutes(30),
        }
    }
    time.and_utc().into()
}

/// The first instant of a day.
pub fn start_of_day(day: NaiveDate, zone: Tz) -> Instant {
    match zone.from_local_datetime(&day.and_time(NaiveTime::MIN)) {
        LocalResult::Ambiguous(first, _) => first.to_utc().into(),
        _ => local(day.and_time(NaiveTime::MIN), zone),
    }
}

/// The last microsecond of a day: what is done by then is done in time.
pub fn end_of_day(day: NaiveDate, zone: Tz) -> Instant {
    let next = start_of_day(day.checked_add_days(Days::new(1)).unwrap_or(day), zone);
    Instant::from_micros(next.micros() - 1)
}

/// First instant of a year and of the next: `from <= t < to`.
pub fn year_bounds(year: i32, zone: Tz) -> (Instant, Instant) {
    let first = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    (start_of_day(first(year), zone), start_of_day(first(year.saturating_add(1)), zone))
}

/// `2016年12月9日`, `9 Dec 2016`, or `2016-12-09` for a reader who wants figures.
pub fn format_date(day: NaiveDate, lang: Lang) -> String {
    match manner::manner().days {
        DateStyle::Page | DateStyle::Words => words_of_day(day, lang),
        DateStyle::Figures => day.to_string(),
    }
}

fn words_of_day(day: NaiveDate, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        Lang::En => day.format("%-d %b %Y").to_string(),
    }
}

/// `2016年12月9日 星期五`, `Fri 9 Dec 2016`.
pub fn format_weekday(day: NaiveDate, lang: Lang) -> String {
    const DAYS: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
    match lang {
        Lang::Zh => {
            let weekday = DAYS[day.weekday().num_days_from_monday() as usize];
            format!("{} 星期{weekday}", format_date(day, lang))
        }
        Lang::En => format!("{} {}", day.format("%a"), format_date(day, lang)),
    }
}

/// `2016年12月9日 14:05`, `9 Dec 2016, 14:05`, or as the reader wants it.
pub fn format_instant(instant: Instant, zone: Tz, lang: Lang) -> String {
    let time = instant.utc().with_timezone(&zone);
    let separator = match manner::manner().days {
        DateStyle::Figures => " ",
        DateStyle::Page | DateStyle::Words => lang.pick(" ", ", "),
    };
    format!("{}{separator}{}", format_date(time.date_naive(), lang), manner::hour(&time, lang))
}

/// `2016-12-09 14:05:03 +08:00`, for papers and logs: the same in both languages.
pub fn format_exact(instant: Instant, zone: Tz) -> String {
    instant.utc().with_timezone(&zone).format("%Y-%m-%d %H:%M:%S %:z").to_string()
}

/// The time of day alone, as the reader has it: `14:03`.
pub fn format_clock(instant: Instant, zone: Tz, lang: Lang) -> String {
    manner::hour(&instant.utc().with_timezone(&zone), lang)
}

/// `2016年12月`, `Dec 2016`.
pub fn format_month(day: NaiveDate, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{}年{}月", day.year(), day.month()),
        Lang::En => day.format("%b %Y").to_string(),
    }
}

/// `3天`, `2 h`: the largest whole unit of a length of time, days, hours or minutes; the sign is left out.
pub fn format_length(seconds: i64, lang: Lang) -> String {
    let seconds = seconds.unsigned_abs();
    let (key, n) = match seconds {
        0..3_600 => ("time-minutes", seconds / 60),
        3_600..172_800 => ("time-hours", seconds / 3_600),
        _ => ("time-days", seconds / 86_400),
    };
    t_with(lang, key, &[("n", n.to_string())])
}

/// Why a date could not be read. [`DateError::key`] is a message key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateError {
    Empty,
    Unreadable,
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
            Self::Empty | Self::Unreadable | Self::NoYear | Self::OutOfRange => fault,
        }
    }

    /// The fault of a field where a time of day may stand too.
    pub fn time_fault(self, field: impl Into<String>) -> FieldError {
        match self {
            Self::NoYear | Self::OutOfRange => self.fault(field),
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
    let found = NaiveDate::from_ymd_opt(year_number, number(month)?, number(day)?);
    in_range(found.ok_or(DateError::Unreadable)?)
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
            Some((day, time)) => parse_date(&day).map(|day| local(day.and_time(time), zone)),
            None => parse_date(text).map(|day| start_of_day(day, zone)),
        },
    }
}

/// A date and the time of day that stands before or behind it; `None` where there is no time.
fn apart(text: &str) -> Option<(String, NaiveTime)> {
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
        _ => return None,
    };
    Some((format!("{before} {after}"), NaiveTime::from_hms_opt(hour, minute, second)?))
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

#[cfg(test)]
mod tests;
