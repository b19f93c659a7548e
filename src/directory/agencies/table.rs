//! Agencies as a CSV table: its columns, reading and writing. What is written can be read again.

pub use crate::platform::http::csv_file::decode;

use super::model::{Contact, Input};
use crate::platform::{
    error::{AppError, FieldError, Result},
    export::About,
    i18n::{self, Lang},
    sheet::{self, FORMULA},
};

/// Columns in the order of an export; an import may leave out and reorder them.
pub const COLUMNS: [&str; 24] = [
    "code",
    "name_zh",
    "name_en",
    "type",
    "level",
    "region",
    "parent",
    "takes",
    "channel",
    "addressee",
    "address",
    "phone",
    "email",
    "ack_days",
    "accept_days",
    "valid_from",
    "valid_to",
    "successor",
    "contact_name",
    "contact_title",
    "contact_phone",
    "contact_email",
    "note",
    "source",
];

/// The fields that an agency's form changes, without its contacts: the code stays as it is.
pub fn changeable() -> impl Iterator<Item = &'static str> {
    COLUMNS.into_iter().filter(|column| *column != "code" && !column.starts_with("contact_"))
}

/// The field of the form that a column fills.
pub fn field(column: &str) -> String {
    match column.strip_prefix("contact_") {
        Some(part) => format!("contacts[0].{part}"),
        None => column.to_owned(),
    }
}

/// What a column is called in a file for readers of this language.
fn head_of(column: &str, lang: Lang) -> String {
    let name = column.replace("contact_", "contacts-").replace('_', "-");
    i18n::t(lang, &format!("agency-field-{name}"))
}

/// The column that a head means: by its own name, or as a file in either language heads it.
fn column_of(head: &str) -> Option<&'static str> {
    let is_it =
        |column: &&str| *column == head || Lang::ALL.into_iter().any(|lang| head_of(column, lang) == head);
    COLUMNS.into_iter().find(is_it)
}

/// A cell that no spreadsheet takes for a formula: an apostrophe goes before what looks like one.
fn safe(value: &str) -> String {
    if value.starts_with(FORMULA) { format!("'{value}") } else { value.to_owned() }
}

/// Takes the apostrophe of [`safe`] away again.
fn plain(value: &str) -> &str {
    match value.strip_prefix('\'') {
        Some(rest) if rest.starts_with(FORMULA) => rest,
        _ => value,
    }
}

/// The agencies as CSV with heads in this language, with a byte order mark so that spreadsheets see that it is UTF-8. What
/// stands in the cells is the same in both languages.
///
/// # Errors
/// `Internal` when writing to memory fails.
pub fn write(inputs: &[Input], lang: Lang) -> Result<Vec<u8>> {
    let mut writer = sheet::csv_writer("\u{FEFF}".as_bytes().to_vec());
    writer.write_record(COLUMNS.map(|column| head_of(column, lang))).map_err(AppError::internal)?;
    for input in inputs {
        let pairs = input.pairs();
        let none = Contact::default();
        let contact = input.contacts.first().unwrap_or(&none);
        let cell = |column: &&str| match *column {
            "takes" => input.takes.join(";"),
            "contact_name" => contact.name.clone(),
            "contact_title" => contact.title.clone(),
            "contact_phone" => contact.phone.clone(),
            "contact_email" => contact.email.clone(),
            name => pairs.iter().find(|(n, _)| n == name).map_or_else(String::new, |(_, v)| v.clone()),
        };
        writer.write_record(COLUMNS.iter().map(|c| safe(&cell(c)))).map_err(AppError::internal)?;
    }
    writer.into_inner().map_err(|e| AppError::internal(e.to_string()))
}

/// A line of a file: its number, and its cells by the form's fields, in file order.
pub struct Line {
    pub number: u64,
    pub cells: Vec<(String, String)>,
    /// What is wrong with the cells that a spreadsheet would take for a formula.
    pub formulas: Vec<FieldError>,
}

/// A fault with the line that it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub line: u64,
    pub error: FieldError,
}

impl Fault {
    pub fn new(line: u64, error: FieldError) -> Self {
        Self { line, error }
    }

    /// The file's column; empty where it is about the file or the line as a whole.
    pub fn column(&self) -> String {
        if self.error.field == "csv" { String::new() } else { self.heading() }
    }

    /// Line and column, e.g. `7, parent`.
    pub fn place(&self) -> String {
        format!("{}, {}", self.line, self.heading())
    }

    /// The form's field as the file heads it.
    fn heading(&self) -> String {
        self.error.field.replace("contacts[0].", "contact_")
    }
}

