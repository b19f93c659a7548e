//! Breaking text into lines by the Chinese rules (GB/T 15834-2011, 5.1: 避头尾): no closing mark at the start of a line,
//! no opening mark at its end, dashes and ellipses whole, Latin words and numbers whole; only what is wider than a line
//! (hashes, addresses) is broken inside. Pure: widths come in as a function.
//!
//! UAX 14 libraries know these classes too, but treat “ ” as Latin quotes and cannot be told to prefer the joints of an
//! address; the whole rule is small enough to read here.

use std::ops::Range;

/// Marks that may not stand at the start of a line.
const NOT_AT_START: &str = "，。、；：？！～·‧’”）〕】》〉」』〗］｝％‰℃°′″々〻ー–-/／,.;:?!)]}>%ァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎ";
/// Marks that may not stand at the end of a line.
const NOT_AT_END: &str = "“‘（〔【《〈「『〖［｛([{<￥¥$£€№＄";
/// Characters that hold on to both neighbours.
const GLUE: &str = "\"'\u{a0}\u{2011}\u{2060}\u{200d}";
/// Where an over-long word is broken rather than elsewhere.
const JOINTS: &str = "-_./?&=:@%#,;+~|\\";

/// One line of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Bytes of the text that belong to this line, white space and line feed at its end included; lines follow each
    /// other without a gap.
    pub range: Range<usize>,
    /// Bytes that are drawn.
    pub shown: Range<usize>,
    /// Width of what is drawn, in the unit of the advances.
    pub width: f32,
    /// Nothing of the same paragraph follows (so the line is not justified).
    pub last: bool,
}

impl Line {
    /// The same line of a text that begins `by` bytes later.
    pub fn moved(self, by: usize) -> Self {
        let shift = |r: Range<usize>| r.start + by..r.end + by;
        Self { range: shift(self.range), shown: shift(self.shown), ..self }
    }
}

/// Chinese characters, Latin letters and digits, which no rule of this file names: nearly all of a text. The lists of
/// marks need not be looked through for them.
fn is_plain(c: char) -> bool {
    is_ideograph(c) || c.is_ascii_alphanumeric()
}

fn is_ideograph(c: char) -> bool {
    matches!(c as u32, 0x4e00..=0x9fff)
}

/// Whether `c` may not start a line.
pub fn forbidden_at_start(c: char) -> bool {
    !is_plain(c) && (NOT_AT_START.contains(c) || is_mark(c))
}

/// Whether `c` may not end a line.
pub fn forbidden_at_end(c: char) -> bool {
    !is_plain(c) && NOT_AT_END.contains(c)
}

/// Combining marks and variation selectors stay with the character before them.
fn is_mark(c: char) -> bool {
    matches!(c as u32, 0x300..=0x36f | 0x20d0..=0x20ff | 0xfe00..=0xfe0f | 0xe0100..=0xe01ef | 0x3099 | 0x309a)
}

/// Part of a Latin word or a number: letters of scripts that put spaces between words, digits, and what joins them.
pub fn is_word(c: char) -> bool {
    if is_plain(c) {
        return !is_ideograph(c);
    }
    let wide = matches!(c as u32, 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe10..=0xfe4f | 0xff00..=0xffef | 0x20000..=0x3ffff | 0x2460..=0x24ff | 0x2500..=0x27bf);
    (c.is_alphanumeric() && !wide) || "_-./:@%#&=+~|\\*^`<>$£€,;".contains(c)
}

fn is_space(c: char) -> bool {
    c == ' ' || c == '\t' || c == '\r'
}

/// Whether a line may end between `a` and `b`; `ink` is the last character before `b` that is no space.
pub fn may_break(ink: Option<char>, a: char, b: char) -> bool {
    if is_space(b) || b == '\n' || forbidden_at_start(b) || ink.is_some_and(forbidden_at_end) {
        return false;
    }
    if is_space(a) {
        return ink.is_some();
    }
    let glues = |c: char| !is_plain(c) && GLUE.contains(c);
    if glues(a) || glues(b) || ((a == '—' || a == '…' || a == '─') && a == b) {
        return false;
    }
    if is_word(a) && is_word(b) {
        return "/?&=".contains(a) && b.is_alphabetic();
    }
    true
}

/// Breaks `text` into lines no wider than `width` (the first is narrower by `indent`), with the advance of each
/// character given by `advance`. A line holds at least one character. The lines' ranges put together are the text.
pub fn break_lines(text: &str, width: f32, indent: f32, advance: &dyn Fn(char) -> f32) -> Vec<Line> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut lines = Vec::new();
    let (mut start, mut first) = (0, true);
    while start < chars.len() {
        let room = if first { width - indent } else { width };
        let end = line_end(&chars, start, room, advance);
        let hard = chars[end - 1].1 == '\n';
        lines.push(line(text, &chars, start..end, hard || end == chars.len(), advance));
        first = hard && end < chars.len();
        start = end;
    }
    if text.is_empty() || text.ends_with('\n') {
        let at = text.len();
        lines.push(Line { range: at..at, shown: at..at, width: 0.0, last: true });
    }
    lines
}

/// Index after the last character of the line that begins at `start`.
fn line_end(chars: &[(usize, char)], start: usize, room: f32, advance: &dyn Fn(char) -> f32) -> usize {
    let (mut used, mut legal, mut ink) = (0.0, None, None);
    for i in start..chars.len() {
        let c = chars[i].1;
        if c == '\n' {
            return i + 1;
        }
        if i > start && may_break(ink, chars[i - 1].1, c) {
            legal = Some(i);
        }
        let wide = advance(c);
        if !is_space(c) {
            if i > start && used + wide > room + 0.01 {
                return legal.unwrap_or_else(|| forced_end(chars, start, i));
            }
            ink = Some(c);
        }
        used += wide;
    }
    chars.len()
}

