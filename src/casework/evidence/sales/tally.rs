//! What the rows of a table come to, by shop and by product. Pure: sums are exact, and one that is too large is refused.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;

use super::reading::{Line, State};
use crate::platform::error::FieldError;

/// Rows of one table.
pub const MOST_ROWS: i64 = 1_000_000;
/// Shops with their products.
const MOST_GROUPS: usize = 20_000;
/// So many unreadable rows are named.
pub const NAMED: usize = 100;
/// Larger numbers are not exact in JSON: 2^53 − 1.
const MOST: i128 = 9_007_199_254_740_991;

/// Sums of some rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    pub counted: i64,
    pub units: i128,
    pub fen: i128,
    /// Rows that can't be read.
    pub faults: i64,
    pub first: Option<NaiveDate>,
    pub last: Option<NaiveDate>,
}

impl Sum {
    fn count(&mut self, line: &Line) {
        self.counted += 1;
        self.units += i128::from(line.units);
        self.fen += i128::from(line.fen);
        if let Some(day) = line.day {
            self.first = Some(self.first.map_or(day, |first| first.min(day)));
            self.last = Some(self.last.map_or(day, |last| last.max(day)));
        }
    }

    /// The sum of both.
    #[must_use]
    pub fn with(self, other: &Self) -> Self {
        let days = |one: Option<NaiveDate>, two: Option<NaiveDate>| one.into_iter().chain(two);
        Self {
            counted: self.counted + other.counted,
            units: self.units + other.units,
            fen: self.fen + other.fen,
            faults: self.faults + other.faults,
            first: days(self.first, other.first).min(),
            last: days(self.last, other.last).max(),
        }
    }

    /// As they are stored: both numbers are exact in JSON, or they were refused.
    pub fn stored(&self) -> (i64, i64) {
        let whole = |n: i128| i64::try_from(n).unwrap_or(i64::MAX);
        (whole(self.units), whole(self.fen))
    }
}

/// What a table comes to.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub whole: Sum,
    /// Rows whose state excludes them, and rows of sums.
    pub excluded: i64,
    /// Rows of orders that an earlier table of the lead has.
    pub merged: i64,
    /// The first rows that can't be read.
    pub fault_rows: Vec<u64>,
    /// By shop and product.
    pub groups: BTreeMap<(String, String), Sum>,
    /// The orders that it has told of: a later table does not count them.
    pub orders: HashSet<u128>,
    rows: i64,
}

impl Tally {
    /// Adds the row with this number; `seen`: orders of earlier tables.
    ///
    /// # Errors
    /// There are too many rows or names, or a sum is too large.
    pub fn add(&mut self, row: u64, line: Line, seen: &HashSet<u128>) -> Result<(), FieldError> {
        self.rows += 1;
        if self.rows > MOST_ROWS {
            return Err(FieldError::new("sheet", "error-sales-rows").arg("max", MOST_ROWS));
        }
        if line.state == State::Excluded {
            self.excluded += 1;
            // A refund is one, whichever table tells of it.
            self.orders.extend(line.order);
            return Ok(());
        }
        let is_known = line.order.is_some_and(|order| seen.contains(&order));
        if is_known {
            self.merged += 1;
            return Ok(());
        }
        if line.state == State::Counted {
            self.orders.extend(line.order);
            self.whole.count(&line);
        } else {
            self.whole.faults += 1;
            if self.fault_rows.len() < NAMED {
                self.fault_rows.push(row);
            }
        }
        if self.whole.units > MOST || self.whole.fen > MOST {
            return Err(too_large());
        }
        let (state, key) = (line.state, (line.shop.clone(), line.product.clone()));
        if self.groups.len() >= MOST_GROUPS && !self.groups.contains_key(&key) {
            return Err(FieldError::new("product", "error-sales-groups").arg("max", MOST_GROUPS));
        }
        let group = self.groups.entry(key).or_default();
        if state == State::Counted {
            group.count(&line)
        } else {
            group.faults += 1
        }
        Ok(())
    }

    /// Rows that were looked at, but for empty ones.
    pub fn rows(&self) -> i64 {
        self.rows
    }
}

/// What a sum is refused with that JSON does not keep exact.
fn too_large() -> FieldError {
    FieldError::new("amount", "error-sales-sum")
}

/// The sum of several tables.
///
/// # Errors
/// It is too large.
pub fn together<'a>(tallies: impl IntoIterator<Item = &'a Tally>) -> Result<Sum, FieldError> {
    let whole = tallies.into_iter().fold(Sum::default(), |sum, tally| sum.with(&tally.whole));
    if whole.units > MOST || whole.fen > MOST { Err(too_large()) } else { Ok(whole) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(state: State, (shop, product): (u8, u8), (units, fen): (i64, i64), order: Option<u128>) -> Line {
        let (shop, product) = (format!("店{shop}"), format!("货{product}"));
        Line { state, shop, product, units, fen, day: None, order }
    }

    #[test]
    fn an_order_of_an_earlier_table_is_counted_once_and_a_refund_prevails() {
        let (mut one, mut two) = (Tally::default(), Tally::default());
        let none = HashSet::new();
        let sold = |order| line(State::Counted, (1, 1), (1, 500), Some(order));
        one.add(2, sold(1), &none).unwrap();
        // Two lines of one order are two goods.
        one.add(3, sold(1), &none).unwrap();
        one.add(4, line(State::Excluded, (1, 1), (1, 500), Some(2)), &none).unwrap();
        one.add(5, line(State::Unreadable, (1, 1), (0, 0), Some(3)), &none).unwrap();
        assert_eq!((one.whole.counted, one.excluded, one.whole.faults), (2, 1, 1));
        assert_eq!(one.fault_rows, [5]);
        for order in [1, 2, 3] {
            two.add(2, sold(order), &one.orders).unwrap();
        }
        // What could not be read there is read here.
        assert_eq!((two.merged, two.whole.counted, two.whole.fen), (2, 1, 500));
        assert_eq!(together([&one, &two]).unwrap().fen, 1_500);
    }

    #[test]
    fn a_sum_that_is_too_large_is_refused() {
        let mut tally = Tally::default();
        let huge = line(State::Counted, (1, 1), (1, i64::MAX), None);
        assert_eq!(tally.add(2, huge, &HashSet::new()).unwrap_err().code, "error-sales-sum");
    }

    proptest! {
        #[test]
        fn shops_products_and_the_whole_come_to_the_same(
            rows in proptest::collection::vec((0u8..3, 0u8..5, 0i64..1_000, 0i64..1_000_000, 0u8..4), 0..200)
        ) {
            let mut tally = Tally::default();
            for (n, (shop, product, units, fen, state)) in rows.iter().enumerate() {
                let state = match *state {
                    0 => State::Excluded,
                    1 => State::Unreadable,
                    _ => State::Counted,
                };
                tally.add(n as u64, line(state, (*shop, *product), (*units, *fen), None), &HashSet::new()).unwrap();
            }
            let by = |key: fn(&(String, String)) -> &String| {
                let mut found: BTreeMap<&String, Sum> = BTreeMap::new();
                for (names, sum) in &tally.groups {
                    let one = found.entry(key(names)).or_default();
                    *one = one.with(sum);
                }
                found.values().fold(Sum::default(), |all, one| all.with(one))
            };
            prop_assert_eq!(by(|names| &names.0), tally.whole);
            prop_assert_eq!(by(|names| &names.1), tally.whole);
            let looked = tally.whole.counted + tally.whole.faults + tally.excluded + tally.merged;
            prop_assert_eq!(looked, tally.rows());
        }
    }
}
