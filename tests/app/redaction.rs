//! What is redacted is not there any more, in no layer of the new file: neither in its points nor in its bytes, nor in what goes out
//! to an agency. The original stays as it was.

use std::io::{Cursor, Read};

use encoding_rs::GB18030;
use image::{
    ExtendedColorType, ImageEncoder, Rgb, RgbImage, codecs::jpeg::JpegEncoder, codecs::png::PngEncoder,
};
use lead_handoff::platform::{
    db::Id,
    pdf::{Scan, upright},
};
use lopdf::{Document, Object, Stream, dictionary};
use sha2::{Digest, Sha256};

use super::custody::text_of;
pub(super) use crate::support::story::upload;
use crate::support::{Browser, Reply, TestApp, fixtures, seed::GUANGZHOU, story};

/// Nobody's number.
pub(super) const SECRET: &str = "110101199001011234";
const MARK: [u8; 3] = [201, 33, 97];
pub(super) const REASON: (&str, &str) = ("reason", "含身份证号码");

pub(super) async fn redact(browser: &Browser, item: Id, fields: &[(&str, &str)]) -> Reply {
    browser.post(&format!("/evidence/{item}/redact"), fields).await
}

pub(super) async fn content(browser: &Browser, item: Id) -> Vec<u8> {
    browser.get(&format!("/evidence/{item}/content")).await.expect(200).bytes
}

/// A rectangle in the first line of the form.
pub(super) fn region(values: [&str; 4]) -> Vec<(&str, &str)> {
    let names = ["regions[0].left", "regions[0].top", "regions[0].width", "regions[0].height"];
    names.into_iter().zip(values).chain([REASON]).collect()
}

pub(super) fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|found| found == part)
}

/// Whether a text stands in a file in any encoding of practice, as it lies or in a part of a PDF that is packed.
pub(super) fn tells(bytes: &[u8], text: &str) -> bool {
    let utf16 = |swap: bool| -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    };
    let forms = [text.as_bytes().to_vec(), GB18030.encode(text).0.into_owned(), utf16(false), utf16(true)];
    let told = |bytes: &[u8]| forms.iter().any(|form| holds(bytes, form));
    if told(bytes) {
        return true;
    }
    let Ok(document) = Document::load_mem(bytes) else { return false };
    document.objects.values().any(|object| match object {
        Object::Stream(stream) => stream.decompressed_content().is_ok_and(|content| told(&content)),
        other => told(format!("{other:?}").as_bytes()),
    })
}

/// A picture with a marked part, from 20 to 60 of 100 across and from 25 to 75 down.
fn marked() -> RgbImage {
    RgbImage::from_fn(100, 80, |x, y| {
        let is_marked = (20..60).contains(&x) && (20..60).contains(&y);
        Rgb(if is_marked { MARK } else { [240, 240, 240] })
    })
}

