//! Files and folders with Chinese names are dropped on the page of evidence: out of another page and out of a folder of the
//! machine; one is stopped on its way and goes later, and each shows its hashes.

use std::{path::Path, time::Duration};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    desk::{Desk, Manner},
    states::Line,
    support::TestApp,
};

/// Longer than it takes by far.
const PATIENCE: Duration = Duration::from_secs(240);

const FORM: &str = "form[data-queue]";
const ROWS: &str = ".queue > li";
const DONE: &str = ".queue > li:is([data-state=done], [data-state=again])";
const SENDING: &str = ".queue > li[data-state=sending]";
const STOPPED: &str = ".queue > li[data-state=cancelled]";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_dropped_on_the_page_is_registered_file_by_file() {
    let app = TestApp::new().await;
    let lead = app.seed.lead(&app.services, "compiler");
    let mut desk = Desk::new(&app, Manner { closely: false, ..Manner::usual() }).await;
    let done = tokio::time::timeout(PATIENCE, bring(&mut desk, &format!("/leads/{lead}/evidence"))).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    done.expect("the story ends in time");
}

async fn bring(desk: &mut Desk<'_>, evidence: &str) {
    desk.seat("compiler", evidence).await;
    drop_from_page(desk, "#upload", &["聊天记录（三）.txt", "商品 页面.txt"]).await;
    desk.until(&format!("document.querySelectorAll('{ROWS}').length === 2")).await;
    desk.has("聊天记录（三）.txt").await;
    drop_a_folder(desk).await;
    change_their_mind(desk).await;
    fill_in(desk).await;
    stop_one(desk).await;
    send_the_rest(desk).await;
}

/// Drops files that a script made, of some hundred kilobytes each.
async fn drop_from_page(desk: &Desk<'_>, css: &str, names: &[&str]) {
    let names = serde_json::to_string(names).expect("names");
    let script = format!(
        "const data = new DataTransfer(); \
         for (const name of {names}) data.items.add(new File([name.repeat(8000)], name, {{type: 'text/plain'}})); \
         for (const kind of ['dragenter', 'dragover', 'drop']) \
           document.querySelector('{css}').dispatchEvent( \
             new DragEvent(kind, {{bubbles: true, cancelable: true, dataTransfer: data}}));"
    );
    desk.js(&script).await;
}

/// One step of dragging files and folders of the machine over the middle of an element.
async fn drag(desk: &Desk<'_>, kind: &str, css: &str, paths: &[&Path]) {
    let place = desk
        .js(&format!(
            "const at = document.querySelector('{css}'); at.scrollIntoView({{block: 'center'}}); \
             const box = at.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2];"
        ))
        .await;
    let files: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    let data = json!({"items": [], "files": files, "dragOperationsMask": 1});
    let event = json!({"type": kind, "x": place[0], "y": place[1], "data": data});
    desk.chrome.cdp("Input.dispatchDragEvent", event).await;
}

/// A folder with another in it, dropped anywhere on the page: its files stand with their places, without what the computer
/// put there for itself.
async fn drop_a_folder(desk: &mut Desk<'_>) {
    let folder = desk.app.data.path().join("卷宗材料");
    std::fs::create_dir_all(folder.join("第一批")).expect("folders");
    for (name, text) in
        [("清单.txt", "一、商品页面"), ("第一批/截图（一）.txt", "标价 199 元"), ("第一批/.DS_Store", "x")]
    {
        std::fs::write(folder.join(name), text).expect("written");
    }
    drag(desk, "dragEnter", "h1", &[&folder]).await;
    drag(desk, "dragOver", "h1", &[&folder]).await;
    desk.until("document.querySelector('.field-file.dragging')").await;
    drag(desk, "drop", "h1", &[&folder]).await;
    desk.until(&format!("document.querySelectorAll('{ROWS}').length === 4")).await;
    assert_eq!(desk.count(".field-file.dragging").await, 0);
    for text in ["卷宗材料/第一批/截图（一）.txt", "卷宗材料/第一批/.DS_Store"] {
        desk.has(text).await;
    }
    desk.look_as_it_stands("dropped").await;
}

