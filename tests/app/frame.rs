//! What holds on every page: headers, languages, errors with a way back, cross-site posts.

use crate::support::TestApp;

#[tokio::test]
async fn every_page_carries_a_strict_policy_and_an_unknown_one_a_way_back() {
    let app = TestApp::new().await;
    let page = app.stranger().get("/no-such-page").await.expect(404).has("href=\"/\"");
    let csp = page.headers["content-security-policy"].to_str().expect("text");
    assert!(csp.contains("frame-ancestors 'none'") && !csp.contains("unsafe"), "{csp}");
    assert_eq!(page.headers["x-content-type-options"], "nosniff");
    assert!(page.headers.contains_key("permissions-policy") && page.headers.contains_key("referrer-policy"));
    app.stranger().get("/healthz").await.expect(200).has("ok");
}

#[tokio::test]
async fn a_post_from_another_site_is_refused() {
    let app = TestApp::new().await;
    let browser = app.sign_in("compiler").await;
    let forged =
        browser.client.post(browser.url("/logout")).header("origin", "https://evil.example").body("");
    browser.send(forged).await.expect(403);
}