/// A JPEG that holds a small picture, a place and a remark beside its points.
fn photo() -> Vec<u8> {
    let mut plain = Vec::new();
    JpegEncoder::new_with_quality(&mut plain, 95).encode_image(&marked()).expect("a JPEG");
    let segment = |kind: u8, content: &[u8]| {
        let length = u16::try_from(content.len() + 2).expect("short").to_be_bytes();
        [&[0xff, kind][..], &length, content].concat()
    };
    let exif = [&b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0THUMBNAIL "[..], SECRET.as_bytes()].concat();
    let remark = format!("remark {SECRET}");
    [&plain[..2], &segment(0xe1, &exif), &segment(0xfe, remark.as_bytes()), &plain[2..]].concat()
}

/// A PNG with a chunk of text.
fn shot() -> Vec<u8> {
    let mut plain = Vec::new();
    let picture = marked();
    let (width, height) = picture.dimensions();
    PngEncoder::new(&mut plain)
        .write_image(picture.as_raw(), width, height, ExtendedColorType::Rgb8)
        .expect("a PNG");
    let content = [&b"tEXtComment\0"[..], SECRET.as_bytes()].concat();
    let mut sum = flate2::Crc::new();
    sum.update(&content);
    let length = u32::try_from(content.len() - 4).expect("short").to_be_bytes();
    // Behind the signature and the head.
    [&plain[..33], &length, &content, &sum.sum().to_be_bytes(), &plain[33..]].concat()
}

/// A paper that says the secret in its text, its title, a note on it and a file within it.
fn paper() -> Vec<u8> {
    let mut doc = Document::with_version("1.7");
    let parent = doc.new_object_id();
    let font =
        doc.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" });
    let text = format!("BT /F 20 Tf 50 100 Td ({SECRET}) Tj ET BT /F 20 Tf 50 40 Td (PUBLIC) Tj ET");
    let contents = doc.add_object(Stream::new(dictionary! {}, text.into_bytes()));
    let note = doc.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Text", "Contents" => Object::string_literal(SECRET),
        "Rect" => vec![10.into(), 10.into(), 20.into(), 20.into()],
    });
    let page = doc.add_object(dictionary! {
        "Type" => "Page", "Parent" => parent, "Contents" => contents,
        "MediaBox" => vec![0.into(), 0.into(), 300.into(), 200.into()],
        "Resources" => dictionary! { "Font" => dictionary! { "F" => font } },
        "Annots" => vec![note.into()],
    });
    let pages = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
    doc.objects.insert(parent, pages.into());
    let within =
        doc.add_object(Stream::new(dictionary! { "Type" => "EmbeddedFile" }, SECRET.as_bytes().to_vec()));
    let file = doc.add_object(dictionary! {
        "Type" => "Filespec", "F" => Object::string_literal("a.txt"), "EF" => dictionary! { "F" => within },
    });
    let names = dictionary! {
        "EmbeddedFiles" => dictionary! { "Names" => vec![Object::string_literal("a.txt"), file.into()] },
    };
    let root = doc.add_object(dictionary! { "Type" => "Catalog", "Pages" => parent, "Names" => names });
    let info = doc.add_object(dictionary! { "Title" => Object::string_literal(SECRET) });
    doc.trailer.set("Root", root);
    doc.trailer.set("Info", info);
    doc.compress();
    let mut bytes = Vec::new();
    doc.save_to(&mut bytes).expect("a PDF");
    bytes
}

#[tokio::test]
async fn a_picture_is_black_where_it_was_redacted_and_holds_nothing_else() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    for (name, bytes) in [("截图.jpg", photo()), ("截图.png", shot())] {
        assert!(tells(&bytes, SECRET), "{name}");
        let item = upload(&compiler, lead, name, &bytes).await;
        let form = format!("/evidence/{item}/redact");
        compiler.get(&format!("/evidence/{item}")).await.expect(200).has(&form);
        compiler.get(&form).await.expect(200).has("regions[4].height").has_not("regions[5].left");
        compiler.get(&form).await.expect(200).has("value=\"截图-遮蔽.png\"");
        let shown = compiler.get(&format!("{form}/pages/1")).await.expect(200);
        assert_eq!(shown.headers["content-type"], "image/jpeg");
        compiler.get(&format!("{form}/pages/2")).await.expect(404);
        // A few points more than the mark: a JPEG smears it.
        let new = redact(&compiler, item, &region(["10", "12.5", "60%", "75"])).await.expect(303).id();
        let made = content(&compiler, new).await;
        assert!(made.starts_with(b"\x89PNG") && !tells(&made, SECRET), "{name}");
        for part in [&b"Exif"[..], b"eXIf", b"THUMBNAIL", b"tEXt", b"remark", b"iCCP"] {
            assert!(!holds(&made, part), "{name}: {}", String::from_utf8_lossy(part));
        }
        let picture = upright(&made).expect("a picture");
        assert_eq!(picture.dimensions(), (100, 80));
        for (x, y, point) in picture.enumerate_pixels() {
            let is_black = point.0 == [0, 0, 0];
            assert_eq!(is_black, (10..70).contains(&x) && (10..70).contains(&y), "{name}: {x} {y} {point:?}");
            assert!(is_black || point.0.iter().all(|part| *part > 200), "{name}: {x} {y} {point:?}");
        }
        assert_eq!(content(&compiler, item).await, bytes, "the original stays");
    }
}

