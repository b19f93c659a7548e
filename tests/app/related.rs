//! What else a lead has to do with: leads with something in common, duplicates before they are submitted, clones, and the
//! trash.

use diesel::prelude::*;
use lead_handoff::platform::db::{
    Id,
    schema::{listing, person_role},
};

use crate::support::{Browser, TestApp, seed::GUANGZHOU, story};

const SHOP: [(&str, &str); 3] = [("kind", "shop"), ("name", "好运鞋店"), ("identifier", "shop-0042")];
const SITE: [(&str, &str); 3] = [("address", "某路 7 号"), ("region", "440111"), ("role", "storage")];

async fn name(browser: &Browser, lead: Id, part: &str, fields: &[(&str, &str)]) {
    browser.post(&format!("/leads/{lead}/{part}"), fields).await.expect(303);
}

/// The panel of related leads.
async fn related(browser: &Browser, lead: Id) -> String {
    let page = browser.get(&format!("/leads/{lead}")).await.expect(200).text();
    let panel = page.split("id=\"related\"").nth(1).expect("a panel");
    panel.split("</section>").next().unwrap_or_default().to_owned()
}

/// Registers a note and composes it for Guangzhou; gives the item.
async fn composed(app: &TestApp, compiler: &Browser, lead: Id) -> Id {
    let item = story::note(compiler, lead, "商品页面.txt", "标价 199 元").await;
    story::compose(compiler, lead, 1, &[app.seed.agencies[GUANGZHOU]], &[item], &[]).await.expect(303);
    app.settle().await;
    item
}

#[tokio::test]
async fn leads_with_a_subject_a_site_or_a_listing_in_common_stand_beside_each_other_and_say_why() {
    let app = TestApp::new().await;
    let (compiler, other) = (app.sign_in("compiler").await, app.sign_in("compiler2").await);
    let first = app.seed.lead(&app.services, "compiler");
    let second = app.seed.lead(&app.services, "compiler2");
    assert!(related(&compiler, first).await.contains("没有其他线索"));
    name(&compiler, first, "subjects", &SHOP).await;
    name(&other, second, "subjects", &[("kind", "shop"), ("name", "好运"), ("identifier", "SHOP 0042")])
        .await;
    name(&compiler, first, "sites", &SITE).await;
    name(&other, second, "sites", &[("address", "某路7号"), ("region", "440111"), ("role", "sale")]).await;
    name(&compiler, first, "listings", &[("url", "https://shop.example/item?id=42")]).await;
    name(&other, second, "listings", &[("url", "http://www.shop.example/item?id=42&utm_source=x")]).await;

    let panel = related(&compiler, first).await;
    assert!(panel.contains(&format!("/leads/{second}")), "{panel}");
    for why in ["相同主体：好运鞋店", "相同地点：某路 7 号", "相同商品链接", "疑似重复"]
    {
        assert!(panel.contains(why), "no «{why}» in {panel}");
    }
    assert_eq!(panel.matches("<li>").count(), 1, "each lead once: {panel}");
    assert!(related(&other, second).await.contains(&format!("/leads/{first}")));
    other.post(&format!("/leads/{second}/trash"), &[]).await.expect(303);
    assert!(!related(&compiler, first).await.contains(&format!("/leads/{second}")));
}

/// Two offers of one shop stand beside each other, and are no duplicates for that; a shop of that name elsewhere is another one.
#[tokio::test]
async fn leads_with_other_offers_of_the_same_shop_stand_beside_each_other() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let [first, second, elsewhere] = [0, 1, 2].map(|_| app.seed.lead(&app.services, "compiler"));
    for (lead, url, shop) in [
        (first, "https://shop.example/item?id=1", "好运 鞋店"),
        (second, "https://shop.example/item?id=2", "好运鞋店"),
        (elsewhere, "https://mall.example/item?id=1", "好运鞋店"),
    ] {
        name(&compiler, lead, "listings", &[("url", url), ("shop", shop)]).await;
    }
    let panel = related(&compiler, first).await;
    assert!(
        panel.contains(&format!("/leads/{second}")) && panel.contains("同一店铺的其他商品：好运 鞋店"),
        "{panel}"
    );
    assert!(!panel.contains(&format!("/leads/{elsewhere}")) && !panel.contains("疑似重复"), "{panel}");

    // As an older version left it; the next start looks at it.
    app.services
        .db
        .write_quiet(|tx| {
            diesel::update(listing::table).set(listing::shop_key.eq(None::<String>)).execute(tx.conn())?;
            Ok(())
        })
        .await
        .expect("forgotten");
    assert!(!related(&compiler, first).await.contains(&format!("/leads/{second}")));
    app.restarted();
    assert!(related(&compiler, first).await.contains(&format!("/leads/{second}")));
}

