//! Workbooks (XLSX), opened so that no more is allocated than they are. The library that reads them believes what a file claims:
//! it makes room for as many texts as it says to have, and copies the name of a font and of a format into each style. So every
//! entry is unpacked into nothing first, and then gone through once for such claims. Whatever an entry is called: the library
//! may know it by another name than its directory tells.

use std::{
    collections::{HashMap, HashSet},
    io::{BufRead, BufReader, Cursor},
    ops::RangeInclusive,
    time::{Duration, Instant},
};

use calamine::{Reader, Xlsx, XlsxError};
use quick_xml::{
    Reader as Xml,
    events::{BytesStart, Event},
};

pub use super::bounds::Unreadable;
use super::{bounds::caught, unzip::Directory};

/// A workbook that may be read cell by cell.
pub type Book = Xlsx<Cursor<Vec<u8>>>;

/// So many texts are made room for whatever there are.
const FEW_TEXTS: u64 = 1 << 20;
/// Bytes that a text takes in its part at least: `<si/>`.
const SHORTEST_TEXT: u64 = 5;
/// Texts that cells share.
const MOST_TEXTS: u64 = 3_000_000;
/// Fonts, fills, borders or formats each, and what puts them together; programs write no more than 65,490.
const MOST_STYLES: u64 = 1 << 16;
/// Sheets of a workbook.
const MOST_SHEETS: u64 = 10_000;
/// Links from one part to others.
const MOST_LINKS: u64 = 100_000;
/// Bytes of a tag whose words are kept.
const LONGEST_TAG: usize = 8 << 10;
/// Bytes that all styles take in memory, and one of them without its words.
const MOST_STYLED: u64 = 64 << 20;
const STYLE: u64 = 512;
/// How long one part is gone through.
const PATIENCE: Duration = Duration::from_secs(20);

/// Opens a workbook that unpacks to no more than `most` bytes. Blocks.
///
/// # Errors
/// Why not.
pub fn open(bytes: Vec<u8>, most: u64) -> Result<Book, Unreadable> {
    caught(|| {
        let mut source = Cursor::new(bytes);
        // The library opens it by the directory that was weighed, and by no other.
        let directory = Directory::read(&mut source)?;
        directory.weigh(&mut source, most)?;
        for entry in &directory.entries {
            look_through(BufReader::new(directory.open(&mut source, entry, most)?))?;
        }
        Xlsx::new(Cursor::new(source.into_inner())).map_err(|error| fault(&error))
    })
}

/// What the library says of a workbook that it can't read.
pub fn fault(error: &XlsxError) -> Unreadable {
    match error {
        XlsxError::Password => Unreadable::Locked,
        XlsxError::NotAWorksheet(_) => Unreadable::Unsupported,
        _ => Unreadable::Damaged,
    }
}

/// Set up as the library does: what it would see is seen here.
fn xml<R: BufRead>(content: R) -> Xml<R> {
    let mut xml = Xml::from_reader(content);
    let config = xml.config_mut();
    config.check_end_names = false;
    config.check_comments = false;
    config.expand_empty_elements = true;
    xml
}

