//! Tables: what stands in the chosen columns gives way to signs, cell by cell, and the whole is written anew as a list, so that no
//! formula, no hidden sheet, no earlier value and no comment of a workbook comes along. A list keeps its separator and line ends.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use calamine::{Data, DataRef, DataType, Reader};
use csv::WriterBuilder;
use serde_json::json;

use super::{
    cells::make_harmless,
    file::{Done, LARGE, UNREADABLE},
    model::{Ends, SIGN, Separator, Which},
    text::decode,
};
use crate::{
    casework::evidence::reading::{
        table::separator,
        workbook::{self, Unreadable},
    },
    platform::{
        error::{AppError, Result},
        sheet::XLSX,
    },
};

/// A list whose cells tabs set apart, by its name.
const TABS: &str = "text/tab-separated-values";
/// So many signs stand for a cell of any length.
const SIGNS: usize = 3;
/// Cells of a table at most.
const MOST_CELLS: usize = 2_000_000;
/// Bytes that a workbook unpacks to at most, and that its cells hold: a text may stand in many of them.
const MOST_UNPACKED: u64 = 128 << 20;
const MOST_TEXT: usize = 64 << 20;
/// Columns that can be chosen from at most; what can't be chosen is not written.
pub const MOST_COLUMNS: usize = 400;
/// How long the cells of a sheet are gone through.
const PATIENCE: Duration = Duration::from_secs(20);

/// A sheet as it was read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Of a workbook those in which something stands that it does not hide; their cells up to [`MOST_COLUMNS`].
    pub rows: Vec<Vec<String>>,
    /// The number of the first column, from 1.
    pub first: usize,
    /// How many columns the widest row has in the file.
    pub width: usize,
    /// By what the cells of a list were told apart, and how it is encoded; nothing of a workbook.
    pub separator: Option<Separator>,
    pub encoding: &'static str,
    pub ends: Ends,
}

/// The mark of UTF-8, without which spreadsheets read a list in the encoding of their system.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// The names of a workbook's sheets; none of a file that is one table alone.
///
/// # Errors
/// `Conflict`.
pub fn sheets(media_type: &str, bytes: &[u8]) -> Result<Vec<String>> {
    if media_type == XLSX { Ok(open(bytes)?.sheet_names()) } else { Ok(Vec::new()) }
}

fn unread(fault: Unreadable) -> AppError {
    match fault {
        Unreadable::TooLarge | Unreadable::Bomb => AppError::Conflict(LARGE),
        _ => AppError::Conflict(UNREADABLE),
    }
}

fn open(bytes: &[u8]) -> Result<workbook::Book> {
    workbook::open(bytes.to_vec(), MOST_UNPACKED).map_err(unread)
}

/// Reads a table.
///
/// # Errors
/// `Conflict`; `Invalid` for a sheet that there is none of.
pub fn read(media_type: &str, bytes: &[u8], which: Which) -> Result<Sheet> {
    let read = match media_type {
        XLSX => from_workbook(bytes, which.sheet)?,
        TABS => from_text(bytes, which.separator.or(Some(Separator::Tab)))?,
        _ => from_text(bytes, which.separator)?,
    };
    if read.rows.is_empty() { Err(AppError::Conflict(UNREADABLE)) } else { Ok(read) }
}

/// `given`: `None` where the rows tell what separates their cells, as they do where they are read.
fn from_text(bytes: &[u8], given: Option<Separator>) -> Result<Sheet> {
    let (text, encoding) = decode(bytes).ok_or(AppError::Conflict(UNREADABLE))?;
    let between = given.unwrap_or_else(|| Separator::of(separator(&text)));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(between.byte())
        .from_reader(text.as_bytes());
    let (mut rows, mut cells, mut width): (Vec<Vec<String>>, usize, usize) = (Vec::new(), 0, 0);
    for record in reader.records() {
        let record = record.map_err(|_| AppError::Conflict(UNREADABLE))?;
        cells += record.len();
        if cells > MOST_CELLS {
            return Err(AppError::Conflict(LARGE));
        }
        width = width.max(record.len());
        rows.push(record.iter().take(MOST_COLUMNS).map(str::to_owned).collect());
    }
    let ends = Ends::of(&text);
    Ok(Sheet { rows, first: 1, width, separator: Some(between), encoding, ends })
}

