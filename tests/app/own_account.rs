//! What people set for themselves: how times are written, which notices come, where they are signed in.

use diesel::prelude::*;
use lead_handoff::{
    directory::people::store as people_store,
    platform::db::schema::{recovery_code, session},
};

use super::people::{code, log_in};
use crate::support::{Browser, Reply, TestApp, seed::PASSWORD};

/// The profile as its form sends it, with how days and hours are written.
fn profile(days: &'static str, clock: &'static str) -> [(&'static str, &'static str); 5] {
    [
        ("name", "编制人甲"),
        ("email", "compiler@example.com"),
        ("language", "zh-CN"),
        ("days", days),
        ("clock", clock),
    ]
}

#[tokio::test]
async fn a_compiler_has_dates_written_their_way_on_every_page_and_files_stay_as_they_are() {
    let app = TestApp::new().await;
    let lead = app.seed.lead(&app.services, "compiler");
    let (compiler, other) = (app.sign_in("compiler").await, app.sign_in("compiler2").await);
    let page = format!("/leads/{lead}");
    let day = chrono::Utc::now().with_timezone(&chrono_tz::Asia::Shanghai).date_naive();
    let words = day.format("%Y年%-m月%-d日").to_string();
    let figures = day.to_string();
    // As the pages have it: words in sentences, figures in tables.
    compiler.get(&page).await.expect(200).has(&words);
    compiler.get("/leads").await.expect(200).has(&format!(">{figures}<")).has_not(&format!(">{words}<"));

    compiler.post("/account", &profile("words", "12")).await.expect(303);
    compiler.get("/leads").await.expect(200).has(&format!(">{words}<"));
    // What a list of cases is narrowed to, too.
    compiler.get("/cases?from=2016-05-04").await.expect(200).has("2016年5月4日");
    let seen = compiler.get("/account").await.expect(200).has("下午2:05").text();
    assert!(seen.contains(&format!("{words} 上午")) || seen.contains(&format!("{words} 下午")), "{seen}");
    compiler.get("/leads/export.csv").await.expect(200).has(&figures).has_not(&words);
    // So is the time of day at which a form was saved in the background.
    let keep = compiler
        .client
        .post(compiler.url("/unsent?form=/leads/new"))
        .header("origin", &compiler.base)
        .header("accept", "application/json")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("title=x");
    let kept = compiler.send(keep).await.expect(200).json();
    assert!(kept["at"].as_str().is_some_and(|at| at.contains('午')), "{kept}");

    compiler.post("/account", &profile("figures", "24")).await.expect(303);
    compiler.get(&page).await.expect(200).has(&figures).has_not(&words);
    let read = "/pick/reading?kind=date&q=2016-03-05";
    compiler.get(read).await.expect(200).has("2016-03-05 星期六");
    compiler.post("/language?to=en&back=/account", &[]).await.expect(303);
    compiler.get(read).await.expect(200).has("Sat 2016-03-05");
    compiler.post("/language?to=zh-CN&back=/account", &[]).await.expect(303);
    // A style that there is none of is told beside its field, and nobody else's pages change.
    compiler.post("/account", &profile("roman", "24")).await.expect(422).has("id=\"f-days-error\"");
    other.get(&page).await.expect(200).has(&words);
}

#[tokio::test]
async fn a_liaison_sees_where_they_are_signed_in_and_ends_what_is_not_theirs() {
    let app = TestApp::with(&[("LEAD_HANDOFF_TRUSTED_PROXIES", "127.0.0.1".into())]).await;
    let here = app.sign_in("liaison").await;
    let elsewhere = app.stranger();
    let form = [("username", "liaison"), ("password", PASSWORD)];
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = elsewhere
        .client
        .post(elsewhere.url("/login"))
        .header("origin", &elsewhere.base)
        .header("content-type", "application/x-www-form-urlencoded")
        .header(
            "user-agent",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1",
        )
        .header("x-forwarded-for", "203.0.113.9")
        .body(body);
    elsewhere.send(request).await.expect(303);
    elsewhere.post("/login/second-factor", &[("code", &code(&app))]).await.expect(303);
    let page = here.get("/account").await.expect(200);
    let page = page.has("Safari · iPhone").has("地址 203.0.113.9").has("本设备").has("自动退出").text();
    let end = page.split("action=\"/account/sessions/").nth(1).expect("a button");
    let end = format!("/account/sessions/{}", end.split('"').next().unwrap_or_default());
    here.post(end.split('?').next().unwrap_or_default(), &[]).await.expect(303);
    elsewhere.get("/account").await.expect(303);
    here.get("/account").await.expect(200).has_not("203.0.113.9");
    assert_eq!(log_in(&app.stranger(), "liaison", "wrong").await.status.as_u16(), 422);
}

