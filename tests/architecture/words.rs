//! The words of the pages: each message of `assets/locales` is one that something says, as a key that stands in the sources
//! as a whole or is put together of two texts that do.

use std::collections::BTreeSet;

use super::files;

/// What keys begin with that are put together: the rest of each stands in the sources as a word of its own (that of an
/// enum, a field's name, a verb), and the beginning as the text that it is put after.
const BEGINNINGS: &[&str] = &[
    "account-clock-",
    "account-days-",
    "account-event-",
    "account-way-",
    "agency-channel-",
    "agency-field-",
    "agency-filter-",
    "api-about-",
    "api-status-",
    "audit-actor-",
    "audit-by-",
    "audit-column-",
    "audit-export-",
    "audit-fact-",
    "audit-filter-",
    "audit-language-",
    "audit-method-",
    "audit-page-",
    "audit-reason-",
    "audit-store-",
    "bulk-result-",
    "case-col-",
    "case-filter-",
    "case-status-",
    "charge-track-",
    "comment-field-",
    "components-",
    "custody-",
    "custody-column-",
    "custody-field-",
    "deadline-side-",
    "deadline-waits-",
    "delivery-field-",
    "dossier-field-",
    "dossier-filter-",
    "dossier-origin-",
    "dossier-state-",
    "dossier-step-",
    "dossier-withheld-",
    "dossier-work-",
    "evidence-fault-",
    "evidence-field-",
    "evidence-kind-",
    "evidence-list-",
    "evidence-view-",
    "field-",
    "flash-",
    "flash-outcome-",
    "flash-transfer-",
    "flash-view-",
    "home-",
    "home-begin-",
    "home-empty-",
    "home-forward-",
    "home-group-",
    "home-year-",
    "job-",
    "job-covered-",
    "lead-field-",
    "lead-field-listings-",
    "lead-field-sites-",
    "lead-field-subjects-",
    "lead-list-",
    "lead-role-",
    "lead-source-",
    "lead-state-",
    "lead-tab-",
    "lead-track-",
    "mail-digest-",
    "notice-",
    "numbered-",
    "object-",
    "operation-field-",
    "operation-filter-",
    "operation-kind-",
    "outcome-col-",
    "outcome-field-",
    "outcome-field-amount-",
    "outcome-kind-",
    "outcome-note-",
    "outcome-side-",
    "outcome-source-",
    "outcome-state-",
    "people-field-",
    "people-job-",
    "people-mail-",
    "people-scope-",
    "people-side-",
    "people-system-",
    "people-token-",
    "redaction-about-",
    "redaction-field-",
    "redaction-separator-",
    "redaction-withhold-",
    "reference-column-",
    "reference-confidence-",
    "reference-filter-",
    "reference-import-",
    "reference-intro-",
    "reference-tab-",
    "region-level-",
    "related-",
    "remedy-step-",
    "remedy-verdict-",
    "report-chart-",
    "report-col-",
    "report-def-",
    "report-figure-",
    "report-note-",
    "report-section-",
    "report-step-",
    "review-",
    "review-fact-",
    "review-field-",
    "review-place-",
    "review-state-",
    "role-",
    "route-",
    "routing-",
    "sales-field-",
    "sales-state-",
    "search-kind-",
    "setting-",
    "setup-",
    "setup-mark-",
    "site-role-",
    "step-",
    "step-name-",
    "story-",
    "story-case-",
    "story-dossier-",
    "story-kind-",
    "story-outcome-",
    "story-site-",
    "story-subject-",
    "story-transfer-",
    "story-transfers-none-",
    "subject-kind-",
    "tour-",
    "tour-about-",
    "tour-side-",
    "tour-title-",
    "tour-waits-",
    "transfer-channel-",
    "transfer-col-",
    "transfer-field-",
    "transfer-filter-",
    "transfer-paper-",
    "transfer-part-",
    "transfer-sender-role-",
    "transfer-sort-",
    "transfer-state-",
    "transfer-step-",
    "transfer-verb-",
    "unsent-in-",
    "upload-state-",
    "verb-",
    "verify-label-",
    "verify-page-",
    "view-field-",
    "witness-fault-",
    "witness-refused-",
];

/// What the rest of which is counted, comes out of a file of data or is put together itself.
const COUNTED: &[&str] = &[
    "agency-kind-",
    "api-call-",
    "error-page-",
    "guide-",
    "help-",
    "remedy-turn-",
    "report-published-",
    "transfer-turn-",
    "verify-fault-",
    "verify-receipt-fault-",
];

/// What is put behind a key to make that of another message about the same.
const ENDINGS: &[&str] = &[
    "-act",
    "-agency",
    "-duty-hint",
    "-elsewhere",
    "-explain",
    "-hint",
    "-next",
    "-none",
    "-over",
    "-part",
    "-second",
    "-text",
    "-title",
    "-until",
];

