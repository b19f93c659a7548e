//! The remedy against a decision not to file, and what is sent to the same agency after the decision.

use diesel::prelude::*;
use lead_handoff::platform::db::schema::deadline;

use super::{
    Story,
    remedy::{not_filed, recorded, running, runs, steps},
    send,
    waiting::{listed, waits},
};
use crate::support::{
    fixtures,
    seed::{GUANGZHOU, HANGZHOU},
    today,
};

/// A further version for the police who decided not to file, acknowledged.
async fn sent_anew(s: &Story) {
    let next = fixtures::sealed(&s.app, s.lead, GUANGZHOU).await;
    send(&s.compiler, next, "portal").await.expect(303);
    s.act("acknowledge", &[]).await.expect(303);
}

/// Whatever becomes of a new version, the decision stands until the police file or decide again, and its time runs.
#[tokio::test]
async fn a_version_that_comes_to_nothing_leaves_the_remedy_as_it_was() {
    for (verb, state) in [
        ("return", "returned"),
        ("refuse", "not_accepted"),
        ("forward", "forwarded"),
        ("withdraw", "withdrawn"),
    ] {
        let s = not_filed("accuser_joint").await;
        let (page, today) = (format!("/transfers/{}", s.transfer), today());
        let on = [("on", today.as_str())];
        s.compiler.post(&s.at("remedy-served"), &on).await.expect(303);
        sent_anew(&s).await;
        let target = s.app.seed.agencies[HANGZHOU].to_string();
        match verb {
            "return" => s.act(verb, &[("code", "RT-IDENTITY")]).await.expect(303),
            "refuse" => s.act(verb, &[("code", "RF-HOLDER")]).await.expect(303),
            "forward" => s.act(verb, &[("target", &target), ("code", "FW-AREA")]).await.expect(303),
            _ => s.compiler.post(&s.at(verb), &[("text", "发错版本")]).await.expect(303),
        };
        assert_eq!(s.state().await.0, state);
        assert_eq!(running(&s).await, runs("PSB-RECON-ASK", "platform"), "{verb}");
        // What came back is a duty beside the remedy, and can be read and done with.
        assert_eq!(
            (waits(&s.compiler, "remedy").await, listed(&s.compiler, "remedy").await),
            (1, 1),
            "{verb}"
        );
        if verb != "withdraw" {
            assert_eq!(waits(&s.compiler, "back").await, 1, "{verb}");
            s.compiler.post(&s.at("seen"), &[]).await.expect(303);
            assert_eq!(
                (waits(&s.compiler, "back").await, waits(&s.compiler, "remedy").await),
                (0, 1),
                "{verb}"
            );
        }
        s.compiler.get(&page).await.expect(200).has("/remedy-asked");
        recorded(&s, &s.compiler, "remedy-asked", &on, "transfer.ask_reconsideration").await;
        assert_eq!(running(&s).await, runs("PSB-RECON-DECIDE", "agency"), "{verb}");
        assert_eq!(
            (waits(&s.compiler, "remedy").await, waits(&s.liaison, "not-filed").await),
            (0, 1),
            "{verb}"
        );
        s.act("remedy-decided", &[("on", &today), ("verdict", "revoked")]).await.expect(303);
        // Where it was forwarded, nothing is asked for that would be refused.
        let (anew, elsewhere) = ("须由移送单位编制新版卷宗再次移送", "立案由受转送单位登记");
        let (said, unsaid) = if verb == "forward" { (elsewhere, anew) } else { (anew, elsewhere) };
        for reader in [&s.compiler, &s.liaison] {
            reader.get(&page).await.expect(200).has(said).has_not(unsaid);
        }
        // Revoked, it has to be sent again, whatever was read of the version before; what was forwarded can't be.
        let anew = (waits(&s.compiler, "revoked").await, waits(&s.compiler, "back").await);
        assert_eq!(anew, (usize::from(verb != "forward"), 0), "{verb}");
        if verb == "forward" {
            let next = fixtures::sealed(&s.app, s.lead, GUANGZHOU).await;
            send(&s.compiler, next, "portal").await.expect(409);
        }
        s.check().await;
    }
}

