//! What a second look found at a desk with scripts: a field whose version was chosen and is written in, the Enter key over
//! suggestions to be ticked, and a list that is as wide as its page; and two pages that only something in the way leads to, in
//! both languages.

use std::time::Duration;

use serde_json::json;

use crate::{
    desk::{Desk, Manner},
    support::{TestApp, seed::GUANGZHOU, story},
};

/// Longer than it takes by far.
const PATIENCE: Duration = Duration::from_secs(180);
const SAVE: &str = "main form.panel .buttons button";
const LANGUAGES: [&str; 2] = ["en", "zh-CN"];

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
    be_asked_whether_it_is_another(desk).await;
    send_too_late(desk).await;
}

/// A lead that looks like another is submitted once it is said why it is none.
async fn be_asked_whether_it_is_another(desk: &mut Desk<'_>) {
    let app = desk.app;
    let (compiler, other) = (app.sign_in("compiler").await, app.sign_in("compiler2").await);
    let known = app.seed.lead(&app.services, "compiler2");
    let lead = app.seed.lead(&app.services, "compiler");
    for (browser, id) in [(&other, known), (&compiler, lead)] {
        let offer = [("url", "https://shop.example/1")];
        browser.post(&format!("/leads/{id}/listings"), &offer).await.expect(303);
    }
    let item = story::note(&compiler, lead, "商品页面.txt", "标价 199 元").await;
    let guangzhou = app.seed.agencies[GUANGZHOU];
    story::compose(&compiler, lead, 1, &[guangzhou], &[item], &[]).await.expect(303);
    app.settle().await;

    desk.sit_down("compiler").await;
    desk.open(&format!("/leads/{lead}/dossiers")).await;
    desk.press("form[action*='/submit?'] button").await;
    desk.expect_refusal().await;
    let submit = format!("/leads/{lead}/submit");
    assert!(desk.path().await.starts_with(&submit), "{}", desk.path().await);
    // It has an address of its own, too.
    for lang in LANGUAGES {
        desk.speak(lang, &submit).await;
        assert_eq!(desk.path().await, submit);
        assert_eq!(desk.attribute("[name=alike]", "value").await, known.to_string());
        desk.look_as_it_stands_in(lang, "duplicates").await;
    }
    desk.press(SAVE).await;
    desk.expect_refusal().await;
    assert_eq!(desk.count("#f-not-duplicate-error").await, 1, "{}", desk.text().await);
    desk.look_as_it_stands("duplicates-faulty").await;
    desk.write("[name=not_duplicate]", "商品不同，系另一批次。").await;
    desk.press(SAVE).await;
    assert!(desk.path().await.starts_with("/approvals/"), "{}", desk.text().await);
}

/// A form that is sent after the session ended is given back, and goes once its writer has signed in again.
async fn send_too_late(desk: &mut Desk<'_>) {
    for lang in LANGUAGES {
        desk.sit_down("compiler").await;
        desk.open("/leads/new").await;
        desk.speak(lang, "/leads/new").await;
        desk.write("[name=title]", "疑似销售假冒注册商标的箱包").await;
        desk.set("[name='source.kind']", "complaint").await;
        desk.set("[name=sender_role]", "reporter").await;
        desk.lose_the_session().await;
        desk.press("main form[action^='/leads/new'] .buttons button").await;
        desk.expect_refusal().await;
        assert_eq!(desk.value("form.panel [name=title]").await, "疑似销售假冒注册商标的箱包");
        assert_eq!(desk.count("main a[href='/login']").await, 1, "{}", desk.text().await);
        desk.look_as_it_stands_in(lang, "signed-out").await;
        desk.sit_down("compiler").await;
        desk.press(SAVE).await;
        let lead = desk.path().await;
        assert!(lead.starts_with("/leads/0"), "{lead}: {}", desk.text().await);
    }
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
