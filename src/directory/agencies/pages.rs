//! What the pages of agencies show.

use askama::Template;
use chrono::NaiveDate;

use super::{
    keys::pages::KeyLine,
    listed::{By, Sort},
    model::{CHANNELS, COUNTRY, Contact},
    store::Agency,
};
use crate::{
    directory::{
        people::passkey::Passkey,
        reference::{AgencyLevel, Span, agency_types, charges, regions},
    },
    platform::{
        db::Id,
        http::{
            form_view::FormView,
            layout::Chrome,
            link::Query,
            list_head::{Column, ListHead, StateTab},
            sections::Part,
            selection::{self, Picking},
            view::{ActiveFilter, Chip, Choice, Fact, Link, Pager, SortHead, Tone},
        },
        i18n::{self, Lang},
        paths, time,
    },
};

/// The columns beside the name.
pub const COLUMNS: [Column; 10] = [
    Column::usual("code", "agency-field-code"),
    Column::usual("type", "agency-field-type"),
    Column::usual("level", "agency-field-level"),
    Column::usual("region", "agency-field-region"),
    Column::usual("channel", "agency-field-channel"),
    Column::usual("state", "state"),
    Column::more("addressee", "agency-field-addressee"),
    Column::more("address", "agency-field-address"),
    Column::more("phone", "agency-field-phone"),
    Column::more("email", "agency-field-email"),
];

/// One agency in a list.
pub struct Line {
    /// By which the row is ticked.
    pub pick: String,
    pub href: String,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub level: String,
    pub region: String,
    pub channel: String,
    pub addressee: String,
    pub address: String,
    pub phone: String,
    pub email: String,
    pub state: Chip,
    pub synthetic: bool,
}

/// The agencies.
#[derive(Template)]
#[template(path = "directory/agencies/list.html")]
pub struct ListPage {
    pub c: Chrome,
    pub warning: String,
    pub filter: FormView,
    pub types: Vec<Choice>,
    pub levels: Vec<Choice>,
    pub families: Vec<Choice>,
    pub head: ListHead,
    pub tabs: Vec<StateTab>,
    pub active: Vec<ActiveFilter>,
    pub clear: String,
    /// Parameters that have no field of their own.
    pub kept: Vec<(String, String)>,
    /// The list as a table that can be imported again, and as a workbook to be read.
    pub export: String,
    pub workbook: String,
    pub heads: Heads,
    pub lines: Vec<Line>,
    pub picking: Picking,
    /// Whether the filter was understood; if not, it says what was not, and nothing is shown as an answer.
    pub is_understood: bool,
    pub pager: Pager,
    pub can_change: bool,
}

/// Heads of the columns that sort.
pub struct Heads {
    pub code: SortHead,
    pub name: SortHead,
    pub region: SortHead,
}

impl Heads {
    pub fn new(list: &Query, sort: Sort, lang: Lang) -> Self {
        let head = |by: By| sort.head(list, by, lang);
        Self { code: head(By::Code), name: head(By::Name), region: head(By::Region) }
    }
}

/// One agency.
#[derive(Template)]
#[template(path = "directory/agencies/agency.html")]
pub struct AgencyPage {
    pub c: Chrome,
    pub id: Id,
    pub trail: Vec<Link>,
    pub state: Chip,
    pub synthetic: bool,
    pub facts: Vec<Fact>,
    pub reached: Vec<Fact>,
    pub takes: Vec<Fact>,
    /// Whether it has a list of its own.
    pub own_list: bool,
    pub contacts: Vec<Contact>,
    pub children: Vec<Line>,
    pub note: String,
    /// Its keys, the newest first.
    pub keys: Vec<KeyLine>,
    /// Those of its liaisons, told to administrators alone.
    pub passkeys: Vec<Passkey>,
    pub can_change: bool,
    pub can_close: bool,
}

impl AgencyPage {
    /// Where a key is registered. Within the panel `id` is the panel's own.
    pub fn new_key(&self) -> String {
        format!("/agencies/{}/public-keys/new", self.id)
    }
}

/// A new agency, or one that is changed.
#[derive(Template)]
#[template(path = "directory/agencies/form.html")]
pub struct FormPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub action: String,
    pub back: String,
    /// The code can't be changed any more.
    pub is_new: bool,
    pub code: String,
    pub form: FormView,
    pub types: Vec<Choice>,
    pub levels: Vec<Choice>,
    pub channels: Vec<Choice>,
    pub families: Vec<Choice>,
    /// Numbers of the contacts that the form has room for.
    pub contacts: Vec<ContactFields>,
}

