//! How far those are who write no leads: by what there is in the house, and what they did themselves.

use diesel::prelude::*;

use crate::{
    directory::people::{Actor, Role},
    platform::{
        db::{Connection, Instant, schema::audit_entry},
        error::Result,
    },
    reporting::worklists::counts::{self, SetUp},
};

/// So many of one's newest acts are looked at: whoever has more behind them has long done what the tour shows.
const LOOKED_AT: i64 = 2_000;

/// What somebody did, and what the house has.
#[derive(Clone, Debug, Default)]
pub struct Own {
    verbs: Vec<String>,
    /// Asked of administrators alone, who look after it.
    pub there: SetUp,
}

impl Own {
    /// Whether they did one of these.
    pub fn did(&self, verbs: &[&str]) -> bool {
        self.verbs.iter().any(|verb| verbs.contains(&verb.as_str()))
    }
}

/// What `me` did, as far back as it is looked at.
///
/// # Errors
/// Those of the database.
pub fn own(conn: &mut Connection, me: &Actor, now: Instant) -> Result<Own> {
    if !me.has_any(&[Role::Manager, Role::Admin, Role::Auditor]) {
        return Ok(Own::default());
    }
    let newest: Vec<(String, String)> = audit_entry::table
        .filter(audit_entry::actor_id.eq(Some(me.id)))
        .order(audit_entry::id.desc())
        .limit(LOOKED_AT)
        .select((audit_entry::verb, audit_entry::outcome))
        .load(conn)?;
    let done = newest.into_iter().filter(|(_, outcome)| outcome == "done").map(|(verb, _)| verb);
    let there = if me.has(Role::Admin) { counts::set_up(conn, now)? } else { SetUp::default() };
    Ok(Own { verbs: done.collect(), there })
}
