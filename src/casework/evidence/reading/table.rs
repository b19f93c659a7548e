//! Tables: lists with a separator, and workbooks. Cells are text, whatever a spreadsheet would make of them.

use std::{
    borrow::Cow,
    time::{Duration, Instant},
};

use calamine::{DataRef, Reader};

use super::{
    bounds::{MOST_UNPACKED, Unreadable},
    marks, text,
    workbook::{self, fault},
};

/// Rows on a page, and how many of a table are shown at all.
pub const PAGE: usize = 100;
pub const MOST_ROWS: usize = 500;
const MOST_COLUMNS: usize = 50;
/// Characters of a cell.
const MOST_CELL: usize = 500;
/// Of a list so many bytes are read: more than its rows that are shown take.
pub const MOST_LIST: u64 = 4 << 20;
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];
/// By so many rows a separator is guessed.
const GUESSED: usize = 20;
/// How long the cells of a sheet are gone through.
const PATIENCE: Duration = Duration::from_secs(20);

/// One page of a table.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Of a workbook; empty: it is a list.
    pub sheets: Vec<String>,
    pub sheet: usize,
    /// Each with its number in the file, from 1.
    pub rows: Vec<(usize, Vec<String>)>,
    /// From 0.
    pub page: usize,
    /// Whether there is a page behind this one.
    pub has_next: bool,
    /// Whether the file has more rows than are shown.
    pub is_cut: bool,
    /// Whether rows have more cells, or cells more text, than is shown.
    pub is_narrowed: bool,
    /// Of a list.
    pub encoding: &'static str,
}

/// Rows of which one page is kept.
struct Rows {
    table: Table,
    /// Rows so far that have something in them.
    count: usize,
}

impl Rows {
    fn new(page: usize) -> Self {
        Self { table: Table { page: page.min(MOST_ROWS / PAGE - 1), ..Table::default() }, count: 0 }
    }

    /// Begins a row; whether it is wanted, and `None` where none behind it is.
    fn begin(&mut self, number: usize) -> Option<bool> {
        let first = self.table.page * PAGE;
        if self.count >= MOST_ROWS {
            self.table.is_cut = true;
            return None;
        }
        if self.count >= first + PAGE {
            self.table.has_next = true;
            return None;
        }
        let is_wanted = self.count >= first;
        self.count += 1;
        if is_wanted {
            self.table.rows.push((number, Vec::new()));
        }
        Some(is_wanted)
    }

    /// Takes back the row that was begun last: the rest of it is missing.
    fn take_back(&mut self) {
        let first = self.table.page * PAGE;
        if self.count > first {
            self.table.rows.pop();
        }
        self.count = self.count.saturating_sub(1);
    }

    /// Puts a cell into the row that was begun last.
    fn cell(&mut self, column: usize, text: &str) {
        let Some((_, cells)) = self.table.rows.last_mut() else { return };
        if column >= MOST_COLUMNS {
            self.table.is_narrowed = true;
            return;
        }
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        self.table.is_narrowed |= text.chars().nth(MOST_CELL).is_some();
        cells[column] = marks::line(text, MOST_CELL);
    }
}

/// Reads a page of a list of which `bytes` are the beginning; `is_whole`: they are all of it.
///
/// # Errors
/// `Damaged` where no row can be read.
pub fn list(bytes: &[u8], is_whole: bool, page: usize) -> Result<Table, Unreadable> {
    let (text, encoding) = text::decoded(bytes);
    let mut lines = reader(&text, separator(&text));
    let mut rows = Rows::new(page);
    let mut is_all = true;
    for (n, record) in lines.records().enumerate() {
        let record = record.map_err(|_| Unreadable::Damaged)?;
        match rows.begin(n + 1) {
            None => {
                is_all = false;
                break;
            }
            Some(false) => {}
            Some(true) => {
                for (column, cell) in record.iter().enumerate().take(MOST_COLUMNS + 1) {
                    rows.cell(column, cell);
                }
            }
        }
    }
    // Where the reading was cut, it was within a row, as a rule.
    if is_all && !is_whole {
        rows.take_back();
    }
    rows.table.is_cut |= !is_whole;
    Ok(Table { encoding, ..rows.table })
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes())
}

