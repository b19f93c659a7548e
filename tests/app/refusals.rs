//! Refused attempts on record: every wrong proof of who somebody is, by whom and at what, and never so many entries
//! that a stranger could fill the disk with them.

use lead_handoff::{
    audit,
    platform::{db::Id, i18n::Lang},
};
use reqwest::header;

use crate::support::{Browser, Reply, TestApp, seed::GUANGZHOU, seed::PASSWORD, story};

/// Every refusal on record, oldest first.
async fn refused(app: &TestApp) -> Vec<audit::Row> {
    let filter = audit::Filter { outcome: Some("refused".into()), ..Default::default() };
    let rows = app.services.db.read(move |conn| audit::page(conn, &filter, 1000)).await;
    let mut rows = rows.expect("entries");
    rows.reverse();
    rows
}

fn fact(row: &audit::Row, name: &str) -> String {
    row.facts().into_iter().find(|(n, _)| n == name).map(|(_, v)| v).unwrap_or_default()
}

/// The one refusal that `act` leaves.
async fn left(app: &TestApp, before: usize) -> audit::Row {
    let mut rows = refused(app).await;
    assert_eq!(rows.len(), before + 1, "one refusal more");
    rows.remove(before)
}

#[tokio::test]
async fn a_wrong_second_factor_is_on_record_wherever_it_is_asked_for() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = story::note(&compiler, lead, "页面.txt", "标价 199 元。").await;
    story::compose(&compiler, lead, 1, &[app.seed.agencies[GUANGZHOU]], &[item], &[]).await.expect(303);
    app.settle().await;
    let review = compiler.post(&format!("/leads/{lead}/submit"), &[]).await.expect(303).id();
    let approver = app.sign_in("approver").await;

    let mut fields = story::decision(&app, &approver, review).await;
    fields.retain(|(name, _)| name != "code");
    fields.push(("code".into(), "000000".into()));
    let before = refused(&app).await.len();
    story::approve(&approver, review, &fields).await.expect(422).has("验证码不正确");
    let row = left(&app, before).await;
    assert_eq!((row.verb.as_str(), fact(&row, "reason").as_str()), ("lead.approve", "wrong-proof"));
    assert_eq!(row.actor_id, Some(app.seed.people["approver"]));
    assert_eq!(row.objects(), [("review".to_owned(), review.to_string())]);
    // The address that the answer stands at leads back to the form, for whoever may see it.
    let posted = format!("/approvals/{review}/approve");
    let page = approver.get(&posted).await.expect(303).location;
    assert_eq!(page, format!("/approvals/{review}"));
    approver.get(&page).await.expect(200).has("name=\"code\"");
    let liaison = app.sign_in("liaison").await;
    liaison.get(&liaison.get(&posted).await.expect(303).location).await.expect(404);

    let token = [("name", "脚本"), ("scopes", "read"), ("days", "30"), ("code", "000000")];
    for (path, form, verb) in [
        ("/account/tokens", &token[..], "token.create"),
        ("/account/second-factor/remove", &token[3..], "second-factor.remove"),
        ("/account/recovery-codes", &token[3..], "second-factor.renew-codes"),
    ] {
        let before = refused(&app).await.len();
        compiler.post(path, form).await.expect(422);
        let row = left(&app, before).await;
        assert_eq!((row.verb.as_str(), fact(&row, "reason").as_str()), (verb, "wrong-proof"));
    }
    let before = refused(&app).await.len();
    let new = "lantern 9 river crane";
    compiler
        .post("/account/password", &[("old", "no"), ("password", new), ("repeat", new)])
        .await
        .expect(422);
    assert_eq!(left(&app, before).await.verb, "person.set-password");

    // A wrong field is a mistake, not an attempt.
    let before = refused(&app).await.len();
    compiler.post("/account/tokens", &[("name", ""), ("scopes", "read"), ("days", "30")]).await.expect(422);
    compiler.post("/leads/new", &[("title", "")]).await.expect(422);
    assert_eq!(refused(&app).await.len(), before);
}

/// Whoever watches over the log sees at home who was refused what, and opens the entry.
#[tokio::test]
async fn an_auditor_reads_at_home_who_was_refused_what() {
    let app = TestApp::new().await;
    let (compiler, auditor) = (app.sign_in("compiler").await, app.sign_in("auditor").await);
    let lead = app.seed.lead(&app.services, "compiler");
    compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(409);
    compiler.post("/account/recovery-codes", &[("code", "000000")]).await.expect(422);
    let page = auditor.get("/").await.expect(200).text();
    let panel = page.split("id=\"refused\"").nth(1).and_then(|rest| rest.split("</section>").next());
    let panel = panel.expect("refusals");
    let number = compiler.get(&format!("/leads/{lead}")).await.expect(200).text();
    let number = number.split("XS-").nth(1).and_then(|rest| rest.get(..11)).expect("a number");
    for row in refused(&app).await.iter().rev().take(2) {
        assert!(panel.contains(&format!("href=\"/audit/{}\"", row.id)), "{panel}");
        assert!(panel.contains(&audit::verb_title(Lang::Zh, &row.verb)), "{}: {panel}", row.verb);
    }
    assert!(panel.contains(&format!("操作“线索 › 重新打开” · 线索 XS-{number}")), "{panel}");
    assert_eq!(panel.matches(" · 编制人甲").count(), 2, "{panel}");
    assert!(panel.contains("密码或验证码不正确"), "{panel}");
}

