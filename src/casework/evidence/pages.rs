//! What the evidence pages show.

use askama::Template;

use super::{
    custody_of_store::{CHECKED, MOVE, MOVED},
    naming,
    resumable::{mark_of, store as uploads},
    standing::StandingView,
    store::Item,
};
use crate::{
    audit,
    directory::reference::categories,
    platform::{
        db::{Id, Instant},
        file_size,
        http::{
            form_view::FormView,
            layout::Chrome,
            view::{Choice, Event, Fact, Link, Pager, Tone, groups_of_four},
        },
        i18n::{self, Lang},
        money, paths, time,
        vault::inline_safe,
    },
};
use chrono_tz::Tz;

/// The evidence of a lead, with the forms to add more.
#[derive(Template)]
#[template(path = "casework/evidence/list.html")]
pub struct ListPage {
    pub c: Chrome,
    pub lead_number: String,
    pub lead_href: String,
    pub rows: Vec<RowView>,
    /// Whether they are shown as pictures.
    pub is_gallery: bool,
    /// List and gallery.
    pub views: Vec<Link>,
    /// The statutory list of all of them, as PDF and as CSV.
    pub lists: Vec<Link>,
    pub pager: Pager,
    pub csv: String,
    pub xlsx: String,
    pub can_change: bool,
    /// Where its dossiers are composed.
    pub compose: String,
    pub form: FormView,
    pub note: FormView,
    /// Marks the chosen items, and where that is posted to.
    pub marks: FormView,
    pub marks_action: String,
    pub categories: Vec<Choice>,
    pub kinds: Vec<Choice>,
    /// The reader's own files that are on their way to this lead.
    pub unfinished: Vec<UnfinishedView>,
}

/// A file on its way, which goes on when it is chosen again.
pub struct UnfinishedView {
    pub href: String,
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// By what the script knows the file again.
    pub mark: String,
    /// How much of it is here, and until when.
    pub text: String,
    /// Whether bytes are still to come.
    pub is_wanted: bool,
}

impl UnfinishedView {
    pub fn new(row: &uploads::Row, lang: Lang, zone: Tz) -> Self {
        let is_wanted = row.received < row.size;
        let said = [
            ("here", file_size::short(row.received.cast_unsigned())),
            ("all", file_size::short(row.size.cast_unsigned())),
            ("until", when(row.expires_at, lang, zone)),
        ];
        let key = if is_wanted { "upload-unfinished-here" } else { "upload-unfinished-whole" };
        Self {
            href: format!("/api/v1/uploads/{}", row.id),
            name: row.name.clone(),
            size: row.size,
            mark: mark_of(row),
            text: i18n::t_with(lang, key, &said),
            is_wanted,
        }
    }
}

/// What may be said of files beside what must be.
const MORE: [&str; 10] = [
    "category",
    "tool",
    "medium",
    "holder",
    "quantity",
    "witness",
    "description",
    "remark",
    "withheld",
    "withheld_reason",
];

/// What may be said of a text or a fact that is typed in.
const MORE_OF_NOTE: [&str; 3] = ["quantity", "witness", "remark"];

impl ListPage {
    /// Whether some of what may be said of files stands in the form, or must be mended: it is shown open then.
    pub fn has_more(&self) -> bool {
        is_said(&self.form, &MORE)
    }

    /// As [`Self::has_more`], of the form of a note.
    pub fn note_has_more(&self) -> bool {
        is_said(&self.note, &MORE_OF_NOTE)
    }
}

/// Whether one of these fields is filled in, or must be mended.
fn is_said(form: &FormView, names: &[&str]) -> bool {
    names.iter().any(|name| form.is_bad(name) || !form.value(name).trim().is_empty())
}

/// One item in a list.
pub struct RowView {
    pub id: String,
    pub position: i32,
    pub name: String,
    pub href: String,
    pub kind: String,
    pub category: String,
    pub size: String,
    pub sha256: String,
    pub source: String,
    pub collected: String,
    pub withheld: bool,
    pub synthetic: bool,
    /// That its name promises another content than it has; empty: it does not.
    pub differs: String,
    /// A small picture of it; empty: it is none that can be shown.
    pub thumb: String,
    /// What stands in its place: `document`, `film`, `sound` or `other`.
    pub icon: &'static str,
}

