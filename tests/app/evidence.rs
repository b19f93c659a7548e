//! A compiler brings evidence in: files, notes, wrong turns; and nobody gets a page of ours out of them.

use lead_handoff::{audit, platform::db::Id};
use reqwest::multipart::{Form, Part};

use crate::support::{Browser, TestApp, seed::GUANGZHOU, story};

const DETAILS: [(&str, &str); 4] = [
    ("source", "https://example.com/item/1"),
    ("collected_by", "编制人甲"),
    ("collected_at", "2016-05-04T09:30"),
    ("method", "网页截图"),
];

async fn upload(
    browser: &Browser,
    path: &str,
    files: &[(&str, &[u8])],
    details: bool,
) -> crate::support::Reply {
    let mut form = Form::new();
    if details {
        for (name, value) in DETAILS {
            form = form.text(name, value);
        }
    }
    for (name, bytes) in files {
        form = form.part("file", Part::bytes(bytes.to_vec()).file_name((*name).to_owned()));
    }
    let request = browser.client.post(browser.url(path)).header("origin", &browser.base).multipart(form);
    browser.send(request).await
}

#[tokio::test]
async fn the_same_file_twice_is_stored_once_and_both_items_are_on_record() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let path = format!("/leads/{lead}/evidence");
    let before = app.audit_count().await;

    let files: [(&str, &[u8]); 3] = [
        ("截图 1.txt", b"counterfeit"),
        ("../copy\u{202E}.txt", b"counterfeit"),
        ("b.csv", "名称,数量\n甲,1\n".as_bytes()),
    ];
    let done = upload(&compiler, &path, &files, true).await.expect(303);
    assert!(done.location.contains("evidence-added-again"), "she is told: {}", done.location);
    let other = app.seed.lead(&app.services, "compiler");
    let elsewhere = format!("/leads/{other}/evidence");
    let done = upload(&compiler, &elsewhere, &[("b.csv", "名称,数量\n甲,1\n".as_bytes())], true).await;
    assert!(done.expect(303).location.ends_with("evidence-added"), "what another lead has is nobody's news");
    // That lead, and its item.
    let before = before + 2;

    assert_eq!(app.audit_count().await, before + 3, "one entry an item");
    let page = compiler.get(&path).await.expect(200).has("截图 1.txt").has("copy.txt").has("b.csv");
    assert!(!page.text().contains('\u{202E}'));
    assert_eq!(app.stored_objects().await, 2, "the same bytes are kept once");
}

/// As a browser sends it: of all that is odd about a name, `"` and the ends of lines are escaped.
#[tokio::test]
async fn a_files_name_keeps_its_quotes_and_loses_its_ends_of_lines() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let path = format!("/leads/{lead}/evidence");
    let files: [(&str, &[u8]); 2] =
        [("odd %22名%22 <b> 100%25.txt", b"counterfeit"), ("two%0D%0Alines.txt", b"and more of it")];
    upload(&compiler, &path, &files, true).await.expect(303);
    let page = compiler.get(&path).await.expect(200);
    page.has("odd &#34;名&#34; &#60;b&#62; 100%25.txt")
        .has("twolines.txt")
        .has_not("odd %22")
        .has_not("two%0D");
}

