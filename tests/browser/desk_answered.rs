//! What comes back to a compiler: a refusal to read, a returned lead to mend, a request to answer with a new version; without
//! scripts, and in English with them.

use std::time::Duration;

use lead_handoff::platform::db::Id;

use crate::{
    desk::{Desk, Manner},
    desk_refused::received,
    support::{TestApp, fixtures, seed::GUANGZHOU},
};

/// Longer than it takes by far.
const PATIENCE: Duration = Duration::from_secs(240);

/// What an agency answered, by the paths of the transfers.
struct Back {
    refused: String,
    returned: String,
    asked: String,
    /// The lead of the one that is asked for more.
    lead: Id,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_compiler_answers_what_came_back() {
    go(Manner { scripts: false, ..Manner::usual() }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_compiler_answers_what_came_back_in_english_with_scripts() {
    go(Manner { lang: "en", scripts: true, closely: false }).await;
}

async fn go(manner: Manner) {
    let app = TestApp::new().await;
    let back = come_back(&app).await;
    let mut desk = Desk::new(&app, manner).await;
    let done = tokio::time::timeout(PATIENCE, answer(&mut desk, &back)).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    done.expect("the story ends in time");
}

async fn come_back(app: &TestApp) -> Back {
    let (_, refused) = received(app, "XS-2026-000021").await;
    let (_, returned) = received(app, "XS-2026-000022").await;
    let (lead, asked) = received(app, "XS-2026-000023").await;
    let liaison = app.sign_in("liaison").await;
    for (transfer, verb, code, text) in [
        (&refused, "refuse", "RF-OTHER", "不归我们管，请改送。"),
        (&returned, "return", "RT-IDENTITY", "身份信息不全。"),
        (&asked, "supplement", "RQ-TRADE", "请补充三月的交易流水。"),
    ] {
        let fields = [("code", code), ("text", text)];
        liaison.post(&format!("{transfer}/{verb}"), &fields).await.expect(303);
    }
    Back { refused, returned, asked, lead }
}

async fn answer(desk: &mut Desk<'_>, back: &Back) {
    desk.scripts(desk.manner.scripts).await;
    desk.seat("compiler", "/").await;
    desk.look("home-came-back").await;
    take_note(desk, &back.refused).await;
    reopen(desk, &back.returned).await;
    supply(desk, &back.asked, back.lead).await;
    desk.seat("liaison", &back.asked).await;
    desk.look("answered-agency").await;
}

/// Nothing is left to do about a refusal but to have read it.
async fn take_note(desk: &mut Desk<'_>, transfer: &str) {
    desk.open(transfer).await;
    desk.has("不归我们管，请改送。").await;
    desk.look("refused-platform").await;
    desk.press("form[action*='/seen?'] button").await;
    assert_eq!(desk.path().await, format!("{transfer}?ok=transfer-seen"), "{}", desk.text().await);
    assert_eq!(desk.count("form[action*='/seen?']").await, 0);
}

/// A returned lead is opened again, and is a draft to mend.
async fn reopen(desk: &mut Desk<'_>, transfer: &str) {
    desk.open(transfer).await;
    desk.has("身份信息不全。").await;
    desk.look("returned-platform").await;
    desk.press("form[action*='/reopen?'] button").await;
    assert!(desk.path().await.starts_with("/leads/"), "{}", desk.text().await);
    desk.look("lead-reopened").await;
    desk.open(transfer).await;
    assert_eq!(desk.count("form[action*='/reopen?']").await, 0, "once");
}

/// What was asked for goes as the next version, on the same transfer.
async fn supply(desk: &mut Desk<'_>, transfer: &str, lead: Id) {
    desk.open(transfer).await;
    desk.has("请补充三月的交易流水。").await;
    desk.look("asked-platform").await;
    fixtures::sealed(desk.app, lead, GUANGZHOU).await;
    desk.open(transfer).await;
    desk.press("main a[href^='/transfers/new?dossier=']").await;
    desk.has_in("答复对方的补充要求", "the answer to the request for a supplement").await;
    desk.look("answer").await;
    desk.tick("[name=channel][value=portal]").await;
    desk.press("form[action^='/transfers/new'] .buttons button").await;
    assert!(desk.path().await.starts_with(transfer), "{}", desk.text().await);
    desk.look("answered-platform").await;
}
