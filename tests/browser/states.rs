//! States of a page that no address leads to, looked at as they stand, and what brings them about: keys, a lost line, a
//! session at its end.

use diesel::prelude::*;
use lead_handoff::{directory::people::session::IDLE, platform::db::schema::session};
use serde_json::json;

use crate::desk::Desk;

/// What comes through between browser and server.
#[derive(Clone, Copy)]
pub enum Line {
    Whole,
    /// Upwards 20 kB a second.
    Slow,
    /// Nothing, and the browser knows.
    Lost,
}

impl Desk<'_> {
    /// Looks at the page in the state that it is in, on a desk in light colours, and in dark ones as wide as a page of 1,280
    /// pixels is that somebody enlarged to 400%. Opening it anew, as `look` does, would lose the state.
    pub async fn look_as_it_stands(&mut self, name: &str) {
        self.look_as_it_stands_in(self.manner.lang, name).await;
    }

    /// As `look_as_it_stands`, at a page that was brought about in this language.
    pub async fn look_as_it_stands_in(&mut self, lang: &str, name: &str) {
        let width = self.js("return innerWidth").await.as_u64().and_then(|wide| u32::try_from(wide).ok());
        for (wide, scheme) in [(1280, "light"), (320, "dark")] {
            self.resize(wide).await;
            self.check(name, lang, scheme).await;
        }
        self.resize(width.expect("a width")).await;
    }

    /// Sits down as another, and opens a page (a path without a query) in the language of the manner.
    pub async fn seat(&self, username: &str, path: &str) {
        self.sit_down(username).await;
        self.open(path).await;
        self.speak(self.manner.lang, path).await;
        assert_eq!(self.path().await, path, "{}", self.text().await);
    }

    pub async fn line(&self, line: Line) {
        let (is_lost, upwards) = match line {
            Line::Whole => (false, -1),
            Line::Slow => (false, 20_000),
            Line::Lost => (true, -1),
        };
        self.chrome.cdp("Network.enable", json!({})).await;
        let (lag, all) = (0, -1);
        let now = json!({"offline": is_lost, "latency": lag, "downloadThroughput": all, "uploadThroughput": upwards});
        self.chrome.cdp("Network.emulateNetworkConditions", now).await;
    }

    /// The browser has no session any more, and the page that is open does not know.
    pub async fn lose_the_session(&self) {
        let cookie = json!({"name": "session", "url": self.app.base});
        self.chrome.cdp("Network.deleteCookies", cookie).await;
    }

    /// The sessions of an account were last used so long ago that they end in so many seconds.
    pub async fn let_sessions_end_in(&self, username: &str, seconds: i64) {
        let person = self.app.seed.people[username];
        let aged = self.app.services.db.write_quiet(move |tx| {
            let seen = tx.now().plus_seconds(seconds - IDLE);
            diesel::update(session::table.filter(session::person_id.eq(person)))
                .set(session::last_seen_at.eq(seen))
                .execute(tx.conn())?;
            Ok(())
        });
        aged.await.expect("aged");
    }

    /// Puts the focus there by the mouse.
    pub async fn click(&self, css: &str) {
        if let Err(e) = self.find(css).await.click().await {
            panic!("{css} on {} cannot be clicked: {e}", self.path().await);
        }
    }

    /// Clicks into a field and types a text of any script.
    pub async fn fill(&self, css: &str, text: &str) {
        self.click(css).await;
        self.type_text(text).await;
    }

    /// Presses one key after the other.
    pub async fn keys(&self, text: &str) {
        for one in text.chars() {
            self.key(&one.to_string()).await;
        }
    }

    /// What an input method shows under the cursor before somebody takes it.
    pub async fn compose(&self, text: &str) {
        let end = text.chars().count();
        let shown = json!({"text": text, "selectionStart": end, "selectionEnd": end});
        self.chrome.cdp("Input.imeSetComposition", shown).await;
    }

    /// What the first such field holds.
    pub async fn value(&self, css: &str) -> String {
        self.find(css).await.prop("value").await.expect("a value").unwrap_or_default()
    }

    /// Whether the page says this.
    pub async fn says(&self, text: &str) -> bool {
        self.text().await.contains(text)
    }
}
