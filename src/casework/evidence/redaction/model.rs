//! What can be redacted, and what is asked to be. Pure.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::platform::{error::FieldError, http::Form, numbers::parse_numbers, sheet::XLSX, words::words};

/// Rectangles of one redaction at most.
pub const MOST_REGIONS: usize = 200;
/// Phrases of one redaction at most.
const MOST_PHRASES: usize = 200;
/// Characters of a new item's name at most.
pub const MOST_NAME: usize = 200;
/// Bytes of a PDF that is drawn while somebody waits for it; a larger one is drawn by a job.
pub const AT_ONCE: usize = 64 << 20;
/// The sign that stands for what is not there any more.
pub const SIGN: char = '■';

/// What sort of content is redacted, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Material {
    Image,
    Pdf,
    /// CSV, or a sheet of a workbook.
    Table,
    Text,
}

impl Material {
    pub const ALL: [Material; 4] = [Material::Image, Material::Pdf, Material::Table, Material::Text];

    /// What a file of this type is; `None` for one that can't be redacted. Of mail the same text may stand in several parts, each
    /// encoded otherwise: it is none.
    pub fn of(media_type: &str) -> Option<Self> {
        match media_type {
            "image/png" | "image/jpeg" | "image/gif" | "image/webp" => Some(Self::Image),
            "application/pdf" => Some(Self::Pdf),
            "text/csv" | "text/tab-separated-values" | XLSX => Some(Self::Table),
            "text/plain" | "application/json" => Some(Self::Text),
            _ => None,
        }
    }

    /// The word in the database and in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Pdf => "pdf",
            Self::Table => "table",
            Self::Text => "text",
        }
    }

    /// The largest file that is opened, in bytes.
    pub fn most(self) -> i64 {
        match self {
            Self::Image => 32 << 20,
            Self::Pdf => 128 << 20,
            Self::Table | Self::Text => 16 << 20,
        }
    }
}

words!(
    /// What stands between the cells of a list.
    Separator {
        Comma = "comma",
        Semicolon = "semicolon",
        Tab = "tab",
        Bar = "bar",
    }
);

impl Separator {
    /// The sign.
    pub fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Bar => b'|',
        }
    }

    /// Which one a sign is; the comma for one that is none of them.
    pub fn of(byte: u8) -> Self {
        Self::ALL.iter().copied().find(|one| one.byte() == byte).unwrap_or(Self::Comma)
    }
}

/// Which table of a file, and how its cells are set apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Which {
    /// Of a workbook, from 1.
    pub sheet: usize,
    /// Of a list; `None`: as its rows tell.
    pub separator: Option<Separator>,
}

impl Which {
    /// A sheet, or a list as its rows tell.
    pub fn sheet(sheet: usize) -> Self {
        Self { sheet, separator: None }
    }
}

/// A rectangle in thousandths of a page, as it is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// From 1; of a picture 1.
    pub page: u32,
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
    /// Which line of the form it stands in, from 0.
    #[serde(skip)]
    pub line: usize,
}

/// What is to be removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    Picture(Vec<Region>),
    Paper(Vec<Region>),
    Columns {
        which: Which,
        /// From 1, as spreadsheets count them.
        columns: BTreeSet<usize>,
        /// Whether the first row stays.
        keeps_heading: bool,
    },
    Passages {
        phrases: Vec<String>,
        /// From 1.
        lines: BTreeSet<i32>,
    },
}

impl Order {
    /// Reads the fields of a form; faults are noted in it.
    pub fn read(form: &mut Form, material: Material) -> Self {
        match material {
            Material::Image => Self::Picture(regions(form, false)),
            Material::Pdf => Self::Paper(regions(form, true)),
            Material::Table => Self::Columns {
                which: Which {
                    sheet: form.value("sheet", "error-unknown").unwrap_or(1),
                    separator: form.value("separator", "error-unknown"),
                },
                columns: columns(form),
                keeps_heading: form.raw("heading") == "yes",
            },
            Material::Text => passages(form),
        }
    }
}

/// What is said of a redaction.
#[derive(Clone, Debug, Default)]
pub struct Words {
    pub reason: String,
    /// What the new item is called; empty: after the original.
    pub name: String,
    /// Whether the original is withheld at once.
    pub withholds: bool,
}

