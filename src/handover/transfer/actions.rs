//! The verbs of a transfer that touch nothing but itself, and [`take`], by which every other room takes a step too:
//! load, decide, append, derive, store, run the clocks; all in the caller's transaction.

use chrono::NaiveDate;
use chrono_tz::Tz;

pub use super::by::{By, paper_allowed};
use super::{
    due, mail,
    model::{self, Standing, Step, StepKind},
    passing,
    requests::{self, RequestRow},
    store::{self, StepRow, TransferRow},
};
use crate::{
    access, audit,
    casework::lead::remark,
    directory::{
        people::{Actor, Role, Side},
        reference::{ReasonKind, agency_types, reasons},
    },
    handover::deadline::{
        self, Occurrence, Parties,
        clocks::{self, Event},
    },
    platform::{
        db::{Connection, Id, Tx},
        error::{AppError, FieldError, Result},
        time,
    },
};

/// A step that is to be taken.
#[derive(Clone, Debug)]
pub struct NewStep<'a> {
    pub kind: StepKind,
    pub reason_code: Option<&'a str>,
    /// Free text, kept where it can be erased by law.
    pub text: &'a str,
    pub target_agency: Option<Id>,
    pub delivery: Option<Id>,
    pub case: Option<Id>,
    /// The day of the act itself, where it is not that of its recording.
    pub on: Option<NaiveDate>,
}

impl NewStep<'_> {
    /// A step of this kind and nothing else.
    pub fn of(kind: StepKind) -> Self {
        Self { kind, reason_code: None, text: "", target_agency: None, delivery: None, case: None, on: None }
    }
}

/// What came of a step.
#[derive(Clone, Debug)]
pub struct Taken {
    pub step: Id,
    pub remark: Option<Id>,
    pub standing: Standing,
    /// The clocks that it started.
    pub started: Vec<deadline::Started>,
}

/// What the clocks must know of a transfer as it stands.
///
/// # Errors
/// Those of the database.
pub fn parties(conn: &mut Connection, row: &TransferRow) -> Result<Parties> {
    let steps = store::as_steps(&store::step_rows(conn, row.id)?)?;
    // History from before there were steps has none.
    let standing =
        if steps.is_empty() { None } else { Some(model::derive(&steps).map_err(AppError::Conflict)?) };
    parties_at(conn, row, standing.as_ref())
}

/// As [`parties`], of a transfer that stood thus; `None`: before its first step.
fn parties_at(conn: &mut Connection, row: &TransferRow, standing: Option<&Standing>) -> Result<Parties> {
    let agency = store::agency_row(conn, row.agency_id)?;
    Ok(Parties {
        transfer: row.id,
        agency_type: agency.type_code,
        sender_role: row.sender_role.clone(),
        accepted: standing.is_some_and(Standing::is_accepted),
        ack_days: agency.ack_days,
        accept_days: agency.accept_days,
    })
}

/// Refuses a day that lies before the transfer was sent, or before the day of a paper that is on record already. A step
/// on the portal bears the day on which it was recorded, which may be later than what it stands for.
///
/// # Errors
/// `Invalid` beside `field`.
pub fn in_order(rows: &[StepRow], day: NaiveDate, field: &'static str, zone: Tz) -> Result<()> {
    let sent = rows.first().map(|step| step.on_day.unwrap_or_else(|| time::day_of(step.at, zone)));
    let last = rows.iter().filter_map(|step| step.on_day).chain(sent).max();
    match last {
        Some(last) if day < last => {
            Err(AppError::Invalid(vec![FieldError::new(field, "error-day-too-early").arg("day", last)]))
        }
        _ => Ok(()),
    }
}

/// The field of the step's form that holds the day of the paper.
fn day_field(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Filed => "filed_on",
        kind if kind.delivers() => "handed_on",
        _ => "on_day",
    }
}

