//! Pages that tell of an error: each says what is wrong, under which number the log has it, and where to go on; looked at in
//! both languages.

use std::time::Duration;

use lead_handoff::platform::db::Id;
use serde_json::json;

use crate::{
    desk::{Desk, Manner},
    support::TestApp,
};

/// Longer than it takes by far.
const PATIENCE: Duration = Duration::from_secs(240);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_says_its_number_and_where_to_go_on() {
    let app = TestApp::new().await;
    let lead = app.seed.lead(&app.services, "compiler");
    let mut desk = Desk::new(&app, Manner { closely: false, ..Manner::usual() }).await;
    let done = tokio::time::timeout(PATIENCE, err(&mut desk, lead)).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    done.expect("the story ends in time");
}

async fn err(desk: &mut Desk<'_>, lead: Id) {
    for lang in ["zh-CN", "en"] {
        desk.manner.lang = lang;
        desk.seat("compiler", "/").await;
        missing(desk).await;
        not_this_way(desk, lead).await;
        nothing_ticked(desk).await;
        too_much(desk).await;
        from_elsewhere(desk, lang).await;
    }
}

/// What the page of an error says; looked at as it stands.
async fn told(desk: &mut Desk<'_>, status: &str, name: &str) {
    desk.expect_refusal().await;
    let seen = desk.text().await;
    assert!(seen.contains(status), "no {status} on {}:\n{seen}", desk.path().await);
    let number = desk.js("return document.querySelector('.error-page code')?.textContent.trim() ?? ''").await;
    assert!(number.as_str().is_some_and(|number| number.len() >= 6), "no number: {number}\n{seen}");
    assert_eq!(desk.count(".error-page a[href='/']").await, 1, "the first page is always a way:\n{seen}");
    desk.look_as_it_stands(&format!("error-{name}")).await;
}

/// An address that there never was, and a lead that there is none of.
async fn missing(desk: &mut Desk<'_>) {
    for path in ["/no-such-page".to_owned(), format!("/leads/{}", Id::new())] {
        desk.open(&path).await;
        told(desk, "404", "missing").await;
    }
    assert_eq!(desk.count(".error-page a[href='/leads']").await, 1, "the list that it would be in");
    desk.press(".error-page a[href='/']").await;
    assert_eq!(desk.path().await, "/");
}

/// The address of a button, opened as a page: where the button stands.
async fn not_this_way(desk: &mut Desk<'_>, lead: Id) {
    desk.open(&format!("/leads/{lead}/restore")).await;
    assert_eq!(desk.path().await, format!("/leads/{lead}"));
    assert_eq!(desk.count(".error-page").await, 0, "{}", desk.text().await);
}

/// A file of the ticked rows without any: a wrong form, with the way back to the list.
async fn nothing_ticked(desk: &mut Desk<'_>) {
    desk.open("/leads").await;
    desk.press(".picking-bar button[formaction='/leads/selected/export.csv']").await;
    told(desk, "422", "form").await;
    desk.press(".error-page a[href='/leads']").await;
    assert_eq!(desk.path().await, "/leads");
}

/// More text than any form takes, with the way back to the form.
async fn too_much(desk: &mut Desk<'_>) {
    desk.open("/leads/new").await;
    desk.js(
        "const long = Object.assign(document.createElement('input'), {type: 'hidden', name: 'summary'}); \
             long.value = 'x'.repeat(17 << 20); \
             document.querySelector(\"main form[action^='/leads/new']\").append(long);",
    )
    .await;
    desk.press("main form[action^='/leads/new'] .buttons button").await;
    told(desk, "413", "too-much").await;
    desk.press(".error-page a[href='/leads/new']").await;
    assert_eq!(desk.path().await, "/leads/new");
}

/// A form that stands on somebody else's page.
async fn from_elsewhere(desk: &mut Desk<'_>, lang: &str) {
    // No cookie goes along from there, so that the browser's own language is what counts.
    desk.chrome.cdp("Network.enable", json!({})).await;
    desk.chrome.cdp("Network.setExtraHTTPHeaders", json!({"headers": {"Accept-Language": lang}})).await;
    let form = format!("<form%20method=post%20action={}/leads/new><button>x</button></form>", desk.app.base);
    desk.chrome.client.goto(&format!("data:text/html,{form}")).await.expect("somebody's page");
    desk.press("button").await;
    told(desk, "403", "forged").await;
    desk.chrome.cdp("Network.setExtraHTTPHeaders", json!({"headers": {}})).await;
}
