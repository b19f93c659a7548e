//! Sending a dossier, acknowledging it, taking it back.

use lead_handoff::platform::db::Id;

use super::{Story, send};
use crate::support::{
    Browser, TestApp, fixtures,
    seed::{GUANGZHOU, HANGZHOU},
    today,
};

#[tokio::test]
async fn the_same_form_twice_sends_once() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000001", "假表").await;
    let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await;
    let compiler = app.sign_in("compiler").await;
    let first = send(&compiler, dossier, "portal").await.expect(303);
    let before = app.audit_count().await;
    let second = send(&compiler, dossier, "portal").await.expect(303);
    assert_eq!(first.id(), second.id());
    assert_eq!(app.audit_count().await, before);
}

#[tokio::test]
async fn only_a_sealed_and_newest_dossier_of_an_own_lead_can_be_sent() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000001", "假表").await;
    let open = fixtures::unsealed(&app, lead, GUANGZHOU).await;
    let compiler = app.sign_in("compiler").await;
    send(&compiler, open, "portal").await.expect(409).has("尚未封存");
    let old = fixtures::sealed(&app, lead, GUANGZHOU).await;
    let new = fixtures::sealed(&app, lead, GUANGZHOU).await;
    send(&compiler, old, "portal").await.expect(409).has("更新的封存版本");
    let other = app.sign_in("compiler2").await;
    send(&other, new, "portal").await.expect(409).has("不由您负责");
    send(&compiler, new, "paper").await.expect(303);
    let liaison = app.sign_in("liaison").await;
    liaison.get(&format!("/transfers/new?dossier={new}")).await.expect(404);
}

/// A later version may go another way: both sides read which went how, a program how the newest did, and a receipt on
/// paper can be taken in for what went on paper.
#[tokio::test]
async fn every_version_keeps_the_way_that_it_went() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000001", "假表").await;
    let first = fixtures::sealed(&app, lead, GUANGZHOU).await;
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let transfer = send(&compiler, first, "disc").await.expect(303).id();
    let page = format!("/transfers/{transfer}");
    let token = fixtures::token(&app, "manager").await;
    let program = app.stranger();
    let channel = async || {
        let request = program.client.get(program.url("/api/v1/transfers")).bearer_auth(&token);
        program.send(request).await.expect(200).json()["items"][0]["channel"].clone()
    };
    assert_eq!(channel().await, "disc");
    for who in [&compiler, &liaison] {
        who.get(&page).await.expect(200).has("光盘").has_not("光盘（第 1 版）");
    }
    let second = fixtures::sealed(&app, lead, GUANGZHOU).await;
    assert_eq!(send(&compiler, second, "portal").await.expect(303).id(), transfer);
    assert_eq!(channel().await, "portal");
    for who in [&compiler, &liaison] {
        who.get(&page).await.expect(200).has("线上（第 2 版）；光盘（第 1 版）");
    }
    // The agency acts for itself in what reached it here, and a colleague from the paper in what went on paper.
    let manager = app.sign_in("manager").await;
    let record = format!("{page}/acknowledge");
    manager.post(&record, &[("on_day", &today())]).await.expect(409).has("应由其自行办理");
    let third = fixtures::sealed(&app, lead, GUANGZHOU).await;
    send(&compiler, third, "paper").await.expect(303);
    liaison.get(&page).await.expect(200).has("纸质（第 3 版）；线上（第 2 版）；光盘（第 1 版）");
    manager.post(&record, &[("on_day", &today())]).await.expect(409).has("请先上传纸质回执的扫描件");
}

#[tokio::test]
async fn a_second_acknowledgement_changes_nothing() {
    let s = Story::received().await;
    let before = s.app.audit_count().await;
    s.act("acknowledge", &[]).await.expect(409).has("已经签收");
    // The refused attempt is on record, and nothing else.
    assert_eq!(s.app.audit_count().await, before + 1);
    assert_eq!(s.state().await, ("received".into(), 2));
}

#[tokio::test]
async fn it_is_withdrawn_with_a_reason_until_it_is_taken_on() {
    let s = Story::received().await;
    s.compiler.post(&s.at("withdraw"), &[("text", "")]).await.expect(422);
    s.liaison.post(&s.at("withdraw"), &[("text", "x")]).await.expect(404);
    s.compiler.post(&s.at("withdraw"), &[("text", "权利人要求")]).await.expect(303);
    s.act("accept", &[]).await.expect(409).has("已撤回");
    let s = Story::accepted().await;
    s.compiler.post(&s.at("withdraw"), &[("text", "权利人要求")]).await.expect(409).has("权利人要求");
}

