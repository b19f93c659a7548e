//! The platform's own talk about a lead: who is called learns of it, and no agency ever does.

use std::{
    io::{Cursor, Read},
    process::Command,
};

use diesel::prelude::*;
use lead_handoff::{
    casework::lead,
    platform::db::{Id, schema::mail_message},
};

use crate::support::{Browser, TestApp, fixtures, seed::GUANGZHOU, story};

fn comments(lead: Id) -> String {
    format!("/leads/{lead}/comments")
}

async fn comment(browser: &Browser, lead: Id, body: &str) {
    browser.post(&comments(lead), &[("body", body)]).await.expect(303);
}

/// The address at which the newest comment on the page is taken back.
async fn taking_back(browser: &Browser, lead: Id) -> String {
    let page = browser.get(&comments(lead)).await.expect(200).text();
    let address = page.split("action=\"").find(|rest| rest.contains("/take-back?")).expect("a form");
    address.split('?').next().expect("an address").to_owned()
}

#[tokio::test]
async fn a_colleague_who_is_called_finds_it_on_the_first_page_and_by_a_mail_that_says_nothing() {
    let app = TestApp::new().await;
    let (compiler, approver) = (app.sign_in("compiler").await, app.sign_in("approver").await);
    let manager = app.sign_in("manager").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let before = app.audit_count().await;
    let ticked = app.seed.people["manager"].to_string();
    let fields = [("body", "@审核人甲 请先看第 2 项证据。"), ("mentions", ticked.as_str())];
    compiler.post(&comments(lead), &fields).await.expect(303);
    assert_eq!(app.audit_count().await, before + 1, "one act, one entry");
    assert_eq!(app.last_entry().await.verb, "lead.comment.add");

    let mails: Vec<(String, String, String)> = app
        .services
        .db
        .read(|conn| {
            Ok(mail_message::table
                .filter(mail_message::template.eq("comment-mention"))
                .order(mail_message::to_address)
                .select((mail_message::to_address, mail_message::params, mail_message::link))
                .load(conn)?)
        })
        .await
        .expect("mails");
    let to: Vec<&str> = mails.iter().map(|(to, ..)| to.as_str()).collect();
    assert_eq!(to, ["approver@example.com", "manager@example.com"]);
    assert!(mails.iter().all(|(_, params, link)| !params.contains("证据") && *link == comments(lead)));

    for colleague in [&approver, &manager] {
        colleague
            .get("/")
            .await
            .expect(200)
            .has("评论中提醒我的")
            .has(&comments(lead))
            .has_not("第 2 项证据");
        colleague.get(&comments(lead)).await.expect(200).has("第 2 项证据").has("已阅");
    }
    // She says that she has read it; he answers.
    approver.post(&format!("{}/seen", comments(lead)), &[]).await.expect(303);
    assert_eq!(app.last_entry().await.verb, "lead.comment.seen");
    approver.post(&format!("{}/seen", comments(lead)), &[]).await.expect(409).has("没有您尚未阅看的提醒");
    comment(&manager, lead, "已安排。").await;
    for colleague in [&approver, &manager] {
        colleague.get("/").await.expect(200).has_not("评论中提醒我的");
    }
    let page = compiler.get(&format!("/leads/{lead}")).await.expect(200);
    page.has("第 2 项证据").has("已安排。").has("id=\"comments\"");
}

/// What is chosen about mails is chosen of these too.
#[tokio::test]
async fn whoever_wants_no_mail_when_called_gets_none() {
    let app = TestApp::new().await;
    let (compiler, approver) = (app.sign_in("compiler").await, app.sign_in("approver").await);
    let page = approver.get("/account/notices").await.expect(200).has("name=\"mention\"").text();
    let events = ["progress", "supplement", "message", "deadline", "review", "outcome", "forward", "mention"];
    let asked = events.into_iter().filter(|event| page.contains(&format!("name=\"{event}\"")));
    let none: Vec<(&str, &str)> = asked.map(|event| (event, "none")).collect();
    approver.post("/account/notices", &none).await.expect(303);
    let lead = app.seed.lead(&app.services, "compiler");
    comment(&compiler, lead, "@审核人甲 请核对。").await;
    let mails: i64 = app
        .services
        .db
        .read(|conn| {
            let called = mail_message::table.filter(mail_message::template.eq("comment-mention"));
            Ok(called.count().get_result(conn)?)
        })
        .await
        .expect("mails");
    assert_eq!(mails, 0);
    approver.get("/").await.expect(200).has("评论中提醒我的");
}

