//! What changed, as each role is told it: an approver of reviews and what became of them, a manager and an auditor of all
//! that goes between the sides, an administrator of accounts, mail and agencies, and of no case.

use lead_handoff::{
    audit::{self, Entry},
    platform::db::Origin,
};

use super::{Story, send};
use crate::support::{
    TestApp,
    seed::GUANGZHOU,
    smtp::{Manner, SmtpServer},
    story,
};

const NOTHING: &str = "没有新的变化";

#[tokio::test]
async fn a_manager_and_an_auditor_are_told_of_every_transfer_until_they_have_seen_it() {
    let s = Story::sent().await;
    let href = format!("/transfers/{}#timeline", s.transfer);
    for role in ["manager", "auditor"] {
        let reader = s.app.sign_in(role).await;
        reader.get("/changes").await.expect(200).has(&href).has("<br>移送").has_not("<br>签收");
        reader.get("/").await.expect(200).has("id=\"since\"");
    }
    let before = s.app.audit_count().await;
    s.act("acknowledge", &[]).await.expect(303);
    assert_eq!(s.app.audit_count().await, before + 1);
    for role in ["manager", "auditor"] {
        let reader = s.app.sign_in(role).await;
        let page = reader.get("/changes").await.expect(200).has("<br>签收").has("联络员甲").text();
        assert!(page.find("<br>签收") < page.find("<br>移送"), "the newest first");
        let until = page.split("name=\"until\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        reader.post("/changes/seen", &[("until", until.expect("a moment"))]).await.expect(303);
        reader.get("/changes").await.expect(200).has(NOTHING).has_not(&href);
    }
    // What a manager does is new to others, not to the manager.
    let manager = s.app.sign_in("manager").await;
    manager.post(&s.at("message"), &[("body", "请于本周答复")]).await.expect(303);
    manager.get("/changes").await.expect(200).has(NOTHING);
    s.app.sign_in("auditor").await.get("/changes").await.expect(200).has("<br>发送消息");
}

#[tokio::test]
async fn an_approver_is_told_of_new_reviews_and_of_what_became_of_those_decided() {
    let app = TestApp::new().await;
    let (compiler, approver) = (app.sign_in("compiler").await, app.sign_in("approver").await);
    let lead = app.seed.lead(&app.services, "compiler");
    let item = story::note(&compiler, lead, "页面.txt", "标价 199 元。").await;
    let agencies = [app.seed.agencies[GUANGZHOU]];
    story::compose(&compiler, lead, 1, &agencies, &[item], &[]).await.expect(303);
    app.settle().await;
    approver.get("/changes").await.expect(200).has(NOTHING);
    let review = story::submit(&compiler, lead).await;
    let decide = format!("href=\"/approvals/{review}\"");
    approver.get("/changes").await.expect(200).has(&decide).has("<br>提交审核");

    // The own decision is no news; what came of it is.
    let fields = story::decision(&app, &approver, review).await;
    story::approve(&approver, review, &fields).await.expect(303);
    app.settle().await;
    let page = approver.get("/changes").await.expect(200).has("<br>生成卷宗包");
    page.has_not("<br>批准").has_not("<br>移送");
    let dossier = story::dossiers(&app, lead).await.remove(0).id;
    let transfer = send(&compiler, dossier, "portal").await.expect(303).id();
    let href = format!("/transfers/{transfer}#timeline");
    approver.get("/changes").await.expect(200).has(&href).has("<br>移送");
    app.sign_in("admin").await.get("/changes").await.expect(200).has_not(&href).has_not("<br>提交审核");
}

/// What somebody else decided does not concern an approver.
#[tokio::test]
async fn an_approver_is_told_of_no_transfer_that_was_not_theirs_to_decide() {
    let s = Story::received().await;
    let approver = s.app.sign_in("approver").await;
    approver.get("/changes").await.expect(200).has(NOTHING).has_not(&s.transfer.to_string());
    approver.get("/").await.expect(200).has_not("id=\"since\"");
}

#[tokio::test]
async fn an_administrator_is_told_of_mail_that_failed_accounts_and_agencies_and_of_no_case() {
    let server = SmtpServer::start(Manner::RefusesRecipient(550)).await;
    let app = TestApp::with(&[("LEAD_HANDOFF_SMTP_URL", server.url())]).await;
    let admin = app.sign_in("admin").await;
    admin.post("/admin/setup/mail", &[]).await.expect(303);
    admin.get("/changes").await.expect(200).has_not("邮件发送失败");
    app.settle().await;
    let page = admin.get("/changes").await.expect(200).has("邮件发送失败");
    page.has("href=\"/admin/mail?state=failed\"");

    let (person, agency) = (app.seed.people["compiler2"], app.seed.agencies[GUANGZHOU]);
    let before = app.audit_count().await;
    let done = app.services.db.write(Origin::system("system:cli"), move |tx| {
        audit::record(tx, Entry::new("person.disable").object("person", person))?;
        audit::record(tx, Entry::new("agency.change").object("agency", agency))?;
        audit::record(tx, Entry::new("calendar.import").fact("year", 2027)).map(|_| ())
    });
    done.await.expect("on record");
    assert_eq!(app.audit_count().await, before + 3);
    let page = admin.get("/changes").await.expect(200).has("<br>停用账号").has("编制人乙");
    let page = page.has(&format!("href=\"/admin/people/{person}\"")).has("<br>导入工作日历");
    page.has(&format!("href=\"/agencies/{agency}\"")).has("href=\"/reference\"");
    admin.get("/").await.expect(200).has("id=\"since\"");
    // Those are the administrator's affairs, not a manager's.
    app.sign_in("manager").await.get("/changes").await.expect(200).has(NOTHING).has_not("<br>停用账号");
}
