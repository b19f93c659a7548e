//! A form that is sent twice, as on a slow line: the second press is told that it was done, and nothing is done again
//! or put on record as refused.

use lead_handoff::{audit::Outcome, platform::db::Id};

use crate::support::{Browser, Reply, TestApp, seed::GUANGZHOU, story};

/// Where the form of `page` whose address begins with `begin` is posted to.
fn action(page: &str, begin: &str) -> String {
    let found =
        page.split("action=\"").find_map(|part| part.split('"').next().filter(|p| p.starts_with(begin)));
    found.unwrap_or_else(|| panic!("no form for {begin} in {page}")).replace("&#38;", "&")
}

/// Presses twice; gives the first answer. The second one leads to what the first has done, and adds no entry.
async fn press_twice(app: &TestApp, browser: &Browser, action: &str, fields: &[(&str, &str)]) -> Reply {
    let first = browser.post(action, fields).await.expect(303);
    let entries = app.audit_count().await;
    let second = browser.post(action, fields).await.expect(303);
    assert!(second.location.ends_with("?ok=done-before"), "{} after {}", second.location, first.location);
    browser.get(&second.location).await.expect(200).has("未重复办理");
    let shown = app.audit_count().await - entries;
    assert!(shown <= 1, "{shown} entries by pressing {action} again");
    assert_eq!(app.last_entry().await.outcome, Outcome::Done.as_str(), "{action}");
    first
}

#[tokio::test]
async fn a_second_press_does_nothing_and_is_no_refusal() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = story::note(&compiler, lead, "页面.txt", "标价 199 元。").await;
    story::compose(&compiler, lead, 1, &[app.seed.agencies[GUANGZHOU]], &[item], &[]).await.expect(303);
    app.settle().await;

    let page = compiler.get(&format!("/leads/{lead}/dossiers")).await.expect(200).text();
    let submit = action(&page, &format!("/leads/{lead}/submit"));
    let review = press_twice(&app, &compiler, &submit, &[]).await.id();

    let approver = app.sign_in("approver").await;
    let fields = story::decision(&app, &approver, review).await;
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let page = approver.get(&format!("/approvals/{review}")).await.expect(200).text();
    let approve = action(&page, &format!("/approvals/{review}/approve"));
    press_twice(&app, &approver, &approve, &fields).await;
    app.settle().await;

    let page = compiler.get(&format!("/leads/{lead}/withdraw")).await.expect(200).text();
    let withdraw = action(&page, &format!("/leads/{lead}/withdraw"));
    press_twice(&app, &compiler, &withdraw, &[("reason", "商家已整改")]).await;
}

#[tokio::test]
async fn a_second_press_with_a_code_is_no_failed_attempt() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let code = story::code(&app).await;
    let renew = format!("/account/recovery-codes?once={}", Id::new());
    compiler.post(&renew, &[("code", &code)]).await.expect(200);
    let entries = app.audit_count().await;
    for _ in 0..6 {
        let again = compiler.post(&renew, &[("code", &code)]).await.expect(303);
        // The codes are shown once; it leads to where new ones are made.
        assert_eq!(again.location, "/account/second-factor?ok=codes-shown");
    }
    assert_eq!(app.audit_count().await, entries);

    let code = story::code(&app).await;
    compiler.post("/account/recovery-codes", &[("code", &code)]).await.expect(200);
    assert_eq!(app.last_entry().await.verb, "second-factor.renew-codes");
}