/// The lines of a file, or what is wrong with it as a table. What an export says of itself below its rows is no line.
pub fn read(text: &str) -> Result<Vec<Line>, Vec<Fault>> {
    // What stands below the rows has fewer cells; a row of them is a fault all the same.
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let broken = |e: &csv::Error| {
        let line = sheet::Lines::new(text).of(e.position());
        vec![Fault::new(line, FieldError::new("csv", "error-table-broken"))]
    };
    let heads: Vec<String> = match reader.headers() {
        Ok(heads) => heads.iter().map(|head| head.trim().to_owned()).collect(),
        Err(e) => return Err(broken(&e)),
    };
    let mut faults: Vec<Fault> = heads
        .iter()
        .filter(|head| column_of(head).is_none())
        .map(|head| Fault::new(1, FieldError::new(head.clone(), "error-table-column")))
        .collect();
    let columns: Vec<&str> = heads.iter().filter_map(|head| column_of(head)).collect();
    if !columns.contains(&"code") {
        faults.push(Fault::new(1, FieldError::new("code", "error-table-column-missing")));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut lines = Vec::new();
    let mut numbers = sheet::Lines::new(text);
    for record in reader.records() {
        let record = record.map_err(|e| broken(&e))?;
        if is_end(&record) {
            break;
        }
        let number = numbers.of(record.position());
        if record.len() != columns.len() {
            return Err(vec![Fault::new(number, FieldError::new("csv", "error-table-broken"))]);
        }
        let (mut cells, mut formulas) = (Vec::new(), Vec::new());
        for (column, value) in columns.iter().zip(&record) {
            let value = plain(value.trim());
            if value.starts_with(['=', '@']) {
                formulas.push(FieldError::new(field(column), "error-table-formula"));
            }
            cells.push((field(column), value.to_owned()));
        }
        if cells.iter().any(|(_, value)| !value.is_empty()) {
            lines.push(Line { number, cells, formulas });
        }
    }
    Ok(lines)
}

/// Whether a record is the head of what an export says of itself: alone in its row, however a spreadsheet saved it.
fn is_end(record: &csv::StringRecord) -> bool {
    let mut cells = record.iter().map(str::trim);
    cells.next().is_some_and(About::is_head) && cells.all(str::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_is_no_formula() {
        let input = Input {
            code: "X-1".into(),
            name_zh: "=1+1".into(),
            phone: "+86 10 1234".into(),
            takes: vec!["patent".into(), "trademark".into()],
            contacts: vec![Contact { name: "张某".into(), ..Contact::default() }],
            ..Input::default()
        };
        let text = decode(&write(&[input], Lang::En).unwrap());
        assert!(text.starts_with("Code,Chinese name,English name,Type,"), "{text}");
        assert!(text.contains(",'=1+1,") && text.contains(",'+86 10 1234,"));
        assert!(text.lines().count() == 2 && text.matches("\r\n").count() == 2);
        let lines = read(&text).ok().unwrap();
        assert_eq!((lines[0].number, lines[0].formulas[0].code), (2, "error-table-formula"));
        let lines = read(&text.replace("'=1+1", "甲")).ok().unwrap();
        let cell = |name: &str| lines[0].cells.iter().find(|(n, _)| n == name).unwrap().1.clone();
        assert_eq!((cell("phone"), cell("takes")), ("+86 10 1234".into(), "patent;trademark".into()));
        assert_eq!(cell("contacts[0].name"), "张某");
    }

    #[test]
    fn what_a_form_changes_is_what_a_file_has_but_the_code_and_the_contact() {
        let fields: Vec<&str> = changeable().collect();
        assert_eq!((fields.len(), fields.first(), fields.last()), (19, Some(&"name_zh"), Some(&"source")));
    }

    #[test]
    fn heads_are_read_in_either_language_and_what_a_file_says_of_itself_is_no_line() {
        for (n, column) in COLUMNS.into_iter().enumerate() {
            for lang in Lang::ALL {
                assert_eq!(column_of(&head_of(column, lang)), Some(column));
                assert!(COLUMNS[..n].iter().all(|other| head_of(other, lang) != head_of(column, lang)));
            }
        }
        let input = Input { code: "X-1".into(), name_zh: "某局".into(), ..Input::default() };
        for lang in Lang::ALL {
            let file = decode(&write(std::slice::from_ref(&input), lang).unwrap());
            let about = i18n::t(lang, "export-about");
            // As it leaves, and as a spreadsheet saves it.
            for end in
                [format!("\r\n{about}\r\nx,1\r\n"), format!("{0}\r\n{about}{0}\r\nx,1\r\n", ",".repeat(23))]
            {
                let lines = read(&format!("{file}{end}")).ok().unwrap();
                assert_eq!((lines.len(), lines[0].cells[1].1.as_str()), (1, "某局"), "{end}");
            }
            let faults = read(&format!("{file}X-2,乙\r\n")).err().unwrap();
            assert_eq!((faults[0].line, faults[0].error.code), (3, "error-table-broken"));
        }
    }

    #[test]
    fn a_file_of_a_chinese_spreadsheet_is_read() {
        let (bytes, ..) = encoding_rs::GB18030.encode("code,name_zh\nX-1,广州市\n");
        let lines = read(&decode(&bytes)).ok().unwrap();
        assert_eq!(lines[0].cells[1].1, "广州市");
    }

    #[test]
    fn unknown_and_missing_columns_are_named() {
        let faults = read("kode,name_zh\nX,Y\n").err().unwrap();
        let named: Vec<_> = faults.iter().map(|f| (f.error.field.as_str(), f.error.code)).collect();
        assert_eq!(named, [("kode", "error-table-column"), ("code", "error-table-column-missing")]);
    }
}
