//! The ledger: proposed by one side, confirmed by the other, corrected by counter-entries only.

use crate::support::{
    Browser, TestApp, fixtures,
    ledger::{Made, Sent},
    seed::{GUANGZHOU, HANGZHOU},
    smtp::{Manner, SmtpServer, text_of},
};
use diesel::prelude::*;
use lead_handoff::platform::db::{Id, schema::remark};
use serde_json::json;

fn filed(app: &TestApp, agency: &'static str) -> Made {
    app.handed(&Sent::to(agency, "2016-05-04").filed("2016-06-01"), None)
}

/// The fields of an arrest in June 2016.
fn arrest(person: &str) -> Vec<(&'static str, String)> {
    vec![
        ("kind", "arrest".into()),
        ("happened_on", "2016-06-12".into()),
        ("region", "440111".into()),
        ("subject", person.into()),
        ("source_kind", "paper".into()),
        ("source_title", "拘留证 穗公（经）拘字〔2016〕1号".into()),
    ]
}

async fn post(browser: &Browser, path: &str, fields: &[(&'static str, String)]) -> crate::support::Reply {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    browser.post(path, &fields).await
}

async fn proposed(browser: &Browser, made: Made) -> Id {
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    post(browser, &path, &arrest(&made.person.to_string())).await.expect(303).id()
}

#[tokio::test]
async fn a_liaison_proposes_the_platform_confirms_and_a_counter_entry_takes_it_back() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let (liaison, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    let id = proposed(&liaison, made).await;
    let page = liaison.get(&format!("/outcomes/{id}")).await.expect(200).has("待确认").has("须由对方确认");
    // What it rests on is a fact there; how to fill it in stands in the form.
    page.has("依据形式").has("拘留证").has_not("写明名称与文号");
    let form = format!("/cases/{}/outcomes/new?kind=arrest", made.case.expect("a case"));
    liaison.get(&form).await.expect(200).has("依据形式").has("请在下方写明名称与文号");

    // The asserting side can't confirm; a colleague of it could not either.
    liaison.post(&format!("/outcomes/{id}/confirm"), &[]).await.expect(409);
    // A page says first what is confirmed and that it can't be taken back; who asserted it does not get there.
    manager
        .get(&format!("/outcomes/{id}"))
        .await
        .expect(200)
        .has(&format!("href=\"/outcomes/{id}/confirm\""));
    liaison.get(&format!("/outcomes/{id}/confirm")).await.expect(409);
    let asked = manager.get(&format!("/outcomes/{id}/confirm")).await.expect(200);
    asked.has("抓获犯罪嫌疑人").has("1 人").has("确认不能撤回").has("确认属实");
    manager.get(&format!("/outcomes/{id}")).await.expect(200).has("待确认");
    manager.post(&format!("/outcomes/{id}/confirm"), &[]).await.expect(303);
    manager.get(&format!("/outcomes/{id}/confirm")).await.expect(409);
    manager.post(&format!("/outcomes/{id}/confirm"), &[]).await.expect(409);
    manager.get("/outcomes?year=2016&kind=arrest&counted=1").await.expect(200).has("已确认").has("1 人");

    // Taken back by the platform: counts until the agency confirms.
    let correct = format!("/outcomes/{id}/correct");
    manager.post(&correct, &[]).await.expect(422).has("请填写此项");
    let counter = manager.post(&correct, &[("reason", "登记重复")]).await.expect(303).id();
    manager.get(&format!("/outcomes/{counter}")).await.expect(200).has("登记重复").has_not("依据形式");
    manager.get("/outcomes?counted=1").await.expect(200).has("更正待确认");
    manager.post(&correct, &[("reason", "再来一次")]).await.expect(409);
    manager.post(&format!("/outcomes/{counter}/confirm"), &[]).await.expect(409);
    liaison.post(&format!("/outcomes/{counter}/confirm"), &[]).await.expect(303);
    liaison.get(&format!("/outcomes/{id}")).await.expect(200).has("已冲销");
    manager.get("/outcomes?counted=1").await.expect(200).has_not("1 人");
    liaison.post(&format!("/outcomes/{counter}/correct"), &[("reason", "x")]).await.expect(409);
}

#[tokio::test]
async fn a_correction_with_a_new_entry_is_one_decision() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let (liaison, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    let id = proposed(&liaison, made).await;
    manager.post(&format!("/outcomes/{id}/confirm"), &[]).await.expect(303);

    let mut fields = arrest(&made.person.to_string());
    fields.push(("reason", "日期有误".into()));
    fields.push(("instead", "yes".into()));
    fields[1].1 = "2016-06-13".into();
    let counter = post(&liaison, &format!("/outcomes/{id}/correct"), &fields).await.expect(303).id();
    let page = manager.get(&format!("/outcomes/{counter}")).await.expect(200).has("一并提出的记录").text();
    let new = page
        .split("/outcomes/")
        .filter_map(|p| p.get(..36))
        .find(|p| p.parse::<Id>().is_ok_and(|found| found != id && found != counter));
    let new = new.expect("the new entry").to_owned();
    manager.post(&format!("/outcomes/{new}/confirm"), &[]).await.expect(409);
    manager.post(&format!("/outcomes/{counter}/confirm"), &[]).await.expect(303);
    manager.get("/outcomes?counted=1").await.expect(200).has("2016-06-13").has_not("2016-06-12");
}

#[tokio::test]
async fn an_agency_without_accounts_takes_two_persons_and_the_paper() {
    let app = TestApp::new().await;
    let made = filed(&app, HANGZHOU);
    app.disable("liaison2").await;
    let (one, two) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let id = proposed(&one, made).await;
    one.post(&format!("/outcomes/{id}/confirm"), &[]).await.expect(409);
    two.post(&format!("/outcomes/{id}/confirm"), &[]).await.expect(303);
    two.get(&format!("/outcomes/{id}")).await.expect(200).has("依纸质文书");
}

#[tokio::test]
async fn another_agency_sees_nothing_and_can_do_nothing() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let (own, other) = (app.sign_in("liaison").await, app.sign_in("liaison2").await);
    let case = made.case.expect("a case");
    let id = proposed(&own, made).await;
    for path in
        [format!("/outcomes/{id}"), format!("/cases/{case}/outcomes/new"), format!("/outcomes/{id}/correct")]
    {
        other.get(&path).await.expect(404);
    }
    for path in [
        format!("/outcomes/{id}/confirm"),
        format!("/outcomes/{id}/reject"),
        format!("/outcomes/{id}/correct"),
    ] {
        other.post(&path, &[("reason", "x")]).await.expect(404);
    }
    other.get("/outcomes").await.expect(200).has("还没有战果");
    other.get("/outcomes?by=identity&counted=1&kind=arrest").await.expect(200).has_not("主犯");
    for name in ["auditor", "approver", "admin"] {
        let browser = app.sign_in(name).await;
        browser.post(&format!("/outcomes/{id}/confirm"), &[]).await.expect(404);
    }
    app.sign_in("admin").await.get("/outcomes").await.expect(404);
    app.stranger().get("/outcomes").await.expect(303);
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_the_field_and_stays_typed() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let liaison = app.sign_in("liaison").await;
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    liaison.get(&path).await.expect(200).has("登记哪一类战果");
    liaison.get(&format!("{path}?kind=case_value")).await.expect(200).has("金额口径");
    let mut value = vec![
        ("kind", "case_value".to_owned()),
        ("happened_on", "2016-06-12".into()),
        ("region", "没有这里".into()),
        ("amount", "-5".into()),
        ("basis", "announced".into()),
        ("source_kind", "paper".into()),
        ("source_title", "起诉意见书".into()),
    ];
    post(&liaison, &path, &value).await.expect(422).has("没有这个地区").has("不能为负数").has("没有这里");
    value[2].1 = "广东省广州市白云区".into();
    value[3].1 = "超1亿".into();
    let id = post(&liaison, &path, &value).await.expect(303).id();
    liaison.get(&format!("/outcomes/{id}")).await.expect(200).has("超 100,000,000.00 元");
    let mut odd = arrest(&Id::new().to_string());
    post(&liaison, &path, &odd).await.expect(422).has("没有此项");
    odd[1].1 = "2199-01-01".into();
    post(&liaison, &path, &odd).await.expect(422).has("日期不能晚于今天");
}

#[tokio::test]
async fn a_penalty_rests_on_a_law_that_held_on_its_day() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let liaison = app.sign_in("liaison").await;
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    let form = liaison.get(&format!("{path}?kind=penalty")).await.expect(200);
    // Before the day is known no edition of a law is named that may turn out to be another one.
    form.has("处罚依据").has("《商标法》第57条第（三）项").has_not("2013年修正").has_not("旧法");
    let mut penalty = vec![
        ("kind", "penalty".to_owned()),
        ("happened_on", "2016-06-12".into()),
        ("region", "440111".into()),
        ("amount", "2 万".into()),
        ("source_kind", "paper".into()),
        ("source_title", "处罚决定书".into()),
        ("source_url", "https://example.com/decision".into()),
    ];
    post(&liaison, &path, &penalty).await.expect(422).has("href=\"#f-legal\"");
    penalty.push(("legal", "TM72-2027".into()));
    post(&liaison, &path, &penalty).await.expect(422).has("尚未施行").has("处罚决定书");
    penalty.pop();
    penalty.push(("legal", "other".into()));
    post(&liaison, &path, &penalty).await.expect(422).has("href=\"#f-legal-text\"");
    penalty.push(("legal_text", "《某条例》第 5 条".into()));
    let id = post(&liaison, &path, &penalty).await.expect(303).id();
    liaison.get(&format!("/outcomes/{id}")).await.expect(200).has("《某条例》第 5 条").has("example.com");
    penalty.truncate(7);
    penalty.push(("legal", "TM57-3".into()));
    let id = post(&liaison, &path, &penalty).await.expect(303).id();
    liaison.get(&format!("/outcomes/{id}")).await.expect(200).has("《商标法》（2013年修正）第57条第（三）项");
    penalty.pop();
    penalty.push(("legal", "TM60".into()));
    let id = post(&liaison, &path, &penalty).await.expect(303).id();
    liaison.get(&format!("/outcomes/{id}")).await.expect(200).has("商标侵权行政处罚");
    // What somebody typed stands where it can be erased.
    let erased = app.services.db.write_quiet(|tx| {
        diesel::delete(remark::table.filter(remark::about_kind.eq("outcome"))).execute(tx.conn())?;
        Ok(())
    });
    erased.await.expect("erased");
    let page = liaison.get(&format!("/outcomes/{id}")).await.expect(200);
    page.has("商标侵权行政处罚").has_not("example.com").has_not("处罚决定书");
    // An entry of another kind asks for no law, and a unit is one of the list.
    let goods = [
        ("kind", "goods_seized"),
        ("happened_on", "2016-06-12"),
        ("region", "440111"),
        ("quantity", "3"),
        ("unit", "张三的"),
        ("source_kind", "paper"),
        ("source_title", "扣押清单"),
    ];
    liaison.post(&path, &goods).await.expect(422).has("请从列表中选择计量单位");
}

