//! A forward that the platform has to complete: it stands on the first page until the next agency has a dossier, or
//! until somebody says why it gets none.

use lead_handoff::{
    directory::people::Side,
    handover::transfer::{
        actions::{self, By, NewStep},
        model::StepKind,
        passing::{self, PassingRow},
        store as transfers,
    },
    platform::{db::Id, i18n::Lang},
};

use super::{
    Story,
    forwarding::{composed, forward, received, seal, seen, to},
    remedy::not_filed,
    send,
    waiting::waits,
};
use crate::support::{
    TestApp, fixtures,
    seed::{GUANGZHOU, HANGZHOU},
    story, today,
};

/// A forward to Hangzhou that waits, because what the police of Guangzhou hold was kept from it: the lead and its
/// forwarded transfer, with the dossier.
async fn waiting(app: &TestApp) -> (Id, Id, Id) {
    let (lead, _) = composed(app, true).await;
    // A newer version for Guangzhou alone: what is kept from Hangzhou is in it.
    let compiler = app.sign_in("compiler").await;
    compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(303);
    let items = story::items(&compiler, lead).await;
    let gz = app.seed.agencies[GUANGZHOU];
    story::compose(&compiler, lead, 2, &[gz], &items, &[]).await.expect(303);
    seal(app, &compiler, lead).await;
    let newest = story::dossiers(app, lead).await[0].id;
    let id = received(app, newest, "liaison").await;
    forward(app, "liaison", id, HANGZHOU).await.expect(303);
    (lead, id, newest)
}

#[tokio::test]
async fn a_forward_that_waits_can_end_without_a_sending_and_both_sides_read_why() {
    let app = TestApp::new().await;
    let (lead, id, _) = waiting(&app).await;
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let (page, form) = (format!("/transfers/{id}"), format!("/transfers/{id}/not-passed"));
    let home = compiler.get("/").await.expect(200).has("已转送，待平台处理");
    home.has(" · 广州市公安局经侦支队 · ").has("转至杭州市市场监督管理局");
    compiler.get(&page).await.expect(200).has(&form);
    liaison.get(&page).await.expect(200).has_not(&form);
    liaison.get(&form).await.expect(404);
    compiler.get(&form).await.expect(200).has("杭州市市场监督管理局").has("NP-WITHHELD");
    let other = app.sign_in("compiler2").await;
    other.get(&form).await.expect(200).has("不由您负责").has_not("name=\"code\"");
    other.post(&form, &[("code", "NP-WITHHELD")]).await.expect(409).has("不由您负责");
    compiler.post(&form, &[]).await.expect(422).has("href=\"#f-code\"");
    compiler.post(&form, &[("code", "NP-OTHER")]).await.expect(422).has("href=\"#f-text\"");
    compiler.post(&form, &[("code", "RF-OTHER"), ("text", "x")]).await.expect(422).has("href=\"#f-code\"");
    let before = app.audit_count().await;
    compiler.post(&form, &[("code", "NP-OTHER"), ("text", "权利人另行报案")]).await.expect(303);
    assert_eq!(app.audit_count().await, before + 1);
    let entry = app.last_entry().await;
    assert_eq!(
        (entry.verb.as_str(), entry.leaf["facts"]["reason"].as_str()),
        ("transfer.not_pass_on", Some("NP-OTHER"))
    );
    compiler.get("/").await.expect(200).has_not("已转送，待平台处理");
    compiler
        .get(&page)
        .await
        .expect(200)
        .has_not("为该单位编制一版卷宗")
        .has_not(&form)
        .has("权利人另行报案");
    liaison.get(&page).await.expect(200).has("移送单位未向受转送单位送交").has("权利人另行报案");
    compiler.get(&form).await.expect(409).has("没有待送交的转送");
    compiler.post(&form, &[("code", "NP-WITHHELD")]).await.expect(409);
    // Nobody else has learnt of it, and the platform may still send on its own.
    assert_eq!(to(&app, lead, HANGZHOU).await, None);
    let faults = app
        .services
        .db
        .read(|conn| lead_handoff::handover::transfer::check(conn, Lang::En))
        .await
        .expect("check");
    assert_eq!(faults, Vec::<String>::new());
    let own = fixtures::sealed(&app, lead, HANGZHOU).await;
    send(&compiler, own, "portal").await.expect(303);
    assert_eq!(to(&app, lead, HANGZHOU).await.expect("sent").1, "sent");
}

