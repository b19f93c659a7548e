//! Looking at a page: in its languages, widths and schemes of colours, by our own rules and by those of axe-core.

use std::{collections::BTreeSet, sync::LazyLock};

use serde_json::json;

use super::{Desk, WIDTHS};
use crate::axe::{self, Extent};

/// As wide as a page of 1,280 pixels is that somebody enlarged to 400%.
const ENLARGED: u32 = 320;

impl Desk<'_> {
    /// Looks at the page as a phone shows it and as a desk does, once by all rules, in turns of widths and schemes, and comes back
    /// to it; or at how it stands alone. The other language is seen by whoever takes the same way in it.
    pub async fn look(&mut self, name: &str) {
        if !self.manner.closely {
            return self.glance(name).await;
        }
        let (lang, width) = (self.manner.lang, self.width);
        let ([wide, enlarged], schemes) = self.turns();
        let widths = [wide, enlarged].map(|width| if width == ENLARGED { WIDTHS[0] } else { width });
        self.resize(widths[0]).await;
        self.check(name, lang, schemes[0]).await;
        self.resize(widths[1]).await;
        let found = self.own_faults().await;
        self.note(name, lang, schemes[0], found);
        self.resize(width).await;
    }

    /// Looks at the page in both languages and both schemes of colours, as wide as a desk and enlarged to 400%: by all rules in
    /// one language, and in the other one by those that it makes a difference to. It is left in the other language than it was
    /// in.
    pub async fn go_round(&mut self, name: &str) {
        let path = self.path().await;
        let spoken = self.js("return document.documentElement.lang").await;
        let langs = if spoken == json!("en") { ["en", "zh-CN"] } else { ["zh-CN", "en"] };
        let (mut widths, schemes) = self.turns();
        let looks = [(Extent::Whole, schemes[0]), (Extent::Words, schemes[1])];
        for (lang, (extent, scheme)) in langs.into_iter().zip(looks) {
            self.speak(lang, &path).await;
            self.resize(widths[0]).await;
            self.check_as_far(name, lang, scheme, extent).await;
            self.resize(widths[1]).await;
            let found = self.own_faults().await;
            self.note(name, lang, scheme, found);
            // Where one language ends the other one begins: nothing is set twice.
            widths.reverse();
        }
        self.resize(WIDTHS[1]).await;
    }

    /// Looks once, in the language that is spoken, at a page like one that was looked at from all sides, by somebody else: by the
    /// rules of what may differ, and the schemes take turns.
    pub async fn pass_by(&mut self, name: &str) {
        let spoken = self.js("return document.documentElement.lang").await;
        let lang = if spoken == json!("en") { "en" } else { "zh-CN" };
        let (_, schemes) = self.turns();
        self.check_as_far(name, lang, schemes[0], Extent::Words).await;
    }

    /// The widths and the schemes of the next look, in turns, so that each width comes with each scheme.
    fn turns(&mut self) -> ([u32; 2], [&'static str; 2]) {
        let (mut widths, mut schemes) = ([WIDTHS[1], ENLARGED], ["light", "dark"]);
        if self.seen.is_multiple_of(2) {
            widths.reverse();
        }
        if (self.seen / 2).is_multiple_of(2) {
            schemes.reverse();
        }
        self.seen += 1;
        (widths, schemes)
    }

    /// Looks at the page as it stands.
    pub async fn glance(&mut self, name: &str) {
        let (lang, scheme) = (self.manner.lang, if self.seen.is_multiple_of(2) { "light" } else { "dark" });
        self.seen += 1;
        self.check(name, lang, scheme).await;
    }

    /// Switches to a language from a page of the program, and comes back to `back`.
    pub async fn speak(&self, lang: &str, back: &str) {
        if self.js("return document.documentElement.lang").await == json!(lang) {
            return;
        }
        // As the button in the head of the page does, which would come back to its own page.
        let script = "const [lang, done] = arguments; fetch(`/language?to=${lang}`, \
                      {method: 'POST', redirect: 'manual'}).then(() => done(true), (e) => done(String(e)));";
        self.scripts_run(true).await;
        let chosen = self.chrome.client.execute_async(script, vec![json!(lang)]).await.expect("an answer");
        self.scripts_run(self.scripts).await;
        assert_eq!(chosen, json!(true), "{lang} is not chosen on {}", self.path().await);
        self.open(back).await;
    }

    /// Looks at the page in a language and a scheme of colours.
    pub async fn check(&mut self, name: &str, lang: &str, scheme: &str) {
        self.check_as_far(name, lang, scheme, Extent::Whole).await;
    }

    async fn check_as_far(&mut self, name: &str, lang: &str, scheme: &str, extent: Extent) {
        let spoken = self.js("return document.documentElement.lang").await;
        let mut found: Vec<String> = Vec::new();
        if spoken != json!(lang) {
            found.push(format!("speaks {spoken}"));
        }
        found.extend(self.own_faults().await);
        found.extend(self.chrome.console().await.into_iter().map(|line| format!("console: {line}")));
        // A page that was opened without scripts is looked at by one that runs all the same.
        self.light_up(scheme).await;
        self.scripts_run(true).await;
        found.extend(axe::faults(&self.chrome.client, extent).await);
        self.keep_picture(&format!("{name}-{lang}-{}-{scheme}", self.width)).await;
        self.scripts_run(self.scripts).await;
        self.note(name, lang, scheme, found);
    }

    /// What our own rules find wrong with the page as it stands.
    pub async fn own_faults(&self) -> Vec<String> {
        let script = include_str!("../page.js");
        let wrong = self.chrome.client.execute(script, vec![json!(*KEY_FIRSTS)]).await.expect("looked at");
        wrong.as_array().into_iter().flatten().filter_map(|w| w.as_str().map(str::to_owned)).collect()
    }

    /// Keeps what was found on a page that is looked at so.
    fn note(&mut self, name: &str, lang: &str, scheme: &str, found: Vec<String>) {
        let width = self.width;
        for what in found {
            let line = format!("{name} ({lang}, {width} px, {scheme}): {what}");
            eprintln!("{line}"); // shown even when the journey breaks off before its end
            self.faults.push(line);
        }
    }

    /// Has pages shown as a device asks for them that is set to dark or light colours.
    async fn light_up(&self, scheme: &str) {
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.chrome.cdp("Emulation.setEmulatedMedia", features).await;
    }

    async fn keep_picture(&self, name: &str) {
        let Some(folder) = &self.shots else { return };
        let whole = json!({"format": "png", "captureBeyondViewport": true});
        let picture = self.chrome.cdp("Page.captureScreenshot", whole).await;
        let data = picture["data"].as_str().expect("a picture").as_bytes();
        let bytes = data_encoding::BASE64.decode(data).expect("base64");
        std::fs::write(folder.join(format!("{:02}-{name}.png", self.seen)), bytes).expect("kept");
    }

    /// Leaves out what the console says of a reply that is meant to be a refusal; whatever else it says is a fault.
    pub async fn expect_refusal(&mut self) {
        let at = self.path().await;
        for line in self.chrome.console().await.into_iter().filter(|line| !is_refusal(line)) {
            let line = format!("{at} (before a refusal): console: {line}");
            eprintln!("{line}"); // shown even when the journey breaks off before its end
            self.faults.push(line);
        }
    }
}

/// Whether a line of the console tells of a reply that refused something, or of a line that was cut, and of nothing else.
fn is_refusal(line: &str) -> bool {
    let failed = line.contains("Failed to load resource");
    failed && ["with a status of 4", "resource: net::ERR_"].iter().any(|why| line.contains(why))
}

/// What the keys of messages begin with: `lead` of `lead-field-title`.
static KEY_FIRSTS: LazyLock<BTreeSet<String>> = LazyLock::new(key_firsts);

fn key_firsts() -> BTreeSet<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/locales/en");
    let files = std::fs::read_dir(folder).expect("the texts").map(|file| file.expect("a file").path());
    let texts = files.map(|file| std::fs::read_to_string(file).expect("a text")).collect::<String>();
    let keys = texts.lines().filter_map(|line| line.split_once(" = ")).map(|(key, _)| key);
    keys.filter_map(|key| key.split_once('-'))
        .map(|(first, _)| first.to_owned())
        .filter(|first| !first.is_empty() && first.bytes().all(|b| b.is_ascii_lowercase()))
        .collect()
}
