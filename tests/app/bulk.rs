//! One act over many rows: what is ticked stands in the address over all pages, each row is done or refused by itself, and
//! what became of each has a page.

use diesel::prelude::*;
use lead_handoff::{
    audit,
    platform::{
        db::{Id, schema::bulk_result},
        http::selection::word,
    },
};

use crate::support::{Browser, Reply, TestApp, seed::GUANGZHOU, story, table};

/// An address as it stands in a page.
fn unescaped(href: &str) -> String {
    href.replace("&#38;", "&").replace("&amp;", "&")
}

/// What stands in a page between two texts.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let rest = page.split(from).nth(1).unwrap_or_else(|| panic!("no «{from}» in {page}"));
    rest.split(to).next().unwrap_or_default()
}

/// The fields that a browser without a script sends along from the form round the table, its ticks as they are.
fn fields(page: &str) -> Vec<(String, String)> {
    let form = between(page, "<form class=\"picking\"", "</form>");
    let inputs = form.split("<input ").skip(1).filter_map(|rest| rest.split('>').next());
    let value = |input: &str, name: &str| {
        let found = input.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
        unescaped(found.unwrap_or_default())
    };
    let sent = inputs.filter(|input| input.contains("type=\"hidden\"") || input.contains(" checked"));
    sent.map(|input| (value(input, "name"), value(input, "value"))).collect()
}

