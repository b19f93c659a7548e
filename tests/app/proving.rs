//! Acts that do much harm in wrong hands: a session alone is not enough for them.

use diesel::prelude::*;
use lead_handoff::{
    app,
    directory::people::policy::{ASKED_EACH_TIME, DANGEROUS},
    platform::{
        db::schema::{second_factor, session},
        http::selection::word,
    },
};

use super::people::code;
use crate::support::{
    Browser, TestApp,
    seed::{GUANGZHOU, PASSWORD},
};

/// An hour ago, everybody showed last who they are.
async fn an_hour_passes(app: &TestApp) {
    let passed = app.services.db.write_quiet(|tx| {
        let before = tx.now().plus_seconds(-3_600);
        diesel::update(session::table).set(session::proved_at.eq(before)).execute(tx.conn())?;
        Ok(())
    });
    passed.await.expect("passed");
}

async fn without_second_factor(app: &TestApp, username: &str) {
    let id = app.seed.people[username];
    let gone = app.services.db.write_quiet(move |tx| {
        diesel::delete(second_factor::table.find(id)).execute(tx.conn())?;
        Ok(())
    });
    gone.await.expect("gone");
}

/// The fields of the page that asks, as its form sends them on.
fn kept(page: &str) -> Vec<(String, String)> {
    let fields = page.split("<input type=\"hidden\" name=\"").skip(1);
    let value = |rest: &str| {
        let (name, rest) = rest.split_once("\" value=\"").expect("a value");
        (name.to_owned(), rest.split('"').next().unwrap_or_default().to_owned())
    };
    fields.map(value).collect()
}

#[test]
fn every_dangerous_act_is_an_act_of_the_program() {
    let verbs = app::verbs();
    for name in DANGEROUS.iter().chain(ASKED_EACH_TIME) {
        assert!(verbs.iter().any(|verb| verb.name == *name), "{name}");
    }
}

#[tokio::test]
async fn an_administrator_at_a_desk_left_open_shows_again_who_they_are_before_roles_are_changed() {
    let app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    let person = format!("/admin/people/{}", app.seed.people["compiler2"]);
    let roles = format!("{person}/roles");
    let both = [("roles", "compiler"), ("roles", "manager")];
    // Who has just signed in is not asked.
    admin.post(&roles, &both[..1]).await.expect(303);
    an_hour_passes(&app).await;
    let count = app.audit_count().await;
    let asked = admin.post(&roles, &both).await.expect(422).has("身份确认").has("设置角色");
    let fields = kept(&asked.text());
    assert_eq!(
        fields,
        [("roles", "compiler"), ("roles", "manager")].map(|(n, v)| (n.to_owned(), v.to_owned()))
    );
    assert_eq!(app.audit_count().await, count, "nothing was done");

    // A wrong code: on record, and what was chosen is still there.
    let wrong = [both[0], both[1], ("proof", "000000")];
    let again = admin.post(&roles, &wrong).await.expect(422).has("验证码不正确").has("id=\"f-proof-error\"");
    assert_eq!(kept(&again.text()), fields);
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.outcome.as_str()), ("session.prove", "refused"));

    let code = code(&app);
    let right = [both[0], both[1], ("proof", code.as_str())];
    let once = format!("{roles}?once={}", uuid::Uuid::now_v7());
    assert!(admin.post(&once, &right).await.expect(303).location.contains("ok=person-roles-set"));
    assert_eq!(app.last_entry().await.verb, "person.set-roles");
    // The word of the form was the act's, not the proof's: pressed twice, it acts once.
    assert!(admin.post(&once, &right).await.expect(303).location.contains("ok=done-before"));
    // And for a while nobody is asked.
    admin.post(&format!("{person}/reset-password"), &[]).await.expect(303);
    let entries = app.services.db.read(|conn| {
        let filter =
            lead_handoff::audit::Filter { verb_prefix: Some("session.prove".into()), ..Default::default() };
        lead_handoff::audit::page(conn, &filter, 10)
    });
    let done = entries.await.expect("entries").iter().filter(|entry| entry.outcome == "done").count();
    assert_eq!(done, 1);
}

