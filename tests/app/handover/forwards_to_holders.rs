//! A forward to an agency that has the lead already, or decided on it: the forwarder learns nothing of that, and the
//! platform says what becomes of it.

use lead_handoff::platform::db::Id;

use super::{
    SCAN, Story,
    forwarding::{received, to},
    send,
    waiting::waits,
    with_scan,
};
use crate::support::{
    Reply, fixtures,
    seed::{GUANGZHOU, HANGZHOU},
    today,
};

/// A dossier for Hangzhou, and a transfer of it that went so far; "nothing": it was not sent.
async fn there(s: &Story, has: &str) -> Option<Id> {
    let dossier = fixtures::sealed(&s.app, s.lead, HANGZHOU).await;
    if has == "nothing" {
        return None;
    }
    let there = send(&s.compiler, dossier, "portal").await.expect(303).id();
    let other = s.app.sign_in("liaison2").await;
    let steps: [(&str, &[(&str, &str)]); 3] = [
        ("acknowledge", &[]),
        ("accept", &[("officer", "李科长")]),
        ("not-file", &[("code", "NF-OTHER"), ("text", "没有违法事实")]),
    ];
    let taken = match has {
        "sent" => 0,
        "received" => 1,
        "accepted" => 2,
        _ => 3,
    };
    for (verb, fields) in steps.iter().take(taken) {
        other.post(&format!("/transfers/{there}/{verb}"), fields).await.expect(303);
    }
    Some(there)
}

/// The police of Guangzhou forward their transfer to Hangzhou.
async fn forward(s: &Story) -> Reply {
    let target = s.app.seed.agencies[HANGZHOU].to_string();
    s.act("forward", &[("target", &target), ("code", "FW-AREA")]).await
}

/// A page in words, without ids, numbers and times.
fn words(page: &Reply) -> String {
    page.text().chars().filter(|c| !c.is_ascii()).collect()
}

#[tokio::test]
async fn the_forwarder_reads_the_same_whatever_the_other_agency_has() {
    let mut first = None;
    for (has, why) in [
        ("nothing", None),
        ("sent", Some("该单位正在办理本线索，移送编号 YS-")),
        ("accepted", Some("该单位正在办理本线索，移送编号 YS-")),
        ("not_filed", Some("该单位已决定不予立案，移送编号 YS-")),
    ] {
        let s = Story::received().await;
        let there = there(&s, has).await;
        let (page, before) = (format!("/transfers/{}", s.transfer), s.app.audit_count().await);
        let reply = forward(&s).await.expect(303);
        assert!(
            reply.location.ends_with(&format!("{page}?ok=transfer-forward")),
            "{has}: {}",
            reply.location
        );
        assert_eq!(s.app.audit_count().await, before + 1, "{has}");
        assert_eq!(s.app.last_entry().await.verb, "transfer.forward", "{has}");
        let page = s.liaison.get(&page).await.expect(200).has("已转送杭州市市场监督管理局，后续由移送单位");
        let first = first.get_or_insert_with(|| words(&page));
        assert_eq!(words(&page), *first, "{has}");
        // What the other agency has stays as it is, and the platform reads why the forward waits.
        if let (Some(there), Some(why)) = (there, why) {
            assert_eq!(to(&s.app, s.lead, HANGZHOU).await, Some((there, has.into())));
            s.compiler.get("/").await.expect(200).has("已转送，待平台处理").has(why);
        }
        assert_eq!(waits(&s.compiler, "forwards").await, usize::from(why.is_some()), "{has}");
        s.check().await;
    }
}

