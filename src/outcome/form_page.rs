//! The form of a new entry, alone or together with taking an old one back.

use std::collections::HashMap;

use askama::Template;
use chrono::NaiveDate;

use super::{
    input::{NEW_LINES, SAME},
    model::{self, IdentityKind, Kind, OTHER_LAW, SourceKind, UNITS, unit_name},
    named::Named,
    store::{CaseRow, OutcomeRow},
};
use crate::{
    casework::lead::region,
    directory::reference::{Charge, charges},
    platform::{
        db::Id,
        http::{
            form_view::FormView,
            layout::Chrome,
            sections::Part,
            view::{Choice, Fact, Link},
        },
        i18n::Lang,
        money::{self, Amount, Basis, Qualifier},
        paths, time,
    },
};

/// See the top of the file.
#[derive(Template)]
#[template(path = "outcome/form.html")]
pub struct FormPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub action: String,
    pub cancel: String,
    pub form: FormView,
    pub kinds: Vec<Choice>,
    /// Persons and sites that can be ticked.
    pub subjects: Vec<Choice>,
    pub sites: Vec<Choice>,
    /// Numbers of the lines for new ones.
    pub lines: Vec<usize>,
    pub qualifiers: Vec<Choice>,
    pub bases: Vec<Choice>,
    pub source_kinds: Vec<Choice>,
    /// Laws that a penalty can rest on.
    pub laws: Vec<Choice>,
    pub units: Vec<&'static str>,
    /// What is taken back; `None`: a plain new entry.
    pub old: Option<Vec<Fact>>,
    /// Who will have to confirm.
    pub confirms: String,
    /// The parts that a form of its kind has.
    pub parts: Vec<Part>,
    /// The name of a file that was chosen when the form was kept: a page can't put it into its field again.
    pub file_before: String,
}

const WHEN: Part =
    Part { id: "part-when", label: "outcome-part-when", need: &["happened_on", "region"], more: &[] };
const SOURCE: Part = Part {
    id: "part-source",
    label: "outcome-part-source",
    // A file is needed where the entry is said to rest on one.
    need: &["source_kind", "source_title", "file|source_kind=paper|source_kind=same"],
    more: &["source_url"],
};

/// Who or what an entry names, where it names any: one that is counted by them needs one, picked or new.
fn identities(kind: Kind) -> Option<Part> {
    let (id, label) = match kind.names() {
        _ if matches!(kind, Kind::CaseValue | Kind::GoodsSeized) => return None,
        IdentityKind::Site => ("part-sites", "outcome-part-sites"),
        IdentityKind::Subject => ("part-persons", "outcome-part-persons"),
    };
    let (need, more): (&'static [&'static str], &'static [&'static str]) =
        match (kind.names(), kind.needs_identity()) {
            (IdentityKind::Site, true) => (&["site|new_site"], &[]),
            (IdentityKind::Site, false) => (&[], &["site", "new_site"]),
            (IdentityKind::Subject, true) => (&["subject|new_person"], &["new_person_id"]),
            (IdentityKind::Subject, false) => (&[], &["subject", "new_person", "new_person_id"]),
        };
    Some(Part { id, label, need, more })
}

/// What is measured, where something is: goods, an amount, the law of a penalty.
fn measure(kind: Kind) -> Option<Part> {
    let (need, more): (&'static [&'static str], &'static [&'static str]) = match kind {
        Kind::GoodsSeized => (&["quantity", "unit"], &["amount"]),
        Kind::CaseValue => (&["amount", "basis"], &["qualifier"]),
        Kind::Penalty => (&["legal"], &["amount", "legal_text"]),
        _ if kind.takes_amount() => (&[], &["amount"]),
        _ => return None,
    };
    Some(Part { id: "part-measure", label: "outcome-part-measure", need, more })
}

/// The parts of the form of an entry of this kind, as the template has them.
fn parts(kind: Kind) -> Vec<Part> {
    [Some(WHEN), identities(kind), measure(kind), Some(SOURCE)].into_iter().flatten().collect()
}

/// The name of a region, as its field reads it again; its code, where it has none.
fn region_named(code: &str, on: NaiveDate, lang: Lang) -> String {
    let name = region::written(code, on, lang);
    if name.is_empty() { code.to_owned() } else { name }
}

/// An amount as its field reads it again: with its qualifier in words where the form has no field for that.
pub(super) fn amount_text(amount: Amount, kind: Kind, lang: Lang) -> String {
    if kind == Kind::CaseValue || amount.qualifier == Qualifier::Exact {
        return money::typed(amount.fen);
    }
    money::typed_with(amount.fen, amount.qualifier, lang)
}

