//! What can be redacted, and what is asked to be. Pure.

use std::collections::BTreeSet;

use csv::Terminator;

use super::region::{Region, regions};
use crate::platform::{error::FieldError, http::Form, numbers::parse_numbers, sheet::XLSX, words::words};

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

/// What ends the lines of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ends {
    /// Those of CSV (RFC 4180), and of what has no line ends of its own.
    #[default]
    CrLf,
    Lf,
    Cr,
}

impl Ends {
    /// What ends most lines.
    pub fn of(text: &str) -> Self {
        let (both, feeds) = (text.matches("\r\n").count(), text.matches('\n').count());
        if feeds > both * 2 {
            Self::Lf
        } else if feeds == 0 && text.contains('\r') {
            Self::Cr
        } else {
            Self::CrLf
        }
    }

    /// As the writer of lists has it.
    pub fn terminator(self) -> Terminator {
        match self {
            Self::CrLf => Terminator::CRLF,
            Self::Lf => Terminator::Any(b'\n'),
            Self::Cr => Terminator::Any(b'\r'),
        }
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
