//! What a PDF may do beside being shown, by the words that stand in it. It is shown as pictures of its
//! pages, and not read by anything in this process.

/// A word, and the message key of what it means.
const ACTIVE: [(&[u8], &str); 7] = [
    (b"/JavaScript", "reading-pdf-script"),
    (b"/JS", "reading-pdf-script"),
    (b"/Launch", "reading-pdf-launch"),
    (b"/OpenAction", "reading-pdf-open"),
    (b"/AA", "reading-pdf-open"),
    (b"/EmbeddedFile", "reading-pdf-file"),
    (b"/Encrypt", "reading-pdf-locked"),
];

/// What a PDF holds, each once.
pub fn read(bytes: &[u8]) -> Vec<&'static str> {
    let mut found = Vec::new();
    for (at, byte) in bytes.iter().enumerate() {
        if *byte != b'/' {
            continue;
        }
        for (word, key) in ACTIVE {
            let is_word = bytes[at..].starts_with(word)
                && bytes
                    .get(at + word.len())
                    .is_none_or(|next| !next.is_ascii_alphanumeric() || *next == b's');
            if is_word && !found.contains(&key) {
                found.push(key);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_named() {
        let pdf = b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>endobj\n/AAPL:x";
        assert_eq!(read(pdf), ["reading-pdf-open", "reading-pdf-script"]);
        assert!(read(b"%PDF-1.7\n/Type/Catalog /JSON").is_empty());
        assert!(read(b"/").is_empty());
    }
}
