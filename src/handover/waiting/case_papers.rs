//! Scans of a case's papers that one person took in and another is to record from.

use std::collections::HashSet;

use diesel::{prelude::*, sql_types::Bool};

use super::without_accounts;
use crate::{
    handover::agency_case::store::sent_by,
    platform::{
        db::{
            Connection, Id, fixed,
            schema::{agency_case, case_paper, scan_replacement},
        },
        error::Result,
    },
};

/// That it is the newest scan of a case that goes on, and that nothing was recorded since, nor by it. What else than a
/// step rests on a scan is in the log alone.
const UNUSED: &str = "NOT EXISTS (SELECT 1 FROM case_paper n WHERE n.case_id = case_paper.case_id AND n.id > case_paper.id) \
    AND NOT EXISTS (SELECT 1 FROM case_step s WHERE s.case_id = case_paper.case_id AND s.at >= case_paper.at) \
    AND NOT EXISTS (SELECT 1 FROM audit_object o JOIN audit_entry e ON e.id = o.entry_id \
    WHERE o.object_id = case_paper.id AND e.verb IN ('case.edit', 'outcome.confirm') AND e.outcome = 'done')";
const GOES_ON: &str = "agency_case.status NOT IN ('withdrawn', 'closed', 'merged', 'ended')";
/// The word in an address of the list of these cases.
pub const WORD: &str = "papers";
/// Message key of what they are called.
pub const KEY: &str = "home-case-papers";
/// So many cases are asked for their way at once.
const AT_ONCE: usize = 500;

/// Cases of agencies where nobody can sign in, each with its scan that somebody else than `me` took in and nobody
/// recorded from, longest waiting first: not those of which `me` sent what the agency has, who may not record from them.
///
/// # Errors
/// Those of the database.
pub fn to_record(conn: &mut Connection, me: Id) -> Result<Vec<(Id, Id)>> {
    let rows: Vec<(Id, Id)> = case_paper::table
        .inner_join(agency_case::table)
        .filter(case_paper::uploaded_by.ne(me))
        .filter(fixed::<Bool>(without_accounts("agency_case")))
        .filter(fixed::<Bool>(GOES_ON))
        .filter(fixed::<Bool>(UNUSED))
        .order(case_paper::id)
        .select((agency_case::id, case_paper::id))
        .load(conn)?;
    let mut found = Vec::with_capacity(rows.len());
    for part in rows.chunks(AT_ONCE) {
        let (cases, papers): (Vec<Id>, Vec<Id>) = part.iter().copied().unzip();
        let own = sent_by(conn, &cases, me)?;
        let replaced = replaced_by(conn, &papers, me)?;
        found.extend(part.iter().filter(|(case, paper)| !own.contains(case) && !replaced.contains(paper)));
    }
    Ok(found)
}

/// Those of the scans for which `me` handed in another one.
fn replaced_by(conn: &mut Connection, papers: &[Id], me: Id) -> Result<HashSet<Id>> {
    let rows: Vec<Id> = scan_replacement::table
        .filter(scan_replacement::of_id.eq_any(papers))
        .filter(scan_replacement::uploaded_by.eq(me))
        .select(scan_replacement::of_id)
        .load(conn)?;
    Ok(rows.into_iter().collect())
}
