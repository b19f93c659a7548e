//! The verbs that open and carry on an agency's case: accept, file, join, record a step, mend the details.

use chrono::NaiveDate;

use super::{
    by_paper::{confirmed_against, may_act},
    model::Status,
    store::{self, CaseRow, StepRow},
};
use crate::{
    access, audit,
    casework::lead::remark,
    directory::people::{Actor, Side},
    handover::{
        deadline::{self, Occurrence, clocks::Event},
        delivery::forwarding::{self as delivery, Forwarding},
        transfer::{
            actions::{self as transfer, By, NewStep, Why},
            face, mail,
            model::StepKind,
            store::{self as transfers, TransferRow},
        },
    },
    platform::{
        db::{Id, Tx},
        error::{AppError, FieldError, Result},
        time,
    },
};

/// What the agency calls its matter.
#[derive(Clone, Debug, Default)]
pub struct Details {
    pub number: String,
    pub title: String,
    pub officer: String,
}

/// 受理／受案: the agency's matter opens, or the transfer joins one that is there.
///
/// # Errors
/// `NotFound`, `Conflict`, `Invalid`.
pub fn accept(
    tx: &mut Tx<'_>,
    me: &Actor,
    id: Id,
    join: Option<Id>,
    details: &Details,
    by: &By,
) -> Result<Id> {
    let row = transfers::visible(tx.conn(), me, id)?;
    accept_row(tx, &row, join, details, by)
}

/// As [`accept`], without asking whether the actor may. Returns the case.
///
/// # Errors
/// `Conflict`, `Invalid`.
pub fn accept_row(
    tx: &mut Tx<'_>,
    row: &TransferRow,
    join: Option<Id>,
    details: &Details,
    by: &By,
) -> Result<Id> {
    let case = match join {
        Some(other) => joinable(tx, row.agency_id, other)?,
        None => open(tx, row, details, by)?,
    };
    store::join(tx.conn(), case.id, row.id, by.at)?;
    transfer::take(tx, row, &NewStep { case: Some(case.id), ..NewStep::of(StepKind::Accepted) }, by)?;
    audit::record(tx, by.mark(transfer::entry("transfer.accept", row).object("case", case.id)))?;
    mail::tell(tx, row, Side::Platform, "transfer-moved")?;
    Ok(case.id)
}

fn joinable(tx: &mut Tx<'_>, agency_id: Id, case: Id) -> Result<CaseRow> {
    let case = match store::find(tx.conn(), case) {
        Err(AppError::NotFound) => return Err(AppError::field("join", "error-unknown")),
        found => found?,
    };
    if case.agency_id != agency_id {
        return Err(AppError::field("join", "error-unknown"));
    }
    if case.status().takes_transfers() { Ok(case) } else { Err(AppError::Conflict("conflict-case-over")) }
}

/// Where the number is given, the case that has it can be joined.
const TAKEN: &str = "error-case-number-taken";

/// That no other case of the agency has the number; `taken` says what is to be done where one has.
fn free_number(
    tx: &mut Tx<'_>,
    agency_id: Id,
    number: &str,
    own: Option<Id>,
    taken: &'static str,
) -> Result<()> {
    if number.is_empty() {
        return Ok(());
    }
    match store::by_number(tx.conn(), agency_id, number)? {
        Some(case) if Some(case.id) != own => Err(AppError::field("number", taken)),
        _ => Ok(()),
    }
}

