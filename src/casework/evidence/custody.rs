//! The chain of custody of an item, as the audit log has it: what was done to the item, to the dossiers in which it went to
//! an agency, and to the store while it lay there (`custody_of_store`). And what one person did with any item.

use std::collections::HashMap;

use diesel::prelude::*;

use super::custody_of_store::{OfStore, Stored};
use crate::{
    audit::{self, Filter, Row},
    directory::people::{Role, store::roles_of},
    platform::{
        db::{
            Connection, Id, Instant,
            schema::{agency, composition_item, dossier, dossier_withheld, person},
        },
        error::Result,
        keyset::Edge,
    },
};

/// What happens to every item of a dossier, also to one that is kept back from its addressee.
const CHOSEN: &[&str] = &["dossier.compose"];
/// What happens to an item with the dossier that carries it.
const CARRIED: &[&str] = &[
    "dossier.freeze",
    "dossier.seal",
    "dossier.package",
    "transfer.send",
    "transfer.acknowledge",
    "transfer.forward",
    "transfer.withdraw",
    "dossier.read",
    "dossier.download",
];
/// By what somebody has had to do with items of evidence, or with dossiers that carry some.
pub const HANDLING: &[&str] = &[
    "evidence.register",
    "evidence.list",
    "evidence.view",
    "evidence.preview",
    "evidence.read",
    "evidence.download",
    "evidence.withhold",
    "evidence.disclose",
    "evidence.redact",
    "evidence.request_redaction",
    "evidence.remove",
    "evidence.export",
    "evidence.data_list",
    "evidence.custody",
    "evidence.verify",
    "evidence.check_alarm",
    "evidence.record_sealing",
    "evidence.correct_sealing",
    "evidence.mark_sales",
    "evidence.unmark_sales",
    "dossier.compose",
    "dossier.read",
    "dossier.download",
    "transfer.send",
    "transfer.acknowledge",
    "transfer.forward",
    "transfer.withdraw",
];

/// So many of the newest entries are shown, and so many of the item's own first ones: how it came in is never missing.
const NEWEST: i64 = 200;
const FIRST: i64 = 10;
/// Entries of a sheet at most: some hundreds of pages. Of more a shorter period is asked for.
pub const MOST: usize = 5_000;
/// Entries that are read at once.
const AT_ONCE: i64 = 1_000;

/// What is shown of a chain of custody.
pub struct Chain {
    /// Newest first.
    pub rows: Vec<Row>,
    /// How many entries between the newest and the first ones are left out.
    pub left_out: i64,
}

/// The dossiers that an item was chosen for, with what happens to all of those, and those that carried it: a dossier that
/// only accounts for the item by its hash did not.
fn dossiers_of(conn: &mut Connection, id: Id) -> Result<[audit::Acts; 2]> {
    let holds = composition_item::table.filter(composition_item::evidence_id.eq(id));
    let chosen: Vec<Id> = dossier::table
        .filter(dossier::composition_id.eq_any(holds.select(composition_item::composition_id)))
        .order(dossier::id.desc())
        .select(dossier::id)
        .load(conn)?;
    let withheld: Vec<Id> = dossier_withheld::table
        .filter(dossier_withheld::evidence_id.eq(id))
        .select(dossier_withheld::dossier_id)
        .load(conn)?;
    let carried: Vec<Id> = chosen.iter().copied().filter(|dossier| !withheld.contains(dossier)).collect();
    Ok([(chosen, CHOSEN), (carried, CARRIED)])
}

