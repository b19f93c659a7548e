//! Stories of a lead at its compiler's desk, wrong turns included.

use lead_handoff::platform::db::Id;

use crate::support::{Browser, Reply, TestApp, seed::GUANGZHOU, story};

const FACTS: &[(&str, &str)] = &[
    ("title", "某品牌运动鞋网店涉嫌销售假冒注册商标的商品"),
    ("summary", "店铺以明显低于市场的价格销售，鉴别为假。"),
    ("region", "浙江省杭州市下城区"),
    ("occurred_from", "2016-03-01"),
    ("occurred_to", "2016年5月4日"),
    ("estimated_value.amount", "超 128.5 万元"),
    ("estimated_value.basis", "list_price"),
    ("source.kind", "risk_model"),
    ("sender_role", "reporter"),
    ("charges", "CL214"),
    ("brands", "示例牌、第二牌"),
];

/// The facts with some fields changed.
fn facts<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = FACTS.iter().copied().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    kept.chain(changes.iter().copied()).collect()
}

async fn draft(browser: &Browser) -> Id {
    browser.post("/leads/new", FACTS).await.expect(303).id()
}

/// One act, one entry.
async fn counted(app: &TestApp, act: impl Future<Output = Reply>) -> Reply {
    let before = app.audit_count().await;
    let reply = act.await;
    assert_eq!(app.audit_count().await, before + 1, "{} {}", reply.status, reply.location);
    reply
}

#[tokio::test]
async fn a_draft_is_made_from_what_people_write() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    compiler.get("/leads/new").await.expect(200).has("CL214").has("浙江省杭州市");
    let id = counted(&app, compiler.post("/leads/new", FACTS)).await.expect(303).id();
    assert_eq!(app.last_entry().await.verb, "lead.create");
    compiler
        .get(&format!("/leads/{id}/edit"))
        .await
        .expect(200)
        .has("浙江省杭州市下城区")
        .has("value=\"1,285,000\"")
        .has("2016-05-04");
    compiler.get(&format!("/leads/{id}/brands")).await.expect(200).has("示例牌").has("第二牌");
    compiler.get(&format!("/leads/{id}/charges")).await.expect(200).has("value=\"CL214\" checked");
    let list = compiler.get("/leads?region=330000&charge=CL214&min=100%E4%B8%87").await.expect(200);
    list.has("XS-").has("运动鞋").has("超过 128.5 万元");
}

#[tokio::test]
async fn every_fault_is_shown_beside_its_field_and_nothing_is_written() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let long = "x".repeat(10 << 20);
    let before = app.audit_count().await;
    for (field, value) in [
        ("title", ""),
        ("title", "\u{200B}\u{2060}"),
        ("title", long.as_str()),
        ("title", "a\0b"),
        ("title", "假\u{202E}冒"),
        ("region", "某省某市"),
        ("region", "朝阳区"),
        ("estimated_value.amount", "-5"),
        ("estimated_value.amount", "many"),
        ("estimated_value.basis", "guess"),
        ("charges", "CL999"),
        ("occurred_to", "2016-02-01"),
        ("occurred_from", "2999-01-01"),
        ("occurred_from", "1800-01-01"),
        ("source.kind", "rumour"),
    ] {
        let reply = compiler.post("/leads/new", &facts(&[(field, value)])).await.expect(422);
        let id = format!("href=\"#f-{}\"", field.replace(['.', '_'], "-"));
        assert!(reply.text().contains(&id), "{field} = {value:.20}");
        let out_of_range = field == "occurred_from";
        assert_eq!(
            reply.text().contains("年份须在 1900 年至 2200 年之间"),
            out_of_range,
            "{field} = {value:.20}"
        );
        // A select can't show a choice that it does not have.
        let chosen = matches!(field, "charges" | "estimated_value.basis" | "source.kind");
        if value.len() < 100 && value != "a\0b" && !chosen {
            assert!(reply.text().contains(value), "what was typed is gone: {field}");
        }
    }
    assert_eq!(app.audit_count().await, before);
    compiler.get("/leads").await.expect(200).has_not("XS-");
}

