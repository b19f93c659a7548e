//! Tables and texts are redacted by columns, passages and lines, in either encoding, and read as the list itself is split.

use encoding_rs::GB18030;

use super::redaction::{REASON, SECRET, content, redact, tells, upload};
use crate::support::TestApp;

#[tokio::test]
async fn a_column_is_gone_in_either_encoding() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let table = format!("姓名,证件\n张某,{SECRET}\n=1+1,{SECRET}\n");
    // What was no UTF-8 gets the mark by which spreadsheets know it.
    for (name, bytes, mark) in [
        ("名单.csv", table.clone().into_bytes(), ""),
        ("名单二.csv", GB18030.encode(&table).0.into_owned(), "\u{FEFF}"),
    ] {
        let item = upload(&compiler, lead, name, &bytes).await;
        compiler.get(&format!("/evidence/{item}/redact")).await.expect(200).has("B · 证件");
        let fields = [("sheet", "1"), ("columns", "2"), ("heading", "yes"), ("withhold", "no"), REASON];
        let new = redact(&compiler, item, &fields).await.expect(303).id();
        let made = content(&compiler, new).await;
        assert!(!tells(&made, SECRET));
        let text = String::from_utf8(made).expect("UTF-8");
        assert_eq!(text, format!("{mark}姓名,证件\n张某,■■■\n'=1+1,■■■\n"));
        compiler.get(&format!("/evidence/{item}")).await.expect(200).has("name=\"withheld_reason\"");
        redact(&compiler, item, &[("columns", "3"), REASON]).await.expect(422).has("f-columns-error");
        redact(&compiler, item, &[REASON]).await.expect(422).has("f-columns-error");
    }
}

#[tokio::test]
async fn a_list_says_how_it_was_read_and_can_be_split_otherwise() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let table = format!("姓名|证件,备注\n张某|{SECRET},无\n");
    let item = upload(&compiler, lead, "名单.csv", table.as_bytes()).await;
    let form = format!("/evidence/{item}/redact");
    let shown = compiler.get(&form).await.expect(200);
    shown.has("编码 UTF-8").has("以逗号分隔").has("A · 姓名|证件").has("name=\"split\" value=\"comma\"");
    // Another sign: the columns follow, and those that were ticked are not these.
    let split = [("split", "comma"), ("separator", "bar"), ("columns", "1"), ("sheet", "1"), REASON];
    let stored = app.stored_objects().await;
    for fields in [&split[..], &[&split[..], &[("again", "yes")]].concat()] {
        let shown = redact(&compiler, item, fields).await.expect(200);
        shown.has("以竖线分隔").has("B · 证件,备注").has("含身份证号码").has_not("value=\"1\" checked");
    }
    compiler.get(&format!("{form}?separator=semicolon")).await.expect(200).has("以分号分隔");
    assert_eq!(app.stored_objects().await, stored, "nothing was made");
    let fields = [
        ("split", "bar"),
        ("separator", "bar"),
        ("columns", "2"),
        ("heading", "yes"),
        ("sheet", "1"),
        REASON,
    ];
    let new = redact(&compiler, item, &fields).await.expect(303).id();
    let made = content(&compiler, new).await;
    assert!(!tells(&made, SECRET));
    assert_eq!(made, "姓名|证件,备注\n张某|■■■\n".as_bytes());
    let wrong = [("split", "x"), ("separator", "x"), ("columns", "1"), REASON];
    redact(&compiler, item, &wrong).await.expect(422).has("f-separator-error");
    let gb = GB18030.encode("甲,乙\n").0.into_owned();
    let item = upload(&compiler, lead, "国标.csv", &gb).await;
    compiler.get(&format!("/evidence/{item}/redact")).await.expect(200).has("编码 GB18030");
}

