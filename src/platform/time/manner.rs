//! How one reader wants days and hours to be written. The choice belongs to the account and is told once, where the
//! account behind a request becomes known; the functions that write a time for a page ask for it here, so that no page
//! can forget it. Outside of a request (jobs, mail, the command line) and in files nobody is asked: there it is the
//! program's own way.

use std::{cell::Cell, future::Future};

use chrono::{NaiveDate, Timelike};
use chrono_tz::Tz;

use super::words_of_day;
use crate::platform::{
    db::Instant,
    i18n::{Lang, t_with},
    words::words,
};

words!(
    /// How a day is written.
    DateStyle {
        /// As the page has it: in words in a sentence, in figures in a table.
        Page = "page",
        /// `2016年3月5日`, `5 Mar 2016`.
        Words = "words",
        /// `2016-03-05`.
        Figures = "figures",
    }
);

words!(
    /// How the hours of a day are counted.
    ClockStyle {
        /// `14:05`.
        Whole = "24",
        /// `下午2:05`, `2:05 pm`.
        Half = "12",
    }
);

/// What one reader chose, with the language that they read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manner {
    pub days: DateStyle,
    pub clock: ClockStyle,
    pub lang: Lang,
}

impl Default for Manner {
    fn default() -> Self {
        Self { days: DateStyle::Page, clock: ClockStyle::Whole, lang: Lang::default() }
    }
}

tokio::task_local! {
    static READER: Cell<Manner>;
}

/// The manner of whoever reads what is written now.
pub(super) fn manner() -> Manner {
    READER.try_with(Cell::get).unwrap_or_default()
}

/// Answers a request: within `answer` the manner of its reader can be told, and is asked for.
pub async fn for_one_reader<F: Future>(answer: F) -> F::Output {
    READER.scope(Cell::new(Manner::default()), answer).await
}

/// Tells who reads from here on. Outside of a request nobody does, and nothing is kept.
pub fn tell(manner: Manner) {
    // No request, no reader.
    let _ = READER.try_with(|reader| reader.set(manner));
}

/// `f`, to be done on another thread for the same reader.
pub fn carried<T>(f: impl FnOnce() -> T) -> impl FnOnce() -> T {
    let known = manner();
    move || READER.sync_scope(Cell::new(known), f)
}

/// `task`, to be done as a task of its own for the same reader.
pub fn carried_on<F: Future>(task: F) -> impl Future<Output = F::Output> {
    READER.scope(Cell::new(manner()), task)
}

/// `f`, in the program's own way whoever reads: for files and papers.
pub fn for_nobody<T>(f: impl FnOnce() -> T) -> T {
    READER.sync_scope(Cell::new(Manner::default()), f)
}

/// `14:05`, `下午2:05`, `2:05 pm`.
pub(super) fn hour(time: &impl Timelike, lang: Lang) -> String {
    let (hour, minute) = (time.hour(), time.minute());
    match manner().clock {
        ClockStyle::Whole => format!("{hour:02}:{minute:02}"),
        ClockStyle::Half => {
            let key = if hour < 12 { "time-before-noon" } else { "time-after-noon" };
            let shown = if hour.is_multiple_of(12) { 12 } else { hour % 12 };
            t_with(lang, key, &[("time", format!("{shown}:{minute:02}"))])
        }
    }
}

/// A day as tables show it: `2016-03-05`, unless the reader wants words.
pub fn table_day(day: NaiveDate) -> String {
    let Manner { days, lang, .. } = manner();
    match days {
        DateStyle::Page | DateStyle::Figures => day.to_string(),
        DateStyle::Words => words_of_day(day, lang),
    }
}

/// An instant as tables show it: `2016-05-04 09:12`, unless the reader wants words or half a clock.
pub fn table_instant(at: Instant, zone: Tz) -> String {
    let time = at.utc().with_timezone(&zone);
    format!("{} {}", table_day(time.date_naive()), hour(&time, manner().lang))
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use super::*;

    fn at(hour: &str) -> Instant {
        Instant::try_from(format!("2016-12-09T{hour}:05:00+08:00")).unwrap()
    }

    #[tokio::test]
    async fn each_reader_has_a_manner_and_nobody_else_sees_it() {
        let figures = Manner { days: DateStyle::Figures, clock: ClockStyle::Half, lang: Lang::Zh };
        let words = Manner { days: DateStyle::Words, clock: ClockStyle::Whole, lang: Lang::En };
        for_one_reader(async {
            tell(figures);
            // Another request comes in between.
            for_one_reader(async {
                assert_eq!(table_instant(at("14"), DEFAULT_ZONE), "2016-12-09 14:05");
                tell(words);
                assert_eq!(table_instant(at("14"), DEFAULT_ZONE), "9 Dec 2016 14:05");
            })
            .await;
            assert_eq!(format_instant(at("14"), DEFAULT_ZONE, Lang::Zh), "2016-12-09 下午2:05");
            assert_eq!(format_date(day_of(at("14"), DEFAULT_ZONE), Lang::Zh), "2016-12-09");
            assert_eq!(
                for_nobody(|| format_instant(at("14"), DEFAULT_ZONE, Lang::Zh)),
                "2016年12月9日 14:05"
            );
            let elsewhere = tokio::task::spawn_blocking(carried(|| table_instant(at("09"), DEFAULT_ZONE)));
            assert_eq!(elsewhere.await.unwrap(), "2016-12-09 上午9:05");
            let alone = tokio::spawn(carried_on(async { table_instant(at("09"), DEFAULT_ZONE) }));
            assert_eq!(alone.await.unwrap(), "2016-12-09 上午9:05");
        })
        .await;
        assert_eq!(table_instant(at("14"), DEFAULT_ZONE), "2016-12-09 14:05");
    }

    #[tokio::test]
    async fn noon_and_midnight_are_twelve() {
        for_one_reader(async {
            tell(Manner { days: DateStyle::Page, clock: ClockStyle::Half, lang: Lang::En });
            let shown = |hour| format_instant(at(hour), DEFAULT_ZONE, Lang::En);
            assert_eq!(shown("00"), "9 Dec 2016, 12:05 am");
            assert_eq!(shown("12"), "9 Dec 2016, 12:05 pm");
            assert_eq!(shown("23"), "9 Dec 2016, 11:05 pm");
        })
        .await;
    }
}
