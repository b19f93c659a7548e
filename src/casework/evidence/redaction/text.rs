//! Texts: each occurrence of a phrase, and each line that is named, gives way to the same few signs, however long it was.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use encoding_rs::{Encoding, GB18030, UTF_8};
use serde_json::json;

use super::{
    disguise::{self, Packed},
    file::{Done, HEAVY, UNREADABLE},
    fold::{Folded, fold},
    model::SIGN,
};
use crate::platform::error::{AppError, FieldError, Result};

/// So many signs stand for a passage of any length.
const SIGNS: usize = 6;
/// Occurrences that are removed at most.
const MOST: usize = 100_000;
/// How long phrases are looked for.
const PATIENCE: Duration = Duration::from_secs(60);

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

/// A file as text, if phrases can be found in it.
///
/// # Errors
/// `Conflict` for what is no text, and for one that has encoded parts.
pub fn readable(bytes: &[u8]) -> Result<(String, &'static str)> {
    let (text, encoding) = decode(bytes).ok_or(AppError::Conflict(UNREADABLE))?;
    if disguise::is_encoded(&text) {
        return Err(AppError::Conflict("conflict-redaction-encoded"));
    }
    Ok((text, encoding))
}

/// A text without passages.
#[derive(Debug, PartialEq, Eq)]
pub struct Masked {
    pub text: String,
    /// Where in the original they stood, in characters: begin, and end that is not included.
    pub passages: Vec<(usize, usize)>,
}

/// Takes the passages out. Phrases are found as [`fold`] has them: in either case, in full or half width, however their accents
/// are put together, and with signs between that are not seen.
///
/// # Errors
/// `Invalid` for phrases or lines that are not there, too many, or there once more in escapes; `Conflict` where it takes too long.
pub fn mask(text: &str, phrases: &[String], lines: &BTreeSet<i32>, until: Instant) -> Result<Masked> {
    let folded: Vec<String> = phrases.iter().map(|phrase| fold(phrase)).collect();
    let mut found = if phrases.is_empty() {
        Vec::new()
    } else {
        occurrences(&Folded::new(text), phrases, &folded, until)?
    };
    found.extend(places_of(text, lines).map_err(AppError::Invalid)?);
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
    if is_disguised(&masked.text, phrases, &folded, until)? {
        return Err(AppError::field("phrases", "error-redaction-disguised"));
    }
    Ok(masked)
}

fn in_time(until: Instant) -> Result<()> {
    if Instant::now() < until { Ok(()) } else { Err(AppError::Conflict(HEAVY)) }
}

/// Where the phrases stand in the text, also those that overlap. `folded` has them in their form.
fn occurrences(
    text: &Folded,
    phrases: &[String],
    folded: &[String],
    until: Instant,
) -> Result<Vec<(usize, usize)>> {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for (phrase, wanted) in phrases.iter().zip(folded) {
        let step = wanted.chars().next().map_or(0, char::len_utf8);
        let (mut from, before) = (0, found.len());
        // Of a phrase that nothing is seen of there is nothing to find.
        while step > 0
            && let Some(at) = text.text.get(from..).and_then(|rest| rest.find(wanted))
        {
            in_time(until)?;
            found.extend(text.place(from + at, from + at + wanted.len()));
            from += at + step;
            if found.len() > MOST {
                let fault = FieldError::new("phrases", "error-redaction-many").arg("max", MOST);
                return Err(AppError::Invalid(vec![fault]));
            }
        }
        in_time(until)?;
        if found.len() == before {
            missing.push(phrase.as_str());
        }
    }
    if missing.is_empty() {
        return Ok(found);
    }
    let fault = FieldError::new("phrases", "error-redaction-not-found").arg("phrases", missing.join("、"));
    Err(AppError::Invalid(vec![fault]))
}

/// Whether a phrase stands in the text in other signs than its own.
fn is_disguised(text: &str, phrases: &[String], folded: &[String], until: Instant) -> Result<bool> {
    if phrases.is_empty() {
        return Ok(false);
    }
    let packed = Packed::new(text);
    for phrase in phrases {
        in_time(until)?;
        if packed.has(phrase) {
            return Ok(true);
        }
    }
    drop(packed);
    for plain in disguise::plain(text) {
        in_time(until)?;
        if disguise::stands_in(&plain, folded) {
            return Ok(true);
        }
    }
    Ok(false)
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

/// A text without the passages, as UTF-8; `ending`: what its name ends in.
pub fn passages(phrases: &[String], lines: &BTreeSet<i32>, bytes: &[u8], ending: &str) -> Result<Done> {
    let (text, encoding) = readable(bytes)?;
    let masked = mask(&text, phrases, lines, Instant::now() + PATIENCE)?;
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

    fn later() -> Instant {
        Instant::now() + Duration::from_secs(600)
    }

    fn masked(text: &str, phrases: &[&str], lines: &[i32]) -> Result<Masked> {
        let phrases: Vec<String> = phrases.iter().map(|phrase| (*phrase).to_owned()).collect();
        mask(text, &phrases, &lines.iter().copied().collect(), later())
    }

    fn code(done: Result<Masked>) -> &'static str {
        match done {
            Err(AppError::Invalid(mut faults)) => faults.remove(0).code,
            Err(AppError::Conflict(key)) => key,
            other => panic!("{other:?}"),
        }
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
        assert_eq!(code(masked("甲", &["乙"], &[])), "error-redaction-not-found");
        assert_eq!(code(masked("甲\n", &[], &[2])), "error-redaction-line");
        assert_eq!(
            code(masked("{\"a\":\"张某\",\"b\":\"\\u5f20\\u67d0\"}", &["张某"], &[])),
            "error-redaction-disguised"
        );
        assert_eq!(code(masked("张某 &#24352;&#x67d0;", &["张某"], &[])), "error-redaction-disguised");
        assert_eq!(code(masked("张某 %E5%BC%A0%E6%9F%90", &["张某"], &[])), "error-redaction-disguised");
        assert!(masked("张某 &#1; \\u12 %zz &#", &["张某"], &[]).is_ok());
        assert_eq!(code(masked("张某 5byg5p+Q", &["张某"], &[])), "error-redaction-disguised");
        assert_eq!(code(masked("甲", &["\u{200b}"], &[])), "error-redaction-not-found");
        let mail = b"Content-Transfer-Encoding: base64\r\n\r\n5byg5p+Q\r\n";
        let done = passages(&["张某".to_owned()], &BTreeSet::new(), mail, "txt");
        assert!(matches!(done, Err(AppError::Conflict("conflict-redaction-encoded"))), "{done:?}");
    }

    #[test]
    fn what_looks_like_a_phrase_goes_with_it() {
        let done = masked("电话１３８００，张\u{200b}某，Rene\u{301}。", &["13800", "张某", "RENÉ"], &[]);
        assert_eq!(done.expect("masked").text, format!("电话{MASK}，{MASK}，{MASK}。"));
    }

    #[test]
    fn many_signs_that_begin_an_escape_take_no_time_and_what_does_is_given_up() {
        let text = "&#".repeat(1 << 19) + "张某";
        assert!(masked(&text, &["张某"], &[]).is_ok());
        let late = mask("张某", &["张某".to_owned()], &BTreeSet::new(), Instant::now());
        assert_eq!(code(late), HEAVY);
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
            let done = mask(&text, &there, &lines, later()).expect("masked");
            for phrase in &there {
                prop_assert!(!done.text.contains(phrase), "{phrase} in {}", done.text);
            }
            prop_assert_eq!(done.text.lines().count(), text.lines().count());
        }
    }
}