/// Presses a button of the form with more rows ticked: where a browser goes then.
pub fn pressed(page: &str, to: &str, ticked: &[Id], button: Option<(&str, &str)>) -> String {
    let mut all = fields(page);
    all.extend(ticked.iter().map(|id| ("pick".to_owned(), word(*id))));
    all.extend(button.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(all).finish();
    format!("{to}?{query}")
}

/// The step that a button of the form goes on by.
fn step(page: &str, name: &str) -> String {
    let steps = between(page, "<p class=\"picking-steps late\">", "</p>");
    unescaped(between(steps, &format!("name=\"{name}\" value=\""), "\""))
}

fn is_ticked(page: &str, id: Id) -> bool {
    let boxes = page.split("<input type=\"checkbox\" name=\"pick\" value=\"").skip(1);
    let own = boxes.filter(|rest| rest.starts_with(&word(id)));
    own.filter_map(|rest| rest.split('>').next()).any(|input| input.ends_with(" checked"))
}

/// Verb, outcome and fact `reason` of the newest entries, the newest first.
pub async fn newest(app: &TestApp, n: i64) -> Vec<(String, String, String)> {
    let rows = app.services.db.read(move |conn| audit::page(conn, &audit::Filter::default(), n)).await;
    let rows = rows.expect("entries");
    let of = |row: audit::Row| {
        let reason = row.leaf["facts"]["reason"].as_str().unwrap_or_default().to_owned();
        (row.verb, row.outcome, reason)
    };
    rows.into_iter().map(of).collect()
}

/// Posts ticked rows to an act.
pub async fn post(browser: &Browser, path: &str, ticked: &[Id], more: &[(&str, &str)]) -> Reply {
    let words: Vec<String> = ticked.iter().map(|id| word(*id)).collect();
    let picks = words.iter().map(|word| ("pick", word.as_str()));
    let all: Vec<(&str, &str)> = picks.chain(more.iter().copied()).collect();
    browser.post(path, &all).await
}

async fn forget_results(app: &TestApp) {
    let gone =
        app.services.db.write_quiet(|tx| Ok(diesel::delete(bulk_result::table).execute(tx.conn())?)).await;
    gone.expect("forgotten");
}

#[tokio::test]
async fn a_manager_assigns_some_of_five_and_one_has_gone_to_the_trash_meanwhile() {
    let app = TestApp::new().await;
    let leads: Vec<Id> = (0..5).map(|_| app.seed.lead(&app.services, "compiler")).collect();
    let (manager, compiler) = (app.sign_in("manager").await, app.sign_in("compiler").await);
    let list = manager.get("/leads?state=draft").await.expect(200).text();
    let address = pressed(&list, "/leads/selected", &leads, None);
    let page = manager.get(&address).await.expect(200).has("编制人乙").text();
    assert!(leads.iter().all(|id| is_ticked(&page, *id)), "{page}");
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.leaf["objects"].as_array().map(Vec::len)), ("lead.list", Some(5)));
    compiler.post(&format!("/leads/{}/trash", leads[2]), &[]).await.expect(303);

    let action = unescaped(between(&page, "method=\"post\" action=\"/leads/selected/assign", "\""));
    let action = format!("/leads/selected/assign{action}");
    assert!(action.contains("state=draft") && action.contains("once="), "{action}");
    let other = app.seed.people["compiler2"].to_string();
    let before = app.audit_count().await;
    let done = post(&manager, &action, &leads[1..4], &[("assignee", &other)]).await.expect(303);
    assert_eq!(app.audit_count().await, before + 3, "one entry a row");
    let mut entries = newest(&app, 3).await;
    entries.sort();
    let entry =
        |outcome: &str, reason: &str| ("lead.assign".to_owned(), outcome.to_owned(), reason.to_owned());
    assert_eq!(entries, [entry("done", ""), entry("done", ""), entry("refused", "conflict-lead-trashed")]);

    // The page of it stays: after a reload, for a colleague, and leads back to the list as it was.
    let told = manager.get(&done.location).await.expect(200).has("已办理 2 条").has("1 条未办理").text();
    assert!(told.contains("线索在回收站中") && told.contains("href=\"/leads?state=draft\""), "{told}");
    assert!(told.contains(&format!("href=\"/leads/{}\"", leads[1])), "{told}");
    manager.get(&done.location).await.expect(200).has("已办理 2 条");
    app.sign_in("auditor").await.get(&done.location).await.expect(200).has("管理者甲");
    app.sign_in("liaison").await.get(&done.location).await.expect(404);
    // What was refused can be ticked again from there.
    let again = unescaped(
        told.split("\">勾选未办理的各条").next().and_then(|p| p.rsplit("href=\"").next()).expect("a link"),
    );
    assert_eq!(again, format!("/leads/selected?state=draft&pick={}", word(leads[2])));

    // The rows that were left out are as they were; the others are on the desk of whom they were given to.
    let theirs = app.sign_in("compiler2").await.get("/leads?owner=me").await.expect(200).text();
    for (n, id) in leads.iter().enumerate() {
        assert_eq!(theirs.contains(&format!("href=\"/leads/{id}\"")), [1, 3].contains(&n), "{n}");
    }
}

#[tokio::test]
async fn a_form_that_is_sent_again_does_what_is_left_and_nothing_twice() {
    let app = TestApp::new().await;
    let leads: Vec<Id> = (0..3).map(|_| app.seed.lead(&app.services, "compiler")).collect();
    let manager = app.sign_in("manager").await;
    let other = app.seed.people["compiler2"].to_string();
    let action = format!("/leads/selected/assign?once={}", Id::new());
    let first = post(&manager, &action, &leads[..2], &[("assignee", &other)]).await.expect(303);
    let entries = app.audit_count().await;
    let second = post(&manager, &action, &leads[..2], &[("assignee", &other)]).await.expect(303);
    assert_eq!((&second.location, app.audit_count().await), (&first.location, entries));
    // As if the program had stopped after two rows, before it came to the end.
    forget_results(&app).await;
    let third = post(&manager, &action, &leads, &[("assignee", &other)]).await.expect(303);
    assert_eq!(app.audit_count().await, entries + 1, "only the third row was left");
    assert_eq!(third.location, first.location);
    manager.get(&third.location).await.expect(200).has("已办理 3 条").has_not("未办理");
    // The same word in somebody else's hands is another one.
    let theirs = post(&app.sign_in("compiler").await, &action, &leads[..1], &[("assignee", "owner")]).await;
    assert_ne!(theirs.expect(303).location, first.location);
}

