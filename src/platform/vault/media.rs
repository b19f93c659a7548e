use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// The media type of a file by its first bytes (8 KiB are enough). The name only tells kinds of plain text apart.
/// Whatever a browser might run (HTML, SVG, XML, scripts) is called plain text.
pub fn media_type(head: &[u8], name: &str) -> &'static str {
    match infer::get(head) {
        Some(kind) if kind.matcher_type() != infer::MatcherType::Text => kind.mime_type(),
        _ if is_text(head) => text_type(name),
        _ => "application/octet-stream",
    }
}

/// Whether a browser may show a file of this type as it is: pictures alone. All else is a download, or is drawn anew.
pub fn inline_safe(media_type: &str) -> bool {
    matches!(media_type, "image/png" | "image/jpeg" | "image/gif" | "image/webp")
}

/// The ending of a file's name by its media type, with the point; empty for what is not known.
pub fn ending(media_type: &str) -> &'static str {
    match media_type {
        "application/pdf" => ".pdf",
        "image/jpeg" => ".jpg",
        "image/png" => ".png",
        "image/gif" => ".gif",
        "image/webp" => ".webp",
        "image/bmp" => ".bmp",
        "image/tiff" => ".tif",
        "text/csv" => ".csv",
        "text/plain" => ".txt",
        "application/msword" => ".doc",
        "application/vnd.ms-excel" => ".xls",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => ".docx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => ".xlsx",
        _ => "",
    }
}

fn text_type(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref() {
        Some("csv") => "text/csv",
        Some("tsv") => "text/tab-separated-values",
        Some("json") => "application/json",
        Some("eml") => "message/rfc822",
        _ => "text/plain",
    }
}

/// Text is what decodes as UTF-8, as UTF-16 with its mark, or as GB18030 (which has GBK and GB2312 in it), and holds no
/// control characters but those of text. The last character may be cut in two.
fn is_text(head: &[u8]) -> bool {
    match Encoding::for_bom(head) {
        Some((encoding, mark)) if encoding == UTF_16LE || encoding == UTF_16BE => {
            decodes(encoding, &head[mark..])
        }
        Some((encoding, mark)) => decodes(encoding, &head[mark..]),
        None if head.is_empty() => false,
        None => decodes(UTF_8, head) || decodes(GB18030, head),
    }
}

fn decodes(encoding: &'static Encoding, bytes: &[u8]) -> bool {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let Some(room) = decoder.max_utf8_buffer_length_without_replacement(bytes.len()) else { return false };
    let mut text = String::with_capacity(room);
    let (result, _) = decoder.decode_to_string_without_replacement(bytes, &mut text, false);
    let control = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\x0c' | '\x1b');
    result == DecoderResult::InputEmpty && !text.chars().any(control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    const MP4: &[u8] = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom";

    #[test]
    fn a_name_ends_in_what_the_file_is() {
        assert_eq!(ending(media_type(PNG, "x.exe")), ".png");
        assert_eq!(ending(media_type("甲,乙".as_bytes(), "x.csv")), ".csv");
        assert_eq!(ending("application/octet-stream"), "");
    }

    #[test]
    fn content_decides_not_the_name() {
        assert_eq!(media_type(PNG, "invoice.pdf"), "image/png");
        assert_eq!(media_type(b"%PDF-1.7\n", "photo.jpg"), "application/pdf");
        assert_eq!(media_type(MP4, "x"), "video/mp4");
        assert_eq!(media_type(PNG, "list.csv"), "image/png");
        assert_eq!(media_type(b"\0\x01\x02\x03", "list.csv"), "application/octet-stream");
        assert_eq!(media_type(b"", "list.csv"), "application/octet-stream");
    }

    #[test]
    fn text_in_the_encodings_of_practice() {
        assert_eq!(media_type("编号,商品\n1,手表\n".as_bytes(), "清单.CSV"), "text/csv");
        let (gbk, _, _) = GB18030.encode("编号,商品\n1,手表,𠮷\n");
        assert_eq!(media_type(&gbk, "清单.csv"), "text/csv");
        assert_eq!(media_type(&gbk, "聊天记录.txt"), "text/plain");
        assert_eq!(media_type(b"\xff\xfeA\0B\0", "a.txt"), "text/plain");
        assert_eq!(media_type(b"\xef\xbb\xbf{}", "a.json"), "application/json");
        let cut = "手".repeat(3000);
        assert_eq!(media_type(&cut.as_bytes()[..8 * 1024], "a.txt"), "text/plain", "cut within a character");
    }

    #[test]
    fn nothing_that_a_browser_runs_is_named_so() {
        let pages: [&[u8]; 6] = [
            b"<!DOCTYPE html><script>alert(1)</script>",
            b"  <html><body onload=alert(1)>",
            b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>",
            b"<svg onload=alert(1)>",
            b"<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"/>",
            b"#!/bin/sh\nrm -rf /",
        ];
        for page in pages {
            for name in ["a.html", "a.svg", "a.xhtml", "a.png", "a.js"] {
                assert_eq!(media_type(page, name), "text/plain");
            }
        }
        assert!(!inline_safe("text/plain") && !inline_safe("image/svg+xml") && !inline_safe("text/html"));
        assert!(!inline_safe("application/pdf"));
    }

    proptest! {
        #[test]
        fn only_four_types_are_shown_inline(head in proptest::collection::vec(any::<u8>(), 0..600), name in ".{0,12}") {
            let found = media_type(&head, &name);
            prop_assert!(!found.contains("html") && !found.contains("svg") && !found.contains("script"));
            if inline_safe(found) {
                prop_assert!(infer::is_image(&head));
            }
        }
    }
}