#[tokio::test]
async fn what_may_not_go_on_as_it_is_waits_for_the_platform() {
    let app = TestApp::new().await;
    let (lead, id, newest) = waiting(&app).await;
    let compiler = app.sign_in("compiler").await;
    assert_eq!(to(&app, lead, HANGZHOU).await, None);
    assert!(seen(&app, &[newest], HANGZHOU).await.is_empty());
    let page = format!("/transfers/{id}");
    let shown = compiler.get(&page).await.expect(200).has("为该单位编制一版卷宗").has("杭州市市场监督管理局");
    // To have read of it ends nothing: it stays among what is to be passed on.
    shown.has_not("已阅，不再列入待办");
    app.sign_in("liaison").await.get(&page).await.expect(200).has("后续由移送单位与该单位办理");
    compiler.get("/").await.expect(200).has("已转送，待平台处理").has(&page);
    // The platform makes a version for it, and that ends the wait.
    let own = fixtures::sealed(&app, lead, HANGZHOU).await;
    send(&compiler, own, "portal").await.expect(303);
    compiler.get("/").await.expect(200).has_not("已转送，待平台处理");
    compiler.get(&page).await.expect(200).has_not("为该单位编制一版卷宗").has("已阅，不再列入待办");
    assert_eq!(to(&app, lead, HANGZHOU).await.expect("sent").1, "sent");
}

/// Whoever compiled the lead may have left: a manager may act on it as well, and finds it too.
#[tokio::test]
async fn a_forward_that_waits_is_on_the_managers_list_too() {
    let app = TestApp::new().await;
    let (_, id, _) = waiting(&app).await;
    let (compiler, manager) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    assert_eq!((waits(&compiler, "forwards").await, waits(&manager, "forwards").await), (1, 1));
    app.disable("compiler").await;
    for unasked in ["compiler2", "approver"] {
        assert_eq!(waits(&app.sign_in(unasked).await, "forwards").await, 0, "{unasked}");
    }
    let (page, before) = (format!("/transfers/{id}"), app.audit_count().await);
    manager.get("/").await.expect(200).has("已转送，待平台处理").has(&page);
    let entry = app.last_entry().await;
    assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 1, "worklist.view"));
    assert!(entry.leaf["objects"].to_string().contains(&id.to_string()), "{}", entry.leaf);
    manager.post(&format!("{page}/not-passed"), &[("code", "NP-WITHHELD")]).await.expect(303);
    let entry = app.last_entry().await;
    assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 2, "transfer.not_pass_on"));
    assert_eq!(waits(&manager, "forwards").await, 0);
}

#[tokio::test]
async fn what_the_platform_took_back_is_not_handed_out_again_by_another_agency() {
    let s = Story::received().await;
    let sent = fixtures::sealed(&s.app, s.lead, HANGZHOU).await;
    let there = received(&s.app, sent, "liaison2").await;
    s.compiler.post(&format!("/transfers/{there}/withdraw"), &[("text", "发错单位")]).await.expect(303);
    assert!(seen(&s.app, &[sent], HANGZHOU).await.is_empty());
    let target = s.app.seed.agencies[HANGZHOU].to_string();
    let before = s.app.audit_count().await;
    s.act("forward", &[("target", &target), ("code", "FW-AREA")]).await.expect(303);
    assert_eq!(s.app.audit_count().await, before + 1);
    assert_eq!(s.app.last_entry().await.leaf["facts"]["waits"].as_bool(), Some(true));
    // It stays taken back, and waits for the platform, which alone can give it again.
    assert_eq!(to(&s.app, s.lead, HANGZHOU).await, Some((there, "withdrawn".into())));
    assert!(seen(&s.app, &[sent], HANGZHOU).await.is_empty());
    s.compiler.get("/").await.expect(200).has("已转送，待平台处理");
    let again = fixtures::sealed(&s.app, s.lead, HANGZHOU).await;
    assert_eq!(send(&s.compiler, again, "portal").await.expect(303).id(), there);
    assert_eq!(to(&s.app, s.lead, HANGZHOU).await, Some((there, "sent".into())));
    s.compiler.get("/").await.expect(200).has_not("已转送，待平台处理");
    s.check().await;
}