#[tokio::test]
async fn a_version_that_is_filed_leaves_nothing_to_remedy() {
    let s = not_filed("accuser_joint").await;
    let (page, today) = (format!("/transfers/{}", s.transfer), today());
    let on = [("on", today.as_str())];
    s.compiler.post(&s.at("remedy-served"), &on).await.expect(303);
    sent_anew(&s).await;
    s.act("accept", &[("officer", "王警官")]).await.expect(303);
    assert!(running(&s).await.contains(&runs("PSB-RECON-ASK", "platform")[0]));
    s.act("file", &[("number", "穗公立字〔2026〕9号"), ("filed_on", &today)]).await.expect(303);
    assert!(!running(&s).await.contains(&runs("PSB-RECON-ASK", "platform")[0]));
    assert_eq!(waits(&s.compiler, "remedy").await, 0);
    s.compiler.get(&page).await.expect(200).has_not("/remedy-");
    s.compiler.post(&s.at("remedy-asked"), &on).await.expect(409).has("已经立案");
    s.check().await;
}

/// The new version is not filed either.
async fn not_filed_again(s: &Story) {
    sent_anew(s).await;
    s.act("accept", &[("officer", "王警官")]).await.expect(303);
    s.act("not-file", &[("code", "NF-NOFACT"), ("text", "仍无犯罪事实")]).await.expect(303);
}

/// Each decision has its own remedy: the steps begin anew, and what ran against the one before is counted no more.
#[tokio::test]
async fn against_a_second_decision_not_to_file_the_remedy_begins_anew() {
    let s = not_filed("accuser_joint").await;
    let (id, page, today) = (s.transfer, format!("/transfers/{}", s.transfer), today());
    let on = [("on", today.as_str())];
    let served = |number| [("on", today.as_str()), ("paper_number", number)];
    recorded(&s, &s.liaison, "remedy-served", &served("穗公不立字〔2026〕7号"), "transfer.serve_no_filing")
        .await;
    assert_eq!(running(&s).await, runs("PSB-RECON-ASK", "platform"));
    not_filed_again(&s).await;
    assert_eq!(running(&s).await, runs("PSB-NOFILE-SERVE", "agency"));
    let asked = s.app.services.db.read(move |conn| {
        Ok(deadline::table
            .filter(deadline::transfer_id.eq(id))
            .filter(deadline::clock_code.eq("PSB-RECON-ASK"))
            .select((deadline::moot, deadline::stopped_at.is_not_null()))
            .load::<(bool, bool)>(conn)?)
    });
    assert_eq!(asked.await.expect("time limits"), [(true, true)]);
    s.compiler.post(&s.at("remedy-asked"), &on).await.expect(409).has("请按顺序登记");
    assert_eq!(steps(&s).await, 1);
    for reader in [&s.compiler, &s.liaison] {
        let shown = reader.get(&page).await.expect(200).has("/remedy-served").has("穗公不立字〔2026〕7号");
        shown.has_not("/remedy-asked");
    }
    recorded(&s, &s.liaison, "remedy-served", &served("穗公不立字〔2026〕8号"), "transfer.serve_no_filing")
        .await;
    assert_eq!(running(&s).await, runs("PSB-RECON-ASK", "platform"));
    s.compiler.post(&s.at("remedy-served"), &on).await.expect(409).has("以先登记的为准");
    recorded(&s, &s.compiler, "remedy-asked", &on, "transfer.ask_reconsideration").await;
    assert_eq!(running(&s).await, runs("PSB-RECON-DECIDE", "agency"));
    // What was recorded of either decision stays to be read.
    for reader in [&s.compiler, &s.liaison] {
        reader.get(&page).await.expect(200).has("〔2026〕7号").has("〔2026〕8号");
    }
    s.check().await;
}

/// That the decision before it was revoked says nothing of the new one.
#[tokio::test]
async fn a_second_decision_not_to_file_is_not_revoked_with_the_first() {
    let s = not_filed("accuser_joint").await;
    let (page, today) = (format!("/transfers/{}", s.transfer), today());
    let on = [("on", today.as_str())];
    s.compiler.post(&s.at("remedy-served"), &on).await.expect(303);
    s.compiler.post(&s.at("remedy-asked"), &on).await.expect(303);
    s.act("remedy-decided", &[("on", &today), ("verdict", "revoked")]).await.expect(303);
    let revoked = "不予立案决定已撤销，待以新版卷宗再次移送";
    s.compiler.get("/").await.expect(200).has(revoked);
    not_filed_again(&s).await;
    assert_eq!(running(&s).await, runs("PSB-NOFILE-SERVE", "agency"));
    assert_eq!((waits(&s.compiler, "remedy").await, waits(&s.compiler, "back").await), (1, 0));
    assert_eq!(waits(&s.compiler, "revoked").await, 0);
    s.compiler.get("/").await.expect(200).has_not(revoked);
    let shown = s.compiler.get(&page).await.expect(200).has("收到后请登记送达日期").has("/remedy-served");
    shown.has("撤销不予立案决定").has_not("应当立案：请重新打开线索");
    s.check().await;
}
