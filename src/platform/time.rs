//! Time as a value: who asks what time it is, what day an instant falls on in the configured zone, how both are
//! written, and how people write dates.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{Datelike, Days, Duration, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
pub use chrono_tz::Tz;

use super::{
    db::Instant,
    i18n::{Lang, t_with},
};

mod manner;
mod numerals;
mod reading;
mod span;
mod written;

pub use manner::{
    ClockStyle, DateStyle, Manner, carried, carried_on, for_nobody, for_one_reader, table_day, table_instant,
    tell,
};
pub use reading::{DateError, parse_as_at, parse_date, parse_instant, year};
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

#[cfg(test)]
mod tests;
