//! A lead comes back from its review: an approver goes through two reviews, returns one and approves the other; the compiler
//! reads why, mends the lead and sends it again; without scripts, and in English with them.

use std::time::Duration;

use crate::{
    desk::{Desk, Manner},
    support::{TestApp, seed::GUANGZHOU, story},
};

/// Longer than it takes by far.
const PATIENCE: Duration = Duration::from_secs(240);

const REASON: &str = "请补充成交记录。";
const SAVE: &str = "main form.panel .buttons button";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_approver_returns_is_mended_and_sent_again() {
    go(Manner { scripts: false, ..Manner::usual() }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_approver_returns_is_mended_and_sent_again_in_english_with_scripts() {
    go(Manner { lang: "en", scripts: true, closely: false }).await;
}

async fn go(manner: Manner) {
    let app = TestApp::new().await;
    for _ in 0..2 {
        submit(&app).await;
    }
    let mut desk = Desk::new(&app, manner).await;
    let done = tokio::time::timeout(PATIENCE, turn(&mut desk)).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    done.expect("the story ends in time");
}

/// A lead of `compiler` that waits for its review.
async fn submit(app: &TestApp) {
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = story::note(&compiler, lead, "商品页面.txt", "标价 199 元。").await;
    story::compose(&compiler, lead, 1, &[app.seed.agencies[GUANGZHOU]], &[item], &[]).await.expect(303);
    app.settle().await;
    story::submit(&compiler, lead).await;
}

async fn turn(desk: &mut Desk<'_>) {
    desk.scripts(desk.manner.scripts).await;
    let lead = go_through(desk).await;
    mend(desk, &lead).await;
    let review = send_again(desk, &lead).await;
    approve_again(desk, &review).await;
}

/// Two reviews in a queue: the first is returned, once it is said why, and the second approved. Gives the path of the lead
/// that came back.
async fn go_through(desk: &mut Desk<'_>) -> String {
    desk.seat("approver", "/approvals").await;
    desk.look("approvals-waiting").await;
    for n in 1..=2 {
        desk.tick(&format!("tbody tr:nth-child({n}) [name=pick]")).await;
    }
    desk.press(".picking-bar button[formaction='/approvals/queue']:not([name])").await;
    desk.has_in("第 1 条，共 2 条", "1 of 2").await;
    desk.look("queue-first").await;
    let lead = desk.attribute("main .facts a[href^='/leads/']", "href").await;

    desk.press("#return .buttons button").await;
    desk.expect_refusal().await;
    assert_eq!(desk.count("#f-reasons-error").await, 1, "{}", desk.text().await);
    desk.has_in("第 1 条，共 2 条", "1 of 2").await;
    desk.look_as_it_stands("queue-no-reason").await;
    desk.write("#return [name=reasons]", REASON).await;
    desk.press("#return .buttons button").await;
    desk.has_in("第 2 条，共 2 条", "2 of 2").await;
    desk.look("queue-second").await;

    approve(desk).await;
    desk.look("queue-done").await;
    desk.app.settle().await;
    lead
}

/// Approves what is on the page.
async fn approve(desk: &Desk<'_>) {
    let code = story::code(desk.app).await;
    desk.write("#approve [name=code]", &code).await;
    desk.press("#approve .buttons button").await;
    assert_eq!(desk.count("#approve").await, 0, "decided: {}", desk.text().await);
}

/// From the first page to the lead that came back, its text mended and one more item registered.
async fn mend(desk: &mut Desk<'_>, lead: &str) {
    desk.seat("compiler", "/").await;
    desk.look("home-returned").await;
    desk.press(&format!("main a[href^='{lead}']")).await;
    desk.has(REASON).await;
    desk.look("lead-returned").await;
    desk.open(&format!("{lead}/edit")).await;
    desk.write("[name=summary]", "店铺以明显低于市场的价格销售，五月成交 12 笔。").await;
    desk.press(SAVE).await;
    assert_eq!(desk.path().await, format!("{lead}?ok=lead-saved"), "{}", desk.text().await);

    desk.open(&format!("{lead}/evidence")).await;
    let form = "form[action*='/evidence/note']";
    desk.tick(&format!("{form} [name=kind]")).await;
    for (name, text) in [
        ("name", "成交记录.txt"),
        ("text", "2016年5月成交 12 笔。"),
        ("source", "https://example.com/orders"),
        ("method", "网页截图"),
        ("collected_by", "编制人甲"),
        ("collected_at", "2016-05-04 09:30"),
    ] {
        desk.write(&format!("{form} [name={name}]"), text).await;
    }
    desk.press(&format!("{form} .buttons button")).await;
    assert_eq!(desk.count("#evidence-rows tbody tr").await, 2, "{}", desk.text().await);
}

/// A second version with both items. Gives the path of its review.
async fn send_again(desk: &mut Desk<'_>, lead: &str) -> String {
    desk.open(&format!("{lead}/dossiers/new")).await;
    desk.look("dossier-second").await;
    let agency = format!("[name=agencies][value='{}']", desk.app.seed.agencies[GUANGZHOU]);
    for choice in [&*agency, "tr:nth-child(1) [name=evidence]", "tr:nth-child(2) [name=evidence]"] {
        if !desk.find(choice).await.is_selected().await.expect("known") {
            desk.tick(choice).await;
        }
    }
    desk.press("form[data-guard] .buttons button").await;
    desk.app.settle().await;
    desk.open(&format!("{lead}/dossiers")).await;
    desk.look("dossiers-second").await;
    desk.press("form[action*='/submit?'] button").await;
    let review = desk.path().await;
    assert!(review.starts_with("/approvals/"), "{review}: {}", desk.text().await);
    desk.look("review-again-compiler").await;
    review.split('?').next().unwrap_or_default().to_owned()
}

/// The approver reads why the first version went back, and what is new in this one.
async fn approve_again(desk: &mut Desk<'_>, review: &str) {
    desk.seat("approver", "/approvals").await;
    desk.press(&format!("td a[href='{review}']")).await;
    desk.has_in("此前退回", "Returned before").await;
    desk.has_in("与第 1 版相比", "Compared with version 1").await;
    for text in [REASON, "成交记录.txt"] {
        desk.has(text).await;
    }
    desk.look("review-again").await;
    approve(desk).await;
    desk.app.settle().await;
    desk.open(review).await;
    assert_eq!(desk.count("#approve").await, 0, "{}", desk.text().await);
    desk.look("review-again-approved").await;
}
