//! Numbers that bear a check character: of persons' identity cards (GB 11643-1999, with the cards of residents from abroad,
//! which are made alike, and the older ones of 15 digits) and of companies (GB 32100-2015, checked as GB/T 17710 says). Pure.
//!
//! Only what looks like such a number is held to its rule: a passport's, one of which a part is hidden, and words are none.

use chrono::{Datelike, NaiveDate};
use unicode_normalization::UnicodeNormalization;

/// The first two digits: the provinces as GB/T 2260 has and had them, and 83 of residence permits for people of Taiwan.
const PROVINCES: [u32; 36] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54,
    61, 62, 63, 64, 65, 71, 81, 82, 83, 91,
];

/// Nobody of whom anything is still recorded was born before that year.
const EARLIEST: i32 = 1850;

/// The weights of the 17 digits before the check character: powers of 2, modulo 11.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// The check characters of an identity card's number, by the remainder of the weighted sum.
const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];

/// What a credit code is written in: figures and letters, without those that are taken for others.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// What is wrong with a person's number, as a message key; `None`: it may be real, or is no number of an identity card.
/// `today`: nobody is born later.
pub fn fault_of_person(text: &str, today: NaiveDate) -> Option<&'static str> {
    let number = plain(text);
    let (body, check) = match number.len() {
        18 if number.is_ascii() => number.split_at(17),
        15 => (&*number, ""),
        _ => return None,
    };
    let digits: Vec<u32> = body.chars().map_while(|c| c.to_digit(10)).collect();
    let is_check = |c: char| c.is_ascii_digit() || c == 'X';
    if digits.len() != body.len() || !check.chars().all(is_check) {
        return None;
    }
    if !is_from_a_province(&digits) {
        return Some("error-id-number-region");
    }
    if !is_of_a_day(&digits, today) {
        return Some("error-id-number-birthday");
    }
    let is_right = check.is_empty() || check.starts_with(check_of_person(&digits));
    (!is_right).then_some("error-id-number-check")
}

/// What is wrong with a company's number, as a message key; `None`: it may be real, or is no unified social credit code.
/// `today`: as [`fault_of_person`] takes it.
pub fn fault_of_company(text: &str, today: NaiveDate) -> Option<&'static str> {
    let code = plain(text);
    // Two characters of the register, and six figures of the region: what is built otherwise is another register's.
    let is_code = code.len() == 18
        && code.bytes().all(|c| c.is_ascii_alphanumeric())
        && code.bytes().skip(2).take(6).all(|c| c.is_ascii_digit());
    // A one-man business was known by the number of whoever runs it.
    if !is_code || is_persons(&code) && fault_of_person(&code, today).is_none() {
        return None;
    }
    let values: Option<Vec<usize>> = code.chars().map(|c| ALPHABET.find(c)).collect();
    let is_right = values.is_some_and(|values| check_of_company(&values[..17]) == values[17]);
    (!is_right).then_some("error-credit-code-check")
}

/// Whether 18 characters are such as the number of a person has.
fn is_persons(code: &str) -> bool {
    code.bytes().take(17).all(|c| c.is_ascii_digit())
        && code.ends_with(|c: char| c.is_ascii_digit() || c == 'X')
}

/// Without what people part its groups with, in capitals.
fn plain(text: &str) -> String {
    let is_written = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '‐' | '‑' | '–' | '—' | '\u{200b}');
    text.nfkc().filter(is_written).map(|c| c.to_ascii_uppercase()).collect()
}

fn is_from_a_province(digits: &[u32]) -> bool {
    // On the cards of residents from abroad the region stands behind a 9, and their country behind it.
    let is_foreign = digits.len() == 17 && digits[0] == 9;
    let is_province = |at: usize| PROVINCES.contains(&(digits[at] * 10 + digits[at + 1]));
    is_province(0) || is_foreign && is_province(1)
}

fn is_of_a_day(digits: &[u32], today: NaiveDate) -> bool {
    let number = |from: usize, to: usize| digits[from..to].iter().fold(0, |n, digit| n * 10 + digit);
    let is_day = |year: u32, at: usize| {
        let year = i32::try_from(year).unwrap_or(0);
        let day = NaiveDate::from_ymd_opt(year, number(at, at + 2), number(at + 2, at + 4));
        day.is_some_and(|day| day.year() >= EARLIEST && day <= today)
    };
    if digits.len() == 17 {
        return is_day(number(6, 10), 10);
    }
    // The old numbers say no century, and a day of the one is a day of the other.
    is_day(1900 + number(6, 8), 8)
}

fn check_of_person(digits: &[u32]) -> char {
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    CHECKS[(sum % 11) as usize]
}

