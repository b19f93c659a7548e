//! The page of one transfer, each side its own view of it: what can be done (`acts`), the dossier and its deliveries
//! (`papers`), what the accuser may do against a decision (`remedy`), messages and what happened (`story`).

mod acts;
mod papers;
mod remedy;
mod story;

use askama::Template;
use chrono::NaiveDate;

use self::{papers::SignedReceipt, remedy::RemedyView, story::Messages};
use super::{detail::Detail, list_page::Reading};
use crate::{
    directory::people::{Actor, Side, nav},
    handover::{
        deadline::{self, DeadlineRow, Line, Told, clocks, remaining},
        delivery::{replacement::pages::ScanLine, store::DeliveryRow},
        transfer::{
            actions::may_send,
            model::{State, StepKind},
            store::StepRow,
        },
    },
    platform::{
        db::Instant,
        http::{
            form_view::FormView,
            layout::Chrome,
            view::{Chip, Event, Fact, Link, MadeUp, Step, StepState, groups_of_four},
        },
        paths, time,
    },
};

/// A verb offered as a link to its form; the acknowledgement is a form of its own.
pub struct Offer {
    pub href: String,
    pub label: String,
    pub tone: &'static str,
}

/// A file of the dossier.
pub struct Paper {
    pub href: String,
    pub label: String,
    pub note: String,
}

/// One line of the evidence list.
pub struct ItemLine {
    pub number: i32,
    pub name: String,
    pub category: String,
    pub size: String,
    pub withheld: bool,
}

/// One delivery.
pub struct DeliveryLine {
    pub version: String,
    pub sent: String,
    /// For machines.
    pub sent_iso: String,
    pub channel: String,
    pub hand: String,
    pub hash: String,
    /// The fingerprints of the keys that it was encrypted to, as pages name them.
    pub encrypted: Vec<String>,
    pub dossier_href: String,
    pub acknowledged: bool,
    /// The scanned receipt.
    pub receipt: Option<ScanLine>,
    /// Where one can be taken in.
    pub upload: Option<Link>,
    /// The signed receipt of what was acknowledged.
    pub signed: Option<SignedReceipt>,
}

impl DeliveryLine {
    pub fn groups(&self) -> Vec<&str> {
        groups_of_four(&self.hash)
    }
}

/// What both views are made of.
pub struct TransferView {
    pub trail: Vec<Link>,
    pub title: String,
    pub state: Chip,
    pub left: Option<Chip>,
    pub made_up: MadeUp,
    pub steps: Vec<Step>,
    pub facts: Vec<Fact>,
    pub case: Option<Link>,
    /// One press; set when there is something to acknowledge.
    pub acknowledge: Option<String>,
    /// Whether the reader acknowledges by a passkey, on a page that shows what it signs.
    pub has_passkey: bool,
    pub offers: Vec<Offer>,
    /// Posted at one press: reopening the lead, taking note.
    pub presses: Vec<Offer>,
    /// A sentence on whose turn it is.
    pub turn: String,
    /// Why a paper can't be recorded by this person; empty: it can, or none is needed.
    pub paper_note: String,
    pub asked: Option<String>,
    pub papers: Vec<Paper>,
    /// What is said of the encrypted package among them; empty: there is none.
    pub encrypted: String,
    pub hash: String,
    /// What the foot of its papers says.
    pub content: String,
    pub items: Vec<ItemLine>,
    /// What stands above them.
    pub items_title: String,
    pub deliveries: Vec<DeliveryLine>,
    /// Scanned papers, for the platform's eyes.
    pub scans: Vec<ScanLine>,
    pub remedy: Option<RemedyView>,
    pub deadlines: Vec<Line>,
    /// What else is known of the law's limits.
    pub told: Vec<Told>,
    pub messages: Messages,
    pub message_form: FormView,
    pub message_action: String,
    /// Where the reader says that the last message needs no answer; empty: none waits for one.
    pub note_action: String,
    pub may_write: bool,
    /// Why whoever may write has nobody to write to; empty: there is somebody.
    pub no_reader: String,
    pub events: Vec<Event>,
}

impl TransferView {
    pub fn groups(&self) -> Vec<&str> {
        groups_of_four(&self.hash)
    }

    pub fn content_groups(&self) -> Vec<&str> {
        groups_of_four(&self.content)
    }
}

#[derive(Template)]
#[template(path = "handover/transfer_agency.html")]
pub struct AgencyTransferPage {
    pub c: Chrome,
    pub v: TransferView,
}

#[derive(Template)]
#[template(path = "handover/transfer_platform.html")]
pub struct PlatformTransferPage {
    pub c: Chrome,
    pub v: TransferView,
}

/// What the functions below look at.
struct Sight<'a> {
    c: &'a Chrome,
    me: &'a Actor,
    d: &'a Detail,
    at: Reading,
    organisation: &'a str,
}

