use proptest::prelude::*;

use super::*;
use StepKind as K;

fn run(kinds: &[StepKind]) -> Result<Standing, Refusal> {
    let steps: Vec<Step> = kinds
        .iter()
        .enumerate()
        .map(|(n, kind)| Step {
            kind: *kind,
            at: Instant::from_micros(i64::try_from(n).unwrap()),
            delivery: kind.delivers().then(|| Id::from_bytes([u8::try_from(n).unwrap(); 16])),
        })
        .collect();
    derive(&steps)
}

#[test]
fn the_straight_way() {
    let at = run(&[K::Sent, K::Received, K::Accepted, K::Filed]).unwrap();
    assert_eq!((at.state, at.stage), (State::Filed, stage::FILED));
    assert_eq!(at.filed_at, Some(Instant::from_micros(3)));
}

#[test]
fn nothing_is_decided_before_it_is_acknowledged() {
    for kind in [K::Accepted, K::NotAccepted, K::Returned, K::Forwarded, K::SupplementRequested, K::Filed] {
        assert_eq!(run(&[K::Sent, kind]), Err("conflict-transfer-not-received"), "{kind}");
    }
    assert_eq!(run(&[K::Sent, K::Received, K::Received]), Err("conflict-transfer-received"));
    assert_eq!(run(&[K::Sent, K::Received, K::Filed]), Err("conflict-transfer-not-accepted-yet"));
}

#[test]
fn a_supplement_goes_back_to_where_it_was_asked_and_is_acknowledged_by_itself() {
    let asked = run(&[K::Sent, K::Received, K::Accepted, K::SupplementRequested]).unwrap();
    assert_eq!((asked.state, asked.stage), (State::SupplementRequested, stage::ACCEPTED));
    let answered = run(&[K::Sent, K::Received, K::Accepted, K::SupplementRequested, K::SupplementAnswered]);
    let answered = answered.unwrap();
    assert_eq!(answered.state, State::Accepted);
    assert!(answered.unacknowledged && allows(&answered, K::Received).is_ok());
}

#[test]
fn papers_that_are_not_complete_do_not_keep_it_from_being_accepted() {
    let at = run(&[K::Sent, K::Received, K::SupplementRequested, K::Accepted]).unwrap();
    assert_eq!((at.state, at.effective()), (State::SupplementRequested, State::Accepted));
    let at =
        run(&[K::Sent, K::Received, K::SupplementRequested, K::Accepted, K::SupplementAnswered]).unwrap();
    assert_eq!(at.state, State::Accepted);
}

#[test]
fn a_returned_one_is_sent_again_and_keeps_how_far_it_came() {
    let at = run(&[K::Sent, K::Received, K::Accepted, K::Returned, K::Sent]).unwrap();
    assert_eq!((at.state, at.stage, at.sent_at), (State::Sent, stage::ACCEPTED, Instant::from_micros(0)));
    let forwarded = run(&[K::Sent, K::Received, K::Forwarded]).unwrap();
    assert_eq!(delivering(Some(&forwarded)), Err("conflict-transfer-forwarded"));
    let back = run(&[K::Sent, K::Received, K::Forwarded, K::CameBack]).unwrap();
    assert_eq!(back.state, State::Received);
}

#[test]
fn it_is_withdrawn_only_before_the_agency_took_it_on() {
    assert!(run(&[K::Sent, K::Received, K::Withdrawn]).is_ok());
    assert_eq!(run(&[K::Sent, K::Received, K::Accepted, K::Withdrawn]), Err("conflict-transfer-taken-on"));
    assert_eq!(run(&[K::Sent, K::Withdrawn, K::Received]), Err("conflict-transfer-withdrawn"));
}

proptest! {
    /// Any walk of allowed steps keeps the promises that the rest of the program relies on.
    #[test]
    fn every_walk_keeps_the_promises(picks in proptest::collection::vec(0usize..StepKind::ALL.len(), 0..40)) {
        let mut walked = vec![K::Sent];
        let mut standing = run(&walked).unwrap();
        for pick in picks {
            let kind = StepKind::ALL[pick];
            walked.push(kind);
            let Ok(next) = run(&walked) else {
                prop_assert!(allows(&standing, kind).is_err());
                walked.pop();
                continue;
            };
            prop_assert!(allows(&standing, kind).is_ok());
            prop_assert!(next.stage >= standing.stage);
            prop_assert_eq!(next.sent_at, standing.sent_at);
            prop_assert!(next.stage < stage::RECEIVED || next.received_at.is_some());
            prop_assert_eq!(next.stage >= stage::ACCEPTED, next.accepted_at.is_some());
            prop_assert_eq!(next.stage == stage::FILED, next.filed_at.is_some());
            prop_assert!(next.effective() != State::SupplementRequested);
            if next.state.is_over() {
                prop_assert!(offered(&next, Side::Agency).is_empty() && offered(&next, Side::Platform).is_empty());
            } else {
                // Somebody can always go on: the agency, or the platform with another version.
                prop_assert!(delivering(Some(&next)).is_ok());
                let waits = next.state == State::SupplementRequested;
                prop_assert!(waits || !offered(&next, Side::Agency).is_empty());
            }
            standing = next;
        }
    }

    #[test]
    fn offered_steps_are_the_sides_own(picks in proptest::collection::vec(0usize..StepKind::ALL.len(), 0..12)) {
        let mut walked = vec![K::Sent];
        for pick in picks {
            walked.push(StepKind::ALL[pick]);
            if run(&walked).is_err() { walked.pop(); }
        }
        let standing = run(&walked).unwrap();
        for side in [Side::Agency, Side::Platform] {
            prop_assert!(offered(&standing, side).iter().all(|kind| kind.side() == side));
        }
    }
}