#[tokio::test]
async fn two_people_who_change_one_draft_are_told_of_each_other() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let manager = app.sign_in("manager").await;
    let other = app.sign_in("compiler2").await;
    let id = draft(&compiler).await;
    let edit = format!("/leads/{id}/edit");

    // Not hers yet.
    other.get(&edit).await.expect(409);
    other.post(&edit, &facts(&[("revision", "0")])).await.expect(409);
    let second = app.seed.people["compiler2"].to_string();
    let assign = format!("/leads/{id}/assign");
    manager.get(&assign).await.expect(200).has("编制人乙");
    let nobody = app.seed.people["approver"].to_string();
    manager.post(&assign, &[("assignee", &nobody)]).await.expect(422);
    counted(&app, manager.post(&assign, &[("assignee", &second)])).await.expect(303);

    other.get(&edit).await.expect(200);
    counted(&app, other.post(&edit, &facts(&[("revision", "0"), ("title", "改过的标题")]))).await.expect(303);
    let clash = compiler.post(&edit, &facts(&[("revision", "0"), ("summary", "我的摘要")])).await.expect(409);
    let clash = clash.has("编制人乙").has("改过的标题").has("我的摘要").has("name=\"revision\" value=\"1\"");
    // It may as well have been oneself, on another page.
    clash.has("在您打开本页之后已有修改").has_not("已被他人修改");
    counted(&app, compiler.post(&edit, &facts(&[("revision", "1"), ("summary", "我的摘要")])))
        .await
        .expect(303);
    let stored = compiler.get(&edit).await.expect(200);
    stored.has("我的摘要").has_not("改过的标题");
    // The lead's page says which fields each changed, not what stood there; and who was to work on it.
    let told = compiler.get(&format!("/leads/{id}")).await.expect(200).has("标题、线索摘要");
    told.has("经办人：编制人乙").has_not("改过的标题").has_not("由建立人办理");
    counted(&app, manager.post(&assign, &[("assignee", "")])).await.expect(303);
    compiler.get(&format!("/leads/{id}")).await.expect(200).has("由建立人办理");
}

#[tokio::test]
async fn the_same_subject_is_found_again_and_corrected_for_one_lead_alone() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let (first, second) = (draft(&compiler).await, draft(&compiler).await);
    let subjects = |id: Id| format!("/leads/{id}/subjects");
    let shop = [("kind", "shop"), ("name", "好运鞋店"), ("identifier", "shop-0042"), ("part", "销售")];
    counted(&app, compiler.post(&subjects(first), &shop)).await.expect(303);
    let again = [("kind", "shop"), ("name", "好运 鞋店"), ("identifier", "SHOP 0042"), ("part", "供货")];
    let found = counted(&app, compiler.post(&subjects(second), &again)).await.expect(303);
    assert!(found.location.contains("subject-found"), "{}", found.location);
    // The lead calls it as its compiler did, and the page says so.
    let told = compiler.get(&found.location).await.expect(200);
    told.has("本线索按您填写的名称显示").has("好运 鞋店");

    let page = compiler.get(&subjects(first)).await.expect(200).has("好运鞋店").text();
    let at = page.find("href=\"/subjects/").expect("a link") + "href=\"/subjects/".len();
    let subject = &page[at..at + 36];
    let known = compiler.get(&format!("/subjects/{subject}")).await.expect(200);
    assert_eq!(known.text().matches("href=\"/leads/0").count(), 2, "{}", known.text());

    // The other lead calls the same shop otherwise: each keeps its own word, the page of the shop shows both.
    let renamed = [("kind", "shop"), ("name", "好运皮鞋店"), ("identifier", "SHOP/0042")];
    counted(&app, compiler.post(&format!("{}/{subject}", subjects(second)), &renamed)).await.expect(303);
    let page = compiler.get(&subjects(second)).await.expect(200);
    page.has("好运皮鞋店").has("SHOP/0042").has(&format!("/subjects/{subject}"));
    compiler.get(&subjects(first)).await.expect(200).has("好运鞋店").has_not("好运皮鞋店");
    compiler.get(&format!("/subjects/{subject}")).await.expect(200).has("好运皮鞋店").has(">好运鞋店<");

    let corrected = [("kind", "shop"), ("name", "旺财鞋店"), ("identifier", "shop-0043")];
    counted(&app, compiler.post(&format!("{}/{subject}", subjects(second)), &corrected)).await.expect(303);
    compiler.get(&subjects(second)).await.expect(200).has("旺财鞋店");
    compiler.get(&subjects(first)).await.expect(200).has("好运鞋店").has_not("旺财鞋店");

    let nameless = compiler.post(&subjects(first), &[("kind", "ghost"), ("name", "")]).await.expect(422);
    nameless.has("f-kind").has("第 2 个涉案主体 · 名称或姓名");
    let unnamed = [("kind", "shop"), ("name", "")];
    let faulty = compiler.post(&format!("{}/{subject}", subjects(first)), &unnamed).await.expect(422);
    faulty.has("第 1 个涉案主体 · 名称或姓名");
    counted(&app, compiler.post(&format!("{}/{subject}/remove", subjects(first)), &[])).await.expect(303);
    compiler.post(&format!("{}/{subject}/remove", subjects(first)), &[]).await.expect(404);
}

