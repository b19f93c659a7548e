//! Becoming somebody: signing in, the second factor, invitations.

use diesel::prelude::*;
use lead_handoff::{
    audit,
    directory::people::second_factor::model::totp,
    platform::db::{
        Id, Instant,
        schema::{invitation, mail_message},
    },
};

use crate::support::{Browser, Reply, TestApp, seed::PASSWORD};

/// The code that the app of every account shows now.
pub fn code(app: &TestApp) -> String {
    let totp = totp(b"0123456789abcdefghij", "anyone").expect("totp");
    totp.generate(u64::try_from(app.now().micros() / 1_000_000).expect("time")).to_string()
}

pub async fn log_in(browser: &Browser, username: &str, password: &str) -> Reply {
    browser.post("/login", &[("username", username), ("password", password), ("next", "/account")]).await
}

#[tokio::test]
async fn a_wrong_password_says_nothing_and_five_close_the_account_for_a_while() {
    let app = TestApp::new().await;
    let browser = app.stranger();
    browser.get("/account").await.expect(303);
    let unknown = log_in(&browser, "nobody-here", "wrong").await.expect(422);
    assert!(unknown.text().contains("用户名或密码不正确") && unknown.text().contains("nobody-here"));
    for _ in 0..5 {
        log_in(&browser, "compiler", "wrong").await.expect(422).has("用户名或密码不正确");
    }
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.outcome.as_str()), ("session.open", "refused"));
    assert_eq!(entry.objects()[0].1, app.seed.people["compiler"].to_string());
    let closed = log_in(&browser, "compiler", PASSWORD).await.expect(429).has("分");
    assert!(closed.headers.contains_key("retry-after"));
    let other = log_in(&browser, "Compiler2 ", PASSWORD).await.expect(303);
    assert_eq!(other.location, "/account");
}

/// Twenty names that nobody has, from one address.
async fn guess(app: &TestApp, forwarded: &str) {
    for n in 0..20 {
        log_in_through(app, forwarded, &format!("nobody-{n}"), "wrong").await.expect(422);
    }
}

async fn log_in_through(app: &TestApp, forwarded: &str, username: &str, password: &str) -> Reply {
    let browser = app.stranger();
    let form = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("username", username), ("password", password)])
        .finish();
    let request = browser
        .client
        .post(browser.url("/login"))
        .header("origin", &browser.base)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-forwarded-for", forwarded)
        .body(form);
    browser.send(request).await
}

#[tokio::test]
async fn behind_a_proxy_nobody_locks_the_others_out() {
    let app = TestApp::new().await;
    guess(&app, "203.0.113.7").await;
    log_in_through(&app, "203.0.113.7", "compiler", PASSWORD).await.expect(303);

    let app = TestApp::with(&[("LEAD_HANDOFF_TRUSTED_PROXIES", "127.0.0.1".into())]).await;
    guess(&app, "203.0.113.7").await;
    log_in_through(&app, "198.51.100.1, 203.0.113.7", "compiler", PASSWORD).await.expect(429);
    log_in_through(&app, "203.0.113.8", "compiler", PASSWORD).await.expect(303);
    let entry = app.last_entry().await;
    let private = app.services.db.read(move |conn| audit::private_of(conn, entry.id)).await.expect("read");
    assert_eq!(private.expect("a personal part")["address"], "203.0.113.8");
}

#[tokio::test]
async fn a_page_of_another_role_is_an_attempt_on_record() {
    let app = TestApp::new().await;
    let cases = [
        ("liaison", "/admin/people"),
        ("liaison", "/audit"),
        ("liaison", "/leads"),
        ("liaison", "/approvals"),
        ("compiler", "/audit"),
    ];
    for (username, path) in cases {
        app.sign_in(username).await.get(path).await.expect(404);
        let entry = app.last_entry().await;
        assert_eq!((entry.verb.as_str(), entry.outcome.as_str()), ("page.view", "refused"), "{path}");
        assert_eq!(entry.actor_id, Some(app.seed.people[username]));
        assert!(entry.facts().contains(&("route".to_owned(), path.to_owned())), "{:?}", entry.facts());
    }
    let before = app.audit_count().await;
    app.sign_in("liaison").await.get("/no-such-page").await.expect(404);
    assert_eq!(app.audit_count().await, before);
}