#[tokio::test]
async fn a_lead_that_looks_like_another_is_submitted_once_it_is_said_why_it_is_none() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let known = app.seed.lead(&app.services, "compiler2");
    name(&app.sign_in("compiler2").await, known, "listings", &[("url", "https://shop.example/1")]).await;
    let lead = app.seed.lead(&app.services, "compiler");
    name(&compiler, lead, "listings", &[("url", "https://shop.example/1/")]).await;
    let item = composed(&app, &compiler, lead).await;

    let submit = format!("/leads/{lead}/submit");
    let asked = compiler.post(&submit, &[]).await.expect(422);
    let asked = asked.has("是否重复").has(&format!("/leads/{known}")).has("相同商品链接").has("撤回线索");
    asked.has_not("id=\"errors\"");
    assert_eq!(app.last_entry().await.verb, "lead.view", "the other lead was looked at, nothing was done");
    compiler.get(&format!("/leads/{lead}")).await.expect(200).has("草稿");

    let alike = known.to_string();
    let refused = compiler.post(&submit, &[("alike", &alike), ("not_duplicate", "")]).await.expect(422);
    refused.has("f-not-duplicate-error");
    // What was not shown is not answered for.
    let elsewhere = lead.to_string();
    let fields = [("alike", elsewhere.as_str()), ("not_duplicate", "商品不同")];
    compiler.post(&submit, &fields).await.expect(422);

    let before = app.audit_count().await;
    let fields = [("alike", alike.as_str()), ("not_duplicate", "商品不同，系另一批次。")];
    let review = compiler.post(&submit, &fields).await.expect(303).id();
    assert_eq!(app.audit_count().await, before + 2, "the submission, and what was stated with it");
    assert_eq!(app.last_entry().await.verb, "lead.not_duplicate");
    let page = compiler.get(&format!("/leads/{lead}")).await.expect(200);
    let page = page.has("说明不重复").has("商品不同，系另一批次。").has("已说明不重复").text();
    let timeline = page.split("id=\"timeline\"").nth(1).expect("a timeline");
    assert_eq!(timeline.matches("商品不同，系另一批次。").count(), 1, "said once: {timeline}");
    let stated = timeline.split("<li class=\"event-").find(|one| one.contains("商品不同")).expect("an entry");
    assert!(stated.starts_with("muted"), "it stands on no paper: {stated}");
    // Whoever decides sees what was stated, and of which lead; the look names both.
    let approver = app.sign_in("approver").await;
    let asked = approver.get(&format!("/approvals/{review}")).await.expect(200);
    asked.has(&format!("href=\"/leads/{known}\"")).has("商品不同，系另一批次。").has("已说明不重复的线索");
    let seen = app.last_entry().await;
    assert_eq!(seen.verb, "review.view");
    assert!(seen.leaf["objects"].to_string().contains(&alike), "{}", seen.leaf);
    // It was said once: taken back and submitted anew, it is not asked again, nor of the other one.
    compiler.post(&format!("/approvals/{review}/withdraw"), &[]).await.expect(303);
    story::compose(&compiler, lead, 2, &[app.seed.agencies[GUANGZHOU]], &[item], &[]).await.expect(303);
    app.settle().await;
    compiler.post(&submit, &[]).await.expect(303);
}

/// Many leads with the same addresses at no known time, all newer than the one that matters.
#[tokio::test]
async fn a_duplicate_is_found_behind_however_much_that_is_none() {
    let app = TestApp::new().await;
    let (compiler, other) = (app.sign_in("compiler").await, app.sign_in("compiler2").await);
    let known = app.seed.lead(&app.services, "compiler2");
    name(&other, known, "listings", &[("url", "https://shop.example/1")]).await;
    let lead = app.seed.lead(&app.services, "compiler");
    for n in 0..41 {
        let address = format!("某路 {n} 号");
        let site = [("address", address.as_str()), ("region", "440111"), ("role", "storage")];
        name(&compiler, lead, "sites", &site).await;
    }
    let fields = [("title", "同一批地址"), ("take", "sites")];
    for _ in 0..5 {
        other.post(&format!("/leads/{lead}/clone"), &fields).await.expect(303);
    }
    name(&compiler, lead, "listings", &[("url", "https://shop.example/1/")]).await;
    composed(&app, &compiler, lead).await;
    let asked = compiler.post(&format!("/leads/{lead}/submit"), &[]).await.expect(422);
    let asked = asked.has(&format!("value=\"{known}\"")).text();
    assert_eq!(asked.matches("name=\"alike\"").count(), 1, "{asked}");
}

