//! Starting and stopping clocks when something happens to a transfer.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{
    clocks::{self, Clock, Ending, Event, Step, clocks},
    model::{Due, Reckoning},
    store::{self, DeadlineRow, ExtensionRow, NextDue},
};
use crate::{
    directory::reference::{WorkingCalendar, agency_types, working_calendar},
    platform::{
        db::{Connection, Id, Instant, Tx},
        error::Result,
        i18n::Lang,
        time,
    },
};

/// What the clocks must know of a transfer.
#[derive(Clone, Debug)]
pub struct Parties {
    pub transfer: Id,
    pub agency_type: String,
    /// `reporter`, `accuser_joint` or `assisting`.
    pub sender_role: String,
    /// Whether the agency has accepted.
    pub accepted: bool,
    /// Agreed with this agency, in working days; `None`: the default.
    pub ack_days: Option<i32>,
    pub accept_days: Option<i32>,
}

/// An event at its time.
#[derive(Clone, Copy, Debug)]
pub struct Occurrence {
    pub event: Event,
    pub case: Option<Id>,
    pub at: Instant,
    pub zone: Tz,
    /// Whether nothing more is expected of the agency after it: what it does not meet has lost its object, but for what
    /// an earlier decision not to file asks for.
    pub is_end: bool,
}

/// A clock that an event started.
#[derive(Clone, Copy, Debug)]
pub struct Started {
    pub waits_on: clocks::Side,
    pub due_at: Instant,
}

/// The embedded calendar in a zone.
pub fn reckoning(zone: Tz) -> Reckoning<'static> {
    Reckoning { zone, calendar: working_calendar() }
}

/// Stops the running clocks that the event ends, as met or as without object, and starts those that it starts, each in
/// its own unit and by the rule of its day. A clock that runs already is not started twice.
///
/// # Errors
/// Those of the database.
pub fn happened(tx: &mut Tx<'_>, parties: &Parties, what: &Occurrence) -> Result<Vec<Started>> {
    let running = store::running(tx.conn(), parties.transfer)?;
    for how in [Ending::Met, Ending::Moot] {
        let ended = running.iter().filter(|row| ending(row, what) == Some(how));
        let ids: Vec<Id> = ended.map(|row| row.id).collect();
        store::stop(tx.conn(), &ids, how, what.at)?;
    }
    let mut started = Vec::new();
    for (clock, due) in to_start(parties, what, &running) {
        let row = DeadlineRow {
            id: Id::new(),
            transfer_id: parties.transfer,
            case_id: what.case,
            clock_code: clock.code.clone(),
            side: clock.waits_on.stored().into(),
            started_at: what.at,
            due_at: due.at,
            provisional: due.provisional,
            stopped_at: None,
            moot: false,
            reminded_before_at: None,
            reminded_after_at: None,
        };
        store::insert(tx.conn(), &row)?;
        started.push(Started { waits_on: clock.waits_on, due_at: due.at });
    }
    Ok(started)
}

/// How an event ends a running clock, if it does.
fn ending(row: &DeadlineRow, what: &Occurrence) -> Option<Ending> {
    let clock = clocks().get(&row.clock_code, time::day_of(row.started_at, what.zone));
    let ending = clock.and_then(|clock| clock.ended_by(what.event));
    let stands = clock.is_some_and(Clock::is_of_remedy);
    ending.or((what.is_end && !stands).then_some(Ending::Moot))
}

/// The clocks that an event starts, with their ends: none that is among those `running` and runs on.
fn to_start(parties: &Parties, what: &Occurrence, running: &[DeadlineRow]) -> Vec<(&'static Clock, Due)> {
    let runs_on =
        |code: &str| running.iter().any(|row| row.clock_code == code && ending(row, what).is_none());
    let starting = startable(parties, what.event, time::day_of(what.at, what.zone)).into_iter();
    let begun = |clock: &'static Clock| {
        let due = reckoning(what.zone).due(clock, limit(clock, parties), what.at)?;
        Some((clock, due))
    };
    starting.filter(|clock| !runs_on(&clock.code)).filter_map(begun).collect()
}

/// Whether an event would start a clock.
///
/// # Errors
/// Those of the database.
pub fn would_start(conn: &mut Connection, parties: &Parties, what: &Occurrence) -> Result<bool> {
    let running = store::running(conn, parties.transfer)?;
    Ok(!to_start(parties, what, &running).is_empty())
}

/// The clocks on file that an event starts on `on` and that something which is recorded can stop.
pub fn startable(parties: &Parties, event: Event, on: NaiveDate) -> Vec<&'static Clock> {
    let step = Step {
        event,
        on,
        agency_kind: agency_types().kind_of(&parties.agency_type),
        agency_type: &parties.agency_type,
        sender_role: &parties.sender_role,
        accepted: parties.accepted,
    };
    clocks().starting(&step).clocks.into_iter().filter(|clock| clock.can_be_stopped()).collect()
}