#[tokio::test]
async fn what_is_wrong_with_a_comment_is_said_beside_its_field_and_nothing_is_lost() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    compiler.post(&comments(lead), &[("body", " ")]).await.expect(422).has("f-body-error");
    let liaison = app.seed.people["liaison"].to_string();
    let fields = [("body", "请核对金额。"), ("mentions", liaison.as_str())];
    compiler.post(&comments(lead), &fields).await.expect(422).has("f-mentions").has("请核对金额。");
    compiler.get(&comments(lead)).await.expect(200).has_not("请核对金额。");
    compiler.post(&format!("/leads/{lead}/trash"), &[]).await.expect(303);
    compiler.post(&comments(lead), &[("body", "x")]).await.expect(409);
    compiler.get(&comments(lead)).await.expect(200).has_not("name=\"body\"");
}

#[tokio::test]
async fn a_comment_is_corrected_by_another_and_taken_back_by_its_author_alone() {
    let app = TestApp::new().await;
    let (compiler, other) = (app.sign_in("compiler").await, app.sign_in("compiler2").await);
    let lead = app.seed.lead(&app.services, "compiler");
    comment(&compiler, lead, "金额约 100 万元。@编制人乙").await;
    let back = taking_back(&compiler, lead).await;
    let id = back.rsplit('/').nth(1).expect("an id").to_owned();
    other.get("/").await.expect(200).has("评论中提醒我的");
    other.post(&back, &[]).await.expect(409).has("只有发表人本人");

    let form = compiler.get(&format!("{}?corrects={id}", comments(lead))).await.expect(200);
    form.has("金额约 100 万元。").has(&format!("name=\"corrects\" value=\"{id}\""));
    let fields = [("body", "更正：金额约 120 万元。"), ("corrects", id.as_str())];
    other.post(&comments(lead), &fields).await.expect(409);
    compiler.post(&comments(lead), &fields).await.expect(303);
    let page = other.get(&comments(lead)).await.expect(200);
    page.has("金额约 100 万元").has("已被后面的评论更正").has("更正前面的评论");

    let before = app.audit_count().await;
    compiler.post(&back, &[]).await.expect(303);
    assert_eq!(app.audit_count().await, before + 1);
    assert_eq!(app.last_entry().await.verb, "lead.comment.take_back");
    compiler.post(&back, &[]).await.expect(409).has("已经收回");
    let page = other.get(&comments(lead)).await.expect(200);
    page.has("收回").has("120 万元").has_not("100 万元");
    // What was taken back calls nobody, and the timeline does not repeat it.
    other.get("/").await.expect(200).has_not("评论中提醒我的");
    let timeline = other.get(&format!("/leads/{lead}?kind=comment")).await.expect(200);
    timeline.has("发表评论").has("收回评论").has("120 万元").has_not("100 万元");

    // An auditor reads and does not write.
    let auditor = app.sign_in("auditor").await;
    auditor.get(&comments(lead)).await.expect(200).has("120 万元").has_not("name=\"body\"");
    auditor.post(&comments(lead), &[("body", "x")]).await.expect(404);
}

