//! A package is checked in the browser, by anybody.

use crate::{
    desk::{Desk, Manner},
    support::{TestApp, seed::GUANGZHOU, story},
};

/// Chooses a file, gives a key, and waits for the words.
async fn check(desk: &Desk<'_>, file: &std::path::Path, key: &str) {
    desk.open("/verify").await;
    desk.write("#verify-package", &file.display().to_string()).await;
    if !key.is_empty() {
        desk.write("#verify-key", key).await;
    }
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
    desk.open("/language?to=zh-CN&back=/verify").await;
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
    desk.has("封签由您提供的公钥签名").await;
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
    desk.has("封签的签名不成立").await;
    desk.open("/language?to=en&back=/verify").await;
    check(&desk, &good, "").await;
    desk.has("Whole: every file is as it was").await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
