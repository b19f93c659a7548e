//! Evidence that is read inside a page: an e-mail with what is attached, a table, an archive, a web capture.

use std::io::{Cursor, Write};

use encoding_rs::GB18030;
use lead_handoff::{audit, casework::evidence::store, platform::db::Id};
use lopdf::{Document, Object, Stream, dictionary};
use reqwest::multipart::{Form, Part};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::support::{Browser, TestApp, story};

/// Registers one file; gives its id.
async fn upload(browser: &Browser, lead: Id, name: &str, bytes: Vec<u8>, more: &[(&str, &str)]) -> Id {
    let known = story::items(browser, lead).await;
    let mut form = Form::new();
    for (name, value) in story::DETAILS.iter().chain(more) {
        form = form.text((*name).to_owned(), (*value).to_owned());
    }
    let form = form.part("file", Part::bytes(bytes).file_name(name.to_owned()));
    let path = browser.url(&format!("/leads/{lead}/evidence"));
    let request = browser.client.post(path).header("origin", &browser.base).multipart(form);
    browser.send(request).await.expect(303);
    let mut now = story::items(browser, lead).await;
    now.retain(|id| !known.contains(id));
    now.remove(0)
}

fn base64(bytes: &[u8]) -> String {
    data_encoding::BASE64.encode(bytes)
}

/// An e-mail in GB18030 with a list attached.
fn letter() -> Vec<u8> {
    let gbk = |text: &str| base64(&GB18030.encode(text).0);
    format!(
        "From: =?gb18030?B?{}?= <seller@shop.example>\r\nTo: buyer@shop.example\r\n\
         Date: Wed, 4 May 2016 09:30:00 +0800\r\nSubject: =?gb18030?B?{}?=\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
         Content-Type: text/plain; charset=gb18030\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--b\r\n\
         Content-Type: text/csv; name=\"list.csv\"\r\nContent-Disposition: attachment; filename=\"list.csv\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}\r\n--b--\r\n",
        gbk("店主"),
        gbk("报价单"),
        gbk("每件 199 元，量大从优。"),
        gbk("商品,价格\n手表,199\n"),
    )
    .into_bytes()
}