#[tokio::test]
async fn brands_sites_and_listings_come_and_go_one_act_each() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let id = draft(&compiler).await;
    let at = |part: &str| format!("/leads/{id}/{part}");
    counted(&app, compiler.post(&at("brands"), &[("brand", "第三牌")])).await.expect(303);
    compiler.post(&at("brands"), &[("brand", "")]).await.expect(422).has("f-brand");
    counted(&app, compiler.post(&at("charges"), &[("charges", "CL213"), ("charges", "CL214")]))
        .await
        .expect(303);
    compiler.post(&at("charges"), &[("charges", "nonsense")]).await.expect(422);

    let site = [("region", "330103"), ("address", "某路 1 号 3 幢"), ("role", "storage")];
    counted(&app, compiler.post(&at("sites"), &site)).await.expect(303);
    compiler.get(&at("sites")).await.expect(200).has("某路 1 号 3 幢").has("仓储");
    compiler.post(&at("sites"), &[("region", ""), ("address", "x"), ("role", "storage")]).await.expect(422);

    let listing = [("url", "https://shop.example/item/1"), ("price", "99.90"), ("sold", "1,200")];
    counted(&app, compiler.post(&at("listings"), &listing)).await.expect(303);
    let page = compiler.get(&at("listings")).await.expect(200).has("99.90").text();
    compiler.post(&at("listings"), &[("url", "javascript:alert(1)")]).await.expect(422);
    let sold = |text: &'static str| [("url", "https://shop.example/item/2"), ("sold", text)];
    compiler.post(&at("listings"), &sold("1.5")).await.expect(422).has("不小于 0 的整数");
    compiler.post(&at("listings"), &sold("-5")).await.expect(422).has("不能为负数");
    let far = compiler.post(&at("listings"), &sold("99999999999999999999")).await.expect(422);
    far.has("1,000,000,000,000");
    let remove = page.split("action=\"").find(|part| part.contains("/remove")).expect("a button");
    let remove = remove.split('"').next().expect("an address").to_owned();
    counted(&app, compiler.post(&remove, &[])).await.expect(303);
    compiler.get(&at("listings")).await.expect(200).has_not("99.90");
}