fn open(tx: &mut Tx<'_>, row: &TransferRow, details: &Details, by: &By) -> Result<CaseRow> {
    free_number(tx, row.agency_id, &details.number, None, TAKEN)?;
    let agency = transfers::agency_row(tx.conn(), row.agency_id)?;
    let title = match details.title.as_str() {
        "" => face::of(tx.conn(), row.id)?.title,
        title => title.to_owned(),
    };
    let case = CaseRow {
        id: Id::new(),
        agency_id: row.agency_id,
        number: details.number.clone(),
        title,
        status: Status::Accepted.as_str().into(),
        officer: details.officer.clone(),
        opened_at: by.at,
        filed_on: None,
        synthetic: row.synthetic,
        public_source: String::new(),
        region_code: agency.region_code,
        merged_into: None,
    };
    store::insert(tx.conn(), &case)?;
    access::grant(tx, "case", case.id, row.agency_id)?;
    let on = by.on_day.unwrap_or_else(|| time::day_of(by.at, by.zone));
    step(tx, case.id, Status::Accepted, on, None, by)?;
    Ok(case)
}

fn step(tx: &mut Tx<'_>, case: Id, kind: Status, on: NaiveDate, remark: Option<Id>, by: &By) -> Result<()> {
    let row = StepRow {
        id: Id::new(),
        kind: kind.as_str().into(),
        on_day: on,
        actor_id: by.actor,
        at: by.at,
        remark_id: remark,
        paper_id: None,
    };
    store::insert_step(tx.conn(), case, &row)
}

/// How a transfer is filed.
#[derive(Clone, Debug)]
pub struct Filing {
    pub on: NaiveDate,
    pub details: Details,
    /// A case of the same agency to join, instead of the matter that opened with the acceptance.
    pub join: Option<Id>,
}

/// 立案: the matter becomes a case with the agency's own number, or the transfer joins another case (并案).
///
/// # Errors
/// `NotFound`, `Conflict`, `Invalid`.
pub fn file(tx: &mut Tx<'_>, me: &Actor, id: Id, filing: &Filing, by: &By) -> Result<Id> {
    let row = transfers::visible(tx.conn(), me, id)?;
    let steps = transfers::step_rows(tx.conn(), row.id)?;
    transfer::in_order(&steps, filing.on, "filed_on", by.zone)?;
    file_row(tx, &row, filing, by)
}

/// As [`file`], without asking whether the actor may. Returns the case.
///
/// # Errors
/// `Conflict`, `Invalid`.
pub fn file_row(tx: &mut Tx<'_>, row: &TransferRow, filing: &Filing, by: &By) -> Result<Id> {
    let own = store::of_transfer(tx.conn(), row.id)?;
    let mut case = match (filing.join, &own) {
        (Some(other), _) => joinable(tx, row.agency_id, other)?,
        (None, Some(own)) => own.clone(),
        (None, None) => open(tx, row, &filing.details, by)?,
    };
    let mut merged = None;
    let new = NewStep { case: Some(case.id), on: Some(filing.on), ..NewStep::of(StepKind::Filed) };
    transfer::take(tx, row, &new, by)?;
    if own.as_ref().is_none_or(|own| own.id != case.id) {
        store::join(tx.conn(), case.id, row.id, by.at)?;
        if let Some(own) = own {
            merged = merge(tx, own, case.id, filing.on, by)?;
        }
    }
    if case.filed_on.is_none() {
        become_case(tx, &mut case, filing, by)?;
    }
    let entry = transfer::entry("transfer.file", row)
        .object("case", case.id)
        .objects("merged_case", merged)
        .fact("filed_on", filing.on.to_string());
    audit::record(tx, by.mark(entry))?;
    mail::tell(tx, row, Side::Platform, "transfer-moved")?;
    Ok(case.id)
}

fn become_case(tx: &mut Tx<'_>, case: &mut CaseRow, filing: &Filing, by: &By) -> Result<()> {
    let details = &filing.details;
    if !details.number.is_empty() {
        case.number.clone_from(&details.number);
    }
    if case.number.is_empty() {
        return Err(AppError::field("number", "error-required"));
    }
    free_number(tx, case.agency_id, &case.number, Some(case.id), TAKEN)?;
    if !details.title.is_empty() {
        case.title.clone_from(&details.title);
    }
    if !details.officer.is_empty() {
        case.officer.clone_from(&details.officer);
    }
    case.filed_on = Some(filing.on);
    case.status = Status::Filed.as_str().into();
    store::save(tx.conn(), case)?;
    step(tx, case.id, Status::Filed, filing.on, None, by)
}