#[tokio::test]
async fn a_unit_is_said_in_the_language_of_the_reader() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let (liaison, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    manager.get("/language?to=en&back=/account").await.expect(303);
    let goods = [
        ("kind", "goods_seized"),
        ("happened_on", "2016-06-12"),
        ("region", "440111"),
        ("quantity", "3"),
        ("unit", "bottles"),
        ("source_kind", "paper"),
        ("source_title", "扣押清单"),
    ];
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    let id = manager.post(&path, &goods).await.expect(303).id();
    let page = format!("/outcomes/{id}");
    liaison.get(&page).await.expect(200).has("3 瓶").has_not("bottles");
    manager.get(&page).await.expect(200).has("3 bottles").has_not("瓶");
    manager.get("/outcomes").await.expect(200).has("3 bottles").has_not("瓶");
    manager.get("/outcomes?unit=瓶").await.expect(200).has("3 bottles").has_not("瓶 ");
    manager.get("/outcomes/export?format=csv").await.expect(200).has("bottles").has_not("瓶");
    liaison.get("/outcomes/export?format=csv").await.expect(200).has("瓶").has_not("bottles");
    liaison.post(&format!("{page}/confirm"), &[]).await.expect(303);
    manager
        .get(&format!("{page}/correct"))
        .await
        .expect(200)
        .has("value=\"bottles\"")
        .has_not("value=\"瓶\"");
    liaison.get(&format!("{page}/correct")).await.expect(200).has("value=\"瓶\"");
    // As it stands in the form it is taken back as what it was.
    let again = [&goods[..], &[("reason", "数量有误"), ("instead", "yes")]].concat();
    manager.post(&format!("{page}/correct"), &again).await.expect(303);
    app.settle().await;
    let report = manager.get("/reports/2016").await.expect(200);
    report.has("bottles").has_not(">瓶<");
    // Of one it is said in the singular, and what that is by its code.
    let one = [&goods[..3], &[("quantity", "1"), ("unit", "瓶")], &goods[5..]].concat();
    let id = liaison.post(&path, &one).await.expect(303).id();
    manager.get(&format!("/outcomes/{id}")).await.expect(200).has("1 bottle").has_not("1 bottles");
    manager.get("/outcomes?unit=bottle").await.expect(200).has("3 bottles").has("1 bottle");
    // A program reads codes, in the list and in the report, whatever the language of who asks.
    let token = fixtures::token_for(&app, "manager", &["read"]).await;
    let program = app.stranger();
    let ask = async |path: &str| {
        let request = program.client.get(program.url(path)).bearer_auth(&token);
        program.send(request).await.expect(200)
    };
    let list = ask("/api/v1/outcomes?kind=goods_seized").await.json();
    let items = list["items"].as_array().expect("items");
    assert!(items.iter().any(|item| item["quantity"] == json!({"number": 1, "unit": "bottle"})), "{list}");
    assert!(
        items.iter().all(|item| item["quantity"].is_null() || item["quantity"]["unit"] == "bottle"),
        "{list}"
    );
    let report = ask("/api/v1/reports/2016").await.json();
    assert_eq!(report["figures"]["goods_seized"]["by_unit"][0]["unit"], "bottle", "{report}");
}

