//! Short forms lose nothing either: comments, copies, brands, what is withheld, sending, members of an operation, and the
//! statement that a lead is no duplicate.

use lead_handoff::platform::db::Id;

use crate::{
    support::{
        Browser, TestApp, fixtures,
        seed::{GUANGZHOU, HANGZHOU},
        story,
    },
    unsent::{OFFERED, address, keeps, kept},
};

/// Types into the form that is posted to `form` on a page, saves without sending, and finds it again there.
async fn comes_back(who: &Browser, page: &str, form: &str, fields: &[(&str, &str)]) -> String {
    let shown = who.get(page).await.expect(200).has_not(OFFERED).text();
    let place: String = url::form_urlencoded::byte_serialize(form.as_bytes()).collect();
    let keeps = address(&shown, "formaction", &format!("/unsent?form={place}&#38;"));
    let back = who.post(&keeps, fields).await.expect(303).location;
    let filled = who.get(&back).await.expect(200).has("已暂存，尚未提交").has(OFFERED);
    fields.iter().fold(filled, |page, (_, value)| page.has(value));
    // Opened anew by its own address it is there too.
    let again = who.get(page).await.expect(200).has(OFFERED);
    fields.iter().fold(again, |page, (_, value)| page.has(value)).text()
}

/// Throws the typing of a page away.
async fn discards(who: &Browser, page: &str) {
    let left = who.post(&address(page, "action", "/unsent/"), &[]).await.expect(303).location;
    who.get(&left).await.expect(200).has("已放弃这份内容").has_not(OFFERED);
}

#[tokio::test]
async fn a_comment_a_copy_and_a_brand_come_back_where_they_were_begun() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let at = |part: &str| format!("/leads/{lead}/{part}");
    for (form, fields) in [
        ("clone", vec![("title", "另一家店 的手表")]),
        ("brands", vec![("brand", "示例 品牌乙"), ("rights_holder", "权利人 乙")]),
        ("comments", vec![("body", "仓库地址 待核")]),
    ] {
        let page = comes_back(&compiler, &at(form), &at(form), &fields).await;
        discards(&compiler, &page).await;
    }
    // A comment is written on the page of its lead too, and is found on both.
    let page = format!("/leads/{lead}");
    comes_back(&compiler, &page, &at("comments"), &[("body", "仓库地址 已核")]).await;
    let shown = compiler.get(&at("comments")).await.expect(200).has("仓库地址 已核").text();
    app.sign_in("compiler2").await.get(&page).await.expect(200).has_not("仓库地址 已核");
    let action = address(&shown, "action", &format!("{}?", at("comments")));
    compiler.post(&action, &[("body", "仓库地址 已核")]).await.expect(303);
    assert_eq!(kept(&app).await, 0);

    // A correction is another form than a new comment.
    let shown = compiler.get(&at("comments")).await.expect(200).text();
    let correct = address(&shown, "href", &format!("{}?corrects=", at("comments")));
    let correct = correct.split('#').next().expect("an address").to_owned();
    let fields = [("body", "仓库地址 有误"), ("corrects", correct.split('=').nth(1).expect("an id"))];
    comes_back(&compiler, &correct, &correct, &fields).await;
    compiler.get(&page).await.expect(200).has_not("仓库地址 有误");
    // Refused, it stays where it was.
    let shown = compiler.get(&correct).await.expect(200).text();
    let action = address(&shown, "action", &format!("{}?", at("comments")));
    let long = "长 ".repeat(3_000);
    compiler.post(&action, &[("body", &long), fields[1]]).await.expect(422);
    compiler.get(&correct).await.expect(200).has("长 长 长");
    compiler.get(&page).await.expect(200).has_not("长 长 长");
    assert_eq!(kept(&app).await, 1);
}

#[tokio::test]
async fn what_is_withheld_and_what_an_operation_takes_up_come_back() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item: Id = story::note(&compiler, lead, "页面.txt", "标价 199 元。").await;
    let page = format!("/evidence/{item}");
    let form = format!("{page}/withhold");
    let shown = comes_back(&compiler, &page, &form, &[("withheld_reason", "涉及 个人信息")]).await;
    let action = address(&shown, "action", &format!("{form}?"));
    compiler.post(&action, &[("withheld_reason", "涉及 个人信息")]).await.expect(303);
    assert_eq!(kept(&app).await, 0);

    let operation = compiler.post("/operations/new", &[("name_zh", "云剑行动")]).await.expect(303).id();
    let page = format!("/operations/{operation}");
    let fields = [("kind", "lead"), ("number", "XS 没有这条")];
    let shown = comes_back(&compiler, &page, &format!("{page}/members"), &fields).await;
    let action = address(&shown, "action", &format!("{page}/members?"));
    compiler.post(&action, &fields).await.expect(422);
    compiler.get(&page).await.expect(200).has("XS 没有这条");
    assert_eq!(kept(&app).await, 1);
}

