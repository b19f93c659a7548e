//! A form that was posted after the session ended: nothing is done by it, and nothing that was typed is lost.

use lead_handoff::audit;
use reqwest::{
    header,
    multipart::{Form, Part},
};

use crate::support::{Browser, Reply, TestApp, seed::GUANGZHOU, seed::PASSWORD, story};

const SUMMARY: &str = "店铺以明显低于市场的价格销售手表。\r\n第二行。";

/// The fields of the form that a page gives back, as a browser would send them.
fn fields_of(page: &str) -> Vec<(String, String)> {
    let form = page.split("<form class=\"form panel\"").nth(1).and_then(|rest| rest.split("</form>").next());
    let form = form.expect("a form to send again");
    let value = |text: &str, name: &str| {
        text.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).map(str::to_owned)
    };
    let plain = |text: &str| text.replace("&#38;", "&").replace("&#34;", "\"").replace("&#39;", "'");
    let mut fields = Vec::new();
    for tag in form.split("<input ").skip(1).filter(|tag| tag.starts_with("type=\"hidden\"")) {
        fields.push((value(tag, "name").expect("a name"), plain(&value(tag, "value").expect("a value"))));
    }
    for area in form.split("<textarea ").skip(1) {
        let text = area.split_once(">\n").and_then(|(_, rest)| rest.split("</textarea>").next());
        fields.push((value(area, "name").expect("a name"), plain(text.expect("a text"))));
    }
    fields
}

fn action_of(page: &str) -> String {
    let form = page.split("<form class=\"form panel\" method=\"post\" action=\"").nth(1);
    form.and_then(|rest| rest.split('"').next()).expect("an address").replace("&#38;", "&")
}

async fn log_in(browser: &Browser, username: &str) {
    browser.post("/login", &[("username", username), ("password", PASSWORD)]).await.expect(303);
}

fn lead() -> Vec<(&'static str, &'static str)> {
    vec![
        ("title", "疑似销售假冒注册商标的手表"),
        ("summary", SUMMARY),
        ("region", "440100"),
        ("charges", "CL214"),
        ("source.kind", "risk_model"),
        ("sender_role", "reporter"),
    ]
}

#[tokio::test]
async fn what_was_typed_is_given_back_and_can_be_sent_again_after_signing_in() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    compiler.get("/leads/new").await.expect(200);
    // The session ends while the form is filled in, in another tab.
    compiler.post("/logout", &[]).await.expect(303);
    let before = app.audit_count().await;
    let once = format!("/leads/new?once={}", uuid::Uuid::now_v7());
    let page = compiler.post(&once, &lead()).await.expect(401);
    assert_eq!(app.audit_count().await, before, "nothing was done, and nobody is known who tried it");
    let page = page.has("登录已失效").has("疑似销售假冒注册商标的手表").has("第二行。");
    let page = page.has("href=\"/login\" target=\"_blank\"").has("重新提交").has("线索摘要").text();
    // It says what is kept, of all that was filled in, and not of the texts alone.
    let kept = "已保留 6 项：标题、线索摘要、地区、涉嫌罪名与违法行为、案源、本单位身份。";
    assert!(page.contains(kept), "{page}");
    assert_eq!(action_of(&page), once, "sent twice, it acts once");
    // A second try without signing in loses nothing either.
    let again: Vec<(String, String)> = fields_of(&page);
    let sent: Vec<(&str, &str)> = again.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    for (name, value) in lead() {
        assert!(sent.contains(&(name, value)), "{name} is lost: {sent:?}");
    }
    assert_eq!(fields_of(&compiler.post(&once, &sent).await.expect(401).text()), again);

    log_in(&compiler, "compiler").await;
    let code = super::people::code(&app);
    compiler.post("/login/second-factor", &[("code", &code)]).await.expect(303);
    let made = compiler.post(&once, &sent).await.expect(303);
    compiler.get(&made.location).await.expect(200).has("疑似销售假冒注册商标的手表").has("第二行。");
}