#[tokio::test]
async fn a_paper_becomes_pictures_and_both_items_tell_of_each_other() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let bytes = paper();
    assert!(tells(&bytes, SECRET) && text_of(&bytes).contains(SECRET));
    let item = upload(&compiler, lead, "回执.pdf", &bytes).await;
    compiler.get(&format!("/evidence/{item}/redact")).await.expect(200).has("regions[0].page");
    let shown = compiler.get(&format!("/evidence/{item}/redact/pages/1")).await.expect(200);
    assert!(upright(&shown.bytes).is_ok());
    compiler.get(&format!("/evidence/{item}/redact/pages/2")).await.expect(404);

    let mut fields = region(["10", "38", "80", "20"]);
    fields.push(("regions[0].page", "2"));
    redact(&compiler, item, &fields).await.expect(422).has("f-regions-0-page-error").has("共 1 页");
    fields.pop();
    fields.extend([("regions[0].page", "1"), ("withhold", "yes")]);
    let before = app.audit_count().await;
    let new = redact(&compiler, item, &fields).await.expect(303).id();
    // Registered, redacted, withheld.
    assert_eq!(app.audit_count().await, before + 3);
    assert_eq!(app.last_entry().await.verb, "evidence.withhold");
    let made = content(&compiler, new).await;
    assert!(!tells(&made, SECRET) && !holds(&made, b"EmbeddedFile") && !holds(&made, b"Annot"));
    assert_eq!(text_of(&made).trim(), "");
    let scan = Scan::open(made).expect("a PDF");
    assert_eq!(scan.pages(), 1);
    let page = scan.draw(0, 72.0).expect("a page").picture;
    assert_eq!(page.dimensions(), (300, 200));
    for (x, y, point) in page.enumerate_pixels() {
        if (35..265).contains(&x) && (80..112).contains(&y) {
            assert!(point.0.iter().all(|part| *part < 40), "{x} {y} {point:?}");
        }
    }
    let is_dark = |x, y| page.get_pixel(x, y).0.iter().all(|part| *part < 150);
    assert!((50..140).any(|x| (140..165).any(|y| is_dark(x, y))), "what was not redacted is still there");

    // The log, the pages and the API tell which was made of which.
    let filter = lead_handoff::audit::Filter {
        object: Some(item),
        verb_prefix: Some("evidence.redact".into()),
        ..lead_handoff::audit::Filter::default()
    };
    let read = app.services.db.read(move |conn| lead_handoff::audit::page(conn, &filter, 2));
    let entries = read.await.expect("entries");
    assert_eq!(entries.len(), 1);
    let facts = &entries[0].leaf["facts"];
    assert!(facts["sha256"] != facts["original_sha256"] && facts["original_sha256"].is_string(), "{facts}");
    assert!(!entries[0].leaf.to_string().contains("身份证"), "the reason can be erased");
    let hash = facts["original_sha256"].as_str().expect("a hash").to_owned();
    let page = compiler.get(&format!("/evidence/{new}")).await.expect(200);
    page.has("遮蔽自").has(&format!("/evidence/{item}")).has(&hash).has("回执-遮蔽.pdf").has("1 处矩形区域");
    let page = compiler.get(&format!("/evidence/{item}")).await.expect(200);
    page.has(&format!("/evidence/{new}")).has("不予披露").has("生成遮蔽件");
    let (token, stranger) = (fixtures::token(&app, "compiler").await, app.stranger());
    for (asked, other, at) in [(new, item, "/redacted_from"), (item, new, "/redactions/0")] {
        let call =
            stranger.client.get(stranger.url(&format!("/api/v1/evidence/{asked}"))).bearer_auth(&token);
        let told = stranger.send(call).await.expect(200).json();
        let link = told.pointer(at).unwrap_or_else(|| panic!("{told}"));
        assert_eq!(
            (link["id"].as_str(), link["kind"].as_str()),
            (Some(other.to_string().as_str()), Some("pdf"))
        );
    }
}

