//! The sealed package and every paper by the tools of others: bagit.py of the Library of Congress, case_validate of the CASE
//! project, Info-ZIP's unzip, qpdf. `tests/run` installs them; without one of them these tests fail.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use lead_handoff::platform::db::Id;
use lopdf::{Document, Object};
use reqwest::multipart::{Form, Part};

use crate::support::{
    Browser, TestApp,
    seed::GUANGZHOU,
    story,
    tsa::{Authority, Manner},
};

/// Where `tests/run` puts what is written in Python; else the tool is one of the system.
fn program(name: &str) -> PathBuf {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/standards/bin").join(name);
    if ours.exists() { ours } else { name.into() }
}

/// Runs a tool; whether it is content, and all that it says.
fn run(name: &str, args: &[&str]) -> (bool, String) {
    let done = Command::new(program(name)).env("LC_ALL", "C.UTF-8").args(args).output();
    let done =
        done.unwrap_or_else(|error| panic!("{name} is not installed ({error}): tests/run installs it"));
    let said = [done.stdout, done.stderr].map(|part| String::from_utf8_lossy(&part).into_owned());
    (done.status.success(), said.concat())
}

/// Takes in a file under a name; gives its id.
async fn upload(browser: &Browser, lead: Id, name: &str, bytes: Vec<u8>) -> Id {
    let known = story::items(browser, lead).await;
    let mut form = Form::new();
    for (name, value) in story::DETAILS {
        form = form.text(name, value);
    }
    let form = form.part("file", Part::bytes(bytes).file_name(name.to_owned()));
    let path = browser.url(&format!("/leads/{lead}/evidence"));
    let request = browser.client.post(path).header("origin", &browser.base).multipart(form);
    browser.send(request).await.expect(303);
    let mut now = story::items(browser, lead).await;
    now.retain(|id| !known.contains(id));
    now.remove(0)
}

/// A lead that says something of everything; the lead and its items, of which the last is to be kept back.
async fn full_lead(app: &TestApp, compiler: &Browser) -> (Id, Vec<Id>) {
    let lead = app.seed.lead(&app.services, "compiler");
    let at = |part: &str| format!("/leads/{lead}/{part}");
    for (kind, name, identifier) in [
        ("person", "张某某", "440100199001010015"),
        ("shop", "好运表店", "shop-0042"),
        ("phone", "仓库电话", "020-00000000"),
    ] {
        let subject = [("kind", kind), ("name", name), ("identifier", identifier), ("note", "一层")];
        compiler.post(&at("subjects"), &subject).await.expect(303);
    }
    let site = [("address", "白云区旧仓库一号"), ("region", "440111"), ("role", "storage")];
    compiler.post(&at("sites"), &site).await.expect(303);
    compiler.post(&at("listings"), &[("url", "https://shop.example/1")]).await.expect(303);
    let items = vec![
        story::note(compiler, lead, "商品页面", "标价 199 元，已售 1,024 件。").await,
        upload(compiler, lead, "合同 扫描件（一）.txt", b"scan".to_vec()).await,
        upload(compiler, lead, "invoice.csv", b"a,b\n1,2\n".to_vec()).await,
        upload(compiler, lead, "空.txt", b"-".to_vec()).await,
        story::note(compiler, lead, "举报人情况", "举报人要求保密。").await,
    ];
    (lead, items)
}

/// The package of a full lead as it is downloaded, with time stamps.
async fn package(app: &TestApp) -> Vec<u8> {
    let compiler = app.sign_in("compiler").await;
    let (lead, items) = full_lead(app, &compiler).await;
    let kept_back = items.last().expect("an item");
    let reason = [("withheld_reason", "保护举报人")];
    compiler.post(&format!("/evidence/{kept_back}/withhold"), &reason).await.expect(303);
    let sealed = story::seal_version(app, lead, 1, &[GUANGZHOU], &items, &[]).await;
    compiler.get(&format!("/dossiers/{}/package.zip", sealed[0])).await.expect(200).bytes
}

fn number(bytes: &[u8], at: usize, size: usize) -> usize {
    bytes[at..at + size].iter().rev().fold(0, |all, byte| (all << 8) | usize::from(*byte))
}

/// Names and flags of the files as the directory of an archive has them (APPNOTE 4.3.12), which has no comment and no Zip64.
fn directory(zip: &[u8]) -> Vec<(String, usize)> {
    let end = zip.len() - 22;
    assert_eq!(&zip[end..end + 4], b"PK\x05\x06");
    let (count, mut at) = (number(zip, end + 10, 2), number(zip, end + 16, 4));
    let mut found = Vec::new();
    for _ in 0..count {
        assert_eq!(&zip[at..at + 4], b"PK\x01\x02");
        let length = |from: usize| number(zip, at + from, 2);
        let name = String::from_utf8(zip[at + 46..at + 46 + length(28)].to_vec()).expect("UTF-8");
        found.push((name, length(8)));
        let next = at + 46 + length(28) + length(30) + length(32);
        at = next;
    }
    found
}

