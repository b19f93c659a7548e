//! How a record of a sealed medium is shown, and the form for one.

use std::collections::{BTreeSet, HashMap};

use askama::Template;
use chrono_tz::Tz;

use super::store::Record;
use crate::platform::{
    db::Id,
    http::{
        form_view::FormView,
        layout::Chrome,
        view::{Fact, Link},
    },
    i18n::{self, Lang},
    numbers::format_numbers,
    paths, time,
};

/// The beginning of the keys of the fields' names.
pub const LABELS: &str = "sealing-field-";

/// A record as the item's page shows it.
#[derive(Clone, Debug)]
pub struct SealingView {
    pub id: String,
    pub facts: Vec<Fact>,
    pub photos: Vec<Link>,
    /// Who wrote it down, and when.
    pub recorded: String,
    /// Whether another one takes its place.
    pub is_corrected: bool,
    /// Where it is put right.
    pub correct: String,
}

impl SealingView {
    pub fn new(record: &Record, names: &HashMap<Id, String>, lang: Lang, zone: Tz) -> Self {
        let by = names.get(&record.recorded_by).cloned().unwrap_or_default();
        let at = time::format_instant(record.at, zone, lang);
        let photo = |photo: &super::store::Photo| {
            Link::new(format!("{} {}", photo.position, photo.name), paths::evidence(photo.id))
        };
        Self {
            id: record.id.to_string(),
            facts: facts(record, lang, zone),
            photos: record.photos.iter().map(photo).collect(),
            recorded: format!("{by} · {at}"),
            is_corrected: record.is_corrected,
            correct: correct_path(record.evidence_id, record.id),
        }
    }
}

/// Where a record is put right.
pub fn correct_path(item: Id, record: Id) -> String {
    format!("{}/sealings/{record}/correct", paths::evidence(item))
}

/// What it says; what was lawfully erased is said to be.
fn facts(record: &Record, lang: Lang, zone: Tz) -> Vec<Fact> {
    let t = |key: &str| i18n::t(lang, key);
    let at = Fact::new(t("sealing-field-sealed-at"), time::format_instant(record.sealed_at, zone, lang));
    let Some(words) = &record.words else {
        return vec![at, Fact::new(t("sealing-words"), t("sealing-erased"))];
    };
    let mut facts = vec![
        Fact::new(t("sealing-field-medium"), &words.medium),
        Fact::new(t("sealing-field-serial"), &words.serial),
        Fact::new(t("sealing-field-how"), &words.how),
        Fact::new(t("sealing-field-sealed-by"), &words.sealed_by),
        Fact::new(t("sealing-field-witness"), &words.witness),
        at,
        Fact::new(t("sealing-field-place"), &words.place),
    ];
    facts.retain(|fact| !fact.value.is_empty());
    facts
}

/// The form filled from a record, to be put right.
pub fn filled(record: &Record, zone: Tz) -> FormView {
    let words = record.words.clone().unwrap_or_default();
    let photos: BTreeSet<i32> = record.photos.iter().map(|photo| photo.position).collect();
    let at = record.sealed_at.utc().with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string();
    FormView::new(LABELS)
        .set("medium", words.medium)
        .set("serial", words.serial)
        .set("how", words.how)
        .set("sealed_by", words.sealed_by)
        .set("witness", words.witness)
        .set("place", words.place)
        .set("sealed_at", at)
        .set("photos", format_numbers(&photos))
}

/// The form.
#[derive(Template)]
#[template(path = "casework/evidence/sealing.html")]
pub struct SealingPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    /// Where it is posted to.
    pub action: String,
    /// The item's page.
    pub back: String,
    /// Whether it takes the place of another record.
    pub corrects: bool,
    pub form: FormView,
}
