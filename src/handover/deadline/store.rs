//! Rows of running and stopped clocks, and of their extensions.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::clocks::{self, Ending};
use crate::{
    directory::people::Side,
    platform::{
        db::{
            Connection, Id, Instant,
            schema::{deadline, deadline_extension},
        },
        error::Result,
    },
};

/// A clock that was started.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = deadline)]
pub struct DeadlineRow {
    pub id: Id,
    pub transfer_id: Id,
    pub case_id: Option<Id>,
    pub clock_code: String,
    /// Whose duty it is: `platform`, `agency`, or `other` for another authority's.
    pub side: String,
    pub started_at: Instant,
    pub due_at: Instant,
    /// Reckoned over a year whose working days are not published yet.
    pub provisional: bool,
    pub stopped_at: Option<Instant>,
    /// Whether it lost its object instead of being met.
    pub moot: bool,
    pub reminded_before_at: Option<Instant>,
    pub reminded_after_at: Option<Instant>,
}

impl DeadlineRow {
    /// When and how it ended; `None`: it runs.
    pub fn ended(&self) -> Option<(Instant, Ending)> {
        self.stopped_at.map(|at| (at, if self.moot { Ending::Moot } else { Ending::Met }))
    }

    /// Whether it is for neither side to meet.
    pub fn is_of_others(&self) -> bool {
        self.side == clocks::Side::Other.stored()
    }

    /// Whether a reader of that side has to do with its end: an agency with that of its own duties alone, as what an accuser
    /// may still ask for is no duty of anybody there.
    pub fn concerns(&self, reader: Side) -> bool {
        match reader {
            Side::Agency => self.side == Side::Agency.as_str(),
            Side::Platform | Side::Auditor => !self.is_of_others(),
        }
    }
}

/// When something is due next on a transfer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NextDue {
    /// Of either side.
    pub any: Option<Instant>,
    /// Of the agency.
    pub of_agency: Option<Instant>,
}

/// Starts a clock.
///
/// # Errors
/// Those of the database.
pub fn insert(conn: &mut Connection, row: &DeadlineRow) -> Result<()> {
    diesel::insert_into(deadline::table)
        .values((
            deadline::id.eq(row.id),
            deadline::transfer_id.eq(row.transfer_id),
            deadline::case_id.eq(row.case_id),
            deadline::clock_code.eq(&row.clock_code),
            deadline::side.eq(&row.side),
            deadline::started_at.eq(row.started_at),
            deadline::due_at.eq(row.due_at),
            deadline::provisional.eq(row.provisional),
        ))
        .execute(conn)?;
    Ok(())
}

/// The running clocks of a transfer.
///
/// # Errors
/// Those of the database.
pub fn running(conn: &mut Connection, transfer_id: Id) -> Result<Vec<DeadlineRow>> {
    Ok(deadline::table
        .filter(deadline::transfer_id.eq(transfer_id))
        .filter(deadline::stopped_at.is_null())
        .select(DeadlineRow::as_select())
        .load(conn)?)
}

/// The running clocks whose end was reckoned over a year without a published calendar.
///
/// # Errors
/// Those of the database.
pub fn provisional(conn: &mut Connection) -> Result<Vec<DeadlineRow>> {
    Ok(deadline::table
        .filter(deadline::stopped_at.is_null())
        .filter(deadline::provisional.eq(true))
        .order(deadline::id)
        .select(DeadlineRow::as_select())
        .load(conn)?)
}

/// All clocks of a transfer, running ones first, the next due on top.
///
/// # Errors
/// Those of the database.
pub fn of_transfer(conn: &mut Connection, transfer_id: Id) -> Result<Vec<DeadlineRow>> {
    let mut rows: Vec<DeadlineRow> = deadline::table
        .filter(deadline::transfer_id.eq(transfer_id))
        .order((deadline::due_at, deadline::id))
        .select(DeadlineRow::as_select())
        .load(conn)?;
    rows.sort_by_key(|row| row.stopped_at.is_some());
    Ok(rows)
}

/// Stops clocks: by what they waited for, or because that does not matter any more.
///
/// # Errors
/// Those of the database.
pub fn stop(conn: &mut Connection, ids: &[Id], how: Ending, at: Instant) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    diesel::update(deadline::table.filter(deadline::id.eq_any(ids)))
        .set((deadline::stopped_at.eq(Some(at)), deadline::moot.eq(how == Ending::Moot)))
        .execute(conn)?;
    Ok(())
}

/// The clocks of a transfer that lost their object at that moment, the newest first.
///
/// # Errors
/// Those of the database.
pub fn moot_at(conn: &mut Connection, transfer_id: Id, at: Instant) -> Result<Vec<DeadlineRow>> {
    Ok(deadline::table
        .filter(deadline::transfer_id.eq(transfer_id))
        .filter(deadline::moot.eq(true))
        .filter(deadline::stopped_at.eq(Some(at)))
        .order((deadline::started_at.desc(), deadline::id.desc()))
        .select(DeadlineRow::as_select())
        .load(conn)?)
}

