//! Tables as files: CSV with a byte-order mark, so that spreadsheets read Chinese, and XLSX with numbers as numbers.
//! A text that a spreadsheet would take for a formula is quoted.

use std::panic::{AssertUnwindSafe, catch_unwind};

use actix_web::{HttpResponse, http::header};
use rust_xlsxwriter::{Format, Workbook, Worksheet};

use super::error::{AppError, Plain, Result};

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Text(String),
    Count(i64),
    /// In fen; written in yuan with two decimals.
    Fen(i64),
    Empty,
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// A table with its name.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub name: String,
    pub head: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

/// The media type of a workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// The media type of CSV.
pub const CSV: &str = "text/csv; charset=utf-8";

/// The most characters that a cell of a workbook takes.
const LONGEST: usize = 32_767;

/// What would begin a formula in a spreadsheet; Chinese versions take the full-width signs too.
pub const FORMULA: [char; 11] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n'];

/// A text that a spreadsheet would take for a formula is kept as text by a quotation mark before it. A plain number or
/// percentage below nought is none; whatever begins with a plus is, as a telephone number would lose it.
pub fn harmless(text: &str) -> String {
    if text.starts_with(FORMULA) && !is_negative(text) { format!("'{text}") } else { text.to_owned() }
}

/// Whether it is a minus with a plain number behind it: `-1,250.00`, `-3%`.
fn is_negative(text: &str) -> bool {
    let Some(number) = text.strip_prefix('-') else { return false };
    let number = number.strip_suffix('%').unwrap_or(number);
    let (whole, rest) = number.split_once('.').map_or((number, None), |(whole, rest)| (whole, Some(rest)));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    whole.starts_with(|c: char| c.is_ascii_digit())
        && whole.bytes().all(|b| b.is_ascii_digit() || b == b',')
        && rest.is_none_or(is_digits)
}

/// The text as far as a cell takes it, with a sign where it was cut.
pub fn fitting(text: &str) -> std::borrow::Cow<'_, str> {
    if text.encode_utf16().count() <= LONGEST {
        return text.into();
    }
    let mut left = LONGEST - 1;
    let kept = text.chars().take_while(|c| {
        let fits = c.len_utf16() <= left;
        left = left.saturating_sub(c.len_utf16());
        fits
    });
    let mut cut: String = kept.collect();
    cut.push('…');
    cut.into()
}

/// The cell as CSV has it.
pub fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => harmless(text),
        Cell::Count(n) => n.to_string(),
        Cell::Fen(fen) => super::money::Fen(*fen).to_string(),
        Cell::Empty => String::new(),
    }
}

/// A writer of CSV behind what `file` holds already. Every such file ends its lines in CRLF, as RFC 4180 has it.
pub fn csv_writer(file: Vec<u8>) -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(file)
}

/// The lines of a CSV file, told in the order of its records. The reader's own count stands before the line feed of a
/// CRLF and before empty lines, so it names the line before.
pub struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), at: 0, line: 1 }
    }

    /// The line, from 1, in which the record at this position begins; positions come in rising order.
    pub fn of(&mut self, position: Option<&csv::Position>) -> u64 {
        let begin = position.map_or(0, |p| usize::try_from(p.byte()).unwrap_or(usize::MAX));
        while let Some(&byte) = self.text.get(self.at) {
            let ends = byte == b'\r' || byte == b'\n';
            if self.at >= begin && !ends {
                break;
            }
            self.at += 1;
            if byte == b'\n' || (byte == b'\r' && self.text.get(self.at) != Some(&b'\n')) {
                self.line += 1;
            }
        }
        self.line
    }
}

/// The tables one below the other, each under its name where there are several.
///
/// # Errors
/// `Internal` when it can't be written.
pub fn csv(sheets: &[Sheet]) -> Result<Vec<u8>> {
    let mut file = b"\xEF\xBB\xBF".to_vec();
    for (n, sheet) in sheets.iter().enumerate() {
        if n > 0 {
            file.extend(b"\r\n");
        }
        let mut writer = csv_writer(file);
        if sheets.len() > 1 {
            writer.write_record([harmless(&sheet.name)]).map_err(AppError::internal)?;
        }
        writer.write_record(&sheet.head).map_err(AppError::internal)?;
        for row in &sheet.rows {
            writer.write_record(row.iter().map(plain)).map_err(AppError::internal)?;
        }
        file = writer.into_inner().map_err(|e| AppError::internal(e.to_string()))?;
    }
    Ok(file)
}

/// An empty workbook. Each page opens a file in the system's folder for temporary files, even if it writes its rows
/// elsewhere or nowhere; that none can be made is said here, where it is no panic yet.
///
/// # Errors
/// `Internal` where that folder can't be written in; `Full` where it takes no more.
pub fn workbook() -> Result<Workbook> {
    drop(tempfile::tempfile()?);
    Ok(Workbook::new())
}

/// Builds a workbook whose rows go into files. Its library panics where such a file can't be written: the disk may be
/// full, which is no error of ours.
///
/// # Errors
/// Those of `build`; `Full` where no room was left; `Internal` when it panicked over something else.
pub fn caught<T>(build: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(build)).unwrap_or_else(|cause| {
        let told = cause.downcast_ref::<String>().map(String::as_str);
        let told = told.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("no words");
        Err(broken(format!("a workbook was not built: {told}")))
    })
}

/// Why a workbook was not written, of what the library or the system says about it: only the words tell a full disk.
pub fn broken(told: impl std::fmt::Display) -> AppError {
    let told = told.to_string();
    let is_full = ["No space left on device", "Disk quota exceeded"].iter().any(|words| told.contains(words));
    if is_full { AppError::Full(told) } else { AppError::internal(Plain(told)) }
}