#[tokio::test]
async fn a_correction_begins_with_what_was_written() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let (liaison, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    let penalty = [
        ("kind", "penalty"),
        ("happened_on", "2016-06-12"),
        ("region", "440111"),
        ("amount", "2 万"),
        ("legal", "other"),
        ("legal_text", "《某条例》第 5 条"),
        ("source_kind", "paper"),
        ("source_title", "处罚决定书第 7 号"),
        ("source_url", "https://example.com/decision"),
    ];
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    let id = liaison.post(&path, &penalty).await.expect(303).id();
    manager.post(&format!("/outcomes/{id}/confirm"), &[]).await.expect(303);
    let form = manager.get(&format!("/outcomes/{id}/correct")).await.expect(200);
    form.has("value=\"《某条例》第 5 条\"")
        .has("value=\"https://example.com/decision\"")
        .has("处罚决定书第 7 号");
    // Another basis, the rest as it was.
    let fields = [&penalty[..4], &[("legal", "TM60")], &penalty[6..]].concat();
    let fields = [&fields[..], &[("reason", "依据有误"), ("instead", "yes")]].concat();
    manager.post(&format!("/outcomes/{id}/correct"), &fields).await.expect(303);
}

#[tokio::test]
async fn a_rejected_entry_never_counts_and_needs_its_reason() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let (liaison, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    let id = proposed(&liaison, made).await;
    manager.post(&format!("/outcomes/{id}/reject"), &[]).await.expect(422).has("请填写此项");
    manager.post(&format!("/outcomes/{id}/reject"), &[("reason", "查无此人")]).await.expect(303);
    liaison.get(&format!("/outcomes/{id}")).await.expect(200).has("查无此人").has("不计入年报");
    manager.post(&format!("/outcomes/{id}/correct"), &[("reason", "x")]).await.expect(409);
    manager.get("/outcomes/export?format=csv&state=rejected").await.expect(200).has("未获确认");
    manager.get("/outcomes/export?format=xlsx").await.expect(200);
}

