//! How far a lead has come, what of its timeline is asked for, and what may be done. Pure.

use crate::{
    casework::lead::model::{self as lead, Lead, State, Step as LeadStep},
    directory::people::{Actor, Role},
    platform::http::view::StepState,
    reporting::words::is_read,
};

/// The steps of a lead's way, in order; the last part of the message `step-name-…`.
pub const WAY: [&str; 8] =
    ["draft", "review", "approved", "sent", "received", "accepted", "filed", "outcome"];

/// How far the version that is being written has come: a place in [`WAY`].
pub fn own(state: State) -> usize {
    match state {
        State::InReview => 1,
        State::Approved => 2,
        State::Draft | State::Withdrawn | State::Trashed => 0,
    }
}

/// How far it has come: a place in [`WAY`]. `stage`: the furthest of its transfers (0: none).
pub fn reached(state: State, stage: i32, has_outcome: bool) -> usize {
    let handed = usize::try_from(stage).ok().filter(|n| *n > 0).map_or(0, |n| 2 + n.min(4));
    if has_outcome { 7 } else { own(state).max(handed) }
}

/// The state of each step of a lead that is written anew: what the earlier version has reached stays, and what the new one
/// has to go through again is open, or was gone through by an earlier one alone (`was_approved`).
pub fn step_anew(place: usize, own: usize, reached: usize, was_approved: bool) -> StepState {
    let is_anew = place < 3 && own < 2;
    match step_state(place, if is_anew { own } else { reached }, false) {
        StepState::Todo if is_anew && was_approved => StepState::Partly,
        state => state,
    }
}

/// The same where agencies go each its own way: `there` of the `all` that the lead is for have come so far.
pub fn step_of_agencies(state: StepState, there: usize, all: usize) -> StepState {
    if state == StepState::Done && (1..all).contains(&there) { StepState::Partly } else { state }
}

/// The state of each step of the way.
pub fn step_state(place: usize, reached: usize, stopped: bool) -> StepState {
    use std::cmp::Ordering::{Equal, Greater, Less};
    match place.cmp(&reached) {
        Less => StepState::Done,
        Equal if stopped => StepState::Stopped,
        // Writing and reviewing last; every other step is an act, done at once.
        Equal if place < 2 => StepState::Current,
        Equal => StepState::Done,
        Greater => StepState::Todo,
    }
}

/// How agencies ended what was sent to them, and the same all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    NotAccepted,
    NotFiled,
}

impl Ended {
    /// Message key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Ended::NotAccepted => "story-transfer-not-accepted",
            Ended::NotFiled => "story-transfer-not-filed",
        }
    }

    /// Message key of what can be done.
    pub fn next(self) -> &'static str {
        match self {
            Ended::NotAccepted => "story-next-not-accepted",
            Ended::NotFiled => "story-next-not-filed",
        }
    }

    /// The step of [`WAY`] that was not taken.
    pub fn place(self) -> usize {
        match self {
            Ended::NotAccepted => 5,
            Ended::NotFiled => 6,
        }
    }
}

/// How a lead's transfers ended, as `transfer.state` has each, where all ended so: but for those that the platform took
/// back and those that went on to another agency, which has one of its own.
pub fn ended<'a>(states: impl Iterator<Item = &'a str>) -> Option<Ended> {
    let mut rest = states.filter(|state| !matches!(*state, "withdrawn" | "forwarded"));
    let how = match rest.next()? {
        "not_filed" => Ended::NotFiled,
        "not_accepted" => Ended::NotAccepted,
        _ => return None,
    };
    let word = if how == Ended::NotFiled { "not_filed" } else { "not_accepted" };
    rest.all(|state| state == word).then_some(how)
}

/// What of the timeline is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Everything that changed something.
    #[default]
    Acts,
    Lead,
    Comment,
    Evidence,
    Dossier,
    Transfer,
    Result,
    /// Who looked at it.
    Reads,
    All,
}

impl Kind {
    pub const ALL: [Kind; 9] = [
        Kind::Acts,
        Kind::Lead,
        Kind::Comment,
        Kind::Evidence,
        Kind::Dossier,
        Kind::Transfer,
        Kind::Result,
        Kind::Reads,
        Kind::All,
    ];

