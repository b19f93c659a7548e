//! The annual report: every figure is the number of rows of the list that it links to, a counter-entry lowers it, and
//! an earlier moment gives the earlier figures.

use lead_handoff::{
    directory::people::token,
    outcome::model::unit_name,
    platform::{
        db::{Id, Origin},
        i18n::Lang,
        money::{self, Fen, Qualifier},
    },
    reporting::annual_report::{Figure, Moment, Report, compute, compute_at},
};

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

#[tokio::test]
async fn every_figure_is_the_number_of_rows_of_its_list() {
    let app = TestApp::new().await;
    ledger(&app).await;
    let report = now(&app).await;
    let f = &report.figures;
    let counts: Vec<i64> = Figure::ALL.iter().map(|figure| f.get(*figure).value.unwrap_or(-1)).collect();
    // sent, acknowledged, accepted, filed, arrested, raided, prosecuted, (value), goods, judgments, penalties
    assert_eq!(counts, [2, 2, 2, 2, 1, 2, 0, -1, 1, 1, 1], "{f:?}");
    assert_eq!((f.leads_sent.merged, f.suspects_arrested.merged, f.sites_raided.merged), (1, 1, 1));
    let value = &f.case_value;
    assert_eq!(value.fen.map(|fen| fen.0), Some(13_000_000_000));
    assert_eq!(value.qualifier.map(|q| q.as_str()), Some("at_least"));
    assert_eq!((value.cases, value.merged, value.by_basis.len()), (Some(2), 1, 2));
    assert_eq!(report.prior_year.leads_sent.value, Some(1));

    let manager = app.sign_in("manager").await;
    for figure in Figure::ALL {
        let value = f.get(figure);
        let counted = value.value.or(value.cases).expect("a number");
        assert_eq!(rows(&manager, &value.link).await, counted, "{}", value.link);
    }
    assert_eq!(rows(&manager, &report.prior_year.leads_sent.link).await, 1);
    let by_month: i64 = report.by_month.iter().map(|month| month.leads_sent).sum();
    assert_eq!(by_month, 2);
    assert_eq!(report.by_month[11].leads_sent, 1);
    let zhejiang = report.by_region.iter().find(|r| r.code == "330000").expect("Zhejiang");
    assert_eq!((zhejiang.suspects_arrested, zhejiang.case_value.fen.0), (1, 3_000_000_000));
    assert_eq!((report.cohort.sent, report.cohort.filed, report.cohort.judged), (2, 1, 1));
    assert_eq!(report.top_cases.len(), 2);
    assert_eq!(report.top_cases[0].sites_raided, 2);
}

/// What stands at the head of a figure's list.
fn head(n: i64, sums: &[String]) -> String {
    match sums.join("、") {
        none if none.is_empty() => format!("<strong>年报计入共 {n} 条</strong>"),
        sums => format!("<strong>年报计入共 {n} 条，合计 {sums}</strong>"),
    }
}

/// An amount as the report says it, with what it is to the fen; none where there is nothing.
fn full(fen: Fen, qualifier: Qualifier) -> Vec<String> {
    if fen.0 == 0 { Vec::new() } else { vec![money::both(fen, qualifier, Lang::Zh)] }
}

/// The same list behind the last row of `page`, which is its first.
fn beyond(link: &str, page: &str) -> String {
    let rows =
        page.split("<tbody>").nth(1).and_then(|rest| rest.split("</tbody>").next()).unwrap_or_default();
    let last = |list: &str| {
        let id = rows.rsplit(list).next().and_then(|rest| rest.get(..36)).expect("a row");
        id.parse::<Id>().unwrap_or_else(|_| panic!("{link}: no row in {rows}"))
    };
    let after = match link {
        by_id if by_id.starts_with("/cases") || by_id.contains("by=identity") => format!("0.{}", Id::new()),
        entries if entries.starts_with("/outcomes") => last("href=\"/outcomes/").to_string(),
        transfers if transfers.starts_with("/transfers") => format!("0.{}", last("href=\"/transfers/")),
        _ => "0.0".to_owned(),
    };
    format!("{link}&after={after}")
}

