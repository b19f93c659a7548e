//! How large a file is, as people read it: one way for all pages and papers. 1 KB is 1,024 bytes, as the limits of uploads
//! count and as the computers of those who read it say.

use super::{
    i18n::{Lang, t_with},
    money::grouped,
};

const UNITS: [&str; 4] = ["KB", "MB", "GB", "TB"];

/// The size to one decimal, and whether that is all there is to say.
fn rounded(bytes: u64) -> (String, bool) {
    if bytes < 1024 {
        return (format!("{bytes} B"), true);
    }
    let bytes = u128::from(bytes);
    let (mut one, mut unit) = (1024, 0);
    let tenths = loop {
        let tenths = (bytes * 10 + one / 2) / one;
        // What would be 1024.0 of a unit is 1.0 of the next.
        if tenths < 10_240 || unit + 1 == UNITS.len() {
            break tenths;
        }
        one *= 1024;
        unit += 1;
    };
    (format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit]), tenths * one == bytes * 10)
}

/// `38 B`, `1.2 MB`.
pub fn short(bytes: u64) -> String {
    rounded(bytes).0
}

/// As [`short`], with the exact number of bytes where the rounded one is another: `1.2 MB（1,234,567 字节）`.
pub fn full(bytes: u64, lang: Lang) -> String {
    match rounded(bytes) {
        (size, true) => size,
        (size, false) => t_with(lang, "file-size-exact", &[("size", size), ("bytes", grouped(bytes))]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_at_a_glance() {
        let all = [0, 38, 1023, 1024, 1536, 1_048_575, 1_234_567, 5 << 30, u64::MAX].map(short);
        let read = ["0 B", "38 B", "1023 B", "1.0 KB", "1.5 KB", "1.0 MB", "1.2 MB", "5.0 GB"];
        assert_eq!(all[..8], read);
        assert!(all[8].ends_with(" TB"), "{}", all[8]);
    }

    #[test]
    fn the_exact_number_stands_where_the_rounded_one_is_another() {
        assert_eq!(full(38, Lang::Zh), "38 B");
        assert_eq!(full(1536, Lang::Zh), "1.5 KB");
        assert_eq!(full(1537, Lang::Zh), "1.5 KB（1,537 字节）");
        assert_eq!(full(1_234_567, Lang::En), "1.2 MB (1,234,567 bytes)");
    }
}