#[tokio::test]
async fn a_compiler_reads_an_email_in_chinese_and_registers_what_is_attached() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let kept_back = [("withheld", "yes"), ("withheld_reason", "保护举报人")];
    let item = upload(&compiler, lead, "报价.eml", letter(), &kept_back).await;
    compiler.get(&format!("/evidence/{item}")).await.expect(200).has(&format!("/evidence/{item}/read"));
    let before = app.audit_count().await;
    let page = compiler.get(&format!("/evidence/{item}/read")).await.expect(200);
    let page =
        page.has("店主 &").has("报价单").has("每件 199 元，量大从优。").has("2016-05-04T09:30:00+08:00");
    let act = format!("/evidence/{item}/attachments/1");
    page.has("list.csv").has(&act).has("登记为证据").has("附件不随之变动");
    assert_eq!(app.audit_count().await, before + 1, "the look is on record");
    assert_eq!(app.last_entry().await.verb, "evidence.read");

    // Whoever may not register reads it without the button, or not at all.
    let other = app.sign_in("compiler2").await;
    other.get(&format!("/evidence/{item}/read")).await.expect(200).has("list.csv").has_not(&act);
    other.post(&act, &[]).await.expect(409);
    let liaison = app.sign_in("liaison").await;
    liaison.get(&format!("/evidence/{item}/read")).await.expect(404);
    liaison.post(&act, &[]).await.expect(404);
    compiler.post(&format!("/evidence/{item}/attachments/2"), &[]).await.expect(404);
    compiler.post(&format!("/evidence/{item}/attachments/0"), &[]).await.expect(404);
    assert_eq!(story::items(&compiler, lead).await.len(), 1);

    let before = app.audit_count().await;
    let new = compiler.post(&act, &[]).await.expect(303).id();
    assert_eq!(app.audit_count().await, before + 1, "one act, one entry");
    assert_eq!(app.last_entry().await.verb, "evidence.register");
    // The entry is one of the e-mail as well.
    let filter = audit::Filter {
        object: Some(item),
        verb_prefix: Some("evidence.register".into()),
        ..audit::Filter::default()
    };
    let entries = app.services.db.read(move |conn| audit::page(conn, &filter, 5)).await.expect("entries");
    assert_eq!(entries.len(), 2, "its own and that of its attachment");
    assert!(entries.iter().any(|entry| entry.leaf["facts"]["attachment"] == 1));
    let of = |id: Id| app.services.db.read(move |conn| store::find(conn, id));
    let (letter_item, attached) =
        (of(item).await.expect("the e-mail"), of(new).await.expect("its attachment"));
    assert_eq!((attached.name.as_str(), attached.lead_id), ("list.csv", lead));
    let said = (attached.source.as_str(), attached.method.as_str());
    assert_eq!(said, ("本线索证据第1项（电子邮件）的附件1", "从已登记的电子邮件中提取"));
    // The source goes out to agencies, to which the e-mail does not.
    assert!(!attached.source.contains(&letter_item.blob.sha256_hex()[..16]), "{}", attached.source);
    assert!(!attached.source.contains(&letter_item.name), "{}", attached.source);
    assert!(attached.withheld, "what is kept back stays so with what is attached to it");
    assert_eq!(attached.collected_at, letter_item.collected_at);
    let table = compiler.get(&format!("/evidence/{new}/read")).await.expect(200);
    table.has("<table>").has("手表").has("gb18030");
    // Whoever reads in English: what goes into papers is in the language of the papers.
    compiler.post("/language?to=en", &[]).await.expect(303);
    let again = compiler.post(&act, &[]).await.expect(303).id();
    let attached = of(again).await.expect("its attachment");
    assert_eq!((attached.source.as_str(), attached.method.as_str()), said);
}

#[tokio::test]
async fn nothing_is_taken_out_of_an_email_that_was_removed_and_what_it_is_by_now_counts() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = upload(&compiler, lead, "报价.eml", letter(), &[]).await;
    let act = format!("/evidence/{item}/attachments/1");
    // Withheld after it was registered: what is taken out now is withheld too.
    let reason = [("withheld_reason", "保护举报人")];
    compiler.post(&format!("/evidence/{item}/withhold"), &reason).await.expect(303);
    let new = compiler.post(&act, &[]).await.expect(303).id();
    let attached = app.services.db.read(move |conn| store::find(conn, new)).await.expect("an item");
    assert!(attached.withheld && attached.withheld_reason == "保护举报人");
    compiler.post(&format!("/evidence/{item}/remove"), &[]).await.expect(303);
    compiler.post(&act, &[]).await.expect(404);
    assert_eq!(story::items(&compiler, lead).await, [new]);
}

#[tokio::test]
async fn a_picture_whose_facts_are_broken_is_a_picture_all_the_same() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let mut jpeg = Cursor::new(Vec::new());
    image::RgbImage::new(40, 20).write_to(&mut jpeg, image::ImageFormat::Jpeg).expect("a picture");
    let jpeg = jpeg.into_inner();
    let bytes = [&jpeg[..2], b"\xff\xe1\0\x10Exif\0\0no facts", &jpeg[2..]].concat();
    let item = upload(&compiler, lead, "照片.jpg", bytes, &[]).await;
    let page = compiler.get(&format!("/evidence/{item}/read")).await.expect(200);
    page.has("拍摄信息（EXIF）已损坏").has_not("内容未显示").has(&format!("/evidence/{item}/picture"));
    let shown = compiler.get(&format!("/evidence/{item}/picture")).await.expect(200);
    assert_eq!(shown.headers["content-type"], "image/jpeg");
}

