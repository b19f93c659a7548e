//! Style sheet, scripts and icon: embedded, named by their hash, kept by caches for a year, compressed once and well.

use std::{io::Write as _, sync::OnceLock};

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use flate2::{Compression, write::GzEncoder};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::platform::error::{AppError, Result};

#[derive(RustEmbed)]
#[folder = "assets/"]
#[include = "css/*.css"]
#[include = "js/*.js"]
#[include = "verify/*.js"]
#[include = "icon.svg"]
struct Files;

const JS: &str = "text/javascript; charset=utf-8";

/// One file as served.
struct Asset {
    url: String,
    media_type: &'static str,
    body: Vec<u8>,
    /// The same, compressed; empty: it could not be.
    packed: Vec<u8>,
}

struct Assets {
    css: Asset,
    js: Asset,
    icon: Asset,
    verify_page: Asset,
    verify_worker: Asset,
}

fn asset(stem: &str, ending: &str, media_type: &'static str, body: Vec<u8>) -> Asset {
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(&body)[..8]);
    let packed = packed(&body);
    Asset { url: format!("/assets/{stem}.{hash}.{ending}"), media_type, body, packed }
}

/// As small as gzip makes it: what is compressed for each reply anew is made less small, for speed.
fn packed(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).and_then(|()| encoder.finish()).unwrap_or_default()
}

/// Whether whoever asks takes gzip.
fn takes_gzip(request: &HttpRequest) -> bool {
    let asked = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    asked.unwrap_or_default().split(',').any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        let weight = weight.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>);
        name.trim().eq_ignore_ascii_case("gzip") && weight.is_ok_and(|weight| weight > 0.0)
    })
}

/// All files of a folder in the order of their names, as one.
fn bundle(folder: &str) -> Vec<u8> {
    let mut names: Vec<_> = Files::iter().filter(|name| name.starts_with(folder)).collect();
    names.sort_unstable();
    let mut body = Vec::new();
    for file in names.iter().filter_map(|name| Files::get(name)) {
        body.extend_from_slice(&file.data);
        body.push(b'\n');
    }
    body
}

/// A script without what only its readers need: lines that are comments, and the blanks that lines begin with. No text
/// in it may go over the end of a line.
fn bare(script: &[u8]) -> Vec<u8> {
    let lines = script.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with(b"//"));
    lines.flat_map(|line| [line, &b"\n"[..]]).flatten().copied().collect()
}

/// A style sheet without what only its readers need: comments, and the blanks that lines begin with. No text in it may
/// hold what begins a comment.
fn bare_style(sheet: &[u8]) -> Vec<u8> {
    let sheet = String::from_utf8_lossy(sheet);
    let mut parts = sheet.split("/*");
    let first = parts.next().unwrap_or_default();
    let rest = parts.map(|part| part.split_once("*/").map_or("", |(_, rest)| rest));
    let text: String = std::iter::once(first).chain(rest).collect();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.flat_map(|line| [line, "\n"]).collect::<String>().into_bytes()
}

fn assets() -> &'static Assets {
    static ASSETS: OnceLock<Assets> = OnceLock::new();
    let script =
        |stem, name: &str| asset(stem, "js", JS, Files::get(name).map(|f| bare(&f.data)).unwrap_or_default());
    ASSETS.get_or_init(|| Assets {
        verify_page: script("verify", "verify/page.js"),
        verify_worker: script("verify-worker", "verify/worker.js"),
        css: asset("style", "css", "text/css; charset=utf-8", bare_style(&bundle("css/"))),
        js: asset("app", "js", JS, bare(&bundle("js/"))),
        icon: asset(
            "icon",
            "svg",
            "image/svg+xml",
            Files::get("icon.svg").map(|f| f.data.into_owned()).unwrap_or_default(),
        ),
    })
}

/// Where the style sheet is.
pub fn css_url() -> &'static str {
    &assets().css.url
}

/// Where the script is.
pub fn js_url() -> &'static str {
    &assets().js.url
}

/// Where the icon is.
pub fn icon_url() -> &'static str {
    &assets().icon.url
}

/// Where the script of the page that checks packages is, and its worker's.
pub fn verify_urls() -> (&'static str, &'static str) {
    (&assets().verify_page.url, &assets().verify_worker.url)
}

/// Serves one asset; only the name with the present hash is known.
async fn serve(request: HttpRequest, name: web::Path<String>) -> Result<HttpResponse> {
    let url = format!("/assets/{name}");
    let all = assets();
    let all = [&all.css, &all.js, &all.icon, &all.verify_page, &all.verify_worker];
    let found = all.into_iter().find(|a| a.url == url).ok_or(AppError::NotFound)?;
    let mut reply = HttpResponse::Ok();
    reply
        .content_type(found.media_type)
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::VARY, "accept-encoding"));
    if takes_gzip(&request) && !found.packed.is_empty() {
        reply.insert_header((header::CONTENT_ENCODING, "gzip"));
        return Ok(reply.body(found.packed.as_slice()));
    }
    Ok(reply.body(found.body.as_slice()))
}

/// `GET /favicon.ico`: what asks for an icon without looking at a page gets the one of the pages.
async fn favicon() -> HttpResponse {
    let icon = &assets().icon;
    HttpResponse::Ok()
        .content_type(icon.media_type)
        .insert_header((header::CACHE_CONTROL, "public, max-age=86400"))
        .body(icon.body.as_slice())
}

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/assets/{name}", web::get().to(serve)).route("/favicon.ico", web::get().to(favicon));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_served_without_its_comments_and_blanks() {
        let script = b"// Why it is so.\nif (a) {\n  // For b.\n\n  b('//c'); // and d\n}\n";
        assert_eq!(bare(script), b"if (a) {\nb('//c'); // and d\n}\n");
    }

    #[test]
    fn a_style_sheet_is_served_without_its_comments_and_blanks() {
        let sheet = b"/* Why it\n   is so. */\na { b: c; }\n\n@media print {\n  d { --e: ; } /* f */\n}\n";
        assert_eq!(bare_style(sheet), b"a { b: c; }\n@media print {\nd { --e: ; }\n}\n");
        let sheet = String::from_utf8(bundle("css/")).expect("text");
        assert_eq!(sheet.matches("/*").count(), sheet.matches("*/").count());
    }

    #[test]
    fn no_text_of_a_script_goes_over_the_end_of_a_line() {
        let script = [bundle("js/"), bundle("verify/")].concat();
        let script = String::from_utf8(script).expect("text");
        assert!(script.lines().count() > 1_000);
        for line in script.lines() {
            assert_eq!(line.matches('`').count() % 2, 0, "{line}");
            assert!(!line.ends_with('\\') && !line.trim_start().starts_with("/*"), "{line}");
        }
    }
}
