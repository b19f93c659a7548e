//! Agencies without accounts: paper and disc, recorded by a second person.

use reqwest::header;

use super::{Story, scan, send};
use crate::support::{TestApp, fixtures, seed::GUANGZHOU};

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
    let page = compiler.get(&format!("/transfers/{id}")).await.expect(200).has("移送人以外的同事").text();
    let upload = page.split('"').find(|part| part.contains("/receipt/")).expect("a link").to_owned();
    let record = format!("/transfers/{id}/acknowledge");
    manager.post(&record, &[("on_day", "2026-05-04")]).await.expect(409).has("请先上传纸质回执的扫描件");
    scan(&compiler, &upload, b"just a text").await.expect(422).has("PDF");
    scan(&compiler, &upload, b"%PDF-1.4\n%scan\n").await.expect(303);
    compiler.post(&record, &[("on_day", "2026-05-04")]).await.expect(409).has("另一位同事");
    manager.post(&record, &[]).await.expect(422);
    manager.post(&record, &[("on_day", "2026-05-04")]).await.expect(303);
    let page = manager
        .get(&format!("/transfers/{id}"))
        .await
        .expect(200)
        .has("依据 2026-05-04 的纸质文书登记")
        .text();
    let scan = page.split('"').find(|part| part.contains("/receipt/")).expect("a link").to_owned();
    let file = manager.get(&scan).await.expect(200);
    assert_eq!(file.bytes, b"%PDF-1.4\n%scan\n");
    assert_eq!(file.headers[header::CONTENT_TYPE], "application/pdf");
}

#[tokio::test]
async fn the_platform_does_not_act_for_an_agency_that_can() {
    let s = Story::sent().await;
    let manager = s.app.sign_in("manager").await;
    manager.post(&s.at("acknowledge"), &[("on_day", "2026-05-04")]).await.expect(409).has("自行办理");
}
