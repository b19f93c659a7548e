use std::{fs, path::Path};

use proptest::prelude::*;

use super::*;
use crate::platform::i18n;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn instant(text: &str) -> Instant {
    Instant::try_from(text.to_owned()).unwrap()
}

#[test]
fn a_day_belongs_to_the_zone() {
    let late = instant("2016-12-31T16:30:00Z");
    assert_eq!(day_of(late, DEFAULT_ZONE), day("2017-01-01"));
    assert_eq!(year_of(late, DEFAULT_ZONE), 2017);
    assert_eq!(year_of(late, Tz::UTC), 2016);
    assert_eq!(year_bounds(2016, DEFAULT_ZONE).0, instant("2015-12-31T16:00:00Z"));
    assert_eq!(end_of_day(day("2016-12-09"), DEFAULT_ZONE), instant("2016-12-09T15:59:59.999999Z"));
}

#[test]
fn days_without_a_midnight_and_hours_that_come_twice_are_survived() {
    // Lebanon puts its clocks forward at midnight.
    let beirut = zone("Asia/Beirut").unwrap();
    assert_eq!(start_of_day(day("2016-03-27"), beirut), instant("2016-03-26T22:00:00Z"));
    let berlin = zone("Europe/Berlin").unwrap();
    let twice = day("2016-10-30").and_hms_opt(2, 30, 0).unwrap();
    assert_eq!(local(twice, berlin), instant("2016-10-30T01:30:00Z"));
    assert!(zone("Mars/Olympus").is_none());
}

#[test]
fn dates_and_instants_are_written_in_both_languages() {
    let time = instant("2016-12-09T06:05:03Z");
    assert_eq!(format_instant(time, DEFAULT_ZONE, Lang::Zh), "2016年12月9日 14:05");
    assert_eq!(format_instant(time, DEFAULT_ZONE, Lang::En), "9 Dec 2016, 14:05");
    assert_eq!(format_exact(time, DEFAULT_ZONE), "2016-12-09 14:05:03 +08:00");
    assert_eq!(format_month(day("2016-12-09"), Lang::Zh), "2016年12月");
    assert_eq!(format_length(3 * 86_400 + 5, Lang::Zh), "3 天");
    assert_eq!(format_length(-7_200, Lang::En), "2 h");
}

#[test]
fn dates_are_read_as_people_write_them() {
    let all = [
        "2016-12-09",
        "2016/12/9",
        "2016.12.9",
        "20161209",
        "2016年12月9日",
        "２０１６年１２月９日",
        "2016年12月9号",
        "9 Dec 2016",
        "9 December 2016",
        "December 9, 2016",
        "Dec 9th 2016",
        "2016 Dec 9",
        " 9-Dec-2016 ",
    ];
    for text in all {
        assert_eq!(parse_date(text), Ok(day("2016-12-09")), "{text}");
    }
    assert_eq!(parse_date("25/12/2016"), Ok(day("2016-12-25")));
    assert_eq!(parse_date("12/25/2016"), Ok(day("2016-12-25")));
    assert_eq!(parse_date("09/09/2016"), Ok(day("2016-09-09")));
}

#[test]
fn a_date_that_could_be_two_names_both_to_choose_from() {
    let fault = parse_date("05/03/2016").unwrap_err().fault("day");
    let arg = |name: &str| fault.args.iter().find(|(known, _)| *known == name).map(|(_, text)| text.as_str());
    assert_eq!((arg("one"), arg("other")), (Some("2016-03-05"), Some("2016-05-03")));
    assert_eq!(arg("picks"), Some("2016-03-05\t2016-03-05\n2016-05-03\t2016-05-03"));
    assert_eq!(format_weekday(day("2016-03-05"), Lang::En), "Sat 5 Mar 2016");
}

