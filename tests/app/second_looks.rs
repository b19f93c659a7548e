//! What was found by going over the pages a second time: a choice that is written over, what was kept and overtaken, what
//! finds an agency, and what can't be read.

use crate::{
    merging::{Opened, hidden, shared},
    support::{Browser, TestApp},
};

/// The hidden fields of a page that asks to choose, with what was typed.
fn asked(page: &str, field: &str) -> Vec<(String, String)> {
    let names = ["was", "revision", "before.was", "before.revision"].map(str::to_owned);
    let of_choice = ["ask", "came", "theirs"].map(|begin| format!("{begin}.{field}"));
    names.into_iter().chain(of_choice).map(|name| (name.clone(), hidden(page, &name))).collect()
}

fn with<'a>(fields: &'a [(String, String)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    all.extend(more);
    all
}

#[tokio::test]
async fn what_is_written_after_the_stored_version_was_chosen_is_not_dropped() {
    let app = TestApp::new().await;
    let (lead, first, second) = shared(&app).await;
    let (one, two) = (Opened::by(&first, lead).await, Opened::by(&second, lead).await);
    two.save(&second, &[("title", "第二人的标题")]).await.expect(303);
    let page = one.save(&first, &[("title", "第一人的标题")]).await.expect(409);
    let page = page.has("data-merges=\"title\"").text();
    let fields = asked(&page, "title");
    let sent = with(&fields, &[("title", "第一人的标题，又改"), ("pick.title", "theirs")]);
    let again = one.save(&first, &sent).await.expect(409).has("下方该栏却又作了修改");
    let again = again.has("第一人的标题，又改").has("href=\"#f-pick-title\"").text();
    second.get(&one.path).await.expect(200).has("第二人的标题");
    // Said again, it is what was said.
    let fields = asked(&again, "title");
    let sent = with(&fields, &[("title", "第一人的标题，又改"), ("pick.title", "mine")]);
    one.save(&first, &sent).await.expect(303);
    second.get(&one.path).await.expect(200).has("第一人的标题，又改");
}

#[tokio::test]
async fn a_second_question_tells_of_the_first_save_too_and_what_was_taken_over_stays_listed() {
    let app = TestApp::new().await;
    let (lead, first, second) = shared(&app).await;
    let (one, two) = (Opened::by(&first, lead).await, Opened::by(&second, lead).await);
    two.save(&second, &[("title", "第二人的标题"), ("summary", "第二人的摘要")]).await.expect(303);
    let page = one.save(&first, &[("title", "第一人的标题")]).await.expect(409).text();
    // Kept and opened again with what was put together: the summary is still told as taken over.
    let kept = [("title", "第一人的标题"), ("summary", "第二人的摘要")];
    let back = one.save(&first, &kept).await.expect(409).has("采用现已保存的").text();
    let settled = back.split("自动合并").nth(1).and_then(|rest| rest.split("</ul>").next()).expect("a list");
    assert!(settled.contains("线索摘要"), "{settled}");
    // Another save, of another field: the first one is told as well.
    let three = Opened::by(&second, lead).await;
    let their = [("title", "第二人的标题"), ("summary", "第二人的摘要"), ("source.note", "举报人来电")];
    three.save(&second, &their).await.expect(303);
    let fields = asked(&page, "title");
    let sent =
        with(&fields, &[("title", "第一人的标题"), ("pick.title", "mine"), ("summary", "第二人的摘要")]);
    let again = one.save(&first, &sent).await.expect(409).text();
    let told =
        again.split("<div class=\"notice notice-warn\"").nth(1).and_then(|rest| rest.split("</ul>").next());
    let told = told.expect("the changes");
    assert_eq!(told.matches("编制人乙").count(), 2, "{told}");
    assert!(told.contains("标题") && told.contains("案源"), "{told}");
}

#[tokio::test]
async fn whoever_opens_a_kept_form_that_was_overtaken_is_told_by_whom() {
    let app = TestApp::new().await;
    let (lead, first, second) = shared(&app).await;
    let one = Opened::by(&first, lead).await;
    let page = first.get(&one.path).await.expect(200).text();
    let (was, revision) = (hidden(&page, "was"), hidden(&page, "revision"));
    let typed = [("title", "改了 一半的标题"), ("was", was.as_str()), ("revision", revision.as_str())];
    first.post(&format!("/unsent?form={}", one.path), &typed).await.expect(303);
    first.get(&one.path).await.expect(200).has("您有未提交的内容").has_not("他人已保存下列修改");
    let two = Opened::by(&second, lead).await;
    two.save(&second, &[("summary", "第二人的摘要")]).await.expect(303);
    let page = first.get(&one.path).await.expect(200).has("改了 一半的标题");
    let page = page.has("他人已保存下列修改").text();
    let told =
        page.split("他人已保存下列修改").nth(1).and_then(|rest| rest.split("</ul>").next()).expect("a list");
    assert!(told.contains("编制人乙") && told.contains("线索摘要"), "{told}");
    // The page without what was kept has nothing to tell.
    first.get(&format!("{}?unsent=none", one.path)).await.expect(200).has_not("他人已保存下列修改");
}