/// Nobody hands over a paper by forwarding: to an agency without accounts it is the platform that delivers, and the time
/// runs from then.
#[tokio::test]
async fn what_is_forwarded_to_an_agency_without_accounts_waits_until_the_platform_handed_it_over() {
    let s = Story::received().await;
    s.app.disable("liaison2").await;
    s.compiler.get("/").await.expect(200).has_not("已转送，待平台处理");
    let before = s.app.audit_count().await;
    let target = s.app.seed.agencies[HANGZHOU].to_string();
    s.act("forward", &[("target", &target), ("code", "FW-AREA")]).await.expect(303);
    assert_eq!(s.app.audit_count().await, before + 1);
    assert_eq!(s.app.last_entry().await.leaf["facts"]["waits"].as_bool(), Some(true));
    assert_eq!(to(&s.app, s.lead, HANGZHOU).await, None);
    let page = format!("/transfers/{}", s.transfer);
    s.compiler.get("/").await.expect(200).has("已转送，待平台处理").has(&page);
    s.compiler.get(&page).await.expect(200).has("以纸质或光盘送达并登记").has_not("该移送已结束");
    let own = fixtures::sealed(&s.app, s.lead, HANGZHOU).await;
    // Its own dossier is sealed: nobody is told to compose one more.
    let ready = s.compiler.get(&page).await.expect(200).has("已有为该单位封存、尚未移送的卷宗的，直接移送");
    ready.has("向受转送单位送交卷宗</a>").has_not("为受转送单位编制卷宗");
    s.compiler.get("/").await.expect(200).has("已转送，待平台处理").has_not("为受转送单位编制卷宗");
    send(&s.compiler, own, "portal").await.expect(422).has("href=\"#f-channel\"");
    let sent = send(&s.compiler, own, "paper").await.expect(303).id();
    assert_eq!(to(&s.app, s.lead, HANGZHOU).await, Some((sent, "sent".into())));
    s.compiler.get("/").await.expect(200).has_not("已转送，待平台处理");
    s.compiler.get(&page).await.expect(200).has("已转送其他单位").has_not("该移送已结束");
    s.compiler.get(&format!("/transfers/{sent}")).await.expect(200).has("SF0001").has("李某");
    s.check().await;
}

/// Its page leads to where one can go on, wherever the lead is: reopening, composing for that agency, sending.
#[tokio::test]
async fn a_forward_that_waits_leads_to_what_its_agency_is_sent_next() {
    let s = Story::received().await;
    let sent = fixtures::sealed(&s.app, s.lead, HANGZHOU).await;
    let there = received(&s.app, sent, "liaison2").await;
    s.compiler.post(&format!("/transfers/{there}/withdraw"), &[("text", "发错单位")]).await.expect(303);
    forward(&s.app, "liaison", s.transfer, HANGZHOU).await.expect(303);
    let (page, lead) = (format!("/transfers/{}", s.transfer), format!("/leads/{}", s.lead));
    let (reopen, hz) = (format!("action=\"{lead}/reopen"), s.app.seed.agencies[HANGZHOU]);
    let composing = format!("{lead}/dossiers/new?agency={hz}");
    let shown = s.compiler.get(&page).await.expect(200).has(&reopen).has("重新打开线索，编制新版卷宗");
    shown.has_not(&composing).has_not("/transfers/new?dossier=");
    // Who may not reopen it is not led to a refusal.
    let manager = s.app.sign_in("manager").await;
    manager
        .get(&page)
        .await
        .expect(200)
        .has_not(&reopen)
        .has_not(&composing)
        .has(&format!("{page}/not-passed"));
    s.compiler.post(&format!("{lead}/reopen"), &[]).await.expect(303);
    let shown = s.compiler.get(&page).await.expect(200).has(&composing).has("编制送交受转送单位的卷宗");
    shown.has_not(&reopen);
    let form = s.compiler.get(&composing).await.expect(200).text();
    assert!(form.contains(&format!("value=\"{hz}\" checked")), "it is composed for that agency: {form}");
    let again = fixtures::sealed(&s.app, s.lead, HANGZHOU).await;
    let sending = format!("/transfers/new?dossier={again}");
    s.compiler.get(&page).await.expect(200).has(&sending).has_not(&composing).has_not(&reopen);
    s.compiler.get(&sending).await.expect(200).has("name=\"channel\"");
    s.check().await;
}

