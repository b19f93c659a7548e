//! The authorities that are asked, and asking one over HTTP (RFC 3161, 3.4).

use std::{sync::OnceLock, time::Duration};

use reqwest::{Client, header, redirect};
use url::Url;

use super::{LONGEST, MOST};
use crate::platform::error::{AppError, Result};

/// An authority answers within so long, or is away.
const PATIENCE: Duration = Duration::from_secs(30);
const CONNECTING: Duration = Duration::from_secs(10);

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
        for word in text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()) {
            let one = Self::parse(word)?;
            if all.iter().all(|known| known.name != one.name) {
                all.push(one);
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
    /// `Unavailable`: it can't be reached, or gives no answer.
    pub async fn ask(&self, request: Vec<u8>) -> Result<Vec<u8>> {
        let asked = client()?
            .post(self.url.clone())
            .header(header::CONTENT_TYPE, "application/timestamp-query")
            .header(header::ACCEPT, "application/timestamp-reply")
            .body(request)
            .send();
        let mut answer = asked.await.map_err(|e| self.away(&e.without_url()))?;
        if !answer.status().is_success() {
            return Err(self.away(&format!("HTTP {}", answer.status().as_u16())));
        }
        let mut bytes = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(|e| self.away(&e.without_url()))? {
            bytes.extend_from_slice(&piece);
            if bytes.len() > LONGEST {
                return Err(self.away(&"it says more than a time stamp"));
            }
        }
        Ok(bytes)
    }

    fn away(&self, why: &dyn std::fmt::Display) -> AppError {
        AppError::Unavailable(format!("the time stamp authority {}: {why}", self.name))
    }
}

/// One for all: to read the machine's certificates takes longer than to ask.
fn client() -> Result<&'static Client> {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    if let Some(client) = CLIENT.get() {
        return Ok(client);
    }
    let made = Client::builder()
        .timeout(PATIENCE)
        .connect_timeout(CONNECTING)
        // A request that went elsewhere would not be the house's choice of an authority.
        .redirect(redirect::Policy::none())
        .pool_max_idle_per_host(0)
        .build();
    let made = made.map_err(|e| AppError::Unavailable(format!("no client for time stamps: {e}")))?;
    Ok(CLIENT.get_or_init(|| made))
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
        let many: Vec<String> = (0..=MOST).map(|n| format!("http://{n}.example")).collect();
        assert!(read(&many.join(" ")).is_err());
    }
}