/// However many comments lie between: what was corrected says so on its own page too.
#[tokio::test]
async fn a_comment_that_is_corrected_pages_later_says_so() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    comment(&compiler, lead, "金额约 100 万元。").await;
    let first = taking_back(&compiler, lead).await;
    let id = first.rsplit('/').nth(1).expect("an id");
    for n in 0..50 {
        comment(&compiler, lead, &format!("第 {n} 条")).await;
    }
    let fields = [("body", "更正：金额约 120 万元。"), ("corrects", id)];
    compiler.post(&comments(lead), &fields).await.expect(303);
    let page = compiler.get(&comments(lead)).await.expect(200).has_not("100 万元").text();
    let older = page.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
    let older = older.expect("an older page").replace("&#38;", "&").replace("&amp;", "&");
    compiler.get(&older).await.expect(200).has("100 万元").has("已被后面的评论更正");
}

/// Who comments has not written in the lead: the approver's remarks make no writer of them.
#[tokio::test]
async fn an_approver_who_commented_may_approve() {
    let app = TestApp::new().await;
    let (compiler, approver) = (app.sign_in("compiler").await, app.sign_in("approver").await);
    let lead = app.seed.lead(&app.services, "compiler");
    let item = story::note(&compiler, lead, "商品页面.txt", "标价 199 元").await;
    comment(&approver, lead, "提交前请补充地址。").await;
    let writers =
        app.services.db.read(move |conn| lead::store::writers_of(conn, lead)).await.expect("writers");
    assert_eq!(writers, [app.seed.people["compiler"]]);
    let agency = app.seed.agencies[GUANGZHOU];
    story::compose(&compiler, lead, 1, &[agency], &[item], &[]).await.expect(303);
    app.settle().await;
    // A comment is nothing that a dossier says: the version stays as it was composed.
    comment(&approver, lead, "可以提交。").await;
    let review = story::submit(&compiler, lead).await;
    let fields = story::decision(&app, &approver, review).await;
    story::approve(&approver, review, &fields).await.expect(303);
}

/// The files of a package by their names, as somebody reads them.
fn texts(package: Vec<u8>) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).expect("a package");
    let mut found = Vec::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).expect("a file");
        let (name, mut bytes) = (file.name().expect("a name").into_owned(), Vec::new());
        file.read_to_end(&mut bytes).expect("read");
        if name.ends_with(".pdf") {
            let paper = tempfile::NamedTempFile::new().expect("a file");
            std::fs::write(paper.path(), &bytes).expect("written");
            let read = Command::new("pdftotext").arg(paper.path()).arg("-").output().expect("pdftotext");
            assert!(read.status.success(), "{name}");
            bytes = read.stdout;
        }
        found.push((name, String::from_utf8_lossy(&bytes).into_owned()));
    }
    found
}

#[tokio::test]
async fn no_agency_and_no_program_ever_reads_a_comment() {
    let app = TestApp::new().await;
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let lead = app.seed.lead(&app.services, "compiler");
    let item = story::note(&compiler, lead, "商品页面.txt", "标价 199 元").await;
    comment(&compiler, lead, "内部备忘：榫卯。").await;
    let dossier = story::seal_version(&app, lead, 1, &[GUANGZHOU], &[item], &[]).await[0].to_string();
    let fields = [("dossier", dossier.as_str()), ("channel", "portal")];
    let transfer = compiler.post("/transfers/new", &fields).await.expect(303).id();
    comment(&compiler, lead, "移送之后：榫卯。").await;

    liaison.get(&comments(lead)).await.expect(404);
    liaison.post(&comments(lead), &[("body", "x")]).await.expect(404);
    let pages = ["/".to_owned(), "/transfers".into(), format!("/transfers/{transfer}")];
    let papers = ["", "/package.zip", "/evidence-list.csv"].map(|part| format!("/dossiers/{dossier}{part}"));
    for path in pages.iter().chain(&papers) {
        liaison.get(path).await.expect(200).has_not("榫卯").has_not("评论");
    }
    // What was searched for stands in the box again.
    liaison.get("/search?q=榫卯").await.expect(200).has_not("内部备忘").has_not("移送之后");
    for path in [
        "/changes",
        "/account/activity",
        "/transfers?q=榫",
        "/transfers/export?format=csv",
        "/cases/export?format=csv",
    ] {
        liaison.get(path).await.expect(200).has_not("榫卯");
    }
    compiler.get("/leads/export.csv").await.expect(200).has_not("榫卯");
    let package = liaison.get(&format!("/dossiers/{dossier}/package.zip")).await.expect(200).bytes;
    let texts = texts(package);
    for ending in ["dossier.pdf", "letter.pdf", "lead.json"] {
        assert!(texts.iter().any(|(name, text)| name.ends_with(ending) && !text.is_empty()), "no {ending}");
    }
    for (name, text) in texts {
        assert!(!text.contains("榫卯") && !text.contains("内部备忘"), "{name}: {text}");
    }
    let token = fixtures::token(&app, "compiler").await;
    let program = app.stranger();
    for path in ["/api/v1/leads".to_owned(), format!("/api/v1/leads/{lead}")] {
        let request = program.client.get(program.url(&path)).bearer_auth(&token);
        program.send(request).await.expect(200).has_not("榫卯");
    }
}