impl Sight<'_> {
    fn is_agency(&self) -> bool {
        self.me.agency.is_some()
    }

    /// A day in words.
    fn day(&self, day: NaiveDate) -> String {
        time::format_date(day, self.c.language)
    }

    /// An instant in words.
    fn time(&self, at: Instant) -> String {
        time::format_instant(at, self.at.zone, self.c.language)
    }

    /// How a person is named: the agency does not learn who at the platform acted, only that it did.
    fn who(&self, side: &str, id: Option<crate::platform::db::Id>) -> String {
        let platform = side == Side::Platform.as_str();
        if platform && self.is_agency() {
            return self.organisation.to_owned();
        }
        let name = id.and_then(|id| self.d.names.get(&id)).cloned().unwrap_or_default();
        let side = if platform { String::new() } else { self.d.agency.name(self.c.language).to_owned() };
        [name, side].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" · ")
    }
}

/// Makes the view of `d` for `me`.
pub fn view(c: &Chrome, me: &Actor, d: &Detail, at: Reading, organisation: &str) -> TransferView {
    let s = Sight { c, me, d, at, organisation };
    let state = d.row.state();
    let back = paths::transfer(d.row.id);
    let (acknowledge, offers, paper_note) = acts::offers(&s);
    TransferView {
        trail: vec![Link::new(c.t(nav::transfers(me.agency.is_some())), paths::TRANSFERS)],
        title: d.face.title.clone(),
        state: Chip::new(c.t(state.key()), state.tone()),
        left: d.row.due_for(me.side).map(|due| remaining(c, due, at.now)),
        made_up: MadeUp::of(d.row.synthetic, &d.lead.public_source),
        steps: way(&s),
        facts: facts(&s),
        case: d.case.as_ref().map(|case| {
            let name = if case.number.is_empty() { c.t("case-no-number") } else { case.number.clone() };
            Link::new(name, paths::case(case.id))
        }),
        acknowledge,
        has_passkey: d.has_passkey,
        offers,
        presses: acts::presses(&s),
        turn: acts::turn(&s),
        paper_note,
        asked: acts::asked(&s),
        papers: papers::papers(&s),
        encrypted: papers::encrypted_note(&s),
        hash: papers::newest_hash(d, |dossier| dossier.manifest.as_deref()),
        content: papers::newest_hash(d, |dossier| dossier.content.as_deref()),
        items: papers::items(&s),
        items_title: papers::items_title(&s),
        deliveries: papers::deliveries(&s),
        scans: papers::scans(&s),
        remedy: remedy::remedy(&s),
        deadlines: d.deadlines.iter().map(|row| deadline_line(&s, row)).collect(),
        told: told(&s),
        messages: story::messages(&s),
        message_form: FormView::new("transfer-field-"),
        message_action: format!("{back}/message"),
        note_action: story::note_action(&s),
        may_write: s.is_agency() || (d.has_accounts && may_send(me, &d.lead)),
        no_reader: if !d.has_accounts && !s.is_agency() && may_send(me, &d.lead) {
            c.t("conflict-message-no-reader")
        } else {
            String::new()
        },
        events: story::events(&s),
    }
}

fn deadline_line(s: &Sight<'_>, row: &DeadlineRow) -> Line {
    let own = s.d.extensions.iter().filter(|extension| extension.deadline_id == row.id);
    let moved = own.map(|extension| deadline::moved(s.c, extension, &s.d.texts, s.at.zone));
    let line = deadline::line(s.c, row, s.me.side, s.at.now, s.at.zone);
    let history = of_version(s, row).into_iter().chain(moved).chain(line.history).collect();
    let extend = acts::may_extend(s, row)
        .then(|| format!("{}/deadlines/{}/extend", paths::transfer(s.d.row.id), row.id));
    Line { history, extend, ..line }
}

/// Which version a time limit is for, where more than one was delivered: the newest that the agency had when it began.
fn of_version(s: &Sight<'_>, row: &DeadlineRow) -> Option<String> {
    if s.d.deliveries.len() < 2 {
        return None;
    }
    // What was handed over by hand begins with its day, which may lie before its recording.
    let begun = |delivery: &DeliveryRow| {
        let day = delivery.handed_on.map(|day| time::end_of_day(day, s.at.zone));
        day.map_or(delivery.sent_at, |day| day.min(delivery.sent_at))
    };
    let had = s.d.deliveries.iter().find(|(delivery, _)| begun(delivery) <= row.started_at);
    let (_, dossier) = had.or(s.d.deliveries.last())?;
    Some(s.c.tv("deadline-of-version", "version", dossier.version))
}

/// What the law says of the steps taken, beside the limits that run.
fn told(s: &Sight<'_>) -> Vec<Told> {
    let row = &s.d.row;
    let not_filed = s.d.steps.iter().rfind(|step| step.kind == StepKind::NotFiled.as_str());
    let not_filed = not_filed.map(|step| step.on_day.map_or(step.at, |day| time::end_of_day(day, s.at.zone)));
    let [sent, received, accepted, filed] = marks(s);
    let marks = [
        (clocks::Event::Sent, sent),
        (clocks::Event::Received, received),
        (clocks::Event::Accepted, accepted),
        (clocks::Event::Filed, filed),
        (clocks::Event::NotFiled, not_filed),
    ];
    let taken: Vec<_> = marks.into_iter().filter_map(|(event, at)| Some((event, at?))).collect();
    deadline::told(s.c, &s.d.agency.type_code, &row.sender_role, &taken, s.at.zone)
}

