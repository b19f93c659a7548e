//! Tables: what stands in the chosen columns gives way to signs, cell by cell, and the whole is written anew as CSV, so that no
//! formula, no hidden sheet, no earlier value and no comment of a workbook comes along.

use std::{collections::BTreeSet, io::Cursor};

use calamine::{Data, DataType, Reader, Xlsx};
use serde_json::json;

use super::{
    file::{Done, LARGE, UNREADABLE},
    model::SIGN,
    text::decode,
};
use crate::platform::{
    error::{AppError, Result},
    sheet::{XLSX, csv_writer, harmless},
};

/// So many signs stand for a cell of any length.
const SIGNS: usize = 3;
/// Cells of a table at most.
const MOST_CELLS: usize = 2_000_000;
/// Bytes that a workbook unpacks to at most.
const MOST_UNPACKED: u64 = 256 << 20;
/// Columns that can be chosen from at most.
pub const MOST_COLUMNS: usize = 400;

/// A sheet as it was read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    pub rows: Vec<Vec<String>>,
    /// The number of the first column, from 1.
    pub first: usize,
    /// How many columns the widest row has.
    pub width: usize,
}

/// The names of a workbook's sheets; none of a file that is one table alone.
///
/// # Errors
/// `Conflict`.
pub fn sheets(media_type: &str, bytes: &[u8]) -> Result<Vec<String>> {
    if media_type == XLSX { Ok(workbook(bytes)?.sheet_names()) } else { Ok(Vec::new()) }
}

fn workbook(bytes: &[u8]) -> Result<Xlsx<Cursor<&[u8]>>> {
    let unreadable = || AppError::Conflict(UNREADABLE);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    let mut unpacked = 0u64;
    for n in 0..archive.len() {
        let part = archive.by_index_raw(n).map_err(|_| unreadable())?;
        unpacked = unpacked.saturating_add(part.size());
    }
    if unpacked > MOST_UNPACKED {
        return Err(AppError::Conflict(LARGE));
    }
    calamine::open_workbook_from_rs::<Xlsx<_>, _>(Cursor::new(bytes)).map_err(|_| unreadable())
}

/// Reads a table; `sheet`: which one of a workbook, from 1.
///
/// # Errors
/// `Conflict`; `Invalid` for a sheet that there is none of.
pub fn read(media_type: &str, bytes: &[u8], sheet: usize) -> Result<Sheet> {
    let read = match media_type {
        XLSX => from_workbook(bytes, sheet)?,
        "text/tab-separated-values" => from_text(bytes, b'\t')?,
        _ => from_text(bytes, b',')?,
    };
    if read.rows.is_empty() { Err(AppError::Conflict(UNREADABLE)) } else { Ok(read) }
}

fn from_text(bytes: &[u8], delimiter: u8) -> Result<Sheet> {
    let (text, _) = decode(bytes).ok_or(AppError::Conflict(UNREADABLE))?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let (mut rows, mut cells): (Vec<Vec<String>>, usize) = (Vec::new(), 0);
    for record in reader.records() {
        let record = record.map_err(|_| AppError::Conflict(UNREADABLE))?;
        cells += record.len();
        if cells > MOST_CELLS {
            return Err(AppError::Conflict(LARGE));
        }
        rows.push(record.iter().map(str::to_owned).collect());
    }
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    Ok(Sheet { rows, first: 1, width })
}