impl RowView {
    /// `ill`: the stored files with an open alarm, of which nothing is shown.
    pub fn new(item: &Item, ill: &[Id], lang: Lang, zone: Tz) -> Self {
        Self {
            id: item.id.to_string(),
            position: item.position,
            name: item.name.clone(),
            href: paths::evidence(item.id),
            kind: i18n::t(lang, &format!("evidence-kind-{}", item.kind)),
            category: category_name(&item.category, lang),
            size: file_size::short(item.blob.size.cast_unsigned()),
            sha256: item.blob.sha256_hex(),
            source: item.source.clone(),
            collected: item.collected_at.map_or_else(String::new, |at| time::table_instant(at, zone)),
            withheld: item.withheld,
            synthetic: item.synthetic,
            differs: naming::differs(item, lang).unwrap_or_default(),
            thumb: if is_picture(&item.blob.media_type) && !ill.contains(&item.blob_id) {
                format!("{}/picture?size=small", paths::evidence(item.id))
            } else {
                String::new()
            },
            icon: icon(&item.blob.media_type),
        }
    }
}

/// Whether a picture can be made of files of this type.
pub fn is_picture(media_type: &str) -> bool {
    inline_safe(media_type)
}

/// Whether files of this type are pictures of a kind that is not shown: BMP, TIFF, HEIC and the like.
pub fn is_unshown_picture(media_type: &str) -> bool {
    media_type.starts_with("image/") && !is_picture(media_type)
}

/// The sign of a type of file.
fn icon(media_type: &str) -> &'static str {
    match media_type.split('/').next().unwrap_or_default() {
        "video" => "film",
        "audio" => "sound",
        "text" | "message" => "document",
        _ if media_type == "application/pdf" || media_type == "application/json" => "document",
        _ => "other",
    }
}

/// One item.
#[derive(Template)]
#[template(path = "casework/evidence/item.html")]
pub struct ItemPage {
    pub c: Chrome,
    pub lead: Link,
    pub list: Link,
    /// That its name promises another content than it has; empty: it does not.
    pub differs: String,
    pub facts: Vec<Fact>,
    pub sha256: String,
    pub sm3: String,
    pub description: String,
    pub withheld: bool,
    pub withheld_reason: String,
    pub synthetic: bool,
    pub can_change: bool,
    /// Where it is marked do-not-disclose.
    pub withhold: String,
    /// Why it can't be taken out; empty: it can, by whoever can change it.
    pub stays: String,
    pub href: String,
    /// Made anew from its bytes; empty: it is no picture.
    pub picture: String,
    /// Whether it is a picture of a kind that is not shown.
    pub is_unshown: bool,
    /// Its own bytes, of a picture, shown by the browser.
    pub original: String,
    /// The first page of a PDF, drawn as a picture; empty: it is none.
    pub drawn: String,
    /// The text of a note or recorded fact.
    pub text: String,
    pub form: FormView,
    pub custody: Vec<Event>,
    /// How much of it is left out; empty: nothing.
    pub custody_gap: String,
    pub standing: StandingView,
}

impl ItemPage {
    pub fn sha_groups(&self) -> Vec<&str> {
        groups_of_four(&self.sha256)
    }

    pub fn sm3_groups(&self) -> Vec<&str> {
        groups_of_four(&self.sm3)
    }
}

/// The statutory categories, for a picker.
pub fn category_choices(lang: Lang) -> Vec<Choice> {
    categories().offered().map(|c| Choice::new(&c.code, c.name(lang))).collect()
}

pub fn category_name(code: &str, lang: Lang) -> String {
    categories().get(code).map_or_else(|| code.to_owned(), |c| c.name(lang).to_owned())
}

fn collected_text(item: &Item, lang: Lang, zone: Tz) -> String {
    item.collected_at.map_or_else(String::new, |at| when(at, lang, zone))
}

fn when(at: Instant, lang: Lang, zone: Tz) -> String {
    time::format_instant(at, zone, lang)
}

/// The labelled facts of an item, in the order of the statutory list.
pub fn facts(item: &Item, lang: Lang, zone: Tz, registered_by: &str) -> Vec<Fact> {
    let t = |key: &str| i18n::t(lang, key);
    let mut facts = vec![
        Fact::new(t("evidence-number"), item.position.to_string()),
        Fact::new(t("evidence-kind"), t(&format!("evidence-kind-{}", item.kind))),
        Fact::new(t("evidence-field-category"), category_name(&item.category, lang)),
        Fact::new(t("evidence-media-type"), item.blob.media_type.clone()),
        Fact::new(t("evidence-size"), file_size::full(item.blob.size.cast_unsigned(), lang)),
        Fact::new(t("evidence-field-source"), item.source.clone()),
        Fact::new(t("evidence-field-collected-at"), collected_text(item, lang, zone)),
        Fact::new(t("evidence-field-collected-by"), item.collected_by.clone()),
        Fact::new(t("evidence-field-method"), item.method.clone()),
    ];
    for (key, value) in [
        ("evidence-field-tool", &item.tool),
        ("evidence-field-medium", &item.medium),
        ("evidence-field-holder", &item.holder),
        ("evidence-field-quantity", &item.quantity),
        ("evidence-field-witness", &item.witness),
        ("evidence-field-remark", &item.remark),
    ] {
        if !value.is_empty() {
            facts.push(Fact::new(t(key), value.clone()));
        }
    }
    facts.push(Fact::new(
        t("evidence-registered"),
        format!("{} · {registered_by}", when(item.created_at, lang, zone)),
    ));
    facts
}