fn from_workbook(bytes: &[u8], sheet: usize) -> Result<Sheet> {
    let unknown = || AppError::field("sheet", "error-unknown");
    let mut book = open(bytes)?;
    let place = sheet.checked_sub(1).ok_or_else(unknown)?;
    let name = book.sheet_names().into_iter().nth(place).ok_or_else(unknown)?;
    let hidden = workbook::hidden(bytes, place, MOST_UNPACKED).map_err(unread)?;
    let broken = |error: calamine::XlsxError| unread(workbook::fault(&error));
    let mut reader = book.worksheet_cells_reader(&name).map_err(broken)?;
    let mut found: BTreeMap<u32, Vec<(u32, String)>> = BTreeMap::new();
    let (mut cells, mut length, until) = (0, 0, Instant::now() + PATIENCE);
    while let Some(read) = reader.next_cell().map_err(broken)? {
        let (row, column) = read.get_position();
        if hidden.has_row(row) || hidden.has_column(column) {
            continue;
        }
        let text = match read.get_value() {
            DataRef::Empty => continue,
            // Many cells may share a long text: its length is looked at before it is copied.
            DataRef::SharedString(text) if length + text.len() > MOST_TEXT => {
                return Err(AppError::Conflict(LARGE));
            }
            DataRef::SharedString(text) => (*text).to_owned(),
            other => cell(&Data::from(other.clone())),
        };
        (cells, length) = (cells + 1, length + text.len());
        if cells > MOST_CELLS || length > MOST_TEXT || Instant::now() > until {
            return Err(AppError::Conflict(LARGE));
        }
        found.entry(row).or_default().push((column, text));
    }
    laid_out(found)
}

/// Cells, by their places from 0, as a table of rows that are as wide as the widest.
fn laid_out(found: BTreeMap<u32, Vec<(u32, String)>>) -> Result<Sheet> {
    let columns = || found.values().flatten().map(|(column, _)| *column);
    let (Some(first), Some(last)) = (columns().min(), columns().max()) else { return Ok(Sheet::default()) };
    let width = (last - first) as usize + 1;
    let shown = width.min(MOST_COLUMNS);
    if found.len().saturating_mul(shown) > MOST_CELLS {
        return Err(AppError::Conflict(LARGE));
    }
    let row = |cells: Vec<(u32, String)>| {
        let mut row = vec![String::new(); shown];
        for (column, text) in cells {
            if let Some(place) = row.get_mut((column - first) as usize) {
                *place = text;
            }
        }
        row
    };
    let rows = found.into_values().map(row).collect();
    Ok(Sheet { rows, first: first as usize + 1, width, ..Sheet::default() })
}

/// A cell as it is read, without what it is computed from.
fn cell(data: &Data) -> String {
    match data {
        Data::DateTime(_) | Data::DateTimeIso(_) => data
            .as_datetime()
            .map_or_else(|| data.to_string(), |at| at.to_string().trim_end_matches(" 00:00:00").to_owned()),
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        other => other.to_string(),
    }
}

/// What the name of a new table ends in, by what sets its cells apart; a sheet of a workbook becomes one with commas.
pub fn ending(separator: Option<Separator>) -> &'static str {
    if separator == Some(Separator::Tab) { "tsv" } else { "csv" }
}

