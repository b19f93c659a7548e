//! What stands in the first sheet of a workbook of leads.

use std::{collections::BTreeMap, path::Path};

use calamine::{Data, DataRef, DataType, Reader};

use super::{MOST, plain};
use crate::{
    casework::evidence::reading::workbook::{self, Unreadable},
    platform::error::Result,
};

/// Bytes of a workbook, unpacked; cells and bytes of text that are read of it.
const MOST_UNPACKED: u64 = 512 << 20;
const MOST_CELLS: usize = 4_000_000;
const MOST_TEXT: usize = 256 << 20;

/// The numbers that a workbook has for days: from 1900 to 9999.
const DAYS: std::ops::Range<f64> = 0.0..2_958_466.0;

fn cell(data: &Data) -> String {
    match data {
        // No day of any calendar, whatever the cell is styled as; what reads days ends there.
        Data::DateTime(at) if !DAYS.contains(&at.as_f64()) => at.as_f64().to_string(),
        Data::DateTime(_) | Data::DateTimeIso(_) => {
            data.as_date().map_or_else(|| data.to_string(), |day| day.to_string())
        }
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        other => other.to_string(),
    }
}

/// The cells of the first sheet that something stands in, by row and column from 0. Whatever the file claims to be, no more is held.
pub(super) fn cells_of(path: &Path) -> Result<BTreeMap<u32, BTreeMap<u32, String>>> {
    let unread =
        |_: Unreadable| plain(format!("{}: this is no XLSX workbook that can be read", path.display()));
    let large = || plain(format!("{}: this workbook is too large", path.display()));
    let bytes = std::fs::read(path).map_err(|e| plain(format!("{}: {e}", path.display())))?;
    let mut book = workbook::open(bytes, MOST_UNPACKED).map_err(|fault| match fault {
        Unreadable::TooLarge | Unreadable::Bomb => large(),
        other => unread(other),
    })?;
    let name = book.sheet_names().into_iter().next();
    let name = name.ok_or_else(|| plain(format!("{}: no sheet", path.display())))?;
    let broken = |error: calamine::XlsxError| unread(workbook::fault(&error));
    let mut cells = book.worksheet_cells_reader(&name).map_err(broken)?;
    let mut found: BTreeMap<u32, BTreeMap<u32, String>> = BTreeMap::new();
    let (mut count, mut length) = (0, 0);
    while let Some(read) = cells.next_cell().map_err(broken)? {
        let (row, column) = read.get_position();
        let text = match read.get_value() {
            DataRef::Empty => continue,
            // Many cells may share a long text: its length is looked at before it is copied.
            DataRef::SharedString(text) if length + text.len() > MOST_TEXT => return Err(large()),
            DataRef::SharedString(text) => (*text).to_owned(),
            other => cell(&Data::from(other.clone())),
        };
        if text.is_empty() {
            continue;
        }
        (count, length) = (count + 1, length + text.len());
        if count > MOST_CELLS || length > MOST_TEXT {
            return Err(large());
        }
        found.entry(row).or_default().insert(column, text);
        // With the heads.
        if found.len() > MOST + 1 {
            return Err(large());
        }
    }
    Ok(found)
}