#[tokio::test]
async fn a_list_says_at_its_head_the_number_of_its_figure_whatever_page_is_shown() {
    let app = TestApp::new().await;
    ledger(&app).await;
    app.settle().await;
    let report = now(&app).await;
    let zone = app.services.settings.time_zone;
    let size = report.as_at_log_size;
    let read = app.services.db.read_snapshot(move |conn| compute(conn, 2016, Some(size), zone));
    let pinned = read.await.expect("pinned");
    let manager = app.sign_in("manager").await;
    let mut lists = Vec::new();
    for value in Figure::ALL.iter().flat_map(|figure| [&report, &pinned].map(|one| one.figures.get(*figure)))
    {
        let n = value.value.or(value.cases).expect("a number");
        let sum = value.fen.zip(value.qualifier).map(|(fen, qualifier)| full(fen, qualifier));
        lists.push((value.link.clone(), head(n, &sum.unwrap_or_default())));
        if let Some(link) = &value.merged_link {
            lists.push((link.clone(), format!("<strong>年报合并去重共 {} 条</strong>", value.merged)));
        }
        let parts = &value.by_basis;
        lists.extend(parts.iter().map(|p| (p.link.clone(), head(p.cases, &full(p.fen, p.qualifier)))));
        // These goods have no value.
        let units = value.by_unit.iter();
        let said = units.map(|u| {
            (
                u.link.clone(),
                head(
                    u.entries,
                    &[format!(
                        "{} {}",
                        money::grouped(u.quantity.unsigned_abs()),
                        unit_name(&u.unit, Lang::Zh)
                    )],
                ),
            )
        });
        lists.extend(said);
    }
    let cohort = &report.cohort;
    for (step, n) in [("sent", cohort.sent), ("filed", cohort.filed), ("judged", cohort.judged)] {
        lists.push((cohort.links[step].clone(), head(n, &[])));
    }
    for (link, said) in &lists {
        let page = manager.get(link).await.expect(200).has(said).text();
        manager.get(&beyond(link, &page)).await.expect(200).has(said);
    }
    // Two values by their bases, one merged; the goods by their unit.
    assert!(
        lists.iter().any(|(_, said)| said.contains("合计 超 1.3 亿元（130,000,000.00 元）")),
        "{lists:?}"
    );
    assert!(lists.iter().any(|(_, said)| said.contains("合计 10,000 桶")), "{lists:?}");
    // The parts of the breakdowns.
    let groups = [&report.by_region, &report.by_agency_type, &report.by_charge, &report.by_month];
    for group in groups.into_iter().flatten() {
        for figure in Figure::ALL {
            let Some(link) = group.links.get(figure.as_str()) else { continue };
            let page = manager.get(link).await.expect(200);
            match figure {
                Figure::CaseValue => {
                    let (fen, qualifier) = (group.case_value.fen, group.case_value.qualifier);
                    page.has(&format!("合计 {}</strong>", money::both(fen, qualifier, Lang::Zh)))
                }
                _ => page.has(&format!("<strong>年报计入共 {} 条", group.count(figure))),
            };
        }
    }
    // Where nothing is counted, nothing is said of it.
    for list in ["/transfers", "/cases", "/outcomes", "/outcomes?kind=arrest"] {
        manager.get(list).await.expect(200).has_not("年报计入共");
    }
}

