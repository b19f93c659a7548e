//! In which order the steps of the remedy follow each other, and on which transfers it is open at all. Pure.

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::{
    handover::{
        deadline::{DeadlineRow, clocks::remedy as limits},
        transfer::model::{Refusal, State},
    },
    platform::{
        db::{Id, Instant},
        time,
        words::words,
    },
};

words!(
    /// A step of the remedy, in their order; that the accuser does not ask may come before each request.
    Step {
        /// 不予立案通知书送达控告人
        Served = "served",
        /// 不申请复议, which may be asked for in its time all the same
        AskWaived = "ask_waived",
        /// 申请复议, to the police that decided
        Asked = "asked",
        /// 复议决定
        Decided = "decided",
        /// 不申请复核, likewise
        ReviewWaived = "review_waived",
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
            Self::AskWaived => "remedy-waived",
            Self::Asked => "remedy-asked",
            Self::Decided => "remedy-decided",
            Self::ReviewWaived => "remedy-review-waived",
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
            Self::AskWaived => "transfer.waive_reconsideration",
            Self::Asked => "transfer.ask_reconsideration",
            Self::Decided => "transfer.decide_reconsideration",
            Self::ReviewWaived => "transfer.waive_review",
            Self::ReviewAsked => "transfer.ask_review",
            Self::ReviewDecided => "transfer.decide_review",
        }
    }

    /// Whether it is the accuser's own, which the agency does not record.
    pub fn is_accusers(self) -> bool {
        self.is_waiver() || matches!(self, Self::Asked | Self::ReviewAsked)
    }

    /// Whether the accuser says by it that nothing is asked for. The law does not bind anybody to that: in its time it may
    /// still be asked for.
    pub fn is_waiver(self) -> bool {
        matches!(self, Self::AskWaived | Self::ReviewWaived)
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
    /// The decision not to file that it goes against: a step of the transfer.
    pub decision: Id,
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
    /// Why nothing is asked for: a remark.
    pub remark: Option<Id>,
}

impl Taken {
    /// Whether `me` recorded by it a request of the accuser.
    fn is_asked_by(&self, me: Id) -> bool {
        self.step.is_accusers() && !self.step.is_waiver() && self.actor == Some(me)
    }
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

    /// Whether the decision not to file still stands between the two sides: sent anew, it does until the agency files or
    /// decides again, whatever else becomes of the new version.
    ///
    /// # Errors
    /// Why not.
    pub fn stands(&self) -> Result<(), Refusal> {
        if self.is_filed { Err("conflict-remedy-filed") } else { Ok(()) }
    }

    /// The step that comes next, to which nothing need come before it; `None`: it has come to its end.
    pub fn next_step(&self) -> Option<Step> {
        let Some(last) = self.taken.iter().rfind(|taken| !taken.step.is_waiver()) else {
            return Some(Step::Served);
        };
        match (last.step, last.verdict) {
            (Step::Served | Step::AskWaived | Step::ReviewWaived, _) => Some(Step::Asked),
            (Step::Asked, _) => Some(Step::Decided),
            (Step::Decided, Some(Verdict::Upheld)) => Some(Step::ReviewAsked),
            (Step::ReviewAsked, _) => Some(Step::ReviewDecided),
            (Step::Decided | Step::ReviewDecided, _) => None,
        }
    }

    /// By which step the accuser would say that the next one is not taken; `None`: it is not the accuser's, or that was
    /// said.
    pub fn waiver(&self) -> Option<Step> {
        let waiver = match self.next_step()? {
            Step::Asked => Step::AskWaived,
            Step::ReviewAsked => Step::ReviewWaived,
            _ => return None,
        };
        self.waived().is_none().then_some(waiver)
    }

    /// By which step the accuser said last that nothing is asked for; `None`: nothing is said, or it was asked for after.
    pub fn waived(&self) -> Option<Step> {
        self.taken.last().map(|last| last.step).filter(|step| step.is_waiver())
    }

    /// The last day of the accuser's own time limit for the next step, among those of the transfer; `None`: none ran.
    pub fn end_of_asking(&self, deadlines: &[DeadlineRow], zone: Tz) -> Option<NaiveDate> {
        let code = match self.next_step()? {
            Step::Asked => limits::RECON_ASK,
            Step::ReviewAsked => limits::REVIEW_ASK,
            _ => return None,
        };
        let newest =
            deadlines.iter().filter(|row| row.clock_code == code).max_by_key(|row| row.started_at)?;
        Some(time::day_of(newest.due_at, zone))
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
        let is_next = self.next_step() == Some(step) || self.waiver() == Some(step);
        if is_next { Ok(()) } else { Err("conflict-remedy-order") }
    }

    /// Whether a case is to be filed after all.
    pub fn is_revoked(&self) -> bool {
        self.taken.iter().any(|taken| taken.verdict == Some(Verdict::Revoked))
    }

    /// Whether `me` recorded a request of the accuser, and is no second person for the paper of what answers it.
    pub fn is_asked_by(&self, me: Id) -> bool {
        self.taken.iter().any(|taken| taken.is_asked_by(me))
    }

