//! How a scan and what stands in its place are shown: the newest first, the others beside it with the reason.

use std::collections::HashMap;

use chrono_tz::Tz;

use super::store::ReplacementRow;
use crate::platform::{
    db::{Id, Instant},
    http::layout::Chrome,
    time,
};

/// One scan with its forerunners.
pub struct ScanLine {
    pub href: String,
    pub name: String,
    /// When, and who took it in.
    pub note: String,
    /// Where the reader can replace it.
    pub replace: Option<String>,
    pub older: Vec<OldScan>,
}

/// A scan in whose place another one stands.
pub struct OldScan {
    pub href: String,
    pub name: String,
    /// Why it was replaced.
    pub reason: String,
}

/// The scan as it was taken in first.
pub struct Original<'a> {
    pub id: Id,
    pub href: String,
    pub name: &'a str,
    pub at: Option<Instant>,
    pub by: Option<Id>,
}

/// What the lines are made from.
pub struct Scans<'a> {
    pub c: &'a Chrome,
    pub zone: Tz,
    pub names: &'a HashMap<Id, String>,
    pub texts: &'a HashMap<Id, String>,
    /// Newest first, of any scan.
    pub replaced: &'a [ReplacementRow],
    /// The address of what the scans belong to.
    pub base: String,
}

impl Scans<'_> {
    fn note(&self, at: Option<Instant>, by: Option<Id>) -> String {
        let when = at.map(|at| time::format_instant(at, self.zone, self.c.language)).unwrap_or_default();
        let who = by.and_then(|id| self.names.get(&id)).cloned().unwrap_or_default();
        [when, who].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    /// One line; `replace` is the address of its form, for those who may.
    pub fn line(&self, first: &Original<'_>, replace: Option<String>) -> ScanLine {
        let mine: Vec<&ReplacementRow> = self.replaced.iter().filter(|row| row.of_id == first.id).collect();
        let at = |row: &ReplacementRow| format!("{}/replacements/{}", self.base, row.id);
        let reason = |row: &ReplacementRow| {
            let text = row.remark_id.and_then(|id| self.texts.get(&id)).cloned().unwrap_or_default();
            self.c.tv("delivery-scan-replaced", "reason", text)
        };
        // Each was replaced by the one that came after it, whose reason says why.
        let mut older: Vec<OldScan> = mine
            .windows(2)
            .map(|pair| OldScan { href: at(pair[1]), name: pair[1].name.clone(), reason: reason(pair[0]) })
            .collect();
        if let Some(last) = mine.last() {
            let name = first.name.to_owned();
            older.push(OldScan { href: first.href.clone(), name, reason: reason(last) });
        }
        match mine.first() {
            Some(newest) => ScanLine {
                href: at(newest),
                name: newest.name.clone(),
                note: self.note(Some(newest.at), Some(newest.uploaded_by)),
                replace,
                older,
            },
            None => ScanLine {
                href: first.href.clone(),
                name: first.name.to_owned(),
                note: self.note(first.at, first.by),
                replace,
                older,
            },
        }
    }
}
