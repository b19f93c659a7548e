//! The page of one case: what it is, what was joined to it, how it went.

use askama::Template;

use super::list_page::Reading;
use crate::{
    directory::people::{Actor, ForAgency, Recorder},
    handover::{
        agency_case::{
            model::{REOPENED, Status},
            store::{CaseRow, PaperRow, StepRow},
        },
        delivery::replacement::{
            ReplacementRow,
            pages::{Original, ScanLine, Scans},
        },
        transfer::store as transfers,
    },
    platform::{
        db::{Id, Instant},
        http::{
            layout::Chrome,
            view::{Chip, Event, Fact, Link, MadeUp},
        },
        paths,
        time::{self, Tz},
    },
};

/// Id and number of a transfer; for the platform's side only, id and number of its lead and the title that was sent.
pub type JoinedTransfer = (Id, String, Option<(Id, String, String)>);

/// One case with all that belongs to it.
pub struct CaseDetail {
    pub row: CaseRow,
    pub agency: transfers::AgencyRow,
    pub steps: Vec<StepRow>,
    pub transfers: Vec<JoinedTransfer>,
    pub merged_into: Option<CaseRow>,
    pub has_accounts: bool,
    pub names: std::collections::HashMap<Id, String>,
    /// Those who acted from the platform's side.
    pub by_platform: Vec<Id>,
    pub texts: std::collections::HashMap<Id, String>,
    /// Scanned papers, for the platform's eyes, and what was handed in for wrong ones.
    pub papers: Vec<PaperRow>,
    pub replaced: Vec<ReplacementRow>,
    /// Whether the reader sent a dossier of the case.
    pub is_sender: bool,
    /// The papers by which the reader recorded or confirmed something.
    pub rested_on: Vec<Id>,
}

/// An entry of the ledger about the case, ready to be shown.
pub struct OutcomeLine {
    pub href: String,
    pub date: String,
    pub date_iso: String,
    pub kind: String,
    /// How many persons or sites, or how much.
    pub what: String,
    /// Whether it takes another entry back: it has the content of that one, and says nothing of its own.
    pub is_counter: bool,
    pub state: Chip,
}

/// What another room tells of the case, to stand among its steps at the day on which it was.
pub struct Happening {
    pub at: Instant,
    pub event: Event,
}

#[derive(Template)]
#[template(path = "handover/case.html")]
pub struct CasePage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub title: String,
    pub status: Chip,
    pub made_up: MadeUp,
    pub facts: Vec<Fact>,
    pub transfers: Vec<Fact>,
    pub may_step: bool,
    pub may_reopen: bool,
    pub may_edit: bool,
    pub back: String,
    /// Whether the actor may record an outcome, and where the case's outcomes are.
    pub may_record: bool,
    pub outcomes: String,
    /// The newest of them, set by the room that knows them, and whether there are more.
    pub entries: Vec<OutcomeLine>,
    pub has_more_entries: bool,
    /// Scanned papers that steps are recorded from; shown where the agency has no accounts.
    pub papers: Option<Papers>,
    /// Its steps and what other rooms tell of it, newest first, and whether those know of more.
    pub events: Vec<Event>,
    pub has_more_events: bool,
}

/// The scanned papers of a case.
pub struct Papers {
    pub lines: Vec<ScanLine>,
    /// Where the reader can take one in.
    pub upload: Option<String>,
    /// Why the reader can't record anything now; empty: the reader can, or it is the agency's to record.
    pub note: String,
}

impl Papers {
    fn new(c: &Chrome, me: &Actor, d: &CaseDetail, at: Reading) -> Option<Self> {
        if me.agency.is_some() || (d.has_accounts && d.papers.is_empty()) {
            return None;
        }
        let back = paths::case(d.row.id);
        let scans = Scans {
            c,
            zone: at.zone,
            names: &d.names,
            texts: &d.texts,
            replaced: &d.replaced,
            base: back.clone(),
        };
        let may_replace = me.has_any(Recorder::ROLES);
        let line = |paper: &PaperRow| {
            let href = format!("{back}/papers/{}", paper.id);
            let replace =
                (may_replace && !d.rested_on.contains(&paper.id)).then(|| format!("{href}/replace"));
            let (at, by) = (Some(paper.at), Some(paper.uploaded_by));
            scans.line(&Original { id: paper.id, href, name: &paper.name, at, by }, replace)
        };
        let may_upload = !d.has_accounts && me.has_any(Recorder::ROLES);
        let waits = may_upload && !confirmable(me, d);
        let why = if d.is_sender { "case-paper-other-person" } else { "case-paper-needed" };
        Some(Self {
            lines: d.papers.iter().map(line).collect(),
            upload: may_upload.then(|| format!("{back}/papers/new")),
            note: if waits { c.t(why) } else { String::new() },
        })
    }
}

