//! The scanned paper of an agency without accounts, against which a second person of the platform confirms an entry.

use super::store::OutcomeRow;
use crate::{
    directory::people::Actor,
    handover::agency_case::store as cases,
    platform::{
        db::{Connection, Id},
        error::Result,
    },
};

/// What of it lies before one who looks at an entry.
#[derive(Clone, Debug, Default)]
pub struct Paper {
    /// A file came with the entry, or with what was proposed together with it.
    pub has_file: bool,
    /// Papers of its case of which only others took in scans.
    pub of_others: Vec<Id>,
    /// Whether there are others of its case, of which the one who looks took in a scan.
    pub has_own: bool,
}

impl Paper {
    /// Whether the one who looks can confirm the entry against it; nobody does against a scan of their own.
    pub fn is_laid_before(&self) -> bool {
        self.has_file || !self.of_others.is_empty()
    }

    /// Whether any is on file.
    pub fn is_on_file(&self) -> bool {
        self.is_laid_before() || self.has_own
    }
}

/// What lies before `me` of an entry and of those proposed `together` with it.
///
/// # Errors
/// Those of the database.
pub fn of(conn: &mut Connection, me: &Actor, row: &OutcomeRow, together: &[OutcomeRow]) -> Result<Paper> {
    let has_file = row.source_blob_id.is_some() || together.iter().any(|one| one.source_blob_id.is_some());
    let Some(case) = row.case_id else { return Ok(Paper { has_file, ..Paper::default() }) };
    let (others, own) = cases::papers_for(conn, case, me.id)?;
    let of_others = others.into_iter().map(|paper| paper.id).collect();
    Ok(Paper { has_file, of_others, has_own: !own.is_empty() })
}
