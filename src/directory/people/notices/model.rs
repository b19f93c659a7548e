//! Which kinds of events a person hears of, and which ways of hearing of them they may choose; pure.

use chrono::{NaiveDate, NaiveTime};

use crate::{
    directory::people::model::{Actor, Role, Side},
    platform::notice::{Event, Way},
};

/// The events whose notices go to such a person.
pub fn events_of(me: &Actor) -> Vec<Event> {
    let hears = |event: &Event| match event {
        Event::NewTransfer => me.side == Side::Agency,
        Event::Progress | Event::Supplement | Event::Message | Event::Deadline => {
            me.has_any(&[Role::Liaison, Role::Compiler])
        }
        Event::Review => me.has_any(&[Role::Compiler, Role::Approver]),
        Event::Outcome => me.has_any(&[Role::Liaison, Role::Compiler, Role::Manager]),
        Event::Forward => me.has(Role::Compiler),
        Event::Mention => me.has_any(&[Role::Compiler, Role::Approver, Role::Manager]),
    };
    Event::ALL.iter().copied().filter(hears).collect()
}

/// Whether a duty of an agency hangs on it: a time limit runs from there, and nobody else there may be told.
pub fn is_duty(event: Event, side: Side) -> bool {
    side == Side::Agency && matches!(event, Event::NewTransfer | Event::Deadline)
}

/// The ways that somebody on a side may choose from. A time limit ends on days off, too, when no collected mail goes.
pub fn ways(event: Event, side: Side) -> &'static [Way] {
    match (is_duty(event, side), event) {
        (true, Event::Deadline) => &[Way::AtOnce],
        (true, _) => &[Way::AtOnce, Way::Digest],
        (false, _) => Way::ALL,
    }
}

/// When the collected mail of a day is due, local time.
pub const MORNING: NaiveTime = NaiveTime::from_hms_opt(8, 30, 0).expect("a time of day");

/// The day whose collected mail is due at a local time; `None`: it is too early, or the day is off.
pub fn due_day(
    day: NaiveDate,
    time: NaiveTime,
    is_working: impl FnOnce(NaiveDate) -> bool,
) -> Option<NaiveDate> {
    (time >= MORNING && is_working(day)).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_collected_mail_is_due_in_the_morning_of_a_working_day() {
        let day: NaiveDate = "2016-10-07".parse().unwrap();
        let at = |text: &str| text.parse::<NaiveTime>().unwrap();
        assert_eq!(due_day(day, at("08:29:59"), |_| true), None);
        assert_eq!(due_day(day, at("08:30:00"), |_| true), Some(day));
        assert_eq!(due_day(day, at("23:00:00"), |_| true), Some(day));
        assert_eq!(due_day(day, at("12:00:00"), |_| false), None);
    }

    #[test]
    fn what_a_duty_of_an_agency_hangs_on_is_never_switched_off() {
        for event in Event::ALL.iter().copied() {
            assert!(ways(event, Side::Platform).contains(&Way::Never), "{event}");
            let is_locked = matches!(event, Event::NewTransfer | Event::Deadline);
            assert_eq!(ways(event, Side::Agency).contains(&Way::Never), !is_locked, "{event}");
        }
        assert_eq!(ways(Event::Deadline, Side::Agency), [Way::AtOnce]);
    }
}