#[tokio::test]
async fn the_other_side_is_told_by_mail_and_sees_it_waiting_at_home() {
    let server = SmtpServer::start(Manner::Polite).await;
    let app = TestApp::with(&[("LEAD_HANDOFF_SMTP_URL", server.url())]).await;
    let made = filed(&app, GUANGZHOU);
    let (compiler, manager) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let (liaison, other) = (app.sign_in("liaison").await, app.sign_in("liaison2").await);
    let received = async || {
        app.settle().await;
        server.received()
    };

    // The agency proposes: the lead's owner is told, and it waits for the platform alone.
    let id = proposed(&liaison, made).await;
    let mails = received().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, ["RCPT TO:<compiler@example.com>"]);
    let text = text_of(&mails[0].data);
    assert!(text.contains(&format!("/outcomes/{id}")) && text.contains("YS-2016-"), "{text}");
    for secret in ["主犯", "润滑油", "拘", "XS-2016"] {
        assert!(!text.contains(secret), "{text}");
    }
    let link = format!("/outcomes/{id}");
    compiler.get("/").await.expect(200).has(&link).has("本人线索的战果待确认");
    manager.get("/").await.expect(200).has(&link).has("/outcomes?waits=me");
    manager.get("/outcomes?waits=me").await.expect(200).has(&link);
    app.sign_in("compiler2").await.get("/").await.expect(200).has_not(&link);
    liaison.get("/").await.expect(200).has_not(&link);
    liaison.get("/outcomes?waits=me").await.expect(200).has_not(&link);
    manager.post(&format!("{link}/confirm"), &[]).await.expect(303);
    manager.get("/").await.expect(200).has_not(&link);

    // The platform takes it back: the agency's liaison is told, and nobody else.
    let counter = manager.post(&format!("{link}/correct"), &[("reason", "登记重复")]).await.expect(303).id();
    let mails = received().await;
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[1].to, ["RCPT TO:<liaison@example.com>"]);
    assert!(!text_of(&mails[1].data).contains("登记重复"));
    let link = format!("/outcomes/{counter}");
    liaison.get("/").await.expect(200).has(&link);
    manager.get("/").await.expect(200).has_not(&link);
    other.get("/").await.expect(200).has_not(&link);
    liaison.post(&format!("{link}/confirm"), &[]).await.expect(303);
    liaison.get("/").await.expect(200).has_not(&link);
}

