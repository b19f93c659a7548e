//! Cells that no spreadsheet computes, whatever it splits the list at. Pure.
//!
//! A program that splits at another sign than the list's own sees other cells: they begin behind that sign in the middle of ours, and
//! quotation marks do not hold them together, as those count only where a cell begins. So what would begin a formula is kept as
//! text behind every sign that any program splits at.

use super::model::Separator;
use crate::platform::sheet::{FORMULA, harmless};

/// What a formula can't do harm without: a call, another program (`cmd|'…'!A0`), another file.
const REACHES: [char; 4] = ['(', '（', '|', '!'];

/// Makes the cells of a row harmless.
pub fn make_harmless(row: &mut [String], between: Separator) {
    // To a program that splits elsewhere, what begins with a number below nought may go on with the next cells.
    let reaches = between == Separator::Bar || row.iter().any(|cell| cell.contains(REACHES));
    for cell in row {
        if reaches || !is_negative(cell) {
            *cell = kept_as_text(cell);
        }
    }
}

/// Whether it is a plain number below nought, which stays a number.
fn is_negative(cell: &str) -> bool {
    cell.starts_with('-') && harmless(cell) == cell
}

/// What begins a formula gets a quotation mark before it: at the beginning, and behind what any program may split at, also where
/// blanks or marks of quoted cells stand between.
fn kept_as_text(cell: &str) -> String {
    let is_control = |sign: char| matches!(sign, '\t' | '\r' | '\n');
    let mut kept = String::with_capacity(cell.len() + 1);
    if cell.starts_with(is_control) {
        kept.push('\'');
    }
    let mut begins = true;
    for sign in cell.chars() {
        if begins && FORMULA.contains(&sign) && !is_control(sign) {
            kept.push('\'');
        }
        kept.push(sign);
        begins = splits(sign) || begins && (sign == '"' || sign.is_whitespace());
    }
    kept
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

/// Whether a cell or a row may begin behind it.
fn splits(sign: char) -> bool {
    matches!(sign, '\r' | '\n') || Separator::ALL.iter().any(|one| char::from(one.byte()) == sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str], between: Separator) -> Vec<String> {
        let mut row: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
        make_harmless(&mut row, between);
        row
    }

    #[test]
    fn no_cell_begins_a_formula_whatever_it_is_split_at() {
        for between in Separator::ALL.iter().copied() {
            for (cell, wanted) in [
                ("=1+1", "'=1+1"),
                (" =1+1", " '=1+1"),
                ("\t=1", "'\t'=1"),
                ("＝甲", "'＝甲"),
                ("甲,=1+1", "甲,'=1+1"),
                ("甲;@甲", "甲;'@甲"),
                ("甲\t+1", "甲\t'+1"),
                ("甲|-1+1", "甲|'-1+1"),
                ("甲,\"=1+1\"", "甲,\"'=1+1\""),
                ("甲, \"\"=1", "甲, \"\"'=1"),
                ("甲\r\n=1", "甲\r\n'=1"),
                ("甲,=1;=2", "甲,'=1;'=2"),
                ("a=b, c-d", "a=b, c-d"),
                ("1,184.00", "1,184.00"),
                ("-1,250.00", "-1,250.00"),
                ("2016-05-04", "2016-05-04"),
                ("", ""),
            ] {
                if between == Separator::Bar && cell.starts_with('-') {
                    continue;
                }
                assert_eq!(row(&[cell], between), [wanted], "{cell:?}");
            }
        }
    }

    #[test]
    fn a_number_below_nought_begins_no_formula_of_several_cells() {
        assert_eq!(row(&["-1", "甲", "-3%"], Separator::Tab), ["-1", "甲", "-3%"]);
        assert_eq!(row(&["-1", "*cmd|' /C'!A0"], Separator::Tab), ["'-1", "*cmd|' /C'!A0"]);
        assert_eq!(row(&["-1", "甲"], Separator::Bar), ["'-1", "甲"]);
    }

    #[test]
    fn columns_have_the_letters_of_spreadsheets() {
        for (column, wanted) in [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (703, "AAA")] {
            assert_eq!(letters(column), wanted);
        }
    }

    /// As a program splits that takes quotation marks only where a cell begins.
    fn split(list: &str, at: Separator) -> Vec<String> {
        let mut builder = csv::ReaderBuilder::new();
        builder.has_headers(false).flexible(true).delimiter(at.byte());
        let mut cells = Vec::new();
        for record in builder.from_reader(list.as_bytes()).records() {
            cells.extend(record.expect("a row").iter().map(str::to_owned));
        }
        cells
    }

    #[test]
    fn a_written_list_holds_no_formula_for_any_reader() {
        let cells = ["甲,=1+1", "乙;\"=1+1\"", "丙\t@甲(1)", "丁|=1\n=2", "=3", "-4", "戊"];
        for between in Separator::ALL.iter().copied() {
            let mut writer = csv::WriterBuilder::new().delimiter(between.byte()).from_writer(Vec::new());
            writer.write_record(row(&cells, between)).expect("a row");
            let list = String::from_utf8(writer.into_inner().expect("a list")).expect("UTF-8");
            for at in Separator::ALL.iter().copied() {
                for cell in split(&list, at) {
                    let begin = cell.trim_start_matches(|sign: char| sign == '"' || sign.is_whitespace());
                    assert!(!begin.starts_with(FORMULA), "{between} at {at}: {cell:?} of {list:?}");
                }
            }
        }
    }
}
