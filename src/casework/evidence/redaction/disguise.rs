//! Phrases that stand in a text in other signs than their own: the escapes of JSON and scripts, of addresses and of web pages,
//! quoted-printable, hexadecimal and base64. What is packed or encrypted within a text is not looked into. Pure.

use std::borrow::Cow;

use data_encoding::{BASE64, HEXLOWER};
use encoding_rs::{Encoding, GB18030, UTF_8};
use htmlize::{ENTITIES, ENTITY_MAX_LENGTH, ENTITY_MIN_LENGTH};

use super::fold::fold;

/// Signs of base64 that have to agree; fewer occur by chance.
const LEAST_BASE64: usize = 6;
/// As [`LEAST_BASE64`], of hexadecimal signs.
const LEAST_HEX: usize = 8;

/// Whether a text says of itself that parts of it are encoded, as a mail does that was saved as a text.
pub fn is_encoded(text: &str) -> bool {
    text.lines().any(|line| {
        let is_head =
            line.get(..26).is_some_and(|head| head.eq_ignore_ascii_case("content-transfer-encoding:"));
        let way = line.get(26..).unwrap_or_default().to_ascii_lowercase();
        is_head && (way.contains("base64") || way.contains("quoted-printable"))
    })
}

/// The text without its escapes, once for each sort that it has; lazily, as each is as large as the text.
pub fn plain(text: &str) -> impl Iterator<Item = String> {
    let ways: [fn(&str) -> Option<String>; 9] = [
        |text| changed(text, &unescaped(text)),
        |text| changed(text, &entities(text)),
        |text| changed(text, &bytes_of(text, b"%", UTF_8)),
        |text| changed(text, &bytes_of(text, b"%", GB18030)),
        |text| changed(text, &bytes_of(text, b"\\x", UTF_8)),
        |text| changed(text, &bytes_of(text, b"\\x", GB18030)),
        |text| changed(text, &bytes_of(&joined(text), b"=", UTF_8)),
        |text| changed(text, &bytes_of(&joined(text), b"=", GB18030)),
        layered,
    ];
    ways.into_iter().filter_map(move |way| way(text))
}

fn changed(text: &str, plain: &str) -> Option<String> {
    (plain != text).then(|| plain.to_owned())
}

/// Escapes within escapes, as of a web page in JSON in an address.
fn layered(text: &str) -> Option<String> {
    let mut plain = Cow::Borrowed(text);
    for _ in 0..3 {
        let next = entities(&unescaped(&bytes_of(&plain, b"%", UTF_8)));
        if next == plain {
            break;
        }
        plain = Cow::Owned(next);
    }
    changed(text, &plain)
}

/// Without the ends of lines that quoted-printable puts in.
fn joined(text: &str) -> String {
    text.replace("=\r\n", "").replace("=\n", "")
}

fn hex(digits: &[u8]) -> Option<u32> {
    let is_hex = !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit);
    u32::from_str_radix(std::str::from_utf8(digits).ok().filter(|_| is_hex)?, 16).ok()
}

/// With each byte that is written as `lead` and two digits as that byte, read in `encoding`. A byte of a character may be
/// written as itself, as far as it is a sign of ASCII.
fn bytes_of(text: &str, lead: &[u8], encoding: &'static Encoding) -> String {
    let (source, mut at) = (text.as_bytes(), 0);
    let mut plain = String::with_capacity(text.len());
    let mut bytes: Vec<u8> = Vec::new();
    while at < source.len() {
        let rest = &source[at..];
        let digits = rest.strip_prefix(lead).and_then(|rest| rest.get(..2)).and_then(hex);
        match digits.and_then(|byte| u8::try_from(byte).ok()) {
            Some(byte) => {
                bytes.push(byte);
                at += lead.len() + 2;
            }
            None if rest[0].is_ascii() => {
                bytes.push(rest[0]);
                at += 1;
            }
            None => {
                plain.push_str(&encoding.decode_without_bom_handling(&bytes).0);
                bytes.clear();
                let length = rest.iter().position(u8::is_ascii).unwrap_or(rest.len());
                plain.push_str(&text[at..at + length]);
                at += length;
            }
        }
    }
    plain.push_str(&encoding.decode_without_bom_handling(&bytes).0);
    plain
}

