//! What becomes of accounts: closing and opening them, ending sessions, tokens and what they may do.

use diesel::prelude::*;
use lead_handoff::{
    directory::people::{
        admin::actions as admin,
        store,
        token::{self, idempotency::Answer},
    },
    platform::{
        db::{Origin, Tx, schema::session},
        error::AppError,
    },
};

use super::people::{code, log_in};
use crate::support::{TestApp, seed::PASSWORD};

#[tokio::test]
async fn a_closed_account_is_out_at_once_and_one_administrator_always_stays() {
    let app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    let manager = app.sign_in("manager").await;
    manager.get("/account").await.expect(200);
    let path = |name: &str, act: &str| format!("/admin/people/{}/{act}", app.seed.people[name]);
    // The way goes through a page that says what will happen; looking at it changes nothing.
    let person = format!("/admin/people/{}", app.seed.people["manager"]);
    admin.get(&person).await.expect(200).has(&format!("href=\"{person}/disable\""));
    let asked = admin.get(&path("manager", "disable")).await.expect(200);
    asked.has("立即结束其登录").has(&format!("action=\"{person}/disable?once=")).has("取消");
    manager.get("/account").await.expect(200);
    admin.post(&path("manager", "disable"), &[]).await.expect(303);
    manager.get("/account").await.expect(303);
    log_in(&app.stranger(), "manager", PASSWORD).await.expect(422);
    admin.get("/admin/people?state=disabled").await.expect(200).has("manager").has_not("compiler2");
    admin.get(&path("manager", "disable")).await.expect(409).has("该账号已停用");
    admin.post(&path("manager", "enable"), &[]).await.expect(303);
    admin.get(&path("admin", "disable")).await.expect(409).has("不能停用自己的账号");
    admin.post(&path("admin", "disable"), &[]).await.expect(409).has("不能停用自己的账号");
    admin.post(&path("admin", "roles"), &[("roles", "compiler")]).await.expect(409);
    let more = [("roles", "admin"), ("roles", "compiler"), ("roles", "approver")];
    admin.post(&path("admin", "roles"), &more).await.expect(409).has("更改自己的角色");
    let own = app.seed.people["admin"];
    admin.get(&format!("/admin/people/{own}")).await.expect(200).has_not("name=\"roles\"");
    admin.post(&path("liaison", "roles"), &[("roles", "compiler")]).await.expect(422);
    let id = app.seed.people["admin"];
    let last =
        app.services.db.write(Origin::system("system:cli"), move |tx| admin::disable(tx, None, id)).await;
    assert!(matches!(last, Err(AppError::Conflict("conflict-last-admin"))));
}

#[tokio::test]
async fn an_administrators_pages_are_not_there_for_others_and_the_attempt_is_on_record() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    for path in ["/admin/people", "/admin/people/invite", "/admin/mail", "/admin/jobs", "/admin/system"] {
        compiler.get(path).await.expect(404);
    }
    let other = app.seed.people["approver"];
    compiler.post(&format!("/admin/people/{other}/disable"), &[]).await.expect(404);
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.outcome.as_str()), ("page.act", "refused"));
    assert_eq!(entry.objects(), [("person".to_owned(), other.to_string())]);
    assert_eq!(entry.actor_id, Some(app.seed.people["compiler"]));
    let facts = entry.facts();
    assert!(facts.contains(&("route".into(), "/admin/people/{id}/disable".into())), "{facts:?}");
    let admin = app.sign_in("admin").await;
    for path in ["/admin/people", "/admin/mail", "/admin/jobs", "/admin/system", "/admin/people/invitations"]
    {
        admin.get(path).await.expect(200);
    }
}

#[tokio::test]
async fn a_session_is_ended_from_elsewhere_and_by_a_new_password() {
    let app = TestApp::new().await;
    let here = app.sign_in("compiler").await;
    let there = app.sign_in("compiler").await;
    there.get("/account").await.expect(200);
    here.post("/account/sessions/end-others", &[]).await.expect(303);
    there.get("/account").await.expect(303);
    let third = app.sign_in("compiler").await;
    let new = "lantern 9 river crane";
    let wrong = [("old", "not it"), ("password", new), ("repeat", new)];
    here.post("/account/password", &wrong).await.expect(422).has("当前密码不正确");
    here.post("/account/password", &[("old", PASSWORD), ("password", new), ("repeat", new)])
        .await
        .expect(303);
    third.get("/account").await.expect(303);
    here.get("/account/activity").await.expect(200).has("设置密码");
    log_in(&app.stranger(), "compiler", PASSWORD).await.expect(422);
    log_in(&app.stranger(), "compiler", new).await.expect(303);
    here.post("/logout", &[]).await.expect(303);
    here.get("/account").await.expect(303);
}

