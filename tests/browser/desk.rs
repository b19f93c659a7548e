//! Somebody at a desk: opens pages, types, presses, and looks at every page closely.

mod looking;

use std::{collections::HashMap, path::PathBuf, time::Duration};

use fantoccini::{Locator, elements::Element};
use lead_handoff::directory::people::second_factor::model::totp;
use serde_json::{Value, json};

use crate::{
    axe,
    chrome::Chrome,
    support::{TestApp, seed::PASSWORD},
};

/// A phone and a desk, in CSS pixels.
const WIDTHS: [u32; 2] = [360, 1280];

/// The Enter key, as WebDriver writes it.
const ENTER: &str = "\u{e007}";

/// How somebody goes through the pages.
#[derive(Clone, Copy)]
pub struct Manner {
    pub lang: &'static str,
    /// Whether pages may run scripts.
    pub scripts: bool,
    /// Whether each page is looked at in every way, or only as it stands.
    pub closely: bool,
}

impl Manner {
    /// In Chinese, with scripts, looking closely; with PostgreSQL, whose pages are the same, once at each.
    pub fn usual() -> Self {
        Self { lang: "zh-CN", scripts: true, closely: std::env::var_os("TEST_DATABASE_URL").is_none() }
    }
}

pub struct Desk<'a> {
    pub app: &'a TestApp,
    pub manner: Manner,
    pub chrome: Chrome,
    /// What was seen that should not be, by page.
    pub faults: Vec<String>,
    /// Folder for pictures of every page, from `BROWSER_SHOTS`.
    shots: Option<PathBuf>,
    seen: usize,
    width: u32,
    scripts: bool,
    last_steps: HashMap<String, u64>,
}

impl<'a> Desk<'a> {
    pub async fn new(app: &'a TestApp, manner: Manner) -> Self {
        let shots = std::env::var_os("BROWSER_SHOTS").map(PathBuf::from);
        if let Some(folder) = &shots {
            std::fs::create_dir_all(folder).expect("the folder for pictures");
        }
        let chrome = Chrome::start().await;
        axe::bring(&chrome).await;
        let mut desk = Self {
            app,
            manner,
            chrome,
            faults: Vec::new(),
            shots,
            seen: 0,
            width: WIDTHS[1],
            scripts: true,
            last_steps: HashMap::new(),
        };
        desk.resize(WIDTHS[1]).await;
        desk
    }