#[tokio::test]
async fn a_row_that_is_so_already_is_told_apart_and_stays_out_of_the_log() {
    let app = TestApp::new().await;
    let leads: Vec<Id> = (0..3).map(|_| app.seed.lead(&app.services, "compiler")).collect();
    let manager = app.sign_in("manager").await;
    let other = app.seed.people["compiler2"].to_string();
    manager.post(&format!("/leads/{}/assign", leads[1]), &[("assignee", &other)]).await.expect(303);
    let before = app.audit_count().await;
    // The page of one lead may say it once more: that is no act either.
    manager.post(&format!("/leads/{}/assign", leads[1]), &[("assignee", &other)]).await.expect(303);
    assert_eq!(app.audit_count().await, before);
    let done = post(&manager, "/leads/selected/assign", &leads, &[("assignee", &other)]).await.expect(303);
    assert_eq!(app.audit_count().await, before + 2);
    let told = manager.get(&done.location).await.expect(200).has("已办理 2 条").has("1 条原本如此");
    told.has("无需变更</span>").has_not("未办理");
}

#[tokio::test]
async fn nobody_acts_on_the_rows_of_others_and_a_form_without_rows_is_given_back() {
    let app = TestApp::new().await;
    let (theirs, own) = (app.seed.lead(&app.services, "compiler"), app.seed.lead(&app.services, "compiler2"));
    let compiler = app.sign_in("compiler2").await;
    let me = app.seed.people["compiler2"].to_string();
    compiler.post(&format!("/leads/{own}/assign"), &[("assignee", &me)]).await.expect(303);
    let before = app.audit_count().await;
    let ticked = [theirs, own, Id::new()];
    let done = post(&compiler, "/leads/selected/assign", &ticked, &[("assignee", "owner")]).await.expect(303);
    assert_eq!(app.audit_count().await, before + 3);
    let reasons: Vec<String> = newest(&app, 3).await.into_iter().map(|(_, _, reason)| reason).collect();
    assert_eq!(reasons, ["bulk-not-found", "", "conflict-lead-not-yours"]);
    let told = compiler.get(&done.location).await.expect(200).has("已办理 1 条").has("2 条未办理");
    told.has("只有该线索的建立人或经办人").has("该记录不存在");

    let empty = compiler.post("/leads/selected/assign", &[("assignee", "owner")]).await.expect(422);
    empty.has("请至少勾选一条");
    // Without somebody chosen nothing is done, and the rows are still ticked.
    let page = post(&compiler, "/leads/selected/assign", &[own], &[]).await.expect(422).text();
    assert!(is_ticked(&page, own) && page.contains("请选择一项"), "{page}");
    for name in ["approver", "auditor", "liaison", "admin"] {
        let browser = app.sign_in(name).await;
        post(&browser, "/leads/selected/assign", &[own], &[("assignee", "owner")]).await.expect(404);
        post(&browser, "/leads/selected/for-review", &[own], &[]).await.expect(404);
    }
    let read = app.sign_in("auditor").await.get(&format!("/leads/selected?pick={own}")).await.expect(200);
    read.has("导出 CSV").has_not("指定所勾选线索的经办人");
}

