//! The two verbs: extend a deadline, find that a matter is not the agency's own.

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::{
    audit,
    casework::lead::remark,
    directory::people::{Actor, Side},
    handover::{
        deadline::{
            self, ExtensionRow, Occurrence,
            clocks::{Event, remedy as limits},
            extend::{self, Ground},
        },
        delivery::forwarding as delivery,
        transfer::{
            actions::{self as transfer, By},
            mail,
            model::{self, StepKind},
            requests,
            store::{self as transfers, TransferRow},
        },
    },
    platform::{
        db::{Connection, Id, Instant, Tx},
        error::{AppError, Result},
        i18n,
    },
};

/// What was approved.
#[derive(Clone, Debug)]
pub struct Approved {
    pub ground: Ground,
    pub on: NaiveDate,
    pub reason: String,
}

/// The agency's own act, or the second person's from the paper.
fn visible(tx: &mut Tx<'_>, me: &Actor, id: Id, by: &By) -> Result<TransferRow> {
    let row = transfers::visible(tx.conn(), me, id)?;
    let steps = transfers::step_rows(tx.conn(), row.id)?;
    transfer::paper_allowed(tx.conn(), &row, &steps, by, None)?;
    Ok(row)
}

/// Records that a running time limit was extended: the end moves, reminders follow it, the other side is told.
///
/// # Errors
/// `NotFound`; `Conflict` for one that was stopped, or a paper that is not this person's to record; `Invalid` for a
/// ground that the rule of the day does not know, an approval out of time, an end that is not later.
pub fn extend(tx: &mut Tx<'_>, me: &Actor, id: Id, deadline_id: Id, new: &Approved, by: &By) -> Result<()> {
    let row = visible(tx, me, id, by)?;
    let clock = deadline::find(tx.conn(), deadline_id)?;
    if clock.transfer_id != row.id {
        return Err(AppError::NotFound);
    }
    let before = deadline::extensions(tx.conn(), row.id)?;
    let due = extend::end_by(&clock, &before, &new.ground, new.on, by.zone)?;
    let extension_id = Id::new();
    let remark_id = remark::add(tx, "deadline_extension", extension_id, &new.reason)?;
    let (code, law) = match &new.ground {
        Ground::Clock(code) => (Some(code.clone()), ""),
        Ground::Stated { law, .. } => (None, law.as_str()),
    };
    let law_remark_id = remark::add(tx, "deadline_extension", extension_id, law)?;
    let extension = ExtensionRow {
        id: extension_id,
        deadline_id,
        transfer_id: row.id,
        clock_code: code,
        law_remark_id,
        approved_on: new.on,
        old_due_at: clock.due_at,
        new_due_at: due.at,
        actor_id: by.actor,
        side: by.side.as_str().into(),
        by_paper: by.paper,
        at: by.at,
        remark_id,
        paper_id: by.scan,
    };
    by.needs_scan()?;
    deadline::extend(tx, &extension, due.provisional)?;
    transfer::refresh_due(tx, row.id)?;
    if clock.side == Side::Platform.as_str() {
        requests::move_due(tx.conn(), row.id, due.at)?;
    }
    let entry = transfer::entry("transfer.extend_deadline", &row)
        .object("deadline", deadline_id)
        .fact("clock", clock.clock_code.clone())
        .fact("by", extension.clock_code.clone().unwrap_or_else(|| "stated".into()))
        .fact("approved_on", new.on.to_string())
        .fact("old_due_at", clock.due_at.to_string())
        .fact("new_due_at", due.at.to_string())
        .private("reason", new.reason.clone());
    let entry = by.mark(entry);
    audit::record(tx, if law.is_empty() { entry } else { entry.private("law", law) })?;
    let Some(key) = longer(&clock.clock_code) else {
        return mail::tell(tx, &row, Side::Platform, "transfer-moved");
    };
    mail::tell_with(tx, &row, Side::Platform, "transfer-moved", &|lang| vec![("asked", i18n::t(lang, key))])
}

/// What is asked of the accuser where the time for the decision on the reconsideration is longer now, whatever the state
/// of the transfer would ask for: a message key. That of the next higher police is nobody's here to extend.
fn longer(clock_code: &str) -> Option<&'static str> {
    (clock_code == limits::RECON_DECIDE).then_some("mail-step-remedy-decide-longer")
}

/// That the hours for forwarding begin.
fn found_not_ours(at: Instant, zone: Tz) -> Occurrence {
    Occurrence { event: Event::NotOwnJurisdictionFound, case: None, at, zone, is_end: false }
}

const NONE_TO_START: AppError = AppError::Conflict("conflict-deadline-none-to-start");

/// Refuses a transfer on which the hours for forwarding could not begin at that moment, before anybody says that they do.
///
/// # Errors
/// `Conflict` where they run already, or without a rule on file.
pub fn can_be_found_not_ours(conn: &mut Connection, row: &TransferRow, at: Instant, zone: Tz) -> Result<()> {
    let parties = transfer::parties(conn, row)?;
    let starts = deadline::would_start(conn, &parties, &found_not_ours(at, zone))?;
    if starts { Ok(()) } else { Err(NONE_TO_START) }
}

/// 发现不属于本单位管辖: the hours for forwarding run from `found_at`, before it is known to whom.
///
/// # Errors
/// `NotFound`; `Conflict` in a state from which nothing is forwarded, where it was found before, or without a rule on
/// file; `Invalid` for a time before the dossier was received.
pub fn find_not_ours(
    tx: &mut Tx<'_>,
    me: &Actor,
    id: Id,
    found_at: Instant,
    text: &str,
    by: &By,
) -> Result<()> {
    let row = visible(tx, me, id, by)?;
    let steps = transfers::as_steps(&transfers::step_rows(tx.conn(), row.id)?)?;
    let standing = model::derive(&steps).map_err(AppError::Conflict)?;
    model::allows(&standing, StepKind::Forwarded).map_err(AppError::Conflict)?;
    delivery::found_in_time(&row, found_at, by)?;
    by.needs_scan()?;
    let parties = transfer::parties(tx.conn(), &row)?;
    let started = deadline::happened(tx, &parties, &found_not_ours(found_at, by.zone))?;
    let due_at = started.iter().map(|s| s.due_at).min().ok_or(NONE_TO_START)?;
    transfer::refresh_due(tx, row.id)?;
    let entry = transfer::entry("transfer.not_ours", &row)
        .fact("found_at", found_at.to_string())
        .fact("due_at", due_at.to_string());
    let entry = by.mark(entry);
    audit::record(tx, if text.is_empty() { entry } else { entry.private("text", text) })?;
    // Whatever the state asks for, it is the agency's turn.
    let asked = |lang| vec![("asked", i18n::t(lang, "mail-step-none"))];
    mail::tell_with(tx, &row, Side::Platform, "transfer-moved", &asked)
}
