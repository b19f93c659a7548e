//! What the reader of a transfer can do now, and whose turn it is.

use super::{Offer, Sight, remedy};
use crate::{
    directory::{
        people::{ForAgency, Recorder, Role, Side},
        reference::reasons,
    },
    handover::{
        deadline::{
            self, DeadlineRow, Parties,
            clocks::{self, Event},
            extend,
        },
        desk::detail::Next,
        transfer::{
            actions::may_send,
            model::{self, State, StepKind},
        },
    },
    platform::{i18n, paths, time},
};

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
        StepKind::NotPassed => ("not-passed", "danger"),
    }
}

/// Whether the reader takes the agency's steps.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ForIt {
    Can,
    /// The receipt of what was handed over by hand, and nothing else: the agency can sign in.
    Receipt,
    /// The one who sent the dossier does not record the agency's papers.
    IsSender,
    Cannot,
}

fn for_agency(s: &Sight<'_>) -> ForIt {
    if s.is_agency() {
        return ForIt::Can;
    }
    if !s.me.has_any(ForAgency::ROLES) || (s.d.has_accounts && !awaits_receipt(s)) {
        return ForIt::Cannot;
    }
    let sender = s.d.deliveries.first().map(|(delivery, _)| delivery.sent_by);
    if sender == Some(s.me.id) || s.d.first_senders.contains(&s.me.id) {
        return ForIt::IsSender;
    }
    if s.d.has_accounts { ForIt::Receipt } else { ForIt::Can }
}

/// Whether the reader records from the papers of an agency where nobody can sign in.
pub(super) fn records_papers(s: &Sight<'_>) -> bool {
    !s.is_agency() && !s.d.has_accounts && for_agency(s) == ForIt::Can
}

/// Whether what was handed over last by hand is still to be acknowledged.
fn awaits_receipt(s: &Sight<'_>) -> bool {
    let newest = s.d.deliveries.iter().find(|(delivery, _)| Some(delivery.id) == s.d.standing.newest);
    newest.is_some_and(|(delivery, _)| delivery.is_by_hand())
        && model::allows(&s.d.standing, StepKind::Received).is_ok()
}

/// Whether the reader can record that a deadline was extended.
pub(super) fn may_extend(s: &Sight<'_>, row: &DeadlineRow) -> bool {
    let today = time::day_of(s.at.now, s.at.zone);
    for_agency(s) == ForIt::Can && !extend::ways(row, &s.d.extensions, today, s.at.zone).is_empty()
}

/// Whether the hours for forwarding can start: there is a rule for this agency, and they don't run yet.
fn may_find_not_ours(s: &Sight<'_>) -> bool {
    let d = s.d;
    if model::allows(&d.standing, StepKind::Forwarded).is_err() {
        return false;
    }
    let parties = Parties {
        transfer: d.row.id,
        agency_type: d.agency.type_code.clone(),
        sender_role: d.row.sender_role.clone(),
        accepted: d.standing.is_accepted(),
        ack_days: None,
        accept_days: None,
    };
    let today = time::day_of(s.at.now, s.at.zone);
    let clocks = deadline::startable(&parties, Event::NotOwnJurisdictionFound, today);
    let runs = |code: &str| d.deadlines.iter().any(|row| row.stopped_at.is_none() && row.clock_code == code);
    !clocks.is_empty() && !clocks.iter().any(|clock| runs(&clock.code))
}

/// The time limit for forwarding, while it runs: the agency found that the matter is not within its competence.
fn forward_by<'a>(s: &'a Sight<'_>) -> Option<&'a DeadlineRow> {
    s.d.deadlines.iter().find(|row| row.stopped_at.is_none() && row.clock_code == clocks::FORWARD)
}