#[tokio::test]
async fn ticks_go_along_over_pages_and_filters_without_a_script() {
    let app = TestApp::new().await;
    let leads: Vec<Id> = (0..53).map(|_| app.seed.lead(&app.services, "compiler")).collect();
    let manager = app.sign_in("manager").await;
    let first = manager.get("/leads?state=draft&col=title").await.expect(200).text();
    assert!(first.contains("勾选后可批量办理") && first.contains("aria-label=\"勾选 XS-"), "{first}");
    // Newest first: the last one stands on the first page, the first one on the second.
    let (a, b) = (leads[52], leads[0]);
    let after = step(&first, "after");
    let second =
        manager.get(&pressed(&first, "/leads", &[a], Some(("after", &after)))).await.expect(200).text();
    assert!(second.contains("已选 1 条，其中 1 条在其他页"), "{second}");
    let kept = fields(&second);
    for pair in [("state", "draft"), ("col", "title"), ("pick", word(a).as_str())] {
        assert!(kept.contains(&(pair.0.to_owned(), pair.1.to_owned())), "no {pair:?} in {kept:?}");
    }
    let before = step(&second, "before");
    let address = pressed(&second, "/leads", &[b], Some(("before", &before)));
    let back = manager.get(&address).await.expect(200).text();
    assert!(back.contains("已选 2 条，其中 1 条在其他页"), "{back}");
    assert!(is_ticked(&back, a) && !is_ticked(&back, leads[51]), "{back}");
    // A reload and a colleague's browser show the same.
    let other = app.sign_in("approver").await.get(&address).await.expect(200).text();
    assert!(is_ticked(&other, a) && other.contains("已选 2 条"), "{other}");
    // Other filters, orders and states keep them; clearing lets go of them and of nothing else.
    let picks = format!("pick={}&pick={}", word(a), word(b));
    for part in ["aria-label=\"按状态查看\"", "class=\"filter-chips\"", "<thead>"] {
        let links = unescaped(between(&back, part, if part == "<thead>" { "</thead>" } else { "</ul>" }));
        let both = links.matches(&format!("pick={}", word(a))).count();
        assert!(both > 0 && both == links.matches(&format!("pick={}", word(b))).count(), "{links}");
    }
    assert!(!unescaped(&back).contains(&format!("export.csv?{picks}")), "the list's own file is the list");
    let clear =
        unescaped(between(&back, "<a href=\"", "\" data-clear").rsplit("href=\"").next().unwrap_or_default());
    assert!(!back.contains("data-clear hidden") && !clear.contains("pick="), "{clear}");
    // A saved filter has no rows in it.
    assert!(!back.contains("asked=pick"), "{back}");

    let page = manager.get(&pressed(&back, "/leads/selected", &[], None)).await.expect(200).text();
    assert!(is_ticked(&page, a) && is_ticked(&page, b) && page.contains("所选线索（2 条）"), "{page}");
}

#[tokio::test]
async fn the_file_of_the_ticked_rows_holds_those_rows() {
    let app = TestApp::new().await;
    let leads: Vec<Id> = (0..4).map(|_| app.seed.lead(&app.services, "compiler")).collect();
    let auditor = app.sign_in("auditor").await;
    let list = auditor.get("/leads").await.expect(200).text();
    let ticked = [leads[3], leads[1]];
    let file =
        auditor.get(&pressed(&list, "/leads/selected/export.csv", &ticked, None)).await.expect(200).text();
    assert_eq!(app.last_entry().await.verb, "lead.export");
    assert_eq!(table(&file).len(), 3, "{file}");
    let numbers: Vec<String> = app
        .services
        .db
        .read(move |conn| {
            let found = lead_handoff::casework::lead::store::find_many(conn, &ticked)?;
            Ok(found.into_iter().map(|lead| lead.number).collect())
        })
        .await
        .expect("leads");
    assert!(numbers.iter().all(|number| file.contains(number)) && file.contains("所选记录：2"), "{file}");
    let book = auditor.get(&pressed(&list, "/leads/selected/export.xlsx", &ticked, None)).await.expect(200);
    assert!(book.bytes.starts_with(b"PK"));
    auditor.get("/leads/selected/export.csv").await.expect(422);
}