#[tokio::test]
async fn recovery_codes_are_kept_as_a_file_and_the_last_ones_are_counted() {
    let app = TestApp::new().await;
    let approver = app.sign_in("approver").await;
    approver.get("/account").await.expect(200).has("尚未生成恢复代码").has_not("已用完");
    let page = approver.post("/account/recovery-codes", &[("code", &code(&app))]).await.expect(200);
    let text = page.has("action=\"/account/recovery-codes/text?once=").text();
    let codes: Vec<&str> =
        text.split("name=\"codes\" value=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(codes.len(), 10);
    let fields: Vec<(&str, &str)> = codes.iter().map(|code| ("codes", *code)).collect();
    let file = approver.post("/account/recovery-codes/text", &fields).await.expect(200);
    assert!(file.headers["content-disposition"].to_str().expect("text").starts_with("attachment"));
    assert!(file.headers["cache-control"] == "no-store");
    let file = file.has("approver").text();
    assert!(codes.iter().all(|code| file.contains(code)));
    // The file holds the account's own unused codes and nothing that somebody else wrote.
    approver.post("/account/recovery-codes/text", &[("codes", "<script>")]).await.expect(422);
    app.sign_in("manager").await.post("/account/recovery-codes/text", &fields).await.expect(422);
    approver.get("/account").await.expect(200).has("还有 10 个恢复代码");
    let (me, now) = (app.seed.people["approver"], app.now());
    let used = app.services.db.write_quiet(move |tx| {
        diesel::update(recovery_code::table.filter(recovery_code::person_id.eq(me)))
            .set(recovery_code::used_at.eq(Some(now)))
            .execute(tx.conn())?;
        Ok(())
    });
    used.await.expect("used up");
    approver.get("/account").await.expect(200).has("恢复代码已用完").has_not("尚未生成");
}

/// How long the session goes on: seconds unless it is used, and at most.
async fn left(browser: &Browser) -> (i64, i64) {
    let told = browser.get("/account/session").await.expect(200).json();
    (told["left"].as_i64().expect("a number"), told["most"].as_i64().expect("a number"))
}

/// The last use of every session was so long ago, in seconds.
async fn idle(app: &TestApp, seconds: i64) {
    let aged = app.services.db.write_quiet(move |tx| {
        let seen = tx.now().plus_seconds(-seconds);
        diesel::update(session::table).set(session::last_seen_at.eq(seen)).execute(tx.conn())?;
        Ok(())
    });
    aged.await.expect("aged");
}

#[tokio::test]
async fn who_is_warned_in_time_stays_with_one_press_and_asking_keeps_nobody_signed_in() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let page = compiler.get("/leads/new").await.expect(200);
    page.has("id=\"session-warning\"").has("data-warn=\"300\"").has("保持登录");
    app.stranger().get("/login").await.expect(200).has_not("session-warning");
    idle(&app, 12 * 3_600 - 240).await;
    // Asking how long is no use, however often.
    for _ in 0..3 {
        let (unless_used, most) = left(&compiler).await;
        assert!((200..=240).contains(&unless_used) && most > 6 * 86_400, "{unless_used} {most}");
    }
    let told = compiler.post("/account/session", &[]).await.expect(200).json();
    assert!(told["left"].as_i64().expect("a number") > 12 * 3_600 - 10, "{told}");
    idle(&app, 13 * 3_600).await;
    assert_eq!(compiler.get("/account/session").await.expect(303).location, "/login");
    compiler.post("/account/session", &[]).await.expect(401);
    compiler.get("/account").await.expect(303);
}

