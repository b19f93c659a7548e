use super::*;
use crate::directory::reference::{agency_types, table::faults};

fn step(event: Event, agency_type: &'static str, role: &'static str, on: &str) -> Step<'static> {
    Step {
        event,
        on: on.parse().unwrap(),
        agency_kind: agency_types().kind_of(agency_type),
        agency_type,
        sender_role: role,
        accepted: false,
    }
}

fn started(event: Event, agency_type: &'static str, role: &'static str, on: &str) -> Vec<&'static str> {
    let starting = clocks().starting(&step(event, agency_type, role, on));
    starting.clocks.iter().map(|clock| clock.code.as_str()).collect()
}

fn missing(event: Event, agency_type: &'static str, role: &'static str, on: &str) -> Vec<&'static str> {
    let starting = clocks().starting(&step(event, agency_type, role, on));
    starting.none_on_file.iter().map(|clock| clock.code.as_str()).collect()
}

#[test]
fn the_table_is_sound() {
    assert_eq!(faults(&clocks().0), Vec::<String>::new());
    let kinds = agency_types().kinds();
    for clock in clocks().all() {
        let code = &clock.code;
        assert!(clock.limit > 0 && !clock.start_events.is_empty() && !clock.stop_events.is_empty(), "{code}");
        assert!(!clock.name_en.is_empty() && !clock.law_zh.is_empty() && !clock.law_en.is_empty(), "{code}");
        let known_kind =
            |kind: &String| ["any", "none"].contains(&kind.as_str()) || kinds.contains(&kind.as_str());
        assert!(clock.agency_kinds.iter().all(known_kind), "{code}");
        assert!(clock.agency_types.iter().all(|kind| agency_types().get(kind).is_some()), "{code}");
        let roles = ["any", "reporter", "accuser_joint", "assisting", "admin_agency", "other"];
        assert!(clock.sender_roles.iter().all(|role| roles.contains(&role.as_str())), "{code}");
        assert_eq!(clock.of.is_some(), clock.mode != Mode::Auto, "{code}");
        let other = clock.of.as_ref().map(|of| clocks().0.versions(of).count());
        assert_ne!(other, Some(0), "{code}");
        assert!(
            !clock.roll_over || (clock.unit == Unit::NaturalDays && !clock.roll_over_basis.is_empty()),
            "{code}"
        );
        assert!(clock.computed || !clock.note.is_empty(), "{code}");
        assert_ne!((clock.confidence.as_str(), clock.computed), ("L", true), "{code}");
    }
}

#[test]
fn sending_starts_the_agreed_acknowledgement() {
    for (kind, on) in [("PS-ECD", "2016-06-01"), ("SAMR", "2024-06-03"), ("GACC", "2026-11-02")] {
        assert_eq!(started(Event::Sent, kind, "reporter", on), ["AGREED-ACK"]);
    }
}

#[test]
fn receipt_starts_the_statutory_limit_where_there_is_one() {
    assert_eq!(started(Event::Received, "SAMR", "reporter", "2024-06-03"), ["SAMR-VERIFY"]);
    assert_eq!(started(Event::Received, "AIC", "reporter", "2016-06-01"), ["AGREED-ACCEPT"]);
    assert_eq!(missing(Event::Received, "AIC", "reporter", "2016-06-01"), ["SAMR-VERIFY"]);
    assert_eq!(started(Event::Received, "PS-FDE", "reporter", "2024-06-03"), ["AGREED-ACCEPT"]);
    assert!(missing(Event::Received, "PS-FDE", "reporter", "2024-06-03").is_empty());
}

#[test]
fn acceptance_starts_the_filing_clock_of_the_time() {
    let filed = |on| started(Event::Accepted, "PS-ECD", "reporter", on);
    assert_eq!(filed("2015-06-01"), Vec::<&str>::new());
    assert_eq!(missing(Event::Accepted, "PS-ECD", "reporter", "2015-06-01"), ["JJ-15", "MPS2015-7"]);
    assert_eq!(filed("2016-06-01"), ["MPS2015-7"]);
    assert_eq!(filed("2024-06-03"), ["JJ-15"]);
    assert!(missing(Event::Accepted, "PS-ECD", "reporter", "2016-06-01").is_empty());
    assert_eq!(started(Event::Accepted, "PS-CYB", "reporter", "2024-06-03"), ["MPS2015-7"]);
}

#[test]
fn the_role_of_the_sender_decides_on_notices() {
    assert_eq!(started(Event::NotFiled, "PS-FDE", "accuser_joint", "2024-06-03"), ["PSB-NOFILE-SERVE"]);
    assert!(started(Event::NotFiled, "PS-FDE", "reporter", "2024-06-03").is_empty());
    let remedy = started(Event::NoFilingNoticeServed, "PS-FDE", "accuser_joint", "2024-06-03");
    assert_eq!(remedy, ["PSB-RECON-ASK"]);
    let from_agency = started(Event::Accepted, "PS-FDE", "admin_agency", "2024-06-03");
    assert_eq!(from_agency, ["O310-REVIEW", "PSB-ADM-INCOMPLETE", "JJ-16"]);
}

