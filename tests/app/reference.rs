//! Calendars and regions that are imported: only the year that is meant, with what waited for it, and no name lost.

use diesel::prelude::*;
use lead_handoff::platform::{
    db::{Id, schema::deadline},
    time,
};

use crate::support::{
    TestApp,
    ledger::{Sent, noon},
    seed::GUANGZHOU,
};

/// Runs the program on the app's installation: exit code, standard output, standard error.
fn run(app: &TestApp, args: &[&str]) -> (i32, String, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_lead-handoff"));
    command.args(args).arg("--data").arg(app.data.path()).env("LANG", "en_US.UTF-8");
    if let Some(url) = &app.services_database_url() {
        command.args(["--database-url", url]);
    }
    let output = command.output().expect("the command");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

fn file(app: &TestApp, name: &str, text: &str) -> String {
    let path = app.data.path().join(name);
    std::fs::write(&path, text).expect("a file");
    path.display().to_string()
}

/// Enough holidays of a year for a plausible number of working days: the New Year's and the first Fridays.
fn year_2027() -> String {
    let mut text = String::from("date,kind,name\n2026-12-31,holiday,元旦\n2027-01-01,holiday,元旦\n");
    for day in ["2027-02-05", "2027-02-08", "2027-02-09", "2027-02-10", "2027-02-11", "2027-04-05"] {
        text.push_str(&format!("{day},holiday,春节\n"));
    }
    text
}

#[tokio::test]
async fn a_notice_replaces_its_year_and_moves_the_deadlines_that_waited_for_it() {
    let app = TestApp::new().await;
    let made = app.handed(&Sent::to(GUANGZHOU, "2026-12-30"), None);
    let (id, zone) = (Id::new(), app.services.settings.time_zone);
    let due = |day: &str| time::end_of_day(day.parse().expect("a day"), zone);
    let old = due("2027-01-06");
    let planted = app.services.db.write_quiet(move |tx| {
        diesel::insert_into(deadline::table)
            .values((
                deadline::id.eq(id),
                deadline::transfer_id.eq(made.transfer),
                deadline::clock_code.eq("AGREED-ACCEPT"),
                deadline::side.eq("agency"),
                deadline::started_at.eq(noon("2026-12-30")),
                deadline::due_at.eq(old),
                deadline::provisional.eq(true),
            ))
            .execute(tx.conn())?;
        Ok(())
    });
    planted.await.expect("a deadline");

    let short = file(&app, "short.csv", "date,kind,name\n2027-01-01,holiday,元旦\n");
    let (code, said, fault) = run(&app, &["calendar", "import", &short]);
    assert_eq!(code, 2, "{said}{fault}");
    assert!(said.contains("260 working days") && fault.contains("--force"), "{said}{fault}");
    let strange = file(&app, "strange.csv", "date,kind,name\n2027-13-01,holiday,x\n2027-01-03,holiday,x\n");
    let (code, _, fault) = run(&app, &["calendar", "import", &strange]);
    assert_eq!(code, 1);
    assert!(fault.contains("line 2, date: “2027-13-01”") && fault.contains("line 3, kind"), "{fault}");
    assert!(fault.contains("2 faults"), "{fault}");

    let good = file(&app, "2027.csv", &year_2027());
    let (code, said, fault) = run(&app, &["calendar", "import", &good]);
    assert_eq!(code, 0, "{said}{fault}");
    assert!(said.contains("2027: 254 working days") && said.contains("1 deadline reckoned anew"), "{said}");
    let entry = app.last_entry().await;
    assert_eq!(entry.verb, "deadline.reckon");
    let row = app.services.db.read(move |conn| {
        let columns = (deadline::due_at, deadline::provisional);
        Ok(deadline::table
            .find(id)
            .select(columns)
            .first::<(lead_handoff::platform::db::Instant, bool)>(conn)?)
    });
    let (new, provisional) = row.await.expect("the deadline");
    assert!(new > old && !provisional, "{old} {new}");
    // A second import changes nothing more, and the years before are as they were.
    let (_, said, _) = run(&app, &["calendar", "import", &good]);
    assert!(said.contains("0 deadlines reckoned anew"), "{said}");
    let loaded = app.services.db.read(lead_handoff::directory::reference::load);
    loaded.await.expect("loaded");
    let days = lead_handoff::directory::reference::working_calendar();
    assert_eq!(
        (days.working_days_in(2025), days.working_days_in(2026), days.working_days_in(2027)),
        (248, 247, 254)
    );
}

#[tokio::test]
async fn a_region_keeps_the_name_that_it_had() {
    let app = TestApp::new().await;
    let head = "code,name_zh,name_en,parent,level,valid_from,valid_to\n";
    let bad = file(&app, "bad.csv", &format!("{head}330106,新西湖区,New Xihu,330100,foo,2027-01-01,\n"));
    let (code, _, fault) = run(&app, &["region", "import", &bad]);
    assert_eq!(code, 1);
    assert!(
        fault.contains("line 2, level: “foo”") && fault.contains("province, prefecture, county, zone"),
        "{fault}"
    );
    let good =
        file(&app, "regions.csv", &format!("{head}330106,新西湖区,New Xihu,330100,county,2027-01-01,\n"));
    let later =
        file(&app, "later.csv", &format!("{head}330106,大西湖区,Great Xihu,330100,county,2029-01-01,\n"));
    for path in [&good, &later] {
        let (code, said, fault) = run(&app, &["region", "import", path]);
        assert_eq!(code, 0, "{said}{fault}");
        assert!(said.contains("1 row imported"), "{said}");
    }
    app.services.db.read(lead_handoff::directory::reference::load).await.expect("loaded");
    let name = |day: &str| {
        let day = day.parse().expect("a day");
        lead_handoff::directory::reference::regions().at("330106", day).map(|r| r.name_zh.clone())
    };
    assert_eq!(name("2016-06-01").as_deref(), Some("西湖区"));
    assert_eq!(name("2027-06-01").as_deref(), Some("新西湖区"));
    assert_eq!(name("2030-06-01").as_deref(), Some("大西湖区"));
}

#[tokio::test]
async fn commands_say_what_may_be_and_what_was_done() {
    let app = TestApp::new().await;
    let (code, _, fault) = run(
        &app,
        &[
            "user",
            "add",
            "--username",
            "u1",
            "--name",
            "某",
            "--email",
            "u1@example.com",
            "--role",
            "compiler",
        ],
    );
    assert!(code != 0 && fault.contains("3 to 32"), "{fault}");
    let (code, said, _) = run(&app, &["user", "reset-second-factor", "compiler"]);
    assert!(
        code == 0 && said.contains("the second factor is removed") && said.contains("need none"),
        "{said}"
    );
    let (code, said, _) = run(&app, &["user", "disable", "compiler"]);
    assert!(code == 0 && said.contains("closed"), "{said}");
    let broken = file(&app, "leads.jsonl", "{\"title\":\n[1]\n");
    let (code, _, fault) = run(&app, &["lead", "import", &broken]);
    assert!(code == 1 && fault.contains("line 1: ") && fault.contains("line 2: "), "{fault}");
    let agencies =
        file(&app, "agencies.csv", "code,name_zh,type,level,region,channel\nX-1,某局,NONE,foo,330100,fax\n");
    let (code, _, fault) = run(&app, &["agency", "import", &agencies]);
    assert_eq!(code, 1);
    assert!(
        fault.contains("PS-ECD")
            && fault.contains("prefecture")
            && ["“fax”", "portal", "paper", "disc"].iter().all(|word| fault.contains(word)),
        "{fault}"
    );
    let admin = app.sign_in("admin").await;
    admin.get("/agencies/import").await.expect(200).has("各列可填的值").has("PS-ECD").has("市级");
}
