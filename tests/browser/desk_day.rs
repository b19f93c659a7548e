//! A compiler's day: a lead is typed while the line is lost and the session ends, names are found by pinyin, files go one by
//! one and not all at the first try; and nothing that was typed is lost.

use std::time::Duration;

use serde_json::json;

use crate::{
    desk::{Desk, Manner},
    states::Line,
    support::TestApp,
};

/// Longer than it takes by far.
const PATIENCE: Duration = Duration::from_secs(240);

const TITLE: &str = "疑似销售假冒注册商标的手表";
const SAVE: &str = "main form[action^='/leads/new'] .buttons button";
/// What the line below the form says of what is kept.
const KEPT: &str = "document.querySelector('.unsent-line [role=status]').textContent";
/// What this browser alone keeps.
const HERE: &str = "Object.keys(localStorage).some((key) => key.startsWith('unsent:'))";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_with_a_bad_line_loses_nothing_that_was_typed() {
    let app = TestApp::new().await;
    let manner = Manner { lang: "zh-CN", scripts: true, closely: false };
    let mut desk = Desk::new(&app, manner).await;
    let done = tokio::time::timeout(PATIENCE, day(&mut desk)).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    done.expect("the day ends in time");
}

async fn day(desk: &mut Desk<'_>) {
    desk.open("/login").await;
    desk.speak("zh-CN", "/login").await;
    desk.seat("compiler", "/leads/new").await;
    lose_the_line(desk).await;
    choose_a_region(desk).await;
    take_a_word(desk).await;
    be_read_back(desk).await;
    come_back(desk).await;
    let lead = mend(desk).await;
    hand_in(desk, &lead).await;
}

/// What is typed while the line is lost stays in the browser, and goes to the server by itself when the line is back.
async fn lose_the_line(desk: &mut Desk<'_>) {
    desk.fill("[name=title]", TITLE).await;
    desk.fill("[name=summary]", "店铺以明显低于市场的价格销售。").await;
    desk.until(&format!("{KEPT}.startsWith('已自动保存')")).await;
    desk.line(Line::Lost).await;
    desk.type_text("此句写于断线之时。").await;
    desk.until(&format!("{KEPT}.startsWith('未连接') && {HERE}")).await;
    // Pressed all the same, it goes nowhere: the page says so, and keeps on keeping.
    desk.click(SAVE).await;
    desk.until("document.querySelector('#unreached[role=alert]')").await;
    desk.has("连接不上系统，这次操作没有送出。").await;
    assert_eq!(desk.path().await, "/leads/new");
    assert_eq!(desk.value("[name=title]").await, TITLE);
    desk.line(Line::Whole).await;
    desk.until(&format!("{KEPT}.startsWith('已自动保存') && !{HERE}")).await;
    desk.expect_refusal().await;
}

/// Opens the suggestions for what is typed in place of what is in the field of regions.
async fn look_up(desk: &Desk<'_>, text: &str, finds: &str) {
    desk.click("[name=region]").await;
    desk.js("document.activeElement.select()").await;
    desk.keys(text).await;
    let shown = "[...document.querySelectorAll('.pick-list [role=option] :first-child')]";
    desk.until(&format!("{shown}.some((name) => name.textContent === '{finds}')")).await;
    // What was found for the last letter may still be to come.
    tokio::time::sleep(Duration::from_millis(400)).await;
}

/// Goes down the open list to a name by the arrow, and takes it by the Enter key.
async fn take(desk: &Desk<'_>, name: &str) {
    let at = "const at = document.getElementById(document.activeElement.getAttribute('aria-activedescendant')); \
              return at ? at.firstElementChild.textContent : '';";
    for _ in 0..12 {
        desk.key("ArrowDown").await;
        if desk.js(at).await == json!(name) {
            break;
        }
    }
    desk.key("Enter").await;
}

