//! The demo as somebody meets it who has only the program: loaded by its command, its accounts used, its published
//! figures counted from its own rows, and changed by an entry of theirs.
//!
//! The sample takes its time to load, so it is loaded once and everything is asked of it in one go.

use std::path::Path;

use lead_handoff::{directory::people::second_factor::model::totp, platform::db::Id};
use serde_json::Value;

use super::demo_figures::{
    changes_by_a_counter_entry, counts_what_was_published, gives_the_report_as_files, leads_to_what_it_counts,
};
use crate::support::{
    Browser, TestApp,
    database::TestDatabase,
    process::{Process, run},
    today,
};

/// The demo in a folder of its own.
pub(super) struct Demo {
    pub(super) data: tempfile::TempDir,
    pub(super) database: TestDatabase,
    accounts: Vec<Value>,
    /// What the last start wrote beside its output.
    shown: String,
}

impl Demo {
    fn load() -> Self {
        let data = tempfile::tempdir().expect("folder");
        let database = TestDatabase::empty(data.path());
        let mut demo = Self { data, database, accounts: Vec::new(), shown: String::new() };
        demo.start(&[]);
        demo
    }

    /// `demo --no-serve`; the accounts are those that it leaves in the folder.
    fn start(&mut self, more: &[&str]) -> String {
        let folder = self.data.path().display().to_string();
        let args = [&["demo", "--no-serve", "--data", &folder], more].concat();
        let done = run(self.data.path(), self.database.url.as_deref(), &args);
        self.shown = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(0), "{args:?}: {}", self.shown);
        let kept = std::fs::read(self.data.path().join("demo-accounts.json")).expect("accounts");
        self.accounts = serde_json::from_slice(&kept).expect("JSON");
        String::from_utf8(done.stdout).expect("text")
    }

    /// What a command writes on its standard output.
    #[track_caller]
    pub(super) fn says(&self, args: &[&str]) -> Vec<u8> {
        let done = run(self.data.path(), self.database.url.as_deref(), args);
        assert_eq!(done.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
        done.stdout
    }

    #[track_caller]
    pub(super) fn report(&self) -> Value {
        serde_json::from_slice(&self.says(&["report", "2016", "--format", "json"])).expect("JSON")
    }

    fn account(&self, username: &str, what: &str) -> &str {
        let found = self.accounts.iter().find(|a| a["username"] == username).expect("an account");
        found[what].as_str().expect("text")
    }

    /// Signs in with what the demo printed: name, password, and the code of the printed secret. Once for each account:
    /// a code is taken once, and the next one is half a minute away.
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
    // The environment names the folder, as for every command.
    let done = run(data.path(), None, &["demo", "--no-serve"]);
    assert_eq!(done.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&done.stderr).contains(&folder));
    let kept: Vec<_> = std::fs::read_dir(data.path()).expect("folder").collect();
    assert_eq!(kept.len(), 1);
}

#[tokio::test]
async fn the_published_figures_are_counted_from_the_demos_own_rows() {
    let mut demo = Demo::load();
    shows_how_far_it_is(&demo.shown);
    says_who_may_sign_in(&mut demo);
    counts_what_was_published(&demo.report());
    gives_the_report_as_files(&demo);
    let mut server = Process::serve(demo.data.path(), demo.database.url.as_deref(), &[]);
    let liaison = demo.sign_in(&server, "liaison").await;
    let manager = demo.sign_in(&server, "manager").await;
    leads_to_what_it_counts(&demo, &manager).await;
    is_in_the_order_of_its_days(&manager).await;
    has_no_stale_work(&liaison).await;
    sums_up_made_up_orders(&manager).await;
    leads_everybody_to_the_tour(&demo, &server, &liaison).await;
    shows_what_is_published_and_what_is_made_up(&liaison, &manager).await;
    changes_by_a_counter_entry(&demo, &liaison, &manager).await;
    assert!(server.stop().success());
    is_remade_when_asked_for(&mut demo);
}