/// Takes a step on a transfer whose row is there.
///
/// # Errors
/// `Conflict` when the state does not allow it, or when the one who sent it would confirm the paper too.
pub fn take(tx: &mut Tx<'_>, row: &TransferRow, new: &NewStep<'_>, by: &By) -> Result<Taken> {
    let rows = store::step_rows(tx.conn(), row.id)?;
    let by = &By { at: by.at.following(rows.last().map(|last| last.at)), ..by.clone() };
    let standing = if rows.is_empty() {
        None
    } else {
        Some(model::derive(&store::as_steps(&rows)?).map_err(AppError::Conflict)?)
    };
    let receipt_of = new.delivery.filter(|_| new.kind == StepKind::Received);
    paper_allowed(tx.conn(), row, &rows, by, receipt_of)?;
    if let Some(day) = by.on_day {
        in_order(&rows, day, day_field(new.kind), by.zone)?;
    }
    let step = Step { kind: new.kind, at: by.at, delivery: new.delivery };
    let parties = parties_at(tx.conn(), row, standing.as_ref())?;
    let standing = model::after(standing.as_ref(), &step).map_err(AppError::Conflict)?;
    // What is acknowledged is its delivery's own receipt, which is asked for there.
    if new.kind != StepKind::Received {
        by.needs_scan()?;
    }
    let id = Id::new();
    let remark = remark::add(tx, "transfer_step", id, new.text)?;
    let new_row = StepRow {
        id,
        kind: new.kind.as_str().into(),
        actor_id: by.actor,
        side: by.side.as_str().into(),
        at: by.at,
        on_day: by.on_day,
        reason_code: new.reason_code.map(str::to_owned),
        target_agency_id: new.target_agency,
        delivery_id: new.delivery,
        remark_id: remark,
        by_paper: by.paper,
        paper_id: by.scan,
    };
    store::insert_step(tx.conn(), row.id, &new_row)?;
    let is_end = standing.state.is_over();
    let mut started = Vec::new();
    for event in events(new.kind) {
        let what =
            Occurrence { event: *event, case: new.case, at: by.effective(new.on), zone: by.zone, is_end };
        started.extend(deadline::happened(tx, &parties, &what)?);
    }
    let next_due = deadline::next_due(tx.conn(), row.id)?;
    store::save_standing(tx.conn(), row.id, &standing, next_due)?;
    Ok(Taken { step: id, remark, standing, started })
}

/// What a step is for the clocks. A further delivery wants an acknowledgement of its own.
pub(super) fn events(kind: StepKind) -> &'static [Event] {
    match kind {
        StepKind::Sent | StepKind::Delivered => &[Event::Sent],
        StepKind::SupplementAnswered => &[Event::SupplementAnswered, Event::Sent],
        StepKind::Received | StepKind::CameBack => &[Event::Received],
        StepKind::Accepted => &[Event::Accepted],
        StepKind::Filed => &[Event::Filed],
        StepKind::NotFiled => &[Event::NotFiled],
        StepKind::NotAccepted => &[Event::NotAccepted],
        StepKind::Returned => &[Event::Returned],
        StepKind::Forwarded => &[Event::Forwarded],
        StepKind::SupplementRequested => &[Event::SupplementRequested],
        StepKind::Withdrawn => &[Event::Withdrawn],
        StepKind::NotPassed => &[],
    }
}

/// Stores the next due times anew, after clocks were started or stopped without a step.
///
/// # Errors
/// Those of the database.
pub fn refresh_due(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    let next_due = deadline::next_due(tx.conn(), id)?;
    due::save(tx.conn(), id, next_due)
}

/// A reason as it was chosen, with its words.
#[derive(Clone, Debug, Default)]
pub struct Why {
    pub code: String,
    pub text: String,
}

impl Why {
    /// Whether the agency may give this reason today.
    ///
    /// # Errors
    /// `Invalid` for an unknown code, or one that must be explained in words and is not.
    pub fn check(&self, kind: ReasonKind, agency_type: &str, today: NaiveDate) -> Result<()> {
        let offered = reasons().offered(kind, agency_types().kind_of(agency_type), today);
        let Some(reason) = offered.iter().find(|reason| reason.code == self.code) else {
            let code = if self.code.is_empty() { "error-choose" } else { "error-unknown" };
            return Err(AppError::field("code", code));
        };
        if reason.needs_text && self.text.is_empty() {
            return Err(AppError::Invalid(vec![FieldError::new("text", "error-required")]));
        }
        Ok(())
    }
}

