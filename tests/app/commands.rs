//! The commands, run as the administrator of the machine runs them: what they print, and with which code they end.

use std::{path::Path, process::Output};

use crate::support::{
    TestApp,
    process::{run, run_unheard, run_with, run_within},
    seed::GUANGZHOU,
    story,
};

pub(super) fn said(done: &Output) -> String {
    String::from_utf8_lossy(&[done.stdout.as_slice(), &done.stderr].concat()).into_owned()
}

/// The last line of what a command printed, which is all that a script wants.
#[track_caller]
fn last_line(done: &Output) -> String {
    assert_eq!(done.status.code(), Some(0), "{}", said(done));
    String::from_utf8_lossy(&done.stdout).lines().last().unwrap_or_default().to_owned()
}

impl TestApp {
    /// Runs a command on this data.
    pub fn command(&self, args: &[&str]) -> Output {
        run(self.data.path(), self.database.url.as_deref(), args)
    }
}

#[test]
fn a_year_that_is_none_is_told_in_words() {
    for year in ["abc", "16", "3000"] {
        let done = run(Path::new("/nonexistent"), None, &["report", year]);
        assert_eq!(done.status.code(), Some(2));
        assert!(said(&done).contains("not a year from 1990 to 2200"), "{}", said(&done));
    }
}

#[tokio::test]
async fn an_account_and_a_token_made_at_the_machine_open_what_they_should() {
    let app = TestApp::new().await;
    let new = [
        "user",
        "add",
        "--username",
        "lin.ke",
        "--name",
        "林可",
        "--email",
        "lin.ke@example.com",
        "--role",
        "compiler",
    ];
    let password = last_line(&app.command(&new));
    let log_in = |name: &'static str, password: String| {
        let browser = app.stranger();
        async move {
            let entered = browser.post("/login", &[("username", name), ("password", &password)]).await;
            (browser, entered.status.as_u16())
        }
    };
    let (browser, status) = log_in("lin.ke", password).await;
    assert_eq!(status, 303);
    // It is good for one login, in which another is chosen.
    assert_eq!(browser.get("/account").await.expect(303).location, "/account/password");
    let again = app.command(&new);
    assert_ne!(again.status.code(), Some(0), "the name is taken");

    // All accounts are listed with their roles, by name.
    app.disable("liaison2").await;
    let listed = app.command(&["user", "list"]);
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines.len(), app.seed.people.len() + 1, "{listed}");
    for line in [
        "lin.ke\tcompiler\tactive\t林可",
        "approver\tapprover\tactive\t审核人甲",
        "liaison2\tliaison\tclosed\t联络员乙",
    ] {
        assert!(lines.contains(&line), "{line}: {listed}");
    }

    // One account an address, however it is written.
    let taken = [
        "user",
        "add",
        "--username",
        "lin.ke.2",
        "--name",
        "林可",
        "--email",
        "Lin.Ke@Example.com",
        "--role",
    ];
    let taken = app.command(&[&taken[..], &["compiler"]].concat());
    assert_eq!(taken.status.code(), Some(2), "{}", said(&taken));
    assert!(said(&taken).contains("email") && said(&taken).lines().count() == 1, "{}", said(&taken));

    // An open invitation to the address would become a dead link.
    let admin = app.sign_in("admin").await;
    let invited =
        [("name", "周南"), ("email", "zhou.nan@example.com"), ("roles", "compiler"), ("language", "zh-CN")];
    admin.post("/admin/people/invite", &invited).await.expect(303);
    let entries = app.audit_count().await;
    let refused = app.command(&[
        "user",
        "add",
        "--username",
        "zhou.nan",
        "--name",
        "周南",
        "--email",
        "Zhou.Nan@example.com",
        "--role",
        "compiler",
    ]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert!(said(&refused).contains("invitation"), "{}", said(&refused));
    assert_eq!(app.audit_count().await, entries);

    let held = last_line(&app.command(&["token", "create", "--user", "manager", "--scope", "read"]));
    let call = || browser.client.get(browser.url("/api/v1/me")).bearer_auth(&held);
    app.stranger().send(call()).await.expect(200);
    let reset = last_line(&app.command(&["user", "reset-password", "manager"]));
    app.stranger().send(call()).await.expect(401);
    let entry = app.services.db.read(|conn| {
        let filter = lead_handoff::audit::Filter {
            verb_prefix: Some("person.set-password".into()),
            ..Default::default()
        };
        lead_handoff::audit::page(conn, &filter, 1)
    });
    let facts = entry.await.expect("read").remove(0).facts();
    assert!(facts.contains(&("tokens".to_owned(), "1".to_owned())), "{facts:?}");
    assert_eq!(log_in("manager", reset).await.1, 303);
    assert_eq!(log_in("manager", crate::support::seed::PASSWORD.to_owned()).await.1, 422);

    let token = last_line(&app.command(&["token", "create", "--user", "compiler", "--scope", "read"]));
    let me = browser.client.get(browser.url("/api/v1/me")).bearer_auth(&token);
    assert_eq!(app.stranger().send(me).await.expect(200).json()["username"], "compiler");
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.actor_name.as_str()), ("token.create", "system:cli"));
    for (user, scope) in [("liaison", "read"), ("nobody", "read"), ("compiler", "everything")] {
        let refused = app.command(&["token", "create", "--user", user, "--scope", scope]);
        assert_eq!(refused.status.code(), Some(2), "{user} {scope}: {}", said(&refused));
        assert!(
            !said(&refused).contains("panicked") && said(&refused).lines().count() == 1,
            "{}",
            said(&refused)
        );
    }
}

