//! A morning without the mouse at a desk with five hundred leads: from signing in over a draft and its evidence to an outcome
//! that is confirmed, by keys alone; and what stands in the way of none: typing, somebody who wants no single keys.

use std::time::Duration;

use serde_json::json;

use crate::{
    desk::{Desk, Manner},
    desk_keys_way::{self as way, is_at, tab_to},
    support::TestApp,
};

/// Longer than it takes by far.
const PATIENCE: Duration = Duration::from_secs(300);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_morning_s_work_is_done_without_the_mouse() {
    let app = TestApp::new().await;
    app.seed.leads(&app.services, "compiler", LEADS);
    let mut desk = Desk::new(&app, Manner::usual()).await;
    let done = tokio::time::timeout(PATIENCE, morning(&mut desk)).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    done.expect("the morning ends in time");
}

/// As many as a compiler may have, and far more than a page of the list holds.
const LEADS: usize = 500;

/// How many ticks stand in the address of a list.
const PICKS: &str = "new URL(location.href).searchParams.getAll('pick').length";
/// Where it is no first page, the way to the one before.
const BEFORE: &str = "document.querySelector('main a[rel=prev]')";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_list_is_gone_through_without_the_mouse() {
    let app = TestApp::new().await;
    app.seed.leads(&app.services, "compiler", LEADS);
    let mut desk = Desk::new(&app, Manner { closely: false, ..Manner::usual() }).await;
    let done = tokio::time::timeout(PATIENCE, go_through(&mut desk)).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    done.expect("the list ends in time");
}

/// Rows are ticked on two pages; each way back leads to the page, the ticks and the row that were left.
async fn go_through(desk: &mut Desk<'_>) {
    desk.seat("manager", "/leads").await;
    desk.open("/leads?state=draft&sort=-number").await;
    desk.keys("jxjjx").await;
    desk.until(&format!("{PICKS} === 2")).await;
    assert!(is_at(desk, "tbody tr:nth-child(3) a").await, "a tick leaves the focus at its row");
    desk.key("]").await;
    desk.until(&format!("{BEFORE} && {PICKS} === 2")).await;
    desk.keys("jjx").await;
    desk.until(&format!("{PICKS} === 3")).await;

    // To the ticked ones, and back.
    desk.key("b").await;
    assert!(is_at(desk, ".picking-bar [data-page]").await);
    tab_to(desk, ".picking-bar button[formaction='/leads/selected']:not([name])").await;
    desk.key("Enter").await;
    desk.until("location.pathname === '/leads/selected'").await;
    assert_eq!(desk.count("tbody [name=pick]:checked").await, 3);
    desk.key("u").await;
    as_it_was_left(desk).await;

    // Into a row, and back behind an act that has a page of its own.
    desk.key("o").await;
    desk.until("/^.leads.[0-9a-f-]{36}$/.test(location.pathname)").await;
    desk.key("i").await;
    desk.until("document.activeElement.name === 'assignee'").await;
    desk.key("ArrowDown").await;
    desk.key("Ctrl+Enter").await;
    desk.until("location.search.startsWith('?ok=')").await;
    desk.key("u").await;
    as_it_was_left(desk).await;
    desk.key("[").await;
    desk.until(&format!("!{BEFORE} && {PICKS} === 3")).await;
    assert_eq!(desk.count("tbody tr").await, 50);
    desk.glance("keys-list").await;
}

/// The second page with all that is ticked, and the first key goes to the row that was left.
async fn as_it_was_left(desk: &Desk<'_>) {
    let is_back = "location.pathname === '/leads' && location.search.startsWith('?state=draft&sort=-number')";
    desk.until(&format!("{is_back} && {BEFORE} && {PICKS} === 3")).await;
    desk.key("j").await;
    assert!(is_at(desk, "tbody tr:nth-child(2) a").await, "{}", desk.path().await);
}

async fn morning(desk: &mut Desk<'_>) {
    desk.open("/login").await;
    desk.speak("zh-CN", "/login").await;
    way::sign_in(desk, "compiler").await;
    let lead = draft(desk).await;
    gather(desk, &lead).await;
    look_through(desk, &lead).await;
    ask_for_the_keys(desk).await;
    way::go_all_the_way(desk, &lead).await;
    desk.sit_down("compiler").await;
    without_single_keys(desk).await;
}

/// To the leads and to a new one; the skip link goes past the navigation. Gives the path of the lead.
async fn draft(desk: &Desk<'_>) -> String {
    desk.keys("gl").await;
    desk.until("location.pathname === '/leads'").await;
    desk.key("Tab").await;
    assert!(is_at(desk, "a.skip").await, "the first stop skips the navigation");
    let seen = "return getComputedStyle(document.activeElement).outlineStyle";
    assert_eq!(desk.js(seen).await, json!("solid"), "the focus is seen");
    desk.key("n").await;
    // Who comes by a key is in the first field.
    desk.until("location.pathname === '/leads/new' && document.activeElement.name === 'title'").await;
    desk.type_text("疑似销售假冒注册商标的手表").await;
    // What is a key elsewhere is a letter here.
    desk.key("j").await;
    desk.key("n").await;
    assert_eq!(desk.js("return document.activeElement.value.slice(-2)").await, json!("jn"));
    tab_to(desk, "[name=summary]").await;
    desk.type_text("店铺以明显低于市场的价格销售。").await;
    way::choose_guangzhou(desk).await;
    for name in ["source.kind", "sender_role"] {
        tab_to(desk, &format!("[name='{name}']")).await;
        desk.key("ArrowDown").await;
        desk.until("document.activeElement.value").await;
    }
    way::choose(desk, "charge_q", "xsjm", "").await;
    assert_eq!(desk.count("#charge-CL214:checked").await, 1);
    desk.key("Ctrl+Enter").await;
    desk.until("/^.leads.[0-9a-f-]{36}$/.test(location.pathname)").await;
    assert!(is_at(desk, ".notice").await, "what became of it is read first");
    desk.path().await.split('?').next().unwrap_or_default().to_owned()
}