/// What a sheet of this name is called: the format takes at most 31 characters, and some of them nowhere.
pub fn name_of(name: &str) -> String {
    name.chars().map(|c| if "[]:*?/\\".contains(c) { ' ' } else { c }).take(31).collect()
}

/// A workbook with a sheet a table.
///
/// # Errors
/// `Internal` when it can't be written.
pub fn xlsx(sheets: &[Sheet]) -> Result<Vec<u8>> {
    let mut book = workbook()?;
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(name_of(&sheet.name)).map_err(AppError::internal)?;
        fill(page, sheet)?;
    }
    book.save_to_buffer().map_err(AppError::internal)
}

/// How the cells of a workbook look.
pub struct Looks {
    head: Format,
    count: Format,
    money: Format,
}

impl Default for Looks {
    fn default() -> Self {
        Self {
            head: Format::new().set_bold(),
            count: Format::new().set_num_format("#,##0"),
            money: Format::new().set_num_format("#,##0.00"),
        }
    }
}

/// Writes the names of the columns; they stay in sight.
///
/// # Errors
/// `Internal` when they can't be written.
pub fn put_head(page: &mut Worksheet, head: &[String], looks: &Looks) -> Result<()> {
    for (x, name) in (0u16..).zip(head) {
        page.write_string_with_format(0, x, name, &looks.head).map_err(AppError::internal)?;
    }
    page.set_freeze_panes(1, 0).map_err(AppError::internal)?;
    Ok(())
}

/// Writes a cell into its row and column.
///
/// # Errors
/// `Internal` when it can't be written.
pub fn put(page: &mut Worksheet, (y, x): (u32, u16), cell: &Cell, looks: &Looks) -> Result<()> {
    let written = match cell {
        Cell::Text(text) => page.write_string(y, x, fitting(text)),
        Cell::Count(n) => page.write_number_with_format(y, x, *n as f64, &looks.count),
        Cell::Fen(fen) => page.write_number_with_format(y, x, *fen as f64 / 100.0, &looks.money),
        Cell::Empty => return Ok(()),
    };
    written.map_err(AppError::internal)?;
    Ok(())
}

fn fill(page: &mut Worksheet, sheet: &Sheet) -> Result<()> {
    let looks = Looks::default();
    put_head(page, &sheet.head, &looks)?;
    for (y, row) in (1u32..).zip(&sheet.rows) {
        for (x, cell) in (0u16..).zip(row) {
            put(page, (y, x), cell, &looks)?;
        }
    }
    page.autofit();
    Ok(())
}

/// A file to be downloaded.
pub fn download(bytes: Vec<u8>, media: &str, name: &str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(media)
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_named_by_its_line_whatever_ends_the_lines() {
        let text = "a,b\n1,\"two\nlines\"\n\n3,4\n";
        for end in ["\n", "\r\n", "\r"] {
            let text = text.replace('\n', end);
            let mut lines = Lines::new(&text);
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let found: Vec<u64> = reader.records().map(|r| lines.of(r.unwrap().position())).collect();
            assert_eq!(found, [2, 5], "{end:?}");
        }
    }

    // Elsewhere no file is always full.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_panic_over_a_full_disk_is_told_as_one() {
        use std::io::Write;

        let mut full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let done = caught(|| {
            full.write_all(b"row").expect("Couldn't write to xml file");
            Ok(())
        });
        assert!(matches!(done, Err(AppError::Full(_))), "{done:?}");
        let done: Result<()> = caught(|| panic!("another reason"));
        assert!(matches!(done, Err(AppError::Internal(_))), "{done:?}");
        assert!(caught(|| Ok(())).is_ok());
    }

    #[test]
    fn every_sign_that_begins_a_formula_is_quoted_and_a_negative_number_is_none() {
        for text in [
            "=1+1",
            "+1",
            "+8613800000000",
            "+18.0%",
            "-甲",
            "-1+1",
            "-1-1",
            "-",
            "--1",
            "-.5",
            "-1.",
            "-1.2.3",
            "-,1",
            "-1e5",
            "-1%%",
            "- 1",
            "@SUM(A1)",
            "＝1",
            "＋1",
            "－1",
            "＠甲",
            "\t=1",
            "\t甲",
            "\r甲",
            "\n甲",
        ] {
            assert_eq!(harmless(text), format!("'{text}"), "{text:?}");
        }
        for text in
            ["-1", "-1250", "-1,250.00", "-3%", "-0.5%", "1", "1,184", "18.0%", "甲", "a=b", "2016-05-04", ""]
        {
            assert_eq!(harmless(text), text, "{text:?}");
        }
    }

    #[test]
    fn a_formula_stays_text_and_numbers_stay_numbers() {
        let sheet = Sheet {
            name: "x".into(),
            head: vec!["标题".into(), "数".into(), "元".into()],
            rows: vec![vec!["=1+1".into(), Cell::Count(1184), Cell::Fen(1_250)]],
        };
        let text = String::from_utf8(csv(std::slice::from_ref(&sheet)).unwrap()).unwrap();
        assert_eq!(text, "\u{FEFF}标题,数,元\r\n'=1+1,1184,12.50\r\n");
        let two = String::from_utf8(csv(&[sheet.clone(), sheet.clone()]).unwrap()).unwrap();
        assert_eq!(two.matches('\n').count(), two.matches("\r\n").count(), "{two:?}");
        assert!(xlsx(&[sheet]).unwrap().starts_with(b"PK"));
    }
}
