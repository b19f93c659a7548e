//! Evidence as pictures: made anew and small, within bounds, and each look on record.

use std::io::Cursor;

use lead_handoff::platform::pdf::{Photo, Unshown};
use reqwest::multipart::{Form, Part};

use crate::{
    scrub::{all_are_due, damage, objects, scrubbed},
    support::{Browser, TestApp, story},
};

/// A picture of this size.
pub(super) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = image::RgbImage::from_pixel(width, height, image::Rgb([200, 60, 40]));
    picture.write_to(&mut bytes, image::ImageFormat::Png).expect("a picture");
    bytes.into_inner()
}

/// One that says to be larger than it may be, and has nothing in it: whole but for that, or its size is never looked at.
fn flood() -> Vec<u8> {
    let mut bytes = png(8, 8);
    bytes[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    let sum = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

/// The checksum of a part of a PNG.
fn crc32(bytes: &[u8]) -> u32 {
    let turned = bytes.iter().fold(u32::MAX, |sum, byte| {
        let step = |sum: u32, _: u8| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
        (0..8_u8).fold(sum ^ u32::from(*byte), step)
    });
    !turned
}

async fn upload(browser: &Browser, path: &str, files: &[(&str, Vec<u8>)]) {
    let mut form = Form::new();
    for (name, value) in story::DETAILS {
        form = form.text(name, value);
    }
    for (name, bytes) in files {
        form = form.part("file", Part::bytes(bytes.clone()).file_name((*name).to_owned()));
    }
    let request = browser.client.post(browser.url(path)).header("origin", &browser.base).multipart(form);
    browser.send(request).await.expect(303);
}

#[tokio::test]
async fn evidence_is_a_gallery_of_pictures_made_anew_and_the_gallery_is_their_entry() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let path = format!("/leads/{lead}/evidence");
    let files = [("截图.png", png(2_000, 1_000)), ("聊天记录.txt", b"chat".to_vec())];
    upload(&compiler, &path, &files).await;
    let list = compiler.get(&path).await.expect(200).has("?view=gallery").has("id=\"marks\"");
    list.has_not("/picture?size=small");

    let gallery = compiler.get(&format!("{path}?view=gallery")).await.expect(200);
    let gallery = gallery.has("截图.png").has("聊天记录.txt").has("loading=\"lazy\"");
    // Where nothing can be ticked, no marks are offered.
    let gallery = gallery.has_not("id=\"marks\"").text();
    let small = gallery.split('"').find(|part| part.ends_with("/picture?size=small")).expect("a picture");
    assert_eq!(gallery.matches("/picture?size=small").count(), 1, "a text has a sign");
    let before = app.audit_count().await;
    for _ in 0..2 {
        let shown = compiler.get(small).await.expect(200);
        assert_eq!(shown.headers["content-type"], "image/jpeg");
        assert!(shown.headers["content-security-policy"].to_str().expect("text").starts_with("sandbox"));
        let made = image::load_from_memory(&shown.bytes).expect("a picture");
        assert_eq!((made.width(), made.height()), (320, 160));
    }
    assert_eq!(app.audit_count().await, before, "the gallery is on record, with all that it shows");

    // Marks are given in the list; whoever comes from the gallery comes back to it.
    let marks = format!("{path}/marks?view=gallery");
    let item = story::items(&compiler, lead).await[0].to_string();
    let fields = [("mark", "withhold"), ("withheld_reason", "保护举报人"), ("item", item.as_str())];
    let marked = compiler.post(&marks, &fields).await.expect(303);
    assert!(marked.location.contains("view=gallery"), "{}", marked.location);
    let before = app.audit_count().await;

    // Somebody who saw no gallery looks at one item, and that is on record.
    let other = app.sign_in("compiler2").await;
    other.get(small).await.expect(200);
    assert_eq!(app.audit_count().await, before + 1);
    assert_eq!(app.last_entry().await.verb, "evidence.preview");
    let large = small.split('?').next().expect("an address");
    let item = compiler.get(large.trim_end_matches("/picture")).await.expect(200);
    item.has(&format!("src=\"{large}\"")).has("此图由原文件生成");
    let shown = compiler.get(large).await.expect(200);
    assert_eq!(image::load_from_memory(&shown.bytes).expect("a picture").width(), 1_400);
    app.sign_in("liaison").await.get(small).await.expect(404);
    app.sign_in("admin").await.get(small).await.expect(404);
}

#[tokio::test]
async fn what_can_not_be_opened_within_bounds_is_a_sign_and_what_is_no_picture_is_none() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let path = format!("/leads/{lead}/evidence");
    assert_eq!(Photo::read(&flood()), Err(Unshown::TooLarge), "its size is what is refused");
    let mut damaged = png(40, 40);
    damaged.truncate(60);
    let pdf = b"%PDF-1.7\n%%EOF\n".to_vec();
    upload(&compiler, &path, &[("洪水.png", flood()), ("残.png", damaged), ("原件.pdf", pdf)]).await;
    let gallery = compiler.get(&format!("{path}?view=gallery")).await.expect(200).text();
    let pictures: Vec<&str> =
        gallery.split('"').filter(|part| part.ends_with("/picture?size=small")).collect();
    assert_eq!(pictures.len(), 2);
    for picture in pictures {
        let sign = compiler.get(picture).await.expect(200);
        assert_eq!(sign.headers["content-type"], "image/svg+xml");
        assert!(sign.headers["content-security-policy"].to_str().expect("text").starts_with("sandbox"));
    }
    let mut papers = 0;
    for item in story::items(&compiler, lead).await {
        let page = compiler.get(&format!("/evidence/{item}")).await.expect(200).text();
        if page.contains("原件.pdf") {
            papers += 1;
            let shown = format!("<img src=\"/evidence/{item}/pages/1\"");
            assert!(page.contains(&shown) && !page.contains("<iframe"));
            compiler.get(&format!("/evidence/{item}/preview")).await.expect(404);
            compiler.get(&format!("/evidence/{item}/picture")).await.expect(404);
        }
    }
    assert_eq!(papers, 1);
}

