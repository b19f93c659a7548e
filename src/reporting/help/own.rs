//! How far those are who write no leads: by what there is in the house, and what they did themselves.

use std::collections::HashSet;

use diesel::prelude::*;

use crate::{
    directory::people::{Actor, Role},
    platform::{
        db::{Connection, Instant, schema::audit_entry},
        error::Result,
    },
    reporting::worklists::counts::{self, SetUp},
};

/// So many of an account's newest acts are looked at, along their index: whoever has been here for longer needs no tour.
const LOOKED_AT: i64 = 1_000;

/// The steps that are done once one of these was.
const STEPS: [(&str, &[&str]); 9] = [
    ("follow", &["transfer.list"]),
    ("transfer", &["transfer.view"]),
    ("results", &["outcome.view", "outcome.confirm", "outcome.reject"]),
    ("report", &["report.view"]),
    ("mail", &["mail.test"]),
    ("log", &["audit.list"]),
    ("entry", &["audit.view"]),
    ("look", &["lead.view"]),
    ("export", &["audit.export"]),
];

/// What somebody did of that, and what the house has.
#[derive(Clone, Debug, Default)]
pub struct Own {
    verbs: HashSet<String>,
    /// Asked of administrators alone, who look after it.
    pub there: SetUp,
}

impl Own {
    /// Whether they did this step.
    pub fn did(&self, step: &str) -> bool {
        let told = STEPS.iter().find(|(key, _)| *key == step);
        told.is_some_and(|(_, verbs)| verbs.iter().any(|verb| self.verbs.contains(*verb)))
    }
}

/// What `me` did of the steps among their newest acts.
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
    let done = newest.into_iter().filter(|(_, outcome)| outcome == "done");
    let verbs: HashSet<String> = done.map(|(verb, _)| verb).collect();
    let there = if me.has(Role::Admin) { counts::set_up(conn, now)? } else { SetUp::default() };
    Ok(Own { verbs, there })
}