impl FormPage {
    /// The parts of the form, as the template has them.
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[
            Part {
                id: "part-who",
                label: "agency-part-who",
                need: &["name_zh", "type", "level", "region"],
                more: &["code", "name_en", "parent"],
            },
            Part { id: "part-takes", label: "agency-part-takes", need: &[], more: &["takes"] },
            Part {
                id: "part-reached",
                label: "agency-part-reached",
                need: &["channel"],
                more: &["addressee", "address", "phone", "email", "ack_days", "accept_days"],
            },
            Part {
                id: "part-time",
                label: "agency-part-time",
                need: &[],
                more: &["valid_from", "valid_to", "successor"],
            },
            Part { id: "part-contacts", label: "agency-contacts", need: &[], more: &["contacts"] },
            Part { id: "part-notes", label: "agency-part-notes", need: &[], more: &["note", "source"] },
        ];
        PARTS
    }
}

/// The field names of one contact.
pub struct ContactFields {
    pub name: String,
    pub title: String,
    pub phone: String,
    pub email: String,
}

/// Ending an agency.
#[derive(Template)]
#[template(path = "directory/agencies/close.html")]
pub struct ClosePage {
    pub c: Chrome,
    pub id: Id,
    pub trail: Vec<Link>,
    pub form: FormView,
}

impl ClosePage {
    /// Where the form goes.
    fn action(&self) -> String {
        format!("{}/close", paths::agency(self.id))
    }
}

fn span(row: &Agency) -> Span {
    Span { from: row.valid_from, to: row.valid_to }
}

/// In being, not yet, or no more.
pub fn state(row: &Agency, today: NaiveDate, lang: Lang) -> Chip {
    let (key, tone) = if span(row).covers(today) {
        ("agency-state-now", Tone::Good)
    } else if row.valid_to.is_some_and(|to| to < today) {
        ("agency-state-ended", Tone::Muted)
    } else {
        ("agency-state-future", Tone::Neutral)
    };
    Chip::new(i18n::t(lang, key), tone)
}

/// A region with those above it.
pub fn region_name(code: &str, today: NaiveDate, lang: Lang) -> String {
    if code == COUNTRY { i18n::t(lang, "agency-country") } else { regions().path(code, today, lang) }
}

fn level_name(level: &str, lang: Lang) -> String {
    AgencyLevel::parse(level).map_or_else(|| level.to_owned(), |level| i18n::t(lang, level.key()))
}

fn type_name(code: &str, lang: Lang) -> String {
    agency_types().get(code).map_or(code, |kind| kind.name(lang)).to_owned()
}

pub fn name_of(row: &Agency, lang: Lang) -> String {
    lang.pick(&row.name_zh, &row.name_en).to_owned()
}

pub fn channel_name(channel: &str, lang: Lang) -> String {
    i18n::t(lang, &format!("agency-channel-{channel}"))
}

pub fn line(row: &Agency, today: NaiveDate, lang: Lang) -> Line {
    Line {
        pick: selection::word(row.id),
        href: paths::agency(row.id),
        code: row.code.clone(),
        name: name_of(row, lang),
        kind: type_name(&row.type_code, lang),
        level: level_name(&row.level, lang),
        region: region_name(&row.region_code, today, lang),
        channel: channel_name(&row.channel, lang),
        addressee: row.addressee.clone(),
        address: row.address.clone(),
        phone: row.phone.clone(),
        email: row.email.clone(),
        state: state(row, today, lang),
        synthetic: row.synthetic,
    }
}

pub fn type_choices(lang: Lang) -> Vec<Choice> {
    let ended = |to: Option<NaiveDate>| to.map_or_else(String::new, |to| format!(" (–{to})"));
    let label = |kind: &crate::directory::reference::AgencyType| {
        format!("{} · {}{}", kind.name(lang), kind.code, ended(kind.valid_to))
    };
    agency_types().all().iter().map(|kind| Choice::new(&kind.code, label(kind))).collect()
}

pub fn level_choices(lang: Lang) -> Vec<Choice> {
    AgencyLevel::ALL.map(|level| Choice::new(level.as_str(), i18n::t(lang, level.key()))).into()
}

pub fn family_choices(lang: Lang) -> Vec<Choice> {
    charges().families().iter().map(|family| Choice::new(&family.code, family.name(lang))).collect()
}

