//! What was typed for a date, a time, an amount or the numbers of items, said back as the program understands it.

use crate::platform::{
    error::FieldError,
    i18n::{self, Lang},
    money::{self, Qualifier, Reading},
    numbers, time,
};

/// What is said back names no field: it stands below its own.
const NO_FIELD: &str = "";

/// The words for what `text` means as a `date`, a `datetime-local`, an `amount` or `numbers` (how many they are); `None` for
/// other kinds of field and for an empty one, and where it can't be read. `qualifier`: the word chosen beside an amount, which its own words outweigh.
pub fn told(lang: Lang, kind: &str, text: &str, qualifier: &str) -> Option<String> {
    read(lang, kind, text, qualifier).and_then(Result::ok)
}

/// As [`told`], or else why it can't be read, in words.
pub fn read(lang: Lang, kind: &str, text: &str, qualifier: &str) -> Option<Result<String, String>> {
    if text.trim().is_empty() {
        return None;
    }
    let fault = |fault: FieldError| i18n::t_with(lang, fault.code, &fault.args);
    Some(match kind {
        "date" => time::parse_date(text)
            .map(|day| time::format_weekday(day, lang))
            .map_err(|error| fault(error.fault(NO_FIELD))),
        // Read in any zone it is written the same.
        "datetime-local" => time::parse_instant(text, time::Tz::UTC)
            .map(|at| time::format_instant(at, time::Tz::UTC, lang))
            .map_err(|error| fault(error.time_fault(NO_FIELD))),
        "amount" => match Reading::parse(text) {
            _ if text.trim().starts_with(['-', '−', '－']) => Err(i18n::t(lang, "error-not-negative")),
            Ok(read) if read.fen.0 > money::MOST_FEN => Err(i18n::t(lang, "error-money-too-large")),
            Ok(read) => {
                let qualifier = read.qualifier.or_else(|| Qualifier::parse(qualifier));
                Ok(money::in_words(read.fen, qualifier.unwrap_or_default(), lang))
            }
            Err(error) => Err(i18n::t(lang, error.key())),
        },
        "numbers" => numbers::parse_numbers(text)
            .map(|found| i18n::t_count(lang, "numbers-read", found.len() as u64))
            .ok_or_else(|| i18n::t(lang, "error-dossier-numbers")),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_said_back_in_words() {
        let told = |kind, text| told(Lang::Zh, kind, text, "");
        assert_eq!(told("date", "5 March 2016").as_deref(), Some("2016年3月5日 星期六"));
        assert_eq!(told("amount", "约3,000 万").as_deref(), Some("约 30,000,000.00 元（三千万元）"));
        assert_eq!(told("datetime-local", "2016年3月5日 14:05").as_deref(), Some("2016年3月5日 14:05"));
        assert_eq!((told("date", "soon"), told("date", " "), told("text", "2016-03-05")), (None, None, None));
        assert_eq!(told("numbers", "3, 5-7").as_deref(), Some("4 项"));
        let about = super::told(Lang::En, "amount", "30,000,000", "about");
        assert_eq!(about.as_deref(), Some("about CNY 30,000,000.00 (CNY 30.0 million)"));
        let why = |text| read(Lang::Zh, "amount", text, "").unwrap().unwrap_err();
        assert_eq!(why("9999999999999999"), i18n::t(Lang::Zh, "error-money-too-large"));
        assert_eq!(why("-5"), i18n::t(Lang::Zh, "error-not-negative"));
        assert_eq!(why("近亿元"), i18n::t(Lang::Zh, "error-money-no-figure"));
        let why = read(Lang::En, "date", "05/03/2016", "").unwrap().unwrap_err();
        assert!(why.contains("2016-03-05") && why.contains("2016-05-03"), "{why}");
    }
}
