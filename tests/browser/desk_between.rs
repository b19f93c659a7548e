//! What passes between people at their desks: two write on one draft, one calls another in a comment, a filter is handed on;
//! a liaison at a phone learns of none of it and is not thrown out while reading; and no page of theirs scrolls sideways.

use std::time::Duration;

use serde_json::json;

use crate::{
    desk::{Desk, Manner},
    support::{TestApp, fixtures, seed::GUANGZHOU, story},
};

/// Longer than it takes by far.
const PATIENCE: Duration = Duration::from_secs(300);

const SAVE: &str = "main form.panel .buttons button";
const COMMENT: &str = "before noon, please";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_work_on_one_thing_and_write_over_nobody() {
    let app = TestApp::new().await;
    let mut desk = Desk::new(&app, Manner { lang: "en", scripts: true, closely: false }).await;
    let done = tokio::time::timeout(PATIENCE, between(&mut desk)).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    done.expect("the stories end in time");
}

async fn between(desk: &mut Desk<'_>) {
    let (sent, transfer) = send(desk.app).await;
    let draft = share(desk.app).await;
    put_together(desk, &draft).await;
    call(desk, &sent).await;
    look_for(desk, &sent).await;
    hand_on_a_filter(desk).await;
    keep_out(desk, &sent, &transfer).await;
    stay(desk, &transfer).await;
    narrow(desk, &draft, &sent, &transfer).await;
}

/// A lead whose dossier was sent to Guangzhou; gives the paths of the lead and of the transfer.
async fn send(app: &TestApp) -> (String, String) {
    let (lead, dossiers) = story::sealed(app, &[GUANGZHOU]).await;
    let dossier = dossiers[0].to_string();
    let compiler = app.sign_in("compiler").await;
    let fields = [("dossier", dossier.as_str()), ("channel", "portal")];
    let transfer = compiler.post("/transfers/new", &fields).await.expect(303).id();
    (format!("/leads/{lead}"), format!("/transfers/{transfer}"))
}

/// A draft of one compiler that is assigned to another, and some more leads; gives its path.
async fn share(app: &TestApp) -> String {
    for n in 1..=3 {
        fixtures::lead(app, &format!("XS-2026-00009{n}"), "疑似销售假冒注册商标的手表").await;
    }
    let lead = app.seed.lead(&app.services, "compiler");
    let second = app.seed.people["compiler2"].to_string();
    let manager = app.sign_in("manager").await;
    manager.post(&format!("/leads/{lead}/assign"), &[("assignee", &second)]).await.expect(303);
    format!("/leads/{lead}")
}

/// Two write on one draft, the first without scripts: the first is shown what the second saved and chooses.
async fn put_together(desk: &mut Desk<'_>, lead: &str) {
    let edit = format!("{lead}/edit");
    desk.scripts(false).await;
    desk.seat("compiler", &edit).await;
    desk.write("[name=title]", "Title of the first").await;
    desk.write("[name=summary]", "Summary of the first").await;

    let window = desk.chrome.client.window().await.expect("a window");
    let other = desk.chrome.client.new_window(true).await.expect("a window");
    desk.chrome.client.switch_to_window(other.handle).await.expect("there");
    desk.seat("compiler2", &edit).await;
    desk.write("[name=title]", "Title of the second").await;
    desk.write("[name='source.note']", "A call to the second").await;
    desk.press(SAVE).await;
    assert_eq!(desk.path().await, format!("{lead}?ok=lead-saved"), "{}", desk.text().await);
    desk.chrome.client.close_window().await.expect("closed");
    desk.chrome.client.switch_to_window(window).await.expect("back");
    desk.sit_down("compiler").await;

    desk.press(SAVE).await;
    desk.expect_refusal().await;
    desk.has("Changed since you opened this page").await;
    for text in ["Title of the second", "A call to the second", "编制人乙"] {
        desk.has(text).await;
    }
    assert_eq!(desk.value("[name=summary]").await, "Summary of the first");
    // Only what both changed is asked for.
    assert_eq!(desk.count("fieldset.merge").await, 1);
    // Nothing is chosen for them: as it came, it is asked again, and the second one's title stays.
    assert_eq!(desk.count("[name='pick.title']:checked").await, 0);
    desk.look_as_it_stands("merge").await;
    desk.press(SAVE).await;
    desk.expect_refusal().await;
    assert_eq!(desk.count("#errors a[href='#f-pick-title']").await, 1, "{}", desk.text().await);
    desk.look_as_it_stands("merge-unchosen").await;
    desk.tick("[name='pick.title'][value=theirs]").await;
    desk.press(SAVE).await;
    assert_eq!(desk.path().await, format!("{lead}?ok=lead-saved"), "{}", desk.text().await);
    desk.open(&edit).await;
    for (name, text) in [
        ("title", "Title of the second"),
        ("summary", "Summary of the first"),
        ("source.note", "A call to the second"),
    ] {
        assert_eq!(desk.value(&format!("[name='{name}']")).await, text, "{name}");
    }
    desk.scripts(true).await;
}