#[tokio::test]
async fn of_an_agency_without_accounts_a_colleague_is_told() {
    let server = SmtpServer::start(Manner::Polite).await;
    let app = TestApp::with(&[("LEAD_HANDOFF_SMTP_URL", server.url())]).await;
    let made = filed(&app, HANGZHOU);
    app.disable("liaison2").await;
    let (one, two) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let id = proposed(&one, made).await;
    app.settle().await;
    let to: Vec<String> = server.received().iter().flat_map(|mail| mail.to.clone()).collect();
    assert_eq!(to, ["RCPT TO:<manager@example.com>"]);
    let link = format!("/outcomes/{id}");
    one.get("/").await.expect(200).has_not(&link);
    two.get("/").await.expect(200).has(&link);
}

#[tokio::test]
async fn the_list_is_sorted_by_day_and_amount_and_leaves_nothing_out() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let liaison = app.sign_in("liaison").await;
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    for (day, amount) in [("2016-06-20", "300 万"), ("2016-06-12", "200 万"), ("2016-06-28", "100 万")] {
        let fields: [(&str, String); 8] = [
            ("kind", "case_value".into()),
            ("happened_on", day.into()),
            ("region", "440111".into()),
            ("amount", amount.into()),
            ("qualifier", "exact".into()),
            ("basis", "announced".into()),
            ("source_kind", "paper".into()),
            ("source_title", "通报".into()),
        ];
        post(&liaison, &path, &fields).await.expect(303);
    }
    let days = |page: String| -> Vec<String> {
        page.split("<time datetime=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next().map(str::to_owned))
            .collect()
    };
    let manager = app.sign_in("manager").await;
    for (sort, order) in [
        ("", ["2016-06-28", "2016-06-12", "2016-06-20"]),
        ("date", ["2016-06-12", "2016-06-20", "2016-06-28"]),
        ("-date", ["2016-06-28", "2016-06-20", "2016-06-12"]),
        ("amount", ["2016-06-28", "2016-06-12", "2016-06-20"]),
        ("-amount", ["2016-06-20", "2016-06-12", "2016-06-28"]),
    ] {
        let page = manager.get(&format!("/outcomes?sort={sort}")).await.expect(200).has("不限");
        assert_eq!(days(page.text()), order, "{sort}");
    }
    // What has no amount comes last by amount, up and down, on the page and in the file; pages go on across the border.
    for name in ["甲", "乙"] {
        let mut unnamed = arrest(&made.person.to_string());
        unnamed[3] = ("new_person_0", name.into());
        post(&liaison, &path, &unnamed).await.expect(303);
    }
    let rising = ["2016-06-28", "2016-06-12", "2016-06-20"];
    let falling = ["2016-06-20", "2016-06-12", "2016-06-28"];
    for (sort, valued) in [("amount", rising), ("-amount", falling)] {
        let all = [&valued[..], &["2016-06-12"; 2]].concat();
        assert_eq!(days(manager.get(&format!("/outcomes?sort={sort}")).await.expect(200).text()), all);
        let file = manager.get(&format!("/outcomes/export?format=csv&sort={sort}")).await.expect(200).text();
        let of_file: Vec<_> =
            file.lines().skip(1).filter_map(|line| line.trim_start_matches('"').get(..10)).collect();
        assert_eq!(of_file, all, "{file}");
        // The list from each of its rows on, and up to it.
        let cursors = cursors(&app, sort == "amount").await;
        for (n, cursor) in cursors.iter().enumerate() {
            let at = |name: &str| format!("/outcomes?sort={sort}&{name}={cursor}");
            assert_eq!(days(manager.get(&at("after")).await.expect(200).text()), all[n + 1..], "after {n}");
            assert_eq!(days(manager.get(&at("before")).await.expect(200).text()), all[..n], "before {n}");
        }
    }
}