#[tokio::test]
async fn a_list_keeps_its_separator_and_its_line_ends() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    for (name, between, told, ending) in
        [("名单.csv", ";", "以分号分隔", ".csv"), ("名单.tsv", "\t", "以制表符分隔", ".tsv")]
    {
        let rows = |secret: &str| format!("\u{FEFF}姓名{between}证件\r\n张某{between}{secret}\r\n");
        let item = upload(&compiler, lead, name, rows(SECRET).as_bytes()).await;
        compiler.get(&format!("/evidence/{item}/redact")).await.expect(200).has(told).has("沿用该分隔符");
        let fields = [("sheet", "1"), ("columns", "2"), ("heading", "yes"), ("withhold", "no"), REASON];
        let new = redact(&compiler, item, &fields).await.expect(303).id();
        assert_eq!(String::from_utf8(content(&compiler, new).await).expect("UTF-8"), rows("■■■"));
        compiler.get(&format!("/evidence/{new}")).await.expect(200).has(&format!("-遮蔽{ending}"));
        // It is read as its original is.
        compiler.get(&format!("/evidence/{new}/redact")).await.expect(200).has(told);
    }
}

#[tokio::test]
async fn passages_are_gone_in_either_encoding() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let text = format!("买家张某，身份证 {SECRET}。\n地址：示例路 1 号\n张某已收货。\n");
    for (name, bytes) in
        [("聊天.txt", text.clone().into_bytes()), ("聊天二.txt", GB18030.encode(&text).0.into_owned())]
    {
        let item = upload(&compiler, lead, name, &bytes).await;
        compiler.get(&format!("/evidence/{item}/redact")).await.expect(200).has("3  张某已收货。");
        let phrases = format!("{SECRET}\r\n张某");
        let fields = [("phrases", phrases.as_str()), ("lines", "2"), ("name", "给经侦的聊天记录"), REASON];
        let new = redact(&compiler, item, &fields).await.expect(303).id();
        let made = content(&compiler, new).await;
        for gone in [SECRET, "张某", "示例路"] {
            assert!(!tells(&made, gone), "{gone}");
        }
        let made = String::from_utf8(made).expect("UTF-8");
        assert_eq!(made, "买家■■■■■■，身份证 ■■■■■■。\n■■■■■■\n■■■■■■已收货。\n");
        compiler
            .get(&format!("/evidence/{new}"))
            .await
            .expect(200)
            .has("给经侦的聊天记录.txt")
            .has("4 处文字");
        let wrong = [
            (("phrases", "李某"), "f-phrases-error"),
            (("phrases", "■"), "f-phrases-error"),
            (("lines", "9"), "f-lines-error"),
            (("lines", "x"), "f-lines-error"),
            (("phrases", ""), "f-phrases-error"),
        ];
        for (field, said) in wrong {
            redact(&compiler, item, &[field, REASON]).await.expect(422).has(said);
        }
    }
}

#[tokio::test]
async fn a_name_with_accents_is_gone_from_a_page_saved_as_text_or_the_copy_is_refused() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let page = "<p>卖家：José Núñez</p>\n<p>Seller: Jos&eacute; N&uacute;&ntilde;ez</p>\n<p>已发货</p>\n";
    let item = upload(&compiler, lead, "页面.html.txt", page.as_bytes()).await;
    let before = app.stored_objects().await;
    // Each form that is not named would stay, so nothing is made of it.
    for phrases in ["José", "Núñez", "José Núñez"] {
        let fields = [("phrases", phrases), REASON];
        redact(&compiler, item, &fields).await.expect(422).has("f-phrases-error").has("以编码形式写出");
    }
    assert_eq!(app.stored_objects().await, before, "nothing was made");
    let both = "José Núñez\r\nJos&eacute; N&uacute;&ntilde;ez";
    for fields in [[("phrases", both), REASON].as_slice(), &[("phrases", "José"), ("lines", "1,2"), REASON]]
    {
        let new = redact(&compiler, item, fields).await.expect(303).id();
        let made = content(&compiler, new).await;
        for gone in ["José", "Jos&", "ñez", "ntilde"] {
            assert!(!tells(&made, gone), "{gone}");
        }
        assert!(tells(&made, "已发货"));
    }
    // A name of which no letter is written so is told from the rest of the page.
    let other = "<p>José &amp; Ana, 3 &times; 5 &lt; 20</p>\n";
    let item = upload(&compiler, lead, "页面二.txt", other.as_bytes()).await;
    let new = redact(&compiler, item, &[("phrases", "José"), REASON]).await.expect(303).id();
    let made = String::from_utf8(content(&compiler, new).await).expect("UTF-8");
    assert_eq!(made, "<p>■■■■■■ &amp; Ana, 3 &times; 5 &lt; 20</p>\n");
}