#[tokio::test]
async fn a_table_a_text_and_an_archive_are_read_page_by_page() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for row in 0..150 {
        sheet.write(row, 0, format!("商品 {row}")).expect("a cell");
    }
    book.add_worksheet().write(0, 0, "另一张表").expect("a cell");
    let bytes = book.save_to_buffer().expect("a workbook");
    let item = upload(&compiler, lead, "清单.xlsx", bytes, &[]).await;
    let first = compiler.get(&format!("/evidence/{item}/read")).await.expect(200);
    first.has("商品 99").has_not("商品 100").has("rel=\"next\"").has("sheet=1");
    let second = compiler.get(&format!("/evidence/{item}/read?page=1")).await.expect(200);
    second.has("商品 149").has("rel=\"prev\"").has_not("rel=\"next\"");
    compiler.get(&format!("/evidence/{item}/read?sheet=1")).await.expect(200).has("另一张表");
    for odd in ["page=9", "page=x", "sheet=99", "page=18446744073709551615"] {
        compiler.get(&format!("/evidence/{item}/read?{odd}")).await.expect(200);
    }

    let text = "第一行，标价 199 元。\n".repeat(6_000);
    let item = upload(&compiler, lead, "聊天.txt", text.into_bytes(), &[]).await;
    let first = compiler.get(&format!("/evidence/{item}/read")).await.expect(200);
    first.has("UTF-8").has("rel=\"next\"").has("第 1 页");
    compiler
        .get(&format!("/evidence/{item}/read?page=9999"))
        .await
        .expect(200)
        .has("rel=\"prev\"")
        .has("第 3 页");

    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["证据/1.txt", "../x.txt", "more.zip"] {
        zip.start_file(name, SimpleFileOptions::default()).expect("an entry");
        zip.write_all(b"one").expect("bytes");
    }
    let bytes = zip.finish().expect("an archive").into_inner();
    let item = upload(&compiler, lead, "打包.zip", bytes, &[]).await;
    let page = compiler.get(&format!("/evidence/{item}/read")).await.expect(200);
    let page = page.has("证据/1.txt").has("指向上级目录").has("内含压缩包，未打开").has("没有解压");
    // On a phone each entry is a card, whose cells say what they are.
    page.has("table-stack").has("data-label=\"名称\"");
}

#[tokio::test]
async fn a_web_capture_with_a_broken_digest_says_which() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let mut png = Cursor::new(Vec::new());
    image::RgbImage::new(40, 20).write_to(&mut png, image::ImageFormat::Png).expect("a picture");
    let png = png.into_inner();
    let head = format!(
        "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: urn:view:https://shop.example/1\r\n\
         WARC-Date: 2016-05-04T01:00:00Z\r\nContent-Type: image/png\r\nContent-Length: {}\r\n\r\n",
        png.len()
    );
    let warc = [head.as_bytes(), &png, b"\r\n\r\n"].concat();
    let pages = "{\"format\":\"json-pages-1.0\"}\n\
        {\"url\":\"https://shop.example/1\",\"title\":\"某店铺\",\"ts\":\"2016-05-04T01:00:00Z\"}\n";
    let zero = "0".repeat(64);
    let package = format!(
        "{{\"resources\":[{{\"path\":\"archive/data.warc\",\"hash\":\"sha256:{zero}\"}},\
         {{\"path\":\"pages/pages.jsonl\",\"hash\":\"sha256:{zero}\"}}]}}"
    );
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let files: [(&str, &[u8]); 3] = [
        ("archive/data.warc", &warc),
        ("pages/pages.jsonl", pages.as_bytes()),
        ("datapackage.json", package.as_bytes()),
    ];
    for (name, bytes) in files {
        zip.start_file(name, SimpleFileOptions::default()).expect("an entry");
        zip.write_all(bytes).expect("bytes");
    }
    let bytes = zip.finish().expect("a capture").into_inner();
    let item = upload(&compiler, lead, "店铺.wacz", bytes, &[]).await;
    let page = compiler.get(&format!("/evidence/{item}/read")).await.expect(200);
    let page =
        page.has("存档有不符之处").has("archive/data.warc").has("与校验值不一致").has("没有可用的校验值");
    page.has("某店铺").has("2016-05-04T01:00:00Z").has("/screenshot?part=0&");
    let shot = compiler.get(&format!("/evidence/{item}/screenshot?part=0&n=0")).await.expect(200);
    assert_eq!(shot.headers["content-type"], "image/jpeg");
    assert_eq!(image::load_from_memory(&shot.bytes).expect("a picture").width(), 40);
    assert_eq!(app.last_entry().await.verb, "evidence.preview");
    let sign = compiler.get(&format!("/evidence/{item}/screenshot?part=7&n=0")).await.expect(200);
    assert_eq!(sign.headers["content-type"], "image/svg+xml");
    app.sign_in("liaison").await.get(&format!("/evidence/{item}/screenshot")).await.expect(404);

    // The records of a capture on its own.
    let item = upload(&compiler, lead, "店铺.warc", warc, &[]).await;
    let page = compiler.get(&format!("/evidence/{item}/read")).await.expect(200);
    page.has("urn:view:https://shop.example/1").has("无法校验").has("image/png");
}

