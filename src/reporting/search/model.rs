//! What somebody typed into the search box, and the numbers that it may stand for. Pure.

use unicode_normalization::UnicodeNormalization;

use crate::{casework::lead::model as lead, platform::words::words};

words!(
    /// What is found, in the order in which it is shown.
    Kind {
        Lead = "lead",
        Transfer = "transfer",
        Dossier = "dossier",
        Case = "case",
        Agency = "agency",
        Subject = "subject",
        Operation = "operation",
    }
);

/// The longest text that is looked for, in characters.
pub const LONGEST: usize = 100;
/// The first year that a number is tried with where only its end was typed.
const FIRST_YEAR: i32 = 2000;

/// What was typed, and what it may be the number of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sought {
    /// As it was typed, without blanks round it.
    pub text: String,
    /// The same in full letters and capitals, as codes are written.
    pub code: String,
    /// Whole numbers of leads that it may stand for.
    pub leads: Vec<String>,
    /// Whole numbers of transfers that it may stand for.
    pub transfers: Vec<String>,
    /// Keys of the newest leads that hold what was typed; the store fills them in.
    pub keys: Vec<i64>,
}

impl Sought {
    /// Reads what was typed; numbers of which only the end stands there are tried up to `this_year`.
    pub fn read(typed: &str, this_year: i32) -> Self {
        let text: String = typed.replace('\0', "").trim().chars().take(LONGEST).collect();
        let code: String = text.nfkc().flat_map(char::to_uppercase).collect();
        let (mut leads, mut transfers) = (vec![code.clone()], vec![code.clone()]);
        let (is_lead, is_transfer, rest) = match (code.strip_prefix("XS"), code.strip_prefix("YS")) {
            (Some(rest), _) => (true, false, rest),
            (_, Some(rest)) => (false, true, rest),
            _ => (true, true, code.as_str()),
        };
        for (year, n) in numbers(rest, this_year) {
            if is_lead {
                leads.push(lead::number(year, n));
            }
            if is_transfer {
                transfers.push(format!("YS-{year}-{n:04}"));
            }
        }
        Self { text, code, leads, transfers, keys: Vec::new() }
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// A dossier's folder as it is written: `XS-2016-001184-v2-PS-ECD-440100`.
    pub fn folder(&self) -> String {
        self.code.replacen("-V", "-v", 1)
    }
}

fn pair(year: &str, n: &str) -> Option<(i32, i64)> {
    Some((year.parse().ok()?, n.parse().ok()?))
}

/// The years and running numbers that digits can stand for: both, with or without a mark between them, or the end alone,
/// of any year. What is a year by itself is no number.
fn numbers(text: &str, this_year: i32) -> Vec<(i32, i64)> {
    let is_mark = |c: char| matches!(c, '-' | '/' | '.' | ' ' | '–' | '—' | '第' | '号');
    if text.chars().any(|c| !c.is_ascii_digit() && !is_mark(c)) {
        return Vec::new();
    }
    let parts: Vec<&str> = text.split(is_mark).filter(|part| !part.is_empty()).collect();
    let found = match parts.as_slice() {
        [year, n] if year.len() == 4 && n.len() <= 9 => pair(year, n),
        [both] if matches!(both.len(), 8 | 10) => {
            let (year, n) = both.split_at(4);
            pair(year, n)
        }
        _ => None,
    };
    let is_year = |n: i64| (i64::from(FIRST_YEAR)..=i64::from(this_year) + 1).contains(&n);
    match (found, parts.as_slice()) {
        (Some((_, n)), _) if n < 1 => Vec::new(),
        (Some(both), _) => vec![both],
        (None, [n]) if n.len() <= 6 => {
            let n: i64 = n.parse().unwrap_or_default();
            if n < 1 || is_year(n) { Vec::new() } else { (FIRST_YEAR..=this_year).map(|y| (y, n)).collect() }
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn leads(typed: &str) -> Vec<String> {
        Sought::read(typed, 2016).leads
    }

    #[test]
    fn a_number_is_known_however_it_is_written() {
        for typed in [
            "XS-2016-001184",
            " xs-2016-1184 ",
            "ＸＳ－２０１６－００１１８４",
            "2016-1184",
            "2016/1184",
            "2016001184",
        ] {
            assert!(leads(typed).contains(&"XS-2016-001184".to_owned()), "{typed}: {:?}", leads(typed));
        }
        let sought = Sought::read("YS-2016-0001", 2016);
        assert!(sought.transfers.contains(&"YS-2016-0001".to_owned()));
        assert_eq!(sought.leads, ["YS-2016-0001"], "no lead is called so");
        assert_eq!(Sought::read("xs-2016-000007-V2-gz-ecd", 2016).folder(), "XS-2016-000007-v2-GZ-ECD");
    }

    #[test]
    fn the_end_of_a_number_stands_for_any_year_and_a_year_for_none() {
        assert!(leads("1184").contains(&"XS-2012-001184".to_owned()));
        assert!(leads("1184").contains(&"XS-2016-001184".to_owned()));
        assert_eq!(leads("2016"), ["2016"]);
        assert_eq!(leads("0"), ["0"]);
        assert_eq!(leads("假冒手表"), ["假冒手表"]);
        assert_eq!(leads("穗公(经)立字〔2016〕12号").len(), 1);
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_read(typed in ".{0,120}") {
            let sought = Sought::read(&typed, 2026);
            prop_assert!(sought.text.chars().count() <= LONGEST);
            prop_assert!(sought.leads.len() < 100 && sought.transfers.len() < 100);
        }

        #[test]
        fn every_number_is_found_by_its_parts(year in 2000..2027i32, n in 1..999_999i64) {
            let number = lead::number(year, n);
            let short = format!("{year}-{n}");
            prop_assert!(Sought::read(&short, 2027).leads.contains(&number));
            prop_assert!(Sought::read(&number.to_lowercase(), 2027).leads.contains(&number));
        }
    }
}
