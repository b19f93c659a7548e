//! Numbers of a list's items or of a paper's pages, as people write them in one field: `3, 5-7`.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

/// More numbers than this are not read from one text: a few letters can mean thousands.
const MOST: u32 = 50_000;
/// Digits of a number at most.
const DIGITS: usize = 9;

/// Why numbers can't be read, with the part that can't, as it was typed but for its width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is no number from 1, and no span of two of them.
    NoNumber(String),
    /// A span that ends before it begins.
    Backwards(String),
}

fn is_dash(sign: char) -> bool {
    matches!(sign, '-' | '‐' | '–' | '—' | '−' | '~' | '〜' | '至' | '到')
}

fn number(text: &str) -> Option<u32> {
    let is_read = (1..=DIGITS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|n| is_read && *n > 0)
}

/// Reads numbers from 1 as people write them, as spans of which none touches another, in their order: `1,3,5-8`, `１、３－５`,
/// `1 - 70`. None of an empty text.
///
/// # Errors
/// The first part that can't be read.
pub fn parse_spans(text: &str) -> Result<Vec<(u32, u32)>, Unread> {
    // Of full width are digits, commas, and some of the dashes.
    let text: String = text.nfkc().collect();
    // Blanks around a dash part nothing.
    let text = text.split(is_dash).map(str::trim).collect::<Vec<_>>().join("-");
    let mut spans = Vec::new();
    let parts = text.split(|sign: char| sign.is_whitespace() || matches!(sign, ',' | '、' | ';'));
    for part in parts.filter(|part| !part.is_empty()) {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let (Some(from), Some(to)) = (number(from), number(to)) else {
            return Err(Unread::NoNumber(part.to_owned()));
        };
        if to < from {
            return Err(Unread::Backwards(part.to_owned()));
        }
        spans.push((from, to));
    }
    spans.sort_unstable();
    let mut joined: Vec<(u32, u32)> = Vec::new();
    for (from, to) in spans {
        match joined.last_mut() {
            Some((_, last)) if from <= *last + 1 => *last = to.max(*last),
            _ => joined.push((from, to)),
        }
    }
    Ok(joined)
}

/// A span as [`parse_spans`] reads it: `5`, `5-8`.
pub fn format_span((from, to): (u32, u32)) -> String {
    if from == to { from.to_string() } else { format!("{from}-{to}") }
}

/// Reads item numbers as people write them: `3, 5-7` or `3、5～7`. `None` when it can't be read, a span runs backwards, or
/// they are far more than a lead has items.
pub fn parse_numbers(text: &str) -> Option<BTreeSet<i32>> {
    let mut numbers = BTreeSet::new();
    for (from, to) in parse_spans(text).ok()? {
        if to - from >= MOST {
            return None;
        }
        numbers.extend((from..=to).filter_map(|n| i32::try_from(n).ok()));
        if numbers.len() > MOST as usize {
            return None;
        }
    }
    Some(numbers)
}