/// The title and the text of an act's page are called by the act, which has no message of its own.
const ACTS: &[&str] = &["case-", "lead-", "transfer-"];

/// What the program says: its sources without their tests, its templates and its scripts.
fn said() -> String {
    let kinds = [("src", "rs"), ("templates", "html"), ("templates", "txt"), ("assets", "js")];
    let texts = kinds.iter().flat_map(|(folder, ending)| files(folder, ending));
    let code = |text: String| text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
    texts.map(|(_, text)| code(text)).collect::<Vec<_>>().join("\n")
}

/// The keys of the messages of a language.
fn keys(language: &str) -> BTreeSet<String> {
    let texts = files(&format!("assets/locales/{language}"), "ftl");
    let is_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let key = |line: &str| {
        let (key, _) = line.split_once('=')?;
        let key = key.trim_end();
        let is_one = key.starts_with(|c: char| c.is_ascii_lowercase()) && key.chars().all(is_key);
        is_one.then(|| key.to_owned())
    };
    texts.iter().flat_map(|(_, text)| text.lines().filter_map(key)).collect()
}

/// A word as it stands in a key.
fn plain(word: &str) -> String {
    word.to_lowercase().replace(['.', '_'], "-")
}

/// The words of the sources.
struct Said {
    text: String,
    whole: BTreeSet<String>,
    /// Also with what stands in a key as `-` and elsewhere otherwise.
    parts: BTreeSet<String>,
}

impl Said {
    fn new() -> Self {
        let text = said();
        let of = |with: &'static [char]| {
            let words = text.split(move |c: char| !(c.is_ascii_alphanumeric() || with.contains(&c)));
            words.map(move |word| word.trim_matches(with)).filter(|word| !word.is_empty())
        };
        let whole = of(&['-']).map(str::to_owned).collect();
        let parts = of(&['-', '.', '_']).map(plain).collect();
        Self { whole, parts, text }
    }

    /// Whether `key` stands there as a whole, or which beginning it is put together with.
    fn says(&self, key: &str) -> Option<&'static str> {
        if self.whole.contains(key) {
            return Some("");
        }
        let fits =
            |begin: &&&str| key.strip_prefix(**begin).is_some_and(|rest| self.parts.contains(&plain(rest)));
        let longest = BEGINNINGS.iter().filter(fits).max_by_key(|begin| begin.len());
        longest.copied().or_else(|| COUNTED.iter().copied().find(|begin| key.starts_with(*begin)))
    }

    /// Whether it is that of a page of an act, without its ending.
    fn is_act(&self, key: &str) -> bool {
        ACTS.iter().any(|begin| key.strip_prefix(*begin).is_some_and(|act| self.parts.contains(act)))
    }

    /// By which beginning and ending the key is said; `None`: by none.
    fn by(&self, key: &str) -> Option<(&'static str, &'static str)> {
        if let Some(begin) = self.says(key) {
            return Some((begin, ""));
        }
        ENDINGS.iter().find_map(|ending| {
            let about = key.strip_suffix(*ending)?;
            let is_of_act = ["-title", "-text", "-explain"].contains(ending) && self.is_act(about);
            let begin = self.says(about).or_else(|| is_of_act.then_some(""))?;
            Some((begin, *ending))
        })
    }
}

/// Whoever stops saying something deletes its words; and whoever finds their words here unsaid, though they are said, has
/// a new way of putting keys together, which belongs into the lists above.
#[test]
fn every_message_is_said_by_something() {
    let said = Said::new();
    let keys = keys("zh-CN");
    assert!(keys.len() > 4_000 && said.whole.len() > 4_000, "the words were not found: {}", keys.len());
    assert!(said.by("lead-no-such-words").is_none() && said.by("action-print-nothing").is_none());
    let unsaid: Vec<&String> = keys.iter().filter(|key| said.by(key).is_none()).collect();
    assert!(unsaid.is_empty(), "nothing says these: {unsaid:#?}");
}

/// A beginning that no source has any more would keep its words for ever.
#[test]
fn the_ways_in_which_keys_are_put_together_are_there() {
    let said = Said::new();
    let found: Vec<_> = keys("zh-CN").iter().filter_map(|key| said.by(key)).collect();
    let is_written = |begin: &str| {
        // What is told after an act (`flash-…`) is named by it without that.
        let own = begin.strip_prefix("flash-").filter(|own| !own.is_empty()).unwrap_or(begin);
        said.text.contains(&format!("{own}{{")) || said.text.contains(&format!("{own}\""))
    };
    let mut stale = Vec::new();
    for begin in BEGINNINGS.iter().chain(COUNTED) {
        if !is_written(begin) || !found.iter().any(|(by, _)| by == begin) {
            stale.push(*begin);
        }
    }
    stale.extend(ENDINGS.iter().filter(|ending| !found.iter().any(|(_, by)| by == *ending)));
    assert!(stale.is_empty(), "no key is put together with these: {stale:?}");
}
