//! Texts: each occurrence of a phrase, and each line that is named, gives way to the same few signs, however long it was.

use std::collections::BTreeSet;

use encoding_rs::{Encoding, GB18030, UTF_8};
use serde_json::json;

use super::{
    file::{Done, UNREADABLE},
    model::SIGN,
};
use crate::platform::error::{AppError, FieldError, Result};

/// So many signs stand for a passage of any length.
const SIGNS: usize = 6;
/// Occurrences that are removed at most.
const MOST: usize = 100_000;

/// A file as text, and how it was encoded: by its mark, else UTF-8, else GB18030 (which has GBK and GB2312 in it). `None` for
/// what is none of them.
pub fn decode(bytes: &[u8]) -> Option<(String, &'static str)> {
    let read = |encoding: &'static Encoding, bytes: &[u8]| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
        (!text.contains('\0')).then(|| (text.into_owned(), encoding.name()))
    };
    match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => read(encoding, &bytes[mark..]),
        None => read(UTF_8, bytes).or_else(|| read(GB18030, bytes)),
    }
}

/// A text without passages.
#[derive(Debug, PartialEq, Eq)]
pub struct Masked {
    pub text: String,
    /// Where in the original they stood, in characters: begin, and end that is not included.
    pub passages: Vec<(usize, usize)>,
}

/// Takes the passages out. Letters of the Latin alphabet are found in either case.
///
/// # Errors
/// What is wrong with the phrases or lines: not there, too many, or there once more in other signs than they were typed in.
pub fn mask(text: &str, phrases: &[String], lines: &BTreeSet<i32>) -> Result<Masked, Vec<FieldError>> {
    let mut found = occurrences(text, phrases)?;
    found.extend(places_of(text, lines)?);
    found.sort_unstable();
    let mut merged: Vec<(usize, usize)> = Vec::new();
    for (begin, end) in found {
        match merged.last_mut() {
            Some(last) if begin <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((begin, end)),
        }
    }
    let signs: String = std::iter::repeat_n(SIGN, SIGNS).collect();
    let mut masked = Masked { text: String::with_capacity(text.len()), passages: Vec::new() };
    let (mut at, mut characters) = (0, 0);
    for (begin, end) in merged {
        characters += text[at..begin].chars().count();
        let length = text[begin..end].chars().count();
        masked.passages.push((characters, characters + length));
        characters += length;
        masked.text.push_str(&text[at..begin]);
        masked.text.push_str(&signs);
        at = end;
    }
    masked.text.push_str(&text[at..]);
    if is_disguised(&masked.text, phrases) {
        return Err(vec![FieldError::new("phrases", "error-redaction-disguised")]);
    }
    Ok(masked)
}

/// Where the phrases stand, also those that overlap.
fn occurrences(text: &str, phrases: &[String]) -> Result<Vec<(usize, usize)>, Vec<FieldError>> {
    // Of the same length, so that places in it are places in the text.
    let low = text.to_ascii_lowercase();
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for phrase in phrases {
        let wanted = phrase.to_ascii_lowercase();
        let step = wanted.chars().next().map_or(1, char::len_utf8);
        let (mut from, before) = (0, found.len());
        while let Some(at) = low.get(from..).and_then(|rest| rest.find(&wanted)) {
            found.push((from + at, from + at + wanted.len()));
            from += at + step;
            if found.len() > MOST {
                return Err(vec![FieldError::new("phrases", "error-redaction-many").arg("max", MOST)]);
            }
        }
        if found.len() == before {
            missing.push(phrase.as_str());
        }
    }
    if missing.is_empty() {
        return Ok(found);
    }
    Err(vec![FieldError::new("phrases", "error-redaction-not-found").arg("phrases", missing.join("、"))])
}

/// Where the lines stand, without what ends them.
fn places_of(text: &str, lines: &BTreeSet<i32>) -> Result<Vec<(usize, usize)>, Vec<FieldError>> {
    let (mut found, mut at, mut count) = (Vec::new(), 0, 0);
    for line in text.split_inclusive('\n') {
        count += 1;
        if lines.contains(&count) {
            found.push((at, at + line.trim_end_matches(['\n', '\r']).len()));
        }
        at += line.len();
    }
    match lines.last() {
        Some(last) if *last > count => {
            Err(vec![FieldError::new("lines", "error-redaction-line").arg("max", count)])
        }
        _ => Ok(found),
    }
}

/// Whether a phrase stands in the text in the escapes of JSON, of addresses or of web pages.
fn is_disguised(text: &str, phrases: &[String]) -> bool {
    if phrases.is_empty() || !text.contains(['\\', '%', '&']) {
        return false;
    }
    let plain = [
        unescaped(text),
        entities(text),
        percent_encoding::percent_decode_str(text).decode_utf8_lossy().into(),
    ];
    let plain = plain.map(|text: String| text.to_ascii_lowercase());
    phrases.iter().any(|phrase| plain.iter().any(|text| text.contains(&phrase.to_ascii_lowercase())))
}

