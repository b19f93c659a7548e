//! One form of what looks alike, for finding phrases: taken apart by compatibility (NFKD), in lower case, without signs that are
//! not seen; and back from a place in it to the place in the text. Pure.

use unicode_normalization::char::{canonical_combining_class, decompose_compatible};

/// Whether a character is not seen, so that it can lie between others unnoticed.
fn is_hidden(character: char) -> bool {
    matches!(u32::from(character),
        0..=8 | 0x0e..=0x1f | 0x7f..=0x84 | 0x86..=0x9f | 0xad | 0x34f | 0x61c | 0x115f..=0x1160 | 0x17b4..=0x17b5
        | 0x180b..=0x180f | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f | 0x3164 | 0xfe00..=0xfe0f | 0xfeff
        | 0xffa0 | 0xfff0..=0xfffb | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff)
}

/// The hyphens that are nothing but that (also the one that no line breaks at) as the one that is typed.
fn plain_hyphen(character: char) -> char {
    if character == '\u{2010}' { '-' } else { character }
}

/// A piece of the form, and where in the text it comes from.
#[derive(Clone, Copy, Debug)]
struct Piece {
    /// Where it begins in the form, in bytes.
    at: usize,
    /// Where it begins and ends in the text, in bytes.
    begin: usize,
    end: usize,
    /// Whether it is character by character as long as the text; else it stands for all of its part of the text.
    is_even: bool,
}

/// A text in its form.
#[derive(Debug, Default)]
pub struct Folded {
    pub text: String,
    pieces: Vec<Piece>,
}

impl Folded {
    pub fn new(text: &str) -> Self {
        let mut folded = Self { text: String::with_capacity(text.len()), pieces: Vec::new() };
        // Marks that follow each other have an order of their own, by their classes.
        let mut marks: Vec<char> = Vec::new();
        let (mut begin, mut end) = (0, 0);
        for (at, character) in text.char_indices() {
            let after = at + character.len_utf8();
            if is_hidden(character) {
                continue;
            }
            if canonical_combining_class(character) != 0 {
                if marks.is_empty() {
                    begin = at;
                }
                end = after;
                decompose_compatible(character, |part| marks.extend(part.to_lowercase()));
                continue;
            }
            folded.close(&mut marks, begin, end);
            let (mut tail, from) = (Vec::new(), folded.text.len());
            let mut count = 0;
            decompose_compatible(character, |part| {
                for part in plain_hyphen(part).to_lowercase() {
                    count += 1;
                    if canonical_combining_class(part) == 0 && tail.is_empty() {
                        folded.text.push(part);
                    } else {
                        tail.push(part);
                    }
                }
            });
            let is_even = count == 1 && folded.text.len() - from == after - at;
            if folded.text.len() > from {
                folded.put(Piece { at: from, begin: at, end: after, is_even });
            }
            if !tail.is_empty() {
                (begin, end) = (at, after);
                marks = tail;
            }
        }
        folded.close(&mut marks, begin, end);
        folded
    }

    /// Puts marks in their order; each stands for all of them.
    fn close(&mut self, marks: &mut Vec<char>, begin: usize, end: usize) {
        if marks.is_empty() {
            return;
        }
        marks.sort_by_key(|mark| canonical_combining_class(*mark));
        let at = self.text.len();
        self.text.extend(marks.drain(..));
        self.put(Piece { at, begin, end, is_even: false });
    }

    fn put(&mut self, piece: Piece) {
        match self.pieces.last_mut() {
            Some(last)
                if last.is_even
                    && piece.is_even
                    && last.end == piece.begin
                    && piece.at - last.at == piece.begin - last.begin =>
            {
                last.end = piece.end;
            }
            _ => self.pieces.push(piece),
        }
    }

    fn piece(&self, at: usize) -> Option<&Piece> {
        self.pieces.get(self.pieces.partition_point(|piece| piece.at <= at).checked_sub(1)?)
    }

    /// Where in the text that stands which is in the form from `begin` to before `end`, in bytes; what is cut in two, as a whole.
    pub fn place(&self, begin: usize, end: usize) -> Option<(usize, usize)> {
        let (first, last) = (self.piece(begin)?, self.piece(end.checked_sub(1)?)?);
        let from = if first.is_even { first.begin + (begin - first.at) } else { first.begin };
        let to = if last.is_even { last.begin + (end - last.at) } else { last.end };
        Some((from, to))
    }
}

/// A text in its form.
pub fn fold(text: &str) -> String {
    Folded::new(text).text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found<'a>(text: &'a str, phrase: &str) -> Option<&'a str> {
        let (folded, phrase) = (Folded::new(text), fold(phrase));
        let at = folded.text.find(&phrase)?;
        let (begin, end) = folded.place(at, at + phrase.len())?;
        text.get(begin..end)
    }

    #[test]
    fn what_looks_alike_is_found_where_it_stands() {
        assert_eq!(found("电话１３８，", "138"), Some("１３８"));
        assert_eq!(found("张\u{200b}某某", "张某"), Some("张\u{200b}某"));
        assert_eq!(found("Rene\u{301}!", "ren\u{e9}"), Some("Rene\u{301}"));
        assert_eq!(found("ren\u{e9}!", "REN\u{c9}"), Some("ren\u{e9}"));
        assert_eq!(found("e\u{302}\u{323}.", "\u{1ec7}"), Some("e\u{302}\u{323}"));
        assert_eq!(found("3㏒5", "log5"), Some("㏒5"));
        assert_eq!(found("ﬁle", "file"), Some("ﬁle"));
        assert_eq!(found("138\u{2011}0000!", "138-0000"), Some("138\u{2011}0000"));
        assert_eq!(found("甲乙", "丙"), None);
    }

    proptest! {
        #[test]
        fn each_place_is_one_of_the_text(text in "[a-zé\u{301}\u{323}甲１㏒½\u{200b}\u{2010}\u{1100}\u{1161}]{0,30}") {
            let folded = Folded::new(&text);
            for (begin, character) in folded.text.char_indices() {
                let (from, to) = folded.place(begin, begin + character.len_utf8()).expect("a place");
                prop_assert!(from < to && text.get(from..to).is_some(), "{from} {to}");
            }
        }
    }
}
