//! The steps of an agency's case and what may follow what.

use std::{fmt, str::FromStr};

use crate::platform::http::view::Tone;

/// A word that is none of ours.
#[derive(Debug)]
pub struct UnknownWord;

/// Where a case stands: its last step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// 已受理: a matter, not a case yet.
    Accepted,
    /// 已立案: counts as a case from here.
    Filed,
    /// 侦查／调查中
    Investigating,
    /// 移送审查起诉
    Referred,
    /// 提起公诉
    Prosecuted,
    /// 判决
    Judged,
    /// 行政处罚
    Penalised,
    /// 撤案
    Withdrawn,
    /// 结案
    Closed,
    /// 并案: goes on in another case.
    Merged,
    /// 不予立案 or gone elsewhere: the matter ended before it became a case.
    Ended,
}

impl Status {
    pub const ALL: [Status; 11] = [
        Status::Accepted,
        Status::Filed,
        Status::Investigating,
        Status::Referred,
        Status::Prosecuted,
        Status::Judged,
        Status::Penalised,
        Status::Withdrawn,
        Status::Closed,
        Status::Merged,
        Status::Ended,
    ];

    /// The steps that a liaison records one by one; the others come from acts on transfers.
    pub const PROGRESS: [Status; 7] = [
        Status::Investigating,
        Status::Referred,
        Status::Prosecuted,
        Status::Judged,
        Status::Penalised,
        Status::Withdrawn,
        Status::Closed,
    ];

    /// The word in the database, in forms and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Accepted => "accepted",
            Status::Filed => "filed",
            Status::Investigating => "investigating",
            Status::Referred => "referred",
            Status::Prosecuted => "prosecuted",
            Status::Judged => "judged",
            Status::Penalised => "penalised",
            Status::Withdrawn => "withdrawn",
            Status::Closed => "closed",
            Status::Merged => "merged",
            Status::Ended => "ended",
        }
    }

    /// Message key of the word.
    pub fn key(self) -> String {
        format!("case-status-{self}")
    }

    /// The colour beside the word.
    pub fn tone(self) -> Tone {
        match self {
            Status::Accepted | Status::Investigating => Tone::Info,
            Status::Filed | Status::Referred | Status::Prosecuted | Status::Judged | Status::Penalised => {
                Tone::Good
            }
            Status::Withdrawn => Tone::Bad,
            Status::Closed | Status::Merged | Status::Ended => Tone::Muted,
        }
    }

    /// Whether nothing can follow.
    pub fn is_over(self) -> bool {
        matches!(self, Status::Withdrawn | Status::Closed | Status::Merged | Status::Ended)
    }

    /// Whether a step of progress may be recorded now.
    ///
    /// # Errors
    /// Why not: a message key.
    pub fn allows_progress(self) -> Result<(), &'static str> {
        match self {
            Status::Accepted => Err("conflict-case-not-filed"),
            status if status.is_over() => Err("conflict-case-over"),
            _ => Ok(()),
        }
    }

    /// Whether a step to this one leads back behind `present`. A penalty, a withdrawal and the end may come at any
    /// time.
    pub fn is_behind(self, present: Status) -> bool {
        match self {
            Status::Investigating => {
                matches!(present, Status::Referred | Status::Prosecuted | Status::Judged | Status::Penalised)
            }
            Status::Referred => matches!(present, Status::Prosecuted | Status::Judged),
            Status::Prosecuted => present == Status::Judged,
            _ => false,
        }
    }

    /// Whether it may be opened again: what was closed, not what went on elsewhere or never became a case.
    ///
    /// # Errors
    /// Why not: a message key.
    pub fn allows_reopening(self) -> Result<(), &'static str> {
        match self {
            Status::Withdrawn | Status::Closed => Ok(()),
            _ => Err("conflict-case-not-closed"),
        }
    }

    /// Whether a transfer may be joined to it.
    pub fn takes_transfers(self) -> bool {
        !self.is_over()
    }
}

/// The step of a case that was opened again; its status is that of [`resumed`].
pub const REOPENED: &str = "reopened";

/// Where a case stands again that is opened after these steps, oldest first: at the last one that did not end it.
pub fn resumed<'a>(steps: impl Iterator<Item = &'a str>) -> Status {
    let statuses = steps.filter_map(|word| word.parse::<Status>().ok());
    statuses.filter(|status| !status.is_over()).last().unwrap_or(Status::Filed)
}

impl FromStr for Status {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Status::ALL.into_iter().find(|s| s.as_str() == word).ok_or(UnknownWord)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_is_read_back() {
        for status in Status::ALL {
            assert_eq!(status.as_str().parse::<Status>().ok(), Some(status));
        }
    }

    #[test]
    fn a_case_that_is_opened_again_stands_where_it_stood() {
        let steps = ["accepted", "filed", "referred", "closed", REOPENED, "withdrawn"];
        assert_eq!(resumed(steps.into_iter()), Status::Referred);
        assert_eq!(resumed(std::iter::empty()), Status::Filed);
        assert!(Status::Closed.allows_reopening().is_ok() && Status::Withdrawn.allows_reopening().is_ok());
        for status in [Status::Merged, Status::Ended, Status::Filed] {
            assert_eq!(status.allows_reopening(), Err("conflict-case-not-closed"));
        }
    }

    #[test]
    fn a_step_back_is_known() {
        assert!(
            Status::Investigating.is_behind(Status::Judged) && Status::Referred.is_behind(Status::Judged)
        );
        assert!(Status::Investigating.is_behind(Status::Penalised));
        for status in Status::PROGRESS {
            assert!(!status.is_behind(status) && !status.is_behind(Status::Filed));
        }
        assert!(
            !Status::Penalised.is_behind(Status::Judged) && !Status::Referred.is_behind(Status::Penalised)
        );
    }

    #[test]
    fn progress_needs_a_filed_case_that_is_not_over() {
        assert_eq!(Status::Accepted.allows_progress(), Err("conflict-case-not-filed"));
        assert_eq!(Status::Closed.allows_progress(), Err("conflict-case-over"));
        assert!(Status::Filed.allows_progress().is_ok() && Status::Judged.allows_progress().is_ok());
    }
}
