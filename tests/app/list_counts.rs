//! However long a list is and whatever it is narrowed to, its links by state say how many rows there are, or at least.

use diesel::prelude::*;
use lead_handoff::{
    audit::{self, Entry},
    casework::lead::store::{find_many, index_text},
    platform::{
        db::{Cell, Id, Instant, Origin, Rows, schema::lead},
        http::list_head::LOOKED_AT,
    },
};

use crate::support::{
    Browser, TestApp,
    ledger::noon,
    seed::{GUANGZHOU, HANGZHOU},
    story,
};

/// What stands beside the links by state, "all" first.
async fn counts(browser: &Browser, address: &str) -> Vec<String> {
    let page = browser.get(address).await.expect(200).text();
    let tabs = page.split("aria-label=\"按状态查看\"").nth(1).and_then(|rest| rest.split("</nav>").next());
    let tabs = tabs.expect("links by state").split("<span class=\"count\">").skip(1);
    tabs.map(|rest| rest.split('<').next().unwrap_or_default().to_owned()).collect()
}

const LEADS: &[&str] = &[
    "id",
    "number",
    "year",
    "title",
    "summary",
    "region_code",
    "source_kind",
    "source_note",
    "sender_role",
    "state",
    "owner_id",
    "created_at",
    "updated_at",
];

fn row(id: Id, n: i64, region: &str, state: &str, owner: Id, at: Instant) -> [Cell; 13] {
    [
        id.into(),
        format!("XS-2015-{n:06}").into(),
        2015_i32.into(),
        "假冒品牌手表".into(),
        "".into(),
        region.into(),
        "risk_model".into(),
        "".into(),
        "reporter".into(),
        state.into(),
        owner.into(),
        at.into(),
        at.into(),
    ]
}

/// So many leads, handed over and accepted one a minute: those of Hangzhou, which are the first ones, as cases of 2015,
/// those of Guangzhou as cases of 2016.
async fn handed(app: &TestApp, of_hangzhou: i64, of_guangzhou: i64) {
    const TRANSFERS: &[&str] =
        &["id", "lead_id", "agency_id", "number", "channel", "sender_role", "state", "stage", "sent_at"];
    const CASES: &[&str] =
        &["id", "agency_id", "number", "title", "status", "officer", "opened_at", "region_code"];
    let owner = app.seed.people["compiler"];
    let (hangzhou, guangzhou) = (app.seed.agencies[HANGZHOU], app.seed.agencies[GUANGZHOU]);
    let written = app.services.db.write_quiet(move |tx| {
        let mut leads = Rows::new("lead", LEADS);
        let (mut transfers, mut cases) = (Rows::new("transfer", TRANSFERS), Rows::new("agency_case", CASES));
        for n in 0..of_hangzhou + of_guangzhou {
            let (agency, region, day) = if n < of_hangzhou {
                (hangzhou, "330106", "2015-06-01")
            } else {
                (guangzhou, "440111", "2016-06-01")
            };
            let (id, at) = (Id::new(), Instant::from_micros(noon(day).micros() + n * 60_000_000));
            leads.push(row(id, n, region, "approved", owner, at));
            transfers.push([
                Id::new().into(),
                id.into(),
                agency.into(),
                format!("YS-2015-{n:04}").into(),
                "portal".into(),
                "reporter".into(),
                "sent".into(),
                1_i32.into(),
                at.into(),
            ]);
            cases.push([
                Id::new().into(),
                agency.into(),
                format!("受案〔2016〕{n}号").into(),
                "假冒品牌手表".into(),
                "accepted".into(),
                "办案人".into(),
                at.into(),
                region.into(),
            ]);
        }
        leads.insert(tx.conn())?;
        transfers.insert(tx.conn())?;
        cases.insert(tx.conn())
    });
    written.await.expect("leads, transfers and cases");
}

/// Has all leads found by their words.
async fn index(app: &TestApp) {
    let indexed = app.services.db.write_quiet(|tx| {
        let all: Vec<Id> = lead::table.select(lead::id).load(tx.conn())?;
        let all = find_many(tx.conn(), &all)?;
        all.iter().try_for_each(|lead| index_text(tx.conn(), lead))
    });
    indexed.await.expect("indexed");
}

#[tokio::test]
async fn a_list_of_thousands_tells_its_states_whatever_it_is_narrowed_to() {
    let app = TestApp::new().await;
    handed(&app, 3, 2_001).await;
    index(&app).await;
    let manager = app.sign_in("manager").await;
    let transfers = counts(&manager, "/transfers").await;
    assert_eq!((&transfers[0], &transfers[1]), (&"999+".to_owned(), &"999+".to_owned()));
    for (asked, expected) in [
        ("region=330000", "3"),
        ("region=440000", "2,001"),
        ("from=2016-01-01", "2,001"),
        ("to=2015-12-31", "3"),
        ("q=%E6%89%8B%E8%A1%A8&from=2016-01-01", "2,001"),
        ("from=2017-01-01", "0"),
    ] {
        let told = counts(&manager, &format!("/transfers?{asked}")).await;
        assert_eq!((told[0].as_str(), told[1].as_str()), (expected, expected), "/transfers?{asked}");
        assert_eq!(told.len(), transfers.len(), "each state has one");
    }
    for (asked, expected) in [
        ("officer=%E5%8A%9E%E6%A1%88", "2,004"),
        ("region=330000", "3"),
        ("from=2016-01-01&q=%E6%89%8B%E8%A1%A8", "2,001"),
        ("dated=filed&from=2016-01-01", "0"),
    ] {
        let told = counts(&manager, &format!("/cases?{asked}")).await;
        assert_eq!((told[0].as_str(), told[1].as_str()), (expected, expected), "/cases?{asked}");
    }
    // Leads: drafts, in review, approved.
    let told = counts(&manager, "/leads?region=440000").await;
    assert_eq!((told[0].as_str(), told[1].as_str(), told[3].as_str()), ("2,001", "0", "2,001"));
    // What an agency is not shown does not count for it.
    let liaison = app.sign_in("liaison").await;
    assert_eq!(counts(&liaison, "/transfers?from=2016-01-01").await[0], "0");
}

