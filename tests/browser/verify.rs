//! A package is checked in the browser, by anybody.

use std::io::Cursor;

use lead_handoff::{
    casework::dossier::verify::{said, verify},
    platform::{i18n::Lang, keys::Cosigner},
};

use crate::{
    desk::{Desk, Manner},
    support::{TestApp, seed::GUANGZHOU, story},
};

/// Chooses a file, gives a key, and waits for the words.
pub(crate) async fn check(desk: &Desk<'_>, file: &std::path::Path, key: &str) {
    chosen(desk, file, key).await;
    answered(desk).await;
}

/// Chooses a file and gives a key.
async fn chosen(desk: &Desk<'_>, file: &std::path::Path, key: &str) {
    desk.open("/verify").await;
    desk.write("#verify-package", &file.display().to_string()).await;
    if !key.is_empty() {
        desk.write("#verify-key", key).await;
    }
}

/// Presses the button and waits for the words.
async fn answered(desk: &Desk<'_>) {
    desk.js("document.querySelector('[data-verify] button').click()").await;
    for _ in 0..200 {
        if desk.count("[data-verify-result] .notice").await > 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("no answer: {}", desk.text().await);
}

/// Presses the button and waits for the words beside the field `at`, which has the focus then.
async fn refused(desk: &Desk<'_>, at: &str, words: &str) {
    desk.js("document.querySelector('[data-verify] button').click()").await;
    for _ in 0..200 {
        if desk.count(&format!("{at}[aria-invalid]:focus")).await > 0 {
            desk.has(words).await;
            assert_eq!(desk.count(&format!("{at}-error.field-error")).await, 1);
            assert_eq!(desk.count("[data-verify-result] > *").await, 0);
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("no fault: {}", desk.text().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_package_is_whole_or_the_changed_file_is_named() {
    let app = TestApp::new().await;
    let (_, dossiers) = story::sealed(&app, &[GUANGZHOU]).await;
    let compiler = app.sign_in("compiler").await;
    let package = compiler.get(&format!("/dossiers/{}/package.zip", dossiers[0])).await.expect(200).bytes;
    let (good, bad) = (app.data.path().join("good.zip"), app.data.path().join("bad.zip"));
    std::fs::write(&good, &package).expect("written");
    let mut changed = package.clone();
    let text = "标价 199 元".as_bytes();
    let place =
        package.windows(text.len()).rposition(|piece| piece == text).expect("the note, stored as it is");
    changed[place + 7] ^= 1;
    std::fs::write(&bad, &changed).expect("written");
    let key = app.services.signer.public().to_string();

    let mut desk = Desk::new(&app, Manner::usual()).await;
    desk.open("/verify").await;
    desk.speak("zh-CN", "/verify").await;
    desk.look("verify").await;
    // Where the scripts did not come, what only they can work goes after a while, and the page says so.
    desk.until("document.documentElement.matches('.runs.verifies')").await;
    desk.js("document.documentElement.classList.remove('runs', 'verifies')").await;
    desk.until("getComputedStyle(document.querySelector('.scripted-verify')).visibility === 'hidden'").await;
    desk.has("本页的脚本未能载入").await;
    check(&desk, &good, "").await;
    desk.has("完整：各文件与封存时一致").await;
    desk.has("这不能证明本页本身可信").await;
    // The time of the seal is that of the place, with its offset.
    desk.has(" +08:00。").await;
    desk.look("verify-whole").await;
    check(&desk, &good, &key).await;
    desk.has("封存记录由您提供的公钥签名").await;
    let lines = format!("# 来自函件\\n{key}\\n\\nanother+00000000+AAAA");
    desk.js(&format!("document.querySelector('#verify-key').value = '{lines}'")).await;
    refused(&desk, "#verify-key", "第 4 行不是公钥").await;
    desk.look_as_it_stands("verify-key-unread").await;
    // Whoever chose no file is told at its field; what was typed stays.
    desk.js("document.querySelector('#verify-package').value = ''").await;
    refused(&desk, "#verify-package", "未选择文件").await;
    assert_eq!(desk.count("#verify-key[aria-invalid]").await, 0);
    let typed = desk.js("return document.querySelector('#verify-key').value").await;
    assert!(typed.as_str().is_some_and(|typed| typed.contains("another+00000000+AAAA")), "{typed}");
    check(&desk, &bad, "").await;
    desk.has("与封存时不一致").await;
    desk.has("data/evidence/001").await;
    desk.look("verify-changed").await;
    std::fs::write(&bad, &package[..package.len() - 9]).expect("written");
    check(&desk, &bad, "").await;
    desk.has("这不是封存的卷宗包").await;
    desk.has("被重新打包。").await;
    // A signature that is not even text is an invalid one, and the package is still a package.
    let head = package.windows(9).position(|piece| piece == b"/seal.sig").expect("the signature's entry");
    let dash = package[head..].windows(3).position(|piece| piece == "—".as_bytes()).expect("its first line");
    let mut garbled = package.clone();
    garbled[head + dash] = 0xff;
    std::fs::write(&bad, &garbled).expect("written");
    check(&desk, &bad, "").await;
    desk.has("与封存时不一致").await;
    desk.has("封存签名无效").await;
    desk.speak("en", "/verify").await;
    check(&desk, &good, "").await;
    desk.has("Whole: every file is as it was").await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Where the content of a file of the package lies.
fn place_of(package: &[u8], path: &str) -> std::ops::Range<usize> {
    let mut zip = zip::ZipArchive::new(Cursor::new(package)).expect("an archive");
    let index = zip.file_names_raw().position(|name| name.ends_with(path.as_bytes())).expect("the file");
    let file = zip.by_index_raw(index).expect("its entry");
    let start = usize::try_from(file.data_start().expect("its place")).expect("a place");
    start..start + usize::try_from(file.size()).expect("a size")
}

/// Changes a byte of a file in the package: the page, in Chinese, names the file, and says nothing that the command does not.
/// The file, how far from its end the byte is, and what is turned in it.
pub(crate) async fn named_alike(desk: &Desk<'_>, package: &[u8], (path, back, bit): (&str, usize, u8)) {
    let key = desk.app.services.signer.public();
    let bad = desk.app.data.path().join("bad.zip");
    let mut changed = package.to_vec();
    changed[place_of(package, path).end - back] ^= bit;
    let report =
        verify(Cursor::new(&changed), std::slice::from_ref(&key), &mut |_, _| {}).expect("a package");
    let told = said::faults(&report, Lang::Zh);
    std::fs::write(&bad, &changed).expect("written");
    check(desk, &bad, &key.to_string()).await;
    let list = "[...document.querySelectorAll('[data-verify-result] > ul:first-of-type > li')]";
    let shown = desk.js(&format!("return {list}.map((one) => one.textContent)")).await;
    let shown: Vec<&str> = shown.as_array().into_iter().flatten().filter_map(|one| one.as_str()).collect();
    let own = path.trim_start_matches('/');
    assert!(shown.iter().any(|one| one.starts_with(own)), "{path}: the page says {shown:?}");
    assert!(told.iter().any(|one| one.starts_with(own)), "{path}: the command says {told:?}");
    for one in &shown {
        assert!(told.iter().any(|other| other == *one), "{path}: {one} is not among {told:?}");
    }
}

/// What is done to a file, the page tells in the words in which the command tells it; neither passes over it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_names_a_fault_as_the_command_does() {
    let app = TestApp::new().await;
    let (_, dossiers) = story::sealed(&app, &[GUANGZHOU]).await;
    let compiler = app.sign_in("compiler").await;
    let package = compiler.get(&format!("/dossiers/{}/package.zip", dossiers[0])).await.expect(200).bytes;
    let key = app.services.signer.public();
    let bad = app.data.path().join("bad.zip");
    let desk = Desk::new(&app, Manner::usual()).await;
    desk.open("/verify").await;
    desk.speak("zh-CN", "/verify").await;
    // The file, how far from its end a byte is changed, and what is turned in that byte.
    let cases = [
        ("/data/letter.pdf", 100, 0x01),
        ("/data/dossier.pdf", 1_000, 0x80),
        ("/data/evidence-list.csv", 5, 0x01),
        ("/data/case.jsonld", 5, 0x01),
        ("/data/lead.json", 10, 0x01),
        ("/bagit.txt", 2, 0x01),
        ("/bag-info.txt", 2, 0x01),
        ("/public-key.txt", 20, 0x01),
        ("/keys.json", 20, 0x01),
        ("/seal.sig", 20, 0x01),
        ("/audit-proof.json", 200, 0x80),
    ];
    for case in cases {
        named_alike(&desk, &package, case).await;
    }
    // What is sealed for whom, approved when, and where in the log: on the page as on paper.
    std::fs::write(&bad, &package).expect("written");
    check(&desk, &bad, &key.to_string()).await;
    desk.until("!document.querySelector('[data-verify-result] dl').textContent.includes('…')").await;
    for words in [
        "整个文件的 SHA-256",
        "编制人编号",
        "审批时间",
        "封存记录位于该日志之中，检查点由受信任的公钥签名",
        "签收不在本次核验范围内",
    ] {
        desk.has(words).await;
    }
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The headings of the page in their order: how deep, and what they say.
async fn headings(desk: &Desk<'_>) -> Vec<String> {
    let script = "const all = [...document.querySelectorAll('main :is(h1, h2, h3, h4)')]; \
                  return all.map((one) => one.tagName + ' ' + one.textContent.trim())";
    let found = desk.js(script).await;
    found.as_array().into_iter().flatten().filter_map(|one| one.as_str().map(str::to_owned)).collect()
}

/// Beside the package a receipt, a key in PEM and the key of a witness, as the command takes them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_is_proved_beside_its_package() {
    let app = TestApp::new().await;
    let (_, dossiers) = story::sealed(&app, &[GUANGZHOU]).await;
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let dossier = dossiers[0].to_string();
    let fields = [("dossier", dossier.as_str()), ("channel", "portal")];
    let transfer = format!("/transfers/{}", compiler.post("/transfers/new", &fields).await.expect(303).id());
    liaison.post(&format!("{transfer}/acknowledge"), &[]).await.expect(303);
    let shown = liaison.get(&transfer).await.expect(200).text();
    let at = shown.split('"').find(|part| part.contains("/receipts/") && part.ends_with(".json"));
    let at = at.expect("a receipt").trim_end_matches(".json");
    let json = liaison.get(&format!("{at}.json")).await.expect(200).bytes;
    let mark = liaison.get(&format!("{at}.sig")).await.expect(200).bytes;
    let package = compiler.get(&format!("/dossiers/{dossier}/package.zip")).await.expect(200).bytes;
    let put = |name: &str, bytes: &[u8]| {
        let path = app.data.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path.display().to_string()
    };
    let whole = put("whole.zip", &package);
    let whole = std::path::Path::new(&whole);
    let (receipt, sig) = (put("receipt.json", &json), put("receipt.sig", &mark));
    let text = String::from_utf8(json).expect("text");
    let forged = text.replacen("\"version\":1", "\"version\":7", 1);
    assert_ne!(forged, text);
    let forged = put("forged.json", forged.as_bytes());
    let pem = app.services.signer.public().pem().expect("PEM");
    let witness = Cosigner::generate("w.example").expect("a key").public().to_string();

    let mut desk = Desk::new(&app, Manner::usual()).await;
    desk.open("/verify").await;
    desk.speak("zh-CN", "/verify").await;
    // A key in PEM is the key; the receipt is proved by it.
    chosen(&desk, whole, &pem).await;
    desk.js("document.querySelector('[data-verify] details').open = true").await;
    desk.write("#verify-receipt", &receipt).await;
    desk.write("#verify-mark", &sig).await;
    desk.write("#verify-witness", &witness).await;
    desk.look_as_it_stands("verify-more").await;
    answered(&desk).await;
    for words in [
        "封存记录由您提供的公钥签名",
        "回执真实：",
        "所提供的签收回执属于本卷宗包，并由所给公钥的持有人签名。",
        "签收情况见签收回执",
        "见证方 w.example",
        "未联署本包所载的审计日志检查点",
    ] {
        desk.has(words).await;
    }
    let told = headings(&desk).await;
    assert!(told[0].starts_with("H1") && told[1].starts_with("H2"), "{told:?}");
    let depth = |heading: &String| heading[1..2].parse::<u8>().expect("a digit");
    assert!(told.windows(2).all(|pair| depth(&pair[1]) <= depth(&pair[0]) + 1), "{told:?}");
    assert_eq!(told.iter().filter(|one| one.ends_with("核验结果")).count(), 1, "{told:?}");
    desk.look_as_it_stands("verify-received").await;

    // One that was changed; then one without its signature.
    chosen(&desk, whole, &pem).await;
    desk.js("document.querySelector('[data-verify] details').open = true").await;
    desk.write("#verify-receipt", &forged).await;
    refused(&desk, "#verify-mark", "请同时选择回执签名").await;
    desk.write("#verify-mark", &sig).await;
    answered(&desk).await;
    desk.has("回执核验不通过").await;
    desk.has("receipt.sig：回执签名无效").await;
    let words = desk.text().await;
    assert!(!words.contains("回执真实") && words.contains("是否已经送出，不在本次核验范围内"), "{words}");

    // A key of a witness that is none is told at its field.
    chosen(&desk, whole, &pem).await;
    desk.js("document.querySelector('[data-verify] details').open = true").await;
    desk.write("#verify-witness", "w.example+00000000+AAAA").await;
    refused(&desk, "#verify-witness", "第 1 行不是公钥").await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
