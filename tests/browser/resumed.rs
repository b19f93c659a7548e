//! A large file on the page of evidence goes in parts: somebody pauses it, closes the tab, loses the line, and it is whole in
//! the end, without a byte that went twice for nothing. One that is refused for itself stands in no other's way.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use lead_handoff::casework::evidence::resumable::model::MOST_OPEN;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{
    desk::{Desk, Manner},
    support::{
        TestApp, fixtures,
        line::{Line, State},
        tus,
    },
};

/// Longer than it takes by far.
const PATIENCE: Duration = Duration::from_secs(300);
const MIB: usize = 1 << 20;
/// A file takes some seconds with it: long enough to act on what is seen.
const STEADY: State = State::Steady(4 * MIB);
const FORM: &str = "form[data-queue]";
const SENDING: &str = "ol.queue > li[data-state=sending]";

/// Notes, from now on, where each part begins that the page sends.
const NOTE_OFFSETS: &str = "window.offsets = []; \
    const set = XMLHttpRequest.prototype.setRequestHeader; \
    XMLHttpRequest.prototype.setRequestHeader = function (name, value) { \
      if (name === 'Upload-Offset') window.offsets.push(Number(value)); \
      return set.call(this, name, value); \
    };";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_file_goes_on_after_a_pause_a_closed_tab_and_a_line_that_breaks_twice() {
    let mut app = TestApp::new().await;
    let line = Line::to(&app.base);
    app.base.clone_from(&line.base);
    let lead = app.seed.lead(&app.services, "compiler");
    let mut desk = Desk::new(&app, Manner { closely: false, ..Manner::usual() }).await;
    let story = async {
        let evidence = format!("/leads/{lead}/evidence");
        desk.seat("compiler", &evidence).await;
        pause_and_lose_the_line(&mut desk, &line).await;
        one_refused_alone(&mut desk, &evidence).await;
        close_the_tab(&desk, &line, &evidence).await;
    };
    let done = tokio::time::timeout(PATIENCE, story).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    done.expect("the story ends in time");
}

/// A file that differs from place to place, and its SHA-256.
fn recording(folder: &Path, name: &str, mib: usize) -> (PathBuf, String) {
    let block: Vec<u8> = (0..MIB).map(|n| (n % 251) as u8 ^ (n / 65_536) as u8).collect();
    let mut bytes = block.repeat(mib);
    for (n, part) in bytes.chunks_mut(MIB).enumerate() {
        part[..8].copy_from_slice(&(n as u64).to_le_bytes());
        part[8..8 + name.len()].copy_from_slice(name.as_bytes());
    }
    let file = folder.join(name);
    std::fs::write(&file, &bytes).expect("written");
    (file, data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes)))
}

async fn choose(desk: &Desk<'_>, files: &[&Path]) {
    let paths: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
    desk.write(&format!("{FORM} [name=file]"), &paths.join("\n")).await;
}

/// Where they come from; then they go.
async fn hand_in(desk: &Desk<'_>) {
    for (name, text) in [("source", "商家电脑"), ("method", "现场拷贝"), ("collected_at", "2016-05-04 09:30")]
    {
        desk.write(&format!("{FORM} [name={name}]"), text).await;
    }
    desk.click(&format!("{FORM} .buttons button")).await;
}