#[tokio::test]
async fn a_lead_leaves_its_way_and_comes_back() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let other = app.sign_in("compiler2").await;
    let id = draft(&compiler).await;
    let at = |part: &str| format!("/leads/{id}/{part}");
    compiler.post(&at("restore"), &[]).await.expect(409);
    other.post(&at("trash"), &[]).await.expect(409);
    counted(&app, compiler.post(&at("trash"), &[])).await.expect(303);
    compiler.get(&at("edit")).await.expect(409);
    compiler.get("/leads").await.expect(200).has_not("XS-");
    compiler.get("/leads?state=trashed").await.expect(200).has("XS-");
    counted(&app, compiler.post(&at("restore"), &[])).await.expect(303);
    compiler.post(&at("withdraw"), &[("reason", "")]).await.expect(422).has("f-reason");
    counted(&app, compiler.post(&at("withdraw"), &[("reason", "权利人撤回通知")])).await.expect(303);
    compiler.post(&at("withdraw"), &[("reason", "again")]).await.expect(409);
    compiler.post(&at("edit"), &facts(&[("revision", "0")])).await.expect(409);
    counted(&app, compiler.post(&at("reopen"), &[])).await.expect(303);
    compiler.get(&at("edit")).await.expect(200);
}

#[tokio::test]
async fn nobody_else_reads_or_writes() {
    let app = TestApp::new().await;
    let id = draft(&app.sign_in("compiler").await).await;
    for name in ["liaison", "admin"] {
        let who = app.sign_in(name).await;
        for path in ["/leads".to_owned(), format!("/leads/{id}/edit"), "/leads/export.csv".into()] {
            who.get(&path).await.expect(404);
        }
    }
    for name in ["approver", "manager", "auditor"] {
        let who = app.sign_in(name).await;
        who.get("/leads").await.expect(200).has("XS-").has_not("/leads/new");
        who.get(&format!("/leads/{id}/edit")).await.expect(404);
        who.post("/leads/new", FACTS).await.expect(404);
        who.post(&format!("/leads/{id}/trash"), &[]).await.expect(404);
    }
    assert_eq!(app.stranger().get("/leads").await.expect(303).location, "/login?next=%2Fleads");
}

#[tokio::test]
async fn the_list_is_paged_filtered_and_exported_as_it_was_asked_for() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    for n in 0..53 {
        let title = format!("线索第{n}号");
        let value = format!("{}", 1000 + n);
        let changes = [
            ("title", title.as_str()),
            ("estimated_value.amount", value.as_str()),
            ("estimated_value.qualifier", "exact"),
        ];
        compiler.post("/leads/new", &facts(&changes)).await.expect(303);
    }
    let formula = facts(&[("title", "=1+1")]);
    compiler.post("/leads/new", &formula).await.expect(303);

    for sort in ["", "&sort=number", "&sort=-value", "&sort=updated"] {
        let first = compiler.get(&format!("/leads?q=%E7%BA%BF%E7%B4%A2{sort}")).await.expect(200).text();
        let next = link(&first, "next");
        let second = compiler.get(&next).await.expect(200).text();
        assert_eq!((numbers(&first).len(), numbers(&second).len()), (50, 3), "{sort}");
        let back = compiler.get(&link(&second, "prev")).await.expect(200).text();
        assert_eq!(numbers(&back), numbers(&first), "{sort}");
    }
    let found = compiler.get("/leads?q=%E7%AC%AC17%E5%8F%B7").await.expect(200).text();
    assert_eq!(numbers(&found).len(), 1);
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.objects().len()), ("lead.list", 1));

    let csv = counted(&app, compiler.get("/leads/export.csv?sort=-value&min=1010")).await.expect(200);
    assert!(csv.text().starts_with('\u{FEFF}'));
    assert_eq!(csv.text().matches("XS-").count(), 44, "{}", csv.text());
    assert!(csv.text().contains("'=1+1"));
    let book = counted(&app, compiler.get("/leads/export.xlsx")).await.expect(200);
    assert!(book.bytes.starts_with(b"PK"));
    compiler.get("/leads?from=yesterday").await.expect(422).has("f-from");
}

/// Numbers of the leads of a page, in order.
fn numbers(page: &str) -> Vec<String> {
    page.split("\">XS-").skip(1).filter_map(|part| Some(part.split('<').next()?.to_owned())).collect()
}

