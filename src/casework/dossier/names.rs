//! Names inside the package: safe on every file system, still readable, and unique.

use unicode_normalization::UnicodeNormalization;

/// Where the evidence files lie in the package.
pub const EVIDENCE: &str = "data/evidence/";

/// The longest file name in bytes (UTF-8): some encrypted file systems take no more than 143, and a path must
/// still fit into what Windows allows (260 characters).
const LONGEST: usize = 120;

/// The longest ending that is kept whole, in bytes, without its dot.
const LONGEST_ENDING: usize = 12;

/// The package's folder: `XS-2016-001184-v2-<agency code>`. Whatever is not an ASCII letter, digit or hyphen in the
/// parts becomes a hyphen.
pub fn folder(lead_number: &str, version: u32, agency_code: &str) -> String {
    let part = |text: &str| -> String {
        text.chars().take(60).map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
    };
    format!("{}-v{version}-{}", part(lead_number), part(agency_code))
}

/// Whether `name` can be the package's folder.
pub fn is_folder(name: &str) -> bool {
    (1..=LONGEST + 20).contains(&name.len())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && !name.starts_with('-')
}

/// The path of item `number` in the package, `data/evidence/001-合同.jpg`. The number keeps it unique, also where
/// names are compared without regard to case or composition.
pub fn evidence_path(number: u32, original: &str) -> String {
    let mark = format!("{number:03}-");
    let (stem, ending) = split(original);
    let room = LONGEST - mark.len() - if ending.is_empty() { 0 } else { ending.len() + 1 };
    let stem = shorten(&stem, room);
    let stem = if stem.is_empty() { "file" } else { stem };
    let dot = if ending.is_empty() { "" } else { "." };
    format!("{EVIDENCE}{mark}{stem}{dot}{ending}")
}

/// Stem and ending, each of safe characters only.
fn split(original: &str) -> (String, String) {
    // What an upload calls a path is only a name to us.
    let name = original.rsplit(['/', '\\']).next().unwrap_or_default();
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let plain = !ending.is_empty()
        && ending.len() <= LONGEST_ENDING
        && ending.chars().all(|c| c.is_ascii_alphanumeric());
    if plain { (safe(stem), ending.to_owned()) } else { (safe(name), String::new()) }
}

/// Composed (NFC), with each run of other characters than letters, digits and a few marks made one `_`, and no mark
/// or dot at either end.
fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfc() {
        if is_plain(c) {
            out.push(c);
        } else if !out.ends_with('_') {
            out.push('_');
        }
    }
    out.trim_matches(|c| matches!(c, '_' | '.' | '-')).to_owned()
}

/// Letters and digits of every script (control, direction, format and separator characters are none), and marks
/// that mean nothing to any file system or to BagIt.
fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '(' | ')' | '（' | '）' | '《' | '》' | '、' | '，')
}

/// The longest part at the front with at most `room` bytes.
fn shorten(text: &str, room: usize) -> &str {
    let mut end = text.len().min(room);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].trim_end_matches(['_', '.', '-'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use std::collections::HashSet;

    use super::*;

    fn file_name(number: u32, original: &str) -> String {
        evidence_path(number, original).strip_prefix(EVIDENCE).unwrap().to_owned()
    }

    #[test]
    fn chinese_names_stay_readable() {
        assert_eq!(file_name(1, "合同 扫描件(1).JPG"), "001-合同_扫描件(1).JPG");
        assert_eq!(file_name(12, "𠮷田商店.png"), "012-𠮷田商店.png");
        assert_eq!(file_name(1234, "a.tar.gz"), "1234-a.tar.gz");
    }

    #[test]
    fn hostile_names_lose_their_teeth() {
        for (given, made) in [
            ("../../etc/passwd", "001-passwd"),
            (r"C:\Windows\nul", "001-nul"),
            ("CON", "001-CON"),
            ("", "001-file"),
            ("...", "001-file"),
            (".htaccess", "001-file.htaccess"),
            ("photo\u{202e}gpj.exe", "001-photo_gpj.exe"),
            ("a%2fb.txt", "001-a_2fb.txt"),
            ("a\nb\0c.txt", "001-a_b_c.txt"),
            ("e\u{301}.txt", "001-é.txt"),
            ("x.verylongendingindeed", "001-x.verylongendingindeed"),
            ("x .", "001-x"),
        ] {
            assert_eq!(file_name(1, given), made, "{given:?}");
        }
    }

    #[test]
    fn folders_are_plain() {
        assert_eq!(folder("XS-2016-001184", 2, "GA-440100"), "XS-2016-001184-v2-GA-440100");
        assert_eq!(folder("XS-2016-001184", 2, "../公安"), "XS-2016-001184-v2------");
        assert!(is_folder(&folder("XS-2016-001184", 2, "GA-440100")));
        assert!(!is_folder("a/b") && !is_folder("") && !is_folder("..") && !is_folder("-x"));
    }

    proptest! {
        #[test]
        fn every_name_is_safe(number in 1u32..200_000, original in any::<String>()) {
            let name = file_name(number, &original);
            prop_assert!(name.len() <= LONGEST);
            let mark = format!("{number:03}-");
            prop_assert!(name.starts_with(&mark));
            prop_assert!(name.chars().all(is_plain));
            prop_assert!(!name.chars().any(|c| c.is_control() || c.is_whitespace()));
            let forbidden = ['/', '\\', ':', '*', '?', '"', '<', '>', '|', '%', '\u{202e}', '\u{feff}'];
            prop_assert!(!name.contains(forbidden));
            prop_assert!(!name.ends_with(['.', ' ', '-', '_']));
            prop_assert_eq!(name.nfc().collect::<String>(), name.clone());
        }

        #[test]
        fn names_differ_wherever_numbers_differ(originals in proptest::collection::vec(any::<String>(), 1..40)) {
            let names: HashSet<String> =
                (1u32..).zip(&originals).map(|(n, original)| file_name(n, original).to_lowercase()).collect();
            prop_assert_eq!(names.len(), originals.len());
        }
    }
}