#[tokio::test]
async fn a_lead_like_no_other_is_submitted_at_once() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let withdrawn = app.seed.lead(&app.services, "compiler");
    name(&compiler, withdrawn, "subjects", &SHOP).await;
    compiler.post(&format!("/leads/{withdrawn}/withdraw"), &[("reason", "重复")]).await.expect(303);
    let lead = app.seed.lead(&app.services, "compiler");
    name(&compiler, lead, "subjects", &SHOP).await;
    composed(&app, &compiler, lead).await;
    let before = app.audit_count().await;
    compiler.post(&format!("/leads/{lead}/submit"), &[]).await.expect(303);
    assert_eq!(app.audit_count().await, before + 1);
}

#[tokio::test]
async fn a_clone_takes_along_what_was_ticked_and_both_say_where_it_came_from() {
    let app = TestApp::new().await;
    let (compiler, other) = (app.sign_in("compiler").await, app.sign_in("compiler2").await);
    let lead = app.seed.lead(&app.services, "compiler");
    name(&compiler, lead, "subjects", &SHOP).await;
    name(&compiler, lead, "listings", &[("url", "https://shop.example/1")]).await;
    story::note(&compiler, lead, "商品页面.txt", "标价 199 元").await;

    // Whoever compiles may begin from a colleague's lead.
    let clone = format!("/leads/{lead}/clone");
    other.get(&clone).await.expect(200).has("value=\"subjects\" checked").has("证据不带入");
    other.post(&clone, &[("title", "")]).await.expect(422).has("f-title-error");
    let before = app.audit_count().await;
    let fields = [("title", "同一店铺的另一批手表"), ("take", "subjects"), ("take", "charges")];
    let made = other.post(&clone, &fields).await.expect(303).id();
    assert_eq!(app.audit_count().await, before + 1);
    assert_eq!(app.last_entry().await.verb, "lead.clone");
    let page = other.get(&format!("/leads/{made}")).await.expect(200);
    let page = page.has("同一店铺的另一批手表").has("好运鞋店").has("店铺以明显低于市场的价格").has("草稿");
    page.has("本线索由该线索复制而来").has_not("https://shop.example/1").has_not("示例品牌");
    assert!(related(&compiler, lead).await.contains("由本线索复制而来"));
    other.get(&format!("/leads/{made}/evidence")).await.expect(200).has("尚未登记").has_not("商品页面.txt");
    // The draft is the cloner's own, and the source is as it was.
    other.get(&format!("/leads/{made}/edit")).await.expect(200);
    other.get(&format!("/leads/{lead}/edit")).await.expect(409);
    app.sign_in("manager").await.get(&clone).await.expect(404);
}

/// A clone is no way round the rule that nobody decides about what they wrote.
#[tokio::test]
async fn whoever_wrote_in_a_lead_decides_about_no_clone_of_it() {
    let app = TestApp::new().await;
    let (compiler, other) = (app.sign_in("compiler").await, app.sign_in("compiler2").await);
    let lead = app.seed.lead(&app.services, "compiler");
    let fields = [("title", "另一批手表"), ("take", "charges"), ("take", "brands")];
    let made = other.post(&format!("/leads/{lead}/clone"), &fields).await.expect(303).id();
    composed(&app, &other, made).await;
    let review = story::submit(&other, made).await;
    let id = app.seed.people["compiler"];
    let became = app.services.db.write_quiet(move |tx| {
        diesel::insert_into(person_role::table)
            .values((person_role::person_id.eq(id), person_role::role.eq("approver")))
            .execute(tx.conn())?;
        Ok(())
    });
    became.await.expect("an approver as well");
    let fields = story::decision(&app, &app.sign_in("approver").await, review).await;
    compiler.get(&format!("/approvals/{review}")).await.expect(200).has_not("name=\"seen\"");
    story::approve(&compiler, review, &fields).await.expect(409);
}

#[tokio::test]
async fn the_trash_says_who_put_what_there_and_gives_it_back() {
    let app = TestApp::new().await;
    let (compiler, other) = (app.sign_in("compiler").await, app.sign_in("compiler2").await);
    let lead = app.seed.lead(&app.services, "compiler");
    compiler.get("/leads").await.expect(200).has("href=\"/leads/trash\"");
    compiler.get("/leads/trash").await.expect(200).has("回收站是空的");
    compiler.post(&format!("/leads/{lead}/trash"), &[]).await.expect(303);
    let restore = format!("/leads/{lead}/restore");
    let before = app.audit_count().await;
    compiler.get("/leads/trash").await.expect(200).has("XS-").has("编制人甲").has(&restore);
    assert_eq!(app.audit_count().await, before + 1);
    other.get("/leads/trash").await.expect(200).has("编制人甲").has_not(&restore);
    app.sign_in("liaison").await.get("/leads/trash").await.expect(404);
    compiler.post(&restore, &[]).await.expect(303);
    compiler.get("/leads/trash").await.expect(200).has("回收站是空的");
}
