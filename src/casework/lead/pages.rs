//! What the form of a lead shows.

use askama::Template;
use chrono::NaiveDate;

use super::{
    model::{Lead, SenderRole, SourceKind, State},
    region,
};
use crate::{
    directory::reference::{RegionLevel, Track, asked, charges, regions},
    platform::{
        db::Id,
        error::FieldError,
        http::{
            form::Form,
            form_view::FormView,
            layout::Chrome,
            sections::Part,
            view::{Chip, Choice, Link, Tone},
        },
        i18n::{self, Lang},
        money::{Basis, Qualifier},
        paths,
    },
};

/// Labels of the form's fields.
pub const LABELS: &str = "lead-field-";
/// So many charges that a text may mean are offered.
const MOST: usize = 8;

/// Charges of one family.
pub struct ChargeGroup {
    pub label: String,
    pub choices: Vec<Choice>,
    /// Whether one of them is chosen: the group is shown open.
    pub open: bool,
}

impl ChargeGroup {
    fn has(&self, code: &str) -> bool {
        self.choices.iter().any(|choice| choice.value == code)
    }
}

/// The charges on offer on `at`, those that are looked for first, then by side and family, with those that `form` has chosen.
pub fn charge_groups(lang: Lang, at: NaiveDate, form: &FormView) -> Vec<ChargeGroup> {
    let mut groups = Vec::new();
    let sought = form.value("charge_q");
    if !sought.is_empty() {
        let found = charges().search(sought, at).into_iter();
        let choices: Vec<Choice> =
            found.map(|c| Choice::new(&c.code, c.name(lang)).hint(c.cited(lang))).collect();
        let label =
            i18n::t(lang, if choices.is_empty() { "lead-charges-none" } else { "lead-charges-found" });
        groups.push(ChargeGroup { label, choices, open: true });
    }
    for track in [Track::Criminal, Track::Administrative] {
        for family in charges().families() {
            let choices: Vec<Choice> = charges()
                .offered(at)
                .filter(|c| c.track == track && c.family == family.code)
                // What is looked for stands once, at the top.
                .filter(|c| !groups.iter().any(|found: &ChargeGroup| found.has(&c.code)))
                .map(|c| Choice::new(&c.code, c.name(lang)).hint(c.cited(lang)))
                .collect();
            if choices.is_empty() {
                continue;
            }
            let open = choices.iter().any(|choice| form.has("charges", &choice.value));
            let label = format!(
                "{} · {}",
                i18n::t(lang, &format!("lead-track-{}", track.as_str())),
                family.name(lang)
            );
            groups.push(ChargeGroup { label, choices, open });
        }
    }
    groups
}

/// Names of provinces and prefectures, to begin a region with.
pub fn region_names(lang: Lang, at: NaiveDate) -> Vec<String> {
    regions()
        .all()
        .iter()
        .filter(|r| r.level <= RegionLevel::Prefecture && r.valid_to.is_none_or(|end| end >= at))
        .map(|r| region::path(&r.code, at, lang))
        .collect()
}

/// Choices of an enumeration: its words with the labels `<prefix><word>`.
pub fn choices(lang: Lang, prefix: &str, words: &[&str]) -> Vec<Choice> {
    words.iter().map(|word| Choice::new(word, i18n::t(lang, &format!("{prefix}{word}")))).collect()
}

/// A lead's state as word and colour.
pub fn state_chip(lang: Lang, state: State) -> Chip {
    let tone = match state {
        State::Draft | State::Withdrawn => Tone::Neutral,
        State::InReview => Tone::Info,
        State::Approved => Tone::Good,
        State::Trashed => Tone::Muted,
    };
    Chip::new(i18n::t(lang, &format!("lead-state-{state}")), tone)
}

/// The labels of fields that must be filled in, in one line.
pub fn labels_of(c: &Chrome, missing: &[FieldError]) -> String {
    let lines = FormView::new("lead-field-").with_errors(missing.iter().cloned()).lines(c);
    let labels: Vec<String> = lines.into_iter().map(|line| line.label).collect();
    labels.join(&c.language.comma())
}

/// A hint before papers are made, that they will not mention what the lead has nothing of. It refuses nothing.
#[derive(Clone, Debug, Default)]
pub struct Unlisted {
    /// Empty: there is nothing to be said.
    pub text: String,
    /// Where that is recorded.
    pub at: Vec<Link>,
}

impl Unlisted {
    /// `parts`: as [`super::model::unlisted`] gives them.
    pub fn new(c: &Chrome, lead_id: Id, parts: &[&str]) -> Self {
        if parts.is_empty() {
            return Self::default();
        }
        let name = |part: &str| c.t(format!("lead-tab-{part}"));
        let names: Vec<String> = parts.iter().map(|part| name(part)).collect();
        Self {
            text: c.tv("lead-unlisted", "parts", names.join(&c.language.comma())),
            at: parts.iter().map(|part| Link::new(name(part), paths::lead_part(lead_id, part))).collect(),
        }
    }
}

/// The way back to a lead.
pub fn trail(c: &Chrome, lead: &Lead) -> Vec<Link> {
    vec![Link::new(c.t("nav-leads"), paths::LEADS), Link::new(lead.number.as_str(), paths::lead(lead.id))]
}

