//! The authorities that are asked, and asking one over HTTP (RFC 3161, 3.4).

use std::time::Duration;

use reqwest::header;
use url::Url;

use super::{LONGEST, MOST};
use crate::platform::{
    asking::{body, client, words},
    error::{AppError, Result},
};

/// An authority answers within so long, or is away.
const PATIENCE: Duration = Duration::from_secs(30);

/// The kind of an answer.
const REPLY: &str = "application/timestamp-reply";

/// An authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    url: Url,
    /// Its address without what may be secret in it: what it is known by on pages and in the database.
    pub name: String,
}

impl Authority {
    /// Reads addresses, separated by blanks or commas; none in an empty text.
    ///
    /// # Errors
    /// What is wrong with one.
    pub fn parse_all(text: &str) -> Result<Vec<Self>, String> {
        let mut all: Vec<Self> = Vec::new();
        for word in words(text) {
            let one = Self::parse(word)?;
            match all.iter().find(|known| known.name == one.name) {
                None => all.push(one),
                Some(known) if *known == one => {}
                // By its name a stamp finds the authority that it is asked of.
                Some(_) => {
                    return Err(format!(
                        "two addresses of {} differ in what is not shown of them (name, password, query)",
                        one.name
                    ));
                }
            }
        }
        if all.len() > MOST {
            return Err(format!("{MOST} authorities at most"));
        }
        Ok(all)
    }

    fn parse(word: &str) -> Result<Self, String> {
        let url = Url::parse(word).map_err(|e| e.to_string())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("an authority's address begins with http:// or https://".into());
        }
        let mut shown = url.clone();
        shown.set_query(None);
        shown.set_fragment(None);
        // Of http and https both can be taken away.
        let bare = shown.set_username("").is_ok() && shown.set_password(None).is_ok();
        let name = if bare { shown.to_string() } else { String::new() };
        Ok(Self { url, name })
    }

    /// Hands it a request; gives its answer, whatever that says.
    ///
    /// # Errors
    /// `Unavailable`: it can't be reached, or gives no answer, or something else between gives one.
    pub async fn ask(&self, request: Vec<u8>) -> Result<Vec<u8>> {
        self.ask_within(PATIENCE, request).await
    }

    async fn ask_within(&self, patience: Duration, request: Vec<u8>) -> Result<Vec<u8>> {
        let asked = client()?
            .post(self.url.clone())
            .header(header::CONTENT_TYPE, "application/timestamp-query")
            .header(header::ACCEPT, REPLY)
            .timeout(patience)
            .body(request)
            .send();
        let mut answer = asked.await.map_err(|e| self.away(&e.without_url()))?;
        if !answer.status().is_success() {
            return Err(self.away(&format!("HTTP {}", answer.status().as_u16())));
        }
        let said = answer.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let kind = said.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case(REPLY) {
            return Err(self.away(&"what came is no answer of an authority"));
        }
        let bytes = body(&mut answer, LONGEST).await.map_err(|e| self.away(&e.without_url()))?;
        bytes.ok_or_else(|| self.away(&"it says more than a time stamp"))
    }

    fn away(&self, why: &dyn std::fmt::Display) -> AppError {
        AppError::Unavailable(format!("the time stamp authority {}: {why}", self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authorities_are_read_as_they_are_written_and_shown_without_secrets() {
        let read = |text: &str| Authority::parse_all(text);
        let names =
            |text: &str| read(text).expect("read").into_iter().map(|one| one.name).collect::<Vec<_>>();
        assert_eq!(names(""), Vec::<String>::new());
        assert_eq!(
            names("http://a.example/tsr, https://us:sesame@b.example/?key=sesame\nhttp://a.example/tsr"),
            ["http://a.example/tsr", "https://b.example/"]
        );
        for wrong in ["ftp://a.example", "a.example", "http://"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        // Neither of two that look alike is left out unsaid, nor is its secret told.
        let why = read("http://a.example/?key=sesame http://a.example/?key=other").expect_err("two keys");
        assert!(why.contains("http://a.example/") && !why.contains("sesame"), "{why}");
        assert!(read("http://us:sesame@a.example http://a.example").is_err());
        let many: Vec<String> = (0..=MOST).map(|n| format!("http://{n}.example")).collect();
        assert!(read(&many.join(" ")).is_err());
    }

    /// Whoever asks one that takes the request and says nothing is not kept by it.
    #[tokio::test]
    async fn an_authority_that_hangs_is_away() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/tsr", listener.local_addr().expect("an address"));
        let hangs = Authority::parse(&url).expect("read");
        let asked = hangs.ask_within(Duration::from_millis(50), vec![0]).await;
        assert!(matches!(asked, Err(AppError::Unavailable(_))));
    }
}
