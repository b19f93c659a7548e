//! In which order the steps of the remedy follow each other, and on which transfers it is open at all. Pure.

use chrono::NaiveDate;

use crate::{
    handover::transfer::model::{Refusal, State},
    platform::{
        db::{Id, Instant},
        words::words,
    },
};

words!(
    /// A step of the remedy, in their order.
    Step {
        /// 不予立案通知书送达控告人
        Served = "served",
        /// 申请复议, to the police that decided
        Asked = "asked",
        /// 复议决定
        Decided = "decided",
        /// 申请复核, to the next higher police
        ReviewAsked = "review_asked",
        /// 复核决定
        ReviewDecided = "review_decided",
    }
);

words!(
    /// What became of the decision not to file.
    Verdict {
        /// 维持
        Upheld = "upheld",
        /// 撤销不予立案决定: a case is to be filed.
        Revoked = "revoked",
    }
);

impl Step {
    /// In the address and in the keys of the page's messages.
    pub fn page(self) -> &'static str {
        match self {
            Self::Served => "remedy-served",
            Self::Asked => "remedy-asked",
            Self::Decided => "remedy-decided",
            Self::ReviewAsked => "remedy-review-asked",
            Self::ReviewDecided => "remedy-review-decided",
        }
    }

    /// The step whose page has this name.
    pub fn of_page(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|step| step.page() == name)
    }

    /// As in the audit log.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Served => "transfer.serve_no_filing",
            Self::Asked => "transfer.ask_reconsideration",
            Self::Decided => "transfer.decide_reconsideration",
            Self::ReviewAsked => "transfer.ask_review",
            Self::ReviewDecided => "transfer.decide_review",
        }
    }

    /// Whether it is the accuser's own, which the agency does not record.
    pub fn is_accusers(self) -> bool {
        matches!(self, Self::Asked | Self::ReviewAsked)
    }

    /// Whether it is a decision of the police, which nobody but they make: where somebody there can sign in they record it
    /// themselves.
    pub fn is_agencys(self) -> bool {
        matches!(self, Self::Decided | Self::ReviewDecided)
    }

    /// Whether it says what became of the decision not to file.
    pub fn has_verdict(self) -> bool {
        matches!(self, Self::Decided | Self::ReviewDecided)
    }
}

/// A step that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    pub step: Step,
    pub on: NaiveDate,
    /// Of the notice, request or decision; may be empty.
    pub number: String,
    pub verdict: Option<Verdict>,
    pub actor: Option<Id>,
    /// Who recorded it: `platform` or `agency`.
    pub side: String,
    pub at: Instant,
    /// The scan of the agency's paper that it was recorded from.
    pub paper: Option<Id>,
}

/// The remedy against the newest decision of the police not to file.
#[derive(Clone, Debug)]
pub struct Remedy {
    /// The step of the transfer by which it was decided.
    pub decision: Id,
    /// As what the dossier was sent.
    pub sender_role: String,
    /// Where the transfer stands now: it may have been sent anew.
    pub state: State,
    /// Whether a case was filed since.
    pub is_filed: bool,
    /// What was recorded since, oldest first.
    pub taken: Vec<Taken>,
    /// The same of decisions before this one.
    pub earlier: Vec<Taken>,
}

impl Remedy {
    /// The law gives it to the one who accused (控告人), not to a reporter nor to an assisting unit.
    pub fn is_open_to_sender(&self) -> bool {
        self.sender_role == "accuser_joint"
    }

    /// Whether the decision not to file still stands between the two sides.
    ///
    /// # Errors
    /// Why not.
    pub fn stands(&self) -> Result<(), Refusal> {
        if self.is_filed {
            return Err("conflict-remedy-filed");
        }
        // Sent anew, the earlier decision stands until the agency decides again.
        if self.state.is_over() && self.state != State::NotFiled {
            Err("conflict-remedy-over")
        } else {
            Ok(())
        }
    }

    /// The step that comes next; `None`: it has come to its end.
    pub fn next_step(&self) -> Option<Step> {
        let Some(last) = self.taken.last() else { return Some(Step::Served) };
        match (last.step, last.verdict) {
            (Step::Served, _) => Some(Step::Asked),
            (Step::Asked, _) => Some(Step::Decided),
            (Step::Decided, Some(Verdict::Upheld)) => Some(Step::ReviewAsked),
            (Step::ReviewAsked, _) => Some(Step::ReviewDecided),
            (Step::Decided | Step::ReviewDecided, _) => None,
        }
    }

