//! What the page of one entry shows: the facts, its standing, who said what, and what can be done next.

use std::collections::HashMap;

use askama::Template;
use chrono::NaiveDate;

use super::{
    actions::asserted,
    detail::Found,
    list_page::{amount_of, full_amount, region_name},
    model::{self, Decider, Decision, State, Way},
    named::Named,
    store::OutcomeRow,
    story, waiting,
};
use crate::{
    directory::{
        people::{Actor, ForAgency, Side},
        reference::charges,
    },
    handover::{agency_case::store::PaperRow, deadline},
    platform::{
        db::Id,
        error::{AppError, Result},
        http::{
            confirm::{ConfirmPage, Pick},
            form_view::FormView,
            layout::Chrome,
            selection::{Queue, QueueView},
            view::{Chip, Choice, Event, Fact, Link},
        },
        i18n::Lang,
        paths,
        time::{self, Tz},
    },
};

/// What can be done with the entry, as buttons.
pub struct Offers {
    pub confirm: bool,
    pub reject: bool,
    pub correct: bool,
    /// To take note of its rejection.
    pub note: bool,
    /// Why there is nothing to be decided by this actor; empty: there is, or it is decided.
    pub waits: String,
    /// That it can't be confirmed yet for want of a scan, and where that is uploaded; empty: it can, or needs none.
    pub lacks: String,
    pub papers: Option<Link>,
}

/// The page of one entry.
#[derive(Template)]
#[template(path = "outcome/detail.html")]
pub struct DetailPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    /// Where it stands among those that are looked at one after another.
    pub queue: QueueView,
    pub kind: String,
    pub what: String,
    pub state: Chip,
    pub counter: bool,
    pub synthetic: bool,
    pub facts: Vec<Fact>,
    pub named: Vec<Link>,
    pub named_title: String,
    pub events: Vec<Event>,
    pub offers: Offers,
    pub counts_note: String,
    /// What a confirmation does.
    pub decide_text: String,
    pub corrects: Option<Link>,
    pub with: Vec<Link>,
    pub confirm_href: String,
    pub reject_href: String,
    pub correct_href: String,
    pub note_href: String,
    pub form: FormView,
}

impl DetailPage {
    pub fn new(c: Chrome, me: &Actor, found: Found, zone: Tz) -> Self {
        let row = &found.row;
        let at = paths::outcome(row.id);
        let sites = row.kind().names() == model::IdentityKind::Site;
        Self {
            trail: vec![Link::new(c.t("nav-outcomes"), paths::OUTCOMES)],
            queue: QueueView::default(),
            kind: c.t(row.kind().key()),
            what: amount_of(row, c.language),
            state: Chip::new(c.t(found.state.key()), found.state.tone(row.corrects_id.is_some())),
            counter: row.corrects_id.is_some(),
            synthetic: row.synthetic,
            facts: facts(&c, me, &found),
            named: named(&c, me, &found),
            named_title: c.t(if sites { "outcome-named-sites" } else { "outcome-named-persons" }),
            events: story::events(&c, me, &found, zone),
            offers: offers(&c, me, &found),
            counts_note: counts_note(&c, me, &found),
            decide_text: c.t(match (row.corrects_id, found.replacements.is_empty()) {
                (None, _) => "outcome-decide-text",
                (_, true) => "outcome-decide-counter",
                (_, false) => "outcome-decide-replace",
            }),
            corrects: row.corrects_id.map(|id| Link::new(c.t("outcome-corrected-entry"), paths::outcome(id))),
            with: beside(&c, &found),
            confirm_href: format!("{at}/confirm"),
            reject_href: format!("{at}/reject"),
            correct_href: format!("{at}/correct"),
            note_href: format!("{at}/seen"),
            form: FormView::new("outcome-field-").called("reason", "outcome-field-reject-reason"),
            c,
        }
    }
}

impl DetailPage {
    /// The same page in a queue: what is decided there leads on in it.
    #[must_use]
    pub fn within(mut self, queue: Option<&Queue>) -> Self {
        if let Some(queue) = queue {
            self.confirm_href = queue.page(&self.confirm_href);
            self.queue = queue.view(self.c.language, paths::outcome, paths::OUTCOMES);
        }
        self
    }
}