/// The pages on which a draft is worked at; `current` is the last part of its address.
pub fn tabs(c: &Chrome, lead: &Lead, current: &str) -> Vec<Link> {
    let parts = ["edit", "charges", "brands", "subjects", "sites", "listings"];
    let mut tabs: Vec<Link> = parts
        .into_iter()
        .map(|part| {
            let label = c.t(format!("lead-tab-{part}"));
            Link::new(label, paths::lead_part(lead.id, part)).current(part == current)
        })
        .collect();
    tabs.push(Link::new(c.t("lead-tab-evidence"), paths::lead_evidence(lead.id)));
    tabs
}

/// What the form's selects and suggestions hold.
pub struct Offers {
    pub sources: Vec<Choice>,
    pub roles: Vec<Choice>,
    pub qualifiers: Vec<Choice>,
    pub bases: Vec<Choice>,
    pub regions: Vec<String>,
}

impl Offers {
    pub fn new(lang: Lang, today: NaiveDate) -> Self {
        let named = |value: &str, key: &str| Choice::new(value, i18n::t(lang, key));
        Self {
            sources: choices(lang, "lead-source-", SourceKind::WORDS),
            roles: choices(lang, "lead-role-", SenderRole::WORDS),
            qualifiers: Qualifier::ALL.iter().map(|q| named(q.as_str(), q.key())).collect(),
            bases: Basis::ALL.iter().map(|b| named(b.as_str(), b.key())).collect(),
            regions: region_names(lang, today),
        }
    }
}

/// The parts of a lead's form; those of a new one have charges and brands too, which a draft has on pages of their own.
static PARTS: [Part; 6] = [
    Part { id: "part-what", label: "lead-part-what", need: &["title", "summary"], more: &[] },
    Part {
        id: "part-where",
        label: "lead-part-where",
        need: &["region"],
        more: &["occurred_from", "occurred_to"],
    },
    Part {
        id: "part-value",
        label: "lead-part-value",
        need: &[],
        more: &["estimated_value.amount", "estimated_value.qualifier", "estimated_value.basis"],
    },
    Part {
        id: "part-source",
        label: "lead-part-source",
        need: &["source.kind", "sender_role"],
        more: &["source.note"],
    },
    Part { id: "part-charges", label: "lead-part-charges", need: &["charges"], more: &[] },
    Part { id: "part-brands", label: "lead-part-brands", need: &[], more: &["brands"] },
];

/// The Enter key in the search for charges looks for them, and saves nothing, where something else is looked for than before.
/// What was picked is not looked for.
pub fn seek_charges(form: &mut Form) {
    let is_new = !form.was_picked("charge_q") && form.raw("charge_q") != form.raw("charge_sought");
    if form.has("enter") && is_new {
        form.seek("charges");
    }
}

/// Ticks the charge that was picked, or typed where they are looked for. What was typed and does not name exactly one, or was
/// looked for and left, is a fault beside it. `at`: a day on which the ticked ones may be on offer.
pub fn take_charge(form: &mut Form, at: NaiveDate) {
    let text = form.raw("charge_q").to_owned();
    let was_picked = form.was_picked("charge_q");
    if text.is_empty() || (form.is_seeking() && !was_picked) {
        return;
    }
    let found = asked::charges_meant(&text);
    let is_sure = found.len() == 1 && asked::charges_called(&text) == found;
    let ticked = form.all("charges");
    let fits = |code: &&str| ticked.iter().any(|own| own.as_str() == *code);
    let is_ticked = || charges().search(&text, at).iter().any(|one| fits(&one.code.as_str()));
    if found.iter().any(fits) || (!is_sure && is_ticked()) {
        return;
    }
    match found.as_slice() {
        [one] if is_sure && (was_picked || form.raw("charge_sought") != text) => {
            form.add("charges", (*one).to_owned());
            form.put("charge_q", String::new());
        }
        [] => form.push(FieldError::new("charge_q", "error-charge-not-found").arg("text", text)),
        some => {
            let line = |code: &&str| {
                let [zh, en] = Lang::ALL.map(|lang| asked::charge_word(code, at, lang));
                format!("{code}\t{zh}\t{en}")
            };
            let picks: Vec<String> = some.iter().take(MOST).map(line).collect();
            let fault = FieldError::new("charge_q", "error-charge-not-picked").arg("text", text);
            form.push(fault.arg("picks", picks.join("\n")));
        }
    }
}

/// A new lead.
#[derive(Template)]
#[template(path = "casework/lead/new.html")]
pub struct NewPage {
    pub c: Chrome,
    pub form: FormView,
    pub offers: Offers,
    pub charges: Vec<ChargeGroup>,
    /// Names, to choose from.
    pub brands: Vec<String>,
}

impl NewPage {
    fn parts(&self) -> &'static [Part] {
        &PARTS
    }
}

/// The fields of a draft.
#[derive(Template)]
#[template(path = "casework/lead/edit.html")]
pub struct EditPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub tabs: Vec<Link>,
    pub state: Chip,
    pub number: String,
    pub form: FormView,
    pub offers: Offers,
    pub action: String,
    pub cancel: String,
    pub trash: String,
}

impl EditPage {
    fn parts(&self) -> &'static [Part] {
        &PARTS[..4]
    }
}

/// An act that asks for one thing before it is done: a reason, or whom to give the lead to.
#[derive(Template)]
#[template(path = "casework/lead/act.html")]
pub struct ActPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub form: FormView,
    /// Its title.
    pub lead: String,
    pub explanation: String,
    pub action: String,
    pub cancel: String,
    /// Empty: a reason is asked for.
    pub people: Vec<Choice>,
    pub save_key: &'static str,
    pub tone: &'static str,
}
