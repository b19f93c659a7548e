//! Who composed a package and by which key it is sealed: in the seal, in the letter, on the page that checks, and on the command's
//! output; and what a change of the key means to whoever holds the one before.

use std::{fs, path::Path};

use lead_handoff::{
    app as program,
    casework::dossier,
    platform::keys::{PublicKey, SigningKey},
};
use serde_json::Value;

use crate::{
    custody::text_of,
    support::{TestApp, process::run, seed::GUANGZHOU, story},
};

/// What `key show` prints.
pub(super) fn key_shown(app: &TestApp) -> String {
    let shown = run(app.data.path(), app.database.url.as_deref(), &["key", "show"]);
    String::from_utf8(shown.stdout).expect("text")
}

/// Has the command make a new signing key, by which this test seals from then on.
pub(super) async fn rotated(app: &mut TestApp) {
    let done = run(app.data.path(), app.database.url.as_deref(), &["key", "rotate"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let settings = (*app.services.settings).clone();
    let opened = tokio::task::spawn_blocking(move || program::open(settings, program::system_clock()));
    let mut services = opened.await.expect("joined").expect("stores");
    services.drawer = app.services.drawer.clone();
    app.services = services;
}

/// `verify` on a machine that has nothing else: its exit code and what it said.
fn verify(room: &Path, args: &[&str]) -> (Option<i32>, String) {
    let done = run(room, None, &[&["verify"][..], args].concat());
    (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned())
}

fn put(room: &Path, name: &str, bytes: &[u8]) -> String {
    let path = room.join(name);
    fs::write(&path, bytes).expect("written");
    path.display().to_string()
}

fn bare(text: &str) -> String {
    text.split_whitespace().collect()
}

#[tokio::test]
async fn a_seal_names_who_composed_and_the_letter_the_key() {
    let app = TestApp::new().await;
    let (_, dossiers) = story::sealed(&app, &[GUANGZHOU]).await;
    let id = dossiers[0];
    let compiler = app.seed.people["compiler"].to_string();
    let row = app.services.db.read(move |conn| dossier::store::seal(conn, id)).await.expect("read");
    let seal: Value = serde_json::from_str(&row.expect("a seal").seal_json).expect("JSON");
    assert_eq!(seal["schema"], "lead-handoff/seal/2");
    assert_eq!(seal["composer"]["composer"], compiler);
    assert_eq!(seal["composer"]["role"], "compiler");
    assert_ne!(seal["composer"]["composer"], seal["approval"]["approver"]);
    // No more of the person than an account's number: the letter has the name.
    assert_eq!(seal["composer"].as_object().map(|fields| fields.len()), Some(3), "{seal}");
    let fingerprint = app.services.signer.public().fingerprint();
    assert_eq!(seal["signing_key"]["fingerprint"], fingerprint);

    let browser = app.sign_in("compiler").await;
    let letter = browser.get(&format!("/dossiers/{id}/letter.pdf")).await.expect(200).bytes;
    let letter = bare(&text_of(&letter));
    let name = app.services.origin.to_string();
    for words in [bare(&fingerprint), name, format!("{}/verify", app.services.settings.base_url)] {
        assert!(letter.contains(&words), "{words} is missing in {letter}");
    }
    let page = app.stranger().get("/verify").await.expect(200);
    page.has(&fingerprint).has("使用中").has_not("双方签名的更替声明");

    let room = tempfile::tempdir().expect("a folder");
    let key = put(room.path(), "sender.txt", key_shown(&app).as_bytes());
    let package = browser.get(&format!("/dossiers/{id}/package.zip")).await.expect(200).bytes;
    let package = put(room.path(), "package.zip", &package);
    let paper = room.path().join("check.pdf").display().to_string();
    let (code, told) = verify(room.path(), &["--public-key", &key, "--report", &paper, &package]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains(&format!("Composer’s id: {compiler}")), "{told}");
    assert!(told.contains("Composed as: Compiler"), "{told}");
    let drawn = bare(&text_of(&fs::read(&paper).expect("a paper")));
    assert!(drawn.contains(&compiler), "{drawn}");
    let (_, told) = verify(room.path(), &["--public-key", &key, "--json", &package]);
    let told: Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!(told["package"]["composer"], seal["composer"]);
}

#[tokio::test]
async fn whoever_holds_the_key_before_follows_it_to_the_one_that_sealed() {
    let mut app = TestApp::new().await;
    let old = app.services.signer.public();
    let (_, before) = story::sealed(&app, &[GUANGZHOU]).await;
    let room = tempfile::tempdir().expect("a folder");
    let room = room.path();
    let earlier = put(room, "earlier.txt", key_shown(&app).as_bytes());
    rotated(&mut app).await;
    let new = app.services.signer.public();
    assert_ne!(old, new);
    let (_, after) = story::sealed(&app, &[GUANGZHOU]).await;
    let compiler = app.sign_in("compiler").await;
    let package = compiler.get(&format!("/dossiers/{}/package.zip", after[0])).await.expect(200).bytes;
    let sealed_after = put(room, "after.zip", &package);
    let letter = compiler.get(&format!("/dossiers/{}/letter.pdf", after[0])).await.expect(200).bytes;
    assert!(bare(&text_of(&letter)).contains(&bare(&new.fingerprint())), "the key in force at freezing");

    let (code, told) = verify(room, &["--public-key", &earlier, &sealed_after]);
    assert_eq!(code, Some(0), "{told}");
    let named =
        format!("Key {} was named as its successor by key {} at ", new.fingerprint(), old.fingerprint());
    assert!(told.contains(&named) && told.contains("holds an earlier key"), "{told}");
    let (code, told) = verify(room, &["--public-key", &earlier, "--json", &sealed_after]);
    let told: Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!((code, told["verdict"].as_str()), (Some(0), Some("authentic")));
    let step = &told["succession"][0];
    assert_eq!(
        (step["old"].as_str(), step["new"].as_str()),
        (Some(&*old.fingerprint()), Some(&*new.fingerprint()))
    );
    assert!(step["message"].as_str().is_some_and(|message| message.contains(&new.fingerprint())), "{told}");

    // The new key alone proves it without a step, but not what was sealed before it.
    let alone = put(room, "new.txt", new.to_string().as_bytes());
    let (code, told) = verify(room, &["--public-key", &alone, "--json", &sealed_after]);
    let told: Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!((code, told["succession"].as_array().map(Vec::len)), (Some(0), Some(0)), "{told}");
    let package_before =
        compiler.get(&format!("/dossiers/{}/package.zip", before[0])).await.expect(200).bytes;
    let sealed_before = put(room, "before.zip", &package_before);
    assert_eq!(verify(room, &["--public-key", &alone, &sealed_before]).0, Some(1));
    assert_eq!(verify(room, &["--public-key", &earlier, &sealed_before]).0, Some(0));

    // A stranger's key leads nowhere, and a changed statement is named.
    let stranger: PublicKey = SigningKey::generate(old.name()).expect("a key").public();
    let stranger = put(room, "stranger.txt", stranger.to_string().as_bytes());
    assert_eq!(verify(room, &["--public-key", &stranger, &sealed_after]).0, Some(1));
    let mut forged = package.clone();
    let at = forged.windows(7).position(|part| part == b"\\nat 20").expect("the time of the statement");
    forged[at + 5] = b'3';
    let forged = put(room, "forged.zip", &forged);
    let (code, told) = verify(room, &["--public-key", &earlier, &forged]);
    assert_eq!(code, Some(1));
    assert!(told.contains("keys.json: step 1 from one signing key to the next does not hold"), "{told}");

    // The page lists both, and how the one follows from the other.
    let page = app.stranger().get("/verify").await.expect(200);
    page.has(&old.fingerprint()).has(&new.fingerprint()).has("双方签名的更替声明").has("key-succession");
}
