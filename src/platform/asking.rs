//! Asking other people's servers over HTTP, which the house has chosen in its settings: time stamp authorities, witnesses.

use std::{sync::OnceLock, time::Duration};

use reqwest::{Client, Response, redirect};

use super::error::{AppError, Result};

const CONNECTING: Duration = Duration::from_secs(10);

/// The words of a setting, with blanks or commas between them.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty())
}

/// One for all: to read the machine's certificates takes longer than to ask.
///
/// # Errors
/// `Unavailable`: none can be made.
pub(super) fn client() -> Result<&'static Client> {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    if let Some(client) = CLIENT.get() {
        return Ok(client);
    }
    let made = Client::builder()
        .connect_timeout(CONNECTING)
        // A request that went elsewhere would not be the house's choice of a server.
        .redirect(redirect::Policy::none())
        .pool_max_idle_per_host(0)
        .build();
    let made = made.map_err(|e| AppError::Unavailable(format!("no client for other servers: {e}")))?;
    Ok(CLIENT.get_or_init(|| made))
}

/// The body of an answer; `None`: it has more than `longest` bytes.
///
/// # Errors
/// It breaks off.
pub(super) async fn body(answer: &mut Response, longest: usize) -> reqwest::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    while let Some(piece) = answer.chunk().await? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > longest {
            return Ok(None);
        }
    }
    Ok(Some(bytes))
}