impl Words {
    /// Reads the fields of a form; faults are noted in it. Whoever says nothing about the original withholds it.
    pub fn read(form: &mut Form) -> Self {
        Self {
            reason: form.required("reason", 500),
            name: form.text("name", MOST_NAME),
            withholds: form.asked_yes_no("withhold").unwrap_or(true),
        }
    }
}

/// What the fields of a line of the form are called.
pub fn field(line: usize, part: &str) -> String {
    format!("regions[{line}].{part}")
}

fn regions(form: &mut Form, is_paged: bool) -> Vec<Region> {
    let mut found = Vec::new();
    let mut is_asked = false;
    for line in 0..MOST_REGIONS {
        let parts = ["left", "top", "width", "height"];
        let is_typed = parts.iter().any(|part| form.has(&field(line, part)));
        if !(is_typed || is_paged && form.has(&field(line, "page"))) {
            continue;
        }
        is_asked = true;
        let page = if is_paged { page(form, line) } else { Some(1) };
        let [left, top, width, height] = parts.map(|part| share(form, &field(line, part)));
        for (from, length, part) in [(left, width, "width"), (top, height, "height")] {
            let Some((from, length)) = from.zip(length) else { continue };
            if length == 0 || from + length > 1_000 {
                form.fault(field(line, part), "error-redaction-outside");
            }
        }
        if let (Some(page), Some(left), Some(top), Some(width), Some(height)) =
            (page, left, top, width, height)
        {
            found.push(Region { page, left, top, width, height, line });
        }
    }
    if !is_asked {
        form.fault(field(0, "left"), "error-redaction-none");
    }
    found
}

fn page(form: &mut Form, line: usize) -> Option<u32> {
    let name = field(line, "page");
    if !form.has(&name) {
        form.fault(name, "error-required");
        return None;
    }
    u32::try_from(form.whole(&name, 100_000)?).ok()
}

fn share(form: &mut Form, name: &str) -> Option<u32> {
    if !form.has(name) {
        form.fault(name, "error-required");
        return None;
    }
    let read = thousandths(form.raw(name));
    if read.is_none() {
        form.fault(name, "error-redaction-percent");
    }
    read
}

/// A percentage with at most one decimal, in thousandths: `12.5`, `12.5%`, `１２`.
fn thousandths(text: &str) -> Option<u32> {
    let text: String = text.nfkc().collect();
    let text = text.trim().trim_end_matches('%').trim_end();
    let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
    let is_digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !is_digits(whole, 3) || !is_digits(tenth, 1) {
        return None;
    }
    let read = whole.parse::<u32>().ok()? * 10 + tenth.parse::<u32>().ok()?;
    (read <= 1_000).then_some(read)
}

fn columns(form: &mut Form) -> BTreeSet<usize> {
    let chosen = form.all("columns");
    let columns: BTreeSet<usize> = chosen.iter().filter_map(|one| one.parse().ok()).collect();
    if chosen.is_empty() {
        form.fault("columns", "error-choose-many");
    } else if columns.is_empty() || chosen.iter().any(|one| one.parse::<usize>().is_err()) {
        form.fault("columns", "error-unknown");
    }
    columns
}