/// A transfer that is not the forwarder's to forward is no way to ask what another agency has.
#[tokio::test]
async fn a_transfer_that_cannot_be_forwarded_tells_nothing_and_the_attempt_is_on_record() {
    for end in ["unacknowledged", "refuse", "not-file", "return", "withdraw"] {
        let mut first = None;
        for has in ["nothing", "received", "not_filed"] {
            let s = Story::sent().await;
            there(&s, has).await;
            if end == "withdraw" {
                s.compiler.post(&s.at(end), &[("text", "发错单位")]).await.expect(303);
            } else if end != "unacknowledged" {
                s.act("acknowledge", &[]).await.expect(303);
            }
            match end {
                "refuse" => s.act(end, &[("code", "RF-OTHER"), ("text", "不归我们管")]).await.expect(303),
                "return" => s.act(end, &[("code", "RT-IDENTITY")]).await.expect(303),
                "not-file" => {
                    s.act("accept", &[("officer", "王警官")]).await.expect(303);
                    s.act(end, &[("code", "NF-NOFACT"), ("text", "没有犯罪事实")]).await.expect(303)
                }
                _ => s.liaison.get("/").await.expect(200),
            };
            let (stood, before) = (s.state().await, s.app.audit_count().await);
            let refused = forward(&s).await.expect(409);
            let entry = s.app.last_entry().await;
            assert_eq!(
                (s.app.audit_count().await, entry.outcome.as_str()),
                (before + 1, "refused"),
                "{end}, {has}"
            );
            assert_eq!(s.state().await, stood, "{end}, {has}");
            let first = first.get_or_insert_with(|| words(&refused));
            assert_eq!(words(&refused), *first, "{end}, {has}");
        }
    }
}

/// The platform ends it without a sending; its reason, which the forwarder reads, need not say what the other one has.
#[tokio::test]
async fn a_forward_to_an_agency_that_has_the_lead_ends_by_not_being_sent_on() {
    let s = Story::received().await;
    let there = there(&s, "accepted").await.expect("a transfer");
    forward(&s).await.expect(303);
    let page = format!("/transfers/{}", s.transfer);
    let own = s.compiler.get(&page).await.expect(200).has("该单位正在办理本线索（移送编号 YS-");
    // Nothing can be sent for it, so nothing is offered but to end it.
    own.has(&format!("{page}/not-passed")).has_not("向受转送单位送交卷宗</a>");
    let form = format!("{page}/not-passed");
    s.compiler.post(&form, &[("code", "NP-OTHERWAY")]).await.expect(303);
    assert_eq!(s.app.last_entry().await.verb, "transfer.not_pass_on");
    assert_eq!(waits(&s.compiler, "forwards").await, 0);
    let told = s.liaison.get(&page).await.expect(200).has("移送单位未向受转送单位送交：由移送单位另行处理");
    told.has_not("正在办理本线索").has_not("其他途径");
    assert_eq!(to(&s.app, s.lead, HANGZHOU).await, Some((there, "accepted".into())));
    s.check().await;
}

/// What an agency asked the platform for reaches it whatever another one forwards there, and ends no forward.
#[tokio::test]
async fn a_supplement_reaches_an_agency_that_a_forward_waits_for() {
    let s = Story::received().await;
    let there = there(&s, "received").await.expect("a transfer");
    let (page, other) = (format!("/transfers/{there}"), s.app.sign_in("liaison2").await);
    other.post(&format!("{page}/supplement"), &[("code", "RQ-TRADE")]).await.expect(303);
    assert_eq!(to(&s.app, s.lead, HANGZHOU).await, Some((there, "supplement_requested".into())));
    forward(&s).await.expect(303);
    let supplement = fixtures::sealed(&s.app, s.lead, HANGZHOU).await;
    let before = s.app.audit_count().await;
    assert_eq!(send(&s.compiler, supplement, "portal").await.expect(303).id(), there);
    let entry = s.app.last_entry().await;
    assert_eq!((s.app.audit_count().await, entry.verb.as_str()), (before + 1, "transfer.send"));
    assert_eq!(entry.leaf["facts"]["step"].as_str(), Some("supplement_answered"));
    assert_eq!(to(&s.app, s.lead, HANGZHOU).await, Some((there, "received".into())));
    assert_eq!((waits(&s.compiler, "supplements").await, waits(&s.compiler, "forwards").await), (0, 1));
    other.get(&page).await.expect(200).has_not("广州市公安局经侦支队");
    // The forward has an end of its own.
    s.compiler.post(&s.at("not-passed"), &[("code", "NP-OTHERWAY")]).await.expect(303);
    assert_eq!(waits(&s.compiler, "forwards").await, 0);
    s.check().await;
}

