//! A folder of five hundred files of many kinds, and a large one whose line broke twice, go the whole way: registered, composed,
//! approved, sealed, packed, downloaded. What comes out is what went in, byte for byte, and programs that are none of ours
//! find the hashes that the list of evidence has.

use std::{
    collections::HashMap,
    io::{Cursor, Write},
    path::Path,
    process::Command,
    time::Duration,
};

use lead_handoff::{casework::dossier::verify::Verdict, platform::db::Id};
use reqwest::multipart::{Form, Part};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::check;
use crate::support::{Reply, TestApp, fixtures, seed::GUANGZHOU, story, tus};

const FILES: usize = 500;
const BATCH: usize = 50;
const MIB: usize = 1 << 20;
const LARGE: usize = 64 * MIB;

/// Bytes that no other file has.
fn noise(seed: usize, size: usize) -> Vec<u8> {
    let mut state = seed as u64 * 2 + 1;
    let next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    std::iter::repeat_with(next).take(size).collect()
}

fn picture(n: usize) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let color = image::Rgb([n as u8, (n / 2) as u8, 90]);
    let picture = image::RgbImage::from_fn(40, 40, |x, y| {
        if (x + y) as usize % 40 < n % 40 { color } else { image::Rgb([255; 3]) }
    });
    picture.write_to(&mut bytes, image::ImageFormat::Png).expect("a picture");
    bytes.into_inner()
}

fn archive(name: &str, content: &[u8]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let plain = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    zip.start_file(name, plain).expect("begun");
    zip.write_all(content).expect("written");
    zip.finish().expect("a zip file").into_inner()
}

/// The file number `n` of the folder: its path there, and 1 to 20 KB.
fn file(n: usize) -> (String, Vec<u8>) {
    let size = 1_000 + n * 37 % 19_000;
    let line = format!("第{n}行：标价 199 元，页面显示已售 {n} 件。\r\n");
    let text = || line.repeat(size / line.len() + 1).into_bytes();
    let (ending, bytes) = match n % 10 {
        0 => (".txt", text()),
        1 => (".csv", [b"\xef\xbb\xbforder,amount\r\n".to_vec(), text()].concat()),
        2 => (".png", picture(n)),
        3 => (".pdf", [b"%PDF-1.4\n".to_vec(), noise(n, size)].concat()),
        4 => {
            let head = format!("From: a@example.com\r\nTo: b@example.com\r\nSubject: {n}\r\n\r\n");
            (".eml", [head.into_bytes(), text()].concat())
        }
        5 => (".zip", archive("合同.txt", &noise(n, size))),
        6 => (".json", format!("{{\"n\":{n},\"text\":\"{}\"}}", "页面".repeat(size / 6)).into_bytes()),
        7 => (".html", [b"<!doctype html><title>x</title>".to_vec(), text()].concat()),
        8 => ("", noise(n, size)),
        _ => (".DAT", noise(n, size)),
    };
    let folder = match n % 3 {
        0 => String::new(),
        1 => "卷宗材料/".to_owned(),
        _ => format!("卷宗材料/第 {} 批/截图/", n / 100 + 1),
    };
    // The last one is the first one once more, under a name of its own.
    let bytes = if n + 1 == FILES { file(0).1 } else { bytes };
    (format!("{folder}材料（{n:03}）号{ending}"), bytes)
}

/// Sends some files in one call of the API.
async fn send(program: &tus::Client, lead: Id, files: &[(String, Vec<u8>)]) -> Reply {
    let mut form = Form::new();
    for (name, value) in story::DETAILS {
        form = form.text(name, value);
    }
    for (name, bytes) in files {
        form = form.part("file", Part::bytes(bytes.clone()).file_name(name.clone()));
    }
    let path = format!("/api/v1/leads/{lead}/evidence");
    let request = program.browser.client.post(program.browser.url(&path));
    program.send(request.bearer_auth(program.token.as_ref().expect("a token")).multipart(form)).await
}

/// Brings some more bytes on a line that is gone then; where the upload stands after it.
async fn broken_off(program: &tus::Client, at: &str, from: usize, bytes: &[u8], much: usize) -> usize {
    drop(program.half(at, from, bytes.len() - from, &bytes[from..from + much]));
    for _ in 0..200 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let stands = program.offset(at).await;
        if stands > from {
            assert!(stands <= from + much, "{stands}");
            // Whoever brought them lets go of the upload.
            tokio::time::sleep(Duration::from_secs(1)).await;
            return stands;
        }
    }
    panic!("nothing came of {much} bytes");
}