/// A name that says nothing is said to be none, whatever the language of the page; what the file is stays.
#[tokio::test]
async fn a_file_whose_name_is_made_of_marks_is_said_to_have_none_and_keeps_its_ending() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let path = format!("/leads/{lead}/evidence");
    let before = app.audit_count().await;
    let files: [(&str, &[u8]); 2] = [("...", b"counterfeit"), ("--.csv", "名称,数量\n甲,1\n".as_bytes())];
    upload(&compiler, &path, &files, true).await.expect(303);
    assert_eq!(
        (app.audit_count().await, app.last_entry().await.verb.as_str()),
        (before + 2, "evidence.register")
    );
    let page = compiler.get(&path).await.expect(200);
    page.has("未命名文件（unnamed file）<").has("未命名文件（unnamed file）.csv<");
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_the_field_and_nothing_stays() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let path = format!("/leads/{lead}/evidence");
    let before = app.audit_count().await;

    upload(&compiler, &path, &[("a.txt", b"x")], false).await.expect(422).has("source-error");
    upload(&compiler, &path, &[("empty.txt", b"")], true).await.expect(422).has("file-error");
    let refused = upload(&compiler, &path, &[], true).await.expect(422).has("file-error");
    // The other form of the page still says who collects.
    assert_eq!(refused.text().matches("name=\"collected_by\" value=\"编制人甲\"").count(), 2);
    assert_eq!(app.stored_objects().await, 0);
    let note = [("kind", "note"), ("name", ""), ("text", "x"), ("collected_by", "编制人乙")];
    let refused = compiler.post(&format!("{path}/note"), &note).await.expect(422).text();
    for who in ["编制人甲", "编制人乙"] {
        assert!(refused.contains(&format!("name=\"collected_by\" value=\"{who}\"")), "{who}: {refused}");
    }
    // The four pages shown again are reads of the list; nothing was registered.
    assert_eq!(app.audit_count().await, before + 4);

    let other = app.sign_in("compiler2").await;
    // A colleague may read the lead, and is told that it is not theirs to change.
    upload(&other, &path, &[("a.txt", b"x")], true).await.expect(409);
    app.sign_in("admin").await.get(&path).await.expect(404);
    app.sign_in("liaison").await.get(&path).await.expect(404);
    app.stranger().get(&path).await.expect(303);
}

#[tokio::test]
async fn an_uploaded_page_is_only_ever_a_download_and_ranges_work() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let path = format!("/leads/{lead}/evidence");
    let html = b"<script>alert(1)</script>";
    upload(&compiler, &path, &[("evil.html", html)], true).await.expect(303);
    let page = compiler.get(&path).await.expect(200).text();
    let item =
        page.split("href=\"/evidence/").nth(1).and_then(|rest| rest.get(..36)).expect("a link").to_owned();

    let got = compiler.get(&format!("/evidence/{item}/content")).await.expect(200);
    assert_eq!(got.bytes, html);
    assert_eq!(got.headers["content-type"], "application/octet-stream");
    let disposition = got.headers["content-disposition"].to_str().expect("text");
    assert!(disposition.starts_with("attachment"), "{disposition}");
    assert!(got.headers["content-security-policy"].to_str().expect("text").starts_with("sandbox"));
    compiler.get(&format!("/evidence/{item}/preview")).await.expect(404);

    let url = compiler.url(&format!("/evidence/{item}/content"));
    let part = compiler.send(compiler.client.get(&url).header("range", "bytes=1-6")).await.expect(206);
    assert_eq!(part.bytes, b"script");
    assert_eq!(part.headers["content-range"], "bytes 1-6/25");
    compiler.send(compiler.client.get(&url).header("range", "bytes=99-")).await.expect(416);

    let custody = compiler.get(&format!("/evidence/{item}")).await.expect(200).has("25 B").has_not("25 B (");
    assert!(custody.text().contains("登记") && custody.text().contains("下载"));
}

