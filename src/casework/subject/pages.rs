//! What the page of a subject shows.

use askama::Template;

use super::store::{Said, Subject};
use crate::{
    casework::lead::{model::Lead, pages::state_chip, region},
    platform::{
        http::{
            layout::Chrome,
            list_head::so_many,
            view::{Chip, Fact, Link, MadeUp},
        },
        paths,
        time::{self, Tz},
    },
};

/// A lead that names the subject.
pub struct LeadRow {
    pub href: String,
    pub number: String,
    /// What the lead calls the subject.
    pub name: String,
    pub title: String,
    pub part: String,
    /// Where the lead says that the subject is; may be empty.
    pub place: String,
    /// The lead's note on the subject; may be empty.
    pub note: String,
    pub region: String,
    pub state: Chip,
    pub made_up: MadeUp,
}

/// An entry of the ledger that names the subject.
pub struct EntryRow {
    pub href: String,
    pub date: String,
    pub date_iso: String,
    pub kind: String,
    /// Whether it takes another one back.
    pub is_counter: bool,
    /// How many persons, or how much; may be empty.
    pub what: String,
    pub case: Option<Link>,
    pub agency: String,
    /// The paper that it rests on, and where that can be read, as far as they are known.
    pub source: Link,
    pub state: Chip,
    pub made_up: MadeUp,
}

/// `/subjects/{id}`
#[derive(Template)]
#[template(path = "casework/subject/subject.html")]
pub struct SubjectPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub kind: String,
    pub made_up: MadeUp,
    pub facts: Vec<Fact>,
    pub leads: Vec<LeadRow>,
    pub lead_count: String,
    pub entries: Vec<EntryRow>,
    pub entry_count: String,
    pub related: Vec<Fact>,
}

impl SubjectPage {
    pub fn new(
        c: Chrome,
        subject: &Subject,
        (leads, has_more): (&[(Lead, Said)], bool),
        (entries, has_more_entries): (Vec<EntryRow>, bool),
        related: &[Subject],
        zone: Tz,
    ) -> Self {
        let kind = |subject: &Subject| c.t(format!("subject-kind-{}", subject.kind));
        let since = time::day_of(subject.created_at, zone);
        let facts = [
            ("lead-field-subjects-kind", kind(subject)),
            ("lead-field-subjects-identifier", subject.identifier.clone()),
            ("subject-since", time::format_date(since, c.language)),
        ];
        let place = |said: &Said, lead: &Lead| {
            said.region_code
                .as_deref()
                .map_or_else(String::new, |code| region::path(code, lead.facts_date(), c.language))
        };
        let count = |n: usize, has_more: bool| so_many(n as u64, has_more);
        let row = |(lead, said): &(Lead, Said)| LeadRow {
            href: paths::lead(lead.id),
            number: lead.number.clone(),
            name: said.name.clone(),
            title: lead.title.clone(),
            part: said.part.clone(),
            place: place(said, lead),
            note: said.note.clone(),
            region: region::path(&lead.region_code, lead.facts_date(), c.language),
            state: state_chip(c.language, lead.state),
            made_up: MadeUp::of(lead.synthetic, ""),
        };
        Self {
            trail: vec![Link::new(c.t("nav-leads"), paths::LEADS)],
            kind: kind(subject),
            made_up: MadeUp::of(subject.synthetic, ""),
            facts: facts
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(label, value)| Fact::new(c.t(label), value))
                .collect(),
            leads: leads.iter().map(row).collect(),
            lead_count: count(leads.len(), has_more),
            entry_count: count(entries.len(), has_more_entries),
            entries,
            related: related
                .iter()
                .map(|other| Fact::new(kind(other), other.name.as_str()).link(paths::subject(other.id)))
                .collect(),
            c,
        }
    }
}
