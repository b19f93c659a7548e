//! Sites and offers of a lead are corrected where they stand, by whoever works on it; the second of two is asked, and nothing
//! that either typed is lost.

use lead_handoff::platform::db::Id;

use crate::{
    merging::{Opened, hidden, shared},
    support::{Browser, TestApp},
};

/// The page that corrects the first of a lead's `part` (`sites`, `listings`).
async fn edit_of(browser: &Browser, lead: Id, part: &str) -> String {
    let page = browser.get(&format!("/leads/{lead}/{part}")).await.expect(200).text();
    let begin = format!("class=\"button button-small\" href=\"/leads/{lead}/{part}/");
    let rest = page.split_once(&begin).unwrap_or_else(|| panic!("nothing to correct in {page}")).1;
    format!("/leads/{lead}/{part}/{}", rest.split('"').next().expect("an address"))
}

/// The page of the lead's part says that it was saved, and the log has one entry more, of this verb.
async fn saved(app: &TestApp, before: i64, verb: &str) {
    let entry = app.last_entry().await;
    assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 1, verb));
}

#[tokio::test]
async fn a_site_is_corrected_and_becomes_another_one_where_it_lies_elsewhere() {
    let app = TestApp::new().await;
    let (lead, first, second) = shared(&app).await;
    let sites = format!("/leads/{lead}/sites");
    let depot =
        [("region", "浙江省杭州市西湖区"), ("address", "某路 1 号"), ("role", "storage"), ("note", "一层")];
    first.post(&sites, &depot).await.expect(303);
    let edit = edit_of(&first, lead, "sites").await;
    let page = first.get(&edit).await.expect(200).has("更正地点").has("某路 1 号").has("浙江省杭州市西湖区");
    let was = hidden(&page.text(), "was");

    // Blanks make no other site: its address is written anew.
    let before = app.audit_count().await;
    let mut closer = depot.to_vec();
    closer[1].1 = "某路1号";
    closer.push(("was", was.as_str()));
    first.post(&edit, &closer).await.expect(303);
    saved(&app, before, "lead.site.edit").await;
    assert_eq!(edit_of(&first, lead, "sites").await, edit, "the same site");
    first.get(&sites).await.expect(200).has("某路1号").has_not("某路 1 号");

    // The second had the form open: what the first changed is theirs, what they typed is kept.
    let mut other = depot.to_vec();
    other[3].1 = "一层，夜间发货";
    other.push(("was", was.as_str()));
    let clash = second.post(&edit, &other).await.expect(409).has("编制人甲").has("自动合并");
    let page = clash.has("一层，夜间发货").text();
    assert_eq!(hidden(&page, "address"), "某路1号");

    // The first says that it lies elsewhere and is for sale: the second is led there.
    let was = hidden(&first.get(&edit).await.expect(200).text(), "was");
    let moved =
        [("region", "浙江省杭州市西湖区"), ("address", "另一路 9 号"), ("role", "sale"), ("was", &was)];
    first.post(&edit, &moved).await.expect(303);
    first.get(&edit).await.expect(404);
    other.retain(|(name, _)| *name != "was");
    other.push(("was", was.as_str()));
    let clash = second.post(&edit, &other).await.expect(409).has("另一路 9 号").has("一层，夜间发货");
    clash.has_not(&format!("action=\"{edit}?"));

    // Taken off, it can be added anew with what was typed.
    let gone = edit_of(&first, lead, "sites").await;
    first.post(&format!("{gone}/remove"), &[]).await.expect(303);
    second.post(&gone, &other).await.expect(409).has("已从本线索移除").has("一层，夜间发货");
    second.post(&format!("{sites}/{}/elsewhere", Id::new()), &other).await.expect(404);
}

