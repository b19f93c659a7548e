//! The list of entries.

use std::collections::HashMap;

use askama::Template;
use chrono_tz::Tz;

use super::{
    asked::{Asked, NEWEST, OLDEST},
    facts::{FactView, Reader},
    objects::{Called, Name},
};
use crate::{
    audit,
    directory::people::store::PersonRow,
    platform::{
        db::Id,
        error::FieldError,
        http::{
            form_view::FormView,
            layout::Chrome,
            link::Query,
            list_head::{Active, Column, ListHead, StateTab},
            selection::{self, Picking},
            view::{ActiveFilter, Chip, Choice, Fact, Link, Pager, Tone},
        },
        i18n, paths, time,
    },
    reporting::words,
};

/// What a line may say beside the time, which is what it is called by. All that there is of an entry stands below its
/// line, whatever the line says; and that it was refused is said by each.
pub const COLUMNS: [Column; 8] = [
    Column::usual("title", "audit-column-title"),
    Column::usual("actor", "audit-column-actor"),
    Column::usual("objects", "audit-column-objects"),
    Column::more("outcome", "audit-column-outcome"),
    Column::more("verb", "audit-column-verb"),
    Column::more("facts", "audit-column-facts"),
    Column::more("place", "audit-column-place"),
    Column::more("leaf-hash", "audit-column-leaf-hash"),
];

/// One entry, as far as a list shows it.
#[derive(Clone, Debug)]
pub struct EntryView {
    /// By which the line is ticked.
    pub pick: String,
    /// What it is called there.
    pub called: String,
    pub href: String,
    pub time: String,
    pub datetime: String,
    pub actor: String,
    /// The same list of this actor alone.
    pub actor_href: Option<String>,
    pub title: String,
    pub verb: String,
    pub outcome: Chip,
    pub refused: bool,
    pub facts: Vec<FactView>,
    /// The facts on one line.
    pub told: String,
    /// Name and id of each object, with its page where it has one, and the log of it.
    pub objects: Vec<ObjectView>,
    /// How many more there are, in words; empty when all are listed.
    pub more_objects: String,
    /// How many there are beside the first, in words; empty: no other.
    pub others: String,
    /// The personal part; for auditors alone.
    pub private: Vec<Fact>,
    pub place: String,
    /// SHA-256 of the leaf as it stands in the tree, lower-case hex.
    pub leaf_hash: String,
}

/// An object that an entry is about.
#[derive(Clone, Debug)]
pub struct ObjectView {
    /// What kind of thing it is.
    pub name: String,
    /// Its number or code; its id where it has none.
    pub called: String,
    pub id: String,
    pub href: Option<String>,
    pub log_href: String,
}

impl ObjectView {
    /// What a line says of it beside its kind: an id tells nobody anything.
    pub fn told(&self) -> &str {
        if self.called == self.id { "" } else { &self.called }
    }
}

/// Names and personal parts that go with the entries of a page.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    pub names: HashMap<Id, String>,
    pub private: HashMap<Id, String>,
    pub called: Called,
}

/// Hash of a leaf in the tree (RFC 6962), lower-case hex.
pub fn leaf_hash(row: &audit::Row) -> String {
    data_encoding::HEXLOWER.encode(&row.leaf_hash)
}

/// How many objects of an entry a list names; the entry's own page names all that its leaf does.
pub const LISTED: usize = 6;

