//! Rectangles: where they lie, and how they are typed. Pure.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::platform::{
    error::FieldError,
    http::Form,
    numbers::{Unread, parse_spans},
};

/// Rectangles of one redaction at most.
pub const MOST_REGIONS: usize = 200;
/// Characters of what is typed for the pages of a rectangle, at most.
const MOST_PAGES_TEXT: usize = 200;
/// What is said of pages that can't be read.
const UNREAD_PAGES: &str = "error-redaction-page-unread";
/// How the codes begin of faults that say how many pages there are.
pub const PAGE_FAULT: &str = "error-redaction-page";

/// A rectangle in thousandths of a page, as it is seen, on one page or on each of several that follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// From 1; of a picture 1.
    pub page: u32,
    /// The last of the pages; `None`: there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_page: Option<u32>,
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
    /// Which line of the form it stands in, from 0.
    #[serde(skip)]
    pub line: usize,
}

impl Region {
    /// The first and the last page that it lies on.
    pub fn span(&self) -> (u32, u32) {
        (self.page, self.last_page.unwrap_or(self.page))
    }

    /// Whether it lies on a page, from 1.
    pub fn is_on(&self, page: usize) -> bool {
        let (first, last) = self.span();
        (first as usize..=last as usize).contains(&page)
    }
}

/// How many rectangles are blacked out, each counted on each of its pages.
pub fn places(regions: &[Region]) -> usize {
    let on = |region: &Region| {
        let (first, last) = region.span();
        last.saturating_sub(first) as usize + 1
    };
    regions.iter().map(on).sum()
}

/// What the fields of a line of the form are called.
pub fn field(line: usize, part: &str) -> String {
    format!("regions[{line}].{part}")
}

/// Reads the lines of a form; faults are noted in it. `is_paged`: each says on which pages it lies.
pub fn regions(form: &mut Form, is_paged: bool) -> Vec<Region> {
    let mut found = Vec::new();
    let mut is_asked = false;
    for line in 0..MOST_REGIONS {
        let parts = ["left", "top", "width", "height"];
        let is_typed = parts.iter().any(|part| form.has(&field(line, part)));
        if !(is_typed || is_paged && form.has(&field(line, "page"))) {
            continue;
        }
        is_asked = true;
        let pages = if is_paged { pages(form, line) } else { Some(vec![(1, 1)]) };
        let [left, top, width, height] = parts.map(|part| share(form, &field(line, part)));
        for (from, length, part) in [(left, width, "width"), (top, height, "height")] {
            let Some((from, length)) = from.zip(length) else { continue };
            if length == 0 || from + length > 1_000 {
                form.fault(field(line, part), "error-redaction-outside");
            }
        }
        if let (Some(pages), Some(left), Some(top), Some(width), Some(height)) =
            (pages, left, top, width, height)
        {
            let on = |(page, last): (u32, u32)| {
                let last_page = (last > page).then_some(last);
                Region { page, last_page, left, top, width, height, line }
            };
            found.extend(pages.into_iter().map(on));
        }
    }
    if !is_asked {
        form.fault(field(0, "left"), "error-redaction-none");
    }
    found
}

/// The pages that a rectangle lies on, as spans. How many there are in the file is not known here: who shows the form says it.
fn pages(form: &mut Form, line: usize) -> Option<Vec<(u32, u32)>> {
    let name = field(line, "page");
    if !form.has(&name) {
        form.fault(name, "error-required");
        return None;
    }
    let typed = form.raw(&name).to_owned();
    if typed.chars().count() > MOST_PAGES_TEXT {
        form.push(FieldError::new(name, "error-too-long").arg("max", MOST_PAGES_TEXT));
        return None;
    }
    let fault = match parse_spans(&typed) {
        Ok(spans) if spans.is_empty() => FieldError::new(name, UNREAD_PAGES).arg("part", typed),
        Ok(spans) => return Some(spans),
        Err(Unread::NoNumber(part)) => FieldError::new(name, UNREAD_PAGES).arg("part", part),
        Err(Unread::Backwards(part)) => {
            FieldError::new(name, "error-redaction-page-backwards").arg("part", part)
        }
    };
    form.push(fault);
    None
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)], is_paged: bool) -> (Vec<Region>, Vec<(String, &'static str)>) {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let mut form = Form::from_pairs(pairs.collect());
        let found = regions(&mut form, is_paged);
        (found, form.errors().iter().map(|fault| (fault.field.clone(), fault.code)).collect())
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
            read(&pairs, false)
        };
        let (found, faults) = with(["10", "20.5", "30", "40"]);
        let region =
            Region { page: 1, last_page: None, left: 100, top: 205, width: 300, height: 400, line: 0 };
        assert_eq!((found, faults), (vec![region], vec![]));
        for (values, field, code) in [
            (["80", "0", "30", "10"], "width", "error-redaction-outside"),
            (["0", "95", "30", "10"], "height", "error-redaction-outside"),
            (["0", "0", "0", "10"], "width", "error-redaction-outside"),
            (["x", "0", "10", "10"], "left", "error-redaction-percent"),
            (["", "0", "10", "10"], "left", "error-required"),
        ] {
            assert_eq!(with(values).1, [(line(field), code)], "{values:?}");
        }
        assert_eq!(read(&[], false).1, [(line("left"), "error-redaction-none")]);
        let (_, faults) = read(&[("regions[3].page", "2")], true);
        assert!(faults.contains(&(field(3, "top"), "error-required")), "{faults:?}");
    }

    #[test]
    fn a_rectangle_lies_on_the_pages_that_are_typed() {
        let with = |pages: &str| {
            let pairs = [("page", pages), ("left", "0"), ("top", "0"), ("width", "10"), ("height", "10")];
            let pairs = pairs.map(|(part, value)| (field(0, part), value));
            let pairs: Vec<(&str, &str)> =
                pairs.iter().map(|(name, value)| (name.as_str(), *value)).collect();
            read(&pairs, true)
        };
        let (regions, faults) = with("１，３、５－８");
        let spans: Vec<(u32, u32)> = regions.iter().map(Region::span).collect();
        assert_eq!((spans, faults.len(), places(&regions)), (vec![(1, 1), (3, 3), (5, 8)], 0, 6));
        assert!(regions[2].is_on(6) && !regions[2].is_on(9));
        for (pages, code) in [
            ("1-x", UNREAD_PAGES),
            ("0", UNREAD_PAGES),
            ("、", UNREAD_PAGES),
            ("8-5", "error-redaction-page-backwards"),
        ] {
            assert_eq!(with(pages).1, [(field(0, "page"), code)], "{pages}");
            assert!(code.starts_with(PAGE_FAULT));
        }
    }

    #[test]
    fn what_is_on_record_of_one_page_is_as_it_was_before_there_were_several() {
        let old = r#"{"page":2,"left":1,"top":2,"width":3,"height":4}"#;
        let region: Region = serde_json::from_str(old).expect("a rectangle");
        assert_eq!((region.span(), serde_json::to_string(&region).expect("JSON")), ((2, 2), old.to_owned()));
    }
}
