//! The verbs: one step of the remedy is recorded, with what it stops and starts.

use chrono::NaiveDate;

use super::{
    model::{Step, Verdict},
    store::{self, RemedyRow},
};
use crate::{
    audit,
    casework::lead::remark,
    directory::people::{Actor, Side},
    handover::{
        deadline::{self, Occurrence, clocks::Event},
        transfer::{
            actions::{self as transfer, By},
            mail,
            model::State,
            seen, store as transfers,
        },
    },
    platform::{
        db::{Id, Tx},
        error::{AppError, FieldError, Result},
        i18n,
    },
};

/// A step that is to be recorded.
#[derive(Clone, Debug)]
pub struct NewStep {
    pub step: Step,
    pub on: NaiveDate,
    /// Of the notice, request or decision; may be empty.
    pub number: String,
    pub verdict: Option<Verdict>,
    /// Why nothing is asked for; may be empty.
    pub text: String,
}

/// Whoever recorded what the accuser asks for does not say from a paper what the police decided on it.
pub(super) const SAME_PERSON: &str = "conflict-remedy-same-person";

/// What a step is for the clocks. A request is taken to be received on the day on which it was handed in, and a decision
/// on the day on which it reached the accuser.
fn events(new: &NewStep) -> &'static [Event] {
    match (new.step, new.verdict) {
        (Step::Served, _) => &[Event::NoFilingNoticeServed],
        (Step::AskWaived, _) => &[Event::ReconsiderationWaived],
        (Step::Asked, _) => &[Event::ReconsiderationAsked, Event::ReconsiderationRequestReceived],
        // Against a decision that was revoked there is nothing to be reviewed.
        (Step::Decided, Some(Verdict::Revoked)) => &[Event::ReconsiderationDecided],
        (Step::Decided, _) => &[Event::ReconsiderationDecided, Event::ReconsiderationDecisionReceived],
        (Step::ReviewWaived, _) => &[Event::ReviewWaived],
        (Step::ReviewAsked, _) => &[Event::ReviewAsked, Event::ReviewRequestReceived],
        (Step::ReviewDecided, _) => &[Event::ReviewDecided],
    }
}

/// What the other side is asked for after a step: a message key.
fn asked(new: &NewStep, of: Side) -> &'static str {
    match (of, new.step, new.verdict) {
        (Side::Platform, Step::Served, _) => "mail-step-remedy-ask",
        (Side::Agency, Step::Asked, _) => "mail-step-remedy-decide",
        // The next higher police decide it, and the agency says what.
        (Side::Agency, Step::ReviewAsked, _) => "mail-step-remedy-record",
        (Side::Platform, Step::Decided, Some(Verdict::Upheld)) => "mail-step-remedy-review",
        (Side::Platform, Step::Decided | Step::ReviewDecided, Some(Verdict::Revoked)) => {
            "mail-step-remedy-anew"
        }
        _ => "mail-step-none",
    }
}

/// Records a step of the remedy: once, in its order, on no day before that of the step that it follows. The notice may
/// have been served before the decision was recorded on the portal, but not before the days that are on record of papers.
///
/// # Errors
/// `NotFound`; `Conflict` where it is not the accuser's transfer, not the next step, or somebody else's lead, and where a
/// decision of the agency is not this person's to record from its paper, or answers what this person asked for;
/// `Invalid` for a day too early, or too late after it was said that nothing is asked for, no verdict or no scan of that
/// paper.
pub fn record(tx: &mut Tx<'_>, me: &Actor, id: Id, new: &NewStep, by: &By) -> Result<()> {
    let row = transfers::visible(tx.conn(), me, id)?;
    let steps = transfers::step_rows(tx.conn(), row.id)?;
    if new.step.is_agencys() {
        // Whoever sent the dossier as the accuser does not say what the police decided on it.
        transfer::paper_allowed(tx.conn(), &row, &steps, by, None)?;
    } else if me.agency.is_none() {
        transfer::require_sender(tx.conn(), &row, me)?;
    }
    let agency = transfers::agency_row(tx.conn(), row.agency_id)?;
    let remedy =
        store::of(tx.conn(), &row, &agency, &steps)?.ok_or(AppError::Conflict("conflict-remedy-none"))?;
    if new.step.is_agencys() && by.paper && by.actor.is_some_and(|me| remedy.is_asked_by(me)) {
        return Err(AppError::Conflict(SAME_PERSON));
    }
    remedy.allows(new.step).map_err(AppError::Conflict)?;
    if new.step.has_verdict() != new.verdict.is_some() {
        return Err(AppError::field("verdict", "error-choose"));
    }
    let until = steps.iter().position(|step| step.id == remedy.decision).map_or(0, |place| place + 1);
    transfer::in_order(&steps[..until], new.on, "on", by.zone)?;
    if let Some(earliest) = remedy.earliest().filter(|earliest| new.on < *earliest) {
        let fault = FieldError::new("on", "error-day-too-early").arg("day", earliest);
        return Err(AppError::Invalid(vec![fault]));
    }
    if let Some(end) = store::end_after_waiver(tx.conn(), &row, &remedy, by.zone)?.filter(|end| new.on > *end)
    {
        let fault = FieldError::new("on", "error-remedy-time-over").arg("day", end);
        return Err(AppError::Invalid(vec![fault]));
    }
    let by = &By { at: by.at.following(remedy.taken.iter().map(|taken| taken.at).max()), ..by.clone() };
    let verdict = new.verdict.map(Verdict::as_str);
    by.needs_scan()?;
    let id = Id::new();
    let step = RemedyRow {
        id,
        transfer_id: row.id,
        decision_id: remedy.decision,
        kind: new.step.as_str().into(),
        on_day: new.on,
        number: new.number.clone(),
        verdict: verdict.map(str::to_owned),
        actor_id: by.actor,
        side: by.side.as_str().into(),
        at: by.at,
        paper_id: by.scan,
        remark_id: remark::add(tx, "remedy_step", id, &new.text)?,
    };
    store::insert(tx.conn(), &step)?;
    let parties = transfer::parties(tx.conn(), &row)?;
    for event in events(new) {
        let at = by.effective(Some(new.on));
        let what = Occurrence { event: *event, case: None, at, zone: by.zone, is_end: false };
        deadline::happened(tx, &parties, &what)?;
    }
    if new.step.is_waiver() && row.state() == State::NotFiled {
        // Whoever asks for nothing has read of the decision and is done with it.
        seen::put_away(tx, me, &row)?;
    }
    transfer::refresh_due(tx, row.id)?;
    let mut entry =
        transfer::entry(new.step.verb(), &row).fact("on", new.on.to_string()).fact("side", by.side.as_str());
    if let Some(verdict) = verdict {
        entry = entry.fact("verdict", verdict);
    }
    if new.step.is_agencys() {
        entry = by.mark(entry);
    }
    if !new.number.is_empty() {
        entry = entry.private("paper_number", new.number.clone());
    }
    if !new.text.is_empty() {
        entry = entry.private("text", new.text.clone());
    }
    audit::record(tx, entry)?;
    if new.step.is_waiver() {
        // As in what changed: nothing waits for the agency, and it finds this on the page.
        return Ok(());
    }
    // What a second person recorded from the agency's paper is news to those whose lead it is.
    let is_agencys = by.side == Side::Agency || by.paper;
    let other = if is_agencys { Side::Platform } else { Side::Agency };
    let key = asked(new, other);
    mail::tell_with(tx, &row, other, "transfer-moved", &|lang| vec![("asked", i18n::t(lang, key))])
}