    /// Whether `step` can be recorded now: each once, in their order.
    ///
    /// # Errors
    /// Why not.
    pub fn allows(&self, step: Step) -> Result<(), Refusal> {
        if !self.is_open_to_sender() {
            return Err("conflict-remedy-accuser");
        }
        self.stands()?;
        if self.taken.iter().any(|taken| taken.step == step) {
            return Err("conflict-remedy-recorded");
        }
        if self.next_step() == Some(step) { Ok(()) } else { Err("conflict-remedy-order") }
    }

    /// Whether a case is to be filed after all.
    pub fn is_revoked(&self) -> bool {
        self.taken.iter().any(|taken| taken.verdict == Some(Verdict::Revoked))
    }

    /// What was recorded of all decisions not to file, oldest first.
    pub fn all(&self) -> impl Iterator<Item = &Taken> {
        self.earlier.iter().chain(&self.taken)
    }

    /// The earliest day of the next step, where one was taken: that of the last.
    pub fn earliest(&self) -> Option<NaiveDate> {
        self.taken.last().map(|last| last.on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::time::{DEFAULT_ZONE, start_of_day};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn taken(step: Step, on: &str, verdict: Option<Verdict>) -> Taken {
        let at = start_of_day(day(on), DEFAULT_ZONE);
        let number = String::new();
        Taken { step, on: day(on), number, verdict, actor: None, side: "platform".into(), at, paper: None }
    }

    fn remedy(taken: Vec<Taken>) -> Remedy {
        Remedy {
            decision: Id::new(),
            sender_role: "accuser_joint".into(),
            state: State::NotFiled,
            is_filed: false,
            taken,
            earlier: Vec::new(),
        }
    }

    #[test]
    fn the_steps_follow_each_other_and_each_is_taken_once() {
        let verdict = |step: Step| step.has_verdict().then_some(Verdict::Upheld);
        let mut so_far = Vec::new();
        for step in Step::ALL {
            let now = remedy(so_far.clone());
            assert_eq!(now.next_step(), Some(*step));
            for other in Step::ALL {
                let expected = match other.cmp(step) {
                    std::cmp::Ordering::Less => Err("conflict-remedy-recorded"),
                    std::cmp::Ordering::Equal => Ok(()),
                    std::cmp::Ordering::Greater => Err("conflict-remedy-order"),
                };
                assert_eq!(now.allows(*other), expected, "{other} when {step} is next");
            }
            so_far.push(taken(*step, "2024-06-04", verdict(*step)));
        }
        assert_eq!(remedy(so_far).next_step(), None);
    }

    #[test]
    fn nothing_is_left_to_ask_for_once_the_decision_was_revoked() {
        let so_far = [(Step::Served, None), (Step::Asked, None), (Step::Decided, Some(Verdict::Revoked))];
        let now = remedy(so_far.map(|(step, verdict)| taken(step, "2024-06-04", verdict)).to_vec());
        assert_eq!(now.next_step(), None);
        assert_eq!(now.allows(Step::ReviewAsked), Err("conflict-remedy-order"));
    }

    #[test]
    fn it_is_the_accusers_alone_and_ends_with_the_filing() {
        for role in ["reporter", "assisting"] {
            let now = Remedy { sender_role: role.into(), ..remedy(Vec::new()) };
            assert_eq!(now.allows(Step::Served), Err("conflict-remedy-accuser"), "{role}");
        }
        let filed = Remedy { is_filed: true, state: State::Filed, ..remedy(Vec::new()) };
        assert_eq!(filed.allows(Step::Served), Err("conflict-remedy-filed"));
        let anew = |state| Remedy { state, ..remedy(Vec::new()) }.allows(Step::Served);
        for state in [State::Sent, State::Received, State::Accepted, State::SupplementRequested] {
            assert_eq!(anew(state), Ok(()), "{state}");
        }
        assert_eq!(anew(State::Returned), Err("conflict-remedy-over"));
    }

    #[test]
    fn no_step_lies_before_what_it_follows() {
        assert_eq!(remedy(Vec::new()).earliest(), None);
        let served = remedy(vec![taken(Step::Served, "2024-06-05", None)]);
        assert_eq!(served.earliest(), Some(day("2024-06-05")));
    }

    #[test]
    fn every_step_is_found_by_its_page() {
        for step in Step::ALL {
            assert_eq!(Step::of_page(step.page()), Some(*step));
        }
        assert_eq!(Step::of_page("remedy"), None);
    }
}
