//! What the stories of single acts have in common: the two manners, an act that leaves one entry in the log, and a form that is
//! refused.

use std::time::Duration;

use lead_handoff::audit;

use crate::desk::{Desk, Manner};

/// Longer than any of them takes by far.
pub const PATIENCE: Duration = Duration::from_secs(240);

/// In Chinese, where no page runs a script.
pub const CHINESE: Manner = Manner { lang: "zh-CN", scripts: false, closely: false };

/// In English, with scripts.
pub const ENGLISH: Manner = Manner { lang: "en", scripts: true, closely: false };

/// The button of the form that a page is for.
pub const SEND: &str = "main form.panel .buttons button";

/// How the verbs of looking end: a page that shows what was done is on record as well.
const LOOKS: [&str; 7] = [".view", "_view", ".list", ".read", ".preview", ".download", ".custody"];

impl Desk<'_> {
    /// Presses a button, after which the log has one entry more that is not of looking at something: of this act.
    pub async fn act(&self, css: &str, verb: &str) {
        self.acts(css, &[verb]).await;
    }

    /// As `act`, of a press that is several acts; in the order of the alphabet.
    pub async fn acts(&self, css: &str, verbs: &[&str]) {
        let before = self.app.audit_count().await;
        self.press(css).await;
        let done = self.done_since(before).await;
        assert_eq!(done, verbs, "{css} leads to {}:\n{}", self.path().await, self.text().await);
    }

    /// The verbs of what was done since the log had so many entries, in the order of the alphabet.
    pub async fn done_since(&self, before: i64) -> Vec<String> {
        let more = self.app.audit_count().await - before;
        let read = self.app.services.db.read(move |conn| audit::page(conn, &audit::Filter::default(), more));
        let entries = read.await.expect("entries");
        let mut done: Vec<String> = entries.into_iter().map(|entry| entry.verb).collect();
        done.retain(|verb| !LOOKS.iter().any(|end| verb.ends_with(end)));
        done.sort();
        done
    }

    /// Presses a button, and the form is given back: it says beside a field what is wrong with it, and nothing was done.
    pub async fn refused(&mut self, css: &str, field: &str) {
        let before = self.app.audit_count().await;
        self.press(css).await;
        self.expect_refusal().await;
        let fault = format!("#errors a[href='#f-{field}']");
        assert_eq!(self.count(&fault).await, 1, "{}:\n{}", self.path().await, self.text().await);
        let done = self.done_since(before).await;
        assert!(done.is_empty(), "nothing was to be done: {done:?}");
    }

    /// What stands in a field is still there.
    pub async fn keeps(&self, css: &str, text: &str) {
        assert_eq!(self.value(css).await, text, "what was typed into {css} stays");
    }

    /// The page is the one that an act leads to, which says that it was done.
    pub async fn arrived(&self, path: &str, ok: &str) {
        assert_eq!(self.path().await, format!("{path}?ok={ok}"), "{}", self.text().await);
    }
}

/// What stands in the path before what is asked.
pub fn without_query(path: &str) -> String {
    path.split('?').next().unwrap_or_default().to_owned()
}