    /// The word in the address; the usual one has none.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Acts => "",
            Kind::Lead => "lead",
            Kind::Comment => "comment",
            Kind::Evidence => "evidence",
            Kind::Dossier => "dossier",
            Kind::Transfer => "transfer",
            Kind::Result => "result",
            Kind::Reads => "read",
            Kind::All => "all",
        }
    }

    /// Reads the word; anything else is the usual one.
    pub fn read(word: &str) -> Self {
        Self::ALL.into_iter().find(|kind| kind.word() == word).unwrap_or_default()
    }

    /// Message key of its name.
    pub fn key(self) -> String {
        format!("story-kind-{}", if self == Kind::Acts { "acts" } else { self.word() })
    }

    /// Whether an entry with this verb is of the kind.
    pub fn holds(self, verb: &str) -> bool {
        // Who has read where a comment calls them has done nothing.
        let is_act = !is_read(verb) && verb != "lead.comment.seen";
        let begins = |starts: &[&str]| is_act && starts.iter().any(|start| verb.starts_with(start));
        match self {
            Kind::All => true,
            Kind::Acts => is_act,
            Kind::Reads => !is_act,
            Kind::Comment => begins(&["lead.comment."]),
            Kind::Lead => begins(&["lead.", "subject."]) && !begins(&["lead.comment."]),
            Kind::Evidence => begins(&["evidence."]),
            Kind::Dossier => {
                begins(&["dossier.", "review."])
                    || matches!(verb, "lead.submit" | "lead.return" | "lead.approve")
            }
            Kind::Transfer => begins(&["transfer.", "delivery.", "message.", "deadline."]),
            Kind::Result => {
                is_act && (is_of_case(verb) || matches!(verb, "transfer.file" | "transfer.not_file"))
            }
        }
    }
}

/// Whether a verb is one of the cases and results that a lead led to: its entries name those, and not the lead.
pub fn is_of_case(verb: &str) -> bool {
    verb.starts_with("case.") || verb.starts_with("outcome.")
}

/// What the actor may do to the lead now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct May {
    /// Fields, parts, evidence and compositions.
    pub change: bool,
    pub submit: bool,
    pub withdraw: bool,
    pub reopen: bool,
    pub trash: bool,
    pub restore: bool,
    pub assign: bool,
    /// Sealed dossiers.
    pub send: bool,
    /// The review that waits.
    pub decide: bool,
    /// The submission that waits.
    pub take_back: bool,
    /// A draft of one's own with the same facts.
    pub clone: bool,
}

