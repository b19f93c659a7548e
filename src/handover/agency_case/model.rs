//! The steps of an agency's case and what may follow what.

use crate::platform::{http::view::Tone, words::words};

words!(
    /// Where a case stands: its last step.
    Status {
        /// 已受理: a matter, not a case yet.
        Accepted = "accepted",
        /// 已立案: counts as a case from here.
        Filed = "filed",
        /// 侦查／调查中
        Investigating = "investigating",
        /// 移送审查起诉
        Referred = "referred",
        /// 提起公诉
        Prosecuted = "prosecuted",
        /// 判决
        Judged = "judged",
        /// 行政处罚
        Penalised = "penalised",
        /// 撤案
        Withdrawn = "withdrawn",
        /// 结案
        Closed = "closed",
        /// 并案: goes on in another case.
        Merged = "merged",
        /// 不予立案 or gone elsewhere: the matter ended before it became a case.
        Ended = "ended",
    }
);

impl Status {
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

    /// Whether outcomes may be recorded: nothing came of what ended before it became a case, and what goes on in another
    /// case is recorded there.
    pub fn takes_outcomes(self) -> bool {
        !matches!(self, Status::Merged | Status::Ended)
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

#[cfg(test)]
mod tests {
    use super::*;

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
