//! Style sheet, scripts and icon: embedded, named by their hash, kept by caches for a year.

use std::sync::OnceLock;

use actix_web::{HttpResponse, http::header, web};
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
    Asset { url: format!("/assets/{stem}.{hash}.{ending}"), media_type, body }
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

fn assets() -> &'static Assets {
    static ASSETS: OnceLock<Assets> = OnceLock::new();
    let script = |stem, name: &str| {
        asset(stem, "js", JS, Files::get(name).map(|f| f.data.into_owned()).unwrap_or_default())
    };
    ASSETS.get_or_init(|| Assets {
        verify_page: script("verify", "verify/page.js"),
        verify_worker: script("verify-worker", "verify/worker.js"),
        css: asset("style", "css", "text/css; charset=utf-8", bundle("css/")),
        js: asset("app", "js", JS, bundle("js/")),
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
async fn serve(name: web::Path<String>) -> Result<HttpResponse> {
    let url = format!("/assets/{name}");
    let all = assets();
    let all = [&all.css, &all.js, &all.icon, &all.verify_page, &all.verify_worker];
    let found = all.into_iter().find(|a| a.url == url).ok_or(AppError::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type(found.media_type)
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(found.body.as_slice()))
}

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/assets/{name}", web::get().to(serve));
}
