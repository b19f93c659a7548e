//! What an entry takes, and what is said of the rest.

use diesel::prelude::*;
use lead_handoff::platform::db::{
    Id,
    schema::{lead_subject, remark, subject},
};

use serde_json::json;

use super::{arrest, filed, post, resting::instead_of};
use crate::support::{TestApp, fixtures, seed::GUANGZHOU};

#[tokio::test]
async fn what_is_wrong_is_said_beside_the_field_and_stays_typed() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let liaison = app.sign_in("liaison").await;
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    liaison.get(&path).await.expect(200).has("登记哪一类战果");
    liaison.get(&format!("{path}?kind=case_value")).await.expect(200).has("金额口径");
    // Where the case is stands there by name.
    let form = liaison.get(&format!("{path}?kind=arrest")).await.expect(200);
    form.has("value=\"广东省广州市").has_not("value=\"4401");
    let mut value = vec![
        ("kind", "case_value".to_owned()),
        ("happened_on", "2016-06-12".into()),
        ("region", "没有这里".into()),
        ("amount", "-5".into()),
        ("basis", "announced".into()),
        ("source_kind", "paper".into()),
        ("source_title", "起诉意见书".into()),
    ];
    post(&liaison, &path, &value).await.expect(422).has("没有找到这个地区").has("不能为负数").has("没有这里");
    value[2].1 = "广东省广州市白云区".into();
    value[3].1 = "超1亿".into();
    let id = post(&liaison, &path, &value).await.expect(303).id();
    liaison.get(&format!("/outcomes/{id}")).await.expect(200).has("超过 100,000,000.00 元");
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
    penalty.push(("subject", made.person.to_string()));
    let id = post(&liaison, &path, &penalty).await.expect(303).id();
    // Who is fined may be a company.
    let page = liaison.get(&format!("/outcomes/{id}")).await.expect(200).has("1 名当事人");
    page.has("《某条例》第 5 条").has("example.com");
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
    manager.post("/language?to=en&back=/account", &[]).await.expect(303);
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
async fn what_a_figure_comes_to_is_said_in_the_singular_of_one() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let (liaison, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    manager.post("/language?to=en&back=/account", &[]).await.expect(303);
    let goods = [
        ("kind", "goods_seized"),
        ("happened_on", "2016-06-12"),
        ("region", "440111"),
        ("quantity", "1"),
        ("unit", "件"),
        ("source_kind", "paper"),
        ("source_title", "扣押清单"),
    ];
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    let id = liaison.post(&path, &goods).await.expect(303).id();
    let figure = "/outcomes?year=2016&kind=goods_seized&counted=1";
    manager.get(&format!("{figure}&unit=piece")).await.expect(200).has("in all 0 pieces");
    manager.post(&format!("/outcomes/{id}/confirm"), &[]).await.expect(303);
    let page = manager.get(&format!("{figure}&unit=piece")).await.expect(200);
    page.has("in all 1 piece").has_not("1 pieces");
    // Without a unit it is a number alone.
    manager.get(&format!("{figure}&unit=-")).await.expect(200).has("in all 0<");
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

/// What was about so much stays so where the form asks for no qualifier.
#[tokio::test]
async fn a_correction_of_the_quantity_alone_leaves_the_amount_about_what_it_was() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let (liaison, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    let mut goods = vec![
        ("kind", "goods_seized".to_owned()),
        ("happened_on", "2016-06-12".into()),
        ("region", "440111".into()),
        ("quantity", "3".into()),
        ("unit", "件".into()),
        ("amount", "约 120 万元".into()),
        ("source_kind", "paper".into()),
        ("source_title", "扣押清单".into()),
    ];
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    let old = post(&liaison, &path, &goods).await.expect(303).id();
    manager.post(&format!("/outcomes/{old}/confirm"), &[]).await.expect(303);
    let correct = format!("/outcomes/{old}/correct");
    let begun = "约 1,200,000 元";
    manager.get(&correct).await.expect(200).has(&format!("value=\"{begun}\""));
    (goods[3].1, goods[5].1) = ("4".into(), begun.into());
    goods.extend([("reason", "数量有误".to_owned()), ("instead", "yes".to_owned())]);
    let counter = post(&manager, &correct, &goods).await.expect(303).id();
    let new = instead_of(&manager, old, counter).await;
    manager.get(&format!("/outcomes/{new}")).await.expect(200).has("4 件").has("约 1,200,000.00 元");
}

/// Nobody arrests a company or a shop; a company may be prosecuted.
#[tokio::test]
async fn an_arrest_names_people_alone() {
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

/// What a hint gives for an example is understood, and is written as its reader writes.
#[tokio::test]
async fn the_example_of_a_region_is_one_that_is_understood_in_either_language() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let liaison = app.sign_in("liaison").await;
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    let examples = [("zh-CN", "广东省广州市白云区"), ("en", "Baiyun, Guangzhou, Guangdong Province")];
    for (language, example) in examples {
        liaison.post(&format!("/language?to={language}"), &[]).await.expect(303);
        liaison.get(&format!("{path}?kind=arrest")).await.expect(200).has(example);
        let mut fields = arrest(&made.person.to_string());
        fields[2].1 = "nowhere".into();
        post(&liaison, &path, &fields).await.expect(422).has("href=\"#f-region\"").has(example);
        let before = app.audit_count().await;
        fields[2].1 = example.into();
        post(&liaison, &path, &fields).await.expect(303);
        let entry = app.last_entry().await;
        assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 1, "outcome.propose"));
    }
}

