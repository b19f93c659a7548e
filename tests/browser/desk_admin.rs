//! An administrator's day: a colleague is invited and follows the mail to an account with a second factor, a mail that did
//! not arrive is tried again, regions are imported, somebody leaves; and what the colleague sets up then. In English with scripts,
//! and in Chinese without them.

use std::time::Duration;

use diesel::prelude::*;
use lead_handoff::{directory::people::second_factor::model::totp, platform::db::schema::session};
use serde_json::json;

use crate::{
    desk::{Desk, Manner},
    support::{
        TestApp,
        seed::PASSWORD,
        smtp::{Manner as Server, SmtpServer, text_of},
    },
};

/// Longer than it takes by far.
const PATIENCE: Duration = Duration::from_secs(270);

/// The button of the form that a page is for.
const SEND: &str = "main form.panel .buttons button";

const HEAD: &str = "code,name_zh,name_en,parent,level,valid_from,valid_to\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_brings_a_colleague_in_and_sees_another_out() {
    go(Manner { lang: "en", scripts: true, closely: false }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_brings_a_colleague_in_and_sees_another_out_in_chinese_without_scripts() {
    go(Manner { lang: "zh-CN", scripts: false, closely: false }).await;
}

async fn go(manner: Manner) {
    let server = SmtpServer::start(Server::KnowsNot("typo@")).await;
    let app = TestApp::with(&[("LEAD_HANDOFF_SMTP_URL", server.url())]).await;
    app.seed.lead(&app.services, "compiler");
    let mut desk = Desk::new(&app, manner).await;
    let done = tokio::time::timeout(PATIENCE, day(&mut desk, &server)).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    done.expect("the day ends in time");
}

async fn day(desk: &mut Desk<'_>, server: &SmtpServer) {
    desk.scripts(desk.manner.scripts).await;
    desk.seat("admin", "/admin/people").await;
    desk.look_as_it_stands("admin-people").await;
    invite(desk, "沈青", "shen@example.com").await;
    invite(desk, "周北", "typo@example.com").await;
    desk.look_as_it_stands("invitations").await;
    desk.app.settle().await;
    try_again(desk).await;
    import(desk).await;
    see_out(desk).await;
    desk.log_out().await;
    let link = link(server);
    let mut phone = join(desk, &link).await;
    end_the_other_session(desk).await;
    let token = make_a_token(desk, &mut phone).await;
    use_the_token(desk, &token).await;
    choose_notices(desk).await;
    desk.log_out().await;
    desk.open(&link).await;
    desk.speak(desk.manner.lang, &link).await;
    desk.expect_refusal().await;
    desk.look_as_it_stands("invitation-over").await;
}

/// Invites somebody as an approver, by a letter in Chinese.
async fn invite(desk: &mut Desk<'_>, name: &str, email: &str) {
    desk.open("/admin/people").await;
    desk.press(".page-head a[href='/admin/people/invite']").await;
    desk.write("main [name=name]", name).await;
    desk.write("main [name=email]", email).await;
    desk.tick("main [name=roles][value=approver]").await;
    desk.set("main [name=language]", "zh-CN").await;
    desk.look_as_it_stands("invite").await;
    desk.press(SEND).await;
    assert!(desk.path().await.contains("ok=invitation-sent"), "{}", desk.text().await);
}

/// A mail that the server did not take is tried again, by itself and with all that failed; what else the program has to do
/// stands on the page of jobs.
async fn try_again(desk: &mut Desk<'_>) {
    desk.open("/admin/mail").await;
    desk.has("550").await;
    desk.look_as_it_stands("mail-failed").await;
    desk.press("form[action*='/retry?'] button").await;
    assert!(desk.path().await.contains("ok=mail-retried"), "{}", desk.text().await);
    desk.look_as_it_stands("mail-retried").await;
    desk.app.settle().await;
    desk.open("/admin/mail?state=failed").await;
    desk.press("form[action*='/retry-failed?'] button").await;
    assert!(desk.path().await.contains("ok=mails-retried"), "{}", desk.text().await);
    desk.open("/admin/jobs").await;
    assert!(desk.count("tbody tr").await > 0, "{}", desk.text().await);
    desk.look_as_it_stands("jobs").await;
}

/// Chooses a file with one row of regions, and presses the button for a preview.
async fn preview(desk: &Desk<'_>, row: &str) {
    let file = desk.app.data.path().join("regions.csv");
    std::fs::write(&file, format!("{HEAD}{row}\n")).expect("written");
    desk.write("main [name=csv]", &file.display().to_string()).await;
    desk.press("main form[enctype] .buttons button").await;
}

/// A file of regions: its faults by line and column, then what it would change, then that it did.
async fn import(desk: &mut Desk<'_>) {
    desk.open("/reference/regions").await;
    desk.press("a[href='/reference/regions/import']").await;
    preview(desk, "330199,示例区,Example District,330100,foo,2091-01-01,").await;
    desk.expect_refusal().await;
    desk.has("foo").await;
    desk.look_as_it_stands("regions-faulty").await;
    preview(desk, "330199,示例区,Example District,330100,county,2091-01-01,").await;
    desk.has("Example District").await;
    desk.has_in("确认前不会写入。", "Nothing is written before you confirm.").await;
    desk.look_as_it_stands("regions-preview").await;
    desk.press("form[action*='/import/confirm?'] .buttons button").await;
    assert!(desk.path().await.contains("ok="), "{}", desk.text().await);
    desk.look_as_it_stands("regions-imported").await;
}

/// It is an hour since anybody showed who they are.
pub async fn an_hour_passes(app: &TestApp) {
    let passed = app.services.db.write_quiet(|tx| {
        let before = tx.now().plus_seconds(-3_600);
        diesel::update(session::table).set(session::proved_at.eq(before)).execute(tx.conn())?;
        Ok(())
    });
    passed.await.expect("passed");
}

/// A compiler leaves, and another takes over; who closes the account shows first who they are, at the second try.
async fn see_out(desk: &mut Desk<'_>) {
    let person = format!("/admin/people/{}", desk.app.seed.people["compiler"]);
    desk.open(&person).await;
    desk.look_as_it_stands("person").await;
    desk.press(&format!("a[href='{person}/disable']")).await;
    desk.set("[name=heir]", &desk.app.seed.people["compiler2"].to_string()).await;
    desk.look_as_it_stands("leaving").await;
    an_hour_passes(desk.app).await;
    desk.press(SEND).await;
    desk.expect_refusal().await;
    desk.look_as_it_stands("proof").await;
    desk.write("[name=proof]", "000000").await;
    desk.press(SEND).await;
    desk.expect_refusal().await;
    assert_eq!(desk.count("#f-proof-error").await, 1, "{}", desk.text().await);
    desk.look_as_it_stands("proof-wrong").await;
    let code = desk.code("admin").await;
    desk.write("[name=proof]", &code).await;
    desk.press(SEND).await;
    assert_eq!(desk.path().await, format!("{person}?ok=person-disabled"), "{}", desk.text().await);
    desk.look_as_it_stands("person-closed").await;
}

/// The path in the letter to the colleague.
fn link(server: &SmtpServer) -> String {
    let mails = server.received();
    let mail = mails.iter().find(|mail| mail.to.iter().any(|to| to.contains("shen@example.com")));
    let text = text_of(&mail.expect("the letter").data);
    let (_, rest) = text.split_once("/invitations/").expect("a link");
    let word: String =
        rest.chars().take_while(|one| one.is_ascii_alphanumeric() || matches!(one, '-' | '_')).collect();
    format!("/invitations/{word}")
}

/// The app on the colleague's phone.
struct Phone {
    secret: Vec<u8>,
    step: u64,
}

impl Phone {
    /// A code that was not used yet: it may be a little early.
    fn code(&mut self, app: &TestApp) -> String {
        let now = u64::try_from(app.now().micros() / 30_000_000).expect("time");
        self.step = now.max(self.step + 1);
        totp(&self.secret, "shen").expect("totp").generate(self.step * 30).to_string()
    }
}

/// The colleague follows the link, chooses a password that is too weak and then one that is not, and sets up the second
/// factor, which an approver has to.
async fn join(desk: &mut Desk<'_>, link: &str) -> Phone {
    desk.open(link).await;
    desk.speak(desk.manner.lang, link).await;
    desk.look_as_it_stands("invitation").await;
    desk.write("[name=username]", "shen").await;
    for name in ["password", "repeat"] {
        desk.write(&format!("[name={name}]"), "shen12345678").await;
    }
    desk.press("main form .buttons button").await;
    desk.expect_refusal().await;
    assert_eq!(desk.value("[name=username]").await, "shen", "what was typed stays");
    desk.look_as_it_stands("invitation-weak").await;
    for name in ["password", "repeat"] {
        desk.write(&format!("[name={name}]"), PASSWORD).await;
    }
    desk.press("main form .buttons button").await;
    assert!(desk.path().await.starts_with("/account/second-factor"), "{}", desk.text().await);
    desk.look_as_it_stands("second-factor-new").await;
    let shown = desk.js("return document.querySelector('main code').textContent").await;
    let shown = shown.as_str().expect("a secret").replace(' ', "");
    let secret = data_encoding::BASE32_NOPAD.decode(shown.as_bytes()).expect("base32");
    let mut phone = Phone { secret, step: 0 };
    let code = phone.code(desk.app);
    desk.write("[name=code]", &code).await;
    desk.press("main form .buttons button").await;
    assert_eq!(desk.count("main ol code").await, 10, "{}", desk.text().await);
    let print = usize::from(desk.manner.scripts);
    assert_eq!(desk.count("[data-print] button[type=button]").await, print, "a script can print them");
    desk.look_as_it_stands("recovery-codes").await;
    desk.press("a[href='/account?ok=factor-set-up']").await;
    phone
}

/// Somewhere else the colleague is signed in too, and no more after one press.
async fn end_the_other_session(desk: &mut Desk<'_>) {
    drop(desk.app.session("shen").await);
    desk.open("/account").await;
    assert_eq!(desk.count(".session-line").await, 2, "{}", desk.text().await);
    desk.look_as_it_stands("account-sessions").await;
    desk.press("form[action*='/end?'] button").await;
    assert_eq!(desk.count(".session-line").await, 1, "{}", desk.text().await);
}

/// Gives the secret, which is shown once.
async fn make_a_token(desk: &mut Desk<'_>, phone: &mut Phone) -> String {
    desk.open("/account/tokens").await;
    desk.look_as_it_stands("tokens-none").await;
    desk.write("#new [name=name]", "Nightly copy").await;
    assert_eq!(desk.count("#new [name=scopes][value=read]:checked").await, 1, "to read is usual");
    let code = phone.code(desk.app);
    desk.write("#new [name=code]", &code).await;
    desk.press("#new .buttons button").await;
    let shown = desk.js("return document.querySelector('.notice code')?.textContent ?? ''").await;
    let token = shown.as_str().unwrap_or_default().to_owned();
    assert!(token.starts_with("lh_"), "{token}: {}", desk.text().await);
    desk.look_as_it_stands("token-made").await;
    token
}

/// A program uses it, and its owner sees from where.
async fn use_the_token(desk: &mut Desk<'_>, token: &str) {
    desk.open("/account/tokens").await;
    assert!(!desk.says(token).await, "shown once");
    assert_eq!(desk.count("tbody code").await, 0, "not used yet: {}", desk.text().await);
    let program = desk.app.stranger();
    let call = program.client.get(program.url("/api/v1/me")).bearer_auth(token);
    let known = program.send(call).await.expect(200).json();
    assert_eq!(known["username"], "shen");
    desk.open("/account/tokens").await;
    let from = desk.js("return document.querySelector('tbody code')?.textContent").await;
    assert_eq!(from, json!("127.0.0.1"), "{}", desk.text().await);
    desk.look_as_it_stands("token-used").await;
}

/// What may wait comes in one mail a day.
async fn choose_notices(desk: &mut Desk<'_>) {
    desk.open("/account/notices").await;
    desk.look_as_it_stands("notices").await;
    desk.tick("main form [value=digest]:not([disabled])").await;
    desk.press(SEND).await;
    desk.open("/account/notices").await;
    assert_eq!(desk.count("main form [value=digest]:checked").await, 1, "{}", desk.text().await);
    desk.look_as_it_stands("notices-chosen").await;
}
