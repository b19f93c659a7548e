//! The log for those who check it: the newest signed head, and tiles (C2SP tlog-tiles). Heads and hash tiles are for
//! all; entry tiles hold who did what and are for auditors.

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, http::header, web};
use tlog_tiles::Tile;
use utoipa::OpenApi;

use crate::{
    audit::{self, Entry},
    directory::people::{ApiActor, Auditor},
    platform::{
        error::{AppError, Result},
        services::Services,
    },
};

/// A full tile never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// What this room adds to the document of the API.
#[derive(OpenApi)]
#[openapi(paths(checkpoint, tile))]
pub struct Document;

/// The newest signed head of the audit log, a C2SP tlog-checkpoint, with the cosignatures of witnesses that have come of it
/// (C2SP tlog-cosignature). Public.
#[utoipa::path(
    get, path = "/api/v1/audit/checkpoint", tag = "audit", security(()),
    responses((status = 200, content_type = "text/plain", body = String))
)]
pub async fn checkpoint(services: web::Data<Services>) -> Result<HttpResponse> {
    let note = services.db.read(|conn| {
        let head = audit::latest_head(conn)?.ok_or(AppError::NotFound)?;
        audit::cosigned_note(conn, &head)
    });
    Ok(HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .body(note.await?))
}

/// The tile of an address such as `0/x001/067.p/3` or `entries/000`.
fn tile_of(path: &str) -> Option<Tile> {
    let mut parts: Vec<&str> = path.split('/').collect();
    let is_data = *parts.first()? == "entries";
    let level: u8 = if is_data { 0 } else { number(parts[0], 6)?.try_into().ok()? };
    parts.remove(0);
    let width = match parts.as_slice() {
        [.., before, width] if before.ends_with(".p") => {
            let width: u32 = number(width, 255)?.try_into().ok().filter(|w| *w > 0)?;
            parts.pop();
            width
        }
        _ => 256,
    };
    let last = parts.pop()?;
    let last = if width < 256 { last.strip_suffix(".p")? } else { last };
    if parts.first().is_some_and(|part| *part == "x000") {
        return None;
    }
    let mut n = 0u64;
    for part in parts {
        n = n.checked_mul(1000)?.checked_add(three_digits(part.strip_prefix('x')?)?)?;
    }
    n = n.checked_mul(1000)?.checked_add(three_digits(last)?)?;
    // The tile's indexes must not run over.
    (n < 1 << 48).then(|| Tile::new(8, level, n, width, is_data))
}

fn number(text: &str, most: u64) -> Option<u64> {
    let n: u64 = text.parse().ok()?;
    (n <= most && n.to_string() == text).then_some(n)
}

fn three_digits(text: &str) -> Option<u64> {
    (text.len() == 3 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// A tile of the log, as C2SP tlog-tiles names it: `0/x001/067.p/3`, `entries/000`. Hash tiles are public; entry tiles
/// hold who did what and take an auditor's token.
#[utoipa::path(
    get, path = "/api/v1/audit/tile/{path}", tag = "audit", security((), ("token" = ["read"])),
    params(("path" = String, Path, description = "level, number and width")),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>))
)]
pub async fn tile(
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse> {
    let tile = tile_of(&path).ok_or(AppError::NotFound)?;
    let is_full = tile.width() == 256;
    if !tile.is_data() {
        let bytes = services.db.read(move |conn| audit::tile(conn, &tile)).await?;
        let cache = if is_full { FOR_EVER } else { "public, max-age=60" };
        return Ok(reply(bytes, cache));
    }
    let caller = ApiActor::from_request(&request, &mut Payload::None).await?;
    let me = Auditor::admit(caller.actor().clone())?;
    let bytes = services
        .db
        .write(me.origin(), move |tx| {
            let bytes = audit::tile(tx.conn(), &tile)?;
            let entry = Entry::new("audit.tile").fact("tile", tile.level_index()).fact("width", tile.width());
            audit::record(tx, entry)?;
            Ok(bytes)
        })
        .await?;
    Ok(reply(bytes, if is_full { "private, max-age=31536000, immutable" } else { "no-store" }))
}

fn reply(bytes: Vec<u8>, cache: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header((header::CACHE_CONTROL, cache))
        .body(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(path: &str) -> Option<(u8, u64, u32, bool)> {
        tile_of(path).map(|t| (t.level(), t.level_index(), t.width(), t.is_data()))
    }

    #[test]
    fn addresses_are_read_as_the_specification_writes_them() {
        assert_eq!(parts("0/000"), Some((0, 0, 256, false)));
        assert_eq!(parts("1/x001/x234/067.p/8"), Some((1, 1_234_067, 8, false)));
        assert_eq!(parts("entries/003.p/17"), Some((0, 3, 17, true)));
    }

    #[test]
    fn anything_else_is_no_tile() {
        for path in [
            "",
            "0",
            "0/0",
            "0/0001",
            "7/000",
            "0/x000/001",
            "00/000",
            "0/000.p/0",
            "0/000.p/256",
            "0/x001",
            "0/000/001",
            "entries/x1/000",
        ] {
            assert_eq!(parts(path), None, "{path}");
        }
    }
}
