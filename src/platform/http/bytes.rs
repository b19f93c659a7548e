//! Serving stored bytes: as a download, or shown by the browser where that can do no harm. Never as a page of ours.

use std::error::Error;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, ContentDisposition, DispositionParam, DispositionType, ExtendedValue},
};

use bytes::Bytes;
use futures_util::Stream;

use crate::platform::{error::Result, vault::Vault};

/// For what comes from outside: it may run nothing, load nothing and be framed by our own pages only.
pub const SANDBOX: &str = "sandbox; default-src 'none'; frame-ancestors 'self'";

/// For PDFs of our own making, which a page of ours shows in a frame. A browser's viewer is a program of its own; not every
/// browser lets it into a sandbox (Chromium shows a broken page), so that is left out. What others made never has it.
pub const PDF: &str = "default-src 'none'; object-src 'self'; frame-ancestors 'self'";

/// The policy for a file of ours of this media type that is not to act as a page.
pub fn policy_of(media_type: &str) -> &'static str {
    if media_type == "application/pdf" { PDF } else { SANDBOX }
}

/// How long a recorded download may be continued without another entry in the log, in seconds, from where it was begun.
pub const CONTINUED: i64 = 3600;

/// A stored file as it is served.
#[derive(Clone, Debug)]
pub struct Download {
    /// The object in the vault.
    pub key: uuid::Uuid,
    pub wrapped_key: Vec<u8>,
    /// Bytes of the file.
    pub size: u64,
    /// SHA-256 of the file, hex: what the answer names it by.
    pub sha256: String,
    /// The name that it is saved under; Chinese names arrive whole.
    pub name: String,
    pub media_type: String,
    /// Shown by the browser instead of saved.
    pub inline: bool,
    /// Content security policy: of [`policy_of`].
    pub policy: &'static str,
}

/// The `Range` of a request, as it stands there; none where the request wants a part of another file only (`If-Range`, RFC 9110
/// 13.1.5): it has the beginning of something else, and is given the whole of this one. `sha256`: hex, of the file as it is.
pub fn range_of(request: &HttpRequest, sha256: &str) -> Option<String> {
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    // A weak tag or a date is never the same: nothing here is sent with either.
    let wants = |tag: &str| tag.trim() == format!("\"{sha256}\"");
    let has_condition = request.headers().contains_key(header::IF_RANGE);
    let is_met = !has_condition || text(header::IF_RANGE).is_some_and(wants);
    text(header::RANGE).filter(|_| is_met).map(str::to_owned)
}

/// Whether a request asks for the beginning of a file, or for what may be the whole of it: the first of a download.
/// Asked of a file of one byte, whatever its size is, every other range has nothing to give.
pub fn is_first(range: Option<&str>) -> bool {
    range.is_none_or(|range| parse_range(range, 1) != Span::Unsatisfiable)
}

/// Answers with the bytes of a file, or with the part that `range` asks for. The caller has put the read on record.
///
/// # Errors
/// Those of the vault.
pub async fn stream(vault: &Vault, file: &Download, range: Option<&str>) -> Result<HttpResponse> {
    let (mut reply, span) = match range.map(|text| parse_range(text, file.size)) {
        Some(Span::Unsatisfiable) => {
            return Ok(HttpResponse::RangeNotSatisfiable()
                .insert_header((header::CONTENT_RANGE, format!("bytes */{}", file.size)))
                .finish());
        }
        Some(Span::Part(from, to)) => {
            let mut reply = HttpResponse::PartialContent();
            reply.insert_header((header::CONTENT_RANGE, format!("bytes {from}-{}/{}", to - 1, file.size)));
            (reply, from..to)
        }
        Some(Span::Ignored) | None => (HttpResponse::Ok(), 0..file.size),
    };
    let length = span.end - span.start;
    let bytes = vault.range(file.key, &file.wrapped_key, span).await?;
    Ok(reply
        .content_type(file.media_type.as_str())
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header(header::ETag(header::EntityTag::new_strong(file.sha256.clone())))
        .insert_header((header::CONTENT_SECURITY_POLICY, file.policy))
        .insert_header((header::X_FRAME_OPTIONS, "SAMEORIGIN"))
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header(disposition(&file.name, file.inline))
        .no_chunking(length)
        .streaming(bytes))
}

/// Answers with the bytes of a file that is made while it is sent: `size` of them, as a download, and only as a whole.
pub fn made<S, E>(name: &str, media_type: &str, size: u64, bytes: S) -> HttpResponse
where
    S: Stream<Item = Result<Bytes, E>> + 'static,
    E: Into<Box<dyn Error>> + 'static,
{
    HttpResponse::Ok()
        .content_type(media_type)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::ACCEPT_RANGES, "none"))
        .insert_header((header::CONTENT_SECURITY_POLICY, policy_of(media_type)))
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header(disposition(name, false))
        .no_chunking(size)
        .streaming(bytes)
}