/// When it was sent, received, accepted and filed in the present run. Sent again, or come back, it goes the way anew:
/// what was reached before is no more than a date in what happened. What came back is received by that.
fn marks(s: &Sight<'_>) -> [Option<Instant>; 4] {
    use StepKind as K;
    fn is_one(step: &StepRow, kinds: &[K]) -> bool {
        kinds.iter().any(|kind| step.kind == kind.as_str())
    }
    let began = s.d.steps.iter().rposition(|step| is_one(step, &[K::Sent, K::CameBack])).unwrap_or_default();
    let first =
        |kinds: &[K]| s.d.steps.iter().skip(began).find(|step| is_one(step, kinds)).map(|step| step.at);
    [
        first(&[K::Sent, K::CameBack]),
        first(&[K::Received, K::CameBack]),
        first(&[K::Accepted]),
        first(&[K::Filed]),
    ]
}

/// The way of a transfer: sent, received, accepted, filed; where it ended, the last one stopped.
fn way(s: &Sight<'_>) -> Vec<Step> {
    let state = s.d.row.state();
    let [sent, received, accepted, filed] = marks(s);
    let marks = [
        (State::Sent, sent),
        (State::Received, received),
        (State::Accepted, accepted),
        (State::Filed, filed),
    ];
    let now = s.d.standing.effective();
    let here = marks.iter().position(|(mark, _)| *mark == now).filter(|_| !state.is_over());
    let reached = here.map_or_else(|| marks.iter().filter(|(_, at)| at.is_some()).count(), |place| place + 1);
    let mut steps: Vec<Step> = marks
        .iter()
        .enumerate()
        .map(|(n, (mark, at))| {
            let at = at.filter(|_| n < reached || state.is_over());
            let current = n + 1 == reached && !state.is_over();
            let step = match at {
                Some(_) if current => StepState::Current,
                Some(_) => StepState::Done,
                None => StepState::Todo,
            };
            let note = at.map_or_else(String::new, |at| time::table_day(time::day_of(at, s.at.zone)));
            Step::new(s.c.t(mark.key()), note, step)
        })
        .collect();
    if state.is_over() {
        steps.truncate(reached);
        steps.push(Step::new(s.c.t(state.key()), "", StepState::Stopped));
    }
    steps
}

/// How it was handed over; where not all versions went the same way, each with its own, the newest first.
fn channels(s: &Sight<'_>) -> String {
    let word = |channel: &str| s.c.t(format!("transfer-channel-{channel}"));
    let newest = s.d.row.channel.as_str();
    if s.d.deliveries.iter().all(|(delivery, _)| delivery.channel == newest) {
        return word(newest);
    }
    let each = s.d.deliveries.iter().map(|(delivery, dossier)| {
        let (channel, version) = (word(&delivery.channel), dossier.version.to_string());
        s.c.ta("transfer-channel-of", &[("channel", channel.as_str()), ("version", version.as_str())])
    });
    each.collect::<Vec<_>>().join(&s.c.language.semicolon())
}

fn facts(s: &Sight<'_>) -> Vec<Fact> {
    let (c, d) = (s.c, s.d);
    let mut facts = Vec::new();
    if s.is_agency() {
        facts.push(Fact::new(c.t("transfer-fact-sender"), s.organisation));
        for (zh, en) in &d.forwarders.all {
            facts.push(Fact::new(c.t("transfer-fact-forwarded-from"), c.language.pick(zh, en)));
        }
    } else {
        facts.push(
            Fact::new(c.t("transfer-fact-lead"), format!("{} {}", d.lead.number, d.face.title))
                .link(paths::lead(d.lead.id)),
        );
        facts.push(Fact::new(c.t("agency"), d.agency.name(c.language)).link(paths::agency(d.agency.id)));
    }
    let role = format!("transfer-sender-role-{}", d.row.sender_role.replace('_', "-"));
    facts.push(Fact::new(c.t("transfer-fact-role"), c.t(role)));
    facts.push(Fact::new(c.t("transfer-fact-channel"), channels(s)));
    facts.push(Fact::new(c.t("transfer-col-sent"), s.time(d.row.sent_at)));
    facts.extend(Fact::public_source(c.t("public-source"), &d.lead.public_source));
    for (other, (zh, en)) in &d.related {
        let key = if d.row.forwarded_from == Some(other.id) {
            "transfer-fact-forwarded-from"
        } else {
            "transfer-fact-forwarded-to"
        };
        let name = format!("{} · {}", other.number, c.language.pick(zh, en));
        facts.push(Fact::new(c.t(key), name).link(paths::transfer(other.id)));
    }
    facts
}
