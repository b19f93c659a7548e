//! A client of the protocol tus that sends each request as it is told to, by session or by token.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use lead_handoff::platform::db::Id;
use reqwest::{RequestBuilder, header};

use super::{Browser, Reply, story};

const BYTES: &str = "application/offset+octet-stream";

/// The header `Upload-Metadata`.
pub fn metadata(pairs: &[(&str, &str)]) -> String {
    let one =
        |(name, value): &(&str, &str)| format!("{name} {}", data_encoding::BASE64.encode(value.as_bytes()));
    pairs.iter().map(one).collect::<Vec<_>>().join(",")
}

/// What is said of a file of this name that is evidence of a lead.
pub fn said(lead: Id, name: &str) -> String {
    let lead = lead.to_string();
    let mut pairs = vec![("lead", lead.as_str()), ("filename", name)];
    pairs.extend(story::DETAILS);
    metadata(&pairs)
}

/// Somebody's client.
pub struct Client {
    pub browser: Browser,
    pub token: Option<String>,
}

impl Client {
    /// The script of a page.
    pub fn of_page(browser: Browser) -> Self {
        Self { browser, token: None }
    }

    /// A program.
    pub fn of_program(browser: Browser, token: String) -> Self {
        Self { browser, token: Some(token) }
    }

    /// The same at another server.
    pub fn at(&self, browser: Browser) -> Self {
        Self { browser, token: self.token.clone() }
    }

    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let url = self.browser.url(path);
        let request = self.browser.client.request(method.parse().expect("a method"), url);
        let request = request.header(header::ORIGIN, &self.browser.base).header("tus-resumable", "1.0.0");
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn send(&self, request: RequestBuilder) -> Reply {
        self.browser.send(request).await
    }

    /// A request that begins an upload.
    pub fn beginning(&self, size: usize, metadata: &str) -> RequestBuilder {
        self.request("POST", "/api/v1/uploads")
            .header("upload-length", size)
            .header("upload-metadata", metadata)
    }

    /// Begins an upload; where it is.
    pub async fn begin(&self, lead: Id, name: &str, size: usize) -> String {
        self.send(self.beginning(size, &said(lead, name))).await.expect(201).location
    }

    /// A request that brings bytes.
    pub fn bringing(&self, path: &str, offset: usize, bytes: &[u8]) -> RequestBuilder {
        let request = self.request("PATCH", path).header(header::CONTENT_TYPE, BYTES);
        request.header("upload-offset", offset).body(bytes.to_vec())
    }

    pub async fn bring(&self, path: &str, offset: usize, bytes: &[u8]) -> Reply {
        self.send(self.bringing(path, offset, bytes)).await
    }

    /// As `bring`, as often as another request still has the upload.
    pub async fn bring_in_time(&self, path: &str, offset: usize, bytes: &[u8]) -> Reply {
        for _ in 0..100 {
            let reply = self.bring(path, offset, bytes).await;
            if reply.status.as_u16() != 423 {
                return reply;
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        panic!("{path} is held for ever");
    }

    pub async fn head(&self, path: &str) -> Reply {
        self.send(self.request("HEAD", path)).await
    }

    /// Where an upload stands.
    pub async fn offset(&self, path: &str) -> usize {
        offset_of(&self.head(path).await.expect(200))
    }

    /// Waits until an upload stands somewhere.
    pub async fn stands_at(&self, path: &str, offset: usize) {
        for _ in 0..100 {
            if self.offset(path).await == offset {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        panic!("{path} stands at {}, not at {offset}", self.offset(path).await);
    }

    pub async fn end(&self, path: &str) -> Reply {
        self.send(self.request("DELETE", path)).await
    }

    /// As JSON.
    pub async fn look(&self, path: &str) -> serde_json::Value {
        self.send(self.request("GET", path)).await.expect(200).json()
    }

    /// A request that brings `size` bytes, of which only the first are on the line yet. For programs alone.
    pub fn half(&self, path: &str, offset: usize, size: usize, first: &[u8]) -> TcpStream {
        let host = self.browser.base.trim_start_matches("http://");
        let token = self.token.as_deref().expect("a token");
        let mut line = TcpStream::connect(host).expect("a line");
        let head = format!(
            "PATCH {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nTus-Resumable: 1.0.0\r\n\
             Content-Type: {BYTES}\r\nUpload-Offset: {offset}\r\nContent-Length: {size}\r\n\r\n"
        );
        line.write_all(head.as_bytes()).expect("sent");
        line.write_all(first).expect("sent");
        line
    }
}

/// Brings the rest of a request; its status.
pub fn rest(mut line: TcpStream, rest: &[u8]) -> u16 {
    line.write_all(rest).expect("sent");
    let mut head = [0; 12];
    line.read_exact(&mut head).expect("an answer");
    String::from_utf8_lossy(&head[9..]).parse().expect("a status")
}

/// The header `Upload-Offset`.
#[track_caller]
pub fn offset_of(reply: &Reply) -> usize {
    reply.headers["upload-offset"].to_str().expect("text").parse().expect("a number")
}