#[tokio::test]
async fn tries_while_the_account_has_to_wait_are_on_record_together() {
    let app = TestApp::new().await;
    let manager = app.sign_in("manager").await;
    for _ in 0..5 {
        manager.post("/account/recovery-codes", &[("code", "000000")]).await.expect(422);
    }
    let before = refused(&app).await.len();
    for _ in 0..20 {
        let waits = manager.post("/account/recovery-codes", &[("code", "000000")]).await.expect(429);
        assert!(waits.headers.contains_key("retry-after"));
        waits.has("尝试次数过多").has("action=\"/account/recovery-codes?once=");
    }
    let row = left(&app, before).await;
    assert_eq!(
        (row.verb.as_str(), fact(&row, "reason").as_str()),
        ("second-factor.renew-codes", "too-many-tries")
    );

    let log_in = |name: &'static str| {
        let browser = app.stranger();
        async move { browser.post("/login", &[("username", name), ("password", "wrong")]).await }
    };
    for _ in 0..5 {
        log_in("auditor").await.expect(422);
    }
    let before = refused(&app).await.len();
    for _ in 0..10 {
        log_in("auditor").await.expect(429);
    }
    let row = left(&app, before).await;
    assert_eq!(
        (row.verb.as_str(), row.objects()[0].1.clone()),
        ("session.open", app.seed.people["auditor"].to_string())
    );
    let before = refused(&app).await.len();
    for name in ["nobody-1", "nobody-2", "nobody-3"] {
        log_in(name).await.expect(422);
    }
    left(&app, before).await;
}

async fn call(browser: &Browser, token: &str) -> Reply {
    browser.send(browser.client.get(browser.url("/api/v1/leads")).bearer_auth(token)).await
}

#[tokio::test]
async fn a_token_a_link_and_a_form_of_another_site_that_do_not_hold_are_on_record() {
    let app = TestApp::new().await;
    let stranger = app.stranger();
    let token = crate::support::fixtures::token(&app, "compiler").await;
    call(&stranger, &token).await.expect(200);
    let compiler = app.sign_in("compiler").await;
    let listed = compiler.get("/account/tokens").await.expect(200).text();
    let revoke =
        listed.split("action=\"").find_map(|p| p.split('"').next().filter(|p| p.contains("/revoke")));
    compiler.post(revoke.expect("the button"), &[]).await.expect(303);

    let before = refused(&app).await.len();
    for _ in 0..3 {
        call(&stranger, &token).await.expect(401);
    }
    let row = left(&app, before).await;
    assert_eq!((fact(&row, "reason").as_str(), fact(&row, "status").as_str()), ("token", "401"));
    assert!(row.objects().contains(&("person".to_owned(), app.seed.people["compiler"].to_string())));
    assert!(!row.leaf.to_string().contains(&token), "{}", row.leaf);
    let before = refused(&app).await.len();
    call(&stranger, "lh_invented").await.expect(401);
    assert_eq!(left(&app, before).await.objects(), []);

    let before = refused(&app).await.len();
    stranger.get("/invitations/invented-link").await.expect(404);
    stranger.get("/invitations/another-one").await.expect(404);
    let row = left(&app, before).await;
    assert_eq!(fact(&row, "reason"), "link");
    assert!(!row.leaf.to_string().contains("invented"), "{}", row.leaf);

    let before = refused(&app).await.len();
    for _ in 0..3 {
        let forged = compiler
            .client
            .post(compiler.url("/leads/new"))
            .header(header::ORIGIN, "https://evil.example")
            .body("title=x");
        compiler.send(forged).await.expect(403);
    }
    let row = left(&app, before).await;
    assert_eq!((row.verb.as_str(), fact(&row, "reason").as_str()), ("page.act", "cross-site"));

    // Who shows nothing is asked to sign in; there is nothing to put on record.
    let before = refused(&app).await.len();
    stranger.get("/leads").await.expect(303);
    stranger.get("/api/v1/leads").await.expect(401);
    stranger.post("/login", &[("username", ""), ("password", PASSWORD)]).await.expect(422);
    assert_eq!(refused(&app).await.len(), before);
}

/// A form's word belongs to what is done with it; what is refused is on record with any word.
#[tokio::test]
async fn a_used_word_does_not_keep_a_try_off_the_record() {
    let app = TestApp::new().await;
    let liaison = app.sign_in("liaison").await;
    let word = Id::new();
    let profile = [("name", "联络员甲"), ("email", "liaison@example.com"), ("language", "zh-CN")];
    liaison.post(&format!("/account?once={word}"), &profile).await.expect(303);

    let before = refused(&app).await.len();
    let review = Id::new();
    liaison.post(&format!("/approvals/{review}/approve?once={word}"), &[]).await.expect(404);
    let row = left(&app, before).await;
    assert_eq!((row.verb.as_str(), fact(&row, "status").as_str()), ("page.act", "404"));
    assert_eq!(row.actor_id, Some(app.seed.people["liaison"]));
    assert_eq!(row.objects(), [("review".to_owned(), review.to_string())]);
}

#[tokio::test]
async fn an_export_of_the_directory_is_on_record() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let before = app.audit_count().await;
    compiler.get("/agencies/export.csv?region=440100").await.expect(200).has("代码,中文名称,");
    assert_eq!(app.audit_count().await, before + 1);
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.outcome.as_str()), ("agency.export", "done"));
    assert_eq!(entry.actor_id, Some(app.seed.people["compiler"]));
    let rows: usize = fact(&entry, "rows").parse().expect("a number");
    assert!(rows > 0 && entry.objects().len() == rows, "{rows}");
}
