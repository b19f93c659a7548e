//! Messages, and the steps and extensions of a transfer and those of the accuser's remedy in their order.

use super::{Sight, remedy};
use crate::{
    directory::{people::Side, reference::reasons},
    handover::{
        deadline::{self, DeadlineRow, ExtensionRow, clocks},
        delivery::store::DeliveryRow,
        message::store::{self as message, MessageRow},
        remedy::model::Remedy,
        transfer::{actions::may_send, model::StepKind, store::StepRow},
    },
    platform::{
        db::{Id, Instant},
        http::{
            link::Query,
            view::{Event, Link, Tone},
        },
        paths, time,
    },
};

/// What happened, newest first.
pub(super) fn events(s: &Sight<'_>) -> Vec<Event> {
    let steps = s.d.steps.iter().map(|step| (step.at, step_event(s, step)));
    let extensions = s.d.extensions.iter().map(|extension| (extension.at, extension_event(s, extension)));
    let remedy = s.d.remedy.iter().flat_map(Remedy::all);
    let remedy = remedy.map(|taken| (taken.at, remedy::event(s, taken)));
    let receipts = s.d.deliveries.iter().filter_map(|(delivery, _)| receipt_event(s, delivery));
    let not_ours = s.d.deadlines.iter().filter(|row| row.clock_code == clocks::FORWARD);
    let not_ours = not_ours.map(|row| (row.started_at, not_ours_event(s, row)));
    let mut all: Vec<_> = not_ours.chain(steps).chain(extensions).chain(remedy).chain(receipts).collect();
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().rev().map(|(_, event)| event).collect()
}

fn extension_event(s: &Sight<'_>, row: &ExtensionRow) -> Event {
    let c = s.c;
    let clock = s.d.deadlines.iter().find(|deadline| deadline.id == row.deadline_id);
    let name = clock.map_or_else(String::new, |clock| {
        deadline::name(&clock.clock_code, time::day_of(clock.started_at, s.at.zone), c.language)
    });
    let mut lines = vec![deadline::moved(c, row, &s.d.texts, s.at.zone)];
    lines.extend(row.remark_id.and_then(|id| s.d.texts.get(&id)).cloned());
    if row.by_paper {
        lines.push(c.tv("transfer-event-paper", "day", s.day(row.approved_on)));
    }
    Event {
        time: s.time(row.at),
        datetime: row.at.to_string(),
        actor: s.who(if row.by_paper { "platform" } else { &row.side }, row.actor_id),
        title: c.tv("deadline-event-extended", "name", name),
        body: lines.join("\n"),
        tone: Tone::Warn,
        link: scan(s, row.paper_id),
    }
}

/// That the agency found the matter not to be within its competence. Who of it did so stands in the log; the time limit
/// that began with it knows the moment.
fn not_ours_event(s: &Sight<'_>, row: &DeadlineRow) -> Event {
    Event {
        time: s.time(row.started_at),
        datetime: row.started_at.to_string(),
        actor: s.who(Side::Agency.as_str(), None),
        title: s.c.t("verb-transfer-not-ours"),
        body: s.c.tv("transfer-event-forward-by", "time", s.time(row.due_at)),
        tone: Tone::Warn,
        link: None,
    }
}

/// That the receipt of a delivery by hand was scanned, for the platform's eyes. Who did it stands in the log; the
/// delivery knows the day.
fn receipt_event(s: &Sight<'_>, row: &DeliveryRow) -> Option<(Instant, Event)> {
    let at = row.receipt_at.filter(|_| row.receipt_blob_id.is_some() && !s.is_agency())?;
    let receipt = format!("{}/receipt/{}", paths::transfer(s.d.row.id), row.id);
    let event = Event {
        time: s.time(at),
        datetime: at.to_string(),
        actor: s.organisation.to_owned(),
        title: s.c.t("verb-transfer-receipt"),
        body: String::new(),
        tone: Tone::Info,
        link: Some(scan_or_newest(s, row.id, receipt)),
    };
    Some((at, event))
}

/// The scan that a step was recorded from, for the platform's eyes.
pub(super) fn scan(s: &Sight<'_>, paper: Option<Id>) -> Option<Link> {
    let paper = paper.filter(|_| !s.is_agency())?;
    Some(scan_or_newest(s, paper, format!("{}/papers/{paper}", paths::transfer(s.d.row.id))))
}

/// The scan that lies at `href`, or the one that was handed in for it since; `of`: the paper, or the delivery.
fn scan_or_newest(s: &Sight<'_>, of: Id, href: String) -> Link {
    match s.d.replaced.iter().find(|replaced| replaced.of_id == of) {
        Some(new) => {
            let at = paths::transfer(s.d.row.id);
            Link::new(s.c.t("transfer-event-scan-replaced"), format!("{at}/replacements/{}", new.id))
        }
        None => Link::new(s.c.t("transfer-event-scan"), href),
    }
}

