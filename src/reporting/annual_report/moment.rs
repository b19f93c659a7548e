//! As at when: a time resolves to a size of the audit log, which gives the same figures for ever.

use diesel::prelude::*;

use crate::{
    audit,
    platform::{
        db::{
            Connection, Id, Instant,
            schema::{audit_entry, audit_pending, audit_place, instance},
        },
        error::{AppError, Result},
    },
};

/// The acts that change a figure.
const CHANGES: [&str; 9] = [
    "transfer.send",
    "transfer.forward",
    "transfer.acknowledge",
    "transfer.accept",
    "transfer.file",
    "outcome.confirm",
    "figure.publish",
    "demo.load",
    "generate.row",
];

/// A state of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// What was asked for; else when the figures last changed.
    pub at: Instant,
    /// The log's first so many entries are what the figures know of.
    pub log_size: i64,
    /// Whether that is all there is: nothing has to be looked up in the log then.
    pub is_now: bool,
}

impl Moment {
    /// The size by which facts are narrowed; `None` for now.
    pub fn bound(self) -> Option<i64> {
        (!self.is_now).then_some(self.log_size)
    }

    /// The moment of a time, or of now: the last act that changed a figure, so that the same figures have the same
    /// moment however often they are looked at.
    ///
    /// # Errors
    /// Those of the database.
    pub fn resolve(conn: &mut Connection, asked: Option<Instant>) -> Result<Self> {
        let Some(at) = asked else { return Self::now(conn) };
        let log_size = audit::head_at(conn, at)?.map_or(0, |head| head.size);
        Ok(Self { at, log_size, is_now: false })
    }

    /// A moment that was asked for: one to come would give other figures each day until then.
    ///
    /// # Errors
    /// `Invalid` for a moment after `now`.
    pub fn not_to_come(asked: Instant, now: Instant) -> Result<Instant> {
        if asked > now { Err(AppError::field("as_at", "error-as-at-future")) } else { Ok(asked) }
    }

    /// The moment of a size of the log, as an issued edition pins it.
    ///
    /// # Errors
    /// Those of the database.
    pub fn of_size(conn: &mut Connection, log_size: i64) -> Result<Self> {
        let at: Option<Instant> = audit_place::table
            .inner_join(audit_entry::table)
            .filter(audit_place::place.lt(log_size))
            .order(audit_place::place.desc())
            .select(audit_entry::at)
            .first(conn)
            .optional()?;
        Ok(Self { at: at.unwrap_or_default(), log_size, is_now: false })
    }

    fn now(conn: &mut Connection) -> Result<Self> {
        let mut last: Option<(Id, Instant)> = None;
        for verb in CHANGES {
            let found: Option<(Id, Instant)> = audit_entry::table
                .filter(audit_entry::verb.eq(verb))
                .order((audit_entry::at.desc(), audit_entry::id.desc()))
                .select((audit_entry::id, audit_entry::at))
                .first(conn)
                .optional()?;
            last = last.max(found);
        }
        let Some((entry, at)) = last else {
            let at: Option<Instant> = instance::table.select(instance::created_at).first(conn).optional()?;
            return Ok(Self { at: at.unwrap_or_default(), log_size: 0, is_now: true });
        };
        let log_size = match audit::place_of(conn, entry)? {
            Some(place) => place + 1,
            None => {
                // The sequencer places what waits in the order of ids, behind what has a place.
                let placed: Option<i64> =
                    audit_place::table.select(diesel::dsl::max(audit_place::place)).first(conn)?;
                let waiting: i64 = audit_pending::table
                    .filter(audit_pending::entry_id.le(entry))
                    .count()
                    .get_result(conn)?;
                placed.map_or(0, |place| place + 1) + waiting
            }
        };
        Ok(Self { at, log_size, is_now: true })
    }
}