/// The entry in words, with the first `most` of its objects.
pub fn entry_view(c: &Chrome, row: &audit::Row, beside: &Beside, zone: Tz, most: usize) -> EntryView {
    let refused = row.outcome == "refused";
    let reader = Reader { lang: c.language, zone, on: time::day_of(row.at, zone) };
    let known = row.actor_id.and_then(|id| beside.names.get(&id).cloned());
    let more_objects = more_objects(c, row, row.named().count(), most);
    let objects = row.named().take(most).map(|(kind, id)| {
        let known = id.parse().ok();
        let called = known.and_then(|id| beside.called.get(&id)).map(Name::whole);
        ObjectView {
            name: audit::object_name(c.language, kind),
            called: called.unwrap_or_else(|| id.to_owned()),
            href: known.and_then(|id| words::object_href(kind, id)),
            log_href: Query::new(paths::AUDIT).with("object", id).href(),
            id: id.to_owned(),
        }
    });
    let facts: Vec<FactView> =
        row.facts().iter().map(|(name, value)| reader.fact(&row.verb, name, value)).collect();
    let (time, title) = (time::format_exact(row.at, zone), row.title(c.language));
    EntryView {
        pick: selection::word(row.id),
        called: format!("{time} {title}"),
        href: format!("{}/{}", paths::AUDIT, row.id),
        time,
        datetime: row.at.to_string(),
        actor: known.unwrap_or_else(|| audit::actor_name(c.language, &row.actor_name)),
        actor_href: row.actor_id.map(|id| Query::new(paths::AUDIT).with("actor", &id.to_string()).href()),
        title,
        verb: row.verb.clone(),
        outcome: outcome_chip(c, refused),
        refused,
        told: on_one_line(c, &facts),
        facts,
        objects: objects.collect(),
        more_objects,
        others: others(c, row),
        private: beside.private.get(&row.id).map(|body| private_facts(&reader, body)).unwrap_or_default(),
        place: row.place.map_or_else(|| c.t("audit-not-placed"), |n| n.to_string()),
        leaf_hash: leaf_hash(row),
    }
}

/// Facts as a line says them.
fn on_one_line(c: &Chrome, facts: &[FactView]) -> String {
    let said = |fact: &FactView| format!("{}{}{}", fact.name, c.t("colon"), fact.value);
    facts.iter().map(said).collect::<Vec<_>>().join(c.language.pick("；", "; "))
}

/// What a line says of the objects that it does not name: all but the first.
fn others(c: &Chrome, row: &audit::Row) -> String {
    match (row.named().count() as u64 + row.more_objects()).saturating_sub(1) {
        0 => String::new(),
        n => i18n::t_with(c.language, "audit-other-objects", &[("n", n.to_string())]),
    }
}

/// What is said of the objects that are not named here; empty when all are.
fn more_objects(c: &Chrome, row: &audit::Row, named: usize, most: usize) -> String {
    let beyond = row.more_objects();
    let say = |key: &str, n: u64| i18n::t_with(c.language, key, &[("n", n.to_string())]);
    match named.saturating_sub(most) as u64 {
        0 if beyond == 0 => String::new(),
        0 => say("audit-more-objects", beyond),
        hidden => say("audit-unlisted-objects", hidden + beyond),
    }
}

fn outcome_chip(c: &Chrome, refused: bool) -> Chip {
    if refused {
        Chip::new(c.t("audit-outcome-refused"), Tone::Bad)
    } else {
        Chip::new(c.t("audit-outcome-done"), Tone::Neutral)
    }
}