/// The newest entries and the item's first ones.
///
/// # Errors
/// Those of the database.
pub fn of(conn: &mut Connection, id: Id) -> Result<Chain> {
    let with_dossiers = dossiers_of(conn, id)?;
    let mut rows = audit::for_object(conn, id, NEWEST)?;
    for (dossiers, verbs) in &with_dossiers {
        if !dossiers.is_empty() {
            let acts = Filter { acts: Some((dossiers.clone(), *verbs)), ..Filter::default() };
            rows.extend(audit::page(conn, &acts, NEWEST)?);
        }
    }
    let OfStore { rows: of_store, all } = Stored::of(conn, id)?.newest(conn)?;
    let unshown = all - i64::try_from(of_store.len()).unwrap_or(i64::MAX);
    rows.extend(of_store);
    in_order(&mut rows);
    let newest = usize::try_from(NEWEST).unwrap_or(usize::MAX);
    if rows.len() < newest {
        return Ok(Chain { rows, left_out: unshown });
    }
    rows.truncate(newest);
    rows.extend(audit::first_about(conn, id, FIRST)?);
    in_order(&mut rows);
    let shown = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let left_out = audit::count_about(conn, id, &with_dossiers)? + all - shown;
    Ok(Chain { rows, left_out })
}

/// Newest first, each once.
fn in_order(rows: &mut Vec<Row>) {
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    rows.dedup_by_key(|row| row.id);
}

/// A period; what is open has no bound.
#[derive(Clone, Copy, Debug, Default)]
pub struct Span {
    pub from: Option<Instant>,
    /// Not included.
    pub to: Option<Instant>,
}

/// Everything on record about an item in a period, oldest first: [`MOST`] entries, and more where there are more.
///
/// # Errors
/// Those of the database.
pub fn whole(conn: &mut Connection, id: Id, span: Span) -> Result<Vec<Row>> {
    let asked = || Filter { from: span.from, to: span.to, ..Filter::default() };
    let mut rows = all(conn, Filter { object: Some(id), ..asked() })?;
    for (dossiers, verbs) in dossiers_of(conn, id)? {
        if !dossiers.is_empty() {
            rows.extend(all(conn, Filter { acts: Some((dossiers, verbs)), ..asked() })?);
        }
    }
    rows.extend(Stored::of(conn, id)?.whole(conn, span)?);
    in_order(&mut rows);
    rows.reverse();
    Ok(rows)
}

/// What the filter finds, newest first: [`MOST`] entries, and more where there are more.
///
/// # Errors
/// Those of the database.
pub fn all(conn: &mut Connection, mut filter: Filter) -> Result<Vec<Row>> {
    let mut found = Vec::new();
    loop {
        let rows = audit::page(conn, &filter, AT_ONCE)?;
        let Some(last) = rows.last() else { break };
        filter.edge = Edge::After(last.id);
        let is_last = i64::try_from(rows.len()).is_ok_and(|n| n < AT_ONCE);
        found.extend(rows);
        if is_last || found.len() > MOST {
            break;
        }
    }
    Ok(found)
}

/// Somebody who has had to do with an item.
#[derive(Clone, Debug)]
pub struct Known {
    pub name: String,
    /// As they stand now.
    pub roles: Vec<Role>,
    /// Chinese and English name of the agency that they act for.
    pub agency: Option<(String, String)>,
}

/// Whoever the entries name.
///
/// # Errors
/// Those of the database.
pub fn people(conn: &mut Connection, rows: &[Row]) -> Result<HashMap<Id, Known>> {
    let mut ids: Vec<Id> = rows.iter().filter_map(|row| row.actor_id).collect();
    ids.sort_unstable();
    ids.dedup();
    known(conn, &ids)
}

/// One person; `None`: there is none.
///
/// # Errors
/// Those of the database.
pub fn person(conn: &mut Connection, id: Id) -> Result<Option<Known>> {
    Ok(known(conn, &[id])?.remove(&id))
}

fn known(conn: &mut Connection, ids: &[Id]) -> Result<HashMap<Id, Known>> {
    type Raw = (Id, String, Option<String>, Option<String>);
    let mut roles = roles_of(conn, ids)?;
    let mut found = HashMap::new();
    for part in ids.chunks(500) {
        let some: Vec<Raw> = person::table
            .left_join(agency::table)
            .filter(person::id.eq_any(part))
            .select((person::id, person::name, agency::name_zh.nullable(), agency::name_en.nullable()))
            .load(conn)?;
        for (id, name, zh, en) in some {
            let roles = roles.remove(&id).unwrap_or_default();
            found.insert(id, Known { name, roles, agency: zh.zip(en) });
        }
    }
    Ok(found)
}
