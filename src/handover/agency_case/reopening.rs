//! 重新开启: a case that was closed or withdrawn by mistake stands again where it stood before, and what was ended by the
//! closing runs on.

use chrono::NaiveDate;

use super::{
    actions::in_order,
    by_paper::{confirmed_against, may_act},
    model::{REOPENED, resumed},
    store::{self, StepRow},
};
use crate::{
    audit,
    casework::lead::remark,
    directory::people::{Actor, Side},
    handover::transfer::{
        actions::By,
        mail,
        resume::{self, Mistake},
    },
    platform::{
        db::{Id, Tx},
        error::{AppError, Result},
        time,
    },
};

/// How a case is opened again.
#[derive(Clone, Debug)]
pub struct Reopening {
    pub on: NaiveDate,
    pub reason: String,
    /// The scanned paper that it is recorded from; from the platform's side only.
    pub paper: Option<Id>,
}

/// Opens a closed case again, with a reason. The time limits that the closing ended run on to their old end, but for
/// what was met since.
///
/// # Errors
/// `NotFound`; `Conflict` for a case that is not closed, or went on elsewhere; `Invalid` for no reason, a day before
/// the closing, or a paper that is none of the case's.
pub fn reopen(tx: &mut Tx<'_>, me: &Actor, id: Id, new: &Reopening, by: &By) -> Result<()> {
    let mut case = store::visible(tx.conn(), me, id)?;
    may_act(tx.conn(), &case, by.paper)?;
    case.status().allows_reopening().map_err(AppError::Conflict)?;
    if new.reason.is_empty() {
        return Err(AppError::field("text", "error-required"));
    }
    let paper_id = confirmed_against(tx, &case, new.paper, by)?;
    let (steps, by) = &in_order(tx, case.id, (new.on, None), by)?;
    let closed = steps.iter().rev().find(|step| step.kind == case.status);
    let mistake = closed.map(|step| Mistake {
        at: time::end_of_day(step.on_day, by.zone).min(step.at),
        recorded_at: step.at,
    });
    let status = resumed(steps.iter().map(|step| step.kind.as_str()));
    let remark_id = remark::add(tx, "case", case.id, &new.reason)?;
    let row = StepRow {
        id: Id::new(),
        kind: REOPENED.into(),
        on_day: new.on,
        actor_id: by.actor,
        at: by.at,
        remark_id,
        paper_id,
    };
    store::insert_step(tx.conn(), case.id, &row)?;
    let was = std::mem::replace(&mut case.status, status.as_str().into());
    store::save(tx.conn(), &case)?;
    let entry = audit::Entry::new("case.reopen")
        .object("case", case.id)
        .objects("case_paper", paper_id)
        .fact("state", status.as_str())
        .fact("was", was)
        .fact("on", new.on.to_string())
        .fact("by_paper", by.paper)
        .private("text", new.reason.clone());
    audit::record(tx, entry)?;
    for row in store::joined(tx.conn(), case.id)? {
        if let Some(mistake) = mistake.filter(|_| !row.state().is_over()) {
            resume::run_on(tx, row.id, mistake, by.zone)?;
        }
        mail::tell(tx, &row, Side::Platform, "transfer-moved")?;
    }
    Ok(())
}