/// Shows the opening tags of a part, as far as it can be read.
fn each_tag(
    content: impl BufRead,
    visit: &mut dyn FnMut(&BytesStart<'_>) -> Result<(), Unreadable>,
) -> Result<u64, Unreadable> {
    let until = Instant::now() + PATIENCE;
    let (mut xml, mut piece) = (xml(content), Vec::new());
    let mut count = 0u64;
    loop {
        piece.clear();
        count += 1;
        if count.is_multiple_of(1_024) && Instant::now() > until {
            return Err(Unreadable::TooLarge);
        }
        match xml.read_event_into(&mut piece) {
            Ok(Event::Start(tag)) => visit(&tag)?,
            Ok(Event::Eof) => break,
            Ok(_) => {}
            // A picture, or damaged: the library comes no further either.
            Err(_) if Instant::now() > until => return Err(Unreadable::TooLarge),
            Err(_) => break,
        }
    }
    Ok(xml.buffer_position())
}

/// What a part claims, and what the library would keep of it.
#[derive(Debug, Default)]
struct Claims {
    /// Of texts, as it says.
    texts: u64,
    /// By the names of tags.
    counts: HashMap<&'static str, u64>,
    /// Bytes of the longest name that each style would have.
    longest: usize,
}

/// The tags that something is kept of, and how many there may be.
const KEPT: [(&str, u64); 9] = [
    ("si", MOST_TEXTS),
    ("xf", 2 * MOST_STYLES),
    ("font", MOST_STYLES),
    ("fill", MOST_STYLES),
    ("border", MOST_STYLES),
    ("numFmt", MOST_STYLES),
    ("sheet", MOST_SHEETS),
    ("definedName", MOST_LINKS),
    ("Relationship", MOST_LINKS),
];

impl Claims {
    fn look(&mut self, tag: &BytesStart<'_>) -> Result<(), Unreadable> {
        let local = tag.local_name();
        let name: &str = local.as_ref();
        if let Some((kept, most)) = KEPT.iter().find(|(kept, _)| *kept == name) {
            let count = self.counts.entry(*kept).or_default();
            *count += 1;
            if *count > *most {
                return Err(Unreadable::TooLarge);
            }
        }
        let length = tag.attributes_raw().len();
        match name {
            "sst" => self.texts = self.texts.max(claimed(tag.attributes_raw())),
            "sheet" | "definedName" | "Relationship" if length > LONGEST_TAG => {
                return Err(Unreadable::TooLarge);
            }
            "name" | "numFmt" => self.longest = self.longest.max(length),
            _ => {}
        }
        Ok(())
    }

    /// Whether it fits into a part of so many bytes, and into memory.
    fn check(&self, size: u64) -> Result<(), Unreadable> {
        let styles = self.counts.get("xf").copied().unwrap_or(0);
        // A name of a font and one of a format.
        let styled = styles.saturating_mul(STYLE + 2 * self.longest as u64);
        let is_much = self.texts > FEW_TEXTS.max(size / SHORTEST_TEXT) || self.texts > MOST_TEXTS;
        if is_much || styled > MOST_STYLED { Err(Unreadable::Bomb) } else { Ok(()) }
    }
}

/// The largest number that the attributes call the count of texts.
fn claimed(attributes: &str) -> u64 {
    const NAME: &str = "uniqueCount";
    let number = |at: usize| {
        let rest =
            attributes[at + NAME.len()..].trim_start_matches(['=', '"', '\'', '+', ' ', '\t', '\r', '\n']);
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        // One that is too long for a number is no small one.
        if digits.is_empty() { 0 } else { digits.parse().unwrap_or(u64::MAX) }
    };
    attributes.match_indices(NAME).map(|(at, _)| number(at)).max().unwrap_or(0)
}

fn look_through(content: impl BufRead) -> Result<(), Unreadable> {
    let mut claims = Claims::default();
    let size = each_tag(content, &mut |tag| claims.look(tag))?;
    claims.check(size)
}

/// What a sheet hides, rows and columns from 0.
#[derive(Debug, Default)]
pub struct Hidden {
    rows: HashSet<u32>,
    columns: Vec<RangeInclusive<u32>>,
}

impl Hidden {
    pub fn has_row(&self, row: u32) -> bool {
        self.rows.contains(&row)
    }

    pub fn has_column(&self, column: u32) -> bool {
        self.columns.iter().any(|columns| columns.contains(&column))
    }

    fn look(&mut self, tag: &BytesStart<'_>, row: &mut u32) {
        let is = |name: &str| attribute(tag, name).is_some_and(|value| value == "1" || value == "true");
        let is_nought = |name: &str| {
            attribute(tag, name).and_then(|value| value.parse::<f64>().ok()).is_some_and(|size| size <= 0.0)
        };
        let number = |name: &str| attribute(tag, name).and_then(|value| value.parse::<u32>().ok());
        match tag.local_name().as_ref() {
            "row" => {
                *row = number("r").unwrap_or(row.saturating_add(1));
                if is("hidden") || is_nought("ht") {
                    self.rows.insert(row.saturating_sub(1));
                }
            }
            "col" if is("hidden") || is_nought("width") => {
                if let (Some(from), Some(to)) = (number("min"), number("max")) {
                    self.columns.push(from.saturating_sub(1)..=to.saturating_sub(1));
                }
            }
            _ => {}
        }
    }
}

/// The value of an attribute, with or without a prefix, as it stands there.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut all = tag.attributes();
    let mut all = all.with_checks(false).filter_map(Result::ok);
    all.find(|one| one.key.local_name().as_ref() == name).map(|one| one.value.into_owned())
}