/// With `\u4e2d` as the character that it stands for.
fn unescaped(text: &str) -> String {
    let mut units: Vec<u16> = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\\u") {
        let unit = rest.get(at + 2..at + 6).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        units.extend(rest[..at].encode_utf16());
        match unit.and_then(|digits| u16::from_str_radix(digits, 16).ok()) {
            Some(unit) => {
                units.push(unit);
                rest = &rest[at + 6..];
            }
            None => {
                units.extend("\\u".encode_utf16());
                rest = &rest[at + 2..];
            }
        }
    }
    units.extend(rest.encode_utf16());
    String::from_utf16_lossy(&units)
}

/// With `&#20013;` and `&#x4e2d;` as the characters that they stand for.
fn entities(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("&#") {
        plain.push_str(&rest[..at]);
        rest = &rest[at + 2..];
        let number = rest.split(';').next().filter(|number| number.len() < 9).unwrap_or_default();
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => number.parse().ok(),
        };
        match code.and_then(char::from_u32) {
            Some(character) => {
                plain.push(character);
                rest = rest[number.len()..].trim_start_matches(';');
            }
            None => plain.push_str("&#"),
        }
    }
    plain.push_str(rest);
    plain
}

/// A text without the passages, as UTF-8; `ending`: what its name ends in.
pub fn passages(phrases: &[String], lines: &BTreeSet<i32>, bytes: &[u8], ending: &str) -> Result<Done> {
    let (text, encoding) = decode(bytes).ok_or(AppError::Conflict(UNREADABLE))?;
    let masked = mask(&text, phrases, lines).map_err(AppError::Invalid)?;
    let plan =
        json!({ "encoding": encoding.to_ascii_lowercase(), "characters": masked.passages, "lines": lines });
    let removed = masked.passages.len();
    Ok(Done { bytes: masked.text.into_bytes(), ending: ending.to_owned(), plan, removed })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MASK: &str = "■■■■■■";

    fn masked(text: &str, phrases: &[&str], lines: &[i32]) -> Result<Masked, Vec<FieldError>> {
        let phrases: Vec<String> = phrases.iter().map(|phrase| (*phrase).to_owned()).collect();
        mask(text, &phrases, &lines.iter().copied().collect())
    }

    #[test]
    fn every_occurrence_gives_way_to_the_same_signs() {
        let done = masked("电话 13800000000，张某；电话13800000000。", &["13800000000", "张某"], &[])
            .expect("masked");
        assert_eq!(done.text, format!("电话 {MASK}，{MASK}；电话{MASK}。"));
        assert_eq!(done.passages[0], (3, 14));
        assert_eq!(masked("AbAb x", &["abab"], &[]).expect("masked").text, format!("{MASK} x"));
        assert_eq!(masked("ababa", &["aba"], &[]).expect("masked").text, MASK, "also what overlaps");
        let done = masked("一\r\n二\r\n\r\n四", &[], &[2, 3]).expect("masked");
        assert_eq!(done.text, format!("一\r\n{MASK}\r\n{MASK}\r\n四"));
    }

    #[test]
    fn what_is_not_there_or_there_in_other_signs_is_told() {
        let code = |done: Result<Masked, Vec<FieldError>>| done.expect_err("a fault").remove(0).code;
        assert_eq!(code(masked("甲", &["乙"], &[])), "error-redaction-not-found");
        assert_eq!(code(masked("甲\n", &[], &[2])), "error-redaction-line");
        assert_eq!(
            code(masked("{\"a\":\"张某\",\"b\":\"\\u5f20\\u67d0\"}", &["张某"], &[])),
            "error-redaction-disguised"
        );
        assert_eq!(code(masked("张某 &#24352;&#x67d0;", &["张某"], &[])), "error-redaction-disguised");
        assert_eq!(code(masked("张某 %E5%BC%A0%E6%9F%90", &["张某"], &[])), "error-redaction-disguised");
        assert!(masked("张某 &#1; \\u12 %zz &#", &["张某"], &[]).is_ok());
    }

    #[test]
    fn a_text_is_read_in_the_encodings_of_practice() {
        let gb = GB18030.encode("身份证").0;
        assert_eq!(decode(&gb), Some(("身份证".into(), "gb18030")));
        assert_eq!(decode("\u{FEFF}甲".as_bytes()), Some(("甲".into(), "UTF-8")));
        assert_eq!(decode(b"\xff\xfeA\0B\0"), Some(("AB".into(), "UTF-16LE")));
        assert_eq!(decode(b"a\0b"), None);
        assert_eq!(decode(b"\xff\xff\xff"), None);
    }

    proptest! {
        #[test]
        fn no_phrase_is_in_what_is_left(
            text in "[ab甲乙\\n]{0,80}",
            phrases in proptest::collection::vec("[ab甲乙]{1,3}", 1..5),
            lines in proptest::collection::btree_set(1..4i32, 0..3),
        ) {
            let there: Vec<String> = phrases.into_iter().filter(|phrase| text.contains(phrase)).collect();
            let most = i32::try_from(text.split_inclusive('\n').count()).expect("few");
            let lines: BTreeSet<i32> = lines.into_iter().filter(|line| *line <= most).collect();
            let done = mask(&text, &there, &lines).expect("masked");
            for phrase in &there {
                prop_assert!(!done.text.contains(phrase), "{phrase} in {}", done.text);
            }
            prop_assert_eq!(done.text.lines().count(), text.lines().count());
        }
    }
}