/// Moves the end of a running clock by what was granted.
///
/// # Errors
/// Those of the database.
pub fn extend(tx: &mut Tx<'_>, row: &ExtensionRow, provisional: bool) -> Result<()> {
    store::insert_extension(tx.conn(), row)?;
    store::move_end(tx.conn(), row.deadline_id, row.new_due_at, provisional)
}

/// The limit of a clock; for the agreed ones what was agreed with this agency.
fn limit(clock: &Clock, parties: &Parties) -> u32 {
    let agreed = match clock.code.as_str() {
        "AGREED-ACK" => parties.ack_days,
        "AGREED-ACCEPT" => parties.accept_days,
        _ => None,
    };
    agreed.and_then(|days| u32::try_from(days).ok()).filter(|days| *days > 0).unwrap_or(clock.limit)
}

/// The end of a clock by a calendar, with its extensions; `None` for one that is shown only. A day that was stated
/// stays.
///
/// # Errors
/// Those of the database.
pub fn reckoned_anew(
    conn: &mut Connection,
    row: &DeadlineRow,
    parties: &Parties,
    zone: Tz,
    calendar: &WorkingCalendar,
) -> Result<Option<Due>> {
    let reckoning = Reckoning { zone, calendar };
    let Some(clock) = clocks().get(&row.clock_code, time::day_of(row.started_at, zone)) else {
        return Ok(None);
    };
    let Some(mut due) = reckoning.due(clock, limit(clock, parties), row.started_at) else { return Ok(None) };
    let extensions = store::extensions(conn, row.transfer_id)?;
    for extension in extensions.iter().filter(|extension| extension.deadline_id == row.id) {
        let by_clock = extension
            .clock_code
            .as_deref()
            .and_then(|code| clocks().get(code, extension.approved_on))
            .and_then(|clock| reckoning.extended(clock, row.started_at, due.at));
        due = by_clock.unwrap_or_else(|| reckoning.stated(time::day_of(extension.new_due_at, zone)));
    }
    Ok(Some(due))
}

/// Every running clock of a transfer that goes on no further has lost its object, but for what an earlier decision not to
/// file asks for.
///
/// # Errors
/// Those of the database.
pub fn lose_object(tx: &mut Tx<'_>, transfer: Id, at: Instant) -> Result<()> {
    let stands = |row: &&DeadlineRow| clocks::remedy::ALL.contains(&row.clock_code.as_str());
    let running = store::running(tx.conn(), transfer)?;
    let ids: Vec<Id> = running.iter().filter(|row| !stands(row)).map(|row| row.id).collect();
    store::stop(tx.conn(), &ids, Ending::Moot, at)
}

/// An event that is on record already.
#[derive(Clone, Copy, Debug)]
pub struct Recorded {
    pub event: Event,
    /// When the clocks take it to have happened.
    pub at: Instant,
    /// Whether it was recorded after what turned out to be a mistake.
    pub is_since: bool,
}

/// What lost its object at that moment runs on to its old end: what ended it was a mistake. Not so what another event
/// of the same moment had ended, or what was started anew since; and what was met since is met.
///
/// # Errors
/// Those of the database.
pub fn run_on(tx: &mut Tx<'_>, transfer: Id, at: Instant, recorded: &[Recorded], zone: Tz) -> Result<()> {
    let mut codes: Vec<String> =
        store::running(tx.conn(), transfer)?.into_iter().map(|row| row.clock_code).collect();
    let mut ids = Vec::new();
    for row in store::moot_at(tx.conn(), transfer, at)? {
        let clock = clocks().get(&row.clock_code, time::day_of(row.started_at, zone));
        let ending = |one: &Recorded| clock.and_then(|clock| clock.ended_by(one.event));
        // What would have ended it before did so.
        let ended_before = recorded.iter().any(|one| {
            let is_before = !one.is_since && (one.at > row.started_at || one.at == at);
            is_before && ending(one) == Some(Ending::Moot)
        });
        if ended_before {
            continue;
        }
        let mut since = recorded.iter().filter(|one| one.is_since);
        let ended = since.find_map(|one| ending(one).map(|how| (how, one.at)));
        match ended {
            Some((how, when)) => store::stop(tx.conn(), &[row.id], how, when)?,
            None if codes.contains(&row.clock_code) => {}
            None => {
                ids.push(row.id);
                codes.push(row.clock_code);
            }
        }
    }
    store::run_on(tx.conn(), &ids)
}

/// The earliest due times of the running clocks.
///
/// # Errors
/// Those of the database.
pub fn next_due(conn: &mut Connection, transfer: Id) -> Result<NextDue> {
    store::next_due(conn, transfer)
}

/// The name of the clock with a stored code, as it was on `on`.
pub fn name(code: &str, on: NaiveDate, lang: Lang) -> String {
    clocks().get(code, on).map_or_else(|| code.to_owned(), |clock| clock.name(lang).to_owned())
}
