//! Who is told of an entry that waits.

use super::{filed, proposed};
use crate::support::{
    TestApp,
    seed::{GUANGZHOU, HANGZHOU},
    smtp::{Manner, SmtpServer, text_of},
};

#[tokio::test]
async fn the_other_side_is_told_by_mail_and_sees_it_waiting_at_home() {
    let server = SmtpServer::start(Manner::Polite).await;
    let app = TestApp::with(&[("LEAD_HANDOFF_SMTP_URL", server.url())]).await;
    let made = filed(&app, GUANGZHOU);
    let (compiler, manager) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let (liaison, other) = (app.sign_in("liaison").await, app.sign_in("liaison2").await);
    let received = async || {
        app.settle().await;
        server.received()
    };

    // The agency proposes: the lead's owner is told, and it waits for the platform alone.
    let id = proposed(&liaison, made).await;
    let mails = received().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, ["RCPT TO:<compiler@example.com>"]);
    let text = text_of(&mails[0].data);
    assert!(text.contains(&format!("/outcomes/{id}")) && text.contains("YS-2016-"), "{text}");
    for secret in ["主犯", "润滑油", "拘", "XS-2016"] {
        assert!(!text.contains(secret), "{text}");
    }
    let link = format!("/outcomes/{id}");
    compiler.get("/").await.expect(200).has(&link).has("本人线索的战果待确认");
    manager.get("/").await.expect(200).has(&link).has("/outcomes?waits=me");
    manager.get("/outcomes?waits=me").await.expect(200).has(&link);
    app.sign_in("compiler2").await.get("/").await.expect(200).has_not(&link);
    liaison.get("/").await.expect(200).has_not(&link);
    liaison.get("/outcomes?waits=me").await.expect(200).has_not(&link);
    manager.post(&format!("{link}/confirm"), &[]).await.expect(303);
    manager.get("/").await.expect(200).has_not(&link);

    // The platform takes it back: the agency's liaison is told, and nobody else.
    let counter = manager.post(&format!("{link}/correct"), &[("reason", "登记重复")]).await.expect(303).id();
    let mails = received().await;
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[1].to, ["RCPT TO:<liaison@example.com>"]);
    assert!(!text_of(&mails[1].data).contains("登记重复"));
    let link = format!("/outcomes/{counter}");
    liaison.get("/").await.expect(200).has(&link);
    manager.get("/").await.expect(200).has_not(&link);
    other.get("/").await.expect(200).has_not(&link);
    liaison.post(&format!("{link}/confirm"), &[]).await.expect(303);
    liaison.get("/").await.expect(200).has_not(&link);
}

#[tokio::test]
async fn of_an_agency_without_accounts_a_colleague_is_told() {
    let server = SmtpServer::start(Manner::Polite).await;
    let app = TestApp::with(&[("LEAD_HANDOFF_SMTP_URL", server.url())]).await;
    let made = filed(&app, HANGZHOU);
    app.disable("liaison2").await;
    let (one, two) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let id = proposed(&one, made).await;
    app.settle().await;
    let to: Vec<String> = server.received().iter().flat_map(|mail| mail.to.clone()).collect();
    assert_eq!(to, ["RCPT TO:<manager@example.com>"]);
    let link = format!("/outcomes/{id}");
    one.get("/").await.expect(200).has_not(&link);
    two.get("/").await.expect(200).has(&link);
}