/// With `\u4e2d`, `\u{4e2d}`, `%u4e2d`, `\"` and the like as the characters that they stand for.
fn unescaped(text: &str) -> String {
    let mut units: Vec<u16> = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '%']) {
        units.extend(rest[..at].encode_utf16());
        let (sign, behind) = rest[at..].split_at(1);
        rest = behind;
        let bytes = behind.as_bytes();
        let braced = || {
            let end = bytes.iter().take(9).position(|byte| *byte == b'}')?;
            Some((char::from_u32(hex(bytes.get(2..end)?)?)?, end + 1))
        };
        let four = bytes.get(1..5).and_then(hex).and_then(|unit| u16::try_from(unit).ok());
        match (bytes.first(), four) {
            (Some(b'u'), Some(unit)) => {
                units.push(unit);
                rest = &behind[5..];
            }
            (Some(b'u'), None) if bytes.get(1) == Some(&b'{') && sign == "\\" => {
                if let Some((character, length)) = braced() {
                    units.extend(character.encode_utf16(&mut [0; 2]).iter());
                    rest = &behind[length..];
                }
            }
            // The sign behind stands for itself.
            (Some(b'"' | b'\'' | b'/' | b'\\'), _) if sign == "\\" => {
                units.push(u16::from(bytes[0]));
                rest = &behind[1..];
            }
            _ => units.extend(sign.encode_utf16()),
        }
    }
    units.extend(rest.encode_utf16());
    String::from_utf16_lossy(&units)
}

/// With `&#20013;`, `&#x4e2d;`, `&eacute;` and all others as the characters that they stand for, as a browser reads them.
fn entities(text: &str) -> String {
    htmlize::unescape(closed(text)).into_owned()
}

/// With the semicolon behind names that stand without it where a browser needs it: others need none.
fn closed(text: &str) -> String {
    let mut closed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let signs = rest[at + 1..].bytes().take(ENTITY_MAX_LENGTH);
        let end = at + 1 + signs.take_while(u8::is_ascii_alphanumeric).count();
        let (before, behind) = rest.split_at(end);
        closed.push_str(before);
        if !behind.starts_with(';') && is_open(&before[at..]) {
            closed.push(';');
        }
        rest = behind;
    }
    closed.push_str(rest);
    closed
}

/// Whether a name of the table, with its `&`, stands for nothing yet without its semicolon.
fn is_open(name: &str) -> bool {
    name.len() >= ENTITY_MIN_LENGTH
        && ENTITIES.contains_key(format!("{name};").as_bytes())
        && htmlize::unescape(name) == name
}

/// How a phrase would look in base64 at each of the places where it can begin, without the signs that hang on what stands
/// before and behind it; the short ones are left out.
fn in_base64(bytes: &[u8]) -> Vec<String> {
    let at = |offset: usize| {
        let padded = [&[0, 0][..offset], bytes].concat();
        let signs = BASE64.encode(&padded);
        let (begin, end) = ((offset * 8).div_ceil(6), padded.len() * 8 / 6);
        signs.get(begin..end).unwrap_or_default().to_owned()
    };
    (0..3).map(at).filter(|signs| signs.len() >= LEAST_BASE64).collect()
}

/// What a text is searched in for phrases in base64 and in hexadecimal signs: without white space, and
/// with those signs of base64 that addresses have others for.
pub struct Packed {
    base64: String,
    hex: String,
}

impl Packed {
    pub fn new(text: &str) -> Self {
        let base64: String = text
            .chars()
            .filter(|character| !character.is_whitespace())
            .map(|character| match character {
                '-' => '+',
                '_' => '/',
                other => other,
            })
            .collect();
        // Two digits a byte, whatever signs stand between them.
        let is_part = |character: &char| !character.is_ascii() || character.is_ascii_alphanumeric();
        let hex = text.chars().filter(is_part).map(|character| character.to_ascii_lowercase()).collect();
        Self { base64, hex }
    }

    /// Whether a phrase stands there, as it was typed.
    pub fn has(&self, phrase: &str) -> bool {
        let forms = [phrase.as_bytes().to_vec(), GB18030.encode(phrase).0.into_owned()];
        forms.iter().any(|bytes| {
            let hex = HEXLOWER.encode(bytes);
            hex.len() >= LEAST_HEX && self.hex.contains(&hex)
                || in_base64(bytes).iter().any(|signs| self.base64.contains(signs))
        })
    }
}

