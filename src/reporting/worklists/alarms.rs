//! What stands before everything else that waits: stored files that are not as they were stored.

use diesel::prelude::*;

use super::{
    duties::At,
    pages::{Duty, Item},
    read::SHOWN,
};
use crate::{
    casework::evidence::scrub,
    directory::people::Role,
    platform::{
        db::{
            Connection, Id,
            schema::{evidence, evidence_alarm, evidence_alarm_open, lead},
        },
        error::Result,
        http::view::{Chip, MadeUp, Tone},
        paths,
    },
};

/// For administrators the files, by number alone; for compilers the items of their own and assigned leads.
///
/// # Errors
/// Those of the database.
pub fn first(conn: &mut Connection, at: &At<'_>) -> Result<Vec<Duty>> {
    let open = scrub::store::open_count(conn)?;
    let mut duties = Vec::new();
    if open == 0 {
        return Ok(duties);
    }
    if at.me.has(Role::Admin) {
        let duty = at.duty("alarms", open, paths::ADMIN_EVIDENCE, Vec::new());
        duties.push(Duty { remark: at.c.t("home-alarms-text"), ..duty });
    }
    if at.me.has(Role::Compiler) {
        let items = own(conn, at)?;
        if !items.is_empty() {
            let duty = at.whole("own-alarms", items);
            duties.push(Duty { remark: at.c.t("home-own-alarms-text"), ..duty });
        }
    }
    Ok(duties)
}

fn own(conn: &mut Connection, at: &At<'_>) -> Result<Vec<Item>> {
    type Raw = (Id, String, String, bool, String);
    let me = at.me.id;
    let rows: Vec<Raw> = evidence_alarm_open::table
        .inner_join(evidence_alarm::table)
        .inner_join(evidence::table.on(evidence::blob_id.eq(evidence_alarm_open::blob_id)))
        .inner_join(lead::table.on(lead::id.eq(evidence::lead_id)))
        .filter(evidence::removed_at.is_null())
        .filter(lead::owner_id.nullable().eq(Some(me)).or(lead::assignee_id.eq(Some(me))))
        .order(evidence::id)
        .limit(SHOWN)
        .select((evidence::id, evidence::name, lead::number, evidence::synthetic, evidence_alarm::fault))
        .load(conn)?;
    let item = |(id, name, number, synthetic, fault): Raw| Item {
        label: name,
        href: paths::evidence(id),
        note: number,
        chip: Some(Chip::new(at.c.t(format!("evidence-fault-{fault}")), Tone::Bad)),
        due: None,
        object: Some(("evidence", id)),
        made_up: MadeUp::of(synthetic, ""),
    };
    Ok(rows.into_iter().map(item).collect())
}