#[tokio::test]
async fn a_form_that_was_refused_can_be_mended_and_sent_from_the_page_one_goes_back_to() {
    let s = Story::received().await;
    let action = s.at(&format!("message?once={}", Id::new()));
    // The page is shown again, which is a look at the transfer; nothing was sent by it.
    s.liaison.post(&action, &[("body", "")]).await.expect(422);
    let before = s.app.audit_count().await;
    s.liaison.post(&action, &[("body", "请补充仓库照片。")]).await.expect(303);
    assert_eq!(s.app.audit_count().await, before + 1);
    s.compiler.get(s.at("").trim_end_matches('/')).await.expect(200).has("请补充仓库照片。");
    // The same page a third time: told that it is done, and nothing more is.
    let before = s.app.audit_count().await;
    let again = s.liaison.post(&action, &[("body", "请补充仓库照片。")]).await.expect(303);
    assert!(again.location.ends_with("?ok=done-before"), "{}", again.location);
    assert_eq!(s.app.audit_count().await, before);
}

/// Nobody is told of a paper by sending it: what is said afterwards is what was done.
#[tokio::test]
async fn who_sent_by_hand_is_not_told_that_the_agency_was_notified() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let ways = [
        ("XS-2026-000001", "portal", "已移送，并已通知对方"),
        ("XS-2026-000002", "paper", "已登记纸质送达"),
        ("XS-2026-000003", "disc", "已登记光盘送达"),
    ];
    for (number, channel, said) in ways {
        let lead = fixtures::lead(&app, number, "假表").await;
        let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await;
        let sent = send(&compiler, dossier, channel).await.expect(303);
        let page = compiler.get(&sent.location).await.expect(200).has(said);
        if channel != "portal" {
            page.has_not("已通知对方");
        }
    }
}

/// A version that came after an acknowledged one is told to both sides until it is acknowledged too, and the earlier one
/// stays within reach.
#[tokio::test]
async fn a_new_version_is_told_to_both_sides_until_it_is_acknowledged() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000001", "假表").await;
    let first = fixtures::sealed(&app, lead, GUANGZHOU).await;
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let page = format!("/transfers/{}", send(&compiler, first, "portal").await.expect(303).id());
    let (acknowledge, earlier) = (format!("{page}/acknowledge"), format!("href=\"/dossiers/{first}\""));
    liaison.post(&acknowledge, &[]).await.expect(303);
    liaison
        .get(&page)
        .await
        .expect(200)
        .has("请在期限前决定是否受理")
        .has_not("新版卷宗（第 2 版）")
        .has_not(&earlier);
    let second = fixtures::sealed(&app, lead, GUANGZHOU).await;
    send(&compiler, second, "portal").await.expect(303);
    let arrived = liaison.get(&page).await.expect(200);
    arrived.has("新版卷宗（第 2 版）已送达").has("请在期限前决定是否受理").has(&earlier);
    compiler.get(&page).await.expect(200).has("新版卷宗（第 2 版）已移送，等待对方签收");
    liaison.post(&acknowledge, &[]).await.expect(303);
    liaison.get(&page).await.expect(200).has_not("新版卷宗（第 2 版）已送达").has(&earlier);
    compiler.get(&page).await.expect(200).has_not("等待对方签收");
}

/// The transfers of one lead to two agencies may bear the same number: it is told with its agency wherever both are meant.
#[tokio::test]
async fn a_number_that_two_agencies_have_is_told_with_its_agency() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000001", "假表").await;
    let compiler = app.sign_in("compiler").await;
    for (code, liaison) in [(GUANGZHOU, "liaison"), (HANGZHOU, "liaison2")] {
        let dossier = fixtures::sealed(&app, lead, code).await;
        let id = send(&compiler, dossier, "portal").await.expect(303).id();
        let liaison = app.sign_in(liaison).await;
        liaison.post(&format!("/transfers/{id}/acknowledge"), &[]).await.expect(303);
        liaison.post(&format!("/transfers/{id}/return"), &[("code", "RT-IDENTITY")]).await.expect(303);
    }
    for page in ["/".to_owned(), format!("/leads/{lead}")] {
        let text = compiler.get(&page).await.expect(200).text();
        let labels: Vec<&str> = text
            .split("href=\"/transfers/")
            .skip(1)
            .filter_map(|rest| rest.split('>').nth(1)?.split('<').next())
            .filter(|label| label.contains("YS-"))
            .collect();
        assert!(labels.iter().any(|label| label.contains("杭州市市场监督管理局")), "{page}: {labels:?}");
        assert!(labels.iter().all(|label| label.contains(" · ")), "{page}: {labels:?}");
    }
}

