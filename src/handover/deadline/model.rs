//! From a start and a limit to the moment by which something has to be done, and how a deadline stands. Pure.
//!
//! Hours run from the instant. Days, natural or working, begin on the day after (刑事诉讼法 105: 期间开始的时和日不算在期间以内)
//! and end with the last day, in the configured zone.

use chrono::{Days, NaiveDate, NaiveTime};

use super::clocks::{Clock, Ending, Unit};
use crate::{
    directory::reference::WorkingCalendar,
    platform::{
        db::Instant,
        time::{Tz, day_of, end_of_day, local},
    },
};

/// Zone and calendar that deadlines are reckoned in.
#[derive(Clone, Copy, Debug)]
pub struct Reckoning<'a> {
    pub zone: Tz,
    pub calendar: &'a WorkingCalendar,
}

/// When a clock runs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The last instant that is in time.
    pub at: Instant,
    /// The day of `at` in the zone.
    pub day: NaiveDate,
    /// A year was crossed whose holidays are not published: the day may still move.
    pub provisional: bool,
    /// The last day was not worked, and the law moved it.
    pub rolled: bool,
}

/// How a deadline stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    Running,
    DueSoon,
    Overdue,
    /// Stopped in time.
    Met,
    /// Stopped after its end.
    MetLate,
    /// What it waited for can't or needn't happen any more.
    Moot,
    /// The same, after it had run out.
    MootLate,
}

impl Standing {
    pub const ALL: [Standing; 7] =
        [Self::Running, Self::DueSoon, Self::Overdue, Self::Met, Self::MetLate, Self::Moot, Self::MootLate];

    /// Message key of its word (`deadline.ftl`).
    pub fn key(self) -> &'static str {
        match self {
            Self::Running => "deadline-running",
            Self::DueSoon => "deadline-due-soon",
            Self::Overdue => "deadline-overdue",
            Self::Met => "deadline-met",
            Self::MetLate => "deadline-met-late",
            Self::Moot => "deadline-moot",
            Self::MootLate => "deadline-moot-late",
        }
    }
}

/// When to remind, once before and once after the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reminders {
    pub before: Instant,
    pub after: Instant,
}

/// When reminders go out in the zone.
const MORNING: (u32, u32) = (9, 0);