#[test]
fn a_rule_that_ended_is_said_to_be_missing() {
    assert_eq!(started(Event::NotFiled, "SAMR", "reporter", "2026-04-14"), ["RPT-NOTICE"]);
    assert!(started(Event::NotFiled, "SAMR", "reporter", "2026-04-15").is_empty());
    assert_eq!(missing(Event::NotFiled, "SAMR", "reporter", "2026-04-15"), ["RPT-NOTICE"]);
}

#[test]
fn special_law_goes_before_general() {
    assert_eq!(started(Event::Filed, "SAMR", "assisting", "2024-06-03"), ["SAMR-DECIDE"]);
    assert_eq!(started(Event::Filed, "AGRI", "assisting", "2024-06-03"), ["APL-DECIDE"]);
}

#[test]
fn a_request_stops_the_agencys_clock_and_starts_the_senders() {
    assert_eq!(
        started(Event::SupplementRequested, "PS-FDE", "reporter", "2024-06-03"),
        ["AGREED-SUPPLEMENT"]
    );
    let admin = started(Event::SupplementRequested, "PS-FDE", "admin_agency", "2024-06-03");
    assert_eq!(admin, ["PSB-ADM-SUPPLEMENT"]);
    let on = "2024-06-03".parse().unwrap();
    let accept = clocks().get("AGREED-ACCEPT", on).unwrap();
    assert_eq!(accept.ended_by(Event::SupplementRequested), Some(Ending::Moot));
    // The answer starts it anew, but not once the agency has accepted.
    let mut answered = step(Event::SupplementAnswered, "PS-FDE", "reporter", "2024-06-03");
    assert_eq!(clocks().starting(&answered).clocks[0].code, "AGREED-ACCEPT");
    answered.accepted = true;
    assert!(clocks().starting(&answered).clocks.is_empty());
}

#[test]
fn a_transfer_that_ends_leaves_no_clock_running() {
    let on = "2024-06-03".parse().unwrap();
    for code in ["AGREED-ACK", "AGREED-SUPPLEMENT", "JJ-15", "SAMR-VERIFY"] {
        let clock = clocks().get(code, on).unwrap();
        assert_eq!(clock.ended_by(Event::Withdrawn), Some(Ending::Moot), "{code}");
    }
    for code in ["AGREED-ACK", "AGREED-ACCEPT"] {
        for event in [Event::Returned, Event::Forwarded, Event::Withdrawn] {
            assert_eq!(clocks().get(code, on).unwrap().ended_by(event), Some(Ending::Moot), "{code}");
        }
    }
    let acknowledge = clocks().get("AGREED-ACK", on).unwrap();
    assert_eq!(acknowledge.ended_by(Event::Received), Some(Ending::Met));
    // Taking on what is there says nothing of a further version that came since.
    assert_eq!(acknowledge.ended_by(Event::Accepted), None);
    let filing = clocks().get("JJ-15", on).unwrap();
    assert_eq!(filing.ended_by(Event::NotFiled), Some(Ending::Met));
    assert_eq!(filing.ended_by(Event::SupplementRequested), None);
}

#[test]
fn an_agency_that_takes_the_matter_on_after_all_need_not_forward_it() {
    let on = "2024-06-03".parse().unwrap();
    for code in ["PSB-FORWARD", "O310-FORWARD"] {
        let clock = clocks().get(code, on).unwrap();
        assert_eq!(clock.ended_by(Event::Forwarded), Some(Ending::Met), "{code}");
        for event in [Event::Accepted, Event::Filed, Event::NotFiled] {
            assert_eq!(clock.ended_by(event), Some(Ending::Moot), "{code}");
        }
    }
}

#[test]
fn extensions_and_information_are_offered_apart() {
    let on = "2024-06-03".parse().unwrap();
    let codes = |of| clocks().extensions(of, on).iter().map(|clock| clock.code.as_str()).collect::<Vec<_>>();
    assert_eq!(codes("SAMR-VERIFY"), ["SAMR-VERIFY-EXT"]);
    assert_eq!(codes("JJ-15"), ["JJ-15-EXT1"]);
    let shown = clocks().shown(&step(Event::Accepted, "PS-CRI", "reporter", "2024-06-03"));
    assert!(shown.iter().any(|clock| clock.code == "MPS2015-3"));
    assert!(shown.iter().all(|clock| clock.code != "MPS2015-7"));
}

#[test]
fn what_nobody_here_records_is_told_and_does_not_run() {
    let told = |event, kind, role, on| {
        let shown = clocks().shown(&step(event, kind, role, on));
        shown.iter().map(|clock| clock.code.as_str()).collect::<Vec<_>>()
    };
    for role in ["accuser_joint", "reporter"] {
        assert!(told(Event::NotFiled, "PS-FDE", role, "2024-06-03").is_empty(), "{role}");
    }
    for event in [Event::Filed, Event::NotFiled] {
        assert_eq!(told(event, "SAMR", "reporter", "2024-06-03"), ["RPT-NOTICE"], "{event:?}");
    }
    let on = "2024-06-03".parse().unwrap();
    assert!(!clocks().get("RPT-NOTICE", on).unwrap().can_be_stopped());
}

