//! Tables of dated rows, and how the embedded ones are read.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};

/// The days on which a row holds; both ends belong to it, an open end is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

impl Span {
    /// Whether the row holds on `date`.
    pub fn covers(self, date: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to)
    }

    /// Whether the two have a day in common.
    pub fn overlaps(self, other: Span) -> bool {
        let before = |to: Option<NaiveDate>, from: Option<NaiveDate>| match (to, from) {
            (Some(to), Some(from)) => to < from,
            _ => false,
        };
        !before(self.to, other.from) && !before(other.to, self.from)
    }

    /// Whether it has an end and a start in the right order.
    pub fn is_sound(self) -> bool {
        match (self.from, self.to) {
            (Some(from), Some(to)) => from <= to,
            _ => true,
        }
    }
}

/// A row with a code that may come back with other dates (a renamed charge, a changed rule).
pub trait Dated {
    fn code(&self) -> &str;
    fn span(&self) -> Span;
}

/// Rows in the order of their file, found by code and date.
#[derive(Clone, Debug)]
pub struct Table<T> {
    rows: Vec<T>,
    by_code: HashMap<String, Vec<usize>>,
}

impl<T: Dated> Table<T> {
    pub fn new(rows: Vec<T>) -> Self {
        let mut by_code: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, row) in rows.iter().enumerate() {
            by_code.entry(row.code().to_owned()).or_default().push(place);
        }
        for places in by_code.values_mut() {
            places.sort_by_key(|&place| rows[place].span().from);
        }
        Self { rows, by_code }
    }

    pub fn rows(&self) -> &[T] {
        &self.rows
    }

    /// All rows of a code, oldest first.
    pub fn versions(&self, code: &str) -> impl DoubleEndedIterator<Item = &T> {
        self.by_code.get(code).into_iter().flatten().map(|&place| &self.rows[place])
    }

    /// The row of `code` that holds on `at`.
    pub fn at(&self, code: &str, at: NaiveDate) -> Option<&T> {
        self.versions(code).find(|row| row.span().covers(at))
    }

    /// The row of `code` that holds on `at`; else the last one before, else the first one after. For showing what is
    /// already on record: a stored code must never be without a name.
    pub fn nearest(&self, code: &str, at: NaiveDate) -> Option<&T> {
        self.at(code, at)
            .or_else(|| self.versions(code).rev().find(|row| row.span().to.is_some_and(|to| to < at)))
            .or_else(|| self.versions(code).next())
    }

    /// The rows that hold on `at`, in file order.
    pub fn in_force(&self, at: NaiveDate) -> impl Iterator<Item = &T> {
        self.rows.iter().filter(move |row| row.span().covers(at))
    }
}

/// Why an embedded table would be wrong: used by the tests of the tables.
pub fn faults<T: Dated>(table: &Table<T>) -> Vec<String> {
    let mut faults = Vec::new();
    for row in table.rows() {
        if row.code().is_empty() || !row.span().is_sound() {
            faults.push(format!("{}: empty code or dates the wrong way round", row.code()));
        }
        let clashes = table.versions(row.code()).filter(|other| other.span().overlaps(row.span())).count();
        if clashes != 1 {
            faults.push(format!("{}: two rows hold on the same day", row.code()));
        }
    }
    faults
}

/// Reads CSV text with a header line. Errors name line and field.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, csv::Error> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().collect()
}

/// Reads a table that is part of the program.
pub fn embedded<T: DeserializeOwned>(name: &str, text: &str) -> Vec<T> {
    match read(text) {
        Ok(rows) => rows,
        // Impossible by construction: the text is compiled in, and the tests of this folder read every table.
        Err(error) => unreachable!("embedded table {name}: {error}"),
    }
}

/// `a;b;c` as a list; empty text is an empty list.
pub fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok(text.split(';').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect())
}

/// `yes` or `no`.
pub fn yes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match String::deserialize(deserializer)?.as_str() {
        "yes" => Ok(true),
        "no" => Ok(false),
        other => Err(serde::de::Error::custom(format!("yes or no, not {other:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn both_ends_belong_to_a_span() {
        let span = Span { from: Some(day("2016-01-01")), to: Some(day("2016-12-31")) };
        assert!(span.covers(day("2016-01-01")) && span.covers(day("2016-12-31")));
        assert!(!span.covers(day("2015-12-31")) && !span.covers(day("2017-01-01")));
        assert!(Span::default().covers(day("1900-01-01")));
    }

    #[test]
    fn spans_that_only_touch_at_neighbouring_days_do_not_overlap() {
        let old = Span { from: None, to: Some(day("2021-02-28")) };
        let new = Span { from: Some(day("2021-03-01")), to: None };
        assert!(!old.overlaps(new) && !new.overlaps(old));
        assert!(old.overlaps(Span::default()));
    }
}