/// What was dropped by mistake is taken out again.
async fn change_their_mind(desk: &Desk<'_>) {
    drop_from_page(desk, "#upload", &["别的案件.txt"]).await;
    desk.until(&format!("document.querySelectorAll('{ROWS}').length === 5")).await;
    desk.click(&format!("{ROWS}:last-child [data-act=remove]")).await;
    desk.until(&format!("document.querySelectorAll('{ROWS}').length === 4")).await;
    assert!(!desk.says("别的案件.txt").await, "{}", desk.text().await);
}

/// Where they come from.
async fn fill_in(desk: &Desk<'_>) {
    for (name, text) in [("source", "商家电脑"), ("method", "现场拷贝"), ("collected_at", "2016-05-04 09:30")]
    {
        desk.write(&format!("{FORM} [name={name}]"), text).await;
    }
}

/// The line breaks between two files, and stays away for a while: they go by themselves when it is back.
async fn lose_the_line(desk: &Desk<'_>) {
    desk.line(Line::Lost).await;
    desk.until(&format!(
        "document.querySelector('{SENDING}')?.innerText.includes('连接中断，恢复后自动续传')"
    ))
    .await;
    tokio::time::sleep(Duration::from_millis(1_800)).await;
    assert_eq!(desk.count(SENDING).await, 1, "nobody has to press anything: {}", desk.text().await);
    assert!(desk.count(DONE).await < 3);
    desk.line(Line::Whole).await;
}

/// Over a slow line one is stopped half-way; the others go on by themselves.
async fn stop_one(desk: &mut Desk<'_>) {
    desk.line(Line::Slow).await;
    desk.click(&format!("{FORM} .buttons button")).await;
    // The small ones of the folder may be gone by then.
    let moves = format!("[...document.querySelectorAll('{SENDING} progress')]");
    let large = "(bar) => bar.value > 0 && bar.value < 0.8 && bar.closest('li').row.file.size > 100000";
    desk.until(&format!("{moves}.some({large})")).await;
    // How far it is, how fast it goes, and how long it will take.
    let figures = format!("document.querySelector('{SENDING} [data-figures]').textContent");
    desk.until(&format!("/^[0-9]+% · [0-9.,]+ [KM]?B\\/s · .*[0-9]+:[0-9]{{2}}/.test({figures})")).await;
    desk.click(&format!("{SENDING} [data-act=cancel]")).await;
    desk.until(&format!("document.querySelectorAll('{STOPPED}').length === 1")).await;
    lose_the_line(desk).await;
    desk.until(&format!("document.querySelectorAll('{DONE}').length === 3")).await;
    assert_eq!(desk.count(STOPPED).await, 1, "nothing sends it by itself");
    desk.expect_refusal().await;
    desk.look_as_it_stands("drop-stopped").await;
}

/// The one that was stopped goes after all; each has the hashes of its bytes, in the queue and in the list.
async fn send_the_rest(desk: &mut Desk<'_>) {
    desk.click(&format!("{STOPPED} [data-act=retry]")).await;
    desk.until(&format!("document.querySelectorAll('{DONE}').length === 4")).await;
    desk.until("document.querySelectorAll('#evidence-rows tbody tr').length === 4").await;
    desk.has("已登记 4 / 4").await;
    for hash in ["sha256", "sm3"] {
        assert_eq!(desk.count(&format!("{DONE} [data-hash={hash}] code span")).await, 4 * 16, "{hash}");
    }
    for (name, text) in [
        ("清单.txt", "一、商品页面".to_owned()),
        ("截图（一）.txt", "标价 199 元".to_owned()),
        ("商品 页面.txt", "商品 页面.txt".repeat(8_000)),
    ] {
        let shown = desk
            .js(&format!(
                "const rows = [...document.querySelectorAll('{ROWS}')]; \
                 const row = rows.find((row) => row.querySelector('[data-name]').textContent === '{name}'); \
                 return row?.querySelector('[data-hash=sha256]').dataset.copy;"
            ))
            .await;
        let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(text.as_bytes())[..]);
        assert_eq!(shown, Value::from(hash.as_str()), "{name}");
        let listed = format!("#evidence-rows code.hash[title='{hash}']");
        assert_eq!(desk.count(&listed).await, 1, "{name} is in the list");
    }
    desk.expect_refusal().await;
    desk.look_as_it_stands("drop-done").await;
}