#[tokio::test]
async fn who_calls_somebody_who_is_nobody_is_told_so_and_the_comment_stays() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    comment(&compiler, lead, "@张三 请看第 2 项。@审核人甲 也请看。").await;
    let told = "没有通过 @张三 提醒任何人";
    let page = compiler.get(&format!("/leads/{lead}")).await.expect(200).has("请看第 2 项").has(told);
    page.has_not("@审核人甲 提醒任何人");
    compiler.get(&comments(lead)).await.expect(200).has(told);
    // Nobody else is told, and of a comment that calls a colleague nothing is.
    app.sign_in("approver").await.get(&comments(lead)).await.expect(200).has("请看第 2 项").has_not(told);
    comment(&compiler, lead, "@审核人甲 请看。").await;
    let page = compiler.get(&comments(lead)).await.expect(200).text();
    assert_eq!(page.matches("提醒任何人").count(), 1, "{page}");
}

#[tokio::test]
async fn the_number_of_comments_that_call_somebody_leads_to_all_of_them() {
    let app = TestApp::new().await;
    let (compiler, approver) = (app.sign_in("compiler").await, app.sign_in("approver").await);
    let (lead, other) = (app.seed.lead(&app.services, "compiler"), app.seed.lead(&app.services, "compiler"));
    for n in 1..=11 {
        comment(&compiler, lead, &format!("@审核人甲 请看第 {n} 项。")).await;
    }
    comment(&compiler, other, "@审核人甲 请先看。").await;
    let called = |page: &str, lead: Id| page.matches(&format!("href=\"{}#c-", comments(lead))).count();
    let home = approver.get("/").await.expect(200).has("href=\"/mentions\"").has("查看全部（12）").text();
    assert_eq!(called(&home, lead) + called(&home, other), 10, "the newest of them");
    let before = app.audit_count().await;
    let page = approver.get("/mentions").await.expect(200).has("评论中提醒我的").has_not("请先看").text();
    assert_eq!((called(&page, lead), called(&page, other)), (11, 1));
    let entry = app.last_entry().await;
    assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 1, "worklist.view"));
    assert_eq!(entry.leaf["facts"]["page"].as_str(), Some("mentions"));

    // What was taken back, read, or thrown away with its lead calls nobody.
    compiler.post(&taking_back(&compiler, lead).await, &[]).await.expect(303);
    approver.get("/").await.expect(200).has("查看全部（11）");
    assert_eq!(called(&approver.get("/mentions").await.expect(200).text(), lead), 10);
    approver.post(&format!("{}/seen", comments(lead)), &[]).await.expect(303);
    let page = approver.get("/mentions").await.expect(200).text();
    assert_eq!((called(&page, lead), called(&page, other)), (0, 1));
    compiler.post(&format!("/leads/{other}/trash"), &[]).await.expect(303);
    for reader in ["approver", "compiler", "liaison"] {
        let page = app.sign_in(reader).await.get("/mentions").await.expect(200);
        page.has("没有未阅的提醒").has_not("#c-");
    }
}
