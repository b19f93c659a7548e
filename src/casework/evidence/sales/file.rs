//! The rows of a stored table, one after the other: CSV as it streams, a workbook's sheet cell by cell. Blocks.

use std::{
    io::{self, Cursor, Read},
    sync::{Mutex, PoisonError},
};

use calamine::{DataRef, Reader, Xlsx};
use zip::ZipArchive;

use super::{
    model::{Cell, Head, MOST_COLUMNS},
    text::{Decoding, Form, Kind, kind},
};
use crate::{
    casework::evidence::store::Blob,
    platform::{
        error::{AppError, FieldError, Result},
        file_size,
        vault::{Vault, VaultError},
    },
};

/// Bytes of a table, unpacked.
pub const MOST_BYTES: u64 = 64 << 20;
/// A workbook is held in memory as it came.
const MOST_PACKED: u64 = 32 << 20;
/// Characters of a cell that are kept.
const LONGEST_CELL: usize = 1_000;
/// Rows of a table's head.
const FIRST: usize = 12;

/// One workbook is read at a time: it is held in memory with its texts.
static ONE: Mutex<()> = Mutex::new(());

/// What a row is shown to; false: no more of them.
pub type Visit<'a> = dyn FnMut(u64, &[Cell]) -> Result<bool> + 'a;

fn no_table() -> AppError {
    AppError::field("sheet", "error-sales-no-table")
}

fn too_long() -> AppError {
    let fault = FieldError::new("sheet", "error-sales-size").arg("max", file_size::short(MOST_BYTES));
    AppError::Invalid(vec![fault])
}

/// A broken read of the vault is one of the vault; what the reader of a table says is a fault of the table.
fn of_read(blob: &Blob, error: io::Error) -> AppError {
    VaultError::from_io(blob.id.uuid(), error).into()
}

fn open(vault: &Vault, blob: &Blob) -> Result<impl Read + use<>> {
    Ok(vault.open_object(blob.id.uuid(), &blob.wrapped_key)?)
}

fn kind_of(vault: &Vault, blob: &Blob) -> Result<Kind> {
    if blob.size.cast_unsigned() > MOST_BYTES {
        return Err(too_long());
    }
    kind(open(vault, blob)?, MOST_BYTES).map_err(|error| of_read(blob, error))
}

/// Shows the rows of a sheet with their numbers from 1, in their order: those of a spreadsheet, for CSV counted without the
/// lines in which nothing stands.
///
/// # Errors
/// `Invalid` for a file that is no table, or too long; those of `visit` and of the vault.
pub fn walk(vault: &Vault, blob: &Blob, sheet: usize, visit: &mut Visit<'_>) -> Result<()> {
    match kind_of(vault, blob)? {
        Kind::Text(form) => walk_text(vault, blob, form, visit),
        Kind::Archive => {
            let _held = ONE.lock().unwrap_or_else(PoisonError::into_inner);
            walk_sheet(&mut workbook(vault, blob)?, sheet, visit).map(|_| ())
        }
        Kind::Other => Err(no_table()),
        Kind::TooLong => Err(too_long()),
    }
}

/// The first rows of a sheet.
///
/// # Errors
/// As [`walk`]; `Invalid` too where there are not two columns and two rows.
pub fn head(vault: &Vault, blob: &Blob, sheet: usize) -> Result<Head> {
    let mut rows: Vec<(u64, Vec<Cell>)> = Vec::new();
    let mut visit = |row: u64, cells: &[Cell]| -> Result<bool> {
        rows.push((row, cells.to_vec()));
        Ok(rows.len() < FIRST)
    };
    let sheets = match kind_of(vault, blob)? {
        Kind::Text(form) => {
            walk_text(vault, blob, form, &mut visit)?;
            vec![String::new()]
        }
        Kind::Archive => {
            let _held = ONE.lock().unwrap_or_else(PoisonError::into_inner);
            walk_sheet(&mut workbook(vault, blob)?, sheet, &mut visit)?
        }
        Kind::Other => return Err(no_table()),
        Kind::TooLong => return Err(too_long()),
    };
    let head = Head { sheets, rows };
    // A sheet beside the one that is meant may be empty; a text of one column is a note.
    let is_note = head.sheets.len() < 2 && (head.width() < 2 || head.rows.len() < 2);
    if is_note { Err(no_table()) } else { Ok(head) }
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST_CELL).collect()
}