/// The value of the last character, by those of the 17 before it.
fn check_of_company(values: &[usize]) -> usize {
    let weights = std::iter::successors(Some(1_usize), |weight| Some(weight * 3 % 31));
    let sum: usize = values.iter().zip(weights).map(|(value, weight)| value * weight).sum();
    (31 - sum % 31) % 31
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::platform::i18n::{self, Lang};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn person(text: &str) -> Option<&'static str> {
        fault_of_person(text, day("2026-01-01"))
    }

    fn company(text: &str) -> Option<&'static str> {
        fault_of_company(text, day("2026-01-01"))
    }

    fn with_check(body: &str) -> String {
        let digits: Vec<u32> = body.chars().filter_map(|c| c.to_digit(10)).collect();
        format!("{body}{}", check_of_person(&digits))
    }

    #[test]
    fn the_examples_of_the_standards_are_right() {
        for right in
            ["11010519491231002X", "11010519491231002x", "１１０１０５-19491231 002X", "440524188001010014"]
        {
            assert_eq!(person(right), None, "{right}");
        }
        assert_eq!(company("91350100M000100Y43"), None);
        assert_eq!(company("91350100 m000100y43"), None);
    }

    #[test]
    fn what_can_not_be_is_told_by_what_it_is() {
        for (wrong, fault) in [
            ("110105194912310021", "error-id-number-check"),
            ("11010519490231002X", "error-id-number-birthday"),
            ("110105202612310029", "error-id-number-birthday"),
            ("110105149212310029", "error-id-number-birthday"),
            ("99999919491231002X", "error-id-number-region"),
            ("440100991301011", "error-id-number-birthday"),
            ("000000900101001", "error-id-number-region"),
        ] {
            assert_eq!(person(wrong), Some(fault), "{wrong}");
        }
        for wrong in ["91350100M000100Y44", "91350100MO00100Y43"] {
            assert_eq!(company(wrong), Some("error-credit-code-check"), "{wrong}");
        }
        for key in [
            "error-id-number-check",
            "error-id-number-birthday",
            "error-id-number-region",
            "error-credit-code-check",
        ] {
            assert!(Lang::ALL.into_iter().all(|lang| i18n::has(lang, key)), "{key}");
        }
    }

    #[test]
    fn other_papers_and_what_is_known_in_part_are_let_alone() {
        for free in [
            "",
            "E12345678",
            "护照 110105194912310021",
            "440100********1234",
            "44010019900101",
            "1101051949123100XX",
            "ABC440190010112",
            "4401001990010100111",
        ] {
            assert_eq!(person(free), None, "{free}");
        }
        for free in ["", "440101000012345", "MA5ABCDE1", "ABCDEFGHIJKLMNOPQR", "某公司 91350100M000100Y44"]
        {
            assert_eq!(company(free), None, "{free}");
        }
        // The old numbers, of somebody over a hundred too, and a resident from abroad.
        for right in ["440100900101001", "440100900101996", &*with_check("94415619800101001")] {
            assert_eq!(person(right), None, "{right}");
        }
        // A one-man business under the number of its owner.
        assert_eq!(company("11010519491231002X"), None);
    }

    proptest! {
        /// Of all check characters one is right, and whoever mistypes a digit is told.
        #[test]
        fn a_number_with_one_wrong_digit_is_no_number(
            (province, area, born, order) in (0..36usize, 0..10_000u32, 0..27_000u64, 0..1_000u32),
            (at, other) in (0..18usize, 0..11usize),
        ) {
            let born = day("1951-01-01") + chrono::Days::new(born);
            let number =
                with_check(&format!("{}{area:04}{}{order:03}", PROVINCES[province], born.format("%Y%m%d")));
            prop_assert_eq!(person(&number), None);
            let mut wrong: Vec<char> = number.chars().collect();
            // An X stands at the end alone: elsewhere it makes another kind of number.
            wrong[at] = if at == 17 { CHECKS[other] } else { char::from(b'0' + (other % 10) as u8) };
            let wrong: String = wrong.into_iter().collect();
            prop_assert_eq!(person(&wrong).is_none(), wrong == number, "{}", wrong);
        }

        /// As of persons: one character typed as another is told.
        #[test]
        fn a_credit_code_with_one_wrong_character_is_none(
            (region, body) in ("[1-6][0-9]{5}", "[0-9A-HJ-NPQRTUWXY]{9}"),
            (at, other) in (8..18usize, 0..31usize),
        ) {
            let code = format!("91{region}{body}");
            let values: Vec<usize> = code.chars().filter_map(|c| ALPHABET.find(c)).collect();
            let letter = |value: usize| char::from(ALPHABET.as_bytes()[value]);
            let code = format!("{code}{}", letter(check_of_company(&values)));
            prop_assert_eq!(company(&code), None);
            let mut wrong: Vec<char> = code.chars().collect();
            wrong[at] = letter(other);
            let wrong: String = wrong.into_iter().collect();
            // By chance it may be the number of a person, who may run a business.
            prop_assume!(!is_persons(&wrong) || person(&wrong).is_some());
            prop_assert_eq!(company(&wrong).is_none(), wrong == code, "{}", wrong);
        }
    }
}