/// The personal part as name and text.
fn private_facts(reader: &Reader, body: &str) -> Vec<Fact> {
    let read: serde_json::Map<String, serde_json::Value> = serde_json::from_str(body).unwrap_or_default();
    read.into_iter()
        .map(|(name, value)| {
            Fact::new(reader.name(&name), value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        })
        .collect()
}

/// The page.
#[derive(Template)]
#[template(path = "reporting/audit.html")]
pub struct ListPage {
    pub c: Chrome,
    pub head: Vec<Fact>,
    pub tabs: Vec<StateTab>,
    pub tools: ListHead,
    pub filter: FormView,
    pub verbs: Vec<Choice>,
    pub active: Vec<ActiveFilter>,
    pub clear: String,
    /// Parameters that have no field of their own.
    pub kept: Vec<(String, String)>,
    /// The accounts that go by the name that is asked for, where they are several.
    pub namesakes: Namesakes,
    /// Newest first, oldest first.
    pub sorts: Vec<Link>,
    pub rows: Vec<EntryView>,
    pub picking: Picking,
    pub pager: Pager,
    pub exports: Vec<Link>,
    /// Whether the filter was understood; if not, it says what was not, and nothing is shown as an answer.
    pub is_understood: bool,
}

/// The accounts that go by one name, all of which were searched.
#[derive(Clone, Debug, Default)]
pub struct Namesakes {
    /// That there are several, and how many.
    pub told: String,
    /// The same question of each alone, by its user name.
    pub accounts: Vec<Link>,
}

/// What is said of a name that several accounts go by.
pub fn namesakes(c: &Chrome, query: &Query, asked: &Asked, found: &[PersonRow]) -> Namesakes {
    if found.is_empty() {
        return Namesakes::default();
    }
    let n = found.len().to_string();
    let link = |row: &PersonRow| {
        let href = query.first_page().with("actor", &row.id.to_string()).href();
        Link::new(format!("{} · {}", row.username, row.name), href)
    };
    Namesakes {
        told: c.ta("audit-namesakes", &[("n", &n), ("name", &asked.actor)]),
        accounts: found.iter().map(link).collect(),
    }
}

/// The orders of the list.
pub fn sorts(c: &Chrome, query: &Query, oldest_first: bool) -> Vec<Link> {
    let link = |word: &str, key: &str, current: bool| {
        Link::new(c.t(key), query.first_page().with("sort", word).href()).current(current)
    };
    vec![link(NEWEST, "audit-sort-newest", !oldest_first), link(OLDEST, "audit-sort-oldest", oldest_first)]
}

/// What the list is sorted by, in words.
pub fn sorted_by(c: &Chrome, oldest_first: bool) -> String {
    let key = if oldest_first { "list-rising" } else { "list-falling" };
    c.tv(key, "by", c.t("audit-column-time"))
}

/// The choices of the filter by verb: the kinds of acts that the log may hold, in the order of the rooms. One that came by
/// the address is kept among them.
pub fn verb_choices(c: &Chrome, verbs: &[&str], asked: &str) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    for kind in verbs.iter().filter_map(|verb| verb.split('.').next()) {
        let group = format!("{kind}.");
        if choices.iter().all(|choice| choice.value != group) {
            choices.push(Choice::new(group, audit::object_name(c.language, kind)));
        }
    }
    if !asked.is_empty() && choices.iter().all(|choice| choice.value != asked) {
        choices.push(Choice::new(asked, audit::verb_title(c.language, asked)));
    }
    choices
}

/// The filter's fields as typed.
pub fn filter_form(asked: &Asked, faults: Vec<FieldError>) -> FormView {
    let fields = [
        ("verb", &asked.verb),
        ("actor", &asked.actor),
        ("outcome", &asked.outcome),
        ("object", &asked.object),
        ("from", &asked.from),
        ("to", &asked.to),
    ];
    let typed = fields.map(|(name, value)| (name.to_owned(), value.clone()));
    FormView::filter("audit-filter-", &typed, &faults)
}

/// The filters in force.
pub fn active(c: &Chrome, query: &Query, asked: &Asked, verbs: &[&str], actor: &str) -> Vec<ActiveFilter> {
    let shown = |name: &str, value: &str| match name {
        "verb" => verb_choices(c, verbs, value)
            .into_iter()
            .find(|v| v.value == value)
            .map_or_else(String::new, |v| v.label),
        "outcome" => outcome_chip(c, value == "refused").label,
        "actor" if !actor.is_empty() => actor.to_owned(),
        _ => value.to_owned(),
    };
    let names = ["verb", "actor", "outcome", "object", "from", "to"];
    let values = [&asked.verb, &asked.actor, &asked.outcome, &asked.object, &asked.from, &asked.to];
    let mut active = Active::of(query);
    for (name, value) in names.into_iter().zip(values).filter(|(_, value)| !value.is_empty()) {
        active.add(name, c.t(format!("audit-filter-{name}")), shown(name, value));
    }
    active.done()
}