/// What lies behind so many newer rows is not looked at, and it says so.
#[tokio::test]
async fn of_a_list_that_is_too_long_to_be_looked_through_it_says_at_least() {
    let app = TestApp::new().await;
    handed(&app, 3, LOOKED_AT + 1).await;
    let manager = app.sign_in("manager").await;
    for list in ["/transfers", "/cases", "/leads"] {
        let told = counts(&manager, &format!("{list}?region=440000")).await;
        assert_eq!(told[0], "999+", "{list}");
        let told = counts(&manager, &format!("{list}?region=330000")).await;
        assert!(told.iter().all(|count| count == "3" || count == "0+" || count == "0"), "{list}: {told:?}");
    }
    assert_eq!(counts(&manager, "/transfers?region=330000").await[0], "0+");
    // Where an index leads there, they are looked at.
    assert_eq!(counts(&manager, "/transfers?region=330000&to=2015-12-31").await[0], "3");
    let hangzhou = app.seed.agencies[HANGZHOU];
    assert_eq!(counts(&manager, &format!("/transfers?agency={hangzhou}&q=YS")).await[0], "3");
    assert_eq!(counts(&manager, "/cases?region=330000&to=2015-12-31").await[0], "3");
}

#[tokio::test]
async fn more_than_a_thousand_dossiers_tell_their_states() {
    let app = TestApp::new().await;
    let (lead, _) = story::sealed(&app, &[GUANGZHOU]).await;
    let (agency, author) = (app.seed.agencies[GUANGZHOU], app.seed.people["compiler"]);
    let written = app.services.db.write_quiet(move |tx| {
        let now = tx.now();
        let columns = &["id", "lead_id", "version", "note", "created_by", "created_at"];
        let mut compositions = Rows::new("composition", columns);
        let columns = &["id", "composition_id", "lead_id", "agency_id", "folder", "created_at"];
        let mut dossiers = Rows::new("dossier", columns);
        for version in 2..1_004_i32 {
            let id = Id::new();
            compositions.push([id.into(), lead.into(), version.into(), "".into(), author.into(), now.into()]);
            let folder = format!("XS-2016-000001-v{version}-{GUANGZHOU}");
            dossiers.push([
                Id::new().into(),
                id.into(),
                lead.into(),
                agency.into(),
                folder.into(),
                now.into(),
            ]);
        }
        compositions.insert(tx.conn())?;
        dossiers.insert(tx.conn())
    });
    written.await.expect("dossiers");
    let manager = app.sign_in("manager").await;
    // All; being made, made, being sealed, sealed.
    assert_eq!(counts(&manager, "/dossiers").await, ["999+", "999+", "0", "0", "1"]);
    assert_eq!(counts(&manager, "/dossiers?state=sealed").await, ["999+", "999+", "0", "0", "1"]);
    let narrowed = ["1,003", "1,002", "0", "0", "1"];
    for asked in [format!("agency={agency}"), "from=2000-01-01".to_owned(), "q=XS".to_owned()] {
        assert_eq!(counts(&manager, &format!("/dossiers?{asked}")).await, narrowed, "{asked}");
    }
    assert_eq!(counts(&manager, "/dossiers?to=2000-01-01").await, ["0", "0", "0", "0", "0"]);
}

#[tokio::test]
async fn the_log_tells_how_its_entries_ended_of_whatever_is_asked() {
    let app = TestApp::new().await;
    let auditor = app.sign_in("auditor").await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    compiler.get(&format!("/leads/{lead}")).await.expect(200);
    compiler.get("/audit").await.expect(404);
    for asked in ["actor=compiler", "verb=lead.view", &format!("object={lead}"), "from=2000-01-01"] {
        let told = counts(&auditor, &format!("/audit?{asked}")).await;
        assert_eq!(told.len(), 3, "{asked}: {told:?}");
        assert!(told[1] != "0" && !told[1].ends_with('+'), "{asked}: {told:?}");
    }
    let told = counts(&auditor, "/audit?actor=compiler").await;
    assert_ne!(told[2], "0", "what was refused: {told:?}");
    assert_eq!(counts(&auditor, "/audit?actor=compiler&outcome=refused").await, told);
    assert_eq!(counts(&auditor, "/audit?actor=compiler&to=2000-01-01").await, ["0", "0", "0"]);
    // Of several verbs each counts once, also where one begins as another does.
    let all = counts(&auditor, "/audit?verb=lead.&actor=compiler").await;
    assert_eq!(all[2], "0", "{all:?}");

    // One verb's entries lie behind an index of their own, however many others were written since.
    let entries = app.services.db.write(Origin::system("system:test"), |tx| {
        for _ in 0..=LOOKED_AT {
            audit::record(tx, Entry::new("worklist.view"))?;
        }
        Ok(())
    });
    entries.await.expect("entries");
    assert_eq!(counts(&auditor, "/audit?verb=lead.view").await, ["1", "1", "0"]);
    assert_eq!(counts(&auditor, "/audit?verb=worklist.view").await, ["999+", "999+", "0+"]);
    assert_eq!(counts(&auditor, "/audit?from=2000-01-01").await, ["999+", "999+", "0+"]);
}
