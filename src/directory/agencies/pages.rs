//! What the pages of agencies show.

use askama::Template;
use chrono::NaiveDate;

use super::{
    import::{Fault, Plan},
    model::{CHANNELS, COUNTRY, Contact, Input},
    store::Agency,
};
use crate::{
    directory::reference::{AgencyLevel, Span, agency_types, charges, regions},
    platform::{
        db::Id,
        http::{
            form_view::FormView,
            layout::Chrome,
            view::{ActiveFilter, Chip, Choice, Fact, Link, Pager, Tone},
        },
        i18n::{self, Lang},
        paths, time,
    },
};

/// One agency in a list.
pub struct Line {
    pub href: String,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub level: String,
    pub region: String,
    pub channel: String,
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
    pub states: Vec<Choice>,
    pub active: Vec<ActiveFilter>,
    pub export: String,
    pub lines: Vec<Line>,
    pub pager: Pager,
    pub can_change: bool,
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
    pub can_change: bool,
    pub can_close: bool,
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

/// A planned line, as it is shown before it is confirmed.
pub struct PlannedLine {
    pub number: u64,
    pub code: String,
    pub name: String,
    pub what: Chip,
    pub changes: Vec<ChangeLine>,
}

/// One field that a line changes.
pub struct ChangeLine {
    pub label: String,
    pub from: String,
    pub to: String,
}

/// A fault of the file.
pub struct FaultLine {
    pub number: u64,
    pub field: String,
    pub text: String,
}

/// Importing: the form, what it would do, or what is wrong with it.
#[derive(Template)]
#[template(path = "directory/agencies/import.html")]
pub struct ImportPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub form: FormView,
    pub columns: String,
    pub faults: Vec<FaultLine>,
    pub more_faults: usize,
    pub summary: String,
    pub planned: Vec<PlannedLine>,
    pub more_planned: usize,
    /// The file's text and the plan that is confirmed; empty: nothing to confirm.
    pub csv: String,
    pub digest: String,
}

/// So many lines of a plan, and so many faults, are shown.
const SHOWN: usize = 200;

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
        href: paths::agency(row.id),
        code: row.code.clone(),
        name: name_of(row, lang),
        kind: type_name(&row.type_code, lang),
        level: level_name(&row.level, lang),
        region: region_name(&row.region_code, today, lang),
        channel: channel_name(&row.channel, lang),
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

/// The label of a field of the form.
fn label(lang: Lang, field: &str) -> String {
    let parts: Vec<&str> = field
        .split(|ch: char| !ch.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty() && !part.bytes().all(|b| b.is_ascii_digit()))
        .collect();
    let key = format!("agency-field-{}", parts.join("-"));
    if i18n::has(lang, &key) { i18n::t(lang, &key) } else { field.to_owned() }
}

impl ImportPage {
    /// The empty form.
    pub fn new(c: Chrome, form: FormView) -> Self {
        let trail = trail(c.language, None);
        Self {
            c,
            trail,
            form,
            columns: super::table::COLUMNS.join(", "),
            faults: Vec::new(),
            more_faults: 0,
            summary: String::new(),
            planned: Vec::new(),
            more_planned: 0,
            csv: String::new(),
            digest: String::new(),
        }
    }

    /// With what is wrong with the file.
    #[must_use]
    pub fn with_faults(mut self, faults: &[Fault]) -> Self {
        let lang = self.c.language;
        let line = |fault: &Fault| FaultLine {
            number: fault.line,
            field: label(lang, &fault.error.field),
            text: i18n::t_with(lang, fault.error.code, &fault.error.args),
        };
        self.faults = faults.iter().take(SHOWN).map(line).collect();
        self.more_faults = faults.len().saturating_sub(SHOWN);
        self
    }

    /// With what the file would do.
    #[must_use]
    pub fn with_plan(mut self, plan: &Plan, csv: String) -> Self {
        let lang = self.c.language;
        let counts = [("new", plan.created()), ("changed", plan.changed()), ("same", plan.same())];
        self.summary =
            i18n::t_with(lang, "agency-import-summary", &counts.map(|(name, n)| (name, n.to_string())));
        let doing: Vec<_> = plan.rows.iter().filter(|row| !row.changes.is_empty()).collect();
        self.planned = doing.iter().take(SHOWN).map(|row| planned(row, lang)).collect();
        self.more_planned = doing.len().saturating_sub(SHOWN);
        if !doing.is_empty() {
            self.digest = plan.digest();
            self.csv = csv;
        }
        self
    }
}

fn planned(row: &super::import::Planned, lang: Lang) -> PlannedLine {
    let what = match row.id {
        None => Chip::new(i18n::t(lang, "agency-import-new"), Tone::Good),
        Some(_) => Chip::new(i18n::t(lang, "agency-import-changed"), Tone::Warn),
    };
    let input: &Input = &row.input;
    PlannedLine {
        number: row.line,
        code: input.code.clone(),
        name: lang.pick(&input.name_zh, &input.name_en).to_owned(),
        what,
        changes: row
            .changes
            .iter()
            .filter(|change| change.field != "code")
            .map(|change| ChangeLine {
                label: label(lang, &change.field),
                from: change.from.clone(),
                to: change.to.clone(),
            })
            .collect(),
    }
}