/// All files below a folder, by their paths in it.
fn files_below(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let within = path.strip_prefix(folder).expect("below it");
                found.push(within.to_str().expect("UTF-8").to_owned());
            }
        }
    }
    found.sort_unstable();
    found
}

#[tokio::test]
async fn a_package_is_unpacked_with_its_names_and_is_a_bag_and_a_case() {
    let authority = Authority::new(Manner::Good);
    let app = TestApp::with(&authority.settings()).await;
    let zip = package(&app).await;
    let room = tempfile::tempdir().expect("a folder");
    let (file, out) = (room.path().join("p.zip"), room.path().join("out"));
    fs::write(&file, &zip).expect("written");
    let text = |path: &Path| path.to_str().expect("UTF-8").to_owned();

    // Names that are not ASCII say that they are UTF-8 (bit 11), and come out so.
    let listed = directory(&zip);
    assert!(listed.iter().any(|(name, _)| name.ends_with("002-合同_扫描件（一）.txt")), "{listed:?}");
    for (name, flags) in &listed {
        assert_eq!((flags & (1 << 11)) != 0, !name.is_ascii(), "{name}: {flags:#x}");
    }
    let (sound, said) = run("unzip", &["-q", &text(&file), "-d", &text(&out)]);
    assert!(sound, "{said}");
    let mut names: Vec<String> = listed.into_iter().map(|(name, _)| name).collect();
    names.sort_unstable();
    assert_eq!(files_below(&out), names);
    assert!(names.iter().any(|name| name.ends_with("/timestamps/seal-1.tsr")), "{names:?}");

    let folder = out.join(names[0].split('/').next().expect("a folder"));
    let (valid, said) = run("bagit.py", &["--validate", &text(&folder)]);
    assert!(valid, "{said}");
    let case = folder.join("data/case.jsonld");
    let (conforms, said) = run("case_validate", &[&text(&case)]);
    assert!(conforms && said.contains("Conforms: True"), "{said}");

    // They would say so if it were otherwise.
    let whole = fs::read_to_string(&case).expect("the case");
    let broken = whole.replacen("\"SHA256\"", "\"SHA257\"", 1);
    assert_ne!(broken, whole);
    fs::write(&case, broken).expect("written");
    let (conforms, said) = run("case_validate", &[&text(&case)]);
    assert!(!conforms, "{said}");
    let (valid, said) = run("bagit.py", &["--validate", &text(&folder)]);
    assert!(!valid && said.contains("data/case.jsonld"), "{said}");
}

/// What a reader's program asks of every paper: sound, named, in a language, with a way through it.
fn is_in_order(name: &str, pdf: &[u8]) {
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), pdf).expect("written");
    let (sound, said) = run("qpdf", &["--check", file.path().to_str().expect("UTF-8")]);
    assert!(sound, "{name}: {said}");
    let doc = Document::load_mem(pdf).expect("a PDF");
    let catalog = doc.catalog().expect("a catalog");
    let language = catalog.get(b"Lang").and_then(Object::as_str).expect("a language");
    assert!([&b"zh-CN"[..], b"en"].contains(&language), "{name}: {}", String::from_utf8_lossy(language));
    let preferences = catalog.get(b"ViewerPreferences").and_then(Object::as_dict).expect("preferences");
    let shows = preferences.get(b"DisplayDocTitle").and_then(Object::as_bool).expect("what is shown");
    assert!(shows, "{name}");
    let outline = catalog.get(b"Outlines").and_then(Object::as_reference).expect("an outline");
    let outline = doc.get_dictionary(outline).expect("an outline");
    assert!(outline.get(b"Count").and_then(Object::as_i64).expect("a count") > 0, "{name}");
    let info = doc.trailer.get(b"Info").and_then(Object::as_reference).expect("what it says of itself");
    let title = doc.get_dictionary(info).and_then(|info| info.get(b"Title")).and_then(Object::as_str);
    // UTF-16 with its mark, and something after it.
    assert!(title.expect("a title").len() > 2, "{name}");
}

#[tokio::test]
async fn every_paper_is_sound_and_says_what_it_is() {
    let app = TestApp::new().await;
    let (compiler, manager) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let (lead, items) = full_lead(&app, &compiler).await;
    let sealed = story::seal_version(&app, lead, 1, &[GUANGZHOU], &items, &[]).await;
    let year = crate::support::today()[..4].to_owned();
    for path in [
        format!("/dossiers/{}/letter.pdf", sealed[0]),
        format!("/dossiers/{}/dossier.pdf", sealed[0]),
        format!("/leads/{lead}/evidence/list.pdf"),
        format!("/evidence/{}/custody.pdf", items[0]),
    ] {
        is_in_order(&path, &compiler.get(&path).await.expect(200).bytes);
    }
    let report = format!("/reports/{year}/report.pdf");
    is_in_order(&report, &manager.get(&report).await.expect(200).bytes);
}
