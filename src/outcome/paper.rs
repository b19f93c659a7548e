//! The scanned paper of an agency without accounts, against which a second person of the platform confirms an entry: one
//! that this person chooses.

use super::store::{self, OutcomeRow};
use crate::{
    directory::people::Actor,
    handover::agency_case::store::{self as cases, PaperRow},
    platform::{
        db::{Connection, Id},
        error::{AppError, Result},
    },
};

/// What of it lies before one who looks at an entry.
#[derive(Clone, Debug, Default)]
pub struct Paper {
    /// The entry and what was proposed together with it, as far as they rest on a file that others handed in.
    pub files: Vec<Id>,
    /// Papers of its case of which only others took in scans.
    pub of_others: Vec<PaperRow>,
    /// Whether there are others, which the one who looks handed in, or took in a scan of.
    pub has_own: bool,
}

/// The paper that an entry is confirmed against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// The file that came with this entry.
    File(Id),
    /// This paper of the case.
    OfCase(Id),
}

impl Chosen {
    /// The entry that the file came with, or the paper.
    pub fn id(self) -> Id {
        match self {
            Self::File(id) | Self::OfCase(id) => id,
        }
    }

    /// The paper of the case.
    pub fn of_case(self) -> Option<Id> {
        match self {
            Self::File(_) => None,
            Self::OfCase(id) => Some(id),
        }
    }
}

impl Paper {
    /// Whether the one who looks can confirm the entry against it; nobody does against a scan of their own.
    pub fn is_laid_before(&self) -> bool {
        !self.files.is_empty() || !self.of_others.is_empty()
    }

    /// Whether any is on file.
    pub fn is_on_file(&self) -> bool {
        self.is_laid_before() || self.has_own
    }

    /// The one of that id.
    ///
    /// # Errors
    /// `Conflict` where there is none to choose from; `Invalid` where none of them was chosen.
    pub fn choose(&self, id: Option<Id>) -> Result<Chosen> {
        if !self.is_laid_before() {
            return Err(AppError::Conflict("conflict-outcome-no-scan"));
        }
        let file = self.files.iter().map(|file| Chosen::File(*file));
        let mut all = file.chain(self.of_others.iter().map(|paper| Chosen::OfCase(paper.id)));
        all.find(|one| Some(one.id()) == id).ok_or_else(|| AppError::field("paper", "error-choose"))
    }
}

/// What lies before `me` of an entry and of those proposed `together` with it.
///
/// # Errors
/// Those of the database.
pub fn of(conn: &mut Connection, me: &Actor, row: &OutcomeRow, together: &[OutcomeRow]) -> Result<Paper> {
    let (mut files, mut has_own) = (Vec::new(), false);
    for one in [row].into_iter().chain(together) {
        let Some(blob) = one.source_blob_id else { continue };
        // An entry that takes another one's place may rest on the file that came with that one.
        if store::handed_in_by(conn, one.case_id, blob)? == Some(me.id) {
            has_own = true;
        } else {
            files.push(one.id);
        }
    }
    let Some(case) = row.case_id else { return Ok(Paper { files, has_own, ..Paper::default() }) };
    let (of_others, own) = cases::papers_for(conn, case, me.id)?;
    Ok(Paper { files, of_others, has_own: has_own || !own.is_empty() })
}