/// A colleague is called by a name of which the first word is typed, and finds it on the first page.
async fn call(desk: &mut Desk<'_>, lead: &str) {
    let (body, offered) =
        ("#write [name=body]", "document.querySelector('ul.suggestions:not([hidden]) button')");
    desk.seat("compiler", lead).await;
    // Behind a bare sign the Enter key begins a line, and calls nobody by mistake.
    desk.fill(body, "@").await;
    desk.until(offered).await;
    desk.key("Enter").await;
    assert_eq!(desk.value(body).await, "@\n");
    desk.type_text("What does item 1 show? @编").await;
    desk.until(offered).await;
    desk.look_as_it_stands("colleagues").await;
    // What takes a word of an input method takes no colleague; Escape closes the list, and another letter opens it.
    let composing =
        "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true})";
    desk.js(&format!("document.activeElement.dispatchEvent({composing})")).await;
    assert_eq!(desk.count("#write [name=mentions]:checked").await, 0);
    desk.key("Escape").await;
    desk.until(&format!("!{offered}")).await;
    desk.type_text("制").await;
    desk.until(offered).await;
    desk.key("Enter").await;
    assert_eq!(desk.value(body).await, "@\nWhat does item 1 show? @编制人乙 ");
    assert_eq!(desk.count("#write [name=mentions]:checked").await, 1);
    desk.type_text(COMMENT).await;
    desk.key("Ctrl+Enter").await;
    desk.until("location.search === '?ok=comment-added'").await;
    desk.has(COMMENT).await;

    desk.seat("compiler2", "/").await;
    desk.has("Comments that mention you").await;
    assert!(!desk.says(COMMENT).await, "the first page says that there is one, not what");
    desk.press(&format!("main a[href^='{lead}/comments']")).await;
    desk.has(COMMENT).await;
    desk.press("form.notice button").await;
    desk.open("/").await;
    assert!(!desk.says("Comments that mention you").await, "read");
}

/// The list of keys, and what a word finds.
async fn look_for(desk: &mut Desk<'_>, lead: &str) {
    desk.open(lead).await;
    desk.key("?").await;
    desk.until("document.querySelector('dialog[open]')").await;
    desk.look_as_it_stands("keys-open").await;
    desk.key("Escape").await;
    desk.until("!document.querySelector('dialog[open]')").await;
    desk.fill(".top-search input", "手表").await;
    desk.key("Enter").await;
    desk.until("location.pathname === '/search'").await;
    assert!(desk.count("main .lines a").await >= 4, "{}", desk.text().await);
    desk.look_as_it_stands("search").await;
}

