//! What the report says stays so: amounts with their words of measure, figures of a moment as they were then, whatever
//! became of leads, agencies and matters since.

use diesel::{prelude::*, sql_query};
use lead_handoff::{
    audit::{self, Entry},
    platform::db::{Id, Origin, schema::case_transfer},
    reporting::annual_report::{Report, compute},
};

use super::{entry, ledger, now, rows};
use crate::support::{
    TestApp,
    ledger::Sent,
    seed::{GUANGZHOU, HANGZHOU},
};

async fn at_size(app: &TestApp, size: i64) -> Report {
    let zone = app.services.settings.time_zone;
    let read = app.services.db.read_snapshot(move |conn| compute(conn, 2016, Some(size), zone));
    read.await.expect("a report")
}

#[tokio::test]
async fn a_sum_by_basis_says_how_sure_it_is() {
    let app = TestApp::new().await;
    ledger(&app).await;
    let parts: Vec<(String, i64, String)> = now(&app)
        .await
        .figures
        .case_value
        .by_basis
        .iter()
        .map(|part| (part.basis.as_str().into(), part.fen.0, part.qualifier.as_str().into()))
        .collect();
    assert!(parts.contains(&("sales".into(), 10_000_000_000, "over".into())), "{parts:?}");
    assert!(parts.contains(&("announced".into(), 3_000_000_000, "exact".into())), "{parts:?}");
    let manager = app.sign_in("manager").await;
    manager.get("/reports/2016").await.expect(200).has("超过 100,000,000.00 元").has("/report.json");
    let json = manager.get("/reports/2016/report.json").await.expect(200).json();
    let parts = json["figures"]["case_value"]["by_basis"].as_array().expect("parts").clone();
    assert!(parts.iter().any(|part| part["basis"] == "sales" && part["qualifier"] == "over"), "{parts:?}");
    let fines = &json["figures"]["judgments"]["by_basis"];
    assert_eq!(fines[0]["basis"], "court_determined");
}

#[tokio::test]
async fn a_moment_to_come_is_refused() {
    let app = TestApp::new().await;
    let manager = app.sign_in("manager").await;
    manager.get("/reports/2016?as_at=2099-01-01").await.expect(422).has("field-error").has("还没有到");
    // A day alone is its end, and today has not ended.
    let today = format!("/reports/2016?as_at={}", crate::support::today());
    manager.get(&today).await.expect(422).has("今天尚未结束");
    manager.get("/reports/2016/report.csv?as_at=2099-01-01").await.expect(422).has("还没有到");
    // A year that nothing is counted in is no date that can't be read.
    for day in ["2999-01-01", "1800-01-01"] {
        let page = manager.get(&format!("/reports/2016?as_at={day}")).await.expect(422);
        page.has("field-error").has("年份须在 1900 年至 2200 年之间");
    }
    for (day, words) in [("2099-01-01", "still to come"), ("2999-01-01", "from 1900 to 2200")] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_lead-handoff"));
        command.args(["report", "2016", "--as-at", day, "--data"]).arg(app.data.path());
        if let Some(url) = &app.services_database_url() {
            command.args(["--database-url", url]);
        }
        let output = command.output().expect("the command");
        assert!(!output.status.success());
        assert!(String::from_utf8_lossy(&output.stderr).contains(words), "{day}");
    }
}

#[tokio::test]
async fn a_day_alone_is_its_end_where_the_law_counts_it() {
    let app = TestApp::new().await;
    ledger(&app).await;
    app.settle().await;
    let day = crate::support::days_ago(1);
    let end = format!("{day}T15:59:59.999999Z");
    let manager = app.sign_in("manager").await;
    let report = manager.get(&format!("/reports/2016/report.json?as_at={day}")).await.expect(200).json();
    assert_eq!(report["as_at"], end);
    // The ledger was recorded today: a day before it knows of nothing, whatever happened in 2016.
    assert_eq!(
        (&report["as_at_log_size"], &report["figures"]["leads_sent"]["value"]),
        (&0.into(), &0.into())
    );
    manager.get(&format!("/reports/2016?as_at={day}")).await.expect(200).has(&format!("value=\"{day}\""));
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_lead-handoff"));
    command.args(["report", "2016", "--as-at", &day, "--data"]).arg(app.data.path());
    if let Some(url) = &app.services_database_url() {
        command.args(["--database-url", url]);
    }
    let output = command.output().expect("the command");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["as_at"], end);
}

/// The parts of a breakdown with their leads sent, persons arrested and value.
fn parts(groups: &[lead_handoff::reporting::annual_report::Group]) -> Vec<(String, i64, i64, i64)> {
    let some = groups.iter().map(|g| (g.code.clone(), g.leads_sent, g.suspects_arrested, g.case_value.fen.0));
    let mut some: Vec<_> = some.filter(|(_, a, b, c)| a + b + c > 0).collect();
    some.sort();
    some
}

