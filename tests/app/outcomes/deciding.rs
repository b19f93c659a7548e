//! Confirmed, rejected, taken back and corrected: by the other side, or by a second person.

use lead_handoff::platform::db::Id;

use super::{arrest, filed, post, proposed};
use crate::{
    handover::{SCAN, scan, with_scan},
    support::{
        Reply, TestApp,
        seed::{GUANGZHOU, HANGZHOU},
    },
};

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
    // Each side reads for whom it waits.
    let page = liaison.get(&format!("/outcomes/{counter}")).await.expect(200);
    page.has("原记录不再计入年报").has("等待我方确认").has_not("等待对方确认").has_not("确认后计入年报");
    liaison.get(&format!("/outcomes/{id}")).await.expect(200).has("提出冲销，等待我方确认");
    manager.get(&format!("/outcomes/{counter}")).await.expect(200).has("等待对方确认").has_not("等待我方");
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
    // The entry that takes the old one's place is told with its day and whom it names, where it is decided about.
    let confirm = manager.get(&format!("/outcomes/{counter}/confirm")).await.expect(200);
    confirm.has("原记录").has("一并提出的记录").has("2016年6月13日 · ").has(" · 主犯");
    let page = manager.get(&format!("/outcomes/{counter}")).await.expect(200).has("一并提出的记录");
    let page = page.has("改为计入一并提出的记录").has_not("确认后计入年报").has("2016年6月13日 · ").text();
    let new = page
        .split("/outcomes/")
        .filter_map(|p| p.get(..36))
        .find(|p| p.parse::<Id>().is_ok_and(|found| found != id && found != counter));
    let new = new.expect("the new entry").to_owned();
    manager.post(&format!("/outcomes/{new}/confirm"), &[]).await.expect(409);
    manager.post(&format!("/outcomes/{counter}/confirm"), &[]).await.expect(303);
    manager.get("/outcomes?counted=1").await.expect(200).has("2016-06-13").has_not("2016-06-12");
}

/// The papers that the form of a confirmation lets choose from.
fn papers(form: &Reply) -> Vec<String> {
    let text = form.text();
    let chosen = text.split("name=\"paper\" value=\"").skip(1);
    chosen.filter_map(|rest| Some(rest.split('"').next()?.to_owned())).collect()
}

#[tokio::test]
async fn an_agency_without_accounts_takes_two_persons_and_the_paper() {
    let app = TestApp::new().await;
    let made = filed(&app, HANGZHOU);
    app.disable("liaison2").await;
    let (one, two) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let case = format!("/cases/{}", made.case.expect("a case"));
    // It is said beforehand what it will take.
    one.get(&format!("{case}/outcomes/new?kind=arrest")).await.expect(200).has("没有扫描件不能确认");
    let id = proposed(&one, made).await;
    let (page, confirm) = (format!("/outcomes/{id}"), format!("/outcomes/{id}/confirm"));
    let (upload, button) = (format!("{case}/papers/new"), format!("href=\"{confirm}\""));
    one.post(&confirm, &[]).await.expect(409);

    // The paper was laid before nobody yet.
    let waits = one.get(&page).await.expect(200).has("还没有该单位文书的扫描件").has(&upload);
    waits.has("等待平台另一人对照文书确认").has_not("等待对方确认").has_not("由对方确认");
    two.get(&page).await.expect(200).has("确认须对照其文书的扫描件").has_not(&button);
    two.get(&confirm).await.expect(409).has("确认须对照其文书的扫描件");
    let before = app.audit_count().await;
    two.post(&confirm, &[]).await.expect(409).has("确认须对照其文书的扫描件");
    assert_eq!((app.audit_count().await, app.last_entry().await.outcome.as_str()), (before + 1, "refused"));
    // Nobody confirms by a scan of their own.
    scan(&two, &upload, SCAN).await.expect(303);
    two.post(&confirm, &[]).await.expect(409);
    two.get("/outcomes?counted=1").await.expect(200).has_not("1 人");

    scan(&one, &upload, b"%PDF-1.4\n%warrant\n").await.expect(303);
    two.get(&page).await.expect(200).has(&button);
    // Of several papers one is chosen that says so: not the last notice, and none of one's own.
    scan(&one, &upload, b"%PDF-1.4\n%notice\n").await.expect(303);
    let form = two.get(&confirm).await.expect(200).has("文书扫描件").has(&case).has("scan.pdf");
    let form = form.has("由平台另一人确认").has_not("由对方确认");
    let offered = papers(&form);
    let [_, warrant] = offered.as_slice() else { panic!("two papers: {offered:?}") };
    let warrant = warrant.as_str();
    two.post(&confirm, &[]).await.expect(422).has("href=\"#f-paper\"");
    for other in [id, Id::new()] {
        let refused = two.post(&confirm, &[("paper", &other.to_string())]).await.expect(422);
        refused.has("href=\"#f-paper\"").has(warrant);
    }
    two.get(&page).await.expect(200).has("待确认");
    let before = app.audit_count().await;
    two.post(&confirm, &[("paper", warrant)]).await.expect(303);
    let entry = app.last_entry().await;
    assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 1, "outcome.confirm"));
    assert_eq!(entry.leaf["facts"]["by_paper"].as_bool(), Some(true));
    assert_eq!(entry.leaf["facts"]["paper"].as_str(), Some(warrant));
    let objects = entry.leaf["objects"].to_string();
    assert!(objects.matches("case_paper").count() == 1 && objects.contains(warrant), "{}", entry.leaf);
    two.get(&page).await.expect(200).has("依纸质文书");
    two.get("/outcomes?counted=1").await.expect(200).has("1 人");
    // Whoever confirmed by it puts no other scan in its place.
    let replace = format!("{case}/papers/{warrant}/replace");
    two.get(&case).await.expect(200).has_not(&replace);
    two.get(&replace).await.expect(409).has("据此扫描件登记或确认过的人");
    one.get(&case).await.expect(200).has(&replace);
}

