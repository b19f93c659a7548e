//! What the columns of a table mean. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::columns;
use crate::platform::{
    error::{AppError, FieldError, Result},
    http::Form,
    words::words,
};

words!(
    /// What a column says.
    Column {
        Shop = "shop",
        Product = "product",
        Units = "units",
        Price = "price",
        Amount = "amount",
        Date = "date",
        Order = "order",
        Status = "status",
    }
);

/// The only currency that amounts are taken for.
pub const CURRENCY: &str = "CNY";
/// What excludes a row where nothing else is said.
pub const EXCLUDED: &str = "退款、取消、关闭、刷单、refunded、cancelled、closed";
/// Columns of a table that are looked at.
pub const MOST_COLUMNS: usize = 200;
/// Words that exclude a row, at most, and how long each may be.
const MOST_WORDS: usize = 30;
const LONGEST_WORD: usize = 30;
const LONGEST_WORDS: usize = 500;
/// So much of a heading is kept, in characters.
const LONGEST_HEADING: usize = 100;

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    /// Whether a formula makes it: what a workbook shows for one was reckoned by whoever saved it, and was not recorded.
    pub is_formula: bool,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), is_formula: false }
    }
}

/// The first rows of a table by their numbers from 1, and the names of the workbook's sheets (one without a name for CSV).
#[derive(Clone, Debug, Default)]
pub struct Head {
    pub sheets: Vec<String>,
    pub rows: Vec<(u64, Vec<Cell>)>,
}

impl Head {
    /// The cells of a row; none where it is not among the first.
    pub fn row(&self, number: u64) -> &[Cell] {
        self.rows.iter().find(|(row, _)| *row == number).map_or(&[], |(_, cells)| cells.as_slice())
    }

    /// How many columns the first rows have.
    pub fn width(&self) -> usize {
        self.rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0)
    }
}

/// A column that was chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picked {
    /// From 0.
    pub place: usize,
    pub heading: String,
}

/// What the columns of a table mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// [`CURRENCY`]: no column says it.
    pub currency: String,
    /// Place of the sheet, from 0.
    pub sheet: usize,
    pub sheet_name: String,
    /// The row of the headings, from 1; what stands above it is no row of the table.
    pub header: u64,
    /// By the words of [`Column`].
    pub columns: BTreeMap<String, Picked>,
    /// Words in the column of states that exclude a row, in lower case.
    pub excluded: Vec<String>,
}

impl Mapping {
    /// The place of a column; `None`: the table has none.
    pub fn place(&self, column: Column) -> Option<usize> {
        self.columns.get(column.as_str()).map(|picked| picked.place)
    }

    /// As it is stored: canonical JSON (RFC 8785).
    ///
    /// # Errors
    /// Internal; writing to memory does not fail.
    pub fn to_text(&self) -> Result<String> {
        String::from_utf8(serde_json_canonicalizer::to_vec(self)?).map_err(AppError::internal)
    }

    /// # Errors
    /// Internal for a row that can't be read.
    pub fn of_text(text: &str) -> Result<Self> {
        Ok(serde_json::from_str(text)?)
    }

    /// What the headings promise; may lack an amount.
    pub fn guessed(head: &Head, sheet: usize) -> Self {
        let header = columns::header(&head.rows);
        let places = columns::guess(head.row(header));
        Self::of(head, sheet, header, &places, words_of(EXCLUDED))
    }

    fn of(
        head: &Head,
        sheet: usize,
        header: u64,
        places: &BTreeMap<Column, usize>,
        excluded: Vec<String>,
    ) -> Self {
        let headings = head.row(header);
        let picked = |(column, place): (&Column, &usize)| {
            let heading = headings.get(*place).map_or("", |cell| cell.text.trim());
            let heading: String = heading.chars().take(LONGEST_HEADING).collect();
            (column.as_str().to_owned(), Picked { place: *place, heading })
        };
        Self {
            currency: CURRENCY.to_owned(),
            sheet,
            sheet_name: head.sheets.get(sheet).cloned().unwrap_or_default(),
            header,
            columns: places.iter().map(picked).collect(),
            excluded,
        }
    }

    /// Whether a sum can be made by it.
    pub fn has_amount(&self) -> bool {
        self.place(Column::Amount).or(self.place(Column::Price)).is_some()
    }

