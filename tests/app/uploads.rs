//! The page of a lead's evidence sends files one by one: each is told what became of it, in words of whoever sits there.
//! And several items are marked at once.

use lead_handoff::platform::db::Id;
use reqwest::multipart::{Form, Part};
use sha2::{Digest, Sha256};

use crate::support::{Browser, Reply, TestApp, story};

/// The file and the fields of one request.
#[derive(Default)]
struct Sent<'a> {
    /// The word of the file; empty: a new one.
    word: String,
    files: Vec<(&'a str, &'a [u8])>,
    more: Vec<(&'a str, &'a str)>,
    /// Leaves one of the usual fields out.
    without: &'a str,
}

/// Sends it as the script does.
async fn send(browser: &Browser, lead: Id, sent: Sent<'_>) -> Reply {
    send_from(browser, lead, sent, &browser.base).await
}

async fn send_from(browser: &Browser, lead: Id, sent: Sent<'_>, origin: &str) -> Reply {
    let mut form = Form::new();
    let mut fields: Vec<(&str, &str)> = story::DETAILS.to_vec();
    fields.retain(|(name, _)| *name != sent.without);
    fields.extend(&sent.more);
    for (name, value) in fields {
        form = form.text(name.to_owned(), value.to_owned());
    }
    for (name, bytes) in sent.files {
        form = form.part("file", Part::bytes(bytes.to_vec()).file_name(name.to_owned()));
    }
    let word = if sent.word.is_empty() { Id::new().to_string() } else { sent.word };
    let url = browser.url(&format!("/leads/{lead}/evidence?once={word}"));
    let request = browser.client.post(url).header("origin", origin).header("accept", "application/json");
    browser.send(request.multipart(form)).await
}

fn is_problem(reply: &Reply) -> bool {
    reply.headers["content-type"] == "application/problem+json"
}

#[tokio::test]
async fn each_file_is_told_its_hashes_and_keeps_its_chinese_name_and_its_place() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let before = app.audit_count().await;
    let bytes = "标价 199 元".as_bytes();
    let files = vec![("证据 截图（第 1 页）.txt", bytes)];
    let more = vec![("path", "取证/截图/证据 截图（第 1 页）.txt"), ("description", "首页")];
    let told = send(&compiler, lead, Sent { files, more, ..Sent::default() }).await.expect(201).json();
    assert_eq!(told["sha256"], data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)));
    assert_eq!(told["sm3"].as_str().map(str::len), Some(64));
    assert_eq!(told["name"], "证据 截图（第 1 页）.txt");
    assert_eq!((told["size"].as_u64(), told["number"].as_u64()), (Some(14), Some(1)));
    assert_eq!((told["media_type"].as_str(), told["again"].as_bool()), (Some("text/plain"), Some(false)));
    assert_eq!(
        (app.audit_count().await, app.last_entry().await.verb.as_str()),
        (before + 1, "evidence.register")
    );
    let page = compiler.get(told["url"].as_str().expect("its page")).await.expect(200).has("首页");
    page.has("https://example.com/item/1 · 取证/截图/证据 截图（第 1 页）.txt");

    // The same content under another name is another item, and said to be there already.
    let files = vec![("副本.txt", bytes)];
    let told = send(&compiler, lead, Sent { files, ..Sent::default() }).await.expect(201).json();
    assert_eq!((told["again"].as_bool(), told["number"].as_u64()), (Some(true), Some(2)));
    assert_eq!(app.stored_objects().await, 1);
}