#[tokio::test]
async fn a_session_that_nobody_uses_is_over_and_so_is_one_of_a_week() {
    let app = TestApp::new().await;
    for (idle, since_login, open) in [(11, 11, true), (13, 13, false), (0, 6 * 24, true), (0, 8 * 24, false)]
    {
        let browser = app.sign_in("compiler").await;
        browser.get("/account").await.expect(200);
        let aged = app.services.db.write_quiet(move |tx| {
            let now = tx.now();
            let (seen, created) = (now.plus_seconds(-3600 * idle), now.plus_seconds(-3600 * since_login));
            diesel::update(session::table)
                .set((session::last_seen_at.eq(seen), session::created_at.eq(created)))
                .execute(tx.conn())?;
            Ok(())
        });
        aged.await.expect("aged");
        let status = if open { 200 } else { 303 };
        browser.get("/account").await.expect(status);
        // A use counts: the session that was seen goes on.
        browser.get("/account").await.expect(status);
    }
}

#[tokio::test]
async fn a_token_does_what_its_scopes_say_until_it_is_revoked() {
    let app = TestApp::new().await;
    let browser = app.sign_in("compiler").await;
    let code = code(&app);
    let fields = [("name", "同步脚本"), ("scopes", "read"), ("days", "30"), ("code", code.as_str())];
    let page = browser.post("/account/tokens", &fields).await.expect(200);
    let text = page.text();
    let start = text.find("lh_").expect("the token");
    let token: String = text[start..].chars().take_while(|c| *c != '<').collect();
    browser.post("/account/tokens", &fields).await.expect(422).has("刚刚使用过");
    browser.get("/account/tokens").await.expect(200).has("同步脚本").has_not(&token);
    let stranger = app.stranger();
    let me = |token: &str| stranger.client.get(stranger.url("/api/v1/me")).bearer_auth(token);
    let known = stranger.send(me(&token)).await.expect(200).json();
    assert_eq!(known["username"], "compiler");
    assert_eq!(known["scopes"], serde_json::json!(["read"]));
    let problem = stranger.send(me("lh_wrong")).await.expect(401);
    assert_eq!(problem.headers["content-type"], "application/problem+json");
    let writer = {
        let id = app.seed.people["compiler"];
        let new = token::NewToken { name: "w".into(), scopes: vec!["write"], days: None };
        let made =
            app.services.db.write(Origin::system("system:cli"), move |tx| token::create_for(tx, id, new));
        made.await.expect("token")
    };
    stranger.send(me(&writer)).await.expect(403);
    let admin = app.sign_in("admin").await;
    let disable = format!("/admin/people/{}/disable", app.seed.people["compiler"]);
    admin.post(&disable, &[]).await.expect(303);
    stranger.send(me(&token)).await.expect(401);
    let liaison = app.sign_in("liaison").await;
    liaison.get("/account/tokens").await.expect(404);
    // Nor is the way there offered.
    liaison.get("/api/docs").await.expect(200).has_not("/account/tokens");
    stranger.get("/api/docs").await.expect(200).has("/account/tokens");
}

#[tokio::test]
async fn tokens_end_when_an_administrator_resets_the_password() {
    let app = TestApp::new().await;
    let token = crate::support::fixtures::token(&app, "compiler").await;
    let stranger = app.stranger();
    let call = || stranger.client.get(stranger.url("/api/v1/me")).bearer_auth(&token);
    stranger.send(call()).await.expect(200);
    let admin = app.sign_in("admin").await;
    let person = format!("/admin/people/{}", app.seed.people["compiler"]);
    admin.get(&person).await.expect(200).has("API 令牌立即失效");
    admin.post(&format!("{person}/reset-password"), &[]).await.expect(303);
    let entry = app.last_entry().await;
    assert_eq!(entry.verb, "person.reset-password");
    assert!(entry.facts().contains(&("tokens".to_owned(), "1".to_owned())), "{:?}", entry.facts());
    // And which.
    assert!(entry.objects().iter().any(|(kind, _)| kind == "token"), "{:?}", entry.objects());
    stranger.send(call()).await.expect(401);
    // Who changes one's own password from within keeps one's tokens.
    let token = crate::support::fixtures::token(&app, "manager").await;
    let manager = app.sign_in("manager").await;
    let new = "lantern 9 river crane";
    let fields = [("old", PASSWORD), ("password", new), ("repeat", new)];
    manager.post("/account/password", &fields).await.expect(303);
    let call = stranger.client.get(stranger.url("/api/v1/me")).bearer_auth(&token);
    stranger.send(call).await.expect(200);
}