/// The cursors of all entries in the order of their amounts, those without one last.
async fn cursors(app: &TestApp, rises: bool) -> Vec<String> {
    use diesel::prelude::*;
    use lead_handoff::platform::db::schema::outcome;
    let read = app.services.db.read(|conn| {
        let all = outcome::table.select((outcome::amount_fen, outcome::seq));
        Ok(all.load::<(Option<i64>, i64)>(conn)?)
    });
    let mut all = read.await.expect("entries");
    all.sort();
    if !rises {
        all.reverse();
    }
    all.sort_by_key(|(fen, _)| fen.is_none());
    let word = |fen: Option<i64>| fen.map_or_else(String::new, |fen| fen.to_string());
    all.into_iter().map(|(fen, seq)| format!("{}.{seq}", word(fen))).collect()
}

/// A region goes by its name, and a code is shown by it; a name that is none or several ones' is no answer.
#[tokio::test]
async fn a_list_is_narrowed_by_a_regions_name_and_says_which_it_does_not_know() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let liaison = app.sign_in("liaison").await;
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    post(&liaison, &path, &arrest(&made.person.to_string())).await.expect(303);
    let manager = app.sign_in("manager").await;
    for region in ["广东省", "44", "4401", "广州市"] {
        let page = manager.get(&format!("/outcomes?region={region}")).await.expect(200);
        page.has("value=\"广东省").has("2016-06-12");
    }
    manager.get("/outcomes?region=浙江省").await.expect(200).has("没有符合条件的记录").has_not("2016-06-12");
    for (region, said) in
        [("某地", "f-region-error"), ("朝阳区", "北京市朝阳区"), ("4401000", "f-region-error")]
    {
        let before = app.audit_count().await;
        let page = manager.get(&format!("/outcomes?region={region}")).await.expect(422);
        page.has("f-region-error")
            .has(said)
            .has_not("2016-06-12")
            .has_not("没有符合条件的记录")
            .has(&format!("value=\"{region}\""));
        manager
            .get(&format!("/outcomes?by=identity&counted=1&kind=arrest&region={region}"))
            .await
            .expect(422)
            .has("f-region-error");
        assert_eq!(app.audit_count().await, before + 2);
        manager.get(&format!("/outcomes/export?format=csv&region={region}")).await.expect(422);
    }
}

