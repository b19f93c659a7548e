use proptest::prelude::*;

use super::*;
use crate::{
    directory::reference::working_calendar,
    handover::deadline::clocks::{Ending, Mode, clocks},
    platform::{
        i18n::{Lang, has},
        time::DEFAULT_ZONE,
    },
};

fn reckoning() -> Reckoning<'static> {
    Reckoning { zone: DEFAULT_ZONE, calendar: working_calendar() }
}

fn instant(text: &str) -> Instant {
    Instant::try_from(format!("{text}+08:00")).unwrap()
}

fn due(code: &str, start: &str) -> Due {
    let start = instant(start);
    let clock = clocks().get(code, day_of(start, DEFAULT_ZONE)).unwrap();
    reckoning().due(clock, clock.limit, start).unwrap()
}

#[test]
fn hours_run_from_the_instant_through_the_night_and_the_weekend() {
    let forward = due("PSB-FORWARD", "2024-06-07T16:30:00");
    assert_eq!(forward.at, instant("2024-06-08T16:30:00"));
    assert!(!forward.provisional);
}

#[test]
fn natural_days_leave_the_first_day_out_and_end_with_the_last() {
    // Monday evening: seven days end on the Monday after.
    let filing = due("JJ-15", "2024-06-03T20:00:00");
    // That Monday, 10 June 2024, was the Dragon Boat Festival: the period ends on Tuesday.
    assert_eq!(filing.day.to_string(), "2024-06-11");
    assert!(filing.rolled);
    assert_eq!(filing.at, instant("2024-06-11T23:59:59.999999"));
    let plain = due("JJ-15", "2024-06-17T00:00:00");
    assert_eq!((plain.day.to_string().as_str(), plain.rolled), ("2024-06-24", false));
}

#[test]
fn a_period_over_the_spring_festival_of_2016_ends_after_it() {
    // Accepted on 1 February 2016: the seventh day is Monday the 8th, New Year; Sunday the 14th was worked.
    let filing = due("MPS2015-7", "2016-02-01T10:00:00");
    assert_eq!(filing.day.to_string(), "2016-02-14");
    assert!(filing.rolled && !filing.provisional);
}

#[test]
fn the_time_for_asking_for_reconsideration_ends_after_the_golden_week() {
    // Served on 29 September 2024: the seventh day is 6 October, and work began again on the 8th.
    let ask = due("PSB-RECON-ASK", "2024-09-29T15:00:00");
    assert_eq!(ask.day.to_string(), "2024-10-08");
    assert!(ask.rolled && !ask.provisional);
    let plain = due("PSB-RECON-ASK", "2024-06-04T15:00:00");
    assert_eq!((plain.day.to_string().as_str(), plain.rolled), ("2024-06-11", false));
}

#[test]
fn working_days_skip_the_golden_week_and_count_the_worked_weekend() {
    // 2016: off 1 to 7 October, worked on 8 and 9 October.
    assert_eq!(due("AGREED-ACK", "2016-09-30T09:00:00").day.to_string(), "2016-10-10");
    // A step at 23:30 UTC belongs to the next day in China.
    let late = Instant::try_from("2016-12-08T23:30:00Z".to_owned()).unwrap();
    let clock = clocks().get("AGREED-ACK", "2016-12-09".parse().unwrap()).unwrap();
    assert_eq!(reckoning().due(clock, 3, late).unwrap().day.to_string(), "2016-12-14");
}

#[test]
fn ninety_days_without_a_roll_over_rule_end_where_they_end() {
    let decide = due("SAMR-DECIDE", "2024-03-04T09:00:00");
    assert_eq!(decide.day.to_string(), "2024-06-02"); // a Sunday
    assert!(!decide.rolled);
}

#[test]
fn what_is_only_shown_is_not_computed() {
    let clock = clocks().get("APL-LIMITATION", "2024-01-01".parse().unwrap()).unwrap();
    assert!(reckoning().due(clock, clock.limit, instant("2024-01-01T00:00:00")).is_none());
}

#[test]
fn a_deadline_past_the_published_years_is_provisional() {
    assert!(due("AGREED-ACCEPT", "2026-12-20T09:00:00").provisional);
    assert!(!due("AGREED-ACK", "2026-12-20T09:00:00").provisional);
}

#[test]
fn an_extension_runs_from_the_first_end_or_makes_a_longer_total() {
    let start = instant("2024-06-03T09:00:00");
    let first = due("SAMR-VERIFY", "2024-06-03T09:00:00");
    let on = first.day;
    let more = reckoning().extended(clocks().get("SAMR-VERIFY-EXT", on).unwrap(), start, first.at).unwrap();
    assert_eq!(first.day.to_string(), "2024-06-25");
    assert_eq!(more.day.to_string(), "2024-07-16");
    let total = reckoning().extended(clocks().get("JJ-15-EXT1", on).unwrap(), start, first.at).unwrap();
    assert_eq!(total.day.to_string(), "2024-07-03");
}

