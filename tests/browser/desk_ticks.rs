//! Ticks that stand in the address of a list: over its pages, back and after a reload, in a colleague's browser; and what
//! becomes of each ticked row.

use std::time::Duration;

use lead_handoff::platform::db::Id;
use serde_json::json;

use crate::{
    desk::{Desk, Manner},
    support::{TestApp, seed::GUANGZHOU, story},
};

/// Longer than it takes by far.
const PATIENCE: Duration = Duration::from_secs(240);

/// More than a page of the list holds.
const LEADS: usize = 53;

/// How many ticks stand in the address.
const PICKS: &str = "new URL(location.href).searchParams.getAll('pick').length";
/// The button that goes on with what is ticked.
const GO_ON: &str = ".picking-bar button[formaction='/leads/selected']:not([name])";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ticks_stay_over_pages_and_each_row_is_told_what_became_of_it() {
    let app = TestApp::new().await;
    let leads: Vec<Id> = (0..LEADS).map(|_| app.seed.lead(&app.services, "compiler")).collect();
    let compiler = app.sign_in("compiler").await;
    // The newest two, which stand first, are ready for their review.
    for lead in &leads[LEADS - 2..] {
        let item = story::note(&compiler, *lead, "商品页面.txt", "标价 199 元。").await;
        let agency = app.seed.agencies[GUANGZHOU];
        story::compose(&compiler, *lead, 1, &[agency], &[item], &[]).await.expect(303);
    }
    app.settle().await;
    let mut desk = Desk::new(&app, Manner { closely: false, ..Manner::usual() }).await;
    let done = tokio::time::timeout(PATIENCE, tick(&mut desk, leads[0])).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    done.expect("the story ends in time");
}

async fn tick(desk: &mut Desk<'_>, oldest: Id) {
    desk.seat("manager", "/leads").await;
    let address = over_pages(desk).await;
    come_back(desk, &address).await;
    assign(desk, oldest).await;
    submit(desk).await;
}

/// Ticks a row of the list.
async fn tick_row(desk: &Desk<'_>, n: usize) {
    desk.tick(&format!("tbody tr:nth-child({n}) [name=pick]")).await;
}

async fn ticked(desk: &Desk<'_>) -> usize {
    desk.count("tbody [name=pick]:checked").await
}

/// Two rows of the first page, all of the second, and the first one again. Gives the address of the second page.
async fn over_pages(desk: &mut Desk<'_>) -> String {
    desk.open("/leads?state=draft").await;
    tick_row(desk, 3).await;
    tick_row(desk, 4).await;
    desk.until(&format!("{PICKS} === 2")).await;
    desk.has("已选 2 条").await;
    desk.look_as_it_stands("ticks-first").await;
    desk.press("a[rel=next]").await;
    desk.until(&format!("{PICKS} === 2")).await;
    assert_eq!(ticked(desk).await, 0);
    desk.has("已选 2 条，其中 2 条在其他页").await;

    desk.click(".picking-bar [data-page]").await;
    desk.until(&format!("{PICKS} === 5")).await;
    assert_eq!(ticked(desk).await, LEADS - 50, "all of this page");
    desk.has("已选 5 条，其中 2 条在其他页").await;
    desk.look_as_it_stands("ticks-all-of-page").await;
    let address = desk.path().await;
    desk.press("a[rel=prev]").await;
    desk.until(&format!("{PICKS} === 5")).await;
    assert_eq!(ticked(desk).await, 2);
    desk.has("已选 5 条，其中 3 条在其他页").await;
    address
}

/// By the browser's own button, after a reload, and in the browser of somebody else.
async fn come_back(desk: &mut Desk<'_>, address: &str) {
    let checked = "document.querySelectorAll('tbody [name=pick]:checked').length === 3";
    desk.chrome.client.back().await.expect("back");
    desk.until(checked).await;
    assert_eq!(desk.path().await, address);
    desk.chrome.client.refresh().await.expect("again");
    desk.until(checked).await;
    assert_eq!(desk.path().await, address);
    let told = "return document.querySelector('[data-picked]').textContent.trim()";
    let here = desk.js(told).await;
    desk.sit_down("auditor").await;
    desk.open(address).await;
    desk.until(checked).await;
    assert_eq!((desk.js(told).await, desk.path().await.as_str()), (here, address));
    desk.sit_down("manager").await;
    desk.open(address).await;
}

/// Five are given to a colleague; one has gone to the trash meanwhile.
async fn assign(desk: &mut Desk<'_>, oldest: Id) {
    desk.press(GO_ON).await;
    desk.has("所选线索（5 条）").await;
    assert_eq!(ticked(desk).await, 5);
    desk.look("ticks-selected").await;
    let compiler = desk.app.sign_in("compiler").await;
    compiler.post(&format!("/leads/{oldest}/trash"), &[]).await.expect(303);
    desk.set("[name=assignee]", &desk.app.seed.people["compiler2"].to_string()).await;
    desk.press("form.ticked button.button-primary").await;
    desk.has("已办理 4 条").await;
    desk.has("1 条未办理").await;
    assert_eq!(desk.count("tbody tr").await, 5, "each row is told of");
    let focus = desk.js("return document.activeElement.matches('.notice')").await;
    assert_eq!(focus, json!(true), "what became of it is read first");
    desk.look("ticks-assigned").await;
}

/// Of three two are ready for their review, and the third says what it lacks.
async fn submit(desk: &mut Desk<'_>) {
    desk.seat("compiler", "/leads").await;
    desk.open("/leads?state=draft").await;
    for n in 1..=3 {
        tick_row(desk, n).await;
    }
    desk.until(&format!("{PICKS} === 3")).await;
    desk.press(GO_ON).await;
    desk.press("form.ticked button[formaction]").await;
    desk.has("已办理 2 条").await;
    desk.has("1 条未办理").await;
    desk.look("ticks-submitted").await;
    desk.seat("approver", "/approvals").await;
    assert_eq!(desk.count("tbody tr").await, 2, "{}", desk.text().await);
}