#[tokio::test]
async fn a_scan_that_came_with_the_entry_is_paper_enough_and_a_rejection_needs_none() {
    let app = TestApp::new().await;
    let made = filed(&app, HANGZHOU);
    app.disable("liaison2").await;
    let (one, two) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let new = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    let fields = arrest(&made.person.to_string());
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let id = with_scan(&one, &new, &fields, SCAN).await.expect(303).id();
    one.get(&format!("/outcomes/{id}")).await.expect(200).has_not("还没有该单位文书的扫描件");
    let confirm = format!("/outcomes/{id}/confirm");
    let form = two.get(&confirm).await.expect(200).has("依据文件");
    assert_eq!(papers(&form), [id.to_string()]);
    two.post(&confirm, &[]).await.expect(422).has("href=\"#f-paper\"");
    two.post(&confirm, &[("paper", &id.to_string())]).await.expect(303);
    two.get(&format!("/outcomes/{id}")).await.expect(200).has("依纸质文书");

    // What rests on nothing is sent back, and not as if by a paper.
    let id = one.post(&new, &fields).await.expect(303).id();
    let reject = format!("/outcomes/{id}/reject");
    two.post(&format!("/outcomes/{id}/confirm"), &[]).await.expect(409);
    one.post(&reject, &[("reason", "误登记")]).await.expect(409);
    two.post(&reject, &[("reason", "没有文书")]).await.expect(303);
    assert_eq!(app.last_entry().await.leaf["facts"]["by_paper"].as_bool(), Some(false));
    one.get(&format!("/outcomes/{id}")).await.expect(200).has("没有文书").has_not("依纸质文书");
}

#[tokio::test]
async fn what_only_takes_an_entry_back_rests_on_its_reason_and_what_comes_instead_on_a_paper() {
    let app = TestApp::new().await;
    let made = filed(&app, HANGZHOU);
    app.disable("liaison2").await;
    let (one, two) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let new = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    let fields = arrest(&made.person.to_string());
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    // Each came with its file; the case has no scan besides.
    let mut entries = Vec::new();
    for _ in 0..2 {
        let id = with_scan(&one, &new, &fields, SCAN).await.expect(303).id();
        two.post(&format!("/outcomes/{id}/confirm"), &[("paper", &id.to_string())]).await.expect(303);
        entries.push(format!("/outcomes/{id}"));
    }
    let reason = [("reason", "登记重复")];
    // A file that was chosen all the same is not kept.
    let (correct, held) = (format!("{}/correct", entries[0]), app.stored_objects().await);
    let counter = with_scan(&one, &correct, &reason, b"%PDF-1.4\n%of no use\n").await.expect(303).id();
    assert_eq!(app.stored_objects().await, held);
    let (page, confirm) = (format!("/outcomes/{counter}"), format!("/outcomes/{counter}/confirm"));
    one.get(&page).await.expect(200).has("等待平台另一人确认").has_not("还没有该单位文书的扫描件");
    two.get(&page).await.expect(200).has(&format!("href=\"{confirm}\"")).has_not("确认须对照其文书的扫描件");
    // Nothing was proposed together with it, and nothing is said to take effect.
    let form = two.get(&confirm).await.expect(200).has("原记录不再计入年报").has_not("一并提出");
    assert!(papers(&form).is_empty());
    let before = app.audit_count().await;
    two.post(&confirm, &[]).await.expect(303);
    let entry = app.last_entry().await;
    assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 1, "outcome.confirm"));
    assert_eq!(entry.leaf["facts"]["by_paper"].as_bool(), Some(false));
    two.get(&entries[0]).await.expect(200).has("已冲销");
    // What is said instead needs a paper as any entry does.
    let instead = [&fields[..], &[("reason", "日期有误"), ("instead", "yes")]].concat();
    let counter = one.post(&format!("{}/correct", entries[1]), &instead).await.expect(303).id();
    two.get(&format!("/outcomes/{counter}")).await.expect(200).has("确认须对照其文书的扫描件");
    two.post(&format!("/outcomes/{counter}/confirm"), &[]).await.expect(409);
    two.get(&entries[1]).await.expect(200).has_not("已冲销");
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
