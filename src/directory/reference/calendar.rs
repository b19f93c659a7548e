//! Working days of mainland China: Monday to Friday but for the exceptions that the State Council publishes each
//! autumn for the next year. Beyond the last published year a result is provisional.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{OnceLock, PoisonError, RwLock},
};

use chrono::{Datelike, NaiveDate, Weekday};
use serde::Deserialize;

use super::table::embedded;

/// What an exception makes of its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// A Monday to Friday that is off.
    Holiday,
    /// A Saturday or Sunday that is worked (调休).
    Workday,
}

/// A published exception.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Exception {
    pub date: NaiveDate,
    pub kind: DayKind,
    /// The holiday that it belongs to, short Chinese name.
    pub name: String,
}

/// What the State Council published for a year. It may move days of the years beside it, such as a New Year's holiday
/// that begins in December.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub year: i32,
    pub days: Vec<Exception>,
}

/// Which days are worked, and for which years that is published.
#[derive(Clone, Debug)]
pub struct WorkingCalendar {
    exceptions: BTreeMap<NaiveDate, (DayKind, String)>,
    years: BTreeSet<i32>,
}

/// A day, and whether a year without published exceptions had to be crossed to find it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reckoned {
    pub date: NaiveDate,
    pub provisional: bool,
}

/// The embedded calendar, 2010 to 2026, with the years that were imported.
pub fn working_calendar() -> &'static WorkingCalendar {
    let installed: Option<&'static WorkingCalendar> =
        *INSTALLED.read().unwrap_or_else(PoisonError::into_inner);
    installed.unwrap_or_else(embedded_calendar)
}

/// The holiday whose notice reaches into the December before.
const NEW_YEAR: &str = "元旦";

static INSTALLED: RwLock<Option<&'static WorkingCalendar>> = RwLock::new(None);

/// Puts imported years beside the embedded ones, for the process. Each calendar is kept for ever: this happens at the
/// start and after an import, which comes once a year.
pub fn install(imported: Vec<Notice>) {
    if !imported.is_empty() {
        let mut merged = embedded_calendar().clone();
        for notice in imported {
            merged.merge(notice);
        }
        *INSTALLED.write().unwrap_or_else(PoisonError::into_inner) = Some(Box::leak(Box::new(merged)));
    }
}

fn embedded_calendar() -> &'static WorkingCalendar {
    static CALENDAR: OnceLock<WorkingCalendar> = OnceLock::new();
    CALENDAR.get_or_init(|| {
        let text = include_str!("../../../assets/reference/working-days.csv");
        WorkingCalendar::new(embedded("working-days.csv", text))
    })
}

impl WorkingCalendar {
    /// A calendar that covers every year that has an exception.
    pub fn new(exceptions: impl IntoIterator<Item = Exception>) -> Self {
        let mut calendar = Self { exceptions: BTreeMap::new(), years: BTreeSet::new() };
        for entry in exceptions {
            calendar.years.insert(entry.date.year());
            calendar.exceptions.insert(entry.date, (entry.kind, entry.name));
        }
        calendar
    }

    /// Adds the notice of a year. What was known of that year goes, but for what the next year's notice says of its
    /// December; days of other years are put beside what is there.
    pub fn merge(&mut self, notice: Notice) {
        let of_next = |date: &NaiveDate, name: &str| date.month() == 12 && name == NEW_YEAR;
        self.exceptions.retain(|date, (_, name)| date.year() != notice.year || of_next(date, name));
        self.years.insert(notice.year);
        self.exceptions.extend(notice.days.into_iter().map(|entry| (entry.date, (entry.kind, entry.name))));
    }

    /// Whether the exceptions of the date's year are known.
    pub fn covers(&self, date: NaiveDate) -> bool {
        self.years.contains(&date.year())
    }

    /// The last year that is covered, for the warning before it ends.
    pub fn last_year(&self) -> Option<i32> {
        self.years.last().copied()
    }

    /// The years that are covered.
    pub fn years(&self) -> impl DoubleEndedIterator<Item = i32> {
        self.years.iter().copied()
    }

    /// The exceptions of a year in order: the day, whether it is worked, the holiday that it belongs to.
    pub fn exceptions_in(&self, year: i32) -> impl Iterator<Item = (NaiveDate, bool, &str)> {
        let of_year = self.exceptions.iter().filter(move |(day, _)| day.year() == year);
        of_year.map(|(day, (kind, name))| (*day, *kind == DayKind::Workday, name.as_str()))
    }

    /// Whether the day is worked.
    pub fn is_working(&self, date: NaiveDate) -> bool {
        match self.exceptions.get(&date) {
            Some((kind, _)) => *kind == DayKind::Workday,
            None => !matches!(date.weekday(), Weekday::Sat | Weekday::Sun),
        }
    }

    /// The name of the holiday or shifted working day, if the day is an exception.
    pub fn name(&self, date: NaiveDate) -> Option<&str> {
        self.exceptions.get(&date).map(|(_, name)| name.as_str())
    }

    /// The working days of a year: 248 to 251.
    pub fn working_days_in(&self, year: i32) -> usize {
        let first = NaiveDate::from_ymd_opt(year, 1, 1);
        first.map_or(0, |first| {
            first.iter_days().take_while(|day| day.year() == year).filter(|day| self.is_working(*day)).count()
        })
    }