/// A download that broke off goes on where it was, of the same file and for who began it; anything else is a read of its own.
#[tokio::test]
async fn a_download_goes_on_with_the_same_file_from_the_same_place() {
    let app = TestApp::with(&[("LEAD_HANDOFF_TRUSTED_PROXIES", "127.0.0.1".to_owned())]).await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let path = format!("/leads/{lead}/evidence");
    upload(&compiler, &path, &[("聊天记录.txt", b"0123456789")], true).await.expect(303);
    let page = compiler.get(&path).await.expect(200).text();
    let item = page.split("href=\"/evidence/").nth(1).and_then(|rest| rest.get(..36)).expect("a link");
    let url = compiler.url(&format!("/evidence/{item}/content"));
    let ask = |range: &str, condition: Option<&str>, from: &str| {
        let mut request = compiler.client.get(&url).header("range", range).header("x-forwarded-for", from);
        if let Some(condition) = condition {
            request = request.header("if-range", condition);
        }
        compiler.send(request)
    };

    let begun = ask("bytes=0-3", None, "192.0.2.7").await.expect(206);
    let tag = begun.headers["etag"].to_str().expect("text").to_owned();
    assert_eq!(tag, "\"84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882\"", "its SHA-256");
    let before = app.audit_count().await;
    let rest = ask("bytes=4-", Some(&tag), "192.0.2.7").await.expect(206);
    assert_eq!(rest.bytes, b"456789");
    assert_eq!(app.audit_count().await, before, "a later piece is not another read");

    // What was begun is another file: the whole is sent, and is another read.
    let whole = ask("bytes=4-", Some("\"00\""), "192.0.2.7").await.expect(200);
    assert_eq!(whole.bytes, b"0123456789");
    assert_eq!(app.audit_count().await, before + 1);
    // So is a piece that goes elsewhere, whoever's session it is; and there it may go on.
    for (range, entries) in [("bytes=4-", 2), ("bytes=8-", 2)] {
        ask(range, Some(&tag), "192.0.2.99").await.expect(206);
        assert_eq!(app.audit_count().await, before + entries);
    }
    assert_eq!(app.last_entry().await.verb, "evidence.download");
}

/// However often an item is looked at: how it came in is told.
#[tokio::test]
async fn a_long_custody_has_its_beginning_and_says_what_it_leaves_out() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let path = format!("/leads/{lead}/evidence");
    upload(&compiler, &path, &[("a.txt", b"x")], true).await.expect(303);
    let page = compiler.get(&path).await.expect(200).text();
    let item = page.split("href=\"/evidence/").nth(1).and_then(|rest| rest.get(..36)).expect("a link");
    let item: Id = item.parse().expect("an id");
    let page = format!("/evidence/{item}");
    compiler.get(&page).await.expect(200).has_not("未在此列出");
    // Registered, listed, viewed; and as often again as no page shows.
    let looked_at = app.services.db.write_quiet(move |tx| {
        for _ in 0..297 {
            audit::record(tx, audit::Entry::new("evidence.view").object("evidence", item))?;
        }
        Ok(())
    });
    looked_at.await.expect("looked at");
    let before = app.audit_count().await;
    let shown = compiler.get(&page).await.expect(200).has("其间另有 91 条").text();
    assert_eq!(app.audit_count().await, before + 1);
    let custody = shown.split("id=\"custody\"").nth(1).expect("the custody");
    // One line for whoever looked, however often: the system, the compiler; then the list and the registration.
    assert_eq!(custody.matches("<p class=\"event-title\">").count(), 4);
    assert!(custody.contains("当日共 206 次") && custody.contains("当日共 2 次"), "{custody}");
    assert!(custody.rfind(">登记<").is_some_and(|at| at > custody.rfind(">查看<").expect("looks")));
    let token = crate::support::fixtures::token_for(&app, "compiler", &["read"]).await;
    let program = app.stranger();
    let request = program.client.get(program.url(&format!("/api/v1/evidence/{item}"))).bearer_auth(&token);
    let told = program.send(request).await.expect(200).json();
    let acts = told["custody"].as_array().expect("acts");
    assert_eq!((acts.len(), told["custody_left_out"].as_i64()), (210, Some(92)));
    assert_eq!(acts.last().and_then(|act| act["verb"].as_str()), Some("evidence.register"));
}

#[tokio::test]
async fn a_size_is_read_in_one_way_and_said_twice_only_where_it_was_rounded() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let path = format!("/leads/{lead}/evidence");
    let files: [(&str, &[u8]); 2] = [("a.txt", &[b'a'; 1537]), ("b.txt", &[b'b'; 2048])];
    upload(&compiler, &path, &files, true).await.expect(303);
    let page = compiler.get(&path).await.expect(200).has("1.5 KB").has("2.0 KB").has_not("KiB").text();
    compiler.get(&format!("/leads/{lead}")).await.expect(200).has("3.5 KB").has_not("KiB");
    let ids: Vec<String> = page
        .split("href=\"/evidence/")
        .skip(1)
        .filter_map(|rest| Some(rest.split(['"', '/', '?']).next()?.to_owned()))
        .collect();
    let mut said = String::new();
    for id in &ids {
        said.push_str(&compiler.get(&format!("/evidence/{id}")).await.expect(200).text());
    }
    assert!(said.contains("1.5 KB（1,537 字节）") && said.contains("2.0 KB"), "{ids:?}");
    assert!(!said.contains("2.0 KB（"), "it is no other number");
}