/// While a forward waits, the other agency may get the lead by another way, and decide: its decision is not undone by
/// passing on what waited, which ends by saying so.
#[tokio::test]
async fn a_forward_that_waits_is_not_passed_on_to_an_agency_that_decided_meanwhile() {
    let s = Story::received().await;
    let dossier = fixtures::sealed(&s.app, s.lead, HANGZHOU).await;
    let from = received(&s.app, dossier, "liaison2").await;
    diverted(&s, from).await;
    let page = format!("/transfers/{from}");
    s.compiler.get(&page).await.expect(200).has(&format!("{page}/not-passed"));
    let refused = async |why: &str| {
        let (again, before) = (fixtures::sealed(&s.app, s.lead, GUANGZHOU).await, s.app.audit_count().await);
        let stood = s.state().await;
        send(&s.compiler, again, "portal").await.expect(409).has(why);
        let entry = s.app.last_entry().await;
        assert_eq!((s.app.audit_count().await, entry.outcome.as_str()), (before + 1, "refused"));
        assert_eq!(s.state().await, stood);
        again
    };
    // What it has in hand it gets more of; that passes nothing on, and the forward waits on.
    let more = fixtures::sealed(&s.app, s.lead, GUANGZHOU).await;
    assert_eq!(send(&s.compiler, more, "portal").await.expect(303).id(), s.transfer);
    assert_eq!((s.state().await.0.as_str(), waits(&s.compiler, "forwards").await), ("received", 1));
    s.compiler.get("/").await.expect(200).has("该单位正在办理本线索");
    s.liaison.get(&format!("/transfers/{}", s.transfer)).await.expect(200).has_not("转自");
    s.act("accept", &[("officer", "王警官")]).await.expect(303);
    s.act("not-file", &[("code", "NF-NOFACT"), ("text", "没有犯罪事实")]).await.expect(303);
    let again = refused("该单位已收到过本线索并已作出不予立案决定").await;
    let form = format!("{page}/not-passed");
    s.compiler.post(&form, &[("code", "NP-OTHERWAY")]).await.expect(303);
    assert_eq!(s.app.last_entry().await.verb, "transfer.not_pass_on");
    // What the platform sends now is its own.
    assert_eq!(send(&s.compiler, again, "portal").await.expect(303).id(), s.transfer);
    assert_eq!(s.state().await.0, "sent");
    s.check().await;
}