/// Beside the estimated value of a lead that was sent, and of a draft, stands what its made-up orders come to.
async fn sums_up_made_up_orders(manager: &Browser) {
    // Four of the forty were taken back; the draft has a second table, of which five orders stand in the first.
    let sums = [
        ("假冒手表", "销售记录合计 288 件，49,512.00 元（1 张表，36 行）"),
        ("假冒运动鞋", "销售记录合计 538 件，92,062.00 元（2 张表，68 行）"),
    ];
    for (goods, sum) in sums {
        let found = manager.get(&format!("/leads?q={goods}")).await.expect(200).text();
        let ids = found.split("/leads/").filter_map(|rest| rest.get(..36)?.parse::<Id>().ok());
        let lead = ids.into_iter().next().expect("a lead");
        manager.get(&format!("/leads/{lead}")).await.expect(200).has("合成").has(sum);
    }
}

/// Loading takes its time: it is told lead by lead on a terminal, a line each tenth elsewhere, up to the last one.
fn shows_how_far_it_is(shown: &str) {
    let told: Vec<&str> = shown.lines().filter(|line| line.starts_with("Lead ")).collect();
    assert_eq!(told.len(), 10, "{shown}");
    let (n, all) = told[9]["Lead ".len()..].split_once(" of ").expect("how many there are");
    assert_eq!(n, all, "{shown}");
}

/// `--reset` makes it anew, whatever was done in it, with the database beside the folder too; other accounts, the
/// published figures again, and the settings as they were.
fn is_remade_when_asked_for(demo: &mut Demo) {
    let (before, folder) = (demo.accounts.clone(), demo.data.path().display().to_string());
    if demo.database.url.is_some() {
        // A database elsewhere outlives its folder: loading says so instead of failing half-way.
        let other = tempfile::tempdir().expect("folder");
        let shown = other.path().display().to_string();
        let args = ["demo", "--no-serve", "--data", &shown];
        let done = run(other.path(), demo.database.url.as_deref(), &args);
        assert_ne!(done.status.code(), Some(0));
        assert!(String::from_utf8_lossy(&done.stderr).contains("--reset"));
    }
    let (settings, mine) = (demo.data.path().join("lead-handoff.toml"), "organisation = '示例平台'\n");
    std::fs::write(&settings, mine).expect("settings");
    demo.start(&["--reset"]);
    assert_eq!(std::fs::read_to_string(&settings).expect("the settings"), mine);
    assert_ne!(demo.accounts, before, "{folder}");
    counts_what_was_published(&demo.report());
}