#[tokio::test]
async fn a_second_factor_is_taken_in_words_that_are_true_of_the_account() {
    let app = TestApp::new().await;
    for (user, [first, again]) in [
        (
            "approver",
            [
                "removed; the next login asks for a new one",
                "was no second factor; the next login asks for one",
            ],
        ),
        (
            "manager",
            ["removed; the account's roles need none", "was no second factor; the account's roles need none"],
        ),
    ] {
        for words in [first, again] {
            let done = app.command(&["user", "reset-second-factor", user]);
            assert_eq!(done.status.code(), Some(0), "{}", said(&done));
            assert!(said(&done).contains(words), "{words}: {}", said(&done));
        }
    }
    // A liaison must have one, and can have no token all the same; a manager without one has to set one up first.
    let token = |user: &str| said(&app.command(&["token", "create", "--user", user, "--scope", "read"]));
    assert!(token("liaison").contains("liaisons can’t have API tokens"), "{}", token("liaison"));
    assert!(token("manager").contains("set up its second factor first"), "{}", token("manager"));
}

#[tokio::test]
async fn a_check_names_what_is_damaged_and_ends_with_one() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    story::note(&compiler, lead, "页面.txt", "标价 199 元。").await;
    app.settle().await;
    assert_eq!(app.command(&["check"]).status.code(), Some(0));
    let folder = app.data.path().join("evidence");
    let files = || {
        let mut found = Vec::new();
        let mut folders = vec![folder.clone()];
        while let Some(one) = folders.pop() {
            for entry in std::fs::read_dir(one).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() { folders.push(path) } else { found.push(path) }
            }
        }
        found
    };
    let object = files().pop().expect("the note");
    let mut bytes = std::fs::read(&object).expect("read");
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&object, bytes).expect("damaged");
    let found = app.command(&["check"]);
    assert_eq!(found.status.code(), Some(1), "{}", said(&found));
    let name = object.file_name().and_then(|name| name.to_str()).expect("a name");
    assert!(said(&found).contains(name), "{}", said(&found));
    let chinese = [("LC_ALL", "zh_CN.UTF-8")];
    let found = run_with(app.data.path(), app.database.url.as_deref(), &chinese, &["check"]);
    assert_eq!(found.status.code(), Some(1), "{}", said(&found));
    assert!(said(&found).contains(&format!("存储文件 {name}：")), "{}", said(&found));
    assert!(said(&found).contains("处问题") && !said(&found).contains("stored file"), "{}", said(&found));
}

