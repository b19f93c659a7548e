//! The rows of a stored table, one after the other: CSV as it streams, a workbook's sheet cell by cell. Blocks.

use std::{
    borrow::Cow,
    io::{self, Read},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, TryLockError},
    thread,
    time::{Duration, Instant},
};

use calamine::{DataRef, Reader};
use tokio::sync::Semaphore;

use super::{
    model::{Cell, Head, MOST_COLUMNS},
    text::{Decoding, Form, Kind, kind},
};
use crate::{
    casework::evidence::{
        reading::{
            unzip::Directory,
            workbook::{self, Book, Unreadable},
        },
        store::Blob,
    },
    platform::{
        db::blocking,
        error::{AppError, FieldError, Result},
        file_size,
        vault::{self, Vault, VaultError},
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
/// How long tables are read while somebody waits for a page.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often a job looks whether it is its turn.
const PAUSE: Duration = Duration::from_millis(250);

/// For pages tables are read two at a time: a workbook is held in memory with its texts.
static TURNS: Semaphore = Semaphore::const_new(2);
/// Jobs read one at a time, and keep nobody waiting for a page.
static JOB: Mutex<()> = Mutex::new(());

/// What a row is shown to; false: no more of them.
pub type Visit<'a> = dyn FnMut(u64, &[Cell]) -> Result<bool> + 'a;

/// The stored files.
#[derive(Clone, Copy)]
pub struct Files<'v> {
    vault: &'v Vault,
    /// Until when they are read; `None`: as long as it takes.
    until: Option<Instant>,
}

/// Refuses to go on behind this time.
fn in_time(until: Option<Instant>) -> Result<()> {
    let is_late = until.is_some_and(|until| Instant::now() > until);
    if is_late { Err(AppError::field("sheet", "error-sales-time")) } else { Ok(()) }
}

/// What `work` makes of a library that panics over a file: it is no table.
fn caught<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(no_table()))
}

/// Reads tables for a page, when it is its turn. Whoever asked may hang up meanwhile: the turn is given back when the work is
/// done.
///
/// # Errors
/// Those of `work`; `Invalid` where it takes too long.
pub async fn in_turn<T: Send + 'static>(
    vault: &Vault,
    work: impl FnOnce(&Files<'_>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let turn = TURNS.acquire().await.map_err(AppError::internal)?;
    let vault = vault.clone();
    blocking(move || {
        let files = Files { vault: &vault, until: Some(Instant::now() + PATIENCE) };
        let done = caught(|| work(&files));
        drop(turn);
        done
    })
    .await
}