    /// The scanned papers that decisions of the police were recorded from, and when.
    pub fn papers(&self) -> impl Iterator<Item = (Id, Instant)> {
        self.all().filter_map(|taken| Some((taken.paper?, taken.at)))
    }

    /// The papers that answer what `me` had asked for against the same decision not to file: of these `me` is no second
    /// person.
    pub fn answers_to(&self, me: Id) -> Vec<Id> {
        let is_answer = |answer: &&Taken| {
            let asked = |taken: &Taken| {
                taken.is_asked_by(me) && taken.decision == answer.decision && taken.at <= answer.at
            };
            self.all().any(asked)
        };
        self.all().filter(is_answer).filter_map(|taken| taken.paper).collect()
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
        Taken {
            decision: Id::new(),
            step,
            on: day(on),
            number: String::new(),
            verdict,
            actor: None,
            side: "platform".into(),
            at,
            paper: None,
            remark: None,
        }
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
        let way: Vec<&Step> = Step::ALL.iter().filter(|step| !step.is_waiver()).collect();
        for step in &way {
            let now = remedy(so_far.clone());
            assert_eq!(now.next_step(), Some(**step));
            for other in &way {
                let expected = match other.cmp(step) {
                    std::cmp::Ordering::Less => Err("conflict-remedy-recorded"),
                    std::cmp::Ordering::Equal => Ok(()),
                    std::cmp::Ordering::Greater => Err("conflict-remedy-order"),
                };
                assert_eq!(now.allows(**other), expected, "{other} when {step} is next");
            }
            so_far.push(taken(**step, "2024-06-04", verdict(**step)));
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
    fn what_the_accuser_does_not_ask_for_may_be_asked_for_all_the_same() {
        let mut so_far = Vec::new();
        for (before, waiver, request, verdict) in [
            (Step::Served, Step::AskWaived, Step::Asked, None),
            (Step::Decided, Step::ReviewWaived, Step::ReviewAsked, Some(Verdict::Upheld)),
        ] {
            assert_eq!(remedy(so_far.clone()).allows(waiver), Err("conflict-remedy-order"), "{waiver}");
            so_far.push(taken(before, "2024-06-04", verdict));
            let now = remedy(so_far.clone());
            assert_eq!((now.waiver(), now.waived(), now.allows(waiver)), (Some(waiver), None, Ok(())));
            so_far.push(taken(waiver, "2024-06-05", None));
            let now = remedy(so_far.clone());
            assert_eq!((now.waiver(), now.waived()), (None, Some(waiver)));
            assert_eq!(now.allows(waiver), Err("conflict-remedy-recorded"));
            assert_eq!((now.next_step(), now.allows(request)), (Some(request), Ok(())));
            so_far.push(taken(request, "2024-06-06", None));
            let now = remedy(so_far.clone());
            assert_eq!((now.waiver(), now.waived()), (None, None));
        }
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
        for state in State::ALL.iter().copied().filter(|state| *state != State::Filed) {
            assert_eq!(anew(state), Ok(()), "{state}");
        }
    }

    #[test]
    fn no_step_lies_before_what_it_follows() {
        assert_eq!(remedy(Vec::new()).earliest(), None);
        let served = remedy(vec![taken(Step::Served, "2024-06-05", None)]);
        assert_eq!(served.earliest(), Some(day("2024-06-05")));
    }

    #[test]
    fn a_paper_answers_who_asked_before_it_against_the_same_decision() {
        let (me, other, paper, before) = (Id::new(), Id::new(), Id::new(), Id::new());
        let (first, second) = (Id::new(), Id::new());
        let asked =
            |decision, by| Taken { decision, actor: Some(by), ..taken(Step::Asked, "2024-06-05", None) };
        let decided = |decision, on, paper| {
            let taken = taken(Step::Decided, on, Some(Verdict::Upheld));
            Taken { decision, actor: Some(other), paper: Some(paper), ..taken }
        };
        let now = Remedy {
            earlier: vec![asked(first, other), decided(first, "2024-06-06", before)],
            ..remedy(vec![asked(second, me), decided(second, "2024-06-07", paper)])
        };
        assert_eq!((now.answers_to(me), now.answers_to(other)), (vec![paper], vec![before]));
        assert_eq!(now.papers().map(|(paper, _)| paper).collect::<Vec<_>>(), [before, paper]);
        let early = remedy(vec![decided(second, "2024-06-04", paper), asked(second, me)]);
        assert!(early.answers_to(me).is_empty());
        let waived = Taken { step: Step::AskWaived, ..asked(second, me) };
        assert!(remedy(vec![waived, decided(second, "2024-06-07", paper)]).answers_to(me).is_empty());
    }

    #[test]
    fn every_step_is_found_by_its_page() {
        for step in Step::ALL {
            assert_eq!(Step::of_page(step.page()), Some(*step));
        }
        assert_eq!(Step::of_page("remedy"), None);
    }
}