/// Clocks run again to their old end.
///
/// # Errors
/// Those of the database.
pub fn run_on(conn: &mut Connection, ids: &[Id]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    diesel::update(deadline::table.filter(deadline::id.eq_any(ids)))
        .set((deadline::stopped_at.eq(None::<Instant>), deadline::moot.eq(false)))
        .execute(conn)?;
    Ok(())
}

/// The earliest due times of the running clocks of a transfer.
///
/// # Errors
/// Those of the database.
pub fn next_due(conn: &mut Connection, transfer_id: Id) -> Result<NextDue> {
    let running = running(conn, transfer_id)?;
    let next = |side| running.iter().filter(|row| row.concerns(side)).map(|row| row.due_at).min();
    Ok(NextDue { any: next(Side::Platform), of_agency: next(Side::Agency) })
}

/// Which of the two reminders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reminder {
    /// Before the end.
    Before,
    /// After it.
    After,
}

/// Running clocks of either side due after `from` and before `until` of which this reminder did not go out yet: so many
/// behind the row `edge`, by due time.
///
/// # Errors
/// Those of the database.
pub fn to_remind(
    conn: &mut Connection,
    which: Reminder,
    (from, until): (Instant, Instant),
    edge: Option<(Instant, Id)>,
    limit: i64,
) -> Result<Vec<DeadlineRow>> {
    let mut query = deadline::table
        .filter(deadline::stopped_at.is_null())
        .filter(deadline::side.ne(clocks::Side::Other.stored()))
        .filter(deadline::due_at.gt(from))
        .filter(deadline::due_at.lt(until))
        .into_boxed();
    query = match which {
        Reminder::After => query.filter(deadline::reminded_after_at.is_null()),
        Reminder::Before => query.filter(deadline::reminded_before_at.is_null()),
    };
    if let Some((due, id)) = edge {
        query =
            query.filter(deadline::due_at.ge(due)).filter(deadline::due_at.gt(due).or(deadline::id.gt(id)));
    }
    Ok(query
        .order((deadline::due_at, deadline::id))
        .limit(limit)
        .select(DeadlineRow::as_select())
        .load(conn)?)
}

/// Notes that a reminder goes out; false where the clock was stopped or moved since `row` was read, or another run has
/// noted it.
///
/// # Errors
/// Those of the database.
pub fn reminded(conn: &mut Connection, row: &DeadlineRow, at: Instant, which: Reminder) -> Result<bool> {
    let running = deadline::table
        .filter(deadline::id.eq(row.id))
        .filter(deadline::stopped_at.is_null())
        .filter(deadline::due_at.eq(row.due_at));
    let noted = match which {
        Reminder::After => diesel::update(running.filter(deadline::reminded_after_at.is_null()))
            .set(deadline::reminded_after_at.eq(Some(at)))
            .execute(conn)?,
        Reminder::Before => diesel::update(running.filter(deadline::reminded_before_at.is_null()))
            .set(deadline::reminded_before_at.eq(Some(at)))
            .execute(conn)?,
    };
    Ok(noted > 0)
}

/// One deadline.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Connection, id: Id) -> Result<DeadlineRow> {
    Ok(deadline::table.find(id).select(DeadlineRow::as_select()).first(conn)?)
}

/// Moves the end of a running clock; reminders of the old end say nothing of the new one.
///
/// # Errors
/// Those of the database.
pub fn move_end(conn: &mut Connection, id: Id, due_at: Instant, provisional: bool) -> Result<()> {
    let never = None::<Instant>;
    diesel::update(deadline::table.find(id))
        .set((
            deadline::due_at.eq(due_at),
            deadline::provisional.eq(provisional),
            deadline::reminded_before_at.eq(never),
            deadline::reminded_after_at.eq(never),
        ))
        .execute(conn)?;
    Ok(())
}

/// An extension as stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = deadline_extension)]
pub struct ExtensionRow {
    pub id: Id,
    pub deadline_id: Id,
    pub transfer_id: Id,
    /// The extension's own clock; `None`: to a stated day.
    pub clock_code: Option<String>,
    /// The source of a stated day, as it was written; a clock has its own.
    pub law_remark_id: Option<Id>,
    pub approved_on: NaiveDate,
    pub old_due_at: Instant,
    pub new_due_at: Instant,
    pub actor_id: Option<Id>,
    pub side: String,
    pub by_paper: bool,
    pub at: Instant,
    pub remark_id: Option<Id>,
    /// The scan of the paper.
    pub paper_id: Option<Id>,
}

/// Appends an extension.
///
/// # Errors
/// Those of the database.
pub fn insert_extension(conn: &mut Connection, row: &ExtensionRow) -> Result<()> {
    diesel::insert_into(deadline_extension::table).values(row).execute(conn)?;
    Ok(())
}

/// The extensions of a transfer's deadlines, oldest first.
///
/// # Errors
/// Those of the database.
pub fn extensions(conn: &mut Connection, transfer_id: Id) -> Result<Vec<ExtensionRow>> {
    Ok(deadline_extension::table
        .filter(deadline_extension::transfer_id.eq(transfer_id))
        .order((deadline_extension::at, deadline_extension::id))
        .select(ExtensionRow::as_select())
        .load(conn)?)
}