/// Item numbers as [`parse_numbers`] reads them, runs as ranges: `1、3-5`.
pub fn format_numbers(numbers: &BTreeSet<i32>) -> String {
    let mut runs: Vec<(i32, i32)> = Vec::new();
    for &n in numbers {
        match runs.last_mut() {
            Some((_, to)) if *to + 1 == n => *to = n,
            _ => runs.push((n, n)),
        }
    }
    let run = |(from, to): (i32, i32)| if from == to { from.to_string() } else { format!("{from}-{to}") };
    runs.into_iter().map(run).collect::<Vec<_>>().join("、")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let read = |text| parse_numbers(text).map(|set| set.into_iter().collect::<Vec<_>>());
        assert_eq!(read("3, 5-7"), Some(vec![3, 5, 6, 7]));
        assert_eq!(read("3、5～7；9"), Some(vec![3, 5, 6, 7, 9]));
        assert_eq!(read(""), Some(vec![]));
        assert_eq!(read("7-5"), None);
        assert_eq!(read("x"), None);
        assert_eq!(read("1-99999999"), None);
        let spans: Vec<String> = (0..9).map(|n| format!("{}-{}", n * 10_000 + 1, (n + 1) * 10_000)).collect();
        assert_eq!(parse_numbers(&spans[..5].join(",")).map(|all| all.len()), Some(50_000));
        assert_eq!(parse_numbers(&spans.join(",")), None);
    }

    #[test]
    fn spans_are_read_in_either_width_and_what_is_wrong_is_named() {
        for (text, read) in [
            ("1-70", vec![(1, 70)]),
            ("1,3,5-8", vec![(1, 1), (3, 3), (5, 8)]),
            ("１、３，５－８", vec![(1, 1), (3, 3), (5, 8)]),
            (" 1 – 70 ", vec![(1, 70)]),
            ("5—8；3～4 9至10", vec![(3, 10)]),
            ("7,7,6-7", vec![(6, 7)]),
            ("", vec![]),
        ] {
            assert_eq!(parse_spans(text), Ok(read), "{text}");
        }
        for text in ["0", "x", "1-", "-1", "1-2-3", "1.5", "+5", "1234567890", "1-x"] {
            assert_eq!(parse_spans(text), Err(Unread::NoNumber(text.to_owned())), "{text}");
        }
        assert_eq!(parse_spans("1,８－５"), Err(Unread::Backwards("8-5".into())));
        assert_eq!((format_span((3, 3)), format_span((3, 5))), ("3".into(), "3-5".into()));
    }

    proptest::proptest! {
        #[test]
        fn spans_hold_the_numbers_that_were_typed_and_nothing_else(
            typed in proptest::collection::vec((1..3_000u32, 0..40u32), 0..30),
            commas in proptest::collection::vec(proptest::sample::select(vec![",", "，", "、", "; ", " "]), 30),
            dash in proptest::sample::select(vec!["-", "－", "–", "—", "～", " - ", "至"]),
            is_wide in proptest::bool::ANY,
        ) {
            let wide = |n: u32| {
                let digit = |c: char| char::from_u32(c as u32 + 0xFEE0).unwrap_or(c);
                let text = n.to_string();
                if is_wide { text.chars().map(digit).collect() } else { text }
            };
            let mut text = String::new();
            let mut wanted = BTreeSet::new();
            for ((from, more), comma) in typed.iter().zip(&commas) {
                let part = if *more == 0 { wide(*from) } else { [wide(*from), wide(from + more)].join(dash) };
                text.push_str(&part);
                text.push_str(comma);
                wanted.extend(*from..=from + more);
            }
            let spans = parse_spans(&text).expect("spans");
            let read: Vec<u32> = spans.iter().flat_map(|(from, to)| *from..=*to).collect();
            let wanted: Vec<u32> = wanted.into_iter().collect();
            proptest::prop_assert_eq!(&read, &wanted, "{}", text);
            proptest::prop_assert!(spans.windows(2).all(|two| two[0].1 + 1 < two[1].0), "{spans:?}");
            let written: Vec<String> = spans.iter().copied().map(format_span).collect();
            proptest::prop_assert_eq!(parse_spans(&written.join("、")), Ok(spans));
        }

        #[test]
        fn whatever_is_typed_is_read_as_numbers_from_one_or_named(text in "[0-9０-９,，、;~～－–a-c \\-]{0,40}") {
            match parse_spans(&text) {
                Ok(spans) => proptest::prop_assert!(spans.iter().all(|(from, to)| 1 <= *from && from <= to)),
                Err(Unread::NoNumber(part) | Unread::Backwards(part)) => proptest::prop_assert!(!part.is_empty()),
            }
        }

        #[test]
        fn numbers_are_written_as_they_are_read(numbers in proptest::collection::btree_set(1..400i32, 0..60)) {
            proptest::prop_assert_eq!(parse_numbers(&format_numbers(&numbers)), Some(numbers));
        }
    }

    #[test]
    fn runs_of_numbers_are_ranges() {
        assert_eq!(format_numbers(&BTreeSet::from([1, 3, 4, 5, 9])), "1、3-5、9");
    }
}