/// Who or what an entry is counted by must be named; the list of the form's parts says so, before a post and after it.
#[tokio::test]
async fn the_parts_of_the_form_say_what_its_kind_needs() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let liaison = app.sign_in("liaison").await;
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    for (kind, part, state) in [
        ("arrest", "part-persons", "lacks"),
        ("prosecution", "part-persons", "lacks"),
        ("site_raided", "part-sites", "lacks"),
        ("judgment", "part-persons", "open"),
        ("penalty", "part-persons", "open"),
    ] {
        let page = liaison.get(&format!("{path}?kind={kind}")).await.expect(200).text();
        assert_eq!(state_of(&page, part), format!("part-{state}"), "{kind}");
    }
    liaison.get(&format!("{path}?kind=arrest")).await.expect(200).has("尚缺：本案涉案人员或其他人员");
    let mut unnamed = arrest(&made.person.to_string());
    unnamed.remove(3);
    unnamed[1].1 = "2199-01-01".into();
    unnamed.push(("new_person_1", "店主".into()));
    let page = post(&liaison, &path, &unnamed).await.expect(422).text();
    assert_eq!(state_of(&page, "part-persons"), "part-complete");
    unnamed.pop();
    let page = post(&liaison, &path, &unnamed).await.expect(422).text();
    assert_eq!(state_of(&page, "part-persons"), "part-mend");
}

/// The class of a part in the list above the form.
pub(super) fn state_of(page: &str, part: &str) -> String {
    let before = page.split(&format!("<a href=\"#{part}\"")).next().expect("the part");
    let line = before.rsplit("<li class=\"").next().expect("its line");
    line.split('"').next().unwrap_or_default().to_owned()
}

/// Quantities are whole numbers: of what is less than a unit the form says how it is written. What is wrong is listed as
/// the fields stand.
#[tokio::test]
async fn a_part_of_a_unit_is_written_in_a_smaller_one() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let liaison = app.sign_in("liaison").await;
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    let form = liaison.get(&format!("{path}?kind=goods_seized")).await.expect(200);
    form.has("填写整数；1.5 吨写作 1500 千克").has_not("桶、吨");
    let mut goods = vec![
        ("kind", "goods_seized".to_owned()),
        ("happened_on", "2016-06-12".into()),
        ("region", "440111".into()),
        ("quantity", "1.5".into()),
        ("unit", "吨".into()),
        ("amount", "-5".into()),
        ("source_kind", "paper".into()),
        ("source_title", String::new()),
    ];
    let refused = post(&liaison, &path, &goods).await.expect(422).has("例如 1.5 吨写作 1500 千克").text();
    let place = |field: &str| refused.find(&format!("<a href=\"#{field}\">")).expect("a line of the summary");
    assert!(place("f-quantity") < place("f-amount") && place("f-amount") < place("f-source-title"));
    (goods[3].1, goods[4].1) = ("1500".into(), "公斤".into());
    (goods[5].1, goods[7].1) = (String::new(), "扣押清单".into());
    let id = post(&liaison, &path, &goods).await.expect(303).id();
    liaison.get(&format!("/outcomes/{id}")).await.expect(200).has("1,500 千克");
}