/// That of its custody so many entries are left out; empty for none.
pub fn custody_gap(left_out: i64, lang: Lang) -> String {
    match left_out {
        0 => String::new(),
        n => i18n::t_with(lang, "evidence-custody-gap", &[("n", money::grouped(n.unsigned_abs()))]),
    }
}

/// What only looks at an item.
const LOOKS: [&str; 4] = ["evidence.list", "evidence.view", "evidence.preview", "evidence.read"];

/// Whether two entries are somebody's same look at an item on the same day.
fn is_same_look(one: &audit::Row, other: &audit::Row, zone: Tz) -> bool {
    LOOKS.contains(&one.verb.as_str())
        && one.verb == other.verb
        && one.outcome == other.outcome
        && one.actor_id == other.actor_id
        && one.actor_name == other.actor_name
        && time::day_of(one.at, zone) == time::day_of(other.at, zone)
}

/// What an act is called among those of an item.
pub(super) fn act_title(lang: Lang, verb: &str) -> String {
    let key = format!("custody-{}", verb.replace(['.', '_'], "-"));
    // Verbs of other rooms have their words there.
    if i18n::has(lang, &key) { i18n::t(lang, &key) } else { audit::verb_title(lang, verb) }
}

/// What came of what was done with the stored files: between which stores they were moved, and whether all could be; whether they
/// are as they were stored. `None`: the entry is about something else.
pub(super) fn came_to(row: &audit::Row, lang: Lang) -> Option<String> {
    let facts = &row.leaf["facts"];
    let store = |name: &str| {
        let word = facts[name].as_str()?;
        Some(i18n::t(lang, &format!("audit-store-{word}")))
    };
    match row.verb.as_str() {
        verb @ (MOVE | MOVED) => {
            let way = format!("{} → {}", store("from_store")?, store("to_store")?);
            let is_partial = verb == MOVED && !facts["whole"].as_bool().unwrap_or_default();
            Some(if is_partial { format!("{way} · {}", i18n::t(lang, "custody-move-partial")) } else { way })
        }
        CHECKED => Some(match facts["faults"].as_u64()? {
            0 => i18n::t(lang, "evidence-fault-whole"),
            faults => i18n::t_count(lang, "custody-check-faults", faults),
        }),
        _ => None,
    }
}

/// The custody of an item: what the audit log says of it, newest first. Somebody's looks of one day are one line, at
/// the time of the last: else they hide what was done.
pub fn custody(
    rows: &[audit::Row],
    names: &std::collections::HashMap<Id, String>,
    lang: Lang,
    zone: Tz,
) -> Vec<Event> {
    let mut folded: Vec<(&audit::Row, u64)> = Vec::new();
    for row in rows {
        match folded.iter().position(|(last, _)| is_same_look(last, row, zone)) {
            Some(at) => folded[at].1 += 1,
            None => folded.push((row, 1)),
        }
    }
    folded
        .into_iter()
        .map(|(row, times)| {
            let was_refused = row.outcome == "refused";
            let mut said: Vec<String> = came_to(row, lang).into_iter().collect();
            if was_refused {
                said.push(i18n::t(lang, "audit-outcome-refused"));
            }
            if times > 1 {
                said.push(i18n::t_with(lang, "custody-times", &[("n", times.to_string())]));
            }
            let known = row.actor_id.and_then(|id| names.get(&id).cloned());
            Event {
                time: when(row.at, lang, zone),
                datetime: row.at.to_string(),
                actor: known.unwrap_or_else(|| audit::actor_name(lang, &row.actor_name)),
                title: act_title(lang, &row.verb),
                body: said.join(" · "),
                tone: if was_refused { Tone::Bad } else { Tone::Neutral },
                link: None,
            }
        })
        .collect()
}
