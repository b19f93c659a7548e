//! What axe-core finds wrong with a page by WCAG 2.2, levels A and AA, and by its own good practice. The one rule of 2.2 that
//! it has (the size of what is pressed, 2.5.8) is off unless asked for.

use std::{path::Path, sync::LazyLock};

use fantoccini::Client;
use serde_json::{Value, json};

use crate::chrome::Chrome;

/// The rules of axe-core, as npm brought them.
static SOURCE: LazyLock<String> = LazyLock::new(|| {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser/node_modules/axe-core/axe.min.js");
    match std::fs::read_to_string(Path::new(file)) {
        Ok(source) => source,
        // A page that nobody looked at must not look like one without faults.
        Err(e) => {
            panic!("axe-core is missing ({e}): `npm ci` in tests/browser brings it (tests/run does it)")
        }
    }
});

/// The rules of what another language or width can change.
const WORDS: [&str; 22] = [
    "aria-command-name",
    "aria-dialog-name",
    "aria-input-field-name",
    "aria-progressbar-name",
    "aria-toggle-field-name",
    "button-name",
    "color-contrast",
    "document-title",
    "empty-heading",
    "form-field-multiple-labels",
    "html-has-lang",
    "html-lang-valid",
    "image-alt",
    "input-button-name",
    "label",
    "landmark-unique",
    "link-in-text-block",
    "link-name",
    "scrollable-region-focusable",
    "select-name",
    "target-size",
    "valid-lang",
];

/// Which rules look at how much of a page.
#[derive(Clone, Copy)]
pub enum Extent {
    /// All rules, at all of it.
    Whole,
    /// Of a long list, whose rows are alike, at the first ones: the rules of names, texts, colours and sizes, which another
    /// language, width or person can change.
    Words,
}

impl Extent {
    /// The options of axe-core, and what is left out.
    fn options(self) -> (Value, Value) {
        let all = json!({"rules": {"target-size": {"enabled": true}}});
        let rows = json!(["tbody > tr:nth-child(n+7)", "ol > li:nth-child(n+9)"]);
        match self {
            Self::Whole => (all, json!([])),
            Self::Words => (json!({"runOnly": {"type": "rule", "values": WORDS}}), rows),
        }
    }
}

/// Runs in the page; the documents in frames are files shown by the browser, no pages of ours.
const LOOK: &str = "const [options, without, done] = arguments; \
    const exclude = without.filter((css) => document.querySelector(css)).map((css) => [css]); \
    axe.run({include: document, exclude}, {iframes: false, resultTypes: ['violations'], ...options}).then( \
      ({violations}) => done(violations.map((v) => `axe ${v.id} (${v.impact}): ${v.nodes.slice(0, 3).map((n) => \
        `${n.target.join(' ')} ${(n.any[0] || n.all[0] || n.none[0] || {}).message || ''}`).join('; ')}`)), \
      (e) => done([`axe: ${e}`]));";

/// Has each page that is opened from now on bring the rules with it: the policy of our pages lets no script in later.
pub async fn bring(chrome: &Chrome) {
    chrome.cdp("Page.addScriptToEvaluateOnNewDocument", json!({"source": *SOURCE})).await;
}

/// The faults that axe-core finds, each with up to three places.
pub async fn faults(client: &Client, extent: Extent) -> Vec<String> {
    let (options, without) = extent.options();
    match client.execute_async(LOOK, vec![options, without]).await {
        Ok(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        other => vec![format!("axe did not look: {other:?}")],
    }
}