#[tokio::test]
async fn nobody_is_sent_to_another_site_by_our_login_page() {
    let app = TestApp::new().await;
    for next in ["//evil.example", "https://evil.example/", "/\\evil.example"] {
        let browser = app.stranger();
        let fields = [("username", "compiler"), ("password", PASSWORD), ("next", next)];
        assert_eq!(browser.post("/login", &fields).await.expect(303).location, "/");
        let back = url::form_urlencoded::Serializer::new(String::new()).append_pair("back", next).finish();
        assert_eq!(browser.post(&format!("/language?to=en&{back}"), &[]).await.expect(303).location, "/");
    }
    let wanted = app.stranger().get("/admin/people?state=active").await.expect(303);
    assert_eq!(wanted.location, "/login?next=%2Fadmin%2Fpeople%3Fstate%3Dactive");
}

#[tokio::test]
async fn the_second_factor_is_asked_for_and_a_code_is_good_once() {
    let app = TestApp::new().await;
    let browser = app.stranger();
    log_in(&browser, "approver", PASSWORD).await.expect(303);
    let asked = browser.get("/account").await.expect(303);
    assert_eq!(asked.location, "/login/second-factor?next=%2Faccount");
    browser.get(&asked.location).await.expect(200).has("one-time-code");
    browser.post("/login/second-factor", &[("code", "000000")]).await.expect(422).has("验证码不正确");
    let code = code(&app);
    let fields = [("code", code.as_str()), ("next", "/account")];
    assert_eq!(browser.post("/login/second-factor", &fields).await.expect(303).location, "/account");
    browser.get("/account").await.expect(200).has("approver");
    // The same code by somebody who looked over the shoulder.
    let second = app.stranger();
    log_in(&second, "approver", PASSWORD).await.expect(303);
    second.post("/login/second-factor", &fields).await.expect(422);
    second.get("/account").await.expect(303);
}

#[tokio::test]
async fn a_recovery_code_stands_in_once() {
    let app = TestApp::new().await;
    let browser = app.sign_in("compiler").await;
    let page = browser.post("/account/recovery-codes", &[("code", &code(&app))]).await.expect(200);
    let text = page.text();
    let codes: Vec<&str> =
        text.split("<code>").skip(1).filter_map(|part| part.split("</code>").next()).collect();
    assert_eq!(codes.len(), 10);
    let phoneless = app.stranger();
    log_in(&phoneless, "compiler", PASSWORD).await.expect(303);
    let typed = codes[3].to_uppercase();
    phoneless.post("/login/second-factor", &[("code", &typed)]).await.expect(303);
    phoneless.get("/account/second-factor").await.expect(200).has("还有 9 个");
    let again = app.stranger();
    log_in(&again, "compiler", PASSWORD).await.expect(303);
    again.post("/login/second-factor", &[("code", codes[3])]).await.expect(422);
}

pub async fn link(app: &TestApp) -> String {
    let newest = |conn: &mut _| {
        let rows = mail_message::table.order(mail_message::id.desc()).select(mail_message::link);
        Ok(rows.first::<String>(conn)?)
    };
    app.services.db.read(newest).await.expect("a message")
}

const INVITED: [(&str, &str); 4] =
    [("name", "沈青"), ("email", "shen@example.com"), ("roles", "approver"), ("language", "zh-CN")];

#[tokio::test]
async fn an_invitation_makes_an_account_once_and_an_approver_sets_up_the_second_factor() {
    let app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    // What a role may do stands beside it.
    admin.get("/admin/people/invite").await.expect(200).has("指定经办人，移送卷宗").has("不编制、不审核卷宗");
    admin.post("/admin/people/invite", &INVITED).await.expect(303);
    let path = link(&app).await;
    app.settle().await;
    assert_eq!(link(&app).await, "", "the secret link is not kept");
    let mail = std::fs::read_dir(app.data.path().join("mail")).expect("folder").count();
    assert_eq!(mail, 1);
    let guest = app.stranger();
    guest.get(&path).await.expect(200).has("审核人");
    let weak =
        [("name", "沈青"), ("username", "shen"), ("password", "shen12345678"), ("repeat", "shen12345678")];
    guest.post(&path, &weak).await.expect(422).has("太容易被猜到").has("value=\"shen\"");
    // All that is wrong is told at once.
    let wrong = [("username", "compiler"), ("password", "short"), ("repeat", "other")];
    let told = guest.post(&path, &wrong).await.expect(422).has("两次输入不一致").has("f-name-error");
    told.has("f-username-error").has("f-password-error").has("f-repeat-error");
    let good = [("name", "沈青"), ("username", "shen"), ("password", PASSWORD), ("repeat", PASSWORD)];
    guest.post(&path, &good).await.expect(303);
    assert_eq!(guest.get("/account").await.expect(303).location, "/account/second-factor");
    let page = guest.get("/account/second-factor").await.expect(200).has("otpauth://totp/");
    let picture = guest.get("/account/second-factor/code.png").await.expect(200);
    assert!(picture.bytes.starts_with(b"\x89PNG"));
    let text = page.text();
    let typed = text.split("<code>").nth(1).and_then(|t| t.split("</code>").next()).expect("secret");
    let secret = data_encoding::BASE32_NOPAD.decode(typed.replace(' ', "").as_bytes()).expect("base32");
    let now = u64::try_from(app.now().micros() / 1_000_000).expect("time");
    let first = totp(&secret, "shen").expect("totp").generate(now).to_string();
    let set_up = format!("/account/second-factor?once={}", Id::new());
    guest.post(&set_up, &[("code", &first)]).await.expect(200).has("恢复代码");
    // The page of the codes is loaded again: they are gone, and it is said where new ones are made.
    let again = guest.post(&set_up, &[("code", &first)]).await.expect(303);
    assert_eq!(again.location, "/account/second-factor?ok=codes-shown");
    guest
        .get(&again.location)
        .await
        .expect(200)
        .has("恢复代码只显示一次")
        .has("/account/recovery-codes?once=");
    guest.post("/account/second-factor", &[("code", &first)]).await.expect(409);
    guest.get("/account").await.expect(200).has("沈青");
    guest.get("/account/second-factor/code.png").await.expect(404);
    app.stranger().post(&path, &good).await.expect(404).has("链接已失效");
}