/// A matter whose living transfers all went on in another case ends there. Returns it then.
fn merge(tx: &mut Tx<'_>, mut from: CaseRow, into: Id, on: NaiveDate, by: &By) -> Result<Option<Id>> {
    if from.filed_on.is_some() || store::live_transfers(tx.conn(), from.id)? > 0 {
        return Ok(None);
    }
    from.status = Status::Merged.as_str().into();
    from.merged_into = Some(into);
    store::save(tx.conn(), &from)?;
    step(tx, from.id, Status::Merged, on, None, by)?;
    Ok(Some(from.id))
}

/// 不予立案; the matter ends too, when no other transfer that is not over is joined to it.
///
/// # Errors
/// `NotFound`, `Conflict`, `Invalid`.
pub fn not_file(tx: &mut Tx<'_>, me: &Actor, id: Id, why: &Why, by: &By) -> Result<()> {
    transfer::not_file(tx, me, id, why, by)?;
    end_matter(tx, id, by)
}

/// 退回; a matter that had opened ends.
///
/// # Errors
/// `NotFound`, `Conflict`, `Invalid`.
pub fn give_back(tx: &mut Tx<'_>, me: &Actor, id: Id, why: &Why, by: &By) -> Result<()> {
    transfer::give_back(tx, me, id, why, by)?;
    end_matter(tx, id, by)
}

/// 转送; a matter that had opened ends here.
///
/// # Errors
/// `NotFound`, `Conflict`, `Invalid`.
pub fn forward(tx: &mut Tx<'_>, me: &Actor, id: Id, forwarding: &Forwarding, by: &By) -> Result<()> {
    delivery::forward(tx, me, id, forwarding, by)?;
    end_matter(tx, id, by)
}

/// Ends the matter of a transfer that left before it became a case, once none of its transfers lives on.
fn end_matter(tx: &mut Tx<'_>, transfer_id: Id, by: &By) -> Result<()> {
    let Some(mut case) = store::of_transfer(tx.conn(), transfer_id)? else { return Ok(()) };
    if case.filed_on.is_some() || case.status().is_over() || store::live_transfers(tx.conn(), case.id)? > 0 {
        return Ok(());
    }
    case.status = Status::Ended.as_str().into();
    store::save(tx.conn(), &case)?;
    let on = by.on_day.unwrap_or_else(|| time::day_of(by.at, by.zone));
    step(tx, case.id, Status::Ended, on, None, by)
}

/// A step of a case that is to be recorded.
#[derive(Clone, Debug)]
pub struct Progress {
    pub kind: Status,
    pub on: NaiveDate,
    pub text: String,
    /// The scanned paper that it is recorded from; from the platform's side only.
    pub paper: Option<Id>,
}

/// The steps of a case, and whoever takes the next one on a day: not before the last one's time, nor before its day or
/// `since`.
///
/// # Errors
/// `Invalid` beside `on` for a day that is too early.
pub(super) fn in_order(
    tx: &mut Tx<'_>,
    case: Id,
    (on, since): (NaiveDate, Option<NaiveDate>),
    by: &By,
) -> Result<(Vec<StepRow>, By)> {
    let steps = store::steps(tx.conn(), case)?;
    let last = steps.iter().map(|step| step.on_day).chain(since).max();
    if let Some(last) = last.filter(|last| on < *last) {
        return Err(AppError::Invalid(vec![FieldError::new("on", "error-day-too-early").arg("day", last)]));
    }
    let at = by.at.following(steps.iter().map(|step| step.at).max());
    Ok((steps, By { at, ..by.clone() }))
}

