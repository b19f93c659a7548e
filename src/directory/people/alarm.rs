//! What the frame of every page and the page of the machine say of stored files that are not as they were stored. Asked
//! for with every page, so it is read here, of the tables that `casework/evidence/scrub` keeps; nothing is written.

use diesel::{
    dsl::{count_star, min},
    prelude::*,
};

use super::model::{Actor, Role};
use crate::platform::{
    db::{
        Connection, Id, Instant,
        schema::{blob_check, evidence, evidence_alarm_open, lead},
    },
    error::Result,
    http::view::Link,
    i18n, paths,
};

/// What somebody has to know on whatever page they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Alarm {
    /// An administrator: so many files are not as they were stored.
    Files(i64),
    /// A compiler: so many items of own or assigned leads, one of them.
    Items(i64, Id),
}

impl Alarm {
    /// In words, with where it leads.
    pub fn link(&self, me: &Actor) -> Link {
        let say = |key: &str, n: i64| i18n::t_count(me.lang, key, n.unsigned_abs());
        match self {
            Self::Files(n) => Link::new(say("alarm-bar-files", *n), paths::ADMIN_EVIDENCE),
            Self::Items(n, item) => Link::new(say("alarm-bar-items", *n), paths::evidence(*item)),
        }
    }
}

/// The alarm that concerns `me`; `None`: there is none.
pub(super) fn of(conn: &mut Connection, me: &Actor) -> Result<Option<Alarm>> {
    if !me.has_any(&[Role::Admin, Role::Compiler]) {
        return Ok(None);
    }
    let open: i64 = evidence_alarm_open::table.count().get_result(conn)?;
    if open == 0 {
        return Ok(None);
    }
    if me.has(Role::Admin) {
        return Ok(Some(Alarm::Files(open)));
    }
    // A store that is lost may be all that somebody has: one is named, and the others are counted where they lie.
    let own = || {
        let held = evidence_alarm_open::table.select(evidence_alarm_open::blob_id);
        evidence::table
            .inner_join(lead::table)
            .filter(evidence::blob_id.eq_any(held))
            .filter(evidence::removed_at.is_null())
            .filter(lead::owner_id.nullable().eq(Some(me.id)).or(lead::assignee_id.eq(Some(me.id))))
    };
    let first: Option<Id> = own().order(evidence::id).select(evidence::id).first(conn).optional()?;
    let Some(first) = first else { return Ok(None) };
    Ok(Some(Alarm::Items(own().select(count_star()).first(conn)?, first)))
}

/// How far the reading back of stored files is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct State {
    /// Stored files.
    pub files: i64,
    /// Those that were never read back.
    pub never: i64,
    /// Those that were not read back for longer than they may be.
    pub late: i64,
    /// When the one was read back that was longest ago; `None`: none was.
    pub oldest: Option<Instant>,
    pub alarms: i64,
}

/// How far it is; what was not read back since `before` is late.
pub(super) fn state(conn: &mut Connection, before: Instant) -> Result<State> {
    let never = Instant::from_micros(0);
    let read_back = || blob_check::table.filter(blob_check::checked_at.gt(never));
    Ok(State {
        files: blob_check::table.select(count_star()).first(conn)?,
        never: blob_check::table.filter(blob_check::checked_at.eq(never)).select(count_star()).first(conn)?,
        late: read_back().filter(blob_check::checked_at.lt(before)).select(count_star()).first(conn)?,
        oldest: read_back().select(min(blob_check::checked_at)).first(conn)?,
        alarms: evidence_alarm_open::table.select(count_star()).first(conn)?,
    })
}