/// `is_submittable`: the newest composition can be submitted as it is; `was_approved`: ever; `is_writer`: the actor is
/// one of those who wrote it.
pub fn may(actor: &Actor, found: &Lead, is_submittable: bool, was_approved: bool, is_writer: bool) -> May {
    let own = lead::is_compiler_of(actor, found);
    let goes = |step: LeadStep| own && step.from(found.state).is_ok();
    let change = lead::is_changeable(actor, found);
    May {
        change,
        submit: change && is_submittable,
        withdraw: goes(LeadStep::Withdrawn),
        reopen: goes(LeadStep::Reopened),
        trash: goes(LeadStep::Trashed) && !was_approved,
        restore: goes(LeadStep::Restored),
        assign: lead::require_assignable(actor, found).is_ok(),
        send: (own || actor.has(Role::Manager)) && !matches!(found.state, State::Withdrawn | State::Trashed),
        clone: actor.has(Role::Compiler) && found.state != State::Trashed,
        take_back: own && found.state == State::InReview,
        decide: actor.has(Role::Approver) && found.state == State::InReview && !is_writer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_is_as_far_as_its_furthest_transfer() {
        assert_eq!(reached(State::Draft, 0, false), 0);
        assert_eq!(reached(State::Approved, 0, false), 2);
        assert_eq!(reached(State::Approved, 1, false), 3);
        assert_eq!(reached(State::Draft, 4, false), 6);
        assert_eq!(reached(State::Approved, 4, true), 7);
    }

    #[test]
    fn a_lead_ended_where_all_its_transfers_did_the_same() {
        let of = |states: &[&str]| ended(states.iter().copied());
        assert_eq!(of(&["not_filed"]), Some(Ended::NotFiled));
        assert_eq!(of(&["forwarded", "not_filed", "withdrawn", "not_filed"]), Some(Ended::NotFiled));
        assert_eq!(of(&["not_accepted"]), Some(Ended::NotAccepted));
        assert_eq!(of(&[]), None);
        assert_eq!(of(&["withdrawn"]), None);
        assert_eq!(of(&["not_filed", "accepted"]), None);
        assert_eq!(of(&["not_filed", "not_accepted"]), None);
        assert_eq!(WAY[Ended::NotFiled.place()], "filed");
        assert_eq!(WAY[Ended::NotAccepted.place()], "accepted");
    }

    #[test]
    fn the_way_ends_where_it_was_stopped() {
        assert_eq!(step_state(0, 1, false), StepState::Done);
        assert_eq!(step_state(1, 1, false), StepState::Current);
        assert_eq!(step_state(1, 1, true), StepState::Stopped);
        assert_eq!(step_state(2, 1, false), StepState::Todo);
        assert_eq!(step_state(7, 7, false), StepState::Done);
    }

    #[test]
    fn a_lead_written_anew_goes_through_review_again() {
        use StepState::{Current, Done, Partly, Todo};
        let all = |own, reached, was| -> Vec<StepState> {
            (0..5).map(|n| step_anew(n, own, reached, was)).collect()
        };
        assert_eq!(all(0, 0, false), [Current, Todo, Todo, Todo, Todo]);
        assert_eq!(all(0, 0, true), [Current, Partly, Partly, Todo, Todo]);
        assert_eq!(all(0, 3, true), [Current, Partly, Partly, Done, Todo]);
        assert_eq!(all(1, 4, true), [Done, Current, Partly, Done, Done]);
        assert_eq!(all(2, 3, true), [Done, Done, Done, Done, Todo]);
    }

    #[test]
    fn what_some_agencies_did_is_not_done() {
        use StepState::{Done, Partly, Todo};
        let of = |there, all| step_of_agencies(Done, there, all);
        assert_eq!([of(1, 2), of(2, 2), of(0, 2), of(1, 1)], [Partly, Done, Done, Done]);
        assert_eq!(step_of_agencies(Todo, 1, 2), Todo);
    }

    #[test]
    fn what_was_sent_is_not_under_way() {
        assert_eq!(step_state(0, 0, false), StepState::Current);
        for (act, name) in WAY.iter().enumerate().skip(2) {
            assert_eq!(step_state(act, act, false), StepState::Done, "{name}");
        }
    }

    #[test]
    fn every_kind_is_found_by_its_word() {
        for kind in Kind::ALL {
            assert_eq!(Kind::read(kind.word()), kind);
        }
        assert_eq!(Kind::read("x"), Kind::Acts);
    }

    #[test]
    fn an_entry_is_of_the_kinds_that_its_verb_tells() {
        let kinds = |verb: &str| -> Vec<Kind> { Kind::ALL.into_iter().filter(|k| k.holds(verb)).collect() };
        assert_eq!(kinds("lead.update"), [Kind::Acts, Kind::Lead, Kind::All]);
        assert_eq!(kinds("lead.comment.add"), [Kind::Acts, Kind::Comment, Kind::All]);
        assert_eq!(kinds("lead.comment.seen"), [Kind::Reads, Kind::All]);
        assert_eq!(kinds("lead.submit"), [Kind::Acts, Kind::Lead, Kind::Dossier, Kind::All]);
        assert_eq!(kinds("transfer.receipt_view"), [Kind::Reads, Kind::All]);
        assert_eq!(kinds("case.step"), [Kind::Acts, Kind::Result, Kind::All]);
        assert_eq!(kinds("transfer.file"), [Kind::Acts, Kind::Transfer, Kind::Result, Kind::All]);
        assert_eq!(kinds("outcome.view"), [Kind::Reads, Kind::All]);
    }
}
