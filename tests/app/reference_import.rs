//! Importing regions and working days on a page: what a file would change is looked at, and exactly that is confirmed.

use diesel::prelude::*;
use lead_handoff::{
    directory::reference,
    platform::{
        db::{Id, schema::deadline},
        time,
    },
};
use reqwest::multipart::{Form, Part};

use crate::support::{
    Browser, Reply, TestApp,
    ledger::{Sent, noon},
    seed::GUANGZHOU,
};

const HEAD: &str = "code,name_zh,name_en,parent,level,valid_from,valid_to\n";

async fn upload(browser: &Browser, part: &str, csv: &str) -> Reply {
    let form = Form::new().part("csv", Part::bytes(csv.as_bytes().to_vec()).file_name("a.csv"));
    let url = browser.url(&format!("/reference/{part}/import"));
    browser.send(browser.client.post(url).header("origin", &browser.base).multipart(form)).await
}

/// What the form of a preview sends when it is confirmed, as a browser does.
fn confirmed(page: &str) -> Vec<(&'static str, String)> {
    let digest = page.split("name=\"digest\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let text = page.split("<textarea name=\"csv\" hidden>\n").nth(1).and_then(|rest| rest.split('<').next());
    let text = text.expect("the file").replace("&#34;", "\"").replace('\n', "\r\n");
    vec![("csv", text), ("digest", digest.expect("a digest").to_owned())]
}

async fn confirm(browser: &Browser, part: &str, fields: &[(&str, String)]) -> Reply {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post(&format!("/reference/{part}/import/confirm"), &fields).await
}

fn name(day: &str) -> Option<String> {
    reference::regions().at("330106", day.parse().expect("a day")).map(|region| region.name_zh.clone())
}

#[tokio::test]
async fn a_renamed_region_is_previewed_field_by_field_and_the_old_name_ends() {
    let app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    admin.get("/reference/regions").await.expect(200).has("href=\"/reference/regions/import\"");
    admin.get("/reference/regions/import").await.expect(200).has("valid_from");
    let before = app.audit_count().await;

    // Every fault by its line and column, and nothing that is on file is overwritten.
    let bad =
        format!("{HEAD}330106,新西湖区,New Xihu,330100,foo,2027-01-01,\n330106,别名,Other,330100,county,,\n");
    upload(&admin, "regions", &bad).await.expect(422).has("<code>level</code>").has("foo");
    let over = format!("{HEAD}330106,别名,Other,330100,county,,\n");
    upload(&admin, "regions", &over)
        .await
        .expect(422)
        .has("将覆盖已有的“西湖区”")
        .has("<code>valid_from</code>");
    upload(&admin, "regions", "").await.expect(422).has("文件为空");

    let good = format!(
        "{HEAD}330106,新西湖区,New Xihu,330100,county,2027-01-01,\n330199,示例区,Example,330100,county,2027-01-01,\n"
    );
    let page = upload(&admin, "regions", &good).await.expect(200);
    let page = page.has("<del>西湖区</del> → <ins>新西湖区</ins>").has("启用新记录").has("示例区").text();
    assert_eq!((app.audit_count().await, name("2027-06-01").as_deref()), (before, Some("西湖区")));

    // Other bytes than those that were looked at are refused.
    let fields = confirmed(&page);
    let mut other = fields.clone();
    other[0].1 = other[0].1.replace("示例区", "别的区");
    confirm(&admin, "regions", &other).await.expect(409).has("请重新预览");
    confirm(&admin, "regions", &fields).await.expect(303);
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.actor_id), ("region.import", Some(app.seed.people["admin"])));
    assert_eq!(name("2016-06-01").as_deref(), Some("西湖区"));
    assert_eq!(name("2026-12-31").as_deref(), Some("西湖区"));
    assert_eq!(name("2027-01-01").as_deref(), Some("新西湖区"));
    // What is on file by now is nothing to confirm.
    confirm(&admin, "regions", &fields).await.expect(409);
    upload(&admin, "regions", &good).await.expect(200).has("无需导入").has_not("name=\"digest\"");

    // A row is ended, and its name stays for the time before.
    let ended = format!("{HEAD}330106,新西湖区,New Xihu,330100,county,2027-01-01,2027-12-31\n");
    let page = upload(&admin, "regions", &ended).await.expect(200).has("终止").text();
    confirm(&admin, "regions", &confirmed(&page)).await.expect(303);
    assert_eq!((name("2027-12-31").as_deref(), name("2028-01-01")), (Some("新西湖区"), None));
}

