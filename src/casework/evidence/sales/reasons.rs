//! Why a row is not counted, or not told from others, cell by cell. Pure; it holds to what `reading` does.

use super::{
    model::{Cell, Column, Mapping},
    pages::LABELS,
    reading::{self, State},
};
use crate::platform::i18n::{self, Lang};

/// So much of a cell is repeated, in characters.
const LONGEST: usize = 40;

/// What is wrong with a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nothing stands in it.
    Missing(Column),
    /// A formula makes it.
    Formula(Column),
    /// It is less than nought.
    Negative(Column, String),
    /// It can't be read.
    Unread(Column, String),
    /// Price and number are read, and what they come to is too much.
    TooLarge,
    /// No order's number: whether another table has the row can't be known.
    NoOrder,
    /// An order's number that a spreadsheet has rounded.
    VagueOrder(String),
}

fn short(text: &str) -> String {
    let text = text.trim();
    let cut: String = text.chars().filter(|sign| !sign.is_control()).take(LONGEST).collect();
    if text.chars().count() > LONGEST { format!("{cut}…") } else { cut }
}

/// What stands in the way of a cell that has to be a number.
fn of_number(column: Column, cell: Option<&Cell>, read: fn(&str) -> Option<i64>) -> Option<Reason> {
    let Some(cell) = cell else { return Some(Reason::Missing(column)) };
    let text = cell.text.as_str();
    if cell.is_formula {
        Some(Reason::Formula(column))
    } else if text.trim().is_empty() {
        Some(Reason::Missing(column))
    } else if reading::is_negative(text) {
        Some(Reason::Negative(column, short(text)))
    } else {
        read(text).is_none().then(|| Reason::Unread(column, short(text)))
    }
}

/// How a number of a kind is read.
type Reader = fn(&str) -> Option<i64>;

/// Why the row is not counted, of one that can't be read or is less than nought; and what its order lacks, of every sale.
pub fn of(mapping: &Mapping, cells: &[Cell], state: State) -> Vec<Reason> {
    let cell = |column: Column| mapping.place(column).map(|place| cells.get(place));
    let mut found = Vec::new();
    if matches!(state, State::Unreadable | State::Negative) {
        let sum = if mapping.place(Column::Amount).is_some() { Column::Amount } else { Column::Price };
        let numbers: [(Column, Reader); 2] = [(Column::Units, reading::whole), (sum, reading::fen)];
        for (column, read) in numbers {
            found.extend(cell(column).and_then(|cell| of_number(column, cell, read)));
        }
        if state == State::Unreadable && found.is_empty() {
            found.push(Reason::TooLarge);
        }
        let price = cell(Column::Price).flatten().map_or("", |cell| cell.text.as_str());
        if sum != Column::Price && reading::is_negative(price) {
            found.push(Reason::Negative(Column::Price, short(price)));
        }
    }
    if let Some(order) = cell(Column::Order)
        && matches!(state, State::Unreadable | State::Counted)
    {
        let text = order.map_or("", |cell| cell.text.trim());
        if text.is_empty() {
            found.push(Reason::NoOrder);
        } else if reading::order(text).is_none() {
            found.push(Reason::VagueOrder(short(text)));
        }
    }
    found
}

impl Reason {
    /// In words.
    pub fn words(&self, lang: Lang) -> String {
        let named = |column: &Column| i18n::t(lang, &format!("{LABELS}{column}"));
        let (key, column, text) = match self {
            Self::Missing(column) => ("sales-why-missing", named(column), ""),
            Self::Formula(column) => ("sales-why-formula", named(column), ""),
            Self::Negative(column, text) => ("sales-why-negative", named(column), text.as_str()),
            Self::Unread(column, text) => ("sales-why-unread", named(column), text.as_str()),
            Self::TooLarge => ("sales-why-too-large", String::new(), ""),
            Self::NoOrder => ("sales-why-no-order", String::new(), ""),
            Self::VagueOrder(text) => ("sales-why-vague-order", String::new(), text.as_str()),
        };
        i18n::t_with(lang, key, &[("column", column), ("text", text.to_owned())])
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

    /// The state of a row as it is read, and why it has it.
    fn told(mapping: &Mapping, cells: &[Cell]) -> Vec<Reason> {
        let line = reading::look(mapping, cells).expect("a row");
        of(mapping, cells, line.state)
    }

    #[test]
    fn a_row_that_is_not_counted_says_why() {
        let mapping = mapping(&[Column::Order, Column::Units, Column::Amount, Column::Price]);
        let row = |cells: [&str; 4]| told(&mapping, &cells.map(Cell::from));
        assert!(row(["A1", "1", "2.00", ""]).is_empty());
        assert_eq!(row(["A1", "1", "见附件", ""]), [Reason::Unread(Column::Amount, "见附件".into())]);
        let both = [Reason::Unread(Column::Units, "x".into()), Reason::Missing(Column::Amount)];
        assert_eq!(row(["A1", "x", "", ""]), both);
        assert_eq!(row(["A1", "1", "-2.00", ""]), [Reason::Negative(Column::Amount, "-2.00".into())]);
        assert_eq!(row(["", "1", "2.00", ""]), [Reason::NoOrder]);
        assert_eq!(row(["1.2346E+18", "1", "2.00", ""]), [Reason::VagueOrder("1.2346E+18".into())]);
        let formula = Cell { text: "2".into(), is_formula: true };
        let cells = [Cell::from("A1"), Cell::from("1"), formula, Cell::default()];
        assert_eq!(told(&mapping, &cells), [Reason::Formula(Column::Amount)]);
    }

    #[test]
    fn a_product_of_two_numbers_may_be_too_large() {
        let mapping = mapping(&[Column::Units, Column::Price]);
        let cells = ["999999999999999", "999999999999999"].map(Cell::from);
        assert_eq!(told(&mapping, &cells), [Reason::TooLarge]);
        assert_eq!(Reason::TooLarge.words(Lang::En), "price times pieces is too large to be counted");
    }

    #[test]
    fn a_long_cell_is_cut() {
        let mapping = mapping(&[Column::Amount]);
        let cells = [Cell::from("字".repeat(99).as_str())];
        let told = told(&mapping, &cells);
        let [Reason::Unread(_, text)] = &told[..] else { panic!("{told:?}") };
        assert_eq!(text.chars().count(), LONGEST + 1);
    }
}
