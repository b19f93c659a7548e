//! What a second look found at a desk with scripts: a field whose version was chosen and is written in, the Enter key over
//! suggestions to be ticked, and a list that is as wide as its page.

use std::time::Duration;

use serde_json::json;

use crate::{
    desk::{Desk, Manner},
    support::TestApp,
};

/// Longer than it takes by far.
const PATIENCE: Duration = Duration::from_secs(120);
const SAVE: &str = "main form.panel .buttons button";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_look_at_the_desk() {
    let app = TestApp::new().await;
    let lead = app.seed.lead(&app.services, "compiler");
    let manager = app.sign_in("manager").await;
    let second = app.seed.people["compiler2"].to_string();
    manager.post(&format!("/leads/{lead}/assign"), &[("assignee", &second)]).await.expect(303);
    let mut desk = Desk::new(&app, Manner { closely: false, ..Manner::usual() }).await;
    let done = tokio::time::timeout(PATIENCE, go(&mut desk, &format!("/leads/{lead}"))).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    done.expect("the story ends in time");
}

async fn go(desk: &mut Desk<'_>, lead: &str) {
    desk.open("/login").await;
    desk.speak("zh-CN", "/login").await;
    choose_and_write(desk, &format!("{lead}/edit")).await;
    look_for_charges(desk).await;
    // The usual columns stand beside each other on a laptop.
    for lang in ["zh-CN", "en"] {
        desk.open("/leads").await;
        desk.speak(lang, "/leads").await;
        let wide = "const at = document.querySelector('main .table'); return at.scrollWidth - at.clientWidth";
        assert_eq!(desk.js(wide).await, json!(0), "{lang}");
    }
    // The button in the head of the page switches back, and the page stays.
    desk.press("form[action^='/language?to=zh-CN'] button").await;
    assert_eq!(desk.js("return document.documentElement.lang").await, json!("zh-CN"));
    assert_eq!(desk.path().await, "/leads");
}

/// Whoever takes the stored version is told so at the field, and takes their own by writing in it.
async fn choose_and_write(desk: &mut Desk<'_>, edit: &str) {
    desk.seat("compiler", edit).await;
    desk.fill("[name=title]", "第一人的标题").await;
    let window = desk.chrome.client.window().await.expect("a window");
    let other = desk.chrome.client.new_window(true).await.expect("a window");
    desk.chrome.client.switch_to_window(other.handle).await.expect("there");
    desk.seat("compiler2", edit).await;
    desk.fill("[name=title]", "第二人的标题").await;
    desk.press(SAVE).await;
    desk.chrome.client.close_window().await.expect("closed");
    desk.chrome.client.switch_to_window(window).await.expect("back");
    desk.sit_down("compiler").await;
    desk.press(SAVE).await;
    desk.expect_refusal().await;
    desk.tick("[name='pick.title'][value=theirs]").await;
    desk.has("改动本栏即改用您填写的").await;
    desk.click("[name=title]").await;
    desk.type_text("，又改").await;
    assert_eq!(desk.count("[name='pick.title'][value=mine]:checked").await, 1);
    assert!(!desk.says("改动本栏即改用您填写的").await);
    desk.press(SAVE).await;
    desk.open(edit).await;
    assert!(desk.value("[name=title]").await.contains("，又改"));
}

/// The Enter key over what is suggested sends nothing: it marks the first, and takes what is marked.
async fn look_for_charges(desk: &mut Desk<'_>) {
    desk.open("/leads/new").await;
    desk.click("[name=charge_q]").await;
    desk.type_text("xsjm").await;
    desk.until("document.querySelector('[name=charge_q]').getAttribute('aria-expanded') === 'true'").await;
    let above = "const [list, label] = [document.querySelector('.pick-list:not([hidden])'), \
                 document.querySelector('label[for=f-charge-q]')].map((at) => at.getBoundingClientRect()); \
                 return list.top >= label.bottom";
    assert_eq!(desk.js(above).await, json!(true), "the list covers its label");
    desk.key("Enter").await;
    assert_eq!(desk.count(".pick-list [aria-selected=true]").await, 1);
    desk.key("Enter").await;
    assert_eq!(desk.count("[name=charges]:checked").await, 1);
    assert_eq!(desk.path().await, "/leads/new", "nothing was sent");
}
