//! What the page of an item shows of redactions: what it was made of, and what was made of it.

use std::collections::HashMap;

use chrono_tz::Tz;
use serde_json::Value;

use super::store::Redaction;
use crate::platform::{
    db::Id,
    http::{
        layout::Chrome,
        view::{Fact, Link, groups_of_four},
    },
    paths, time,
};

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
        _ => c.tn("redaction-removed-regions", count("regions")),
    }
}
