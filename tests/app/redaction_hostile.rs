//! Files that were made to bring down whoever redacts them, files that are not as they were stored, and what must not be copied
//! from an original unseen.

use std::time::Duration;

use lead_handoff::{
    audit,
    platform::pdf::{DrawError, Undrawn, upright},
};
use lopdf::{Document, Object, Stream, dictionary};
use reqwest::multipart::{Form, Part};

use super::{
    redaction::{REASON, content, holds, redact, region, upload},
    scrub::{all_are_due, damage, objects, scrubbed},
};
use crate::support::{TestApp, drawer, story};

const NOTE: &str = "批注里的号码 110101199001011234";

/// A PDF of pages with what stands in `contents`, and with forms by their names and contents.
fn paper(pages: usize, contents: &str, forms: &[(String, String)]) -> Vec<u8> {
    let mut doc = Document::with_version("1.7");
    let parent = doc.new_object_id();
    let resources = doc.add_object(dictionary! {});
    let mut dict = lopdf::Dictionary::new();
    for (name, content) in forms {
        let head = dictionary! {
            "Type" => "XObject", "Subtype" => "Form", "Resources" => resources,
            "BBox" => vec![0.into(), 0.into(), 300.into(), 200.into()],
        };
        dict.set(name.as_bytes(), doc.add_object(Stream::new(head, content.clone().into_bytes())));
    }
    doc.objects.insert(resources, dictionary! { "XObject" => dict }.into());
    let content = doc.add_object(Stream::new(dictionary! {}, contents.as_bytes().to_vec()));
    let page = |doc: &mut Document| -> Object {
        let page = dictionary! {
            "Type" => "Page", "Parent" => parent, "Contents" => content, "Resources" => resources,
            "MediaBox" => vec![0.into(), 0.into(), 300.into(), 200.into()],
        };
        doc.add_object(page).into()
    };
    let kids: Vec<Object> = (0..pages).map(|_| page(&mut doc)).collect();
    let count = i64::try_from(pages).expect("few");
    doc.objects.insert(parent, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }.into());
    let root = doc.add_object(dictionary! { "Type" => "Catalog", "Pages" => parent });
    doc.trailer.set("Root", root);
    let mut bytes = Vec::new();
    doc.save_to(&mut bytes).expect("a PDF");
    bytes
}

/// A small PDF whose page is never done: each of thirty forms draws the next one eight times.
fn endless() -> Vec<u8> {
    let draws = |n: usize| format!("/F{} Do ", n + 1).repeat(8);
    let form = |n: usize| (format!("F{n}"), if n < 30 { draws(n) } else { "0 0 9 9 re f".to_owned() });
    let forms: Vec<(String, String)> = (1..=30).map(form).collect();
    paper(1, "/F1 Do", &forms)
}

#[tokio::test]
async fn a_page_that_is_never_done_is_told_and_takes_nothing_down() {
    let patience = Duration::from_secs(12);
    let drawer = drawer().within(patience);
    let mut drawing = drawer.begin(endless(), 72.0, 0..1).await.expect("it opens");
    assert_eq!(drawing.count(), 1);
    assert!(matches!(drawing.next().await, Err(DrawError::File(Undrawn::TooHeavy))));

    let app = TestApp::drawing_by(drawer).await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = upload(&compiler, lead, "无尽.pdf", &endless()).await;
    let stored = app.stored_objects().await;
    let mut fields = region(["0", "0", "10", "10"]);
    fields.push(("regions[0].page", "1"));
    redact(&compiler, item, &fields).await.expect(409).has("时间或内存超出限度");
    assert_eq!(app.stored_objects().await, stored);
    // The next file has its turn.
    let next = upload(&compiler, lead, "回执.pdf", &paper(1, "0 0 99 99 re f", &[])).await;
    redact(&compiler, next, &fields).await.expect(303);
}

#[tokio::test]
async fn a_paper_of_too_many_pages_is_told_so_and_a_long_one_is_shown_in_parts() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    for (pages, status) in [(60, 200), (61, 200), (2_001, 409)] {
        let item = upload(&compiler, lead, &format!("{pages}.pdf"), &paper(pages, "", &[])).await;
        let form = compiler.get(&format!("/evidence/{item}/redact")).await.expect(status);
        match pages {
            60 => form.has("data-page=\"60\"").has_not("name=\"turn\""),
            61 => form.has("data-page=\"6\"").has_not("data-page=\"7\"").has("共 61 页"),
            _ => form.has("超过 2,000 页"),
        };
    }
}

/// A process that draws has its bounds before it reads.
#[cfg(target_os = "linux")]
#[test]
fn whoever_draws_is_bounded() {
    use std::{
        io::{Read, Write},
        process::{Command, Stdio},
    };

    let mut child = Command::new(env!("CARGO_BIN_EXE_lead-handoff"))
        .args(["draw-pages", "--dots", "72", "--first", "0", "--count", "1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program");
    let (mut stdin, mut stdout) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
    let mut said = [0; 4];
    stdout.read_exact(&mut said).expect("it is ready");
    assert_eq!(&said, b"LHD1");
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).expect("limits");
    let most = |name: &str| -> u64 {
        let line = limits.lines().find_map(|line| line.strip_prefix(name)).expect("a limit");
        let hard = line.split_whitespace().nth(1).expect("a hard limit");
        hard.parse().unwrap_or(u64::MAX)
    };
    assert!(most("Max address space") <= 1_536 << 20, "{limits}");
    assert!(most("Max cpu time") <= 60 && most("Max open files") <= 4, "{limits}");
    assert!(most("Max file size") == 0 && most("Max core file size") == 0, "{limits}");
    stdin.write_all(b"no PDF").expect("sent");
    drop(stdin);
    let mut rest = Vec::new();
    stdout.read_to_end(&mut rest).expect("its answer");
    assert_eq!(rest, [b'F', 0]);
    assert!(child.wait().expect("its end").success());
}