/// The entry in the audit log of an act on a transfer.
pub fn entry(verb: &'static str, row: &TransferRow) -> audit::Entry {
    audit::Entry::new(verb)
        .object("transfer", row.id)
        .object("lead", row.lead_id)
        .fact("number", row.number.clone())
}

fn with_reason(tx: &mut Tx<'_>, row: &TransferRow, act: &ReasonedAct, why: &Why, by: &By) -> Result<Taken> {
    let agency = store::agency_row(tx.conn(), row.agency_id)?;
    why.check(act.reasons, &agency.type_code, by.on_day.unwrap_or_else(|| time::day_of(by.at, by.zone)))?;
    let new = NewStep { reason_code: Some(&why.code), text: &why.text, ..NewStep::of(act.kind) };
    let taken = take(tx, row, &new, by)?;
    let mut entry = by.mark(entry(act.verb, row).fact("reason", why.code.clone()));
    if !why.text.is_empty() {
        entry = entry.private("text", why.text.clone());
    }
    audit::record(tx, entry)?;
    mail::tell_with(tx, row, Side::Platform, act.mail, &|lang| {
        vec![("agency", agency.name(lang).to_owned())]
    })?;
    Ok(taken)
}

/// An act that needs a reason of a kind.
struct ReasonedAct {
    verb: &'static str,
    kind: StepKind,
    reasons: ReasonKind,
    mail: &'static str,
}

/// 不予受理
///
/// # Errors
/// `NotFound`, `Conflict`, `Invalid`.
pub fn refuse(tx: &mut Tx<'_>, me: &Actor, id: Id, why: &Why, by: &By) -> Result<()> {
    let row = store::visible(tx.conn(), me, id)?;
    let act = ReasonedAct {
        verb: "transfer.refuse",
        kind: StepKind::NotAccepted,
        reasons: ReasonKind::Refuse,
        mail: "transfer-moved",
    };
    with_reason(tx, &row, &act, why, by).map(|_| ())
}

/// 退回: comes back for repair.
///
/// # Errors
/// `NotFound`, `Conflict`, `Invalid`.
pub fn give_back(tx: &mut Tx<'_>, me: &Actor, id: Id, why: &Why, by: &By) -> Result<()> {
    let row = store::visible(tx.conn(), me, id)?;
    let act = ReasonedAct {
        verb: "transfer.return",
        kind: StepKind::Returned,
        reasons: ReasonKind::Return,
        mail: "transfer-moved",
    };
    with_reason(tx, &row, &act, why, by).map(|_| ())
}

/// 不予立案
///
/// # Errors
/// `NotFound`, `Conflict`, `Invalid`.
pub fn not_file(tx: &mut Tx<'_>, me: &Actor, id: Id, why: &Why, by: &By) -> Result<()> {
    let row = store::visible(tx.conn(), me, id)?;
    let act = ReasonedAct {
        verb: "transfer.not_file",
        kind: StepKind::NotFiled,
        reasons: ReasonKind::NotFiled,
        mail: "transfer-moved",
    };
    with_reason(tx, &row, &act, why, by).map(|_| ())
}

/// 要求补充: the platform's clock starts, and the request waits on its worklist.
///
/// # Errors
/// `NotFound`, `Conflict`, `Invalid`.
pub fn ask_supplement(tx: &mut Tx<'_>, me: &Actor, id: Id, why: &Why, by: &By) -> Result<()> {
    let row = store::visible(tx.conn(), me, id)?;
    let act = ReasonedAct {
        verb: "transfer.request_supplement",
        kind: StepKind::SupplementRequested,
        reasons: ReasonKind::Request,
        mail: "supplement-asked",
    };
    let taken = with_reason(tx, &row, &act, why, by)?;
    let due_at = taken.started.iter().filter(|s| s.waits_on == clocks::Side::Sender).map(|s| s.due_at).min();
    let request = RequestRow {
        id: Id::new(),
        transfer_id: row.id,
        code: why.code.clone(),
        remark_id: taken.remark,
        asked_at: by.at,
        due_at,
        answered_delivery_id: None,
        answered_at: None,
    };
    requests::insert(tx.conn(), &request, by.actor)
}