/// A text that is called a PDF is registered as it is, and its name is told to differ: at once, in the list, and on its page.
#[tokio::test]
async fn a_name_that_promises_another_content_is_told() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let list = format!("/leads/{lead}/evidence");
    compiler.get(&list).await.expect(200).has_not("下一步：编制卷宗");
    let files = vec![("合同.pdf", "标价 199 元".as_bytes())];
    let told = send(&compiler, lead, Sent { files, ..Sent::default() }).await.expect(201).json();
    let warning = "内容是文本，名称却以 .pdf 结尾";
    assert_eq!(told["warning"].as_str(), Some(warning));
    compiler
        .get(told["url"].as_str().expect("its page"))
        .await
        .expect(200)
        .has(warning)
        .has("名称与内容不符");
    let page = compiler.get(&list).await.expect(200).has(warning);
    page.has(&format!("href=\"/leads/{lead}/dossiers/new\">下一步：编制卷宗"));
    let files = vec![("合同.txt", "另一份".as_bytes())];
    let told = send(&compiler, lead, Sent { files, ..Sent::default() }).await.expect(201).json();
    assert!(told["warning"].is_null(), "{told}");
}

#[tokio::test]
async fn a_file_that_is_sent_again_because_its_answer_was_lost_is_no_second_item() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let word = Id::new().to_string();
    let once =
        || Sent { word: word.clone(), files: vec![("a.txt", "counterfeit".as_bytes())], ..Sent::default() };
    // What was refused has not used the word up.
    send(&compiler, lead, Sent { without: "source", ..once() }).await.expect(422);
    let first = send(&compiler, lead, once()).await.expect(201).json();
    let entries = app.audit_count().await;
    let second = send(&compiler, lead, once()).await.expect(200).json();
    assert_eq!((&first["id"], &first["sha256"]), (&second["id"], &second["sha256"]));
    assert_eq!((app.audit_count().await, app.stored_objects().await), (entries, 1));
    assert_eq!(story::items(&compiler, lead).await.len(), 1);
    // A word tells nobody of an item elsewhere.
    let other = app.seed.lead(&app.services, "compiler");
    send(&compiler, other, once()).await.expect(404);
}

#[tokio::test]
async fn what_is_wrong_is_told_in_the_reader_s_language_and_before_large_files_are_sent() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let before = app.audit_count().await;
    let check = |without: &'static str| Sent { more: vec![("check", "yes")], without, ..Sent::default() };
    send(&compiler, lead, check("")).await.expect(204);
    let told = send(&compiler, lead, check("source")).await.expect(422).has("来源：");
    assert!(is_problem(&told), "{:?}", told.headers);
    let told = told.json();
    assert_eq!(told["errors"][0]["field"], "source");
    assert_eq!(told["errors"].as_array().map(Vec::len), Some(1));

    let sent = |files: Vec<(&'static str, &'static [u8])>| Sent { files, ..Sent::default() };
    let told = send(&compiler, lead, sent(vec![("空.txt", "".as_bytes())])).await.expect(422).has("空.txt");
    assert_eq!(told.json()["errors"][0]["field"], "file");
    send(&compiler, lead, sent(vec![])).await.expect(422);
    let two: Vec<(&'static str, &'static [u8])> = vec![("a.txt", "a".as_bytes()), ("b.txt", "b".as_bytes())];
    send(&compiler, lead, sent(two)).await.expect(422);
    // Whoever says why it is kept back, and forgets the box.
    let reason =
        Sent { more: vec![("withheld_reason", "保护举报人")], ..sent(vec![("a.txt", "a".as_bytes())]) };
    send(&compiler, lead, reason).await.expect(422);
    compiler.post("/language?to=en", &[]).await.expect(303);
    send(&compiler, lead, check("source")).await.expect(422).has("Source: Please fill this in.");
    // The other language of the account is on record, and nothing else is.
    assert_eq!((app.stored_objects().await, app.audit_count().await), (0, before + 1), "nothing was kept");
}