/// The name in both forms (RFC 6266).
pub fn disposition(name: &str, inline: bool) -> ContentDisposition {
    let safe = |ch: char| ch.is_ascii_graphic() && !"\"\\%".contains(ch);
    let ascii: String = name.chars().map(|ch| if safe(ch) { ch } else { '_' }).collect();
    named(name, ascii, inline)
}

/// A download called `name`; by what knows only Latin letters, `ascii`.
pub fn download_as(name: &str, ascii: String) -> ContentDisposition {
    named(name, ascii, false)
}

fn named(name: &str, ascii: String, inline: bool) -> ContentDisposition {
    let whole = ExtendedValue {
        charset: header::Charset::Ext("UTF-8".into()),
        language_tag: None,
        value: name.as_bytes().to_vec(),
    };
    ContentDisposition {
        disposition: if inline { DispositionType::Inline } else { DispositionType::Attachment },
        parameters: vec![DispositionParam::Filename(ascii), DispositionParam::FilenameExt(whole)],
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Span {
    /// From and to (exclusive).
    Part(u64, u64),
    Unsatisfiable,
    /// Several ranges, or a unit that we don't know: the whole file is a lawful answer (RFC 9110 14.2).
    Ignored,
}

fn parse_range(text: &str, size: u64) -> Span {
    let Some(spec) = text.trim().strip_prefix("bytes=") else { return Span::Ignored };
    let Some((from, to)) = spec.split_once('-').filter(|_| !spec.contains(',')) else {
        return Span::Ignored;
    };
    let (from, to) = (from.trim(), to.trim());
    if from.is_empty() {
        return match to.parse::<u64>() {
            Ok(last) if last > 0 && size > 0 => Span::Part(size.saturating_sub(last), size),
            Ok(_) => Span::Unsatisfiable,
            Err(_) => Span::Ignored,
        };
    }
    let Ok(from) = from.parse::<u64>() else { return Span::Ignored };
    let end = if to.is_empty() { Ok(u64::MAX) } else { to.parse::<u64>() };
    match end {
        Err(_) => Span::Ignored,
        Ok(to) if from > to => Span::Ignored,
        Ok(_) if from >= size => Span::Unsatisfiable,
        Ok(to) => Span::Part(from, to.saturating_add(1).min(size)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        for (text, span) in [
            ("bytes=0-", Span::Part(0, 10)),
            ("bytes=2-4", Span::Part(2, 5)),
            ("bytes=8-99", Span::Part(8, 10)),
            ("bytes=-3", Span::Part(7, 10)),
            ("bytes=-30", Span::Part(0, 10)),
            ("bytes=10-", Span::Unsatisfiable),
            ("bytes=-0", Span::Unsatisfiable),
            ("bytes=4-2", Span::Ignored),
            ("bytes=0-1,3-4", Span::Ignored),
            ("pages=1-2", Span::Ignored),
        ] {
            assert_eq!(parse_range(text, 10), span, "{text}");
        }
    }

    #[test]
    fn whatever_gives_the_first_byte_is_a_download_of_its_own() {
        for text in
            ["bytes=0-", "bytes=00-", "bytes= 0-99", "bytes=-5", "bytes=0-0,4-", "pages=1-2", "bytes=4-2"]
        {
            assert!(is_first(Some(text)), "{text}");
        }
        assert!(is_first(None) && !is_first(Some("bytes=1-")) && !is_first(Some("bytes=4096-8191")));
    }

    #[test]
    fn a_part_is_given_of_the_file_alone_that_was_begun() {
        let range = |condition: Option<&[u8]>| {
            let mut request = actix_web::test::TestRequest::get().insert_header((header::RANGE, "bytes=4-"));
            if let Some(condition) = condition {
                let value = header::HeaderValue::from_bytes(condition).expect("a header");
                request = request.insert_header((header::IF_RANGE, value));
            }
            range_of(&request.to_http_request(), "ab12")
        };
        assert_eq!(range(None).as_deref(), Some("bytes=4-"));
        assert_eq!(range(Some(b"\"ab12\"")).as_deref(), Some("bytes=4-"));
        let others: [&[u8]; 6] =
            [b"\"ab13\"", b"W/\"ab12\"", b"ab12", b"", b"Tue, 10 May 2016 00:00:00 GMT", b"\xe5\x8d"];
        for other in others {
            assert_eq!(range(Some(other)), None, "{other:?}");
        }
    }

    #[test]
    fn a_name_arrives_whole() {
        let text = disposition("卷宗 \"1\".pdf", false).to_string();
        assert!(text.starts_with("attachment; filename=\"___"), "{text}");
        assert!(text.contains("filename*=UTF-8''%E5%8D%B7%E5%AE%97"), "{text}");
    }
}