/// The large file, over three lines. Gives its item.
async fn send_large(app: &TestApp, program: &tus::Client, lead: Id, name: &str, bytes: &[u8]) -> Id {
    let at = program.begin(lead, name, bytes.len()).await;
    let first = broken_off(program, &at, 0, bytes, 20 * MIB).await;
    let second = broken_off(program, &at, first, bytes, 20 * MIB).await;
    assert!(second < bytes.len());
    program.bring_in_time(&at, second, &bytes[second..]).await.expect(204);
    for _ in 0..100 {
        let told = program.look(&at).await;
        if told["state"] == "done" {
            return told["evidence"]["id"].as_str().and_then(|id| id.parse().ok()).expect("an item");
        }
        app.settle().await;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("never whole: {}", program.look(&at).await);
}

/// What a program prints of all files, by the path that it names last on each line.
fn printed(folder: &Path, program: &str, args: &[&str], files: &[String]) -> HashMap<String, String> {
    let done = Command::new(program)
        .args(args)
        .args(files)
        .current_dir(folder)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .expect("it runs");
    assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
    let text = String::from_utf8(done.stdout).expect("UTF-8");
    let lines = text.lines().filter_map(|line| line.split_once(' '));
    lines.map(|(hash, file)| (file.trim_start_matches([' ', '*']).to_owned(), hash.to_owned())).collect()
}

#[tokio::test]
async fn five_hundred_files_and_a_large_one_come_out_as_they_went_in() {
    let app = TestApp::new().await;
    let lead = app.seed.lead(&app.services, "compiler");
    let token = fixtures::token_for(&app, "compiler", &["read", "write"]).await;
    let program = tus::Client::of_program(app.stranger(), token);
    let files: Vec<_> = (0..FILES).map(file).collect();

    // With an empty file among them nothing of a batch is taken, and nothing stays of it.
    let mut with_empty = files[..3].to_vec();
    with_empty.push(("空文件.txt".into(), Vec::new()));
    let before = app.audit_count().await;
    send(&program, lead, &with_empty).await.expect(409);
    assert_eq!(app.stored_objects().await, 0);

    let mut items: Vec<Id> = Vec::new();
    for batch in files.chunks(BATCH) {
        let told = send(&program, lead, batch).await.expect(201).json();
        let told = told["items"].as_array().expect("items").clone();
        items.extend(told.iter().filter_map(|item| item["id"].as_str()?.parse::<Id>().ok()));
    }
    assert_eq!(items.len(), FILES);
    assert_eq!(app.stored_objects().await, FILES - 1, "the same bytes are stored once");
    let large = noise(FILES, MIB).repeat(LARGE / MIB);
    items.push(send_large(&app, &program, lead, "取证 录像.bin", &large).await);
    assert!(app.audit_count().await > before + FILES as i64, "each item has its entry");

    let dossiers = story::seal_version(&app, lead, 1, &[GUANGZHOU], &items, &[]).await;
    let compiler = app.sign_in("compiler").await;
    let package = compiler.get(&format!("/dossiers/{}/package.zip", dossiers[0])).await.expect(200).bytes;
    let room = tempfile::tempdir().expect("a folder");
    let zip = room.path().join("package.zip");
    std::fs::write(&zip, &package).expect("written");
    let report = check(&app, package);
    assert_eq!(report.verdict, Verdict::Authentic, "{:?}", report.faults);
    let out = room.path().join("out");
    let mut unzip = Command::new("unzip");
    unzip.arg("-q").arg(&zip).arg("-d").arg(&out).env("LC_ALL", "C.UTF-8");
    assert!(unzip.status().expect("unzip").success());
    let folder = std::fs::read_dir(&out).expect("unpacked").next().expect("one").expect("a folder").path();

    let list =
        csv::Reader::from_path(folder.join("data/evidence-list.csv")).expect("the list").into_records();
    let rows: Vec<csv::StringRecord> = list.map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), FILES + 1);
    let paths: Vec<String> = rows.iter().map(|row| row[3].to_owned()).collect();
    let sha256 = printed(&folder, "sha256sum", &[], &paths);
    let sm3 = printed(&folder, "openssl", &["dgst", "-sm3", "-r"], &paths);
    for (n, (row, item)) in rows.iter().zip(&items).enumerate() {
        let (name, bytes) =
            files.get(n).map_or(("取证 录像.bin", &large), |(path, bytes)| (path.as_str(), bytes));
        assert_eq!(row[1], item.to_string());
        assert_eq!(&row[2], name.rsplit('/').next().expect("a name"));
        assert_eq!(row[6], bytes.len().to_string());
        let path = &row[3];
        assert!(std::fs::read(folder.join(path)).expect(path) == *bytes, "{path} is what went in");
        assert_eq!(sha256.get(path).map(String::as_str), Some(&row[7]), "sha256sum of {path}");
        assert_eq!(sm3.get(path).map(String::as_str), Some(&row[8]), "openssl's SM3 of {path}");
    }
}