#[tokio::test]
async fn what_becomes_of_a_lead_or_agency_moves_no_part_of_a_breakdown() {
    let app = TestApp::new().await;
    let (one, _, _) = ledger(&app).await;
    app.settle().await;
    let before = now(&app).await;
    let lead = one.lead;
    let changed = app.services.db.write_quiet(move |tx| {
        for text in [
            "UPDATE lead SET region_code = '650100' WHERE id = $1",
            "UPDATE lead_charge SET charge_code = 'CL140' WHERE lead_id = $1",
        ] {
            sql_query(text).bind::<diesel::sql_types::Binary, _>(lead).execute(tx.conn())?;
        }
        Ok(())
    });
    changed.await.expect("changed");
    let after = now(&app).await;
    let past = at_size(&app, before.as_at_log_size).await;
    for report in [&after, &past] {
        assert_eq!(parts(&report.by_region), parts(&before.by_region));
        assert_eq!(parts(&report.by_charge), parts(&before.by_charge));
        assert_eq!(parts(&report.by_agency_type), parts(&before.by_agency_type));
    }
    let manager = app.sign_in("manager").await;
    let sent = "/transfers?counted=sent&year=2016";
    assert_eq!(rows(&manager, &format!("{sent}&lead_region=650000")).await, 0);
    assert_eq!(rows(&manager, &format!("{sent}&charge=CL140")).await, 0);
    assert_eq!(rows(&manager, "/outcomes?counted=1&year=2016&kind=case_value&charge=CL140").await, 0);
    assert_eq!(rows(&manager, "/outcomes?counted=1&year=2016&kind=case_value&charge=CL214").await, 1);

    // An agency that was sent something keeps its type: its transfers are counted by it.
    let agency = app.seed.agencies[GUANGZHOU];
    let admin = app.sign_in("admin").await;
    let page = admin.get(&format!("/agencies/{agency}/edit")).await.expect(200).text();
    let value = |name: &str| {
        let start = format!("name=\"{name}\" value=\"");
        page.split_once(&start).and_then(|(_, rest)| rest.split_once('"')).map_or("", |(v, _)| v).to_owned()
    };
    let (code, name, region) = (value("code"), value("name_zh"), value("region"));
    let fields = [
        ("code", code.as_str()),
        ("name_zh", &name),
        ("type", "SAMR"),
        ("level", "prefecture"),
        ("region", &region),
        ("channel", "portal"),
        ("takes", "trademark"),
    ];
    admin.post(&format!("/agencies/{agency}"), &fields).await.expect(422).has("类型不能再改");
}

#[tokio::test]
async fn published_figures_are_those_that_were_known_then() {
    let app = TestApp::new().await;
    ledger(&app).await;
    app.settle().await;
    let size = now(&app).await.as_at_log_size;
    let ids = app.publish_conflict().await;
    let entered = app.services.db.write(Origin::system("system:cli"), move |tx| {
        audit::record(tx, Entry::new("figure.publish").objects("published", ids)).map(|_| ())
    });
    entered.await.expect("an entry");
    app.settle().await;
    assert_eq!(at_size(&app, size).await.published.len(), 0);
    let after = now(&app).await;
    assert_eq!(after.published.len(), 2);
    assert_eq!(at_size(&app, after.as_at_log_size).await.published.len(), 2);
}

#[tokio::test]
async fn the_value_of_a_matter_that_went_on_in_another_case_counts_once() {
    let app = TestApp::new().await;
    let (gz, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    let case = app.handed(&Sent::to(GUANGZHOU, "2016-05-04").filed("2016-06-01"), None);
    let matter =
        app.handed(&Sent { charge: "CL213", ..Sent::to(GUANGZHOU, "2016-05-05") }.filed("2016-06-02"), None);
    let value = |amount| [("kind", "case_value"), ("amount", amount), ("basis", "announced")];
    entry(&gz, &manager, matter, &value("500 万")).await;
    entry(&gz, &manager, case, &value("800 万")).await;
    app.settle().await;
    let before = now(&app).await;
    assert_eq!(before.figures.case_value.fen.map(|fen| fen.0), Some(1_300_000_000));
    let (from, into) = (matter.case.expect("a matter"), case.case.expect("a case"));
    let merged = app.services.db.write(Origin::system("system:cli"), move |tx| {
        let bind = |text: &str| sql_query(text.to_owned());
        bind("UPDATE agency_case SET status = 'merged', merged_into = $1 WHERE id = $2")
            .bind::<diesel::sql_types::Binary, Id>(into)
            .bind::<diesel::sql_types::Binary, Id>(from)
            .execute(tx.conn())?;
        let entry = Entry::new("transfer.file").object("transfer", matter.transfer).object("case", into);
        audit::record(tx, entry.object("merged_case", from)).map(|_| ())
    });
    merged.await.expect("merged");
    app.settle().await;
    let after = now(&app).await;
    let value = &after.figures.case_value;
    assert_eq!((value.fen.map(|fen| fen.0), value.cases, value.merged), (Some(800_000_000), Some(1), 1));
    assert_eq!(after.top_cases.len(), 1);
    assert_eq!(rows(&manager, &value.link).await, 1);
    let past = at_size(&app, before.as_at_log_size).await;
    assert_eq!(past.figures.case_value.fen, before.figures.case_value.fen);
    assert_eq!(rows(&manager, &past.figures.case_value.link).await, 2);
}

#[tokio::test]
async fn nothing_came_of_a_lead_before_it_was_sent() {
    let app = TestApp::new().await;
    let made = app.handed(&Sent::to(GUANGZHOU, "2016-05-04").filed("2016-06-01"), None);
    let gz = app.sign_in("liaison").await;
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    let fields = |day: &'static str| {
        [
            ("kind", "goods_seized"),
            ("quantity", "1,200"),
            ("unit", "件"),
            ("happened_on", day),
            ("region", "440111"),
            ("source_kind", "paper"),
            ("source_title", "文书"),
        ]
    };
    gz.post(&path, &fields("2016-05-03")).await.expect(422).has("不能早于线索首次移送之日").has("2016-05-04");
    let id = gz.post(&path, &fields("2016-05-04")).await.expect(303).id();
    gz.get(&format!("/outcomes/{id}")).await.expect(200).has("1,200");
    gz.post("/language?to=en", &[]).await.expect(303);
    gz.post(&path, &fields("2016-05-03")).await.expect(422).has("first sent");
}