impl Reckoning<'_> {
    /// When `clock` runs out that started at `start`; `limit` is the clock's own or the agreed number of its unit.
    /// `None` for a clock that is shown only.
    pub fn due(&self, clock: &Clock, limit: u32, start: Instant) -> Option<Due> {
        clock.computed.then(|| self.reckon(clock.unit, limit, clock.roll_over, start))
    }

    /// As [`Reckoning::due`], for a limit that is on no clock (set in a notice).
    pub fn reckon(&self, unit: Unit, limit: u32, roll_over: bool, start: Instant) -> Due {
        let first = day_of(start, self.zone);
        match unit {
            Unit::Hours => {
                let at = start.plus_seconds(i64::from(limit) * 3_600);
                Due { at, day: day_of(at, self.zone), provisional: false, rolled: false }
            }
            Unit::NaturalDays => {
                let last = first.checked_add_days(Days::new(limit.into())).unwrap_or(NaiveDate::MAX);
                if !roll_over {
                    return self.by_end_of(last, false, false);
                }
                let rolled = self.calendar.roll_forward(last);
                self.by_end_of(rolled.date, rolled.provisional, rolled.date != last)
            }
            Unit::WorkingDays => {
                let last = self.calendar.add_working_days(first, limit);
                self.by_end_of(last.date, last.provisional, false)
            }
        }
    }

    /// An extension by `clock`, granted for a deadline that would have ended at `before`: counted from there where it
    /// starts with the first limit's end, else from the old `start` (a longer total).
    pub fn extended(&self, clock: &Clock, start: Instant, before: Instant) -> Option<Due> {
        let from_end = clock.start_events.iter().any(|event| event.ends_with("expired"));
        self.due(clock, clock.limit, if from_end { before } else { start })
    }

    /// How long a limit from `start` to `end` is, in `unit`: as it was agreed then, whatever is agreed by now.
    pub fn length(&self, unit: Unit, start: Instant, end: Instant) -> u32 {
        let (first, last) = (day_of(start, self.zone), day_of(end, self.zone));
        let n = match unit {
            Unit::Hours => end.seconds_since(start) / 3_600,
            Unit::NaturalDays => (last - first).num_days(),
            Unit::WorkingDays => self.working_days(first, last),
        };
        u32::try_from(n).unwrap_or(0)
    }

    /// The working days after `from` up to `to`.
    fn working_days(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        let days = from.iter_days().skip(1).take_while(|day| *day <= to);
        i64::try_from(days.filter(|day| self.calendar.is_working(*day)).count()).unwrap_or(i64::MAX)
    }

    /// The end that was stated in words: with the last instant of `day`.
    pub fn stated(&self, day: NaiveDate) -> Due {
        self.by_end_of(day, false, false)
    }

    /// Whether what was approved on `approved_on` came while a deadline ran from `start` to `before`.
    ///
    /// # Errors
    /// The message key.
    pub fn approved_in_time(
        &self,
        start: Instant,
        before: Instant,
        approved_on: NaiveDate,
    ) -> Result<(), &'static str> {
        if approved_on < day_of(start, self.zone) {
            return Err("error-extension-before-start");
        }
        if approved_on > day_of(before, self.zone) {
            return Err("error-extension-too-late");
        }
        Ok(())
    }

    fn by_end_of(&self, day: NaiveDate, provisional: bool, rolled: bool) -> Due {
        Due { at: end_of_day(day, self.zone), day, provisional, rolled }
    }

    /// Reminders: the morning of the working day before the last (two before, for ten days and more), and the morning
    /// of the first working day after; for less than a day, at half time and an hour after.
    pub fn reminders(&self, start: Instant, due: &Due) -> Reminders {
        let length = due.at.seconds_since(start);
        if length <= 2 * 86_400 {
            return Reminders { before: start.plus_seconds(length / 2), after: due.at.plus_seconds(3_600) };
        }
        let days = if length >= 10 * 86_400 { 2 } else { 1 };
        let before = self.morning(self.calendar.sub_working_days(due.day, days));
        let after = self.morning(self.calendar.add_working_days(due.day, 1).date);
        let half = start.plus_seconds(length / 2);
        Reminders { before: if before > start { before } else { half }, after }
    }

    fn morning(&self, day: NaiveDate) -> Instant {
        local(day.and_time(NaiveTime::from_hms_opt(MORNING.0, MORNING.1, 0).unwrap_or_default()), self.zone)
    }

    /// How a deadline stands at `now`; it is due soon from its first reminder on.
    pub fn standing(
        &self,
        start: Instant,
        due: &Due,
        ended: Option<(Instant, Ending)>,
        now: Instant,
    ) -> Standing {
        match ended {
            Some((at, Ending::Met)) if at <= due.at => Standing::Met,
            Some((_, Ending::Met)) => Standing::MetLate,
            Some((at, Ending::Moot)) if at <= due.at => Standing::Moot,
            Some((_, Ending::Moot)) => Standing::MootLate,
            None if now > due.at => Standing::Overdue,
            None if now >= self.reminders(start, due).before => Standing::DueSoon,
            None => Standing::Running,
        }
    }

    /// Working days left until the end, negative after it; for a worklist ("3 working days left").
    pub fn working_days_left(&self, due: &Due, now: Instant) -> i64 {
        let today = day_of(now, self.zone);
        if today <= due.day { self.working_days(today, due.day) } else { -self.working_days(due.day, today) }
    }
}

#[cfg(test)]
mod tests;
