//! What the rows of a table come to, by shop and by product. Pure: sums are exact, and one that is too large is refused.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::{
    others::Others,
    reading::{Line, State},
};
use crate::platform::error::FieldError;

/// Rows of one table.
pub const MOST_ROWS: i64 = 1_000_000;
/// Shops with their products, of a lead.
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
    /// Its place among the tables of its lead.
    place: usize,
    pub whole: Sum,
    /// Rows that a state excludes, rows of sums, and negative ones.
    pub excluded: i64,
    /// Rows that an earlier table of the lead has too.
    pub merged: i64,
    /// Rows whose order's number tells it from no other.
    pub vague: i64,
    /// The first rows that can't be read.
    pub fault_rows: Vec<u64>,
    /// By shop and product.
    pub groups: BTreeMap<(String, String), Sum>,
    /// The lines of its orders, and how often it has each: a later table does not count them.
    pub lines: HashMap<u128, u32>,
    rows: i64,
}

impl Tally {
    /// Of the table at this place among those of its lead.
    pub fn new(place: usize) -> Self {
        Self { place, ..Self::default() }
    }

    /// Adds the row with this number, and says what becomes of it. `others`: what the lead's other tables tell.
    ///
    /// # Errors
    /// There are too many rows or names, or a sum is too large.
    pub fn add(&mut self, row: u64, line: &Line, others: &Others) -> Result<State, FieldError> {
        self.rows += 1;
        if self.rows > MOST_ROWS {
            return Err(FieldError::new("sheet", "error-sales-rows").arg("max", MOST_ROWS));
        }
        self.vague += i64::from(line.is_vague);
        let state = self.state(line, others);
        match state {
            // A refund is one, whichever table tells of it.
            State::Excluded | State::Negative => self.excluded += 1,
            State::Merged => self.merged += 1,
            State::Counted | State::Unreadable => self.group(row, line, state)?,
        }
        Ok(state)
    }

    fn state(&mut self, line: &Line, others: &Others) -> State {
        let Some(order) = others.order(line) else { return line.state };
        let is_sale = matches!(line.state, State::Counted | State::Unreadable);
        if is_sale && others.is_excluded_beside(self.place, order) {
            return State::Excluded;
        }
        if line.state != State::Counted {
            return line.state;
        }
        let key = others.line(order, line);
        let times = self.lines.entry(key).or_default();
        *times += 1;
        // Two lines of one order that are alike are two goods, and in a second export they are the same two.
        if *times <= others.times(key) { State::Merged } else { State::Counted }
    }