#[test]
fn a_date_that_could_be_two_is_refused() {
    assert_eq!(parse_date("09/12/2016"), Err(DateError::Ambiguous(day("2016-12-09"), day("2016-09-12"))));
    assert_eq!(parse_date(""), Err(DateError::Empty));
    for text in ["2016-002-30", "2016-13-111", "9/12/16", "soon", "2016-12", "99999999"] {
        assert_eq!(parse_date(text), Err(DateError::Unreadable), "{text}");
    }
    for text in ["0016-12-09", "1800-01-01", "29990101", "1 Jan 2999", "25/12/2999", "2201年1月1日"] {
        assert_eq!(parse_date(text), Err(DateError::OutOfRange), "{text}");
    }
    for text in ["3月5日", "三月五日", "5 March", "Mar 5th"] {
        assert_eq!(parse_date(text), Err(DateError::NoYear), "{text}");
    }
    assert_eq!(parse_date("2016年3月"), Err(DateError::Unreadable));
    let ambiguous = DateError::Ambiguous(day("2016-12-09"), day("2016-09-12"));
    for lang in Lang::ALL {
        for error in [DateError::Empty, DateError::Unreadable, DateError::NoYear, DateError::OutOfRange] {
            assert!(i18n::has(lang, error.key()));
        }
        let said = i18n::t_with(
            lang,
            ambiguous.key(),
            &[("one", "the ninth".to_owned()), ("other", "the twelfth".to_owned())],
        );
        assert!(said.contains("the ninth") && said.contains("the twelfth"), "{said}");
    }
}

#[test]
fn instants_are_read_in_the_zone_unless_they_say_their_own() {
    let read = |text| parse_instant(text, DEFAULT_ZONE);
    assert_eq!(read("2016-12-09T14:05"), Ok(instant("2016-12-09T06:05:00Z")));
    assert_eq!(read("2016-12-09 14:05:03"), Ok(instant("2016-12-09T06:05:03Z")));
    assert_eq!(read("2016-12-09T14:05:00+09:00"), Ok(instant("2016-12-09T05:05:00Z")));
    assert_eq!(read("2016年12月9日"), Ok(instant("2016-12-08T16:00:00Z")));
    for text in [
        "2016年12月9日 14:05",
        "2016年12月9日14时5分",
        "14:05, 9 Dec 2016",
        "9 December 2016 14:05:00",
        "２０１６－１２－０９　１４：０５",
        "2016/12/9 14:05",
    ] {
        assert_eq!(read(text), Ok(instant("2016-12-09T06:05:00Z")), "{text}");
    }
    // By half a clock, as the program itself writes it and as people do.
    for text in [
        "2016-12-09 2:05pm",
        "2016-12-09 2:05 PM",
        "9 Dec 2016, 2:05 p.m.",
        "2016年12月9日 下午2:05",
        "2016年12月9日下午2时5分",
        "2016-12-09 下午 02:05",
        "2016-12-09 下午14:05",
    ] {
        assert_eq!(read(text), Ok(instant("2016-12-09T06:05:00Z")), "{text}");
    }
    assert_eq!(read("2016年12月9日 上午9:05"), Ok(instant("2016-12-09T01:05:00Z")));
    assert_eq!(read("2016-12-09 12:05 am"), Ok(instant("2016-12-08T16:05:00Z")));
    assert_eq!(read("2016-12-09 12:05 pm"), Ok(instant("2016-12-09T04:05:00Z")));
    assert_eq!(read("2016年12月9日8点"), Ok(instant("2016-12-09T00:00:00Z")));
    for text in [
        "2016-12-09 24:05",
        "2016-12-09 14:30 am",
        "2016-12-09 2:30 pmx",
        "下午2:30",
        "14:05",
        "2016-12-09 1:2:3:4",
    ] {
        assert!(read(text).is_err(), "{text}");
    }
    assert_eq!(read("later"), Err(DateError::Unreadable));
    for text in ["2999-01-01", "1800-01-01T09:30", "2999-01-01T00:00:00Z"] {
        assert_eq!(read(text), Err(DateError::OutOfRange), "{text}");
    }
}