/// A file with a Chinese name, after a try without its source.
async fn gather(desk: &mut Desk<'_>, lead: &str) {
    let file = desk.app.data.path().join("证据 截图.png");
    image::RgbImage::from_pixel(64, 48, image::Rgb([60, 60, 200])).save(&file).expect("a picture");
    let empty = desk.app.data.path().join("空.txt");
    std::fs::write(&empty, "").expect("written");
    desk.key("v").await;
    desk.until(&format!("location.pathname === '{lead}/evidence'")).await;
    let form = "form[data-queue]";
    // The window in which files are chosen is the system's.
    let both = format!("{}\n{}", file.display(), empty.display());
    desk.find(&format!("{form} [name=file]")).await.send_keys(&both).await.expect("chosen");
    desk.until("document.querySelectorAll('.queue > li').length === 2").await;
    desk.has("证据 截图.png").await;
    desk.has("文件为空，请重新选择").await;
    for (name, text) in [("method", "网页截图"), ("collected_at", "2016-05-04 09:30")] {
        tab_to(desk, &format!("{form} [name={name}]")).await;
        desk.type_text(text).await;
    }
    tab_to(desk, &format!("{form} [name=collected_by]")).await;
    desk.key("Enter").await;
    desk.until(
        "document.activeElement.matches('[data-queue-faults]') && document.getElementById('f-source-error')",
    )
    .await;
    desk.expect_refusal().await;
    desk.key("Tab").await;
    desk.key("Enter").await;
    desk.until("document.activeElement.name === 'source'").await;
    desk.type_text("商品页面").await;
    desk.key("Enter").await;
    desk.until("document.querySelector('.queue > li[data-state=done]')").await;
    assert_eq!(desk.count(".queue > li[data-state=done] [data-hash=sha256] code span").await, 16);
    assert_eq!(desk.count(".queue > li[data-state=failed]").await, 1, "the empty one");
    desk.until("document.querySelectorAll('#evidence-rows tbody tr').length === 1").await;
    desk.has("已登记 1 / 2").await;
    check_width(desk, 1280).await;
    check_width(desk, 320).await;
    desk.resize(1280).await;
    desk.look("keys-evidence").await;
}

/// Down a list and into it, and back to it as it was.
async fn look_through(desk: &Desk<'_>, lead: &str) {
    desk.open("/leads?sort=-number").await;
    desk.key("j").await;
    assert!(is_at(desk, "tbody tr:first-child a").await);
    desk.key("Enter").await;
    desk.until(&format!("location.pathname === '{lead}'")).await;
    desk.key("u").await;
    desk.until("location.pathname === '/leads' && location.search === '?sort=-number'").await;
    // One goes on from where one was.
    desk.key("j").await;
    desk.key("k").await;
    assert!(is_at(desk, "tbody tr:first-child a").await);
    desk.key("f").await;
    assert!(is_at(desk, ".filters :is(input, select)").await);
    desk.open(&format!("{lead}/evidence")).await;
    desk.key("j").await;
    desk.key("x").await;
    assert_eq!(desk.count("[name=item]:checked").await, 1);
    desk.key("o").await;
    desk.until("location.pathname.startsWith('/evidence/')").await;
}

/// The list of keys, and away from it.
async fn ask_for_the_keys(desk: &mut Desk<'_>) {
    desk.open("/leads").await;
    desk.key("?").await;
    desk.until("document.querySelector('dialog[open]')").await;
    desk.has("移到下一行").await;
    // No key of this page, so none of its list.
    assert_eq!(
        desk.js("return document.querySelector('dialog').innerText.includes('编制卷宗')").await,
        json!(false)
    );
    desk.key("n").await;
    desk.key("Escape").await;
    desk.until("!document.querySelector('dialog[open]')").await;
    assert_eq!(desk.path().await, "/leads", "under the list no other key does anything");
    desk.open("/help/keys").await;
    desk.look("keys").await;
}

/// Nothing scrolls sideways on the page as it stands, a queue of files in it.
async fn check_width(desk: &mut Desk<'_>, width: u32) {
    desk.resize(width).await;
    let wide = desk.js("return document.documentElement.scrollWidth").await.as_u64().unwrap_or_default();
    if wide > u64::from(width) {
        let path = desk.path().await;
        desk.faults.push(format!("{path}: {wide} px wide at {width}"));
    }
}

/// Switched off, keys pressed alone are keys pressed alone.
async fn without_single_keys(desk: &Desk<'_>) {
    desk.open("/account").await;
    tab_to(desk, "form[action^='/account/keys'] button").await;
    desk.key("Enter").await;
    desk.until("location.search === '?ok=keys-saved'").await;
    desk.open("/leads").await;
    for key in ["n", "?", "g", "h"] {
        desk.key(key).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(desk.path().await, "/leads");
    assert_eq!(desk.count("[aria-keyshortcuts]").await, 0);
}