#[tokio::test]
async fn wrong_turns_are_told_and_make_nothing() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = upload(&compiler, lead, "截图.png", &shot()).await;
    let broken = upload(&compiler, lead, "坏.png", &shot()[..60]).await;
    let no_paper = upload(&compiler, lead, "坏.pdf", b"%PDF-1.7\nnothing").await;
    let mail = upload(&compiler, lead, "信.eml", b"From: a\nTo: b\n\ntext\n").await;
    let stored = app.stored_objects().await;

    redact(&compiler, item, &[REASON]).await.expect(422).has("f-regions-0-left-error");
    for (values, said) in [
        (["90", "0", "20", "10"], "f-regions-0-width-error"),
        (["0", "90", "10", "20"], "f-regions-0-height-error"),
        (["x", "0", "10", "20"], "f-regions-0-left-error"),
    ] {
        redact(&compiler, item, &region(values)).await.expect(422).has(said).has("含身份证号码");
    }
    let fields = region(["0", "0", "10", "10"]);
    redact(&compiler, item, &fields[..4]).await.expect(422).has("f-reason-error");
    // More lines are no fault, and nothing typed is lost.
    let more: Vec<_> = fields.iter().copied().chain([("more", "yes")]).collect();
    redact(&compiler, item, &more).await.expect(200).has("regions[5].left").has("含身份证号码");

    redact(&compiler, broken, &fields).await.expect(409);
    compiler.get(&format!("/evidence/{no_paper}/redact")).await.expect(409);
    compiler.get(&format!("/evidence/{mail}/redact")).await.expect(409);
    for (who, status) in [("compiler2", 409), ("approver", 404), ("liaison", 404), ("liaison2", 404)] {
        let other = app.sign_in(who).await;
        other.get(&format!("/evidence/{item}/redact")).await.expect(status);
        other.get(&format!("/evidence/{item}/redact/pages/1")).await.expect(status);
        redact(&other, item, &fields).await.expect(status);
    }
    assert_eq!(app.stored_objects().await, stored);

    // Only of a draft.
    let agency = app.seed.agencies[GUANGZHOU];
    story::compose(&compiler, lead, 1, &[agency], &[item], &[]).await.expect(303);
    app.settle().await;
    story::submit(&compiler, lead).await;
    let stored = app.stored_objects().await;
    redact(&compiler, item, &fields).await.expect(409);
    compiler.get(&format!("/evidence/{item}/redact")).await.expect(409);
    assert_eq!(app.stored_objects().await, stored);
}

#[tokio::test]
async fn what_was_redacted_does_not_go_out_with_the_dossier() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let text = format!("买家张某，身份证 {SECRET}。");
    let item = upload(&compiler, lead, "聊天.txt", text.as_bytes()).await;
    let new = redact(&compiler, item, &[("phrases", SECRET), REASON]).await.expect(303).id();
    // With the hash of a file that is kept back anybody could try numbers in the place of the signs.
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(text.as_bytes()));
    compiler.get(&format!("/evidence/{new}")).await.expect(200).has(&hash).has("遮蔽自本线索证据第1项");
    let dossiers = story::seal_version(&app, lead, 1, &[GUANGZHOU], &[item, new], &[]).await;
    let package = compiler.get(&format!("/dossiers/{}/package.zip", dossiers[0])).await.expect(200).bytes;
    assert!(!tells(&package, SECRET));
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).expect("a package");
    let (mut is_there, mut is_named) = (false, false);
    for n in 0..archive.len() {
        let mut file = archive.by_index(n).expect("a file");
        let (name, mut bytes) = (file.name().expect("a name").into_owned(), Vec::new());
        file.read_to_end(&mut bytes).expect("read");
        assert!(!tells(&bytes, SECRET) && !tells(&bytes, &hash), "{name}");
        if bytes.starts_with(b"%PDF-") {
            let said = text_of(&bytes);
            // A hash may stand on paper in groups.
            assert!(!said.contains(SECRET) && !said.contains(&hash[..16]), "{name}");
        }
        is_there |= holds(&bytes, "身份证 ■■■■■■。".as_bytes());
        is_named |= name.ends_with("evidence-list.csv") && holds(&bytes, "遮蔽自本线索证据第1项".as_bytes());
    }
    assert!(is_there, "the redacted copy goes out");
    assert!(is_named, "the list names its original by its number");
}