/// The opening tags of the part with this name, however its letters are written.
fn part(
    bytes: &[u8],
    directory: &Directory,
    name: &str,
    most: u64,
    visit: &mut dyn FnMut(&BytesStart<'_>),
) -> Result<(), Unreadable> {
    let is_it = |other: &str| other.replace('\\', "/").eq_ignore_ascii_case(name);
    let entry = directory.entries.iter().find(|entry| is_it(&entry.name)).ok_or(Unreadable::Damaged)?;
    let mut source = Cursor::new(bytes);
    let content = BufReader::new(directory.open(&mut source, entry, most)?);
    each_tag(content, &mut |tag| {
        visit(tag);
        Ok(())
    })
    .map(|_| ())
}

/// What the sheet at a place, from 0, hides. Blocks.
///
/// # Errors
/// Why it can't be found out.
pub fn hidden(bytes: &[u8], sheet: usize, most: u64) -> Result<Hidden, Unreadable> {
    let directory = Directory::read(&mut Cursor::new(bytes))?;
    let mut document = None;
    part(bytes, &directory, "_rels/.rels", most, &mut |tag| {
        let kind = attribute(tag, "Type").unwrap_or_default();
        if kind.ends_with("/relationships/officeDocument") {
            document = attribute(tag, "Target");
        }
    })?;
    let document = document.ok_or(Unreadable::Damaged)?;
    let document = document.strip_prefix('/').unwrap_or(&document);
    let (folder, name) = document.split_at(document.rfind('/').map_or(0, |at| at + 1));
    let mut targets: HashMap<String, String> = HashMap::new();
    part(bytes, &directory, &format!("{folder}_rels/{name}.rels"), most, &mut |tag| {
        targets.extend(attribute(tag, "Id").zip(attribute(tag, "Target")));
    })?;
    let mut links: Vec<String> = Vec::new();
    part(bytes, &directory, document, most, &mut |tag| {
        if tag.local_name().as_ref() == "sheet" {
            // The one with a prefix: its number has none.
            links.push(attribute(tag, "id").unwrap_or_default());
        }
    })?;
    let target = links.get(sheet).and_then(|link| targets.get(link)).ok_or(Unreadable::Damaged)?;
    let path = target.strip_prefix('/').map_or_else(|| format!("{folder}{target}"), str::to_owned);
    let (mut found, mut row) = (Hidden::default(), 0);
    part(bytes, &directory, &path, most, &mut |tag| found.look(tag, &mut row))?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    const MOST: u64 = 64 << 20;
    const LINKS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    /// A workbook of one sheet with these texts, styles and rows.
    fn packed(texts: &str, styles: &str, rows: &str) -> Vec<u8> {
        let link = |id: &str, kind: &str, target: &str| {
            format!("<Relationship Id=\"{id}\" Type=\"{LINKS}/{kind}\" Target=\"{target}\"/>")
        };
        let links = |all: &str| format!("<Relationships>{all}</Relationships>");
        let parts = [
            ("_rels/.rels", links(&link("r", "officeDocument", "xl/workbook.xml"))),
            ("xl/_rels/workbook.xml.rels", links(&link("r1", "worksheet", "worksheets/sheet1.xml"))),
            (
                "xl/workbook.xml",
                "<workbook xmlns:r=\"r\"><sheets><sheet name=\"甲\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>".into(),
            ),
            ("xl/sharedStrings.xml", texts.to_owned()),
            ("xl/styles.xml", format!("<styleSheet>{styles}</styleSheet>")),
            ("xl/worksheets/sheet1.xml", format!("<worksheet>{rows}</worksheet>")),
        ];
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let how = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        for (name, text) in parts {
            zip.start_file(name, how).expect("an entry");
            zip.write_all(text.as_bytes()).expect("bytes");
        }
        zip.finish().expect("an archive").into_inner()
    }

    const TEXTS: &str = "<sst uniqueCount=\"1\"><si><t>甲</t></si></sst>";
    const ROWS: &str = "<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row></sheetData>";

    #[test]
    fn a_workbook_by_hand_is_read() {
        let mut book = open(packed(TEXTS, "", ROWS), MOST).expect("a workbook");
        assert_eq!(book.sheet_names(), ["甲"]);
        let mut cells = book.worksheet_cells_reader("甲").expect("cells");
        let cell = cells.next_cell().expect("readable").expect("a cell");
        assert_eq!(cell.get_position(), (0, 0));
        assert!(matches!(open(b"PK\x03\x04".to_vec(), MOST), Err(Unreadable::Damaged)));
    }

    #[test]
    fn room_is_made_for_no_more_texts_than_there_may_be() {
        for count in ["1000000000000000", "99999999999999999999999", "3000001", "2000000"] {
            let texts = TEXTS.replacen('1', count, 1);
            assert!(matches!(open(packed(&texts, "", ROWS), MOST), Err(Unreadable::Bomb)), "{count}");
        }
        // What is a little off is nobody's bomb.
        assert!(open(packed(&TEXTS.replacen('1', "1000", 1), "", ROWS), MOST).is_ok());
        assert_eq!(claimed(" count='1' x:uniqueCount = \"7\" uniqueCount='+9'"), 9);
        assert_eq!(claimed(" count=\"9\" uniqueCount=\"x\""), 0);
    }

    #[test]
    fn long_names_are_not_copied_into_many_styles() {
        let styles = |length: usize, count: usize| {
            let font = format!("<fonts><font><name val=\"{}\"/></font></fonts>", "f".repeat(length));
            // As each is another one, nothing says of them beforehand that they are many.
            let all: String = (0..count).map(|n| format!("<xf fontId=\"0\" x=\"{n}\"/>")).collect();
            format!("{font}<cellXfs>{all}</cellXfs>")
        };
        assert!(open(packed(TEXTS, &styles(30, 500), ROWS), MOST).is_ok());
        assert!(matches!(open(packed(TEXTS, &styles(400_000, 500), ROWS), MOST), Err(Unreadable::Bomb)));
        let formats = format!(
            "<numFmts><numFmt numFmtId=\"170\" formatCode=\"{}\"/></numFmts><cellXfs>{}</cellXfs>",
            "0".repeat(400_000),
            "<xf numFmtId=\"170\"/>".repeat(500),
        );
        assert!(matches!(open(packed(TEXTS, &formats, ROWS), MOST), Err(Unreadable::Bomb)));
    }

    #[test]
    fn so_many_sheets_and_styles_are_no_workbook() {
        let mut claims = Claims::default();
        let tag = BytesStart::new("sheet");
        let looked = (0..=MOST_SHEETS).map(|_| claims.look(&tag)).filter(Result::is_err).count();
        assert_eq!(looked, 1);
        let long =
            BytesStart::from_content(format!("Relationship Target=\"{}\"", "x".repeat(LONGEST_TAG)), 12);
        assert!(matches!(claims.look(&long), Err(Unreadable::TooLarge)));
    }

    #[test]
    fn what_a_sheet_hides_is_known() {
        let rows = concat!(
            "<cols><col min=\"2\" max=\"3\" hidden=\"1\"/><col min=\"5\" max=\"5\" width=\"9\"/></cols>",
            "<sheetData><row r=\"1\"/><row hidden=\"1\"/><row r=\"7\" ht=\"0\"/></sheetData>",
        );
        let found = hidden(&packed(TEXTS, "", rows), 0, MOST).expect("a sheet");
        assert_eq!([0, 1, 2, 6].map(|row| found.has_row(row)), [false, true, false, true]);
        assert_eq!([0, 1, 2, 4].map(|column| found.has_column(column)), [false, true, true, false]);
        assert!(hidden(&packed(TEXTS, "", rows), 1, MOST).is_err());
    }
}
