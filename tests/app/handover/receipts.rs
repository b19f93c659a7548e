//! What went on paper or disc: handed over by somebody on a day, its receipt scanned, and recorded by a second person.

use diesel::prelude::*;
use lead_handoff::platform::db::{Id, schema::delivery};
use reqwest::header;

use super::{SCAN, Story, scan, send, with_scan};
use crate::support::{
    TestApp, days_ago, fixtures, in_words,
    seed::{GUANGZHOU, HANGZHOU},
    today,
};

#[tokio::test]
async fn paper_needs_who_and_when() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000001", "假表").await;
    let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await;
    let compiler = app.sign_in("compiler").await;
    let id = dossier.to_string();
    let fields = [("dossier", id.as_str()), ("channel", "disc"), ("tracking_number", "SF77")];
    let page = compiler.post("/transfers/new", &fields).await.expect(422);
    page.has("href=\"#f-handed-on\"").has("href=\"#f-handed-by\"").has("SF77");
}

#[tokio::test]
async fn a_paper_is_recorded_by_a_second_person_from_the_scan() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000001", "假表").await;
    let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await;
    let (compiler, manager) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let id = send(&compiler, dossier, "paper").await.expect(303).id();
    let page =
        compiler.get(&format!("/transfers/{id}")).await.expect(200).has("由另一位同事依据扫描件登记").text();
    let upload = page.split('"').find(|part| part.contains("/receipt/")).expect("a link").to_owned();
    let record = format!("/transfers/{id}/acknowledge");
    manager.post(&record, &[("on_day", &today())]).await.expect(409).has("请先上传纸质回执的扫描件");
    scan(&compiler, &upload, b"just a text").await.expect(422).has("PDF");
    manager.get(&format!("/transfers/{id}")).await.expect(200).has_not("event-title\">上传纸质回执");
    scan(&compiler, &upload, b"%PDF-1.4\n%scan\n").await.expect(303);
    // It stands among what happened, and leads to the scan; the agency reads nothing of it.
    let story = manager.get(&format!("/transfers/{id}")).await.expect(200);
    let link = upload.trim_end_matches("/new");
    story.has(&format!("event-title\">上传纸质回执 <a href=\"{link}\">"));
    let liaison = app.sign_in("liaison").await;
    liaison.get(&format!("/transfers/{id}")).await.expect(200).has_not("上传纸质回执");
    compiler.post(&record, &[("on_day", &today())]).await.expect(409).has("另一位同事");
    manager.post(&record, &[]).await.expect(422);
    manager.post(&record, &[("on_day", &days_ago(1))]).await.expect(422).has("不能早于");
    manager.post(&record, &[("on_day", &today())]).await.expect(303);
    let page = manager
        .get(&format!("/transfers/{id}"))
        .await
        .expect(200)
        .has(&format!("依据 {} 的纸质文书登记", in_words(&today())))
        .text();
    let scan = page.split('"').find(|part| part.contains("/receipt/")).expect("a link").to_owned();
    let file = manager.get(&scan).await.expect(200);
    assert_eq!(file.bytes, b"%PDF-1.4\n%scan\n");
    assert_eq!(file.headers[header::CONTENT_TYPE], "application/pdf");
}

#[tokio::test]
async fn of_a_paper_to_an_agency_that_can_sign_in_the_platform_records_the_receipt_alone() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000001", "假表").await;
    let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await;
    let (compiler, manager) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let id = send(&compiler, dossier, "paper").await.expect(303).id();
    let (page, today) = (format!("/transfers/{id}"), today());
    let at = |verb: &str| format!("{page}/{verb}");
    let upload = compiler.get(&page).await.expect(200).text();
    let upload = upload.split('"').find(|part| part.contains("/receipt/")).expect("a link").to_owned();
    scan(&compiler, &upload, SCAN).await.expect(303);
    manager.get(&page).await.expect(200).has(&at("acknowledge"));
    manager.post(&at("acknowledge"), &[("on_day", &today)]).await.expect(303);
    // What comes then is the agency's own to record, however the dossier went.
    manager.get(&page).await.expect(200).has_not(&at("accept")).has_not("/extend");
    compiler.get(&page).await.expect(200).has_not("由另一位同事依据扫描件登记");
    let (day, target) = (("on_day", today.as_str()), app.seed.agencies[HANGZHOU].to_string());
    let verbs: [(&str, &[(&str, &str)]); 6] = [
        ("accept", &[day]),
        ("refuse", &[day, ("code", "RF-OTHER"), ("text", "x")]),
        ("return", &[day, ("code", "RT-IDENTITY"), ("text", "x")]),
        ("supplement", &[day, ("code", "RQ-TRADE"), ("text", "x")]),
        ("forward", &[day, ("code", "FW-AREA"), ("target", target.as_str())]),
        ("not-ours", &[day]),
    ];
    for (verb, fields) in verbs {
        // No form is offered for what would be refused.
        manager.get(&at(verb)).await.expect(200).has("自行办理").has_not("name=\"on_day\"");
        let before = app.audit_count().await;
        with_scan(&manager, &at(verb), fields, SCAN).await.expect(409).has("自行办理");
        // The refused attempt is on record, and nothing else.
        assert_eq!(app.audit_count().await, before + 1, "{verb}");
        assert_eq!(app.last_entry().await.outcome, "refused");
    }
    let liaison = app.sign_in("liaison").await;
    liaison.post(&at("accept"), &[]).await.expect(303);
    // A further version that goes by the portal is acknowledged there.
    let second = fixtures::sealed(&app, lead, GUANGZHOU).await;
    send(&compiler, second, "portal").await.expect(303);
    manager.get(&page).await.expect(200).has_not(&at("acknowledge"));
    manager.post(&at("acknowledge"), &[("on_day", &today)]).await.expect(409).has("自行办理");
    liaison.post(&at("acknowledge"), &[]).await.expect(303);
}