/// Initials and whole pinyin find a region; the arrow goes to it and the Enter key takes it, and sends nothing.
async fn choose_a_region(desk: &mut Desk<'_>) {
    look_up(desk, "gz", "广东省广州市").await;
    desk.look_as_it_stands("suggestions").await;
    take(desk, "广东省广州市").await;
    assert_eq!(desk.value("[name=region]").await, "广东省广州市");
    look_up(desk, "guangzhou baiyun", "广东省广州市白云区").await;
    take(desk, "广东省广州市白云区").await;
    assert_eq!(desk.value("[name=region]").await, "广东省广州市白云区");
    assert_eq!(desk.attribute("[name=region]", "aria-expanded").await, "false");
    // A charge that is chosen so is ticked in its list.
    desk.click("[name=charge_q]").await;
    desk.keys("xsjm").await;
    desk.until("document.querySelector('[name=charge_q]').getAttribute('aria-expanded') === 'true'").await;
    desk.key("ArrowDown").await;
    desk.key("Enter").await;
    assert_eq!(desk.count("#charge-CL214:checked").await, 1);
    assert_eq!(desk.path().await, "/leads/new", "nothing was sent");
}

/// The Enter key that takes a word of an input method takes nothing else.
async fn take_a_word(desk: &Desk<'_>) {
    desk.click("[name=title]").await;
    desk.js("document.activeElement.setSelectionRange(99, 99)").await;
    desk.compose("biao").await;
    desk.key("Enter").await;
    desk.type_text("表").await;
    // Time enough for a page to go away.
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(desk.path().await, "/leads/new", "nothing was sent");
    assert_eq!(desk.value("[name=title]").await, format!("{TITLE}表"));
}

/// Amounts and dates as people write them are said back; a day that can be read in two ways is told.
async fn be_read_back(desk: &Desk<'_>) {
    desk.fill("[name='estimated_value.amount']", "1.2 亿").await;
    let read = "document.getElementById('f-estimated-value-amount-read').textContent";
    desk.until(&format!("{read} === '120,000,000.00 元（一亿二千万元）'")).await;
    desk.set("[name='estimated_value.qualifier']", "about").await;
    desk.until(&format!("{read}.startsWith('约 120,000,000.00 元')")).await;
    desk.set("[name='estimated_value.basis']", "list_price").await;
    desk.set("[name='source.kind']", "complaint").await;
    desk.set("[name='sender_role']", "reporter").await;
    desk.write("[name=occurred_from]", "05/03/2016").await;
    desk.key("Tab").await;
    desk.until("document.querySelector('#f-occurred-from-read.is-unread')").await;
    desk.has("2016-03-05 或 2016-05-03").await;
}

/// The session ends; after signing in again the form is as it was left.
async fn come_back(desk: &mut Desk<'_>) {
    desk.until("document.querySelector('main form[data-kept]')").await;
    desk.lose_the_session().await;
    desk.fill("[name='source.note']", "举报人来电").await;
    desk.until(&format!("{KEPT}.startsWith('登录已失效') && {HERE}")).await;
    desk.log_in("compiler").await;
    desk.until(&format!("!{HERE}")).await;
    desk.expect_refusal().await;
    desk.open("/leads/new").await;
    assert_eq!(desk.count(".notice.unsent").await, 1, "{}", desk.text().await);
    let title = format!("{TITLE}表");
    for (name, text) in [
        ("title", title.as_str()),
        ("summary", "店铺以明显低于市场的价格销售。此句写于断线之时。"),
        ("region", "广东省广州市白云区"),
        ("occurred_from", "05/03/2016"),
        ("estimated_value.amount", "1.2 亿"),
        ("estimated_value.qualifier", "about"),
        ("estimated_value.basis", "list_price"),
        ("source.kind", "complaint"),
        ("sender_role", "reporter"),
        ("source.note", "举报人来电"),
    ] {
        assert_eq!(desk.value(&format!("[name='{name}']")).await, text, "{name}");
    }
    assert_eq!(desk.count("#charge-CL214:checked").await, 1);
}