#[tokio::test]
async fn a_counter_entry_lowers_the_figure_and_the_past_stays_as_it_was() {
    let app = TestApp::new().await;
    let (_, two, _) = ledger(&app).await;
    let (liaison, manager) = (app.sign_in("liaison2").await, app.sign_in("manager").await);
    let fields = [("kind", "arrest"), ("new_person_0", "司机"), ("region", "330103")];
    let extra = entry(&liaison, &manager, two, &fields).await;
    app.settle().await;
    let before = now(&app).await;
    let moment = app.now();
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    let counter =
        manager.post(&format!("/outcomes/{extra}/correct"), &[("reason", "重复")]).await.expect(303).id();
    liaison.post(&format!("/outcomes/{counter}/confirm"), &[]).await.expect(303);
    app.settle().await;
    let after = now(&app).await;
    assert_eq!(before.figures.suspects_arrested.value, Some(2));
    assert_eq!(after.figures.suspects_arrested.value, Some(1));
    assert!(after.as_at_log_size > before.as_at_log_size);

    let zone = app.services.settings.time_zone;
    let past = app.services.db.read_snapshot(move |conn| {
        let moment = Moment::resolve(conn, Some(moment))?;
        compute_at(conn, 2016, moment, zone)
    });
    let past = past.await.expect("the past");
    for figure in Figure::ALL {
        let (was, then) = (past.figures.get(figure), before.figures.get(figure));
        assert_eq!((was.value, was.fen, was.merged), (then.value, then.fen, then.merged), "{figure:?}");
        let counted = was.value.or(was.cases).expect("a number");
        assert_eq!(rows(&manager, &was.link).await, counted, "{}", was.link);
    }
    let size = before.as_at_log_size;
    let pinned = app
        .services
        .db
        .read_snapshot(move |conn| compute(conn, 2016, Some(size), zone))
        .await
        .expect("pinned");
    assert_eq!(pinned.figures.suspects_arrested.value, Some(2));
    let nothing =
        app.services.db.read_snapshot(move |conn| compute(conn, 2016, Some(0), zone)).await.expect("nothing");
    assert!(Figure::ALL.iter().all(|figure| nothing.figures.get(*figure).value.unwrap_or(0) == 0));
}

/// The linked cells of a section's table: column, what is shown, and the address.
fn cells(page: &str, section: &str) -> Vec<(usize, String, String)> {
    let start = format!("id=\"{section}\"");
    let body = page.split(&start).nth(1).and_then(|rest| rest.split("</section>").next()).expect("a section");
    let mut found = Vec::new();
    for row in body.split("<tr>").skip(2) {
        for (column, cell) in row.split("</td>").enumerate() {
            let Some((_, link)) = cell.split_once("<a href=\"") else { continue };
            let (href, rest) = link.split_once("\">").expect("a link");
            let shown = rest.split('<').next().unwrap_or_default().to_owned();
            found.push((column, shown, href.replace("&amp;", "&").replace("&#38;", "&")));
        }
    }
    found
}

/// How many rows a list has: its file where it has one, else its pages.
async fn count(browser: &Browser, link: &str) -> i64 {
    let (path, query) = link.split_once('?').expect("a list");
    if !["/transfers", "/cases", "/outcomes"].contains(&path) || query.contains("by=identity") {
        return rows(browser, link).await;
    }
    let file = browser.get(&format!("{path}/export?{query}&format=csv")).await.expect(200).text();
    i64::try_from(file.lines().count()).expect("a number") - 1
}

/// Follows every link of the report's tables: each leads to as many rows as its figure says, an amount to some. Gives
/// the links by section.
pub async fn follow_every_link(browser: &Browser, year: i32) -> Vec<(&'static str, String)> {
    let page = browser.get(&format!("/reports/{year}")).await.expect(200).text();
    let mut followed = Vec::new();
    for section in ["figures", "cohort", "months", "regions", "types", "charges", "value", "goods", "top"] {
        if !page.contains(&format!("<section class=\"panel\" id=\"{section}\"")) {
            continue;
        }
        for (column, shown, href) in cells(&page, section) {
            // The page of a case is no list.
            if !href.contains('?') {
                browser.get(&href).await.expect(200);
                continue;
            }
            let found = count(browser, &href).await;
            // The quantity of goods is not the number of entries, which stands beside it.
            let is_quantity = section == "goods" && column > 0;
            match shown.replace(',', "").parse::<i64>() {
                Ok(n) if !is_quantity => assert_eq!(found, n, "{section}: {href}"),
                _ => assert!(found > 0, "{section}: nothing behind {shown} at {href}"),
            }
            followed.push((section, href));
        }
    }
    followed
}