/// The address of a pager's button.
fn link(page: &str, rel: &str) -> String {
    let before =
        page.split(&format!("rel=\"{rel}\" href=\"")).nth(1).unwrap_or_else(|| panic!("no {rel} in {page}"));
    before.split('"').next().expect("an address").replace("&#38;", "&").replace("&amp;", "&")
}

#[tokio::test]
async fn a_form_that_is_sent_twice_makes_one_lead() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let page = compiler.get("/leads/new").await.expect(200).text();
    let action = page.split("action=\"").find_map(|p| p.strip_prefix("/leads/new?once=")).expect("a word");
    let action = format!("/leads/new?once={}", &action[..36]);
    // A refusal does not use the word up.
    compiler.post(&action, &facts(&[("title", "")])).await.expect(422);
    let (first, second) = tokio::join!(compiler.post(&action, FACTS), compiler.post(&action, FACTS));
    let (first, second) = (first.expect(303), second.expect(303));
    assert_eq!(first.id(), second.id());
    let told = [&first, &second].iter().filter(|reply| reply.location.ends_with("?ok=done-before")).count();
    assert_eq!(told, 1);
    let entries = app.audit_count().await;
    compiler.post(&action, &facts(&[("title", "另一条线索")])).await.expect(303);
    assert_eq!(app.audit_count().await, entries);
    compiler.get("/leads").await.expect(200).has_not("另一条线索");
    // The same word in another's hands means nothing.
    let other = app.sign_in("compiler2").await.post(&action, FACTS).await.expect(303);
    assert_ne!(other.id(), first.id());
}

#[tokio::test]
async fn what_contradicts_itself_or_is_no_text_is_refused() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let before = app.audit_count().await;
    for (field, value) in [
        ("estimated_value.qualifier", "exact"), // beside 超 128.5 万元
        ("estimated_value.amount", ""),         // beside a basis
        ("estimated_value.amount", "50~100 万元"),
        (
            "brands",
            &vec!["牌"; 101]
                .iter()
                .enumerate()
                .map(|(n, b)| format!("{b}{n}"))
                .collect::<Vec<_>>()
                .join("、"),
        ),
    ] {
        let reply = compiler.post("/leads/new", &facts(&[(field, value)])).await.expect(422);
        reply.has("href=\"#f-");
    }
    let body = "title=%ff%fe%80abc&region=440100";
    let request = compiler
        .client
        .post(compiler.url("/leads/new"))
        .header("origin", &compiler.base)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body);
    compiler.send(request).await.expect(422).has("href=\"#f-title\"");
    assert_eq!(app.audit_count().await, before);
}

#[tokio::test]
async fn a_list_that_is_asked_for_in_strange_words_shows_nothing_as_if_it_were_narrowed() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    draft(&compiler).await;
    compiler.get("/leads").await.expect(200).has("运动鞋");
    for query in [
        "state=foo",
        "sort=foo",
        "owner=foo",
        "from=abc",
        "after=zzz",
        "synthetic=foo",
        "agency=1",
        "from=2017-01-01&to=2016-01-01",
        "region=nowhere",
    ] {
        compiler.get(&format!("/leads?{query}")).await.expect(422).has("id=\"errors\"").has_not("运动鞋");
        compiler.get(&format!("/leads/export.csv?{query}")).await.expect(422).has_not("运动鞋");
    }
}

/// What may have left is not put away: that is said before anybody confirms it.
#[tokio::test]
async fn a_lead_that_was_approved_once_does_not_ask_whether_it_goes_to_the_trash() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let (lead, _) = story::sealed(&app, &[GUANGZHOU]).await;
    compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(303);
    let trash = format!("/leads/{lead}/trash");
    compiler.get(&trash).await.expect(409).has("不能移入回收站");
    compiler.post(&trash, &[]).await.expect(409).has("不能移入回收站");
    app.sign_in("compiler2").await.get(&trash).await.expect(409).has_not("不能移入回收站");
}