    /// Reads the fields of a form; faults are noted in it. `head` is that of the sheet which the form names.
    pub fn read(form: &mut Form, head: &Head, sheet: usize) -> Self {
        let header: u64 =
            form.value("header", "error-unknown").unwrap_or_else(|| columns::header(&head.rows));
        if head.row(header).is_empty() && !form.errors().iter().any(|fault| fault.field == "header") {
            form.fault("header", "error-unknown");
        }
        let mut places: BTreeMap<Column, usize> = BTreeMap::new();
        for column in Column::ALL {
            let name = column.as_str();
            let Some(place) = form.value::<usize>(name, "error-unknown") else { continue };
            if place >= head.width() {
                form.fault(name, "error-unknown");
            } else if places.values().any(|taken| *taken == place) {
                form.fault(name, "error-sales-column-twice");
            } else {
                places.insert(*column, place);
            }
        }
        let asks_amount = !form.has("amount") && !form.has("price");
        if asks_amount {
            form.fault("amount", "error-sales-no-amount");
        }
        let excluded = words_of(&form.text("excluded", LONGEST_WORDS));
        if excluded.len() > MOST_WORDS {
            form.push(FieldError::new("excluded", "error-too-many").arg("max", MOST_WORDS));
        } else if excluded.iter().any(|word| word.chars().count() > LONGEST_WORD) {
            form.push(FieldError::new("excluded", "error-too-long").arg("max", LONGEST_WORD));
        }
        Self::of(head, sheet, header, &places, excluded)
    }

    /// The words that exclude a row, as the form has them.
    pub fn excluded_text(&self) -> String {
        self.excluded.join("、")
    }
}

/// The name that spreadsheets have for a column: `A`, `Z`, `AA`.
pub fn letter(place: usize) -> String {
    const LETTERS: &[u8; 26] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let last = char::from(LETTERS[place % 26]);
    if place < 26 { last.to_string() } else { format!("{}{last}", letter(place / 26 - 1)) }
}

/// What a column is called by its table. Sealed papers say so, too: it keeps its form, whatever pages show.
pub fn heading(mapping: &Mapping, column: Column) -> Option<String> {
    let picked = mapping.columns.get(column.as_str())?;
    let place = letter(picked.place);
    Some(if picked.heading.is_empty() { place } else { format!("{place} · {}", picked.heading) })
}

/// Words set apart by commas or blanks, each once.
fn words_of(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.to_lowercase().split(|c: char| c.is_whitespace() || "、,，;；".contains(c)) {
        if !word.is_empty() && !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_called_as_spreadsheets_call_them() {
        assert_eq!([0, 25, 26, 51, 52, 701, 702].map(letter), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    fn head() -> Head {
        let row = |n: u64, cells: [&str; 3]| (n, cells.map(Cell::from).to_vec());
        Head {
            sheets: vec![String::new()],
            rows: vec![row(1, ["店铺", "商品", "金额"]), row(2, ["甲", "乙", "1"])],
        }
    }

    fn read(pairs: &[(&str, &str)]) -> (Mapping, Vec<(String, &'static str)>) {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut form = Form::from_pairs(pairs);
        let mapping = Mapping::read(&mut form, &head(), 0);
        (mapping, form.errors().iter().map(|fault| (fault.field.clone(), fault.code)).collect())
    }

    #[test]
    fn a_guess_is_what_a_form_would_say_and_is_stored_in_one_way() {
        let guessed = Mapping::guessed(&head(), 0);
        assert!(guessed.has_amount());
        let (read, faults) = read(&[
            ("shop", "0"),
            ("product", "1"),
            ("amount", "2"),
            ("header", "1"),
            ("excluded", EXCLUDED),
        ]);
        assert_eq!((&read, faults), (&guessed, vec![]));
        let text = guessed.to_text().unwrap();
        assert!(text.starts_with("{\"columns\":{\"amount\":{\"heading\":\"金额\",\"place\":2}"), "{text}");
        assert_eq!(Mapping::of_text(&text).unwrap(), guessed);
    }

    #[test]
    fn what_is_wrong_with_a_mapping_stands_beside_its_field() {
        let faults = |pairs: &[(&str, &str)]| read(pairs).1;
        let said = |field: &str, code: &'static str| vec![(field.to_owned(), code)];
        assert_eq!(faults(&[("shop", "0")]), said("amount", "error-sales-no-amount"));
        assert_eq!(faults(&[("shop", "2"), ("amount", "2")]), said("amount", "error-sales-column-twice"));
        assert_eq!(faults(&[("shop", "9"), ("amount", "2")]), said("shop", "error-unknown"));
        assert_eq!(faults(&[("header", "7"), ("amount", "2")]), said("header", "error-unknown"));
        assert_eq!(faults(&[("header", "x"), ("price", "2")]), said("header", "error-unknown"));
    }
}