/// A message, own ones to the right.
pub struct MessageLine {
    pub who: String,
    pub time: String,
    /// For machines.
    pub datetime: String,
    pub body: String,
    pub own: bool,
    /// Who said that it needs no answer, and when; empty: nobody.
    pub noted: String,
}

/// A page of messages, as people read them: oldest first.
pub struct Messages {
    pub lines: Vec<MessageLine>,
    /// Where the ones before and behind them are; empty: there are none.
    pub older: String,
    pub newer: String,
}

pub(super) fn messages(s: &Sight<'_>) -> Messages {
    let page = &s.d.messages;
    let line = |m: &MessageRow| MessageLine {
        who: s.who(&m.side, m.author_id),
        time: s.time(m.at),
        datetime: m.at.to_string(),
        body: m.body.clone(),
        own: (m.side == "agency") == s.is_agency(),
        noted: noted(s, m),
    };
    let pager = page.pager(&Query::new(&paths::transfer(s.d.row.id)), |one| one.id.to_string());
    let place = |href: Option<String>| href.map_or_else(String::new, |href| format!("{href}#messages"));
    Messages {
        lines: page.rows.iter().rev().map(line).collect(),
        older: place(pager.next),
        newer: place(pager.previous),
    }
}

/// Who of the side that a message was written to said that it needs no answer, and when.
fn noted(s: &Sight<'_>, message: &MessageRow) -> String {
    let Some(note) = s.d.notes.iter().find(|note| note.message_id == message.id) else {
        return String::new();
    };
    let is_agencys = message.side == Side::Agency.as_str();
    let side = if is_agencys { Side::Platform } else { Side::Agency };
    let (who, time) = (s.who(side.as_str(), Some(note.noted_by)), s.time(note.at));
    s.c.ta("transfer-message-noted", &[("who", &who), ("time", &time)])
}

/// Where the reader says that the last message needs no answer; empty where none waits for one, or not for the reader.
pub(super) fn note_action(s: &Sight<'_>) -> String {
    let is_for = s.is_agency() || may_send(s.me, &s.d.lead);
    match &s.d.newest_message {
        Some(newest) if is_for && message::waits(newest, &s.d.notes, s.me.side.as_str()) => {
            format!("{}/message/noted", paths::transfer(s.d.row.id))
        }
        _ => String::new(),
    }
}

/// Who took a step. What came by a forward was brought by another agency than the transfer's: its people are the
/// platform's to know, and not this agency's.
fn actor(s: &Sight<'_>, step: &StepRow) -> String {
    let side = if step.by_paper { "platform" } else { step.side.as_str() };
    match s.d.forwarders.by_step.get(&step.id) {
        Some((zh, en)) if s.is_agency() => s.c.language.pick(zh, en).to_owned(),
        Some((zh, en)) if side == Side::Agency.as_str() => {
            let name = step.actor_id.and_then(|id| s.d.names.get(&id)).cloned().unwrap_or_default();
            let parts = [name.as_str(), s.c.language.pick(zh, en)];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
        }
        _ => s.who(side, step.actor_id),
    }
}

fn step_event(s: &Sight<'_>, step: &StepRow) -> Event {
    let (c, lang) = (s.c, s.c.language);
    let kind: Option<StepKind> = step.kind.parse().ok();
    // What was recorded from a paper was done on the paper's day.
    let on = step.on_day.unwrap_or_else(|| time::day_of(step.at, s.at.zone));
    let mut lines = Vec::new();
    if let Some(code) = &step.reason_code {
        let reason = reasons().get(code, on);
        lines.push(reason.map_or_else(|| code.clone(), |r| r.name(lang).to_owned()));
        let basis = reason.map_or_else(String::new, |r| r.cited(lang));
        if !basis.is_empty() {
            lines.push(c.tv("transfer-event-basis", "basis", basis));
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
        let day = step.on_day.map(|day| s.day(day)).unwrap_or_default();
        lines.push(c.tv("transfer-event-paper", "day", day));
    }
    Event {
        time: s.time(step.at),
        datetime: step.at.to_string(),
        actor: actor(s, step),
        title: match (kind, s.d.forwarders.by_step.get(&step.id)) {
            (Some(kind), Some((zh, en))) if kind.delivers() => {
                c.tv("transfer-step-forwarded-here", "agency", lang.pick(zh, en))
            }
            (Some(kind), _) => c.t(kind.key()),
            (None, _) => step.kind.clone(),
        },
        body: lines.join("\n"),
        tone: kind.map(StepKind::tone).unwrap_or_default(),
        link: scan(s, step.paper_id),
    }
}
