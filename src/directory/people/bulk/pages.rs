//! What became of each row, as it is shown.

use std::collections::HashMap;

use askama::Template;

use super::model::Done;
use crate::platform::{
    db::Id,
    http::{
        layout::Chrome,
        link::Query,
        selection::{MOST, Picked},
        view::{Chip, Link, Tone},
    },
    i18n,
};

/// One row.
pub struct RowView {
    /// Empty for a row that is not there.
    pub href: String,
    pub name: String,
    pub title: String,
    pub what: Chip,
    /// Why it was not done.
    pub reason: String,
}

/// What the room of the rows knows of them.
pub struct Place {
    /// Its page that shows rows that are ticked; empty: there is none.
    pub selected: &'static str,
    /// The page of a row.
    pub row: fn(Id) -> String,
    /// What the rows are called, as they are called now.
    pub titles: HashMap<Id, String>,
}

/// The page of a result.
#[derive(Template)]
#[template(path = "directory/people/bulk_result.html")]
pub struct ResultPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub done: usize,
    pub refused: usize,
    /// Those that were already as the act would make them.
    pub same: usize,
    pub rows: Vec<RowView>,
    /// Who did it and when.
    pub by: String,
    pub back: String,
    /// The rows that were refused, ticked; empty: none was, or they are too many for an address.
    pub again: String,
}

impl ResultPage {
    /// `by`: who did it and when.
    pub fn new(c: Chrome, done: &Done, place: &Place, by: String) -> Self {
        let lang = c.language;
        let title = i18n::t(lang, &format!("bulk-result-{}", done.verb.replace(['.', '_'], "-")));
        let is_refused = |row: &&super::RowResult| !row.is_done() && !row.is_unchanged();
        let refused: Vec<Id> = done.rows.iter().filter(is_refused).map(|row| row.id).collect();
        let same = done.rows.iter().filter(|row| row.is_unchanged()).count();
        let row = |row: &super::RowResult| RowView {
            href: if row.name.is_empty() { String::new() } else { (place.row)(row.id) },
            name: if row.name.is_empty() { i18n::t(lang, "bulk-unknown") } else { row.name.clone() },
            title: place.titles.get(&row.id).cloned().unwrap_or_default(),
            what: if row.is_done() {
                Chip::new(i18n::t(lang, "bulk-row-done"), Tone::Good)
            } else if row.is_unchanged() {
                Chip::new(i18n::t(lang, "bulk-row-same"), Tone::Neutral)
            } else {
                Chip::new(i18n::t(lang, "bulk-row-refused"), Tone::Bad)
            },
            reason: row.reason(lang),
        };
        let is_again = !place.selected.is_empty() && !refused.is_empty() && refused.len() <= MOST;
        let again = if is_again {
            // The list's filters go along, so that the way back is the same one.
            let asked = Query::new(&done.back.replacen(done.list.path(), place.selected, 1));
            Picked::these(refused.clone()).on(&asked).href()
        } else {
            String::new()
        };
        Self {
            trail: vec![Link::new(i18n::t(lang, &done.list.key()), &done.back)],
            done: done.rows.len() - refused.len() - same,
            refused: refused.len(),
            same,
            rows: done.rows.iter().map(row).collect(),
            by,
            back: done.back.clone(),
            again,
            c: c.titled(title),
        }
    }
}
