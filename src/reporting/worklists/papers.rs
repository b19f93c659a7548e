//! Scans of a case's papers that one person took in and another is to record from.

use diesel::{
    dsl::{exists, not, sql},
    prelude::*,
    sql_types::Bool,
};

use super::read::SHOWN;
use crate::{
    handover::{agency_case::store::sent_by, waiting::without_accounts},
    platform::{
        db::{
            Connection, Id, Instant,
            schema::{agency, agency_case, case_paper, scan_replacement},
        },
        error::Result,
    },
};

/// A case with a scanned paper that waits.
#[derive(Clone, Debug, Queryable)]
pub struct CasePaperRow {
    pub case_id: Id,
    /// Empty before filing.
    pub number: String,
    pub title: String,
    pub agency: (String, String),
    /// When the scan was taken in.
    pub at: Instant,
    pub synthetic: bool,
}

/// That it is the newest scan of a case that goes on, and that nothing was recorded since, nor by it. What else than a
/// step rests on a scan is in the log alone.
const UNUSED: &str = "NOT EXISTS (SELECT 1 FROM case_paper n WHERE n.case_id = case_paper.case_id AND n.id > case_paper.id) \
    AND NOT EXISTS (SELECT 1 FROM case_step s WHERE s.case_id = case_paper.case_id AND s.at >= case_paper.at) \
    AND NOT EXISTS (SELECT 1 FROM audit_object o JOIN audit_entry e ON e.id = o.entry_id \
    WHERE o.object_id = case_paper.id AND e.verb IN ('case.edit', 'outcome.confirm') AND e.outcome = 'done')";
const GOES_ON: &str = "agency_case.status NOT IN ('withdrawn', 'closed', 'merged', 'ended')";

/// Cases of agencies where nobody can sign in, with a scan that somebody else than `me` took in and nobody recorded
/// from, longest waiting first: not those of which `me` sent what the agency has, who may not record from them.
///
/// # Errors
/// Those of the database.
pub fn case_papers(conn: &mut Connection, me: Id) -> Result<Vec<CasePaperRow>> {
    let (mut rows, mut read) = (Vec::new(), 0);
    // Own ones must not take the place of those behind them.
    loop {
        let found = of_others(conn, me, read)?;
        let count = i64::try_from(found.len()).unwrap_or(SHOWN);
        let cases: Vec<Id> = found.iter().map(|row| row.case_id).collect();
        let own = sent_by(conn, &cases, me)?;
        rows.extend(found.into_iter().filter(|row| !own.contains(&row.case_id)));
        read += count;
        if count < SHOWN || rows.len() >= SHOWN as usize {
            rows.truncate(SHOWN as usize);
            return Ok(rows);
        }
    }
}

/// So many as are shown of those with a scan that somebody else than `me` took in, from the `offset`th on.
fn of_others(conn: &mut Connection, me: Id, offset: i64) -> Result<Vec<CasePaperRow>> {
    let replaced = scan_replacement::table
        .filter(scan_replacement::of_id.eq(case_paper::id))
        .filter(scan_replacement::uploaded_by.eq(me));
    Ok(case_paper::table
        .inner_join(agency_case::table.inner_join(agency::table))
        .filter(case_paper::uploaded_by.ne(me))
        .filter(sql::<Bool>(&without_accounts("agency_case")))
        .filter(sql::<Bool>(GOES_ON))
        .filter(sql::<Bool>(UNUSED))
        .filter(not(exists(replaced)))
        .order(case_paper::id)
        .limit(SHOWN)
        .offset(offset)
        .select((
            agency_case::id,
            agency_case::number,
            agency_case::title,
            (agency::name_zh, agency::name_en),
            case_paper::at,
            agency_case::synthetic,
        ))
        .load(conn)?)
}