/// The separator by which most of the first rows have as many cells as the first.
pub fn separator(text: &str) -> u8 {
    let fit = |separator: u8| {
        let mut lines = reader(text, separator);
        let widths: Vec<usize> =
            lines.records().take(GUESSED).map_while(Result::ok).map(|record| record.len()).collect();
        let first = widths.first().copied().unwrap_or(0);
        if first < 2 { (0, 0) } else { (widths.iter().filter(|width| **width == first).count(), first) }
    };
    // Of equals the first is meant.
    SEPARATORS.into_iter().rev().max_by_key(|separator| fit(*separator)).unwrap_or(b',')
}

/// Reads a page of a sheet of a workbook (XLSX), cell by cell: no more is held than is shown and than the words that its
/// cells share.
///
/// # Errors
/// Why not.
pub fn book(bytes: Vec<u8>, sheet: usize, page: usize) -> Result<Table, Unreadable> {
    let until = Instant::now() + PATIENCE;
    let mut book = workbook::open(bytes, MOST_UNPACKED)?;
    let sheets = book.sheet_names();
    let sheet = if sheet < sheets.len() { sheet } else { 0 };
    let name = sheets.get(sheet).ok_or(Unreadable::Damaged)?;
    let mut rows = Rows::new(page);
    {
        let mut cells = book.worksheet_cells_reader(name).map_err(|error| fault(&error))?;
        let mut row = None;
        let mut is_wanted = false;
        while let Some(cell) = cells.next_cell().map_err(|error| fault(&error))? {
            if Instant::now() > until {
                return Err(Unreadable::TooLarge);
            }
            let (at, column) = cell.get_position();
            if is_blank(cell.get_value()) {
                continue;
            }
            if row != Some(at) {
                row = Some(at);
                match rows.begin(at as usize + 1) {
                    None => break,
                    Some(is) => is_wanted = is,
                }
            }
            if is_wanted {
                // What stands behind the last column is not even copied.
                let is_shown = (column as usize) < MOST_COLUMNS;
                let text = if is_shown { words(cell.get_value()) } else { Cow::Borrowed("") };
                rows.cell(column as usize, &text);
            }
        }
    }
    let sheets = sheets.iter().take(MOST_COLUMNS).map(|name| marks::line(name, 60)).collect();
    Ok(Table { sheets, sheet, ..rows.table })
}

/// Whether nothing stands in a cell.
fn is_blank(value: &DataRef<'_>) -> bool {
    match value {
        DataRef::Empty => true,
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.is_empty(),
        DataRef::SharedString(text) => text.is_empty(),
        _ => false,
    }
}

