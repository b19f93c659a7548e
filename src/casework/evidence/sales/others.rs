//! What the tables of a lead tell each other of their orders. Pure.

use std::collections::HashMap;

use super::{
    model::{Column, Mapping},
    reading::{Line, State, key},
};

/// By which columns orders and their lines are told apart: those that every table with numbers of orders has. By one that a
/// table lacks, the same order would be another one there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Common {
    shop: bool,
    product: bool,
    units: bool,
}

/// Which tables exclude an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    One(usize),
    Several,
}

/// What the tables of a lead tell each other.
#[derive(Clone, Debug)]
pub struct Others {
    common: Common,
    excluded: HashMap<u128, By>,
    /// The lines of earlier tables, and how often one of them has each.
    lines: HashMap<u128, u32>,
}

impl Default for Others {
    fn default() -> Self {
        let common = Common { shop: true, product: true, units: true };
        Self { common, excluded: HashMap::new(), lines: HashMap::new() }
    }
}

impl Others {
    /// Of tables with these meanings of their columns.
    pub fn new<'a>(mappings: impl IntoIterator<Item = &'a Mapping>) -> Self {
        let mut others = Self::default();
        let common = &mut others.common;
        for mapping in mappings.into_iter().filter(|mapping| mapping.place(Column::Order).is_some()) {
            common.shop &= mapping.place(Column::Shop).is_some();
            common.product &= mapping.place(Column::Product).is_some();
            common.units &= mapping.place(Column::Units).is_some();
        }
        others
    }

    /// What stands for a line's order; `None`: it has none that tells it from others.
    pub fn order(&self, line: &Line) -> Option<u128> {
        let number = line.order?.to_be_bytes();
        let shop = if self.common.shop { line.shop.as_str() } else { "" };
        Some(key([&number[..], shop.as_bytes()]))
    }

    /// What stands for a line of an order: lines that are alike are the same one, or as many of the same.
    pub fn line(&self, order: u128, line: &Line) -> u128 {
        let product = if self.common.product { line.product.as_str() } else { "" };
        let units = if self.common.units { line.units } else { 0 };
        let (order, units, fen) = (order.to_be_bytes(), units.to_be_bytes(), line.fen.to_be_bytes());
        key([&order[..], product.as_bytes(), &units[..], &fen[..]])
    }

    /// Notes that the table at this place excludes the order of a line, if it does.
    pub fn exclude(&mut self, place: usize, line: &Line) {
        if line.state != State::Excluded {
            return;
        }
        let Some(order) = self.order(line) else { return };
        let by = self.excluded.entry(order).or_insert(By::One(place));
        if *by != By::One(place) {
            *by = By::Several;
        }
    }

    /// Whether a table beside the one at this place excludes an order.
    pub fn is_excluded_beside(&self, place: usize, order: u128) -> bool {
        self.excluded.get(&order).is_some_and(|by| *by != By::One(place))
    }

    /// How often an earlier table has a line.
    pub fn times(&self, line: u128) -> u32 {
        self.lines.get(&line).copied().unwrap_or(0)
    }

    /// Takes in the lines of a table that was counted.
    pub fn take_in(&mut self, lines: HashMap<u128, u32>) {
        for (line, times) in lines {
            let most = self.lines.entry(line).or_default();
            *most = (*most).max(times);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::casework::evidence::sales::model::{CURRENCY, Picked};

    fn mapping(columns: &[Column]) -> Mapping {
        let picked = |(place, column): (usize, &Column)| {
            (column.as_str().to_owned(), Picked { place, heading: String::new() })
        };
        Mapping {
            currency: CURRENCY.into(),
            sheet: 0,
            sheet_name: String::new(),
            header: 1,
            columns: columns.iter().enumerate().map(picked).collect::<BTreeMap<_, _>>(),
            excluded: Vec::new(),
        }
    }

    fn line(shop: &str, product: &str) -> Line {
        Line {
            state: State::Counted,
            shop: shop.into(),
            product: product.into(),
            units: 1,
            fen: 500,
            day: None,
            order: Some(7),
            is_vague: false,
        }
    }

    #[test]
    fn orders_are_told_apart_by_the_columns_that_all_tables_have() {
        let full = mapping(&[Column::Order, Column::Shop, Column::Product, Column::Amount]);
        let bare = mapping(&[Column::Order, Column::Amount]);
        let listing = mapping(&[Column::Product, Column::Amount]);
        let (one, two) = (line("甲店", "表"), line("", ""));
        let all = Others::new([&full, &full, &listing]);
        assert_ne!(all.order(&one), all.order(&two));
        let some = Others::new([&full, &bare]);
        assert_eq!(some.order(&one), some.order(&two));
        let order = some.order(&one).unwrap();
        assert_eq!(some.line(order, &one), some.line(order, &two));
        assert_ne!(some.line(order, &one), some.line(order, &Line { fen: 501, ..two }));
    }

    #[test]
    fn a_table_does_not_exclude_its_own_rows_for_others_do() {
        let mut others = Others::default();
        let line = Line { state: State::Excluded, ..line("甲店", "表") };
        let order = others.order(&line).unwrap();
        assert!(!others.is_excluded_beside(0, order));
        others.exclude(0, &line);
        assert_eq!([0, 1].map(|place| others.is_excluded_beside(place, order)), [false, true]);
        others.exclude(1, &line);
        assert_eq!([0, 1].map(|place| others.is_excluded_beside(place, order)), [true, true]);
    }
}