#[tokio::test]
async fn what_went_by_the_portal_has_a_receipt_on_paper_only_once_its_agency_can_not_sign_in() {
    let s = Story::sent().await;
    let (id, page) = (s.transfer, format!("/transfers/{}", s.transfer));
    let sent = s.app.services.db.read(move |conn| {
        let own = delivery::table.filter(delivery::transfer_id.eq(id));
        Ok(own.select(delivery::id).first::<Id>(conn)?)
    });
    let new = s.at(&format!("receipt/{}/new", sent.await.expect("a delivery")));
    let manager = s.app.sign_in("manager").await;
    s.compiler.get(&page).await.expect(200).has_not(&new);
    s.compiler.get(&new).await.expect(409).has("不需要纸质回执");
    manager.get(&s.at("acknowledge")).await.expect(200).has("自行办理");
    let (before, stored) = (s.app.audit_count().await, s.app.stored_objects().await);
    scan(&s.compiler, &new, SCAN).await.expect(409).has("不需要纸质回执");
    // The refused attempt is on record; the scan did not stay.
    assert_eq!(s.app.audit_count().await, before + 1);
    assert_eq!(s.app.last_entry().await.outcome, "refused");
    assert_eq!(s.app.stored_objects().await, stored);
    // Its account was closed before it acknowledged: its receipt comes on paper.
    s.app.disable("liaison").await;
    s.compiler.get(&page).await.expect(200).has(&new);
    manager.get(&s.at("acknowledge")).await.expect(200).has("请先上传纸质回执的扫描件");
    scan(&s.compiler, &new, SCAN).await.expect(303);
    manager.post(&s.at("acknowledge"), &[("on_day", &today())]).await.expect(303);
    assert_eq!(s.state().await.0, "received");
    s.check().await;
}

/// The receipt of what one person sent waits on the first page of those who may record it, and of nobody else.
#[tokio::test]
async fn a_receipt_waits_for_those_who_may_record_it() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000001", "假表").await;
    let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await;
    app.disable("liaison").await;
    let (compiler, manager) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let other = app.sign_in("compiler2").await;
    let id = send(&compiler, dossier, "paper").await.expect(303).id();
    let (page, task) = (format!("/transfers/{id}"), "待您登记纸质回执");
    for who in [&compiler, &manager, &other] {
        who.get("/").await.expect(200).has_not(task);
    }
    let text = compiler.get(&page).await.expect(200).has_not("等待移送人以外的同事").text();
    let upload = text.split('"').find(|part| part.contains("/receipt/")).expect("a link").to_owned();
    scan(&compiler, &upload, SCAN).await.expect(303);
    for who in [&manager, &other] {
        who.get("/").await.expect(200).has(task).has(&page);
    }
    compiler.get("/").await.expect(200).has_not(task);
    compiler.get(&page).await.expect(200).has("等待移送人以外的同事");
    app.sign_in("approver").await.get("/").await.expect(200).has_not(task);
    let before = app.audit_count().await;
    other.post(&format!("{page}/acknowledge"), &[("on_day", &today())]).await.expect(303);
    assert_eq!(
        (app.audit_count().await, app.last_entry().await.verb.as_str()),
        (before + 1, "transfer.acknowledge")
    );
    for who in [&compiler, &manager, &other] {
        who.get("/").await.expect(200).has_not(task);
    }
    compiler.get(&page).await.expect(200).has_not("等待移送人以外的同事");
}

/// A form that would be refused however it is filled in is not shown; what is missing is one press away.
#[tokio::test]
async fn who_can_not_record_a_receipt_is_told_what_to_do_instead_of_being_shown_the_form() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000001", "假表").await;
    let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await;
    let (compiler, manager) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let id = send(&compiler, dossier, "paper").await.expect(303).id();
    let text = compiler.get(&format!("/transfers/{id}")).await.expect(200).text();
    let upload = text.split('"').find(|part| part.contains("/receipt/")).expect("a link").to_owned();
    let (record, form, day) = (format!("/transfers/{id}/acknowledge"), "name=\"on_day\"", today());
    let missing = "请先上传纸质回执的扫描件";
    manager.get(&record).await.expect(200).has(missing).has(&upload).has_not(form);
    manager.post(&record, &[("on_day", &day)]).await.expect(409).has(missing).has(&upload).has_not(form);
    scan(&compiler, &upload, SCAN).await.expect(303);
    compiler.get(&record).await.expect(200).has("请由另一位同事登记").has_not(form);
    compiler.post(&record, &[("on_day", &day)]).await.expect(409).has("请由另一位同事登记").has_not(form);
    manager.get(&record).await.expect(200).has_not(missing).has(form);
    manager.post(&record, &[("on_day", &day)]).await.expect(303);
    // What went by the portal is its agency's own to acknowledge.
    let s = Story::sent().await;
    let manager = s.app.sign_in("manager").await;
    manager.get(&s.at("acknowledge")).await.expect(200).has("自行办理").has_not(form);
}