/// The form without anything in it. A reason is asked for only where an entry is taken back.
pub fn fields() -> FormView {
    FormView::new("outcome-field-")
        .called("reason", "outcome-field-correct-reason")
        .called("new_person", "outcome-new-persons")
        .called("new_site", "outcome-new-sites")
}

/// What the form offers to pick from.
pub struct Picks {
    pub subjects: Vec<Named>,
    pub sites: Vec<Named>,
    /// As in [`super::named::Nameable`].
    pub entered: HashMap<Id, (Kind, NaiveDate)>,
    pub same: HashMap<Id, Id>,
    pub agency_has_accounts: bool,
}

/// Each with what tells it from another one of that name: what the papers have, or the entry that named it first. Where
/// names repeat, each has its number behind it, and what is known of its identifier.
fn choices(c: &Chrome, named: &[Named], picks: &Picks) -> Vec<Choice> {
    let mut alike: HashMap<&str, usize> = HashMap::new();
    for n in named {
        *alike.entry(n.label.as_str()).or_default() += 1;
    }
    let mut before: HashMap<&str, usize> = HashMap::new();
    let mut all = Vec::with_capacity(named.len());
    for n in named {
        let is_repeated = alike.get(n.label.as_str()).is_some_and(|count| *count > 1);
        let mut label = n.label.clone();
        if is_repeated {
            let number = before.entry(n.label.as_str()).or_default();
            *number += 1;
            let (open, close) = (c.language.pick("（", " ("), c.language.pick("）", ")"));
            label = format!("{label}{open}{number}{close}");
        }
        let choice = Choice::new(n.id, label);
        let known = if is_repeated { identified(c, n) } else { String::new() };
        all.push(match picks.entered.get(&n.id) {
            Some((kind, day)) => {
                let entry = format!("{} · {}", c.t(kind.key()), time::format_date(*day, c.language));
                choice.hint(joined(&entry, &known))
            }
            // The papers' words have the identifier where they know one.
            None if is_repeated && n.identifier.is_empty() => choice.hint(joined(&n.more, &known)),
            None => choice.quoting(n.more.clone()),
        });
    }
    all
}

fn joined(one: &str, other: &str) -> String {
    let parts = [one, other].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" · ")
}

/// How a person's identifier ends, or that none is known; empty for a site.
fn identified(c: &Chrome, named: &Named) -> String {
    if named.kind == IdentityKind::Site {
        return String::new();
    }
    let length = named.identifier.chars().count();
    let ending: String = named.identifier.chars().skip(length.saturating_sub(4)).collect();
    if ending.is_empty() {
        c.t("outcome-no-identifier")
    } else {
        c.tv("outcome-identifier-ending", "ending", ending)
    }
}

/// The administrative laws on file, each once, and another one. Which of them held on the day, and in which edition, is
/// asked when it is known.
fn laws(c: &Chrome) -> Vec<Choice> {
    let lang = c.language;
    let mut laws: Vec<&Charge> = Vec::new();
    for law in charges().all().iter().filter(|law| model::is_ground_for_penalty(law)) {
        if laws.iter().all(|known| known.code != law.code) {
            laws.push(law);
        }
    }
    let line = |law: &Charge| {
        let cited = charges().cited_on_no_day(&law.code, lang);
        Choice::new(&law.code, format!("{cited} · {}", law.name(lang)))
    };
    let other = Choice::new(OTHER_LAW, c.t("outcome-legal-other"));
    laws.into_iter().map(line).chain([other]).collect()
}