/// What cannot be read is asked for with what it may mean, and the rest stays. Gives the path of the lead.
async fn mend(desk: &mut Desk<'_>) -> String {
    desk.press(SAVE).await;
    desk.expect_refusal().await;
    assert_eq!(desk.count("#errors a[href='#f-occurred-from']").await, 1, "{}", desk.text().await);
    desk.look_as_it_stands("form-faulty").await;
    // What is wrong with it is said once beside it, also when it is typed anew.
    desk.write("[name=occurred_from]", "05/03/2016").await;
    desk.key("Tab").await;
    desk.until("document.querySelector('#f-occurred-from-read.is-unread:not([hidden])')?.textContent").await;
    // What was wrong is told as changed, in both places, and not as right.
    assert_eq!(desk.count("#f-occurred-from[aria-invalid], .field-bad #f-occurred-from").await, 0);
    assert_eq!(desk.count("#f-occurred-from-error.is-changed").await, 1);
    assert_eq!(desk.count("#errors li.is-changed > a[href='#f-occurred-from']").await, 1);
    let told = "document.querySelector('#f-occurred-from').closest('.field').innerText.split('2016-03-05 或 2016-05-03')";
    assert_eq!(desk.js(&format!("return {told}.length")).await, 2, "{}", desk.text().await);
    desk.tick("[name='occurred_from.pick'][value='2016-05-03']").await;
    desk.press(SAVE).await;
    let lead = desk.path().await.split('?').next().unwrap_or_default().to_owned();
    assert!(lead.starts_with("/leads/") && lead.len() > 40, "{lead}: {}", desk.text().await);
    desk.open(&format!("{lead}/edit")).await;
    for (name, text) in [("occurred_from", "2016-05-03"), ("estimated_value.amount", "120,000,000")] {
        assert_eq!(desk.value(&format!("[name='{name}']")).await, text);
    }
    desk.open("/leads/new").await;
    assert_eq!(desk.count(".notice.unsent").await, 0, "what is sent is kept no longer");
    lead
}

/// Nothing is on its way.
const QUIET: &str =
    "!document.querySelector('.queue > li:is([data-state=sending], [data-state=registering])')";
const STOPPED: &str = ".queue > li[data-state=cancelled]";
/// What is wrong with the form of the files.
const SUMMARY: &str = "document.querySelector('[data-queue-faults]')";