#[tokio::test]
async fn whoever_may_not_is_told_so_and_it_is_on_record() {
    let app = TestApp::new().await;
    let lead = app.seed.lead(&app.services, "compiler");
    let file = || Sent { files: vec![("a.txt", "a".as_bytes())], ..Sent::default() };
    for (name, status) in
        [("compiler2", 409), ("approver", 404), ("manager", 404), ("admin", 404), ("liaison", 404)]
    {
        let browser = app.sign_in(name).await;
        let before = app.audit_count().await;
        let told = send(&browser, lead, file()).await.expect(status);
        assert!(is_problem(&told) && !told.json()["detail"].is_null(), "{name}: {}", told.text());
        assert_eq!(
            (app.audit_count().await, app.last_entry().await.outcome.as_str()),
            (before + 1, "refused")
        );
    }
    let told = send(&app.stranger(), lead, file()).await.expect(401).has("登录已失效");
    assert!(is_problem(&told), "{:?}", told.headers);
    let compiler = app.sign_in("compiler").await;
    let told = send_from(&compiler, lead, file(), "https://evil.example").await.expect(403);
    assert!(is_problem(&told), "{:?}", told.headers);
    assert_eq!(app.stored_objects().await, 0);
    // Without a script the form leads on as it did.
    let page = compiler.get(&format!("/leads/{lead}/evidence")).await.expect(200);
    page.has("enctype=\"multipart/form-data\"")
        .has("class=\"scripted\" data-queue-box")
        .has("tabindex=\"-1\" data-queue-faults hidden>");
}

#[tokio::test]
async fn several_items_are_marked_at_once_with_one_reason() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let mut items = Vec::new();
    for name in ["举报人情况", "聊天记录", "商品页面"] {
        items.push(story::note(&compiler, lead, name, name).await.to_string());
    }
    let path = format!("/leads/{lead}/evidence");
    let marks = format!("{path}/marks");
    let marked = async || compiler.get(&path).await.expect(200).text().matches("chip-warn").count();
    let reason = ("withheld_reason", "保护举报人");
    let two = [("item", items[0].as_str()), ("item", items[1].as_str())];
    let before = app.audit_count().await;
    compiler.post(&marks, &[two[0], two[1], ("mark", "withhold"), reason]).await.expect(303);
    assert_eq!(
        (app.audit_count().await, app.last_entry().await.verb.as_str()),
        (before + 1, "evidence.withhold")
    );
    assert_eq!(marked().await, 2);
    let item = compiler.get(&format!("/evidence/{}", items[1])).await.expect(200);
    item.has("保护举报人").has("event-title\">标为不予披露");

    // Wrong turns: nothing chosen, no reason, nothing to be done.
    compiler.post(&marks, &[("mark", "withhold"), reason]).await.expect(422).has("id=\"errors\"");
    let again = compiler.post(&marks, &[two[0], ("mark", "withhold")]).await.expect(422);
    again
        .has("f-marks-withheld-reason-error")
        .has(&format!("value=\"{}\" aria-labelledby=\"n-{}\" checked", items[0], items[0]));
    compiler.post(&marks, &[two[0], ("mark", "withhold"), reason]).await.expect(422).has("均已如此标记");
    compiler.post(&marks, &[two[0], ("mark", "nonsense"), reason]).await.expect(422);
    assert_eq!(marked().await, 2);

    // The mark is taken off those that have it.
    let all: Vec<(&str, &str)> =
        items.iter().map(|id| ("item", id.as_str())).chain([("mark", "disclose")]).collect();
    compiler.post(&marks, &all).await.expect(303);
    assert_eq!((marked().await, app.last_entry().await.verb.as_str()), (0, "evidence.list"));

    // Of another lead, taken out, or not theirs.
    let other = app.seed.lead(&app.services, "compiler");
    let act = [two[0], ("mark", "withhold"), reason];
    compiler.post(&format!("/leads/{other}/evidence/marks"), &act).await.expect(404);
    app.sign_in("compiler2").await.post(&marks, &act).await.expect(409);
    compiler.post(&format!("/evidence/{}/remove", items[0]), &[]).await.expect(303);
    compiler.post(&marks, &act).await.expect(409).has("重新选择");
    assert_eq!(marked().await, 0);
}

