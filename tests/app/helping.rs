//! Help where it is needed: every page leads to the part of the guide that explains it, words can be looked up, the tour
//! ticks what was really done, and an error has a number that the log knows.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use lead_handoff::{
    audit::{self, Entry},
    directory::people::{Role, guide},
    platform::db::{Origin, schema::lead},
};
use reqwest::header;

use crate::support::{
    Browser, TestApp,
    database::TestDatabase,
    fixtures,
    process::Process,
    routes,
    seed::{GUANGZHOU, HANGZHOU},
    story,
};

const ROLES: [&str; 6] = ["compiler", "approver", "manager", "admin", "auditor", "liaison"];

/// The addresses that a page links to, without their anchors, of this server.
fn links(page: &str) -> BTreeSet<String> {
    let all = page.split("href=\"/").skip(1).filter_map(|rest| rest.split(['"', '#']).next());
    let all = all.map(|link| format!("/{}", link.replace("&#38;", "&").replace("&amp;", "&")));
    let is_page = |link: &String| {
        let apart = ["/assets/", "/api/", "/leads/export", "/transfers/export", "/cases/export"];
        !apart.iter().any(|begin| link.starts_with(begin)) && !link.contains("export")
    };
    all.filter(is_page).collect()
}

#[tokio::test]
async fn every_page_leads_to_a_part_of_the_guide_that_is_there() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000007", "假冒品牌手表").await;
    let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await.to_string();
    let compiler = app.sign_in("compiler").await;
    let fields = [("dossier", dossier.as_str()), ("channel", "portal")];
    compiler.post("/transfers/new", &fields).await.expect(303);
    for role in ROLES {
        let reader = app.sign_in(role).await;
        let (mut guides, mut places): (BTreeMap<String, String>, BTreeSet<String>) = Default::default();
        let mut pages = links(&reader.get("/").await.expect(200).text());
        for list in pages.clone() {
            pages.extend(links(&reader.get(&list).await.text()));
        }
        for path in &pages {
            let page = reader.get(path).await;
            let is_page = page
                .headers
                .get("content-type")
                .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
            if page.status != 200 || !is_page || path == "/verify" {
                continue;
            }
            let text = page.text();
            let place =
                text.split("class=\"page-help\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
            let place = place.unwrap_or_else(|| panic!("{role}: {path} leads to no help")).to_owned();
            let (guide, anchor) = place.split_once('#').unwrap_or_else(|| panic!("{path}: {place}"));
            if !guides.contains_key(guide) {
                guides.insert(guide.to_owned(), reader.get(guide).await.expect(200).text());
            }
            assert!(guides[guide].contains(&format!("id=\"{anchor}\"")), "{role} at {path}: no {place}");
            assert_eq!(guide, format!("/help/{role}"), "{path}");
            places.insert(place);
        }
        assert!(pages.len() > 8 && places.len() > 3, "{role}: {} pages, {places:?}", pages.len());
    }
    compiler.get(&format!("/leads/{lead}/evidence")).await.expect(200).has("/help/compiler#evidence");
    app.sign_in("liaison").await.get("/help/nobody").await.expect(404);
}