fn walk_text(vault: &Vault, blob: &Blob, form: Form, visit: &mut Visit<'_>) -> Result<()> {
    let text = Decoding::new(open(vault, blob)?, form.encoding);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(form.delimiter)
        .from_reader(text);
    let mut record = csv::StringRecord::new();
    let mut row = 0;
    loop {
        let read = reader.read_record(&mut record);
        let is_more = read.map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(error) => of_read(blob, error),
            _ => no_table(),
        })?;
        if !is_more {
            return Ok(());
        }
        row += 1;
        let cells = record.iter().take(MOST_COLUMNS);
        let cells: Vec<Cell> = cells.map(|text| Cell { text: cut(text), is_formula: false }).collect();
        if !visit(row, &cells)? {
            return Ok(());
        }
    }
}

type Book = Xlsx<Cursor<Vec<u8>>>;

/// Reads a workbook whole, after it was found to be none that unpacks to more than it should.
fn workbook(vault: &Vault, blob: &Blob) -> Result<Book> {
    if blob.size.cast_unsigned() > MOST_PACKED {
        return Err(too_long());
    }
    let mut bytes = Vec::new();
    open(vault, blob)?.take(MOST_PACKED).read_to_end(&mut bytes).map_err(|error| of_read(blob, error))?;
    // The sizes that an archive tells of itself may be wrong: it is unpacked once, into nothing.
    unpack(&bytes)?;
    calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|_: calamine::XlsxError| no_table())
}

/// Reads everything in an archive, and refuses one in which there is too much.
fn unpack(bytes: &[u8]) -> Result<()> {
    let mut left = MOST_BYTES;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| no_table())?;
    for place in 0..archive.len() {
        let file = archive.by_index(place).map_err(|_| no_table())?;
        let read = io::copy(&mut file.take(left + 1), &mut io::sink()).map_err(|_| no_table())?;
        left = left.checked_sub(read).ok_or_else(too_long)?;
    }
    Ok(())
}

/// Shows the rows of a sheet; gives the names of all.
fn walk_sheet(book: &mut Book, sheet: usize, visit: &mut Visit<'_>) -> Result<Vec<String>> {
    let names = book.sheet_names();
    let name = names.get(sheet).ok_or_else(|| AppError::field("sheet", "error-unknown"))?;
    let mut reader = book.worksheet_cells_reader(name).map_err(|_| no_table())?;
    let (mut row, mut cells): (u64, Vec<Cell>) = (0, Vec::new());
    loop {
        let next = reader.next_cell_with_formula_metadata().map_err(|_| no_table())?;
        let at = next.as_ref().map(|cell| u64::from(cell.pos.0) + 1);
        if at != Some(row) {
            if row > 0 && !visit(row, &cells)? {
                return Ok(names);
            }
            cells.clear();
            row = at.unwrap_or_default();
        }
        let Some(cell) = next else { return Ok(names) };
        let place = cell.pos.1 as usize;
        if place < MOST_COLUMNS {
            if cells.len() <= place {
                cells.resize(place + 1, Cell::default());
            }
            cells[place] = Cell { text: cut(&shown(&cell.value)), is_formula: cell.formula.is_some() };
        }
    }
}

/// A value as it is read: numbers without what binary fractions add to them.
fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => of_float(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(at) => {
            at.as_datetime().map_or_else(String::new, |at| at.format("%Y-%m-%d %H:%M:%S").to_string())
        }
        DataRef::Error(_) => "#ERROR".to_owned(),
        DataRef::Empty => String::new(),
    }
}

/// Beyond what a double keeps exact a number is told as a rounded one: as an order's it is that of many.
fn of_float(number: f64) -> String {
    const EXACT: f64 = 9_007_199_254_740_991.0;
    let cents = number * 100.0;
    if number.abs() > EXACT {
        format!("{number:.4e}").replace('e', "E+")
    } else if number.fract() == 0.0 {
        format!("{number:.0}")
    } else if (cents - cents.round()).abs() < 1e-4 {
        format!("{number:.2}")
    } else {
        number.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_a_workbook_are_told_as_they_were_written() {
        for (number, told) in [
            (3.0, "3"),
            (0.1 + 0.2, "0.30"),
            (1_299.5, "1299.50"),
            (12.345, "12.345"),
            (1.234_6e18, "1.2346E+18"),
        ] {
            assert_eq!(of_float(number), told);
        }
    }
}