#[tokio::test]
async fn what_is_seen_of_a_note_stays_as_points_and_can_be_blacked_out() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let mut doc = Document::load_mem(&paper(1, "", &[])).expect("a PDF");
    let head = dictionary! {
        "Type" => "XObject", "Subtype" => "Form",
        "BBox" => vec![0.into(), 0.into(), 100.into(), 100.into()],
    };
    let seen = doc.add_object(Stream::new(head, b"1 0 0 rg 0 0 100 100 re f".to_vec()));
    let note = doc.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Stamp", "Contents" => Object::string_literal(NOTE), "F" => 4,
        "Rect" => vec![100.into(), 50.into(), 200.into(), 150.into()],
        "AP" => dictionary! { "N" => seen },
    });
    let page = *doc.get_pages().values().next().expect("a page");
    doc.get_dictionary_mut(page).expect("a page").set("Annots", vec![note.into()]);
    let mut bytes = Vec::new();
    doc.save_to(&mut bytes).expect("a PDF");
    let item = upload(&compiler, lead, "批注.pdf", &bytes).await;
    compiler
        .get(&format!("/evidence/{item}/redact"))
        .await
        .expect(200)
        .has("在页面上显示的部分随页面绘成像素");
    let shown = compiler.get(&format!("/evidence/{item}/redact/pages/1")).await.expect(200).bytes;
    let is_red = |point: [u8; 3]| point[0] > 200 && point[1] < 90 && point[2] < 90;
    let picture = upright(&shown).expect("a picture");
    let (width, height) = picture.dimensions();
    assert!(is_red(picture.get_pixel(width / 2, height / 2).0), "whoever redacts sees it");
    // Its left half goes.
    let mut fields = region(["30", "20", "20", "60"]);
    fields.push(("regions[0].page", "1"));
    let new = redact(&compiler, item, &fields).await.expect(303).id();
    let made = content(&compiler, new).await;
    assert!(!holds(&made, b"Annot") && !holds(&made, NOTE.as_bytes()));
    let mut drawing = drawer().begin(made, 72.0, 0..1).await.expect("a PDF");
    let page = drawing.next().await.expect("drawn").expect("a page").picture;
    assert!(is_red(page.get_pixel(175, 100).0), "{:?}", page.get_pixel(175, 100));
    assert!(page.get_pixel(125, 100).0.iter().all(|part| *part < 40), "{:?}", page.get_pixel(125, 100));
}

#[tokio::test]
async fn bytes_that_are_not_as_they_were_stored_are_not_redacted() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let known = objects(&app);
    let item = upload(&compiler, lead, "聊天.txt", "买家张某".as_bytes()).await;
    let mut new = objects(&app);
    new.retain(|path| !known.contains(path));
    app.settle().await;
    scrubbed(&app).await;
    damage(&new.remove(0));
    all_are_due(&app).await;
    scrubbed(&app).await;
    let stored = app.stored_objects().await;
    compiler.get(&format!("/evidence/{item}/redact")).await.expect(409).has("告警");
    redact(&compiler, item, &[("phrases", "张某"), REASON]).await.expect(409).has("告警");
    assert_eq!(app.stored_objects().await, stored);
}

#[tokio::test]
async fn what_was_said_of_the_original_is_not_said_of_the_copy_unseen() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let mut form = Form::new();
    let said = [("medium", "张某的手机"), ("holder", "张某本人"), ("description", "张某的聊天")];
    for (name, value) in story::DETAILS.into_iter().chain(said) {
        form = form.text(name, value);
    }
    let bytes = "买家张某，电话１３８００。".as_bytes().to_vec();
    form = form.part("file", Part::bytes(bytes).file_name("张某.txt"));
    let path = compiler.url(&format!("/leads/{lead}/evidence"));
    let request = compiler.client.post(path).header("origin", &compiler.base).multipart(form);
    compiler.send(request).await.expect(303);
    let item = story::items(&compiler, lead).await.remove(0);

    let page = format!("/evidence/{item}/redact");
    compiler.get(&page).await.expect(200).has("value=\"张某-遮蔽.txt\"");
    let filter = audit::Filter {
        object: Some(item),
        verb_prefix: Some("evidence.view".into()),
        ..audit::Filter::default()
    };
    let read = app.services.db.read(move |conn| audit::page(conn, &filter, 1));
    let facts = read.await.expect("entries").remove(0).leaf["facts"].clone();
    assert!(facts["page"] == "redaction" && facts["sha256"].is_string(), "{facts}");

    let fields = [("phrases", "张某\n13800"), ("name", "聊天"), REASON];
    let new = redact(&compiler, item, &fields).await.expect(303).id();
    assert_eq!(content(&compiler, new).await, "买家■■■■■■，电话■■■■■■。".as_bytes());
    let held = app.services.db.read(move |conn| lead_handoff::casework::evidence::store::find(conn, new));
    let held = held.await.expect("an item");
    assert_eq!((held.medium.as_str(), held.holder.as_str(), held.description.as_str()), ("", "", ""));
    assert_eq!(held.source, "遮蔽自本线索证据第1项");
}