    /// The `count`-th working day after `start`; `start` itself is not counted. For 0, `start`.
    pub fn add_working_days(&self, start: NaiveDate, count: u32) -> Reckoned {
        self.walk(
            start,
            start.iter_days().skip(1).filter(|day| self.is_working(*day)).take(count as usize).last(),
        )
    }

    /// `date` if it is worked, else the next day that is.
    pub fn roll_forward(&self, date: NaiveDate) -> Reckoned {
        self.walk(date, date.iter_days().find(|day| self.is_working(*day)))
    }

    /// The `count`-th working day before `date`.
    pub fn sub_working_days(&self, date: NaiveDate, count: u32) -> NaiveDate {
        let mut day = date;
        let mut left = count;
        while let (true, Some(before)) = (left > 0, day.pred_opt()) {
            day = before;
            left -= u32::from(self.is_working(day));
        }
        day
    }

    fn walk(&self, start: NaiveDate, end: Option<NaiveDate>) -> Reckoned {
        let date = end.unwrap_or(start);
        let provisional = (start.year()..=date.year()).any(|year| !self.years.contains(&year));
        Reckoned { date, provisional }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_working_days_of_each_year_agree_with_the_published_count() {
        let counts = [250, 250, 249, 250, 250, 249, 250, 249, 250, 250, 249, 250, 249, 249, 251, 248, 248];
        for (year, count) in (2010..=2026).zip(counts) {
            assert_eq!(working_calendar().working_days_in(year), count, "{year}");
        }
    }

    #[test]
    fn spring_festival_2016() {
        let calendar = working_calendar();
        // 6 and 14 February were worked, 8 to 12 were off.
        assert!(calendar.is_working(day("2016-02-06")) && calendar.is_working(day("2016-02-14")));
        assert!(!calendar.is_working(day("2016-02-08")) && !calendar.is_working(day("2016-02-12")));
        assert_eq!(calendar.name(day("2016-02-08")), Some("春节"));
        assert_eq!(calendar.add_working_days(day("2016-02-05"), 3).date, day("2016-02-15"));
        assert_eq!(calendar.sub_working_days(day("2016-02-15"), 3), day("2016-02-05"));
        assert_eq!(calendar.roll_forward(day("2016-02-07")).date, day("2016-02-14"));
    }

    #[test]
    fn an_exception_is_never_what_the_weekday_says_anyway() {
        for (date, (kind, _)) in &working_calendar().exceptions {
            let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
            assert_eq!(weekend, *kind == DayKind::Workday, "{date}");
        }
    }

    #[test]
    fn beyond_the_published_years_a_day_is_provisional_until_the_year_is_imported() {
        let mut calendar = working_calendar().clone();
        assert!(!calendar.add_working_days(day("2026-12-28"), 3).provisional);
        assert!(calendar.add_working_days(day("2026-12-28"), 5).provisional);
        assert_eq!(calendar.last_year(), Some(2026));
        let new_year = Exception { date: day("2027-01-01"), kind: DayKind::Holiday, name: "元旦".into() };
        calendar.merge(Notice { year: 2027, days: vec![new_year] });
        let due = calendar.add_working_days(day("2026-12-28"), 5);
        assert_eq!((due.date, due.provisional), (day("2027-01-05"), false));
    }

    #[test]
    fn a_notice_replaces_its_own_year_only() {
        let mut calendar = working_calendar().clone();
        let off = |date: &str| Exception { date: day(date), kind: DayKind::Holiday, name: "元旦".into() };
        let before: Vec<_> = (2010..=2026).map(|year| calendar.working_days_in(year)).collect();
        calendar.merge(Notice { year: 2027, days: vec![off("2026-12-31"), off("2027-01-01")] });
        let after: Vec<_> = (2010..=2026).map(|year| calendar.working_days_in(year)).collect();
        assert_eq!(before[..16], after[..16]);
        assert_eq!(before[16] - 1, after[16], "the one day of 2026 that the notice of 2027 names");
        // The notice of 2018 comes again; what that of 2019 said of December 2018 stays.
        let again = calendar.exceptions_in(2018).filter(|(day, ..)| day.month() < 12);
        let days = again
            .map(|(date, worked, name)| Exception {
                date,
                kind: if worked { DayKind::Workday } else { DayKind::Holiday },
                name: name.into(),
            })
            .collect();
        calendar.merge(Notice { year: 2018, days });
        assert_eq!(calendar.working_days_in(2018), before[8]);
    }

    proptest! {
        #[test]
        fn the_day_found_is_worked_and_later_for_a_later_start(start in 0_i64..6000, more in 0_i64..40, n in 1_u32..60) {
            let calendar = working_calendar();
            let start = day("2010-01-01") + chrono::Days::new(start as u64);
            let later = start + chrono::Days::new(more as u64);
            let due = calendar.add_working_days(start, n).date;
            prop_assert!(calendar.is_working(due) && due > start);
            prop_assert!(due <= calendar.add_working_days(later, n).date);
            let between = start.iter_days().skip(1).take_while(|d| *d <= due).filter(|d| calendar.is_working(*d)).count();
            prop_assert_eq!(between, n as usize);
        }
    }
}