/// Whether the reader can record from a paper: one of which only others took in scans, of a case of which others sent
/// the dossiers.
fn confirmable(me: &Actor, d: &CaseDetail) -> bool {
    !d.is_sender && d.papers.iter().any(|paper| !paper.is_taken_in_by(me.id, &d.replaced))
}

impl CasePage {
    /// Makes the page of `d` for `me`, with what happened besides its steps, oldest first.
    pub fn new(c: Chrome, me: &Actor, d: &CaseDetail, at: Reading, besides: Vec<Happening>) -> Self {
        let status = d.row.status();
        let mut facts = Vec::new();
        if me.agency.is_none() {
            facts.push(Fact::new(c.t("agency"), d.agency.name(c.language)).link(paths::agency(d.agency.id)));
        }
        let mut add = |key: &str, value: String| {
            if !value.is_empty() {
                facts.push(Fact::new(c.t(key), value));
            }
        };
        add("case-number", d.row.number.clone());
        add("case-officer", d.row.officer.clone());
        let day = |day| time::format_date(day, c.language);
        add("case-opened", day(time::day_of(d.row.opened_at, at.zone)));
        add("case-filed", d.row.filed_on.map(day).unwrap_or_default());
        facts.extend(Fact::public_source(c.t("public-source"), &d.row.public_source));
        if let Some(other) = &d.merged_into {
            facts.push(Fact::new(c.t("case-merged-into"), &other.number).link(paths::case(other.id)));
        }
        let transfers = d
            .transfers
            .iter()
            .map(|(id, number, lead)| {
                let words =
                    lead.as_ref().map(|(_, number, title)| format!("{number} {title}")).unwrap_or_default();
                Fact::new(words, number).link(paths::transfer(*id))
            })
            .collect();
        // For an agency that can't the platform records, from a scan.
        let by_paper = me.has_any(ForAgency::ROLES) && !d.has_accounts && confirmable(me, d);
        let may_edit = me.agency.is_some() || by_paper;
        Self {
            trail: vec![Link::new(c.t("nav-cases"), paths::CASES)],
            title: d.row.title.clone(),
            status: Chip::new(c.t(status.key()), status.tone()),
            made_up: MadeUp::of(d.row.synthetic, &d.row.public_source),
            facts,
            transfers,
            may_step: may_edit && status.allows_progress().is_ok(),
            may_reopen: may_edit && status.allows_reopening().is_ok(),
            may_edit,
            back: paths::case(d.row.id),
            may_record: me.has_any(ForAgency::ROLES) && status.takes_outcomes(),
            outcomes: format!("{}?case={}", paths::OUTCOMES, d.row.id),
            entries: Vec::new(),
            has_more_entries: false,
            papers: Papers::new(&c, me, d, at),
            events: timeline(&c, me, d, besides, at.zone),
            has_more_events: false,
            c,
        }
    }
}

/// The steps of the case and what happened besides, the newest day first; of one day what was recorded last.
fn timeline(c: &Chrome, me: &Actor, d: &CaseDetail, besides: Vec<Happening>, zone: Tz) -> Vec<Event> {
    let steps = d.steps.iter().map(|step| ((step.on_day, step.at), event(c, me, d, step)));
    let besides = besides.into_iter().map(|one| ((time::day_of(one.at, zone), one.at), one.event));
    let mut all: Vec<_> = steps.chain(besides).collect();
    all.sort_by_key(|(when, _)| *when);
    all.into_iter().rev().map(|(_, event)| event).collect()
}

fn event(c: &Chrome, me: &Actor, d: &CaseDetail, step: &StepRow) -> Event {
    let status: Option<Status> = step.kind.parse().ok();
    let by_platform = step.actor_id.is_some_and(|id| d.by_platform.contains(&id));
    let mut body = step.remark_id.and_then(|id| d.texts.get(&id)).cloned().unwrap_or_default();
    if by_platform {
        let mark = c.tv("transfer-event-paper", "day", time::format_date(step.on_day, c.language));
        body = [body, mark].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("\n");
    }
    let at = paths::case(d.row.id);
    let newest = step.paper_id.and_then(|id| d.replaced.iter().find(|new| new.of_id == id));
    let newest = newest.map(|new| Link::new(&new.name, format!("{at}/replacements/{}", new.id)));
    let paper = step.paper_id.and_then(|id| d.papers.iter().find(|paper| paper.id == id));
    let paper = paper.map(|paper| Link::new(&paper.name, format!("{at}/papers/{}", paper.id)));
    let name = step.actor_id.and_then(|id| d.names.get(&id)).cloned().unwrap_or_default();
    Event {
        time: time::format_date(step.on_day, c.language),
        datetime: step.on_day.to_string(),
        actor: if by_platform && me.agency.is_some() { String::new() } else { name },
        title: match status {
            Some(status) => c.t(status.key()),
            None if step.kind == REOPENED => c.t("case-step-reopened"),
            None => step.kind.clone(),
        },
        body,
        tone: status.map(Status::tone).unwrap_or_default(),
        link: newest.or(paper),
    }
}