#[tokio::test]
async fn every_figure_of_the_page_leads_to_the_rows_that_it_counts() {
    let app = TestApp::new().await;
    let (one, _, _) = ledger(&app).await;
    let (liaison, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    let charged = [("kind", "prosecution"), ("new_person_0", "仓库管理员"), ("new_person_id_0", "ID 0001")];
    entry(&liaison, &manager, one, &charged).await;
    let followed = follow_every_link(&manager, 2016).await;
    let links = |section: &str| {
        followed.iter().filter(|(of, _)| *of == section).map(|(_, link)| link.as_str()).collect::<Vec<_>>()
    };
    // Leads, persons, raids and values were merged.
    let merged: Vec<&str> = links("figures").into_iter().filter(|link| link.contains("merged=1")).collect();
    assert!(merged.len() >= 4, "{merged:?}");
    assert_eq!(links("cohort").len(), 7, "{:?}", links("cohort"));
    assert_eq!(links("value").len(), 6, "{:?}", links("value"));
    assert_eq!(links("goods").len(), 2, "{:?}", links("goods"));
    // Persons, sites and the value of the larger case; person and value of the other.
    assert_eq!(links("top").len(), 5, "{:?}", links("top"));
    let report = now(&app).await;
    assert_eq!((report.cohort.prosecuted, report.cohort.judged), (1, 1));
    assert!(report.by_region.iter().any(|group| group.links.contains_key("persons_prosecuted")));
    manager.get("/reports/2016/leads?step=dreamt").await.expect(422).has("环节：").has_not("step:");
    manager.get("/reports/2016/leads?step=prosecuted").await.expect(200).has("已提起公诉");
    assert_eq!(app.last_entry().await.verb, "report.view");
    liaison.get("/reports/2016/leads?step=sent").await.expect(404);
}

#[tokio::test]
async fn every_cell_of_a_breakdown_leads_to_the_rows_that_it_counts() {
    let app = TestApp::new().await;
    ledger(&app).await;
    let manager = app.sign_in("manager").await;
    let page = manager.get("/reports/2016").await.expect(200).text();
    for section in ["months", "regions", "types", "charges"] {
        let cells = cells(&page, section);
        // Leads sent and accepted, cases, persons, sites, value: each column has something somewhere.
        let columns: std::collections::BTreeSet<usize> = cells.iter().map(|cell| cell.0).collect();
        assert_eq!(columns.len(), 6, "{section}: {cells:?}");
        for (_, shown, href) in &cells {
            let found = rows(&manager, href).await;
            match shown.replace(',', "").parse::<i64>() {
                Ok(n) => assert_eq!(found, n, "{section}: {href}"),
                Err(_) => assert!(found > 0, "{section}: nothing behind {shown} at {href}"),
            }
        }
    }
    let page = manager.get("/transfers?counted=sent&year=2016&lead_region=440000&month=12").await.expect(200);
    page.has("线索地区").has("月份");
}

#[tokio::test]
async fn a_year_of_cases_is_one_of_the_configured_zone() {
    let app = TestApp::with(&[("LEAD_HANDOFF_TIME_ZONE", "America/Los_Angeles".into())]).await;
    app.handed(&Sent::to(GUANGZHOU, "2016-05-04").filed("2016-12-31"), None);
    let manager = app.sign_in("manager").await;
    for (year, counted) in [(2015, 0), (2016, 1), (2017, 0)] {
        assert_eq!(rows(&manager, &format!("/cases?filed_year={year}&month=12")).await, counted);
    }
}

#[tokio::test]
async fn the_command_and_the_api_give_the_same_bytes() {
    let app = TestApp::new().await;
    ledger(&app).await;
    app.settle().await;
    let id = app.seed.people["manager"];
    let new = token::NewToken { name: "r".into(), scopes: vec!["read"], days: None };
    let made = app.services.db.write(Origin::system("system:cli"), move |tx| token::create_for(tx, id, new));
    let token = made.await.expect("token");
    let stranger = app.stranger();
    let moment = app.now().to_string();
    for query in [String::new(), format!("?as_at={moment}")] {
        let url = stranger.url(&format!("/api/v1/reports/2016{query}"));
        let reply = stranger.send(stranger.client.get(url).bearer_auth(&token)).await.expect(200);
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_lead-handoff"));
        command.args(["report", "2016", "--data"]).arg(app.data.path());
        if let Some(url) = &app.services_database_url() {
            command.args(["--database-url", url]);
        }
        if !query.is_empty() {
            command.args(["--as-at", &moment]);
        }
        let output = command.output().expect("the command");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let (api, cli) = (reply.text(), String::from_utf8_lossy(&output.stdout).into_owned());
        assert_eq!(api, cli);
        let json = reply.json();
        assert_eq!(json["figures"]["leads_sent"]["value"], 2);
        assert_eq!(json["figures"]["case_value"]["qualifier"], "at_least");
        assert_eq!(json["definitions"].as_array().map(Vec::len), Some(11));
    }
}

#[tokio::test]
async fn the_report_is_read_printed_and_taken_along_in_both_languages() {
    let app = TestApp::new().await;
    ledger(&app).await;
    let manager = app.sign_in("manager").await;
    manager.get("/reports").await.expect(200).has("/reports/2016");
    let page = manager
        .get("/reports/2016")
        .await
        .expect(200)
        .has("移送线索")
        .has("<svg")
        .has("超 1.3 亿元")
        .has("合成数据");
    page.has("未公布")
        .has("不为零的数字都可以点开")
        .has_not(" style=")
        .has_not(">report-")
        .has_not(">outcome-");
    // The report of now would pass for that of the moment that was meant.
    let odd = manager.get("/reports/2016?as_at=bald").await.expect(422).has("field-error");
    odd.has("value=\"bald\"").has_not("chart-figure").has_not("1.3 亿元");
    manager.get("/reports/2014").await.expect(200).has("这一年没有数据");
    manager.get("/reports/16").await.expect(404);
    let pdf = manager.get("/reports/2016/report.pdf").await.expect(200);
    assert!(pdf.bytes.starts_with(b"%PDF") && pdf.bytes.len() > 20_000);
    assert!(manager.get("/reports/2016/report.xlsx").await.expect(200).bytes.starts_with(b"PK"));
    manager.get("/reports/2016/report.csv").await.expect(200).has("移送线索").has("130000000.00");
    assert_eq!(app.last_entry().await.verb, "report.export");
    manager.get("/reports/2016/report.doc").await.expect(404);
    for name in ["liaison", "admin"] {
        app.sign_in(name).await.get("/reports/2016").await.expect(404);
    }
}

#[tokio::test]
async fn an_operation_says_which_of_two_figures_is_counted_and_why() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    compiler.post("/operations/new", &[("from_on", "2016-05-01"), ("to_on", "2016-01-01")]).await.expect(422);
    let id = compiler.post("/operations/new", &[("name_zh", "云剑行动")]).await.expect(303).id();
    let made = app.handed(&Sent::to(GUANGZHOU, "2016-05-04").filed("2016-06-01"), None);
    let members = format!("/operations/{id}/members");
    compiler.post(&members, &[("kind", "lead"), ("number", "XS-0")]).await.expect(422).has("没有这个编号");
    let figures = app.publish_conflict().await;
    for figure in figures {
        compiler.post(&members, &[("kind", "published"), ("number", &figure.to_string())]).await.expect(303);
    }
    let page = compiler.get(&format!("/operations/{id}")).await.expect(200);
    page.has("来源不一致").has("474").has("332").has("浙江日报").has("alizila").has("采用").has("口径更宽");
    let manager = app.sign_in("manager").await;
    manager.get("/reports/2016").await.expect(200).has("来源不一致").has("474").has("口径更宽");
    manager.get("/language?to=en&back=/reports/2016").await.expect(303);
    let page = manager.get("/reports/2016").await.expect(200).has("Zhejiang Daily").has("a wider count");
    page.has("whole year").has_not("浙江日报").has_not("口径更宽");
    compiler.get("/language?to=en").await.expect(303);
    compiler.get(&format!("/operations/{id}")).await.expect(200).has("a wider count").has_not("浙江日报");
    assert!(made.case.is_some());
}