/// Nobody arrests a company or a shop; a company may be prosecuted.
#[tokio::test]
async fn an_arrest_names_people_alone() {
    use diesel::prelude::*;
    use lead_handoff::platform::db::schema::{lead_subject, subject};
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let add = |kind: &'static str, name: &'static str| {
        app.services.db.write_quiet(move |tx| {
            let (id, now) = (Id::new(), tx.now());
            diesel::insert_into(subject::table)
                .values((
                    subject::id.eq(id),
                    subject::kind.eq(kind),
                    subject::name.eq(name),
                    subject::identifier.eq(""),
                    subject::match_key.eq(""),
                    subject::created_at.eq(now),
                ))
                .execute(tx.conn())?;
            diesel::insert_into(lead_subject::table)
                .values((
                    lead_subject::lead_id.eq(made.lead),
                    lead_subject::subject_id.eq(id),
                    lead_subject::name.eq(name),
                    lead_subject::part.eq(""),
                ))
                .execute(tx.conn())?;
            Ok(id)
        })
    };
    let company = add("company", "某某商贸有限公司").await.expect("a company");
    let shop = add("shop", "某某旗舰店").await.expect("a shop");
    let liaison = app.sign_in("liaison").await;
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    let form = liaison.get(&format!("{path}?kind=arrest")).await.expect(200);
    form.has("主犯").has_not("某某商贸有限公司").has_not("某某旗舰店");
    let form = liaison.get(&format!("{path}?kind=prosecution")).await.expect(200);
    form.has("主犯").has("某某商贸有限公司").has_not("某某旗舰店");

    for other in [company, shop] {
        let refused = post(&liaison, &path, &arrest(&other.to_string())).await.expect(422);
        refused.has("f-subject-error").has("只能选择自然人");
    }
    let mut both = arrest(&made.person.to_string());
    both.push(("subject", company.to_string()));
    post(&liaison, &path, &both).await.expect(422);
    liaison.get("/outcomes").await.expect(200).has("还没有战果");
    // Somebody whose name nobody knows is counted all the same.
    let mut unnamed = arrest(&made.person.to_string());
    unnamed[3] = ("new_person_0", "无名氏（仓管员）".into());
    post(&liaison, &path, &unnamed).await.expect(303);
    let mut charged = arrest(&company.to_string());
    charged[0].1 = "prosecution".into();
    let id = post(&liaison, &path, &charged).await.expect(303).id();
    liaison.get(&format!("/outcomes/{id}")).await.expect(200).has("某某商贸有限公司");
    // The company that an entry names is still not offered for an arrest.
    liaison.get(&format!("{path}?kind=arrest")).await.expect(200).has("无名氏").has_not("某某商贸有限公司");
}