/// A dossier is sent from a page that asks which one it is: each has its own typing, refused or not.
#[tokio::test]
async fn how_a_dossier_is_sent_comes_back_for_that_dossier_alone() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = fixtures::lead(&app, "XS-2026-000007", "假冒品牌手表").await;
    let (one, two) =
        (fixtures::sealed(&app, lead, GUANGZHOU).await, fixtures::sealed(&app, lead, HANGZHOU).await);
    let page = |dossier: Id| format!("/transfers/new?dossier={dossier}");
    let id = one.to_string();
    let fields = [("dossier", id.as_str()), ("channel", "paper"), ("handed_by", "李 某")];
    let shown = comes_back(&compiler, &page(one), &page(one), &fields).await;
    compiler.get(&page(two)).await.expect(200).has_not(OFFERED).has_not("李 某");
    // Refused for what is missing, it is kept as it was sent.
    let action = address(&shown, "action", "/transfers/new?");
    let faulty = [("dossier", id.as_str()), ("channel", "paper"), ("handed_by", "张 某")];
    compiler.post(&action, &faulty).await.expect(422).has("href=\"#f-handed-on\"");
    let shown = compiler.get(&page(one)).await.expect(200).has("张 某").has_not("李 某").text();
    assert_eq!(kept(&app).await, 1);
    let today = crate::support::today();
    let whole = [&faulty[..], &[("handed_on", today.as_str())]].concat();
    compiler.post(&address(&shown, "action", "/transfers/new?"), &whole).await.expect(303);
    assert_eq!(kept(&app).await, 0);
}

/// What a lead has to do with those that it looks like may take looking at them first.
#[tokio::test]
async fn the_statement_that_a_lead_is_no_duplicate_has_a_page_to_come_back_to() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let listing = [("url", "https://shop.example/1")];
    let known = app.seed.lead(&app.services, "compiler2");
    let other = app.sign_in("compiler2").await;
    other.post(&format!("/leads/{known}/listings"), &listing).await.expect(303);
    let lead = app.seed.lead(&app.services, "compiler");
    compiler.post(&format!("/leads/{lead}/listings"), &listing).await.expect(303);
    let item = story::note(&compiler, lead, "页面.txt", "标价 199 元。").await;
    story::compose(&compiler, lead, 1, &[app.seed.agencies[GUANGZHOU]], &[item], &[]).await.expect(303);
    app.settle().await;
    let form = format!("/leads/{lead}/submit");
    let shown = compiler.post(&form, &[]).await.expect(422).has("name=\"not_duplicate\"").text();
    let back = compiler.post(&keeps(&shown), &[("not_duplicate", "另一家 店铺")]).await.expect(303).location;
    assert!(back.starts_with(&format!("{form}?unsent=")), "{back}");
    let before = app.audit_count().await;
    let shown = compiler.get(&back).await.expect(200).has(OFFERED).has("另一家 店铺").text();
    assert_eq!((app.audit_count().await, app.last_entry().await.verb.as_str()), (before + 1, "lead.view"));
    other.get(&form).await.expect(409);
    let alike = known.to_string();
    let told = [("alike", alike.as_str()), ("not_duplicate", "另一家 店铺")];
    compiler.post(&address(&shown, "action", &format!("{form}?")), &told).await.expect(303);
    assert_eq!(kept(&app).await, 0);
    // Nothing is asked of a lead that looks like no other.
    let alone = app.seed.lead(&app.services, "compiler");
    compiler.get(&format!("/leads/{alone}/submit")).await.expect(200).has("没有需要核对的线索");
}