#[tokio::test]
async fn do_not_disclose_needs_a_reason_and_is_on_record() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let path = format!("/leads/{lead}/evidence");
    let mut note = vec![("kind", "note"), ("name", "举报人情况"), ("text", "举报人要求保密。")];
    note.extend(DETAILS);
    compiler.post(&format!("{path}/note"), &note).await.expect(303);
    let page = compiler.get(&path).await.expect(200).text();
    let item =
        page.split("href=\"/evidence/").nth(1).and_then(|rest| rest.get(..36)).expect("a link").to_owned();

    compiler.get(&format!("/evidence/{item}")).await.expect(200).has("举报人要求保密。");
    compiler.post(&format!("/evidence/{item}/withhold"), &[("withheld_reason", "")]).await.expect(422);
    let before = app.audit_count().await;
    compiler
        .post(&format!("/evidence/{item}/withhold"), &[("withheld_reason", "保护举报人")])
        .await
        .expect(303);
    assert_eq!(app.audit_count().await, before + 1);
    assert_eq!(app.last_entry().await.verb, "evidence.withhold");
    compiler.get(&path).await.expect(200).has("不予披露");
}

/// A reason without its box would otherwise be dropped, and the file disclosed.
#[tokio::test]
async fn a_reason_for_not_disclosing_without_its_box_is_refused_and_nothing_is_lost() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let path = format!("/leads/{lead}/evidence");
    let send = async |withheld: &[(&'static str, &'static str)]| {
        let mut form = Form::new();
        for (name, value) in DETAILS.iter().chain(withheld) {
            form = form.text(*name, *value);
        }
        form = form.part("file", Part::bytes(b"secret".to_vec()).file_name("举报材料.txt"));
        let request = compiler.client.post(compiler.url(&path)).header("origin", &compiler.base);
        compiler.send(request.multipart(form)).await
    };
    let reason = ("withheld_reason", "保护举报人");
    let refused = send(&[reason]).await.expect(422).has("withheld-error").has("未标记不予披露");
    refused.has("value=\"保护举报人\"").has("value=\"https://example.com/item/1\"").has_not("举报材料.txt");
    assert_eq!(app.stored_objects().await, 0);
    send(&[("withheld", "yes")]).await.expect(422).has("withheld-reason-error");
    assert_eq!(app.stored_objects().await, 0);
    send(&[("withheld", "yes"), reason]).await.expect(303);
    compiler.get(&path).await.expect(200).has("举报材料.txt").has("不予披露");
}

#[tokio::test]
async fn a_long_list_of_evidence_comes_page_by_page_and_each_page_is_one_entry() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let path = format!("/leads/{lead}/evidence");
    let names: Vec<String> = (1..=103).map(|n| format!("file-{n:03}.txt")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), name.as_bytes())).collect();
    upload(&compiler, &path, &files, true).await.expect(303);
    let before = app.audit_count().await;
    let first =
        compiler.get(&path).await.expect(200).has("file-001.txt").has("file-100.txt").has_not("file-101.txt");
    assert_eq!(app.audit_count().await, before + 1);
    let text = first.text();
    let next = text.split('"').find(|part| part.contains("after=100")).expect("a next page").to_owned();
    let second = compiler.get(&next).await.expect(200).has("file-103.txt").has_not("file-100.txt");
    let back = second.text();
    let back = back.split('"').find(|part| part.contains("before=101")).expect("a page before").to_owned();
    compiler.get(&back).await.expect(200).has("file-001.txt").has("file-100.txt");
    // The API goes the same way.
    let token = crate::support::fixtures::token_for(&app, "compiler", &["read"]).await;
    let ask = async |query: &str| {
        let request = app.stranger();
        let request = request.client.get(request.url(&format!("/api/v1{path}{query}"))).bearer_auth(&token);
        app.stranger().send(request).await
    };
    let page = ask("?limit=101").await.expect(200).json();
    assert_eq!((page["items"].as_array().map(Vec::len), page["next"].as_str()), (Some(101), Some("101")));
    let page = ask("?limit=101&after=101").await.expect(200).json();
    assert_eq!((page["items"].as_array().map(Vec::len), page["next"].as_str()), (Some(2), None));
    ask("?after=x").await.expect(422);
}

