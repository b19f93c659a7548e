//! What is typed and not sent: it fills the form when that is opened again, wherever and after whatever happened between,
//! and it goes when the form is sent.

use lead_handoff::platform::db::schema::unsent;
use reqwest::header;

use crate::support::{Browser, Reply, TestApp, browser, seed::GUANGZHOU, story};

const SUMMARY: &str = "店铺以明显低于市场的价格销售手表。\r\n第二行。";
const TYPED: [(&str, &str); 5] = [
    ("title", "疑似销售假冒注册商标的手表"),
    ("summary", SUMMARY),
    ("charges", "CL214"),
    ("source.kind", "complaint"),
    ("sender_role", "reporter"),
];
pub(crate) const OFFERED: &str = "您有未提交的内容";

/// The address in an attribute of the page's first tag that has one like it.
pub(crate) fn address(page: &str, attribute: &str, begin: &str) -> String {
    let start = format!(" {attribute}=\"");
    let found = page.split(start.as_str()).skip(1).find_map(|rest| {
        let address = rest.split('"').next()?;
        address.starts_with(begin).then(|| address.replace("&#38;", "&"))
    });
    found.unwrap_or_else(|| panic!("no {attribute} {begin} in {page}"))
}

/// Where the button of a page saves without sending.
pub(crate) fn keeps(page: &str) -> String {
    address(page, "formaction", "/unsent?")
}

/// Saves in the background, as the script does.
async fn saves(browser: &Browser, url: &str, fields: &[(&str, &str)]) -> Reply {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = browser
        .client
        .post(browser.url(url))
        .header(header::ORIGIN, &browser.base)
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded;charset=UTF-8")
        .body(body);
    browser.send(request).await
}

/// How many forms' typing the database holds.
pub(crate) async fn kept(app: &TestApp) -> i64 {
    use diesel::prelude::*;
    app.services.db.read(|conn| Ok(unsent::table.count().get_result(conn)?)).await.expect("a count")
}

#[tokio::test]
async fn a_compiler_saves_without_sending_and_goes_on_elsewhere_after_a_restart() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let page = compiler.get("/leads/new").await.expect(200).has_not(OFFERED).text();
    let entries = app.audit_count().await;
    // Without a script: the second button.
    let back = compiler.post(&keeps(&page), &TYPED).await.expect(303).location;
    assert!(back.starts_with("/leads/new?unsent="), "{back}");
    assert_eq!(app.audit_count().await, entries, "one's own words are no act");
    let page = compiler.get(&back).await.expect(200).has("已暂存，尚未提交").has(OFFERED);
    let page =
        page.has("疑似销售假冒注册商标的手表").has("第二行。").has("<option value=\"complaint\" selected>");
    page.has("id=\"charge-CL214\" name=\"charges\" value=\"CL214\" checked");

    // On another machine, and after a restart; for nobody else.
    app.sign_in("compiler").await.get("/leads/new").await.expect(200).has(OFFERED).has("第二行。");
    app.sign_in("compiler2").await.get("/leads/new").await.expect(200).has_not(OFFERED).has_not("第二行。");
    let later = browser(&app.restarted(), Some(app.session("compiler").await));
    let page = later.get("/leads/new").await.expect(200).has(OFFERED).has("第二行。").text();

    // Sent, it is a lead, and nothing is left that was not sent.
    let action = address(&page, "action", "/leads/new?");
    let made = later.post(&action, &TYPED).await.expect(303);
    later.get(&made.location).await.expect(200).has("疑似销售假冒注册商标的手表");
    assert_eq!(kept(&app).await, 0);
    compiler.get("/leads/new").await.expect(200).has_not(OFFERED);
    // What was on its way when the form was sent comes too late, and says so.
    let late = saves(&later, &keeps(&page), &TYPED).await.expect(200);
    assert_eq!(late.json()["sent"], true);
    assert_eq!(kept(&app).await, 0);
}

/// By hand only a long form is saved that is not to be sent yet, and none beside a button that does the same; the script keeps
/// the typing of all of them.
#[tokio::test]
async fn the_button_that_saves_without_sending_stands_on_long_forms_alone() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let (shown, unseen) = ("data-keep>", "data-keep hidden>");
    // A draft is made of what a lead can't do without; what is begun without that is put aside, and found again.
    let new = compiler.get("/leads/new").await.expect(200).has(shown).has_not(unseen).text();
    let aside = compiler.post(&keeps(&new), &[("summary", "先写一半")]).await.expect(303).location;
    compiler.get(&aside).await.expect(200).has("已暂存，尚未提交").has("先写一半");
    for part in ["edit", "brands", "subjects", "withdraw", "comments"] {
        compiler.get(&format!("/leads/{lead}/{part}")).await.expect(200).has(unseen).has_not(shown);
    }
    for part in ["dossiers/new", "evidence"] {
        compiler.get(&format!("/leads/{lead}/{part}")).await.expect(200).has(shown);
    }
}