/// A PDF of two pages, the first of which has a red field, with a script that runs when it is opened.
fn acting() -> Vec<u8> {
    let mut doc = Document::with_version("1.7");
    let parent = doc.new_object_id();
    let mut kids: Vec<Object> = Vec::new();
    for content in ["1 0 0 rg 0 0 300 200 re f", ""] {
        let content = doc.add_object(Stream::new(dictionary! {}, content.as_bytes().to_vec()));
        let page = dictionary! {
            "Type" => "Page", "Parent" => parent, "Contents" => content,
            "MediaBox" => vec![0.into(), 0.into(), 300.into(), 200.into()],
        };
        kids.push(doc.add_object(page).into());
    }
    doc.objects.insert(parent, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => 2 }.into());
    let script =
        dictionary! { "S" => "JavaScript", "JS" => Object::string_literal("app.alert('hostile script')") };
    let root = dictionary! { "Type" => "Catalog", "Pages" => parent, "OpenAction" => script };
    let root = doc.add_object(root);
    doc.trailer.set("Root", root);
    let mut bytes = Vec::new();
    doc.save_to(&mut bytes).expect("a PDF");
    bytes
}

/// The page that each look by this verb is on record for, the newest first.
async fn pages_on_record(app: &TestApp, item: Id, verb: &'static str) -> Vec<serde_json::Value> {
    let filter =
        audit::Filter { object: Some(item), verb_prefix: Some(verb.into()), ..audit::Filter::default() };
    let entries = app.services.db.read(move |conn| audit::page(conn, &filter, 20)).await.expect("entries");
    entries.iter().map(|entry| entry.leaf["facts"]["page"].clone()).collect()
}

