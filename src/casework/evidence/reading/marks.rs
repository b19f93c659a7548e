//! Text of a file as it may stand on a page: what hides or steers is a visible mark.

use std::fmt::Write;

/// Characters that nobody sees, or that turn the direction in which others are read.
fn is_hidden(ch: char) -> bool {
    matches!(ch,
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

fn push(out: &mut String, ch: char) {
    match ch {
        '\u{0}'..='\u{1f}' => out.push(char::from_u32(0x2400 + ch as u32).unwrap_or('\u{fffd}')),
        '\u{7f}' => out.push('\u{2421}'),
        _ if is_hidden(ch) => {
            let _ = write!(out, "⟦U+{:04X}⟧", ch as u32);
        }
        _ => out.push(ch),
    }
}

/// A text of several lines; its line breaks and tabs stay.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(ch) = chars.next() {
        match ch {
            '\n' | '\t' => out.push(ch),
            '\r' if chars.peek() == Some(&'\n') => {}
            _ => push(&mut out, ch),
        }
    }
    out
}

/// A name or a cell, of which so many characters are shown: line breaks are marks too.
pub fn line(text: &str, most: usize) -> String {
    let mut out = String::new();
    for (n, ch) in text.chars().enumerate() {
        if n == most {
            out.push('…');
            break;
        }
        push(&mut out, ch);
    }
    out
}

/// The beginning of a text, of so many characters.
pub fn short(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(at, _)| &text[..at])
}

/// Whether a name has what hides or steers.
pub fn hides(text: &str) -> bool {
    text.chars().any(|ch| ch.is_control() || is_hidden(ch))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_is_seen() {
        assert_eq!(visible("甲\r\n乙\t\u{202e}fdp.exe\0"), "甲\n乙\t⟦U+202E⟧fdp.exe␀");
        assert_eq!(line("a\r\nb", 9), "a␍␊b");
        assert_eq!(line("手表手表", 2), "手表…");
        assert_eq!(line("手表", 2), "手表");
        assert_eq!(line("\u{7f}\u{85}", 9), "␡⟦U+0085⟧");
        assert_eq!((short("手表", 1), short("手表", 2), short("", 0)), ("手", "手表", ""));
        assert!(hides("a\u{200b}") && hides("a\n") && !hides("证据 1.pdf"));
    }
}
