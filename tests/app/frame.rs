//! What holds on every page: headers, cookies, languages, errors with a way back, cross-site posts.

use reqwest::{
    header,
    multipart::{Form, Part},
};

use crate::support::{Browser, Reply, TestApp, fixtures, seed::PASSWORD, story};

/// A PDF of one empty page.
const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
/// A picture of one point.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";

/// The directives of a reply's policy.
#[track_caller]
fn policy(what: &str, reply: &Reply) -> Vec<String> {
    let csp = reply.headers.get("content-security-policy").unwrap_or_else(|| panic!("{what}: no policy"));
    csp.to_str().expect("text").split(';').map(|part| part.trim().to_owned()).collect()
}

/// Panics unless a reply has every header that keeps a browser from doing harm with it.
#[track_caller]
fn is_hardened(what: &str, reply: &Reply) {
    let policy = policy(what, reply);
    assert!(!policy.iter().any(|part| part.contains("unsafe") || part.contains('*')), "{what}: {policy:?}");
    assert!(policy.contains(&"default-src 'none'".to_owned()), "{what}: {policy:?}");
    assert!(policy.iter().any(|part| part.starts_with("frame-ancestors")), "{what}: {policy:?}");
    assert_eq!(reply.headers["x-content-type-options"], "nosniff", "{what}");
    for name in ["permissions-policy", "referrer-policy", "x-frame-options"] {
        assert!(reply.headers.contains_key(name), "{what}: no {name}");
    }
}

async fn with_file(
    browser: &Browser,
    lead: impl std::fmt::Display,
    name: &'static str,
    bytes: &'static [u8],
) {
    let mut form = Form::new().part("file", Part::bytes(bytes).file_name(name));
    for (name, value) in story::DETAILS {
        form = form.text(name, value);
    }
    let url = browser.url(&format!("/leads/{lead}/evidence"));
    let request = browser.client.post(url).header("origin", &browser.base).multipart(form);
    browser.send(request).await.expect(303);
}

#[tokio::test]
async fn every_reply_carries_a_strict_policy_and_an_unknown_page_a_way_back() {
    let app = TestApp::new().await;
    let (stranger, compiler) = (app.stranger(), app.sign_in("compiler").await);
    let missing = stranger.get("/no-such-page").await.expect(404).has("href=\"/\"");
    assert!(policy("404", &missing).contains(&"frame-ancestors 'none'".to_owned()));
    let (lead, dossiers) = story::sealed(&app, &[crate::support::seed::GUANGZHOU]).await;
    let draft = app.seed.lead(&app.services, "compiler");
    with_file(&compiler, draft, "原件.pdf", PDF).await;
    let document = story::items(&compiler, draft).await[0];
    with_file(&compiler, draft, "截图.png", PICTURE).await;
    let picture =
        story::items(&compiler, draft).await.into_iter().find(|id| *id != document).expect("a picture");

    is_hardened("an unknown page", &missing);
    for path in ["/login", "/verify", "/healthz", "/leads", "/api/v1/leads", "/api/docs", "/api/docs/leads"] {
        is_hardened(path, &stranger.get(path).await);
    }
    let dossier = format!("/dossiers/{}", dossiers[0]);
    let pages =
        ["/".to_owned(), "/leads".into(), "/account".into(), format!("/leads/{lead}"), dossier.clone()];
    let papers =
        ["dossier.pdf", "letter.pdf", "evidence-list.csv", "package.zip"].map(|p| format!("{dossier}/{p}"));
    let evidence =
        [document, picture].map(|id| [format!("/evidence/{id}"), format!("/evidence/{id}/content")]);
    let previews = [format!("/evidence/{document}/pages/1"), format!("/evidence/{picture}/preview")];
    for path in pages.iter().chain(&papers).chain(evidence.iter().flatten()).chain(&previews) {
        is_hardened(path, &compiler.get(path).await.expect(200));
    }
    is_hardened("a form again", &compiler.post("/leads/new", &[("title", "")]).await.expect(422));
    is_hardened(
        "a redirect",
        &compiler
            .post("/account", &[("name", "甲"), ("email", "a@example.com"), ("language", "en")])
            .await
            .expect(303),
    );
    is_hardened("not theirs", &compiler.get("/admin/people").await.expect(404));
    let token = fixtures::token(&app, "compiler").await;
    for path in ["/api/v1/leads", "/api/v1/leads/none"] {
        is_hardened(path, &stranger.send(stranger.client.get(stranger.url(path)).bearer_auth(&token)).await);
    }

    // A preview is told to be what it is, and a PDF leaves as a picture, or as a download in a sandbox.
    compiler.get(&format!("/evidence/{document}/preview")).await.expect(404);
    for path in [previews[0].clone(), format!("/evidence/{document}/content")] {
        let shown = compiler.get(&path).await.expect(200);
        assert_ne!(shown.headers["content-type"], "application/pdf", "{path}");
        assert!(policy("a PDF", &shown).contains(&"sandbox".to_owned()), "{path}");
    }
    let shown = compiler.get(&previews[1]).await.expect(200);
    assert_eq!(shown.headers["content-type"], "image/png");
    assert!(policy("a picture", &shown).contains(&"sandbox".to_owned()));
}