#[tokio::test]
async fn a_database_that_is_not_a_demos_is_left_alone() {
    let app = TestApp::new().await;
    let data = tempfile::tempdir().expect("folder");
    let own = || format!("sqlite:{}/lead-handoff.db", app.data.path().display());
    let url = app.database.url.clone().unwrap_or_else(own);
    let folder = data.path().join("demo").display().to_string();
    for more in [&[][..], &["--reset"]] {
        let args = [&["demo", "--no-serve", "--data", &folder], more].concat();
        let done = run(data.path(), Some(&url), &args);
        assert_ne!(done.status.code(), Some(0));
        let words = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(words.contains("in use and not a demo's"), "{words}");
    }
    app.sign_in("compiler").await.get("/leads").await.expect(200);
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

/// Its accounts have a past that was loaded; whoever tries them is here for the first time.
async fn leads_everybody_to_the_tour(demo: &Demo, server: &Process, liaison: &Browser) {
    let compiler = demo.sign_in(server, "compiler").await;
    let approver = demo.sign_in(server, "approver").await;
    for who in [&compiler, &approver, liaison] {
        who.get("/").await.expect(200).has("id=\"first-day\"").has("/help/tour");
    }
    // What was prepared is four matters: none of them is offered as the other one again.
    let mut draft = String::new();
    for n in 1..=4 {
        let number = format!("XS-{}-{n:06}", &today()[..4]);
        let list = compiler.get(&format!("/leads?q={number}")).await.expect(200).text();
        draft = format!("/leads/{}", object(&list, "leads"));
        let page = compiler.get(&draft).await.expect(200).text();
        let related = page.split("id=\"related\"").nth(1).and_then(|rest| rest.split("</section>").next());
        assert!(related.is_some_and(|panel| panel.contains("没有其他线索")), "{number}: {related:?}");
    }
    // The tour goes along with a draft that was prepared, and with the visitor's own lead once there is one, whichever part
    // the visitor takes.
    let fields = [
        ("title", "来访者自己的线索"),
        ("summary", "店铺以明显低于市场的价格销售，鉴别为假。"),
        ("region", "440100"),
        ("source.kind", "risk_model"),
        ("sender_role", "reporter"),
        ("charges", "CL214"),
        ("brands", "示例牌"),
    ];
    let link = |path: &str| format!("href=\"{path}\"");
    compiler.get("/help/tour").await.expect(200).has(&link(&draft));
    let own = format!("/leads/{}", compiler.post("/leads/new", &fields).await.expect(303).id());
    compiler.get("/help/tour").await.expect(200).has(&link(&own)).has_not(&link(&draft));
    approver.get("/help/tour").await.expect(200).has(&link(&own)).has("来访者自己的线索");
}

/// Entries were recorded in the order of the days that the list says.
async fn is_in_the_order_of_its_days(manager: &Browser) {
    let page = manager.get("/outcomes?sort=entry").await.expect(200).text();
    let cells = page.split("data-label=\"登记日期\">").skip(1);
    let days: Vec<&str> = cells.filter_map(|rest| rest.split('<').next()).collect();
    assert!(days.len() > 20 && days.is_sorted(), "{days:?}");
}

/// What is past is closed: only what is dated today waits.
async fn has_no_stale_work(liaison: &Browser) {
    for state in ["sent", "received", "accepted", "supplement_requested"] {
        let list = format!("/transfers?state={state}&from=2015-01-01&to=2017-12-31");
        assert!(!liaison.get(&list).await.expect(200).text().contains("class=\"inbox\""), "{state}");
    }
    liaison
        .get("/transfers?state=not_filed&from=2016-01-01&to=2017-12-31")
        .await
        .expect(200)
        .has("class=\"inbox\"");
    liaison.get("/").await.expect(200).has("id=\"new\"");
}

/// The first object that a list links to.
fn object(list: &str, kind: &str) -> uuid::Uuid {
    let begin = format!("href=\"/{kind}/");
    let links = list.split(&begin).skip(1);
    links.filter_map(|rest| rest.get(..36)?.parse().ok()).next().expect("a row")
}

/// The published cases carry their source, and say which of their dates are made up; all else says that it is made up.
async fn shows_what_is_published_and_what_is_made_up(liaison: &Browser, manager: &Browser) {
    let list = manager.get("/cases?q=公开报道案件").await.expect(200).has("日期为合成").text();
    let href = list
        .split("润滑油")
        .next()
        .and_then(|before| before.rsplit("href=\"/cases/").next())
        .expect("a case");
    let case = href.get(..36).expect("an id");
    for reader in [manager, liaison] {
        let page = reader.get(&format!("/cases/{case}")).await.expect(200);
        page.has("公开来源")
            .has("ityears 2015-12-30")
            .has("日期为合成")
            .has("公开报道未给出这一日期，此处为合成");
    }
    let list = manager.get("/transfers?q=跨境假冒润滑油").await.expect(200).has("日期为合成").text();
    let href = object(&list, "transfers");
    let page = manager.get(&format!("/transfers/{href}")).await.expect(200).has("日期为合成");
    page.has("公开报道只说平台在 2015 年 4 月得到线索后移送").has("公开来源");
    let list = manager.get("/leads?q=跨境假冒润滑油").await.expect(200).text();
    let page = manager.get(&format!("/leads/{}", object(&list, "leads"))).await.expect(200);
    page.has("海关总署（sinotf.com 232645）").has("31.7 吨").has("来源未给出");
    for (title, fact) in [
        ("假冒手机配件案", "下城区"),
        ("跨国假冒箱包案", "6 万余个"),
        ("深圳罗湖", "125 块"),
        ("假冒榨汁机案", "510 台"),
        ("假冒鞋类系列案", "2,150 万元"),
    ] {
        let list = manager.get(&format!("/leads?q={title}")).await.expect(200).text();
        let page = manager.get(&format!("/leads/{}", object(&list, "leads"))).await.expect(200);
        page.has(fact).has("公开来源");
    }
    manager.get("/transfers?counted=sent&year=2016").await.expect(200).has(">合成</span>");
    liaison.get("/transfers?from=2016-01-01&to=2016-12-31").await.expect(200).has(">合成</span>");
    let file = manager.get("/cases/export?format=csv&filed_year=2016").await.expect(200).text();
    assert!(
        crate::support::table(&file)
            .iter()
            .skip(1)
            .all(|line| line.ends_with(",是") || line.ends_with(",日期为合成")),
        "a case without its mark"
    );
    let page = manager.get("/reports/2016").await.expect(200).has("海关（跨境假冒润滑油）");
    page.has("破案数").has("284").has("除注明公开来源的案件和数字外");
}
