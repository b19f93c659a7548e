//! What people do with their own account: a form that was sent after the session ended is sent again, a saved filter is made the
//! usual one, changed and removed, the profile, the password, the recovery codes and the second factor are changed; and an
//! auditor takes the log out.

use crate::{
    acts::{CHINESE, ENGLISH, PATIENCE, SEND},
    desk::{Desk, Manner},
    desk_admin::an_hour_passes,
    support::{TestApp, seed::PASSWORD, story},
};

const TITLE: &str = "疑似销售假冒注册商标的手表";
const SUMMARY: &str = "店铺以明显低于市场的价格销售。";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_keep_their_own_account() {
    go(CHINESE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_keep_their_own_account_in_english_with_scripts() {
    go(ENGLISH).await;
}

async fn go(manner: Manner) {
    let app = TestApp::new().await;
    prepare(&app).await;
    let mut desk = Desk::new(&app, manner).await;
    let done = tokio::time::timeout(PATIENCE, turn(&mut desk)).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    done.expect("the story ends in time");
}

/// A compiler with a saved filter and recovery codes.
async fn prepare(app: &TestApp) {
    let compiler = app.sign_in("compiler").await;
    let fields = [("list", "leads"), ("asked", "region=440100"), ("name", "广州的线索")];
    compiler.post("/views/new", &fields).await.expect(303);
    let code = story::code(app).await;
    compiler.post("/account/recovery-codes", &[("code", &code)]).await.expect(200);
}

async fn turn(desk: &mut Desk<'_>) {
    desk.scripts(desk.manner.scripts).await;
    // Whoever is not signed in reads on in the language of the browser, which is this one.
    desk.open("/login").await;
    desk.speak(desk.manner.lang, "/login").await;
    come_back(desk).await;
    keep_a_filter(desk).await;
    be_called_otherwise(desk).await;
    change_the_password(desk).await;
    make_codes_anew(desk).await;
    remove_the_factor(desk).await;
    take_the_log_out(desk).await;
}

/// The session ended while a form was filled in: what was typed is given back, and is sent after signing in.
async fn come_back(desk: &mut Desk<'_>) {
    desk.seat("compiler", "/leads/new").await;
    desk.write("[name=title]", TITLE).await;
    desk.write("[name=summary]", SUMMARY).await;
    desk.set("[name='source.kind']", "risk_model").await;
    desk.set("[name='sender_role']", "reporter").await;
    desk.lose_the_session().await;
    desk.press("main form[action^='/leads/new'] .buttons button").await;
    desk.expect_refusal().await;
    desk.has_in("登录已失效", "You are signed out").await;
    for (name, text) in
        [("title", TITLE), ("summary", SUMMARY), ("source.kind", "risk_model"), ("sender_role", "reporter")]
    {
        desk.keeps(&format!("main form.panel [name='{name}']"), text).await;
    }
    desk.glance("signed-out").await;
    // In another tab.
    desk.sit_down("compiler").await;
    desk.act(SEND, "lead.create").await;
    let path = desk.path().await;
    assert!(path.ends_with("?ok=lead-created"), "{path}: {}", desk.text().await);
    desk.has(TITLE).await;
    desk.expect_refusal().await;
}

/// A saved filter is opened first from now on, is called otherwise and shared, and is removed.
async fn keep_a_filter(desk: &mut Desk<'_>) {
    desk.seat("compiler", "/views").await;
    desk.act("main form[action*='/usual?'] button", "view.use").await;
    desk.arrived("/views", "view-usual").await;
    assert_eq!(desk.count(".entries .chip-info").await, 1, "{}", desk.text().await);
    assert_eq!(desk.count("nav.side a[href='/leads?region=440100']").await, 1, "{}", desk.text().await);

    desk.press("main .entries a.button").await;
    desk.find("[name=name]").await.clear().await.expect("cleared");
    desk.tick("#f-shared").await;
    desk.refused(SEND, "name").await;
    assert_eq!(desk.count("#f-shared:checked").await, 1, "what was ticked stays");
    desk.glance("filter-refused").await;
    desk.write("[name=name]", "广州市的线索").await;
    desk.act(SEND, "view.change").await;
    desk.arrived("/views", "view-changed").await;
    desk.has("广州市的线索").await;

    desk.press("main .entries a.button").await;
    desk.act("main form[action*='/remove?'] .buttons button", "view.remove").await;
    desk.arrived("/views", "view-removed").await;
    assert_eq!(desk.count(".entries").await, 0, "{}", desk.text().await);
}

async fn be_called_otherwise(desk: &mut Desk<'_>) {
    let form = "main form[action^='/account?']";
    let press = format!("{form} .buttons button");
    desk.open("/account").await;
    desk.find(&format!("{form} [name=name]")).await.clear().await.expect("cleared");
    desk.set(&format!("{form} [name=days]"), "words").await;
    desk.refused(&press, "name").await;
    desk.keeps(&format!("{form} [name=days]"), "words").await;
    desk.glance("profile-refused").await;
    desk.write(&format!("{form} [name=name]"), "编制人丙").await;
    desk.act(&press, "person.change").await;
    desk.arrived("/account", "account-saved").await;
    desk.has("编制人丙").await;
}

/// A password that everybody guesses is not taken.
async fn change_the_password(desk: &mut Desk<'_>) {
    desk.press("main a[href='/account/password']").await;
    for (new, is_weak) in [("compiler12345", true), ("harbour-window 42 sketch", false)] {
        for (name, text) in [("old", PASSWORD), ("password", new), ("repeat", new)] {
            desk.write(&format!("main form.panel [name={name}]"), text).await;
        }
        if is_weak {
            desk.refused(SEND, "password").await;
            desk.glance("password-weak").await;
        }
    }
    desk.act(SEND, "person.set-password").await;
    desk.arrived("/account", "password-changed").await;
}

/// The codes are made anew by a code of the app; a wrong one makes none.
async fn make_codes_anew(desk: &mut Desk<'_>) {
    let form = "form[action^='/account/recovery-codes?']";
    let press = format!("{form} .buttons button");
    desk.press("main a[href='/account/second-factor']").await;
    desk.write(&format!("{form} [name=code]"), "000000").await;
    desk.press(&press).await;
    desk.expect_refusal().await;
    assert_eq!(desk.count("#errors a[href='#f-code']").await, 1, "{}", desk.text().await);
    desk.glance("codes-refused").await;
    let code = story::code(desk.app).await;
    desk.write(&format!("{form} [name=code]"), &code).await;
    desk.act(&press, "second-factor.renew-codes").await;
    assert_eq!(desk.count("main ol code").await, 10, "{}", desk.text().await);
    desk.press("main a[href='/account?ok=factor-set-up']").await;
    desk.has_in("还有 10 个恢复代码", "10 recovery codes left").await;
}

async fn remove_the_factor(desk: &Desk<'_>) {
    let form = "form[action^='/account/second-factor/remove?']";
    desk.open("/account/second-factor").await;
    let code = story::code(desk.app).await;
    desk.write(&format!("{form} [name=code]"), &code).await;
    desk.act(&format!("{form} .buttons button"), "second-factor.remove").await;
    desk.arrived("/account/second-factor", "factor-removed").await;
    assert_eq!(desk.count(form).await, 0, "{}", desk.text().await);
}

/// What an address answers to the page is a file of this kind, and one entry of this act is in the log, if it is named here.
async fn takes(desk: &Desk<'_>, href: &str, kind: &str, verb: Option<&str>) {
    let before = desk.app.audit_count().await;
    let (status, found, _) = desk.fetch(href).await;
    assert!(status == 200 && found.starts_with(kind), "{href}: {status} {found}");
    assert_eq!(desk.done_since(before).await, verb.as_slice(), "{href}");
}

/// Whoever takes the log out shows again who they are, where that was long ago.
async fn take_the_log_out(desk: &mut Desk<'_>) {
    desk.seat("auditor", "/audit").await;
    let pick = desk.attribute("main ol.lines [name=pick]", "value").await;
    an_hour_passes(desk.app).await;
    desk.press(".page-head a[href^='/audit/export.csv']").await;
    assert!(desk.path().await.starts_with("/account/proof?next="), "{}", desk.text().await);
    desk.write("[name=proof]", "000000").await;
    desk.press(SEND).await;
    desk.expect_refusal().await;
    assert_eq!(desk.count("#f-proof-error").await, 1, "{}", desk.text().await);
    let code = story::code(desk.app).await;
    desk.write("[name=proof]", &code).await;
    desk.act(SEND, "session.prove").await;
    desk.arrived("/audit", "proof-shown").await;

    for (format, kind) in [("csv", "text/csv"), ("xlsx", "application/vnd.openxmlformats")] {
        let href = desk.attribute(&format!(".page-head a[href^='/audit/export.{format}']"), "href").await;
        takes(desk, &href, kind, Some("audit.export")).await;
    }
    takes(desk, &format!("/audit/selected/export.csv?pick={pick}"), "text/csv", Some("audit.export")).await;

    desk.press(".page-head a[href^='/audit/custody']").await;
    desk.write("[name=from]", "2016-01-01").await;
    desk.refused("main form.panel button[formaction]", "person").await;
    desk.keeps("[name=from]", "2016-01-01").await;
    desk.glance("custody-refused").await;
    takes(desk, "/audit/custody.csv?person=compiler&from=2016-01-01", "text/csv", None).await;
}