#[test]
fn it_is_due_soon_from_the_morning_before_and_overdue_from_the_next_instant() {
    let start = instant("2024-06-17T10:00:00");
    let due = due("AGREED-ACK", "2024-06-17T10:00:00");
    let reminders = reckoning().reminders(start, &due);
    assert_eq!(reminders.before, instant("2024-06-19T09:00:00"));
    assert_eq!(reminders.after, instant("2024-06-21T09:00:00"));
    let standing = |now: &str| reckoning().standing(start, &due, None, instant(now));
    assert_eq!(standing("2024-06-18T23:00:00"), Standing::Running);
    assert_eq!(standing("2024-06-19T09:00:00"), Standing::DueSoon);
    assert_eq!(standing("2024-06-20T23:59:59"), Standing::DueSoon);
    assert_eq!(standing("2024-06-21T00:00:00"), Standing::Overdue);
    let ended = |at: &str, how| {
        reckoning().standing(start, &due, Some((instant(at), how)), instant("2025-01-01T00:00:00"))
    };
    assert_eq!(ended("2024-06-20T23:59:59", Ending::Met), Standing::Met);
    assert_eq!(ended("2024-06-21T00:00:00", Ending::Met), Standing::MetLate);
    assert_eq!(ended("2024-06-20T23:59:59", Ending::Moot), Standing::Moot);
    assert_eq!(ended("2024-06-21T00:00:00", Ending::Moot), Standing::MootLate);
    assert_eq!(reckoning().working_days_left(&due, instant("2024-06-18T08:00:00")), 2);
    assert_eq!(reckoning().working_days_left(&due, instant("2024-06-24T08:00:00")), -2);
}

#[test]
fn short_clocks_remind_at_half_time() {
    let start = instant("2024-06-07T16:00:00");
    let due = due("PSB-FORWARD", "2024-06-07T16:00:00");
    let reminders = reckoning().reminders(start, &due);
    assert_eq!(reminders.before, instant("2024-06-08T04:00:00"));
    assert_eq!(reminders.after, instant("2024-06-08T17:00:00"));
}

#[test]
fn every_standing_has_a_word_in_both_languages() {
    assert!(Standing::ALL.iter().all(|s| Lang::ALL.iter().all(|lang| has(*lang, s.key()))));
}

proptest! {
    #[test]
    fn due_never_comes_earlier_for_a_later_start(
        start in 0_i64..400_000_000, more in 0_i64..4_000_000, limit in 1_u32..60, which in 0_usize..4,
    ) {
        let (unit, roll) = [
            (Unit::Hours, false), (Unit::NaturalDays, false), (Unit::NaturalDays, true), (Unit::WorkingDays, false),
        ][which];
        let first = instant("2011-01-01T00:00:00").plus_seconds(start);
        let second = first.plus_seconds(more);
        let (a, b) = (reckoning().reckon(unit, limit, roll, first), reckoning().reckon(unit, limit, roll, second));
        prop_assert!(a.at <= b.at);
        prop_assert!(a.at > first);
        prop_assert!(a.at <= reckoning().reckon(unit, limit + 1, roll, first).at);
        if unit == Unit::WorkingDays || roll {
            prop_assert!(working_calendar().is_working(a.day));
        }
        let reminders = reckoning().reminders(first, &a);
        prop_assert!(first <= reminders.before && reminders.before <= a.at && a.at < reminders.after);
        prop_assert_eq!(day_of(a.at, DEFAULT_ZONE), a.day);
    }

    #[test]
    fn the_hour_of_the_step_does_not_matter_for_days(second in 0_i64..86_400, day in 0_u64..4_000, n in 1_u32..40) {
        let date = "2011-01-01".parse::<NaiveDate>().unwrap() + Days::new(day);
        let midnight = crate::platform::time::start_of_day(date, DEFAULT_ZONE);
        for unit in [Unit::NaturalDays, Unit::WorkingDays] {
            let at = |start| reckoning().reckon(unit, n, true, start);
            prop_assert_eq!(at(midnight), at(midnight.plus_seconds(second)));
        }
    }

    /// Every extension on file, for every start since its rule came into force: later than what it extends, never
    /// earlier for a later start, a whole total from the old start or a further limit from the old end.
    #[test]
    fn an_extension_ends_later_by_its_own_rule(day in 0_u64..3_500, second in 0_i64..86_400, more in 1_u64..60) {
        for extension in clocks().all().iter().filter(|c| c.mode == Mode::Extension && c.computed) {
            let from = extension.valid_from.unwrap();
            let base = clocks().get(extension.of.as_deref().unwrap(), from).unwrap();
            let start_of = |days| {
                crate::platform::time::start_of_day(from + Days::new(days), DEFAULT_ZONE).plus_seconds(second)
            };
            let start = start_of(day);
            let before = reckoning().due(base, base.limit, start).unwrap();
            // A base that is an extension itself is reckoned from the same start: no later than it really ended.
            let new = reckoning().extended(extension, start, before.at).unwrap();
            prop_assert!(new.at > before.at, "{}", extension.code);
            let from_end = extension.start_events.iter().any(|e| e.ends_with("expired"));
            let counted_from = if from_end { before.at } else { start };
            prop_assert_eq!(new, reckoning().due(extension, extension.limit, counted_from).unwrap());
            let later = start_of(day + more);
            let later_before = reckoning().due(base, base.limit, later).unwrap();
            prop_assert!(new.at <= reckoning().extended(extension, later, later_before.at).unwrap().at);
            // Both reminders follow the new end.
            let reminders = reckoning().reminders(start, &new);
            prop_assert!(reminders.before <= new.at && new.at < reminders.after && before.at < reminders.after);
        }
    }
}
