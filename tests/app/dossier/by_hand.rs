//! A package is checked with standard tools alone, by the very commands of the README: sha256sum, bagit.py, openssl and age.
//! `tests/run` installs them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use age::{secrecy::ExposeSecret as _, x25519::Identity};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::keys::{key_shown, rotated};
use crate::{
    agency_keys,
    support::{
        TestApp,
        seed::GUANGZHOU,
        story,
        tsa::{Authority, Manner},
    },
};

const OPENING: &str = "unzip -q package.zip && cd XS-*/";

/// The commands of the README's section, block by block: opening, checking, time stamps, succession.
fn recipe() -> [String; 4] {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(readme).expect("README.md");
    let section =
        readme.split("### Checking a package with standard tools alone").nth(1).expect("its section");
    let section = section.split("\n## ").next().unwrap_or_default();
    let blocks = section.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let blocks: Vec<String> = blocks.map(str::to_owned).collect();
    blocks.try_into().expect("four blocks")
}

/// Runs commands as they stand, until one fails.
fn run(room: &Path, commands: &str) -> Output {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/standards/bin");
    let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap_or_default());
    Command::new("bash")
        .args(["-e", "-o", "pipefail", "-c", commands])
        .current_dir(room)
        .env("PATH", path)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .expect("bash")
}

fn said(done: &Output) -> String {
    [&done.stdout, &done.stderr].map(|part| String::from_utf8_lossy(part).into_owned()).concat()
}

/// A package as it is unpacked.
struct Unpacked(PathBuf);

impl Unpacked {
    fn in_room(room: &Path) -> Self {
        let mut entries = fs::read_dir(room).expect("a folder").map(|entry| entry.expect("an entry").path());
        Self(entries.find(|path| path.is_dir()).expect("the package's folder"))
    }

    fn hash(&self, path: &str) -> String {
        HEXLOWER.encode(&Sha256::digest(fs::read(self.0.join(path)).expect("a file")))
    }

    /// Turns a bit of the last byte.
    fn flip(&self, path: &str) {
        let mut bytes = fs::read(self.0.join(path)).expect("a file");
        *bytes.last_mut().expect("a byte") ^= 1;
        fs::write(self.0.join(path), bytes).expect("written");
    }

    fn replace(&self, path: &str, old: &str, new: &str) {
        let text = fs::read_to_string(self.0.join(path)).expect("a text");
        assert!(text.contains(old), "{path} has no {old}");
        fs::write(self.0.join(path), text.replace(old, new)).expect("written");
    }
}

#[tokio::test]
async fn the_commands_of_the_readme_check_a_package_and_find_what_was_changed() {
    let authority = Authority::new(Manner::Good);
    let mut app = TestApp::with(&authority.settings()).await;
    let earlier = key_shown(&app);
    rotated(&mut app).await;
    let agency_key = Identity::generate();
    agency_keys::in_force(&app, GUANGZHOU, &agency_key).await;
    let (_, dossiers) = story::sealed(&app, &[GUANGZHOU]).await;
    let compiler = app.sign_in("compiler").await;
    let encrypted =
        compiler.get(&format!("/dossiers/{}/package.zip.age", dossiers[0])).await.expect(200).bytes;

    let room = tempfile::tempdir().expect("a folder");
    let room = room.path();
    let put = |name: &str, bytes: &[u8]| fs::write(room.join(name), bytes).expect("written");
    put("package.zip.age", &encrypted);
    put("platform-key.txt", key_shown(&app).as_bytes());
    put("earlier-key.txt", earlier.as_bytes());
    put("roots.pem", &fs::read(authority.root()).expect("the root"));
    let [open, check, stamps, succession] = recipe();
    put("agency-key.txt", Identity::generate().to_string().expose_secret().as_bytes());
    assert!(!run(room, &open).status.success(), "with another key");
    put("agency-key.txt", agency_key.to_string().expose_secret().as_bytes());
    let whole = run(room, &[open, check.clone(), stamps.clone(), succession.clone()].concat());
    let told = said(&whole);
    assert!(whole.status.success(), "{told}");
    assert_eq!(told.matches("Signature Verified Successfully").count(), 2, "seal and succession: {told}");
    assert!(told.matches("Verification: OK").count() >= 1, "{told}");
    assert!(told.contains(&app.services.signer.public().fingerprint().replace(' ', "")), "{told}");

    // The same over what is unpacked, of which any file is changed.
    let again = check.replace(OPENING, "cd XS-*/");
    assert_ne!(again, check);
    assert!(run(room, &again).status.success());
    let package = Unpacked::in_room(room);
    for path in [
        "data/letter.pdf",
        "data/lead.json",
        "data/evidence-list.csv",
        "manifest-sha256.txt",
        "tagmanifest-sha256.txt",
        "bag-info.txt",
        "public-key.txt",
        "keys.json",
        "seal.json",
        "seal.sig",
        "audit-proof.json",
    ] {
        package.flip(path);
        assert!(!run(room, &again).status.success(), "{path}");
        package.flip(path);
    }
    assert!(run(room, &again).status.success());

    // Whoever makes the lists fit is found by the seal, and whoever makes that fit, by its signature.
    let before = ["data/letter.pdf", "manifest-sha256.txt", "seal.json"].map(|path| package.hash(path));
    let tags = "tagmanifest-sha256.txt";
    package.flip("data/letter.pdf");
    package.replace("manifest-sha256.txt", &before[0], &package.hash("data/letter.pdf"));
    package.replace(tags, &before[1], &package.hash("manifest-sha256.txt"));
    let done = run(room, &again);
    assert!(!done.status.success() && !said(&done).contains("Signature"), "{}", said(&done));
    package.replace("seal.json", &before[1], &package.hash("manifest-sha256.txt"));
    package.replace(tags, &before[2], &package.hash("seal.json"));
    let done = run(room, &again);
    assert!(
        !done.status.success() && said(&done).contains("Signature Verification Failure"),
        "{}",
        said(&done)
    );
    assert!(!run(room, &format!("cd XS-*/\n{stamps}")).status.success(), "the stamp is over another seal");
    let again = format!("cd XS-*/\n{succession}");
    assert!(run(room, &again).status.success());
    package.replace("keys.json", "\\nat 20", "\\nat 19");
    assert!(!run(room, &again).status.success(), "another time than both keys signed");
}