#[tokio::test]
async fn cookies_are_for_this_site_alone_and_behind_tls_for_tls_alone() {
    for (base, name, secure) in
        [("http://desk.example", "session=", false), ("https://desk.example", "__Host-session=", true)]
    {
        let app = TestApp::with(&[("LEAD_HANDOFF_BASE_URL", base.to_owned())]).await;
        let stranger = app.stranger();
        let entered =
            stranger.post("/login", &[("username", "compiler"), ("password", PASSWORD)]).await.expect(303);
        let language = stranger.post("/language?to=en", &[]).await.expect(303);
        for (reply, name, http_only) in [(&entered, name, true), (&language, "lang=", false)] {
            let cookie = reply.headers[header::SET_COOKIE].to_str().expect("text").to_owned();
            let parts: Vec<&str> = cookie.split(';').map(str::trim).collect();
            assert!(parts[0].starts_with(name), "{cookie}");
            assert!(parts.contains(&"SameSite=Lax") && parts.contains(&"Path=/"), "{cookie}");
            assert_eq!(parts.contains(&"HttpOnly"), http_only, "{cookie}");
            assert_eq!(parts.contains(&"Secure"), secure, "{cookie}");
            assert!(!parts.iter().any(|part| part.starts_with("Domain")), "{cookie}");
        }
    }
}

#[tokio::test]
async fn an_error_leads_back_to_where_one_came_from_and_to_the_list() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let missing = format!("/leads/{}", uuid::Uuid::now_v7());
    let page = compiler.get(&missing).await.expect(404);
    page.has("href=\"/leads\">前往“线索”").has("返回待办").has_not(">返回</a>");
    // From a list narrowed to something, back to just that.
    let from = |place: &str| {
        let request = compiler.client.get(compiler.url(&missing)).header("referer", place);
        compiler.send(request)
    };
    let page = from(&format!("{}/leads?q=a&ok=lead-made", compiler.base)).await.expect(404);
    page.has("href=\"/leads?q=a\">返回</a>").has("href=\"/leads\">前往");
    for elsewhere in ["https://evil.example/leads", "http://127.0.0.1.evil.example/x", "javascript:alert(1)"]
    {
        from(elsewhere).await.expect(404).has_not("evil").has_not("javascript:").has_not(">返回</a>");
    }
    // An act that the state forbids leads back to the object.
    let request = compiler
        .client
        .post(compiler.url(&format!("/leads/{lead}/restore")))
        .header("origin", &compiler.base)
        .header("referer", compiler.url(&format!("/leads/{lead}")));
    compiler.send(request).await.expect(409).has(&format!("href=\"/leads/{lead}\">查看该线索</a>"));
    // Nobody is led to a list that is not theirs.
    let admin = app.sign_in("admin").await;
    admin.get(&missing).await.expect(404).has_not("前往“线索”").has("返回待办");
}

#[tokio::test]
async fn an_address_that_can_t_be_is_answered_in_the_frame_and_language_of_who_asks() {
    let app = TestApp::new().await;
    let (compiler, stranger) = (app.sign_in("compiler").await, app.stranger());
    let before = app.audit_count().await;
    for path in ["/cases/zz", "/leads/zz", "/nope", "/reports/abc"] {
        let ask = async |browser: &Browser| {
            let request = browser.client.get(browser.url(path)).header(header::ACCEPT_LANGUAGE, "en");
            browser.send(request).await
        };
        // By the account, not by the browser.
        let page = ask(&compiler).await;
        assert!(matches!(page.status.as_u16(), 404 | 405), "{path}: {}", page.status);
        page.has("<html lang=\"zh-CN\"").has("action=\"/logout\"").has("class=\"side\"");
        // What is behind the log-in is asked for there; the rest says what it is, in the browser's language.
        let page = ask(&stranger).await;
        if page.status.as_u16() == 303 {
            assert!(path != "/nope", "{path}");
        } else {
            assert!(matches!(page.status.as_u16(), 404 | 405), "{path}: {}", page.status);
            page.has("<html lang=\"en\"").has_not("action=\"/logout\"").has_not("class=\"side\"");
        }
    }
    // A mistyped address is no attempt at anything.
    assert_eq!(app.audit_count().await, before);
}