/// The language of an account is the one that its owner chose last, wherever that was.
#[tokio::test]
async fn the_language_that_somebody_chose_is_that_of_the_account() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let (english, chosen) = ("<html lang=\"en\"", "value=\"en\" selected");
    compiler.post("/language?to=en&back=/account", &[]).await.expect(303);
    compiler.get("/account").await.expect(200).has(english).has(chosen);
    let elsewhere = app.sign_in("compiler").await;
    for page in ["/account", "/verify", "/api/docs", "/api/docs/leads"] {
        elsewhere.get(page).await.expect(200).has(english);
    }
    // It is on record as any other change of the account; chosen once more it is none.
    let (before, id) = (app.audit_count().await, app.seed.people["compiler"]);
    compiler.post("/language?to=en", &[]).await.expect(303);
    assert_eq!(app.audit_count().await, before, "it was English already");
    compiler.post("/language?to=zh-CN", &[]).await.expect(303);
    compiler.post("/language?to=en", &[]).await.expect(303);
    let entry = app.last_entry().await;
    let facts = (entry.verb.as_str(), entry.actor_id, entry.leaf["facts"]["language"].as_str());
    assert_eq!((app.audit_count().await, facts), (before + 2, ("person.change", Some(id), Some("en"))));
    // What is no language, and whoever is not signed in, change nobody's account.
    compiler.post("/language?to=fr", &[]).await.expect(303);
    app.stranger().post("/language?to=zh-CN", &[]).await.expect(303);
    assert_eq!(app.audit_count().await, before + 2);
    // By the account's form, also after the header had another one.
    compiler.post("/account", &profile("page", "24")).await.expect(303);
    compiler.get("/account").await.expect(200).has_not(english).has_not(chosen);

    // Who never chose reads on in the language of the page that they came by; who did keeps their own.
    for (username, reads_on) in [("compiler2", true), ("compiler", false)] {
        let guest = app.stranger();
        guest.post("/language?to=en&back=/login", &[]).await.expect(303);
        log_in(&guest, username, PASSWORD).await.expect(303);
        guest.post("/login/second-factor", &[("code", &code(&app))]).await.expect(303);
        let page = guest.get("/changes").await.expect(200).text();
        assert_eq!(page.contains(english), reads_on, "{username}");
    }
}

/// Each notice has a way to come already: nothing is to be filled in there.
#[tokio::test]
async fn the_page_of_notices_asks_for_nothing() {
    let app = TestApp::new().await;
    let liaison = app.sign_in("liaison").await;
    liaison.get("/account/notices").await.expect(200).has("type=\"radio\"").has_not("必填");
}

/// A link that somebody follows, or that a browser fetches ahead, changes nothing: neither the account nor what the browser keeps.
#[tokio::test]
async fn a_language_is_chosen_by_a_button_and_by_no_link() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let chosen = || {
        let id = app.seed.people["compiler"];
        app.services.db.read(move |conn| Ok(people_store::by_id(conn, id)?.locale))
    };
    compiler.get("/account").await.expect(200).has("action=\"/language?to=en").has_not("href=\"/language");
    let linked = compiler.get("/language?to=en&back=/account").await.expect(303);
    assert!(linked.location.starts_with('/') && !linked.location.starts_with("//"), "{}", linked.location);
    let kept = |reply: &Reply| {
        let all = reply.headers.get_all("set-cookie").iter();
        all.filter(|cookie| cookie.as_bytes().starts_with(b"lang=")).count()
    };
    assert_eq!((kept(&linked), chosen().await.expect("an account")), (0, "zh-CN".to_owned()));
    compiler.get("/account").await.expect(200).has("<html lang=\"zh-CN\"");
    // Nor does a form of somebody else's page.
    let foreign =
        compiler.client.post(compiler.url("/language?to=en")).header("origin", "https://elsewhere.example");
    compiler.send(foreign).await.expect(403);
    assert_eq!(chosen().await.expect("an account"), "zh-CN");
    assert_ne!(app.last_entry().await.verb, "person.change");

    let pressed = compiler.post("/language?to=en&back=/account", &[]).await.expect(303);
    assert_eq!((pressed.location.as_str(), kept(&pressed)), ("/account", 1));
    assert_eq!(chosen().await.expect("an account"), "en");
    compiler.get("/account").await.expect(200).has("<html lang=\"en\"").has("action=\"/language?to=zh-CN");

    // Whoever is not signed in has the same button, and the browser keeps what was chosen.
    let stranger = app.stranger();
    stranger.get("/login").await.expect(200).has("action=\"/language?to=en");
    stranger.get("/language?to=en&back=/login").await.expect(303);
    stranger.get("/login").await.expect(200).has("<html lang=\"zh-CN\"");
    stranger.post("/language?to=en&back=/login", &[]).await.expect(303);
    stranger.get("/login").await.expect(200).has("<html lang=\"en\"");
}