/// What this person can do now: the acknowledgement, the other verbs, and why papers can't be recorded.
pub(super) fn offers(s: &Sight<'_>) -> (Option<String>, Vec<Offer>, String) {
    let (c, d) = (s.c, s.d);
    let back = paths::transfer(d.row.id);
    let mut kinds = Vec::new();
    let mut note = String::new();
    let for_agency = for_agency(s);
    match for_agency {
        ForIt::Can => kinds = model::offered(&d.standing, Side::Agency),
        ForIt::Receipt => kinds = vec![StepKind::Received],
        ForIt::IsSender => note = c.t("transfer-paper-other-person"),
        ForIt::Cannot => {}
    }
    if !s.is_agency() && s.me.has_any(Recorder::ROLES) && may_send(s.me, &d.lead) {
        kinds.extend(model::offered(&d.standing, Side::Platform));
    }
    let one_press = s.is_agency() && kinds.first() == Some(&StepKind::Received);
    let acknowledge = one_press.then(|| format!("{back}/acknowledge"));
    let is_to_forward = forward_by(s).is_some();
    if is_to_forward {
        kinds.sort_by_key(|kind| *kind != StepKind::Forwarded);
    }
    let mut offers: Vec<Offer> = mending(s).into_iter().chain(of_case(s)).collect();
    if let (Some((id, version)), true) = (d.unsent, may_send(s.me, &d.lead) && !s.is_agency()) {
        let label = c.tv("transfer-do-send-version", "version", version);
        offers.push(Offer { href: format!("/transfers/new?dossier={id}"), label, tone: "primary" });
    }
    if !d.waiting.is_empty() && !s.is_agency() && may_send(s.me, &d.lead) {
        offers.extend(passing_on(s));
        let (name, tone) = verb(StepKind::NotPassed);
        let label = c.t("transfer-verb-not-passed");
        offers.push(Offer { href: format!("{back}/{name}"), label, tone });
    }
    offers.extend(kinds.into_iter().filter(|kind| !(one_press && *kind == StepKind::Received)).map(|kind| {
        let (name, tone) = verb(kind);
        let tone = match kind {
            StepKind::Forwarded if is_to_forward => "primary",
            // Still allowed, and not what comes next.
            StepKind::Accepted | StepKind::Filed if is_to_forward => "",
            _ => tone,
        };
        Offer { href: format!("{back}/{name}"), label: c.t(format!("transfer-verb-{name}")), tone }
    }));
    if for_agency == ForIt::Can && may_find_not_ours(s) {
        let label = c.t("transfer-verb-not-ours");
        offers.push(Offer { href: format!("{back}/not-ours"), label, tone: "" });
    }
    (acknowledge, offers, note)
}

/// What comes next of a case that was filed goes on at the case: its page, and the form of its outcomes, for whoever keeps
/// the agency's side.
fn of_case(s: &Sight<'_>) -> Vec<Offer> {
    let is_its_keeper = s.is_agency() || records_papers(s);
    let Some(case) = s.d.case.as_ref().filter(|_| s.d.row.state() == State::Filed && is_its_keeper) else {
        return Vec::new();
    };
    let href = paths::case(case.id);
    let outcomes = case.status().takes_outcomes().then(|| Offer {
        href: format!("{href}/outcomes/new"),
        label: s.c.t("transfer-do-record-outcome"),
        tone: "",
    });
    let case = Offer { href, label: s.c.t("transfer-do-open-case"), tone: "primary" };
    [case].into_iter().chain(outcomes).collect()
}

/// Where a forward that waits goes on: by sending what is sealed for the other agency, or by composing it.
fn passing_on(s: &Sight<'_>) -> Option<Offer> {
    let d = s.d;
    // An agency that has the lead is sent nothing by a forward: that one ends first.
    let to = d.passing.as_ref().filter(|_| d.held.is_none())?;
    let (href, key) = match (to.next, d.lead.state.as_str()) {
        (Next::Sealed(dossier), "approved" | "in_review" | "draft") => {
            (format!("/transfers/new?dossier={dossier}"), "transfer-do-passing")
        }
        (Next::Lacking, "draft") if is_compiler(s) => {
            let composing = format!("{}/new?agency={}", paths::lead_dossiers(d.lead.id), to.agency);
            (composing, "transfer-do-passing-compose")
        }
        _ => return None,
    };
    Some(Offer { href, label: s.c.t(key), tone: "primary" })
}

/// Whether a forward waits for a version that is not there yet, nor on its way.
fn lacks_passing(s: &Sight<'_>) -> bool {
    s.d.held.is_none() && s.d.passing.as_ref().is_some_and(|to| to.next == Next::Lacking)
}