/// Whoever is invited reads for which agency; whoever is of the platform reads of none.
#[tokio::test]
async fn an_invitation_says_of_which_agency_the_account_will_be() {
    let app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    admin.post("/admin/people/invite", &INVITED).await.expect(303);
    app.stranger().get(&link(&app).await).await.expect(200).has("审核人").has_not("单位：");
    let agency = app.seed.agencies["GZ-ECD"].to_string();
    let liaison = [
        ("name", "周北"),
        ("email", "zhou@example.com"),
        ("roles", "liaison"),
        ("agency", agency.as_str()),
        ("language", "zh-CN"),
    ];
    admin.post("/admin/people/invite", &liaison).await.expect(303);
    app.stranger().get(&link(&app).await).await.expect(200).has("联络员").has("广州市公安局经侦支队");
}

#[tokio::test]
async fn an_invitation_ends_by_itself_and_a_resent_one_has_another_link() {
    let app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    let liaison = [("name", "周北"), ("email", "zhou@example.com"), ("roles", "liaison"), ("language", "en")];
    admin.post("/admin/people/invite", &liaison).await.expect(422).has("联络员须选择所属单位");
    // All that is wrong is told at once.
    let wrong = [("email", "compiler@example.com"), ("roles", "liaison"), ("language", "en")];
    let told = admin.post("/admin/people/invite", &wrong).await.expect(422).has("联络员须选择所属单位");
    told.has("f-name-error").has("f-email-error").has("已属于另一个账号");
    let both = [
        ("roles", "compiler"),
        ("roles", "auditor"),
        ("name", "周北"),
        ("email", "z@example.com"),
        ("language", "en"),
    ];
    admin.post("/admin/people/invite", &both).await.expect(422).has("不能兼任不同方的角色");
    admin.post("/admin/people/invite", &INVITED).await.expect(303);
    let old = link(&app).await;
    let past = Instant::from_micros(app.now().micros() - 1);
    app.services
        .db
        .write_quiet(move |tx| {
            diesel::update(invitation::table).set(invitation::expires_at.eq(past)).execute(tx.conn())?;
            Ok(())
        })
        .await
        .expect("aged");
    app.stranger().get(&old).await.expect(404).has("链接已失效");
    let list = admin.get("/admin/people/invitations").await.expect(200).has("已过期");
    let text = list.text();
    let resend = text.split("action=\"").find(|p| p.contains("/resend")).expect("button");
    // Without the form's word, by which a second press would only be told that it was done.
    let resend = resend.split(['"', '?']).next().expect("path").to_owned();
    admin.post(&resend, &[]).await.expect(303);
    let new = link(&app).await;
    assert_ne!(old, new);
    app.stranger().get(&old).await.expect(404);
    app.stranger().get(&new).await.expect(200);
    admin.post(&resend.replace("/resend", "/revoke"), &[]).await.expect(303);
    app.stranger().get(&new).await.expect(404);
    admin.post(&resend, &[]).await.expect(409);
}

