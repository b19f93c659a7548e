//! The steps of a lead's way, each with when it was taken, by how many of its agencies, or by which version.

use chrono::NaiveDate;

use super::{
    handed::OutcomeOf,
    model::{self, WAY},
    parts::addressees,
    read::Story,
    view::{Reading, ended},
};
use crate::{
    casework::lead::model::{State, Step as LeadStep},
    outcome::model::State as Standing,
    platform::{
        db::Instant,
        http::{
            layout::Chrome,
            view::{Step, StepState},
        },
        time,
    },
};

/// Places in [`WAY`] of what each agency does for itself, or is done for each of them.
const OF_AGENCIES: std::ops::Range<usize> = 3..7;

/// How many agencies have come as far as the place `n` of [`WAY`].
fn there(story: &Story, n: usize) -> usize {
    let far = |stage: i32| usize::try_from(stage).is_ok_and(|stage| stage + 2 >= n);
    story.transfers.iter().filter(|t| t.is_with_it() && far(t.stage)).count()
}

/// When the version that was approved last was submitted and approved.
fn approved_at(story: &Story) -> (Option<Instant>, Option<Instant>) {
    let approved = story.steps.iter().rposition(|s| s.step == LeadStep::Approved);
    let before = approved.map_or(&[][..], |n| &story.steps[..n]);
    let submitted = before.iter().rfind(|s| s.step == LeadStep::Submitted);
    (submitted.map(|s| s.at), approved.map(|n| story.steps[n].at))
}

/// The steps of the way.
pub(super) fn steps(c: &Chrome, story: &Story, at: &Reading) -> Vec<Step> {
    let lead = &story.lead;
    let stage = story.transfers.iter().map(|t| t.stage).max().unwrap_or(0);
    let stands =
        |o: &&OutcomeOf| matches!(o.state, Standing::Confirmed | Standing::Disputed) && !o.is_counter;
    let confirmed = story.outcomes.iter().filter(stands);
    let first_result = confirmed.map(|o| o.happened_on).min();
    let taken = |step| story.steps.iter().rev().find(|s| s.step == step).map(|s| s.at);
    let was_approved = story.approved_version().is_some() || taken(LeadStep::Approved).is_some();
    let stopped = matches!(lead.state, State::Withdrawn | State::Trashed);
    let mut reached = model::reached(lead.state, stage, first_result.is_some());
    if stopped && reached == 0 {
        reached = if was_approved { 2 } else { usize::from(taken(LeadStep::Submitted).is_some()) };
    }
    let day = |instant: Instant| time::day_of(instant, at.zone);
    let own = model::own(lead.state);
    let ended = ended(story).filter(|ended| !stopped && reached < ended.place());
    let all = addressees(story);
    let state = |n: usize| {
        if ended.is_some_and(|ended| ended.place() == n) {
            return StepState::Stopped;
        }
        let state = if stopped {
            model::step_state(n, reached, true)
        } else {
            model::step_anew(n, own, reached, was_approved)
        };
        if OF_AGENCIES.contains(&n) { model::step_of_agencies(state, there(story, n), all) } else { state }
    };
    // What an earlier version has gone through bears its days.
    let earlier = approved_at(story);
    let of_version = |n: usize, newest: LeadStep, approved: Option<Instant>| {
        let at = if state(n) == StepState::Partly { approved } else { taken(newest) };
        at.map(day)
    };
    let days = [
        Some(day(lead.created_at)),
        of_version(1, LeadStep::Submitted, earlier.0),
        of_version(2, LeadStep::Approved, earlier.1),
        story.transfers.iter().map(|t| t.sent_at).min().map(day),
        story.transfers.iter().filter_map(|t| t.received_at).min().map(day),
        story.transfers.iter().filter_map(|t| t.accepted_at).min().map(day),
        story.transfers.iter().filter_map(|t| t.filed_at).min().map(day),
        first_result,
    ];
    let step = |(n, day): (usize, Option<NaiveDate>)| {
        let state = state(n);
        // The day of a step that has to be taken again is the former version's.
        let day = day.filter(|_| state != StepState::Todo).map_or_else(String::new, time::table_day);
        let note = match ended.filter(|ended| ended.place() == n) {
            Some(ended) => c.t(ended.key()),
            None if n == 0 && was_approved && state == StepState::Current => c.t("story-step-anew"),
            None if state == StepState::Partly => {
                let how_far = if OF_AGENCIES.contains(&n) {
                    let (there, all) = (there(story, n).to_string(), all.to_string());
                    c.ta("story-step-agencies", &[("n", &there), ("of", &all)])
                } else {
                    story.approved_version().map_or_else(String::new, |v| c.tv("story-step-version", "n", v))
                };
                format!("{how_far} {day}").trim().to_owned()
            }
            None => day,
        };
        Step::new(c.t(format!("step-name-{}", WAY[n])), note, state)
    };
    days.into_iter().enumerate().map(step).collect()
}