/// Whether the lead is the reader's own to reopen and to compose of.
fn is_compiler(s: &Sight<'_>) -> bool {
    let own = s.d.lead.owner_id == s.me.id || s.d.lead.assignee_id == Some(s.me.id);
    own && s.me.has(Role::Compiler)
}

/// What the platform can do at one press about a lead that waits for it: open it again to mend or supplement it, or
/// take note that it came back.
pub(super) fn presses(s: &Sight<'_>) -> Vec<Offer> {
    let d = s.d;
    if s.is_agency() || !s.me.has_any(Recorder::ROLES) || !may_send(s.me, &d.lead) {
        return Vec::new();
    }
    let mut presses = Vec::new();
    let key = match d.row.state() {
        // Nobody waits for the supplement of what is about to be forwarded.
        State::SupplementRequested if forward_by(s).is_some() => None,
        _ if lacks_passing(s) => Some("transfer-do-reopen-anew"),
        // What is sealed and waits to be sent is offered already.
        _ if d.unsent.is_some() => None,
        State::SupplementRequested => Some("transfer-do-reopen-supplement"),
        State::Returned => Some("transfer-do-reopen-mend"),
        _ if remedy::is_revoked(s) => Some("transfer-do-reopen-anew"),
        _ => None,
    };
    if let Some(key) = key.filter(|_| is_compiler(s) && d.lead.state == "approved") {
        let href = format!("{}/reopen", paths::lead(d.lead.id));
        presses.push(Offer { href, label: s.c.t(key), tone: "primary" });
    }
    // To have read of it ends nothing while it waits by itself.
    if d.is_unseen && d.waiting.is_empty() && !remedy::goes_on(s) {
        let href = format!("{}/seen", paths::transfer(d.row.id));
        presses.push(Offer { href, label: s.c.t("transfer-do-seen"), tone: "" });
    }
    presses
}

/// Where the lead of a transfer that waits for the platform is mended already: its draft.
fn mending(s: &Sight<'_>) -> Option<Offer> {
    let d = s.d;
    let waits = match d.row.state() {
        // Nobody waits for the supplement of what is about to be forwarded.
        State::SupplementRequested => forward_by(s).is_none(),
        State::Returned => true,
        _ => remedy::is_revoked(s),
    };
    let own = may_send(s.me, &d.lead) && !s.is_agency();
    let label = || s.c.t("transfer-do-mend");
    (waits && own && d.lead.state == "draft").then(|| Offer {
        href: paths::lead(d.lead.id),
        label: label(),
        tone: "primary",
    })
}

/// Where a forwarded transfer went. Whether a dossier is there or waits for the platform would tell the forwarder what
/// the other agency has, so that it reads one and the same.
fn forwarded_to<'a>(s: &'a Sight<'_>) -> Option<&'a (String, String)> {
    let last = s.d.steps.last().filter(|step| step.kind == StepKind::Forwarded.as_str())?;
    s.d.targets.get(&last.target_agency_id?)
}