/// What stands in a picture's place where its bytes are not those that were stored: its pages are there all the same.
#[tokio::test]
async fn a_picture_with_an_alarm_is_a_sign_in_its_pages_and_refused_by_itself() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let gallery = format!("/leads/{lead}/evidence?view=gallery");
    upload(&compiler, &format!("/leads/{lead}/evidence"), &[("截图.png", png(400, 200))]).await;
    app.settle().await;
    let page = format!("/evidence/{}", story::items(&compiler, lead).await[0]);
    let small = format!("{page}/picture?size=small");
    compiler.get(&gallery).await.expect(200).has(&small);
    let shown = compiler.get(&page).await.expect(200);
    shown.has(&format!("src=\"{page}/picture\"")).has(&format!("{page}/preview"));

    // Damaged, and nobody knows yet: a sign in its place, and no error of ours.
    let object = objects(&app).remove(0);
    let whole = damage(&object);
    for shown in [small.clone(), format!("{page}/picture")] {
        let sign = compiler.get(&shown).await.expect(200);
        assert_eq!(sign.headers["content-type"], "image/svg+xml", "{shown}");
    }

    // With the alarm its pages say so and show nothing of it.
    all_are_due(&app).await;
    scrubbed(&app).await;
    assert_eq!(app.last_entry().await.verb, "evidence.alarm");
    compiler.get(&gallery).await.expect(200).has("截图.png").has("<svg").has_not(&small);
    let shown = compiler.get(&page).await.expect(200).has("证据文件告警");
    shown.has_not(&format!("{page}/picture")).has_not(&format!("{page}/preview"));
    for shown in ["picture", "picture?size=small", "preview"] {
        compiler.get(&format!("{page}/{shown}")).await.expect(409).has("告警解除之前不予显示");
    }

    // Brought back and looked at again it is shown as before: the sign was not kept.
    std::fs::write(&object, whole).expect("brought back");
    compiler.post(&format!("{page}/verify"), &[]).await.expect(303);
    app.settle().await;
    assert_eq!(app.last_entry().await.verb, "evidence.clear");
    compiler.get(&gallery).await.expect(200).has(&small);
    assert_eq!(compiler.get(&small).await.expect(200).headers["content-type"], "image/jpeg");
    compiler.get(&format!("{page}/preview")).await.expect(200);
}