/// A table without what stood in the columns.
pub fn columns(
    media_type: &str,
    bytes: &[u8],
    which: Which,
    columns: &BTreeSet<usize>,
    keeps_heading: bool,
) -> Result<Done> {
    let read = read(media_type, bytes, which)?;
    let there = read.first..read.first + read.width.min(MOST_COLUMNS);
    if columns.iter().any(|column| !there.contains(column)) {
        return Err(AppError::field("columns", "error-unknown"));
    }
    let signs: String = std::iter::repeat_n(SIGN, SIGNS).collect();
    // Only what is UTF-8 without the mark goes without: any other encoding becomes this one.
    let is_bare = read.encoding == "UTF-8" && !bytes.starts_with(MARK);
    let begin = if is_bare { Vec::new() } else { MARK.to_vec() };
    let between = read.separator.unwrap_or(Separator::Comma);
    let mut writer = WriterBuilder::new()
        .flexible(true)
        .delimiter(between.byte())
        .terminator(read.ends.terminator())
        .from_writer(begin);
    let rows = read.rows.len();
    for (y, mut row) in read.rows.into_iter().enumerate() {
        let stays = y == 0 && keeps_heading;
        for (column, cell) in (read.first..).zip(&mut row) {
            if columns.contains(&column) && !stays {
                cell.clone_from(&signs);
            }
        }
        make_harmless(&mut row, between);
        writer.write_record(&row).map_err(AppError::internal)?;
    }
    let bytes = writer.into_inner().map_err(|e| AppError::internal(e.to_string()))?;
    let separator = read.separator.map(Separator::as_str);
    let plan = json!({
        "sheet": which.sheet, "separator": separator, "columns": columns, "rows": rows,
        "heading_kept": keeps_heading,
    });
    Ok(Done { bytes, ending: ending(read.separator).into(), plan, removed: columns.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(media_type: &str, bytes: &[u8], chosen: &[usize], keeps_heading: bool) -> String {
        let chosen = chosen.iter().copied().collect();
        let done = columns(media_type, bytes, Which::sheet(1), &chosen, keeps_heading).expect("a table");
        String::from_utf8(done.bytes).expect("UTF-8")
    }

    #[test]
    fn the_columns_are_gone_and_no_formula_stays() {
        let file = "姓名,电话,备注\n张某,13800000000,=1+1\n李某\n";
        assert_eq!(text("text/csv", file.as_bytes(), &[2], true), "姓名,电话,备注\n张某,■■■,'=1+1\n李某\n");
        let gb = encoding_rs::GB18030.encode(file).0;
        assert!(text("text/csv", &gb, &[1, 2], false).starts_with("\u{FEFF}■■■,■■■,备注\n■■■,■■■,"));
        let tabs = file.replace(',', "\t");
        assert!(
            text("text/tab-separated-values", tabs.as_bytes(), &[3], false)
                .contains("张某\t13800000000\t■■■")
        );
    }

    #[test]
    fn a_sheet_of_a_workbook_becomes_a_table_by_the_letters_of_its_columns() {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().write_string(0, 0, "另一张").expect("a cell");
        let page = book.add_worksheet();
        for (y, row) in [["姓名", "证件"], ["张某", "11010119900101"]].iter().enumerate() {
            for (x, cell) in row.iter().enumerate() {
                let at = (u32::try_from(y + 1).expect("few"), u16::try_from(x + 1).expect("few"));
                page.write_string(at.0, at.1, *cell).expect("a cell");
            }
        }
        page.write_formula(2, 3, rust_xlsxwriter::Formula::new("=1+1").set_result("2")).expect("a cell");
        let bytes = book.save_to_buffer().expect("a workbook");
        assert_eq!(sheets(XLSX, &bytes).expect("names").len(), 2);
        let sheet = read(XLSX, &bytes, Which::sheet(2)).expect("a sheet");
        assert_eq!((sheet.first, sheet.width, sheet.rows.len()), (2, 3, 2));
        let done = columns(XLSX, &bytes, Which::sheet(2), &BTreeSet::from([3]), false).expect("a table");
        let text = String::from_utf8(done.bytes).expect("UTF-8");
        assert!(text.contains("姓名,■■■") && text.contains("张某,■■■"), "{text}");
        assert!(!text.contains("110101") && !text.contains('='), "{text}");
        for (sheet, column) in [(3, 2), (0, 2), (2, 1), (2, 5)] {
            let done = columns(XLSX, &bytes, Which::sheet(sheet), &BTreeSet::from([column]), false);
            assert!(matches!(done, Err(AppError::Invalid(_))), "{sheet} {column}");
        }
        assert!(matches!(read(XLSX, b"PK", Which::sheet(1)), Err(AppError::Conflict(UNREADABLE))));
    }

    #[test]
    fn a_list_is_split_where_it_is_set_apart() {
        let file = "姓名;电话\n张某;13800000000\n";
        let written = text("text/csv", file.as_bytes(), &[2], true);
        assert_eq!(written, "姓名;电话\n张某;■■■\n");
    }

    #[test]
    fn a_list_keeps_its_separator_its_line_ends_and_its_mark() {
        for mark in ["", "\u{FEFF}"] {
            for between in [",", ";", "\t"] {
                for end in ["\r\n", "\n", "\r"] {
                    let line = |cells: [&str; 3]| format!("{}{end}", cells.join(between));
                    let quoted = format!("\"a{between}b\"");
                    let head = line(["姓名", "电话", "备注"]);
                    let file = format!("{mark}{head}{}", line(["张某", "138", &quoted]));
                    let wanted = format!("{mark}{head}{}", line(["张某", "■■■", &quoted]));
                    assert_eq!(text("text/csv", file.as_bytes(), &[2], true), wanted, "{file:?}");
                }
            }
        }
    }

    #[test]
    fn the_ending_fits_what_sets_the_cells_apart() {
        for (media_type, file, given, wanted) in [
            ("text/csv", "a,b\n", None, "csv"),
            ("text/csv", "a\tb\n", None, "tsv"),
            (TABS, "a\tb\n", None, "tsv"),
            (TABS, "a;b\n", Some(Separator::Semicolon), "csv"),
        ] {
            let which = Which { sheet: 1, separator: given };
            let done = columns(media_type, file.as_bytes(), which, &BTreeSet::from([2]), false);
            assert_eq!(done.expect("a table").ending, wanted, "{file:?}");
        }
        assert_eq!(ending(None), "csv", "a sheet of a workbook");
    }

    #[test]
    fn a_formula_behind_another_separator_stays_text() {
        let file = "姓名;备注\n张某;甲,=1+1\n";
        assert_eq!(text("text/csv", file.as_bytes(), &[1], true), "姓名;备注\n■■■;甲,'=1+1\n");
    }

    #[test]
    fn a_list_is_split_by_another_sign_where_that_is_said() {
        let file = "姓名|电话,座机\n张某|138,139\n";
        let sheet = read("text/csv", file.as_bytes(), Which::sheet(1)).expect("a table");
        assert_eq!((sheet.separator, sheet.encoding, sheet.width), (Some(Separator::Comma), "UTF-8", 2));
        let which = Which { sheet: 1, separator: Some(Separator::Bar) };
        let done = columns("text/csv", file.as_bytes(), which, &BTreeSet::from([2]), true).expect("a table");
        assert_eq!(done.plan["separator"], "bar");
        let text = String::from_utf8(done.bytes).expect("UTF-8");
        assert_eq!(text, "姓名|电话,座机\n张某|■■■\n");
        let tabs = read("text/tab-separated-values", b"a\tb\n", Which::sheet(1)).expect("a table");
        assert_eq!(tabs.separator, Some(Separator::Tab));
    }

    #[test]
    fn what_a_workbook_hides_is_not_in_the_table() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let page = book.add_worksheet();
        for (y, row) in (0u32..).zip([["甲", "列藏", "乙"], ["行藏", "行藏", "行藏"], ["丙", "列藏", "丁"]])
        {
            for (x, cell) in (0u16..).zip(row) {
                page.write_string(y, x, cell).expect("a cell");
            }
        }
        page.set_row_hidden(1).expect("a row");
        page.set_column_hidden(1).expect("a column");
        let bytes = book.save_to_buffer().expect("a workbook");
        let written = text(XLSX, &bytes, &[3], true);
        assert_eq!(written, "\u{FEFF}甲,,乙\r\n丙,,■■■\r\n");
    }

    #[test]
    fn columns_that_cannot_be_chosen_are_not_written() {
        let wide = format!("{}秘密\n", "x,".repeat(MOST_COLUMNS));
        let sheet = read("text/csv", wide.as_bytes(), Which::sheet(1)).expect("a table");
        assert_eq!((sheet.width, sheet.rows[0].len()), (MOST_COLUMNS + 1, MOST_COLUMNS));
        let written = text("text/csv", wide.as_bytes(), &[1], false);
        assert!(written.contains("x,x") && !written.contains("秘密"));
        let none =
            columns("text/csv", wide.as_bytes(), Which::sheet(1), &BTreeSet::from([MOST_COLUMNS + 1]), false);
        assert!(matches!(none, Err(AppError::Invalid(_))));
    }

    #[test]
    fn two_cells_far_apart_take_no_more_than_two_cells() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let page = book.add_worksheet();
        page.write_string(0, 0, "近").expect("a cell");
        page.write_string(1_048_575, 16_383, "远").expect("a cell");
        let sheet =
            read(XLSX, &book.save_to_buffer().expect("a workbook"), Which::sheet(1)).expect("a sheet");
        assert_eq!((sheet.rows.len(), sheet.rows[0].len(), sheet.width), (2, MOST_COLUMNS, 16_384));
        assert!(sheet.rows.iter().flatten().all(|cell| cell != "远"));
    }

    #[test]
    fn a_text_that_cells_share_counts_for_each_of_them() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let page = book.add_worksheet();
        let long = "x".repeat(32_000);
        for row in 0..=(MOST_TEXT / long.len()) {
            page.write_string(u32::try_from(row).expect("few"), 0, &long).expect("a cell");
        }
        let bytes = book.save_to_buffer().expect("a workbook");
        assert!(matches!(read(XLSX, &bytes, Which::sheet(1)), Err(AppError::Conflict(LARGE))));
    }
}