/// That this actor may confirm the entry as it is.
///
/// # Errors
/// `Conflict` where it is not this actor's to decide, is decided, or lacks the paper to be confirmed by.
pub fn require_confirmable(me: &Actor, found: &Found) -> Result<()> {
    if found.confirmation.is_some() {
        return Err(AppError::Conflict("conflict-outcome-decided"));
    }
    if found.row.correction_id.is_some() {
        return Err(AppError::Conflict("conflict-outcome-with-correction"));
    }
    let decider = Decider { side: me.side, id: me.id };
    let way = model::may_decide(asserted(&found.row), decider, found.agency_has_accounts);
    let way = way.map_err(AppError::Conflict)?;
    if lacks_paper(way, found) { Err(AppError::Conflict("conflict-outcome-no-scan")) } else { Ok(()) }
}

fn needs_paper(way: Way, found: &Found) -> bool {
    model::needs_paper(way, Decision::Confirmed, found.only_takes_back())
}

/// Whether the reader, who may decide so, has no paper to confirm it against.
fn lacks_paper(way: Way, found: &Found) -> bool {
    needs_paper(way, found) && !found.paper.is_laid_before()
}

/// The papers that the reader may confirm it against.
fn papers(c: &Chrome, found: &Found, zone: Tz) -> Vec<Choice> {
    let of_entry = |id: &Id| {
        let row = found.replacements.iter().find(|one| one.id == *id).unwrap_or(&found.row);
        let entry = format!("{} {}", c.t(row.kind().key()), amount_of(row, c.language));
        Choice::new(id, format!("{} · {}", c.t("outcome-field-file"), entry.trim_end()))
    };
    let of_case = |paper: &PaperRow| Choice::new(paper.id, &paper.name).hint(deadline::shown(paper.at, zone));
    let paper = &found.paper;
    paper.files.iter().map(of_entry).chain(paper.of_others.iter().map(of_case)).collect()
}

/// What is confirmed, by which paper, and what follows from it.
pub fn confirm_page(c: Chrome, me: &Actor, found: &Found, zone: Tz) -> ConfirmPage {
    let decider = Decider { side: me.side, id: me.id };
    let way = model::may_decide(asserted(&found.row), decider, found.agency_has_accounts);
    let by_paper = way.is_ok_and(|way| needs_paper(way, found));
    let choices = if by_paper { papers(&c, found, zone) } else { Vec::new() };
    let (at, row) = (paths::outcome(found.row.id), &found.row);
    let mut about = vec![Fact::new(c.t("outcome-field-kind"), c.t(row.kind().key()))];
    // A counter-entry has the content of what it takes back.
    let content = if row.corrects_id.is_some() { "outcome-old" } else { "outcome-content" };
    about.push(Fact::new(c.t(content), amount_of(row, c.language)));
    about.extend(facts(&c, me, found));
    about.push(Fact::new(c.t("outcome-named"), labels(&c, &found.named)));
    for one in &found.replacements {
        about.push(Fact::new(c.t("outcome-with"), in_full(&c, found, one)).link(paths::outcome(one.id)));
    }
    if let (Some(case), n @ 1..) = (&found.case, found.paper.of_others.len()) {
        about.push(Fact::new(c.t("case-papers"), n.to_string()).link(paths::case(case.id)));
    }
    about.retain(|fact| !fact.value.is_empty());
    let trail =
        vec![Link::new(c.t("nav-outcomes"), paths::OUTCOMES), Link::new(c.t(row.kind().key()), at.clone())];
    let explain = match (row.corrects_id, found.replacements.is_empty(), found.agency_has_accounts) {
        (None, _, true) => "outcome-confirm-explain",
        (None, _, false) => "outcome-confirm-explain-second",
        (_, true, _) => "outcome-confirm-takes-back",
        (_, false, _) => "outcome-confirm-counter",
    };
    let page = ConfirmPage::new(c, trail, explain, format!("{at}/confirm"), "outcome-do-confirm");
    let page = page.about(about).plain().labelled("outcome-field-");
    if by_paper { page.choosing(Pick { name: "paper", hint: "case-paper-hint", choices }) } else { page }
}