pub(super) fn turn(s: &Sight<'_>) -> String {
    let side = if s.is_agency() { "agency" } else { "platform" };
    let state = s.d.row.state();
    if let Some((zh, en)) = s.d.waiting.first().filter(|_| state == State::Forwarded && !s.is_agency()) {
        let agency = s.c.language.pick(zh, en);
        return match &s.d.held {
            Some((hold, number)) => {
                let key = format!("transfer-turn-platform-passing-{}", hold.as_str());
                s.c.ta(&key, &[("agency", agency), ("number", number.as_str())])
            }
            None => {
                let key = match s.d.passing.as_ref().map(|to| to.next) {
                    Some(Next::Sealing) => "transfer-turn-platform-passing-sealing",
                    Some(Next::Closed) => "transfer-turn-platform-passing-closed",
                    _ => "transfer-turn-platform-passing",
                };
                s.c.tv(key, "agency", agency)
            }
        };
    }
    let last = s.d.steps.last();
    if let Some(last) = last.filter(|step| step.kind == StepKind::NotPassed.as_str()) {
        let code = last.reason_code.as_deref().unwrap_or_default();
        let reason = reasons().get(code, time::day_of(last.at, s.at.zone));
        let reason = reason.map_or_else(|| code.to_owned(), |r| r.name(s.c.language).to_owned());
        return s.c.tv(&format!("transfer-turn-{side}-not-passed"), "reason", i18n::unstopped(&reason));
    }
    if let Some((zh, en)) = forwarded_to(s).filter(|_| s.is_agency()) {
        return s.c.tv("transfer-turn-agency-forwarded", "agency", s.c.language.pick(zh, en));
    }
    let is_anew = remedy::is_revoked(s) || matches!(state, State::SupplementRequested | State::Returned);
    let is_over = matches!(state, State::NotAccepted | State::NotFiled | State::Withdrawn);
    let next = next_version(s);
    if let Some(next) = next.clone().filter(|_| is_anew) {
        return next;
    }
    if let Some(turn) = remedy::turn(s).or(next.filter(|_| is_over)) {
        return turn;
    }
    let what = match state {
        State::Forwarded if !s.is_agency() => "forwarded".to_owned(),
        State::NotAccepted | State::NotFiled | State::Forwarded | State::Withdrawn => "over".to_owned(),
        _ => state.as_str().replace('_', "-"),
    };
    let turn = match forward_by(s) {
        Some(row) => not_ours(s, row),
        None => s.c.t(format!("transfer-turn-{side}-{what}")),
    };
    match unacknowledged(s, side) {
        Some(arrived) if state == State::Sent => arrived,
        Some(arrived) => [arrived, turn].join(s.c.language.pick("", " ")),
        None => turn,
    }
}

/// How far the version is that is to be sent next, once it is composed: what was done for it is not asked for again.
fn next_version(s: &Sight<'_>) -> Option<String> {
    if s.is_agency() || forward_by(s).is_some() {
        return None;
    }
    if let Some((_, version)) = s.d.unsent {
        return Some(s.c.tv("transfer-turn-platform-next-send", "version", version));
    }
    match s.d.unsealed? {
        true => Some(s.c.t("transfer-turn-platform-next-sealing")),
        false if s.d.lead.state == "in_review" => Some(s.c.t("transfer-turn-platform-next-review")),
        false => None,
    }
}

/// What comes next of a matter that the agency found not to be within its competence, by its time limit for forwarding.
fn not_ours(s: &Sight<'_>, row: &DeadlineRow) -> String {
    if !s.is_agency() {
        // What nobody at the agency can record is recorded from its paper.
        let key = if s.d.has_accounts { "not-ours" } else { "not-ours-paper" };
        return s.c.t(format!("transfer-turn-platform-{key}"));
    }
    let when = if row.due_at < s.at.now { "over" } else { "until" };
    s.c.tv(&format!("transfer-turn-agency-not-ours-{when}"), "time", s.time(row.due_at))
}

/// What is to be done about the newest version, where that is more than the state says: it came after others, or its
/// receipt is on file and only to be recorded.
fn unacknowledged(s: &Sight<'_>, side: &str) -> Option<String> {
    let state = s.d.row.state();
    if !s.d.standing.unacknowledged || state.is_over() {
        return None;
    }
    let (delivery, dossier) = s.d.deliveries.first()?;
    if delivery.receipt_blob_id.is_some() && !s.is_agency() {
        return Some(s.c.t("transfer-turn-platform-receipt"));
    }
    let key = format!("transfer-turn-{side}-version");
    (state != State::Sent).then(|| s.c.tv(&key, "version", dossier.version))
}

/// What the open request asks for; nothing that matters to anybody once the matter is to be forwarded.
pub(super) fn asked(s: &Sight<'_>) -> Option<String> {
    let open = s.d.requests.iter().find(|r| r.answered_at.is_none())?;
    if s.d.row.state() != State::SupplementRequested || forward_by(s).is_some() {
        return None;
    }
    let on = time::day_of(open.asked_at, s.at.zone);
    let lang = s.c.language;
    let reason = reasons().get(&open.code, on).map_or_else(|| open.code.clone(), |r| r.name(lang).to_owned());
    let text = open.remark_id.and_then(|id| s.d.texts.get(&id)).cloned().unwrap_or_default();
    Some([reason, text].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("\n"))
}
