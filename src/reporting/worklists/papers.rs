//! Cases with scans that wait to be recorded from.

use diesel::prelude::*;

use super::read::SHOWN;
use crate::{
    handover::waiting::case_papers::to_record,
    platform::{
        db::{
            Connection, Id, Instant,
            schema::{agency, agency_case, case_paper},
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

/// The first of the cases with a scan that `me` is to record from, longest waiting first; and how many there are:
/// `/cases?waits=papers`.
///
/// # Errors
/// Those of the database.
pub fn case_papers(conn: &mut Connection, me: Id) -> Result<(Vec<CasePaperRow>, i64)> {
    let waiting = to_record(conn, me)?;
    let count = i64::try_from(waiting.len()).unwrap_or(i64::MAX);
    let papers = waiting.into_iter().take(SHOWN as usize).map(|(_, paper)| paper);
    let rows = case_paper::table
        .inner_join(agency_case::table.inner_join(agency::table))
        .filter(case_paper::id.eq_any(papers.collect::<Vec<Id>>()))
        .order(case_paper::id)
        .select((
            agency_case::id,
            agency_case::number,
            agency_case::title,
            (agency::name_zh, agency::name_en),
            case_paper::at,
            agency_case::synthetic,
        ))
        .load(conn)?;
    Ok((rows, count))
}