#[tokio::test]
async fn two_charges_that_two_people_added_can_both_be_taken() {
    let app = TestApp::new().await;
    let (lead, first, second) = shared(&app).await;
    let charges = format!("/leads/{lead}/charges");
    let was = hidden(&first.get(&charges).await.expect(200).text(), "was");
    second.post(&charges, &[("charges", "CL214"), ("charges", "CL213"), ("was", &was)]).await.expect(303);
    let mine = [("charges", "CL214"), ("charges", "CL215"), ("was", was.as_str())];
    let page = first.post(&charges, &mine).await.expect(409).has("采用双方合并后的");
    let page = page.has("编制人乙：涉嫌罪名与违法行为").text();
    let now = hidden(&page, "was");
    let mut sent =
        vec![("charges", "CL214"), ("charges", "CL215"), ("pick.charges", "both"), ("was", now.as_str())];
    sent.extend([("theirs.charges", "CL214"), ("theirs.charges", "CL213")]);
    first.post(&charges, &sent).await.expect(303);
    let page = first.get(&charges).await.expect(200).text();
    for code in ["CL213", "CL214", "CL215"] {
        assert!(page.contains(&format!("value=\"{code}\" checked")), "{code}");
    }
    // Where one took a charge off, both together are no choice.
    let was = hidden(&page, "was");
    second.post(&charges, &[("charges", "CL214"), ("was", &was)]).await.expect(303);
    let mine = ["CL213", "CL214", "CL215", "CL216"].map(|code| ("charges", code));
    let mine: Vec<(&str, &str)> = mine.into_iter().chain([("was", was.as_str())]).collect();
    first.post(&charges, &mine).await.expect(409).has_not("采用双方合并后的");
}

#[tokio::test]
async fn an_agency_is_found_by_parts_of_its_name_as_the_hint_says() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    for text in ["gzjz", "广州经侦", "guangzhou jingzhen", "guangzhoujingzhen"] {
        let query = url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let found = compiler.get(&format!("/pick/agencies?q={query}")).await.expect(200);
        found.has("广州市公安局经侦支队");
    }
    compiler.get("/pick/agencies?q=gzxz").await.expect(200).has_not("广州市公安局经侦支队");
}

#[tokio::test]
async fn a_filter_that_is_refused_is_not_offered_to_be_saved() {
    let app = TestApp::new().await;
    let (manager, admin) = (app.sign_in("manager").await, app.sign_in("admin").await);
    for path in ["/leads", "/dossiers", "/approvals", "/transfers", "/cases", "/outcomes"] {
        manager.get(&format!("{path}?q=a")).await.expect(200).has("/views/new?list=");
        manager.get(&format!("{path}?q=a&sort=up")).await.expect(422).has_not("/views/new?list=");
    }
    manager.get("/leads?region=hangzhou100%E4%B8%87").await.expect(422).has_not("/views/new?list=");
    for path in ["/agencies?q=a&sort=up", "/admin/people?q=a&sort=up"] {
        admin.get(path).await.expect(422).has_not("/views/new?list=");
    }
}

async fn read(browser: &Browser, kind: &str, text: &str) -> (String, bool) {
    let query = url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let told = browser.get(&format!("/pick/reading?kind={kind}&q={query}")).await.expect(200).json();
    (told["text"].as_str().unwrap_or_default().to_owned(), told["is_understood"] == true)
}

#[tokio::test]
async fn what_cannot_be_read_is_told_while_it_is_typed_and_why() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    assert_eq!(read(&compiler, "amount", "3000w").await, ("30,000,000.00 元（三千万元）".to_owned(), true));
    for (text, why) in [
        ("300万-500万", "金额无法识别"),
        ("-5", "不能为负数"),
        ("1,00", "逗号的位置不对"),
        ("近亿元", "没有数字"),
        ("9999999999999999", "金额太大"),
    ] {
        let (told, is_understood) = read(&compiler, "amount", text).await;
        assert!(!is_understood && told.contains(why), "{text}: {told}");
    }
    let (told, is_understood) = read(&compiler, "date", "3月5日").await;
    assert!(!is_understood && told.contains("缺少年份"), "{told}");
}

/// The account's language is that of the pages when the session is over, whatever the browser asks for.
#[tokio::test]
async fn the_language_of_the_account_outlasts_its_session() {
    let app = TestApp::new().await;
    app.sign_in("compiler").await.post("/language?to=en", &[]).await.expect(303);
    let other = app.stranger();
    let password = [("username", "compiler"), ("password", crate::support::seed::PASSWORD)];
    other.post("/login", &password).await.expect(303);
    let code = super::people::code(&app);
    other.post("/login/second-factor", &[("code", &code)]).await.expect(303);
    other.post("/logout", &[]).await.expect(303);
    other.get("/login").await.expect(200).has("lang=\"en\"");
    let page = other.post("/leads/new", &[("title", "A title"), ("source.kind", "other")]).await.expect(401);
    page.has("You are signed out").has("Not shown below, and sent again as they were: Source.");
}