#[tokio::test]
async fn each_dangerous_act_of_an_administrator_asks_and_none_is_done_before() {
    let app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    let person = format!("/admin/people/{}", app.seed.people["compiler2"]);
    let closed = app.sign_in("admin").await;
    closed.post(&format!("/admin/people/{}/disable", app.seed.people["manager"]), &[]).await.expect(303);
    an_hour_passes(&app).await;
    let invited =
        [("name", "沈青"), ("email", "shen@example.com"), ("roles", "compiler"), ("language", "zh-CN")];
    let agency = format!("/agencies/{}/close", app.seed.agencies[GUANGZHOU]);
    let key = format!("/agencies/{}/public-keys/new", app.seed.agencies[GUANGZHOU]);
    let public = "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa";
    let before = app.audit_count().await;
    for (path, form) in [
        (format!("{person}/disable"), &[][..]),
        (format!("{person}/reset-password"), &[][..]),
        (format!("{person}/reset-second-factor"), &[][..]),
        (format!("/admin/people/{}/enable", app.seed.people["manager"]), &[][..]),
        ("/admin/people/invite".to_owned(), &invited[..]),
        (agency, &[("valid_to", "2030-12-31")][..]),
        (key, &[("recipient", public), ("note", "张某送来")][..]),
    ] {
        let asked = admin.post(&path, form).await.expect(422).has("身份确认");
        assert_eq!(kept(&asked.text()).len(), form.len(), "{path}");
    }
    assert_eq!(app.audit_count().await, before);
}

#[tokio::test]
async fn who_has_no_second_factor_shows_the_password_before_the_address_is_changed() {
    let app = TestApp::new().await;
    without_second_factor(&app, "compiler").await;
    let compiler = app.sign_in("compiler").await;
    an_hour_passes(&app).await;
    let profile = |email: &'static str, proof: &'static str| {
        [("name", "编制人甲"), ("email", email), ("language", "zh-CN"), ("proof", proof)]
    };
    // The address goes nowhere else, so nobody is asked for the rest of the profile.
    compiler.post("/account", &profile("compiler@example.com", "")).await.expect(303);
    let asked = compiler.post("/account", &profile("other@example.com", "")).await.expect(422);
    asked.has("type=\"password\"").has("value=\"other@example.com\"");
    compiler.post("/account", &profile("other@example.com", "no")).await.expect(422).has("当前密码不正确");
    compiler.post("/account", &profile("other@example.com", PASSWORD)).await.expect(303);
    compiler.get("/account").await.expect(200).has("other@example.com");
}

#[tokio::test]
async fn nobody_binds_an_app_of_their_own_to_an_account_that_was_left_open() {
    let app = TestApp::new().await;
    without_second_factor(&app, "manager").await;
    let manager = app.sign_in("manager").await;
    // Right after logging in nobody is asked a second time.
    manager.get("/account/second-factor").await.expect(200).has("otpauth://totp/");
    an_hour_passes(&app).await;
    let before = app.audit_count().await;
    let ask = "/account/proof?next=%2Faccount%2Fsecond-factor";
    for path in ["/account/second-factor", "/account/second-factor/code.png"] {
        assert_eq!(manager.get(path).await.expect(303).location, ask, "{path}");
    }
    let posted = manager.post("/account/second-factor", &[("code", "123456")]).await.expect(303);
    assert_eq!((posted.location.as_str(), app.audit_count().await), (ask, before), "no entry");
    manager.get(ask).await.expect(200).has("type=\"password\"").has_not("123456");
    let next = ("next", "/account/second-factor");
    manager.post("/account/proof", &[next, ("proof", "no")]).await.expect(422).has("当前密码不正确");
    let shown = manager.post("/account/proof", &[next, ("proof", PASSWORD)]).await.expect(303);
    manager.get(&shown.location).await.expect(200).has("otpauth://totp/");
}

#[tokio::test]
async fn who_has_to_set_up_a_second_factor_is_asked_once_the_log_in_is_old() {
    let app = TestApp::new().await;
    without_second_factor(&app, "approver").await;
    let approver = app.sign_in("approver").await;
    assert_eq!(approver.get("/account").await.expect(303).location, "/account/second-factor");
    approver.get("/account/second-factor").await.expect(200).has("otpauth://totp/");
    an_hour_passes(&app).await;
    let asked = approver.get("/account/second-factor").await.expect(303);
    approver.get(&asked.location).await.expect(200).has("type=\"password\"");
    let next = ("next", "/account/second-factor");
    let shown = approver.post("/account/proof", &[next, ("proof", PASSWORD)]).await.expect(303);
    approver.get(&shown.location).await.expect(200).has("otpauth://totp/");
}