#[tokio::test]
async fn a_text_that_is_too_long_is_told_so_by_its_field() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let path = format!("/leads/{lead}/evidence");
    let long = "证".repeat(3_500_000);
    let mut form = Form::new().text("description", long.clone());
    for (name, value) in DETAILS {
        form = form.text(name, value);
    }
    form = form.part("file", Part::bytes(b"x".to_vec()).file_name("a.txt"));
    let request = compiler.client.post(compiler.url(&path)).header("origin", &compiler.base).multipart(form);
    compiler.send(request).await.expect(422).has("href=\"#f-description\"");
    assert_eq!(app.stored_objects().await, 0);
    // However long it is: 10 MB and 21 MB of Chinese text come to the same.
    let mut form = Form::new().part("file", Part::bytes(b"x".to_vec()).file_name("a.txt"));
    for (name, value) in DETAILS {
        let long = (name == "source").then(|| "证".repeat(7_000_000));
        form = form.text(name, long.unwrap_or_else(|| value.to_owned()));
    }
    let request = compiler.client.post(compiler.url(&path)).header("origin", &compiler.base).multipart(form);
    compiler.send(request).await.expect(422).has("href=\"#f-source\"").has("编制人甲");
    assert_eq!(app.stored_objects().await, 0);
    // Texts that are too much only together are refused; the field is named that there was no room for.
    let before = app.audit_count().await;
    let mut form = Form::new().part("file", Part::bytes(b"x".to_vec()).file_name("a.txt"));
    for _ in 0..16 {
        form = form.text("description", "x".repeat(1 << 20));
    }
    let request = compiler.client.post(compiler.url(&path)).header("origin", &compiler.base).multipart(form);
    compiler.send(request).await.expect(413).has("说明：填写的文字过长").has_not("减小文件");
    assert_eq!(app.stored_objects().await, 0);
    assert_eq!(app.audit_count().await, before, "nothing was done");
    let long = "x".repeat(10_000_000);
    let note = [("kind", "note"), ("name", "a"), ("text", long.as_str()), ("source", "x"), ("method", "x")];
    compiler.post(&format!("{path}/note"), &note).await.expect(422).has("href=\"#f-note-text\"");
}

/// What a dossier holds is not taken out, and no button says that it could be.
#[tokio::test]
async fn what_a_dossier_holds_says_that_it_stays() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let held = story::note(&compiler, lead, "商品页面.txt", "标价 199 元").await;
    let free = story::note(&compiler, lead, "聊天记录.txt", "约定发货").await;
    let agency = app.seed.agencies[GUANGZHOU];
    story::compose(&compiler, lead, 1, &[agency], &[held], &[]).await.expect(303);
    let (page, remove) = (format!("/evidence/{held}"), format!("/evidence/{held}/remove"));
    compiler.get(&page).await.expect(200).has("已列入卷宗，不能移除").has_not(&remove);
    compiler.post(&remove, &[]).await.expect(409).has("已列入卷宗，不能移除");
    let (page, remove) = (format!("/evidence/{free}"), format!("/evidence/{free}/remove"));
    compiler.get(&page).await.expect(200).has(&remove).has_not("已列入卷宗");
    compiler.post(&remove, &[]).await.expect(303);
}