#[test]
fn a_day_or_a_time_that_there_is_not_is_told_as_such() {
    for text in [
        "2016-02-30",
        "2015-02-29",
        "2016-13-01",
        "2016-00-10",
        "20160431",
        "2016年2月30日",
        "二〇一六年二月三十日",
        "30 Feb 2016",
        "February 30, 2016",
        "31/04/2016",
        "2016-04-31",
    ] {
        assert_eq!(parse_date(text), Err(DateError::NoSuchDay), "{text}");
        assert_eq!(parse_instant(text, DEFAULT_ZONE), Err(DateError::NoSuchDay), "{text}");
        assert_eq!(parse_as_at(text, DEFAULT_ZONE), Err(DateError::NoSuchDay), "{text}");
    }
    assert_eq!(parse_date("2016-02-29"), Ok(day("2016-02-29")));
    for text in [
        "2016-02-30T10:00",
        "2016-02-30 10:00",
        "2016-02-30T10:00:00Z",
        "2016-02-30T10:00:00+08:00",
        "2016年2月30日 下午2:05",
        "2016-02-30 25:00",
    ] {
        assert_eq!(parse_instant(text, DEFAULT_ZONE), Err(DateError::NoSuchDay), "{text}");
    }
    for text in [
        "2016-02-10T25:00",
        "2016-02-10 24:00",
        "2016-02-10 10:60",
        "2016-02-10T25:00:00Z",
        "2016年2月10日 25:00",
        "2016年2月10日 25时5分",
        "2016-02-10 14:30 am",
    ] {
        assert_eq!(parse_instant(text, DEFAULT_ZONE), Err(DateError::NoSuchTime), "{text}");
    }
    for (error, key) in
        [(DateError::NoSuchDay, "error-date-none"), (DateError::NoSuchTime, "error-time-none")]
    {
        assert_eq!((error.fault("at").code, error.time_fault("at").code), (key, key));
        assert!(Lang::ALL.into_iter().all(|lang| i18n::has(lang, key)));
    }
}

#[test]
fn a_fixed_clock_moves_when_told() {
    let clock = FixedClock::at(instant("2016-12-09T00:00:00Z"));
    clock.advance(60);
    assert_eq!(clock.now(), instant("2016-12-09T00:01:00Z"));
    clock.set(instant("2017-01-01T00:00:00Z"));
    assert_eq!(clock.now(), instant("2017-01-01T00:00:00Z"));
    assert!(SystemClock.now() > instant("2024-01-01T00:00:00Z"));
}

proptest! {
    #[test]
    fn every_written_date_is_read_back(offset in 0_u64..80_000) {
        let date = day("1960-01-01") + Days::new(offset);
        for lang in Lang::ALL {
            prop_assert_eq!(parse_date(&format_date(date, lang)), Ok(date));
        }
        prop_assert_eq!(parse_date(&date.to_string()), Ok(date));
        prop_assert_eq!(day_of(end_of_day(date, DEFAULT_ZONE), DEFAULT_ZONE), date);
        prop_assert_eq!(day_of(start_of_day(date, DEFAULT_ZONE), DEFAULT_ZONE), date);
    }

    #[test]
    fn reading_never_panics(text in "\\PC{0,16}") {
        let _ = parse_date(&text);
        let _ = parse_instant(&text, DEFAULT_ZONE);
    }
}

#[test]
fn a_day_as_at_which_something_is_asked_is_its_end() {
    let read = |text: &str| parse_as_at(text, DEFAULT_ZONE).map(|at| at.to_string());
    assert_eq!(read("2016-12-31").as_deref(), Ok("2016-12-31T15:59:59.999999Z"));
    assert_eq!(read("2016年12月31日").as_deref(), Ok("2016-12-31T15:59:59.999999Z"));
    assert_eq!(read("2016-12-31 18:00").as_deref(), Ok("2016-12-31T10:00:00Z"));
    assert_eq!(read("2016-12-31T18:00:00Z").as_deref(), Ok("2016-12-31T18:00:00Z"));
    assert!(read("bald").is_err());
}

/// Templates of a folder and of those in it, with their names.
fn templates(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(templates(&path));
        } else {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

#[test]
fn every_time_on_a_page_says_itself_to_machines_too() {
    for (name, template) in templates(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates")) {
        for tag in template.split("<time").skip(1) {
            let tag = tag.split('>').next().unwrap_or_default();
            assert!(tag.contains("datetime="), "{name}: <time{tag}>");
        }
    }
}