#[tokio::test]
async fn all_that_a_filter_finds_is_shown_before_it_is_acted_on() {
    let app = TestApp::new().await;
    for n in 0..5 {
        app.seed.lead(&app.services, if n < 3 { "compiler" } else { "compiler2" });
    }
    let compiler = app.sign_in("compiler2").await;
    let list = compiler.get("/leads?owner=me").await.expect(200).text();
    let address = pressed(&list, "/leads/selected", &[], Some(("all", "yes")));
    let page = compiler.get(&address).await.expect(200).has("所选线索（2 条）").text();
    assert_eq!(page.matches("name=\"pick\"").count(), 2, "{page}");
    assert!(page.contains("href=\"/leads/export.csv?owner=me\""), "{page}");
    compiler.get("/leads/selected?all=yes&min=x").await.expect(422);
    compiler.get("/leads/selected").await.expect(200).has("没有勾选任何记录");
}

#[tokio::test]
async fn a_compiler_submits_what_is_ready_and_reads_what_the_others_lack() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let mut leads = Vec::new();
    for n in 0..3 {
        let lead = app.seed.lead(&app.services, "compiler");
        if n < 2 {
            let item = story::note(&compiler, lead, "页面.txt", "标价 199 元。").await;
            let agency = app.seed.agencies[GUANGZHOU];
            story::compose(&compiler, lead, 1, &[agency], &[item], &[]).await.expect(303);
        }
        leads.push(lead);
    }
    app.settle().await;
    let done = post(&compiler, "/leads/selected/for-review", &leads, &[]).await.expect(303);
    let told = compiler.get(&done.location).await.expect(200).has("已办理 2 条").has("1 条未办理").text();
    assert!(told.contains("批量提交审核"), "{told}");
    let waiting = app.sign_in("approver").await.get("/approvals").await.expect(200).text();
    assert_eq!(waiting.matches("href=\"/approvals/0").count(), 2, "{waiting}");
    let entries = newest(&app, 5).await;
    assert!(entries.iter().any(|(verb, outcome, _)| verb == "lead.submit" && outcome == "refused"));
    // What was not in order is told from what an approver returned or somebody was kept from.
    let story = compiler.get(&format!("/leads/{}", leads[2])).await.expect(200);
    story.has("未能提交审核（不符合条件）").has_not("· 被拒绝");
    // Once more: what waits needs no second submission.
    let again = post(&compiler, "/leads/selected/for-review", &leads[..1], &[]).await.expect(303);
    let told = compiler.get(&again.location).await.expect(200).has("正在审核，无需再次提交");
    told.has_not("不能修改").has_not("不能直接修改");
    // The page of one lead says the same, and its story too.
    let one = format!("/leads/{}/submit", leads[2]);
    compiler.post(&one, &[]).await.expect(409).has("尚未编制卷宗");
    let story = compiler.get(&format!("/leads/{}", leads[2])).await.expect(200).text();
    assert_eq!(story.matches("未能提交审核（不符合条件）").count(), 2, "{story}");
}

#[tokio::test]
async fn a_lead_that_is_approved_already_needs_no_submission_and_is_told_so() {
    let app = TestApp::new().await;
    let (lead, _) = story::sealed(&app, &[GUANGZHOU]).await;
    let compiler = app.sign_in("compiler").await;
    let done = post(&compiler, "/leads/selected/for-review", &[lead], &[]).await.expect(303);
    let told = compiler.get(&done.location).await.expect(200).has("线索已批准，无需再次提交审核");
    told.has_not("不能直接修改");
}

/// Leads of `compiler` that wait for their review; gives the reviews in the order of their submission.
async fn waiting(app: &TestApp, n: usize) -> Vec<Id> {
    let compiler = app.sign_in("compiler").await;
    let mut reviews = Vec::new();
    for _ in 0..n {
        let lead = app.seed.lead(&app.services, "compiler");
        let item = story::note(&compiler, lead, "页面.txt", "标价 199 元。").await;
        story::compose(&compiler, lead, 1, &[app.seed.agencies[GUANGZHOU]], &[item], &[]).await.expect(303);
        app.settle().await;
        reviews.push(story::submit(&compiler, lead).await);
    }
    reviews
}