/// Where a line without any legal break ends, `over` being the first character that no longer fits: at a joint of the
/// word in its last third, else as late as the marks allow.
fn forced_end(chars: &[(usize, char)], start: usize, over: usize) -> usize {
    let allowed = |i: &usize| !forbidden_at_start(chars[*i].1) && !forbidden_at_end(chars[*i - 1].1);
    let third = over - (over - start) / 3;
    let joint =
        (third.max(start + 1)..=over).rev().filter(allowed).find(|i| JOINTS.contains(chars[*i - 1].1));
    joint.or_else(|| (start + 1..=over).rev().find(allowed)).unwrap_or(over)
}

fn line(
    text: &str,
    chars: &[(usize, char)],
    at: Range<usize>,
    last: bool,
    advance: &dyn Fn(char) -> f32,
) -> Line {
    let byte = |i: usize| chars.get(i).map_or(text.len(), |c| c.0);
    let range = byte(at.start)..byte(at.end);
    let drawn = text[range.clone()].trim_end_matches(|c| is_space(c) || c == '\n');
    let shown = range.start..range.start + drawn.len();
    Line { width: drawn.chars().map(advance).sum(), range, shown, last }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wrap(text: &str, width: f32) -> Vec<&str> {
        let advance = |c: char| if c.is_ascii() { 0.5 } else { 1.0 };
        break_lines(text, width, 0.0, &advance).into_iter().map(|l| &text[l.shown]).collect()
    }

    #[test]
    fn closing_marks_take_a_character_along() {
        assert_eq!(wrap("广州市番禺区，仓库", 6.0), ["广州市番禺", "区，仓库"]);
        assert_eq!(wrap("查获假冒《壳牌》机油", 5.0), ["查获假冒", "《壳牌》机", "油"]);
        assert_eq!(wrap("他说——不是", 3.0), ["他说", "——不", "是"]);
    }

    #[test]
    fn words_and_numbers_stay_whole() {
        assert_eq!(wrap("查获 Shell Helix 机油", 6.0), ["查获 Shell", "Helix 机油"]);
        assert_eq!(wrap("金额1,234,567.89元", 6.5), ["金额", "1,234,567.89", "元"]);
        assert_eq!(wrap("下降95%以上", 3.0), ["下降", "95%以", "上"]);
    }

    #[test]
    fn an_address_breaks_at_its_joints() {
        assert_eq!(wrap("https://example.com/item/42", 8.0), ["https://", "example.com/", "item/42"]);
        assert_eq!(wrap("0123456789abcdef", 4.0), ["01234567", "89abcdef"]);
    }

    #[test]
    fn no_list_of_marks_names_a_plain_character() {
        for list in [NOT_AT_START, NOT_AT_END, GLUE, JOINTS] {
            assert!(!list.chars().any(is_plain), "{list}");
        }
        assert!(!('\u{4e00}'..='\u{9fff}').chain('0'..='z').any(|c| is_plain(c) && is_mark(c)));
        assert!(is_word('a') && is_word('7') && is_word('é') && !is_word('案') && !is_word('。'));
    }

    #[test]
    fn line_feeds_are_kept() {
        assert_eq!(wrap("甲\n\n乙\n", 9.0), ["甲", "", "乙", ""]);
        assert_eq!(wrap("", 9.0), [""]);
    }

    fn alphabet() -> impl Strategy<Value = String> {
        let pool: Vec<char> =
            "广州海关查获机油案，。、；：（）《》“”【】—…￥％ab1290 -/.\n𠮷".chars().collect();
        proptest::collection::vec(proptest::sample::select(pool), 0..120)
            .prop_map(|chars| chars.into_iter().collect())
    }

    proptest! {
        #[test]
        fn lines_put_together_are_the_text(text in alphabet(), width in 1.0f32..20.0) {
            let advance = |c: char| if c.is_ascii() { 0.5 } else { 1.0 };
            let lines = break_lines(&text, width, 0.0, &advance);
            let joined: String = lines.iter().map(|l| &text[l.range.clone()]).collect();
            prop_assert_eq!(joined, text.clone());
            for l in &lines {
                prop_assert!(l.width <= width + 0.02 || text[l.shown.clone()].chars().count() == 1);
            }
        }

        #[test]
        fn marks_stand_where_they_may(text in alphabet(), width in 3.0f32..20.0) {
            let advance = |c: char| if c.is_ascii() { 0.5 } else { 1.0 };
            let lines = break_lines(&text, width, 0.0, &advance);
            for pair in lines.windows(2).filter(|p| !p[0].last) {
                let (before, after) = (&text[pair[0].range.clone()], &text[pair[1].range.clone()]);
                let Some(head) = after.chars().next() else { continue };
                let tail = text[pair[0].shown.clone()].chars().next_back();
                if forbidden_at_start(head) || tail.is_some_and(forbidden_at_end) {
                    // only when nothing better was to be had on the line before
                    let chars: Vec<char> = before.chars().chain([head]).collect();
                    let legal = (1..chars.len()).any(|i| {
                        let ink = chars[..i].iter().rev().find(|c| !is_space(**c)).copied();
                        may_break(ink, chars[i - 1], chars[i])
                    });
                    prop_assert!(!legal, "{before:?} | {after:?}");
                }
            }
        }
    }
}
