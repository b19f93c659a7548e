//! The demo as somebody meets it who has only the program: loaded by its command, its accounts used, its published
//! figures counted from its own rows, and changed by an entry of theirs.
//!
//! The sample takes its time to load, so it is loaded once and everything is asked of it in one go.

use std::path::Path;

use lead_handoff::directory::people::second_factor::model::totp;
use serde_json::Value;

use crate::support::{
    Browser,
    database::TestDatabase,
    process::{Process, run},
};

/// The demo in a folder of its own.
struct Demo {
    data: tempfile::TempDir,
    database: TestDatabase,
    accounts: Vec<Value>,
}

impl Demo {
    fn load() -> Self {
        let data = tempfile::tempdir().expect("folder");
        let database = TestDatabase::new(data.path());
        let mut demo = Self { data, database, accounts: Vec::new() };
        demo.start(&[]);
        demo
    }

    /// `demo --no-serve`; the accounts are those that it leaves in the folder.
    fn start(&mut self, more: &[&str]) -> String {
        let folder = self.data.path().display().to_string();
        let said = self.says(&[&["demo", "--no-serve", "--data", &folder], more].concat());
        let kept = std::fs::read(self.data.path().join("demo-accounts.json")).expect("accounts");
        self.accounts = serde_json::from_slice(&kept).expect("JSON");
        String::from_utf8(said).expect("text")
    }

    /// What a command writes on its standard output.
    #[track_caller]
    fn says(&self, args: &[&str]) -> Vec<u8> {
        let done = run(self.data.path(), self.database.url.as_deref(), args);
        assert_eq!(done.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
        done.stdout
    }

    #[track_caller]
    fn report(&self) -> Value {
        serde_json::from_slice(&self.says(&["report", "2016", "--format", "json"])).expect("JSON")
    }

    fn account(&self, username: &str, what: &str) -> &str {
        let found = self.accounts.iter().find(|a| a["username"] == username).expect("an account");
        found[what].as_str().expect("text")
    }

    /// Signs in with what the demo printed: name, password, and the code of the printed secret.
    async fn sign_in(&self, server: &Process, username: &str) -> Browser {
        let browser = server.stranger();
        let fields = [("username", username), ("password", self.account(username, "password"))];
        browser.post("/login", &fields).await.expect(303);
        let secret = self.account(username, "totp_secret");
        let secret = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).expect("a secret");
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("now").as_secs();
        let code = totp(&secret, username).expect("totp").generate(now).to_string();
        browser.post("/login/second-factor", &[("code", &code)]).await.expect(303);
        browser
    }
}

fn figure(report: &Value, name: &str) -> i64 {
    report["figures"][name]["value"].as_i64().unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn a_folder_that_is_not_a_demos_is_left_alone() {
    let data = tempfile::tempdir().expect("folder");
    std::fs::write(data.path().join("letter.txt"), "mine").expect("a file");
    let folder = data.path().display().to_string();
    for more in [&[][..], &["--reset"]] {
        let args = [&["demo", "--no-serve", "--data", &folder], more].concat();
        let done = run(data.path(), None, &args);
        assert_ne!(done.status.code(), Some(0));
        let words = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(words.contains("not a demo's folder"), "{words}");
    }
    let kept: Vec<_> = std::fs::read_dir(data.path()).expect("folder").collect();
    assert_eq!(kept.len(), 1);
}

#[tokio::test]
async fn the_published_figures_are_counted_from_the_demos_own_rows() {
    let mut demo = Demo::load();
    says_who_may_sign_in(&mut demo);
    counts_what_was_published(&demo.report());
    gives_the_report_as_files(&demo);
    let mut server = Process::serve(demo.data.path(), demo.database.url.as_deref(), &[]);
    let liaison = demo.sign_in(&server, "liaison").await;
    let manager = demo.sign_in(&server, "manager").await;
    changes_by_a_counter_entry(&demo, &liaison, &manager).await;
    assert!(server.stop().success());
}

/// An account for every role, told when it is loaded and again whenever it is started.
fn says_who_may_sign_in(demo: &mut Demo) {
    let mut roles: Vec<String> =
        demo.accounts.iter().map(|a| a["role"].as_str().expect("a role").to_owned()).collect();
    roles.sort();
    roles.dedup();
    assert_eq!(roles, ["admin", "approver", "auditor", "compiler", "liaison", "manager"]);
    let before = demo.accounts.clone();
    let said = demo.start(&[]);
    assert_eq!(demo.accounts, before, "a second start made other accounts");
    for account in &demo.accounts {
        for what in ["username", "password", "totp_secret"] {
            assert!(said.contains(account[what].as_str().expect("text")), "{what} is not said: {said}");
        }
    }
    private(&demo.data.path().join("demo-accounts.json"));
}

fn private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).expect("a file").permissions().mode();
    assert_eq!(mode & 0o077, 0, "others may read {}", path.display());
}