#[tokio::test]
async fn an_address_belongs_to_one_account_however_it_is_written() {
    let app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    let invite = |email: &'static str| {
        [("name", "沈青"), ("email", email), ("roles", "compiler"), ("language", "zh-CN")]
    };
    let taken = admin.post("/admin/people/invite", &invite("Manager@Example.COM")).await.expect(422);
    taken.has("已属于另一个账号").has("value=\"Manager@Example.COM\"").has("id=\"f-email-error\"");

    // One's own may be written otherwise; another's is not to be had, and nobody is told whose it is.
    let compiler = app.sign_in("compiler").await;
    let profile = |email: &'static str| [("name", "编制人甲"), ("email", email), ("language", "zh-CN")];
    compiler.post("/account", &profile("Compiler@example.com")).await.expect(303);
    let refused = compiler.post("/account", &profile("MANAGER@example.com")).await.expect(422);
    refused.has("该邮箱不能使用").has("id=\"f-email-error\"").has_not("另一个账号").has_not("管理者甲");

    // Two invitations to one address: the second is refused; an account made meanwhile ends the first.
    admin.post("/admin/people/invite", &invite("shen@example.com")).await.expect(303);
    admin.post("/admin/people/invite", &invite("Shen@example.com")).await.expect(422).has("已有一份");
    let path = super::people::link(&app).await;
    // Nor is an address to be had that somebody is invited by, and that is not told apart.
    let invited = compiler.post("/account", &profile("SHEN@example.com")).await.expect(422);
    invited.has("该邮箱不能使用").has("id=\"f-email-error\"").has_not("沈青");
    // An account that came to it some other way ends the invitation.
    let id = app.seed.people["compiler"];
    let done = app.services.db.write_quiet(move |tx| {
        use lead_handoff::platform::db::schema::person;
        let mine = diesel::update(person::table.find(id));
        Ok(mine.set(person::email.eq("shen@example.com")).execute(tx.conn())?)
    });
    done.await.expect("an address");
    let guest = app.stranger();
    let fields = [("name", "沈青"), ("username", "shen"), ("password", PASSWORD), ("repeat", PASSWORD)];
    guest.post(&path, &fields).await.expect(422).has("该邮箱不能使用").has_not("编制人甲");
    let list = admin.get("/admin/people/invitations").await.expect(200).text();
    let resend = list.split("action=\"").find_map(|p| p.split('"').next().filter(|p| p.contains("/resend")));
    admin.post(resend.expect("the button"), &[]).await.expect(409).has("已属于一个账号");

    // Whatever way a row comes, the database has the last word.
    let id = app.seed.people["approver"];
    let done = app.services.db.write_quiet(move |tx| {
        use lead_handoff::platform::db::schema::person;
        Ok(diesel::update(person::table.find(id))
            .set(person::email.eq("Admin@example.com"))
            .execute(tx.conn())?)
    });
    assert!(done.await.is_err());
}

#[tokio::test]
async fn whoever_has_to_wait_with_a_new_password_keeps_the_form() {
    let app = TestApp::new().await;
    let manager = app.sign_in("manager").await;
    let new = "lantern 9 river crane";
    let wrong = [("old", "none of mine"), ("password", new), ("repeat", new)];
    for _ in 0..5 {
        manager.post("/account/password", &wrong).await.expect(422).has("当前密码不正确");
    }
    let waits = manager.post("/account/password", &wrong).await.expect(429).has("尝试次数过多");
    assert!(waits.headers.contains_key("retry-after"));
    waits.has("action=\"/account/password?once=").has_not(new);
}

#[tokio::test]
async fn nobody_finds_out_by_guessing_who_has_an_account() {
    let app = TestApp::new().await;
    let liaison = app.sign_in("liaison").await;
    let ask = async |email: &str| {
        let fields = [("name", "联络员甲"), ("email", email), ("language", "zh-CN")];
        liaison.post("/account", &fields).await
    };
    let entries = app.audit_count().await;
    ask("Manager@example.com").await.expect(422).has("该邮箱不能使用");
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.outcome.as_str()), ("person.change", "refused"));
    assert!(
        entry.facts().contains(&("reason".to_owned(), "email-not-free".to_owned())),
        "{:?}",
        entry.facts()
    );
    for other in ["approver@example.com", "compiler@example.com", "admin@example.com", "MANAGER@example.com"]
    {
        ask(other).await.expect(422).has("该邮箱不能使用");
    }
    // More of the same are on record together, later.
    assert_eq!(app.audit_count().await, entries + 1);
    // The limit holds for one that is free too: it would tell as much.
    let waits = ask("nobody@example.com").await.expect(429).has("尝试次数过多");
    assert!(waits.headers.contains_key("retry-after"));
    // What was typed is still there, to be sent again later.
    waits.has("value=\"nobody@example.com\"").has("value=\"联络员甲\"").has("name=\"language\"");
    let entry = app.last_entry().await;
    assert!(
        entry.facts().contains(&("reason".to_owned(), "too-many-tries".to_owned())),
        "{:?}",
        entry.facts()
    );
    // The rest of the profile is saved all the same.
    ask("Liaison@example.com").await.expect(303);
    assert_eq!(app.last_entry().await.outcome, "done");
    // Another account does not wait with it.
    let fields = [("name", "编制人甲"), ("email", "nobody@example.com"), ("language", "zh-CN")];
    app.sign_in("compiler").await.post("/account", &fields).await.expect(303);
}