#[tokio::test]
async fn a_file_of_thousands_of_regions_is_previewed_and_imported() {
    let app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    let mut text = String::from(HEAD);
    for n in 0..8_000 {
        text.push_str(&format!("{},待命名{n},Unnamed {n},330100,county,2091-01-01,\n", 910_000 + n));
    }
    let page = upload(&admin, "regions", &text).await.expect(200).text();
    confirm(&admin, "regions", &confirmed(&page)).await.expect(303);
    assert_eq!(app.last_entry().await.verb, "region.import");
    let day = "2091-06-01".parse().expect("a day");
    assert!(reference::regions().at("917999", day).is_some());
}

#[tokio::test]
async fn nobody_else_imports_and_a_reader_sees_no_way_to_it() {
    let app = TestApp::new().await;
    let manager = app.sign_in("manager").await;
    for part in ["regions", "calendar"] {
        manager.get(&format!("/reference/{part}")).await.expect(200).has_not("/import");
        manager.get(&format!("/reference/{part}/import")).await.expect(404);
        confirm(&manager, part, &[("csv", "x".into()), ("digest", "x".into())]).await.expect(404);
        assert_eq!(app.last_entry().await.outcome, "refused");
    }
}

/// Enough holidays for a plausible year.
fn year_2027() -> String {
    let mut text = String::from("date,kind,name\n2026-12-31,holiday,元旦\n2027-01-01,holiday,元旦\n");
    for day in ["2027-02-05", "2027-02-08", "2027-02-09", "2027-02-10", "2027-02-11", "2027-04-05"] {
        text.push_str(&format!("{day},holiday,春节\n"));
    }
    text
}

#[tokio::test]
async fn a_notice_is_previewed_day_by_day_and_moves_the_time_limits_that_waited_for_it() {
    let app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    let made = app.handed(&Sent::to(GUANGZHOU, "2026-12-30"), None);
    let (id, zone) = (Id::new(), app.services.settings.time_zone);
    let old = time::end_of_day("2027-01-06".parse().expect("a day"), zone);
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
    planted.await.expect("a time limit");

    // A number of days that is hard to believe takes a mark of its own.
    let short = "date,kind,name\n2027-01-01,holiday,元旦\n";
    let page = upload(&admin, "calendar", short).await.expect(200).has("name=\"force\"").text();
    confirm(&admin, "calendar", &confirmed(&page)).await.expect(422).has("一年约有 250 个工作日");

    let page = upload(&admin, "calendar", &year_2027()).await.expect(200).has_not("name=\"force\"");
    let page = page.has("2027 年：254 个工作日，原为 261 个").has("2027-02-05").has("<ins>春节</ins>").text();
    confirm(&admin, "calendar", &confirmed(&page)).await.expect(303);
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.actor_id), ("calendar.import", Some(app.seed.people["admin"])));
    assert_eq!(reference::working_calendar().working_days_in(2027), 254);
    app.settle().await;
    let row = app.services.db.read(move |conn| {
        let columns = (deadline::due_at, deadline::provisional);
        Ok(deadline::table
            .find(id)
            .select(columns)
            .first::<(lead_handoff::platform::db::Instant, bool)>(conn)?)
    });
    let (new, provisional) = row.await.expect("the time limit");
    assert!(new != old && !provisional, "{old} {new}");
    admin.get("/admin/jobs?kind=calendar.changed").await.expect(200).has("已完成").has_not("chip-bad");

    // Less of a notice takes days back: each is said.
    let less = year_2027().replace("2027-04-05,holiday,春节\n", "");
    let page = upload(&admin, "calendar", &less).await.expect(200).has("取消").has("2027-04-05").text();
    confirm(&admin, "calendar", &confirmed(&page)).await.expect(303);
    assert_eq!(reference::working_calendar().working_days_in(2027), 255);
    app.settle().await;
}