/// The language of an invitation is that of its page and of the account, whatever the browser asks for.
#[tokio::test]
async fn an_invitation_is_read_and_accepted_in_the_language_that_it_was_made_for() {
    let app = TestApp::new().await;
    let invited =
        [("name", "沈青"), ("email", "shen@example.com"), ("roles", "compiler"), ("language", "en")];
    app.sign_in("admin").await.post("/admin/people/invite", &invited).await.expect(303);
    let (guest, path) = (app.stranger(), link(&app).await);
    guest.get(&path).await.expect(200).has("<html lang=\"en\"").has("Compiler");
    let secret = "kestrel-lantern 9 orbit";
    let fields = [("name", "沈青"), ("username", "shenqing"), ("password", secret), ("repeat", "other")];
    guest.post(&path, &fields).await.expect(422).has("<html lang=\"en\"");
    let fields = [("name", "沈青"), ("username", "shenqing"), ("password", secret), ("repeat", secret)];
    guest.post(&path, &fields).await.expect(303);
    guest.get("/account").await.expect(200).has("<html lang=\"en\"");
    // Signed in again, it is in that language still.
    let again = app.stranger();
    log_in(&again, "shenqing", secret).await.expect(303);
    again.get("/account").await.expect(200).has("<html lang=\"en\"");
}

/// Whoever accepts on an English page has an English account, whatever language the invitation was written in.
#[tokio::test]
async fn an_account_is_in_the_language_of_the_page_on_which_it_was_made() {
    let app = TestApp::new().await;
    app.sign_in("admin").await.post("/admin/people/invite", &INVITED).await.expect(303);
    let (guest, path) = (app.stranger(), link(&app).await);
    guest.post("/language?to=en&back=/", &[]).await.expect(303);
    let secret = "kestrel-lantern 9 orbit";
    let fields = [("name", "沈青"), ("username", "shenqing"), ("password", secret), ("repeat", secret)];
    guest.post(&path, &fields).await.expect(303);
    let locale = app.services.db.read(|conn| {
        let row = lead_handoff::directory::people::store::by_username(conn, "shenqing")?;
        Ok(row.locale)
    });
    assert_eq!(locale.await.expect("an account"), "en");
}

#[tokio::test]
async fn an_empty_database_prints_a_link_for_its_first_administrator_only() {
    let app = TestApp::new().await;
    let db = app.services.db.clone();
    let none = tokio::task::spawn_blocking(move || lead_handoff::directory::people::bootstrap(&db)).await;
    assert_eq!(none.expect("thread").expect("database"), None, "there are accounts already");
}

#[tokio::test]
async fn the_language_is_kept_and_the_pages_of_accounts_are_whole_in_both() {
    let app = TestApp::new().await;
    let browser = app.sign_in("admin").await;
    let switched = browser.post("/language?to=en&back=%2Faccount", &[]).await.expect(303);
    assert_eq!(switched.location, "/account");
    let person = format!("/admin/people/{}", app.seed.people["liaison"]);
    let pages = [
        "/account",
        "/account/password",
        "/account/second-factor",
        "/account/tokens",
        "/account/activity",
        "/admin/people",
        "/admin/people/invite",
        "/admin/people/invitations",
        "/admin/mail",
        "/admin/jobs",
        "/admin/system",
        "/admin/settings",
        "/admin/setup",
        &person,
    ];
    for to in ["en", "zh-CN"] {
        browser.post(&format!("/language?to={to}&back=/account"), &[]).await.expect(303);
        for path in pages {
            let page = browser.get(path).await.expect(200).has(&format!("<html lang=\"{to}\""));
            for missing in [">people-", ">role-", ">nav-", ">verb-", ">error-", " style="] {
                assert!(!page.text().contains(missing), "{path} {to}: {missing}");
            }
        }
    }
}

#[tokio::test]
async fn the_page_that_checks_packages_speaks_the_language_of_who_is_signed_in() {
    use lead_handoff::platform::db::schema::person;

    let app = TestApp::new().await;
    let manager = app.sign_in("manager").await;
    manager.get("/verify").await.expect(200).has("<html lang=\"zh-CN\"").has("ZIP 文件");
    let id = app.seed.people["manager"];
    let set = app.services.db.write_quiet(move |tx| {
        diesel::update(person::table.filter(person::id.eq(id)))
            .set(person::locale.eq("en"))
            .execute(tx.conn())?;
        Ok(())
    });
    set.await.expect("English");
    // What the browser asks for is Chinese still.
    manager.get("/verify").await.expect(200).has("<html lang=\"en\"").has("ZIP file");
    app.stranger().get("/verify").await.expect(200).has("<html lang=\"zh-CN\"");
}