/// Files go one by one: one is stopped by the line, then refused by the server, and goes in the end; none is there twice.
async fn hand_in(desk: &mut Desk<'_>, lead: &str) {
    let form = "form[data-queue]";
    let (button, retry) = (format!("{form} .buttons button"), format!("{STOPPED} [data-act=retry]"));
    choose_files(desk, lead, form).await;
    // Kept back without a reason: that is told before anything is on its way.
    desk.click(&format!("{form} details.more > summary")).await;
    desk.tick(&format!("{form} [name=withheld]")).await;
    desk.click(&button).await;
    // As without a script: in a summary, which is read first and leads to the field, and beside the field.
    desk.until(&format!("{SUMMARY}.checkVisibility() && document.activeElement === {SUMMARY}")).await;
    assert_eq!(desk.count("#f-withheld-reason[aria-invalid] ~ #f-withheld-reason-error").await, 1);
    assert_eq!(desk.count(".queue > li[data-state=waiting]").await, 3, "they need not be chosen again");
    let shown = "return getComputedStyle(document.querySelector('form[data-queue] [name=file]')).color";
    assert_eq!(
        desk.js(shown).await,
        json!("rgba(0, 0, 0, 0)"),
        "no word of the browser's that none is chosen"
    );
    desk.expect_refusal().await;
    desk.look_as_it_stands("queue-waits").await;
    desk.click("[data-queue-faults] a").await;
    desk.until("document.activeElement.id === 'f-withheld-reason'").await;
    desk.click(&format!("{form} [name=withheld]")).await;

    desk.line(Line::Slow).await;
    desk.click(&button).await;
    let moves = "[...document.querySelectorAll('.queue > li[data-state=sending] progress')]";
    desk.until(&format!("{moves}.some((bar) => bar.value > 0)")).await;
    desk.line(Line::Lost).await;
    desk.until("document.querySelector('.queue > li[data-state=sending]')?.innerText.includes('连接中断，恢复后自动续传')")
        .await;
    desk.click(".queue > li[data-state=sending] [data-act=cancel]").await;
    desk.line(Line::Whole).await;
    // The others go on by themselves; this one nobody sends any more.
    desk.until(&format!("{QUIET} && !document.querySelector('.queue > li[data-state=waiting]')")).await;
    desk.tick(&format!("{form} [name=withheld]")).await;
    desk.click(&retry).await;
    desk.until(&format!("document.activeElement === {SUMMARY}")).await;
    let told = desk.js(&format!("return {SUMMARY}.innerText")).await;
    assert!(told.as_str().is_some_and(|told| told.contains("不予披露的理由：")), "{told}");
    desk.expect_refusal().await;
    desk.look_as_it_stands("queue-failed").await;

    desk.write(&format!("{form} [name=withheld_reason]"), "涉及个人隐私").await;
    desk.click(&retry).await;
    let done = ".queue > li:is([data-state=done], [data-state=again])";
    desk.until(&format!("document.querySelectorAll('{done}').length === 3")).await;
    desk.until("document.querySelectorAll('#evidence-rows tbody tr').length === 3").await;
    // Whoever waited for the files is led to what is new of them; what became of all is told.
    desk.until("document.activeElement.closest('#evidence-rows tbody tr')").await;
    desk.has("已登记 3 / 3").await;
    assert_eq!(desk.count("#evidence-next a[href$='/dossiers/new']").await, 1);
    for hash in ["sha256", "sm3"] {
        assert_eq!(desk.count(&format!("{done} [data-hash={hash}] code span")).await, 48, "{hash}");
    }
    let alike = "const all = (css, name) => [...document.querySelectorAll(css)].map((at) => at.getAttribute(name)).sort(); \
                 return all('.queue [data-hash=sha256]', 'data-copy').join() === all('#evidence-rows code.hash', 'title').join();";
    assert_eq!(desk.js(alike).await, json!(true), "the list has the hashes of the queue");
    desk.expect_refusal().await;
    desk.look_as_it_stands("queue-done").await;
    desk.press("#evidence-rows .tabs a:not([aria-current])").await;
    assert_eq!(desk.count("ul.gallery > li").await, 3);
    desk.look_as_it_stands("gallery").await;
}

/// Three files with Chinese names in the queue, and where they come from in the form.
async fn choose_files(desk: &Desk<'_>, lead: &str, form: &str) {
    let mut files = Vec::new();
    let names = ["聊天记录（二）.txt", "商品页面.txt", "鉴定意见.txt"];
    for name in names {
        let file = desk.app.data.path().join(name);
        std::fs::write(&file, name.repeat(4_000)).expect("written");
        files.push(file.display().to_string());
    }
    desk.open(&format!("{lead}/evidence")).await;
    let input = desk.find(&format!("{form} [name=file]")).await;
    input.send_keys(&files.join("\n")).await.expect("chosen");
    desk.until("document.querySelectorAll('.queue > li').length === 3").await;
    let queued =
        "return [...document.querySelectorAll('.queue > li [data-name]')].map((at) => at.textContent)";
    assert_eq!(desk.js(queued).await, json!(names), "in the order in which they were given");
    for (name, text) in [("source", "商品页面"), ("method", "网页截图"), ("collected_at", "2016-05-04 09:30")]
    {
        desk.write(&format!("{form} [name={name}]"), text).await;
    }
}
