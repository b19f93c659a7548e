//! Whoever asks, and how.

use reqwest::{Method, RequestBuilder};

use super::{UPLOADS, row::Row};
use crate::support::{Browser, Reply, tus};

/// A browser with or without a session, and a token or none.
pub struct Caller<'a> {
    pub name: String,
    pub browser: &'a Browser,
    pub token: Option<&'a str>,
}

impl Caller<'_> {
    pub async fn ask(&self, row: &Row, path: &str, form: String) -> Reply {
        let method: Method = row.method.parse().expect("a method");
        let mut request = self.browser.client.request(method.clone(), self.browser.url(path));
        if !method.is_safe() {
            request = request.header("origin", &self.browser.base);
        }
        if row.pattern.starts_with(UPLOADS) {
            request = of_upload(request, &method, &form);
        } else if row.method == "POST" {
            request = match (row.pattern.ends_with("/evidence"), row.pattern.starts_with("/api/")) {
                (true, _) => {
                    request.header("content-type", "multipart/form-data; boundary=x").body("--x--\r\n")
                }
                (_, true) => request.header("content-type", "application/json").body("{}"),
                _ => request.header("content-type", "application/x-www-form-urlencoded").body(form),
            };
        }
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        // Not through `Browser::send`: a failure of the program is one more finding here.
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        let location = headers.get("location").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        Reply {
            status,
            location,
            headers,
            bytes: response
                .bytes()
                .await
                .map_or_else(|e| format!("broken off: {e}").into_bytes(), |b| b.to_vec()),
        }
    }
}

/// A request of the protocol tus; the form of its row is the lead that the file is for, and nothing else is said of it.
fn of_upload(request: RequestBuilder, method: &Method, lead: &str) -> RequestBuilder {
    let request = request.header("tus-resumable", "1.0.0");
    match method.as_str() {
        "POST" => {
            request.header("upload-length", "5").header("upload-metadata", tus::metadata(&[("lead", lead)]))
        }
        "PATCH" => {
            request.header("upload-offset", "0").header("content-type", "application/offset+octet-stream")
        }
        _ => request,
    }
}