#[tokio::test]
async fn an_offer_is_corrected_where_it_stands() {
    let app = TestApp::new().await;
    let (lead, first, second) = shared(&app).await;
    let listings = format!("/leads/{lead}/listings");
    let offer = [
        ("url", "https://shop.example/item?id=42"),
        ("title", "手表"),
        ("item_number", "42"),
        ("shop", "好运鞋店"),
        ("price", "199"),
        ("sold", "12"),
        ("seen_on", "2026-01-05"),
    ];
    first.post(&listings, &offer).await.expect(303);
    let edit = edit_of(&first, lead, "listings").await;
    let page = first.get(&edit).await.expect(200).has("更正商品链接").text();
    assert_eq!((hidden(&page, "title"), hidden(&page, "price")), ("手表".into(), "199".into()));
    let was = hidden(&page, "was");

    let mut faulty = offer.to_vec();
    faulty[0].1 = "shop.example/42";
    faulty.push(("was", was.as_str()));
    first.post(&edit, &faulty).await.expect(422).has("shop.example/42");
    let before = app.audit_count().await;
    let mut dearer = offer.to_vec();
    dearer[4].1 = "1,299.00";
    dearer.push(("was", was.as_str()));
    first.post(&edit, &dearer).await.expect(303);
    saved(&app, before, "lead.listing.edit").await;
    first.get(&listings).await.expect(200).has("1,299").has_not("标价 ¥199");

    let mut more = offer.to_vec();
    more[4].1 = "199.00";
    more[5].1 = "15";
    more.push(("was", was.as_str()));
    let clash = second.post(&edit, &more).await.expect(409).has("编制人甲").has("自动合并").text();
    assert_eq!((hidden(&clash, "price"), hidden(&clash, "sold")), ("1,299".into(), "15".into()));
    let was = hidden(&clash, "was");
    more.retain(|(name, _)| !["was", "price"].contains(name));
    more.extend([("price", "1299.00"), ("was", was.as_str())]);
    second.post(&edit, &more).await.expect(303);
    second.get(&listings).await.expect(200).has("已售 15 件");

    second.post(&format!("{edit}/remove"), &[]).await.expect(303);
    first.get(&edit).await.expect(404);
    first.post(&edit, &more).await.expect(409).has("已从本线索移除");
    // Nobody else's lead is corrected.
    let other = app.seed.lead(&app.services, "compiler");
    second.get(&format!("/leads/{other}/listings")).await.expect(409);
}

/// What is saved as it is stored changes nothing, and the log is told nothing; sent twice, the form still acts once.
#[tokio::test]
async fn what_is_saved_as_it_was_is_not_on_record() {
    let app = TestApp::new().await;
    let (lead, first, _) = shared(&app).await;
    let at = |part: &str| format!("/leads/{lead}/{part}");
    let subject = [("kind", "shop"), ("name", "好运鞋店"), ("identifier", "shop-0042"), ("note", "一层")];
    let site =
        [("region", "浙江省杭州市西湖区"), ("address", "某路 1 号"), ("role", "storage"), ("note", "")];
    let offer = [("url", "https://shop.example/item?id=42"), ("price", "1,299"), ("seen_on", "2026-01-05")];
    first.post(&at("subjects"), &subject).await.expect(303);
    first.post(&at("sites"), &site).await.expect(303);
    first.post(&at("listings"), &offer).await.expect(303);
    let opened = Opened::by(&first, lead).await;
    let same: [(String, &[(&str, &str)]); 5] = [
        (at("charges"), &[("charges", "CL214")]),
        (at("brands"), &[("brand", "示例品牌")]),
        (edit_of(&first, lead, "subjects").await, &subject),
        (edit_of(&first, lead, "sites").await, &site),
        (edit_of(&first, lead, "listings").await, &offer),
    ];
    let before = app.audit_count().await;
    for (path, fields) in &same {
        first.post(path, fields).await.expect(303);
        assert_eq!(app.audit_count().await, before, "{path}");
    }
    opened.save(&first, &[]).await.expect(303);
    let once = format!("{}?once={}", at("charges"), Id::new());
    first.post(&once, &[("charges", "CL214")]).await.expect(303);
    let again = first.post(&once, &[("charges", "CL213")]).await.expect(303);
    assert!(again.location.contains("ok=done-before"), "{}", again.location);
    assert_eq!(app.audit_count().await, before);
    // A change is one, as ever.
    first.post(&at("charges"), &[("charges", "CL213"), ("charges", "CL214")]).await.expect(303);
    saved(&app, before, "lead.charges").await;
}

/// Of an offer that both have changed, price and day are told in words.
#[tokio::test]
async fn the_price_of_an_offer_is_told_in_words() {
    let app = TestApp::new().await;
    let (lead, first, second) = shared(&app).await;
    let url = ("url", "https://shop.example/item?id=42");
    first.post(&format!("/leads/{lead}/listings"), &[url, ("price", "199")]).await.expect(303);
    let edit = edit_of(&first, lead, "listings").await;
    let was = hidden(&first.get(&edit).await.expect(200).text(), "was");
    let theirs = [url, ("price", "1299"), ("seen_on", "2026-01-05"), ("was", &was)];
    second.post(&edit, &theirs).await.expect(303);
    let clash = first.post(&edit, &[url, ("price", "2,000"), ("was", &was)]).await.expect(409);
    clash.has("<p class=\"keep\">1,299.00 元").has("<p class=\"keep\">2,000.00 元").has("2026年1月5日");
}
