//! The page of one transfer, each side its own view of it.

use askama::Template;

use super::{detail::Detail, list_page::Reading};
use crate::{
    directory::{
        people::{Actor, ForAgency, Recorder, Side},
        reference::{categories, reasons},
    },
    handover::{
        deadline::{self, Line, remaining},
        transfer::{
            actions::may_send,
            model::{self, State, StepKind},
            store::StepRow,
        },
    },
    platform::{
        http::{
            form_view::FormView,
            layout::Chrome,
            view::{Chip, Event, Fact, Link, Step, StepState, groups_of_four},
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
    pub channel: String,
    pub hand: String,
    pub hash: String,
    pub dossier_href: String,
    pub acknowledged: bool,
    /// The scanned receipt, or the address to upload it.
    pub receipt: Option<Link>,
}

impl DeliveryLine {
    pub fn groups(&self) -> Vec<&str> {
        groups_of_four(&self.hash)
    }
}

/// A message, own ones to the right.
pub struct MessageLine {
    pub who: String,
    pub time: String,
    pub body: String,
    pub own: bool,
}

/// What both views are made of.
pub struct TransferView {
    pub trail: Vec<Link>,
    pub title: String,
    pub state: Chip,
    pub left: Option<Chip>,
    pub steps: Vec<Step>,
    pub facts: Vec<Fact>,
    pub case: Option<Link>,
    /// One press; set when there is something to acknowledge.
    pub acknowledge: Option<String>,
    pub offers: Vec<Offer>,
    /// A sentence on whose turn it is.
    pub turn: String,
    /// Why a paper can't be recorded by this person; empty: it can, or none is needed.
    pub paper_note: String,
    pub asked: Option<String>,
    pub papers: Vec<Paper>,
    pub hash: String,
    pub items: Vec<ItemLine>,
    pub deliveries: Vec<DeliveryLine>,
    pub deadlines: Vec<Line>,
    pub messages: Vec<MessageLine>,
    pub message_form: FormView,
    pub message_action: String,
    pub may_write: bool,
    pub events: Vec<Event>,
}

impl TransferView {
    pub fn groups(&self) -> Vec<&str> {
        groups_of_four(&self.hash)
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
    let (acknowledge, offers, paper_note) = offers(&s);
    TransferView {
        trail: vec![Link::new(c.t("nav-transfers"), paths::TRANSFERS)],
        title: d.lead.title.clone(),
        state: Chip::new(c.t(state.key()), state.tone()),
        left: d.row.next_due_at.map(|due| remaining(c, due, at.now)),
        steps: way(&s),
        facts: facts(&s),
        case: d.case.as_ref().map(|case| {
            let name = if case.number.is_empty() { c.t("case-no-number") } else { case.number.clone() };
            Link::new(name, paths::case(case.id))
        }),
        acknowledge,
        offers,
        turn: turn(&s),
        paper_note,
        asked: asked(&s),
        papers: papers(&s),
        hash: newest_hash(d),
        items: items(&s),
        deliveries: deliveries(&s),
        deadlines: d.deadlines.iter().map(|row| deadline::line(c, row, at.now, at.zone)).collect(),
        messages: messages(&s),
        message_form: FormView::new("transfer-field-"),
        message_action: format!("{back}/message"),
        may_write: s.is_agency() || may_send(me, &d.lead),
        events: d.steps.iter().rev().map(|step| event(&s, step)).collect(),
    }
}

fn newest_hash(d: &Detail) -> String {
    let manifest = d.deliveries.first().and_then(|(_, dossier)| dossier.manifest.as_deref());
    manifest.map(|m| data_encoding::HEXLOWER.encode(m)).unwrap_or_default()
}

/// The way of a transfer: sent, received, accepted, filed; where it ended, the last one stopped.
fn way(s: &Sight<'_>) -> Vec<Step> {
    let row = &s.d.row;
    let state = row.state();
    let marks = [
        (State::Sent, Some(row.sent_at)),
        (State::Received, row.received_at),
        (State::Accepted, row.accepted_at),
        (State::Filed, row.filed_at),
    ];
    let reached = marks.iter().filter(|(_, at)| at.is_some()).count();
    let mut steps: Vec<Step> = marks
        .iter()
        .enumerate()
        .map(|(n, (mark, at))| {
            let current = n + 1 == reached && !state.is_over();
            let step = match at {
                Some(_) if current => StepState::Current,
                Some(_) => StepState::Done,
                None => StepState::Todo,
            };
            let note = at.map_or_else(String::new, |at| time::day_of(at, s.at.zone).to_string());
            Step::new(s.c.t(mark.key()), note, step)
        })
        .collect();
    if state.is_over() {
        steps.truncate(reached);
        steps.push(Step::new(s.c.t(state.key()), "", StepState::Stopped));
    }
    steps
}

fn facts(s: &Sight<'_>) -> Vec<Fact> {
    let (c, d) = (s.c, s.d);
    let mut facts = Vec::new();
    if s.is_agency() {
        facts.push(Fact::new(c.t("transfer-fact-sender"), s.organisation));
    } else {
        facts.push(
            Fact::new(c.t("transfer-fact-lead"), format!("{} {}", d.lead.number, d.lead.title))
                .link(paths::lead(d.lead.id)),
        );
        facts.push(Fact::new(c.t("agency"), d.agency.name(c.language)).link(paths::agency(d.agency.id)));
    }
    let role = format!("transfer-sender-role-{}", d.row.sender_role.replace('_', "-"));
    facts.push(Fact::new(c.t("transfer-fact-role"), c.t(role)));
    facts.push(Fact::new(c.t("transfer-fact-channel"), c.t(format!("transfer-channel-{}", d.row.channel))));
    facts.push(Fact::new(c.t("transfer-col-sent"), deadline::shown(d.row.sent_at, s.at.zone)));
    for other in &d.related {
        let key = if d.row.forwarded_from == Some(other.id) {
            "transfer-fact-forwarded-from"
        } else {
            "transfer-fact-forwarded-to"
        };
        facts.push(Fact::new(c.t(key), &other.number).link(paths::transfer(other.id)));
    }
    facts
}

fn verb(kind: StepKind) -> (&'static str, &'static str) {
    match kind {
        StepKind::Received => ("acknowledge", "primary"),
        StepKind::Accepted => ("accept", "primary"),
        StepKind::Filed => ("file", "primary"),
        StepKind::SupplementRequested => ("supplement", ""),
        StepKind::NotAccepted => ("refuse", "danger"),
        StepKind::NotFiled => ("not-file", "danger"),
        StepKind::Returned => ("return", ""),
        StepKind::Forwarded => ("forward", ""),
        StepKind::Withdrawn => ("withdraw", "danger"),
        StepKind::Sent | StepKind::Delivered | StepKind::SupplementAnswered | StepKind::CameBack => ("", ""),
    }
}

/// What this person can do now: the acknowledgement, the other verbs, and why papers can't be recorded.
fn offers(s: &Sight<'_>) -> (Option<String>, Vec<Offer>, String) {
    let (c, d) = (s.c, s.d);
    let back = paths::transfer(d.row.id);
    let mut kinds = Vec::new();
    let mut note = String::new();
    if s.is_agency() {
        kinds = model::offered(&d.standing, Side::Agency);
    } else if s.me.has_any(Recorder::ROLES) && s.me.has_any(ForAgency::ROLES) {
        let by_paper = !d.has_accounts || d.row.channel != "portal";
        let sender = d.deliveries.first().map(|(delivery, _)| delivery.sent_by);
        if by_paper && sender == Some(s.me.id) {
            note = c.t("transfer-paper-other-person");
        } else if by_paper {
            kinds = model::offered(&d.standing, Side::Agency);
        }
        if may_send(s.me, &d.lead) {
            kinds.extend(model::offered(&d.standing, Side::Platform));
        }
    }
    let one_press = s.is_agency() && kinds.first() == Some(&StepKind::Received);
    let acknowledge = one_press.then(|| format!("{back}/acknowledge"));
    let mut offers: Vec<Offer> = Vec::new();
    if let (Some((id, version)), true) = (d.unsent, may_send(s.me, &d.lead) && !s.is_agency()) {
        let label = c.tv("transfer-do-send-version", "version", format!("v{version}"));
        offers.push(Offer { href: format!("/transfers/new?dossier={id}"), label, tone: "primary" });
    }
    offers.extend(kinds.into_iter().filter(|kind| !(one_press && *kind == StepKind::Received)).map(|kind| {
        let (name, tone) = verb(kind);
        Offer { href: format!("{back}/{name}"), label: c.t(format!("transfer-verb-{name}")), tone }
    }));
    (acknowledge, offers, note)
}

fn turn(s: &Sight<'_>) -> String {
    let side = if s.is_agency() { "agency" } else { "platform" };
    let state = s.d.row.state();
    let what = match state {
        State::NotAccepted | State::NotFiled | State::Forwarded | State::Withdrawn => "over".to_owned(),
        _ => state.as_str().replace('_', "-"),
    };
    s.c.t(format!("transfer-turn-{side}-{what}"))
}

/// What the open request asks for.
fn asked(s: &Sight<'_>) -> Option<String> {
    let open = s.d.requests.iter().find(|r| r.answered_at.is_none())?;
    if s.d.row.state() != State::SupplementRequested {
        return None;
    }
    let on = time::day_of(open.asked_at, s.at.zone);
    let lang = s.c.language;
    let reason = reasons().get(&open.code, on).map_or_else(|| open.code.clone(), |r| r.name(lang).to_owned());
    let text = open.remark_id.and_then(|id| s.d.texts.get(&id)).cloned().unwrap_or_default();
    Some([reason, text].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("\n"))
}

fn papers(s: &Sight<'_>) -> Vec<Paper> {
    let Some((_, dossier)) = s.d.deliveries.first() else { return Vec::new() };
    let at = paths::dossier(dossier.id);
    let paper = |file: &str, key: &str, note: String| Paper {
        href: format!("{at}/{file}"),
        label: s.c.t(format!("transfer-paper-{key}")),
        note,
    };
    vec![
        paper("package.zip", "package", s.d.package.map_or_else(String::new, size)),
        paper("letter.pdf", "letter", "PDF".into()),
        paper("dossier.pdf", "dossier", "PDF".into()),
    ]
}

fn size(bytes: i64) -> String {
    const UNITS: [&str; 4] = ["KB", "MB", "GB", "TB"];
    let mut value = bytes as f64 / 1024.0;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

fn items(s: &Sight<'_>) -> Vec<ItemLine> {
    let lang = s.c.language;
    let line = |item: &super::detail::Item| ItemLine {
        number: item.number,
        name: if item.commitment.is_some() { s.c.t("transfer-item-withheld") } else { item.name.clone() },
        category: categories().get(&item.category).map_or(item.category.clone(), |k| k.name(lang).to_owned()),
        size: if item.commitment.is_some() { String::new() } else { size(item.size) },
        withheld: item.commitment.is_some(),
    };
    s.d.items.iter().map(line).collect()
}

fn deliveries(s: &Sight<'_>) -> Vec<DeliveryLine> {
    let acknowledged: Vec<_> =
        s.d.steps
            .iter()
            .filter(|step| step.kind == StepKind::Received.as_str())
            .filter_map(|step| step.delivery_id)
            .collect();
    let line = |(delivery, dossier): &(_, _)| {
        let delivery: &crate::handover::delivery::store::DeliveryRow = delivery;
        let dossier: &crate::handover::delivery::store::DossierRow = dossier;
        let by_hand = delivery.channel != "portal";
        let parts = [
            delivery.handed_on.map(|d| d.to_string()).unwrap_or_default(),
            delivery.handed_by.clone(),
            delivery.handed_to.clone(),
            delivery.tracking_number.clone(),
        ];
        let receipt = format!("{}/receipt/{}", paths::transfer(s.d.row.id), delivery.id);
        let receipt = match (&delivery.receipt_blob_id, by_hand && !s.is_agency()) {
            (Some(_), _) => Some(Link::new(delivery.receipt_name.clone(), receipt)),
            (None, true) => Some(Link::new(s.c.t("transfer-do-receipt"), format!("{receipt}/new"))),
            (None, false) => None,
        };
        DeliveryLine {
            version: format!("v{}", dossier.version),
            sent: deadline::shown(delivery.sent_at, s.at.zone),
            channel: s.c.t(format!("transfer-channel-{}", delivery.channel)),
            hand: parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" · "),
            hash: dossier.manifest.as_deref().map(|m| data_encoding::HEXLOWER.encode(m)).unwrap_or_default(),
            dossier_href: paths::dossier(dossier.id),
            acknowledged: acknowledged.contains(&delivery.id),
            receipt,
        }
    };
    s.d.deliveries.iter().map(line).collect()
}

fn messages(s: &Sight<'_>) -> Vec<MessageLine> {
    s.d.messages
        .iter()
        .map(|m| MessageLine {
            who: s.who(&m.side, m.author_id),
            time: deadline::shown(m.at, s.at.zone),
            body: m.body.clone(),
            own: (m.side == "agency") == s.is_agency(),
        })
        .collect()
}

fn event(s: &Sight<'_>, step: &StepRow) -> Event {
    let (c, lang) = (s.c, s.c.language);
    let kind: Option<StepKind> = step.kind.parse().ok();
    let on = time::day_of(step.at, s.at.zone);
    let mut lines = Vec::new();
    if let Some(code) = &step.reason_code {
        let reason = reasons().get(code, on);
        lines.push(reason.map_or_else(|| code.clone(), |r| r.name(lang).to_owned()));
        if let Some(reason) = reason.filter(|r| !r.basis.is_empty()) {
            lines.push(c.tv("transfer-event-basis", "basis", &reason.basis));
        }
        let supply = reason.map_or("", |r| r.supply(lang));
        if !supply.is_empty() && !s.is_agency() {
            lines.push(c.tv("transfer-event-supply", "supply", supply));
        }
    }
    if let Some((zh, en)) = step.target_agency_id.and_then(|id| s.d.targets.get(&id)) {
        lines.push(c.tv("transfer-event-target", "agency", lang.pick(zh, en)));
    }
    if let Some(text) = step.remark_id.and_then(|id| s.d.texts.get(&id)) {
        lines.push(text.clone());
    }
    if step.by_paper {
        let day = step.on_day.map(|d| d.to_string()).unwrap_or_default();
        lines.push(c.tv("transfer-event-paper", "day", day));
    }
    Event {
        time: deadline::shown(step.at, s.at.zone),
        datetime: step.at.to_string(),
        actor: s.who(if step.by_paper { "platform" } else { &step.side }, step.actor_id),
        title: kind.map_or_else(|| step.kind.clone(), |kind| c.t(kind.key())),
        body: lines.join("\n"),
        tone: kind.map(StepKind::tone).unwrap_or_default(),
        link: None,
    }
}