#[tokio::test]
async fn what_was_kept_of_the_details_goes_with_the_files_that_are_sent_with_them() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let page = compiler.get(&format!("/leads/{lead}/evidence")).await.expect(200).text();
    let keeps = crate::unsent::address(
        &page,
        "formaction",
        &format!("/unsent?form=%2Fleads%2F{lead}%2Fevidence&#38;"),
    );
    compiler.post(&keeps, &[("source", "商品 页面")]).await.expect(303);
    assert_eq!(crate::unsent::kept(&app).await, 1);
    // Each file has a word of its own and tells that of the form, which wrote what is kept.
    let part =
        |name: &str| keeps.split('&').find_map(|part| part.strip_prefix(name)).expect("in the address");
    let word = format!("{}&draft={}&before={}", Id::new(), part("draft="), part("word="));
    let files = vec![("页面.txt", "标价 199 元".as_bytes())];
    send(&compiler, lead, Sent { word, files, ..Sent::default() }).await.expect(201);
    assert_eq!(crate::unsent::kept(&app).await, 0);
    compiler.get("/unsent").await.expect(200).has_not("商品 页面");
}

/// Files of one request get numbers that follow each other, each its entry in their order; bytes that are there already, or
/// come twice in the request, are kept once.
#[tokio::test]
async fn files_of_one_request_are_numbered_in_their_order_and_each_is_on_record() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    story::note(&compiler, lead, "聊天记录", "买家：真的吗").await;
    let taken_out = story::note(&compiler, lead, "误传", "与本案无关").await;
    compiler.post(&format!("/evidence/{taken_out}/remove"), &[]).await.expect(303);
    let (entries, objects) = (app.audit_count().await, app.stored_objects().await);
    let files: Vec<(String, String)> =
        (0..60).map(|n| (format!("截图-{n}.txt"), format!("第 {} 页", n / 2))).collect();
    let mut form = Form::new();
    for (name, value) in story::DETAILS.into_iter().chain([("quantity", "1 页"), ("witness", "孙某")]) {
        form = form.text(name, value);
    }
    for (name, text) in files.iter().chain([&("重复.txt".to_owned(), "买家：真的吗".to_owned())]) {
        form = form.part("file", Part::bytes(text.clone().into_bytes()).file_name(name.clone()));
    }
    let path = compiler.url(&format!("/leads/{lead}/evidence"));
    let request = compiler.client.post(path).header("origin", &compiler.base).multipart(form);
    let done = compiler.send(request).await.expect(303);
    assert!(done.location.contains("evidence-added-again"), "{}", done.location);
    assert_eq!(app.stored_objects().await, objects + 30, "the same bytes are kept once");
    assert_eq!(app.audit_count().await, entries + 61, "one entry an item");
    assert_eq!(app.last_entry().await.verb, "evidence.register");

    let read = move |conn: &mut lead_handoff::platform::db::Connection| {
        lead_handoff::casework::evidence::store::of_lead(conn, lead)
    };
    let items = app.services.db.read(read).await.expect("items");
    let told: Vec<(i32, &str)> = items.iter().map(|item| (item.position, item.name.as_str())).collect();
    assert_eq!(told.len(), 62);
    // The number of what was taken out is not given again.
    assert_eq!((told[0].0, told[1], told[61]), (1, (3, "截图-0.txt"), (63, "重复.txt")));
    for (n, (item, (name, _))) in items[1..61].iter().zip(&files).enumerate() {
        assert_eq!((item.position, item.name.as_str()), (i32::try_from(n).expect("few") + 3, name.as_str()));
        assert_eq!((item.quantity.as_str(), item.witness.as_str()), ("1 页", "孙某"));
    }
    assert_eq!(items[1].blob_id, items[2].blob_id);
    assert_ne!(items[2].blob_id, items[3].blob_id);
    assert_eq!(items[0].blob_id, items[61].blob_id, "the bytes of the note");
}