/// A lead may be joined to a case that is older than it: what came of the case before is none of its.
#[tokio::test]
async fn what_happened_before_a_lead_was_sent_is_no_step_of_its_way() {
    let app = TestApp::new().await;
    let (gz, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    let old = app.handed(&Sent::to(GUANGZHOU, "2015-05-04").filed("2015-06-01"), None);
    let arrest = [("kind", "arrest"), ("new_person_0", "仓库管理员")];
    entry(&gz, &manager, old, &[&arrest[..], &[("happened_on", "2015-06-12")]].concat()).await;
    let new = app.handed(&Sent::to(GUANGZHOU, "2016-05-04"), None);
    let case = old.case.expect("a case");
    let joined = app.services.db.write_quiet(move |tx| {
        let now = tx.now();
        diesel::insert_into(case_transfer::table)
            .values((
                case_transfer::case_id.eq(case),
                case_transfer::transfer_id.eq(new.transfer),
                case_transfer::joined_at.eq(now),
            ))
            .execute(tx.conn())?;
        Ok(())
    });
    joined.await.expect("joined");
    let arrested = "/reports/2016/leads?step=arrested";
    let cohort = now(&app).await.cohort;
    assert_eq!((cohort.sent, cohort.arrested), (1, 0));
    assert_eq!(rows(&manager, arrested).await, 0);
    // On the day of sending it may have come of it.
    let driver = [("kind", "arrest"), ("new_person_0", "司机"), ("happened_on", "2016-05-04")];
    entry(&gz, &manager, old, &driver).await;
    assert_eq!(now(&app).await.cohort.arrested, 1);
    assert_eq!(rows(&manager, arrested).await, 1);
}

#[tokio::test]
async fn a_list_is_on_record_with_what_it_was_narrowed_to() {
    let app = TestApp::new().await;
    let manager = app.sign_in("manager").await;
    manager.get("/outcomes/export?format=csv&year=2016&kind=arrest&region=4401").await.expect(200);
    let entry = app.last_entry().await;
    assert_eq!(entry.verb, "outcome.export");
    let facts = format!("{:?}", entry.facts());
    assert!(facts.contains("year=2016&kind=arrest&region=4401"), "{facts}");
}

#[tokio::test]
async fn a_case_number_that_two_agencies_use_is_asked_about() {
    let app = TestApp::new().await;
    let one = app.handed(&Sent::to(GUANGZHOU, "2016-05-04").filed("2016-06-01"), None);
    let two = app.handed(&Sent::to(HANGZHOU, "2016-05-04").filed("2016-06-01"), None);
    let same = app.services.db.write_quiet(move |tx| {
        sql_query("UPDATE agency_case SET number = '公经立字〔2016〕1号'").execute(tx.conn())?;
        Ok(())
    });
    same.await.expect("the same number");
    let compiler = app.sign_in("compiler").await;
    let id = compiler.post("/operations/new", &[("name_zh", "云剑行动")]).await.expect(303).id();
    let members = format!("/operations/{id}/members");
    let number = [("kind", "case"), ("number", "公经立字〔2016〕1号")];
    let page = compiler.post(&members, &number).await.expect(422).has("多个单位的案件");
    let (one, two) = (one.case.expect("a case").to_string(), two.case.expect("a case").to_string());
    page.has(&one).has(&two);
    let entry = app.last_entry().await;
    let shown: Vec<String> =
        entry.objects().into_iter().filter(|(kind, _)| kind == "case").map(|(_, id)| id).collect();
    assert!(entry.verb == "case.list" && shown.contains(&one) && shown.contains(&two), "{shown:?}");
    compiler.post(&members, &[("kind", "case"), ("number", &two)]).await.expect(303);
    compiler.get(&format!("/operations/{id}")).await.expect(200).has(&two).has_not(&one);
}