/// Records that a case went on. What the step ends, it ends at its own time: by that a reopening finds it.
///
/// # Errors
/// `NotFound`, `Conflict`; `Invalid` for a paper that is none of the case's, or a step back without a word why.
pub fn progress(tx: &mut Tx<'_>, me: &Actor, id: Id, new: &Progress, by: &By) -> Result<()> {
    let mut case = store::visible(tx.conn(), me, id)?;
    may_act(tx.conn(), &case, by.paper)?;
    case.status().allows_progress().map_err(AppError::Conflict)?;
    if new.kind.is_behind(case.status()) && new.text.trim().is_empty() {
        return Err(AppError::field("text", "error-case-step-back"));
    }
    let paper_id = confirmed_against(tx, &case, new.paper, by)?;
    let (_, by) = &in_order(tx, case.id, (new.on, case.filed_on), by)?;
    let remark_id = remark::add(tx, "case", case.id, &new.text)?;
    let row = StepRow {
        id: Id::new(),
        kind: new.kind.as_str().into(),
        on_day: new.on,
        actor_id: by.actor,
        at: by.at,
        remark_id,
        paper_id,
    };
    store::insert_step(tx.conn(), case.id, &row)?;
    case.status = new.kind.as_str().into();
    store::save(tx.conn(), &case)?;
    let mut entry = audit::Entry::new("case.step")
        .object("case", case.id)
        .objects("case_paper", paper_id)
        .fact("kind", new.kind.as_str())
        .fact("on", new.on.to_string())
        .fact("by_paper", by.paper);
    if !new.text.is_empty() {
        entry = entry.private("text", new.text.clone());
    }
    audit::record(tx, entry)?;
    let at = by.effective(Some(new.on));
    for row in store::joined(tx.conn(), case.id)? {
        if new.kind == Status::Penalised {
            let parties = transfer::parties(tx.conn(), &row)?;
            let event = Event::PenaltyDecision;
            let what = Occurrence { event, case: Some(case.id), at, zone: by.zone, is_end: false };
            deadline::happened(tx, &parties, &what)?;
        }
        // What ended before the case, as one that was not filed, has time limits of its own.
        if new.kind.is_over() && !row.state().is_over() {
            deadline::lose_object(tx, row.id, at)?;
        }
        if row.next_due_at.is_some() || new.kind == Status::Penalised {
            transfer::refresh_due(tx, row.id)?;
        }
        mail::tell(tx, &row, Side::Platform, "transfer-moved")?;
    }
    Ok(())
}

/// Mends what the agency calls its case; from the platform's side by the scanned `paper` that says so.
///
/// # Errors
/// `NotFound`, `Conflict`, `Invalid`.
pub fn rename(
    tx: &mut Tx<'_>,
    me: &Actor,
    id: Id,
    details: &Details,
    paper: Option<Id>,
    by: &By,
) -> Result<()> {
    let mut case = store::visible(tx.conn(), me, id)?;
    may_act(tx.conn(), &case, by.paper)?;
    let paper_id = confirmed_against(tx, &case, paper, by)?;
    if case.filed_on.is_some() && details.number.is_empty() {
        return Err(AppError::field("number", "error-required"));
    }
    // There is nothing to be joined here.
    free_number(tx, case.agency_id, &details.number, Some(case.id), "error-case-number-other")?;
    let before = (case.number.clone(), case.title.clone(), case.officer.clone());
    if before == (details.number.clone(), details.title.clone(), details.officer.clone()) {
        return audit::unchanged(tx, "case.edit", ("case", case.id));
    }
    case.number.clone_from(&details.number);
    case.title.clone_from(&details.title);
    case.officer.clone_from(&details.officer);
    store::save(tx.conn(), &case)?;
    let entry = audit::Entry::new("case.edit")
        .object("case", case.id)
        .objects("case_paper", paper_id)
        .fact("by_paper", by.paper)
        .private("before", format!("{} · {} · {}", before.0, before.1, before.2))
        .private("after", format!("{} · {} · {}", case.number, case.title, case.officer));
    audit::record(tx, entry).map(|_| ())
}