#[tokio::test]
async fn a_step_of_signing_in_that_is_missing_loses_nothing_either() {
    let app = TestApp::new().await;
    let compiler = app.stranger();
    log_in(&compiler, "compiler").await;
    let page = compiler.post("/leads/new", &lead()).await.expect(401);
    page.has("登录尚未完成").has("href=\"/login/second-factor\" target=\"_blank\"").has("第二行。");
    // A page that was asked for is come back to, as ever.
    let asked = compiler.get("/leads/new").await.expect(303);
    assert_eq!(asked.location, "/login/second-factor?next=%2Fleads%2Fnew");
}

#[tokio::test]
async fn passwords_codes_and_files_are_not_given_back_but_asked_for_again() {
    let app = TestApp::new().await;
    let stranger = app.stranger();
    let id = uuid::Uuid::now_v7();
    let fields = [("remark", "两处地址 已核实"), ("code", "123456"), ("seen", "a=b")];
    let page = stranger.post(&format!("/approvals/{id}/approve"), &fields).await.expect(401);
    let page = page.has("两处地址 已核实").has_not("123456").has("name=\"code\"").has("请重新填写或选择");
    assert!(fields_of(&page.text()).contains(&("seen".to_owned(), "a=b".to_owned())));
    let fields = [("title", "网页取证"), ("password", "秘密 口令"), ("repeat", "秘密 口令")];
    stranger.post(&format!("/admin/people/{id}/roles"), &fields).await.expect(401).has_not("秘密");
    // The code of a reason is none.
    let page = stranger.post(&format!("/transfers/{id}/refuse"), &[("code", "RF-OTHER")]).await.expect(401);
    page.has("value=\"RF-OTHER\"");

    let mut form = Form::new();
    for (name, value) in story::DETAILS {
        form = form.text(name, value);
    }
    let form = form
        .text("description", "两段 文字")
        .part("file", Part::bytes(vec![7u8; 3 << 20]).file_name("截图.png"));
    let url = stranger.url(&format!("/leads/{id}/evidence"));
    let request = stranger.client.post(url).header("origin", &stranger.base).multipart(form);
    let page = stranger.send(request).await.expect(401);
    let page = page
        .has("两段 文字")
        .has("截图.png")
        .has("type=\"file\"")
        .has("enctype=\"multipart/form-data\"")
        .text();
    let kept = fields_of(&page);
    for (name, value) in story::DETAILS {
        assert!(kept.contains(&(name.to_owned(), value.to_owned())), "{name} is lost");
    }
    assert_eq!(app.stored_objects().await, 0);

    // More text than is kept is refused with its field named, after all of it was read.
    let form =
        Form::new().text("source", "a").text("description", "长".repeat(7_000_000)).text("method", "b");
    let url = stranger.url(&format!("/leads/{id}/evidence"));
    let request = stranger.client.post(url).header("origin", &stranger.base).multipart(form);
    let page = stranger.send(request).await.expect(413).has("说明：填写的文字过长").has_not("来源：");
    page.has_not("/logout");
}