    fn group(&mut self, row: u64, line: &Line, state: State) -> Result<(), FieldError> {
        if state == State::Counted {
            self.whole.count(line);
        } else {
            self.whole.faults += 1;
            if self.fault_rows.len() < NAMED {
                self.fault_rows.push(row);
            }
        }
        if self.whole.units > MOST || self.whole.fen > MOST {
            return Err(too_large());
        }
        let key = (line.shop.clone(), line.product.clone());
        if self.groups.len() >= MOST_GROUPS && !self.groups.contains_key(&key) {
            return Err(too_many());
        }
        let group = self.groups.entry(key).or_default();
        if state == State::Counted {
            group.count(line);
        } else {
            group.faults += 1;
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

/// What is refused where a page would have too many names.
fn too_many() -> FieldError {
    FieldError::new("product", "error-sales-groups").arg("max", MOST_GROUPS)
}

/// The sum of several tables.
///
/// # Errors
/// It is too large, or there are too many names in all of them.
pub fn together(tallies: &[Tally]) -> Result<Sum, FieldError> {
    if tallies.iter().map(|tally| tally.groups.len()).sum::<usize>() > MOST_GROUPS {
        return Err(too_many());
    }
    let whole = tallies.iter().fold(Sum::default(), |sum, tally| sum.with(&tally.whole));
    if whole.units > MOST || whole.fen > MOST { Err(too_large()) } else { Ok(whole) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(state: State, (shop, product): (u8, u8), (units, fen): (i64, i64), order: Option<u128>) -> Line {
        let (shop, product) = (format!("店{shop}"), format!("货{product}"));
        Line { state, shop, product, units, fen, day: None, order, is_vague: false }
    }

    /// Counts tables in their order, as those of a lead are.
    fn counted(tables: &[Vec<Line>]) -> Vec<Tally> {
        let mut others = Others::default();
        for (place, table) in tables.iter().enumerate() {
            table.iter().for_each(|line| others.exclude(place, line));
        }
        let tally = |(place, table): (usize, &Vec<Line>)| {
            let mut tally = Tally::new(place);
            for (row, line) in (2..).zip(table) {
                tally.add(row, line, &others).unwrap();
            }
            others.take_in(std::mem::take(&mut tally.lines));
            tally
        };
        tables.iter().enumerate().map(tally).collect()
    }

    fn sold(order: u128, fen: i64) -> Line {
        line(State::Counted, (1, 1), (1, fen), Some(order))
    }

    #[test]
    fn an_order_of_an_earlier_table_is_counted_once_line_by_line() {
        // Two lines of one order that are alike are two goods.
        let one = vec![sold(1, 500), sold(1, 500), line(State::Unreadable, (1, 1), (0, 0), Some(3))];
        // An order that was cut over two exports: its later lines are counted; what could not be read there is read here.
        let two = vec![sold(1, 500), sold(1, 500), sold(1, 700), sold(3, 500), sold(1, 500)];
        let done = counted(&[one, two]);
        assert_eq!((done[0].whole.counted, done[0].whole.faults, &done[0].fault_rows[..]), (2, 1, &[4][..]));
        assert_eq!((done[1].merged, done[1].whole.counted, done[1].whole.fen), (2, 3, 1_700));
        assert_eq!(together(&done).unwrap().fen, 2_700);
    }

    #[test]
    fn a_refund_prevails_whichever_table_tells_of_it() {
        let refund = |order| line(State::Excluded, (1, 1), (1, 500), Some(order));
        let sales = vec![sold(1, 500), sold(2, 700)];
        for tables in [[sales.clone(), vec![refund(1)]], [vec![refund(1)], sales]] {
            let done = counted(&tables);
            assert_eq!(together(&done).unwrap().fen, 700);
            assert_eq!(done.iter().map(|tally| tally.excluded).sum::<i64>(), 2);
        }
        // Of one table each row says for itself what it is: of an order one line may be given back.
        let done = counted(&[vec![sold(1, 500), refund(1)], vec![sold(2, 100)]]);
        assert_eq!(together(&done).unwrap().fen, 600);
    }

    #[test]
    fn two_shops_may_have_the_same_number() {
        let other = line(State::Counted, (2, 1), (1, 500), Some(1));
        let done = counted(&[vec![sold(1, 500)], vec![other]]);
        assert_eq!((done[1].merged, together(&done).unwrap().fen), (0, 1_000));
    }

    #[test]
    fn what_is_less_than_nought_is_neither_counted_nor_unreadable() {
        let done = counted(&[vec![line(State::Negative, (1, 1), (0, 0), None)]]);
        assert_eq!((done[0].excluded, done[0].whole.faults, done[0].whole.counted), (1, 0, 0));
    }

    #[test]
    fn names_of_all_tables_together_are_bounded() {
        let many = |from: usize| {
            let mut tally = Tally::default();
            for n in from..=from + MOST_GROUPS / 2 {
                tally.groups.insert((n.to_string(), String::new()), Sum::default());
            }
            tally
        };
        assert!(together(&[many(0)]).is_ok());
        assert_eq!(together(&[many(0), many(90_000)]).unwrap_err().code, "error-sales-groups");
    }

    #[test]
    fn a_sum_that_is_too_large_is_refused() {
        let mut tally = Tally::default();
        let huge = line(State::Counted, (1, 1), (1, i64::MAX), None);
        assert_eq!(tally.add(2, &huge, &Others::default()).unwrap_err().code, "error-sales-sum");
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
                let line = line(state, (*shop, *product), (*units, *fen), None);
                tally.add(n as u64, &line, &Others::default()).unwrap();
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
