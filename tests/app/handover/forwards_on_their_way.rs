//! What the page of a forward that waits offers while its version is being sealed, and once its agency was closed; and
//! what nobody is asked to supplement any more.

use lead_handoff::platform::db::Id;

use super::{
    Story,
    forwarding::{composed, forward, received, to},
    send,
    waiting::{listed, waits},
};
use crate::support::{
    TestApp, days_ago, fixtures,
    seed::{GUANGZHOU, HANGZHOU},
    story,
};

/// A lead whose version for Guangzhou was forwarded to Hangzhou, where nobody can sign in: the lead, the forwarded
/// transfer, and a draft of the lead in which a version for Hangzhou is composed and submitted.
async fn submitted(app: &TestApp) -> (Id, Id, Id) {
    let compiler = app.sign_in("compiler").await;
    let (lead, made) = story::sealed(app, &[GUANGZHOU]).await;
    let transfer = received(app, made[0], "liaison").await;
    app.disable("liaison2").await;
    forward(app, "liaison", transfer, HANGZHOU).await.expect(303);
    compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(303);
    let items = story::items(&compiler, lead).await;
    story::compose(&compiler, lead, 2, &[app.seed.agencies[HANGZHOU]], &items, &[]).await.expect(303);
    app.settle().await;
    let review = story::submit(&compiler, lead).await;
    (lead, transfer, review)
}

/// Between the approval and the seal lies a moment: to reopen the lead then would undo what was just approved.
#[tokio::test]
async fn while_the_approved_version_is_being_sealed_nobody_is_told_to_make_another() {
    let app = TestApp::new().await;
    let (lead, transfer, review) = submitted(&app).await;
    let (compiler, approver) = (app.sign_in("compiler").await, app.sign_in("approver").await);
    let (page, reopen) = (format!("/transfers/{transfer}"), format!("/leads/{lead}/reopen"));
    let fields = story::decision(&app, &approver, review).await;
    story::approve(&approver, review, &fields).await.expect(303);
    let shown = compiler.get(&page).await.expect(200).has("编制的卷宗已批准，正在封存").has_not(&reopen);
    shown.has_not("/transfers/new?dossier=").has(&format!("{page}/not-passed"));
    app.settle().await;
    let sealed = story::dossiers(&app, lead).await[0].id;
    let shown = compiler.get(&page).await.expect(200).has(&format!("/transfers/new?dossier={sealed}"));
    shown.has_not("正在封存").has_not(&reopen);
    send(&compiler, sealed, "paper").await.expect(303);
    assert_eq!(to(&app, lead, HANGZHOU).await.expect("sent").1, "sent");
    compiler.get(&page).await.expect(200).has_not("/transfers/new?dossier=").has_not(&reopen);
}

/// An agency that was closed since takes nothing: the forward can only end.
#[tokio::test]
async fn what_waits_for_an_agency_that_was_closed_meanwhile_can_only_end() {
    for is_sealed in [true, false] {
        let s = Story::received().await;
        s.app.disable("liaison2").await;
        forward(&s.app, "liaison", s.transfer, HANGZHOU).await.expect(303);
        let (page, reopen) = (format!("/transfers/{}", s.transfer), format!("/leads/{}/reopen", s.lead));
        let sending = "/transfers/new?dossier=";
        if is_sealed {
            fixtures::sealed(&s.app, s.lead, HANGZHOU).await;
            s.compiler.get(&page).await.expect(200).has(sending).has_not(&reopen);
        } else {
            s.compiler.get(&page).await.expect(200).has(&reopen).has_not(sending);
        }
        let close = format!("/agencies/{}/close", s.app.seed.agencies[HANGZHOU]);
        let admin = s.app.sign_in("admin").await;
        admin.post(&close, &[("valid_to", &days_ago(1))]).await.expect(303);
        for who in [&s.compiler, &s.app.sign_in("manager").await] {
            let shown = who.get(&page).await.expect(200).has("已撤销或更名，不能再向其移送");
            shown.has_not(sending).has_not(&reopen).has(&format!("{page}/not-passed"));
        }
        assert_eq!((waits(&s.compiler, "forwards").await, listed(&s.compiler, "forwards").await), (1, 1));
        s.compiler.post(&s.at("not-passed"), &[("code", "NP-OTHERWAY")]).await.expect(303);
        assert_eq!((waits(&s.compiler, "forwards").await, listed(&s.compiler, "forwards").await), (0, 0));
        s.check().await;
    }
}

/// What an agency asked for, and then found not to be its own, is asked of nobody: not of the manager, nor of the
/// approver of the next version.
#[tokio::test]
async fn what_was_found_not_to_be_its_agencys_is_asked_of_nobody() {
    let app = TestApp::new().await;
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let manager = app.sign_in("manager").await;
    let (lead, dossiers) = composed(&app, false).await;
    let mut sent = None;
    for dossier in dossiers {
        let reply = send(&compiler, dossier, "portal").await.expect(303).id();
        let own = liaison.get(&format!("/transfers/{reply}")).await;
        sent = sent.or((own.status.as_u16() == 200).then_some(reply));
    }
    let at = |verb: &str| format!("/transfers/{}/{verb}", sent.expect("a transfer of the liaison's"));
    liaison.post(&at("acknowledge"), &[]).await.expect(303);
    let asked = [("code", "RQ-TRADE"), ("text", "补三月流水")];
    liaison.post(&at("supplement"), &asked).await.expect(303);
    assert_eq!((waits(&manager, "asked").await, listed(&manager, "asked").await), (1, 1));
    compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(303);
    let items = story::items(&compiler, lead).await;
    story::compose(&compiler, lead, 2, &[app.seed.agencies[GUANGZHOU]], &items, &[]).await.expect(303);
    app.settle().await;
    let review = story::submit(&compiler, lead).await;
    let approver = app.sign_in("approver").await;
    let review = format!("/approvals/{review}");
    approver.get(&review).await.expect(200).has("对方要求补充").has("补三月流水");
    liaison.post(&at("not-ours"), &[]).await.expect(303);
    approver.get(&review).await.expect(200).has_not("对方要求补充").has_not("补三月流水");
    for (who, id) in [(&manager, "asked"), (&compiler, "supplements")] {
        assert_eq!((waits(who, id).await, listed(who, id).await), (0, 0), "{id}");
    }
}