/// What the table of the guide calls a page is the beginning of a route as the router has it: a route that was renamed
/// would lead its page to another part.
#[actix_web::test]
async fn every_page_that_the_guide_names_begins_a_route() {
    let patterns = routes::patterns().await;
    let begins = |page: &str| {
        patterns.iter().any(|route| {
            route.strip_prefix(page).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    assert!(begins("/transfers/{id}/deadlines/{deadline}/extend") && !begins("/transfers/{id}/extend"));
    for role in Role::ALL {
        for section in guide::of(*role) {
            for page in section.pages {
                assert!(begins(page), "{role}: {page} of {} is no route", section.id);
            }
        }
    }
}

/// The pages that a step names have links beside it, for those to whom the guide is their own.
#[tokio::test]
async fn the_guide_leads_to_the_pages_that_its_steps_name() {
    let app = TestApp::new().await;
    let wanted = [
        ("liaison", "/account/passkeys", "联络员签收时用它在回执上签名"),
        ("compiler", "/account/passkeys", "再次选择同一文件，即从中断处继续"),
        ("compiler", "/leads", "页码写作 1-70"),
        ("approver", "/", "待办“待我确认的单位公钥”"),
        ("manager", "/", "待办“待我确认的单位公钥”"),
        ("admin", "/admin/system", "审计日志见证方的状况"),
    ];
    for (role, page, words) in wanted {
        let reader = app.sign_in(role).await;
        let guide = reader.get(&format!("/help/{role}")).await.expect(200);
        let text = guide.has(words).text();
        let (_, guide) = text.split_once("<div class=\"guide reading\">").expect("the guide");
        assert!(guide.contains(&format!("<a href=\"{page}\">")), "{role}: no link to {page}");
        reader.get(page).await.expect(200);
    }
    // Those of another role's guide are not the reader's.
    let other = app.sign_in("compiler").await.get("/help/admin").await.expect(200).text();
    let (_, guide) = other.split_once("<div class=\"guide reading\">").expect("the guide");
    assert!(guide.contains("审计日志见证方的状况") && !guide.contains("href=\"/admin/system\""));
}

#[tokio::test]
async fn a_word_is_looked_up_in_either_language_and_by_its_sound() {
    let app = TestApp::new().await;
    let reader = app.sign_in("liaison").await;
    reader.get("/help/glossary").await.expect(200).has("id=\"term-lead\"").has("刷单");
    for q in ["li'an", "lian", "立案", "filing of a case"] {
        reader.get(&format!("/help/glossary?q={q}")).await.expect(200).has("立案").has_not("刷单");
    }
    reader.get("/help/glossary?q=xyz").await.expect(200).has("请换一个词");
    // The guide names the words that it uses.
    reader.get("/help/liaison").await.expect(200).has("/help/glossary#term-acceptance");
    reader.post("/language?to=en", &[]).await.expect(303);
    reader.get("/help/glossary?q=acceptance").await.expect(200).has("takes the matter").has("受理");
    reader.get("/help/liaison").await.expect(200).has("/help/glossary#term-acceptance").has("Where to begin");
}

/// How many steps of the tour are done, and which is the next.
async fn ticked(who: &Browser) -> (usize, String) {
    let page = who.get("/help/tour").await.expect(200).text();
    let next = page.split("<li class=\"tour-next\"><p><strong>").nth(1);
    let next = next.and_then(|rest| rest.split('<').next()).unwrap_or_default().to_owned();
    (page.matches("<li class=\"tour-done\">").count(), next)
}

#[tokio::test]
async fn the_tour_ticks_each_step_once_it_is_done_and_not_before() {
    let app = TestApp::new().await;
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    assert_eq!(ticked(&compiler).await, (1, "打开草稿".to_owned()));
    assert_eq!(ticked(&liaison).await, (1, "收到移送".to_owned()));
    let lead = app.seed.lead(&app.services, "compiler");
    assert_eq!(ticked(&compiler).await, (2, "添加证据".to_owned()));
    let item = story::note(&compiler, lead, "页面.txt", "标价 199 元。").await;
    assert_eq!(ticked(&compiler).await, (3, "编制卷宗".to_owned()));
    story::compose(&compiler, lead, 1, &[app.seed.agencies[GUANGZHOU]], &[item], &[]).await.expect(303);
    app.settle().await;
    assert_eq!(ticked(&compiler).await, (4, "提交审核".to_owned()));
    let review = compiler.post(&format!("/leads/{lead}/submit"), &[]).await.expect(303).id();
    assert_eq!(ticked(&compiler).await, (5, "审核批准".to_owned()));
    let approver = app.sign_in("approver").await;
    approver.get("/help/tour").await.expect(200).has(&format!("href=\"/approvals/{review}\""));
    let fields = story::decision(&app, &approver, review).await;
    story::approve(&approver, review, &fields).await.expect(303);
    assert_eq!(ticked(&compiler).await, (6, "封存".to_owned()));
    app.settle().await;
    assert_eq!(ticked(&compiler).await, (7, "移送".to_owned()));
    let dossier = story::dossiers(&app, lead).await[0].id;
    let id = dossier.to_string();
    let sent = compiler.post("/transfers/new", &[("dossier", &id), ("channel", "portal")]).await.expect(303);
    let transfer = format!("/transfers/{}", sent.id());
    assert_eq!(ticked(&compiler).await, (8, "对方签收".to_owned()));
    assert_eq!(ticked(&liaison).await, (2, "签收".to_owned()));
    liaison.post(&format!("{transfer}/acknowledge"), &[]).await.expect(303);
    assert_eq!(ticked(&liaison).await, (3, "下载并核验卷宗包".to_owned()));
    liaison.get(&format!("/dossiers/{dossier}/package.zip")).await.expect(200);
    assert_eq!(ticked(&liaison).await, (4, "决定是否受理".to_owned()));
    liaison.post(&format!("{transfer}/accept"), &[]).await.expect(303);
    assert_eq!(ticked(&liaison).await, (5, "决定是否立案".to_owned()));
    assert_eq!(ticked(&compiler).await, (10, String::new()));
    // Of nobody else's lead or transfer.
    assert_eq!(ticked(&app.sign_in("compiler2").await).await.0, 1);
    let other = app.sign_in("liaison2").await;
    other.get("/help/tour").await.expect(200).has_not("手表").has_not("YS-");
}

/// Of several agencies the furthest one is followed, and whoever is behind is named with what a step waits for.
#[tokio::test]
async fn the_tour_follows_the_agency_that_is_furthest_and_names_the_others() {
    let app = TestApp::new().await;
    let (lead, _) = story::sealed(&app, &[GUANGZHOU, HANGZHOU]).await;
    let compiler = app.sign_in("compiler").await;
    let dossiers = story::dossiers(&app, lead).await;
    let send = async |agency: &str| {
        let own = dossiers.iter().find(|one| one.agency_id == app.seed.agencies[agency]).expect("a dossier");
        let id = own.id.to_string();
        compiler.post("/transfers/new", &[("dossier", &id), ("channel", "portal")]).await.expect(303).id()
    };
    assert_eq!(ticked(&compiler).await, (7, "移送".to_owned()));
    let first = send(GUANGZHOU).await;
    assert_eq!(ticked(&compiler).await, (8, "对方签收".to_owned()));
    let tour = compiler.get("/help/tour").await.expect(200);
    tour.has("尚未移送：杭州市市场监督管理局").has("等待签收：广州市公安局经侦支队");
    // The newer one is behind.
    send(HANGZHOU).await;
    let liaison = app.sign_in("liaison").await;
    liaison.post(&format!("/transfers/{first}/acknowledge"), &[]).await.expect(303);
    assert_eq!(ticked(&compiler).await, (9, "对方答复".to_owned()));
    let tour = compiler.get("/help/tour").await.expect(200).has(&format!("href=\"/transfers/{first}\""));
    tour.has_not("尚未移送").has("等待签收：杭州市市场监督管理局").has("等待答复：广州市公安局经侦支队");
    liaison.post(&format!("/transfers/{first}/accept"), &[]).await.expect(303);
    assert_eq!(ticked(&compiler).await, (10, String::new()));
    let tour = compiler.get("/help/tour").await.expect(200);
    tour.has("等待签收：杭州市市场监督管理局").has_not("等待答复");
}

/// Of those who write no leads the newest acts alone are looked at: a log of many years is not gone through for a tick.
#[tokio::test]
async fn the_tour_of_those_who_write_no_leads_looks_at_their_newest_acts() {
    let app = TestApp::new().await;
    let manager = app.sign_in("manager").await;
    assert_eq!(ticked(&manager).await.0, 0);
    manager.get("/transfers").await.expect(200);
    assert_eq!(ticked(&manager).await.0, 1);
    let id = app.seed.people["manager"];
    let origin = || Origin {
        kind: "user",
        actor_id: Some(id),
        actor_name: id.to_string(),
        ..Origin::system("system:cli")
    };
    for _ in 0..1_000 {
        let looked = audit::record_read(&app.services.db, origin(), Entry::new("lead.list")).await;
        looked.expect("on record");
    }
    assert_eq!(ticked(&manager).await.0, 0);
    manager.get("/transfers").await.expect(200);
    assert_eq!(ticked(&manager).await.0, 1);
}

/// What was loaded is there to be looked at; what somebody made is what they follow.
#[tokio::test]
async fn the_tour_goes_along_with_the_newest_lead_that_somebody_made_and_not_with_a_prepared_one() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let prepared = app.seed.lead(&app.services, "compiler");
    let loaded = app.services.db.write_quiet(move |tx| {
        diesel::update(lead::table.find(prepared)).set(lead::synthetic.eq(true)).execute(tx.conn())?;
        Ok(())
    });
    loaded.await.expect("loaded");
    let follows = async |id| {
        let page = compiler.get("/help/tour").await.expect(200);
        page.has(&format!("href=\"/leads/{id}/evidence#upload\"")).has(&format!("href=\"/leads/{id}\""));
    };
    follows(prepared).await;
    let made = app.seed.lead(&app.services, "compiler");
    // Whatever is done to the other one meanwhile.
    story::note(&compiler, prepared, "页面.txt", "标价 199 元。").await;
    follows(made).await;
    assert_eq!(ticked(&compiler).await, (2, "添加证据".to_owned()));
    // A copy of the prepared one is somebody's own.
    let fields = [("title", "同一店铺的另一批手表")];
    let copy = compiler.post(&format!("/leads/{prepared}/clone"), &fields).await.expect(303).id();
    follows(copy).await;
    for over in [copy, made] {
        compiler.post(&format!("/leads/{over}/trash"), &[]).await.expect(303);
    }
    follows(prepared).await;
    assert_eq!(ticked(&compiler).await, (3, "编制卷宗".to_owned()));
}

#[tokio::test]
async fn whoever_has_done_nothing_yet_is_shown_where_to_begin_until_they_put_it_away() {
    let app = TestApp::new().await;
    let hint = "id=\"first-day\"";
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    compiler.get("/").await.expect(200).has(hint).has("/help/compiler#start").has("/help/tour");
    liaison.get("/").await.expect(200).has(hint).has("/help/liaison#start");
    liaison.post("/first-day/put-away", &[]).await.expect(303);
    liaison.get("/").await.expect(200).has_not(hint);
    app.sign_in("liaison").await.get("/").await.expect(200).has_not(hint);
    // To look is not to do; to do something is.
    compiler.get("/leads").await.expect(200);
    compiler.get("/").await.expect(200).has(hint);
    app.seed.lead(&app.services, "compiler");
    compiler.get("/").await.expect(200).has_not(hint);
}

/// Each side has a tour of its own, which says what it is about and promises nothing that is not there.
#[tokio::test]
async fn the_tour_is_called_by_what_the_reader_does_in_it() {
    let app = TestApp::new().await;
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    compiler.get("/help/tour").await.expect(200).has("五分钟移送一条线索").has_not("已备好一条");
    liaison.get("/help/tour").await.expect(200).has("五分钟办理一件移送").has_not("移送一条线索");
    app.sign_in("approver").await.get("/help/tour").await.expect(200).has("五分钟审核一条线索");
    // Who writes no leads reads nothing of how they are written.
    for (who, title, step) in [
        ("manager", "五分钟了解移送全局", "查看治理年报"),
        ("admin", "五分钟让系统可以开始使用", "登记接收单位"),
        ("auditor", "五分钟查阅一次留痕", "查询审计日志"),
    ] {
        let page = app.sign_in(who).await.get("/help/tour").await.expect(200).has(title).has(step);
        page.has_not("编制卷宗").has_not("演练对象").has_not("没有可供演练");
    }
}

/// Also of those who write no leads each step is ticked once it was done, by them or where it is enough by anybody.
#[tokio::test]
async fn the_tours_of_those_who_write_no_leads_tick_what_was_done() {
    let app = TestApp::new().await;
    let (admin, auditor) = (app.sign_in("admin").await, app.sign_in("auditor").await);
    let page = admin.get("/help/tour").await.expect(200).text();
    for there in ["登记接收单位", "邀请编制人", "邀请审核人"] {
        assert!(
            page.contains(&format!("<li class=\"tour-done\"><p><strong>{there}</strong>")),
            "{there}: {page}"
        );
    }
    assert_eq!(ticked(&auditor).await, (0, "查询审计日志".to_owned()));
    auditor.get("/audit").await.expect(200);
    assert_eq!(ticked(&auditor).await, (1, "打开一条记录".to_owned()));
    let entry = app.last_entry().await.id;
    auditor.get(&format!("/audit/{entry}")).await.expect(200);
    assert_eq!(ticked(&auditor).await, (2, "查看一条线索".to_owned()));
}

/// Whoever comes to another's form, or back to that of something done, reads why not, and finds the thing as it is now.
#[tokio::test]
async fn a_form_that_can_not_be_had_leads_to_what_it_is_about() {
    let app = TestApp::new().await;
    let (compiler, other) = (app.sign_in("compiler").await, app.sign_in("compiler2").await);
    let lead = app.seed.lead(&app.services, "compiler");
    let edit = other.get(&format!("/leads/{lead}/edit")).await.expect(409).has("非本人线索");
    edit.has("查看该线索").has(&format!("href=\"/leads/{lead}\"")).has_not("当前状态下不能");
    compiler.post(&format!("/leads/{lead}/trash"), &[]).await.expect(303);
    let late = compiler.get(&format!("/leads/{lead}/trash")).await.expect(409);
    late.has("回收站").has("查看该线索").has(&format!("href=\"/leads/{lead}\""));
}

/// The number on an error page.
fn number_on(page: &str) -> String {
    let number = page.split("<code>").nth(1).and_then(|rest| rest.split('<').next());
    number.unwrap_or_else(|| panic!("no number: {page}")).to_owned()
}

#[tokio::test]
async fn every_error_has_a_number_and_a_way_back() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let missing = compiler.get("/no-such-page").await.expect(404).has("href=\"/\"").text();
    let barred =
        compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(409).has("返回待办").text();
    let forged =
        compiler.client.post(compiler.url("/logout")).header("origin", "https://evil.example").body("");
    let forged = compiler.send(forged).await.expect(403).has("href=\"/\"").text();
    let numbers: BTreeSet<String> = [&missing, &barred, &forged].map(|page| number_on(page)).into();
    assert_eq!(numbers.len(), 3, "each request has its own");
    // A rule that says no is nothing to report: its number stands in small print.
    for page in [&missing, &barred, &forged] {
        assert!(!page.contains("如需协助") && page.contains("<p class=\"muted small\">状态码"), "{page}");
    }
    let token = fixtures::token(&app, "compiler").await;
    let call = compiler.client.get(compiler.url("/api/v1/leads/none")).bearer_auth(&token);
    let problem = compiler.send(call).await.expect(404).json();
    assert_eq!(problem["reference"].as_str().map(str::len), Some(10), "{problem}");
    let icon = app.stranger().get("/favicon.ico").await.expect(200);
    assert_eq!(icon.headers[header::CONTENT_TYPE], "image/svg+xml");
}

#[tokio::test]
async fn the_number_on_an_error_page_is_the_one_in_the_servers_log() {
    let data = tempfile::tempdir().expect("folder");
    let database = TestDatabase::new(data.path());
    let log = data.path().join("log");
    let mut server = Process::serve_logging(data.path(), database.url.as_deref(), "info", &log);
    server.says("First administrator, once, within 24 hours: ");
    let page = server.stranger().get("/no-such-page").await.expect(404).text();
    assert!(server.stop().success());
    let said = std::fs::read_to_string(&log).expect("the log");
    let line = said.lines().find(|line| line.contains(&number_on(&page)));
    assert!(line.is_some_and(|line| line.contains("404")), "{said}");
}