#[tokio::test]
async fn a_post_from_another_site_is_refused() {
    let app = TestApp::new().await;
    let browser = app.sign_in("compiler").await;
    let forged =
        browser.client.post(browser.url("/logout")).header("origin", "https://evil.example").body("");
    browser.send(forged).await.expect(403);
}

#[tokio::test]
async fn switching_the_language_on_a_form_that_is_shown_again_leads_to_a_page() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let page = format!("/leads/{lead}/evidence");
    let posted = format!("{page}/note?once={}", lead_handoff::platform::db::Id::new());
    let back = format!("back=%2Fleads%2F{lead}%2Fevidence\"");

    // From the form's page, and from the answer to the first try.
    for from in [&page, &posted] {
        let request = compiler.client.post(compiler.url(&format!("{page}/note")));
        let request = request
            .header(header::ORIGIN, &compiler.base)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::REFERER, compiler.url(from))
            .body("name=");
        compiler.send(request).await.expect(422).has(&back);
    }
    let switched = compiler.post(&format!("/language?to=en&back={page}"), &[]).await.expect(303);
    assert_eq!(switched.location, page);
    compiler.get(&page).await.expect(200).has("<html lang=\"en\"");
}

/// A reader that speaks pages aloud takes each text in its own voice.
#[tokio::test]
async fn what_is_chinese_on_an_english_page_says_so_and_the_other_way_round() {
    let app = TestApp::new().await;
    let chinese = fixtures::lead(&app, "XS-2026-000001", "疑似销售假冒手表").await;
    let english = fixtures::lead(&app, "XS-2026-000002", "Fake watches sold by three shops").await;
    let compiler = app.sign_in("compiler").await;
    let list = compiler.get("/leads").await.expect(200).has_not("<span lang=\"zh-CN\">");
    list.has("<span lang=\"en\">Fake watches sold by three shops</span>");
    compiler.get(&format!("/leads/{chinese}")).await.expect(200).has("<h1 lang=\"zh-CN\">疑似销售假冒手表");
    compiler.get(&format!("/leads/{english}")).await.expect(200).has("<h1 lang=\"en\">Fake watches");
    compiler.post("/language?to=en", &[]).await.expect(303);
    let list = compiler.get("/leads").await.expect(200).has_not("<span lang=\"en\">");
    list.has("<span lang=\"zh-CN\">疑似销售假冒手表</span>").has("<strong lang=\"zh-CN\">编制人甲</strong>");
}

#[tokio::test]
async fn a_text_that_no_form_takes_is_called_too_long_by_its_field_with_the_way_back_to_the_form() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let before = app.audit_count().await;
    let post = async |body: String| {
        let request = compiler
            .client
            .post(compiler.url("/leads/new?once=0190"))
            .header(header::ORIGIN, &compiler.base)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::REFERER, compiler.url("/leads/new"))
            .body(body);
        // In the frame of who sent it.
        let page = compiler.send(request).await.expect(413).has("action=\"/logout\"").has("class=\"side\"");
        page.has("href=\"/leads/new\"")
    };
    // 10 MB of Chinese text, which a browser sends as 30.
    let long = "%E9%95%BF".repeat((10 << 20) / 3);
    let page = post(format!("summary=a&title={long}&charges=CL214")).await;
    page.has("标题：填写的文字过长").has_not("减小文件").has_not("摘要：");
    let page = post(format!("title=a&summary={}", "x".repeat(16 << 20))).await;
    page.has("摘要：填写的文字过长").has_not("标题：");
    // What no form of ours has is not called by a name that only programs know.
    let page = post(format!("no_such_thing={}", "x".repeat(16 << 20))).await;
    page.has("所填内容：填写的文字过长").has_not("no_such_thing");
    compiler.post("/language?to=en", &[]).await.expect(303);
    let page = post(format!("title={long}&summary=a")).await;
    page.has("Title: The text is too long").has_not("Make the file smaller");
    assert_eq!(app.audit_count().await, before + 1, "nothing was done but to choose another language");
    compiler.get("/leads").await.expect(200).has_not("XS-");
}