#[tokio::test]
async fn an_approver_goes_through_the_ticked_reviews_one_by_one_and_keeps_the_place() {
    let app = TestApp::new().await;
    let reviews = waiting(&app, 3).await;
    let approver = app.sign_in("approver").await;
    let list = approver.get("/approvals").await.expect(200).text();
    // Not in the order of the list: the ticks say which is the first.
    let ticked = [reviews[2], reviews[0]];
    let first = approver.get(&pressed(&list, "/approvals/queue", &ticked, None)).await.expect(303).location;
    let queue = format!("queue={}.{}", word(reviews[2]), word(reviews[0]));
    assert_eq!(first, format!("/approvals/{}?{queue}", reviews[2]));
    let page = approver.get(&first).await.expect(200).has("第 1 条，共 2 条").text();
    assert!(page.contains(&format!("rel=\"next\" href=\"/approvals/{}?{queue}\"", reviews[0])), "{page}");
    assert!(!page.contains("rel=\"prev\""), "{page}");
    let list = format!("href=\"/approvals?pick={}&#38;pick={}\"", word(reviews[2]), word(reviews[0]));
    assert!(page.contains(&list), "no {list} in {page}");
    // A reload, and a colleague's browser, show the same place.
    app.sign_in("auditor").await.get(&first).await.expect(200).has("第 1 条，共 2 条");

    // What is wrong with the form loses no place; and no approval without having seen the hashes.
    let word = queue.trim_start_matches("queue=").to_owned();
    let approve = format!("/approvals/{}/approve", reviews[2]);
    approver.post(&approve, &[("queue", &word)]).await.expect(422).has("第 1 条，共 2 条");
    let code = story::code(&app).await;
    approver.post(&approve, &[("queue", &word), ("code", &code)]).await.expect(409);
    let mut decision = story::decision(&app, &approver, reviews[2]).await;
    decision.push(("queue".to_owned(), word.clone()));
    let then = story::approve(&approver, reviews[2], &decision).await.expect(303).location;
    assert_eq!(then, format!("/approvals/{}?{queue}&ok=review-approved-next", reviews[0]));
    let next = approver.get(&then).await.expect(200).has("上一条已批准").has("第 2 条，共 2 条").text();
    assert!(next.contains("rel=\"prev\"") && !next.contains("rel=\"next\""), "{next}");

    let back = format!("/approvals/{}/return", reviews[0]);
    let then = approver.post(&back, &[("queue", &word), ("reasons", "请补充。")]).await.expect(303).location;
    assert_eq!(then, format!("/approvals/{}?{queue}&ok=review-returned", reviews[0]));
    // The one that was not ticked waits as before.
    let waiting = approver.get("/approvals").await.expect(200).text();
    assert!(waiting.contains(&format!("href=\"/approvals/{}\"", reviews[1])), "{waiting}");
    // A review that is not in the queue is none of it.
    approver.get(&format!("/approvals/{}?{queue}", reviews[1])).await.expect(200).has_not("共 2 条");
    approver.get("/approvals/queue").await.expect(422).has("请至少勾选一条");
}

#[tokio::test]
async fn all_that_wait_can_be_gone_through_and_the_ticked_ones_given_out() {
    let app = TestApp::new().await;
    let reviews = waiting(&app, 3).await;
    let approver = app.sign_in("approver").await;
    let list = approver.get("/approvals?acts=me").await.expect(200).text();
    let address = pressed(&list, "/approvals/queue", &[], Some(("all", "yes")));
    let first = approver.get(&address).await.expect(303).location;
    assert!(first.starts_with(&format!("/approvals/{}?queue=", reviews[0])), "{first}");
    approver.get(&first).await.expect(200).has("第 1 条，共 3 条");
    let file = pressed(&list, "/approvals/export", &reviews[1..2], Some(("format", "csv")));
    let file = approver.get(&file).await.expect(200).text();
    assert!(table(&file).len() == 2 && file.contains("所选记录：1"), "{file}");
}
