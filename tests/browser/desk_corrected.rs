//! An outcome that was confirmed with a wrong day: one side corrects it by a counter-entry with what is right, the other
//! confirms both; without scripts, and in English with them.

use std::time::Duration;

use crate::{
    desk::{Desk, Manner},
    support::{TestApp, ledger::Sent, seed::GUANGZHOU},
};

/// Longer than it takes by far.
const PATIENCE: Duration = Duration::from_secs(240);

const PROPOSE: &str = "form[data-guard] .buttons button";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_counter_entry_corrects_what_was_confirmed() {
    go(Manner { scripts: false, ..Manner::usual() }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_counter_entry_corrects_what_was_confirmed_in_english_with_scripts() {
    go(Manner { lang: "en", scripts: true, closely: false }).await;
}

async fn go(manner: Manner) {
    let app = TestApp::new().await;
    let outcome = confirmed(&app).await;
    let mut desk = Desk::new(&app, manner).await;
    let done = tokio::time::timeout(PATIENCE, correct(&mut desk, &outcome)).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    done.expect("the story ends in time");
}

/// An arrest on 12 June 2016 that both sides stand for; gives its path.
async fn confirmed(app: &TestApp) -> String {
    let made = app.handed(&Sent::to(GUANGZHOU, "2016-05-04").filed("2016-06-01"), None);
    let (liaison, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    let person = made.person.to_string();
    let fields = [
        ("kind", "arrest"),
        ("happened_on", "2016-06-12"),
        ("region", "440111"),
        ("subject", person.as_str()),
        ("source_kind", "paper"),
        ("source_title", "拘留证 穗公（经）拘字〔2016〕1号"),
    ];
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    let outcome = format!("/outcomes/{}", liaison.post(&path, &fields).await.expect(303).id());
    manager.post(&format!("{outcome}/confirm"), &[]).await.expect(303);
    outcome
}

async fn correct(desk: &mut Desk<'_>, outcome: &str) {
    desk.scripts(desk.manner.scripts).await;
    let counter = propose(desk, outcome).await;
    confirm(desk, &counter).await;
    desk.seat("manager", outcome).await;
    desk.look("outcome-corrected").await;
    desk.open("/outcomes?counted=1").await;
    desk.has("2016-06-13").await;
    assert!(!desk.says("2016-06-12").await, "{}", desk.text().await);
    desk.look("outcomes-corrected").await;
}

/// The platform says why, and what is right. Gives the path of the counter-entry.
async fn propose(desk: &mut Desk<'_>, outcome: &str) -> String {
    desk.seat("manager", outcome).await;
    desk.look("outcome-wrong").await;
    desk.press(&format!("main a[href^='{outcome}/correct']")).await;
    desk.look("correct").await;
    desk.press(PROPOSE).await;
    desk.expect_refusal().await;
    assert_eq!(desk.count("#errors a[href='#f-reason']").await, 1, "{}", desk.text().await);
    desk.look_as_it_stands("correct-no-reason").await;
    desk.write("[name=reason]", "日期有误。").await;
    if !desk.find("[name=instead]").await.is_selected().await.expect("known") {
        desk.tick("[name=instead]").await;
    }
    desk.write("[name=happened_on]", "2016-06-13").await;
    desk.press(PROPOSE).await;
    let counter = desk.path().await.split('?').next().unwrap_or_default().to_owned();
    assert!(counter.starts_with("/outcomes/0") && counter != outcome, "{counter}: {}", desk.text().await);
    desk.look("counter-waits").await;
    counter
}

/// The agency looks at both entries, and confirms.
async fn confirm(desk: &mut Desk<'_>, counter: &str) {
    desk.seat("liaison", counter).await;
    desk.look("counter-agency").await;
    desk.press(&format!("main a[href='{counter}/confirm']")).await;
    desk.look("counter-confirm").await;
    desk.press(&format!("form[action^='{counter}/confirm'] .buttons button")).await;
    desk.look("counter-confirmed").await;
}