/// Reads tables for a job, when it is its turn; `beat` is called while it waits. Blocks.
///
/// # Errors
/// Those of `work` and of `beat`.
pub fn in_job<T>(
    vault: &Vault,
    beat: &mut dyn FnMut() -> Result<()>,
    work: impl FnOnce(&Files<'_>, &mut dyn FnMut() -> Result<()>) -> Result<T>,
) -> Result<T> {
    let _turn = loop {
        match JOB.try_lock() {
            Ok(turn) => break turn,
            Err(TryLockError::Poisoned(turn)) => break turn.into_inner(),
            Err(TryLockError::WouldBlock) => {
                beat()?;
                thread::sleep(PAUSE);
            }
        }
    };
    caught(|| work(&Files { vault, until: None }, beat))
}

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

fn open(vault: &Vault, blob: &Blob) -> Result<vault::Reader> {
    Ok(vault.open_object(blob.id.uuid(), &blob.wrapped_key)?)
}

/// Bytes of a table, unpacked, as a workbook's directory claims. Blocks.
///
/// # Errors
/// Those of the vault.
pub fn weight(vault: &Vault, blob: &Blob) -> Result<u64> {
    let packed = blob.size.cast_unsigned();
    if blob.media_type.starts_with("text/") {
        return Ok(packed);
    }
    let unpacked = match Directory::read(&mut open(vault, blob)?) {
        Ok(found) => found.entries.iter().fold(0u64, |sum, entry| sum.saturating_add(entry.unpacked)),
        Err(Unreadable::Store(error)) => return Err(of_read(blob, error)),
        // What is no archive is as long as it is.
        Err(_) => 0,
    };
    Ok(unpacked.max(packed))
}

fn kind_of(files: &Files<'_>, blob: &Blob) -> Result<Kind> {
    if blob.size.cast_unsigned() > MOST_BYTES {
        return Err(too_long());
    }
    kind(open(files.vault, blob)?, MOST_BYTES).map_err(|error| of_read(blob, error))
}

/// Shows the rows of a sheet with their numbers from 1, in their order: those of a spreadsheet, for CSV counted without the
/// lines in which nothing stands.
///
/// # Errors
/// `Invalid` for a file that is no table, or too long; those of `visit` and of the vault.
pub fn walk(files: &Files<'_>, blob: &Blob, sheet: usize, visit: &mut Visit<'_>) -> Result<()> {
    match kind_of(files, blob)? {
        Kind::Text(form) => walk_text(files, blob, form, visit),
        Kind::Archive => walk_sheet(files, &mut book(files, blob)?, sheet, visit).map(|_| ()),
        Kind::Other => Err(no_table()),
        Kind::TooLong => Err(too_long()),
    }
}

/// The first rows of a sheet.
///
/// # Errors
/// As [`walk`]; `Invalid` too where there are not two columns and two rows.
pub fn head(files: &Files<'_>, blob: &Blob, sheet: usize) -> Result<Head> {
    let mut rows: Vec<(u64, Vec<Cell>)> = Vec::new();
    let mut visit = |row: u64, cells: &[Cell]| -> Result<bool> {
        rows.push((row, cells.to_vec()));
        Ok(rows.len() < FIRST)
    };
    let sheets = match kind_of(files, blob)? {
        Kind::Text(form) => {
            walk_text(files, blob, form, &mut visit)?;
            vec![String::new()]
        }
        Kind::Archive => walk_sheet(files, &mut book(files, blob)?, sheet, &mut visit)?,
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

fn walk_text(files: &Files<'_>, blob: &Blob, form: Form, visit: &mut Visit<'_>) -> Result<()> {
    let text = Decoding::new(open(files.vault, blob)?, form.encoding);
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
        in_time(files.until)?;
        row += 1;
        let cells = record.iter().take(MOST_COLUMNS);
        let cells: Vec<Cell> = cells.map(|text| Cell { text: cut(text), is_formula: false }).collect();
        if !visit(row, &cells)? {
            return Ok(());
        }
    }
}

/// Reads a workbook whole, after it was found to be none that takes more than it should.
fn book(files: &Files<'_>, blob: &Blob) -> Result<Book> {
    if blob.size.cast_unsigned() > MOST_PACKED {
        return Err(too_long());
    }
    let mut bytes = Vec::new();
    let file = open(files.vault, blob)?;
    file.take(MOST_PACKED).read_to_end(&mut bytes).map_err(|error| of_read(blob, error))?;
    workbook::open(bytes, MOST_BYTES).map_err(|fault| match fault {
        Unreadable::TooLarge | Unreadable::Bomb => too_long(),
        _ => no_table(),
    })
}

/// Shows the rows of a sheet; gives the names of all.
fn walk_sheet(
    files: &Files<'_>,
    book: &mut Book,
    sheet: usize,
    visit: &mut Visit<'_>,
) -> Result<Vec<String>> {
    let names = book.sheet_names();
    let name = names.get(sheet).ok_or_else(|| AppError::field("sheet", "error-unknown"))?;
    let mut reader = book.worksheet_cells_reader(name).map_err(|_| no_table())?;
    let (mut row, mut cells): (u64, Vec<Cell>) = (0, Vec::new());
    loop {
        in_time(files.until)?;
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

/// A value as it is read: numbers without what binary fractions add to them. A text that many cells share is not copied.
fn shown<'a>(value: &'a DataRef<'_>) -> Cow<'a, str> {
    match value {
        DataRef::Int(number) => number.to_string().into(),
        DataRef::Float(number) => of_float(*number).into(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.as_str().into()
        }
        DataRef::SharedString(text) => Cow::Borrowed(text),
        DataRef::Bool(yes) => yes.to_string().into(),
        DataRef::DateTime(at) => {
            at.as_datetime().map_or_else(String::new, |at| at.format("%Y-%m-%d %H:%M:%S").to_string()).into()
        }
        DataRef::Error(_) => Cow::Borrowed("#ERROR"),
        DataRef::Empty => Cow::Borrowed(""),
    }
}

/// Spreadsheets keep fifteen digits: a longer number is told as a rounded one, as an order's it is that of many.
fn of_float(number: f64) -> String {
    const EXACT: f64 = 999_999_999_999_999.0;
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
    fn a_panic_is_no_table_and_what_takes_too_long_is_told() {
        let made: Result<()> = caught(|| panic!("a library"));
        assert!(matches!(made, Err(AppError::Invalid(faults)) if faults[0].code == "error-sales-no-table"));
        let told = |until| {
            in_time(until).map_err(|error| match error {
                AppError::Invalid(faults) => faults[0].code,
                _ => "",
            })
        };
        assert_eq!(told(None), Ok(()));
        assert_eq!(told(Some(Instant::now() + PATIENCE)), Ok(()));
        let past = Instant::now().checked_sub(Duration::from_millis(1));
        assert_eq!(told(past), Err("error-sales-time"));
    }

    #[test]
    fn numbers_of_a_workbook_are_told_as_they_were_written() {
        for (number, told) in [
            (3.0, "3"),
            (0.1 + 0.2, "0.30"),
            (1_299.5, "1299.50"),
            (12.345, "12.345"),
            (1.234_6e18, "1.2346E+18"),
            (999_999_999_999_999.0, "999999999999999"),
            // Sixteen digits: the last is what the program made of it.
            (1_605_040_000_012_340.0, "1.6050E+15"),
            (-12.0, "-12"),
        ] {
            assert_eq!(of_float(number), told);
        }
    }
}