fn facts(c: &Chrome, me: &Actor, found: &Found) -> Vec<Fact> {
    let (row, lang) = (&found.row, c.language);
    let mut facts = vec![
        Fact::new(c.t("outcome-field-happened-on"), time::format_date(row.happened_on, lang)),
        Fact::new(c.t("outcome-field-region"), region_name(&row.region_code, row.happened_on, lang)),
        Fact::new(c.t("agency"), lang.pick(&found.agency.0, &found.agency.1)),
    ];
    if let Some(case) = &found.case {
        let name = format!("{} {}", case.number, case.title);
        facts.push(Fact::new(c.t("outcome-field-case"), name.trim()).link(paths::case(case.id)));
    }
    if let Some(amount) = full_amount(row, lang) {
        facts.push(Fact::new(c.t(row.kind().amount_key()), amount));
    }
    if let (Some(quantity), Some(unit)) = (row.quantity, &row.unit) {
        facts.push(Fact::new(c.t("outcome-field-quantity"), model::quantity(quantity, unit, lang)));
    }
    if let Some(code) = &row.legal_code {
        let written = row.legal_text_id.and_then(|id| found.remarks.get(&id)).cloned().unwrap_or_default();
        facts.push(Fact::new(c.t("outcome-field-legal"), law(code, written, row.happened_on, lang)));
    }
    let (source, at) = source_of(row, &found.remarks);
    let label = if row.corrects_id.is_some() { "reason" } else { "outcome-field-source-title" };
    let source = Fact::new(c.t(label), source);
    facts.push(match at {
        Some(at) => source.link(at),
        None => source,
    });
    // A counter-entry rests on its reason alone.
    if row.corrects_id.is_none() {
        facts.push(Fact::new(
            c.t("outcome-field-source-kind"),
            c.t(format!("outcome-source-{}", row.source_kind)),
        ));
    }
    facts.push(Fact::new(c.t("outcome-asserted"), who(c, me, found, row.asserted_by, &row.asserted_side)));
    if let Some(by) = &found.confirmation {
        let label =
            if by.decision() == Decision::Confirmed { "outcome-confirmed-by" } else { "outcome-rejected-by" };
        let mut name = who(c, me, found, by.actor_id, &by.side);
        if by.by_paper {
            name = format!("{name} · {}", c.t("outcome-by-paper"));
        }
        facts.push(Fact::new(c.t(label), name));
    }
    facts
}

/// What an entry rests on, by its name, and where it can be read; `remarks` holds the words of people.
pub(super) fn source_of(row: &OutcomeRow, remarks: &HashMap<Id, String>) -> (String, Option<String>) {
    let text = row.source_text_id.and_then(|id| remarks.get(&id)).filter(|text| !text.is_empty());
    let name = text.unwrap_or(&row.source_name).clone();
    if row.source_blob_id.is_some() {
        return (name, Some(format!("{}/source", paths::outcome(row.id))));
    }
    let given = row.source_link_id.and_then(|id| remarks.get(&id)).unwrap_or(&row.source_url);
    (name, Some(given.clone()).filter(|given| !given.is_empty()))
}

/// A legal basis on file as it is cited, or as it was `written`.
fn law(code: &str, written: String, day: NaiveDate, lang: Lang) -> String {
    match charges().get(code, day) {
        Some(law) => format!("{} · {}", law.cited(lang), law.name(lang)),
        None => written,
    }
}

/// Side and person; of the other side only the side.
pub(super) fn who(c: &Chrome, me: &Actor, found: &Found, person: Option<Id>, side: &str) -> String {
    let word = if side == Side::Agency.as_str() {
        c.language.pick(&found.agency.0, &found.agency.1).to_owned()
    } else {
        c.t(format!("outcome-side-{side}"))
    };
    match person.and_then(|id| found.people.get(&id)) {
        Some((name, _)) if me.agency.is_none() || side == me.side.as_str() => format!("{word} · {name}"),
        _ => word,
    }
}

fn labels(c: &Chrome, named: &[Named]) -> String {
    let labels = named.iter().map(|n| n.label.as_str()).filter(|label| !label.is_empty());
    labels.collect::<Vec<_>>().join(&c.language.comma())
}