fn passages(form: &mut Form) -> Order {
    let typed = form.text("phrases", 20_000);
    let mut phrases: Vec<String> = typed.lines().map(|line| line.trim().to_owned()).collect();
    phrases.retain(|phrase| !phrase.is_empty());
    phrases.sort_unstable();
    phrases.dedup();
    if phrases.len() > MOST_PHRASES {
        form.push(FieldError::new("phrases", "error-too-many").arg("max", MOST_PHRASES));
    }
    // What stands in the place of a passage can't be a passage.
    if phrases.iter().any(|phrase| phrase.contains(SIGN)) {
        form.fault("phrases", "error-redaction-sign");
    }
    let typed = form.text("lines", 500);
    let lines = parse_numbers(&typed);
    if lines.is_none() {
        form.fault("lines", "error-redaction-lines");
    }
    let lines = lines.unwrap_or_default();
    if phrases.is_empty() && lines.is_empty() && typed.is_empty() {
        form.fault("phrases", "error-redaction-none");
    }
    Order::Passages { phrases, lines }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(material: Material, pairs: &[(&str, &str)]) -> (Order, Vec<(String, &'static str)>) {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let mut form = Form::from_pairs(pairs.collect());
        let order = Order::read(&mut form, material);
        (order, form.errors().iter().map(|fault| (fault.field.clone(), fault.code)).collect())
    }

    #[test]
    fn a_percentage_is_read_as_people_write_it() {
        for (text, wanted) in
            [("12.5", 125), ("12.5%", 125), ("１２", 120), ("0", 0), ("100", 1_000), ("7 %", 70)]
        {
            assert_eq!(thousandths(text), Some(wanted), "{text}");
        }
        for text in ["", "x", "-1", "100.1", "12.55", "1.", ".5", "1e2", "%"] {
            assert_eq!(thousandths(text), None, "{text}");
        }
    }

    #[test]
    fn a_rectangle_lies_in_its_picture_and_is_whole() {
        let line = |part: &str| field(0, part);
        let with = |values: [&str; 4]| {
            let names = ["left", "top", "width", "height"].map(line);
            let pairs: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(values).collect();
            read(Material::Image, &pairs)
        };
        let (order, faults) = with(["10", "20.5", "30", "40"]);
        let region = Region { page: 1, left: 100, top: 205, width: 300, height: 400, line: 0 };
        assert_eq!((order, faults), (Order::Picture(vec![region]), vec![]));
        for (values, field, code) in [
            (["80", "0", "30", "10"], "width", "error-redaction-outside"),
            (["0", "95", "30", "10"], "height", "error-redaction-outside"),
            (["0", "0", "0", "10"], "width", "error-redaction-outside"),
            (["x", "0", "10", "10"], "left", "error-redaction-percent"),
            (["", "0", "10", "10"], "left", "error-required"),
        ] {
            assert_eq!(with(values).1, [(line(field), code)], "{values:?}");
        }
        assert_eq!(read(Material::Image, &[]).1, [(line("left"), "error-redaction-none")]);
        let (_, faults) = read(Material::Pdf, &[("regions[3].page", "2")]);
        assert!(faults.contains(&(field(3, "top"), "error-required")), "{faults:?}");
    }

    #[test]
    fn passages_and_columns_are_asked_for() {
        let (order, faults) = read(Material::Text, &[("phrases", " 甲 \n\n甲\n乙"), ("lines", "3、5-6")]);
        let Order::Passages { mut phrases, lines } = order else { panic!("{order:?}") };
        phrases.sort();
        assert_eq!((phrases.len(), lines.len(), faults.len()), (2, 3, 0));
        let wrong = |pairs: &[(&str, &str)]| read(Material::Text, pairs).1.remove(0).1;
        assert_eq!(wrong(&[]), "error-redaction-none");
        assert_eq!(wrong(&[("phrases", "甲■")]), "error-redaction-sign");
        assert_eq!(wrong(&[("lines", "7-5")]), "error-redaction-lines");
        assert_eq!(read(Material::Table, &[]).1[0].1, "error-choose-many");
        assert_eq!(read(Material::Table, &[("columns", "x")]).1[0].1, "error-unknown");
        let (order, _) = read(Material::Table, &[("columns", "1"), ("separator", "bar")]);
        let Order::Columns { which, .. } = order else { panic!("{order:?}") };
        assert_eq!(which, Which { sheet: 1, separator: Some(Separator::Bar) });
        assert_eq!(wrong_separator(), "error-unknown");
    }

    fn wrong_separator() -> &'static str {
        read(Material::Table, &[("columns", "1"), ("separator", "x")]).1.remove(0).1
    }

    #[test]
    fn a_separator_is_known_by_its_sign() {
        for separator in Separator::ALL {
            assert_eq!(Separator::of(separator.byte()), *separator);
        }
        assert_eq!(Separator::of(b'x'), Separator::Comma);
    }

    #[test]
    fn what_a_form_shows_in_several_encodings_at_once_is_not_redacted() {
        assert_eq!(Material::of("message/rfc822"), None);
        assert_eq!(Material::of("video/mp4"), None);
        assert_eq!(Material::of(XLSX), Some(Material::Table));
    }
}
