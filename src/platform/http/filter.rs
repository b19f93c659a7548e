//! What a list is narrowed to, read from its address. A filter that narrows nothing because nobody could read it would
//! pass for an answer: each one that can't be understood is a fault beside its field, and the list is not shown (422).

use std::str::FromStr;

use chrono::NaiveDate;

use super::Form;
use crate::platform::{db::Id, keyset::Edge};

/// Beside what is none of the words that a filter knows.
const UNKNOWN: &str = "error-unknown";
/// Beside what can't be read where no list offers what to choose.
const NOT_UNDERSTOOD: &str = "error-not-understood";
/// Parameters that are typed or stand in a link.
const WITHOUT_LIST: [&str; 5] = ["after", "before", "counted", "log_size", "year"];

impl Form {
    /// What `read` makes of a parameter; a fault where it makes nothing of one that is there.
    pub fn asked<T>(&mut self, name: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let raw = self.raw(name).to_owned();
        if raw.is_empty() {
            return None;
        }
        let found = read(&raw);
        if found.is_none() {
            self.fault(name, if WITHOUT_LIST.contains(&name) { NOT_UNDERSTOOD } else { UNKNOWN });
        }
        found
    }

    /// A word, number or identity.
    pub fn asked_word<T: FromStr>(&mut self, name: &str) -> Option<T> {
        self.asked(name, |raw| raw.parse().ok())
    }

    /// `yes` or `no`.
    pub fn asked_yes_no(&mut self, name: &str) -> Option<bool> {
        self.asked(name, |raw| match raw {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        })
    }

    /// Whether a parameter that knows this one word is there.
    pub fn asked_flag(&mut self, name: &str, word: &str) -> bool {
        self.asked(name, |raw| (raw == word).then_some(())).is_some()
    }

    /// A code as it stands in links: letters, digits, `-` and `_`.
    pub fn asked_code(&mut self, name: &str) -> String {
        let is_code = |ch: char| ch.is_ascii_alphanumeric() || matches!(ch, '-' | '_');
        let code =
            self.asked(name, |raw| (raw.len() <= 30 && raw.chars().all(is_code)).then(|| raw.to_owned()));
        code.unwrap_or_default()
    }

    /// Digits with which a region's code begins.
    pub fn asked_digits(&mut self, name: &str) -> String {
        let is_code = |raw: &str| raw.len() <= 6 && raw.bytes().all(|b| b.is_ascii_digit());
        self.asked(name, |raw| is_code(raw).then(|| raw.to_owned())).unwrap_or_default()
    }

    /// The days `from` and `to`; the second may not be before the first.
    pub fn asked_days(&mut self) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let (from, to) = (self.date("from"), self.date("to"));
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            self.fault("to", "error-date-order");
        }
        (from, to)
    }

    /// Where the page begins: `after` or `before` a row.
    pub fn asked_edge<K>(&mut self, parse: impl Fn(&str) -> Option<K>) -> Edge<K> {
        let (after, before) = (self.asked("after", &parse), self.asked("before", &parse));
        match (after, before) {
            (Some(key), _) => Edge::After(key),
            (None, Some(key)) => Edge::Before(key),
            (None, None) => Edge::Start,
        }
    }

    /// The size of the audit log as at which a list is asked for.
    pub fn asked_log_size(&mut self) -> Option<i64> {
        self.asked("log_size", |raw| raw.parse().ok().filter(|n| *n >= 0))
    }

    /// An agency, where the list is not of one alone.
    pub fn asked_agency(&mut self, own: bool) -> Option<Id> {
        if own { None } else { self.asked_word("agency") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(query: &str, read: impl FnOnce(&mut Form)) -> Vec<String> {
        let mut form = Form::parse(query.as_bytes());
        read(&mut form);
        form.errors().iter().map(|e| format!("{} {}", e.field, e.code)).collect()
    }

    #[test]
    fn what_is_not_understood_is_named() {
        let read = |form: &mut Form| {
            form.asked_word::<i32>("year");
            form.asked_yes_no("synthetic");
            form.asked_flag("counted", "1");
            form.asked_code("charge");
            form.asked_digits("region");
            form.asked_days();
            form.asked_edge(|raw| raw.parse::<i64>().ok());
        };
        let none: [&str; 0] = [];
        assert_eq!(faults("", read), none);
        let good = "year=2016&synthetic=no&counted=1&charge=CL-214&region=4401&from=2016-01-01&to=2016-01-01&after=3";
        assert_eq!(faults(good, read), none);
        let odd = "year=x&synthetic=perhaps&counted=2&charge=%27&region=x&from=2016-02-30&to=y&after=z";
        assert_eq!(faults(odd, read).len(), 8, "{:?}", faults(odd, read));
        // Nobody is sent to a list that there is none of.
        assert_eq!(faults("year=x", read), ["year error-not-understood"]);
        assert_eq!(faults("synthetic=x", read), ["synthetic error-unknown"]);
        let turned = faults("from=2016-02-02&to=2016-02-01", read);
        assert_eq!(turned, ["to error-date-order"]);
    }
}