/// What stands in a cell. A text that many cells share is not copied for each.
fn words<'a>(value: &'a DataRef<'_>) -> Cow<'a, str> {
    match value {
        DataRef::Empty => Cow::Borrowed(""),
        DataRef::Int(n) => n.to_string().into(),
        DataRef::Float(n) => n.to_string().into(),
        DataRef::Bool(is) => if *is { "TRUE" } else { "FALSE" }.into(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.as_str().into()
        }
        DataRef::SharedString(text) => Cow::Borrowed(text),
        DataRef::DateTime(at) => at
            .as_datetime()
            .map_or_else(|| at.to_string(), |at| at.format("%Y-%m-%d %H:%M:%S").to_string())
            .into(),
        DataRef::Error(error) => error.to_string().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(table: &Table) -> Vec<Vec<&str>> {
        table.rows.iter().map(|(_, row)| row.iter().map(String::as_str).collect()).collect()
    }

    #[test]
    fn separators_are_guessed_and_formulas_are_text() {
        for separator in [",", ";", "\t"] {
            let text = format!("编号{separator}商品\n1{separator}=cmd|' /C calc'!A0\n");
            let table = list(text.as_bytes(), true, 0).expect("a table");
            assert_eq!(cells(&table), [vec!["编号", "商品"], vec!["1", "=cmd|' /C calc'!A0"]], "{separator}");
        }
        let (gbk, _, _) = encoding_rs::GB18030.encode("编号,商品\n1,手表\n");
        assert_eq!(cells(&list(&gbk, true, 0).expect("a table"))[1], ["1", "手表"]);
        assert!(list(b"", true, 0).expect("none").rows.is_empty());
    }

    #[test]
    fn rows_columns_and_cells_are_bounded() {
        let text = format!("{}\n", "x,".repeat(99)).repeat(700);
        let first = list(text.as_bytes(), true, 0).expect("a table");
        assert!(first.rows.len() == PAGE && first.has_next && first.is_narrowed && !first.is_cut);
        assert_eq!(first.rows[0].1.len(), MOST_COLUMNS);
        let last = list(text.as_bytes(), true, 99).expect("a table");
        assert_eq!((last.page, last.rows[0].0, last.rows.len()), (4, 401, PAGE));
        assert!(last.is_cut && !last.has_next);
        let long = list(format!("\"{}", "y".repeat(9_999)).as_bytes(), true, 0).expect("a table");
        assert_eq!(long.rows[0].1[0].chars().count(), MOST_CELL + 1);
    }

    #[test]
    fn of_a_list_that_was_cut_the_broken_row_is_left_out() {
        let read = |text: &str, is_whole| {
            let table = list(text.as_bytes(), is_whole, 0).expect("a table");
            (table.rows.len(), table.is_cut)
        };
        assert_eq!(read("a,b\n1,2\n3,4", true), (3, false));
        assert_eq!(read("a,b\n1,2\n3,4", false), (2, true));
        assert_eq!(read("a,b", false), (0, true));
        // Of more rows than are shown the last that is shown is whole.
        let long = "x,y\n".repeat(700);
        let table = list(long.as_bytes(), false, 4).expect("a table");
        assert_eq!((table.rows.len(), table.is_cut), (PAGE, true));
        let next = list("x,y\n".repeat(150).as_bytes(), false, 1).expect("a table");
        assert_eq!(next.rows.len(), 49);
    }

    #[test]
    fn a_text_that_all_cells_share_is_not_copied_for_those_that_are_not_shown() {
        let mut made = rust_xlsxwriter::Workbook::new();
        let page = made.add_worksheet();
        let long = "长".repeat(10_000);
        for row in 0..40 {
            for column in 0..200 {
                page.write(row, column, long.as_str()).expect("a cell");
            }
        }
        let table = book(made.save_to_buffer().expect("a workbook"), 0, 0).expect("a table");
        assert!(table.is_narrowed && table.rows.len() == 40);
        assert!(table.rows.iter().all(|(_, cells)| cells.len() == MOST_COLUMNS));
        let (text, value) = (String::from("甲"), "乙");
        assert!(matches!(words(&DataRef::SharedString(value)), Cow::Borrowed("乙")));
        assert!(matches!(words(&DataRef::String(text)), Cow::Borrowed("甲")));
    }

    #[test]
    fn a_workbook_is_read_sheet_by_sheet() {
        let mut made = rust_xlsxwriter::Workbook::new();
        made.add_worksheet().write(0, 0, "编号").expect("a cell");
        let second = made.add_worksheet();
        second.write(1_048_575, 16_383, "远").expect("a cell");
        second.write(2, 1, 199.5).expect("a cell");
        let bytes = made.save_to_buffer().expect("a workbook");
        let table = book(bytes.clone(), 0, 0).expect("a table");
        assert_eq!((cells(&table), table.sheets.len()), (vec![vec!["编号"]], 2));
        let far = book(bytes, 1, 0).expect("a table");
        assert_eq!(far.rows[0], (3, vec![String::new(), "199.5".into()]));
        assert!(far.is_narrowed && far.rows.len() == 2);
        assert!(book(b"PK\x03\x04".to_vec(), 0, 0).is_err());
    }
}