/// Whoever searches the log by a number finds what was done about each transfer that bears it; on record is the number.
#[tokio::test]
async fn the_log_is_searched_by_a_number_that_several_agencies_have() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000001", "假表").await;
    let compiler = app.sign_in("compiler").await;
    let mut sent = Vec::new();
    for code in [GUANGZHOU, HANGZHOU] {
        let dossier = fixtures::sealed(&app, lead, code).await;
        sent.push(send(&compiler, dossier, "portal").await.expect(303).id());
    }
    app.settle().await;
    let auditor = app.sign_in("auditor").await;
    let number = format!("YS-{}-0001", &today()[..4]);
    let before = app.audit_count().await;
    let typed = number.to_lowercase();
    let found = auditor.get(&format!("/audit?verb=transfer.send&object={typed}")).await.expect(200).text();
    assert!(sent.iter().all(|id| found.contains(&format!("href=\"/transfers/{id}\""))), "{found}");
    assert_eq!(app.audit_count().await, before + 1);
    let entry = app.last_entry().await;
    assert_eq!(entry.verb, "audit.list");
    assert_eq!(entry.leaf["facts"]["object"].as_str(), Some(number.as_str()));
}

/// Where nobody at the agency can sign in the portal is shown and can't be chosen; whoever posts it nevertheless is told.
#[tokio::test]
async fn the_portal_is_no_way_to_an_agency_without_accounts() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000001", "假表").await;
    let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await;
    let compiler = app.sign_in("compiler").await;
    let is_closed = async |way: &str| {
        let page = compiler.get(&format!("/transfers/new?dossier={dossier}")).await.expect(200).text();
        let value = format!("value=\"{way}\"");
        let found = page.split('<').find(|tag| tag.starts_with("input") && tag.contains(&value));
        found.expect("a choice").contains(" disabled")
    };
    assert!(!is_closed("portal").await);
    app.disable("liaison").await;
    assert!(is_closed("portal").await && !is_closed("paper").await && !is_closed("disc").await);
    send(&compiler, dossier, "portal").await.expect(422).has("没有可以登录的联络员");
    send(&compiler, dossier, "paper").await.expect(303);
}

/// Whose lead it is not reads so before anything is filled in, and so does whoever opens a dossier that can't be sent: what
/// would be refused is not asked for.
#[tokio::test]
async fn no_form_of_the_sender_is_shown_to_whom_it_would_be_refused() {
    let s = Story::received().await;
    let (other, manager) = (s.app.sign_in("compiler2").await, s.app.sign_in("manager").await);
    for (verb, name) in [("withdraw", "text"), ("message", "body")] {
        let (form, field) = (s.at(verb), format!("name=\"{name}\""));
        other.get(&form).await.expect(200).has("不由您负责").has_not(&field);
        other.post(&form, &[(name, "权利人要求")]).await.expect(409).has("不由您负责");
        for who in [&s.compiler, &manager] {
            who.get(&form).await.expect(200).has(&field).has_not("不由您负责");
        }
    }
    s.liaison.get(&s.at("message")).await.expect(200).has("name=\"body\"");

    let open = fixtures::unsealed(&s.app, s.lead, GUANGZHOU).await;
    let old = fixtures::sealed(&s.app, s.lead, GUANGZHOU).await;
    let new = fixtures::sealed(&s.app, s.lead, GUANGZHOU).await;
    let page = |dossier: Id| format!("/transfers/new?dossier={dossier}");
    let refused = async |who: &Browser, dossier: Id, why: &str| {
        who.get(&page(dossier)).await.expect(200).has(why).has_not("name=\"channel\"");
        assert_eq!(s.app.last_entry().await.verb, "dossier.view");
        send(who, dossier, "portal").await.expect(409).has(why);
    };
    refused(&s.compiler, open, "尚未封存").await;
    refused(&s.compiler, old, "更新的封存版本").await;
    refused(&other, new, "不由您负责").await;
    for who in [&s.compiler, &manager] {
        who.get(&page(new)).await.expect(200).has("name=\"channel\"").has_not("不由您负责");
    }
    s.check().await;
    // Another agency has it now.
    let s = Story::received().await;
    let target = s.app.seed.agencies[HANGZHOU].to_string();
    s.act("forward", &[("target", &target), ("code", "FW-AREA")]).await.expect(303);
    let again = fixtures::sealed(&s.app, s.lead, GUANGZHOU).await;
    s.compiler.get(&page(again)).await.expect(200).has("已转送其他单位").has_not("name=\"channel\"");
    send(&s.compiler, again, "portal").await.expect(409).has("已转送其他单位");
}