pub fn channel_choices(lang: Lang) -> Vec<Choice> {
    CHANNELS.map(|channel| Choice::new(channel, channel_name(channel, lang))).into()
}

/// Labelled facts; those without a value are left out.
fn given(facts: Vec<(String, String, Option<String>)>) -> Vec<Fact> {
    let fact = |(label, value, href): (String, String, Option<String>)| Fact { label, value, href };
    facts.into_iter().filter(|(_, value, _)| !value.is_empty()).map(fact).collect()
}

/// What an agency is.
pub fn facts(row: &Agency, related: &[(&'static str, Agency)], today: NaiveDate, lang: Lang) -> Vec<Fact> {
    let t = |key: &str| i18n::t(lang, key);
    let day = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| time::format_date(day, lang));
    let mut facts = vec![
        (t("agency-field-code"), row.code.clone(), None),
        (t("agency-other-name"), lang.pick(&row.name_en, &row.name_zh).to_owned(), None),
        (t("agency-field-type"), type_name(&row.type_code, lang), None),
        (t("agency-field-level"), level_name(&row.level, lang), None),
        (t("agency-field-region"), region_name(&row.region_code, today, lang), None),
        (t("agency-field-valid-from"), day(row.valid_from), None),
        (t("agency-field-valid-to"), day(row.valid_to), None),
    ];
    facts.extend(
        related.iter().map(|(key, other)| (t(key), name_of(other, lang), Some(paths::agency(other.id)))),
    );
    facts.push((t("agency-field-source"), row.source.clone(), None));
    given(facts)
}

/// How it is reached, and what was agreed.
pub fn reached(row: &Agency, lang: Lang) -> Vec<Fact> {
    let t = |key: &str| i18n::t(lang, key);
    let days = |days: Option<i32>| {
        days.map_or_else(
            || t("agency-days-usual"),
            |n| i18n::t_with(lang, "agency-days", &[("n", n.to_string())]),
        )
    };
    given(vec![
        (t("agency-field-channel"), channel_name(&row.channel, lang), None),
        (t("agency-field-addressee"), row.addressee.clone(), None),
        (t("agency-field-address"), row.address.clone(), None),
        (t("agency-field-phone"), row.phone.clone(), None),
        (t("agency-field-email"), row.email.clone(), None),
        (t("agency-field-ack-days"), days(row.ack_days), None),
        (t("agency-field-accept-days"), days(row.accept_days), None),
    ])
}

/// What it takes: its own list, else what its type takes today, each with the side.
pub fn takes(row: &Agency, own: &[String], today: NaiveDate, lang: Lang) -> Vec<Fact> {
    let by_type = charges().taken_by(&row.type_code, today);
    if own.is_empty() {
        let side = |track: crate::directory::reference::Track| {
            i18n::t(lang, &format!("charge-track-{}", track.as_str()))
        };
        return by_type
            .into_iter()
            .map(|(family, track)| Fact::new(family.name(lang), side(track)))
            .collect();
    }
    let name =
        |code: &String| charges().family(code).map_or(code.as_str(), |family| family.name(lang)).to_owned();
    own.iter().map(|code| Fact::new(name(code), i18n::t(lang, "agency-takes-own"))).collect()
}

/// The fields of the contacts on record and two empty ones.
pub fn contact_fields(form: &FormView) -> Vec<ContactFields> {
    let used = |n: usize| {
        ["name", "title", "phone", "email"]
            .iter()
            .any(|p| !form.value(&format!("contacts[{n}].{p}")).is_empty())
    };
    let last = (0..super::model::MOST_CONTACTS).rev().find(|n| used(*n)).map_or(0, |n| n + 1);
    let field = |n: usize, part: &str| format!("contacts[{n}].{part}");
    (0..(last + 2).min(super::model::MOST_CONTACTS))
        .map(|n| ContactFields {
            name: field(n, "name"),
            title: field(n, "title"),
            phone: field(n, "phone"),
            email: field(n, "email"),
        })
        .collect()
}

/// The way back from a page below the list.
pub fn trail(lang: Lang, agency: Option<&Agency>) -> Vec<Link> {
    let mut trail = vec![Link::new(i18n::t(lang, "nav-agencies"), paths::AGENCIES)];
    trail.extend(agency.map(|row| Link::new(name_of(row, lang), paths::agency(row.id))));
    trail
}