#[tokio::test]
async fn an_empty_form_can_be_begun_beside_what_is_kept_and_two_windows_lose_nothing() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let first = compiler.get("/leads/new").await.expect(200).text();
    let said = saves(&compiler, &keeps(&first), &[("title", "甲店")]).await.expect(200).json();
    assert_eq!(said["at"].as_str().map(str::len), Some(5), "{said}");
    assert_eq!(said["page"], "/leads/new");

    // A second window is filled with it; both go on writing.
    let second = compiler.get("/leads/new").await.expect(200).has(OFFERED).has("甲店").text();
    let same = saves(&compiler, &keeps(&first), &[("title", "甲店一")]).await.expect(200).json();
    assert_eq!(same["draft"], said["draft"], "the first window goes on where it was");
    let other = saves(&compiler, &keeps(&second), &[("title", "甲店二")]).await.expect(200).json();
    assert_ne!(other["draft"], said["draft"], "the second one does not write over it");
    compiler.get("/leads/new").await.expect(200).has("甲店二").has("本表单另有 1 份未提交的内容");
    let older = format!("/leads/new?unsent={}", said["draft"].as_str().expect("an id"));
    compiler.get(&older).await.expect(200).has("甲店一");

    // A form of its own, and all of them in a list.
    let blank = compiler.get("/leads/new?unsent=none").await.expect(200);
    let blank = blank.has_not(OFFERED).has_not("甲店").has("本表单另有 2 份未提交的内容").text();
    saves(&compiler, &keeps(&blank), &[("title", "乙店")]).await.expect(200);
    let list = compiler.get("/unsent").await.expect(200).has("甲店一").has("甲店二").has("乙店").text();
    let discard = address(&list, "action", "/unsent/");
    compiler.post(&discard, &[]).await.expect(303);
    compiler.get("/unsent").await.expect(200).has_not("乙店").has("甲店二");
    compiler.get("/account").await.expect(200).has("href=\"/unsent\"");
}

#[tokio::test]
async fn sending_in_one_window_leaves_what_another_has_typed() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let first = compiler.get("/leads/new").await.expect(200).text();
    let said = saves(&compiler, &keeps(&first), &[("title", "甲店")]).await.expect(200).json();
    let second = compiler.get("/leads/new").await.expect(200).has("甲店").text();
    let taken = saves(&compiler, &keeps(&second), &[("title", "乙店")]).await.expect(200).json();
    assert_eq!(taken["draft"], said["draft"], "filled from it, it goes on there");
    compiler.post(&address(&first, "action", "/leads/new?"), &TYPED).await.expect(303);
    compiler.get("/leads/new").await.expect(200).has(OFFERED).has("乙店");
    let mut other = TYPED;
    other[0].1 = "乙店销售假冒注册商标的皮鞋";
    compiler.post(&address(&second, "action", "/leads/new?"), &other).await.expect(303);
    assert_eq!(kept(&app).await, 0, "sent by the one that wrote it");
}

#[tokio::test]
async fn a_session_that_ends_leaves_the_form_as_it_was() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let page = compiler.get("/leads/new").await.expect(200).text();
    saves(&compiler, &keeps(&page), &[("title", "已存的标题"), ("summary", "前半段")]).await.expect(200);
    compiler.post("/logout", &[]).await.expect(303);
    // The script is told, and keeps what follows on the machine; nothing of it reaches the server.
    let entries = app.audit_count().await;
    saves(&compiler, &keeps(&page), &[("title", "已存的标题"), ("summary", "前半段 后半段")])
        .await
        .expect(401);
    assert_eq!((app.audit_count().await, kept(&app).await), (entries, 1));
    // Signed in again, the form is as it was; what the machine kept goes to the same place.
    let compiler = app.sign_in("compiler").await;
    compiler.get("/leads/new").await.expect(200).has(OFFERED).has("前半段");
    saves(&compiler, &keeps(&page), &[("title", "已存的标题"), ("summary", "前半段 后半段")])
        .await
        .expect(200);
    compiler.get("/leads/new").await.expect(200).has("前半段 后半段").has_not("本表单另有");
}

#[tokio::test]
async fn a_form_that_is_refused_is_kept_whatever_the_cause() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let page = compiler.get("/leads/new").await.expect(200).text();
    let faulty = [("title", ""), ("summary", SUMMARY)];
    let again = compiler.post(&address(&page, "action", "/leads/new?"), &faulty).await.expect(422);
    // The tab is closed, and the form opened anew: once, however often it was refused.
    compiler.get("/leads/new").await.expect(200).has(OFFERED).has("第二行。").has_not("本表单另有");
    let again = again.has("data-again").text();
    saves(&compiler, &keeps(&again), &faulty).await.expect(200);
    let action = address(&again, "action", "/leads/new?");
    let again = compiler.post(&action, &[("title", ""), ("summary", "改过")]).await.expect(422).text();
    compiler.get("/leads/new").await.expect(200).has("改过").has_not("本表单另有");
    compiler.post(&address(&again, "action", "/leads/new?"), &TYPED).await.expect(303);
    assert_eq!(kept(&app).await, 0);

    // The lead goes into the trash while its form is being written in.
    let lead = app.seed.lead(&app.services, "compiler");
    let page = compiler.get(&format!("/leads/{lead}/edit")).await.expect(200).text();
    compiler.post(&format!("/leads/{lead}/trash"), &[]).await.expect(303);
    let action = address(&page, "action", &format!("/leads/{lead}/edit?"));
    let late = [("title", "另一个标题"), ("summary", "写了很久 的摘要"), ("revision", "0")];
    let refused = compiler.post(&action, &late).await.expect(409);
    refused.has("您填写的内容已暂存").has("href=\"/unsent\"").has("未提交的内容");
    compiler.get("/unsent").await.expect(200).has("写了很久 的摘要");
}