/// An entry that a counter-entry brings with it: what, when, where and who, as it is decided about there.
fn in_full(c: &Chrome, found: &Found, row: &OutcomeRow) -> String {
    let lang = c.language;
    let named = found.named_anew.get(&row.id).map(|named| labels(c, named)).unwrap_or_default();
    let parts = [
        format!("{} {}", c.t(row.kind().key()), amount_of(row, lang)).trim().to_owned(),
        time::format_date(row.happened_on, lang),
        region_name(&row.region_code, row.happened_on, lang),
        named,
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn named(c: &Chrome, me: &Actor, found: &Found) -> Vec<Link> {
    let label = |n: &Named| if n.label.is_empty() { c.t("outcome-erased") } else { n.label.clone() };
    let href = |n: &Named| match n.kind {
        model::IdentityKind::Subject if me.agency.is_none() => paths::subject(n.id),
        _ => String::new(),
    };
    found.named.iter().map(|n| Link::new(label(n), href(n))).collect()
}

fn offers(c: &Chrome, me: &Actor, found: &Found) -> Offers {
    let acts = me.has_any(ForAgency::ROLES);
    let decider = Decider { side: me.side, id: me.id };
    let open = found.confirmation.is_none() && found.row.correction_id.is_none();
    let may = model::may_decide(asserted(&found.row), decider, found.agency_has_accounts);
    let correct = model::may_correct(found.row.corrects_id.is_some(), found.state);
    let waits = match (open, may) {
        (true, Err(key)) if acts => c.t(key),
        _ => String::new(),
    };
    let own = waiting::is_own(me, &found.row.asserted_side, found.row.asserted_by);
    let note = acts && own && found.state == State::Rejected && !found.is_seen;
    let reject = acts && open && may.is_ok();
    let confirm = reject && may.is_ok_and(|way| !lacks_paper(way, found));
    let proposed =
        acts && open && may == Err(model::OWN_ENTRY) && !found.only_takes_back() && !found.paper.is_on_file();
    let case = found.case.as_ref().map(|case| paths::case(case.id));
    let (lacks, papers) = match (reject && !confirm, proposed) {
        (true, _) => {
            let papers = case.map(|at| Link::new(c.t("case-papers"), at));
            (c.t("conflict-outcome-no-scan"), papers)
        }
        (_, true) => {
            let papers = case.map(|at| Link::new(c.t("transfer-do-receipt"), format!("{at}/papers/new")));
            (c.t("outcome-scan-needed"), papers)
        }
        _ => (String::new(), None),
    };
    Offers { confirm, reject, correct: acts && correct.is_ok(), note, waits, lacks, papers }
}

/// Whether it is for the reader's side to decide about an entry.
pub(super) fn is_ours(me: &Actor, found: &Found, row: &OutcomeRow) -> bool {
    let decider = Decider { side: me.side, id: me.id };
    model::may_decide(asserted(row), decider, found.agency_has_accounts).is_ok()
}

/// Whether it counts, in a sentence.
fn counts_note(c: &Chrome, me: &Actor, found: &Found) -> String {
    let decides = found.row.correction_id.is_none() && is_ours(me, found, &found.row);
    // Where nobody at the agency can sign in, a colleague confirms it.
    let second = if found.agency_has_accounts { "" } else { "-second" };
    if found.row.corrects_id.is_some() {
        return match found.state {
            State::Proposed if decides => c.t("outcome-note-counter-waits-for-us"),
            State::Proposed => c.t(format!("outcome-note-counter-waits{second}")),
            State::Rejected => c.t("outcome-note-counter-rejected"),
            _ => c.t("outcome-note-counter-confirmed"),
        };
    }
    if decides && found.state == State::Proposed {
        return c.t("outcome-note-proposed-for-us");
    }
    if found.state == State::Proposed {
        return c.t(format!("outcome-note-proposed{second}"));
    }
    c.t(format!("outcome-note-{}", found.state.as_str().replace('_', "-")))
}

/// The entries that belong to it: those proposed with it, or the counter-entry in whose act it came.
fn beside(c: &Chrome, found: &Found) -> Vec<Link> {
    let mut links: Vec<Link> = found
        .replacements
        .iter()
        .map(|row| Link::new(in_full(c, found, row), paths::outcome(row.id)))
        .collect();
    if let Some(counter) = found.row.correction_id {
        links.push(Link::new(c.t("outcome-counter-entry"), paths::outcome(counter)));
    }
    links
}