#[test]
fn the_steps_of_the_accusers_remedy_end_one_limit_and_begin_the_next() {
    use Event as E;
    let on = "2024-06-03".parse().unwrap();
    let met_by = [
        ("PSB-NOFILE-SERVE", E::NoFilingNoticeServed),
        ("PSB-RECON-ASK", E::ReconsiderationAsked),
        ("PSB-RECON-DECIDE", E::ReconsiderationDecided),
        ("PSB-REVIEW2-ASK", E::ReviewAsked),
        ("PSB-REVIEW2-DECIDE", E::ReviewDecided),
    ];
    for (code, event) in met_by {
        let clock = clocks().get(code, on).unwrap();
        assert!(clock.can_be_stopped(), "{code}");
        assert_eq!(clock.ended_by(event), Some(Ending::Met), "{code}");
        // Filed after all, nothing is left to be remedied; sent anew, the decision stands until the next, whatever else
        // becomes of the new version.
        for event in [E::Filed, E::NotFiled] {
            assert_eq!(clock.ended_by(event), Some(Ending::Moot), "{code} {event:?}");
        }
        for event in [E::Sent, E::Returned, E::NotAccepted, E::Forwarded, E::Withdrawn] {
            assert_eq!(clock.ended_by(event), None, "{code} {event:?}");
        }
    }
    // Whoever does not ask ends the time for it, and no other.
    for (event, ended) in
        [(E::ReconsiderationWaived, remedy::RECON_ASK), (E::ReviewWaived, remedy::REVIEW_ASK)]
    {
        for code in remedy::ALL {
            let expected = (code == ended).then_some(Ending::Moot);
            assert_eq!(clocks().get(code, on).unwrap().ended_by(event), expected, "{code} {event:?}");
        }
    }
    let begun_by = [
        (E::NotFiled, "PSB-NOFILE-SERVE"),
        (E::NoFilingNoticeServed, "PSB-RECON-ASK"),
        (E::ReconsiderationRequestReceived, "PSB-RECON-DECIDE"),
        (E::ReconsiderationDecisionReceived, "PSB-REVIEW2-ASK"),
        (E::ReviewRequestReceived, "PSB-REVIEW2-DECIDE"),
    ];
    for (event, code) in begun_by {
        assert_eq!(started(event, "PS-ECD", "accuser_joint", "2024-06-03"), [code]);
        assert!(started(event, "PS-ECD", "reporter", "2024-06-03").is_empty(), "{code}");
    }
    // What the next higher police decide is no duty of the agency before which the matter was.
    let waits_on = |code| clocks().get(code, on).unwrap().waits_on;
    assert_eq!((waits_on("PSB-RECON-DECIDE"), waits_on("PSB-REVIEW2-DECIDE")), (Side::Agency, Side::Other));
    for event in [E::ReconsiderationAsked, E::ReconsiderationDecided, E::ReviewAsked, E::ReviewDecided] {
        assert!(started(event, "PS-ECD", "accuser_joint", "2024-06-03").is_empty(), "{event:?}");
    }
}

#[test]
fn a_day_is_stated_only_where_the_rule_fixes_no_limit() {
    let on = "2024-06-03".parse().unwrap();
    for code in ["AGREED-ACK", "AGREED-ACCEPT", "AGREED-SUPPLEMENT", "APL-DECIDE", "SAMR-DECIDE-EXT1"] {
        assert!(clocks().may_be_stated(code, on), "{code}");
    }
    for code in
        ["JJ-15", "JJ-15-EXT1", "JJ-15-EXT2", "MPS2015-30", "SAMR-VERIFY", "SAMR-DECIDE", "PSB-FORWARD"]
    {
        assert!(!clocks().may_be_stated(code, on), "{code}");
    }
}

#[test]
fn a_clock_cites_its_law() {
    let on = "2024-06-03".parse().unwrap();
    let clock = clocks().get("PSB-NOFILE-SERVE", on).unwrap();
    assert_eq!(
        clock.citation(Lang::Zh),
        "《公安机关办理刑事案件程序规定》（公安部令第159号，2020年）第178条第2款"
    );
    assert!(clock.citation(Lang::En).ends_with("art. 178(2)"));
    assert_eq!(clock.limit_text(3, Lang::Zh), "3 日");
    assert_eq!(clocks().get("AGREED-ACK", on).unwrap().citation(Lang::En), "Agreed time (default)");
}

/// What waits for a side is told by them: a code that is not on file would wait for ever, or never.
#[test]
fn every_time_limit_of_the_remedy_is_on_file() {
    for code in remedy::ALL {
        assert!(clocks().all().iter().any(|clock| clock.code == code), "{code}");
    }
    let mut parts = [&remedy::ASK[..], &remedy::ANSWER[..]].concat();
    let mut all = remedy::ALL.to_vec();
    parts.sort_unstable();
    all.sort_unstable();
    assert_eq!(parts, all);
    assert!(remedy::DECIDE.iter().all(|code| remedy::ANSWER.contains(code)));
}
