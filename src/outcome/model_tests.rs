use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

#[test]
fn every_word_is_read_back() {
    for kind in Kind::ALL {
        assert_eq!(kind.as_str().parse(), Ok(*kind));
    }
    for state in State::ALL {
        assert_eq!(state.as_str().parse(), Ok(*state));
    }
}

#[test]
fn every_unit_is_read_back_in_both_languages() {
    for (code, ..) in UNITS {
        assert!(code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{code}");
        assert_eq!(unit(code), Some(code));
        for lang in Lang::ALL {
            assert_eq!(unit(unit_name(code, lang)), Some(code));
            let one = quantity(1, code, lang);
            assert_eq!(unit(one.trim_start_matches("1 ")), Some(code), "{one}");
        }
    }
    assert_eq!(unit_name("万粒", Lang::En), "万粒");
    let said = |n| [Lang::Zh, Lang::En].map(|lang| quantity(n, "square_metre", lang));
    assert_eq!(said(1), ["1 平方米", "1 square metre"]);
    assert_eq!(said(1_200), ["1,200 平方米", "1,200 square metres"]);
}

fn decision() -> impl Strategy<Value = Option<Decision>> {
    prop_oneof![Just(None), Just(Some(Decision::Confirmed)), Just(Some(Decision::Rejected))]
}

/// Ledgers as they grow: a counter-entry points at an earlier entry.
fn ledger() -> impl Strategy<Value = Vec<Standing>> {
    prop::collection::vec((decision(), prop::option::of(any::<prop::sample::Index>())), 0..24).prop_map(
        |rows| {
            let mut ledger: Vec<Standing> = Vec::new();
            for (decision, at) in rows {
                let corrects = at.filter(|_| !ledger.is_empty()).map(|at| ledger[at.index(ledger.len())].id);
                ledger.push(Standing { id: Id::new(), corrects, decision });
            }
            ledger
        },
    )
}

proptest! {
    #[test]
    fn only_confirmed_plain_entries_count_and_none_twice(ledger in ledger()) {
        let found = counted(&ledger);
        prop_assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), found.len());
        for entry in &ledger {
            let against: Vec<_> =
                ledger.iter().filter(|k| k.corrects == Some(entry.id)).map(|k| k.decision).collect();
            let stands = matches!(state(entry.decision, &against), State::Confirmed | State::Disputed);
            prop_assert_eq!(found.contains(&entry.id), stands && entry.corrects.is_none());
        }
    }

    #[test]
    fn a_confirmed_counter_entry_takes_away_exactly_the_entry_it_points_at(ledger in ledger(), at in any::<prop::sample::Index>()) {
        let before = counted(&ledger);
        if before.is_empty() {
            return Ok(());
        }
        let target = before[at.index(before.len())];
        for decision in [None, Some(Decision::Rejected), Some(Decision::Confirmed)] {
            let mut more = ledger.clone();
            more.push(Standing { id: Id::new(), corrects: Some(target), decision });
            let mut expected = before.clone();
            if decision == Some(Decision::Confirmed) {
                expected.retain(|id| *id != target);
            }
            prop_assert_eq!(counted(&more), expected);
        }
    }

    #[test]
    fn no_side_decides_on_its_own_entry_where_the_other_can(same in any::<bool>(), agency in any::<bool>(), accounts in any::<bool>()) {
        let me = Id::new();
        let side = if agency { Side::Agency } else { Side::Platform };
        let asserted = Asserted { side, by: Some(if same { me } else { Id::new() }) };
        let allowed = may_decide(asserted, Decider { side, id: me }, accounts);
        prop_assert_eq!(allowed.is_ok(), !agency && !accounts && !same);
        let other = if agency { Side::Platform } else { Side::Agency };
        prop_assert_eq!(may_decide(asserted, Decider { side: other, id: me }, accounts), Ok(Way::OtherSide));
    }
}

#[test]
fn an_auditor_decides_nothing() {
    let asserted = Asserted { side: Side::Agency, by: None };
    let auditor = Decider { side: Side::Auditor, id: Id::new() };
    assert!(may_decide(asserted, auditor, true).is_err());
}

#[test]
fn only_what_is_confirmed_in_the_agencys_place_needs_its_paper() {
    for decision in Decision::ALL {
        assert!(!needs_paper(Way::OtherSide, *decision, false));
        assert_eq!(needs_paper(Way::ByPaper, *decision, false), *decision == Decision::Confirmed);
        assert!(!needs_paper(Way::ByPaper, *decision, true));
    }
}

#[test]
fn only_a_standing_plain_entry_can_be_taken_back() {
    for state in State::ALL {
        assert_eq!(may_correct(false, *state).is_ok(), *state == State::Confirmed);
        assert!(may_correct(true, *state).is_err());
    }
}
