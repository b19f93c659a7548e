//! Serving the bytes: as a download, or as a preview of kinds that can do no harm. Never as a page of ours.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, ContentDisposition, DispositionParam, DispositionType, ExtendedValue},
    web,
};

use super::store::{self, Item};
use crate::{
    audit::{self, Entry},
    casework::lead,
    directory::people::{Actor, CaseReader},
    platform::{
        db::Id,
        error::{AppError, Result},
        services::Services,
        vault::inline_safe,
    },
};

/// What is served may run nothing, load nothing and be framed by our own pages only.
const POLICY: &str =
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'";

pub async fn download(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    serve(&me, &services, &request, id.into_inner(), false).await
}

pub async fn preview(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    serve(&me, &services, &request, id.into_inner(), true).await
}

/// Answers with the bytes of an item; the read is on record before the first byte leaves.
///
/// # Errors
/// `NotFound`; those of the vault.
pub async fn serve(
    me: &Actor,
    services: &Services,
    request: &HttpRequest,
    id: Id,
    inline: bool,
) -> Result<HttpResponse> {
    let range = request.headers().get(header::RANGE).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let is_first = range.as_deref().is_none_or(|r| r.trim().starts_with("bytes=0-"));
    let verb = if inline { "evidence.preview" } else { "evidence.download" };
    let actor = me.clone();
    let read = move |tx: &mut crate::platform::db::Tx<'_>| {
        let item = store::find(tx.conn(), id)?;
        lead::store::find_visible(tx.conn(), &actor, item.lead_id)?;
        if is_first {
            let hash = item.blob.sha256_hex();
            let entry = Entry::new(verb).object("evidence", id).object("lead", item.lead_id);
            audit::record(tx, entry.fact("sha256", hash))?;
        }
        Ok(item)
    };
    // Later pieces of one download are not another read.
    let item = if is_first {
        services.db.write(me.origin(), read).await?
    } else {
        services.db.write_quiet(read).await?
    };
    if item.blob.erased_at.is_some() || (inline && !inline_safe(&item.blob.media_type)) {
        return Err(AppError::NotFound);
    }
    stream(services, &item, range.as_deref(), inline).await
}

async fn stream(services: &Services, item: &Item, range: Option<&str>, inline: bool) -> Result<HttpResponse> {
    let size = item.blob.size.cast_unsigned();
    let wanted = range.map(|r| parse_range(r, size));
    let (mut reply, span) = match wanted {
        Some(Span::Unsatisfiable) => {
            return Ok(HttpResponse::RangeNotSatisfiable()
                .insert_header((header::CONTENT_RANGE, format!("bytes */{size}")))
                .content_type("text/plain; charset=utf-8")
                .body(""));
        }
        Some(Span::Part(from, to)) => {
            let mut reply = HttpResponse::PartialContent();
            reply.insert_header((header::CONTENT_RANGE, format!("bytes {from}-{}/{size}", to - 1)));
            (reply, from..to)
        }
        Some(Span::Ignored) | None => (HttpResponse::Ok(), 0..size),
    };
    let length = span.end - span.start;
    let bytes = services.vault.range(item.blob.id.uuid(), &item.blob.wrapped_key, span).await?;
    let media_type = if inline { item.blob.media_type.as_str() } else { "application/octet-stream" };
    Ok(reply
        .content_type(media_type)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::X_FRAME_OPTIONS, "SAMEORIGIN"))
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header(disposition(&item.name, inline))
        .no_chunking(length)
        .streaming(bytes))
}

/// The name in both forms (RFC 6266), so that Chinese names arrive whole.
pub fn disposition(name: &str, inline: bool) -> ContentDisposition {
    let ascii: String = name
        .chars()
        .map(|ch| if ch.is_ascii_graphic() && !"\"\\%".contains(ch) { ch } else { '_' })
        .collect();
    ContentDisposition {
        disposition: if inline { DispositionType::Inline } else { DispositionType::Attachment },
        parameters: vec![
            DispositionParam::Filename(ascii),
            DispositionParam::FilenameExt(ExtendedValue {
                charset: header::Charset::Ext("UTF-8".into()),
                language_tag: None,
                value: name.as_bytes().to_vec(),
            }),
        ],
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
    let Some((from, to)) = spec.split_once('-').filter(|_| !spec.contains(',')) else { return Span::Ignored };
    match (from.trim().parse::<u64>(), to.trim()) {
        (Ok(from), "") if from < size => Span::Part(from, size),
        (Ok(from), to) => match to.parse::<u64>() {
            Ok(to) if from <= to && from < size => Span::Part(from, to.saturating_add(1).min(size)),
            Ok(to) if from > to => Span::Ignored,
            Ok(_) => Span::Unsatisfiable,
            Err(_) if to.is_empty() => Span::Unsatisfiable,
            Err(_) => Span::Ignored,
        },
        (Err(_), to) if from.trim().is_empty() => match to.parse::<u64>() {
            Ok(0) => Span::Unsatisfiable,
            Ok(last) if size > 0 => Span::Part(size.saturating_sub(last), size),
            Ok(_) => Span::Unsatisfiable,
            Err(_) => Span::Ignored,
        },
        _ => Span::Ignored,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        assert_eq!(parse_range("bytes=0-", 10), Span::Part(0, 10));
        assert_eq!(parse_range("bytes=2-4", 10), Span::Part(2, 5));
        assert_eq!(parse_range("bytes=8-99", 10), Span::Part(8, 10));
        assert_eq!(parse_range("bytes=-3", 10), Span::Part(7, 10));
        assert_eq!(parse_range("bytes=-30", 10), Span::Part(0, 10));
        assert_eq!(parse_range("bytes=10-", 10), Span::Unsatisfiable);
        assert_eq!(parse_range("bytes=-0", 10), Span::Unsatisfiable);
        assert_eq!(parse_range("bytes=4-2", 10), Span::Ignored);
        assert_eq!(parse_range("bytes=0-1,3-4", 10), Span::Ignored);
        assert_eq!(parse_range("pages=1-2", 10), Span::Ignored);
    }
}