/// The rows that the list shows, with its head.
async fn table(desk: &Desk<'_>) -> String {
    desk.js("return document.querySelector('main table').innerText")
        .await
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// A list is its address: a filter less, other columns, saved, opened by a colleague, left and come back to.
async fn hand_on_a_filter(desk: &mut Desk<'_>) {
    desk.seat("compiler", "/leads").await;
    desk.fill(".filters [name=q]", "手表").await;
    desk.fill(".filters [name=region]", "440100").await;
    desk.key("Enter").await;
    desk.until("location.search === '?q=%E6%89%8B%E8%A1%A8&region=440100'").await;
    assert_eq!(desk.count(".filter-chips a").await, 3, "two filters, and all of them");
    desk.press(".filter-chips li:first-child a").await;
    assert_eq!(desk.path().await, "/leads?region=440100");
    assert_eq!(desk.count(".filter-chips a").await, 2);
    // The rest needs no script.
    desk.scripts(false).await;
    desk.open("/leads?region=440100").await;
    desk.click("details.columns summary").await;
    desk.tick("#col-brands").await;
    desk.click("#col-region").await;
    desk.press("details.columns .buttons button").await;
    let address = desk.path().await;
    assert!(address.contains("col=brands") && !address.contains("col=region"), "{address}");
    let head = desk.js("return document.querySelector('thead').innerText").await.to_string();
    assert!(head.contains("Brands") && !head.contains("Region"), "{head}");
    desk.press(".saved a[href^='/views/new']").await;
    desk.write("[name=name]", "Guangzhou by brand").await;
    desk.tick("#f-shared").await;
    desk.look_as_it_stands("filter-saved").await;
    desk.press(SAVE).await;
    assert_eq!(desk.path().await, format!("{address}&ok=view-saved"));
    assert_eq!(desk.count(".saved a[aria-current=true]").await, 1, "{}", desk.text().await);

    desk.seat("compiler2", "/leads").await;
    desk.has("Guangzhou by brand (shared)").await;
    desk.press(".saved a[href*='col=brands']").await;
    assert_eq!(desk.path().await, address);
    let shown = table(desk).await;
    desk.scripts(true).await;
    desk.press("main tbody tr:nth-child(2) a").await;
    desk.chrome.client.back().await.expect("back");
    desk.until("location.pathname === '/leads'").await;
    assert_eq!((desk.path().await, table(desk).await), (address.clone(), shown.clone()));
    desk.chrome.client.refresh().await.expect("again");
    desk.until("location.pathname === '/leads'").await;
    assert_eq!((desk.path().await, table(desk).await), (address, shown));
}

/// Nothing that the platform says among its own comes to the agency that has the lead.
async fn keep_out(desk: &mut Desk<'_>, lead: &str, transfer: &str) {
    desk.manner.lang = "zh-CN";
    desk.resize(360).await;
    desk.seat("liaison", "/transfers").await;
    desk.press("ul.inbox a").await;
    assert_eq!(desk.path().await, transfer);
    for path in ["/", "/transfers", "/changes", transfer] {
        desk.open(path).await;
        assert!(!desk.says(COMMENT).await, "{path}");
    }
    for path in [lead.to_owned(), format!("{lead}/comments")] {
        assert_eq!(desk.fetch(&path).await.0, 404, "{path}");
    }
    desk.expect_refusal().await;
}

/// A liaison writes for a long time on a phone, is warned before the session ends, and stays by one press; what was typed is
/// still there.
async fn stay(desk: &mut Desk<'_>, transfer: &str) {
    desk.open(transfer).await;
    desk.fill(".message-form [name=body]", "请补充销售记录").await;
    desk.until("document.querySelector('.message-form[data-kept]')").await;
    desk.let_sessions_end_in("liaison", 200).await;
    // Another page of the same browser tells this one that it is about time to ask the server.
    desk.js("new BroadcastChannel('session').postMessage({left: 301, most: 600000})").await;
    desk.until("document.getElementById('session-warning').open").await;
    assert_eq!(desk.js("return document.activeElement.dataset.part").await, json!("stay"));
    desk.has("剩余 3:").await;
    desk.look_as_it_stands("session-warning").await;
    desk.click("#session-warning [data-part=stay]").await;
    desk.until("!document.getElementById('session-warning').open").await;
    let asked = "return fetch('/account/session', {headers: {accept: 'application/json'}}).then((reply) => reply.json())";
    let left = desk.js(asked).await["left"].as_i64();
    assert!(left.is_some_and(|seconds| seconds > 40_000), "{left:?}");
    assert_eq!(desk.value(".message-form [name=body]").await, "请补充销售记录");
}

/// No page of theirs scrolls sideways where a page of 1,280 pixels is enlarged to 400%.
async fn narrow(desk: &mut Desk<'_>, draft: &str, sent: &str, transfer: &str) {
    let edit = format!("{draft}/edit");
    let dossiers = format!("{sent}/dossiers");
    let platform = [
        draft,
        sent,
        edit.as_str(),
        dossiers.as_str(),
        "/leads?region=440100",
        "/leads/new",
        "/transfers",
        transfer,
    ];
    let agency = ["/", "/transfers", transfer];
    desk.resize(320).await;
    for lang in ["zh-CN", "en"] {
        desk.manner.lang = lang;
        for (who, paths) in [("compiler", &platform[..]), ("liaison", &agency[..])] {
            desk.seat(who, "/").await;
            for path in paths {
                desk.open(path).await;
                desk.check(&format!("narrow{path}").replace(['/', '?', '='], "-"), lang, "light").await;
            }
        }
    }
}