fn from_workbook(bytes: &[u8], sheet: usize) -> Result<Sheet> {
    let mut book = workbook(bytes)?;
    let found = sheet.checked_sub(1).and_then(|n| book.worksheet_range_at(n));
    let range = found.ok_or_else(|| AppError::field("sheet", "error-unknown"))?;
    let range = range.map_err(|_| AppError::Conflict(UNREADABLE))?;
    let (height, width) = range.get_size();
    if height.saturating_mul(width) > MOST_CELLS {
        return Err(AppError::Conflict(LARGE));
    }
    let first = range.start().map_or(1, |(_, column)| column as usize + 1);
    Ok(Sheet { rows: range.rows().map(|row| row.iter().map(cell).collect()).collect(), first, width })
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

/// The letters of a column, from 1: `A`, `Z`, `AA`.
pub fn letters(column: usize) -> String {
    let mut left = column;
    let mut letters = Vec::new();
    while left > 0 {
        let letter = u8::try_from((left - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + letter));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// A table without what stood in the columns.
pub fn columns(
    media_type: &str,
    bytes: &[u8],
    sheet: usize,
    columns: &BTreeSet<usize>,
    keeps_heading: bool,
) -> Result<Done> {
    let read = read(media_type, bytes, sheet)?;
    let there = read.first..read.first + read.width;
    if columns.iter().any(|column| !there.contains(column)) {
        return Err(AppError::field("columns", "error-unknown"));
    }
    let signs: String = std::iter::repeat_n(SIGN, SIGNS).collect();
    let mut writer = csv_writer(b"\xEF\xBB\xBF".to_vec());
    let rows = read.rows.len();
    for (y, mut row) in read.rows.into_iter().enumerate() {
        let stays = y == 0 && keeps_heading;
        for (column, cell) in (read.first..).zip(&mut row) {
            *cell = if columns.contains(&column) && !stays { signs.clone() } else { harmless(cell) };
        }
        writer.write_record(&row).map_err(AppError::internal)?;
    }
    let bytes = writer.into_inner().map_err(|e| AppError::internal(e.to_string()))?;
    let plan = json!({ "sheet": sheet, "columns": columns, "rows": rows, "heading_kept": keeps_heading });
    Ok(Done { bytes, ending: "csv".into(), plan, removed: columns.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(media_type: &str, bytes: &[u8], chosen: &[usize], keeps_heading: bool) -> String {
        let chosen = chosen.iter().copied().collect();
        let done = columns(media_type, bytes, 1, &chosen, keeps_heading).expect("a table");
        String::from_utf8(done.bytes).expect("UTF-8")
    }

    #[test]
    fn the_columns_are_gone_and_no_formula_stays() {
        let file = "姓名,电话,备注\n张某,13800000000,=1+1\n李某\n";
        assert_eq!(
            text("text/csv", file.as_bytes(), &[2], true),
            "\u{FEFF}姓名,电话,备注\r\n张某,■■■,'=1+1\r\n李某\r\n"
        );
        let gb = encoding_rs::GB18030.encode(file).0;
        assert!(text("text/csv", &gb, &[1, 2], false).starts_with("\u{FEFF}■■■,■■■,备注\r\n■■■,■■■,"));
        let tabs = file.replace(',', "\t");
        assert!(
            text("text/tab-separated-values", tabs.as_bytes(), &[3], false).contains("张某,13800000000,■■■")
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
        let sheet = read(XLSX, &bytes, 2).expect("a sheet");
        assert_eq!((sheet.first, sheet.width, sheet.rows.len()), (2, 3, 2));
        let done = columns(XLSX, &bytes, 2, &BTreeSet::from([3]), false).expect("a table");
        let text = String::from_utf8(done.bytes).expect("UTF-8");
        assert!(text.contains("姓名,■■■") && text.contains("张某,■■■"), "{text}");
        assert!(!text.contains("110101") && !text.contains('='), "{text}");
        for (sheet, column) in [(3, 2), (0, 2), (2, 1), (2, 5)] {
            let done = columns(XLSX, &bytes, sheet, &BTreeSet::from([column]), false);
            assert!(matches!(done, Err(AppError::Invalid(_))), "{sheet} {column}");
        }
        assert!(matches!(read(XLSX, b"PK", 1), Err(AppError::Conflict(UNREADABLE))));
    }

    #[test]
    fn columns_have_the_letters_of_spreadsheets() {
        for (column, wanted) in [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (703, "AAA")] {
            assert_eq!(letters(column), wanted);
        }
    }
}
