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

/// The steps that are done once one of these was, whenever that was.
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
    verbs: Vec<String>,
    /// Asked of administrators alone, who look after it.
    pub there: SetUp,
}

impl Own {
    /// Whether they did this step.
    pub fn did(&self, step: &str) -> bool {
        let told = STEPS.iter().find(|(key, _)| *key == step);
        told.is_some_and(|(_, verbs)| self.verbs.iter().any(|done| verbs.contains(&done.as_str())))
    }
}

/// What `me` did of the steps, however long ago.
///
/// # Errors
/// Those of the database.
pub fn own(conn: &mut Connection, me: &Actor, now: Instant) -> Result<Own> {
    if !me.has_any(&[Role::Manager, Role::Admin, Role::Auditor]) {
        return Ok(Own::default());
    }
    let told = STEPS.iter().flat_map(|(_, verbs)| verbs.iter().copied());
    let verbs: Vec<String> = audit_entry::table
        .filter(audit_entry::actor_id.eq(Some(me.id)))
        .filter(audit_entry::verb.eq_any(told))
        .filter(audit_entry::outcome.eq("done"))
        .select(audit_entry::verb)
        .distinct()
        .load(conn)?;
    let there = if me.has(Role::Admin) { counts::set_up(conn, now)? } else { SetUp::default() };
    Ok(Own { verbs, there })
}