#[tokio::test]
async fn a_pdf_with_a_script_is_seen_as_pictures_of_its_pages_and_each_page_is_on_record() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = upload(&compiler, lead, "回执.pdf", acting(), &[]).await;
    let at = format!("/evidence/{item}");
    let first = format!("src=\"{at}/pages/1\"");
    let page = compiler.get(&at).await.expect(200);
    page.has(&first)
        .has("pages/1?size=large")
        .has(&format!("{at}/read"))
        .has_not("<iframe")
        .has_not("/preview");

    // Read page by page: a page, with its picture, is one entry.
    let before = app.audit_count().await;
    let page = compiler.get(&format!("{at}/read")).await.expect(200);
    let page = page.has(&first).has("第 1 页，共 2 页").has("文件中有脚本").has("rel=\"next\"");
    page.has_not("rel=\"prev\"").has_not("hostile script").has_not("<iframe");
    let shown = compiler.get(&format!("{at}/pages/1")).await.expect(200);
    assert_eq!(shown.headers["content-type"], "image/jpeg");
    assert!(shown.headers["content-security-policy"].to_str().expect("text").starts_with("sandbox"));
    let picture = image::load_from_memory(&shown.bytes).expect("a picture").to_rgb8();
    let point = picture.get_pixel(picture.width() / 2, picture.height() / 2).0;
    assert!(point[0] > 200 && point[1] < 90 && point[2] < 90, "{point:?}");
    let large = compiler.get(&format!("{at}/pages/1?size=large")).await.expect(200).bytes;
    assert!(image::load_from_memory(&large).expect("a picture").width() > picture.width());
    assert_eq!(app.audit_count().await, before + 1);
    assert_eq!(pages_on_record(&app, item, "evidence.read").await, [1]);
    // The next page, looked at by its picture alone, is another one.
    compiler.get(&format!("{at}/pages/2")).await.expect(200);
    assert_eq!(app.audit_count().await, before + 2);
    assert_eq!(pages_on_record(&app, item, "evidence.preview").await, [2]);
    let page = compiler.get(&format!("{at}/read?page=1")).await.expect(200);
    page.has("第 2 页，共 2 页").has("rel=\"prev\"").has_not("rel=\"next\"");
    compiler.get(&format!("{at}/read?page=99")).await.expect(200).has("第 2 页，共 2 页");
    for none in ["0", "3", "2001", "x"] {
        compiler.get(&format!("{at}/pages/{none}")).await.expect(404);
    }

    // As it is, it is a download and nothing else.
    compiler.get(&format!("{at}/preview")).await.expect(404);
    let file = compiler.get(&format!("{at}/content")).await.expect(200);
    assert!(file.headers["content-disposition"].to_str().expect("text").starts_with("attachment"));
    assert_eq!(file.bytes, acting());

    // Whoever reads no cases sees none of it, and what is refused is no look.
    let before = pages_on_record(&app, item, "evidence.preview").await.len();
    for who in ["liaison", "admin"] {
        app.sign_in(who).await.get(&format!("{at}/pages/1")).await.expect(404);
    }
    let after = pages_on_record(&app, item, "evidence.preview").await;
    assert!(after.len() == before || after[..after.len() - before].iter().all(serde_json::Value::is_null));
}

#[tokio::test]
async fn a_pdf_that_can_not_be_drawn_says_why() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let mut locked = Document::load_mem(&acting()).expect("a PDF");
    let entry = Object::string_literal(vec![7_u8; 32]);
    let lock = locked.add_object(dictionary! {
        "Filter" => "Standard", "V" => 2, "R" => 3, "Length" => 128, "P" => -4,
        "O" => entry.clone(), "U" => entry,
    });
    let id = Object::string_literal(vec![1_u8; 16]);
    locked.trailer.set("Encrypt", lock);
    locked.trailer.set("ID", vec![id.clone(), id]);
    let mut with_password = Vec::new();
    locked.save_to(&mut with_password).expect("a PDF");
    for (name, bytes, said) in
        [("坏.pdf", b"%PDF-1.7\nnothing".to_vec(), "文件已损坏"), ("密.pdf", with_password, "设有密码")]
    {
        let item = upload(&compiler, lead, name, bytes, &[]).await;
        compiler.get(&format!("/evidence/{item}")).await.expect(200).has("原因见阅读页面");
        let page = compiler.get(&format!("/evidence/{item}/read")).await.expect(200);
        page.has("内容未显示").has(said).has_not("/pages/");
        let sign = compiler.get(&format!("/evidence/{item}/pages/1")).await.expect(200);
        assert_eq!(sign.headers["content-type"], "image/svg+xml", "{name}");
    }
}