/// What the papers say of 2016, and of the year before.
fn counts_what_was_published(report: &Value) {
    assert_eq!(figure(report, "leads_sent"), 1_184);
    assert_eq!(figure(report, "suspects_arrested"), 880);
    assert_eq!(figure(report, "sites_raided"), 1_419);
    let value = &report["figures"]["case_value"];
    assert!(value["fen"].as_i64().is_some_and(|fen| fen > 3_000_000_000 * 100), "{value}");
    assert_eq!(value["qualifier"], "at_least");
    let prior = |name: &str| report["prior_year"][name]["value"].as_i64();
    assert_eq!((prior("leads_sent"), prior("suspects_arrested")), (Some(717), Some(715)));
    // Over 600 sites, about 1.5 billion yuan.
    assert_eq!(prior("sites_raided"), Some(600));
    assert_eq!(report["prior_year"]["case_value"]["fen"], 1_500_000_000i64 * 100);
    assert_eq!(report["prior_year"]["case_value"]["qualifier"], "about");
}

/// Every format by command, on the standard output and into a file.
fn gives_the_report_as_files(demo: &Demo) {
    let out = tempfile::tempdir().expect("folder");
    for (format, begin) in [("csv", "\u{feff}".as_bytes()), ("xlsx", b"PK"), ("pdf", b"%PDF"), ("json", b"{")]
    {
        let path = out.path().join(format!("report.{format}"));
        let shown = path.display().to_string();
        assert!(demo.says(&["report", "2016", "--format", format, "-o", &shown]).is_empty());
        let written = std::fs::read(&path).expect("a file");
        assert!(written.starts_with(begin), "{format}: {:?}", &written[..written.len().min(8)]);
        assert!(demo.says(&["report", "2016", "--format", format]).starts_with(begin), "{format}");
    }
    let csv = std::fs::read_to_string(out.path().join("report.csv")).expect("text");
    for figure in ["1184", "880", "1419", "717"] {
        assert!(csv.contains(figure), "{figure} is not in {csv}");
    }
    let nowhere = out.path().join("no/such/folder.pdf").display().to_string();
    let args = ["report", "2016", "--format", "pdf", "-o", &nowhere];
    let done = run(demo.data.path(), demo.database.url.as_deref(), &args);
    assert_ne!(done.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&done.stderr).contains("folder.pdf"));
}

/// The liaison finds an entry that is wrong and proposes to take it back; until the platform confirms, nothing changes.
async fn changes_by_a_counter_entry(demo: &Demo, liaison: &Browser, manager: &Browser) {
    let list = liaison.get("/outcomes?year=2016&kind=arrest").await.expect(200).text();
    let row = list.split("<tbody>").nth(1).expect("entries");
    let id =
        row.split("href=\"/outcomes/").nth(1).and_then(|rest| rest.get(..36)).expect("an entry").to_owned();
    let named = row.split(" 人").next().and_then(|words| words.rsplit(['>', ' ']).next()).expect("persons");
    let named: i64 = named.trim().parse().expect("a number");
    assert!(named > 0);

    let path = format!("/outcomes/{id}/correct");
    liaison.post(&path, &[("reason", "")]).await.expect(422);
    let counter = liaison.post(&path, &[("reason", "同一批人员重复填报")]).await.expect(303).id();
    liaison.post(&format!("/outcomes/{counter}/confirm"), &[]).await.expect(409);
    assert_eq!(figure(&demo.report(), "suspects_arrested"), 880);
    manager.post(&format!("/outcomes/{counter}/confirm"), &[]).await.expect(303);
    let after = demo.report();
    assert_eq!(figure(&after, "suspects_arrested"), 880 - named);
    assert_eq!(figure(&after, "leads_sent"), 1_184);
    manager.get("/reports/2016").await.expect(200).has(&(880 - named).to_string());
}
