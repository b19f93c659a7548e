//! The annual report: every figure is the number of rows of the list that it links to, a counter-entry lowers it, and
//! an earlier moment gives the earlier figures.

mod counting;
mod following;
mod giving;
mod past;

use lead_handoff::reporting::annual_report::{Report, compute};

pub use following::follow_every_link;

use crate::support::{
    Browser, TestApp,
    ledger::{Made, Sent},
    seed::{GUANGZHOU, HANGZHOU},
};

/// Proposes for the agency and confirms for the platform.
pub async fn entry(liaison: &Browser, manager: &Browser, made: Made, fields: &[(&str, &str)]) -> String {
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    let mut all = vec![
        ("happened_on", "2016-06-12"),
        ("region", "440111"),
        ("source_kind", "paper"),
        ("source_title", "文书"),
    ];
    all.retain(|(name, _)| fields.iter().all(|(given, _)| given != name));
    all.extend_from_slice(fields);
    let id = liaison.post(&path, &all).await.expect(303).id();
    manager.post(&format!("/outcomes/{id}/confirm"), &[]).await.expect(303);
    id.to_string()
}

pub async fn now(app: &TestApp) -> Report {
    let zone = app.services.settings.time_zone;
    app.services.db.read_snapshot(move |conn| compute(conn, 2016, None, zone)).await.expect("a report")
}

/// How many rows a list shows, over all its pages.
pub async fn rows(browser: &Browser, link: &str) -> i64 {
    let (mut at, mut found) = (link.to_owned(), 0);
    for _ in 0..100 {
        let page = browser.get(&at).await.expect(200).text();
        found += page
            .split("<tbody>")
            .nth(1)
            .map_or(0, |body| body.matches("<tr>").count() + body.matches("<tr ").count());
        let Some(next) = page.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next())
        else {
            break;
        };
        at = next.replace("&amp;", "&").replace("&#38;", "&");
    }
    i64::try_from(found).expect("a number")
}

/// A small ledger: three leads (one sent twice), two cases, one person named by both, one site raided twice.
pub async fn ledger(app: &TestApp) -> (Made, Made, String) {
    let (gz, hz) = (app.sign_in("liaison").await, app.sign_in("liaison2").await);
    let manager = app.sign_in("manager").await;
    let one = app.handed(&Sent::to(GUANGZHOU, "2016-05-04").filed("2016-06-01"), None);
    app.handed(&Sent::to(HANGZHOU, "2016-07-01"), Some(one.lead));
    let two = app.handed(
        &Sent { region: "330100", charge: "CL213", ..Sent::to(HANGZHOU, "2015-12-31") }.filed("2016-01-05"),
        None,
    );
    app.handed(&Sent::to(GUANGZHOU, "2016-12-31"), None);
    let same = [("kind", "arrest"), ("new_person_0", "仓库管理员"), ("new_person_id_0", "ID 0001")];
    entry(&gz, &manager, one, &same).await;
    let twice = entry(
        &hz,
        &manager,
        two,
        &[&same[..], &[("region", "330103"), ("happened_on", "2016-08-01")]].concat(),
    )
    .await;
    let site = [("kind", "site_raided"), ("new_site_0", "合成路 1 号")];
    entry(&gz, &manager, one, &site).await;
    entry(&gz, &manager, one, &site).await;
    entry(&gz, &manager, one, &[&site[..], &[("happened_on", "2016-09-01")]].concat()).await;
    let value = |amount, basis| [("kind", "case_value"), ("amount", amount), ("basis", basis)];
    entry(&gz, &manager, one, &value("2 亿", "announced")).await;
    entry(&gz, &manager, one, &value("超 1 亿", "sales")).await;
    let far = [&value("3,000 万", "announced")[..], &[("region", "330103")]].concat();
    entry(&hz, &manager, two, &far).await;
    entry(&gz, &manager, one, &[("kind", "goods_seized"), ("quantity", "10000"), ("unit", "桶")]).await;
    entry(&gz, &manager, one, &[("kind", "judgment"), ("amount", "5 万")]).await;
    entry(&hz, &manager, two, &[("kind", "penalty"), ("amount", "2 万"), ("legal", "TM60")]).await;
    (one, two, twice)
}
