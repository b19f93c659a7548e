//! What the page of an item shows of redactions: what it was made of, and what was made of it.

use std::collections::HashMap;

use chrono_tz::Tz;
use serde_json::Value;

use super::{
    region::{Region, places},
    store::Redaction,
};
use crate::platform::{
    db::Id,
    http::{
        layout::Chrome,
        view::{Fact, Link, groups_of_four},
    },
    numbers::{format_span, parse_spans},
    paths, time,
};

/// So many spans of pages are named.
const MOST_SPANS: usize = 40;

/// A redaction, with the item at the other end of it.
#[derive(Clone, Debug)]
pub struct RedactionView {
    pub other: Link,
    /// Of the other item, lower-case hex.
    pub sha256: String,
    pub facts: Vec<Fact>,
    /// Whether something of the original could not be drawn, so that the new item lacks more than was removed.
    pub is_partial: bool,
}

impl RedactionView {
    pub fn new(c: &Chrome, redaction: &Redaction, names: &HashMap<Id, String>, zone: Tz) -> Self {
        let plan: Value = serde_json::from_str(&redaction.plan).unwrap_or_default();
        let other = &redaction.other;
        let by = names.get(&redaction.redacted_by).cloned().unwrap_or_default();
        let at = time::format_instant(redaction.at, zone, c.language);
        let reason = redaction.reason.clone().unwrap_or_else(|| c.t("redaction-erased"));
        Self {
            other: Link::new(format!("{} {}", other.position, other.name), paths::evidence(other.id)),
            sha256: other.blob.sha256_hex(),
            facts: vec![
                Fact::new(c.t("redaction-removed"), removed(c, &redaction.kind, &plan)),
                Fact::new(c.t("redaction-field-reason"), reason),
                Fact::new(c.t("redaction-made"), format!("{by} · {at}")),
            ],
            is_partial: plan["partial"] == true,
        }
    }

    pub fn sha_groups(&self) -> Vec<&str> {
        groups_of_four(&self.sha256)
    }
}

/// How much is not there any more, in words.
fn removed(c: &Chrome, kind: &str, plan: &Value) -> String {
    let count = |name: &str| plan[name].as_array().map_or(0, Vec::len);
    match kind {
        "table" => c.tn("redaction-removed-columns", count("columns")),
        "text" => c.tn("redaction-removed-passages", count("characters")),
        _ => regions(c, plan),
    }
}

/// Rectangles, each counted on each of its pages, and of a paper which pages those are.
fn regions(c: &Chrome, plan: &Value) -> String {
    let regions: Vec<Region> = serde_json::from_value(plan["regions"].clone()).unwrap_or_default();
    let count = c.tn("redaction-removed-regions", places(&regions));
    if plan["pages"].is_null() {
        return count;
    }
    let spans: Vec<String> = regions.iter().map(|region| format_span(region.span())).collect();
    let Ok(spans) = parse_spans(&spans.join(",")) else { return count };
    let is_cut = spans.len() > MOST_SPANS;
    let mut shown: Vec<String> = spans.into_iter().take(MOST_SPANS).map(format_span).collect();
    if is_cut {
        shown.push("…".to_owned());
    }
    let pages = shown.join(&c.language.comma());
    c.ta("redaction-removed-pages", &[("count", count.as_str()), ("pages", pages.as_str())])
}