/// The list says what each typing belongs to, by number and form, and does not lead into a refusal: of a lead that was approved
/// since it says what has to come first, and leads there.
#[tokio::test]
async fn what_is_kept_for_a_lead_that_was_approved_says_what_comes_first() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = story::note(&compiler, lead, "页面.txt", "标价 199 元。").await;
    let read = app.services.db.read(move |conn| {
        use diesel::prelude::*;
        use lead_handoff::platform::db::schema::lead as leads;
        Ok(leads::table.find(lead).select(leads::number).first::<String>(conn)?)
    });
    let number = read.await.expect("a lead");
    let form = format!("/leads/{lead}/edit");
    let keep = format!("/unsent?form={form}");
    compiler.post(&keep, &[("title", "改了 一半")]).await.expect(303);
    compiler
        .post(&format!("/unsent?form=/leads/{lead}/comments"), &[("body", "待核 地址")])
        .await
        .expect(303);
    let goes_on = format!("href=\"{form}?unsent=");
    let list = compiler.get("/unsent").await.expect(200).has(&goes_on);
    list.has(&format!("线索 {number} · 基本情况")).has(&format!("线索 {number} · 评论"));

    story::seal_version(&app, lead, 1, &[GUANGZHOU], &[item], &[]).await;
    let list = compiler.get("/unsent").await.expect(200).has("改了 一半").has_not(&goes_on);
    let list = list.has("线索已批准，不能直接修改。请先重新打开").has(&format!("href=\"/leads/{lead}\""));
    list.has(&format!("href=\"/leads/{lead}?unsent="));
    // An old link explains too, and says where the words are.
    let late = compiler.get(&format!("{form}?unsent=none")).await.expect(409);
    late.has("查看该线索").has("href=\"/unsent\"");
    compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(303);
    compiler.get("/unsent").await.expect(200).has(&goes_on).has_not("线索已批准");

    // Whoever may not see the lead learns nothing of it by keeping something for its address.
    for name in ["liaison", "admin"] {
        let other = app.sign_in(name).await;
        other.post(&keep, &[("title", "别人 的")]).await.expect(303);
        other.get("/unsent").await.expect(200).has("别人 的").has_not(&number);
    }
}

/// The titles of the list, in its order.
async fn titles(who: &Browser) -> Vec<String> {
    let list = who.get("/unsent").await.expect(200).text();
    let title = |rest: &str| Some(rest.split_once('>')?.1.split('<').next()?.to_owned());
    list.split("entry-title\"><a ").skip(1).filter_map(title).collect()
}

/// Several forms about several things of each kind: each stands under the number of its own, whose reader may know it.
#[tokio::test]
async fn each_of_many_forms_stands_under_the_number_of_what_it_is_about() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let (mut forms, mut transfers) = (Vec::new(), Vec::new());
    for (n, agency) in [(7, GUANGZHOU), (8, HANGZHOU)] {
        let lead = fixtures::lead(&app, &format!("XS-2026-00000{n}"), "假冒品牌手表").await;
        let dossier = fixtures::sealed(&app, lead, agency).await;
        let (page, id) = (format!("/transfers/new?dossier={dossier}"), dossier.to_string());
        let fields = [("dossier", id.as_str()), ("channel", "portal")];
        let transfer = compiler.post(&page, &fields).await.expect(303).id();
        forms.push(format!("/leads/{lead}/edit"));
        forms.push(format!("/leads/{lead}/comments"));
        forms.push(page);
        forms.push(format!("/transfers/{transfer}/message"));
        transfers.push(transfer);
    }
    // A lead that is not there is nobody's.
    forms.push(format!("/leads/{}/edit", Id::new()));
    let keep = |form: &str| {
        let form: String = url::form_urlencoded::byte_serialize(form.as_bytes()).collect();
        format!("/unsent?form={form}")
    };
    for form in &forms {
        compiler.post(&keep(form), &[("body", "写了 一半")]).await.expect(303);
    }
    let listed = titles(&compiler).await;
    assert_eq!(listed.len(), forms.len(), "{listed:?}");
    for (number, times) in [("XS-2026-000007", 3), ("XS-2026-000008", 3), ("YS-", 2)] {
        let found = listed.iter().filter(|title| title.contains(number)).count();
        assert_eq!(found, times, "{number} in {listed:?}");
    }
    // An agency learns the number of its own transfer, and of nothing else.
    let liaison = app.sign_in("liaison").await;
    for form in &forms {
        liaison.post(&keep(form), &[("body", "写了 一半")]).await.expect(303);
    }
    let listed = titles(&liaison).await;
    assert_eq!(listed.len(), forms.len(), "{listed:?}");
    assert_eq!(listed.iter().filter(|title| title.contains("YS-")).count(), 1, "{listed:?}");
    assert!(!listed.iter().any(|title| title.contains("XS-")), "{listed:?}");
    let own = liaison.get(&format!("/transfers/{}", transfers[0])).await.expect(200).text();
    let number = listed.iter().find_map(|title| title.split(' ').find(|word| word.starts_with("YS-")));
    assert!(own.contains(number.expect("a number")), "{listed:?}");
}