/// As `until`, for what takes a while: a part that was cut off holds its upload for some seconds.
async fn in_time(desk: &Desk<'_>, condition: &str) {
    for _ in 0..600 {
        if desk.js(&format!("return Boolean({condition})")).await == json!(true) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("never on {}: {condition}\n{}", desk.path().await, desk.text().await);
}

/// The file is on its way, beyond this part of it.
async fn is_beyond(desk: &Desk<'_>, share: f64) {
    in_time(desk, &format!("document.querySelector('{SENDING} progress')?.value > {share}")).await;
}

/// The row of a file, in the page.
fn row(name: &str) -> String {
    format!(
        "[...document.querySelectorAll('ol.queue > li')].find((row) => row.querySelector('[data-name]').textContent === '{name}')"
    )
}

/// The file is registered, and its hash stands in the queue, in the list and on its own page.
async fn is_whole(desk: &Desk<'_>, name: &str, sha256: &str) {
    let row = row(name);
    in_time(desk, &format!("{row}?.dataset.state === 'done'")).await;
    let shown = desk.js(&format!("return {row}.querySelector('[data-hash=sha256]').dataset.copy")).await;
    assert_eq!(shown, json!(sha256), "{name}");
    desk.until(&format!("document.querySelector('#evidence-rows code.hash[title=\"{sha256}\"]')")).await;
    let item = desk.js(&format!("return {row}.querySelector('[data-name] a').getAttribute('href')")).await;
    let here = desk.path().await;
    desk.open(item.as_str().expect("its page")).await;
    let text: String = desk.text().await.split_whitespace().collect();
    assert!(text.contains(sha256), "{text}");
    desk.open(&here).await;
}

/// It waits as long as its sender wants, and on over a line that breaks twice: from where it was each time.
async fn pause_and_lose_the_line(desk: &mut Desk<'_>, line: &Line) {
    let (file, sha256) = recording(desk.app.data.path(), "取证录像（一）.bin", 24);
    desk.js(NOTE_OFFSETS).await;
    choose(desk, &[&file]).await;
    // It goes in parts however long its details are.
    desk.js(&format!("document.querySelector('{FORM} [name=description]').value = '述'.repeat(4_000)")).await;
    line.set(STEADY);
    hand_in(desk).await;
    is_beyond(desk, 0.1).await;
    desk.click(&format!("{SENDING} [data-act=pause]")).await;
    let paused = "ol.queue > li[data-state=paused]";
    desk.until(&format!("document.querySelector('{paused}')")).await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(desk.count(paused).await, 1, "nothing goes on by itself");
    assert_eq!(desk.js("return window.offsets").await, json!([0]));
    desk.expect_refusal().await;
    desk.look_as_it_stands("upload-paused").await;
    desk.click(&format!("{paused} [data-act=resume]")).await;
    in_time(desk, "window.offsets.at(-1) > 0").await;
    let paused_at = desk.js("return window.offsets.at(-1)").await.as_u64().expect("a place");
    is_beyond(desk, 0.3).await;

    for share in [0.5, 0.7] {
        line.set(State::Cut);
        desk.until(&format!(
            "document.querySelector('{SENDING}')?.innerText.includes('连接中断，恢复后自动续传')"
        ))
        .await;
        line.set(STEADY);
        is_beyond(desk, share).await;
    }
    line.set(State::Whole);
    in_time(desk, &format!("{}?.dataset.state === 'done'", row("取证录像（一）.bin"))).await;
    let last = desk.js("return window.offsets.at(-1)").await.as_u64().expect("a place");
    assert!(last > paused_at, "what had come before the line broke is not sent again: {paused_at}, {last}");
    desk.expect_refusal().await;
    is_whole_and_left(desk, "取证录像（一）.bin", &sha256).await;
}

async fn is_whole_and_left(desk: &Desk<'_>, name: &str, sha256: &str) {
    is_whole(desk, name, sha256).await;
    assert_eq!(desk.count("#evidence-unfinished li").await, 0, "nothing is left to go on with");
}

/// Of two files the first is refused, in words; the other one goes all the same.
async fn one_refused_alone(desk: &mut Desk<'_>, evidence: &str) {
    let token = fixtures::token_for(desk.app, "compiler", &["read", "write"]).await;
    let program = tus::Client::of_program(desk.app.stranger(), token);
    let elsewhere = desk.app.seed.lead(&desk.app.services, "compiler");
    let mut begun = Vec::new();
    // As many as may be under way at a time.
    for n in 0..MOST_OPEN {
        begun.push(program.begin(elsewhere, &format!("{n}.bin"), 10).await);
    }
    let (large, _) = recording(desk.app.data.path(), "取证录像（二）.bin", 9);
    let small = desk.app.data.path().join("取证笔录.txt");
    std::fs::write(&small, "标价 199 元").expect("written");
    desk.open(evidence).await;
    choose(desk, &[&large, &small]).await;
    hand_in(desk).await;
    in_time(desk, &format!("{}?.dataset.state === 'failed'", row("取证录像（二）.bin"))).await;
    let told = desk.js(&format!("return {}.innerText", row("取证录像（二）.bin"))).await;
    assert!(told.as_str().is_some_and(|told| told.contains("进行中的上传过多")), "{told}");
    in_time(desk, &format!("{}?.dataset.state === 'done'", row("取证笔录.txt"))).await;
    // They are given up, and the first goes as well.
    for at in &begun {
        program.end(at).await.expect(204);
    }
    desk.click("ol.queue > li[data-state=failed] [data-act=retry]").await;
    in_time(desk, &format!("{}?.dataset.state === 'done'", row("取证录像（二）.bin"))).await;
    desk.expect_refusal().await;
}

/// The tab is closed in the middle; in another one the page offers to go on, and the same file goes on where it was.
async fn close_the_tab(desk: &Desk<'_>, line: &Line, evidence: &str) {
    let (file, sha256) = recording(desk.app.data.path(), "取证录像（三）.bin", 24);
    desk.open(evidence).await;
    choose(desk, &[&file]).await;
    line.set(STEADY);
    hand_in(desk).await;
    is_beyond(desk, 0.3).await;
    // Whoever is asked whether to leave says yes.
    desk.js("addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true)").await;
    let browser = &desk.chrome.client;
    browser.new_window(true).await.expect("another tab");
    browser.close_window().await.expect("closed");
    let other = browser.windows().await.expect("tabs").remove(0);
    browser.switch_to_window(other).await.expect("the other tab");

    desk.open(evidence).await;
    desk.has("尚未传完的文件").await;
    desk.has("取证录像（三）.bin").await;
    assert_eq!(desk.count("#evidence-unfinished li[data-upload]").await, 1);
    desk.js(NOTE_OFFSETS).await;
    // Nothing is pressed, and nothing typed again.
    choose(desk, &[&file]).await;
    in_time(desk, &format!("{}?.dataset.state === 'done'", row("取证录像（三）.bin"))).await;
    let last = desk.js("return window.offsets.at(-1)").await.as_u64().expect("a place");
    assert!(last > MIB as u64, "it begins where it was: {last}");
    is_whole_and_left(desk, "取证录像（三）.bin", &sha256).await;
}