#[tokio::test]
async fn a_form_that_may_be_another_sites_is_not_given_back() {
    let app = TestApp::new().await;
    let stranger = app.stranger();
    let body = "title=%E9%92%93%E9%B1%BC%20%E6%96%87%E5%AD%97";
    let post = |more: &[(header::HeaderName, String)]| {
        let mut request = stranger
            .client
            .post(stranger.url("/leads/new"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body);
        for (name, value) in more {
            request = request.header(name.clone(), value);
        }
        stranger.send(request)
    };
    let origin = |text: &str| (header::ORIGIN, text.to_owned());
    let site = |text: &str| (header::HeaderName::from_static("sec-fetch-site"), text.to_owned());
    let has_text = |reply: &Reply| reply.text().contains("钓鱼");
    for forged in [vec![origin("https://evil.example")], vec![site("cross-site")], vec![site("same-site")]] {
        assert!(!has_text(&post(&forged).await.expect(403)), "{forged:?}");
    }
    // Who says nothing of where the form comes from is told, and gets nothing back.
    assert!(!has_text(&post(&[]).await.expect(401).has("登录已失效").has("没有保留")));
    assert!(!has_text(&post(&[site("none")]).await.expect(401)));
    assert!(has_text(&post(&[origin(&stranger.base)]).await.expect(401)));
    assert!(has_text(&post(&[site("same-origin")]).await.expect(401)));
    // What it holds stays text.
    let mark = "<script>alert(1)</script> \"'";
    let page = stranger.post("/leads/new", &[("title", mark)]).await.expect(401);
    assert!(!page.text().contains("<script>alert"), "{}", page.text());
    assert!(
        fields_of(&page.text().replace("&#60;", "<").replace("&#62;", ">"))
            .contains(&("title".into(), mark.into()))
    );
}

#[tokio::test]
async fn a_call_without_a_token_and_a_page_without_a_session_answer_as_ever() {
    let app = TestApp::new().await;
    let stranger = app.stranger();
    let call = stranger.client.post(stranger.url("/api/v1/leads")).body("{\"title\": \"x\"}");
    let call = call.header(header::CONTENT_TYPE, "application/json");
    let answer = stranger.send(call).await.expect(401);
    assert!(answer.headers["content-type"].to_str().expect("text").starts_with("application/problem+json"));
    assert_eq!(stranger.get("/leads").await.expect(303).location, "/login?next=%2Fleads");
    stranger.post("/login", &[("username", "nobody"), ("password", "x")]).await.expect(422);
}

/// A review of a lead that waits for its decision.
async fn waiting(app: &TestApp) -> lead_handoff::platform::db::Id {
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = story::note(&compiler, lead, "页面.txt", "标价 199 元。").await;
    story::compose(&compiler, lead, 1, &[app.seed.agencies[GUANGZHOU]], &[item], &[]).await.expect(303);
    app.settle().await;
    compiler.post(&format!("/leads/{lead}/submit"), &[]).await.expect(303).id()
}

#[tokio::test]
async fn a_decision_that_has_to_wait_keeps_its_remark() {
    let app = TestApp::new().await;
    let review = waiting(&app).await;
    let approver = app.sign_in("approver").await;
    let mut fields = story::decision(&app, &approver, review).await;
    fields.push(("remark".into(), "两处地址已核实".into()));
    let good = fields.clone();
    fields.iter_mut().filter(|(name, _)| name == "code").for_each(|(_, code)| *code = "000000".into());
    for _ in 0..5 {
        story::approve(&approver, review, &fields)
            .await
            .expect(422)
            .has("验证码不正确")
            .has("两处地址已核实");
    }
    let waits = story::approve(&approver, review, &good).await.expect(429);
    assert!(waits.headers.contains_key("retry-after"));
    waits.has("两处地址已核实").has("尝试次数过多").has_not("000000");
}

#[tokio::test]
async fn a_code_used_a_moment_ago_says_so_and_is_no_failed_attempt() {
    let app = TestApp::new().await;
    let review = waiting(&app).await;
    let approver = app.sign_in("approver").await;
    let mut fields = story::decision(&app, &approver, review).await;
    // The same code a moment before, on another device.
    let code = fields.iter().find(|(name, _)| name == "code").expect("a code").1.clone();
    let other = app.stranger();
    log_in(&other, "approver").await;
    other.post("/login/second-factor", &[("code", &code)]).await.expect(303);
    fields.push(("remark".into(), "两处地址已核实".into()));
    // More often than the limit of failed attempts, which these are none of.
    for _ in 0..7 {
        let page = story::approve(&approver, review, &fields).await.expect(422);
        page.has("刚刚使用过").has("两处地址已核实").has_not("验证码不正确");
    }
    let filter = audit::Filter { outcome: Some("refused".into()), ..Default::default() };
    let entry =
        app.services.db.read(move |conn| audit::page(conn, &filter, 1)).await.expect("read").remove(0);
    assert_eq!(entry.verb, "lead.approve");
    assert!(entry.facts().contains(&("reason".to_owned(), "used-code".to_owned())), "{:?}", entry.facts());
    // A wrong one is still counted, and no more than five are let through.
    fields.iter_mut().filter(|(name, _)| name == "code").for_each(|(_, typed)| *typed = "000000".into());
    for _ in 0..5 {
        story::approve(&approver, review, &fields).await.expect(422).has("验证码不正确");
    }
    story::approve(&approver, review, &fields).await.expect(429);
}