/// Once the other agency gave it back, the platform can hand over what was forwarded.
#[tokio::test]
async fn a_forward_to_an_agency_that_had_the_lead_ends_by_handing_it_over() {
    let s = Story::received().await;
    let there = there(&s, "received").await.expect("a transfer");
    forward(&s).await.expect(303);
    let (page, other) = (format!("/transfers/{there}"), s.app.sign_in("liaison2").await);
    // The other agency does not learn of what is not for it yet.
    other.get(&page).await.expect(200).has_not("广州市公安局经侦支队");
    s.compiler.get("/").await.expect(200).has("该单位正在办理本线索，移送编号 YS-");
    other.post(&format!("{page}/return"), &[("code", "RT-IDENTITY")]).await.expect(303);
    s.compiler.get("/").await.expect(200).has("已转送，待平台处理").has_not("该单位正在办理本线索");
    let from = format!("/transfers/{}", s.transfer);
    s.compiler.get(&from).await.expect(200).has(&format!("/leads/{}/reopen", s.lead));
    let again = fixtures::sealed(&s.app, s.lead, HANGZHOU).await;
    let own = s.compiler.get(&from).await.expect(200).has(&format!("/transfers/new?dossier={again}"));
    own.has("向受转送单位送交卷宗</a>").has_not(&format!("/leads/{}/reopen", s.lead));
    assert_eq!(send(&s.compiler, again, "portal").await.expect(303).id(), there);
    assert_eq!(to(&s.app, s.lead, HANGZHOU).await, Some((there, "sent".into())));
    assert_eq!(waits(&s.compiler, "forwards").await, 0);
    other.get(&page).await.expect(200).has("转自").has("广州市公安局经侦支队");
    s.check().await;
}

/// Where the forwarder can't sign in, its paper says where it went, and is recorded as it is.
#[tokio::test]
async fn the_paper_of_a_forward_is_recorded_whatever_the_other_agency_has() {
    for decided in [false, true] {
        let s = Story::accepted().await;
        let dossier = fixtures::sealed(&s.app, s.lead, HANGZHOU).await;
        let from = received(&s.app, dossier, "liaison2").await;
        if decided {
            s.act("not-file", &[("code", "NF-NOFACT"), ("text", "没有犯罪事实")]).await.expect(303);
        }
        let stood = s.state().await;
        s.app.disable("liaison2").await;
        let (manager, day) = (s.app.sign_in("manager").await, today());
        let target = s.app.seed.agencies[GUANGZHOU].to_string();
        let fields = [("target", target.as_str()), ("code", "FW-AREA"), ("on_day", day.as_str())];
        let page = format!("/transfers/{from}");
        let before = s.app.audit_count().await;
        with_scan(&manager, &format!("{page}/forward"), &fields, SCAN).await.expect(303);
        let entry = s.app.last_entry().await;
        assert_eq!((s.app.audit_count().await, entry.verb.as_str()), (before + 1, "transfer.forward"));
        assert_eq!(entry.leaf["facts"]["waits"].as_bool(), Some(true));
        assert_eq!(to(&s.app, s.lead, HANGZHOU).await, Some((from, "forwarded".into())));
        assert_eq!(s.state().await, stood);
        let why = if decided {
            "已作出不予立案决定（移送编号 YS-"
        } else {
            "该单位正在办理本线索（移送编号 YS-"
        };
        manager.get(&page).await.expect(200).has(why);
        assert_eq!(waits(&manager, "forwards").await, 1);
        manager.post(&format!("{page}/not-passed"), &[("code", "NP-NOGROUND")]).await.expect(303);
        assert_eq!(waits(&manager, "forwards").await, 0);
        s.check().await;
    }
}