/// Pictures of kinds that pages do not show, by how they begin.
fn other_pictures() -> [(&'static str, Vec<u8>); 3] {
    let heic = [b"\0\0\0\x18ftypheic\0\0\0\0heicmif1".as_slice(), &[0; 40]].concat();
    let bmp = [b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".as_slice(), &[0; 52]].concat();
    let tiff = [b"II\x2a\0\x08\0\0\0\0\0\0\0\0\0".as_slice(), &[0; 40]].concat();
    [("截屏.bmp", bmp), ("扫描.tif", tiff), ("照片.heic", heic)]
}

#[tokio::test]
async fn a_picture_of_a_kind_that_is_not_shown_is_said_to_be_one_and_can_be_had() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let path = format!("/leads/{lead}/evidence");
    upload(&compiler, &path, &other_pictures()).await;
    let said =
        ["此类图片不在页面中显示，可下载后查看", "Pictures of this kind are not shown here; download it"];
    for (language, said, other) in [("zh-CN", said[0], said[1]), ("en", said[1], said[0])] {
        compiler.post(&format!("/language?to={language}"), &[]).await.expect(303);
        for item in story::items(&compiler, lead).await {
            for page in [format!("/evidence/{item}"), format!("/evidence/{item}/read")] {
                let page = compiler.get(&page).await.expect(200).has(said).has_not(other);
                page.has(&format!("/evidence/{item}/content")).has_not(&format!("/evidence/{item}/picture"));
            }
        }
    }
    for item in story::items(&compiler, lead).await {
        compiler.get(&format!("/evidence/{item}/picture")).await.expect(404);
        compiler.get(&format!("/evidence/{item}/preview")).await.expect(404);
        let bytes = compiler.get(&format!("/evidence/{item}/content")).await.expect(200).bytes;
        assert!(other_pictures().iter().any(|(_, known)| *known == bytes), "the file as it is");
    }
    // What is shown is not said to be otherwise, nor is what is no picture.
    upload(&compiler, &path, &[("截图.png", png(20, 10)), ("聊天记录.txt", b"chat".to_vec())]).await;
    let items = story::items(&compiler, lead).await;
    assert_eq!(items.len(), 5);
    let mut shown = 0;
    for item in items {
        let page = compiler.get(&format!("/evidence/{item}")).await.expect(200).text();
        shown += usize::from(!page.contains(said[1]));
    }
    assert_eq!(shown, 2);
}

#[tokio::test]
async fn the_timeline_is_told_by_kinds_with_how_many_and_in_which_zone() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    story::note(&compiler, lead, "商品页面.txt", "标价 199 元").await;
    compiler.post(&format!("/leads/{lead}/comments"), &[("body", "请核对。")]).await.expect(303);
    let timeline = async |kind: &str| {
        let page = compiler.get(&format!("/leads/{lead}?kind={kind}")).await.expect(200).text();
        page.split("id=\"timeline\"").nth(1).expect("a timeline").to_owned()
    };
    let acts = timeline("").await;
    assert!(acts.contains("UTC+08:00") && acts.contains("编制人甲"), "{acts}");
    // Made, an item, a comment.
    assert!(acts.contains("<span class=\"count\">3</span>"), "{acts}");
    assert_eq!(acts.matches("class=\"event-title\"").count(), 3);
    let evidence = timeline("evidence").await;
    assert_eq!(evidence.matches("class=\"event-title\"").count(), 1, "{evidence}");
    let comments = timeline("comment").await;
    assert!(comments.contains("请核对。") && !comments.contains("登记"), "{comments}");
}

/// A page that is handed over says whose it is, and nothing of what colleagues say among themselves.
#[tokio::test]
async fn a_page_on_paper_says_who_printed_it_and_leaves_comments_out() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let page = compiler.get(&format!("/leads/{lead}")).await.expect(200).text();
    let head = page.split("class=\"print-head\">").nth(1).and_then(|rest| rest.split('<').next());
    let head = head.expect("a line for the paper");
    assert!(head.contains("编制人甲打印于") && head.contains(&*app.services.settings.organisation), "{head}");
    let style = page.split("rel=\"stylesheet\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
    let style = compiler.get(style.expect("a style sheet")).await.expect(200).text();
    let paper = style.rsplit("@media print").next().expect("rules for paper");
    for hidden in [".side", ".tabs", ".unprinted", ".button", "#comments", "#related", ".event-muted"] {
        assert!(paper.contains(hidden), "{hidden} is printed");
    }
    // Nor a way to a form, which nobody can follow on paper; the rows that are acted on stay, though they stand in one.
    assert!(page.contains("<p class=\"unprinted\"><a href=\""), "{page}");
    let rows = compiler.get(&format!("/leads/selected?pick={lead}")).await.expect(200);
    rows.has("class=\"ticked\"").has("class=\"print-head\"");
    assert!(
        paper.contains("form[method=post]:not(.ticked)") && paper.contains("table-header-group"),
        "{paper}"
    );
    // What a screen folds is there in full; of the notices those go that say what to do next.
    assert!(
        paper.contains("::details-content")
            && paper.contains(".notice-next")
            && !paper.contains("notice-info"),
        "{paper}"
    );
}
