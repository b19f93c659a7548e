//! What leaves with a sealed dossier, to whom, and what does not leave any more.

use lead_handoff::access;

use crate::support::{
    TestApp,
    seed::{GUANGZHOU, HANGZHOU},
    story::{self, note},
};

#[tokio::test]
async fn an_agency_sees_a_sealed_dossier_only_once_it_was_opened_to_it() {
    let app = TestApp::new().await;
    let (_, made) = story::sealed(&app, &[GUANGZHOU]).await;
    let path = format!("/dossiers/{}", made[0]);
    let liaison = app.sign_in("liaison").await;
    liaison.get(&path).await.expect(404);
    liaison.get(&format!("{path}/package.zip")).await.expect(404);

    let (id, agency) = (made[0], app.seed.agencies[GUANGZHOU]);
    app.services.db.write_quiet(move |tx| access::grant(tx, "dossier", id, agency)).await.expect("granted");
    liaison.get(&path).await.expect(200).has_not("/leads/").has_not("编制人甲");
    liaison.get(&format!("{path}/dossier.pdf")).await.expect(200);
    let whole = liaison.get(&format!("{path}/package.zip")).await.expect(200).bytes;
    assert_eq!(app.last_entry().await.verb, "dossier.download");
    let before = app.audit_count().await;
    let url = liaison.url(&format!("{path}/package.zip"));
    let part = liaison.send(liaison.client.get(&url).header("range", "bytes=10-19")).await.expect(206);
    assert_eq!(part.bytes, &whole[10..20]);
    assert_eq!(app.audit_count().await, before, "a later piece is not another read");
    app.sign_in("liaison2").await.get(&path).await.expect(404);
    app.sign_in("admin").await.get(&path).await.expect(404);
    let manager = app.sign_in("manager").await;
    let before = app.audit_count().await;
    manager
        .send(manager.client.get(manager.url(&format!("{path}/package.zip"))).header("range", "bytes=1-"))
        .await
        .expect(206);
    assert_eq!(app.audit_count().await, before + 1, "whoever begins in the middle is on record too");
}

#[tokio::test]
async fn what_is_marked_after_sealing_does_not_leave_and_stays_kept_back() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let (lead, dossiers) = story::sealed(&app, &[GUANGZHOU]).await;
    compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(303);
    let item = story::items(&compiler, lead).await[0];
    let mark = [("withheld_reason", "保护举报人")];
    compiler.post(&format!("/evidence/{item}/withhold"), &mark).await.expect(303);
    let before = app.audit_count().await;
    let send = [("dossier", &*dossiers[0].to_string()), ("channel", "portal")];
    compiler.post("/transfers/new", &send).await.expect(409).has("不予披露");
    assert_eq!(app.audit_count().await, before + 1, "the refusal alone");
    let liaison = app.sign_in("liaison").await;
    liaison.get("/transfers").await.expect(200).has_not("YS-");
}

/// A court asks what became of one file: that it was sealed and handed over belongs to its custody.
#[tokio::test]
async fn the_custody_of_an_item_tells_of_the_dossiers_that_carried_it() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let sent = note(&compiler, lead, "一.txt", "第一份").await;
    let kept = note(&compiler, lead, "二.txt", "第二份").await;
    let gz = app.seed.agencies[GUANGZHOU];
    let hold = format!("withhold-{gz}");
    let made = story::seal_version(&app, lead, 1, &[GUANGZHOU], &[sent, kept], &[(&hold, "2")]).await;
    let send = [("dossier", &*made[0].to_string()), ("channel", "portal")];
    let transfer = compiler.post("/transfers/new", &send).await.expect(303).id();
    let liaison = app.sign_in("liaison").await;
    liaison.get(&format!("/dossiers/{}/package.zip", made[0])).await.expect(200);
    liaison.get(&format!("/evidence/{sent}")).await.expect(404);

    let page = compiler.get(&format!("/evidence/{sent}")).await.expect(200);
    page.has("随卷固定")
        .has("随卷封存")
        .has("随卷移送")
        .has("随卷下载")
        .has("被拒绝")
        .has_not("随卷查阅")
        .has_not("随卷转送");
    // Read at the agency, and handed on to another one.
    liaison.get(&format!("/dossiers/{}/dossier.pdf", made[0])).await.expect(200);
    liaison.post(&format!("/transfers/{transfer}/acknowledge"), &[]).await.expect(303);
    let forward = [("target", &*app.seed.agencies[HANGZHOU].to_string()), ("code", "FW-AREA")];
    liaison.post(&format!("/transfers/{transfer}/forward"), &forward).await.expect(303);
    compiler.get(&format!("/evidence/{sent}")).await.expect(200).has("随卷查阅").has("随卷转送");
    let page = compiler.get(&format!("/evidence/{kept}")).await.expect(200);
    page.has("选入卷宗").has_not("随卷封存").has_not("随卷移送").has_not("随卷查阅").has_not("随卷转送");
}

#[tokio::test]
async fn a_transfer_that_was_withdrawn_gives_no_bytes_any_more() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let (_, dossiers) = story::sealed(&app, &[GUANGZHOU]).await;
    compiler.get(&format!("/dossiers/{}", dossiers[0])).await.expect(200).has("/transfers/new");
    let send = [("dossier", &*dossiers[0].to_string()), ("channel", "portal")];
    let transfer = compiler.post("/transfers/new", &send).await.expect(303).id();
    // What was sent has no button to send it.
    compiler.get(&format!("/dossiers/{}", dossiers[0])).await.expect(200).has_not("/transfers/new");
    let liaison = app.sign_in("liaison").await;
    let files =
        ["", "/dossier.pdf", "/letter.pdf", "/package.zip"].map(|f| format!("/dossiers/{}{f}", dossiers[0]));
    for file in &files {
        liaison.get(file).await.expect(200);
    }
    let reason = [("text", "发错单位")];
    compiler.post(&format!("/transfers/{transfer}/withdraw"), &reason).await.expect(303);
    for file in &files {
        liaison.get(file).await.expect(404);
    }
    liaison.get(&format!("/transfers/{transfer}")).await.expect(200).has("已撤回").has_not("package.zip");
}