impl FormPage {
    /// A form for a new entry of a case.
    pub fn new(c: Chrome, case: &CaseRow, picks: &Picks, (is_agency, today): (bool, NaiveDate)) -> Self {
        let name = if case.number.is_empty() { case.title.clone() } else { case.number.clone() };
        let confirms = match (is_agency, picks.agency_has_accounts) {
            (true, _) => "outcome-confirms-platform",
            (false, true) => "outcome-confirms-agency",
            (false, false) => "outcome-confirms-second",
        };
        let place = region_named(&case.region_code, today, c.language);
        Self {
            trail: vec![Link::new(c.t("nav-cases"), paths::CASES), Link::new(name, paths::case(case.id))],
            action: format!("{}/outcomes/new", paths::case(case.id)),
            cancel: paths::case(case.id),
            form: fields().set("region", place).set("source_kind", String::from("paper")),
            kinds: Kind::ALL
                .iter()
                .map(|k| Choice::new(k, c.t(k.key())).hint(c.t(format!("{}-hint", k.key()))))
                .collect(),
            subjects: choices(&c, &picks.subjects, picks),
            sites: choices(&c, &picks.sites, picks),
            lines: (0..NEW_LINES).collect(),
            qualifiers: Qualifier::ALL.iter().map(|q| Choice::new(q.as_str(), c.t(q.key()))).collect(),
            bases: Basis::ALL.iter().map(|b| Choice::new(b.as_str(), c.t(b.key()))).collect(),
            source_kinds: ["paper", "file"]
                .iter()
                .map(|s| {
                    Choice::new(s, c.t(format!("outcome-source-{s}")))
                        .hint(c.t(format!("outcome-source-{s}-hint")))
                })
                .collect(),
            laws: laws(&c),
            units: UNITS.iter().map(|(_, zh, en)| c.language.pick(zh, en)).collect(),
            old: None,
            confirms: c.t(confirms),
            parts: Vec::new(),
            file_before: String::new(),
            c,
        }
    }

    /// Turns it into the form that takes `old` back; `written` holds what of it stands in remarks, by their ids.
    #[must_use]
    pub fn correcting(mut self, old: &OutcomeRow, facts: Vec<Fact>, written: &HashMap<Id, String>) -> Self {
        let lang = self.c.language;
        let text = |id: Option<Id>| id.and_then(|id| written.get(&id)).cloned();
        let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        self.action = format!("{}/correct", paths::outcome(old.id));
        self.cancel = paths::outcome(old.id);
        self.old = Some(facts);
        let mut form = self
            .form
            .set("kind", old.kind.clone())
            .set("happened_on", old.happened_on.to_string())
            .set("region", region_named(&old.region_code, old.happened_on, lang))
            .set("quantity", old.quantity.map(|n| n.to_string()))
            .set("unit", old.unit.as_deref().map(|unit| unit_name(unit, lang).to_owned()))
            .set("legal", old.legal_code.clone())
            .set("legal_text", text(old.legal_text_id))
            .set("source_title", text(old.source_text_id).or_else(|| given(&old.source_name)))
            .set("source_url", text(old.source_link_id).or_else(|| given(&old.source_url)));
        if let Some(amount) = old.amount() {
            form = form
                .set("amount", amount_text(amount, old.kind(), lang))
                .set("qualifier", String::from(amount.qualifier.as_str()))
                .set("basis", String::from(amount.basis.as_str()));
        }
        self.form = form;
        self
    }

    /// Lets the entry that takes the place of `old` rest on the same file or report, which it does unless told otherwise.
    #[must_use]
    pub fn resting_on_the_same(mut self, old: &OutcomeRow) -> Self {
        let is_published = old.source_kind == SourceKind::Published.as_str();
        let hint =
            if is_published { "outcome-source-same-published-hint" } else { "outcome-source-same-hint" };
        let same = Choice::new(SAME, self.c.t("outcome-source-same")).hint(self.c.t(hint));
        self.source_kinds.insert(0, same);
        self.form = self.form.set("source_kind", String::from(SAME));
        self
    }

    /// The form with the words for what its kind of entry asks, and with what was typed into it before. A new entry is
    /// kept under its kind, as each kind has fields of its own.
    #[must_use]
    pub fn named(mut self) -> Self {
        let kind = self.form.value("kind");
        if !kind.is_empty() {
            let address = match self.old {
                Some(_) => self.action.clone(),
                None => format!("{}?kind={kind}", self.action),
            };
            self.form = self.c.kept(&self.form, address).with_unread_of(&["happened_on"], &["amount"]);
            // Without the script a form is kept with the name of its file, which is not the file.
            self.file_before = self.form.value("file").trim().to_owned();
            self.form = self.form.set("file", None::<String>);
        }
        if let Ok(kind) = self.form.value("kind").parse::<Kind>() {
            self.form = self.form.called("amount", kind.amount_key());
            self.parts = parts(kind);
        }
        self
    }

    /// Whether the form asks for goods, an amount or a law.
    fn has_measure(&self) -> bool {
        self.parts.iter().any(|part| part.id == "part-measure")
    }

    /// The field's name of a new line, for the template.
    pub fn line(&self, name: &str, n: &usize) -> String {
        format!("{name}_{n}")
    }
}
