//! Numbers of a list's items, as people write them in one field: `3, 5-7`.

use std::collections::BTreeSet;

/// More numbers than this are not read from one text: a few letters can mean thousands.
const MOST: usize = 50_000;

/// Reads item numbers as people write them: `3, 5-7` or `3、5～7`. `None` when it can't be read, a span runs backwards, or
/// they are far more than a lead has items.
pub fn parse_numbers(text: &str) -> Option<BTreeSet<i32>> {
    let mut numbers = BTreeSet::new();
    let parts = text.split(|ch: char| ch.is_whitespace() || matches!(ch, ',' | '，' | '、' | ';' | '；'));
    for part in parts.filter(|part| !part.is_empty()) {
        let (from, to) = part.split_once(['-', '–', '～', '~', '至']).unwrap_or((part, part));
        let (from, to): (i32, i32) = (from.parse().ok()?, to.parse().ok()?);
        if from < 1 || to < from || to - from > 10_000 {
            return None;
        }
        numbers.extend(from..=to);
        if numbers.len() > MOST {
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

    proptest::proptest! {
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