#[tokio::test]
async fn a_package_is_authentic_by_a_key_that_the_reader_brought_and_by_no_other() {
    let app = TestApp::new().await;
    let (_, dossiers) = story::sealed(&app, &[GUANGZHOU]).await;
    let compiler = app.sign_in("compiler").await;
    let bytes = compiler.get(&format!("/dossiers/{}/package.zip", dossiers[0])).await.expect(200).bytes;
    let room = tempfile::tempdir().expect("folder");
    let file = |name: &str, bytes: &[u8]| {
        let path = room.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path.display().to_string()
    };
    let zip = file("package.zip", &bytes);
    let key = file("sender.txt", &app.command(&["key", "show"]).stdout);
    // A court's machine: no database, no settings.
    let court = room.path().join("court");
    std::fs::create_dir(&court).expect("folder");
    let verify = |args: &[&str]| run(&court, None, &[&["verify"][..], args].concat());

    let whole = verify(&[&zip, "--public-key", &key]);
    assert_eq!(whole.status.code(), Some(0), "{}", said(&whole));
    // In the language of the machine; the names of options are the same.
    assert!(said(&whole).contains("Whole and authentic"), "{}", said(&whole));
    let named: [&str; 4] = ["verify", &zip, "--public-key", &key];
    let chinese = said(&run_with(&court, None, &[("LC_ALL", "zh_CN.UTF-8")], &named));
    assert!(chinese.contains("主送") && !chinese.contains("authentic"), "{chinese}");
    let unknown = verify(&[&zip]);
    assert_eq!(unknown.status.code(), Some(1), "{}", said(&unknown));
    std::fs::write(court.join("lead-handoff.toml"), format!("trusted_keys = ['{key}']\n")).expect("pinned");
    let pinned = verify(&[&zip]);
    assert_eq!(pinned.status.code(), Some(0), "{}", said(&pinned));

    // By SHA-256 alone: the same but for SM3, of which it is said that it was not looked at.
    let quick = verify(&[&zip, "--public-key", &key, "--sha256-only"]);
    assert_eq!(quick.status.code(), Some(0), "{}", said(&quick));
    let unchecked = "The SM3 values of the evidence list: they were not computed again.";
    assert!(said(&quick).contains(unchecked) && !said(&whole).contains(unchecked), "{}", said(&quick));
    let chinese: [&str; 7] = ["verify", &zip, "--public-key", &key, "--sha256-only", "--lang", "zh"];
    assert!(said(&run(&court, None, &chinese)).contains("未重新计算 SM3 值"));
    let quick = verify(&[&zip, "--sha256-only", "--json"]);
    let told: serde_json::Value = serde_json::from_slice(&quick.stdout).expect("one JSON object");
    assert_eq!((quick.status.code(), told["hashes"].as_str()), (Some(0), Some("sha256_only")), "{told}");
    let open = told["not_proved"].as_array().expect("sentences");
    assert!(open.iter().any(|one| one.as_str().is_some_and(|one| one.starts_with(unchecked))), "{told}");

    // The same on a paper to sign, which is written over nothing that is there: least of all the package.
    let paper = room.path().join("check.pdf").display().to_string();
    let printed = verify(&[&zip, "--public-key", &key, "--report", &paper]);
    assert_eq!((printed.status.code(), said(&printed)), (Some(0), said(&whole)));
    assert!(std::fs::read(&paper).expect("the paper").starts_with(b"%PDF"));
    for there in [&paper, &zip] {
        let refused = verify(&[&zip, "--public-key", &key, "--report", there]);
        assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
        assert!(said(&refused).contains("not written over"), "{}", said(&refused));
        assert!(!said(&refused).contains("nreadable"), "{}", said(&refused));
    }
    assert!(std::fs::read(&zip).expect("the package") == bytes);
    // Where it can't be written, what was found is told all the same, and the code tells of the paper.
    let nowhere = room.path().join("nowhere").join("check.pdf").display().to_string();
    let lost = verify(&[&zip, "--public-key", &key, "--report", &nowhere]);
    assert_eq!(lost.status.code(), Some(2), "{}", said(&lost));
    assert!(said(&lost).starts_with(said(&whole).as_str()), "{}", said(&lost));
    let unwritten = format!("The report {nowhere} could not be written: ");
    assert!(said(&lost).contains(&unwritten), "{}", said(&lost));
    let lost = verify(&[&zip, "--public-key", &key, "--report", &nowhere, "--json"]);
    let told: serde_json::Value = serde_json::from_slice(&lost.stdout).expect("one JSON object");
    let verdict = (told["verdict"].as_str(), told["exit"].as_i64());
    assert_eq!((lost.status.code(), verdict), (Some(2), (Some("authentic"), Some(2))), "{told}");
    assert!(told["report_unwritten"].as_str().is_some_and(|why| why.contains(&nowhere)), "{told}");
    // On a full disk, of which no half paper is left either.
    let full = room.path().join("full.pdf").display().to_string();
    let lost = run_within(&court, None, 1, &["verify", &zip, "--public-key", &key, "--report", &full]);
    assert_eq!(lost.status.code(), Some(2), "{}", said(&lost));
    assert!(said(&lost).starts_with(said(&whole).as_str()), "{}", said(&lost));
    assert!(!Path::new(&full).exists(), "no half paper");

    let json = verify(&[&zip, "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).expect("one JSON object");
    assert!(json.is_object(), "{json}");
    let mut changed = bytes.clone();
    changed[bytes.len() / 2] ^= 1;
    let forged = file("forged.zip", &changed);
    let found = verify(&[&forged, "--public-key", &key]);
    assert_eq!(found.status.code(), Some(1), "{}", said(&found));
    let found = verify(&[&forged, "--public-key", &key, "--json"]);
    assert_eq!(found.status.code(), Some(1));
    assert!(serde_json::from_slice::<serde_json::Value>(&found.stdout).is_ok(), "{}", said(&found));
    for ending in [&["--sha256-only"][..], &["--sha256-only", "--json"]] {
        let found = verify(&[&[forged.as_str(), "--public-key", key.as_str()][..], ending].concat());
        assert_eq!(found.status.code(), Some(1), "{}", said(&found));
    }
    let none = verify(&[&file("none.zip", b"no package"), "--public-key", &key]);
    assert_eq!(none.status.code(), Some(2), "{}", said(&none));

    // A new key vouches for itself by the old one; what was sealed before stays what it was.
    let rotated = app.command(&["key", "rotate"]);
    let new = last_line(&rotated);
    let shown = said(&app.command(&["key", "show"]));
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[0], new, "the key in force stands where it always did");
    let old = std::fs::read_to_string(&key).expect("the old key");
    assert!(lines[1].starts_with("# ") && lines[1].contains("fingerprint"), "{shown}");
    assert_eq!(lines[2..], [old.trim()], "then the one before");
    // What it prints is a file of keys as it is: packages of either are recognised.
    let all = file("all.txt", shown.as_bytes());
    assert_eq!(verify(&[&zip, "--public-key", &all]).status.code(), Some(0));
    assert_ne!(format!("{new}\n").into_bytes(), std::fs::read(&key).expect("the old key"));
    assert_eq!(verify(&[&zip, "--public-key", &key]).status.code(), Some(0));
    let other = file("new.txt", new.as_bytes());
    assert_eq!(verify(&[&zip, "--public-key", &other]).status.code(), Some(1));
    app.settle().await;
    assert_eq!(app.command(&["check"]).status.code(), Some(0));
}

#[tokio::test]
async fn a_setting_that_can_not_be_read_is_said_in_one_line() {
    let folder = tempfile::tempdir().expect("folder");
    for (name, value) in [
        ("LEAD_HANDOFF_LOG_FORMAT", "xml"),
        ("LEAD_HANDOFF_LISTEN", "here"),
        ("RUST_LOG", "lead_handoff=loud"),
    ] {
        let refused = run_with(folder.path(), None, &[(name, value)], &["serve"]);
        assert_eq!(refused.status.code(), Some(2), "{name}: {}", said(&refused));
        assert!(said(&refused).contains(name) && said(&refused).lines().count() == 1, "{}", said(&refused));
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0, "nothing was begun");
}

#[tokio::test]
async fn a_command_whose_output_nobody_reads_ends_quietly() {
    let app = TestApp::new().await;
    for args in [&["key", "show"][..], &["key", "show", "--pem"], &["user", "list"], &["report", "2016"]] {
        let done = run_unheard(app.data.path(), app.database.url.as_deref(), args);
        assert_eq!(done.status.code(), Some(0), "{args:?}: {}", said(&done));
        assert_eq!(said(&done), "", "{args:?}");
    }
}

#[tokio::test]
async fn a_command_takes_a_name_either_way_and_names_the_file_that_it_can_not_read() {
    let app = TestApp::new().await;
    for args in [&["user", "reset-password", "manager"][..], &["user", "disable", "--username", "manager"]] {
        let done = app.command(args);
        assert_eq!(done.status.code(), Some(0), "{args:?}: {}", said(&done));
    }
    let new =
        ["user", "add", "lin.ke", "--name", "林可", "--email", "lin.ke@example.com", "--role", "compiler"];
    let made = app.command(&new);
    assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    assert!(said(&app.command(&["user", "list"])).contains("lin.ke"));
    let nobody = app.command(&["user", "disable"]);
    assert_eq!(nobody.status.code(), Some(2), "{}", said(&nobody));

    let missing = app.command(&["verify", "nope.zip"]);
    assert_eq!(missing.status.code(), Some(2), "{}", said(&missing));
    assert!(said(&missing).contains("nope.zip"), "{}", said(&missing));
    let picture = app.data.path().join("photo.csv");
    std::fs::write(&picture, b"\xFF\xD8\xFF\xE0\x00\x10JFIF\x00\xFE").expect("a picture");
    let picture = picture.display().to_string();
    for import in ["agency", "lead"] {
        let refused = app.command(&[import, "import", &picture]);
        assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
        assert!(said(&refused).contains("photo.csv: this is no CSV file"), "{}", said(&refused));
        assert!(!said(&refused).contains("JFIF"), "{}", said(&refused));
    }
}