/// Whether one of the phrases, in their form, stands in the text once its escapes are read.
pub fn stands_in(plain: &str, folded: &[String]) -> bool {
    let plain = fold(plain);
    folded.iter().any(|phrase| plain.contains(phrase))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_found(text: &str, phrase: &str) -> bool {
        let folded = [fold(phrase)];
        plain(text).any(|plain| stands_in(&plain, &folded)) || Packed::new(text).has(phrase)
    }

    #[test]
    fn a_phrase_is_found_in_the_escapes_of_practice() {
        for text in [
            "\\u5f20\\u67d0",
            "\\u{5f20}\\u{67d0}",
            "%u5F20%u67d0",
            "%E5%BC%A0%E6%9F%90",
            "%D5%C5%C4%B3",
            "\\xE5\\xBC\\xA0\\xe6\\x9f\\x90",
            "\\xd5\\xc5\\xc4\\xb3",
            "=E5=BC=A0=\r\n=E6=9F=90",
            "=D5=C5=C4=B3",
            "&#24352;&#x67d0;",
            "&#x5F20&#26576",
            "%5Cu5f20%5Cu67d0",
            "张&zwnj;某",
            "&amp;#24352;某",
            "e5bca0e69f90",
            "E5 BC A0 E6 9F 90",
            "D5:C5:C4:B3",
        ] {
            assert!(is_found(&format!("甲{text}乙"), "张某"), "{text}");
            assert!(!is_found(&format!("甲{text}乙"), "李某"), "{text}");
        }
        assert!(is_found("https:\\/\\/a.example", "https://a.example"));
        assert!(is_found("he said \\\"no\\\"", "said \"no\""));
        for text in ["张某 &#1; \\u12 %zz &#", "&#&#&#", "\\u{", "%", "\\"] {
            assert!(!is_found(text, "李四"), "{text}");
        }
    }

    /// The table is that of the standard, with those names that need no semicolon and those that stand for two characters.
    #[test]
    fn a_phrase_is_found_behind_every_entity_that_has_a_name() {
        assert!(ENTITIES.len() > 2_200);
        for (name, meant) in ENTITIES.entries() {
            let [name, meant] = [name, meant].map(|bytes| std::str::from_utf8(bytes).expect("UTF-8"));
            let phrase = format!("甲{meant}乙");
            for text in [name, name.trim_end_matches(';')] {
                // Without its semicolon a browser may read a shorter name.
                if text == name || is_open(text) {
                    assert!(is_found(&format!("丙甲{text}乙丁"), &phrase), "{text}");
                }
            }
            assert!(!is_found(&format!("丙甲{name}乙丁"), "甲丙乙"), "{name}");
        }
    }

    #[test]
    fn a_phrase_is_found_in_the_entities_of_letters_and_signs() {
        for (text, phrase) in [
            ("Jos&eacute;", "José"),
            ("JOS&Eacute;", "josé"),
            ("Jos&eacute", "José"),
            ("Jos&eacuteLuis", "JoséLuis"),
            ("Jose&#769;", "José"),
            ("Jos&#x00000000000000E9;", "José"),
            ("Jos&amp;eacute;", "José"),
            ("&Lcaron;ubo&scaron;", "Ľuboš"),
            ("&fjlig;ord", "fjord"),
            ("a&commat;b", "a@b"),
            ("a&commat b", "a@ b"),
            ("138&hyphen;0000", "138-0000"),
            ("138&dash;0000", "138-0000"),
            ("138\u{2010}0000&hyphen;1", "138\u{2010}0000-1"),
            ("it&#146;s", "it\u{2019}s"),
            ("a&nbsp;b", "a b"),
            ("Jo&shy;s&eacute;", "José"),
        ] {
            assert!(is_found(text, phrase), "{text}");
        }
        // What a browser shows as it stands, and an address.
        assert!(!is_found("&eacut;e?a=1&unknown=2&;&", "é"));
        assert!(!is_found("&notin", "∉"), "read as ¬in");
    }

    #[test]
    fn a_phrase_is_found_in_base64_wherever_it_begins() {
        for before in ["", "甲", "a", "ab", "abc"] {
            for text in [format!("{before}收件人张某，已签收"), format!("{before}13800000000.")] {
                let packed = BASE64.encode(text.as_bytes());
                let lines = [&packed[..9], "\r\n", &packed[9..]].concat();
                let phrase = if text.contains('张') { "张某" } else { "13800000000" };
                assert!(is_found(&packed, phrase) && is_found(&lines, phrase), "{packed}");
                assert!(!is_found(&packed, "13911111111"));
            }
        }
    }

    #[test]
    fn a_text_says_that_parts_of_it_are_encoded() {
        assert!(is_encoded("Subject: a\r\nContent-Transfer-Encoding: BASE64\r\n\r\nYQ=="));
        assert!(is_encoded("content-transfer-encoding:quoted-printable"));
        assert!(!is_encoded("Content-Transfer-Encoding: 8bit\n一行很长很长的文字，其中没有编码"));
    }
}