/// Whether the actor may send and withdraw for this lead: a compiler for own or assigned leads, a manager for all.
pub fn may_send(me: &Actor, lead: &store::LeadRow) -> bool {
    let own = lead.owner_id == me.id || lead.assignee_id == Some(me.id);
    me.has(Role::Manager) || (me.has(Role::Compiler) && own)
}

/// Refuses what is only said to the agency, where nobody can sign in to read it.
///
/// # Errors
/// `Conflict`.
pub fn require_reader(conn: &mut Connection, row: &TransferRow) -> Result<()> {
    let is_read = store::has_accounts(conn, row.agency_id)?;
    if is_read { Ok(()) } else { Err(AppError::Conflict("conflict-message-no-reader")) }
}

/// Refuses whoever does not speak for the platform on this transfer, as [`may_send`] has it.
///
/// # Errors
/// `Conflict`.
pub fn require_sender(conn: &mut Connection, row: &TransferRow, me: &Actor) -> Result<()> {
    let lead = store::lead_row(conn, row.lead_id)?;
    if may_send(me, &lead) { Ok(()) } else { Err(AppError::Conflict("conflict-transfer-not-yours")) }
}

/// 撤回 by the platform, with a reason in words.
///
/// # Errors
/// `NotFound`, `Conflict`, `Invalid`.
pub fn withdraw(tx: &mut Tx<'_>, me: &Actor, id: Id, text: &str, by: &By) -> Result<()> {
    let row = store::visible(tx.conn(), me, id)?;
    require_sender(tx.conn(), &row, me)?;
    if text.is_empty() {
        return Err(AppError::field("text", "error-required"));
    }
    let new = NewStep { text, ..NewStep::of(StepKind::Withdrawn) };
    take(tx, &row, &new, by)?;
    // What was downloaded stays with the agency; what was not is not to be had any more.
    let taken_back = store::delivered(tx.conn(), row.id)?;
    for dossier in &taken_back {
        access::revoke(tx, *dossier, row.agency_id)?;
    }
    let entry = entry("transfer.withdraw", &row).objects("dossier", taken_back).private("text", text);
    audit::record(tx, entry)?;
    mail::tell(tx, &row, Side::Agency, "transfer-moved")
}

/// 不再转交: what was forwarded and waits for the platform is not passed on, and both sides are told why.
///
/// # Errors
/// `NotFound`, `Invalid`; `Conflict` where nothing waits, or it is not the actor's to decide.
pub fn not_pass(tx: &mut Tx<'_>, me: &Actor, id: Id, why: &Why, by: &By) -> Result<()> {
    let row = store::visible(tx.conn(), me, id)?;
    require_sender(tx.conn(), &row, me)?;
    let waiting = passing::open_from(tx.conn(), row.id)?;
    let Some(first) = waiting.first() else { return Err(AppError::Conflict("conflict-passing-none")) };
    let agency = store::agency_row(tx.conn(), row.agency_id)?;
    why.check(ReasonKind::NotPassed, &agency.type_code, time::day_of(by.at, by.zone))?;
    let new = NewStep {
        reason_code: Some(&why.code),
        text: &why.text,
        target_agency: Some(first.target_agency_id),
        ..NewStep::of(StepKind::NotPassed)
    };
    take(tx, &row, &new, by)?;
    passing::end(tx.conn(), row.id, by.at)?;
    let entry = entry("transfer.not_pass_on", &row)
        .objects("agency", waiting.iter().map(|one| one.target_agency_id))
        .fact("reason", why.code.clone());
    audit::record(tx, if why.text.is_empty() { entry } else { entry.private("text", why.text.clone()) })?;
    mail::tell(tx, &row, Side::Agency, "transfer-moved")
}