/// A decision that was revoked asks for a new version, and no forward that waits keeps it back or ends by it.
#[tokio::test]
async fn a_forward_that_waits_does_not_keep_back_what_a_revoked_decision_asks_for() {
    let s = not_filed("accuser_joint").await;
    let dossier = fixtures::sealed(&s.app, s.lead, HANGZHOU).await;
    let from = received(&s.app, dossier, "liaison2").await;
    forward(&s.app, "liaison2", from, GUANGZHOU).await.expect(303);
    let today = today();
    let on = [("on", today.as_str())];
    let next = fixtures::sealed(&s.app, s.lead, GUANGZHOU).await;
    let before = s.app.audit_count().await;
    send(&s.compiler, next, "portal").await.expect(409).has("已作出不予立案决定");
    assert_eq!(
        (s.app.audit_count().await, s.app.last_entry().await.outcome.as_str()),
        (before + 1, "refused")
    );
    s.compiler.post(&s.at("remedy-served"), &on).await.expect(303);
    s.compiler.post(&s.at("remedy-asked"), &on).await.expect(303);
    s.act("remedy-decided", &[("on", &today), ("verdict", "revoked")]).await.expect(303);
    assert_eq!(send(&s.compiler, next, "portal").await.expect(303).id(), s.transfer);
    assert_eq!((s.state().await.0.as_str(), waits(&s.compiler, "forwards").await), ("sent", 1));
    s.compiler.post(&format!("/transfers/{from}/not-passed"), &[("code", "NP-OTHERWAY")]).await.expect(303);
    assert_eq!(waits(&s.compiler, "forwards").await, 0);
    s.check().await;
}

/// A forward from Hangzhou to Guangzhou that waits, as it was asked for before Guangzhou got the lead.
async fn diverted(s: &Story, from: Id) {
    let (lead, target) = (s.lead, s.app.seed.agencies[GUANGZHOU]);
    let by = s.app.seed.people["liaison2"];
    let zone = s.app.services.settings.time_zone;
    let written = s.app.services.db.write_quiet(move |tx| {
        let row = transfers::find(tx.conn(), from)?;
        let now = tx.now();
        let by =
            By { actor: Some(by), side: Side::Agency, paper: false, scan: None, on_day: None, at: now, zone };
        let step = NewStep {
            reason_code: Some("FW-AREA"),
            target_agency: Some(target),
            ..NewStep::of(StepKind::Forwarded)
        };
        actions::take(tx, &row, &step, &by)?;
        let waits = PassingRow {
            id: Id::new(),
            transfer_id: from,
            lead_id: lead,
            target_agency_id: target,
            asked_at: now,
            answered_delivery_id: None,
            answered_at: None,
        };
        passing::insert(tx.conn(), &waits)
    });
    written.await.expect("a forward that waits");
}

/// The forwarder has the lead in hand again, and may forward it anew: what it had asked for before waits for nobody.
#[tokio::test]
async fn a_forward_that_waits_ends_when_what_was_forwarded_comes_back() {
    let mut s = Story::received().await;
    let third = [
        ("code", "SZ-ECD"),
        ("name_zh", "深圳市公安局经侦支队"),
        ("type", "PS-ECD"),
        ("level", "province"),
        ("region", "广东省"),
        ("channel", "portal"),
        ("takes", "trademark"),
    ];
    let nobody_there = s.app.sign_in("admin").await.post("/agencies", &third).await.expect(303).id();
    s.app.seed.agencies.insert("SZ-ECD", nobody_there);
    let dossier = fixtures::sealed(&s.app, s.lead, HANGZHOU).await;
    let other = received(&s.app, dossier, "liaison2").await;
    forward(&s.app, "liaison", s.transfer, "SZ-ECD").await.expect(303);
    let (page, form) = (format!("/transfers/{}", s.transfer), s.at("not-passed"));
    assert_eq!(waits(&s.compiler, "forwards").await, 1);
    s.compiler.get(&page).await.expect(200).has(&form);
    forward(&s.app, "liaison2", other, GUANGZHOU).await.expect(303);
    assert_eq!(s.state().await.0, "received");
    assert_eq!(waits(&s.compiler, "forwards").await, 0);
    s.compiler.get(&page).await.expect(200).has_not(&form).has_not("为该单位编制一版卷宗");
    s.compiler.post(&form, &[("code", "NP-OTHERWAY")]).await.expect(409).has("没有待送交的转送");
    // What the platform sends there now is its own.
    let own = fixtures::sealed(&s.app, s.lead, "SZ-ECD").await;
    let sent = send(&s.compiler, own, "paper").await.expect(303).id();
    s.compiler.get(&format!("/transfers/{sent}")).await.expect(200).has_not("转自");
    s.check().await;
}