/// Whoever was refused is told where the words are, in their language; who had typed nothing that is kept is told nothing.
#[tokio::test]
async fn a_lead_that_a_colleague_put_into_the_trash_leads_to_what_was_typed() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let edit = format!("/leads/{lead}/edit");
    let page = compiler.get(&edit).await.expect(200).text();
    let action = address(&page, "action", &format!("{edit}?"));
    // Somewhere else meanwhile.
    app.sign_in("compiler").await.post(&format!("/leads/{lead}/trash"), &[]).await.expect(303);
    assert_eq!(kept(&app).await, 0);
    let late = [("title", "另一个标题"), ("summary", "写了很久 的摘要"), ("revision", "0")];
    compiler.post("/language?to=en", &[]).await.expect(303);
    let refused = compiler.post(&action, &late).await.expect(409);
    refused.has("What you typed has been kept").has("href=\"/unsent\"").has("Unsent entries");
    assert_eq!(kept(&app).await, 1);
    // The same without anything that could be kept.
    let refused = compiler.post(&format!("/leads/{lead}/trash"), &[]).await;
    refused.has_not("What you typed has been kept");
}

#[tokio::test]
async fn the_forms_of_a_lead_and_its_evidence_come_back_each_in_its_place() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let forms = [
        ("subjects", "subjects", vec![("kind", "shop"), ("name", "好运鞋店"), ("note", "两处 仓库")]),
        ("sites", "sites", vec![("region", "440100"), ("address", "示例路 12 号"), ("role", "storage")]),
        ("listings", "listings", vec![("url", "https://example.com/1"), ("title", "商品 标题")]),
        ("withdraw", "withdraw", vec![("reason", "权利人 撤回通知")]),
        ("evidence", "evidence", vec![("source", "网页 地址"), ("description", "两段 说明")]),
        ("evidence", "evidence/note", vec![("name", "现场 记录"), ("text", "门口有 三辆车")]),
        ("dossiers/new", "dossiers", vec![("note", "请 尽快"), ("version", "1")]),
    ];
    for (page, form, fields) in forms {
        let (page, form) = (format!("/leads/{lead}/{page}"), format!("/leads/{lead}/{form}"));
        let shown = compiler.get(&page).await.expect(200).has_not(OFFERED).text();
        let place = url::form_urlencoded::byte_serialize(form.as_bytes()).collect::<String>();
        let keeps = address(&shown, "formaction", &format!("/unsent?form={place}&#38;"));
        let back = compiler.post(&keeps, &fields).await.expect(303).location;
        assert!(back.starts_with(&page), "{back}");
        let filled = compiler.get(&page).await.expect(200).has(OFFERED);
        let filled = fields.iter().fold(filled, |page, (_, value)| page.has(value));
        let discard = address(&filled.text(), "action", "/unsent/");
        let left = compiler.post(&discard, &[]).await.expect(303).location;
        compiler.get(&left).await.expect(200).has("已放弃这份内容").has_not(OFFERED);
    }
    assert_eq!(kept(&app).await, 0);
}

#[tokio::test]
async fn an_approver_finds_the_remark_again_and_never_the_code() {
    use diesel::prelude::*;
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = story::note(&compiler, lead, "页面.txt", "标价 199 元。").await;
    story::compose(&compiler, lead, 1, &[app.seed.agencies[GUANGZHOU]], &[item], &[]).await.expect(303);
    app.settle().await;
    let review = compiler.post(&format!("/leads/{lead}/submit"), &[]).await.expect(303).id();
    let approver = app.sign_in("approver").await;
    let page = format!("/approvals/{review}");
    let keeps = keeps(&approver.get(&page).await.expect(200).text());
    let fields = [("remark", "两处地址 已核实"), ("code", "123456"), ("seen", "a=b")];
    let back = approver.post(&keeps, &fields).await.expect(303).location;
    approver.get(&back).await.expect(200).has("两处地址 已核实").has_not("123456");
    let row = unsent::table.select((unsent::person_id, unsent::fields));
    let read =
        app.services.db.read(move |conn| Ok(row.first::<(lead_handoff::platform::db::Id, Vec<u8>)>(conn)?));
    let (person, wrapped) = read.await.expect("a row");
    assert_eq!(person, app.seed.people["approver"]);
    assert!(!String::from_utf8_lossy(&wrapped).contains("remark"), "it lies there readable");
    let open = app.services.master.unwrap(&wrapped).expect("ours");
    let open = String::from_utf8_lossy(&open).into_owned();
    assert!(open.contains("两处地址 已核实") && !open.contains("123456"), "{open}");
}
