//! A span of days, of which either end may be open.

use chrono::NaiveDate;

use crate::platform::i18n::{Lang, t_with};

/// `2016-05-01 – 2016-05-31`, `2016-05-01起`, `2016-05-31止`: each day as `day` writes it; one day alone where both are the
/// same, nothing where both ends are open.
pub fn span(
    (from, to): (Option<NaiveDate>, Option<NaiveDate>),
    lang: Lang,
    day: impl Fn(NaiveDate) -> String,
) -> String {
    match (from, to) {
        (Some(from), Some(to)) if from == to => day(from),
        (Some(from), Some(to)) => format!("{} – {}", day(from), day(to)),
        (Some(from), None) => t_with(lang, "time-since", &[("day", day(from))]),
        (None, Some(to)) => t_with(lang, "time-until", &[("day", day(to))]),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::time::format_date;

    #[test]
    fn an_open_end_is_said_in_words() {
        let said = |from: Option<&str>, to: Option<&str>, lang| {
            let read = |day: &str| day.parse().unwrap();
            span((from.map(read), to.map(read)), lang, |day| format_date(day, lang))
        };
        let (first, last) = (Some("2026-03-05"), Some("2026-03-09"));
        assert_eq!(said(first, last, Lang::Zh), "2026年3月5日 – 2026年3月9日");
        assert_eq!(said(first, None, Lang::Zh), "2026年3月5日起");
        assert_eq!(said(None, last, Lang::Zh), "2026年3月9日止");
        assert_eq!(said(first, None, Lang::En), "since 5 Mar 2026");
        assert_eq!(said(None, last, Lang::En), "until 9 Mar 2026");
        assert_eq!(said(first, first, Lang::En), "5 Mar 2026");
        assert_eq!(said(None, None, Lang::Zh), "");
    }
}