#[tokio::test]
async fn an_address_is_the_same_in_the_letters_of_any_script() {
    let app = TestApp::new().await;
    let (compiler, manager) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let profile = |email: &'static str| [("name", "某人"), ("email", email), ("language", "zh-CN")];
    compiler.post("/account", &profile("Łukasz@example.com")).await.expect(303);
    compiler.get("/account").await.expect(200).has("łukasz@example.com");
    manager.post("/account", &profile("ŁUKASZ@example.com")).await.expect(422).has("该邮箱不能使用");
}

#[tokio::test]
async fn a_post_that_is_sent_twice_acts_once() {
    let app = TestApp::new().await;
    let id = app.seed.people["compiler"];
    let actor = app.services.db.read(move |conn| store::actor(conn, id)).await.expect("actor");
    let post = |key: Option<&str>, body: &'static [u8]| {
        let hash = token::idempotency::body_hash(body);
        let answer = Answer { status: 201, body: serde_json::json!({"id": app.now().to_string()}) };
        let key = key.map(str::to_owned);
        let (services, actor) = (app.services.clone(), actor.clone());
        async move {
            let act = move |tx: &mut Tx<'_>| {
                lead_handoff::audit::record(tx, lead_handoff::audit::Entry::new("lead.create"))?;
                Ok(answer)
            };
            token::idempotent(&services, &actor, "/api/v1/tests", key, hash, act).await
        }
    };
    let before = app.audit_count().await;
    let first = post(Some("k1"), b"a").await.expect("answer");
    assert_eq!(first.status(), 201);
    let second = post(Some("k1"), b"a").await.expect("answer");
    assert!(second.headers().contains_key("idempotency-replayed"));
    assert_eq!(app.audit_count().await, before + 1);
    assert!(matches!(post(Some("k1"), b"b").await, Err(AppError::Invalid(_))));
    post(None, b"a").await.expect("answer");
    post(Some("k2"), b"a").await.expect("answer");
    assert_eq!(app.audit_count().await, before + 3);
}

#[tokio::test]
async fn a_list_of_accounts_goes_back_as_it_went_on() {
    let app = TestApp::new().await;
    let made = app.services.db.write_quiet(|tx| {
        use diesel::prelude::*;
        use lead_handoff::platform::db::{Id, schema::person};
        let now = tx.now();
        for n in 0..120 {
            diesel::insert_into(person::table)
                .values((
                    person::id.eq(Id::new()),
                    person::username.eq(format!("zz-{n:03}")),
                    person::name.eq("甲"),
                    person::email.eq(format!("zz{n}@example.com")),
                    person::side.eq("platform"),
                    person::locale.eq("zh-CN"),
                    person::password_hash.eq(""),
                    person::password_changed_at.eq(now),
                    person::created_at.eq(now),
                ))
                .execute(tx.conn())?;
        }
        Ok(())
    });
    made.await.expect("accounts");
    let admin = app.sign_in("admin").await;
    let link = |page: &str, rel: &str| {
        let tag = page.split("<a ").find(|tag| tag.contains(&format!("rel=\"{rel}\"")))?;
        tag.split("href=\"")
            .nth(1)?
            .split('"')
            .next()
            .map(|href| href.replace("&amp;", "&").replace("&#38;", "&"))
    };
    let shown = |page: &str| -> Vec<String> {
        (0..120).map(|n| format!("zz-{n:03}")).filter(|name| page.contains(&format!(">{name}<"))).collect()
    };
    let first = admin.get("/admin/people").await.expect(200).text();
    assert_eq!(link(&first, "prev"), None);
    let second = admin.get(&link(&first, "next").expect("a second page")).await.expect(200).text();
    let third = admin.get(&link(&second, "next").expect("a third page")).await.expect(200).text();
    assert_eq!(link(&third, "next"), None);
    let back = admin.get(&link(&third, "prev").expect("a way back")).await.expect(200).text();
    assert_eq!(shown(&back), shown(&second), "the page before, not the first");
    assert_ne!(shown(&back), shown(&first));
}