#[tokio::test]
async fn an_administrator_shows_again_who_they_are_before_the_list_of_accounts_is_given_out() {
    let app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    admin.get("/admin/people/export?format=csv").await.expect(200);
    an_hour_passes(&app).await;
    let before = app.audit_count().await;
    let asked = admin.get("/admin/people/export?format=csv").await.expect(303);
    assert_eq!(asked.location, "/account/proof?next=%2Fadmin%2Fpeople");
    assert_eq!(app.audit_count().await, before, "nothing left");
    admin.post("/account/proof", &[("next", "/admin/people"), ("proof", &code(&app))]).await.expect(303);
    admin.get("/admin/people/export?format=csv").await.expect(200);
}

async fn exported(auditor: &Browser) -> u16 {
    auditor.get("/audit/export.csv").await.status.as_u16()
}

#[tokio::test]
async fn an_auditor_shows_again_who_they_are_before_the_log_is_given_out() {
    let app = TestApp::new().await;
    let auditor = app.sign_in("auditor").await;
    assert_eq!(exported(&auditor).await, 200);
    an_hour_passes(&app).await;
    let before = app.audit_count().await;
    let asked = auditor.get("/audit/export.csv").await.expect(303);
    assert_eq!(asked.location, "/account/proof?next=%2Faudit");
    // So it is where some entries are ticked, and these stay ticked.
    let ticked = word(app.last_entry().await.id);
    let chosen = auditor.get(&format!("/audit/selected/export.xlsx?pick={ticked}")).await.expect(303);
    assert_eq!(chosen.location, format!("/account/proof?next=%2Faudit%3Fpick%3D{ticked}"));
    assert_eq!(app.audit_count().await, before, "nothing left");
    auditor.get(&asked.location).await.expect(200).has("身份确认");
    auditor.post("/account/proof", &[("next", "/audit"), ("proof", "000000")]).await.expect(422);
    let shown =
        auditor.post("/account/proof", &[("next", "/audit"), ("proof", &code(&app))]).await.expect(303);
    assert_eq!(shown.location, "/audit?ok=proof-shown");
    auditor.get(&shown.location).await.expect(200).has("身份已确认");
    assert_eq!(exported(&auditor).await, 200);
    // Nobody is led elsewhere by the page.
    let led = auditor.get("/account/proof?next=https://evil.example/").await.expect(303);
    assert_eq!(led.location, "/account");
}

#[tokio::test]
async fn an_auditor_shows_again_who_they_are_before_the_sheet_of_a_person_is_given_out() {
    let app = TestApp::new().await;
    let auditor = app.sign_in("auditor").await;
    let sheet = "/audit/custody.csv?person=compiler";
    auditor.get(sheet).await.expect(200);
    an_hour_passes(&app).await;
    let before = app.audit_count().await;
    let asked = auditor.get(sheet).await.expect(303);
    // What was typed is kept.
    assert_eq!(asked.location, "/account/proof?next=%2Faudit%2Fcustody%3Fperson%3Dcompiler");
    assert_eq!(app.audit_count().await, before, "nothing left");
    auditor.post("/account/proof", &[("next", "/audit/custody"), ("proof", &code(&app))]).await.expect(303);
    auditor.get(sheet).await.expect(200);
}

#[tokio::test]
async fn an_approval_counts_as_a_sign_and_a_code_is_part_of_it_each_time() {
    let app = TestApp::new().await;
    let approver = app.sign_in("approver").await;
    an_hour_passes(&app).await;
    approver.post("/account/recovery-codes", &[("code", &code(&app))]).await.expect(200);
    let profile = [("name", "审核人甲"), ("email", "new@example.com"), ("language", "zh-CN")];
    approver.post("/account", &profile).await.expect(303);
    approver.post("/account/recovery-codes", &[("code", "")]).await.expect(422);
}