    /// Sets the width of the page; headless windows themselves do not get as narrow as a phone.
    pub async fn resize(&mut self, width: u32) {
        self.width = width;
        let size = json!({"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false});
        self.chrome.cdp("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Switches scripts of pages on or off.
    pub async fn scripts(&mut self, on: bool) {
        self.scripts = on;
        self.scripts_run(on).await;
    }

    async fn scripts_run(&self, on: bool) {
        self.chrome.cdp("Emulation.setScriptExecutionDisabled", json!({"value": !on})).await;
    }

    pub async fn open(&self, path: &str) {
        let url = format!("{}{path}", self.app.base);
        if let Err(e) = self.chrome.client.goto(&url).await {
            panic!("{path} does not open: {e}");
        }
    }

    /// Path and query of the page.
    pub async fn path(&self) -> String {
        let url = self.chrome.client.current_url().await.expect("an address");
        let query = url.query().map(|q| format!("?{q}")).unwrap_or_default();
        format!("{}{query}", url.path())
    }

    pub async fn js(&self, script: &str) -> Value {
        match self.chrome.client.execute(script, Vec::new()).await {
            Ok(value) => value,
            Err(e) => panic!("{}: {script}: {e}", self.path().await),
        }
    }

    /// Status, media type and first bytes of what an address of the page answers to the page itself.
    pub async fn fetch(&self, href: &str) -> (u64, String, String) {
        let script = "const [href, done] = arguments; fetch(href).then(async (reply) => { \
                      const bytes = new Uint8Array(await reply.arrayBuffer()).slice(0, 4); \
                      done([reply.status, reply.headers.get('content-type'), String.fromCharCode(...bytes)]); \
                      }, (e) => done([0, String(e), '']));";
        self.scripts_run(true).await;
        let got = self.chrome.client.execute_async(script, vec![json!(href)]).await.expect("an answer");
        self.scripts_run(self.scripts).await;
        let text = |n: usize| got[n].as_str().unwrap_or_default().to_owned();
        (got[0].as_u64().unwrap_or_default(), text(1), text(2))
    }

    pub async fn find(&self, css: &str) -> Element {
        match self.chrome.client.find(Locator::Css(css)).await {
            Ok(element) => element,
            Err(e) => panic!("no {css} on {}: {e}\n{}", self.path().await, self.text().await),
        }
    }

    pub async fn count(&self, css: &str) -> usize {
        self.chrome.client.find_all(Locator::Css(css)).await.expect("a list").len()
    }

    /// An attribute of the first such element.
    pub async fn attribute(&self, css: &str, name: &str) -> String {
        self.find(css).await.attr(name).await.expect("an attribute").unwrap_or_default()
    }

    /// What the page says.
    pub async fn text(&self) -> String {
        self.js("return document.body.innerText").await.as_str().unwrap_or_default().to_owned()
    }

    pub async fn has(&self, text: &str) {
        let page = self.text().await;
        assert!(page.contains(text), "no «{text}» on {}:\n{page}", self.path().await);
    }

    /// As `has`, in the language of the manner.
    pub async fn has_in(&self, chinese: &str, english: &str) {
        self.has(if self.manner.lang == "en" { english } else { chinese }).await;
    }

    /// The number on the tile with this label, without its unit.
    pub async fn figure(&self, label: &str) -> String {
        let script = "const tiles = [...document.querySelectorAll('ul.stats li')]; \
                      const tile = tiles.find((t) => t.querySelector('.stat-label').textContent.includes(arguments[0])); \
                      return tile ? tile.querySelector('.stat-value').textContent.replace(/[^0-9.]/g, '') : '';";
        let shown = self.chrome.client.execute(script, vec![json!(label)]).await.expect("a tile");
        shown.as_str().unwrap_or_default().to_owned()
    }

    /// Types into a field, key by key, in place of what is in it.
    pub async fn write(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        if field.prop("value").await.expect("a value").is_some_and(|value| !value.is_empty()) {
            field.clear().await.expect("cleared");
        }
        if let Err(e) = field.send_keys(text).await {
            panic!("{css} on {} takes no text: {e}", self.path().await);
        }
    }

    /// Sets a field whose keys depend on the locale (dates) or whose choice is a list.
    pub async fn set(&self, css: &str, value: &str) {
        let field = self.find(css).await;
        let script = "const [field, value] = arguments; field.value = value; \
                      for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, {bubbles: true})); \
                      return field.value;";
        let field = serde_json::to_value(field).expect("an element");
        let kept = self.chrome.client.execute(script, vec![field, json!(value)]).await.expect("set");
        assert_eq!(kept, json!(value), "{css} on {} has no such choice", self.path().await);
    }

    pub async fn tick(&self, css: &str) {
        let field = self.find(css).await;
        if let Err(e) = field.click().await {
            panic!("{css} on {} cannot be ticked: {e}", self.path().await);
        }
        assert!(field.is_selected().await.expect("known"), "{css} on {} is ticked", self.path().await);
    }

    /// Clicks, and waits for the page that it leads to.
    pub async fn press(&self, css: &str) {
        let (from, target) = self.leave(css).await;
        if let Err(e) = target.click().await {
            panic!("{css} on {from} cannot be pressed: {e}");
        }
        self.arrive(css, &from).await;
    }

    /// Presses the Enter key in a field, and waits for the page that it leads to.
    pub async fn enter(&self, css: &str) {
        let (from, target) = self.leave(css).await;
        if let Err(e) = target.send_keys(ENTER).await {
            panic!("{css} on {from} takes no key: {e}");
        }
        self.arrive(css, &from).await;
    }

    /// Presses one key where the focus is: a character, or `Enter`, `Tab`, `Escape`, `ArrowDown`; with `Ctrl+` before it held down.
    pub async fn key(&self, key: &str) {
        let (modifiers, key) = key.strip_prefix("Ctrl+").map_or((0, key), |rest| (2, rest));
        let (text, code) = match key {
            "Enter" => ("\r", 13),
            "Tab" => ("", 9),
            "Escape" => ("", 27),
            "ArrowDown" => ("", 40),
            one => {
                (one, one.to_ascii_uppercase().bytes().next().filter(u8::is_ascii_alphanumeric).unwrap_or(0))
            }
        };
        let text = if modifiers == 0 { text } else { "" };
        let kind = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
        for kind in [kind, "keyUp"] {
            let mut event =
                json!({"type": kind, "key": key, "windowsVirtualKeyCode": code, "modifiers": modifiers});
            if kind == "keyDown" {
                event["text"] = json!(text);
            }
            self.chrome.cdp("Input.dispatchKeyEvent", event).await;
        }
    }

    /// Types a text where the focus is, of any script.
    pub async fn type_text(&self, text: &str) {
        self.chrome.cdp("Input.insertText", json!({"text": text})).await;
    }

    /// Waits until a condition holds, be it on the next page.
    pub async fn until(&self, condition: &str) {
        let script = format!("return document.readyState === 'complete' && Boolean({condition})");
        for _ in 0..200 {
            if self.chrome.client.execute(&script, Vec::new()).await.is_ok_and(|holds| holds == json!(true)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("never on {}: {condition}\n{}", self.path().await, self.text().await);
    }

    /// Marks the page as the one that is left by an element: its path, and the element.
    async fn leave(&self, css: &str) -> (String, Element) {
        let from = self.path().await;
        let target = self.find(css).await;
        self.js("document.documentElement.dataset.left = 'yes'").await;
        (from, target)
    }

    async fn arrive(&self, css: &str, from: &str) {
        for _ in 0..400 {
            let arrived =
                "return document.readyState === 'complete' && !document.documentElement.dataset.left";
            if self.chrome.client.execute(arrived, Vec::new()).await.is_ok_and(|done| done == json!(true)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{css} on {from} leads nowhere");
    }

    /// A code that the account has not used yet.
    pub async fn code(&mut self, username: &str) -> String {
        let now = || u64::try_from(self.app.now().micros() / 30_000_000).expect("time");
        let step = self.last_steps.get(username).map_or(now(), |last| now().max(last + 1));
        // One step of grace: a code is good a little early, but no earlier.
        while step > now() + 1 {
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        self.last_steps.insert(username.to_owned(), step);
        totp(b"0123456789abcdefghij", username).expect("totp").generate(step * 30).to_string()
    }

    /// Signs in with both factors, on the page of signing in.
    pub async fn log_in(&mut self, username: &str) {
        self.open("/login").await;
        self.write("[name=username]", username).await;
        self.write("[name=password]", PASSWORD).await;
        self.press("form[action='/login'] button").await;
        let code = self.code(username).await;
        self.write("[name=code]", &code).await;
        self.press("form[action='/login/second-factor'] button").await;
        self.speak(self.manner.lang, "/").await;
        assert_eq!(self.path().await, "/", "{}", self.text().await);
    }

    /// Sits down as somebody who is signed in already.
    pub async fn sit_down(&self, username: &str) {
        let secret = self.app.session(username).await;
        let cookie = json!({"name": "session", "value": secret, "url": self.app.base, "httpOnly": true});
        self.chrome.cdp("Network.setCookie", cookie).await;
    }

    pub async fn log_out(&self) {
        // On a phone it stands in the menu.
        self.js("document.querySelector('details.menu')?.setAttribute('open', '')").await;
        self.press("form[action='/logout'] button").await;
        assert!(self.path().await.starts_with("/login"));
    }
}
