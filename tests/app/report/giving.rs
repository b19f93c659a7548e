//! How the report is given: as a page, on paper, as files, by the command and by the API, with what others published.

use lead_handoff::{directory::people::token, platform::db::Origin};

use super::ledger;
use crate::{
    custody::text_of,
    support::{TestApp, ledger::Sent, seed::GUANGZHOU},
};

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
        assert_eq!(json["figures"]["case_value"]["qualifier"], "over");
        assert_eq!(json["definitions"].as_array().map(Vec::len), Some(11));
    }
}

#[tokio::test]
async fn the_report_is_read_printed_and_taken_along_in_both_languages() {
    let app = TestApp::new().await;
    let (one, ..) = ledger(&app).await;
    let manager = app.sign_in("manager").await;
    // What is not confirmed is no figure of its year.
    let liaison = app.sign_in("liaison").await;
    let proposed = [
        ("kind", "penalty"),
        ("amount", "2 万"),
        ("legal", "TM60"),
        ("happened_on", "2018-06-12"),
        ("region", "440111"),
        ("source_kind", "paper"),
        ("source_title", "处罚决定书"),
    ];
    let path = format!("/cases/{}/outcomes/new", one.case.expect("a case"));
    let proposed = liaison.post(&path, &proposed).await.expect(303).id();
    let years = || async { manager.get("/reports").await.expect(200).text() };
    let has_data = |years: &str, year: i32| {
        let line = years.split(&format!("href=\"/reports/{year}\"")).nth(1).expect("the year");
        line.split("</li>").next().expect("its line").contains("有数据")
    };
    let list = years().await;
    assert!(has_data(&list, 2016) && !has_data(&list, 2017) && !has_data(&list, 2018), "{list}");
    manager.post(&format!("/outcomes/{proposed}/confirm"), &[]).await.expect(303);
    let list = years().await;
    assert!(has_data(&list, 2018) && !has_data(&list, 2017), "{list}");
    let page = manager
        .get("/reports/2016")
        .await
        .expect(200)
        .has("移送线索")
        .has("<svg")
        .has("超过 1.3 亿元")
        .has("合成数据");
    // On a phone every table stacks, each figure beside its head; nothing is read by scrolling sideways.
    let text = page.text();
    let table = |id: &str| {
        let part =
            text.split(&format!("id=\"{id}\"")).nth(1).and_then(|part| part.split("</section>").next());
        part.unwrap_or_default().to_owned()
    };
    for id in ["figures", "top", "months"] {
        assert!(table(id).contains("table-stack"), "{id}: {}", table(id));
    }
    assert!(!text.contains("table-scroll"));
    assert!(table("figures").contains("class=\"num\" data-label=\"2016\""), "{}", table("figures"));
    page.has("未公布")
        .has("不为零的数字都可以点开")
        .has_not(" style=")
        .has_not(">report-")
        .has_not(">outcome-");
    // The report of now would pass for that of the moment that was meant.
    let odd = manager.get("/reports/2016?as_at=bald").await.expect(422).has("field-error");
    odd.has("value=\"bald\"").has_not("chart-figure").has_not("1.3 亿元");
    manager.get("/reports/2014").await.expect(200).has("这一年没有数据");
    let now = crate::support::today()[..4].parse::<i32>().expect("a year");
    let of_now = manager.get(&format!("/reports/{now}")).await.expect(200);
    of_now.has(&format!("href=\"/reports/{}\"", now - 1)).has_not(&format!("href=\"/reports/{}\"", now + 1));
    manager.get("/reports/16").await.expect(404);
    let pdf = manager.get("/reports/2016/report.pdf").await.expect(200);
    assert!(pdf.bytes.starts_with(b"%PDF") && pdf.bytes.len() > 20_000);
    assert!(manager.get("/reports/2016/report.xlsx").await.expect(200).bytes.starts_with(b"PK"));
    // Of a part of which there is nothing neither the page nor the paper has the heading.
    for (year, is_there) in [(2016, true), (2018, false)] {
        let page = manager.get(&format!("/reports/{year}")).await.expect(200).text();
        let paper = manager.get(&format!("/reports/{year}/report.pdf")).await.expect(200);
        let paper = text_of(&paper.bytes);
        let dots = |c: char| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '.' | '…' | '·');
        let has_heading = paper.lines().any(|line| line.trim_end_matches(dots).ends_with("查获物品"));
        assert_eq!((page.contains("id=\"goods\""), has_heading), (is_there, is_there), "{paper}");
    }
    // The picture has every step of the table, and says of what its shares are.
    let page = manager.get("/reports/2016").await.expect(200).text();
    let picture = page.split("id=\"cohort\"").nth(1).and_then(|part| part.split("</figure>").next());
    let picture = picture.expect("the picture of the cohort");
    for step in ["已移送", "已签收", "已受理", "已立案", "有人被抓获", "已提起公诉", "已有判决"]
    {
        assert!(picture.contains(step), "{step}: {picture}");
    }
    assert!(picture.contains("占上一步 50%"), "{picture}");
    let paper = manager.get("/reports/2016/report.pdf").await.expect(200);
    assert!(text_of(&paper.bytes).replace(' ', "").contains("占上一步50%"));
    let csv = manager.get("/reports/2016/report.csv").await.expect(200);
    let csv = csv.has("移送线索").has("130000000.00").text();
    // People read the time of the place, with its offset, as on page and paper.
    let as_at = csv.lines().find(|line| line.starts_with("数据截至,")).expect("the moment").trim_end();
    assert!(as_at.ends_with(" +08:00") && !as_at.contains('Z'), "{as_at}");
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
    manager.post("/language?to=en&back=/reports/2016", &[]).await.expect(303);
    let page = manager.get("/reports/2016").await.expect(200).has("Zhejiang Daily").has("a wider count");
    page.has("whole year").has_not("浙江日报").has_not("口径更宽");
    compiler.post("/language?to=en", &[]).await.expect(303);
    compiler.get(&format!("/operations/{id}")).await.expect(200).has("a wider count").has_not("浙江日报");
    assert!(made.case.is_some());
}
